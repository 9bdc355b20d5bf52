"""What went from many pages, summed: by filter, and by text with how often. From accounts, a page at a time.

This room knows accounts and files of them; how they are shown it does not know.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from cleaner.audit import SCHEMA, Tally, filter_name
from cleaner.containers import kind_of
from cleaner.containers.tables import holds_removals
from cleaner.errors import CleanerError, ReadError, UsageError

TEXT_CHARS = 200  # of a text that tell it from others
TEXTS_HELD = 500_000  # before those that were seen once are forgotten


class Removed(NamedTuple):
    """What one filter took: the sums, its commonest texts, and how many times others were taken."""

    tally: Tally
    texts: tuple[tuple[str, int], ...]
    others: int


class RemovedSums:
    """Sums over accounts. Texts are counted with their white space folded and by their first TEXT_CHARS characters."""

    def __init__(self) -> None:
        self.pages = 0
        self._kept_chars = 0
        self._sums: dict[str, list[int]] = {}
        self._texts: dict[tuple[str, str], int] = {}

    def add(self, account: Mapping[str, Any]) -> None:
        """Counts one page's account."""
        self.pages += 1
        self._kept_chars += sum(len(line.strip()) for line in account["text"].splitlines())
        blocks = set()
        for removal in account["removals"]:
            code, text = removal["filter"], removal["text"]
            sums = self._sums.setdefault(code, [0, 0])
            sums[0] += (code, removal["block"]) not in blocks
            sums[1] += len(text)
            blocks.add((code, removal["block"]))
            key = (code, " ".join(text[: 2 * TEXT_CHARS].split())[:TEXT_CHARS])
            self._texts[key] = self._texts.get(key, 0) + 1
        if len(self._texts) > TEXTS_HELD:
            self._texts = {key: count for key, count in self._texts.items() if count > 1}

    def result(self, top: int) -> Iterator[Removed]:
        """Each filter with its ``top`` commonest texts; filters with most characters first."""
        total = self._kept_chars + sum(chars for _, chars in self._sums.values())
        by_code: dict[str, list[tuple[str, int]]] = {code: [] for code in self._sums}
        for (code, text), count in self._texts.items():
            by_code[code].append((text, count))
        for code in sorted(self._sums, key=lambda code: (-self._sums[code][1], code)):
            blocks, chars = self._sums[code]
            texts = sorted(by_code[code], key=lambda one: (-one[1], one[0]))
            tally = Tally(code, filter_name(code), blocks, chars, chars / total if total else 0.0)
            yield Removed(tally, tuple(texts[:top]), sum(count for _, count in texts[top:]))


def accounts_in(path: str) -> Iterator[Mapping[str, Any]]:
    """The accounts that a run wrote to a folder or a .jsonl file, in the order of their names.

    Raises UsageError when there are none, and ReadError for what is no account.
    """
    found = False
    for file in _files(path):
        for number, line in enumerate(_lines(file), 1):
            found = True
            yield _account(file, number, line)
    if not found:
        raise UsageError(f"{path}: holds no accounts; name what cleaner batch --audits wrote")


def is_accounts_file(path: str) -> bool:
    """Whether a file is one that a run wrote accounts to, or is empty."""
    try:
        if not os.path.getsize(path):
            return True
        if kind_of(path).container == "parquet":
            return holds_removals(path)
        with open(path, "rb") as file:
            _account(path, 1, file.readline())
    except (OSError, CleanerError):
        return False
    return True


def _files(path: str) -> Iterable[str]:
    if not os.path.isdir(path):
        if kind_of(path).container == "parquet":
            raise UsageError(f"{path}: holds removals without their pages; name a folder or .jsonl file of accounts")
        return (path,)
    return sorted(
        os.path.join(place, name)
        for place, _, names in os.walk(path)
        for name in names
        if name.endswith((".json", ".jsonl"))
    )


def _lines(file: str) -> Iterator[bytes]:
    try:
        with open(file, "rb") as opened:
            yield from opened
    except FileNotFoundError:
        raise UsageError(f"{file}: no such file; name what cleaner batch --audits wrote") from None
    except OSError as error:
        raise ReadError(f"{file}: cannot be read: {error.strerror or error}") from None


def _account(file: str, number: int, line: bytes) -> Mapping[str, Any]:
    try:
        table = json.loads(line)
        if table["schema"] == SCHEMA:
            return {"text": str(table["text"]), "removals": list(table["removals"])}
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    raise ReadError(f"{file}:{number}: is no account; name what cleaner batch --audits wrote")
