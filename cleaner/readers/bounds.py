"""Bounds on markup that is made to hurt: depth of nesting, attributes of a tag, emphasis left open. Text is never lost.

A parser looks through all open elements for nearly every tag and through all attributes of a tag for each
of them, and it opens emphasis that was left open again in each paragraph. Pages that may be made so are
told by signs that cost little, and then read tag by tag, once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from math import isqrt

from cleaner.readers.markup_tags import ATTRIBUTE, BEGIN, MOST_ATTRIBUTES, SourceTag, source_tags
from cleaner.readers.nesting import FORMATTING, Nesting, deepens
from cleaner.readers.tags import BLOCK, CUSTOM, TAGS

DEEPEST = 400  # elements; browsers stop at 512
FEW_TAGS = 4_000  # so many begin tags cost little however they nest;
TAGS_SQUARED_A_BYTE = 150  # nor do these in a long source: the cost grows with their square, 2 ns each
MOST_ROOTS = 50  # tags of html and body, whose attributes a parser gathers
MOST_LEFT_OPEN = 2  # elements of emphasis, where more
MOST_OPENED_AGAIN = 50_000  # might be opened again so many times

_LONG = 3 * MOST_ATTRIBUTES  # bytes; no tag with too many different attributes is shorter
_MOST_DOUBTS = 500  # tags that are looked at one by one
_BEGIN = re.compile(BEGIN)
_OPEN = re.compile(BEGIN + rb"(?>(?:%s)*)[\t\n\f\r /]*+\Z" % ATTRIBUTE)
_CROWDED = re.compile(BEGIN + rb"(?>(?:%s){%d})" % (ATTRIBUTE, MOST_ATTRIBUTES + 1))
# In small letters and in capitals: a pattern that ignores case takes longer, as does a copy of the source without it.
# Most tags fail at their first two letters.
_INITIALS, _SECONDS = (
    "".join(sorted({sign for name in FORMATTING for part in (name, name.upper()) for sign in part[at : at + 1]}))
    for at in (0, 1)
)
_NAMES = "|".join("".join(f"[{sign}{sign.upper()}]" for sign in name) for name in sorted(FORMATTING))
_EMPHASIS_TAG = re.compile(
    rb"<(/?(?=[%s][%s\t\n\f\r />])(?:%s))[\t\n\f\r />]" % (_INITIALS.encode(), _SECONDS.encode(), _NAMES.encode())
)
_EMPHASIS = [name.encode() for name in FORMATTING]
_ROOTS = ("html", "body")
_CELLS = frozenset(("tr", "td", "th", "caption", "thead", "tbody", "tfoot"))


def bounded(source: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The source, in UTF-8, with bounded markup, and what is to be said about it."""
    tags = source.count(b"<")
    left_open = _left_open(source) * tags > MOST_OPENED_AGAIN
    few = max(FEW_TAGS, isqrt(TAGS_SQUARED_A_BYTE * len(source)))
    if left_open or (tags > few and tags - source.count(b"</") > few) or _may_be_crowded(source):
        return _Bounds(source, MOST_LEFT_OPEN if left_open else DEEPEST).applied()
    return source, ()


def _left_open(source: bytes) -> int:
    """How many elements of emphasis are open at most, as far as their tags tell; 0 where those are few."""
    most = count = 0
    opened = dict.fromkeys(_EMPHASIS, 0)
    for name in map(bytes.lower, _EMPHASIS_TAG.findall(source)):
        if name in opened:
            opened[name] += 1
            count += 1
            if count > most:
                most = count
        elif opened[name[1:]]:
            opened[name[1:]] -= 1
            count -= 1
    return most if most > MOST_LEFT_OPEN else 0


def _may_be_crowded(source: bytes) -> bool:
    """Whether there may be a tag with too many attributes.

    Such a tag is long, so that the ``>`` that ends a stretch does not end it when it begins there: it stands
    in quotes. Tags that begin in a stretch of which that may be so are looked at one by one.
    """
    doubts = 0
    for start, end in _stretches(source):
        first = _BEGIN.search(source, start, end) if end - start >= _LONG else None
        if first and _CROWDED.match(source, first.start(), end):
            return True
        for begin in _BEGIN.finditer(source, start, end) if _may_be_quoted(source, start, end) else ():
            doubts += 1
            at = begin.start()
            if doubts > _MOST_DOUBTS or (_OPEN.match(source, at, end) and _CROWDED.match(source, at)):
                return True
    return False


def _stretches(source: bytes) -> Iterator[tuple[int, int]]:
    """The source in stretches, each up to its last ``>``, or where it has none longer and up to the next."""
    at, size = 0, len(source)
    while at < size:
        end = source.rfind(b">", at, at + _LONG)
        if end < 0:
            end = source.find(b">", at + _LONG)
            end = size if end < 0 else end
        yield at, end
        at = end + 1


def _may_be_quoted(source: bytes, start: int, end: int) -> bool:
    """Whether an attribute's value in quotes may begin in a stretch and go on behind it: the last quotation mark
    of either kind stands behind a sign of equality.
    """
    for quote in (b'"', b"'"):
        opening = source.rfind(quote, start, end)
        if opening > start:
            before = source[opening - 1 : opening]
            if before.isspace():
                before = source[start:opening].rstrip()[-1:]
            if before == b"=":
                return True
    return False


class _Bounds:
    """A source that is read tag by tag, and what of it is kept.

    A tag that is not kept ends a line where its element would have.
    """

    def __init__(self, source: bytes, most_open: int) -> None:
        self.source = source
        self.most_open = most_open
        self.kept: list[bytes] = []
        self.at = 0  # what stands before is kept or dropped
        self.nesting = Nesting()
        self.dropped: Counter[str] = Counter()  # begin tags by name, whose end tags go too
        self.open = 0  # elements of emphasis
        self.opened: Counter[str] = Counter()
        self.roots = 0
        self.crowded = self.deep = self.left_open = 0  # tags that were changed or dropped

    def applied(self) -> tuple[bytes, tuple[str, ...]]:
        """The source with bounded markup, and what is to be said about it."""
        for tag in source_tags(self.source):
            if tag.is_end:
                self._end(tag)
            elif self._begins(tag.name):
                self.nesting.begin(tag.name)
                if tag.surplus < tag.end:
                    self._bound_attributes(tag)
            else:
                self.dropped[tag.name] += 1
                self._drop(tag)
        if not self.kept:
            return self.source, ()
        return b"".join((*self.kept, self.source[self.at :])), tuple(self._said())

    def _begins(self, name: str) -> bool:
        """Whether an element is let in here."""
        if name in FORMATTING:
            if self.open >= self.most_open:
                self.left_open += 1
                return False
            self.open += 1
            self.opened[name] += 1
        elif name in _ROOTS:
            self.roots += 1
            return self.roots <= MOST_ROOTS
        elif name in _CELLS:
            return not self.dropped["table"]
        if self.nesting.depth >= DEEPEST and deepens(name):
            self.deep += 1
            return False
        return True

    def _end(self, tag: SourceTag) -> None:
        if self.dropped[tag.name]:
            self.dropped[tag.name] -= 1
            self._drop(tag)
            return
        self.nesting.end(tag.name)
        if self.opened[tag.name]:
            self.opened[tag.name] -= 1
            self.open -= 1

    def _drop(self, tag: SourceTag) -> None:
        ends_line = TAGS.get(tag.name, CUSTOM).kind == BLOCK and tag.name not in _ROOTS
        self.kept += (self.source[self.at : tag.start], b"<br>" * ends_line)
        self.at = tag.end

    def _bound_attributes(self, tag: SourceTag) -> None:
        self.kept.append(self.source[self.at : tag.surplus])
        self.at = tag.end - 1
        self.crowded += 1

    def _said(self) -> Iterator[str]:
        if self.crowded:
            yield f"{self.crowded:,} tags have over {MOST_ATTRIBUTES} attributes; the others were not read"
        if self.deep:
            yield f"elements stand over {DEEPEST} deep in others; {self.deep:,} tags were not read, their text was"
        if self.left_open:
            yield f"emphasis is left open again and again; {self.left_open:,} tags of it were not read, their text was"
