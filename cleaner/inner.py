"""The inner page: what of an HTML page stands within the site's frame, as a page of its own.

Filters and cues judge a block by what is around it, and a menu of three hundred lines before the text tells
them nothing of it; so that they are shown the page without its frame. This room knows no filter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleaner.markup import structure_of
from cleaner.page import Block, Page, Removal, laid_out, quick

_CACHES = ("features", "shingles", "lines")  # what was computed of a page's blocks by their numbers


class Outer(NamedTuple):
    """The page that an inner one was made of, and the number that each of its blocks has there."""

    page: Page
    numbers: Sequence[int]


def inner_of(page: Page) -> Page:
    """The page of the blocks that stand, each wholly; a page without elements as it is."""
    structure = structure_of(page)
    if structure is None:
        return page
    numbers = [number for number, stands in enumerate(page.stands) if stands]
    places = {number: place for place, number in enumerate(numbers)}
    protected = {places[number]: evidence for number, evidence in page.protected.items() if number in places}
    source, blocks = _only(page, numbers)
    inner = Page(source, blocks, format=page.format, url=page.url, protected=protected)
    inner.shared = {name: value for name, value in page.shared.items() if name not in _CACHES}
    inner.shared |= {
        "markup": structure.only(bytes(page.stands)),
        "outer": Outer(page, numbers),
        "notes": list(page.notes),
    }
    return inner


def _only(page: Page, numbers: Sequence[int]) -> tuple[str, Sequence[Block]]:
    """A source of some blocks, each with what stands before it, and these blocks in it."""
    blocks, source = page.blocks, page.source
    if len(numbers) == len(blocks):
        return source, blocks
    gaps = [source[blocks[number - 1].end if number else 0 : blocks[number].start] for number in numbers]
    texts, kinds, _, _, links = zip(*map(blocks.__getitem__, numbers), strict=True) if numbers else [()] * 5
    return laid_out(gaps, texts, kinds, links, source[blocks[-1].end :])


def without_removals_of(inner: Page) -> Page:
    """The outer page, without what was removed of the inner one as well."""
    outer = inner.shared.get("outer")
    if not isinstance(outer, Outer):
        return inner
    moved = []
    for block, start, end, code, reason in inner.removals:
        number = outer.numbers[block]
        by = outer.page.blocks[number].start - inner.blocks[block].start
        moved.append(quick(Removal, (number, start + by, end + by, code, reason)))
    page = outer.page.without(moved)
    page.shared["notes"] = list(inner.notes)
    return page


def whole_page(page: Page, blocks: Sequence[int]) -> tuple[Page, Sequence[int]]:
    """The outer page of an inner one with the numbers that some blocks have there; any other page as it is."""
    outer = page.shared.get("outer")
    return (outer.page, [outer.numbers[block] for block in blocks]) if isinstance(outer, Outer) else (page, blocks)
