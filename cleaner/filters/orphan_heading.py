"""Headings under which nothing stayed: what other filters took had a heading of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaner.features import Features, features_of
from cleaner.filter import Filter, whole
from cleaner.markup import markup_of
from cleaner.page import Page, Removal

CODE = "F108"
LEAST_PROSE = 0.8  # of the words that stand: on other pages headings may be the content, as those of cards are
LONGEST = 12  # words


def _find(page: Page) -> Iterator[Removal]:
    markup = markup_of(page)
    if markup is None or not page.removals:
        return
    features, stands = features_of(page), page.stands
    if not _is_text(features, stands):
        return
    for heading in _orphans(list(markup.levels), stands):
        if heading != features.title and features.words[heading] <= LONGEST:
            yield whole(page, heading, CODE, "nothing under it stayed")


def _is_text(features: Features, stands: Sequence[bool]) -> bool:
    """Whether what stands is running text for the most part."""
    standing = [block for block, there in enumerate(stands) if there]
    prose = sum(features.words[block] for block in standing if features.prose[block])
    return prose >= LEAST_PROSE * sum(features.words[block] for block in standing)


def _orphans(levels: Sequence[int], stands: Sequence[bool]) -> Iterator[int]:
    """The headings that stand while all that is under them went, and there was something; the last one first."""
    sections: list[tuple[int, bool, bool]] = []  # behind the block: level, whether something stays, or went
    stays = went = False  # of what follows the block up to a heading
    for block in range(len(levels) - 1, -1, -1):
        if not (level := levels[block]):
            stays, went = stays or stands[block], went or not stands[block]
            continue
        while sections and sections[-1][0] > level:
            _, some_stays, some_went = sections.pop()
            stays, went = stays or some_stays, went or some_went
        is_orphan = stands[block] and went and not stays and level > 1
        if is_orphan:
            yield block
        remains = stands[block] and not is_orphan
        sections.append((level, stays or remains, went or not remains))
        stays = went = False


ORPHAN_HEADING = Filter(
    code=CODE,
    name="orphan_heading",
    removes="In Markdown and HTML, a heading on a page of prose when all that stood under it went.",
    mistakes="The last heading of a text whose own links or lists another filter took for chrome.",
    find=_find,
    format="markdown",
    needs=("P102",),
    examples="""
 # Mooring fees will rise
 
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 
 ## What changes
 
 ### From May
 
 The fees for the inner basin will be collected at the gate, and those for the outer one at the new crane.
 
 Boats that stay over the winter pay half, as they always have, if their owners tell the office before October.
 
-## The harbour in your letter box
 
-Sign up for our newsletter
==
 # Mooring fees will rise
 
 ## What changes
 
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 
 ## What stays
""",
)
