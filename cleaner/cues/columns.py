"""Columns: one yes or no for every block of a page, in one integer, a byte a block.

Block 0 is the lowest byte, so the neighbours of all blocks are shifts, conjunctions are ``&``, and
counts in a window are sums. Everything takes time proportional to the number of blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from operator import lshift, rshift

Column = int


def holds(column: Column, block: int) -> bool:
    """Whether a column says yes of a block."""
    return bool(column >> (8 * block) & 1)


class Sheet:
    """The columns of one page of ``size`` blocks."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.all: Column = int.from_bytes(b"\x01" * size, "little")
        self._full = (1 << (8 * size)) - 1

    def of(self, flags: Iterable[bool] | bytes | bytearray) -> Column:
        """The column of flags, one for each block."""
        return int.from_bytes(bytes(flags), "little")

    def of_blocks(self, blocks: Iterable[int]) -> Column:
        """The column of the blocks with these indexes."""
        flags = bytearray(self.size)
        for block in blocks:
            flags[block] = 1
        return int.from_bytes(flags, "little")

    def of_run(self, run: range) -> Column:
        """The column of blocks that follow one another; of those that there are."""
        return (self.all & ((1 << 8 * run.stop) - 1)) >> 8 * run.start << 8 * run.start

    def where(self, numbers: bytes, test: bytes) -> Column:
        """The column of the blocks whose number passes a test made by ``at_least`` and its like."""
        return int.from_bytes(numbers.translate(test), "little")

    def bytes_of(self, column: Column) -> bytes:
        """The numbers of a column, one byte a block."""
        return column.to_bytes(self.size, "little")

    def when(self, fact: bool) -> Column:
        """All blocks when something is true of the page, else none."""
        return self.all if fact else 0

    def no(self, column: Column) -> Column:
        """The blocks that a column leaves out."""
        return self.all ^ column

    def after(self, column: Column, blocks: int = 1) -> Column:
        """The blocks that stand exactly so many blocks after one of the column's."""
        return (column << (8 * blocks)) & self._full

    def before(self, column: Column, blocks: int = 1) -> Column:
        """The blocks that stand exactly so many blocks before one of the column's."""
        return column >> (8 * blocks)

    def soon_after(self, column: Column, reach: int) -> Column:
        """The blocks with one of the column's among the ``reach`` blocks before them."""
        return _spread(column, reach, lshift) & self._full

    def soon_before(self, column: Column, reach: int) -> Column:
        """The blocks with one of the column's among the ``reach`` blocks after them."""
        return _spread(column, reach, rshift)

    def near(self, column: Column, reach: int) -> Column:
        """The blocks with one of the column's at most ``reach`` blocks away, themselves left out."""
        return self.soon_after(column, reach) | self.soon_before(column, reach)

    def around(self, column: Column, reach: int) -> bytes:
        """How many of the ``reach`` blocks before and after each block are in the column."""
        total = 0
        for bits in range(8, 8 * reach + 8, 8):
            total += (column << bits) + (column >> bits)
        return self.bytes_of(total & self._full)


def _spread(column: Column, reach: int, shift: Callable[[int, int], int]) -> int:
    """What a column covers when it is shifted by one block, by two, and so on to ``reach``; nothing at 0."""
    found, covered = shift(column, 8) if reach else 0, 1
    while covered < reach and found:
        step = min(covered, reach - covered)
        found |= shift(found, 8 * step)
        covered += step
    return found


@cache
def at_least(number: int) -> bytes:
    """The test for numbers of at least this."""
    return bytes(value >= number for value in range(256))


@cache
def at_most(number: int) -> bytes:
    """The test for numbers of at most this."""
    return bytes(value <= number for value in range(256))


@cache
def between(low: int, high: int) -> bytes:
    """The test for numbers from low to high, both included."""
    return bytes(low <= value <= high for value in range(256))


def clamped(numbers: Iterable[int]) -> bytes:
    """The numbers as bytes, those over 255 as 255."""
    numbers = list(numbers)
    try:
        return bytes(numbers)
    except ValueError:
        return bytes([number if number < 256 else 255 for number in numbers])


def run_lengths(flags: bytes) -> bytes:
    """The length of the run of flagged blocks that each flagged block stands in, 255 at most."""
    lengths, at = bytearray(len(flags)), 0
    for run in flags.split(b"\x00"):
        size = len(run)
        if size:
            lengths[at : at + size] = bytes((min(size, 255),)) * size
        at += size + 1
    return bytes(lengths)
