"""What the elements of an HTML page say of its blocks: facts, repetition, containers and their shares.

The reader fills it; filters, cues and writers ask it. It knows elements and no words: which blocks are
prose it is told.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, compress, count, islice, pairwise
from operator import lt, mul
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from cleaner.lazy import cached_property
from cleaner.markup import Markup
from cleaner.page import Page
from cleaner.readers.attributes import facts_of
from cleaner.readers.classes import FAMILIES, SHAPES, SHIFT, Remembered
from cleaner.readers.structured import Head, evidence_text
from cleaner.readers.tags import BLOCK, LISTS, TAG_FACTS, TAGS
from cleaner.readers.within import Inline, Within

PATH_CHARS, LABEL_CHARS = 200, 40
FEWEST_NAMED = 3  # elements with their own words for an id, from which on that is the way of the page
REPEATED = 3  # siblings of one shape from which on they are a repetition
SMALL_SHARE = 0.3  # of the page's characters; a container with more holds the page rather than a part of it
LARGEST_SECTION = 0.6  # of the page's blocks
EVIDENCE_CHARS = 40  # a shorter text may stand in the structured data by chance
_SIGNS = re.compile(r"[\W_]+")
_ANCHOR = re.compile("^[a-z]-")  # that a generator puts before an id, as in "s-referrer-policy"
_LOW = (1 << SHIFT) - 1
_WHOLE_PAGE = ("html", "body")
_NO_BASES = ("data:", "javascript:")  # as HTML has it
LANDMARKS = ("nav", "footer", "contentinfo", "dialog")  # of a site's frame
_LANDMARK_TAGS, _LANDMARK_KEYS = frozenset(LANDMARKS), ("role", "data-nosnippet")
_PLAIN = frozenset(("div", "span", "html", "tbody"))  # named in a path only with an id or a class
_BLOCKS = frozenset(name for name, tag in TAGS.items() if tag.kind >= BLOCK)


# A block as it is read: what stands before it, text, kind, container, characters in links, level of a
# heading, whether a br alone stands before it, and what stands within it, None when that is text alone.
Piece = tuple[str, str, str, int, int, int, bool, Inline | None]
Cell = tuple[bool, list[Inline]]  # of a row: whether it is a header cell, and its pieces


class Columns(NamedTuple):
    """What is known of the blocks of a page, a sequence with one entry a block for each part of a piece."""

    texts: Sequence[str]
    leaves: Sequence[int]
    link_chars: Sequence[int]
    levels: Sequence[int]
    continues: Sequence[int]
    inline: Sequence[Inline | None]

    def only(self, kept: bytes) -> Columns:
        """The same of some blocks, those with a 1."""
        columns: list[Any] = [list(compress(column, kept)) for column in self]
        return Columns(*columns)


class Containers:
    """Elements that say something, in document order, so that 0 is the document and parents come first.

    The lists have one entry each: the parent's number, the name, the attributes, the first block of each
    and the block behind its last one.
    """

    def __init__(self) -> None:
        self.parents = [0]
        self.names = [""]
        self.attributes: list[Mapping[str, str | None]] = [{}]
        self.firsts = [0]
        self.lasts = [0]
        self._paths = {0: ""}

    def begin(self, parent: int, name: str, attributes: Mapping[str, str | None], block: int) -> int:
        """The number of a new container, whose last block is not known yet."""
        self.parents.append(parent)
        self.names.append(name)
        self.attributes.append(attributes)
        self.firsts.append(block)
        self.lasts.append(block)
        return len(self.lasts) - 1

    def join(self, row: int, block: int) -> None:
        """Notes that everything in a row, whose descendants are the newest containers, became one block."""
        inside = len(self.lasts) - row - 1
        self.firsts[row + 1 :] = [block] * inside
        self.lasts[row + 1 :] = [block + 1] * inside

    def only(self, kept: bytes) -> tuple[Containers, Sequence[int]]:
        """The containers that hold any of some blocks, those with a 1, and for each container that does its number
        among them.
        """
        before = list(accumulate(kept, initial=0))
        firsts, lasts = [list(map(before.__getitem__, ends)) for ends in (self.firsts, self.lasts)]
        holding = bytearray(map(lt, firsts, lasts))
        holding[0] = 1
        places = list(
            map(mul, holding, islice(accumulate(holding, initial=-1), 1, None))
        )  # of those that hold none 0, the document
        part = Containers()
        part.parents = list(map(places.__getitem__, compress(self.parents, holding)))
        part.names = list(compress(self.names, holding))
        part.attributes = list(compress(self.attributes, holding))
        part.firsts, part.lasts = list(compress(firsts, holding)), list(compress(lasts, holding))
        return part, places

    def common(self, one: int, other: int) -> int:
        """The innermost container of both."""
        parents = self.parents
        while one != other:
            if one > other:
                one = parents[one]
            else:
                other = parents[other]
        return one

    def path(self, container: int) -> str:
        """The path of a container, such as ``body>main#content>p``."""
        chain, known = [], self._paths
        while container not in known:
            chain.append(container)
            container = self.parents[container]
        path = known[container]
        for container in reversed(chain):
            if label := _label(self.names[container], self.attributes[container]):
                path = f"{path}>{label}" if path else label
                if len(path) > PATH_CHARS:
                    path = "..." + path[path.find(">", len(path) - PATH_CHARS // 2) :]
            known[container] = path
        return path


def _label(name: str, attributes: Mapping[str, str | None]) -> str:
    """What a path calls an element: its name with its id or its first class; nothing for one that says nothing."""
    id_, classes = attributes.get("id"), attributes.get("class")
    if id_ and name != "body":
        return f"{name}#{id_[:LABEL_CHARS]}"
    if classes and name != "body" and (first := classes.split(None, 1)):
        return f"{name}.{first[0][:LABEL_CHARS]}"
    return "" if name in _PLAIN else name


class Elements(Markup):
    """What the page's elements say; every list, every ``bytes`` and every column has one entry a block.

    A column is an int with a byte a block, the first block lowest, 1 for yes: what the cues' sheets
    hold. A fact is a name in ``tags.TAG_FACTS``, stated by an element, a role, an attribute or
    microdata, or ``class`` with a name in ``classes.FAMILIES``, stated by the words of a class, an id
    or a label: ``inside("footer")`` are the blocks in a footer element, ``inside("class footer")``
    those in an element that is called so.

    - where: ``inside``, ``near`` and ``in_small`` are columns, ``page_says`` is of the whole page;
    - the frame: ``landmark``, a column; ``only`` makes what is said of a part of the page, whose ``around``,
      ``after_gone`` and ``before_gone`` tell what of the page is not in it;
    - repetition: ``repeats``, siblings of the same shape;
    - containers: ``shares`` of prose or links in the elements around a block, ``main_column``;
    - ``title`` is the block of the page's title, ``in_evidence`` what structured data holds too;
    - ``levels`` of headings, ``list_depths``, ``continues``, ``link_chars``.

    Everything is computed when it is first asked for, in time proportional to the page's elements.
    """

    def __init__(
        self,
        containers: Containers,
        columns: Columns,
        within: Within,
        cells: dict[int, list[Cell]],
        head: Head,
        skipped: dict[str, int],
    ) -> None:
        self.texts, self.leaves, self.inline = columns.texts, columns.leaves, columns.inline
        self.link_chars = list(columns.link_chars)
        self.levels = list(columns.levels)  # of headings, 1 to 6; 0 for other blocks
        self.continues = bytes(columns.continues)  # 1 for a line that follows a br within its paragraph
        self.within = within  # what ``inline`` is of the blocks
        self.cells = cells  # of the blocks that are rows
        self.head = head
        self.skipped = skipped  # elements that were not read, by name
        self.needs = {}
        self.size = len(self.texts)
        self.around: tuple[str, ...] = ()  # landmarks of a page of which this is a part
        self.after_gone = self.before_gone = 0  # the blocks next to those of that page that are not in the part
        self._containers = containers

    def only(self, kept: bytes) -> Elements:
        """What is said of some blocks alone, those with a 1, by the elements that hold any of them.

        ``around`` tells which of the frame's landmarks the page had.
        """
        blocks = list(compress(range(self.size), kept))
        containers, places = self._containers.only(kept)
        numbers = {block: number for number, block in enumerate(blocks)}
        cells = {numbers[block]: row for block, row in self.cells.items() if block in numbers}
        leaves = list(map(places.__getitem__, self.leaves))
        columns = Columns(self.texts, leaves, self.link_chars, self.levels, self.continues, self.inline).only(kept)
        part = Elements(containers, columns, self.within, cells, self.head, self.skipped)
        part.targets = list(compress(self.targets, kept))
        del self.targets  # nobody asks for those of the whole page from here on; they would be made again
        part.around = tuple(name for name in LANDMARKS if self.landmark(name))
        steps = [after - before - 1 for before, after in pairwise((-1, *blocks, self.size))]  # blocks that are left out
        part.after_gone = int.from_bytes(bytes(map(bool, steps[:-1])), "little")
        part.before_gone = int.from_bytes(bytes(map(bool, steps[1:])), "little")
        return part

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

    def inside(self, *facts: str) -> int:
        """The column of blocks in an element of one of these facts, at any height; not in ``html`` and ``body``."""
        found = 0
        for fact in facts:
            found |= self._filled(self._holders.get(FACT_NUMBERS[fact], ()))
        return found

    def landmark(self, fact: str) -> int:
        """The column of blocks in an element that is one of the frame's landmarks; no class is read for it."""
        return self._filled([one for one, facts in self._landmarks if facts >> FACT_NUMBERS[fact] & 1])

    @cached_property
    def _landmarks(self) -> list[tuple[int, int]]:
        """The containers that may be landmarks, with the facts that they are such by."""
        names, attributes = self._containers.names, self._containers.attributes
        role, marked = _LANDMARK_KEYS
        named = [number for number, name in enumerate(names) if name in _LANDMARK_TAGS]
        marks = [number for number, said in enumerate(attributes) if role in said or marked in said]
        return [
            (one, facts_of(names[one], {key: attributes[one][key] for key in _LANDMARK_KEYS if key in attributes[one]}))
            for one in sorted({*named, *marks})
            if names[one] not in _WHOLE_PAGE
        ]

    def near(self, fact: str) -> int:
        """The column of blocks whose own element, or one of the two above it, has this fact."""
        high, bit = divmod(FACT_NUMBERS[fact], SHIFT)
        plane = self._near[high][bit // 8 :: 8]
        return (int.from_bytes(plane, "little") >> (bit % 8)) & self._ones

    def in_small(self, fact: str) -> int:
        """The column of blocks in an element of this fact that holds under 30 % of the page's characters."""
        holders = self._holders.get(FACT_NUMBERS[fact], ())
        chars, most = self.chars_before, SMALL_SHARE * self.chars_before[-1]
        firsts, lasts = self._containers.firsts, self._containers.lasts
        return self._filled([one for one in holders if chars[lasts[one]] - chars[firsts[one]] < most])

    def page_says(self, fact: str) -> bool:
        """Whether the classes or ids of ``html`` or ``body`` have this fact, which holds for the whole page."""
        return bool(self.page_facts >> FACT_NUMBERS[fact] & 1)

    def _filled(self, containers: Sequence[int]) -> int:
        """The column of the blocks in these containers, which are in document order.

        A block at either end of a container may stand in it in part alone: then its own container is one above.
        """
        if not containers:
            return 0
        firsts, lasts, leaves = self._containers.firsts, self._containers.lasts, self.leaves
        flags, end = bytearray(self.size), 0
        for container in containers:
            first, last = firsts[container], lasts[container]
            if last > end:
                if first < last and leaves[last - 1] < container:
                    last -= 1
                if first < last and leaves[first] < container:
                    first += 1
                flags[first:last] = b"\x01" * (last - first)
                end = last
        return int.from_bytes(flags, "little")

    @cached_property
    def _holders(self) -> dict[int, list[int]]:
        """The containers that state a fact, by the fact's number; those that state a page's are left out."""
        found = defaultdict[int, list[int]](list)
        for container, facts in enumerate(self._own):
            if facts:
                for number in _NUMBERS[facts]:
                    found[number].append(container)
        return found

    @cached_property
    def _near(self) -> tuple[bytes, bytes]:
        """The facts of each block's element and of the two above it: two words of bits a block, low and high."""
        parents, own = self._containers.parents, self._own
        known: dict[int, int] = {}
        found: list[int] = []
        for leaf in self._nearest:
            if leaf not in known:
                up = parents[leaf]
                known[leaf] = own[leaf] | own[up] | own[parents[up]]
            found.append(known[leaf])
        return (
            array("Q", [facts & _LOW for facts in found]).tobytes(),
            array("Q", [facts >> SHIFT for facts in found]).tobytes(),
        )

    @cached_property
    def _ones(self) -> int:
        return int.from_bytes(b"\x01" * self.size, "little")

    @cached_property
    def _own(self) -> list[int]:
        """The facts of each container; those of html and body are the page's."""
        containers = self._containers
        found = [facts_of(name, said) for name, said in zip(containers.names, containers.attributes, strict=True)]
        for container in self._named_after_texts:
            said = {name: value for name, value in containers.attributes[container].items() if name != "id"}
            found[container] = facts_of(containers.names[container], said)
        for container in self._whole_page:
            found[container] = 0
        return found

    @cached_property
    def _named_after_texts(self) -> list[int]:
        """The elements with the words that they begin with for an id, as in a manual: it says no more.

        One alone may be the page's comments, which are called so.
        """
        firsts, texts, size = self._containers.firsts, self.texts, self.size
        ids = [(one, said["id"] or "") for one, said in enumerate(self._containers.attributes) if "id" in said]
        named = [(one, id_, texts[firsts[one]]) for one, id_ in ids if id_ and firsts[one] < size]
        found = [
            one
            for one, id_, text in named
            if len(id_) - 2 <= len(text) <= 2 * len(id_) + 8 and _bare(_ANCHOR.sub("", id_)) == _bare(text)
        ]
        return found if len(found) >= FEWEST_NAMED else []

    @cached_property
    def page_facts(self) -> int:
        """The facts that html and body state, which are of the whole page, as bits."""
        found = 0
        for container in self._whole_page:
            found |= facts_of(self.name(container), self._containers.attributes[container])
        return found

    @cached_property
    def _whole_page(self) -> list[int]:
        return [container for container, name in enumerate(self._containers.names) if name in _WHOLE_PAGE]

    # The tree, for writers --------------------------------------------------------------------------

    def path(self, block: int) -> str:
        """The elements that a block stands in, such as ``body>nav#menu``."""
        return self._containers.path(self.leaves[block])

    def parent(self, container: int) -> int:
        """The container around another."""
        return self._containers.parents[container]

    def name(self, container: int) -> str:
        """The element's name."""
        return self._containers.names[container]

    def attribute(self, container: int, name: str) -> str:
        """An attribute of the element, empty without it."""
        return self._containers.attributes[container].get(name) or ""

    def table_of(self, container: int) -> int:
        """The innermost table around a container; 0 for none."""
        while container and self.name(container) != "table":
            container = self.parent(container)
        return container

    def base_of(self, url: str | None) -> str | None:
        """The address that the page's own addresses are relative to."""
        address = _joined("", url or self.head.canonical)
        base = self.head.base.strip()
        return (address if base.lower().startswith(_NO_BASES) else _joined(address, base)) or None

    # Containers ------------------------------------------------------------------------------------

    @cached_property
    def _nearest(self) -> list[int]:
        """The container of each block; in place of an inline element that says nothing the one above it."""
        parents, names, own = self._containers.parents, self._containers.names, self._own
        known: dict[int, int] = {}
        for leaf in set(self.leaves):
            container = leaf
            while container and not own[container] and names[container] not in _BLOCKS:
                container = parents[container]
            known[leaf] = container
        return [known[leaf] for leaf in self.leaves]

    @cached_property
    def chars_before(self) -> list[int]:
        """The characters before each block, and at the end those of the page: one longer than the blocks."""
        return list(accumulate(map(len, self.texts), initial=0))

    def shares(self, numbers: Sequence[int], of: Sequence[int], up: int) -> bytes:
        """The sum of ``numbers`` as a percentage of the sum of ``of``, in the block's element or one ``up`` levels
        above it; such as the words of prose and all words, one number a block.
        """
        parents, firsts, lasts = self._containers.parents, self._containers.firsts, self._containers.lasts
        some, whole = list(accumulate(numbers, initial=0)), list(accumulate(of, initial=0))
        above: Sequence[int] = self._nearest
        for _ in range(up):
            above = list(map(parents.__getitem__, above))
        known: dict[int, int] = {}
        for container in set(above):
            first, last = firsts[container], lasts[container]
            total = whole[last] - whole[first]
            known[container] = min(100, 100 * (some[last] - some[first]) // total) if total > 0 else 0
        return bytes(map(known.__getitem__, above))

    def main_column(self, weights: Sequence[int], percent: int) -> range:
        """The blocks of the innermost element with so many percent of the page's weights, such as words of prose."""
        sums = list(accumulate(weights, initial=0))
        least = sums[-1] * percent / 100
        if least <= 0:
            return range(0)
        firsts, lasts = self._containers.firsts, self._containers.lasts
        for container in range(len(lasts) - 1, -1, -1):
            first, last = firsts[container], lasts[container]
            if sums[last] - sums[first] >= least:
                return range(first, last)
        return range(0)

    @cached_property
    def sections(self) -> list[tuple[int, range]]:
        """The elements that begin with a heading: the heading, and the blocks of the element after it.

        Elements with most of the page in them are no sections; a block may stand in several.
        """
        levels, found = self.levels, []
        most = LARGEST_SECTION * self.size
        for first, last in zip(self._containers.firsts, self._containers.lasts, strict=True):
            if 1 < last - first <= most and (levels[first] or levels[first + 1]):
                heading = first if levels[first] else first + 1
                found.append((heading, range(heading + 1, last)))
        return found

    def begun_by(self, block: int) -> range:
        """The blocks of the smallest element that begins with a block and holds more; empty without one."""
        return range(block, self._begun.get(block, block))

    @cached_property
    def _begun(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for first, last in zip(self._containers.firsts, self._containers.lasts, strict=True):
            if last - first > 1:
                found[first] = last  # the innermost comes last
        return found

    def after_title(self, weights: Sequence[int], percent: int) -> range:
        """The blocks after the innermost element around the title with so many percent of the page's weights."""
        if self.title < 0:
            return range(0)
        sums = list(accumulate(weights, initial=0))
        container, containers = self.leaves[self.title], self._containers
        while (
            container
            and 100 * (sums[containers.lasts[container]] - sums[containers.firsts[container]]) < percent * sums[-1]
        ):
            container = containers.parents[container]
        return range(containers.lasts[container], self.size)

    @cached_property
    def in_description(self) -> bytes:
        """1 for the blocks of a few words or more whose beginning stands in the page's description."""
        described = " ".join(self.head.facts.get("description", "").split())
        if len(described) < EVIDENCE_CHARS:
            return bytes(self.size)
        return bytes([len(text) >= EVIDENCE_CHARS and text[:EVIDENCE_CHARS] in described for text in self.texts])

    @cached_property
    def _rows(self) -> tuple[list[tuple[int, str, str]], list[int]]:
        """Each container's parent, tag and shape, equal for siblings of one shape, and how many of these there are."""
        containers = self._containers
        classes = [attributes.get("class") or "" for attributes in containers.attributes]
        siblings = list(zip(containers.parents, containers.names, map(SHAPES.__getitem__, classes), strict=True))
        return siblings, list(map(Counter(siblings).__getitem__, siblings))

    @cached_property
    def repeats(self) -> bytes:
        """How many siblings of one shape (tag and class) there are at the innermost level above the block where
        they are three or more, the block's own among them; 0 without such a level, 255 at most.
        """
        found = [0]
        for parent, number in zip(self._containers.parents[1:], self._rows[1][1:], strict=True):
            found.append(number if number >= REPEATED else found[parent])
        return bytes([number if (number := found[leaf]) < 256 else 255 for leaf in self.leaves])

    @cached_property
    def alike(self) -> list[list[int]]:
        """The blocks, three or more at a time, that have the same place in siblings of one shape: the titles of a
        list's cards, their prices, the paragraphs of a text.
        """
        # A number for each kind of container, told by the kind of the one above, tag and shape.
        kinds = defaultdict[tuple[int, str, str], int](count(1).__next__)
        found = [0]
        siblings, numbers = self._rows
        for (parent, name, shape), number in zip(siblings[1:], numbers[1:], strict=True):
            above = -1 - parent if number >= REPEATED else found[parent]
            found.append(kinds[above, name, shape] if above else 0)
        groups = defaultdict[int, list[int]](list)
        for block, leaf in enumerate(self.leaves):
            if found[leaf]:
                groups[found[leaf]].append(block)
        return [blocks for blocks in groups.values() if len(blocks) >= REPEATED]

    @cached_property
    def list_depths(self) -> bytes:
        """How many lists a block stands in, 255 at most."""
        inside: list[int] = []
        for parent, name in zip(self._containers.parents, self._containers.names, strict=True):
            above = inside[parent] if inside else 0
            inside.append(min(255, above + (name in LISTS)))
        return bytes([inside[leaf] for leaf in self.leaves])

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


def _joined(address: str, relative: str) -> str:
    """An address as it is relative to another; the other as it is when the first is none."""
    try:
        joined = urljoin(address, relative)
        urlsplit(joined)
    except ValueError:
        return address
    return joined


def _bare(text: str) -> str:
    """The letters and digits of a text, small."""
    return _SIGNS.sub("", text).lower()


def elements_of(page: Page) -> Elements | None:
    """What the elements of an HTML page say; None for other formats."""
    found = page.shared.get("markup")
    return found if isinstance(found, Elements) else None


def _targets(elements: Elements) -> list[tuple[str, ...]]:
    values = elements.within.values
    return [values(inline, "link") if inline else () for inline in elements.inline]


def _images(elements: Elements) -> list[int]:
    values = elements.within.values
    return [len(values(inline, "image")) if inline else 0 for inline in elements.inline]


_LISTS: dict[str, Callable[[Elements], object]] = {
    "visible": lambda elements: [len(text) - text.count(" ") for text in elements.texts],
    "depths": lambda elements: list(elements.list_depths),
    "images": _images,
    "targets": _targets,
}
# The attributes that the reader set; the others were computed of them.
_READ = (
    *(
        "texts",
        "leaves",
        "link_chars",
        "levels",
        "continues",
        "inline",
        "within",
        "cells",
        "head",
        "skipped",
        "needs",
        "size",
    ),
    *("around", "_containers"),
)
# The bits of the facts: an element's by its name, such as footer; a class's as in "class footer".
FACT_NUMBERS = {
    **{name: number for number, name in enumerate(TAG_FACTS)},
    **{f"class {name}": SHIFT + number for number, name in enumerate(FAMILIES)},
}


def _numbers(facts: int) -> tuple[int, ...]:
    """The numbers of facts by their bits."""
    found = []
    while facts:
        found.append(facts.bit_length() - 1)
        facts ^= 1 << found[-1]
    return tuple(found)


_NUMBERS = Remembered(_numbers)
