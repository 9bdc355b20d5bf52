"""Recognises a page that lynx dumped: its link numbers, its buttons, its closing list of addresses.

This room knows how lynx writes; what becomes of its additions it does not know.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cleaner.page import Span

LARGEST_STEP = 5  # lynx counts its links one by one; hidden ones leave small gaps
FEWEST_NUMBERS = 8  # without the closing list so many must ascend from 1
MOST_OTHERS = 0.1  # bracketed numbers that fall out of the sequence, without the list
FEWEST_ATTACHED = 0.7  # numbers that stand before a word and after none, as "[14]Topics" does

_MARK = re.compile(r"\[(\d{1,5})\]|\(BUTTON\)")
_LIST_TITLE = re.compile(r"References[ \t\r]*$", re.M)
_LIST_LINE = re.compile(r"^[ \t]{0,8}\d{1,5}\. \S", re.M)


class LynxMarks(NamedTuple):
    """What lynx added: spans of numbers and buttons in page order, and where its list of addresses begins."""

    spans: tuple[Span, ...]
    list_start: int

    def masked(self, source: str) -> str:
        """The source with spaces for the marks; its length is the same."""
        pieces: list[str] = []
        at = 0
        for start, end in self.spans:
            pieces += (source[at:start], " " * (end - start))
            at = end
        pieces.append(source[at:])
        return "".join(pieces)


def lynx_marks(source: str) -> LynxMarks | None:
    """The marks of a page that lynx dumped; None for any other.

    Only numbers that ascend from link to link are marks: "[12]" in the text of an encyclopedia stays.
    """
    if "[1]" not in source and "[2]" not in source:
        return None
    list_start = _list_start(source)
    spans, numbers, others, last = [], [], 0, 0
    for match in _MARK.finditer(source, 0, list_start):
        span = Span(*match.span())
        if match[1]:
            number = int(match[1])
            if not last < number <= last + LARGEST_STEP:
                others += 1
                continue
            last = number
            numbers.append(span)
        spans.append(span)
    listed = list_start < len(source)
    if numbers and (listed or _is_sequence(source, numbers, others)):
        return LynxMarks(tuple(spans), list_start)
    return None


def _is_sequence(source: str, numbers: list[Span], others: int) -> bool:
    """Whether numbers are those of links though no list of addresses closes the page."""
    if len(numbers) < FEWEST_NUMBERS or others > MOST_OTHERS * len(numbers):
        return False
    return sum(_is_attached(source, *span) for span in numbers) >= FEWEST_ATTACHED * len(numbers)


def _is_attached(source: str, start: int, end: int) -> bool:
    before, after = source[start - 1 : start], source[end : end + 1]
    return (
        not before.isalnum() and before not in (".", ",", ")") and not after.isspace() and after not in (".", ",", "")
    )


def _list_start(source: str) -> int:
    """Where the closing list of addresses begins; the end of the source without one."""
    start = source.rfind("\nReferences")
    if start < 0:
        return len(source)
    tail = source[start + 1 :]
    half = tail.count("\n") // 2
    if _LIST_TITLE.match(tail) is None or tail.count(":/") < half or len(_LIST_LINE.findall(tail)) < max(half, 1):
        return len(source)
    return start + 1
