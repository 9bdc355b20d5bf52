"""Scores of a corpus for eyes and for scripts, as ``score`` and ``fit`` show them.

This room knows finished measures and streams.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cleaner.cli.outputs import say
from cleaner.cli.paint import Palette, table
from cleaner.errors import counted
from cleaner.escapes import on_one_line

if TYPE_CHECKING:
    from cleaner.scoring import Group, PageScore, Prf

FAILURES_NAMED = 3  # failed pages said one by one; of the others only how many


def group_lines(groups: Iterable[Group], palette: Palette) -> Iterator[str]:
    """A table of the means, a line a group."""
    rows = [(on_one_line(one.name), f"{one.pages:,}", *four_digits(one.prf)) for one in groups]
    head, *lines = table([("", "pages", "precision", "recall", "F1"), *rows], numbers=frozenset((1, 2, 3, 4)))
    yield palette.aside(head)
    yield from lines


def four_digits(prf: Prf) -> tuple[str, ...]:
    """The measures as they stand in a table."""
    return tuple(f"{share:.4f}" for share in prf)


def groups_json(groups: Iterable[Group]) -> dict[str, object]:
    """The means by group, for JSON."""
    return {one.name: {"pages": one.pages, **prf_json(one.prf)} for one in groups}


def prf_json(prf: Prf) -> dict[str, float]:
    """The measures by name, for JSON."""
    return {name: round(share, 6) for name, share in prf._asdict().items()}


def say_failed(failed: tuple[PageScore, ...]) -> None:
    """Says which pages could not be cleaned and why."""
    for one in failed[:FAILURES_NAMED]:
        say(f"{one.id}: {one.error}")
    if (more := len(failed) - FAILURES_NAMED) > 0:
        say(f"{counted(more, 'more page')} failed; every failed page counts as emptied")
