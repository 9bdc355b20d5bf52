"""The points of the cues, read from ``points.toml``: one table for every kind of input."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from cleaner.errors import FilterError, UsageError

FLATTER = 0.8  # sums are less certain than they look: their cues overlap
MOST_ODDS = 50.0


@cache
def likelihood(total: int, unit: float, lean: float = 0.0) -> float:
    """How likely a block of so many points is content; ``lean`` is taken off its log-odds."""
    odds = FLATTER * unit * total - lean
    return 1 / (1 + math.exp(max(-MOST_ODDS, min(MOST_ODDS, -odds))))


class Card(NamedTuple):
    """The scorecard of one kind of input.

    ``unit`` is what one point is worth in log-odds, ``bias`` the points that every block starts
    with, ``points`` the integer of each cue by its name, which begins with the sign it must have.
    ``lean`` is taken off the log-odds where the page's bar is chosen: a page's errors come together, so that it pays to
    ask a little more of its blocks than each by itself deserves. ``first_bias`` and ``first_points``
    are those of the first look, which tells where on the page its content lies; cues of the second look
    are among ``points``.
    """

    unit: float
    bias: int
    points: dict[str, int]
    lean: float = 0.7
    first_bias: int = 0
    first_points: dict[str, int] = {}  # noqa: RUF012  (of a tuple; nobody writes to it)


_TABLE = re.compile(r"^\[(\w+)\]\n(.*?)(?=^(?:#|\[)|\Z)", re.M | re.S)
_VALUE = re.compile(r"^(\w+) = ('''.*?'''|.+?)$", re.M | re.S)


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
        with open(os.path.join(os.path.dirname(__file__), "points.toml"), encoding="utf-8") as shipped:
            return cards_of(_tables(shipped.read()))
    try:
        with open(file, encoding="utf-8-sig") as users:
            return read_cards(users.read())
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, FilterError) as error:
        raise UsageError(f"{file}: is no points file: {error}; cleaner fit writes them") from None


def read_cards(text: str) -> dict[str, Card]:
    """All cards of a points file. Raises FilterError for points that are no whole number with its sign."""
    import tomllib

    return cards_of(tomllib.loads(text))


def _tables(text: str) -> dict[str, dict[str, str]]:
    """What ``tomllib`` would read from the file that ships, whose form is known; without loading it at each start."""
    return {kind: dict(_VALUE.findall(table)) for kind, table in _TABLE.findall(text)}


def cards_of(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, Card]:
    """The cards in the tables of a points file."""
    cards = {}
    for kind, table in tables.items():
        points, first = _points(kind, table["cues"]), _points(kind, table.get("first_cues", ""))
        first_bias = int(table.get("first_bias", 0))
        cards[kind] = Card(float(table["unit"]), int(table["bias"]), points, float(table["lean"]), first_bias, first)
    return cards


def _points(kind: str, listed: str) -> dict[str, int]:
    """The points of a list, a line each: the number with its sign, and the cue's name without."""
    points = {}
    for line in filter(None, listed.strip("'\n").split("\n")):
        number, name = line.split(maxsplit=1)
        if number[0] not in "+-" or not int(number):
            raise FilterError(f"[{kind}] {line}: points are a whole number with its sign, and not 0")
        points[number[0] + name] = int(number)
    return points


def write_cards(cards: dict[str, Card], comments: dict[str, str]) -> str:
    """The text of a points file, each table under its comment; the cues that weigh most come first."""
    parts = []
    for kind, one in cards.items():
        head = "".join(f"# {line}\n" for line in comments.get(kind, "").splitlines())
        first = f"first_bias = {one.first_bias}\nfirst_cues = '''\n{_listed(one.first_points)}'''\n"
        parts.append(
            f"{head}[{kind}]\nunit = {one.unit}\nbias = {one.bias}\nlean = {one.lean}\n"
            f"cues = '''\n{_listed(one.points)}'''\n"
            f"{first if one.first_points else ''}"
        )
    return "\n".join(parts)


def _listed(points: dict[str, int]) -> str:
    ordered = sorted(points.items(), key=lambda item: (-abs(item[1]), item[0]))
    return "".join(f"{value:+d} {name[1:]}\n" for name, value in ordered)
