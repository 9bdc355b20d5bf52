"""``cleaner score PAGES [GOLD]``: how well labelled pages are cleaned, by type, by filter and page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import click

from cleaner.cli.command import Command, option
from cleaner.cli.corpus import Asked, config_of, corpus_options, jobs_of, read_asked, shown_progress
from cleaner.cli.options import OUTPUT
from cleaner.cli.outputs import print_json, print_shown
from cleaner.cli.pages import DONE, FAILED
from cleaner.cli.paint import Palette, clipped, columns, table, wants_color
from cleaner.cli.scores import four_digits, group_lines, groups_json, prf_json, say_failed
from cleaner.escapes import on_one_line

if TYPE_CHECKING:
    from cleaner.scoring import PageScore, Report, Taken

HELP = """Measure how well labelled pages are cleaned: word F1, precision, recall, snippets, what each filter got wrong.

PAGES and GOLD are JSONL files (.gz too) with rows {id, url, type, text} and {id, gold, with, without}, the same
file, or two folders in which a page and its gold have the same name. Without GOLD the rows of PAGES hold it."""
EXAMPLES = (
    ("cleaner score pages.jsonl gold.jsonl", "all there is to know"),
    ("cleaner score scraped/ wanted/ --skip D", "two folders, without the duplicate filters"),
    ("cleaner score crawl.jsonl.gz --text-field body", "one file, and where the page stands in it"),
    ("cleaner score pages.jsonl gold.jsonl --json", "the same for a script"),
)


@click.command("score", cls=Command, help=HELP, short_help="Measure cleaning on labelled pages.", examples=EXAMPLES)
@option(
    "--worst",
    section=OUTPUT,
    help="How many of the worst pages to show.",
    metavar="N",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
)
@option("--json", "as_json", section=OUTPUT, help="The measures as one JSON object.", is_flag=True)
@corpus_options
def command(asked: Asked, *, worst: int, as_json: bool) -> int:
    """The exit code of measuring a corpus."""
    from cleaner.parallel import mapped
    from cleaner.scoring import report, score_page

    config = config_of(asked)
    pages = read_asked(asked)
    scores = mapped(partial(score_page, config=config), pages, jobs=jobs_of(asked))
    found = report(shown_progress(scores, "cleaning", len(pages)), worst=worst)
    say_failed(found.failed)
    if as_json:
        print_json(_json(found))
    else:
        palette = Palette(color=wants_color(asked.settings.color))
        print_shown("".join(f"{line}\n" for line in _lines(found, palette)))
    return FAILED if found.failed else DONE


def _json(found: Report) -> str:
    import json

    document = {
        "groups": groups_json(found.groups),
        "words": {name: getattr(found, name) for name in ("gold_words", "kept_words", "kept_wrong", "absent")},
        "snippets": found.snippets._asdict(),
        "filters": [one._asdict() for one in found.taken],
        "worst": [_page_json(one) for one in found.worst],
        "failed": {one.id: one.error for one in found.failed},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _page_json(one: PageScore) -> dict[str, object]:
    fields = one._asdict()
    del fields["snippets"], fields["prf"], fields["error"]
    return {**fields, **prf_json(one.prf), "taken": [taken._asdict() for taken in one.taken]}


def _lines(found: Report, palette: Palette) -> Iterator[str]:
    yield from group_lines(found.groups, palette)
    yield ""
    yield from _words(found)
    if found.taken:
        yield ""
        yield from _filters(found, palette)
    if found.worst:
        yield ""
        yield from _worst(found.worst, palette)


def _words(found: Report) -> Iterator[str]:
    wrongly_removed = sum(one.wrong for one in found.taken)
    rows = [
        ("words wrongly kept", f"{found.kept_wrong:,}", f"of {found.kept_words:,} that stay"),
        ("words wrongly removed", f"{wrongly_removed:,}", f"of {found.gold_words:,} that are wanted"),
        ("words never on the page", f"{found.absent:,}", f"of {found.gold_words:,} that are wanted"),
    ]
    stay, stay_found, go, go_found = found.snippets
    if stay:
        rows.append(("snippets that must stay", f"{stay_found:,}", f"of {stay:,} are there"))
    if go:
        rows.append(("snippets that must go", f"{go_found:,}", f"of {go:,} are still there"))
    yield from table(rows, numbers=frozenset((1,)))


def _filters(found: Report, palette: Palette) -> Iterator[str]:
    from cleaner.audit import filter_name

    rows = [
        (
            one.code,
            filter_name(one.code),
            f"{one.pages:,}",
            f"{one.words:,}",
            f"{one.wrong:,}",
            _share(one.wrong, one.words),
        )
        for one in found.taken
    ]
    head, *lines = table(
        [("code", "filter", "pages", "words removed", "wrongly", "share"), *rows], numbers=frozenset((2, 3, 4, 5))
    )
    yield palette.aside(head)
    yield from (palette.code(line[:6]) + line[6:] for line in lines)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else ""


def _worst(pages: Iterable[PageScore], palette: Palette) -> Iterator[str]:
    rows = [
        (
            *four_digits(one.prf),
            clipped(on_one_line(one.id), 24),
            clipped(on_one_line(one.type), 16),
            f"{one.kept_wrong:,}",
            ", ".join(f"{taken.code} {taken.wrong:,}" for taken in _guilty(one)),
        )
        for one in pages
    ]
    head, *lines = table(
        [("precision", "recall", "F1", "page", "type", "kept wrongly", "removed wrongly"), *rows],
        numbers=frozenset((0, 1, 2, 5)),
    )
    yield palette.aside(head)
    yield from (clipped(line, columns()) for line in lines)


def _guilty(one: PageScore) -> Iterable[Taken]:
    """The filters that took most words wrongly."""
    return sorted((taken for taken in one.taken if taken.wrong), key=lambda taken: (-taken.wrong, taken.code))[:3]
