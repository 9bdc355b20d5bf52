"""How text of unknown origin is shown and written: without what a terminal would obey, or UTF-8 cannot hold.

This room knows nothing of pages, files or colours.
"""

from __future__ import annotations

import re

# What moves the cursor, changes colours or reorders the line: C0 but for tab and newline, C1, line separators,
# bidi embeddings, overrides and isolates, marks that show as nothing at all, and halves of surrogate pairs.
# Joiners and direction marks stay: Persian, Indic scripts and emoji families need them.
_OBEYED = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f"
)
_IN_TEXT = re.compile(f"[{_OBEYED}]|\r\n?")
_ON_A_LINE = re.compile(f"[{_OBEYED}\t\n\r]")


def shown(text: str) -> str:
    """The text with control characters and bidi overrides as escapes such as ``\\x1b``; CRLF becomes a newline."""
    return _IN_TEXT.sub(_escape, text)


def escaped(text: str) -> str:
    """The text on one line: as ``shown``, with tabs and line breaks as escapes too."""
    return _ON_A_LINE.sub(_escape_one, text)


def on_one_line(text: str) -> str:
    """The text as ``shown``, with every run of white space, line breaks too, as one space."""
    return shown(" ".join(text.split()))


def shown_json(document: str) -> str:
    """A JSON document that is safe to show and still the same document."""
    return _IN_TEXT.sub(_escape_json, document)


def encoded(text: str) -> bytes:
    """The text as UTF-8; half a surrogate pair, which no UTF-8 can hold, becomes a replacement character."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _escape(match: re.Match[str]) -> str:
    return "\n" if match[0] == "\r\n" else _escape_one(match)


def _escape_one(match: re.Match[str]) -> str:
    return ascii(match[0])[1:-1]


def _escape_json(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
