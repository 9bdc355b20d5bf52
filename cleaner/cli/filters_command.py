"""``cleaner filters [CODE]...``: the filters in the order they run, or all there is to know of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from cleaner.cli.command import Command
from cleaner.cli.options import color_option
from cleaner.cli.outputs import print_shown
from cleaner.cli.paint import Palette, columns, folded, padded, wants_color
from cleaner.errors import UsageError

if TYPE_CHECKING:
    from cleaner.filter import Filter

HELP = """List the filters in the order they run; with CODE say what one removes, when it errs, and its examples.

CODE is a code such as P101, a name such as related, or a family such as P."""
EXAMPLES = (
    ("cleaner filters", "all of them"),
    ("cleaner filters P", "those of one family"),
    ("cleaner filters P101", "one, with its examples"),
)
MARGIN = 10  # columns of the words that lead a paragraph


@click.command("filters", cls=Command, help=HELP, short_help="List the filters, or explain one.", examples=EXAMPLES)
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@color_option
def command(codes: tuple[str, ...], *, color: str) -> int:
    """The exit code of listing filters."""
    from cleaner.filters import FILTERS
    from cleaner.filters.user_rules import RULES

    palette = Palette(color=wants_color(color))
    asked = [_asked(code, (*FILTERS, *RULES), palette) for code in codes] or [_listing(FILTERS, palette)]
    print_shown("\n".join("".join(f"{line}\n" for line in lines) for lines in asked))
    return 0


def _asked(code: str, filters: Sequence[Filter], palette: Palette) -> Iterable[str]:
    """What there is to say of a code, a name or a family. Raises UsageError for a word that is none of them."""
    for one in filters:
        if code.upper() == one.code or code.lower() == one.name:
            return _described(one, palette)
    family = [one for one in filters if one.code[0] == code.upper()]
    if not family:
        raise UsageError(f"no filter is called {code}; cleaner filters lists them all")
    return _listing(family, palette)


def _listing(filters: Sequence[Filter], palette: Palette) -> Iterator[str]:
    name_width = max(len(one.name) for one in filters)
    margin = max(len(one.code) for one in filters) + name_width + 4
    for one in filters:
        first, *others = folded(one.removes, columns() - margin)
        yield f"{palette.code(one.code)}  {palette.title(padded(one.name, name_width))}  {first}"
        yield from (f"{' ' * margin}{line}" for line in others)


def _described(one: Filter, palette: Palette) -> Iterator[str]:
    family = palette.aside(f"of family {one.code[0]}, {one.family}")
    yield f"{palette.code(one.code)}  {palette.title(one.name)}  {family}"
    yield ""
    yield from _paragraph("Removes", one.removes)
    yield from _paragraph("Mistakes", one.mistakes)
    for number, notation in enumerate(one.examples.strip("\n").split("\n==\n")):
        yield ""
        yield palette.aside(
            "Another page:" if number else "Examples: a line that goes begins with -, one that stays with a space."
        )
        for line in notation.split("\n"):
            yield from _example_line(line, palette)


def _paragraph(title: str, text: str) -> Iterator[str]:
    for number, line in enumerate(folded(text, columns() - MARGIN)):
        yield padded("" if number else title, MARGIN) + line


def _example_line(line: str, palette: Palette) -> Iterator[str]:
    paint = palette.gone if line.startswith("-") else palette.kept
    for number, piece in enumerate(folded(line[1:], columns() - 3)):
        yield paint(f"{'  ' if number else line[:1]}{piece}")
