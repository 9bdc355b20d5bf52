"""Reads flattened plain text: one page, its blocks found by the layout of its lines.

This room knows lines; what a filter makes of a block it does not know.
"""

from __future__ import annotations

from cleaner.page import Block, Page
from cleaner.readers import layout
from cleaner.readers.lynx import lynx_marks


def read_text(source: str, *, url: str | None = None) -> Page:
    """The page of a plain text: a line, or the lines of one paragraph, is a block."""
    lines = source.splitlines(keepends=True)
    texts = [line.strip() for line in lines]
    wide = layout.has_wide(source)
    width = layout.wrap_width(lines, texts, wide=wide)
    blocks: list[Block] = []
    at = start = end = 0
    first = before = before_line = ""
    texts.append("")
    fits = broken = False
    for index, text in enumerate(texts):
        line = lines[index] if text else ""
        if text:
            line = line.rstrip()
            if before:
                joined = (
                    width
                    and (fits or before[-1] not in layout.STOPS)
                    and layout.is_wrapped(before_line, line, before, text, width, wide=wide)
                ) or (broken and layout.is_continued(before, text, texts[index + 1], end - start))
            else:
                joined = False
                after = texts.index("", index)
                broken = after > index + 1 and layout.is_broken(texts[index:after])
                fits = width > 0 and all(
                    layout.columns_of(one.rstrip(), wide=wide) <= width + layout.SLACK_COLUMNS
                    for one in lines[index:after]
                )
            if joined:
                end = at + len(line)
            else:
                if first:
                    blocks.append(_block(source, first, start, end))
                start = at + len(line) - len(line.lstrip())
                end = start + len(text)
                first = text
            before_line = line
        before = text
        if index < len(lines):
            at += len(lines[index])
    if first:
        blocks.append(_block(source, first, start, end))
    page = Page(source, blocks, url=url)
    if marks := lynx_marks(source):
        page.shared["lynx_marks"] = marks
        page.shared["masked"] = marks.masked(source)
    return page


def _block(source: str, first: str, start: int, end: int) -> Block:
    return Block(source[start:end], "item" if layout.is_item(first, 0) else "paragraph", start, end)
