"""The page and its ledger: what was read, what was removed, by whom, and why.

This room knows nothing of filters, formats or files.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, pairwise, repeat
from operator import itemgetter
from typing import NamedTuple

from cleaner.errors import FilterError
from cleaner.lazy import cached_property

LINE_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


quick = tuple.__new__  # makes a named tuple of a tuple in half the time: a page has hundreds of blocks, removals, cuts


class Span(NamedTuple):
    """A half-open range of code points."""

    start: int
    end: int


class Block(NamedTuple):
    """One piece of a page: ``text == page.source[start:end]``, neither end white space.

    ``kind`` is heading, paragraph, item, quote, code or table; ``link_chars``, the characters inside links,
    are None where a reader does not know them.
    """

    text: str
    kind: str
    start: int
    end: int
    link_chars: int | None = None


def laid_out(
    gaps: Sequence[str], texts: Sequence[str], kinds: Sequence[str], links: Sequence[int | None], end: str
) -> tuple[str, list[Block]]:
    """A source of texts, each with the gap before it and the end behind them all, and its blocks."""
    parts = [*chain.from_iterable(zip(gaps, texts, strict=True)), end]
    edges = list(accumulate(map(len, parts)))
    rows = zip(texts, kinds, edges[0:-1:2], edges[1::2], links, strict=True)
    return "".join(parts), list(map(quick, repeat(Block), rows))


class Removal(NamedTuple):
    """A span of one block that goes: the block's index, the range in the source, the filter's code.

    ``reason`` is anything whose ``str`` is the evidence; filters that would have to build a long
    text for every block give an object that builds it when asked.
    """

    block: int
    start: int
    end: int
    filter: str
    reason: object

    @property
    def evidence(self) -> str:
        """What matched or what weighed how much, in one line."""
        return str(self.reason)


class Cut(NamedTuple):
    """A removal with the white space that goes with it; cuts are disjoint and in page order."""

    start: int
    end: int
    removal: Removal


class Page:
    """One scraped document and everything that happened to it.

    Between blocks there is only white space. Every character of a block is kept or removed by
    exactly one filter; ``without`` is the only way to remove and refuses what is already gone.
    """

    def __init__(
        self,
        source: str,
        blocks: Iterable[Block],
        *,
        format: str = "text",
        url: str | None = None,
        removals: tuple[Removal, ...] = (),
        protected: dict[int, str] | None = None,
    ) -> None:
        self.source = source
        self.blocks = tuple(blocks)
        self.format = format
        self.url = url
        self.removals = removals
        self.protected = protected or {}
        self.shared: dict[str, object] = {}
        self._taken: dict[int, tuple[Span, ...]] = {}  # the spans that are gone of a block, none when all of it is

    def note(self, warning: str) -> None:
        """Leaves a warning about this reading for the result."""
        notes = self.shared.setdefault("notes", [])
        assert isinstance(notes, list)
        notes.append(warning)

    @property
    def notes(self) -> tuple[str, ...]:
        """The warnings that readers and filters left."""
        notes = self.shared.get("notes", ())
        assert isinstance(notes, list | tuple)
        return tuple(notes)

    def without(self, removals: Iterable[Removal]) -> Page:
        """The page with these removals entered too.

        Raises FilterError for a span outside its block, empty, protected by the user or already
        gone.
        """
        taken, blocks, protected = self._taken.copy(), self.blocks, self.protected
        entered = tuple(removals)
        pieces: dict[int, list[Span]] = {}
        for removal in entered:
            block, start, end, _, _ = removal
            whole = blocks[block]
            is_whole = start == whole.start < end == whole.end
            if block in protected or not is_whole:
                self._check(removal)
            if block in pieces:
                pieces[block].append(Span(start, end))
            elif block in taken:
                gone = taken[block] or (Span(whole.start, whole.end),)
                pieces[block] = [*gone, Span(start, end)]
            else:
                taken[block] = () if is_whole else (Span(start, end),)
        for block, spans in pieces.items():
            spans.sort()
            if any(span.end > following.start for span, following in pairwise(spans)):
                raise FilterError(
                    f"block {block} is already removed there, by one of {self._filters_of(block, entered)}"
                )
            taken[block] = tuple(spans)
        page = self._copy(self.removals + entered)
        page._taken = taken
        return page

    def _check(self, removal: Removal) -> None:
        _, start, end, _, _ = removal
        block = self.blocks[removal.block]
        if not block.start <= start < end <= block.end:
            raise FilterError(f"{removal.filter}: [{removal.start}, {removal.end}) is not in block {removal.block}")
        if self.source[removal.start].isspace() or self.source[removal.end - 1].isspace():
            raise FilterError(f"{removal.filter}: block {removal.block}: a removal begins and ends with text")
        if removal.block in self.protected:
            raise FilterError(f"{removal.filter}: block {removal.block} is kept by the user's rule")

    def _filters_of(self, block: int, entered: tuple[Removal, ...]) -> str:
        codes = (removal.filter for removal in (*self.removals, *entered) if removal.block == block)
        return ", ".join(dict.fromkeys(codes))

    def protecting(self, protected: dict[int, str]) -> Page:
        """The page with these blocks kept against every filter, each with the evidence for it."""
        page = self._copy(self.removals)
        page._taken = self._taken
        page.protected = {**self.protected, **protected}
        return page

    def __getstate__(self) -> dict[str, object]:
        """The ledger without what can be computed again; of HTML that is not what its elements said."""
        names = ("source", "blocks", "format", "url", "removals", "protected", "_taken")
        kept = ("markup",) if self.format == "html" else ()
        shared = {name: self.shared[name] for name in kept if name in self.shared}
        return {**{name: self.__dict__[name] for name in names}, "shared": shared}

    def _copy(self, removals: tuple[Removal, ...]) -> Page:
        page = Page.__new__(Page)
        page.source, page.blocks, page.format, page.url = self.source, self.blocks, self.format, self.url
        page.removals, page.protected, page.shared = removals, self.protected, self.shared
        return page

    def standing(self, block: int) -> tuple[Span, ...]:
        """The spans of a block that nobody removed yet, in order; white space at their ends left out."""
        whole = self.blocks[block]
        taken = self._taken.get(block)
        if taken is None:
            return (Span(whole.start, whole.end),)
        if not taken:
            return ()
        left, at = [], whole.start
        for gone in (*taken, Span(whole.end, whole.end)):
            piece = self.source[at : gone.start]
            if piece and not piece.isspace():
                left.append(Span(gone.start - len(piece.lstrip()), at + len(piece.rstrip())))
            at = gone.end
        return tuple(left)

    def is_whole(self, block: int) -> bool:
        """Whether nothing of the block was removed."""
        return block not in self._taken

    def is_gone(self, block: int) -> bool:
        """Whether nothing of the block is left."""
        return block in self._taken and not self.standing(block)

    @cached_property
    def stands(self) -> list[bool]:
        """For every block whether anything of it is left."""
        found = [True] * len(self.blocks)
        for block, spans in self._taken.items():
            found[block] = bool(spans) and bool(self.standing(block))
        return found

    def block_at(self, offset: int) -> int:
        """The index of the last block that starts at or before a code point; -1 when there is none."""
        return bisect_right(self.blocks, offset, key=_start) - 1

    @cached_property
    def cuts(self) -> tuple[Cut, ...]:
        """The removals in page order, each with the white space it takes along.

        A removal takes whole lines where it can: its indentation, its line break and the blank
        lines after it; at the end of the page the blank lines before it. Inside a line it takes
        the spaces after it, at a line's end those before it, and neither where only one side has
        any: what stood on two lines or in two words never grows together.
        """
        ordered = sorted(self.removals, key=_removal_start)
        starts = [removal.start for removal in ordered[1:]]
        cuts: list[Cut] = []
        group: list[Removal] = []
        kept_end = len(self.source[: ordered[0].start].rstrip()) if ordered else 0
        in_kept_line = False  # whether the group stands behind something that stays in its line
        for removal, after in zip(ordered, (*starts, len(self.source)), strict=False):
            if not group:
                in_kept_line = kept_end > 0 and _last_break(self.source, kept_end, removal.start) < 0
            group.append(removal)
            gap = self.source[removal.end : after]
            if gap and not gap.isspace():
                next_kept = removal.end + len(gap) - len(gap.lstrip())
                cuts += self._shared(group, *self._lines_around(group, kept_end, next_kept))
                kept_end, group = removal.end + len(gap.rstrip()), []
            elif in_kept_line and after < len(self.source) and LINE_BREAK.search(gap):
                cuts += self._shared(group, kept_end, removal.end)
                kept_end, group = removal.end, []
        if group:
            cuts += self._shared(group, *self._tail_around(group, kept_end))
        return tuple(cuts)

    def _lines_around(self, group: list[Removal], kept_end: int, next_kept: int) -> tuple[int, int]:
        start, end = group[0].start, group[-1].end
        line_start = max(_last_break(self.source, kept_end, start), -1 if kept_end else 0)
        line_end = _last_break(self.source, end, next_kept)
        lines_before, lines_after = (self.source.count("\n", *gap) for gap in ((kept_end, start), (end, next_kept)))
        if self.format == "markdown" and lines_before <= 1 < lines_after and kept_end:
            line_end = self.source.index("\n", end) + 1  # the blank line stays that parts what is before and after
        if line_end >= 0:
            return (kept_end, end) if line_start < 0 else (line_start, line_end)
        return (start, end) if kept_end == start > 0 else (start, next_kept)

    def _tail_around(self, group: list[Removal], kept_end: int) -> tuple[int, int]:
        if not kept_end:
            return 0, len(self.source)
        first = LINE_BREAK.search(self.source, kept_end, group[0].start)
        return (first.end(), len(self.source)) if first else (kept_end, group[-1].end)

    def _shared(self, group: list[Removal], start: int, end: int) -> Iterator[Cut]:
        """Divides the range of neighbouring removals among them, at the starts of their lines."""
        source, edges = self.source, [start]
        for (_, _, before, _, _), (_, until, _, _, _) in pairwise(group):
            if source[until - 1] != "\n" and (line_start := _last_break(source, before, until)) >= 0:
                until = line_start
            edges.append(until)
        edges.append(end)
        return map(quick, repeat(Cut), zip(edges[:-1], edges[1:], group, strict=True))

    @cached_property
    def text(self) -> str:
        """What stays: the source without its cuts."""
        pieces, at = list[str](), 0
        for start, end, _ in self.cuts:
            pieces.append(self.source[at:start])
            at = end
        pieces.append(self.source[at:])
        return "".join(pieces)

    def fates(self) -> Iterator[tuple[Block, tuple[Removal, ...]]]:
        """Each block with the removals that took it or parts of it, in page order."""
        by_block: dict[int, list[Removal]] = {}
        for removal in self.removals:
            by_block.setdefault(removal.block, []).append(removal)
        for index, block in enumerate(self.blocks):
            yield block, tuple(sorted(by_block.get(index, ()), key=lambda removal: removal.start))


_removal_start = itemgetter(Removal._fields.index("start"))


def _start(block: Block) -> int:
    return block.start


def _last_break(source: str, start: int, end: int) -> int:
    """Where the last line break in source[start:end] ends; -1 without one."""
    found = source.rfind("\n", start, end) + 1 or -1  # nearly always the only kind
    if found == end or (found > 0 and not source[found:end].strip(" \t")):
        return found
    for match in LINE_BREAK.finditer(source, max(start, found), end):
        found = match.end()
    return found
