"""N107: what a terminal browser adds to a page: link numbers, buttons, the closing list of addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.filter import Filter, whole
from cleaner.page import Page, Removal

CODE = "N107"

# Possessive throughout: a rule of a million underscores is read once.
_FIELD = r"\[[ _]{2,}+\]|_{10,}+|\[[ xX*]\]"
_BUTTON = r"\[[^\[\]\n]{1,30}+\]|\(BUTTON\)|\([ *]\)"
_FORM = re.compile(rf"(?>(?:{_BUTTON})\s*+)?+(?>{_FIELD})(?>\s*+(?>{_FIELD}|{_BUTTON}))*+|(?>{_FIELD})")


def _find(page: Page) -> Iterator[Removal]:
    marks = page.shared.get("lynx_marks")
    spans, list_start = marks if isinstance(marks, tuple) else ((), len(page.source))
    next_mark = 0
    in_head = in_frame = False
    gap_from = 0
    for index, block in enumerate(page.blocks):
        if block.start >= list_start:
            yield whole(page, index, CODE, "in the closing list of links")
            continue
        inside = []
        while next_mark < len(spans) and spans[next_mark][0] < block.end:
            inside.append(spans[next_mark])
            next_mark += 1
        apart = page.source.count("\n", gap_from, block.start) > 1
        gap_from = block.end
        in_head = bool(spans) and (block.text.startswith("#[") or (in_head and not apart))
        in_frame = bool(spans) and (
            block.text.startswith("IFRAME:") or (in_frame and not apart and " " not in block.text)
        )
        if in_head:
            yield whole(page, index, CODE, "the links of the page's head")
        elif in_frame:
            yield whole(page, index, CODE, "the address of a frame")
        elif block.text[0] in "[_(" and _FORM.fullmatch(block.text):
            yield whole(page, index, CODE, "an empty form field")
        else:
            for start, end in inside:
                yield Removal(index, start, end, CODE, "a link's number" if page.source[start] == "[" else "a button")


LINK_NUMBER = Filter(
    code=CODE,
    name="link_number",
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
