"""How well pages are cleaned, measured against gold: words, snippets, and what each filter got wrong.

Words are those of the Web Content Extraction Benchmark: runs of ``\\w`` in lower case, counted as a
multiset. This room knows results and golds; where they come from it does not know.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import fsum
from typing import NamedTuple

from cleaner.config import Config
from cleaner.errors import CleanerError
from cleaner.labelled import Labelled
from cleaner.page import Page
from cleaner.pipeline import clean

_WORD = re.compile(r"\w+")
SHINGLE_WORDS = 3  # a run that stands in the gold by chance is rare from this length on
LINE_WORDS = 4  # a block of so many words is the gold's when they stand there in a row, on whatever lines
TWO_WORDS_SHARE = 0.6  # how far to believe a block of two words that stand side by side in the gold
ONE_WORD_SHARE = 0.4  # and one of a single word that stands there


class Prf(NamedTuple):
    """Precision, recall and F1, as shares."""

    precision: float
    recall: float
    f1: float


class Taken(NamedTuple):
    """What one filter took of a page or of many: words, and how many of them the gold has and misses."""

    code: str
    pages: int
    words: int
    wrong: int


class Snippets(NamedTuple):
    """How many snippets that must stay are there, and how many that must go still are."""

    stay: int
    stay_found: int
    go: int
    go_found: int


class PageScore(NamedTuple):
    """One page measured. ``kept_wrong`` counts words that stay and are not the gold's, ``absent`` those of
    the gold that were not on the page; ``error`` says why a page could not be cleaned, and is else empty."""

    id: str
    type: str
    url: str | None
    prf: Prf
    gold_words: int
    kept_words: int
    kept_wrong: int
    absent: int
    taken: tuple[Taken, ...]
    snippets: Snippets
    error: str = ""


class Group(NamedTuple):
    """The means over some pages."""

    name: str
    pages: int
    prf: Prf


class Report(NamedTuple):
    """A corpus measured: ``groups`` begins with all pages and those with gold, then come the types by name."""

    groups: tuple[Group, ...]
    snippets: Snippets
    taken: tuple[Taken, ...]
    gold_words: int
    kept_words: int
    kept_wrong: int
    absent: int
    worst: tuple[PageScore, ...]
    failed: tuple[PageScore, ...]


ALL, WITH_GOLD, UNTYPED = "all pages", "gold not empty", "(no type)"


def words(text: str) -> list[str]:
    """The words of a text."""
    return _WORD.findall(text.lower())


def word_prf(found: Sequence[str], gold: Sequence[str]) -> Prf:
    """How far two lists of words are the same multiset; two empty ones are."""
    if not gold:
        return Prf(0.0, 0.0, 0.0) if found else Prf(1.0, 1.0, 1.0)
    both = sum((Counter(found) & Counter(gold)).values())
    if not both:
        return Prf(0.0, 0.0, 0.0)
    precision, recall = both / len(found), both / len(gold)
    return Prf(precision, recall, 2 * precision * recall / (precision + recall))


def visible(page: Page) -> str:
    """What a reader sees of a page, in the places of its source: of Markdown without the targets of links."""
    for name in ("visible", "masked"):
        found = page.shared.get(name)
        if isinstance(found, str):
            return found
    return page.source


class GoldIndex:
    """The runs of words of a gold, to tell how much of a block is in it."""

    def __init__(self, gold: str) -> None:
        found = words(gold)
        self._joined = f" {' '.join(found)} "
        self._lines = {" ".join(words(line)) for line in gold.splitlines()}
        self._words = set(found)
        self._pairs = set(pairwise(found))
        self._shingles = set(zip(found, found[1:], found[2:], strict=False))

    def times(self, block: Sequence[str]) -> int:
        """How often a block's words stand in the gold in a row."""
        return self._joined.count(f" {' '.join(block)} ")

    def share(self, block: Sequence[str]) -> float:
        """The share of a block's words that stand in the gold in the block's order, from 0 to 1.

        Of a word or two, which stand in most golds by chance, less is believed than of a line.
        """
        joined = " ".join(block)
        if not block:
            return 0.0
        if joined in self._lines or (len(block) >= LINE_WORDS and f" {joined} " in self._joined):
            return 1.0
        if len(block) == 1:
            return ONE_WORD_SHARE if block[0] in self._words else 0.0
        if len(block) < SHINGLE_WORDS:
            return TWO_WORDS_SHARE if tuple(block) in self._pairs else 0.0
        covered = bytearray(len(block))
        for start, shingle in enumerate(zip(block, block[1:], block[2:], strict=False)):
            if shingle in self._shingles:
                covered[start : start + SHINGLE_WORDS] = b"\x01\x01\x01"
        return sum(covered) / len(block)


def score_page(page: Labelled, config: Config) -> PageScore:
    """A page cleaned and measured; one that cannot be cleaned counts as emptied, and says why."""
    try:
        result = clean(page.data, format=page.format, url=page.url, config=config)
    except CleanerError as error:
        return measured(page, "", None, str(error))
    return measured(page, result.text, result.page)


def measured(page: Labelled, text: str, finished: Page | None, error: str = "") -> PageScore:
    """The measures of a text that was made of a page; ``finished`` holds the ledger, where there is one."""
    kept, gold = words(text), words(page.gold.text)
    lost = Counter(gold) - Counter(kept)
    lost_words = sum(lost.values())
    taken = _taken(finished, page.gold.text, lost) if finished else ()
    return PageScore(
        page.id,
        page.type,
        page.url,
        word_prf(kept, gold),
        len(gold),
        len(kept),
        len(kept) - len(gold) + lost_words,
        lost_words - sum(one.wrong for one in taken),
        taken,
        _snippets(page, text),
        error,
    )


def _taken(page: Page, gold: str, lost: Counter[str]) -> tuple[Taken, ...]:
    """What each filter took, by code. Each lost word is laid at one removal's door.

    A lost word that stands in several removals goes to the one that is most like the gold, else a
    menu would answer for the "the" of a paragraph.
    """
    index, source = GoldIndex(gold), visible(page)
    removed = [(removal.filter, words(source[removal.start : removal.end])) for removal in page.removals]
    removed.sort(key=lambda one: -index.share(one[1]))
    left = Counter(lost)
    counts: dict[str, tuple[int, int]] = {}
    for code, found in removed:
        wrong = sum((Counter(found) & left).values())
        left -= Counter(found)
        words_before, wrong_before = counts.get(code, (0, 0))
        counts[code] = (words_before + len(found), wrong_before + wrong)
    return tuple(Taken(code, 1, *counts[code]) for code in sorted(counts))


def _snippets(page: Labelled, text: str) -> Snippets:
    stay, go = page.gold.stay, page.gold.go
    spaced = " ".join(text.split()) if stay or go else ""
    found, left = (sum(" ".join(one.split()) in spaced for one in snippets) for snippets in (stay, go))
    return Snippets(len(stay), found, len(go), left)


def report(scores: Iterable[PageScore], *, worst: int) -> Report:
    """The measures of many pages, and the ``worst`` of them in order, those with the lowest F1 first."""
    found = list(scores)
    # A page with empty gold scores 0 for a single word: behind the others, or nobody would see those.
    by_f1 = sorted(found, key=lambda one: (not one.gold_words, one.prf.f1, -one.gold_words, one.id))
    return Report(
        tuple(_groups(found)),
        _snippets_together(found),
        _taken_together(found),
        sum(one.gold_words for one in found),
        sum(one.kept_words for one in found),
        sum(one.kept_wrong for one in found),
        sum(one.absent for one in found),
        tuple(by_f1[:worst]),
        tuple(one for one in found if one.error),
    )


def _groups(scores: list[PageScore]) -> Iterable[Group]:
    yield _group(ALL, scores)
    yield _group(WITH_GOLD, [one for one in scores if one.gold_words])
    by_type: dict[str, list[PageScore]] = defaultdict(list)
    for one in scores:
        by_type[one.type or UNTYPED].append(one)
    if by_type.keys() != {UNTYPED}:
        yield from (_group(name, by_type[name]) for name in sorted(by_type))


def _group(name: str, scores: list[PageScore]) -> Group:
    count = len(scores)
    sums = (fsum(column) for column in zip(*(one.prf for one in scores), strict=True))
    return Group(name, count, Prf(*(total / count for total in sums)) if count else Prf(0.0, 0.0, 0.0))


def _snippets_together(scores: list[PageScore]) -> Snippets:
    none = Snippets(0, 0, 0, 0)
    return Snippets(*(sum(column) for column in zip(none, *(one.snippets for one in scores), strict=True)))


def _taken_together(scores: list[PageScore]) -> tuple[Taken, ...]:
    """What each filter took of all pages, the one with most wrong words first."""
    found: dict[str, list[Taken]] = defaultdict(list)
    for one in scores:
        for taken in one.taken:
            found[taken.code].append(taken)
    together = (
        Taken(code, sum(one.pages for one in some), sum(one.words for one in some), sum(one.wrong for one in some))
        for code, some in found.items()
    )
    return tuple(sorted(together, key=lambda one: (-one.wrong, one.code)))
