"""Cues about dates and times in and around a block, for HTML; on text and Markdown they gain nothing."""

from cleaner.cues.columns import Column, at_least
from cleaner.cues.measures import Cue, Measures

CUES: dict[str, Cue] = {
    "-date or time": lambda m: m.dates,
    "-date before": lambda m: m.sheet.after(m.dates),
    "-date two before": lambda m: m.sheet.after(m.dates, 2),
    "-date three before": lambda m: m.sheet.after(m.dates, 3),
    "-date just after": lambda m: m.sheet.before(m.dates),
    "-date soon after": lambda m: m.sheet.before(m.dates, 2) | m.sheet.before(m.dates, 3),
    "-many dates around": lambda m: m.sheet.where(m.sheet.around(m.dates, 10), at_least(4)),
    "-prose among dates": lambda m: m.prose & _among_dates(m),
    "+dates before the main text": lambda m: m.before_body & _among_dates(m),
}


def _among_dates(m: Measures) -> Column:
    return m.sheet.where(m.sheet.around(m.dates, 12), at_least(3))
