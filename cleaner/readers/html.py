"""Reads HTML: one page, its text flattened as a browser lays it out, its blocks with what the markup says.

This room decides what of a document is its text; how elements are read the walk knows.
"""

from __future__ import annotations

from cleaner.page import Page, laid_out
from cleaner.readers.elements import Columns, Elements
from cleaner.readers.stand_ins import filled
from cleaner.readers.structured import facts_of, fallback_facts_of
from cleaner.readers.walk import Walk, parsed


def read_html(source: str | bytes, *, url: str | None = None) -> Page:
    """The page of an HTML document, a text or UTF-8; ``elements_of(page)`` is what its elements say of the blocks.

    Hidden text is read too, and marked. What no browser shows (scripts, styles, fallbacks) is left
    out and counted, except where the page's own text is missing: then other texts of the document stand
    in for it, and the page says so.
    """
    tree, warnings = parsed(source)
    walk = Walk()
    walk.run(tree)
    walk, said = filled(walk)
    page = _page(walk, url)
    for warning in warnings + said:
        page.note(warning)
    return page


def _page(walk: Walk, url: str | None) -> Page:
    columns = zip(*walk.pieces, strict=True) if walk.pieces else ((),) * 8
    gaps, texts, kinds, leaves, links, levels, continues, inline = columns
    of_blocks = Columns(texts, leaves, links, levels, continues, inline)
    elements = Elements(walk.containers, of_blocks, walk.within, walk.rows.cells, walk.head, walk.skipped)
    source, blocks = laid_out(gaps, texts, kinds, links, "\n" * bool(texts))
    page = Page(source, blocks, format="html", url=url)
    page.shared["markup"] = elements
    skipped = ", ".join(f"{count} {name}" for name, count in sorted(walk.skipped.items()))
    page.shared["metadata"] = facts_of(walk.head, url) | ({"skipped": skipped} if skipped else {})
    page.shared["fallback_metadata"] = fallback_facts_of(walk.head)
    return page
