"""Cues of the second look: where a block stands among what the first look found on the page.

A first look adds up points and so tells how likely each block is content. Together these chances show the stretch
of the page in which its content lies, and how content and chrome mix around a block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from operator import sub

from cleaner.cues.columns import Column, Sheet, at_least, at_most
from cleaner.cues.points import likelihood
from cleaner.lazy import cached_property

CERTAIN = 1000  # chances are in thousandths: sums of whole numbers are the same on every machine
EVEN = CERTAIN // 2
FURTHEST = 100  # points; beyond, a block is as good as certain


class _Chances(dict[int, int]):
    """The chances, in thousandths, by the sum; of sums beyond FURTHEST those of FURTHEST."""

    def __init__(self, unit: float) -> None:
        super().__init__({sum_: round(CERTAIN * likelihood(sum_, unit)) for sum_ in range(-FURTHEST, FURTHEST + 1)})

    def __missing__(self, total: int) -> int:
        return self[max(-FURTHEST, min(FURTHEST, total))]


_chances = cache(_Chances)


class SecondLook:
    """What the first look's sums say of the blocks that stand, in page order; shares are in percent."""

    def __init__(self, sums: Sequence[int], words: Sequence[int], unit: float) -> None:
        likely = _chances(unit)
        self.sheet = Sheet(len(sums))
        self.words = words
        self.chances = [likely[total] for total in sums]
        self._expected = [chance * count for chance, count in zip(self.chances, words, strict=True)]
        self._words_before = [0, *accumulate(words)]
        self._expected_before = [0, *accumulate(self._expected)]
        self._around: dict[int, bytes] = {}

    @cached_property
    def _gains(self) -> list[int]:
        """What keeping a block promises: its words, by how much likelier it is content than not."""
        return [found - EVEN * count for found, count in zip(self._expected, self.words, strict=True)]

    @cached_property
    def stretch(self) -> range:
        """The blocks in a row that promise most together.

        The run with the greatest sum of gains (maximum subsequence segmentation, Pasternack and Roth 2009).
        """
        best = running = start = 0
        found = range(0)
        for block, gain in enumerate(self._gains):
            running += gain
            if running <= 0:
                running, start = 0, block + 1
            elif running > best:
                best, found = running, range(start, block + 1)
        return found

    @cached_property
    def density(self) -> int:
        """The share of the stretch's words that are content."""
        return self._share(self.stretch.start, self.stretch.stop)

    @cached_property
    def page_density(self) -> int:
        """The share of the page's words that are content."""
        return self._share(0, self.sheet.size)

    def _share(self, first: int, last: int) -> int:
        words = self._words_before[last] - self._words_before[first]
        expected = self._expected_before[last] - self._expected_before[first]
        return 100 * expected // (CERTAIN * words) if words else 0

    @cached_property
    def clearness(self) -> int:
        """The part of all that the page promises which lies in the stretch."""
        promised = sum(gain for gain in self._gains if gain > 0)
        return 100 * sum(self._gains[self.stretch.start : self.stretch.stop]) // promised if promised else 0

    @cached_property
    def before(self) -> Column:
        """The blocks before the stretch."""
        return self.sheet.of_blocks(range(self.stretch.start))

    @cached_property
    def after(self) -> Column:
        """The blocks after the stretch."""
        return self.sheet.of_blocks(range(self.stretch.stop, self.sheet.size))

    @cached_property
    def _words_off(self) -> list[int]:
        """How many words stand between each block and the stretch; less than one for those in it."""
        words = self._words_before
        start, end = words[self.stretch.start], words[self.stretch.stop]
        return [max(start - behind, before - end) for before, behind in pairwise(words)]

    def words_off(self, least: int) -> Column:
        """The blocks with more than so many words between them and the stretch."""
        return self.sheet.of([words > least for words in self._words_off])

    def around(self, reach: int) -> bytes:
        """The share of content among the words of so many blocks before and after each, itself left out."""
        if reach not in self._around:
            self._around[reach] = self._read_around(reach)
        return self._around[reach]

    def _read_around(self, reach: int) -> bytes:
        size = self.sheet.size
        near = min(reach, size)
        behind, ahead = slice(0, size - near), slice(near + 1, None)

        def sums(before: list[int]) -> Iterator[int]:
            """What stands in the window of each block, given the sums before every block."""
            lows, highs = [0] * near + before[behind], before[ahead] + [before[-1]] * near
            return map(sub, highs, lows)

        windows = zip(sums(self._expected_before), self._expected, sums(self._words_before), self.words, strict=True)
        return bytes(
            [
                (expected - own) // (10 * (total - count)) if total > count else 50
                for expected, own, total, count in windows
            ]
        )

    @cached_property
    def likely(self) -> Column:
        """The blocks that are content rather than not."""
        return self.sheet.of([chance >= EVEN for chance in self.chances])

    @cached_property
    def runs(self) -> list[int]:
        """The words of the run of likely blocks that each stands in, 0 for the others; one other block is no break."""
        found, run = [0] * self.sheet.size, list[int]()
        last = -1
        for block, chance in enumerate(self.chances):
            if chance < EVEN:
                continue
            if run and block - last > 2:
                self._enter(run, found)
                run = []
            run.append(block)
            last = block
        self._enter(run, found)
        return found

    def _enter(self, run: list[int], found: list[int]) -> None:
        words = sum([self.words[block] for block in run])
        for block in run:
            found[block] = words

    def in_small_run(self, percent: int) -> Column:
        """The likely blocks in a run with less than so many percent of the largest run's words."""
        least = max(self.runs, default=0) * percent / 100
        return self.sheet.of([0 < words < least for words in self.runs])

    @cached_property
    def in_largest_run(self) -> Column:
        most = max(self.runs, default=0)
        return self.sheet.of([0 < words == most for words in self.runs])


LookAgain = Callable[[SecondLook], Column]


def _outside(percent: int) -> LookAgain:
    return lambda look: look.before | look.after if look.density >= percent else 0


def _around(reach: int, test: bytes) -> LookAgain:
    return lambda look: look.sheet.where(look.around(reach), test)


CUES: dict[str, LookAgain] = {
    "-before the main stretch": lambda look: look.before,
    "-after the main stretch": lambda look: look.after,
    "-before a clear main stretch": lambda look: look.before if look.clearness >= 90 else 0,
    "-after a clear main stretch": lambda look: look.after if look.clearness >= 90 else 0,
    "-before a rather clear main stretch": lambda look: look.before if look.clearness >= 70 else 0,
    "-after a rather clear main stretch": lambda look: look.after if look.clearness >= 70 else 0,
    **{f"-outside a main stretch of {percent} % content": _outside(percent) for percent in (80, 85, 90, 93, 96)},
    "-30 words from the main stretch": lambda look: look.words_off(30),
    "-300 words from the main stretch": lambda look: look.words_off(300),
    "-1000 words from the main stretch": lambda look: look.words_off(1000),
    "-in a small run of likely blocks": lambda look: look.in_small_run(30),
    "-in a very small run of likely blocks": lambda look: look.in_small_run(10),
    "+in the largest run of likely blocks": lambda look: look.in_largest_run,
    "+likely block before": lambda look: look.sheet.after(look.likely),
    "+likely block after": lambda look: look.sheet.before(look.likely),
    **{f"+9 of 10 words likely in {reach} blocks around": _around(reach, at_least(90)) for reach in (1, 4, 8, 16)},
    **{f"-1 of 5 words likely in {reach} blocks around": _around(reach, at_most(20)) for reach in (2, 8, 16)},
    "+page is 80 % content": lambda look: look.sheet.when(look.page_density >= 80),
}


def read_again(look: SecondLook, names: Iterable[str]) -> dict[str, Column]:
    """The columns of these cues of the second look, by name; they are of the blocks that stand."""
    every = look.sheet.all
    return {name: CUES[name](look) & every for name in names}
