"""The scorecard's cues: named yes/no observations about the blocks of a page.

Cues see the page as it was read; what other filters removed is itself a cue. Points are data and
are not known here.
"""

from __future__ import annotations

from cleaner.cues.block import block_cues
from cleaner.cues.columns import Column
from cleaner.cues.elements import element_cues
from cleaner.cues.links import link_cues
from cleaner.cues.measures import Measures
from cleaner.cues.neighbours import neighbour_cues
from cleaner.cues.place import place_cues
from cleaner.cues.repetition import repetition_cues
from cleaner.cues.section import section_cues
from cleaner.cues.whole_page import page_cues
from cleaner.page import Page

GROUPS = (block_cues, neighbour_cues, section_cues, place_cues, repetition_cues, link_cues, element_cues, page_cues)


def read_cues(page: Page) -> dict[str, Column]:
    """The column of every cue by its name, which begins with the sign of its points: ``+`` or ``-``."""
    measures = Measures(page)
    return {name: column & measures.sheet.all for group in GROUPS for name, column in group(measures).items()}
