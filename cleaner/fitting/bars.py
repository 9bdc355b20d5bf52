"""The bars of pages: with which lean those that pages choose give the best F1.

A page chooses the bar that promises the highest F1 when each block is wanted with the probability
that its points stand for; filter W101 says how. This room finds the lean which that takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.cues.points import Card
from cleaner.filters.weighed import chance

Numbers = NDArray[np.float64]

BARS = np.arange(-40, 41)  # in points; hardly a page chooses one beyond
LEANS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2)  # in log-odds
FURTHEST = 200  # points; beyond, a block is as good as certain
AS_GOOD = 3e-4  # of F1, by which a lean may be behind the best


class Weighed(NamedTuple):
    """The blocks of a page: their sums of points, their words, the share of them that is the gold's.

    ``weight`` is how much the page counts among others.
    """

    sums: NDArray[np.int64]
    words: Numbers
    share: Numbers
    gold_words: int
    weight: float


def with_lean(card: Card, pages: Sequence[Weighed]) -> Card:
    """The card with the lean that gives the highest weighted mean of F1 over these pages.

    Of leans that do about as well the greatest: on other sites' pages points are less certain than on these.
    """
    scores = np.array([_f1_by_bar(page) for page in pages])
    weight = np.array([page.weight for page in pages])
    means = [float(weight @ _reached(card._replace(lean=lean), pages, scores)) / float(weight.sum()) for lean in LEANS]
    as_good = [lean for lean, mean in zip(LEANS, means, strict=True) if mean >= max(means) - AS_GOOD]
    return card._replace(lean=as_good[-1])


def _reached(card: Card, pages: Sequence[Weighed], scores: Numbers) -> Numbers:
    """The F1 of each page with the bar that it chooses; ``scores`` are those with every bar."""
    chances = np.array([chance(total, card) for total in range(-FURTHEST, FURTHEST + 1)])
    reached: Numbers = scores[np.arange(len(pages)), [_promised(page, chances) for page in pages]]
    return reached


def _promised(page: Weighed, chances: Numbers) -> int:
    """The index of the bar with the highest expected F1; of equal ones the highest, as W101 takes it."""
    expected = page.words * chances[np.clip(page.sums, -FURTHEST, FURTHEST) + FURTHEST]
    promises = _f1(page.sums, expected, page.words, float(expected.sum()))
    return len(BARS) - 1 - int(np.argmax(promises[::-1]))


def _f1_by_bar(page: Weighed) -> Numbers:
    return _f1(page.sums, page.share * page.words, page.words, page.gold_words)


def _f1(sums: NDArray[np.int64], wanted: Numbers, words: Numbers, gold_words: float) -> Numbers:
    """The F1 of every bar when these words of each block are wanted."""
    below = np.clip(sums - BARS[0] + 1, 0, len(BARS))  # 0 for a sum that passes no bar
    right, kept = (np.bincount(below, numbers, len(BARS) + 1)[:0:-1].cumsum()[::-1] for numbers in (wanted, words))
    f1: Numbers = 2 * right / np.maximum(kept + gold_words, 1e-9)
    return f1
