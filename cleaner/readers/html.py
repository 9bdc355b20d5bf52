"""Reads HTML: one page, its text flattened as a browser lays it out, its blocks with what the markup says.

This room decides what of a document is its text; how elements are read the walk knows.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate, chain

from cleaner.page import Block, Page
from cleaner.readers.elements import Elements
from cleaner.readers.structured import body_text, facts_of, fallback_facts_of
from cleaner.readers.walk import RUNNING_CHARS, Walk, parsed

THIN_CHARS = 400  # of running text in the page itself, below which noscript, templates and JSON-LD are asked

_FALLBACKS = ("noscript", "template", "noframes")


def read_html(source: str, *, url: str | None = None) -> Page:
    """The page of an HTML document; ``elements_of(page)`` is what its elements say of the blocks.

    Hidden text is read too, and marked. What no browser shows (scripts, styles, fallbacks) is left
    out and counted, except where the page's own text is missing: then noscript, templates and the
    structured data's text stand in for it, and the page says so.
    """
    with _collector_paused():
        tree, warnings = parsed(source)
        walk = Walk()
        walk.run(tree)
        if walk.running_chars() < THIN_CHARS:
            walk, said = _filled(walk)
            warnings += said
        page = _page(walk, url)
    for warning in warnings:
        page.note(warning)
    return page


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keeps Python from looking for cycles: reading makes none, and on large pages the search takes half the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _filled(walk: Walk) -> tuple[Walk, tuple[str, ...]]:
    """The walk with text from elsewhere where its own is thin, and what is to be said about it."""
    said: tuple[str, ...] = ()
    if any(name in walk.skipped for name in _FALLBACKS):
        fuller = Walk(_FALLBACKS)
        fuller.run(walk.documents[0])
        if fuller.running_chars() > 2 * walk.running_chars():
            walk = fuller
            said += ("the page's own text is missing; what it holds for browsers without scripts is read",)
    text = body_text(walk.head)
    if len(text) > RUNNING_CHARS + 2 * walk.running_chars():
        walk.add_paragraphs(text)
        said += ("the page's own text is missing; its structured data's text is read",)
    return walk, said


def _page(walk: Walk, url: str | None) -> Page:
    gaps, texts, kinds, leaves, links, *_ = zip(*walk.pieces, strict=True) if walk.pieces else [()] * 8
    parts = [*chain.from_iterable(zip(gaps, texts, strict=True)), "\n" * bool(texts)]
    edges = list(accumulate(map(len, parts)))
    paths = walk.containers.paths(leaves)
    page = Page(
        "".join(parts),
        map(Block, texts, kinds, edges[0:-1:2], edges[1::2], links, paths),
        format="html",
        url=url,
    )
    page.shared["markup"] = Elements(walk.containers, walk.pieces, walk.cells, walk.head, walk.skipped)
    skipped = ", ".join(f"{count} {name}" for name, count in sorted(walk.skipped.items()))
    page.shared["metadata"] = facts_of(walk.head, url) | ({"skipped": skipped} if skipped else {})
    page.shared["fallback_metadata"] = fallback_facts_of(walk.head)
    return page
