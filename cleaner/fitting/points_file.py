"""The points file: one TOML table for each kind of input, under comments that say how it was made."""

from __future__ import annotations

import re

from cleaner.cues.points import Card, read_cards, write_cards
from cleaner.errors import FilterError, UsageError

OPENING = """\
# The points of the scorecard's cues, a table for each kind of input. `cleaner fit` writes the table of the kind that it
# fits and leaves the others as they are. A block's points and the bias add up, and it goes when the sum is below the
# page's bar, which is chosen for each page. A point is worth `unit` in log-odds, and `lean` is taken off them there.
"""
# A table as write_cards writes it, with the comments right above it.
_TABLE = re.compile(r"(?:^#.*\n)*^\[([\w-]+)\]\n(?:(?!\[|#).*(?:\n|\Z))*", re.MULTILINE)


def with_card(file: str, kind: str, card: Card, comment: str) -> str:
    """The text of a points file with this card in place of the one it had for the kind, the others as they were.

    Raises UsageError as ``tables_of`` does.
    """
    tables = {**tables_of(file), kind: write_cards({kind: card}, {kind: comment})}
    return "\n".join((OPENING, *(tables[name].strip("\n") + "\n" for name in sorted(tables))))


def tables_of(file: str) -> dict[str, str]:
    """The tables of a points file by kind of input, each with its comments.

    Raises UsageError for a text that ``cleaner fit`` did not write: nothing of it is to be lost.
    """
    try:
        known = read_cards(file)
    except (ValueError, KeyError, TypeError, AttributeError, FilterError) as error:
        raise UsageError(f"is no points file: {error}; name another file, or remove this one first") from None
    tables = {match[1]: match[0] for match in _TABLE.finditer(file)}
    if tables.keys() != known.keys():
        raise UsageError("is no points file as cleaner fit writes them; name another file, or remove this one first")
    return tables
