"""The tags of an HTML source, told apart from what only looks like one: raw text, comments, quoted values.

This room knows how a browser cuts a source into tags and text, and nothing of what elements mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

MOST_ATTRIBUTES = 1_500  # of one tag; the longest of 1,500 real pages has 60

_SPACE = rb"\t\n\f\r "
# A name, and a value if there is one; a quotation mark that is not closed goes on to the end.
ATTRIBUTE = (
    rb"[%(s)s/]*+[^%(s)s/>][^%(s)s/>=]*+"
    rb"(?>[%(s)s]*+=[%(s)s]*+(?>\"[^\"]*+(?>\"|\Z)|'[^']*+(?>'|\Z)|[^%(s)s>\"'][^%(s)s>]*+|)|)" % {b"s": _SPACE}
)
BEGIN = rb"<[a-zA-Z][^%s/>]*+" % _SPACE
# So many attributes at once, for a pattern remembers each; and the end of the tag, when it comes behind them.
_ATTRIBUTES = rb"(?>(?:%s){0,%d})[%s/]*+(>|\Z)?" % (ATTRIBUTE, MOST_ATTRIBUTES, _SPACE)
_TAG = re.compile(rb"<(?:(/?)([a-zA-Z][^%s/>]*+)%s|(!--)|[!?/])" % (_SPACE, _ATTRIBUTES))
_MORE = re.compile(_ATTRIBUTES)
_COMMENT_END = re.compile(rb"--!?>")
_SCRIPT_PART = re.compile(rb"<(?:!(?=--)|(/?)script(?=[%s/>]))" % _SPACE, re.I)
_COMMENTED_PART = re.compile(rb"-->|<(/?)script(?=[%s/>])" % _SPACE, re.I)

# Elements that hold text alone, up to their end tag, where scripts run.
_RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"))
_DRAWINGS = frozenset(("svg", "math"))
# What ends a drawing without its end tag, or has ordinary markup within one.
_NOT_DRAWN = frozenset(
    (
        *("b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr"),
        *("ol", "p", "pre", "ruby", "s", "small", "span", "strong", "strike", "sub", "sup", "table", "tt", "u"),
        *("ul", "var", "foreignobject", "annotation-xml"),
    )
)


class SourceTag(NamedTuple):
    """A tag: where it begins, and ends behind its ``>``; ``surplus`` is where it has more attributes than are read.

    Without such attributes that is the end.
    """

    start: int
    surplus: int
    end: int
    name: str
    is_end: bool


def source_tags(source: bytes) -> Iterator[SourceTag]:
    """The tags of a source in UTF-8, in order."""
    at, drawing = 0, False
    while at >= 0:
        restart = -1
        for match in _TAG.finditer(source, at):
            slash, label, closed, comment = match.groups()
            start, end = match.span()
            if label is None:
                restart = _behind(source, end, is_comment=comment is not None, in_drawing=drawing)
                break
            name, closing = _NAMES[label], slash != b""
            surplus = end
            if closed is None:
                restart = end = _end_of_tag(source, end)
            yield SourceTag(start, surplus, end, name, closing)
            if name in _DRAWINGS:
                drawing = not closing
            elif name in _NOT_DRAWN:
                drawing = False
            elif name in _RAW and not closing and not drawing:
                restart = _raw_end(source, end, name)
                break
            elif name == "plaintext" and not closing:
                restart = -1
                break
            if closed is None:
                break
        at = restart


def _end_of_tag(source: bytes, at: int) -> int:
    """Where a tag ends that has more attributes from there on."""
    while (match := _MORE.match(source, at)) and match[1] is None:
        at = match.end()
    return match.end() if match else at


class _Names(dict[bytes, str]):
    """The names of tags in small letters, each read when it is first asked for."""

    def __missing__(self, label: bytes) -> str:
        name = label.decode("utf-8", "replace").lower()
        if len(self) < 1_000 and len(label) < 40:
            self[label] = name
        return name


_NAMES = _Names()


def _behind(source: bytes, at: int, *, is_comment: bool, in_drawing: bool) -> int:
    """Where a comment or the like ends; -1 when it goes on to the end. ``at`` is behind its first characters."""
    if is_comment:
        if source.startswith((b">", b"->"), at):
            return source.index(b">", at) + 1
        found = _COMMENT_END.search(source, at)
        return found.end() if found else -1
    end = b"]]>" if in_drawing and source.startswith(b"[CDATA[", at) else b">"
    found_at = source.find(end, at)
    return found_at + len(end) if found_at >= 0 else -1


def _raw_end(source: bytes, at: int, name: str) -> int:
    """Where the end tag of raw text stands; -1 when nothing ends it."""
    if name == "script":
        return _script_end(source, at)
    found = _end_tag(name).search(source, at)
    return found.start() if found else -1


def _script_end(source: bytes, at: int) -> int:
    """Where a script's end tag stands: not that of a script which stands in a comment of this one."""
    in_comment = in_script = False
    while match := (_COMMENTED_PART if in_comment else _SCRIPT_PART).search(source, at):
        at = match.end()
        if match[1] is None:
            in_comment, in_script = not in_comment, False
        elif not match[1]:
            in_script = in_comment
        elif not in_script:
            return match.start()
        else:
            in_script = False
    return -1


@cache
def _end_tag(name: str) -> re.Pattern[bytes]:
    return re.compile(rf"</{name}(?=[\t\n\f\r />])".encode(), re.I)
