"""What a person sees of a batch run: a bar while it goes on, lines where there is no terminal, a table at its end.

This room knows numbers and nothing of pages.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from typing import TYPE_CHECKING

from cleaner.cli.outputs import say
from cleaner.cli.paint import Palette, table
from cleaner.errors import counted
from cleaner.escapes import shown

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from cleaner.runs import BatchResult, Progress

SHOW_CURSOR = b"\x1b[?25h\n"
LINE_SECONDS = 10  # between lines of progress where there is no bar
UNITS = ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB"))


class Display:
    """Shows the progress of one run; a context that takes the bar away at its end."""

    def __init__(self, *, quiet: bool) -> None:
        self._terminal = sys.stderr is not None and sys.stderr.isatty()
        self._quiet = quiet
        self._bar: Bar | None = None
        self._shown = time.monotonic()

    def __enter__(self) -> Display:
        if self._terminal and not self._quiet:
            self._bar = _new_bar()
            self._bar.add_task("looking for pages", total=None)
            self._bar.start()
        return self

    def __exit__(self, *unused: object) -> None:
        if self._bar:
            self._bar.stop()

    def give_back(self) -> None:
        """Gives a terminal its cursor back when the program ends at once; for a signal's handler."""
        if self._bar:
            os.write(sys.stderr.fileno(), SHOW_CURSOR)  # no file object: this thread may be within its writing

    def has_color(self, choice: str) -> bool:
        """Whether the table is painted."""
        if choice != "auto":
            return choice == "always"
        return self._terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def print(self, text: str) -> None:
        """Writes lines to standard error."""
        if sys.stderr is not None:
            with contextlib.suppress(OSError):  # as for single lines: the outputs are what counts
                sys.stderr.write(text)
                sys.stderr.flush()

    def show(self, progress: Progress) -> None:
        """Shows how far the run is, and what is new to say."""
        if progress.said and self._bar:
            self._bar.console.file.flush()
        for line in progress.said:
            if self._bar:
                self._bar.console.print(f"cleaner: {_one_line(line)}", markup=False, highlight=False, soft_wrap=True)
            else:
                say(_one_line(line))
        if self._quiet:
            return
        if self._bar:
            self._advance(self._bar, progress)
        elif time.monotonic() - self._shown >= LINE_SECONDS:
            self._shown = time.monotonic()
            say(_line(progress))

    def _advance(self, bar: Bar, progress: Progress) -> None:
        said = f"{progress.pages:,} pages, {progress.rate:,.0f} a second, {progress.failed:,} failed"
        bar.update(
            bar.task_ids[0],
            completed=progress.bytes_done,
            total=max(progress.bytes_total, 1),
            description=said,
        )


def _new_bar() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        BarColumn(),
        DownloadColumn(binary_units=True),
        TextColumn("{task.description}", markup=False),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


def _one_line(text: str) -> str:
    return shown(text).replace("\n", "\\n")


def _line(progress: Progress) -> str:
    """The progress as a line of a log."""
    return (
        f"{progress.pages:,} pages, {_size(progress.bytes_done)} of {_size(progress.bytes_total)}, "
        f"{progress.rate:,.0f} pages a second, {_time(progress.seconds_left)} left, {progress.failed:,} failed"
    )


def _size(count: int) -> str:
    for unit, name in UNITS:
        if count >= unit:
            return f"{count / unit:,.1f} {name}"
    return f"{count:,} B"


def _time(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"


def say_nothing_found(result: BatchResult) -> None:
    """Says that no input holds or would hold a page, of which a pattern of names may be the reason."""
    if not (result.pages or result.unreached or any(result.planned)):
        excluded = counted(result.excluded, "name")
        why = f"; {excluded} left out by --include, --exclude or .cleanerignore" if result.excluded else ""
        say(f"no page was found{why}")


def say_unfound(result: BatchResult) -> None:
    """Says which of the user's patterns were found on no page; of a run that is not over nobody knows."""
    if not result.interrupted:
        for line in result.facts.unfound():
            say(line)


def summary_of(result: BatchResult, *, color: bool) -> str:
    """The table at the end of a run."""
    palette = Palette(color=color)
    lines = [*_counts(result, palette), *_filters(result, palette), *_highest(result, palette)]
    return "".join(f"{line}\n" for line in lines)


def _counts(result: BatchResult, palette: Palette) -> list[str]:
    facts = result.facts
    cleaned = result.done - result.resumed
    rate = f", {cleaned / result.seconds:,.0f} pages a second" if cleaned and result.seconds else ""
    resumed = f", {result.resumed:,} of them before the interrupt" if result.resumed else ""
    rows = [
        ("done", f"{result.done:,}", f"in {_time(result.seconds)}{rate}{resumed}"),
        ("skipped", f"{result.skipped:,}", "done before, or no pages" if result.skipped else ""),
        ("failed", f"{result.failed:,}", f"see {shown(result.failures)}" if result.failures else ""),
    ]
    rows += [(name, f"{count:,}", said) for name, count, said in _remarks(result) if count]
    found = table(rows, numbers=frozenset((1,)))
    return [palette.gone(line) if line.startswith("failed") and result.failed else line for line in found] + (
        [f"kept {facts.chars - _gone(result):,} of {facts.chars:,} characters"] if facts.chars else []
    )


def _remarks(result: BatchResult) -> tuple[tuple[str, int, str], ...]:
    facts = result.facts
    return (
        ("not reached", result.unreached, "inputs"),
        ("excluded", result.excluded, "files and folders left out by name"),
        ("empty", facts.empty, "pages of which nothing is left"),
        ("over budget", facts.over_budget, "pages that lose more than --max-removed"),
    )


def _gone(result: BatchResult) -> int:
    return sum(chars for _, chars in result.facts.removed.values())


def _filters(result: BatchResult, palette: Palette) -> list[str]:
    from cleaner.audit import filter_name

    removed, total = result.facts.removed, result.facts.chars
    if not removed:
        return []
    order = sorted(removed, key=lambda code: (-removed[code][1], code))
    rows = [
        (code, filter_name(code), f"{removed[code][0]:,}", f"{removed[code][1]:,}", f"{removed[code][1] / total:.1%}")
        for code in order
    ]
    head, *lines = table([("code", "filter", "blocks", "characters", "share"), *rows], numbers=frozenset((2, 3, 4)))
    return ["", palette.aside(head), *(palette.code(line[:6]) + line[6:] for line in lines)]


def _highest(result: BatchResult, palette: Palette) -> list[str]:
    if not result.facts.top:
        return []
    lines = [f"{share:6.1%}  {_one_line(name)}" for share, name in result.facts.top]
    return ["", palette.aside("highest share removed"), *lines]
