"""Cues about repetition: blocks that come again, shapes that recur, words shared with the prose."""

from cleaner.cues.columns import Column, Sheet, at_least, at_most
from cleaner.cues.measures import Cue, Measures

LONGEST_PERIOD = 12  # blocks of a card, a post or a row
_ZERO = at_most(0)

CUES: dict[str, Cue] = {
    "-repeated": lambda m: m.again,
    "-repeated 6 times": lambda m: m.sheet.where(m.times_on_page, at_least(6)),
    "-repeated, near prose": lambda m: m.again & m.sheet.where(m.prose_near, at_least(2)),
    "+repeated, far from prose": lambda m: m.again & m.sheet.no(m.sheet.near(m.prose, 25)),
    "-repeated, under a related heading": lambda m: m.again & m.under_related,
    "-25 words or more, repeated": lambda m: m.again & m.sheet.where(m.words, at_least(25)),
    "+shape recurs": lambda m: _recurring(m.sheet, _shapes(m)),
    "-shares no word with the prose": lambda m: _shares(m, at_most(0)),
    "-short, shares no word with the prose": lambda m: _shares(m, at_most(0)) & m.short,
    "-shares under 25 % of its words": lambda m: _shares(m, at_most(24)),
    "+shares 50 % of its words": lambda m: _shares(m, at_least(50)),
    "+shares 75 % of its words": lambda m: _shares(m, at_least(75)),
    "+before all prose, shares its words": lambda m: _shares(m, at_least(75)) & m.before_prose & m.sheet.no(_chrome(m)),
    "-after the main text, shares few words": lambda m: _shares(m, at_most(24)) & m.after_body,
    "+before the main text, shares half its words": lambda m: _shares(m, at_least(50)) & m.before_body,
    "-no key word of the prose": lambda m: m.sheet.where(m.shared_words[1], _ZERO) & _some_shared(m),
    "+key words 20 %": lambda m: m.sheet.where(m.shared_words[1], at_least(20)),
    "-prose that shares few words": lambda m: _shares(m, at_most(24)) & m.prose,
}


def _some_shared(m: Measures) -> Column:
    """The blocks with words, on a page with enough prose to share them with."""
    return m.sheet.where(m.words, at_least(1)) if m.knows_prose else 0


def _shares(m: Measures, test: bytes) -> Column:
    """The blocks with words of which such a percentage stands in the page's prose elsewhere."""
    return m.sheet.where(m.shared_words[0], test) & _some_shared(m)


def _chrome(m: Measures) -> Column:
    return m.family("menu") | m.family("site bar") | m.family("legal")


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
