"""Reads flattened plain text: one page, its blocks found by the layout of its lines."""

from __future__ import annotations

from cleaner.page import Block, Page

BULLETS = frozenset("-*+\u2022\u00b7\u25cf\u25cb\u25aa\u25e6\u2023\u25a0\u25b6\u00bb\u203a")


def read_text(source: str, *, url: str | None = None) -> Page:
    """The page of a plain text: every line that is not blank is a block."""
    blocks, at = [], 0
    for line in source.splitlines(keepends=True):
        text = line.strip()
        if text:
            start = at + line.index(text[0])
            blocks.append(Block(text, _kind(text), start, start + len(text)))
        at += len(line)
    return Page(source, blocks, url=url)


def _kind(text: str) -> str:
    return "item" if text[0] in BULLETS and text[1:2].isspace() else "paragraph"
