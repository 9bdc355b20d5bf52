"""Reads Markdown as people, converters and crawlers write it: one page, its blocks the spans of a source.

Every heading, paragraph, list item, table row, quoted paragraph, code block and definition is a block. The reader is
lenient where the converters are: what html2text indents too far is a list all the same. This room knows lines; what
stands within a block ``inline`` reads.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate
from typing import NamedTuple

from cleaner.markup import Markup
from cleaner.page import Block, Page
from cleaner.readers.inline import GONE, Inline, label_key

HEAD = "the page's head"  # why front matter is kept
LONGEST_HEAD = 200  # lines of front matter
JINA_HEAD = 10  # lines in which Jina Reader says title and address
JINA_LAST = "Markdown Content:"
CODE_COLUMNS = 4
LONGEST_DEFINITION = 10_000  # characters; embedded images are longer
RULES, FENCES = frozenset("-*_"), frozenset("`~")
LONGEST_SPLIT = 30  # lines of one link that a converter broke over blank lines

_RULE = re.compile(r"([-*_])(?:[ \t]*+\1){2,}$")
_HEADING = re.compile(r"(#{1,6})(?:[ \t]+|$)")
_CLOSING = re.compile(r"(?<=[ \t])#+$")
# html2text writes the marks of empty items before the next one's.
_ITEM = re.compile(r"(?:[-*+][ \t]++(?=[-*+](?:\s|$)))*(?:[-*+]|(\d{1,9})[.)])(?=\s|$)[ \t]*+(?:\[[ xX]\][ \t]+)?")
_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_DEFINITION = re.compile(
    r"\[(?!\^)((?:[^\[\]\\]|\\.){1,999})\]:\s*(<[^<>]*>|\S+)(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?$"
)
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,99}\]:[ \t]*")
_QUOTE = re.compile(r"(?:>[ \t]{0,3})+")
_VERBATIM = re.compile(r"<(script|pre|style|textarea)\b", re.I)
_STARTS = frozenset("#>-*+`~<[_0123456789|=")
# What converters indent too far, and what is no code whatever its indentation: items and lines that begin with a link.
_NO_CODE = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?:\s|$)|\[.*\]\(")


class _Piece(NamedTuple):
    """A block to be: its kind and place, where its text begins behind a mark, and what its mark says."""

    kind: str
    start: int
    end: int
    inner: int
    depth: int = 0
    level: int = 0
    table: int = 0  # 1 for the head of a table, 2 for a row of it
    label: str = ""  # of a definition


def read_markdown(source: str, *, url: str | None = None) -> Page:
    """The page of a Markdown text.

    ``shared`` holds ``markup``, the facts that only Markdown shows; ``visible``, the source with its markup
    overwritten by ``inline.GONE``; and ``masked``, the same with spaces, in which words and phrases are looked for.
    """
    lines = _Lines(source)
    lines.read()
    inline = Inline(source, lines.targets)
    inline.deletions = lines.deletions
    markup, found, used = Markup(), [], []
    for piece in lines.pieces:
        inline.read(piece.inner, piece.end if piece.kind != "code" and not piece.label else piece.inner)
        markup.levels.append(piece.level)
        markup.depths.append(piece.depth)
        markup.images.append(inline.images)
        markup.targets.append(tuple(inline.targets))
        found.append(inline.links)
        used.append(inline.used)
    visible = inline.visible()
    masked = visible.replace(GONE, " ")
    blocks = []
    for piece, links in zip(lines.pieces, found, strict=True):
        start, end = piece.start, piece.end
        in_links = sum(_chars(masked, *link) for link in links) if links else 0
        markup.visible.append(_chars(masked, start, end))
        markup.link_chars.append(in_links)
        blocks.append(Block(source[start:end], piece.kind, start, end, in_links))
    markup.needs = _needs(lines.pieces, used)
    page = Page(source, blocks, format="markdown", url=url, protected={0: HEAD} if lines.has_head else None)
    page.shared.update(markup=markup, visible=visible, masked=masked)
    return page


def _chars(text: str, start: int, end: int) -> int:
    """How many characters of a range are no white space that lies on a line or ends it."""
    return end - start - text.count(" ", start, end) - text.count("\n", start, end)


def _needs(pieces: list[_Piece], used: list[list[str]]) -> dict[int, tuple[int, ...]]:
    """The rows of each table's head, and the blocks that use each definition."""
    needs: dict[int, list[int]] = {}
    by_label: dict[str, int] = {}
    head = 0
    for index, piece in enumerate(pieces):
        if piece.table == 1:
            head = index
        elif piece.table == 2:
            needs.setdefault(head, []).append(index)
        elif piece.label:
            by_label.setdefault(piece.label, index)
    if by_label:
        for index, labels in enumerate(used):
            for label in dict.fromkeys(labels):
                needs.setdefault(by_label[label], []).append(index)
    return {block: tuple(users) for block, users in needs.items()}


def _definition(text: str) -> re.Match[str] | None:
    """A line that says where reference links lead."""
    return _DEFINITION.match(text) if len(text) <= LONGEST_DEFINITION else None


class _Lines:
    """The lines of a text, each with its stripped text and offset, and the reading of them from top to bottom."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = source.splitlines(keepends=True)
        self.texts = [line.strip() for line in self.lines]
        self.offsets = list(accumulate(map(len, self.lines), initial=0))
        self.pieces: list[_Piece] = []
        self.deletions: list[tuple[int, int]] = []
        self.targets: dict[str, str] = {}
        self.has_head = False
        self.unclosed: set[str] = set()  # what ends HTML and comes no more
        self.lists: list[int] = []  # the column of the text of each list that is open, outermost first
        self.closers = [
            index for index, text in enumerate(self.texts) if "](" in text and text.count("]") > text.count("[")
        ]

    def read(self) -> None:
        """Reads all lines; ``pieces`` and ``deletions`` are what was found."""
        texts, count = self.texts, len(self.texts)
        index = self._head()
        after_blank = True
        while index < count:
            text = texts[index]
            if not text:
                index += 1
                after_blank = True
                continue
            indent = self._indent(index)
            index = self._block(index, text, indent, after_blank=after_blank)
            after_blank = False

    def _indent(self, index: int) -> int:
        """The columns before a line's text."""
        line, first = self.lines[index], self.texts[index][0]
        if line[0] == first:
            return 0
        before = line[: line.index(first)]
        return len(before.expandtabs(4)) if "\t" in before else len(before)

    def _start(self, index: int) -> int:
        line, first = self.lines[index], self.texts[index][0]
        return self.offsets[index] + (0 if line[0] == first else line.index(first))

    def _end(self, index: int) -> int:
        return self._start(index) + len(self.texts[index])

    def _add(self, kind: str, first: int, last: int, *, marker: int = 0, level: int = 0, table: int = 0) -> None:
        """Adds the block of some lines; ``marker`` counts the characters of its mark, which is then noted."""
        start = self._start(first)
        end = (start if first == last else self._start(last)) + len(self.texts[last])
        if marker:
            self.deletions.append((start, start + marker))
        self.pieces.append(_Piece(kind, start, end, start + marker, len(self.lists), level, table))

    def _block(self, index: int, text: str, indent: int, *, after_blank: bool) -> int:
        """Reads the block that begins at a line; where the next one may begin."""
        if after_blank and indent:
            self._leave_lists(indent)
        elif not indent:
            self.lists.clear()
        inner = indent - (self.lists[-1] if self.lists else 0)
        if inner >= CODE_COLUMNS and after_blank and not _NO_CODE.match(text):
            return self._indented_code(index, indent - inner)
        if text[0] not in _STARTS:
            return self._paragraph(index, text, after_blank=after_blank)
        return self._marked(index, text, indent, after_blank=after_blank)

    def _leave_lists(self, indent: int) -> None:
        while self.lists and indent < self.lists[-1]:
            self.lists.pop()

    def _marked(self, index: int, text: str, indent: int, *, after_blank: bool) -> int:
        """Reads a block whose first character may be a mark."""
        first = text[0]
        if first in RULES and _RULE.match(text):
            self._add("paragraph", index, index)
            return index + 1
        if first == "#" and (heading := _HEADING.match(text)):
            return self._heading(index, heading.end(), len(heading[1]))
        if first in FENCES and (fence := _FENCE.match(text)):
            return self._fenced_code(index, fence[1] or fence[2])
        if first == ">":
            return self._quote(index)
        if first == "[" and (definition := _definition(text)):
            return self._definition(index, definition)
        if first == "<" and (end := self._verbatim(index, text)) > index:
            return end
        if item := _ITEM.match(text):
            return self._item(index, text, indent, item)
        return self._paragraph(index, text, after_blank=after_blank)

    def _heading(self, index: int, marker: int, level: int) -> int:
        """Notes an ATX heading, alone or in an item; ``marker`` is where its text begins in the line's text."""
        last = self._closer(index) if self.closers else index
        self._add("heading", index, last, marker=marker, level=level)
        if closing := _CLOSING.search(self.texts[last], marker if last == index else 0):
            end = self.pieces[-1].end
            self.deletions.append((end - len(closing[0]), end))
        return last + 1

    def _item(self, index: int, text: str, indent: int, item: re.Match[str]) -> int:
        """Reads a list item up to its first blank line, to the next item, or to what else begins a block."""
        self._leave_lists(indent)
        width = item.end() if item.end() < len(text) else 2
        self.lists.append(indent + min(width, 5))
        rest = text[item.end() :]
        if heading := _HEADING.match(rest):
            return self._heading(index, item.end() + heading.end(), len(heading[1]))
        last = self._last_line(index)
        self._add("item", index, last, marker=item.end())
        return last + 1

    def _paragraph(self, index: int, text: str, *, after_blank: bool) -> int:
        if "|" in text and self._is_table(index):
            return self._table(index)
        marker = footnote.end() if text[0] == "[" and (footnote := _FOOTNOTE.match(text)) else 0
        last = self._last_line(index)
        if last + 1 < len(self.texts) and self._is_underline(last + 1):
            underline = self.texts[last + 1]
            self._add("heading", index, last + 1, level=1 if underline[0] == "=" else 2)
            self.deletions.append((self._start(last + 1), self._end(last + 1)))
            return last + 2
        if after_blank and self.lists and self.pieces and self._continues_item():
            self.pieces[-1] = self.pieces[-1]._replace(end=self._end(last))
            return last + 1
        self._add("paragraph", index, last, marker=marker)
        return last + 1

    def _continues_item(self) -> bool:
        """Whether the last block is the item in which a paragraph stands; both are then one block."""
        before = self.pieces[-1]
        return before.kind == "item" and before.depth == len(self.lists)

    def _last_line(self, index: int) -> int:
        """The last line of the paragraph that begins at a line."""
        texts, count = self.texts, len(self.texts)
        while True:
            if self.closers and "[" in texts[index]:
                index = self._closer(index)
            following = texts[index + 1] if index + 1 < count else ""
            if not following or (following[0] in _STARTS and self._interrupts(index + 1, following)):
                return index
            if "|" in following and self._is_table(index + 1):
                return index
            index += 1

    def _closer(self, index: int) -> int:
        """The line that closes a link which a line leaves open; the same line when there is none near."""
        text = self.texts[index]
        if text.count("[") <= text.count("]"):
            return index
        at = bisect_left(self.closers, index + 1)
        if at == len(self.closers) or self.closers[at] > index + LONGEST_SPLIT:
            return index
        between = "".join(self.texts[index : self.closers[at] + 1])
        return self.closers[at] if between.count("[") <= between.count("]") else index

    def _interrupts(self, index: int, text: str) -> bool:
        """Whether a line begins a block of its own though no blank line stands before it."""
        first = text[0]
        if first == ">" or (first == "#" and _HEADING.match(text)):
            return True
        if (first in RULES and _RULE.match(text)) or (first in FENCES and _FENCE.match(text)):
            return True
        if item := _ITEM.match(text):
            return bool(self.lists) or (item.end() < len(text) and item[1] in (None, "1"))
        if first == "<":
            return _VERBATIM.match(text) is not None
        if first == "[" and self.texts[index - 1].startswith("[^"):
            return _definition(text) is not None or _FOOTNOTE.match(text) is not None
        return self._is_underline(index)

    def _is_underline(self, index: int) -> bool:
        """Whether a line makes the paragraph before it a heading."""
        text = self.texts[index]
        return text[:1] in ("=", "-") and not text.strip(text[0]) and self._indent(index) < CODE_COLUMNS

    def _indented_code(self, index: int, column: int) -> int:
        last = index
        for line in range(index + 1, len(self.texts)):
            if self.texts[line]:
                if self._indent(line) < column + CODE_COLUMNS:
                    break
                last = line
        self._add("code", index, last)
        return last + 1

    def _fenced_code(self, index: int, fence: str) -> int:
        texts = self.texts
        last = len(texts) - 1
        for line in range(index + 1, len(texts)):
            text = texts[line]
            if text.startswith(fence) and not text.strip(fence[0]):
                last = line
                break
        while last > index and not texts[last]:
            last -= 1
        self._add("code", index, last)
        self.deletions.append((self._start(index), self._end(index)))
        if last > index and texts[last].startswith(fence):
            self.deletions.append((self._start(last), self._end(last)))
        return last + 1

    def _quote(self, index: int) -> int:
        """Reads a quoted paragraph, with the empty quoted lines after it."""
        texts, count = self.texts, len(self.texts)
        last, empty, blank = index, True, False
        while True:
            text = texts[last]
            if mark := _QUOTE.match(text):
                start = self._start(last)
                self.deletions.append((start, start + mark.end()))
                rest = text[mark.end() :]
            else:
                rest = text
            empty = empty and not rest
            blank = not rest and not empty
            following = texts[last + 1] if last + 1 < count else ""
            if not following:
                break
            if following[0] == ">":
                inner = _QUOTE.sub("", following, count=1)
                if inner and (blank or (not empty and (_ITEM.match(inner) or _HEADING.match(inner)))):
                    break
            elif blank or empty or (following[0] in _STARTS and self._interrupts(last + 1, following)):
                break
            last += 1
        self._add("quote", index, last)
        return last + 1

    def _definition(self, index: int, definition: re.Match[str]) -> int:
        label = label_key(definition[1])
        start, end = self._start(index), self._end(index)
        self.targets.setdefault(label, definition[2].strip("<>"))
        self.pieces.append(_Piece("paragraph", start, end, start, label=label))
        self.deletions.append((start, end))
        return index + 1

    def _verbatim(self, index: int, text: str) -> int:
        """Reads HTML that is no Markdown inside: a comment, a script, code; where it ends, or the same line if none."""
        if text.startswith("<!--"):
            closing, kind = "-->", "paragraph"
        elif found := _VERBATIM.match(text):
            closing, kind = f"</{found[1].lower()}", "code"
        else:
            return index
        if closing in self.unclosed:
            return index
        last = index
        while last < len(self.texts) and closing not in self.texts[last].lower():
            last += 1
        if last == len(self.texts):
            self.unclosed.add(closing)
            return index
        self._add(kind, index, last)
        if closing == "</pre":
            return last + 1
        self.deletions.append((self._start(index), self._end(last)))
        return last + 1

    def _is_table(self, index: int) -> bool:
        """Whether a line is the head of a table: the line under it rules its columns."""
        following = self.texts[index + 1] if index + 1 < len(self.texts) else ""
        return "-" in following and "|" in following and not following.strip("|-: \t")

    def _table(self, index: int) -> int:
        self._add("table", index, index + 1, table=1)
        self._bars(index)
        self.deletions.append((self._start(index + 1), self._end(index + 1)))
        line = index + 2
        while line < len(self.texts) and self.texts[line] and self.texts[line][0] not in "#>`":
            self._add("table", line, line, table=2)
            self._bars(line)
            line += 1
        return line

    def _bars(self, index: int) -> None:
        """Notes the bars between a row's cells."""
        start, text = self._start(index), self.texts[index]
        at = text.find("|")
        while at >= 0:
            if not at or text[at - 1] != "\\":
                self.deletions.append((start + at, start + at + 1))
            at = text.find("|", at + 1)

    def _head(self) -> int:
        """Reads front matter, or what Jina Reader says before the page; the first line after it."""
        texts = self.texts
        last = -1
        if texts and texts[0] in ("---", "+++") and self.lines[0][0] == texts[0][0] and texts[1:2] not in ([], [""]):
            ends = (texts[0], "...")
            last = next((line for line in range(1, min(len(texts), LONGEST_HEAD)) if texts[line] in ends), -1)
        elif texts and texts[0].startswith("Title: ") and JINA_LAST in texts[:JINA_HEAD]:
            last = texts.index(JINA_LAST)
        if last > 0:
            self._add("code", 0, last)
            self.deletions.append((self._start(0), self._end(last)))
            self.has_head = True
        return last + 1
