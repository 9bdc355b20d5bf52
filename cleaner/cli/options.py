"""The options that clean, diff and explain share, declared once, and what they hold together.

This room knows which choices there are; what they mean is known to the library.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

import click

from cleaner.cli.command import Declared, option

FORMATS = ("auto", "text", "markdown", "html")
PRESETS = ("precision", "balanced", "recall")
CODE = re.compile(r"[A-Za-z]\d*")  # or a family, which is a letter
OUTPUT, CHOOSING, READING, DISPLAY = "Output", "What goes", "Input", "Display"


class Settings(NamedTuple):
    """The shared choices of one call, as they were given; None where the configuration may decide."""

    inputs: tuple[str, ...]
    format: str
    encoding: str | None
    stdin_filename: str | None
    preset: str | None
    only: tuple[str, ...]
    skip: tuple[str, ...]
    keep: tuple[str, ...]
    drop: tuple[str, ...]
    points: str | None
    config: str | None
    isolated: bool
    show_settings: bool
    color: str


class Records(NamedTuple):
    """Which files of folders are taken, and which fields of records in containers."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    text_field: str = "text"
    url_field: str = "url"


def records_options(command: Declared) -> Declared:
    """The function with the options on folders and containers declared on it; it is called with ``records``."""

    @wraps(command)
    def packed(*args: Any, **given: Any) -> int:
        records = Records(**{name: given.pop(name) for name in Records._fields})
        return command(*args, records=records, **given)

    declared: Declared = packed
    for parameter in reversed(_RECORDS):
        declared = parameter(declared)
    return declared


def settings_options(command: Declared) -> Declared:
    """The function with the shared options declared on it; it is called with Settings first."""

    @wraps(command)
    def packed(**given: Any) -> int:
        settings = Settings(**{name: given.pop(name) for name in Settings._fields})
        if settings.show_settings:
            return _show(settings)
        return command(settings, **given)

    declared: Declared = packed
    for parameter in reversed(_SHARED):
        declared = parameter(declared)
    return declared


def _show(settings: Settings) -> int:
    from cleaner.cli.configuration import settings_text
    from cleaner.cli.outputs import print_text

    print_text(settings_text(settings))
    return 0


def _codes(ctx: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Codes and names as the filters spell them: one or several a value, apart by commas, in any case."""
    words = (word.strip() for value in given for word in value.split(","))
    return tuple(word.upper() if CODE.fullmatch(word) else word.lower() for word in words if word)


def _encoding(ctx: click.Context, parameter: click.Parameter, given: str | None) -> str | None:
    try:
        if given is not None:
            "".encode(given)
    except (LookupError, ValueError):
        raise click.BadParameter(
            f"{given!r} is no text encoding; examples: utf-8, cp1252, gb18030, shift_jis"
        ) from None
    return given


color_option = option(
    "--color",
    section=DISPLAY,
    help="Use colours: always, never, or auto: on a terminal, unless NO_COLOR is set.  [auto]",
    metavar="WHEN",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
)
output_option = option(
    "-o",
    "--output",
    section=OUTPUT,
    help="Write to this file, whole or not at all, instead of to standard output.",
    metavar="FILE",
)
CHOICES: tuple[Callable[[Declared], Declared], ...] = (
    option(
        "--preset",
        section=CHOOSING,
        help="How much stays: precision keeps less, recall more.  [balanced]",
        metavar="NAME",
        type=click.Choice(PRESETS),
    ),
    option(
        "--only",
        section=CHOOSING,
        help="Run these filters alone: codes, names or families, such as P101,menu,S. Repeatable.",
        metavar="CODES",
        multiple=True,
        callback=_codes,
    ),
    option(
        "--skip",
        section=CHOOSING,
        help="Leave these filters out. Repeatable.",
        metavar="CODES",
        multiple=True,
        callback=_codes,
    ),
    option(
        "--keep",
        section=CHOOSING,
        help="Keep each block in which this pattern is found, whatever a filter says. Repeatable.",
        metavar="PATTERN",
        multiple=True,
    ),
    option(
        "--drop",
        section=CHOOSING,
        help="Remove each block in which this pattern is found. Repeatable.",
        metavar="PATTERN",
        multiple=True,
    ),
    option(
        "--points",
        section=CHOOSING,
        help="Weigh with the points of this file, which cleaner fit wrote, not with those that ship.",
        metavar="FILE",
    ),
    option(
        "--config",
        section=CHOOSING,
        help="Read these settings, not the nearest cleaner.toml above the input or the working directory.",
        metavar="FILE",
    ),
    option("--isolated", section=CHOOSING, help="Read no cleaner.toml.", is_flag=True),
)
_RECORDS: tuple[Callable[[Declared], Declared], ...] = (
    option(
        "--include",
        section=READING,
        help="Of folders take only files that match, as in .gitignore. Repeatable.",
        metavar="GLOB",
        multiple=True,
    ),
    option(
        "--exclude",
        section=READING,
        help="Leave files and folders out that match; .cleanerignore files do too. Repeatable.",
        metavar="GLOB",
        multiple=True,
    ),
    option(
        "--text-field",
        "--text-column",
        "text_field",
        section=READING,
        help="The field of a record that holds the page, if not text.",
        metavar="NAME",
        default=Records().text_field,
    ),
    option(
        "--url-field",
        "--url-column",
        "url_field",
        section=READING,
        help="The field that holds its address, if not url.",
        metavar="NAME",
        default=Records().url_field,
    ),
)
_SHARED: tuple[Callable[[Declared], Declared], ...] = (
    click.argument(
        "inputs", nargs=-1, metavar="[INPUT]...", type=click.Path(readable=False)
    ),  # for completion; read_input checks it
    *CHOICES,
    option(
        "--show-settings",
        section=CHOOSING,
        help="Print the settings in force and where each comes from; clean nothing.",
        is_flag=True,
    ),
    option(
        "--format",
        section=READING,
        help="What the input is: text, markdown, html, or auto to guess.  [auto]",
        metavar="NAME",
        type=click.Choice(FORMATS),
        default="auto",
    ),
    option(
        "--encoding",
        section=READING,
        help="How the input is encoded, when the guess is wrong. JSONL is always UTF-8.",
        metavar="NAME",
        callback=_encoding,
    ),
    option(
        "--stdin-filename",
        section=READING,
        help="What to call standard input, in messages and to guess its format.",
        metavar="NAME",
    ),
    color_option,
)
