"""D103, a line or paragraph that is repeated: at once, or as the page's title under the title."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from cleaner.features import Features, features_of
from cleaner.filter import Filter, whole
from cleaner.page import Page, Removal
from cleaner.shingles import CODE_SIGNS, elsewhere

CODE = "D103"
LEAST_WORDS = 5  # shorter lines come twice in lists and tables, and as "Yes." "Yes." in dialogue
VERSE_WORDS = 12  # a longer line is no verse
TITLE_WORDS = 25
MOST_TITLES = 2  # a line that comes more often is a label
NEAR = 2  # neighbours on either side that tell verse from prose
TITLE_LINES = 8  # above the first prose, where the title is


def find(page: Page) -> Iterator[Removal]:
    """The later of two equal lines that follow each other, and of two equal titles."""
    features = features_of(page)
    standing = [block for block in range(len(page.blocks)) if page.is_whole(block)]
    counts = [features.words[block] for block in standing]
    gone = set()
    for at in [at for at, (one, other) in enumerate(pairwise(counts), 1) if one == other >= LEAST_WORDS]:
        block, before = standing[at], standing[at - 1]
        if _is_equal(page, features, before, block) and not _is_verse(page, features, standing, at):
            gone.add(block)
            yield whole(page, block, CODE, elsewhere(page, before, before, "same as {}"))
    for block, title in _titles(page, features, standing):
        if block not in gone:
            yield whole(page, block, CODE, elsewhere(page, title, title, "the title, as in {}"))


def _is_equal(page: Page, features: Features, one: int, other: int) -> bool:
    found = page.blocks[other]
    if found.kind in ("code", "table", "quote") or CODE_SIGNS.search(found.text[-200:]):
        return False
    return _words(page, features, one) == _words(page, features, other)


def _words(page: Page, features: Features, block: int) -> list[str]:
    return features.plain[page.blocks[block].start : page.blocks[block].end].split()


def _is_verse(page: Page, features: Features, standing: list[int], at: int) -> bool:
    """Whether a line stands among lines as short as it, which do not end as sentences do."""
    if features.words[standing[at]] > VERSE_WORDS:
        return False
    around = standing[max(0, at - 1 - NEAR) : at - 1] + standing[at + 1 : at + 1 + NEAR]
    short = [block for block in around if 3 <= features.words[block] <= VERSE_WORDS and not features.prose[block]]
    return len(short) >= NEAR + 1


def _titles(page: Page, features: Features, standing: list[int]) -> Iterator[tuple[int, int]]:
    """Each line equal to one shortly above the first prose and without prose under it, with that one.

    A line that has prose under it is a heading, and the one above an entry of the contents.
    """
    first_prose = next((at for at, block in enumerate(standing) if features.prose[block]), None)
    if first_prose is None:
        return
    titles: dict[tuple[str, ...], int] = {}
    for block in standing[max(0, first_prose - TITLE_LINES) : first_prose]:
        if LEAST_WORDS <= features.words[block] <= TITLE_WORDS:
            titles.setdefault(tuple(_words(page, features, block)), block)
    lengths = {features.words[block] for block in titles.values()}
    again: dict[int, list[int]] = {}
    for at, block in enumerate(standing):
        if features.words[block] in lengths and not _has_prose_under(features, standing, at):
            title = titles.get(tuple(_words(page, features, block)), block)
            if title != block and not _is_verse(page, features, standing, at):
                again.setdefault(title, []).append(block)
    for title, blocks in again.items():
        if len(blocks) <= MOST_TITLES:
            yield from ((block, title) for block in blocks)


def _has_prose_under(features: Features, standing: list[int], at: int) -> bool:
    return any(features.prose[block] for block in standing[at + 1 : at + 2])


REPEATED_LINE = Filter(
    CODE,
    "repeated line",
    "a line or paragraph that is given twice in a row, and the page's title where it comes again",
    "a line that is said twice for its effect",
    find,
    """
 The night train to Oslo is back at last
-The night train to Oslo is back at last
 After eleven years the night train to Oslo will run again from the first of May, the operator said.
-After eleven years the night train to Oslo will run again from the first of May, the operator said.
 Tickets for the night train will be sold from Monday.
""",
)
