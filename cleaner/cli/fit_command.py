"""``cleaner fit PAGES [GOLD]``: the scorecard's points, fitted to labelled pages, and what they are worth."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import click

from cleaner.cli.command import Command, option
from cleaner.cli.corpus import Asked, config_of, corpus_options, jobs_of, read_asked, shown_progress
from cleaner.cli.options import OUTPUT
from cleaner.cli.outputs import STDOUT, check_targets, print_json, print_shown, write_target
from cleaner.cli.pages import DONE, FAILED
from cleaner.cli.paint import Palette, table, wants_color
from cleaner.cli.scores import group_lines, groups_json, say_failed
from cleaner.errors import ReadError, UsageError
from cleaner.escapes import encoded

if TYPE_CHECKING:
    from cleaner.fitting import Choices, Fitted, Kept
    from cleaner.labelled import Labelled

HELP = """Fit the scorecard's points to labelled pages, and report what they are worth on pages they have not seen.

PAGES and GOLD are as for cleaner score. The report is out of fold: the hosts are dealt into folds, and each page is
cleaned with points that were fitted without its fold. Needs numpy: pip install 'cleaner[fit]'."""
EXAMPLES = (
    ("cleaner fit pages.jsonl gold.jsonl", "what could be reached; write nothing"),
    ("cleaner fit pages.jsonl gold.jsonl -o points.toml", "write the points"),
    ("cleaner --points points.toml raw.txt", "clean with them"),
    ("cleaner fit pages.jsonl gold.jsonl --most-cues 80", "a shorter card"),
)
FITTING = "Fitting"
FOLDS, CLEAN_WEIGHT, MOST_CUES = 5, 0.5, 100


@click.command("fit", cls=Command, help=HELP, short_help="Fit the scorecard to labelled pages.", examples=EXAMPLES)
@option(
    "-o",
    "--output",
    section=OUTPUT,
    help="Write the points to this file, in place of those it has for the same kind of input.",
    metavar="FILE",
)
@option("--json", "as_json", section=OUTPUT, help="The report as one JSON object.", is_flag=True)
@option(
    "--folds",
    section=FITTING,
    help="Parts to check on, each with points fitted to the others.",
    metavar="N",
    type=click.IntRange(min=2),
    default=FOLDS,
    show_default=True,
)
@option(
    "--with-clean/--without-clean",
    section=FITTING,
    help="Also learn from the golds as clean pages that must come out whole, or do not.",
    default=True,
)
@option(
    "--clean-weight",
    section=FITTING,
    help="How much a gold counts beside a page; more keeps clean text safer.",
    metavar="X",
    type=click.FloatRange(min=0, min_open=True),
    default=CLEAN_WEIGHT,
    show_default=True,
)
@option(
    "--most-cues",
    section=FITTING,
    help="Give points to no more cues than this, the most important ones.",
    metavar="N",
    type=click.IntRange(min=1),
    default=MOST_CUES,
    show_default=True,
)
@option(
    "--weigh",
    section=FITTING,
    help="How much pages of a type count beside others, such as article=1.5. Repeatable.",
    metavar="TYPE=X",
    multiple=True,
)
@corpus_options
def command(
    asked: Asked,
    *,
    output: str | None,
    as_json: bool,
    folds: int,
    with_clean: bool,
    clean_weight: float,
    most_cues: int,
    weigh: tuple[str, ...],
) -> int:
    """The exit code of fitting points to a corpus."""
    # Before numpy is loaded: one thread a process gives the same sums on every machine, and the folds run side by side.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from cleaner.fitting import Choices, fit

    if output is not None:
        _check_output(output, asked)
    choices = Choices(
        folds=folds,
        clean_weight=clean_weight if with_clean else 0.0,
        most_cues=most_cues,
        type_weights=_type_weights(weigh),
    )
    config = config_of(asked)
    pages = read_asked(asked)
    _check_types(choices.type_weights, pages)
    found = fit(pages, config, choices, jobs=jobs_of(asked), watch=shown_progress)
    say_failed(found.report.failed)
    if output is not None:
        _write(output, found, asked)
    if as_json:
        print_json(_json(found))
    else:
        palette = Palette(color=wants_color(asked.settings.color))
        print_shown("".join(f"{line}\n" for line in _lines(found, palette)))
    return FAILED if found.report.failed else DONE


def _type_weights(weigh: tuple[str, ...]) -> dict[str, float]:
    """The weights by type. Raises UsageError for one that cannot be read."""
    found = {}
    for given in weigh:
        name, _, number = given.rpartition("=")
        try:
            found[name] = float(number)
        except ValueError:
            found[name] = 0.0
        if not name or not 0 < found[name] < float("inf"):
            raise UsageError(f"--weigh {given}: give a type of pages and a number above 0, such as article=1.5")
    return found


def _check_types(weights: Mapping[str, float], pages: Iterable[Labelled]) -> None:
    types = {page.type for page in pages}
    for name in weights:
        if name not in types:
            known = ", ".join(sorted(filter(None, types))) or "none"
            raise UsageError(f"--weigh {name}: no page is of this type; the types are: {known}")


def _check_output(output: str, asked: Asked) -> None:
    """Raises UsageError, before the long work, when the points could not be written."""
    if output == STDOUT:
        raise UsageError("-o -: the report goes to standard output; name a file for the points")
    check_targets({"--output": output}, inputs=[path for path in (asked.pages, asked.gold) if path])
    from cleaner.fitting.points_file import tables_of

    try:
        tables_of(_existing(output))
    except UsageError as error:
        raise UsageError(f"{output}: {error}") from None


def _existing(output: str) -> str:
    """The text of the points file as it is; empty when there is none."""
    try:
        with open(output, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{output}: cannot be read: {error}") from None


def _write(output: str, found: Fitted, asked: Asked) -> None:
    from cleaner.fitting.points_file import with_card

    comment = "\n".join((_call(asked, found.choices), *_made_from(found)))
    write_target(output, encoded(with_card(_existing(output), found.kind, found.card, comment)))


def _call(asked: Asked, choices: Choices) -> str:
    """The call that made the points, with the names of the files and without their folders."""
    names = [os.path.basename(os.path.normpath(path)) for path in (asked.pages, asked.gold) if path]
    given = {
        "--text-field": asked.text_field,
        "--format": asked.settings.format if asked.settings.format != "auto" else None,
        "--only": ",".join(asked.settings.only),
        "--skip": ",".join(asked.settings.skip),
        "--folds": choices.folds if choices.folds != FOLDS else None,
        "--clean-weight": choices.clean_weight if choices.clean_weight not in (0, CLEAN_WEIGHT) else None,
        "--most-cues": choices.most_cues if choices.most_cues != MOST_CUES else None,
    }
    options = [word for name, value in given.items() if value for word in (name, str(value))]
    options += [word for name, weight in choices.type_weights.items() for word in ("--weigh", f"{name}={weight:g}")]
    options += [] if choices.clean_weight else ["--without-clean"]
    return shlex.join(["cleaner", "fit", *names, *options])


def _made_from(found: Fitted) -> Iterator[str]:
    """What was learnt from, and what the points are worth."""
    pages, prf = found.report.groups[0].pages, found.report.groups[0].prf
    golds = f" and their golds at weight {found.choices.clean_weight:g}" if found.choices.clean_weight else ""
    yield f"learnt from {pages:,} pages{golds}: {found.blocks:,} blocks, {found.cues} cues, {_used(found)} with points"
    yield (
        f"out of fold, {found.choices.folds} folds by host: word F1 {prf.f1:.4f}, precision {prf.precision:.4f}, "
        f"recall {prf.recall:.4f}; of clean text {_stays(found.clean[0])} stays"
    )


def _used(found: Fitted) -> int:
    return len(found.card.points)


def _stays(kept: Kept) -> str:
    return f"{kept.kept / kept.words:.2%}" if kept.words else "nothing"


def _lines(found: Fitted, palette: Palette) -> Iterator[str]:
    card = found.card
    yield from _made_from(found)
    yield f"bias {card.bias:+d}, lean {card.lean:g}; a point is {card.unit:g} in log-odds"
    yield ""
    yield palette.title("Out of fold: each page with points that were fitted without its fold")
    yield from group_lines(found.report.groups, palette)
    yield ""
    yield palette.title("Clean text: the golds as pages, out of fold")
    rows = [(one.name, f"{one.pages:,}", f"{one.words:,}", _stays(one)) for one in found.clean]
    head, *lines = table([("", "pages", "words", "stays"), *rows], numbers=frozenset((1, 2, 3)))
    yield palette.aside(head)
    yield from lines


def _json(found: Fitted) -> str:
    import json

    document = {
        "kind": found.kind,
        "choices": found.choices._asdict(),
        "blocks": found.blocks,
        "cues": found.cues,
        "groups": groups_json(found.report.groups),
        "clean": [one._asdict() for one in found.clean],
        "card": found.card._asdict(),
        "failed": {one.id: one.error for one in found.report.failed},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
