"""The walk over an HTML tree: its text in pieces, as a browser lays them out, and where each stands.

This room knows elements and their order; of what classes, roles and structured data say it only takes notes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import NamedTuple

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from cleaner.readers.bounds import bounded
from cleaner.readers.elements import Containers, Piece
from cleaner.readers.rows import Rows
from cleaner.readers.structured import Head
from cleaner.readers.tags import (
    BLANK,
    BLOCK,
    BREAK,
    BROKEN,
    CUSTOM,
    FACTUAL,
    HEADINGS,
    LINE,
    LISTS,
    MARKED,
    PREFORMATTED,
    SKIP,
    SPECIAL,
    TAGS,
)
from cleaner.readers.within import Inline, Within

RUNNING_CHARS = 80  # a block this long is running text
DEEPEST_FORMATTING = 40  # elements such as b in one another; below that their text is taken at once
DEEPEST_FRAME = 4  # documents within srcdoc within documents
MOST_FRAMES = 64  # documents in a page; of further ones the text is taken without its markup
SHORTEST_LABEL = 4  # characters of a text that may be set apart by style alone, such as Pros or Price
FALLBACK_CHARS = 200  # of a noscript or template that may hold the page's text; most hold one image

_Attributes = Mapping[str, str | None]

_OPTIONS = LexborDocumentOptions.WO_EVENTS  # with them the parser looks through a select's options at each of them
_TAG = re.compile("</?[a-zA-Z][^<>]*>")
_NEWLINES = ("\n", "\n", "\n", "\n\n")  # by the gap before a block
_SPACES = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
_BINDING, _OPENING = frozenset("-/'\u2019_@#&=<\\([{\u00ab\u201c\u201e\u2018"), frozenset("([{\u00ab\u201c\u201e")
_CODE_LINES = ("line", "code-line", "view-line", "token-line", "cl")  # what highlighters call a line of code
_SOFT_HYPHEN = "\xad"
_INVISIBLE = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"


def parsed(source: str | bytes) -> tuple[LexborHTMLParser, tuple[str, ...]]:
    """The tree of a document as a browser that runs scripts builds it, and what is to be said about it.

    Bytes are UTF-8; half pairs of surrogates in a text become question marks.
    """
    safe, warnings = bounded(source.encode("utf-8", "replace") if isinstance(source, str) else source)
    return LexborHTMLParser(safe, scripting=True, options=_OPTIONS), warnings


class _Way(NamedTuple):
    """How an element is read: what stands around it, what is to be done at its begin and end.

    ``states`` says that its name alone states a fact.
    """

    name: str
    kind: int
    margin: int = 0
    begin: Callable[[Walk, _Attributes], None] | None = None
    end: Callable[[Walk], None] | None = None
    states: bool = False


class Walk:
    """One walk over a tree.

    ``fallbacks`` names elements to be read that are skipped otherwise. What was found is in ``pieces``,
    ``containers``, ``rows``, ``head`` and ``skipped``, which counts the elements that were not read.
    """

    def __init__(self, fallbacks: tuple[str, ...] = ()) -> None:
        self.fallbacks = fallbacks
        self.head = Head()
        self.skipped: dict[str, int] = {}
        self.containers = Containers()
        self.pieces: list[Piece] = []
        self.within = Within()
        self.rows = Rows(self.containers, self.pieces, self.within)
        # Of the block that is being read.
        self.buffer: list[str] = []
        self.marks: list[int | str] = []  # three entries each
        self.leaf = -1
        self.link_chars = 0
        self.plain = False  # whether it has text outside links and buttons
        self.gap = 0
        # Of the place in the tree.
        self.open_marks: list[tuple[str, str]] = []
        self.in_link = self.in_control = self.in_pre = self.in_quote = self.in_list = 0
        self.formatting = self.heading = 0
        self.item_begins = False
        self.item_first = 0  # the block that the newest item begins with
        self.list_begins = False  # whether no item of the newest list was read
        # Of the documents; nodes do not keep theirs alive.
        self.documents: list[LexborHTMLParser] = []
        self.frames: list[LexborHTMLParser | None] = []  # what is being read in others; None for a part of one
        self.frame_count = 0
        self.parts: dict[str, LexborNode] | None = None  # of a streamed page by id, once they are asked for
        self.moved: set[str] = set()  # the ids of those that were read where they belong

    def run(self, tree: LexborHTMLParser, inside: int = 0) -> None:
        """Reads a whole document, as if it stood in a container.

        The loop is long because it runs for every node: calls and attributes would cost more than the work.
        """
        # Elements whose children are being read, what is to be done at their ends, and the containers around them.
        stack: list[tuple[LexborNode, int, int, Callable[[Walk], None] | None, int]] = []
        push, pop, known_ways = stack.append, stack.pop, _WAYS_BY_NUMBER.get
        buffer, pieces, moved, containers = self.buffer, self.pieces, self.moved, self.containers
        parents, names, attributes_of = containers.parents, containers.names, containers.attributes
        firsts, lasts = containers.firsts, containers.lasts
        self.documents.append(tree)
        node: LexborNode | None = tree.root
        here = inside  # the container
        closed = apart = False  # whether an inline element ended just before, and another began there
        while True:
            if node is None:
                if not stack:
                    break
                node, kind, margin, end, before = pop()
                closed = kind < BLOCK
                if closed:
                    if end is not None:
                        end(self)
                    if here != before:
                        lasts[here] = len(pieces) + (self.leaf >= 0)
                        here = before
                else:
                    if buffer:
                        self.end_line()
                    if end is not None:
                        end(self)
                    lasts[here] = len(pieces)
                    here = before
                    if margin > self.gap:
                        self.gap = margin
                node = node.next
                continue
            number = node.tag_id
            if number == _TEXT:
                text = node.text_content or " "
                if text.isspace():
                    if buffer or self.in_pre:
                        buffer.append(text)
                else:
                    if _SOFT_HYPHEN in text:
                        text = text.replace(_SOFT_HYPHEN, "")
                    if buffer and text and (apart or text[0].isupper()) and self.stands_apart(text, apart):
                        buffer.append(" ")
                    buffer.append(text)
                    if self.leaf != here and text.strip(_INVISIBLE):
                        self.leaf = here if self.leaf < 0 else containers.common(self.leaf, here)
                    if not self.in_control:
                        self.plain = True
                    elif self.in_link:
                        self.link_chars += len(text.strip())
                closed = apart = False
                node = node.next
                continue
            name, kind, margin, begin, end, states = known_ways(number) or _way_of(node)
            if kind == BLOCK:
                closed = apart = False
                if buffer:
                    self.end_line()
                attributes = node.attributes
                if not (moved and attributes.get("id") in moved):
                    if margin > self.gap and not self.item_begins:
                        self.gap = margin
                    push((node, kind, margin, end, here))
                    parents.append(here)
                    names.append(name)
                    attributes_of.append(attributes)
                    firsts.append(len(pieces))
                    here = len(lasts)
                    lasts.append(0)
                    if begin is not None:
                        begin(self, attributes)
                    node = node.first_child
                    continue
            elif kind < BLOCK:
                inside_it = node.first_child
                if inside_it is not None:
                    if closed:
                        apart, closed = True, False
                    attributes = node.attributes
                    push((node, kind, margin, end, here))
                    if apart and self.in_pre and attributes.get("class") in _CODE_LINES:
                        self.end_line()
                    if begin is not None:
                        begin(self, attributes)
                        if self.formatting > DEEPEST_FORMATTING:
                            self.flat(node, here)
                            inside_it = None
                    if states or len(attributes) > ("href" in attributes):
                        parents.append(here)
                        names.append(name)
                        attributes_of.append(attributes)
                        firsts.append(len(pieces))
                        here = len(lasts)
                        lasts.append(0)
                    node = inside_it
                    continue
            elif kind == BREAK:
                self.line_break()
            elif kind == SKIP:
                self.skip(name)
            elif kind == SPECIAL:
                inside_it = _SPECIALS[name](self, node, here)
                if inside_it is not None:
                    self.flush()
                    push((node, BLOCK, LINE, _end_frame, here))
                    here = containers.begin(here, name, node.attributes, len(pieces))
                    node = inside_it
                    continue
            node = node.next
        self.flush()
        lasts[0] = len(pieces)

    def stands_apart(self, text: str, beside: bool) -> bool:
        """Whether a text that directly follows another in a line stands apart from it on the screen.

        That is so for the texts of two elements ``beside`` each other, unless letters are set one by one
        or a sign belongs to its neighbour, and where a capital follows a small letter; not in code.
        """
        before, first = self.buffer[-1] or " ", text[0]
        last = before[-1]
        if first.isspace() or last.isspace() or self.in_pre or any(mark == "code" for mark, _ in self.open_marks):
            return False
        if not beside:
            return last.islower() and first.isupper() and min(len(before), len(text)) >= SHORTEST_LABEL
        if last.isalnum() and first.isalnum():
            return len(before) + len(text) > 2 or not (last.isalpha() and first.isalpha())
        return len(before) > 1 and last not in _BINDING and (first.isalnum() or first in _OPENING)

    def parts_links(self) -> bool:
        """Whether a link or a button that begins in a line stands on one of its own: after another, in no sentence."""
        if self.plain or self.in_control:
            return False
        containers, container = self.containers, self.leaf
        while container:
            tag = TAGS.get(containers.names[container], CUSTOM)
            if tag.kind == BLOCK:
                return tag.splits
            container = containers.parents[container]
        return True

    def begin_mark(self, mark: str, value: str = "") -> None:
        """Enters what has a mark in Markdown, such as emphasis."""
        self.open_marks.append((mark, value))
        self.marks += (len(self.buffer), mark, value)

    def end_mark(self) -> None:
        """Leaves what has a mark in Markdown."""
        mark, _ = self.open_marks.pop()
        self.marks += (len(self.buffer), "/" + mark, "")

    def flat(self, node: LexborNode, here: int) -> None:
        """Takes all text of an element that stands too deep in others; a parser may have made many copies of those."""
        text = node.text()
        self.buffer.append(text)
        if text.strip(_INVISIBLE):
            self.leaf = here if self.leaf < 0 else self.containers.common(self.leaf, here)
        self.plain = True

    def line_break(self) -> None:
        """Reads a br."""
        if self.in_pre:
            self.buffer.append("\n")
        else:
            gap = BROKEN if self.leaf >= 0 else BLANK
            self.flush()
            self.gap = gap

    # Blocks --------------------------------------------------------------------------------------

    def end_line(self) -> None:
        """Ends the block that is being read; within code only its line."""
        if not self.in_pre:
            self.flush()
        elif not self.buffer[-1].endswith("\n"):
            self.buffer.append("\n")

    def flush(self) -> None:
        """Ends the block that is being read, when it has text that is seen: its leaf is set then."""
        buffer = self.buffer
        if not buffer:
            return
        text = "".join(buffer) if len(buffer) > 1 else buffer[0]
        indent = ""
        if self.in_pre:
            text, indent = _code(text)
        elif not text.isascii() and ("\xa0" in text or "\u202f" in text):
            text = _SPACES.sub(" ", text).strip()
        else:
            text = " ".join(text.split())
        if self.leaf >= 0:
            self.emit(text, self.leaf, indent, self.within.add(buffer, self.marks) if self.marks else None)
        buffer.clear()
        if self.marks:
            self.marks.clear()
            for mark, value in self.open_marks:
                self.marks += (0, mark, value)
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

    def add_block(self, text: str, name: str, attributes: _Attributes, here: int) -> None:
        """Adds the text of an element as a block on lines of its own."""
        self.flush()
        if text:
            first = len(self.pieces)
            container = self.containers.begin(here, name, attributes, first)
            self.containers.lasts[container] = first + 1
            self.emit(text, container)
            self.gap = LINE

    def add_text(self, text: str, kind: str = "paragraph") -> None:
        """Adds text that stands in no element of the page: as a heading, or as paragraphs, which may have markup."""
        script = self.containers.begin(0, "script", {"itemprop": "articleBody"}, len(self.pieces))
        self.gap = BLANK
        self.heading = 1 if kind == "heading" else 0
        if _TAG.search(text):
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

    def has_running_text(self, least: int) -> bool:
        """Whether the blocks that are long enough for running text have so many characters."""
        found = 0
        for piece in self.pieces:
            size = len(piece[1])
            if size >= RUNNING_CHARS:
                found += size
                if found >= least:
                    return True
        return False

    def running_chars(self) -> int:
        """The characters of the blocks that are long enough for running text."""
        return sum([size for piece in self.pieces if (size := len(piece[1])) >= RUNNING_CHARS])

    # Elements with ways of their own; each gives the first node to be read inside it, if any ------

    def skip(self, name: str) -> None:
        """Counts an element that is not read."""
        self.skipped[name] = self.skipped.get(name, 0) + 1

    def read_script(self, node: LexborNode, here: int) -> None:
        """Keeps a script's data that say something of the page."""
        if "ld+json" in (node.attributes.get("type") or ""):
            self.head.linked_data.append(node.text())
        self.skip("script")

    def read_meta(self, node: LexborNode, here: int) -> None:
        """Notes what the page says of itself."""
        self.head.add_meta(node.attributes)

    def read_link(self, node: LexborNode, here: int) -> None:
        """Notes the page's own address."""
        self.head.add_link(node.attributes)

    def read_base(self, node: LexborNode, here: int) -> None:
        """Notes what addresses are relative to."""
        self.head.base = self.head.base or node.attributes.get("href") or ""

    def read_title(self, node: LexborNode, here: int) -> None:
        """Notes the title of the window; drawings and documents in the page have some too."""
        if not self.frames:
            self.head.title = self.head.title or " ".join(node.text().split())

    def read_image(self, node: LexborNode, here: int) -> None:
        """Marks the place of an image."""
        attributes = node.attributes
        source = attributes.get("src") or ""
        if not source or source.startswith("data:"):
            source = attributes.get("data-src") or attributes.get("data-lazy-src") or ""
        if source:
            self.marks += (len(self.buffer), "image", f"{source} {attributes.get('alt') or ''}")

    def read_drawing(self, node: LexborNode, here: int) -> LexborNode | None:
        """A drawing's text is read; few have any, and most of those a title or styles alone."""
        if node.text().strip() and node.css_first("text") is not None:
            self.frames.append(None)
            return node.first_child
        self.skip("svg")
        return None

    def read_select(self, node: LexborNode, here: int) -> None:
        """Adds the choices of a form."""
        self.add_block(_choices(node), "select", node.attributes, here)

    def read_field(self, node: LexborNode, here: int) -> None:
        """Adds what a field is filled with."""
        self.add_block(node.text().strip(), "textarea", node.attributes, here)

    def read_frame(self, node: LexborNode, here: int) -> LexborNode | None:
        """A document that stands in an attribute is read."""
        attributes = node.attributes
        source = attributes.get("srcdoc")
        if not source or len(self.frames) >= DEEPEST_FRAME:
            self.skip("iframe")
        elif self.frame_count < MOST_FRAMES:
            return self._document(source)
        else:
            self.add_block(" ".join(unescape(_TAG.sub(" ", source)).split()), "iframe", attributes, here)
        return None

    def read_template(self, node: LexborNode, here: int) -> LexborNode | None:
        """What a browser shows of templates, and all of them when they are wanted."""
        attributes = node.attributes
        place = attributes.get("id") or ""
        if place.startswith("B:"):
            return self._streamed(place)
        least = 0 if "shadowrootmode" in attributes else FALLBACK_CHARS
        fragments = node.template_fragments() if "template" in self.fallbacks or not least else []
        if fragments and len(fragments[0].text()) >= least:
            self.frames.append(None)
            return fragments[0].first_child
        self.skip("template")
        return None

    def read_fallback(self, node: LexborNode, here: int) -> LexborNode | None:
        """What stands in noscript or noframes, when it is wanted."""
        name = node.tag or ""
        if name in self.fallbacks and len(source := node.text()) >= FALLBACK_CHARS:
            return self._document(source)
        self.skip(name)
        return None

    def _document(self, source: str) -> LexborNode | None:
        tree, _ = parsed(source)
        if tree.body is None:
            return None
        self.frames.append(tree)
        self.frame_count += 1
        return tree.body

    def _streamed(self, place: str) -> LexborNode | None:
        """The part of a streamed page that its script moves to this place; it stands hidden at the page's end."""
        part = "S" + place[1:]
        if part in self.moved:
            return None
        if self.parts is None:
            found = self.documents[0].css('[id^="S:"]')
            self.parts = {one.attributes["id"] or "": one for one in reversed(found)}
        self.moved.add(part)
        inside = self.parts[part].first_child if part in self.parts else None
        if inside is not None:
            self.frames.append(None)
        return inside


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


# The begins and ends of elements -------------------------------------------------------------------


def _begin_link(walk: Walk, attributes: _Attributes) -> None:
    _begin_button(walk, attributes)
    walk.in_link += 1
    walk.formatting += 1
    walk.begin_mark("link", attributes.get("href") or "")


def _end_link(walk: Walk) -> None:
    walk.in_control -= 1
    walk.in_link -= 1
    walk.formatting -= 1
    walk.end_mark()


def _begin_button(walk: Walk, attributes: _Attributes) -> None:
    if walk.buffer and walk.parts_links():
        walk.flush()
        walk.gap = max(walk.gap, LINE)
    walk.in_control += 1


def _end_button(walk: Walk) -> None:
    walk.in_control -= 1


def _begin_time(walk: Walk, attributes: _Attributes) -> None:
    walk.head.times.append(attributes.get("datetime") or "")


def _begin_marked(mark: str) -> Callable[[Walk, _Attributes], None]:
    def begin(walk: Walk, attributes: _Attributes) -> None:
        walk.formatting += 1
        walk.begin_mark(mark)

    return begin


def _end_marked(walk: Walk) -> None:
    walk.formatting -= 1
    walk.end_mark()


def _begin_formatting(walk: Walk, attributes: _Attributes) -> None:
    walk.formatting += 1


def _end_formatting(walk: Walk) -> None:
    walk.formatting -= 1


def _begin_item(walk: Walk, attributes: _Attributes) -> None:
    """Items of one block stand on lines that follow one another, whatever is in them; longer ones stand apart."""
    if not walk.list_begins:
        walk.gap = LINE if len(walk.pieces) <= walk.item_first + 1 else BLANK
    walk.list_begins = False
    walk.item_begins = True
    walk.item_first = len(walk.pieces)


def _end_item(walk: Walk) -> None:
    walk.item_begins = False


def _begin_list(walk: Walk, attributes: _Attributes) -> None:
    """A list stands apart from what is around it, a list within another does not."""
    if not walk.in_list:
        walk.list_begins = True
        walk.gap = BLANK
    walk.in_list += 1


def _end_list(walk: Walk) -> None:
    walk.in_list -= 1
    if not walk.in_list:
        walk.gap = BLANK


def _begin_quote(walk: Walk, attributes: _Attributes) -> None:
    walk.in_quote += 1


def _end_quote(walk: Walk) -> None:
    walk.in_quote -= 1


def _begin_pre(walk: Walk, attributes: _Attributes) -> None:
    walk.in_pre += 1


def _end_pre(walk: Walk) -> None:
    walk.flush()
    walk.in_pre -= 1


def _begin_heading(level: int) -> Callable[[Walk, _Attributes], None]:
    def begin(walk: Walk, attributes: _Attributes) -> None:
        walk.heading = level

    return begin


def _end_heading(walk: Walk) -> None:
    walk.heading = 0


def _begin_table(walk: Walk, attributes: _Attributes) -> None:
    walk.rows.begin_table()


def _end_table(walk: Walk) -> None:
    walk.rows.end_table()


def _begin_row(walk: Walk, attributes: _Attributes) -> None:
    walk.rows.begin_row()


def _end_row(walk: Walk) -> None:
    walk.rows.end_row()


def _begin_cell(walk: Walk, attributes: _Attributes) -> None:
    walk.rows.begin_cell()


def _begin_header_cell(walk: Walk, attributes: _Attributes) -> None:
    walk.rows.begin_cell(header=True)


def _end_frame(walk: Walk) -> None:
    walk.frames.pop()


_BEGINS: dict[str, Callable[[Walk, _Attributes], None]] = {
    "a": _begin_link,
    "button": _begin_button,
    "time": _begin_time,
    **dict.fromkeys(("li", "dt", "dd"), _begin_item),
    **dict.fromkeys(LISTS, _begin_list),
    **dict.fromkeys(PREFORMATTED, _begin_pre),
    **{name: _begin_heading(level) for name, level in HEADINGS.items()},
    "blockquote": _begin_quote,
    "table": _begin_table,
    "tr": _begin_row,
    "td": _begin_cell,
    "th": _begin_header_cell,
}
_ENDS: dict[str, Callable[[Walk], None]] = {
    "a": _end_link,
    "button": _end_button,
    **dict.fromkeys(("li", "dt", "dd"), _end_item),
    **dict.fromkeys(LISTS, _end_list),
    **dict.fromkeys(PREFORMATTED, _end_pre),
    **dict.fromkeys(HEADINGS, _end_heading),
    "blockquote": _end_quote,
    "table": _end_table,
    "tr": _end_row,
}
for _name, _tag in TAGS.items():
    if _tag.kind == MARKED and _name not in _BEGINS:
        _BEGINS[_name] = _begin_marked(_tag.mark) if _tag.mark else _begin_formatting
        _ENDS[_name] = _end_marked if _tag.mark else _end_formatting
_WAYS = {
    name: _Way(name, tag.kind, tag.margin, _BEGINS.get(name), _ENDS.get(name), name in FACTUAL)
    for name, tag in TAGS.items()
}
_WAYS_BY_NUMBER: dict[int, _Way] = {}  # the same by the parser's numbers: names are slow to get
_TEXT = 2  # the number of texts (LXB_TAG__TEXT)
_MOST_NUMBERS = 1_000  # a greater one is an address, which names another element in another document


def _way_of(node: LexborNode) -> _Way:
    """How an element is read, remembered where the parser has a number for its name."""
    name, number = node.tag or "", node.tag_id
    found = _WAYS.get(name) or _Way(name, CUSTOM.kind)
    if number < _MOST_NUMBERS:
        _WAYS_BY_NUMBER[number] = found
    return found


_SPECIALS: dict[str, Callable[[Walk, LexborNode, int], LexborNode | None]] = {
    "script": Walk.read_script,
    "meta": Walk.read_meta,
    "link": Walk.read_link,
    "base": Walk.read_base,
    "title": Walk.read_title,
    "img": Walk.read_image,
    "svg": Walk.read_drawing,
    "select": Walk.read_select,
    "textarea": Walk.read_field,
    "iframe": Walk.read_frame,
    "template": Walk.read_template,
    "noscript": Walk.read_fallback,
    "noframes": Walk.read_fallback,
}
