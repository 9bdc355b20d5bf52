"""``cleaner diff [INPUT]...``: what goes, by which filter and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from cleaner.cli import folder_diff, rendering
from cleaner.cli.command import Command, given, option
from cleaner.cli.options import OUTPUT, READING, Records, Settings, records_options, settings_options
from cleaner.cli.outputs import print_json, print_shown, print_text, stdout_is_terminal
from cleaner.cli.pages import CHANGED, Cleaned, Run
from cleaner.cli.paint import Palette, columns, wants_color
from cleaner.errors import UsageError

HELP = """Show what goes: one hunk a removal, with the filter's code and name and the evidence behind the second @@.

Over a folder or a container: what goes from all its pages, by filter, the commonest texts first.
Into a pipe it is a patch: "patch raw.txt < raw.diff" makes the clean text of text and Markdown in UTF-8.
On a terminal it is in colour, and control characters are shown as escapes."""
EXAMPLES = (
    ("cleaner diff raw.txt", "on a terminal, in colour"),
    ("cleaner diff -y raw.txt", "before and after in two columns"),
    ("cleaner diff --stat *.txt", "how much each filter takes"),
    ("cleaner diff scrapes/", "a thousand pages at a glance"),
    ("cleaner diff --audits audits/", "what a run of cleaner batch removed"),
    ("cleaner diff raw.txt | patch raw.txt", "clean the file in place"),
)

FOR_A_PAGE = {"context", "side_by_side", "as_json"}
FOR_MANY = {"top", *Records._fields}
WITH_AUDITS = {"audits", "stat", "top", "exit_code", "color"}


@click.command(
    "diff", cls=Command, reads_stdin=True, help=HELP, short_help="Show what goes and why.", examples=EXAMPLES
)
@option(
    "-U",
    "--unified",
    "context",
    section=OUTPUT,
    help="Lines of context around a hunk; into a pipe as many before it as behind it, as patch needs.",
    metavar="N",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
)
@option("-y", "--side-by-side", section=OUTPUT, help="Two columns: before, and what is left of it.", is_flag=True)
@option("--stat", section=OUTPUT, help="Per filter: blocks, characters, and their share of all.", is_flag=True)
@option(
    "--json",
    "as_json",
    section=OUTPUT,
    help="The accounts, as --to json gives them, one a line.",
    is_flag=True,
)
@option("--exit-code", section=OUTPUT, help="Exit with 1 if anything goes.", is_flag=True)
@option(
    "--audits",
    section=READING,
    help="Instead of inputs: take the accounts that cleaner batch wrote there, and clean nothing again.",
    metavar="DIR|FILE",
)
@option(
    "--top",
    section=OUTPUT,
    help="Over a folder: how many texts of each filter are shown; 10 without it.",
    metavar="N",
    type=click.IntRange(min=0),
    default=10,
)
@records_options
@settings_options
def command(
    settings: Settings,
    *,
    records: Records,
    context: int,
    side_by_side: bool,
    stat: bool,
    as_json: bool,
    exit_code: bool,
    audits: str | None,
    top: int,
) -> int:
    """The exit code of showing what goes."""
    if side_by_side + stat + as_json > 1:
        raise UsageError("--side-by-side, --stat and --json exclude each other; choose one")
    is_many = audits is not None or folder_diff.holds_many(settings)
    _refuse_idle(given(click.get_current_context()), is_many=is_many)
    if is_many:
        return folder_diff.show(settings, records, audits=audits, stat=stat, top=top, exit_code=exit_code)
    run = Run()
    pages = _noted(run.cleaned(settings), run if exit_code else None)
    palette = Palette(color=wants_color(settings.color))
    if stat:
        print_shown(rendering.stat(pages, palette))
    elif as_json:
        _print_accounts(pages)
    elif side_by_side:
        for page in pages:
            _print(rendering.side_by_side(page.result.page, page.name, context, palette, columns()))
    elif palette.color or stdout_is_terminal():
        for page in pages:
            _print(rendering.diff(page.result.page, page.label, context, palette))
    else:
        for page in pages:
            _print_patch(page, context)
    return run.code


def _refuse_idle(options: dict[str, str], *, is_many: bool) -> None:
    """Raises UsageError for options and inputs of the call that would have no effect."""
    if "audits" in options:
        idle = options.keys() - WITH_AUDITS
        why = "no use with --audits, which shows what a run removed and cleans nothing"
    elif is_many:
        idle = options.keys() & FOR_A_PAGE
        why = "over a folder there are texts with counts, or --stat; cleaner batch --audits has all accounts"
    else:
        idle, why = options.keys() & FOR_MANY, "only for folders and containers"
    if idle:
        raise UsageError(f"{' and '.join(name for key, name in options.items() if key in idle)}: {why}")


def _noted(pages: Iterable[Cleaned], run: Run | None) -> Iterator[Cleaned]:
    """The same pages; when one has removals, the run will end with 1."""
    for page in pages:
        if run and page.result.removals:
            run.end_with(CHANGED)
        yield page


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print_shown(line + "\n")


def _print_patch(page: Cleaned, context: int) -> None:
    from cleaner.audit import unified_diff

    decoded = page.result.decoded
    for line in unified_diff(page.result.page, *page.label, context, bom=bool(decoded and decoded.bom)):
        print_text(line)


def _print_accounts(pages: Iterable[Cleaned]) -> None:
    from cleaner.writers.json import json_of

    for page in pages:
        print_json(json_of(page.result) + "\n")
