"""What is learnt from: the blocks that the certain filters leave of labelled pages, with their cues and labels."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from cleaner.config import Config
from cleaner.cues import read_cues
from cleaner.cues.columns import Column
from cleaner.errors import CleanerError
from cleaner.features import features_of
from cleaner.filters.weighed import chrome_of, likes_of
from cleaner.labelled import Labelled
from cleaner.page import Page
from cleaner.pipeline import judged
from cleaner.scoring import LINE_WORDS, GoldIndex, visible, words

WEIGHED = "W"  # the family that is being fitted
FEWEST_WORDS = 50  # a page of less does not count as much as others
PAGE_WEIGHT = 100.0  # of a page in the regression, whatever its length


class Example(NamedTuple):
    """The blocks of one page: a row of cues each, its words, and the share of them that is the gold's.

    There are none on a page on which the scorecard would not act. ``counts`` are the words as filters count
    them, ``weight`` is how much a block counts, and ``page_weight`` the page among others; ``likes`` are the
    blocks that have the same place in the items of a list, and ``error`` says why a page could not be cleaned.
    """

    id: str
    fold: int
    names: tuple[str, ...]
    cues: NDArray[np.uint8]
    words: NDArray[np.float64]
    counts: NDArray[np.int64]
    share: NDArray[np.float64]
    weight: NDArray[np.float64]
    gold_words: int
    page_weight: float
    likes: tuple[tuple[int, ...], ...] = ()
    error: str = ""


def fold_of(page: Labelled, folds: int) -> int:
    """The fold of a page: pages of one host share it, and a page without an address is told by its id."""
    host = (urlsplit(page.url or "").hostname or "").removeprefix("www.")
    return zlib.crc32((host or page.id).encode()) % folds


def example_of(page: Labelled, config: Config, folds: int, type_weights: Mapping[str, float]) -> Example:
    """The blocks of a page that stand after all filters but the scorecard.

    ``type_weights`` says how much pages of a type count, where that is not 1.
    """
    fold = fold_of(page, folds)
    try:
        cleaned = judged(page.data, format=page.format, url=page.url, config=without_card(config))
    except CleanerError as error:
        nothing, none = np.zeros(0), np.zeros(0, np.int64)
        rows = np.zeros((0, 0), np.uint8)
        return Example(page.id, fold, (), rows, nothing, none, nothing, nothing, 0, 0, error=str(error))
    weighed = range(len(cleaned.blocks)) if chrome_of(cleaned) else ()
    standing = [block for block in weighed if not cleaned.is_gone(block)]
    found = [_standing_words(cleaned, block) for block in standing]
    index = GoldIndex(page.gold.text)
    names, cues = _cue_rows(cleaned)
    count = np.array([len(one) for one in found], np.float64)
    counts = np.array([features_of(cleaned).words[block] for block in standing], np.int64)
    share = np.array(_shares(index, found), np.float64)
    # All pages count the same, as F1 is a mean over pages, and a block counts by its words.
    page_weight = type_weights.get(page.type, 1.0)
    weight = count * (page_weight * PAGE_WEIGHT / max(FEWEST_WORDS, float(count.sum())))
    gold_words, place = len(words(page.gold.text)), {block: number for number, block in enumerate(standing)}
    likes = tuple(tuple(place[block] for block in group) for group in likes_of(cleaned)) if standing else ()
    return Example(page.id, fold, names, cues[standing], count, counts, share, weight, gold_words, page_weight, likes)


def _shares(index: GoldIndex, blocks: list[list[str]]) -> list[float]:
    """How much of each block is the gold's; of a block that comes again, as often as the gold has it."""
    shares, before = list(map(index.share, blocks)), Counter[str]()
    for number, block in enumerate(blocks):
        if shares[number] < 1 or len(block) < LINE_WORDS:
            continue
        key = " ".join(block)
        if before[key] and before[key] >= index.times(block):
            shares[number] = 0.0
        before[key] += 1
    return shares


def clean_example_of(page: Labelled, config: Config, folds: int, weight: float) -> Example:
    """The blocks of a page's gold, all of which must stay; they count ``weight`` times as much as a page's."""
    found = example_of(as_clean_page(page), config, folds, {})
    return found._replace(share=np.ones(len(found.words)), weight=weight * found.weight, page_weight=weight)


def as_clean_page(page: Labelled) -> Labelled:
    """The gold of a page as a page of its own, which is clean and should come out as it is."""
    return page._replace(data=page.gold.text)


def without_card(config: Config) -> Config:
    """The choices with the scorecard off."""
    from dataclasses import replace

    return replace(config, skip=(*config.skip, WEIGHED))


def _standing_words(page: Page, block: int) -> list[str]:
    source = visible(page)
    return [word for span in page.standing(block) for word in words(source[span.start : span.end])]


def _cue_rows(page: Page) -> tuple[tuple[str, ...], NDArray[np.uint8]]:
    """The names of the cues and a row for each block, 1 where the cue holds."""
    columns = read_cues(page)
    return tuple(columns), rows_of(columns.values(), len(page.blocks))


def rows_of(columns: Collection[Column], size: int) -> NDArray[np.uint8]:
    """A row for each of so many blocks, with a number for each column."""
    rows = np.zeros((size, len(columns)), np.uint8)
    for number, column in enumerate(columns):
        rows[:, number] = np.frombuffer(column.to_bytes(size, "little"), np.uint8)
    return rows
