"""Cues about repetition: blocks that come again, shapes that recur, words shared with the prose."""

from cleaner.cues.columns import Column, Sheet, at_least, at_most
from cleaner.cues.measures import Measures

LONGEST_PERIOD = 12  # blocks of a card, a post or a row
_ZERO = at_most(0)


def repetition_cues(m: Measures) -> dict[str, Column]:
    """The cues by name; the sign before a name is the one its points must have."""
    sheet = m.sheet
    again = sheet.where(m.times_on_page, at_least(2))
    near_prose = sheet.where(sheet.around(m.prose, 4), at_least(2))
    far = sheet.where(sheet.around(m.prose, 25), at_most(0))
    return {
        "-repeated": again,
        "-repeated 6 times": sheet.where(m.times_on_page, at_least(6)),
        "-repeated, near prose": again & near_prose,
        "+repeated, far from prose": again & far,
        "-repeated, under a related heading": again & m.under_related,
        "-25 words or more, repeated": again & sheet.where(m.words, at_least(25)),
        "+shape recurs": _recurring(sheet, _shapes(m)),
        **_vocabulary_cues(m),
    }


def _vocabulary_cues(m: Measures) -> dict[str, Column]:
    sheet, shared = m.sheet, m.shared_words
    some = sheet.where(m.words, at_least(1)) if shared else 0
    shares, keys = shared or (bytes(sheet.size), bytes(sheet.size))
    most = sheet.where(shares, at_least(75))
    none = sheet.where(shares, at_most(0)) & some
    chrome = m.families["menu"] | m.families["site bar"] | m.families["legal"]
    few = sheet.where(shares, at_most(24)) & some
    return {
        "-shares no word with the prose": none,
        "-short, shares no word with the prose": none & m.short,
        "-shares under 25 % of its words": few,
        "+shares 50 % of its words": sheet.where(shares, at_least(50)),
        "+shares 75 % of its words": most,
        "+before all prose, shares its words": most & m.before_prose & sheet.no(chrome),
        "-after the main text, shares few words": few & m.after_body,
        "+before the main text, shares half its words": sheet.where(shares, at_least(50)) & m.before_body,
        "-no key word of the prose": sheet.where(keys, at_most(0)) & some,
        "+key words 20 %": sheet.where(keys, at_least(20)),
        "-prose that shares few words": few & m.prose,
    }


def _shapes(m: Measures) -> bytes:
    """One number for the shape of each block: length, how it ends, whether it holds a date."""
    dates = m.sheet.bytes_of(m.dates)
    return bytes(
        _LENGTH_CLASS[count] + 8 * ends + 16 * date
        for count, ends, date in zip(m.words, m.features.ends, dates, strict=True)
    )


_LENGTH_CLASS = bytes(
    0 if count <= 1 else 1 if count <= 3 else 2 if count <= 8 else 3 if count <= 14 else 4 if count <= 30 else 5
    for count in range(256)
)


def _recurring(sheet: Sheet, shapes: bytes) -> Column:
    """The blocks of three rows of the same shapes, two to twelve blocks long, as cards and posts have.

    Runs of one shape alone are left out.
    """
    number, found = int.from_bytes(shapes, "little"), 0
    same = {period: _same(sheet, number, period) for period in range(1, LONGEST_PERIOD + 1)}
    for period in range(2, LONGEST_PERIOD + 1):
        pair = same[period] & sheet.before(same[period])
        rows = pair & sheet.before(pair, period)
        for shift in (0, 1, period, period + 1, 2 * period, 2 * period + 1):
            found |= sheet.after(rows, shift)
    flat = same[1] & same[2] & same[3]
    return found & sheet.no(flat | sheet.soon_after(flat, 3))


def _same(sheet: Sheet, number: int, period: int) -> Column:
    """The blocks whose shape is that of the block so many after them."""
    if sheet.size <= period:
        return 0
    differs = sheet.bytes_of(number ^ (number >> (8 * period)))
    return sheet.where(differs[: sheet.size - period], _ZERO)
