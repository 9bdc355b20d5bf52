"""The filter: a named rule that finds what to remove, with the examples that prove and document it.

A filter is given a page and names spans; it changes nothing. This room knows no particular filter.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from typing import NamedTuple

from cleaner.page import Page, Removal, quick
from cleaner.phrases import has_unspaced

CHARS_A_WORD = 2  # of a phrase in a script without spaces

FAMILIES = {
    "N": "navigation",
    "C": "consent",
    "S": "sharing and discussion",
    "P": "promotion",
    "A": "about",
    "L": "legal",
    "F": "furniture",
    "D": "duplicates",
    "U": "the user's own rules",
    "W": "weighed",
}


class Filter(NamedTuple):
    """A rule with a code that is never reused.

    ``removes`` and ``mistakes`` are sentences: what goes, and when that would be wrong.
    ``examples`` are pages in the diff's own notation, apart by a line ``==``: a line that must go
    begins with ``-``, a line that must stay with a space. ``format`` is the format that the examples are in.
    ``needs`` are the codes of filters whose removals this one goes by, and with which its examples are run.
    """

    code: str
    name: str
    removes: str
    mistakes: str
    find: Callable[[Page], Iterable[Removal]]
    examples: str
    format: str = "text"
    needs: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """The word for the code's letter."""
        return FAMILIES[self.code[0]]


class Example(NamedTuple):
    """One page of a filter's examples: its text, and which of its lines (from 0) must go."""

    text: str
    gone: frozenset[int]


def examples_of(notation: str) -> Iterator[Example]:
    """The pages written in the notation of ``Filter.examples``."""
    for page in notation.strip("\n").split("\n==\n"):
        lines = page.split("\n")
        yield Example(
            "\n".join(line[1:] for line in lines) + "\n",
            frozenset(number for number, line in enumerate(lines) if line.startswith("-")),
        )


def whole(page: Page, block: int, code: str, evidence: object) -> Removal:
    """The removal of a whole block."""
    found = page.blocks[block]
    return quick(Removal, (block, found.start, found.end, code, evidence))


def has_another_near(blocks: Container[int], block: int, reach: int) -> bool:
    """Whether another of some blocks stands no farther from one."""
    return any(other in blocks for other in range(block - reach, block + reach + 1) if other != block)


def quoted(phrase: str) -> str:
    """A phrase as evidence names it."""
    return f'"{phrase}"'


def phrase_words(phrase: str) -> int:
    """How many words a phrase has; in scripts without spaces its characters tell."""
    words = len(phrase.split())
    return max(words, len(phrase) // CHARS_A_WORD) if has_unspaced(phrase) else words
