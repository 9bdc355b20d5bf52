"""The points of the cues, read from ``points.toml``: one table for every kind of input."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from cleaner.errors import FilterError, UsageError


class Card(NamedTuple):
    """The scorecard of one kind of input.

    ``unit`` is what one point is worth in log-odds, ``bias`` the points that every block starts
    with, ``lowest`` and ``highest`` the limits of the bar that a page may choose, ``points`` the
    integer of each cue by its name, which begins with the sign it must have. ``lean`` is taken off
    the log-odds where the page's bar is chosen: a page's errors come together, so that it pays to
    ask a little more of its blocks than each by itself deserves.
    """

    unit: float
    bias: int
    lowest: int
    highest: int
    points: dict[str, int]
    lean: float = 0.7


@cache
def card(kind: str, file: str = "") -> Card | None:
    """The card of a kind of input (text, markdown, html), read once; None when there is none.

    From ``file`` where it has one, else from the points that ship. Raises UsageError for a file that
    cannot be read.
    """
    found = _cards(file).get(kind) if file else None
    return found or _cards("").get(kind)


@cache
def _cards(file: str) -> dict[str, Card]:
    if not file:
        return read_cards(files(__package__).joinpath("points.toml").read_text("utf-8"))
    try:
        return read_cards(Path(file).read_text("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, FilterError) as error:
        raise UsageError(f"{file}: is no points file: {error}; cleaner fit writes them") from None


def read_cards(text: str) -> dict[str, Card]:
    """All cards of a points file. Raises FilterError when a cue's points have another sign than its name."""
    import tomllib

    cards = {}
    for kind, table in tomllib.loads(text).items():
        points = {}
        for line in filter(None, table["cues"].split("\n")):
            number, name = line.split(maxsplit=1)
            points[number[0] + name] = int(number)
        if wrong := [name for name, value in points.items() if (name[0] == "+") != (value > 0)]:
            raise FilterError(f"points.toml [{kind}]: {wrong[0]}: the points must have the sign of the name")
        cards[kind] = Card(table["unit"], table["bias"], table["lowest"], table["highest"], points, table["lean"])
    return cards


def write_cards(cards: dict[str, Card], comments: dict[str, str]) -> str:
    """The text of a points file, each table under its comment; the cues that weigh most come first."""
    parts = []
    for kind, one in cards.items():
        ordered = sorted(one.points.items(), key=lambda item: (-abs(item[1]), item[0]))
        lines = "\n".join(f"{value:+d} {name[1:]}" for name, value in ordered)
        head = "".join(f"# {line}\n" for line in comments.get(kind, "").splitlines())
        parts.append(
            f"{head}[{kind}]\nunit = {one.unit}\nbias = {one.bias}\nlowest = {one.lowest}\nhighest = {one.highest}\n"
            f"lean = {one.lean}\n"
            f"cues = '''\n{lines}\n'''\n"
        )
    return "\n".join(parts)
