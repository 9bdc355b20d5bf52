"""Cues about what stands around a block: prose, short lines, lists, what was removed."""

from cleaner.cues.columns import Column, at_least, at_most, run_lengths
from cleaner.cues.measures import Cue, Measures

_REMOVED = {
    "C": "consent",
    "S": "sharing",
    "P": "promotion",
    "L": "legal",
    "D": "duplicate",
}


def _removed_near(letter: str, reach: int) -> Cue:
    return lambda m: m.sheet.near(m.removed.get(letter, 0), reach)


def _navigation_near(reach: int) -> Cue:
    """Near navigation that went, the frame of an HTML page among it."""

    def column(m: Measures) -> Column:
        beside = m.after_frame | m.before_frame
        return m.sheet.near(m.removed.get("N", 0), reach) | beside | m.sheet.near(beside, reach - 1)

    return column


def _between_removed(m: Measures) -> Column:
    return (m.sheet.after(m.removed_at_all) | m.after_frame) & (m.sheet.before(m.removed_at_all) | m.before_frame)


CUES: dict[str, Cue] = {
    "+prose, 1 of 4 around": lambda m: m.sheet.where(m.prose_near, at_least(2)),
    "+prose, half of 4 around": lambda m: m.sheet.where(m.prose_near, at_least(4)),
    "+prose, half of 10 around": lambda m: m.sheet.where(m.sheet.around(m.prose, 10), at_least(10)),
    "-no prose in 4 around": lambda m: m.sheet.where(m.prose_near, at_most(0)),
    "-no prose in 5 before": lambda m: m.sheet.no(m.sheet.soon_after(m.prose, 5)),
    "-no prose in 15 before": lambda m: m.sheet.no(m.sheet.soon_after(m.prose, 15)),
    "-no prose in 40 before": lambda m: m.sheet.no(m.sheet.soon_after(m.prose, 40)),
    "-no prose in 15 after": lambda m: m.sheet.no(m.sheet.soon_before(m.prose, 15)),
    "-no prose in 40 after": lambda m: m.sheet.no(m.sheet.soon_before(m.prose, 40)),
    "+prose before": lambda m: m.sheet.after(m.prose),
    "+prose after": lambda m: m.sheet.before(m.prose),
    "+long line after": lambda m: m.sheet.before(m.long),
    "+short line between prose": lambda m: m.short & m.sheet.after(m.prose) & m.sheet.before(m.prose),
    "+few short lines around": lambda m: m.sheet.where(m.sheet.around(m.short, 4), at_most(2)),
    "-short lines all around": lambda m: m.sheet.where(m.sheet.around(m.short, 25), at_least(47)),
    "-in 25 short lines": lambda m: m.sheet.where(run_lengths(m.sheet.bytes_of(m.short)), at_least(25)),
    "-title case before": lambda m: m.sheet.after(m.title_case),
    "-title case after": lambda m: m.sheet.before(m.title_case),
    "-title case two before": lambda m: m.sheet.after(m.title_case, 2),
    "+item near prose": lambda m: m.items & m.sheet.near(m.prose, 3),
    "+item of 3 or more": lambda m: m.sheet.where(m.item_runs, at_least(3)),
    "-item of 20 or more": lambda m: m.sheet.where(m.item_runs, at_least(20)),
    "-half removed around": lambda m: m.sheet.where(m.sheet.around(m.removed_at_all, 6), at_least(6)),
    "-removed before and after": lambda m: _between_removed(m),
    "-navigation removed beside": _navigation_near(1),
    "-navigation removed near": _navigation_near(4),
    **{f"-{what} removed beside": _removed_near(letter, 1) for letter, what in _REMOVED.items()},
    **{f"-{what} removed near": _removed_near(letter, 4) for letter, what in _REMOVED.items()},
    "+byline removed near": _removed_near("A", 4),
}
