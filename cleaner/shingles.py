"""Where a page says the same twice: a page's words in a row, and the stretches that come again.

A shingle is a few words in a row. Only those that begin with a long word are looked at: the word itself
decides, so that both copies choose the same ones wherever their lines break. This room knows words and
places; what is a copy and which one goes it does not know.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, compress, count
from operator import add
from typing import NamedTuple

from cleaner.features import CHARS_A_WORD, features_of
from cleaner.inner import whole_page
from cleaner.lazy import cached_property
from cleaner.page import Page
from cleaner.phrases import UNSPACED, LazyPattern

LONG_WORDS = 8  # of a block that the quick look reads: shorter ones are menus, labels and verse
SHINGLE_WORDS = 6
SHINGLE_SIGNS = 14  # of a script without spaces
ANCHOR_WEIGHTS = (8, 6, 4, 1)  # least lengths of the words that begin shingles: the first that is frequent enough
HEAVY = 8
ANCHOR_SHARE = 0.08  # of the words: then nearly every sentence has one
ANCHOR_SIGNS = 5  # in a script without spaces every fifth sign, by its number, begins a shingle
MOST_COPIES = 4  # what comes more often is a formula, a refrain or a table, not a copy
REPEATED_WORDS = 12  # from the first to the last repeated shingle, to look closer
REPEATED_GAP = 24  # words between two of them
BATCH_CHARS = 1_000_000
SAMPLE_CHARS = 20_000
UNSPACED_SHARE = 0.3  # of a page's characters: then it is read sign by sign

# The end of a line of code, or a name as only code has it.
CODE_SIGNS = re.compile(r"[{};]$|/>$|\) ?;|\w\(\)|=>|->|::|</\w|\w_\w|^(?:import|def|class|\$|>>>|#include) ")
_CLASS = UNSPACED.pattern[1:-1]
_SIGN_OR_WORD = LazyPattern(f"[{_CLASS}]|[^\\s{_CLASS}]+")
_WORD = re.compile(r"\S+")


_ARE_HEAVY = tuple(bytes(weight >= least for weight in range(256)) for least in ANCHOR_WEIGHTS)


class Run(NamedTuple):
    """Words that come twice: ``size`` words from ``first`` on, and the same from ``second`` on."""

    first: int
    second: int
    size: int


class Words:
    """The words of a page's whole blocks in reading order, each block's beside the next one's.

    A token is a word of the plain text, or a single sign in a script without spaces.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        features = features_of(page)
        self._plain = features.plain
        self._block_words = features.words
        self.unspaced = features.unspaced and _is_unspaced(self._plain[:SAMPLE_CHARS])
        self._split_blocks = None if self.unspaced else features.split
        self._size = SHINGLE_SIGNS if self.unspaced else SHINGLE_WORDS
        self._places: tuple[int, array[int]] = (-1, array("q"))

    def tokens_in(self, words: float) -> float:
        """The number of tokens that weigh as much as so many words."""
        return words * CHARS_A_WORD if self.unspaced else words

    def _split(self, text: str) -> list[str]:
        return _SIGN_OR_WORD.findall(text) if self.unspaced else text.split()

    @cached_property
    def _read(self) -> tuple[Sequence[str] | array[int], array[int], bytes]:
        """Each token, the first token of each block, and each token's weight."""
        if self._split_blocks is None:
            return self._read_long()
        split = self._split_blocks.copy()
        for removal in self.page.removals:
            split[removal.block] = []
        words = list(chain.from_iterable(split))
        return words, array("q", accumulate(map(len, split), initial=0)), self._weights(words)

    def _read_long(self) -> tuple[array[int], array[int], bytes]:
        """The same of a page whose words would take too much room: each token is its number in the vocabulary."""
        vocabulary: dict[str, int] = {}
        tokens, starts = array("I"), array("q", [0])
        for blocks in self._batches():
            split = [self._split(text) for text in blocks]
            words = list(chain.from_iterable(split))
            fresh = [word for word in dict.fromkeys(words) if word not in vocabulary]
            vocabulary.update(zip(fresh, count(len(vocabulary)), strict=False))
            starts.extend(accumulate(map(len, split), initial=starts.pop()))
            tokens.extend(map(vocabulary.__getitem__, words))
        return tokens, starts, bytes(map(self._weights(list(vocabulary)).__getitem__, tokens))

    def _batches(self) -> Iterator[list[str]]:
        """The plain text of all blocks, many at a time; empty for one that is not whole."""
        text, is_whole, batch, chars = self._plain, self.page.is_whole, list[str](), 0
        for index, (_, _, start, end, _) in enumerate(self.page.blocks):
            batch.append(text[start:end] if is_whole(index) else "")
            chars += end - start
            if chars > BATCH_CHARS:
                yield batch
                batch, chars = [], 0
        yield batch

    @property
    def tokens(self) -> Sequence[str] | array[int]:
        """Each token, or its number in the page's vocabulary."""
        return self._read[0]

    @property
    def starts(self) -> array[int]:
        """The index of each block's first token, and of the end of the last."""
        return self._read[1]

    def block_of(self, token: int) -> int:
        """The block that a token stands in."""
        return bisect_right(self.starts, token) - 1

    def count(self, block: int) -> int:
        """How many tokens a block has."""
        return self.starts[block + 1] - self.starts[block]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the tokens from ``start`` to ``end``, all of one block, stand in the source."""
        block = self.block_of(start)
        if self._places[0] != block:
            whole, pattern = self.page.blocks[block], _SIGN_OR_WORD.compiled if self.unspaced else _WORD
            found = pattern.finditer(self._plain, whole.start, whole.end)
            self._places = block, array("q", [edge for match in found for edge in match.span()])
        base, places = self.starts[block], self._places[1]
        return places[2 * (start - base)], places[2 * (end - base) - 1]

    @cached_property
    def is_unique(self) -> bool:
        """Whether no stretch of the long blocks seems to come again: the quick look that is enough for most pages."""
        size, seen = self._size, set[int]()
        for tokens in self._long_blocks():
            anchors = _anchors(self._weights(tokens), size)
            # A hash shared by chance only costs time: what is found here is compared word by word later.
            hashes = [hash(tuple(tokens[at : at + size])) for at in anchors]
            once = set(hashes)
            if len(once) == len(hashes) and seen.isdisjoint(once):
                seen |= once
            elif self._has_stretch(anchors, hashes, seen):
                return False
        return True

    def _has_stretch(self, anchors: Sequence[int], hashes: Sequence[int], seen: set[int]) -> bool:
        """Whether shingles that came before follow each other for a while; adds all up to there to ``seen``."""
        least, gap = self.tokens_in(REPEATED_WORDS), self.tokens_in(REPEATED_GAP)
        first, last = 0, -self._size
        for at, key in zip(anchors, hashes, strict=True):
            if key in seen:
                first = at if at - last > gap else first
                last = at
                if last + self._size - first >= least:
                    return True
            seen.add(key)
        return False

    def _long_blocks(self) -> Iterator[list[str]]:
        """The tokens of the long blocks, many at a time."""
        if self._split_blocks is not None:
            is_long = map(LONG_WORDS.__le__, self._block_words)
            yield list(chain.from_iterable(compress(self._split_blocks, is_long)))
            return
        text, batch, chars = self._plain, list[str](), 0
        for (_, _, start, end, _), words in zip(self.page.blocks, self._block_words, strict=True):
            if words >= LONG_WORDS:
                batch.append(text[start:end])
                chars += len(batch[-1])
                if chars > BATCH_CHARS:
                    yield self._split(" ".join(batch))
                    batch, chars = [], 0
        yield self._split(" ".join(batch))

    def _weights(self, words: Sequence[str]) -> bytes:
        """How fit each word is to begin a shingle: its length, and for single signs a choice by their number."""
        if self.unspaced:
            return bytes(HEAVY if ord(word[-1]) % ANCHOR_SIGNS == 0 else min(len(word), 255) for word in words)
        try:
            return bytes(map(len, words))
        except ValueError:  # a word of more than 255 characters
            return bytes(min(len(word), 255) for word in words)

    @cached_property
    def repeats(self) -> tuple[Run, ...]:
        """The stretches that repeat an earlier one, by the place of the later.

        On a page that ``is_unique`` they come from menus, labels and verse, and are nobody's copies.
        """
        if self._split_blocks is None and self.is_unique:
            return ()
        tokens, _, weights = self._read
        return tuple(sorted(_runs(tokens, _anchors(weights, self._size), self._size), key=_by_later))


def _is_unspaced(sample: str) -> bool:
    return len(UNSPACED.findall(sample)) > UNSPACED_SHARE * sum(map(len, sample.split()))


def _by_later(run: Run) -> tuple[int, int]:
    return run.second, run.first


def _anchors(weights: bytes, size: int) -> list[int]:
    """Where a shingle begins: at the words that are heavy for this page."""
    last = len(weights) - size
    heavy = b""
    for is_heavy in _ARE_HEAVY:
        heavy = weights.translate(is_heavy)
        if heavy.count(1) >= ANCHOR_SHARE * len(weights):
            break
    anchors = list(compress(range(len(weights)), heavy))
    while anchors and anchors[-1] > last:
        anchors.pop()
    return anchors


def _runs(tokens: Sequence[str] | array[int], anchors: Sequence[int], size: int) -> Iterator[Run]:
    """Each repeated shingle grown to both sides as far as the words agree, without running into its own copy."""
    # Most pairs of a shingle's first and last word come once: what stands between those is not looked at.
    pairs = list(map(add, [tokens[at] for at in anchors], [tokens[at + size - 1] for at in anchors]))
    often = Counter(pairs)
    if len(often) == len(pairs):
        return
    places = [at for at, pair in zip(anchors, pairs, strict=True) if often[pair] > 1]
    keys = [_key(tokens[at : at + size]) for at in places]
    times = Counter(keys)
    first: dict[str | bytes, int] = {}
    reached: dict[int, int] = {}
    for at, key in zip(places, keys, strict=True):
        if not 1 < times[key] <= MOST_COPIES:
            continue
        before = first.setdefault(key, at)
        if before == at:
            continue
        apart = at - before
        if at < reached.get(apart, 0):
            continue
        start, floor = at, max(reached.get(apart, 0), apart)
        while start > floor and tokens[start - 1] == tokens[start - 1 - apart]:
            start -= 1
        end, ceiling = at + size, min(len(tokens), start + apart)
        while end < ceiling and tokens[end] == tokens[end - apart]:
            end += 1
        reached[apart] = end
        if end <= start + apart:
            yield Run(start - apart, start, end - start)


def _key(shingle: Sequence[str] | array[int]) -> str | bytes:
    return shingle.tobytes() if isinstance(shingle, array) else " ".join(shingle)


def words_of(page: Page) -> Words:
    """The words of a page, read once for all filters; each sees for itself what is gone since."""
    found = page.shared.get("shingles")
    if not isinstance(found, Words):
        found = page.shared["shingles"] = Words(page)
    return found


class Lines:
    """Where the lines of a source end; found when first asked for."""

    def __init__(self, source: str) -> None:
        self._source = source

    @cached_property
    def _ends(self) -> array[int]:
        return array("q", [match.start() for match in re.finditer("\n", self._source)])

    def at(self, offset: int) -> int:
        """The number, from 1, of the line that a place stands in."""
        return bisect_left(self._ends, offset) + 1


class Elsewhere(NamedTuple):
    """Evidence that names the lines of the source where the same stands, counted when it is read."""

    lines: Lines
    start: int
    end: int
    form: str

    def __str__(self) -> str:
        first, last = self.lines.at(self.start), self.lines.at(self.end)
        return self.form.format(f"line {first}" if first == last else f"lines {first}-{last}")


def elsewhere(page: Page, first: int, last: int, form: str) -> Elsewhere:
    """The evidence for what stands in the blocks from ``first`` to ``last`` too; ``form`` has ``{}`` for the lines."""
    lines = page.shared.get("lines")
    whole, (begin, end) = whole_page(page, (first, last))
    if not isinstance(lines, Lines):
        lines = page.shared["lines"] = Lines(whole.source)
    return Elsewhere(lines, whole.blocks[begin].start, whole.blocks[end].end, form)
