"""D101, a body that comes twice: the less complete copy goes, of equal copies the later one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.features import Features, features_of
from cleaner.filter import Filter
from cleaner.page import Page, Removal
from cleaner.shingles import Run, Words, lines_of, words_of

CODE = "D101"
LEAST_WORDS = 40  # of a copy; less comes twice on purpose as often as not
LEAST_WORDS_ALONE = 60  # of a copy that is one block: a clause or an answer may well be given twice
LEAST_RUN = 8  # words: shorter agreements are turns of phrase
COVERED = 0.9  # of a block's words stand in the other copy: the rest are the few words that differ
LONG_WORDS = 10  # of a block that counts as running text
LONG_SHARE = 0.6  # of a copy's words, in such blocks
SKIPPED_WORDS = 24  # a copy may lack this many words in a row and still be the same one
LEAST_DENSITY = 0.75  # of the words from a copy's first block to its last are in both
LEAST_SHARE = 0.05  # of a page's running text; smaller copies are clauses, answers, blurbs of products
BESIDE_WORDS = 4  # between two copies: then it is one text given twice, however small
ANNOUNCEMENT_CHARS = 80  # of a line that announces a quote
QUOTES = re.compile(
    r"(?:\W*\w+){0,4}?\W*\b(?:wrote|writes|said|quote|quoted|posted by|schrieb|geschrieben|sagte|zitat|"
    r"a \u00e9crit|a dit|citation|escribi\u00f3|dijo|cita)\b",
    re.IGNORECASE,
)
OPEN_COPIES = 4  # copies that may be interleaved, as with cards and teasers
MORE_COMPLETE = 1.15  # the later copy stays when it is longer by this factor


class Copy(NamedTuple):
    """Runs that belong together: the same text in two places."""

    runs: list[Run]

    @property
    def size(self) -> int:
        return sum(run.size for run in self.runs)


class Side(NamedTuple):
    """One of the two places: how many of each block's words the other has, and where they begin there."""

    covered: dict[int, int]
    other: dict[int, tuple[int, int]]


def find(page: Page) -> Iterator[Removal]:
    """The blocks of every copy but the one that stays."""
    features = features_of(page)
    words = words_of(features)
    runs = words.repeats
    if not runs:
        return
    gone: set[int] = set()
    long_words = sum(count for count in features.words if count >= LONG_WORDS)
    for copy in _copies(runs):
        if copy.size >= LEAST_WORDS and not _is_clause(copy, long_words):
            yield from _removals(page, features, words, copy, gone)


def _copies(runs: Sequence[Run]) -> list[Copy]:
    """Runs put together that follow each other in both places."""
    copies: list[Copy] = []
    for run in runs:
        if not any(_joins(copy, run) for copy in copies[: -OPEN_COPIES - 1 : -1]):
            copies.append(Copy([run]))
    return copies


def _joins(copy: Copy, run: Run) -> bool:
    last = copy.runs[-1]
    skipped = run.second - last.second - last.size
    ahead = run.first - last.first - last.size
    if not (-LEAST_RUN <= skipped <= SKIPPED_WORDS and -LEAST_RUN <= ahead <= 8 * SKIPPED_WORDS):
        return False
    if run.first + run.size > copy.runs[0].second:
        return False
    copy.runs.append(run)
    return True


def _is_clause(copy: Copy, long_words: int) -> bool:
    """Whether a copy is so small a part of its page, and so far from the other, that the page may mean it."""
    apart = copy.runs[0].second - copy.runs[-1].first - copy.runs[-1].size
    return apart > BESIDE_WORDS and copy.size < LEAST_SHARE * long_words


def _removals(page: Page, features: Features, words: Words, copy: Copy, gone: set[int]) -> Iterator[Removal]:
    early = _side(words, [(run.first, run.second, run.size) for run in copy.runs])
    late = _side(words, [(run.second, run.first, run.size) for run in copy.runs])
    if not _is_body(words, early) and not _is_body(words, late):
        return
    if _is_quoted(page, early) or _is_quoted(page, late):
        return
    stays, goes = early, late
    if _completeness(features, words, late) > MORE_COMPLETE * _completeness(features, words, early):
        stays, goes = late, early
    for block, count in goes.covered.items():
        if page.is_gone(block) or block in gone or block in stays.covered or count < COVERED * words.count(block):
            continue
        if any(page.is_gone(at) or at in gone for at in map(words.block_of, goes.other[block])):
            continue
        gone.add(block)
        whole = page.blocks[block]
        yield Removal(block, whole.start, whole.end, CODE, _evidence(page, words, goes, block))


def _side(words: Words, runs: Sequence[tuple[int, int, int]]) -> Side:
    covered: dict[int, int] = {}
    other: dict[int, tuple[int, int]] = {}
    for here, there, size in runs:
        at = here
        while at < here + size:
            block = words.block_of(at)
            end = min(here + size, words.starts[block + 1])
            covered[block] = covered.get(block, 0) + end - at
            begins = other[block][0] if block in other else there + at - here
            other[block] = (begins, there + end - here - 1)
            at = end
    return Side(covered, other)


def _is_body(words: Words, side: Side) -> bool:
    """Whether a copy is running text of some length, not a list, a verse or a single clause."""
    size = sum(side.covered.values())
    spread = words.starts[max(side.covered) + 1] - words.starts[min(side.covered)]
    if size < LEAST_DENSITY * spread:
        return False
    long = [count for block, count in side.covered.items() if words.count(block) >= LONG_WORDS]
    return sum(long) >= LONG_SHARE * size and (len(long) > 1 or size >= LEAST_WORDS_ALONE)


def _is_quoted(page: Page, side: Side) -> bool:
    """Whether somebody quotes: the text begins, or the short line above it ends, as quotes are announced."""
    first = min(side.covered)
    if QUOTES.match(page.blocks[first].text) or page.blocks[first].text[0] == ">":
        return True
    above = page.blocks[first - 1].text if first else ""
    return len(above) <= ANNOUNCEMENT_CHARS and (above.endswith(":") or QUOTES.match(above) is not None)


def _completeness(features: Features, words: Words, side: Side) -> int:
    """The words of a copy, with those of the running text inside it and after it that the other lacks."""
    first, last = min(side.covered), max(side.covered)
    total = sum(side.covered.values())
    for block in range(first, len(features.words)):
        if block not in side.covered:
            if features.prose[block]:
                total += words.count(block)
            elif block > last:
                break
    return total


def _evidence(page: Page, words: Words, side: Side, block: int) -> str:
    from_word, to_word = side.other[block]
    share = 100 * side.covered[block] // words.count(block)
    lines = lines_of(page, words.block_of(from_word), words.block_of(to_word))
    return f"same as {lines}" if share == 100 else f"{share} % of it in {lines}"


DUPLICATE_BODY = Filter(
    CODE,
    "duplicate body",
    "a second copy of running text, when other marks, cases, line breaks or a few other words are all that differs; "
    "of two copies the less complete one goes, of equal ones the later",
    "a text whose paragraphs are repeated on purpose, for instance a contract or a form letter given twice",
    find,
    """
 Town votes for new bridge
 The town council voted on Monday to build a second bridge over the river, after twelve years of debate.
 "Nobody believed it any more," said Mayor Alma Reed, who had promised the bridge in each of her campaigns.
 The bridge will cost forty million and open in four years if the ground allows it, the engineers said.
-The town council voted on Monday to build a second bridge over the river – after twelve years of debate.
-“Nobody believed it any more,” said Mayor Alma Reed, who had promised the bridge in each of her campaigns.
-The bridge will cost forty million and open in four years if the ground allows it, the engineers said.
 Contact the town council
""",
)
