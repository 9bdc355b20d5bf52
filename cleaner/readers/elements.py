"""What the elements of an HTML page say of its blocks: facts, repetition, containers and their shares.

The reader fills it; filters, cues and writers ask it. It knows elements and no words: which blocks are
prose it is told.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate

from cleaner.markup import Markup
from cleaner.page import Page
from cleaner.readers.classes import FAMILIES, SHIFT
from cleaner.readers.structured import Head, evidence_text
from cleaner.readers.tags import BIT, LISTS

Mark = tuple[int, str, str]  # a piece of the block's text, what begins or ends before it, the link's address
Inline = tuple[list[str], list[Mark]]

PATH_CHARS, LABEL_CHARS = 200, 40
REPEATED = 3  # siblings of one shape from which on they are a repetition
SMALL_SHARE = 0.3  # of the page's characters; a container with more holds the page rather than a part of it
EVIDENCE_CHARS = 40  # a shorter text may stand in the structured data by chance
_LOW = (1 << SHIFT) - 1
_PLAIN = frozenset(("div", "span", "html", "tbody"))  # named in a path only with an id or a class


class Containers:
    """Elements that say something, in document order: 0 is the document; lists run parallel.

    ``own`` are the facts that the element states itself, ``facts`` those and its ancestors'. Blocks
    ``range(firsts[c], lasts[c])`` stand in container c.
    """

    def __init__(self) -> None:
        self.parents = [-1]
        self.depths = [0]
        self.names = ["document"]
        self.ids = [""]
        self.classes = [""]
        self.shapes = [("document", "")]
        self.own = [0]
        self.facts = [0]
        self.firsts = [0]
        self.lasts = [0]
        self.page_facts = 0  # what the classes and ids of html and body say of the whole page

    def add(self, parent: int, name: str, attributes: dict[str, str | None], facts: int, shape: str, first: int) -> int:
        """The number of a new container."""
        number = len(self.parents)
        self.parents.append(parent)
        self.depths.append(self.depths[parent] + 1)
        self.names.append(name)
        self.ids.append(attributes.get("id") or "")
        self.classes.append(attributes.get("class") or "")
        self.shapes.append((name, shape))
        self.own.append(facts)
        self.facts.append(facts | self.facts[parent])
        self.firsts.append(first)
        self.lasts.append(first)
        return number

    def common(self, one: int, other: int) -> int:
        """The innermost container of both."""
        parents, depths = self.parents, self.depths
        while one != other:
            if depths[one] >= depths[other]:
                one = parents[one]
            else:
                other = parents[other]
        return one

    def paths(self, leaves: Sequence[int]) -> list[str]:
        """The path of each of these containers, such as ``body>main#content>p``."""
        known = {0: ""}
        found = []
        for leaf in leaves:
            path = known.get(leaf)
            if path is None:
                chain = [leaf]
                while (up := self.parents[chain[-1]]) not in known:
                    chain.append(up)
                path = known[up]
                for container in reversed(chain):
                    path = known[container] = self._path(path, container)
            found.append(path)
        return found

    def _path(self, parent: str, container: int) -> str:
        name, id_, class_ = self.names[container], self.ids[container], self.classes[container]
        if id_:
            label = f"{name}#{id_[:LABEL_CHARS]}"
        elif class_ and (first := class_.split(None, 1)):
            label = f"{name}.{first[0][:LABEL_CHARS]}"
        elif name in _PLAIN:
            return parent
        else:
            label = name
        if not parent:
            return label
        if len(parent) > PATH_CHARS:
            parent = "..." + parent[parent.find(">", len(parent) - PATH_CHARS // 2) :]
        return f"{parent}>{label}"


class Pieces:
    """The blocks as they are read; lists run parallel."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.gaps: list[str] = []
        self.kinds: list[str] = []
        self.leaves: list[int] = []
        self.links: list[int] = []
        self.levels = bytearray()
        self.continues = bytearray()
        self.inline: list[Inline | None] = []
        self.cells: dict[int, list[tuple[bool, list[Inline]]]] = {}  # of a row: header or not, and its pieces

    def add(self, text: str, kind: str, gap: str, leaf: int, links: int) -> None:
        self.texts.append(text)
        self.kinds.append(kind)
        self.gaps.append(gap)
        self.leaves.append(leaf)
        self.links.append(links)

    def join_row(self, cells: list[range], headers: tuple[bool, ...], leaf: int) -> None:
        """Makes one block of a row's pieces, its cells apart by tabs."""
        start = next(cell.start for cell in cells if cell)
        gap, links = self.gaps[start], sum(self.links[start:])
        texts = [" ".join(self.texts[index] for index in cell) for cell in cells]
        inline = [[self.inline[index] or ([self.texts[index]], []) for index in cell] for cell in cells]
        del self.texts[start:], self.gaps[start:], self.kinds[start:], self.leaves[start:], self.links[start:]
        del self.levels[start:], self.continues[start:], self.inline[start:]
        self.add("\t".join(texts).strip(), "table", gap, leaf, links)
        self.levels.append(0)
        self.continues.append(0)
        self.inline.append(None)
        self.cells[start] = list(zip(headers, inline, strict=True))


class Elements(Markup):
    """What the page's elements say; every ``bytes`` and every column has one entry a block.

    A column is an int with a byte a block, the first block lowest, 1 for yes: what the cues' sheets
    hold. Facts are the names in ``tags.TAG_FACTS`` and ``classes.FAMILIES``.
    """

    def __init__(
        self, containers: Containers, pieces: Pieces, head: Head, skipped: dict[str, int], url: str | None
    ) -> None:
        self.containers = containers
        self.leaves = pieces.leaves
        self.texts = pieces.texts
        self.levels = list(pieces.levels)  # of headings, 1 to 6; 0 for other blocks
        self.continues = bytes(pieces.continues)  # 1 for a line that follows a br within its paragraph
        self.link_chars = pieces.links
        self.inline = pieces.inline
        self.cells = pieces.cells
        self.head = head
        self.needs = {}
        self.skipped = skipped  # elements that were not read, by name
        self.base = url
        self.size = len(pieces.leaves)
        self._ones = int.from_bytes(b"\x01" * self.size, "little")
        self._planes: dict[str, bytes] = {}

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
        return bool(self.containers.page_facts & FACT_BITS[fact])

    def _column(self, reach: str, fact: str) -> int:
        if reach not in self._planes:
            numbers = getattr(self, f"_{reach}")
            low = array("Q", [number & _LOW for number in numbers])
            high = array("Q", [number >> SHIFT for number in numbers])
            self._planes[reach + "low"], self._planes[reach + "high"] = low.tobytes(), high.tobytes()
            self._planes[reach] = b""
        bit = FACT_BITS[fact].bit_length() - 1
        plane, bit = (self._planes[reach + "low"], bit) if bit < SHIFT else (self._planes[reach + "high"], bit - SHIFT)
        return (int.from_bytes(plane[bit // 8 :: 8], "little") >> (bit % 8)) & self._ones

    @property
    def _inside(self) -> list[int]:
        facts = self.containers.facts
        return [facts[leaf] for leaf in self.leaves]

    @property
    def _near(self) -> list[int]:
        own, parents = self.containers.own, self.containers.parents
        found = []
        for leaf in self.leaves:
            up = parents[leaf]
            found.append(own[leaf] | own[up] | own[parents[up]])
        return found

    @property
    def _small(self) -> list[int]:
        containers, chars = self.containers, self.chars_before
        most = SMALL_SHARE * chars[-1]
        small: list[int] = []
        for parent, own, first, last in zip(
            containers.parents, containers.own, containers.firsts, containers.lasts, strict=True
        ):
            above = small[parent] if parent >= 0 else 0
            small.append(above | own if own and chars[last] - chars[first] < most else above)
        return [small[leaf] for leaf in self.leaves]

    # Containers ------------------------------------------------------------------------------------

    @cached_property
    def chars_before(self) -> list[int]:
        """The characters before each block, and at the end those of the page: one longer than the blocks."""
        return list(accumulate(map(len, self.texts), initial=0))

    def shares(self, numbers: Sequence[int], of: Sequence[int], up: int) -> bytes:
        """The sum of ``numbers`` as a percentage of the sum of ``of``, in the block's element or one ``up`` levels
        above it; such as the words of prose and all words, one number a block.
        """
        parents, firsts, lasts = self.containers.parents, self.containers.firsts, self.containers.lasts
        some, all_ = list(accumulate(numbers, initial=0)), list(accumulate(of, initial=0))
        known: dict[int, int] = {}
        found = bytearray()
        for leaf in self.leaves:
            share = known.get(leaf)
            if share is None:
                container = leaf
                for _ in range(up):
                    container = max(0, parents[container])
                first, last = firsts[container], lasts[container]
                whole = all_[last] - all_[first]
                share = known[leaf] = min(100, 100 * (some[last] - some[first]) // whole) if whole > 0 else 0
            found.append(share)
        return bytes(found)

    def main_column(self, weights: Sequence[int], percent: int) -> range:
        """The blocks of the innermost element with so many percent of the page's weights, such as words of prose."""
        sums = list(accumulate(weights, initial=0))
        least = sums[-1] * percent
        found = range(self.size)
        if not sums[-1]:
            return range(0)
        for first, last in zip(self.containers.firsts, self.containers.lasts, strict=True):
            if 100 * (sums[last] - sums[first]) >= least:
                found = range(first, last)
        return found

    @cached_property
    def repeats(self) -> bytes:
        """How many siblings of one shape (tag and class) there are at the innermost level above the block where
        they are three or more, the block's own among them; 0 without such a level, 255 at most.
        """
        parents = self.containers.parents
        count = Counter(zip(parents, self.containers.shapes, strict=True))
        found: list[int] = []
        for parent, shape in zip(parents, self.containers.shapes, strict=True):
            number = count[parent, shape]
            found.append(min(number, 255) if number >= REPEATED else found[parent] if parent >= 0 else 0)
        return bytes(found[leaf] for leaf in self.leaves)

    @cached_property
    def list_depths(self) -> bytes:
        """How many lists a block stands in, 255 at most."""
        inside: list[int] = []
        for parent, name in zip(self.containers.parents, self.containers.names, strict=True):
            above = inside[parent] if parent >= 0 else 0
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
FACT_BITS = {**BIT, **{name: 1 << (SHIFT + number) for number, name in enumerate(FAMILIES)}}
