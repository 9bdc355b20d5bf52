"""``cleaner explain [INPUT]...``: every block, kept or removed, by which filter and why."""

from __future__ import annotations

from collections.abc import Iterator

import click

from cleaner.cli import rendering
from cleaner.cli.command import Command, option
from cleaner.cli.options import OUTPUT, Settings, settings_options
from cleaner.cli.outputs import print_shown, stdout_is_terminal
from cleaner.cli.pages import Cleaned, Run
from cleaner.cli.paint import Palette, columns, wants_color
from cleaner.errors import UsageError
from cleaner.escapes import shown

HELP = """Say of every block whether it was kept or removed, by which filter, and why.

Control characters are shown as escapes, into pipes too. On a terminal long blocks are cut at its
width; --line shows one in full."""
EXAMPLES = (
    ("cleaner explain raw.txt", "every block and its fate"),
    ("cleaner explain --line 12 raw.txt", "the block on line 12, in full"),
    ("cleaner filters P101", "what the filter named there does"),
)


@click.command(
    "explain",
    cls=Command,
    reads_stdin=True,
    help=HELP,
    short_help="Say why each block stayed or went.",
    examples=EXAMPLES,
)
@option(
    "--line",
    section=OUTPUT,
    metavar="N",
    type=click.IntRange(min=1),
    help="Only the block on this line, in full.",
)
@settings_options
def command(settings: Settings, *, line: int | None) -> int:
    """The exit code of explaining."""
    run = Run()
    palette = Palette(color=wants_color(settings.color))
    for number, page in enumerate(run.cleaned(settings)):
        if number:
            print_shown("\n")
        try:
            for row in _one_block(page, line, palette) if line else _all_blocks(page, settings, palette):
                print_shown(row + "\n")
        except UsageError as error:
            run.failed(page.name, error)
    return run.code


def _all_blocks(page: Cleaned, settings: Settings, palette: Palette) -> Iterator[str]:
    from cleaner.audit import explain

    if len(settings.inputs) > 1:
        yield palette.title(shown(page.name))
    width = columns() if stdout_is_terminal() else None
    for explained in explain(page.result.page):
        yield from rendering.explanation(explained, palette, width)


def _one_block(page: Cleaned, line: int, palette: Palette) -> Iterator[str]:
    """The block on a line. Raises UsageError for a line without one."""
    from cleaner.audit import explain

    last = 0
    for explained in explain(page.result.page):
        if explained.first_line <= line <= explained.last_line:
            yield from rendering.block_in_full(explained, page.name, palette, columns())
            last = line
        elif explained.first_line > line:
            break
    if last != line:
        raise UsageError(f"no block is on line {line}; cleaner explain without --line numbers them all")
