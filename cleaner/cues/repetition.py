"""Cues about repetition: blocks that come again, shapes that recur."""

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
    "-said before": lambda m: m.said_before,
    "-said before, long": lambda m: m.said_before & m.long,
    "-said before, neither item nor row": lambda m: (
        m.said_before & m.sheet.no(m.items | m.of_kind("table") | m.of_kind("code"))
    ),
    "-said before, near prose": lambda m: m.said_before & m.sheet.where(m.prose_near, at_least(1)),
    "+shape recurs": lambda m: _recurring(m.sheet, _shapes(m)),
    "-prose signed with a date, others too": lambda m: (
        m.signed & m.sheet.where(m.sheet.around(m.signed, 25), at_least(2))
    ),
    "-near prose signed with a date": lambda m: m.sheet.where(m.sheet.around(m.signed, 12), at_least(3)),
    "-shape recurs before the main text": lambda m: m.before_body & _recurring(m.sheet, _shapes(m)),
    "-takes turns with short lines, before the main text": lambda m: m.alternating & m.before_body,
    "-takes turns with short lines, last 25 % of the words": lambda m: (
        m.alternating & m.sheet.where(m.through_words, at_least(192))
    ),
    "-takes turns with short lines, first 15 % of the words": lambda m: (
        m.alternating & m.sheet.where(m.through_words, at_most(38))
    ),
    "-in questions and answers": lambda m: m.asked,
}


def _shapes(m: Measures) -> bytes:
    """One number for the shape of each block: its length and how it ends."""
    lengths = m.words.translate(_LENGTH_CLASS)
    return bytes([length + 8 * ends for length, ends in zip(lengths, m.features.ends, strict=True)])


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
