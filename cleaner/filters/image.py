"""F106: what shows a reader of Markdown nothing: images alone, links around them, empty items."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.filter import Filter, whole
from cleaner.markup import Markup, markup_of
from cleaner.page import Page, Removal

CODE = "F106"
KINDS = ("item", "paragraph", "quote", "heading")

_EMBEDDED = re.compile(r"!\[[^\[\]]{0,1000}\]\(data:image/[^\s()]*+\)|<img\b[^<>]*?\bsrc=.?data:image/[^<>]*+>", re.I)


def _find(page: Page) -> Iterator[Removal]:
    markup = markup_of(page)
    if markup is None:
        return
    for index, nothing in enumerate(markup.shows_nothing):
        if nothing and (evidence := _evidence(page, markup, index)):
            yield whole(page, index, CODE, evidence)
    if "data:image" not in page.source:
        return
    for match in _EMBEDDED.finditer(page.source):
        block = page.block_at(match.start())
        if page.blocks[block].kind != "code" and match.end() <= page.blocks[block].end:
            yield Removal(block, *match.span(), CODE, "an embedded image")


def _evidence(page: Page, markup: Markup, block: int) -> str:
    """Why a block without visible text goes; empty when it is more than that: a definition, a comment."""
    found = page.blocks[block]
    if found.kind not in KINDS:
        return ""
    if markup.images[block]:
        return "an image alone"
    if markup.targets[block]:
        return "a link without text"
    return "an empty item" if found.kind == "item" else ""


IMAGE = Filter(
    code=CODE,
    name="image",
    removes="In Markdown, lines that hold nothing but images or links without text, empty items, and images that are "
    "embedded in the text as base64.",
    mistakes="An illustration on a line of its own goes too: its words are not in the text.",
    find=_find,
    format="markdown",
    examples="""
-[![Gazette](/logo.png)](/)
 
 # Mooring fees will rise
 
-![The crane at dusk](/crane.jpg)
 
 The board ![seal](/seal.png) voted on Monday to raise mooring fees.
 
-![](data:image/png;base64,iVBORw0KGgo=)
 
-* [](/harbour)
-*
 * ![](/star.png) Four stars
==
 Write `![alt](crane.jpg)` where the image is to stand:
 
     ![The crane](crane.jpg)
""",
)
