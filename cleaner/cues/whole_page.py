"""Cues about the whole page: which kind of page this probably is. They hold for all its blocks or none."""

from cleaner.cues.columns import Column
from cleaner.cues.measures import Measures

_SIZES = (
    ("menu", 3, "-"),
    ("site bar", 3, "-"),
    ("label", 3, "-"),
    ("site map", 3, "-"),
    ("related", 3, "-"),
    ("newsletter", 3, "-"),
    ("consent", 3, "-"),
    ("follow", 3, "+"),
    ("bio", 3, "+"),
    ("byline", 25, "-"),
    ("comment", 8, "+"),
    ("shop", 3, "-"),
    ("shop", 8, "-"),
    ("shop", 25, "-"),
    ("forum", 8, "+"),
)


def page_cues(m: Measures) -> dict[str, Column]:
    """The cues by name; the sign before a name is the one its points must have."""
    sheet, sizes = m.sheet, m.family_sizes
    words = sum(m.features.words) or 1
    prose = m.features.prose_words_before[-1] / words
    cues = {f"{sign}page says {name} {least} times": sheet.when(sizes[name] >= least) for name, least, sign in _SIZES}
    middle = sheet.no(m.before_body | m.after_body) if m.features.body else 0
    return {
        **cues,
        "+page has little prose": sheet.when(prose < 0.1),
        "-page is prose": sheet.when(prose > 0.8),
        "+page of under 300 words": sheet.when(words < 300),
        "+prose on a forum": sheet.when(sizes["forum"] >= 8) & m.prose,
        "-short line on a shop's page": sheet.when(sizes["shop"] >= 8) & m.short,
        "+long line in the middle of little prose": sheet.when(prose < 0.3) & m.long & middle,
    }
