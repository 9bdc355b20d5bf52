"""Bounds on markup that is made to hurt: depth of nesting, attributes of a tag, emphasis left open. Text is never lost.

A parser looks through all open elements for nearly every tag and through all attributes of a tag for each
of them, and it opens emphasis that was left open again in each paragraph. Pages that may be made so are
told by signs that cost little, and then read tag by tag, once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from cleaner.readers.markup_tags import ATTRIBUTE, BEGIN, source_tags
from cleaner.readers.nesting import FORMATTING, Nesting, deepens
from cleaner.readers.tags import BLOCK, CUSTOM, TAGS

MOST_ATTRIBUTES = 500  # of one tag; the longest of 1,500 real pages has 60
DEEPEST = 400  # elements; browsers stop at 512
FEW_TAGS = 4_000  # so many begin tags cost little however they nest
MOST_ROOTS = 50  # tags of html and body, whose attributes a parser gathers
MOST_LEFT_OPEN = 2  # elements of emphasis, where more
MOST_OPENED_AGAIN = 50_000  # might be opened again so many times

_LONG = 3 * MOST_ATTRIBUTES  # bytes; no tag with too many different attributes is shorter
_MOST_DOUBTS = 100  # tags that are looked at one by one
_NO_SIGNS = bytes(code for code in range(256) if code not in b"<>\"'")
# Signs up to a tag that has the sign of its end within quotes.
_CALM = re.compile(rb"""(?:[^<]*+<(?:"[^">]*+"|'[^'>]*+')*+(?!["']))*+[^<]*+""")
_BEGIN, _ATTRIBUTE = re.compile(BEGIN), re.compile(ATTRIBUTE)
_CROWDED = re.compile(BEGIN + rb"(?:%s){%d}+" % (ATTRIBUTE, MOST_ATTRIBUTES + 1))
# In small letters.
_EMPHASIS_TAG = re.compile(rb"<(/?(?:%s))(?=[\t\n\f\r />])" % "|".join(sorted(FORMATTING)).encode())
_EMPHASIS = [name.encode() for name in FORMATTING]
_ROOTS = 50  # tags of html and body, whose attributes a parser gathers
MOST_LEFT_OPEN = 2  # elements of emphasis, where more
MOST_OPENED_AGAIN = 50_000  # might be opened again so many times

_LONG = 3 * MOST_ATTRIBUTES  # bytes; no tag with too many different attributes is shorter
_MOST_DOUBTS = 100  # tags that are looked at one by one
_NO_SIGNS = bytes(code for code in range(256) if code not in b"<>\"'")
# Signs up to a tag that has the sign of its end within quotes.
_CALM = re.compile(rb"""(?:[^<]*+<(?:"[^">]*+"|'[^'>]*+')*+(?!["']))*+[^<]*+""")
_BEGIN, _ATTRIBUTE = re.compile(BEGIN), re.compile(ATTRIBUTE)
_CROWDED = re.compile(BEGIN + rb"(?:%s){%d}+" % (ATTRIBUTE, MOST_ATTRIBUTES + 1))
_FORMATTING_TAG = re.compile(rb"<(/?(?:%s))(?=[\t\n\f\r />])" % "|".join(sorted(FORMATTING)).encode(), re.I)
_ROOTS = ("html", "body")
_CELLS = frozenset(("tr", "td", "th", "caption", "thead", "tbody", "tfoot"))


def bounded(source: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The source, in UTF-8, with bounded markup, and what is to be said about it."""
    signs = source.translate(None, _NO_SIGNS)
    tags = signs.count(b"<")
    left_open = _left_open(source) * tags > MOST_OPENED_AGAIN
    if left_open or (tags > FEW_TAGS and tags - source.count(b"</") > FEW_TAGS) or _may_be_crowded(source, signs):
        return _Bounds(source, MOST_LEFT_OPEN if left_open else DEEPEST).applied()
    return source, ()


def _left_open(source: bytes) -> int:
    """How many elements of emphasis are open at most, as far as their tags tell; 0 where those are few."""
    most = count = 0
    opened = dict.fromkeys(_EMPHASIS, 0)
    for name in _EMPHASIS_TAG.findall(source.lower()):
        if name in opened:
            opened[name] += 1
            count += 1
            if count > most:
                most = count
        elif opened[name[1:]]:
            opened[name[1:]] -= 1
            count -= 1
    return most if most > MOST_LEFT_OPEN else 0


def _may_be_crowded(source: bytes, signs: bytes) -> bool:
    """Whether there may be a tag with too many attributes; ``signs`` is the source without most other bytes.

    Such a tag is long. Where it ends at the first ``>``, there is none for long before; otherwise that one
    stands in quotes, which the signs show.
    """
    if any(_CROWDED.match(source, start, end) for start, end in _long_tags(source)):
        return True
    doubts = list(islice(_tags_with_ends(source, signs), _MOST_DOUBTS))
    return len(doubts) == _MOST_DOUBTS or any(_CROWDED.match(source, start) for start in doubts)


def _long_tags(source: bytes) -> Iterator[tuple[int, int]]:
    """What may be a long tag without a ``>`` in it: where it begins and ends."""
    at, size = 0, len(source)
    while at < size:
        found = source.rfind(b">", at, at + _LONG)
        if found < 0:
            found = source.find(b">", at + _LONG)
            found = size if found < 0 else found
            if begin := _BEGIN.search(source, at, found):
                yield begin.start(), found
        at = found + 1


def _tags_with_ends(source: bytes, signs: bytes) -> Iterator[int]:
    """Where what may be a tag with a ``>`` in quotes begins."""
    sign, at = 0, -1
    while (calm := _CALM.match(signs, sign)) and calm.end() < len(signs):
        for _ in range(signs.count(b"<", sign, calm.end() + 1)):
            at = source.index(b"<", at + 1)
        sign = calm.end() + 1
        yield at


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
        for match, name, closing in source_tags(self.source):
            if closing:
                self._end(match, name)
            elif self._begins(name):
                self.nesting.begin(name)
                if match.end() - match.start() > _LONG:
                    self._bound_attributes(match)
            else:
                self.dropped[name] += 1
                self._drop(match, name)
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

    def _end(self, match: re.Match[bytes], name: str) -> None:
        if self.dropped[name]:
            self.dropped[name] -= 1
            self._drop(match, name)
            return
        self.nesting.end(name)
        if self.opened[name]:
            self.opened[name] -= 1
            self.open -= 1

    def _drop(self, match: re.Match[bytes], name: str) -> None:
        ends_line = TAGS.get(name, CUSTOM).kind == BLOCK and name not in _ROOTS
        self.kept += (self.source[self.at : match.start()], b"<br>" * ends_line)
        self.at = match.end()

    def _bound_attributes(self, match: re.Match[bytes]) -> None:
        attributes = _ATTRIBUTE.finditer(self.source, *match.span("attributes"))
        if first := next(islice(attributes, MOST_ATTRIBUTES, None), None):
            self.kept.append(self.source[self.at : first.start()])
            self.at = match.end("attributes")
            self.crowded += 1

    def _said(self) -> Iterator[str]:
        if self.crowded:
            yield f"{self.crowded:,} tags have over {MOST_ATTRIBUTES} attributes; the others were not read"
        if self.deep:
            yield f"elements stand over {DEEPEST} deep in others; {self.deep:,} tags were not read, their text was"
        if self.left_open:
            yield f"emphasis is left open again and again; {self.left_open:,} tags of it were not read, their text was"
