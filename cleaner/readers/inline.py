"""Reads Markdown within its blocks: what of it is markup, what is visible, and which of that is in links.

The visible text keeps its place: markup is overwritten, so that offsets stay those of the source.
This room knows nothing of lines and blocks.
"""

from __future__ import annotations

import re

# Overwrites markup. A control character that no text shows; where the source itself holds it, it is dropped too.
GONE = "\x7f"
LONGEST_TITLE = 500  # characters of a link's title; a longer one makes no link
LONGEST_LABEL = 999
# What html2text makes of an element that holds an icon; the first of them are frequent in menus.
EMPTY_EMPHASIS = frozenset(("__", "____", "**", "****"))
BESIDE = frozenset("[!#")  # what begins a link or an image, or a heading that was one

# Most links and images are plain and are read at one look: text without markup, target without parentheses.
_TOKEN = re.compile(
    r"(?P<image>!)?\[(?P<text>[^\[\]\\`<*_~!&\n]*+)\]\((?P<target>[^\s()<>\\]*+)\)"
    r"|\\[!-/:-@\[-`{-~\n]|`++|!?\[|\]|<|\*++|_++|~~|https?://[^\s<>\[\]()\"'`|*]*+"
)
_TAIL = re.compile(
    r"\(\s{0,9}(<[^<>\n]*+>|(?>(?:[^\s()\\]|\\.|\((?>(?:[^\s()\\]|\\.)*)\))*))"
    rf"(?:\s{{1,9}}(?:\"[^\n]{{0,{LONGEST_TITLE}}}?\"|'[^'\n]*+'|\([^()\n]*+\)))?\s{{0,9}}\)"
)
_HEADING = re.compile(r"\s*#{1,6}[ \t]")  # at the start of a link's text, where converters put it
_LABEL = re.compile(rf"\[([^\[\]]{{0,{LONGEST_LABEL}}})\]")
_TAG = re.compile(r"<(?:(https?://[^\s<>]*+|mailto:[^\s<>]*+)|/?[A-Za-z][A-Za-z0-9-]*+(?:[\s/][^<>]*+)?)>")


class Inline:
    """Reads the blocks of one source one after the other, and collects what of it is markup.

    ``links`` are the ranges of text that stand in links of the block read last, ``targets`` its
    links' targets, ``images`` counts its images, ``used`` are the labels of definitions that it uses.
    """

    def __init__(self, source: str, labels: dict[str, str]) -> None:
        self.source = source
        self.labels = labels
        self.deletions: list[tuple[int, int]] = []
        self.gaps: set[int] = set()  # where a deletion ends that parts two words
        self._begin(0, 0)

    def _begin(self, start: int, end: int) -> None:
        self.start, self.end = start, end
        self.links: list[tuple[int, int]] = []
        self.targets: list[str] = []
        self.images = 0
        self.used: list[str] = []
        self._brackets: list[tuple[int, int]] = []
        self._emphasis: dict[str, list[list[int]]] = {}
        self._ticks: dict[int, list[int]] | None = None
        self._may_close = True  # whether a comment that begins may still end

    def visible(self) -> str:
        """The source with every character of its markup overwritten by ``GONE``; its length is the same.

        Between links that stand side by side is a space, as they are two words.
        """
        source, gaps, at = self.source, self.gaps, 0
        pieces: list[str] = []
        for start, end in sorted(self.deletions):
            if end > at:
                if start < at:
                    start = at
                pieces += (source[at:start], GONE * (end - start - 1), " " if end in gaps else GONE)
                at = end
        pieces.append(source[at:])
        return "".join(pieces)

    def read(self, start: int, end: int) -> None:
        """Reads a range of the source; its markup is added to ``deletions``."""
        self._begin(start, end)
        source, skip = self.source, start
        for match in _TOKEN.finditer(source, start, end):
            at, until = match.span()
            if at < skip:
                continue
            sign = source[at]
            if match["target"] is not None:
                self._plain_link(match, at, until)
            elif sign == "*" or sign == "_" or sign == "~":
                self._mark(at, until, sign)
            elif sign == "[" or sign == "!":
                self._brackets.append((at, until))
            elif sign == "]":
                skip = self._close(at) if self._brackets else until
            elif sign == "\\":
                self.deletions.append((at, at + 1))
                skip = until
            elif sign == "h":
                self._bare(at, until)
            elif sign == "<":
                skip = self._tag(at)
            else:
                skip = self._code(at, until)
        for opened, until in self._emphasis.get("_", ()):
            if until - opened == 2:  # an icon before a word, as html2text writes it
                self.deletions.append((opened, until))

    def _plain_link(self, match: re.Match[str], at: int, until: int) -> None:
        if match["image"]:
            self.images += 1
            self.deletions.append((at, until))
        else:
            self._link(at, match.start("text"), match.end("text"), until, match["target"])

    def _link(self, opened: int, start: int, end: int, after: int, target: str) -> None:
        """Enters a link: where it and its text begin and end."""
        if self.source[start] in "#\n" and (heading := _HEADING.match(self.source, start, end)):
            start = heading.end()
        self.deletions.append((opened, start))
        self.deletions.append((end, after))
        if after > end + 1 and self.source[after : after + 1] in BESIDE:
            self.gaps.add(after)
        self.targets.append(target)
        links = self.links
        while links and links[-1][0] >= start:  # converters put links in links; each character is in one
            links.pop()
        if start < end:
            links.append((start, end))

    def _bare(self, at: int, until: int) -> None:
        if not self._brackets:
            self.links.append((at, until))
            self.targets.append(self.source[at:until])

    def _close(self, at: int) -> int:
        """Where to read on after a bracket that closes the last open one."""
        opened, inner = self._brackets.pop()
        after, target = at + 1, None
        if self.source[after : after + 1] == "(" and (tail := _TAIL.match(self.source, after, self.end)):
            target, after = tail[1].strip("<>"), tail.end()
        elif self.labels:
            target, after = self._reference(inner, at)
        if target is None:
            return at + 1
        if inner - opened == 2:
            self.images += 1
            self.deletions.append((opened, after))
        else:
            self._link(opened, inner, at, after, target)
        return after

    def _reference(self, inner: int, at: int) -> tuple[str | None, int]:
        """The target of ``[text][label]``, ``[label][]`` or ``[label]``, and where it ends; None when it is none."""
        own = label_key(self.source[inner:at]) if at - inner <= LONGEST_LABEL else ""
        if second := _LABEL.match(self.source, at + 1, self.end):
            key = label_key(second[1]) or own
            if key in self.labels:
                self.used.append(key)
                return self.labels[key], second.end()
        if own in self.labels:
            self.used.append(own)
            return self.labels[own], at + 1
        return None, at + 1

    def _mark(self, at: int, until: int, sign: str) -> None:
        """Pairs a run of emphasis signs with an open one, or opens it; what finds no partner stays visible."""
        source = self.source
        before = source[at - 1] if at > self.start else " "
        after = source[until] if until < self.end else " "
        opens, closes = not after.isspace(), not before.isspace()
        if not opens and not closes:
            if source[at:until] in EMPTY_EMPHASIS:
                self.deletions.append((at, until))
            return
        if sign == "_" and before.isalnum() and after.isalnum():
            return
        stack = self._emphasis.setdefault(sign, [])
        # html2text ends emphasis behind a space: "**Bold **text". Strong text within strong text says nothing.
        late = not closes and until - at == 2 and stack and stack[-1][1] - stack[-1][0] == 2
        if late or (closes and not (opens and before in "([{\"'")):
            at = self._pair(stack, at, until)
        if opens and at < until:
            stack.append([at, until])

    def _pair(self, stack: list[list[int]], at: int, until: int) -> int:
        """Where the part of a closing run begins that finds no open partner."""
        while stack and at < until:
            opened = stack[-1]
            size = min(until - at, opened[1] - opened[0])
            self.deletions += ((opened[1] - size, opened[1]), (at, at + size))
            at, opened[1] = at + size, opened[1] - size
            if opened[0] == opened[1]:
                stack.pop()
        return at

    def _tag(self, at: int) -> int:
        """Where to read on after a pointed bracket: behind a tag, a comment or an address in brackets."""
        source = self.source
        if source.startswith("<!--", at):
            end = source.find("-->", at + 4, self.end) + 3 if self._may_close else 0
            self._may_close = end >= 3
            if self._may_close:
                self.deletions.append((at, end))
            return max(end, at + 1)
        match = _TAG.match(source, at, self.end)
        if not match:
            return at + 1
        end = match.end()
        if match[1]:
            self._link(at, at + 1, end - 1, end, match[1])
        else:
            self.images += source.startswith(("img", "IMG"), at + 1)
            self.deletions.append((at, end))
        return end

    def _code(self, at: int, until: int) -> int:
        """Where to read on after backticks: behind the code that they enclose."""
        if self._ticks is None:
            self._ticks = {}
            for run in reversed(list(re.finditer("`+", self.source[at : self.end]))):
                self._ticks.setdefault(run.end() - run.start(), []).append(at + run.start())
        partners = self._ticks.get(until - at, [])
        while partners and partners[-1] <= at:
            partners.pop()
        if not partners:
            return until
        closing = partners.pop()
        self.deletions += ((at, until), (closing, closing + until - at))
        return closing + until - at


def label_key(label: str) -> str:
    """A reference label as it is compared: case and white space say nothing."""
    return " ".join(label.casefold().split())
