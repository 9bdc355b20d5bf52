"""What went from many pages, summed: by filter, and by text with how often. From accounts, a page at a time.

This room knows accounts and files of them; how they are shown it does not know.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from cleaner.audit import SCHEMA, Tally, filter_name
from cleaner.containers import kind_of
from cleaner.containers.tables import holds_removals, kept_chars, removal_table
from cleaner.errors import CleanerError, ReadError, UsageError

TEXT_CHARS = 200  # of a text that tell it from others
TEXTS_HELD = 500_000  # before those that were seen least are forgotten


class Removed(NamedTuple):
    """What one filter took: the sums, its commonest texts, and how many times others were taken."""

    tally: Tally
    texts: tuple[tuple[str, int], ...]
    others: int


class RemovedSums:
    """Sums over accounts. Texts are counted with their white space folded and by their first TEXT_CHARS characters.

    Of more than TEXTS_HELD texts the rarer ones are forgotten: their counts begin anew when they come again.
    """

    def __init__(self) -> None:
        self.pages = 0
        self._kept_chars = 0
        self._sums: dict[str, list[int]] = {}
        self._texts: dict[tuple[str, str], int] = {}

    def add(self, account: Mapping[str, Any]) -> None:
        """Counts one page's account."""
        self.pages += 1
        self._kept_chars += kept_chars(account)
        self._add_removals(account["removals"])

    def add_table(self, path: str) -> None:
        """Counts the pages of a Parquet file of removals. Raises ReadError for another one."""
        pages, kept, by_page = removal_table(path)
        self.pages += pages
        self._kept_chars += kept
        for removals in by_page:
            self._add_removals(removals)

    def _add_removals(self, removals: Iterable[Mapping[str, Any]]) -> None:
        blocks = set()
        for removal in removals:
            code, text = removal["filter"], removal["text"]
            sums = self._sums.setdefault(code, [0, 0, 0])
            sums[0] += (code, removal["block"]) not in blocks
            sums[1] += len(text)
            sums[2] += 1
            blocks.add((code, removal["block"]))
            key = (code, " ".join(text[: 2 * TEXT_CHARS].split())[:TEXT_CHARS])
            self._texts[key] = self._texts.get(key, 0) + 1
        if len(self._texts) > TEXTS_HELD:
            self._forget_rarest()

    def _forget_rarest(self) -> None:
        """Forgets at least half of the texts, so that it is not done again for each page."""
        median = sorted(self._texts.values())[len(self._texts) // 2]
        self._texts = {key: count for key, count in self._texts.items() if count > median}

    def result(self, top: int) -> Iterator[Removed]:
        """Each filter with its ``top`` commonest texts; filters with most characters first."""
        total = self._kept_chars + sum(chars for _, chars, _ in self._sums.values())
        by_code: dict[str, list[tuple[str, int]]] = {code: [] for code in self._sums}
        for (code, text), count in self._texts.items():
            by_code[code].append((text, count))
        for code in sorted(self._sums, key=lambda code: (-self._sums[code][1], code)):
            blocks, chars, times = self._sums[code]
            texts = sorted(by_code[code], key=lambda one: (-one[1], one[0]))[:top]
            tally = Tally(code, filter_name(code), blocks, chars, chars / total if total else 0.0)
            yield Removed(tally, tuple(texts), times - sum(count for _, count in texts))


def removed_in(path: str) -> RemovedSums:
    """The sums over the accounts that a run wrote to a folder, or to a .jsonl or .parquet file.

    Raises UsageError when there are none, and ReadError for what is no account.
    """
    sums = RemovedSums()
    if kind_of(path).container == "parquet" and not os.path.isdir(path):
        _check_there(path)
        with _named(path):
            sums.add_table(path)
        return sums
    for file in _files(path):
        for number, line in enumerate(_lines(file), 1):
            sums.add(_account(file, number, line))
    if not sums.pages:
        raise UsageError(f"{path}: holds no accounts; name what cleaner batch --audits wrote")
    return sums


def _check_there(path: str) -> None:
    if not os.path.exists(path):
        raise UsageError(f"{path}: no such file; name what cleaner batch --audits wrote")


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
        _check_there(path)
        return (path,)
    return sorted(
        os.path.join(place, name)
        for place, _, names in os.walk(path)
        for name in names
        if name.endswith((".json", ".jsonl"))
    )


def _lines(file: str) -> Iterator[bytes]:
    with _named(file), open(file, "rb") as opened:
        yield from opened


@contextmanager
def _named(file: str) -> Iterator[None]:
    """Turns what the system says of a file that is read into an error that names it."""
    try:
        yield
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
