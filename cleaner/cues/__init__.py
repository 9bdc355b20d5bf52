"""The scorecard's cues: named yes/no observations about the blocks of a page.

Cues see the page as it was read; what other filters removed is itself a cue. Points are data and
are not known here. A name begins with the sign that its cue's points must have: ``+`` or ``-``.
"""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.cues import (
    block,
    dates,
    elements,
    links,
    neighbours,
    place,
    repetition,
    section,
    shared_words,
    whole_page,
)
from cleaner.cues.columns import Column
from cleaner.cues.measures import Cue, Measures
from cleaner.markup import markup_of, structure_of
from cleaner.page import Page

_GROUPS = (block, neighbours, section, place, repetition, whole_page)
TEXT_CUES: dict[str, Cue] = {name: cue for group in _GROUPS for name, cue in group.CUES.items()}
MARKUP_CUES = TEXT_CUES | links.CUES
HTML_CUES = MARKUP_CUES | elements.CUES | dates.CUES | shared_words.CUES


def cues_for(page: Page) -> dict[str, Cue]:
    """The cues that there are for a page: those of its text, and of what its reader knows of its markup."""
    if markup_of(page) is None:
        return TEXT_CUES
    return HTML_CUES if structure_of(page) else MARKUP_CUES


def read_cues(page: Page, names: Iterable[str] | None = None) -> dict[str, Column]:
    """The columns of these cues by name, of all that there are when none are named; only what they need is measured.

    Raises KeyError for a name that no cue has on such a page.
    """
    known = cues_for(page)
    measures = Measures(page)
    every = measures.sheet.all
    return {name: known[name](measures) & every for name in (known if names is None else names)}
