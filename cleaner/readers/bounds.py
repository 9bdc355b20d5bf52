"""Bounds on markup that is made to hurt: depth of nesting, attributes of a tag. Text is never lost.

A parser looks through all open elements for nearly every tag, and through all attributes of a tag for each
of them. Browsers bound the depth too. Pages that may be made so are told by cheap signs and then read
tag by tag, once.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from cleaner.readers.tags import BLOCK, CUSTOM, TAGS

MOST_ATTRIBUTES = 200  # of one tag; the longest of 1,500 real pages has 60
DEEPEST = 400  # elements; browsers stop at 512
DEEPEST_FORMATTING = 2  # such as b: a parser opens those left open again in each paragraph
FEW_TAGS = 4_000  # so many begin tags cost little however they nest

LONG_BYTES = 512  # a tag is long that goes on so far without a quoted value,
MANY_VALUES = 16  # or has so many of them
_LONG_TAG = re.compile(
    rb"""<[a-zA-Z](?:[^>"']{%d}|[^>"']*+(?:(?:"[^"]*+"|'[^']*+')[^>"']*+){%d})""" % (LONG_BYTES, MANY_VALUES)
)
_OTHERS = bytes(code for code in range(256) if code not in b"<>\"'")
_MANY_VALUES = re.compile(rb"""<(?:"[^"]*+"|'[^']*+'){%d}""" % MANY_VALUES)  # in a source without the other bytes
_TAG_NAME = re.compile(rb"<[a-zA-Z][^\s/>]*+")
_ATTRIBUTE = re.compile(rb"""[\s/]*+[^\s/>][^\s/>=]*+(?>(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+))?)""")
_TAG_REST = re.compile(rb"""(?>(?:[^>"']++|"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))*)""")
_TAG = re.compile(rb"<(?:(/?)([a-zA-Z][^\s/>]*+)(?>(?:[^>\"']++|\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))*)(?:>|\Z)|!--)")
# Elements that hold text alone, up to their end tag.
_RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"))
# Elements that the next of their kind closes: many of them unclosed are no depth.
_CLOSED_BY_NEXT = frozenset(
    (
        *("p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "caption", "option"),
        *("optgroup", "rb", "rt", "rp", "rtc", "html", "head", "body", "a", "br", "img", "hr", "input", "meta"),
        *("link", "area", "base", "col", "embed", "param", "source", "track", "wbr"),
    )
)
_FORMATTING = frozenset(name for name, tag in TAGS.items() if tag.formatting and name != "a")


def bounded(source: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The source, in UTF-8, with bounded markup, and what is to be said about it."""
    said: list[str] = []
    if _MANY_VALUES.search(source.translate(None, _OTHERS)) or _has_long_tag(source):
        source, tags = _with_few_attributes(source)
        if tags:
            said.append(f"{tags:,} tags have over {MOST_ATTRIBUTES} attributes; the others were not read")
    if source.count(b"<") > FEW_TAGS and source.count(b"<") - source.count(b"</") > FEW_TAGS:
        source, tags = _flattened(source)
        if tags:
            said.append(f"elements stand over {DEEPEST} deep in others; {tags:,} tags were not read, their text was")
    return source, tuple(said)


def _has_long_tag(source: bytes) -> bool:
    """Whether a tag goes on for long without a quoted value; its begin is looked for where no tag ends for a while."""
    at, size = 0, len(source)
    while at < size:
        found = source.rfind(b">", at, at + LONG_BYTES)
        if found >= 0:
            at = found + 1
            continue
        end = source.find(b">", at + LONG_BYTES)
        end = size if end < 0 else end
        if _LONG_TAG.search(source, at, end):
            return True
        at = end + 1
    return False


def _with_few_attributes(source: bytes) -> tuple[bytes, int]:
    """The source, no tag with too many attributes, and how many tags had them."""
    kept: list[bytes] = []
    at = tags = 0
    found = _LONG_TAG.search(source)
    while found:
        name = _TAG_NAME.match(source, found.start())
        end = name.end() if name else found.end()
        count = 0
        while count < MOST_ATTRIBUTES and (attribute := _ATTRIBUTE.match(source, end)):
            end, count = attribute.end(), count + 1
        rest = _TAG_REST.match(source, end)
        if rest and count == MOST_ATTRIBUTES and _ATTRIBUTE.match(source, end):
            kept.append(source[at:end])
            at = end = rest.end()
            tags += 1
        found = _LONG_TAG.search(source, max(end, found.start() + 1))
    return b"".join((*kept, source[at:])) if tags else source, tags


def _flattened(source: bytes) -> tuple[bytes, int]:
    """The source without the tags that stand too deep in others, and how many those were.

    A br stands in the place of each that begins or ends a line.
    """
    kept: list[bytes] = []
    opened: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    at = skipped = depth = formatting = tags = 0
    for match in _TAG.finditer(source):
        start, end = match.span()
        if start < skipped:
            continue
        closing, label = match.groups()
        if label is None:
            skipped = source.find(b"-->", end)
            if skipped < 0:
                break
            continue
        name = label.decode("utf-8", "replace").lower()
        if name in _RAW and not closing:
            raw_end = _end_of(name).search(source, end)
            if not raw_end:
                break
            skipped = raw_end.start()
            continue
        if name in _CLOSED_BY_NEXT:
            continue
        is_formatting = name in _FORMATTING
        if closing and dropped[name]:
            dropped[name] -= 1
        elif closing:
            if opened[name]:
                opened[name] -= 1
                depth -= 1
                formatting -= is_formatting
            continue
        elif depth >= DEEPEST or (is_formatting and formatting >= DEEPEST_FORMATTING):
            dropped[name] += 1
        else:
            opened[name] += 1
            depth += 1
            formatting += is_formatting
            continue
        kept += (source[at:start], b"<br>" if TAGS.get(name, CUSTOM).kind == BLOCK else b"")
        at = end
        tags += 1
    return b"".join((*kept, source[at:])) if tags else source, tags


@cache
def _end_of(name: str) -> re.Pattern[bytes]:
    return re.compile(rf"</{name}(?=[\s/>])".encode(), re.I)
