"""Colours and columns for a person's eyes; without colour the same words.

This room knows neither pages nor options. rich is asked only how wide characters are.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence

import click

from cleaner.cli.outputs import stdout_is_terminal

NARROWEST, PLAIN_COLUMNS = 40, 100

Painter = Callable[[str], str]


def wants_color(choice: str) -> bool:
    """Whether to paint: ``auto`` paints for a terminal that has colours and a person who wants them."""
    if choice != "auto":
        return choice == "always"
    return stdout_is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Palette:
    """The few colours there are, by what they mean; all of them plain when ``color`` is false."""

    def __init__(self, *, color: bool) -> None:
        self.color = color
        self.gone = self._painter(fg="red")
        self.left = self._painter(fg="green")
        self.kept = self._painter()
        self.code = self._painter(fg="yellow")
        self.place = self._painter(fg="cyan")
        self.title = self._painter(bold=True)
        self.aside = self._painter(dim=True)

    def _painter(self, **style: str | bool) -> Painter:
        if not self.color or not style:
            return str
        return lambda text: click.style(text, **style) if text else text  # type: ignore[arg-type]


def columns() -> int:
    """The width to lay out for."""
    return max(NARROWEST, shutil.get_terminal_size((PLAIN_COLUMNS, 24)).columns)


def cell_width(text: str) -> int:
    """How many terminal cells a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def padded(text: str, width: int, *, right: bool = False) -> str:
    """The text with spaces to fill a width in cells; on its left side for numbers."""
    space = " " * (width - cell_width(text))
    return space + text if right else text + space


def clipped(text: str, width: int) -> str:
    """The text, ending in an ellipsis when it is wider than ``width`` cells."""
    if len(text) <= 2 * width and cell_width(text) <= width:
        return text
    return f"{text[: _fitting(text[:width], width - 1)].rstrip()}\u2026"


def folded(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` cells, broken at spaces where there are some."""
    lines: list[str] = []
    start = 0
    while True:
        end = start + _fitting(text[start : start + width], width)
        if end >= len(text):
            return [*lines, text[start:]]
        space = text.rfind(" ", start + 1, end + 1)
        end = space if space > 0 else end
        lines.append(text[start:end].rstrip())
        start = end + 1 if text[end] == " " else end


def _fitting(text: str, width: int) -> int:
    """How many characters from the start fit; at least one."""
    while len(text) > 1 and cell_width(text) > width:
        text = text[: len(text) - max(1, (cell_width(text) - width) // 2)]
    return len(text)


def table(rows: Iterable[Sequence[str]], *, numbers: frozenset[int] = frozenset()) -> list[str]:
    """Rows as lines with aligned columns, two spaces apart; columns in ``numbers`` stand to the right."""
    found = [tuple(row) for row in rows]
    widths = [max(map(cell_width, column)) for column in zip(*found, strict=True)]
    return [
        "  ".join(
            padded(cell, width, right=index in numbers)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in found
    ]
