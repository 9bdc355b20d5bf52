"""What stands within the blocks of an HTML page: their text in pieces, and the marks between these.

All of it is in two lists, so that Python has few objects to look after: one for each mark would be half of
all that a result keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Mark = tuple[int, str, str]  # the piece that it stands before, what begins or ends there, a link's address
Inline = range  # of the entries of one block
_HEAD, _MARK = 2, 3  # entries: the block's first piece and the one behind its last, then three a mark


class Within:
    """The pieces and marks of all blocks of a page that are more than text alone."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._entries: list[Any] = []

    def add(self, pieces: Sequence[str], marks: Sequence[int | str]) -> Inline:
        """Enters a block, its marks as three entries each; gives what it is asked for by."""
        all_pieces, entries = self._pieces, self._entries
        start = len(entries)
        entries.append(len(all_pieces))
        all_pieces += pieces
        entries.append(len(all_pieces))
        entries += marks
        return range(start, len(entries))

    def of(self, block: Inline) -> tuple[list[str], list[Mark]]:
        """The pieces of a block and its marks."""
        first, end, *marks = self._entries[block.start : block.stop]
        columns = (marks[part::_MARK] for part in range(_MARK))
        return self._pieces[first:end], list(zip(*columns, strict=True))

    def values(self, block: Inline, mark: str) -> tuple[str, ...]:
        """What the marks of one kind say, such as the addresses of links; those that say nothing are left out."""
        entries = self._entries
        kinds = range(block.start + _HEAD + 1, block.stop, _MARK)
        return tuple([entries[at + 1] for at in kinds if entries[at] == mark and entries[at + 1]])
