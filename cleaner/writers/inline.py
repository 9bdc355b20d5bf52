"""The inside of a block as Markdown: its text with links, images, emphasis and code.

What would not render as it is meant, such as emphasis that ends within a word after a full stop, is
left out: the text comes first. This room knows one block at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import urljoin

from cleaner.readers.within import Mark

_MARKS = re.compile(r"[\\`*_\[\]<>&|~]")
_FENCES = re.compile("`+")
_UNSAFE_IN_ADDRESS = re.compile(r"[\s<>\\|\x00-\x1f]")
_DELIMITERS = {"strong": "**", "emphasis": "*", "strike": "~~"}
_NO_TARGETS = ("javascript:", "vbscript:", "data:", "about:", "blob:", "file:")


def escaped_inside(text: str) -> str:
    """The text with a backslash before each character that Markdown takes for markup within a line."""
    return _MARKS.sub(r"\\\g<0>", text)


def inline_markdown(
    pieces: Sequence[str], marks: Sequence[Mark], base: str | None, *, links: bool, in_cell: bool = False
) -> str:
    """The Markdown of a block's pieces with the marks between them; ``base`` makes addresses absolute.

    Without ``links`` there are neither links nor images.
    """
    line = _Line(base, links=links, in_cell=in_cell)
    at = depth = 0
    for index, mark, value in marks:
        if mark in ("code", "/code"):
            if depth == (mark == "/code"):
                piece = "".join(pieces[at:index])
                at = index
                if depth:
                    line.code(piece)
                else:
                    line.text(piece)
            depth += 1 if mark == "code" else -1
        elif not depth:
            line.text("".join(pieces[at:index]))
            at = index
            line.mark(mark, value)
    rest = "".join(pieces[at:])
    if depth:
        line.code(rest)
    else:
        line.text(rest)
    return line.markdown()


class _Line:
    """A line of Markdown that is being written.

    ``spans`` are the delimiters of emphasis by their places in ``parts``: kept when they will be taken
    for what they are.
    """

    def __init__(self, base: str | None, *, links: bool, in_cell: bool) -> None:
        self.base, self.links, self.in_cell = base, links, in_cell
        self.parts: list[str] = []
        self.waiting: list[str] = []  # marks that begin with the next text
        self.begun: list[tuple[str, int]] = []  # marks that began, and where in the parts
        self.spans: list[tuple[int, int]] = []
        self.targets: list[str] = []
        self.space = False

    def text(self, text: str) -> None:
        """Takes text, its white space as it came."""
        self._add(text, escaped_inside)

    def code(self, text: str) -> None:
        """Takes code."""
        self._add(text, self._code_span)

    def _add(self, text: str, written: Callable[[str], str]) -> None:
        words = " ".join(text.split())
        if not words:
            self.space = self.space or bool(text)
            return
        self._begin(leading=text[0].isspace())
        self.parts.append(written(words))
        self.space = text[-1].isspace()

    def _code_span(self, text: str) -> str:
        if self._last().endswith("`"):  # two fences would be one
            return escaped_inside(text)
        fence = "`" * (1 + max((len(run) for run in _FENCES.findall(text)), default=0))
        pad = " " if text[:1] == "`" or text[-1:] == "`" else ""
        if self.in_cell:
            text = text.replace("|", "\\|")
        return f"{fence}{pad}{text}{pad}{fence}"

    def mark(self, mark: str, value: str) -> None:
        """Takes the begin or the end of a link, an emphasis or code, or an image."""
        if mark == "image":
            self._image(value)
        elif mark == "link":
            self.targets.append(_address(self.base, value) if self.links else "")
            self.waiting.append(mark)
        elif mark == "/link":
            self._close("link")
            if self.targets:
                self.targets.pop()
        elif mark.startswith("/"):
            self._close(mark[1:])
        else:
            self.waiting.append(mark)

    def markdown(self) -> str:
        """What was written; marks that are still open end here."""
        while self.begun or self.waiting:
            self._close(self.waiting[-1] if self.waiting else self.begun[-1][0])
        for start, end in self.spans:
            if not self._holds(start, end):
                self.parts[start] = self.parts[end] = ""
        return "".join(self.parts)

    def _begin(self, *, leading: bool) -> None:
        """Writes the space and the marks that stand before a text."""
        if (self.space or leading) and self.parts:
            self.parts.append(" ")
        self.space = False
        for mark in self.waiting:
            self.begun.append((mark, len(self.parts)))
            if mark == "link":
                begins = bool(self.targets and self.targets[-1]) and self._is_outermost(("link",))
                if begins:
                    self._bang()
                self.parts.append("[" if begins else "")
            else:
                delimiter = _DELIMITERS[mark]
                touches = self._last().endswith(delimiter[0])
                self.parts.append("" if touches or not self._is_outermost(tuple(_DELIMITERS)) else delimiter)
        self.waiting = []

    def _last(self) -> str:
        return next((part for part in reversed(self.parts) if part), "")

    def _bang(self) -> None:
        """Keeps an exclamation mark before a link from making an image of it."""
        if self.parts and self.parts[-1].endswith("!"):
            self.parts[-1] = self.parts[-1][:-1] + "\\!"

    def _is_outermost(self, marks: tuple[str, ...]) -> bool:
        return not any(mark in marks and self.parts[at] for mark, at in self.begun[:-1])

    def _close(self, mark: str) -> None:
        if mark in self.waiting:
            self.waiting.reverse()
            self.waiting.remove(mark)
            self.waiting.reverse()
            return
        if not any(begun == mark for begun, _ in self.begun):
            return
        while True:  # marks that began within this one and have not ended end with it
            begun, at = self.begun.pop()
            if begun == "link":
                self.parts.append(f"]({self.targets[-1]})" if self.parts[at] and self.targets else "")
            else:
                self.spans.append((at, len(self.parts)))
                self.parts.append(self.parts[at])
            if begun == mark:
                return

    def _image(self, value: str) -> None:
        source, _, alt = value.partition(" ")
        address = _address(self.base, source) if self.links else ""
        if address:
            self._begin(leading=False)
            self.parts.append(f"![{escaped_inside(' '.join(alt.split()))}]({address})")

    def _holds(self, start: int, end: int) -> bool:
        """Whether a renderer takes the delimiters at these places for the begin and end of emphasis."""
        before = "".join(self.parts[max(0, start - 12) : start])[-1:]
        inside = "".join(self.parts[start + 1 : end])
        after = "".join(self.parts[end + 1 : end + 13])[:1]
        if not inside or inside[0].isspace() or inside[-1].isspace():
            return False
        opens = inside[0].isalnum() or not before.isalnum()
        closes = inside[-1].isalnum() or not after.isalnum()
        return opens and closes


def _address(base: str | None, target: str) -> str:
    """A target made absolute and safe to stand in parentheses; empty for one that leads nowhere."""
    target = target.strip()
    if not target or target.lower().startswith(_NO_TARGETS):
        return ""
    if base:
        try:
            target = urljoin(base, target)
        except ValueError:
            return ""
    target = _UNSAFE_IN_ADDRESS.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), target)
    return f"<{target}>" if "(" in target or ")" in target else target
