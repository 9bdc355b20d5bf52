"""What the elements of an HTML page say of its blocks: facts, repetition, containers and their shares.

The reader fills it; filters, cues and writers ask it. It knows elements and no words: which blocks are
prose it is told.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from urllib.parse import urljoin

from cleaner.markup import Markup
from cleaner.page import Page
from cleaner.readers.attributes import stated
from cleaner.readers.classes import FAMILIES, REMEMBERED, SHIFT
from cleaner.readers.structured import Head, evidence_text
from cleaner.readers.tags import BLOCK, CUSTOM, LISTS, TAG_FACTS, TAGS

Mark = tuple[int, str, str]  # a piece of the block's text, what begins or ends before it, the link's address
Inline = tuple[list[str], list[Mark]]

PATH_CHARS, LABEL_CHARS = 200, 40
REPEATED = 3  # siblings of one shape from which on they are a repetition
SMALL_SHARE = 0.3  # of the page's characters; a container with more holds the page rather than a part of it
EVIDENCE_CHARS = 40  # a shorter text may stand in the structured data by chance
_LOW = (1 << SHIFT) - 1
_WHOLE_PAGE = ("html", "body")
_PLAIN = frozenset(("div", "span", "html", "tbody"))  # named in a path only with an id or a class


# A block as it is read: what stands before it, text, kind, container, characters in links, level of a
# heading, whether a br alone stands before it, and what stands within it, None when that is text alone.
Piece = tuple[str, str, str, int, int, int, bool, Inline | None]
Cell = tuple[bool, list[Inline]]  # of a row: whether it is a header cell, and its pieces
_Element = tuple[int, str, Mapping[str, str | None], int]


class Containers:
    """Elements that say something, in document order, so that 0 is the document and parents come first.

    ``elements`` holds the parent's number, name, attributes and first block of each, ``lasts`` the block
    behind its last one.
    """

    def __init__(self) -> None:
        self.elements: list[_Element] = [(0, "", {}, 0)]
        self.lasts = [0]

    def join(self, row: int, block: int) -> None:
        """Notes that everything in a row, whose descendants are the newest containers, became one block."""
        for number in range(row + 1, len(self.lasts)):
            parent, name, attributes, _ = self.elements[number]
            self.elements[number] = (parent, name, attributes, block)
            self.lasts[number] = block + 1

    def common(self, one: int, other: int) -> int:
        """The innermost container of both."""
        elements = self.elements
        while one != other:
            if one > other:
                one = elements[one][0]
            else:
                other = elements[other][0]
        return one

    def paths(self, leaves: Sequence[int]) -> list[str]:
        """The path of each of these containers, such as ``body>main#content>p``."""
        elements, known = self.elements, {0: ""}
        for leaf in leaves:
            chain = []
            while leaf not in known:
                chain.append(leaf)
                leaf = elements[leaf][0]
            path = known[leaf]
            while chain:
                container = chain.pop()
                _, name, attributes, _ = elements[container]
                label = _LABELS[name, attributes.get("id"), attributes.get("class")]
                if label:
                    path = f"{path}>{label}" if path else label
                    if len(path) > PATH_CHARS:
                        path = "..." + path[path.find(">", len(path) - PATH_CHARS // 2) :]
                known[container] = path
        return [known[leaf] for leaf in leaves]


class _Labels(dict[tuple[str, str | None, str | None], str]):
    """What a path calls an element: its name with its id or its first class; nothing for one that says nothing."""

    def __missing__(self, element: tuple[str, str | None, str | None]) -> str:
        name, id_, classes = element
        label = "" if name in _PLAIN else name
        if name == "body":
            pass
        elif id_:
            label = f"{name}#{id_[:LABEL_CHARS]}"
        elif classes and (first := classes.split(None, 1)):
            label = f"{name}.{first[0][:LABEL_CHARS]}"
        if len(self) >= REMEMBERED:
            self.clear()
        self[element] = label
        return label


_LABELS = _Labels()


class Elements(Markup):
    """What the page's elements say; every list, every ``bytes`` and every column has one entry a block.

    A column is an int with a byte a block, the first block lowest, 1 for yes: what the cues' sheets
    hold. A fact is a name in ``tags.TAG_FACTS``, stated by an element, a role, an attribute or
    microdata, or ``class`` with a name in ``classes.FAMILIES``, stated by the words of a class, an id
    or a label: ``inside("footer")`` are the blocks in a footer element, ``inside("class footer")``
    those in an element that is called so.

    - where: ``inside``, ``near`` and ``in_small`` are columns, ``page_says`` is of the whole page;
    - repetition: ``repeats``, siblings of the same shape;
    - containers: ``shares`` of prose or links in the elements around a block, ``main_column``;
    - ``title`` is the block of the page's title, ``in_evidence`` what structured data holds too;
    - ``levels`` of headings, ``list_depths``, ``continues``, ``link_chars``.

    Everything is computed when it is first asked for, in time proportional to the page's elements.
    """

    def __init__(
        self,
        containers: Containers,
        pieces: Sequence[Piece],
        cells: dict[int, list[Cell]],
        head: Head,
        skipped: dict[str, int],
    ) -> None:
        columns = list(zip(*pieces, strict=True)) or [()] * 8
        self.texts: Sequence[str] = columns[1]
        self.leaves: Sequence[int] = columns[3]
        self.link_chars = list(columns[4])
        self.levels = list(columns[5])  # of headings, 1 to 6; 0 for other blocks
        self.continues = bytes(columns[6])  # 1 for a line that follows a br within its paragraph
        self.inline: Sequence[Inline | None] = columns[7]
        self.cells = cells  # of the blocks that are rows
        self.head = head
        self.skipped = skipped  # elements that were not read, by name
        self.needs = {}
        self.size = len(pieces)
        self._containers = containers
        self._ones = int.from_bytes(b"\x01" * self.size, "little")
        self._planes: dict[str, tuple[bytes, bytes]] = {}

    def __getstate__(self) -> dict[str, object]:
        """What was read, without what can be computed again."""
        return {name: value for name, value in self.__dict__.items() if name in _READ}

    def __getattr__(self, name: str) -> object:
        """The lists that filters for Markdown ask for, made when one does."""
        if name not in _LISTS:
            raise AttributeError(name)
        found = _LISTS[name](self)
        setattr(self, name, found)
        return found

    # Facts -----------------------------------------------------------------------------------------

    def inside(self, fact: str) -> int:
        """The column of blocks in an element of this fact, at any height; ``html`` and ``body`` are left out."""
        return self._column("inside", fact)

    def near(self, fact: str) -> int:
        """The column of blocks whose own element, or one of the two above it, has this fact."""
        return self._column("near", fact)

    def in_small(self, fact: str) -> int:
        """The column of blocks in an element of this fact that holds under 30 % of the page's characters."""
        return self._column("small", fact)

    def page_says(self, fact: str) -> bool:
        """Whether the classes or ids of ``html`` or ``body`` have this fact, which holds for the whole page."""
        return bool(self.page_facts >> FACT_NUMBERS[fact] & 1)

    def _column(self, reach: str, fact: str) -> int:
        if reach not in self._planes:
            numbers = self._numbers(reach)
            self._planes[reach] = (
                array("Q", [number & _LOW for number in numbers]).tobytes(),
                array("Q", [number >> SHIFT for number in numbers]).tobytes(),
            )
        high, bit = divmod(FACT_NUMBERS[fact], SHIFT)
        plane = self._planes[reach][high][bit // 8 :: 8]
        return (int.from_bytes(plane, "little") >> (bit % 8)) & self._ones

    def _numbers(self, reach: str) -> list[int]:
        """The facts of each block, a bit each, as far as they reach."""
        parents, own = self._parents, self._own
        if reach == "near":
            near = [facts | own[up] | own[parents[up]] for up, facts in zip(parents, own, strict=True)]
            return [near[leaf] for leaf in self._nearest]
        found: list[int] = []
        most = SMALL_SHARE * self.chars_before[-1] if reach == "small" else self.chars_before[-1] + 1
        chars = self.chars_before
        for parent, facts, first, last in zip(parents, own, self._firsts, self._containers.lasts, strict=True):
            above = found[parent] if found else 0
            found.append(above | facts if facts and chars[last] - chars[first] < most else above)
        return [found[leaf] for leaf in self.leaves]

    # The tree, for writers --------------------------------------------------------------------------

    def parent(self, container: int) -> int:
        """The container around another."""
        return self._containers.elements[container][0]

    def name(self, container: int) -> str:
        """The element's name."""
        return self._containers.elements[container][1]

    def attribute(self, container: int, name: str) -> str:
        """An attribute of the element, empty without it."""
        return self._containers.elements[container][2].get(name) or ""

    def table_of(self, container: int) -> int:
        """The innermost table around a container; 0 for none."""
        while container and self.name(container) != "table":
            container = self.parent(container)
        return container

    def base_of(self, url: str | None) -> str | None:
        """The address that the page's own addresses are relative to."""
        address = url or self.head.canonical
        return urljoin(address, self.head.base) or None

    # Containers ------------------------------------------------------------------------------------

    @cached_property
    def _parents(self) -> list[int]:
        return [element[0] for element in self._containers.elements]

    @cached_property
    def _firsts(self) -> list[int]:
        return [element[3] for element in self._containers.elements]

    @cached_property
    def _stated(self) -> list[tuple[int, str]]:
        """The facts of each container and its shape among its siblings."""
        return [stated(name, attributes) for _, name, attributes, _ in self._containers.elements]

    @cached_property
    def _own(self) -> list[int]:
        """The facts of each container; those of html and body are the page's."""
        return [
            0 if element[1] in _WHOLE_PAGE else facts
            for element, (facts, _) in zip(self._containers.elements, self._stated, strict=True)
        ]

    @cached_property
    def page_facts(self) -> int:
        """The facts that html and body state, which are of the whole page, as bits."""
        found = 0
        for element, (facts, _) in zip(self._containers.elements, self._stated, strict=True):
            if element[1] in _WHOLE_PAGE:
                found |= facts
        return found

    @cached_property
    def _nearest(self) -> list[int]:
        """The container of each block; in place of an inline element that says nothing the one above it."""
        found: list[int] = []
        for number, (element, facts) in enumerate(zip(self._containers.elements, self._own, strict=True)):
            parent, name, _, _ = element
            silent = not facts and number and TAGS.get(name, CUSTOM).kind < BLOCK
            found.append(found[parent] if silent else number)
        return [found[leaf] for leaf in self.leaves]

    @cached_property
    def chars_before(self) -> list[int]:
        """The characters before each block, and at the end those of the page: one longer than the blocks."""
        return list(accumulate(map(len, self.texts), initial=0))

    def shares(self, numbers: Sequence[int], of: Sequence[int], up: int) -> bytes:
        """The sum of ``numbers`` as a percentage of the sum of ``of``, in the block's element or one ``up`` levels
        above it; such as the words of prose and all words, one number a block.
        """
        parents, firsts, lasts = self._parents, self._firsts, self._containers.lasts
        some, whole = list(accumulate(numbers, initial=0)), list(accumulate(of, initial=0))
        known: dict[int, int] = {}
        found = bytearray()
        for leaf in self._nearest:
            if leaf not in known:
                container = leaf
                for _ in range(up):
                    container = parents[container]
                first, last = firsts[container], lasts[container]
                total = whole[last] - whole[first]
                known[leaf] = min(100, 100 * (some[last] - some[first]) // total) if total > 0 else 0
            found.append(known[leaf])
        return bytes(found)

    def main_column(self, weights: Sequence[int], percent: int) -> range:
        """The blocks of the innermost element with so many percent of the page's weights, such as words of prose."""
        sums = list(accumulate(weights, initial=0))
        least = sums[-1] * percent / 100
        found = range(0)
        if least > 0:
            for first, last in zip(self._firsts, self._containers.lasts, strict=True):
                if sums[last] - sums[first] >= least:
                    found = range(first, last)
        return found

    @cached_property
    def repeats(self) -> bytes:
        """How many siblings of one shape (tag and class) there are at the innermost level above the block where
        they are three or more, the block's own among them; 0 without such a level, 255 at most.
        """
        siblings = [
            (element[0], element[1], shape)
            for element, (_, shape) in zip(self._containers.elements, self._stated, strict=True)
        ]
        count = Counter(siblings)
        found: list[int] = []
        for sibling in siblings:
            number = count[sibling]
            found.append(min(number, 255) if number >= REPEATED else found[sibling[0]] if found else 0)
        return bytes(found[leaf] for leaf in self.leaves)

    @cached_property
    def list_depths(self) -> bytes:
        """How many lists a block stands in, 255 at most."""
        inside: list[int] = []
        for parent, name, _, _ in self._containers.elements:
            above = inside[parent] if inside else 0
            inside.append(min(255, above + (name in LISTS)))
        return bytes(inside[leaf] for leaf in self.leaves)

    @cached_property
    def title(self) -> int:
        """The first block in an h1, else the first that is the page's title; -1 when there is none."""
        if 1 in self.levels:
            return self.levels.index(1)
        title = self.head.facts.get("title", "")
        return self.texts.index(title) if title in self.texts else -1

    @cached_property
    def in_evidence(self) -> bytes:
        """1 for the blocks whose text stands in the structured data's article body, description or post texts."""
        evidence = " ".join(evidence_text(self.head).split())
        if not evidence:
            return bytes(self.size)
        return bytes(len(text) >= EVIDENCE_CHARS and text in evidence for text in self.texts)


def elements_of(page: Page) -> Elements | None:
    """What the elements of an HTML page say; None for other formats."""
    found = page.shared.get("markup")
    return found if isinstance(found, Elements) else None


def _targets(elements: Elements) -> list[tuple[str, ...]]:
    return [
        tuple(value for _, mark, value in inline[1] if mark == "link" and value) if inline else ()
        for inline in elements.inline
    ]


def _images(elements: Elements) -> list[int]:
    return [sum(mark == "image" for _, mark, _ in inline[1]) if inline else 0 for inline in elements.inline]


_LISTS: dict[str, Callable[[Elements], object]] = {
    "visible": lambda elements: [len(text) - text.count(" ") for text in elements.texts],
    "depths": lambda elements: list(elements.list_depths),
    "images": _images,
    "targets": _targets,
}
# The attributes that the reader set; the others were computed of them.
_READ = (
    *("texts", "leaves", "link_chars", "levels", "continues", "inline", "cells", "head", "skipped", "needs", "size"),
    *("_containers", "_ones", "_planes"),
)
# The bits of the facts: an element's by its name, such as footer; a class's as in "class footer".
FACT_NUMBERS = {
    **{name: number for number, name in enumerate(TAG_FACTS)},
    **{f"class {name}": SHIFT + number for number, name in enumerate(FAMILIES)},
}
