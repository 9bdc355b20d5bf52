"""Reads HTML: one page, its text flattened as a browser lays it out, its blocks with what the markup says.

This room knows elements and their order; what a filter makes of a block it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from cleaner.page import Block, Page
from cleaner.readers.bounds import bounded
from cleaner.readers.classes import read_class
from cleaner.readers.elements import Containers, Elements, Mark, Pieces
from cleaner.readers.structured import Head, body_text, facts_of
from cleaner.readers.tags import (
    BIT,
    BLOCK,
    BREAK,
    HEADINGS,
    INLINE,
    ITEM_FACTS,
    PREFORMATTED,
    ROLE_FACTS,
    SKIP,
    SPECIAL,
    TAGS,
    Tag,
)

THIN_CHARS = 400  # of running text in the page itself, below which noscript, templates and JSON-LD are asked
RUNNING_CHARS = 80  # a block this long is running text
DEEPEST_INLINE = 40  # inline elements in one another; below that their text is taken at once
DEEPEST_FRAME = 4  # documents within srcdoc within documents
ROW_CHARS = 400  # a longer row is layout, not data,
HEADED_ROW_CHARS = 4_000  # unless the table has header cells

LABEL_CHARS = 60

_CUSTOM, _CUSTOM_BLOCK = Tag(INLINE), Tag(BLOCK, 0, 1)
_TOGETHER = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "figcaption", "dd", "dt", "caption")
)
_SPACES = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
_INVISIBLE = " \u200b\u200c\u200d\u200e\u200f\u2060\ufeff\xad"
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_FALLBACKS = ("noscript", "template", "noframes")


def read_html(source: str, *, url: str | None = None) -> Page:
    """The page of an HTML document; ``shared["markup"]`` holds what its elements say of the blocks.

    Hidden text is read too, and marked. What no browser shows (scripts, styles, fallbacks) is left
    out and counted, except where the page's own text is missing: then noscript, templates and the
    structured data's text stand in for it.
    """
    safe, warnings = bounded(source)
    tree = LexborHTMLParser(safe)
    walk = _Walk()
    walk.run(tree)
    if walk.is_thin() and any(name in walk.skipped for name in _FALLBACKS):
        fuller = _Walk(_FALLBACKS)
        fuller.run(tree)
        if fuller.running_chars() > 2 * walk.running_chars():
            walk = fuller
            warnings.append("the page's own text is missing; what it holds for browsers without scripts is read")
    if walk.is_thin() and len(body := body_text(walk.head)) > 2 * walk.running_chars() + RUNNING_CHARS:
        walk.add_paragraphs(body)
        warnings.append("the page's own text is missing; its structured data's text is read")
    return walk.page(url, warnings)


class _Open(NamedTuple):
    """An element whose children are being read, and what holds again behind it."""

    node: LexborNode
    kind: int
    margin: int
    container: int
    name: str
    mark: str
    splits: bool


class _Table:
    """A table that is being read: whether it has header cells, and its row's cells so far."""

    def __init__(self) -> None:
        self.headed = False
        self.nested = False  # whether another table stands in this row
        self.row_start = 0
        self.cells: list[tuple[int, bool]] = []  # the block each cell begins with, and whether it is a header cell


class _Walk:
    """One walk over a tree: the pieces of the page's text, and for each the element it stands in.

    Containers are elements that say something: parent, label, facts and the range of blocks in them are
    parallel lists. ``fallbacks`` names elements to be read that are skipped otherwise.
    """

    def __init__(self, fallbacks: tuple[str, ...] = ()) -> None:
        self.fallbacks = fallbacks
        self.head = Head()
        self.skipped: dict[str, int] = {}
        self.containers = Containers()
        self.blocks = Pieces()
        # Of the block that is being read.
        self.buffer: list[str] = []
        self.marks: list[Mark] = []
        self.leaf = -1
        self.link_chars = 0
        self.plain = False  # whether it has text outside links and buttons
        self.apart = False  # whether two inline elements met with nothing between them
        self.gap = 0
        self.broken = False  # whether a br alone stands before it
        # Of the place in the tree.
        self.container = 0
        self.splits = True  # whether links side by side stand on lines of their own here
        self.open_marks: list[tuple[str, str]] = []
        self.in_link = self.in_control = self.in_pre = self.heading = self.formatting = self.frames = 0
        self.quotes = 0
        self.item_begins = False
        self.tables: list[_Table] = []
        self.documents: list[LexborHTMLParser] = []  # of frames and templates; nodes do not keep them alive

    # The walk ------------------------------------------------------------------------------------

    def run(self, tree: LexborHTMLParser) -> None:
        """Reads a whole document."""
        stack: list[_Open] = []
        node: LexborNode | None = tree.root
        closed = False  # whether an inline element ended just before
        while True:
            if node is None:
                if not stack:
                    break
                opened = stack.pop()
                self.close(opened)
                closed = opened.kind == INLINE
                node = opened.node.next
                continue
            name = node.tag or ""
            if name == "-text":
                closed = False
                self.text(node.text_content or "")
                node = node.next
                continue
            tag = TAGS.get(name, _CUSTOM)
            kind = tag.kind
            inside: LexborNode | None = None
            if kind == INLINE:
                inside = node.first_child
                if inside is not None:
                    if closed:
                        self.apart = True
                    stack.append(self.open_inline(node, name, tag))
                    if self.formatting > DEEPEST_INLINE:
                        self.text(node.text())
                        inside = None
                        node = None
                        continue
            elif kind == BLOCK:
                inside = node.first_child
                stack.append(self.open_block(node, name, tag))
                if inside is None:
                    node = None
                    continue
            elif kind == BREAK:
                self.line_break()
            elif kind == SKIP:
                self.skipped[name] = self.skipped.get(name, 0) + 1
            elif kind >= SPECIAL:
                inside = self.special(node, name)
                if inside is not None:
                    stack.append(self.open_block(node, name, _CUSTOM_BLOCK))
            closed = False
            node = inside if inside is not None else node.next
        self.flush()
        self.containers.lasts[0] = len(self.blocks.texts)

    def text(self, text: str) -> None:
        """Takes a piece of text into the block that is being read."""
        buffer = self.buffer
        if self.in_pre:
            buffer.append(text)
            if text.isspace():
                return
        elif text.isspace():
            if buffer:
                buffer.append(" ")
            self.apart = False
            return
        else:
            if self.apart and buffer:
                last = buffer[-1]
                if last[-1].isalnum() and text[0].isalnum() and len(last) + len(text) > 2:
                    buffer.append(" ")
            buffer.append(text)
        self.apart = False
        container = self.container
        if self.leaf < 0:
            self.leaf = container
        elif self.leaf != container:
            self.leaf = self.containers.common(self.leaf, container)
        if self.in_link:
            self.link_chars += len(text.strip())
        if not self.in_control:
            self.plain = True

    def line_break(self) -> None:
        if self.in_pre:
            self.buffer.append("\n")
            return
        if self.buffer:
            self.flush()
            self.broken = True
        else:
            self.broken = False
        self.gap = min(2, self.gap + 1)

    def open_inline(self, node: LexborNode, name: str, tag: Tag) -> _Open:
        mark = tag.mark
        before = self.container
        attributes = node.attributes
        facts, shape = tag.facts, ""
        if attributes:
            stated, shape = _stated(attributes)
            facts |= stated
        if name == "a" or name == "button":
            if self.buffer and not self.plain and self.splits and not self.in_control:
                self.flush()
                self.gap = 1
            self.in_control += 1
            if name == "a":
                self.in_link += 1
        elif name == "time" and attributes and (stamp := attributes.get("datetime")):
            self.head.times.append(stamp)
        if facts or shape:
            self.container = self.containers.add(before, name, attributes, facts, shape, len(self.blocks.texts))
        if mark:
            value = (attributes.get("href") or "") if mark == "link" else ""
            self.open_marks.append((mark, value))
            self.marks.append((len(self.buffer), mark, value))
            self.formatting += 1
        return _Open(node, INLINE, 0, before, name, mark, self.splits)

    def open_block(self, node: LexborNode, name: str, tag: Tag) -> _Open:
        if self.in_pre:
            self._line_in_pre()
        else:
            self.flush()
        margin = tag.margin
        opened = _Open(node, BLOCK, margin, self.container, name, "", self.splits)
        if margin > self.gap:
            self.gap = margin
        self.broken = False
        attributes = node.attributes
        facts, shape = tag.facts, ""
        if attributes:
            stated, shape = _stated(attributes)
            if name == "body" or name == "html":
                self.containers.page_facts |= stated
                if name == "html":
                    self.head.language = attributes.get("lang") or attributes.get("xml:lang") or ""
            else:
                facts |= stated
        self.container = self.containers.add(opened.container, name, attributes, facts, shape, len(self.blocks.texts))
        self.splits = name not in _TOGETHER
        if name in _OPENERS:
            _OPENERS[name](self)
        return opened

    def close(self, opened: _Open) -> None:
        """Leaves an element."""
        containers = self.containers
        if opened.kind == INLINE:
            name = opened.name
            if opened.mark:
                self.open_marks.pop()
                self.marks.append((len(self.buffer), "/" + opened.mark, ""))
                self.formatting -= 1
            if name == "a" or name == "button":
                self.in_control -= 1
                if name == "a":
                    self.in_link -= 1
            if self.container != opened.container:
                containers.lasts[self.container] = len(self.blocks.texts) + bool(self.buffer)
                self.container = opened.container
            return
        name = opened.name
        if self.in_pre and name not in PREFORMATTED:
            self._line_in_pre()
        else:
            self.flush()
        if name in _CLOSERS:
            _CLOSERS[name](self)
        containers.lasts[self.container] = len(self.blocks.texts)
        self.container = opened.container
        self.splits = opened.splits
        if opened.margin > self.gap:
            self.gap = opened.margin
        self.broken = False

    def _line_in_pre(self) -> None:
        if self.buffer and not self.buffer[-1].endswith("\n"):
            self.buffer.append("\n")

    # Blocks --------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Ends the block that is being read, when it has text."""
        buffer = self.buffer
        if not buffer:
            return
        text = "".join(buffer) if len(buffer) > 1 else buffer[0]
        indent = ""
        if self.in_pre:
            text = text.strip("\r\n").rstrip()
            bare = text.lstrip()
            indent = text[: len(text) - len(bare)].rpartition("\n")[2]
            text = bare
        elif "\xa0" in text or "\u202f" in text:
            text = _SPACES.sub(" ", text).strip()
        else:
            text = " ".join(text.split())
        if text and not (len(text) < 4 and not text.strip(_INVISIBLE)):
            self._emit(text, indent)
        self.buffer = []
        self.marks = [(0, mark, value) for mark, value in self.open_marks] if self.open_marks else []
        self.leaf = -1
        self.link_chars = 0
        self.plain = self.apart = False

    def _emit(self, text: str, indent: str) -> None:
        blocks = self.blocks
        if self.in_pre:
            kind = "code"
        elif self.heading:
            kind = "heading"
        elif self.item_begins:
            kind = "item"
        elif self.quotes:
            kind = "quote"
        else:
            kind = "paragraph"
        self.item_begins = False
        leaf = self.leaf if self.leaf >= 0 else self.container
        gap = "\n" * (self.gap or 1) + indent if blocks.texts else indent
        links = self.link_chars
        blocks.add(text, kind, gap, leaf, links if links < len(text) else len(text))
        blocks.levels.append(self.heading)
        blocks.continues.append(self.broken)
        blocks.inline.append((self.buffer, self.marks) if self.marks else None)
        self.gap = 0
        self.broken = False

    # Elements with ways of their own -------------------------------------------------------------

    def special(self, node: LexborNode, name: str) -> LexborNode | None:
        """Reads an element that is no mere text; the first node to be read inside it, if any."""
        attributes = node.attributes
        if name == "img" or name == "image":
            self._image(attributes)
        elif name == "script":
            if "ld+json" in (attributes.get("type") or ""):
                self.head.linked_data.append(node.text())
            self._skip(name)
        elif name == "meta":
            self.head.add_meta(attributes)
        elif name == "link":
            self.head.add_link(attributes)
        elif name == "base":
            self.head.base = self.head.base or attributes.get("href") or ""
        elif name == "title":
            self.head.title = self.head.title or " ".join(node.text().split())
        elif name == "svg":
            return self._drawing(node)
        elif name == "select":
            self._select(node)
        elif name == "textarea":
            self._field(node)
        elif name == "iframe":
            return self._frame(attributes)
        else:
            return self._fallback(node, name, attributes)
        return None

    def _skip(self, name: str) -> None:
        self.skipped[name] = self.skipped.get(name, 0) + 1

    def _image(self, attributes: dict[str, str | None]) -> None:
        source = attributes.get("src") or ""
        if not source or source.startswith("data:"):
            source = attributes.get("data-src") or attributes.get("data-lazy-src") or ""
        if source:
            self.marks.append((len(self.buffer), "image", source + " " + (attributes.get("alt") or "")))

    def _drawing(self, node: LexborNode) -> LexborNode | None:
        """A drawing's text is read; that is rare, and asked of the parser."""
        if node.css_first("text") is None:
            self._skip("svg")
            return None
        return node.first_child

    def _select(self, node: LexborNode) -> None:
        """The choices of a form, one a line, as one block."""
        self.flush()
        lines = [" ".join(option.text().split()) for option in node.css("option")]
        self._form_text("\n".join(line for line in lines if line), node, "select")

    def _field(self, node: LexborNode) -> None:
        self.flush()
        self._form_text(node.text().strip(), node, "field")

    def _form_text(self, text: str, node: LexborNode, fact: str) -> None:
        if not text:
            return
        before = self.container
        attributes = node.attributes
        facts, shape = _stated(attributes)
        self.container = self.containers.add(before, fact, attributes, facts | BIT[fact], shape, len(self.blocks.texts))
        self._emit(text, "")
        self.containers.lasts[self.container] = len(self.blocks.texts)
        self.container = before
        self.gap = 1

    def _frame(self, attributes: dict[str, str | None]) -> LexborNode | None:
        inside = attributes.get("srcdoc")
        if not inside or self.frames >= DEEPEST_FRAME:
            self._skip("iframe")
            return None
        self.frames += 1
        return self._document(inside)

    def _fallback(self, node: LexborNode, name: str, attributes: dict[str, str | None]) -> LexborNode | None:
        shadow = name == "template" and ("shadowrootmode" in attributes or "shadowroot" in attributes)
        if name not in self.fallbacks and not shadow:
            self._skip(name)
            return None
        if name == "noscript":
            return node.first_child
        return self._document(node.inner_html or "")

    def _document(self, source: str) -> LexborNode | None:
        safe, _ = bounded(source)
        tree = LexborHTMLParser(safe)
        self.documents.append(tree)
        return tree.body

    def add_paragraphs(self, text: str) -> None:
        """Adds text that stands in no element."""
        self.container = self.containers.add(
            0, "script", {"class": "linked-data"}, BIT["article body"], "", len(self.blocks.texts)
        )
        for line in text.splitlines():
            self.gap = 2
            if line := " ".join(line.split()):
                self._emit(line, "")
        self.containers.lasts[self.container] = self.containers.lasts[0] = len(self.blocks.texts)

    # The rows of tables --------------------------------------------------------------------------

    def begin_table(self) -> None:
        if self.tables:
            self.tables[-1].nested = True
        self.tables.append(_Table())

    def end_table(self) -> None:
        self.tables.pop()

    def begin_row(self) -> None:
        if self.tables:
            table = self.tables[-1]
            table.row_start, table.cells, table.nested = len(self.blocks.texts), [], False

    def begin_cell(self) -> None:
        if self.tables:
            self.tables[-1].cells.append((len(self.blocks.texts), False))

    def begin_header_cell(self) -> None:
        if self.tables:
            self.tables[-1].cells.append((len(self.blocks.texts), True))
            self.tables[-1].headed = True

    def end_row(self) -> None:
        """Makes one block of a row of data; the cells of a row that is layout stay apart."""
        if not self.tables:
            return
        table, blocks = self.tables[-1], self.blocks
        if table.nested or len(table.cells) < 2 or len(blocks.texts) <= table.row_start:
            return
        edges = [*(start for start, _ in table.cells), len(blocks.texts)]
        cells = [range(*edges[index : index + 2]) for index in range(len(table.cells))]
        longest = HEADED_ROW_CHARS if table.headed else ROW_CHARS
        if sum(map(len, blocks.texts[table.row_start :])) <= longest and _is_row(cells, blocks):
            blocks.join_row(cells, tuple(header for _, header in table.cells), self.container)

    def is_thin(self) -> bool:
        """Whether the page has hardly any running text."""
        return self.running_chars() < THIN_CHARS

    def running_chars(self) -> int:
        return sum(len(text) for text in self.blocks.texts if len(text) >= RUNNING_CHARS)

    def page(self, url: str | None, warnings: list[str]) -> Page:
        """The page that was read."""
        blocks, paths = self.blocks, self.containers.paths(self.blocks.leaves)
        parts: list[str] = []
        found: list[Block] = []
        at = 0
        for text, gap, kind, links, path in zip(
            blocks.texts, blocks.gaps, blocks.kinds, blocks.links, paths, strict=True
        ):
            start = at + len(gap)
            at = start + len(text)
            parts.append(gap)
            parts.append(text)
            found.append(Block(text, kind, start, at, links, path))
        if parts:
            parts.append("\n")
        page = Page("".join(parts), found, format="html", url=url)
        page.shared["markup"] = Elements(self.containers, blocks, self.head, self.skipped, url)
        page.shared["metadata"] = facts_of(self.head, url)
        for warning in warnings:
            page.note(warning)
        return page


def _is_row(cells: list[range], blocks: Pieces) -> bool:
    """Whether cells hold data: two or more with text, of one short piece or a few lines each."""
    filled = 0
    for cell in cells:
        filled += bool(cell)
        if len(cell) > 3 or any(blocks.kinds[index] in ("heading", "code", "item", "table") for index in cell):
            return False
    return filled > 1


def _begin_item(walk: _Walk) -> None:
    walk.item_begins = True


def _end_item(walk: _Walk) -> None:
    walk.item_begins = False


def _begin_quote(walk: _Walk) -> None:
    walk.quotes += 1


def _end_quote(walk: _Walk) -> None:
    walk.quotes -= 1


def _begin_pre(walk: _Walk) -> None:
    walk.in_pre += 1


def _end_pre(walk: _Walk) -> None:
    walk.in_pre -= 1


def _end_frame(walk: _Walk) -> None:
    walk.frames -= 1


def _begin_heading(level: int) -> Callable[[_Walk], None]:
    def begin(walk: _Walk) -> None:
        walk.heading = level

    return begin


def _end_heading(walk: _Walk) -> None:
    walk.heading = 0


_OPENERS: dict[str, Callable[[_Walk], None]] = {
    **dict.fromkeys(("li", "dt", "dd"), _begin_item),
    **dict.fromkeys(PREFORMATTED, _begin_pre),
    **{name: _begin_heading(level) for name, level in HEADINGS.items()},
    "blockquote": _begin_quote,
    "table": _Walk.begin_table,
    "tr": _Walk.begin_row,
    "td": _Walk.begin_cell,
    "th": _Walk.begin_header_cell,
}
_CLOSERS: dict[str, Callable[[_Walk], None]] = {
    **dict.fromkeys(("li", "dt", "dd"), _end_item),
    **dict.fromkeys(PREFORMATTED, _end_pre),
    **dict.fromkeys(HEADINGS, _end_heading),
    "blockquote": _end_quote,
    "table": _Walk.end_table,
    "tr": _Walk.end_row,
    "iframe": _end_frame,
}


def _stated(attributes: dict[str, str | None]) -> tuple[int, str]:
    """The facts that attributes state, and the shape of the class."""
    facts, shape = 0, ""
    for name, value in attributes.items():
        if name == "class":
            if value:
                named = read_class(value)
                facts |= named.facts
                shape = named.shape
        elif name == "id":
            if value:
                facts |= read_class(value).facts
        elif name in _ATTRIBUTES:
            facts |= _ATTRIBUTES[name](value or "")
    return facts, shape


def _role(value: str) -> int:
    return ROLE_FACTS.get(value.strip().lower(), 0)


def _aria_hidden(value: str) -> int:
    return BIT["not for screen readers"] if value.lower() == "true" else 0


def _style(value: str) -> int:
    return BIT["hidden"] if _HIDING.search(value) else 0


def _property(value: str) -> int:
    facts = 0
    for name in value.lower().split():
        facts |= ITEM_FACTS.get(name.rpartition(":")[2], 0)
    return facts


def _name(value: str) -> int:
    return read_class(value[:LABEL_CHARS]).facts


_ATTRIBUTES: dict[str, Callable[[str], int]] = {
    "role": _role,
    "hidden": lambda value: BIT["hidden"] if value.lower() != "until-found" else 0,
    "aria-hidden": _aria_hidden,
    "style": _style,
    "itemprop": _property,
    "property": _property,
    "data-nosnippet": lambda value: BIT["not for snippets"],
    "inert": lambda value: BIT["inert"],
    "aria-label": _name,
    "data-testid": _name,
    "data-component": _name,
}
