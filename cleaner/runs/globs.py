"""Patterns of file names, as .gitignore writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from cleaner.errors import UsageError

IGNORE_FILE = ".cleanerignore"


class Glob(NamedTuple):
    """A pattern: what it finds below its folder, whether it takes back, whether it is for folders alone."""

    pattern: re.Pattern[str]
    negated: bool
    folders_only: bool


def globs(lines: Iterable[str]) -> tuple[Glob, ...]:
    """The patterns of some lines; blank lines and comments are none."""
    found = (line.rstrip("\r\n") for line in lines)
    return tuple(_glob(line) for line in found if line.strip() and not line.startswith("#"))


def matches(patterns: Iterable[Glob], path: str, *, folder: bool = False) -> bool | None:
    """What the last pattern that finds a path says of it: in or, negated, out; None when none does."""
    said = None
    for glob in patterns:
        if (folder or not glob.folders_only) and glob.pattern.fullmatch(path):
            said = not glob.negated
    return said


def _glob(line: str) -> Glob:
    text = line if line.endswith("\\ ") else line.rstrip()
    negated = text.startswith("!")
    text = text[negated:]
    folders_only = text.endswith("/")
    text = text.rstrip("/") if folders_only else text
    anchored = "/" in text
    regex = _regex(text.removeprefix("/"), line)
    return Glob(regex if anchored else re.compile(f"(?:.*/)?(?:{regex.pattern})", re.S), negated, folders_only)


# A "]" right after the sign for "none of these" stands for itself; a class that does not end is no class.
_PIECE = re.compile(r"\*\*/|/\*\*$|\*+|\?|\[([!^]?+)(\]?+(?:\\.|[^\]\\])+|\])\]|\\(.)|(.)", re.S)
_MEMBER = re.compile(r"(\\?.)-(\\?.)|(\\?.)", re.S)


def _regex(text: str, line: str) -> re.Pattern[str]:
    try:
        return re.compile(_PIECE.sub(_translated, text), re.S)
    except re.error as error:
        raise UsageError(f"{line}: is no pattern of file names: {error}") from None


def _translated(match: re.Match[str]) -> str:
    piece = match[0]
    if match[3] or match[4]:
        return re.escape(match[3] or match[4])
    if piece == "**/":
        return "(?:.*/)?"
    if piece == "/**":
        return "/.*"
    if piece[0] == "*":
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    return f"(?!/)[{'^' if match[1] else ''}{_MEMBER.sub(_member, match[2])}]"


def _member(match: re.Match[str]) -> str:
    """A character of a class, or a range from one to another; a backslash makes any of them stand for itself."""
    return "-".join(re.escape(char[-1]) for char in match.groups() if char)
