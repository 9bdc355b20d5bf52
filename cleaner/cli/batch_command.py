"""``cleaner batch INPUT... OUTPUT``: files, folders and containers cleaned into a folder, by many processes."""

from __future__ import annotations

import contextlib
import os
import signal
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli.command import Command, option
from cleaner.cli.configuration import FolderConfigs
from cleaner.cli.interrupts import INTERRUPTED, interrupts
from cleaner.cli.options import OUTPUT, Records, Settings, records_options, settings_options
from cleaner.cli.outputs import STDOUT, check_targets, print_text, say, write_target
from cleaner.cli.pages import DONE, FAILED
from cleaner.errors import UsageError

if TYPE_CHECKING:
    from cleaner.runs import BatchResult

HELP = """Clean files, folders, JSONL, Parquet, Arrow, WARC and WET into the folder that is named last.

The tree is mirrored: one output for one input, its whole name kept. Files that end in .gz or .zst are
unpacked; containers become containers of the same kind, with the clean text, the share that went and
the warnings as fields more. A run that was stopped goes on when the same command is given again.
Exit code: 0 done, 2 wrong usage, 3 some page failed (see failures.jsonl), 130 interrupted."""
EXAMPLES = (
    ("cleaner batch scrapes/ clean/", "a tree of pages"),
    ("cleaner batch pages.jsonl.gz clean/ --text-field body", "a field of each record"),
    ("cleaner batch crawl.warc.gz clean/ --to parquet", "the HTML responses of a crawl"),
    ("cleaner batch scrapes/ clean/ --audits audits/", "with every removal on record"),
    ("cleaner batch scrapes/ clean/ --dry-run", "what would be done"),
)
RUN = "Run"
SUMMARY_FIELDS = {"pages", "done", "skipped", "failed"}  # by which a summary of an earlier run is known


class BatchCommand(Command):
    """A command whose last argument is where the output goes."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """How its arguments are written."""
        return ["[OPTIONS]", "INPUT...", "OUTPUT"]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What is left of the arguments; of the settings that are shown, none is for the output."""
        left = super().parse_args(ctx, args)
        if ctx.params.get("show_settings"):
            ctx.params["inputs"] = ctx.params["inputs"][:-1] or ctx.params["inputs"]
        return left


@click.command("batch", cls=BatchCommand, help=HELP, short_help="Clean folders and containers.", examples=EXAMPLES)
@option(
    "--to",
    section=OUTPUT,
    help="What a page becomes: text, unless told otherwise. Containers turn into jsonl and parquet alone.",
    type=click.Choice(("text", "markdown", "json", "jsonl", "parquet")),
    default="text",
)
@option(
    "--audits",
    section=OUTPUT,
    help="Write every removal: into this folder, a file for each output, or into one .jsonl or .parquet file.",
    metavar="DIR|FILE",
)
@option("--summary", section=OUTPUT, help="Write the numbers of the run to this file, as JSON.", metavar="FILE")
@option(
    "--max-removed",
    section=OUTPUT,
    help="Warn of pages that lose more than this share of their text, such as 0.9.",
    metavar="SHARE",
    type=click.FloatRange(0, 1),
)
@option(
    "--on-budget",
    section=OUTPUT,
    help="What becomes of these pages: flag them, which is the default, keep them whole, or fail.",
    type=click.Choice(("flag", "keep", "fail")),
    default="flag",
)
@records_options
@option(
    "-j",
    "--jobs",
    section=RUN,
    help="How many processes work; one a core without it.",
    metavar="N",
    type=click.IntRange(min=1),
)
@option(
    "--timeout",
    section=RUN,
    help="Give a page up after so many seconds; 30 without it.",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
)
@option(
    "--memory",
    section=RUN,
    help="Give a page up that needs more megabytes; 2048 without it.",
    metavar="MB",
    type=click.IntRange(min=1),
    default=2048,
)
@option("--force", section=RUN, help="Do everything again.", is_flag=True)
@option("-n", "--dry-run", section=RUN, help="List what would be done; write nothing.", is_flag=True)
@option(
    "-q", "--quiet", section=RUN, help="Show no progress and no summary; failures and warnings are said.", is_flag=True
)
@option("-v", "--verbose", section=RUN, help="Say every warning, and keep tracebacks in failures.jsonl.", is_flag=True)
@settings_options
def command(
    settings: Settings,
    *,
    records: Records,
    summary: str | None,
    quiet: bool,
    memory: int,
    timeout: float,
    **given: Any,
) -> int:
    """The exit code of a run."""
    from cleaner.cli.batch_display import Display, say_nothing_found, say_unfound, summary_of
    from cleaner.runs import batch

    *inputs, output = _named(settings)
    if given["on_budget"] != "flag" and given["max_removed"] is None:
        raise UsageError(f"--on-budget {given['on_budget']} needs a budget: give one with --max-removed, such as 0.9")
    if summary and given["dry_run"]:
        raise UsageError("--summary and --dry-run exclude each other: a dry run has no numbers and writes nothing")
    if summary is not None:
        _check_summary(summary)
    with (
        Display(quiet=quiet or given["dry_run"]) as display,
        interrupts(signal.SIGINT, signal.SIGTERM, at_once=display.give_back),
    ):
        result = batch(
            inputs,
            output,
            format=settings.format,
            encoding=settings.encoding,
            config=FolderConfigs(settings),
            stdin_name=settings.stdin_filename,
            timeout_seconds=timeout,
            memory_bytes=memory << 20,
            progress=display.show,
            reserved=(summary,) if summary and summary != STDOUT else (),
            **records._asdict(),
            **given,
        )
    for planned in result.planned:
        print_text("{2:5}  {0} -> {1}\n".format(*map(_printable, planned)))
    if summary:
        _write_summary(summary, result)
    say_unfound(result)
    say_nothing_found(result)
    if not quiet and not given["dry_run"]:
        display.print(summary_of(result, color=display.has_color(settings.color)))
    if result.interrupted:
        say("interrupted; give the same command again to go on")
        return INTERRUPTED
    return FAILED if result.failed else DONE


def _named(settings: Settings) -> tuple[str, ...]:
    if len(settings.inputs) < 2:
        raise UsageError("an input and then the folder for the output are needed: cleaner batch scrapes/ clean/")
    return settings.inputs


def _printable(name: str) -> str:
    return name.replace("\n", "\\n")


def _check_summary(path: str) -> None:
    """Raises UsageError for a file that cannot be written, or that is there and holds something else."""
    import json

    check_targets({"--summary": path})
    if not os.path.isfile(path) or not os.path.getsize(path):
        return
    with contextlib.suppress(OSError, ValueError, TypeError), open(path, encoding="utf-8") as file:
        if set(json.load(file)) >= SUMMARY_FIELDS:
            return
    raise UsageError(f"{path}: is there, holds no summary, and would be replaced; name another file")


def _write_summary(path: str, result: BatchResult) -> None:
    import json

    write_target(path, (json.dumps(result.as_table(), indent=2) + "\n").encode())
