"""Cues of the second look: where a block stands among what a first weighing found on the page.

The first look's sums say how likely each block is content. Together they show the stretch of the page in which the
content lies, and how content and chrome mix around a block.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from itertools import accumulate

FLATTER = 0.8  # sums are less certain than they look: their cues overlap
CERTAIN = 1000  # chances are in thousandths: sums of whole numbers are the same on every machine
EVEN = CERTAIN // 2
FURTHEST = 100  # points; beyond, a block is as good as certain


@cache
def chances(unit: float) -> tuple[int, ...]:
    """How likely a block is content, in thousandths, for sums from -FURTHEST to FURTHEST; a point is ``unit`` log-odds."""
    return tuple(round(CERTAIN / (1 + math.exp(-FLATTER * unit * total))) for total in range(-FURTHEST, FURTHEST + 1))


class SecondLook:
    """What the sums of the first look say of the blocks that stand, in page order; lists have a number for each."""

    def __init__(self, sums: Sequence[int], words: Sequence[int], unit: float) -> None:
        likely = chances(unit)
        self.words = words
        self.size = len(sums)
        self.chances = [likely[max(0, min(2 * FURTHEST, total + FURTHEST))] for total in sums]
        self.expected = [chance * count for chance, count in zip(self.chances, words, strict=True)]
        self.words_before = [0, *accumulate(words)]
        self.expected_before = [0, *accumulate(self.expected)]

    @cached_property
    def gains(self) -> list[int]:
        """What keeping a block promises: its words, weighed by how much likelier it is content than not."""
        return [found - EVEN * count for found, count in zip(self.expected, self.words, strict=True)]

    @cached_property
    def stretch(self) -> tuple[int, int]:
        """The blocks, from first to behind the last, that promise most together.

        The run with the greatest sum of gains (maximum subsequence segmentation, Pasternack and Roth 2009).
        """
        best = running = 0
        found, start = (0, 0), 0
        for block, gain in enumerate(self.gains):
            running += gain
            if running <= 0:
                running, start = 0, block + 1
            elif running > best:
                best, found = running, (start, block + 1)
        return found

    @cached_property
    def density(self) -> int:
        """The share of the stretch's words that are content, in thousandths."""
        first, last = self.stretch
        words = self.words_before[last] - self.words_before[first]
        return (self.expected_before[last] - self.expected_before[first]) // words if words else 0

    @cached_property
    def clearness(self) -> int:
        """The part of all that the page promises which lies in the stretch, in thousandths."""
        first, last = self.stretch
        whole = sum(gain for gain in self.gains if gain > 0)
        return 1000 * sum(self.gains[first:last]) // whole if whole else 0

    @cached_property
    def page_density(self) -> int:
        """The share of the page's words that are content, in thousandths."""
        return self.expected_before[-1] // (self.words_before[-1] or 1)

    @cached_property
    def stretch_words(self) -> int:
        first, last = self.stretch
        return self.words_before[last] - self.words_before[first]

    @cached_property
    def words_off(self) -> list[int]:
        """How many words stand between each block and the stretch; negative within it."""
        first, last = self.stretch
        before, start, end = self.words_before, self.words_before[first], self.words_before[last]
        return [
            start - before[block + 1] if block < first else before[block] - end if block >= last else -1
            for block in range(self.size)
        ]

    def around(self, reach: int) -> list[int]:
        """The share of content among the words of so many blocks before and after each, itself left out."""
        before, expected = self.words_before, self.expected_before
        found = []
        for block in range(self.size):
            low, high = max(0, block - reach), min(self.size, block + reach + 1)
            words = before[high] - before[low] - self.words[block]
            found.append((expected[high] - expected[low] - self.expected[block]) // words if words else EVEN)
        return found

    @cached_property
    def islands(self) -> list[int]:
        """The words of the run of likely blocks that each likely block stands in; 0 for the others. A run goes on
        over one block that is not."""
        found, first, last, gap = [0] * self.size, 0, 0, 2
        for block, chance in enumerate([*self.chances, 0, 0]):
            if chance >= EVEN and block < self.size:
                if gap > 1:
                    first = block
                last, gap = block + 1, 0
                continue
            gap += 1
            if gap == 2 and last:
                words = sum(self.words[at] for at in range(first, last) if self.chances[at] >= EVEN)
                for at in range(first, last):
                    if self.chances[at] >= EVEN:
                        found[at] = words
        return found
