"""The rows of tables: which are data, one block a row, and which are layout, whose cells stay apart.

This room is told where tables, rows and cells begin and end; what stands in them it reads in the pieces.
"""

from __future__ import annotations

from cleaner.readers.elements import Cell, Containers, Piece
from cleaner.readers.within import Within

LONGEST_ROW = 400  # characters; a longer row is layout, not data,
LONGEST_HEADED_ROW = 4_000  # unless the table has header cells
MOST_PIECES = 3  # blocks in a cell of data

_WHOLE = frozenset(("heading", "code", "item", "table"))  # kinds of blocks that are no piece of a row


class _Table:
    """A table that is being read: whether it has header cells, and its row's cells so far."""

    def __init__(self) -> None:
        self.headed = False
        self.nested = False  # whether another table stands in this row
        self.row = self.first = 0  # the row's container, and its first block
        self.cells: list[tuple[int, bool]] = []  # the block each cell begins with, and whether it is a header cell


class Rows:
    """The tables that are being read, one in another; ``cells`` are those of the rows that are blocks."""

    def __init__(self, containers: Containers, pieces: list[Piece], within: Within) -> None:
        self.cells: dict[int, list[Cell]] = {}
        self._containers, self._pieces, self._within = containers, pieces, within
        self._tables: list[_Table] = []

    def begin_table(self) -> None:
        """Enters a table."""
        if self._tables:
            self._tables[-1].nested = True
        self._tables.append(_Table())

    def end_table(self) -> None:
        """Leaves a table."""
        self._tables.pop()

    def begin_row(self) -> None:
        """Enters a row, the newest container."""
        if self._tables:
            table = self._tables[-1]
            table.row, table.first = len(self._containers.lasts) - 1, len(self._pieces)
            table.cells, table.nested = [], False

    def begin_cell(self, *, header: bool = False) -> None:
        """Enters a cell."""
        if self._tables:
            self._tables[-1].cells.append((len(self._pieces), header))
            self._tables[-1].headed |= header

    def end_row(self) -> None:
        """Makes one block of a row of data; the cells of a row that is layout stay apart, as do rows in no table."""
        if not self._tables or not self._tables[-1].cells:
            return
        table, pieces = self._tables[-1], self._pieces
        row = pieces[table.first :]
        fewest = 1 if table.headed else 2
        if table.nested or len(row) < fewest or not _WHOLE.isdisjoint([piece[2] for piece in row]):
            return
        ends = [start for start, _ in table.cells[1:]] + [len(pieces)]
        cells = [pieces[start:end] for (start, _), end in zip(table.cells, ends, strict=True)]
        sizes = [len(cell) for cell in cells]
        longest = LONGEST_HEADED_ROW if table.headed else LONGEST_ROW
        if (
            len(sizes) < 2
            or len(sizes) - sizes.count(0) < fewest
            or max(sizes) > MOST_PIECES
            or sum([len(piece[1]) for piece in row]) > longest
        ):
            return
        text = "\t".join([" ".join([piece[1] for piece in cell]) for cell in cells]).strip()
        links = sum([piece[4] for piece in row])
        pieces[table.first :] = [(row[0][0], text, "table", table.row, links, 0, False, None)]
        self.cells[table.first] = [
            (header, [inline or self._within.add([text], ()) for _, text, *_, inline in cell])
            for cell, (_, header) in zip(cells, table.cells, strict=True)
        ]
        self._containers.join(table.row, table.first)
