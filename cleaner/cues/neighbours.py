"""Cues about what stands around a block: prose, short lines, dates, lists, what was removed."""

from cleaner.cues.columns import Column, at_least, at_most, run_lengths
from cleaner.cues.measures import Measures
from cleaner.features import Features


def neighbour_cues(m: Measures) -> dict[str, Column]:
    """The cues by name; the sign before a name is the one its points must have."""
    sheet, prose, short = m.sheet, m.prose, m.short
    near, far = sheet.around(prose, 4), sheet.around(prose, 10)
    short_near, short_far = sheet.around(short, 4), sheet.around(short, 25)
    runs = run_lengths(sheet.bytes_of(m.items))
    short_runs = run_lengths(sheet.bytes_of(short))
    dates = m.dates
    some_dates = sheet.where(sheet.around(dates, 12), at_least(3))
    back, ahead = _distances(m.features)
    return {
        "+prose, 1 of 4 around": sheet.where(near, at_least(2)),
        "+prose, half of 4 around": sheet.where(near, at_least(4)),
        "+prose, half of 10 around": sheet.where(far, at_least(10)),
        "-no prose in 4 around": sheet.where(near, at_most(0)),
        "-no prose in 5 before": sheet.where(back, at_least(5)),
        "-no prose in 15 before": sheet.where(back, at_least(15)),
        "-no prose in 40 before": sheet.where(back, at_least(40)),
        "-no prose in 15 after": sheet.where(ahead, at_least(15)),
        "-no prose in 40 after": sheet.where(ahead, at_least(40)),
        "+prose before": sheet.after(prose),
        "+prose after": sheet.before(prose),
        "+long line after": sheet.before(m.long),
        "+short line between prose": short & sheet.after(prose) & sheet.before(prose),
        "+few short lines around": sheet.where(short_near, at_most(2)),
        "-short lines all around": sheet.where(short_far, at_least(47)),
        "-in 25 short lines": sheet.where(short_runs, at_least(25)),
        "-title case before": sheet.after(m.title_case),
        "-title case after": sheet.before(m.title_case),
        "-title case two before": sheet.after(m.title_case, 2),
        "+item near prose": m.items & sheet.near(prose, 3),
        "+item of 3 or more": sheet.where(runs, at_least(3)),
        "-item of 20 or more": sheet.where(runs, at_least(20)),
        "-date before": sheet.after(dates),
        "-date two before": sheet.after(dates, 2),
        "-date three before": sheet.after(dates, 3),
        "-date just after": sheet.before(dates),
        "-date soon after": sheet.before(dates, 2) | sheet.before(dates, 3),
        "-many dates around": sheet.where(sheet.around(dates, 10), at_least(4)),
        "-prose among dates": prose & some_dates,
        "+dates before the main text": m.before_body & some_dates,
        **_removed_cues(m),
    }


def _removed_cues(m: Measures) -> dict[str, Column]:
    sheet, removed = m.sheet, m.removed
    anything = 0
    for column in removed.values():
        anything |= column
    count = sheet.around(anything, 6)
    cues = {
        "-half removed around": sheet.where(count, at_least(6)),
        "-removed before and after": sheet.after(anything) & sheet.before(anything),
    }
    for letter, what in (
        ("N", "navigation"),
        ("C", "consent"),
        ("S", "sharing"),
        ("P", "promotion"),
        ("L", "legal"),
        ("D", "duplicate"),
    ):
        column = removed.get(letter, 0)
        cues[f"-{what} removed beside"] = sheet.near(column, 1)
        cues[f"-{what} removed near"] = sheet.near(column, 4)
    cues["+byline removed near"] = sheet.near(removed.get("A", 0), 4)
    return cues


def _distances(features: Features) -> tuple[bytes, bytes]:
    """How many blocks back and ahead the nearest prose is, 255 when there is none."""
    return _since(features.prose), _since(features.prose[::-1])[::-1]


def _since(prose: list[bool]) -> bytes:
    distances, distance = bytearray(), 255
    for found in prose:
        distances.append(distance)
        distance = 0 if found else distance + 1 if distance < 255 else 255
    return bytes(distances)
