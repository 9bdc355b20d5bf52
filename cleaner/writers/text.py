"""A page as plain text: what stays of it, and what went."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.page import Page

_SPACES = re.compile(r"[ \xa0]{2,}")
# Spaces are looked at from their first one on alone, however many there are.
_BREAKS = re.compile(r"(?:(?<![ \t\xa0])[ \t\xa0]++)?(?:\r\n|[\n\r])\s*")


def text_of(page: Page) -> str:
    """What stays of a page, without its markup: blocks that stood apart are apart by one blank line."""
    if page.format != "markdown":
        return page.text
    visible, gone = _visible(page)
    pieces: list[str] = []
    end = 0
    for index, block in enumerate(page.blocks):
        kept = "".join(visible[span.start : span.end] for span in page.standing(index)).replace(gone, "")
        text = kept.strip("\r\n") if block.kind == "code" else _laid_out(kept)
        if text:
            apart = page.source.count("\n", end, block.start) > 1 or not end
            pieces.append(f"\n{text}\n" if apart and pieces else f"{text}\n")
            end = block.end
    return "".join(pieces)


def _laid_out(text: str) -> str:
    """A block's text with single spaces and without empty lines, its entities as the characters they mean."""
    text = _SPACES.sub(" ", _BREAKS.sub("\n", text.strip()))
    if "&" in text:
        from html import unescape

        return unescape(text)
    return text


def _visible(page: Page) -> tuple[str, str]:
    from cleaner.readers.inline import GONE
    from cleaner.readers.markdown import read_markdown

    found = page.shared.get("visible")
    if not isinstance(found, str):  # the page was pickled
        page.shared.update(read_markdown(page.source).shared)
        found = page.shared["visible"]
    return str(found), GONE


def removed_text(page: Page) -> str:
    """Everything that was removed, in page order; pieces of lines stand on lines of their own."""
    return "".join(_pieces(page))


def _pieces(page: Page) -> Iterator[str]:
    for start, end, _ in page.cuts:
        piece = page.source[start:end]
        yield piece if piece.endswith(("\n", "\r")) else piece + "\n"
