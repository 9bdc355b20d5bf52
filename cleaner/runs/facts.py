"""What a run has to tell: counts, what filters took, failures, and how the whole ended.

Facts of several pages are the sums of theirs. This room knows no files.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, NamedTuple

from cleaner.errors import CleanerError, bug, counted
from cleaner.filters.user_rules import DROP, KEEP, NOT_FOUND, TOO_SLOW, pattern_name

if TYPE_CHECKING:
    from cleaner.config import Config
    from cleaner.page import Page
    from cleaner.pipeline import CleanResult

TOP = 10
RECORD = re.compile(r"[0-9]{1,18}")  # its number, at the end of a page's name
REASON_CHARS = 400  # of why something failed


class Failure(NamedTuple):
    """A page or file that gave nothing: the file, the record's number in a container, and why.

    ``is_limit`` says that it took more time or memory than it may, or its process with it.
    """

    where: str
    record: int | None
    why: str
    traceback: str | None = None
    is_limit: bool = False

    @property
    def place(self) -> str:
        """The file, or ``file:record``."""
        return self.where if self.record is None else f"{self.where}:{self.record}"


@dataclass(slots=True)
class Facts:
    """Counts over some pages. ``removed`` maps a filter's code to its blocks and characters.

    ``limited`` of the ``failed`` ones went over a limit. ``top`` holds the highest removed shares with
    the pages' names, highest first. ``patterns`` maps each of the user's patterns, as warnings name it,
    to how many pages it was found on, and how many it was too slow for.
    """

    done: int = 0
    skipped: int = 0
    failed: int = 0
    limited: int = 0
    empty: int = 0
    over_budget: int = 0
    warned: int = 0
    chars: int = 0
    removed: dict[str, list[int]] = field(default_factory=dict)
    top: list[tuple[float, str]] = field(default_factory=list)
    patterns: dict[str, list[int]] = field(default_factory=dict)

    def add(self, other: Facts) -> None:
        """Counts the other's pages too."""
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        _add_pairs(self.removed, other.removed)
        _add_pairs(self.patterns, other.patterns)
        if other.top and (len(self.top) < TOP or _by_share(other.top[0]) < _by_share(self.top[-1])):
            self.top = sorted({*self.top, *other.top}, key=_by_share)[:TOP]

    def count(self, result: CleanResult, name: str, lengths: Lengths, config: Config) -> None:
        """Counts one page that was cleaned with these choices."""
        self.done += 1
        self.chars += lengths.chars
        self.empty += not result.page.text.strip()
        self.warned += bool(result.warnings)
        blocks: dict[str, set[int]] = {}
        chars: dict[str, int] = {}
        for block, start, end, code, _ in result.page.removals:
            if code not in chars:
                blocks[code], chars[code] = set(), 0
            blocks[code].add(block)
            chars[code] += end - start
        _add_pairs(self.removed, {code: (len(blocks[code]), count) for code, count in chars.items()})
        _add_pairs(self.patterns, {pattern: _found(pattern, result.warnings) for pattern in _searched(config)})
        entry = (round(lengths.share, 4), name)
        if lengths.gone and (len(self.top) < TOP or _by_share(entry) < _by_share(self.top[-1])):
            self.top = sorted({*self.top, entry}, key=_by_share)[:TOP]

    def unfound(self) -> Iterator[str]:
        """What is to be said of the user's patterns: which were found on no page, and which were too slow."""
        for pattern, (found, slow) in sorted(self.patterns.items()):
            if slow:
                yield f"{pattern} took too long on {counted(slow, 'page')} and was given up there"
            elif not found:
                yield f"{pattern} matched no block of any page"

    def as_table(self) -> dict[str, object]:
        """The facts as JSON can hold them."""
        return {name: getattr(self, name) for name in FACTS}

    @classmethod
    def of_table(cls, table: dict[str, object]) -> Facts:
        """The facts that ``as_table`` gave."""
        found = cls(**table)  # type: ignore[arg-type]
        found.top = [(share, name) for share, name in found.top]
        return found


FACTS = tuple(one.name for one in fields(Facts))
COUNTS = tuple(name for name in FACTS if name not in ("removed", "top", "patterns"))


def _add_pairs(sums: dict[str, list[int]], more: Mapping[str, Sequence[int]]) -> None:
    for key, (first, second) in more.items():
        mine = sums.setdefault(key, [0, 0])
        mine[0] += first
        mine[1] += second


def _searched(config: Config) -> Iterator[str]:
    """The user's patterns that are in force, as warnings name them."""
    for option, code in (("keep", KEEP), ("drop", DROP)):
        if config.runs(code):
            yield from (pattern_name(option, pattern) for pattern in getattr(config, option))


def _found(pattern: str, warnings: Sequence[str]) -> tuple[int, int]:
    """Whether a pattern was found on a page, and whether it was too slow for it, by what was said there."""
    slow = TOO_SLOW.format(pattern) in warnings
    return not slow and NOT_FOUND.format(pattern) not in warnings, slow


def _by_share(entry: tuple[float, str]) -> tuple[float, str, int, str]:
    """The place in the order: the highest share first, records of one file by their numbers."""
    share, name = entry
    file, _, number = name.rpartition(":")
    return (-share, file, int(number), name) if file and RECORD.fullmatch(number) else (-share, name, 0, name)


class Lengths(NamedTuple):
    """How many characters a page's blocks have, and how many of them went."""

    chars: int
    gone: int

    @classmethod
    def of(cls, page: Page) -> Lengths:
        """Those of a page."""
        chars = sum([end - start for _, _, start, end, _ in page.blocks])
        return cls(chars, sum([end - start for _, start, end, _, _ in page.removals]))

    @property
    def share(self) -> float:
        """The share that went, from 0 to 1."""
        return self.gone / self.chars if self.chars else 0.0


class Progress(NamedTuple):
    """How far a run is. Bytes are those of the inputs; ``said`` holds lines that are new since the last call.

    ``pages_total`` is None while records of containers are still to be counted. ``resumed_pages`` of
    the ``done`` ones and ``resumed_bytes`` are what runs before this one had done.
    """

    done: int
    skipped: int
    failed: int
    bytes_done: int
    bytes_total: int
    pages_total: int | None
    seconds: float
    said: tuple[str, ...]
    resumed_pages: int = 0
    resumed_bytes: int = 0

    @property
    def pages(self) -> int:
        """How many pages are done, skipped or failed."""
        return self.done + self.skipped + self.failed

    @property
    def rate(self) -> float:
        """How many pages this run does in a second."""
        return (self.done - self.resumed_pages) / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float:
        """How long the rest takes at the speed so far."""
        read = self.bytes_done - self.resumed_bytes
        return self.seconds * (self.bytes_total - self.bytes_done) / read if read > 0 else 0.0


@dataclass(frozen=True, slots=True)
class BatchResult:
    """How a run ended: ``pages`` in all are ``done``, ``skipped`` or ``failed``; after a stop others are ``unreached``.

    ``skipped`` were done by an earlier run, or are no pages. A container that gives nothing at all is one
    that failed, and so is what comes after the place where one is damaged. ``facts`` counts the pages of
    the whole output, those of earlier runs too. ``failures`` is the file that names each failure;
    ``planned`` is what a dry run would do, as (input, output, what). ``interrupted`` says that Ctrl-C
    ended the run. ``resumed`` of the ``done`` ones are records that an interrupted run had done.
    """

    done: int
    skipped: int
    failed: int
    unreached: int
    seconds: float
    facts: Facts
    failures: str | None
    excluded: int = 0
    interrupted: bool = False
    planned: Iterable[tuple[str, str, str]] = ()
    resumed: int = 0

    @property
    def pages(self) -> int:
        """How many pages there were."""
        return self.done + self.skipped + self.failed

    def as_table(self) -> dict[str, object]:
        """The result as JSON can hold it."""
        from cleaner.audit import filter_name

        facts = self.facts
        removed = sorted(facts.removed.items(), key=lambda one: (-one[1][1], one[0]))
        return {
            "pages": self.pages,
            "done": self.done,
            "resumed": self.resumed,
            "skipped": self.skipped,
            "failed": self.failed,
            "unreached": self.unreached,
            "excluded_files": self.excluded,
            "interrupted": self.interrupted,
            "seconds": round(self.seconds, 3),
            "empty": facts.empty,
            "over_budget": facts.over_budget,
            "with_warnings": facts.warned,
            "characters": facts.chars,
            "removed": [
                {"filter": code, "name": filter_name(code), "blocks": blocks, "characters": chars}
                for code, (blocks, chars) in removed
            ],
            "highest_removed": [{"page": name, "share": share} for share, name in facts.top],
        }


def on_one_line(why: str) -> str:
    """The reason in so many words, all of which UTF-8 can hold; a record's own names stand in some."""
    return " ".join(why[:REASON_CHARS].split()).encode("utf-8", "backslashreplace").decode()


def reason_of(error: Exception) -> str:
    """Why a page gives nothing, on one line."""
    return on_one_line(_reason(error))


def _reason(error: Exception) -> str:
    if isinstance(error, CleanerError):
        return str(error)
    if isinstance(error, MemoryError):
        return "needs more memory than it may; give more with --memory"
    if isinstance(error, FileNotFoundError):
        return "vanished before it was read"
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    return bug(error)


def trace_of(error: Exception) -> str:
    """The error's traceback as text."""
    return "".join(traceback.format_exception(error))
