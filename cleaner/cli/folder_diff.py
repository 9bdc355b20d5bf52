"""What goes over all pages of folders and containers: by filter, the commonest texts first.

This room shows; counting is the library's.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cleaner.cli.batch_display import Display, say_unfound
from cleaner.cli.configuration import FolderConfigs
from cleaner.cli.inputs import STDIN
from cleaner.cli.interrupts import INTERRUPTED
from cleaner.cli.options import Records, Settings
from cleaner.cli.outputs import print_shown, say
from cleaner.cli.pages import CHANGED, DONE, FAILED
from cleaner.cli.paint import Palette, clipped, columns, padded, table, wants_color
from cleaner.containers import kind_of
from cleaner.errors import counted
from cleaner.escapes import on_one_line

if TYPE_CHECKING:
    from cleaner.runs.removed import Removed, RemovedSums

COUNT_WIDTH = 9


def holds_many(settings: Settings) -> bool:
    """Whether an input is a folder or a container."""
    names = (settings.stdin_filename or "" if path == STDIN else path for path in settings.inputs or (STDIN,))
    return any(os.path.isdir(name) or kind_of(name).container for name in names)


def show(settings: Settings, records: Records, *, audits: str | None, stat: bool, top: int, exit_code: bool) -> int:
    """The exit code of showing what goes, from the accounts of a run or else by cleaning again."""
    sums, code = (_saved(audits), DONE) if audits is not None else _cleaned_again(settings, records)
    if sums is None:
        return code
    palette = Palette(color=wants_color(settings.color))
    found = list(sums.result(top))
    for line in _stat(found, sums.pages, palette) if stat else _texts(found, palette):
        print_shown(line + "\n")
    return max(code, CHANGED if exit_code and found else DONE)


def _saved(audits: str) -> RemovedSums:
    from cleaner.runs.removed import removed_in

    sums = removed_in(audits)
    say(f"{counted(sums.pages, 'page')}, by what cleaner batch wrote to {audits}; nothing was cleaned again")
    return sums


def _cleaned_again(settings: Settings, records: Records) -> tuple[RemovedSums | None, int]:
    """The sums, None after an interrupt, and the exit code."""
    from cleaner.runs import batch
    from cleaner.runs.removed import RemovedSums, removed_in

    with tempfile.TemporaryDirectory(prefix="cleaner-diff-") as folder, Display(quiet=False) as display:
        accounts = os.path.join(folder, "accounts.jsonl")
        result = batch(
            settings.inputs or (STDIN,),
            os.path.join(folder, "clean"),
            format=settings.format,
            encoding=settings.encoding,
            config=FolderConfigs(settings),
            stdin_name=settings.stdin_filename,
            audits=accounts,
            progress=display.show,
            numbered=True,  # nobody sees the outputs: two of the same name are no reason to refuse
            **records._asdict(),
        )
        if result.interrupted:
            return None, INTERRUPTED
        say_unfound(result)
        sums = removed_in(accounts) if result.done else RemovedSums()
    were = "was" if sums.pages == 1 else "were"
    say(f"{counted(sums.pages, 'page')} {were} cleaned again; --audits takes what cleaner batch --audits wrote")
    return sums, FAILED if result.failed else DONE


def _stat(found: list[Removed], pages: int, palette: Palette) -> Iterator[str]:
    """The table of ``cleaner diff --stat``, over all pages."""
    tallies = [one.tally for one in found]
    sums = (sum(one.blocks for one in tallies), sum(one.chars for one in tallies), sum(one.share for one in tallies))
    rows = [(one.filter, one.name, one.blocks, one.chars, one.share) for one in tallies]
    rows.append(("", f"all, in {counted(pages, 'page')}", *sums))
    cells = [(code, name, f"{blocks:,}", f"{chars:,}", f"{share:.1%}") for code, name, blocks, chars, share in rows]
    head, *lines, last = table(
        [("code", "filter", "blocks", "characters", "share"), *cells], numbers=frozenset((2, 3, 4))
    )
    yield palette.aside(head)
    yield from (palette.code(line[:6]) + line[6:] for line in lines)
    yield palette.title(last)


def _texts(found: list[Removed], palette: Palette) -> Iterator[str]:
    """Each filter with its sums, and under it its commonest texts with how often each went."""
    width = columns() - COUNT_WIDTH - 3
    for tally, texts, others in found:
        said = f"{counted(tally.blocks, 'block')}, {counted(tally.chars, 'character')}, {tally.share:.1%}"
        yield f"{palette.code(tally.filter)} {palette.title(tally.name)}  {palette.aside(said)}"
        for text, count in texts:
            number = padded(f"{count:,}", COUNT_WIDTH, right=True)
            yield f"{palette.aside(number)} {palette.gone('-' + clipped(on_one_line(text), width))}"
        if others:
            yield palette.aside(f"{padded(f'{others:,}', COUNT_WIDTH, right=True)}  times other texts")
