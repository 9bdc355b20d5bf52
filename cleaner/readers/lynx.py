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
_LIST_LINE = re.compile(r"[ \t]+\d{1,5}\. \S")


class LynxMarks(NamedTuple):
    """What lynx added: spans of numbers and buttons in page order, and where its list of addresses begins."""

    spans: tuple[Span, ...]
    list_start: int

    def masked(self, source: str) -> str:
        """The source with spaces for the marks; its length is the same."""
        pieces, at = [], 0
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
    spans, numbers, others, attached, last = [], 0, 0, 0, 0
    for match in _MARK.finditer(source, 0, list_start):
        if match[1]:
            number = int(match[1])
            if not last < number <= last + LARGEST_STEP:
                others += 1
                continue
            last = number
            numbers += 1
            attached += _is_attached(source, *match.span())
        spans.append(Span(*match.span()))
    sure = list_start < len(source) or (
        numbers >= FEWEST_NUMBERS and others <= MOST_OTHERS * numbers and attached >= FEWEST_ATTACHED * numbers
    )
    return LynxMarks(tuple(spans), list_start) if sure and numbers else None


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
    title = _LIST_TITLE.match(source, start + 1)
    lines = [line for line in source[start + 1 :].splitlines() if line and not line.isspace()]
    numbered = sum(_LIST_LINE.match(line) is not None for line in lines)
    with_scheme = sum(":/" in line for line in lines)
    if title is None or min(numbered, with_scheme) * 2 < len(lines):
        return len(source)
    return start + 1
