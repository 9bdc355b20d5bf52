"""The prose in the data that a page's scripts begin with, where the page itself has no text.

This room knows JSON, and prose by its letters and spaces alone; what the names in the data mean it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cleaner.readers.structured import parsed_json

MOST_VALUES = 100_000
PROSE_CHARS = 80
LETTERS_SHARE = 0.75  # of the characters, spaces among them: code, addresses and coded data have fewer

_MARKUP = re.compile(r"<[^<>]*>")
_NO_LETTER = re.compile(r"[^\w ]|[\d_]")


def prose_of(scripts: Iterable[str]) -> list[str]:
    """The strings of JSON that are prose, each once and in order; they may hold markup."""
    return list(dict.fromkeys(text for text in _strings(scripts) if _is_prose(text)))


def _strings(scripts: Iterable[str]) -> Iterator[str]:
    """All strings in the data, and in what of them is data again."""
    waiting: list[object] = list(scripts)
    waiting.reverse()
    for _ in range(MOST_VALUES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, str):
            data = parsed_json(value) if value.lstrip()[:1] in ("{", "[") else None
            if data is None:
                yield value
            else:
                waiting.append(data)


def _is_prose(text: str) -> bool:
    if len(text) < PROSE_CHARS:
        return False
    words = _MARKUP.sub(" ", text)
    others = len(_NO_LETTER.findall(words))
    return (
        len(words) >= PROSE_CHARS
        and (" " in words.strip() or not words.isascii())
        and others <= (1 - LETTERS_SHARE) * len(words)
    )
