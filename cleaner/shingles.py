"""Where a page says the same twice: a page's words in a row, and the stretches that come again.

A shingle is a few words in a row. Only those that begin with an uncommon word are looked at, which is
decided by the word itself, so that both copies choose the same ones wherever their lines break. This
room knows words and places; what is a copy and which one goes it does not know.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from cleaner.features import Features
from cleaner.page import Page
from cleaner.phrases import UNSPACED

LONG_WORDS = 8  # of a block that the quick look reads: shorter ones are menus, labels and verse
SHINGLE_WORDS = 6
SHINGLE_CHARS = 14  # of a script without spaces
ANCHOR_CHARS = (8, 6, 4, 1)  # word lengths to begin a shingle with: the first that is frequent enough
ANCHOR_SHARE = 0.06  # of the words: then nearly every sentence has one
ANCHOR_SIGNS = 5  # in a script without spaces every fifth sign, by its number, begins a shingle
MOST_COPIES = 6  # what comes more often is a formula, a refrain or a table, not a copy

_UNSPACED_CLASS = UNSPACED.pattern[1:-1]
_TOKEN = re.compile(f"[{_UNSPACED_CLASS}]|[^\\s{_UNSPACED_CLASS}]+")
_WORD = re.compile(r"\S+")


class Run(NamedTuple):
    """Words that come twice: ``size`` words from ``first`` on, and the same from ``second`` on."""

    first: int
    second: int
    size: int


class Words:
    """A page's words in reading order, each block's beside the next one's.

    ``tokens`` are words in plain text, or single signs in a script without spaces.
    """

    def __init__(self, features: Features) -> None:
        self._plain = features.plain
        self._blocks = features.page.blocks
        self._long = [block for block, count in enumerate(features.words) if count >= LONG_WORDS]
        self.unspaced = UNSPACED.search(self._plain) is not None
        self.size = SHINGLE_CHARS if self.unspaced else SHINGLE_WORDS

    def _split(self, text: str) -> list[str]:
        return _TOKEN.findall(text) if self.unspaced else text.split()

    @cached_property
    def tokens(self) -> list[str]:
        return self._split(self._plain)

    @cached_property
    def starts(self) -> list[int]:
        """The index of each block's first word, and of the end of the last."""
        text = self._plain
        counts = (len(self._split(text[block.start : block.end])) for block in self._blocks)
        return list(accumulate(counts, initial=0))

    def block_of(self, word: int) -> int:
        """The block that a word stands in."""
        return bisect_right(self.starts, word) - 1

    def count(self, block: int) -> int:
        """How many words a block has."""
        return self.starts[block + 1] - self.starts[block]

    def count_until(self, block: int, end: int) -> int:
        """How many of a block's words begin before a place in the source."""
        return len(self._split(self._plain[self._blocks[block].start : end]))

    def span(self, block: int, start: int, end: int) -> tuple[int, int]:
        """Where words ``start`` to ``end`` of the page, all in one block, stand in the source."""
        pattern, base = _TOKEN if self.unspaced else _WORD, self.starts[block]
        whole = self._blocks[block]
        places = [match.span() for match in pattern.finditer(self._plain, whole.start, whole.end)]
        return places[start - base][0], places[end - base - 1][1]

    @cached_property
    def is_unique(self) -> bool:
        """Whether no two long blocks share a shingle: the quick look that is enough for most pages."""
        text, blocks = self._plain, self._blocks
        tokens = self._split(" ".join([text[blocks[at].start : blocks[at].end] for at in self._long]))
        keys = self._shingles(tokens, self._anchors(tokens))
        return len(set(keys)) == len(keys)

    @cached_property
    def repeats(self) -> tuple[Run, ...]:
        """The stretches that repeat an earlier one, by the place of the later."""
        if self.is_unique:
            return ()
        anchors = self._anchors(self.tokens)
        runs = _runs(self.tokens, anchors, self._shingles(self.tokens, anchors))
        return tuple(sorted(runs, key=lambda run: (run.second, run.first)))

    def _shingles(self, tokens: Sequence[str], anchors: Sequence[int]) -> list[tuple[str, ...]]:
        size = self.size
        return [tuple(tokens[at : at + size]) for at in anchors]

    def _anchors(self, tokens: Sequence[str]) -> list[int]:
        """Where a shingle begins: at the words that are long for this page."""
        last = len(tokens) - self.size
        anchors: list[int] = []
        if self.unspaced:
            anchors = [at for at, sign in enumerate(tokens) if ord(sign[-1]) % ANCHOR_SIGNS == 0 or len(sign) > 7]
        else:
            for least in ANCHOR_CHARS:
                anchors = [at for at, word in enumerate(tokens) if len(word) >= least]
                if len(anchors) >= ANCHOR_SHARE * len(tokens):
                    break
        while anchors and anchors[-1] > last:
            anchors.pop()
        return anchors


def _runs(tokens: Sequence[str], anchors: Sequence[int], keys: Sequence[tuple[str, ...]]) -> Iterator[Run]:
    """Each repeated shingle grown to both sides as far as the words agree, without running into its own copy."""
    first: dict[tuple[str, ...], int] = {}
    times: dict[tuple[str, ...], int] = {}
    reached: dict[int, int] = {}
    for at, key in zip(anchors, keys, strict=True):
        before = first.setdefault(key, at)
        if before == at:
            continue
        times[key] = seen = times.get(key, 1) + 1
        apart = at - before
        if seen > MOST_COPIES or at < reached.get(apart, 0):
            continue
        start, floor = at, max(reached.get(apart, 0), apart)
        while start > floor and tokens[start - 1] == tokens[start - 1 - apart]:
            start -= 1
        end, ceiling = at + len(key), min(len(tokens), start + apart)
        while end < ceiling and tokens[end] == tokens[end - apart]:
            end += 1
        reached[apart] = end
        if end <= start + apart:
            yield Run(start - apart, start, end - start)


def words_of(features: Features) -> Words:
    """The words of a page, looked at once for all filters."""
    shared = features.page.shared
    found = shared.get("words")
    if not isinstance(found, Words):
        found = shared["words"] = Words(features)
    return found


def lines_of(page: Page, first: int, last: int) -> str:
    """The lines of the source that some blocks stand in, as evidence names them."""
    start, end = page.blocks[first].start, page.blocks[last].end
    from_line = page.source.count("\n", 0, start) + 1
    to_line = from_line + page.source.count("\n", start, end)
    return f"line {from_line}" if from_line == to_line else f"lines {from_line}-{to_line}"
