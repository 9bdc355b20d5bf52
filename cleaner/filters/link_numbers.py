"""N107: what a terminal browser adds to a page: link numbers, buttons, the closing list of addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.filter import Filter, whole
from cleaner.page import Block, Page, Removal

CODE = "N107"
FIELD_SIGNS = frozenset("[_(")  # that an empty field begins with
LONGEST_FORM_CHARS = 80  # a line of a terminal
EMPTY_FIELD = "an empty form field"
HEAD_LINKS = "the links of the page's head"
FRAME = "the address of a frame"

# Possessive throughout: a rule of a million underscores is read once.
_FIELD = r"\[[ _]{2,}+\]|_{10,}+|\[[ xX*]\]"
_BUTTON = r"\[[^\[\]\n]{1,30}+\]|\(BUTTON\)|\([ *]\)"
_FORM = re.compile(rf"(?>(?:(?:{_BUTTON})\s*+)?)(?>{_FIELD})(?>(?:\s*+(?>{_FIELD}|{_BUTTON}))*)|(?>{_FIELD})")


def _find(page: Page) -> Iterator[Removal]:
    marks = page.shared.get("lynx_marks")
    if not isinstance(marks, tuple):
        for index in [index for index, block in enumerate(page.blocks) if block[0][0] in FIELD_SIGNS]:
            if _is_field(page.blocks[index]):
                yield whole(page, index, CODE, EMPTY_FIELD)
        return
    spans, list_start = marks
    next_span = 0
    furniture = ""  # what the paragraph began as, as long as it lasts
    before_end = 0
    for index, block in enumerate(page.blocks):
        first = next_span
        while next_span < len(spans) and spans[next_span][0] < block.end:
            next_span += 1
        if page.source.count("\n", before_end, block.start) > 1:
            furniture = ""
        furniture = _furniture(block, furniture, in_head=spans[0][0] == block.start + 1)
        before_end = block.end
        if evidence := _evidence(block, furniture, list_start):
            yield whole(page, index, CODE, evidence)
            continue
        for start, end in spans[first:next_span]:
            yield Removal(index, start, end, CODE, "a link's number" if page.source[start] == "[" else "a button")


def _furniture(block: Block, before: str, *, in_head: bool) -> str:
    """What a block of a lynx page is part of: the links of its head, the address of a frame, or "" for text."""
    if in_head and block.text[0] == "#":
        return HEAD_LINKS
    if block.text.startswith("IFRAME:"):
        return FRAME
    return "" if before == FRAME and " " in block.text else before


def _evidence(block: Block, furniture: str, list_start: int) -> str:
    """Why a whole block of a lynx page goes; empty when it stays."""
    if block.start >= list_start:
        return "in the closing list of links"
    if furniture:
        return furniture
    if _is_field(block):
        return EMPTY_FIELD
    is_form = "____" in block.text and "(BUTTON)" in block.text and len(block.text) <= LONGEST_FORM_CHARS
    return "a form: its label, its empty field and its button" if is_form else ""


def _is_field(block: Block) -> bool:
    return block.text[0] in FIELD_SIGNS and _FORM.fullmatch(block.text) is not None


LINK_NUMBER = Filter(
    code=CODE,
    name="link_numbers",
    removes="What a terminal browser wrote into the page: numbers before links, button signs, empty form fields, "
    "and the list of addresses at the end.",
    mistakes="A number that an author wrote in brackets goes when it falls into the sequence of a page's link numbers; "
    "a drawn form field in a manual goes too.",
    find=_find,
    examples="""
-   #[1]Copperfield Gazette feed
 
-   [2]
    Harbour reopens
-   ____________________
-   Search the paper: ____________________ (BUTTON) Go
 
    The ferry sails again on Monday, the port said in a note [12] that was
    pinned to the gate.
 
-References
 
-   1. https://gazette.example/feed
-   2. https://gazette.example/harbour
==
 The lighthouse was built in 1811.[1] Its lamp burned whale oil[2] until the
 keeper's daughter[3] paid for gas.
 
 References
 
 [1] Harbour records, volume 2
 [2] Letters of the keeper
 [3] The same
==
 Tick [ ] for yes and leave the box empty for no.
- [ ] [          ] [Search]
""",
)
