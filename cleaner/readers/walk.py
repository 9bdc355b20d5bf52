"""The walk over an HTML tree: its text in pieces, as a browser lays them out, and where each stands.

This room knows elements and their order; of what classes, roles and structured data say it only takes notes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from cleaner.readers.bounds import bounded
from cleaner.readers.elements import Cell, Containers, Inline, Mark, Piece
from cleaner.readers.structured import Head
from cleaner.readers.tags import (
    BLANK,
    BLOCK,
    BREAK,
    BROKEN,
    CUSTOM,
    FACTUAL,
    HEADINGS,
    INLINE,
    KINDS,
    LINE,
    LISTS,
    MARGINS,
    MARKED,
    MARKS,
    PREFORMATTED,
    SKIP,
    SPECIAL,
    TAGS,
)

RUNNING_CHARS = 80  # a block this long is running text
DEEPEST_FORMATTING = 40  # elements such as b in one another; below that their text is taken at once
DEEPEST_FRAME = 4  # documents within srcdoc within documents
SHORTEST_LABEL = 4  # characters of a text that may be set apart by style alone, such as Pros or Price
FALLBACK_CHARS = 200  # of a noscript or template that may hold the page's text; most hold one image
LONGEST_ROW = 400  # characters; a longer row is layout, not data,
LONGEST_HEADED_ROW = 4_000  # unless the table has header cells
MOST_PIECES = 3  # blocks in a cell of data

# An element whose children are being read, its kind and name, and the container that holds again behind it.
_Frame = tuple[LexborNode, int, str, int]
_Attributes = Mapping[str, str | None]

_OPTIONS = LexborDocumentOptions.WO_EVENTS  # with them the parser looks through a select's options at each of them
_BEGIN_TAG = re.compile("<[a-zA-Z][^<>]*>")
_NEWLINES = ("\n", "\n", "\n", "\n\n")  # by the gap before a block
_SPACES = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
_BINDING, _OPENING = frozenset("-/'\u2019_@#&=<\\([{\u00ab\u201c\u201e\u2018"), frozenset("([{\u00ab\u201c\u201e")
_CODE_LINES = ("line", "code-line", "view-line", "token-line", "cl")  # what highlighters call a line of code
_INVISIBLE = " \u200b\u200c\u200d\u200e\u200f\u2060\ufeff\xad"
_WHOLE = frozenset(("heading", "code", "item", "table"))  # kinds of blocks that are no piece of a row


def parsed(source: str) -> tuple[LexborHTMLParser, tuple[str, ...]]:
    """The tree of a document as a browser that runs scripts builds it, and what is to be said about it."""
    safe, warnings = bounded(source.encode("utf-8", "replace"))  # half pairs of surrogates become question marks
    return LexborHTMLParser(safe, scripting=True, options=_OPTIONS), warnings


class _Table:
    """A table that is being read: whether it has header cells, and its row's cells so far."""

    def __init__(self) -> None:
        self.headed = False
        self.nested = False  # whether another table stands in this row
        self.row = self.first = 0  # the row's container, and its first block
        self.cells: list[tuple[int, bool]] = []  # the block each cell begins with, and whether it is a header cell


class Walk:
    """One walk over a tree.

    ``fallbacks`` names elements to be read that are skipped otherwise. What was found is in ``pieces``,
    ``containers``, ``head`` and ``skipped``, which counts the elements that were not read.
    """

    def __init__(self, fallbacks: tuple[str, ...] = ()) -> None:
        self.fallbacks = fallbacks
        self.head = Head()
        self.skipped: dict[str, int] = {}
        self.containers = Containers()
        self.pieces: list[Piece] = []
        self.cells: dict[int, list[Cell]] = {}  # of the pieces that are rows
        # Of the block that is being read.
        self.buffer: list[str] = []
        self.marks: list[Mark] = []
        self.leaf = -1
        self.link_chars = 0
        self.plain = False  # whether it has text outside links and buttons
        self.gap = 0
        # Of the place in the tree.
        self.open_marks: list[tuple[str, str]] = []
        self.in_link = self.in_control = self.in_pre = self.in_quote = self.in_frame = 0
        self.formatting = self.heading = 0
        self.item_begins = False
        self.item_first = 0  # the block that the newest item begins with
        self.in_list = 0
        self.list_begins = False  # whether no item of the newest list was read
        self.tables: list[_Table] = []
        self.documents: list[LexborHTMLParser] = []  # nodes do not keep their document alive
        self.parts: dict[str, LexborNode] | None = None  # of a streamed page by id, once they are asked for
        self.moved: set[str] = set()  # the ids of those that were read where they belong

    def run(self, tree: LexborHTMLParser, inside: int = 0) -> None:
        """Reads a whole document, as if it stood in a container.

        The loop is long because it runs for every node: calls and attributes would cost more than the work.
        """
        stack: list[_Frame] = []
        push, pop, kind_of = stack.append, stack.pop, KINDS.get
        buffer, pieces, moved = self.buffer, self.pieces, self.moved
        elements, lasts, common = self.containers.elements, self.containers.lasts, self.containers.common
        self.documents.append(tree)
        node: LexborNode | None = tree.root
        here = inside  # the container
        closed = apart = False  # whether an inline element ended just before, and another began there
        while True:
            if node is None:
                if not stack:
                    break
                opened, kind, name, before = pop()
                closed = kind < BLOCK
                if kind == BLOCK:
                    if buffer:
                        self.end_line(last=name in PREFORMATTED)
                    margin, hooks = MARGINS[name]
                    if hooks and name in _CLOSERS:
                        _CLOSERS[name](self)
                    lasts[here] = len(pieces)
                    here = before
                    if margin > self.gap:
                        self.gap = margin
                else:
                    if kind == MARKED:
                        self.close_inline(name)
                    if here != before:
                        lasts[here] = len(pieces) + bool(buffer)
                        here = before
                node = opened.next
                continue
            name = node.tag or ""
            if name == "-text":
                text = node.text_content or ""
                if not text.isspace():
                    if buffer and (apart or text[0].isupper()) and self.stands_apart(text, apart):
                        buffer.append(" ")
                    buffer.append(text)
                    if self.leaf != here:
                        self.leaf = here if self.leaf < 0 else common(self.leaf, here)
                    if not self.in_control:
                        self.plain = True
                    elif self.in_link:
                        self.link_chars += len(text.strip())
                elif buffer or self.in_pre:
                    buffer.append(text)
                closed = apart = False
                node = node.next
                continue
            kind = kind_of(name, INLINE)
            if kind == BLOCK:
                closed = apart = False
                if buffer:
                    self.end_line()
                attributes = node.attributes
                if not (moved and attributes.get("id") in moved):
                    margin, hooks = MARGINS[name]
                    if margin > self.gap and not self.item_begins:
                        self.gap = margin
                    push((node, BLOCK, name, here))
                    elements.append((here, name, attributes, len(pieces)))
                    here = len(lasts)
                    lasts.append(0)
                    if hooks:
                        _OPENERS[name](self)
                    node = node.first_child
                    continue
            elif kind < BLOCK:
                inside = node.first_child
                if inside is not None:
                    if closed:
                        apart, closed = True, False
                    attributes = node.attributes
                    push((node, kind, name, here))
                    if apart and self.in_pre and attributes.get("class") in _CODE_LINES:
                        self.end_line()
                    if kind == MARKED:
                        self.open_inline(name, attributes)
                        if self.formatting > DEEPEST_FORMATTING:
                            self.flat(node, here)
                            inside = None
                    if len(attributes) > ("href" in attributes) or name in FACTUAL:
                        elements.append((here, name, attributes, len(pieces)))
                        here = len(lasts)
                        lasts.append(0)
                    node = inside
                    continue
            elif kind == BREAK:
                self.line_break()
            elif kind == SKIP:
                self.skip(name)
            elif kind == SPECIAL:
                inside = self.special(node, name, here)
                if inside is not None:
                    self.flush()
                    push((node, BLOCK, name, here))
                    elements.append((here, name, node.attributes, len(pieces)))
                    here = len(lasts)
                    lasts.append(0)
                    self.in_frame += 1
                    node = inside
                    continue
            node = node.next
        self.flush()
        lasts[0] = len(pieces)

    def stands_apart(self, text: str, beside: bool) -> bool:
        """Whether a text that directly follows another in a line stands apart from it on the screen.

        That is so for the texts of two elements ``beside`` each other, unless letters are set one by one
        or a sign belongs to its neighbour, and where a capital follows a small letter; not in code.
        """
        before, first = self.buffer[-1], text[0]
        last = before[-1]
        if first.isspace() or last.isspace() or self.in_pre or any(mark == "code" for mark, _ in self.open_marks):
            return False
        if not beside:
            return last.islower() and first.isupper() and min(len(before), len(text)) >= SHORTEST_LABEL
        if last.isalnum() and first.isalnum():
            return len(before) + len(text) > 2 or not (last.isalpha() and first.isalpha())
        return len(before) > 1 and last not in _BINDING and (first.isalnum() or first in _OPENING)

    def open_inline(self, name: str, attributes: _Attributes) -> None:
        """Enters a link, a button, an emphasis or the like."""
        value = ""
        if name == "a" or name == "button":
            if self.buffer and not (self.plain or self.in_control) and self._splits():
                self.flush()
                self.gap = max(self.gap, LINE)
            self.in_control += 1
            if name == "button":
                return
            self.in_link += 1
            value = attributes.get("href") or ""
        elif name == "time":
            self.head.times.append(attributes.get("datetime") or "")
            return
        self.formatting += 1
        if mark := MARKS[name]:
            self.open_marks.append((mark, value))
            self.marks.append((len(self.buffer), mark, value))

    def close_inline(self, name: str) -> None:
        """Leaves an element within a line."""
        if name == "a":
            self.in_control -= 1
            self.in_link -= 1
        elif name == "button":
            self.in_control -= 1
            return
        elif name == "time":
            return
        self.formatting -= 1
        if mark := MARKS[name]:
            self.open_marks.pop()
            self.marks.append((len(self.buffer), "/" + mark, ""))

    def _splits(self) -> bool:
        """Whether links side by side stand on lines of their own where the block's text stands so far."""
        elements, container = self.containers.elements, self.leaf
        while container:
            parent, name, _, _ = elements[container]
            tag = TAGS.get(name, CUSTOM)
            if tag.kind == BLOCK:
                return tag.splits
            container = parent
        return True

    def flat(self, node: LexborNode, here: int) -> None:
        """Takes all text of an element that stands too deep in others; a parser may have made many copies of those."""
        self.buffer.append(node.text())
        self.leaf = here if self.leaf < 0 else self.containers.common(self.leaf, here)
        self.plain = True

    def line_break(self) -> None:
        """Reads a br."""
        if self.in_pre:
            self.buffer.append("\n")
        elif self.buffer:
            self.flush()
            self.gap = BROKEN
        else:
            self.gap = BLANK

    # Blocks --------------------------------------------------------------------------------------

    def end_line(self, *, last: bool = False) -> None:
        """Ends the block that is being read; within code only its line, unless it is the last one."""
        if last or not self.in_pre:
            self.flush()
        elif not self.buffer[-1].endswith("\n"):
            self.buffer.append("\n")

    def flush(self) -> None:
        """Ends the block that is being read, when it has text."""
        buffer = self.buffer
        if not buffer:
            return
        text = "".join(buffer) if len(buffer) > 1 else buffer[0]
        indent = ""
        if self.in_pre:
            text, indent = _code(text)
        elif "\xa0" in text or "\u202f" in text:
            text = _SPACES.sub(" ", text).strip()
        else:
            text = " ".join(text.split())
        if len(text) > 3 or text.strip(_INVISIBLE):
            self.emit(text, self.leaf, indent, (buffer[:], self.marks) if self.marks else None)
        buffer.clear()
        if self.open_marks:
            self.marks = [(0, mark, value) for mark, value in self.open_marks]
        elif self.marks:
            self.marks = []
        self.leaf = -1
        self.link_chars = 0
        self.plain = False

    def emit(self, text: str, leaf: int, indent: str = "", inline: Inline | None = None) -> None:
        """Adds a block of some text that stands in a container."""
        gap, links = self.gap, self.link_chars
        if self.in_pre:
            kind = "code"
        elif self.heading:
            kind = "heading"
        elif self.item_begins:
            kind = "item"
            self.item_begins = False
        else:
            kind = "quote" if self.in_quote else "paragraph"
        if links > len(text):
            links = len(text)
        before = _NEWLINES[gap] + indent if self.pieces else indent
        self.pieces.append((before, text, kind, leaf, links, self.heading, gap == BROKEN, inline))
        self.gap = 0

    def add_text(self, text: str, kind: str = "paragraph") -> None:
        """Adds text that stands in no element of the page: as a heading, or as paragraphs, which may have markup."""
        first, script = len(self.pieces), len(self.containers.lasts)
        self.containers.elements.append((0, "script", {"itemprop": "articleBody"}, first))
        self.containers.lasts.append(first)
        self.gap = BLANK
        self.heading = 1 if kind == "heading" else 0
        if _BEGIN_TAG.search(text):
            self.run(parsed(text)[0], script)
        else:
            for line in unescape(text).splitlines():
                if words := " ".join(line.split()):
                    self.emit(words, script)
                    self.gap = BLANK
        self.heading = 0
        self.containers.lasts[script] = self.containers.lasts[0] = len(self.pieces)

    def text(self) -> str:
        """The texts of all blocks."""
        return "\n".join([piece[1] for piece in self.pieces])

    def running_chars(self) -> int:
        """The characters of the blocks that are long enough for running text."""
        return sum(len(piece[1]) for piece in self.pieces if len(piece[1]) >= RUNNING_CHARS)

    # Elements with ways of their own -------------------------------------------------------------

    def special(self, node: LexborNode, name: str, here: int) -> LexborNode | None:
        """Reads an element that is no mere text; gives the first node to be read inside it, if any."""
        attributes = node.attributes
        if name == "img":
            self._image(attributes)
        elif name == "script":
            if "ld+json" in (attributes.get("type") or ""):
                self.head.linked_data.append(node.text())
            self.skip(name)
        elif name == "meta":
            self.head.add_meta(attributes)
        elif name == "link":
            self.head.add_link(attributes)
        elif name == "base":
            self.head.base = self.head.base or attributes.get("href") or ""
        elif name == "title":
            if not self.in_frame:  # drawings have titles too
                self.head.title = self.head.title or " ".join(node.text().split())
        elif name == "svg":
            return self._drawing(node)
        elif name == "select":
            self.flush()
            self._form_text(_choices(node), attributes, name, here)
        elif name == "textarea":
            self.flush()
            self._form_text(node.text().strip(), attributes, name, here)
        elif name == "iframe":
            return self._frame(attributes)
        else:
            return self._fallback(node, name, attributes)
        return None

    def skip(self, name: str) -> None:
        """Counts an element that is not read."""
        self.skipped[name] = self.skipped.get(name, 0) + 1

    def _image(self, attributes: _Attributes) -> None:
        source = attributes.get("src") or ""
        if not source or source.startswith("data:"):
            source = attributes.get("data-src") or attributes.get("data-lazy-src") or ""
        if source:
            self.marks.append((len(self.buffer), "image", f"{source} {attributes.get('alt') or ''}"))

    def _drawing(self, node: LexborNode) -> LexborNode | None:
        """A drawing's text is read; few have any."""
        if node.css_first("text") is None:
            self.skip("svg")
            return None
        return node.first_child

    def _form_text(self, text: str, attributes: _Attributes, name: str, here: int) -> None:
        """Adds the choices of a form, or what a field is filled with, as a block."""
        if text:
            first = len(self.pieces)
            self.containers.elements.append((here, name, attributes, first))
            self.containers.lasts.append(first + 1)
            self.emit(text, len(self.containers.lasts) - 1)
            self.gap = LINE

    def _frame(self, attributes: _Attributes) -> LexborNode | None:
        inside = attributes.get("srcdoc")
        if not inside or self.in_frame >= DEEPEST_FRAME:
            self.skip("iframe")
            return None
        return self._document(inside)

    def _fallback(self, node: LexborNode, name: str, attributes: _Attributes) -> LexborNode | None:
        """What stands in noscript, noframes or a template, when it is wanted or a browser shows it."""
        if name == "template":
            if (id_ := attributes.get("id") or "").startswith("B:"):
                return self._streamed(node, id_)
            least = 0 if "shadowrootmode" in attributes else FALLBACK_CHARS
            fragments = node.template_fragments() if name in self.fallbacks or not least else []
            if fragments and len(fragments[0].text()) >= least:
                return fragments[0].first_child
        elif name in self.fallbacks and len(source := node.text()) >= FALLBACK_CHARS:
            return self._document(source)
        self.skip(name)
        return None

    def _document(self, source: str) -> LexborNode | None:
        tree, _ = parsed(source)
        self.documents.append(tree)
        return tree.body

    def _streamed(self, node: LexborNode, place: str) -> LexborNode | None:
        """The part of a streamed page that its script moves to this place; it stands hidden at the page's end."""
        part = "S" + place[1:]
        if part in self.moved:
            return None
        if self.parts is None:
            found = self.documents[0].css('[id^="S:"]')
            self.parts = {one.attributes["id"] or "": one for one in reversed(found)}
        self.moved.add(part)
        return self.parts[part].first_child if part in self.parts else None

    # The rows of tables --------------------------------------------------------------------------

    def begin_table(self) -> None:
        """Enters a table."""
        if self.tables:
            self.tables[-1].nested = True
        self.tables.append(_Table())

    def end_table(self) -> None:
        """Leaves a table."""
        self.tables.pop()

    def begin_row(self) -> None:
        """Enters a row."""
        if self.tables:
            table = self.tables[-1]
            table.row, table.first = len(self.containers.elements) - 1, len(self.pieces)
            table.cells, table.nested = [], False

    def begin_cell(self, *, header: bool = False) -> None:
        """Enters a cell."""
        if self.tables:
            self.tables[-1].cells.append((len(self.pieces), header))
            self.tables[-1].headed |= header

    def end_row(self) -> None:
        """Makes one block of a row of data; the cells of a row that is layout stay apart."""
        table, pieces = self.tables[-1] if self.tables else _Table(), self.pieces
        row = pieces[table.first :]
        fewest = 1 if table.headed else 2
        if table.nested or len(row) < fewest or not _WHOLE.isdisjoint([piece[2] for piece in row]):
            return
        ends = [start for start, _ in table.cells[1:]] + [len(pieces)]
        cells = [pieces[start:end] for (start, _), end in zip(table.cells, ends, strict=True)]
        sizes = [len(cell) for cell in cells]
        longest = LONGEST_HEADED_ROW if table.headed else LONGEST_ROW
        if (
            len(sizes) < 2
            or len(sizes) - sizes.count(0) < fewest
            or max(sizes) > MOST_PIECES
            or sum([len(piece[1]) for piece in row]) > longest
        ):
            return
        text = "\t".join([" ".join([piece[1] for piece in cell]) for cell in cells]).strip()
        links = sum([piece[4] for piece in row])
        pieces[table.first :] = [(row[0][0], text, "table", table.row, links, 0, False, None)]
        self.cells[table.first] = [
            (header, [inline or ([text], []) for _, text, *_, inline in cell])
            for cell, (_, header) in zip(cells, table.cells, strict=True)
        ]
        self.containers.join(table.row, table.first)


def _choices(select: LexborNode) -> str:
    """The texts of a select's options, one a line."""
    lines: list[list[str]] = [[]]
    for node in select.traverse(include_text=True):
        if node.tag == "option":
            lines.append([])
        elif text := node.text_content:
            lines[-1] += text.split()
    return "\n".join(" ".join(words) for words in lines if words)


def _code(text: str) -> tuple[str, str]:
    """The text of code without empty lines around it, and its first line's indentation."""
    text = text.strip("\r\n").rstrip()
    bare = text.lstrip()
    return bare, text[: len(text) - len(bare)].rpartition("\n")[2]


def _begin_item(walk: Walk) -> None:
    """Items of one block stand on lines that follow one another, whatever is in them; longer ones stand apart."""
    if not walk.list_begins:
        walk.gap = LINE if len(walk.pieces) <= walk.item_first + 1 else BLANK
    walk.list_begins = False
    walk.item_begins = True
    walk.item_first = len(walk.pieces)


def _end_item(walk: Walk) -> None:
    walk.item_begins = False


def _begin_list(walk: Walk) -> None:
    """A list stands apart from what is around it, a list within another does not."""
    if not walk.in_list:
        walk.list_begins = True
        walk.gap = BLANK
    walk.in_list += 1


def _end_list(walk: Walk) -> None:
    walk.in_list -= 1
    if not walk.in_list:
        walk.gap = BLANK


def _begin_quote(walk: Walk) -> None:
    walk.in_quote += 1


def _end_quote(walk: Walk) -> None:
    walk.in_quote -= 1


def _begin_pre(walk: Walk) -> None:
    walk.in_pre += 1


def _end_pre(walk: Walk) -> None:
    walk.in_pre -= 1


def _end_frame(walk: Walk) -> None:
    walk.in_frame -= 1


def _begin_heading(level: int) -> Callable[[Walk], None]:
    def begin(walk: Walk) -> None:
        walk.heading = level

    return begin


def _end_heading(walk: Walk) -> None:
    walk.heading = 0


def _begin_header_cell(walk: Walk) -> None:
    walk.begin_cell(header=True)


_OPENERS: dict[str, Callable[[Walk], None]] = {
    **dict.fromkeys(("li", "dt", "dd"), _begin_item),
    **dict.fromkeys(LISTS, _begin_list),
    **dict.fromkeys(PREFORMATTED, _begin_pre),
    **{name: _begin_heading(level) for name, level in HEADINGS.items()},
    "blockquote": _begin_quote,
    "table": Walk.begin_table,
    "tr": Walk.begin_row,
    "td": Walk.begin_cell,
    "th": _begin_header_cell,
}
_CLOSERS: dict[str, Callable[[Walk], None]] = {
    **dict.fromkeys(("li", "dt", "dd"), _end_item),
    **dict.fromkeys(LISTS, _end_list),
    **dict.fromkeys(PREFORMATTED, _end_pre),
    **dict.fromkeys(HEADINGS, _end_heading),
    "blockquote": _end_quote,
    "table": Walk.end_table,
    "tr": Walk.end_row,
    **dict.fromkeys(("iframe", "svg", "noscript", "noframes", "template"), _end_frame),
}
