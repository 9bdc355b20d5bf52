"""Reads Markdown within its blocks: what of it is markup, what is visible, and which of that is in links.

The visible text keeps its place: markup is overwritten, so that offsets stay those of the source.
This room knows nothing of lines and blocks.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Overwrites markup. A control character that no text shows; where the source itself holds it, it is dropped too.
GONE = "\x7f"
LONGEST_TITLE = 500  # characters of a link's title; a longer one makes no link
EMPTY_EMPHASIS = ("__", "____", "**", "****")  # what html2text makes of an element that holds an icon

_TOKEN = re.compile(
    r"\\[!-/:-@\[-`{-~\n]|`+|!?\[|\]|<|\*+|_+|~~|https?://[^\s<>\[\]()\"'`|*]*+",
)
_TAIL = re.compile(
    r"\(\s{0,9}(<[^<>\n]*+>|(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*+\))*+)"
    rf"(?:\s{{1,9}}(?:\"[^\n]{{0,{LONGEST_TITLE}}}?\"|'[^'\n]*+'|\([^()\n]*+\)))?\s{{0,9}}\)"
)
_LABEL = re.compile(r"\[([^\[\]]{0,999})\]")
_TAG = re.compile(r"<(?:(https?://[^\s<>]*+|mailto:[^\s<>]*+)|/?[A-Za-z][A-Za-z0-9-]*+(?:[\s/][^<>]*+)?)>")


class Found(NamedTuple):
    """What a block holds: ranges of the text in links, targets, how many images, labels that links use."""

    links: list[tuple[int, int]]
    targets: list[str]
    images: int
    labels: list[str]


class Inline:
    """Reads the blocks of one source one after the other and collects what of it is markup."""

    def __init__(self, source: str, labels: dict[str, str]) -> None:
        self.source = source
        self.labels = labels
        self.deletions: list[tuple[int, int]] = []

    def delete(self, start: int, end: int) -> None:
        """Notes that a range is markup."""
        self.deletions.append((start, end))

    def visible(self) -> str:
        """The source with every character of its markup overwritten by ``GONE``; its length is the same."""
        source, pieces, at = self.source, [], 0
        for start, end in sorted(self.deletions):
            if end <= at:
                continue
            if start > at:
                pieces.append(source[at:start])
            pieces.append(GONE * (end - max(start, at)))
            at = end
        pieces.append(source[at:])
        return "".join(pieces)

    def read(self, start: int, end: int) -> Found:
        """What a range of the source holds; its markup is noted."""
        return _Span(self, start, end).found


class _Span:
    """The reading of one block: the brackets and emphasis that are open."""

    def __init__(self, inline: Inline, start: int, end: int) -> None:
        self.inline = inline
        self.source = inline.source
        self.start, self.end = start, end
        self.found = Found([], [], 0, [])
        self.images = 0
        self.brackets: list[tuple[int, int]] = []
        self.emphasis: dict[str, list[list[int]]] = {}
        self.ticks: dict[int, list[int]] | None = None
        self.may_close = True  # whether a comment that begins may still end
        self._read()
        self.found = self.found._replace(images=self.images)

    def _read(self) -> None:
        delete, source, skip = self.inline.deletions, self.source, self.start
        for match in _TOKEN.finditer(source, self.start, self.end):
            at, until = match.span()
            if at < skip:
                continue
            sign = source[at]
            if sign == "[" or sign == "!":
                self.brackets.append((at, until))
            elif sign == "]":
                skip = self._close(at) if self.brackets else until
            elif sign == "\\":
                delete.append((at, at + 1))
                skip = until
            elif sign in "*_~":
                self._emphasis(at, until, sign)
            elif sign == "h":
                self._bare(at, until)
            elif sign == "<":
                skip = self._tag(at)
            else:
                skip = self._code(at, until)

    def _bare(self, at: int, until: int) -> None:
        if not self.brackets:
            self.found.links.append((at, until))
            self.found.targets.append(self.source[at:until])

    def _close(self, at: int) -> int:
        """Where to read on after a bracket that closes the last open one."""
        opened, inner = self.brackets.pop()
        after = at + 1
        following = self.source[after : after + 1]
        target = None
        if following == "(" and (tail := _TAIL.match(self.source, after, self.end)):
            target, after = tail[1].strip("<>"), tail.end()
        elif self.inline.labels:
            target, after = self._reference(inner, at)
        if target is None:
            return at + 1
        if inner - opened == 2:
            self.images += 1
            self.inline.delete(opened, after)
            return after
        self.inline.delete(opened, inner)
        # Two links side by side are two words.
        self.inline.delete(at, after - (self.source[after : after + 1] in ("[", "!") and after > at + 1))
        if inner < at:
            self.found.links.append((inner, at))
        self.found.targets.append(target)
        return after

    def _reference(self, inner: int, at: int) -> tuple[str | None, int]:
        """The target of ``[text][label]``, ``[label][]`` or ``[label]``, and where it ends; None when it is none."""
        own = label_key(self.source[inner:at]) if at - inner < 1000 else ""
        if second := _LABEL.match(self.source, at + 1, self.end):
            key = label_key(second[1]) or own
            if key in self.inline.labels:
                self.found.labels.append(key)
                return self.inline.labels[key], second.end()
        if own in self.inline.labels:
            self.found.labels.append(own)
            return self.inline.labels[own], at + 1
        return None, at + 1

    def _emphasis(self, at: int, until: int, sign: str) -> None:
        """Pairs a run of signs with an open one, or opens it; what finds no partner stays visible."""
        source = self.source
        before = source[at - 1] if at > self.start else " "
        after = source[until] if until < self.end else " "
        opens, closes = not after.isspace(), not before.isspace()
        if sign == "_" and before.isalnum() and after.isalnum():
            return
        if not opens and not closes:
            if source[at:until] in EMPTY_EMPHASIS:
                self.inline.delete(at, until)
            return
        stack = self.emphasis.setdefault(sign, [])
        if closes and stack and not (opens and before in "([{\"'"):
            while stack and at < until:
                opened = stack[-1]
                size = min(until - at, opened[1] - opened[0])
                self.inline.delete(opened[1] - size, opened[1])
                self.inline.delete(at, at + size)
                at, opened[1] = at + size, opened[1] - size
                if opened[0] == opened[1]:
                    stack.pop()
        if opens and at < until:
            stack.append([at, until])

    def _tag(self, at: int) -> int:
        """Where to read on after a pointed bracket: behind a tag, a comment or an address in brackets."""
        source = self.source
        if source.startswith("<!--", at):
            end = source.find("-->", at + 4, self.end) + 3 if self.may_close else 0
            self.may_close = end >= 3
            if self.may_close:
                self.inline.delete(at, end)
            return max(end, at + 1)
        match = _TAG.match(source, at, self.end)
        if not match:
            return at + 1
        if match[1]:
            self.inline.delete(at, at + 1)
            self.inline.delete(match.end() - 1, match.end())
            self.found.links.append((at + 1, match.end() - 1))
            self.found.targets.append(match[1])
        else:
            self.images += source.startswith(("img", "IMG"), at + 1)
            self.inline.delete(at, match.end())
        return match.end()

    def _code(self, at: int, until: int) -> int:
        """Where to read on after backticks: behind the code that they enclose."""
        if self.ticks is None:
            self.ticks = {}
            for run in reversed(list(re.finditer("`+", self.source[at : self.end]))):
                self.ticks.setdefault(run.end() - run.start(), []).append(at + run.start())
        partners = self.ticks.get(until - at, [])
        while partners and partners[-1] <= at:
            partners.pop()
        if not partners:
            return until
        closing = partners.pop()
        self.inline.delete(at, until)
        self.inline.delete(closing, closing + until - at)
        return closing + until - at


def label_key(label: str) -> str:
    """A reference label as it is compared: case and white space say nothing."""
    return " ".join(label.casefold().split())
