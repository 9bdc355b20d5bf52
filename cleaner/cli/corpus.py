"""What the commands on labelled corpora share: their arguments, the choices in force, and how far they are.

This room knows options and streams; what is measured it does not know.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from cleaner.cli.command import Declared, option
from cleaner.cli.options import CHOICES, FORMATS, READING, Settings, color_option
from cleaner.cli.outputs import say
from cleaner.errors import counted

if TYPE_CHECKING:
    from cleaner.config import Config
    from cleaner.labelled import Labelled

RUNNING = "Run"
_CHOSEN = ("format", "preset", "only", "skip", "keep", "drop", "points", "config", "isolated", "color")

Item = TypeVar("Item")


class Asked(NamedTuple):
    """The shared choices of one call on a corpus."""

    settings: Settings
    pages: str
    gold: str | None
    text_field: str | None
    jobs: int | None


def corpus_options(command: Declared) -> Declared:
    """The function with the shared arguments and options declared on it; it is called with Asked first."""

    @wraps(command)
    def packed(**given: Any) -> int:
        settings = Settings(
            inputs=(given["pages"],),
            encoding=None,
            stdin_filename=None,
            show_settings=False,
            **{name: given.pop(name) for name in _CHOSEN},
        )
        return command(Asked(settings, *(given.pop(name) for name in Asked._fields[1:])), **given)

    declared: Declared = packed
    for parameter in reversed(_SHARED):
        declared = parameter(declared)
    return declared


_SHARED: tuple[Callable[[Declared], Declared], ...] = (
    click.argument("pages", metavar="PAGES", type=click.Path(readable=False)),
    click.argument("gold", metavar="[GOLD]", required=False, type=click.Path(readable=False)),
    option(
        "--text-field",
        section=READING,
        help="The field of the rows that holds the page, when it is not text, markdown or html.",
        metavar="NAME",
    ),
    option(
        "--format",
        section=READING,
        help="What the pages are: text, markdown, html, or auto: what field or suffix says.  [auto]",
        metavar="NAME",
        type=click.Choice(FORMATS),
        default="auto",
    ),
    *CHOICES,
    option(
        "--jobs",
        section=RUNNING,
        help="How many pages to clean at the same time, when not one on each processor.",
        metavar="N",
        type=click.IntRange(min=1),
    ),
    color_option,
)


def read_asked(asked: Asked) -> tuple[Labelled, ...]:
    """The labelled pages of the call; golds that have no page are said."""
    from cleaner.labelled import read_corpus

    corpus = read_corpus(asked.pages, asked.gold, text_field=asked.text_field)
    if corpus.golds_alone:
        have, do = ("has", "does") if corpus.golds_alone == 1 else ("have", "do")
        say(f"{asked.gold}: {counted(corpus.golds_alone, 'gold')} {have} no page and {do} not count")
    if asked.settings.format == "auto":
        return corpus.pages
    return tuple(page._replace(format=asked.settings.format) for page in corpus.pages)


def config_of(asked: Asked) -> Config:
    """The configuration in force: the choices of the call, and a cleaner.toml beside or above the pages."""
    from cleaner.cli.configuration import configured

    return configured(asked.settings, asked.pages).config


def jobs_of(asked: Asked) -> int:
    """How many processes to use."""
    from cleaner.parallel import cores

    return asked.jobs or cores()


def shown_progress(items: Iterable[Item], label: str, total: int) -> Iterator[Item]:
    """The same items; while they pass, a person at standard error sees how many have."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import Progress

    # No thread that draws: the processes that clean are forked while the bar is on the screen.
    with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task(label, total=total)
        for item in items:
            yield item
            bar.update(task, advance=1, refresh=True)
