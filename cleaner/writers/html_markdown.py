"""What stays of an HTML page as Markdown: headings, nested lists, tables, quotes and code as they stood.

This room knows the elements around blocks; what is within a block ``inline`` writes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cleaner.page import Page
from cleaner.readers.elements import Elements
from cleaner.writers.inline import escaped_inside, inline_markdown

_LINE_START = re.compile(r"([#+=-]|\d{1,9}(?=[.)]))")
_LANGUAGE = re.compile(r"(?:^|\s)(?:lang(?:uage)?-|highlight-source-|sourceCode |brush: ?)([A-Za-z0-9+#_.-]{1,30})")
_FENCES = re.compile("`{3,}")
LANGUAGE_LEVELS = 4  # elements around code whose classes may name its language


class _List(NamedTuple):
    """An item that a block stands in: the item's container, its list's, and its number, None for a bullet."""

    item: int
    list: int
    number: int | None


class _Quote(NamedTuple):
    """A quotation that a block stands in."""

    item: int


_Around = tuple[_List | _Quote, ...]


def html_markdown(page: Page, elements: Elements, *, links: bool = True) -> str:
    """Markdown that renders to the kept text of an HTML page, its structure and its addresses, made absolute.

    Of a block that lost a part only the text is written. Without ``links`` there are neither links nor
    images.
    """
    writer = _Writer(page, elements, links=links)
    index, size = 0, len(page.blocks)
    while index < size:
        index = writer.write(index)
    return "\n".join(writer.lines) + "\n" * bool(writer.lines)


class _Writer:
    """The lines written so far, and which items and lists they are in."""

    def __init__(self, page: Page, elements: Elements, *, links: bool) -> None:
        self.page, self.elements, self.links = page, elements, links
        self.base = elements.base_of(page.url)
        self.lines: list[str] = []
        self.begun: set[int] = set()  # items whose bullet is written
        self.bullets: dict[int, str] = {}  # by list
        self.numbers: dict[int, int] = {}  # of the items by list, counted so far
        self.before: _Around = ()
        self.last = -1  # the block written last
        self.known: dict[int, _Around] = {0: ()}

    def write(self, index: int) -> int:
        """Writes a block, with those that belong to its table; gives the next one to write."""
        if not self.page.standing(index):
            return index + 1
        around = self._around(self.elements.leaves[index])
        if index in self.elements.cells:
            until = self._table_end(index)
            self._add(index, around, self._table(range(index, until)))
            self.last = until - 1
            return until
        block = self.page.blocks[index]
        if block.kind == "code":
            lines = self._code(index)
        elif block.kind == "heading":
            text = self._inline(index)
            lines = [f"{'#' * self.elements.levels[index]} {_closed(text)}"] if text else []
        else:
            lines = [_begun(line) for line in self._inline(index).split("\n") if line]
        if lines:
            self._add(index, around, lines)
            self.last = index
        return index + 1

    # Where a block stands ----------------------------------------------------------------------

    def _around(self, leaf: int) -> _Around:
        """The items and quotations around a container, outermost first."""
        chain = []
        while leaf not in self.known:
            chain.append(leaf)
            leaf = self.elements.parent(leaf)
        around = self.known[leaf]
        for container in reversed(chain):
            name = self.elements.name(container)
            if name == "blockquote":
                around = (*around, _Quote(container))
            elif name == "li":
                around = (*around, self._item(container))
            self.known[container] = around
        return around

    def _item(self, container: int) -> _List:
        parent = self.elements.parent(container)
        if self.elements.name(parent) != "ol":
            return _List(container, parent, None)
        number = _number(self.elements.attribute(container, "value"))
        if number is None:
            start = _number(self.elements.attribute(parent, "start"))
            number = self.numbers.get(parent, (1 if start is None else start) - 1) + 1
        self.numbers[parent] = number
        return _List(container, parent, number)

    def _add(self, index: int, around: _Around, lines: list[str]) -> None:
        """Adds the lines of a block, each behind what its place asks for."""
        tight = self._is_tight(around)
        first, others = self._prefixes(around)
        if self._continues(index, around):
            self.lines[-1] += "\\"
            first = others
        elif self.lines and not tight:
            self.lines.append(_common(self.before, around))
        self.lines.append(first + lines[0])
        self.lines += [(others + line).rstrip() for line in lines[1:]]
        self.before = around

    def _prefixes(self, around: _Around) -> tuple[str, str]:
        """What stands before a block's first line and before its others; items begin with their bullet."""
        first = others = ""
        for level, one in enumerate(around):
            if isinstance(one, _Quote):
                first, others = first + "> ", others + "> "
                continue
            bullet = self._bullet(one, level)
            space = " " * len(bullet)
            first += space if one.item in self.begun else bullet
            others += space
            self.begun.add(one.item)
        return first, others

    def _bullet(self, item: _List, level: int) -> str:
        """The bullet or number of an item; two lists one after the other have different ones, or they would be one."""
        if item.list not in self.bullets:
            kinds = "-*" if item.number is None else ".)"
            above = self.before[level] if level < len(self.before) else None
            last = self.bullets.get(above.list) if isinstance(above, _List) else None
            self.bullets[item.list] = kinds[1] if last == kinds[0] else kinds[0]
        sign = self.bullets[item.list]
        return f"{sign} " if item.number is None else f"{item.number}{sign} "

    def _continues(self, index: int, around: _Around) -> bool:
        """Whether a block is the line after a br in a paragraph whose line before was written last."""
        kinds = ("paragraph", "item", "quote")
        return (
            bool(self.elements.continues[index])
            and self.last == index - 1
            and around == self.before
            and self.page.blocks[index].kind in kinds
            and self.page.blocks[self.last].kind in kinds
        )

    def _is_tight(self, around: _Around) -> bool:
        """Whether no blank line stands before a block: it begins an item right after an item of one line."""
        if not around or not self.before or self.page.blocks[self.last].kind != "item":
            return False
        item, last = around[-1], self.before[-1]
        if not isinstance(item, _List) or not isinstance(last, _List) or item.item in self.begun:
            return False
        if len(around) <= len(self.before):
            return item.list in self.bullets
        return around[:-1] == self.before and item.number in (None, 1)

    # What stands in it -------------------------------------------------------------------------

    def _inline(self, index: int) -> str:
        """The Markdown of a block's text; of one that lost a part its text alone."""
        inline = self.elements.inline[index]
        if not self.page.is_whole(index):
            kept = (self.page.source[span.start : span.end] for span in self.page.standing(index))
            return escaped_inside(" ".join(" ".join(kept).split()))
        if inline is None:
            return escaped_inside(self.page.blocks[index].text)
        return inline_markdown(*self.elements.within.of(inline), self.base, links=self.links)

    def _code(self, index: int) -> list[str]:
        block, source = self.page.blocks[index], self.page.source
        if self.page.is_whole(index):
            text = source[source.rfind("\n", 0, block.start) + 1 : block.end]
        else:
            text = "\n".join(source[span.start : span.end] for span in self.page.standing(index))
        fence = max(["``", *_FENCES.findall(text)], key=len) + "`"
        return [fence + self._language(index), *text.splitlines(), fence]

    def _language(self, index: int) -> str:
        """The language that a class names, of the code's element, those around it or the code within it."""
        container = self.elements.leaves[index]
        for _ in range(LANGUAGE_LEVELS):
            if match := _LANGUAGE.search(self.elements.attribute(container, "class")):
                return match[1].lower()
            container = self.elements.parent(container)
        return ""

    def _table_end(self, index: int) -> int:
        """The first block behind the rows of a table that follow one another."""
        table = self.elements.table_of(self.elements.leaves[index])
        until = index + 1
        while until in self.elements.cells and self.elements.table_of(self.elements.leaves[until]) == table:
            until += 1
        return until

    def _table(self, rows: range) -> list[str]:
        """The lines of a table; without a row of header cells it has an empty one."""
        kept = [index for index in rows if self.page.standing(index)]
        written = [self._row(index) for index in kept]
        width = max(map(len, written))
        cells = self.elements.cells[kept[0]]
        if not all(header for header, _ in cells):
            written.insert(0, [])
        lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in written]
        lines.insert(1, f"|{' --- |' * width}")
        return lines

    def _row(self, index: int) -> list[str]:
        if not self.page.is_whole(index):
            return [self._inline(index)]
        return [
            " ".join(
                inline_markdown(*self.elements.within.of(inline), self.base, links=self.links, in_cell=True)
                for inline in pieces
            )
            for _, pieces in self.elements.cells[index]
        ]


def _number(value: str) -> int | None:
    """The number that an attribute gives, when Markdown can write it."""
    return int(value) if value.isdecimal() and len(value) < 9 else None


def _common(before: _Around, around: _Around) -> str:
    """What stands on a blank line between two blocks: the marks of the quotations that both are in."""
    prefix = ""
    for one, other in zip(before, around, strict=False):
        if one != other:
            break
        prefix += "> " if isinstance(one, _Quote) else "    "
    return prefix.rstrip()


def _begun(line: str) -> str:
    """A line whose first characters would be taken for a heading, a list or a rule, escaped."""
    match = _LINE_START.match(line)
    if not match:
        return line
    return f"{match[0]}\\{line[match.end() :]}" if match[0].isdigit() else f"\\{line}"


def _closed(text: str) -> str:
    """The text of a heading; a # at its end is kept from ending it."""
    return f"{text[:-1]}\\#" if text.endswith("#") else text
