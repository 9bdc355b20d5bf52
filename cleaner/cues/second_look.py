"""Cues of the second look: where a block stands among what the first look found on the page.

A first look adds up points and so tells how likely each block is content. Together these chances show the stretch
of the page in which its content lies, and how content and chrome mix around a block.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate
from operator import sub

from cleaner.cues.columns import Column, Sheet
from cleaner.cues.points import likelihood
from cleaner.lazy import cached_property

CERTAIN = 1000  # chances are in thousandths: sums of whole numbers are the same on every machine
EVEN = CERTAIN // 2
RICH, POOR = 900, 210  # of those around a block: nine of ten, and one of five when shares are rounded down
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
        self._sums: dict[int, list[int]] = {}

    @cached_property
    def _gains(self) -> list[int]:
        """What keeping a block promises: its words, by how much likelier it is content than not."""
        return self._gains_over(EVEN)

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
        return self.sheet.of_run(range(self.stretch.start))

    @cached_property
    def after(self) -> Column:
        """The blocks after the stretch."""
        return self.sheet.of_run(range(self.stretch.stop, self.sheet.size))

    def words_off(self, least: int) -> Column:
        """The blocks with more than so many words between them and the stretch."""
        before, start, end = self._words_before, self.stretch.start, self.stretch.stop
        first, last = bisect_left(before, before[start] - least) - 1, bisect_right(before, before[end] + least)
        return self.sheet.of_run(range(max(0, first))) | self.sheet.of_run(range(last, self.sheet.size))

    def around(self, reach: int, permille: int) -> Iterator[int]:
        """What keeping the blocks around each promises, so many before and after it, itself left out.

        That is their words, by how much more than ``permille`` of them are content: over nought when more are.
        """
        near, before = min(reach, self.sheet.size), self._gains_before(permille)
        lows, highs = [0] * near + before[: self.sheet.size - near], before[near + 1 :] + [before[-1]] * near
        own = map(sub, before[1:], before)
        return map(sub, map(sub, highs, lows), own)

    def _gains_before(self, permille: int) -> list[int]:
        found = self._sums.get(permille)
        if found is None:
            found = self._sums[permille] = [0, *accumulate(self._gains_over(permille))]
        return found

    def _gains_over(self, permille: int) -> list[int]:
        return [found - permille * count for found, count in zip(self._expected, self.words, strict=True)]

    def rich_around(self, reach: int, permille: int) -> Column:
        """The blocks with more than so much content among the words of the blocks around them."""
        return self.sheet.of([gain > 0 for gain in self.around(reach, permille)])

    def poor_around(self, reach: int, permille: int) -> Column:
        """The blocks with less than so much content among the words of the blocks around them."""
        return self.sheet.of([gain < 0 for gain in self.around(reach, permille)])

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


def _rich_around(reach: int) -> LookAgain:
    return lambda look: look.rich_around(reach, RICH)


def _poor_around(reach: int) -> LookAgain:
    return lambda look: look.poor_around(reach, POOR)


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
    **{f"+9 of 10 words likely in {reach} blocks around": _rich_around(reach) for reach in (1, 4, 8, 16)},
    **{f"-1 of 5 words likely in {reach} blocks around": _poor_around(reach) for reach in (2, 8, 16)},
    "+page is 80 % content": lambda look: look.sheet.when(look.page_density >= 80),
}


def read_again(look: SecondLook, names: Iterable[str]) -> dict[str, Column]:
    """The columns of these cues of the second look, by name; they are of the blocks that stand."""
    every = look.sheet.all
    return {name: CUES[name](look) & every for name in names}
