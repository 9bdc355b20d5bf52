"""Reads flattened plain text: one page, its blocks found by the layout of its lines.

This room knows lines; what a filter makes of a block it does not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, repeat

from cleaner.page import Block, Page, quick
from cleaner.readers import layout
from cleaner.readers.lynx import lynx_marks


def read_text(source: str, *, url: str | None = None) -> Page:
    """The page of a plain text: a line, or the lines of one paragraph, is a block.

    For a page that lynx dumped, ``shared`` holds its marks and, as ``masked``, the source without them.
    """
    page = Page(source, _Lines(source).blocks(), url=url)
    if marks := lynx_marks(source):
        page.shared["lynx_marks"] = marks
        page.shared["masked"] = marks.masked(source)
    return page


class _Lines:
    """The lines of a text, each with its stripped text ("" for a blank one) and where it begins."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = source.splitlines(keepends=True)
        self.texts = list(map(str.strip, self.lines))
        self.offsets = list(accumulate(map(len, self.lines), initial=0))
        self.wide = layout.has_wide(self.texts)
        self.width = layout.wrap_width(self.lines, self.texts, wide=self.wide)

    def blocks(self) -> list[Block]:
        """The blocks of all runs: of the lines between one blank line and the next."""
        texts, found = self.texts, list[Block]()
        texts.append("")
        index, count = 0, len(texts)
        while index < count:
            if not texts[index]:
                index += 1
            elif not texts[index + 1]:
                found.append(self._block(index, index))
                index += 2
            else:
                end = texts.index("", index)
                self._read_run(index, end, found)
                index = end + 1
        return found

    def _read_run(self, start: int, end: int, found: list[Block]) -> None:
        """Adds the blocks of a run of two or more lines; ``end`` is the blank line after it."""
        run = self.texts[start:end]
        broken = layout.is_broken(run)
        kind = layout.kind_of_run(self.lines[start:end], run, self.width)
        if kind or not (broken or self.width):
            found += self._single(start, end, kind)
            return
        fits = layout.fits(self.lines[start:end], self.width, wide=self.wide)
        texts, lines, offsets, half = self.texts, self.lines, self.offsets, self.width // 2
        first = start
        for index in range(start + 1, end):
            if half and len(lines[index - 1]) > half and self._is_wrapped(index, fits=fits):
                continue
            if broken and layout.is_continued(
                texts[index - 1], texts[index], texts[index + 1], offsets[index] - offsets[first]
            ):
                continue
            found.append(self._block(first, index - 1))
            first = index
        found.append(self._block(first, end - 1))

    def _is_wrapped(self, index: int, *, fits: bool) -> bool:
        """Whether a line was broken off the one before it at the page's width.

        In a run with longer lines that alone proves too little after a full stop.
        """
        before, text = self.texts[index - 1], self.texts[index]
        if layout.is_rule(before) or layout.is_rule(text) or (not fits and before[-1] in layout.STOPS):
            return False
        line, following = self.lines[index - 1].rstrip(), self.lines[index].rstrip()
        wrapped = layout.is_wrapped(line, following, before, text, self.width, wide=self.wide)
        return wrapped and not layout.begins_anew(before, text)

    def _single(self, start: int, end: int, kind: str = "") -> Iterator[Block]:
        """The lines from ``start`` to ``end``, none of them blank, as a block each."""
        return map(_block_of, self.texts[start:end], self.lines[start:end], self.offsets[start:end], repeat(kind))

    def _block(self, first: int, last: int) -> Block:
        """The lines from ``first`` to ``last`` as one block."""
        block = _block_of(self.texts[first], self.lines[first], self.offsets[first])
        if first == last:
            return block
        end = self.offsets[last] + len(self.lines[last].rstrip())
        return Block(self.source[block.start : end], block.kind, block.start, end)


def _block_of(text: str, line: str, offset: int, kind: str = "") -> Block:
    """A line as a block: of a kind that is known, or of its own."""
    sign = text[0]
    indent = 0 if line[0] == sign else line.index(sign)
    if not kind:
        # Most lines begin with a letter or a bullet and are told without asking.
        if text[1:2] == " ":
            kind = "item" if sign in layout.BULLETS else layout.kind_of(text, indent)
        else:
            kind = "paragraph" if sign.isalpha() and text[1:2] != ")" else layout.kind_of(text, indent)
    start = offset + indent
    return quick(Block, (text, kind, start, start + len(text), None))
