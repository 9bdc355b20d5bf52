"""Family U: the user's own patterns. U101 drops the blocks that match, U102 keeps them from every filter.

This room knows patterns and blocks; where the patterns were written it does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from time import perf_counter
from typing import NamedTuple, Protocol, cast

from cleaner.errors import UsageError
from cleaner.filter import Filter, whole
from cleaner.page import Page, Removal

DROP, KEEP = "U101", "U102"
TIMEOUT_SECONDS = 2.0  # of one pattern on one page and on each megabyte of it; a sane one needs milliseconds
MEGABYTE = 1_000_000  # characters
NOT_FOUND, TOO_SLOW = "{} matched no block", "{} took too long and was given up"  # of a pattern's name


class Pattern(Protocol):
    """A compiled pattern of the ``regex`` library."""

    def search(self, string: str, *, timeout: float) -> object:
        """A match or None; raises TimeoutError."""


class Matches(NamedTuple):
    """What the patterns found: the evidence for each block that matches, in page order, and warnings."""

    blocks: dict[int, str]
    warnings: tuple[str, ...]


def pattern_name(option: str, pattern: str) -> str:
    """What evidence and warnings call a pattern; ``option`` is keep or drop."""
    return f'{option} pattern "{pattern}"'


def search(page: Page, patterns: Sequence[str], option: str) -> Matches:
    """The blocks in which one of the patterns is found; ``option`` is keep or drop, for messages.

    A pattern that takes too long on the page counts as found nowhere, so that
    half a result never depends on the machine; it is in the warnings, as is one never found.
    Raises UsageError for a pattern that is wrong.
    """
    found: dict[int, str] = {}
    warnings: list[str] = []
    for pattern in patterns:
        blocks, named = _blocks(page, compiled(pattern, option)), pattern_name(option, pattern)
        if blocks is None:
            warnings.append(TOO_SLOW.format(named))
        elif not blocks:
            warnings.append(NOT_FOUND.format(named))
        for block in blocks or ():
            found.setdefault(block, named)
    return Matches(dict(sorted(found.items())), tuple(warnings))


@lru_cache(maxsize=256)
def compiled(pattern: str, option: str = "keep") -> Pattern:
    """The pattern, ready to search; raises UsageError with the position of what is wrong."""
    import regex  # type: ignore[import-untyped, unused-ignore]

    try:
        return cast(Pattern, regex.compile(pattern))
    except regex.error as error:
        where = f" at position {error.pos}" if error.pos is not None else ""
        raise UsageError(f'{option} pattern "{pattern}": {error.msg}{where}') from None


def _blocks(page: Page, pattern: Pattern) -> list[int] | None:
    """The blocks in which it is found; None when it takes too long."""
    found = []
    until = perf_counter() + TIMEOUT_SECONDS * (1 + len(page.source) / MEGABYTE)
    try:
        for index, block in enumerate(page.blocks):
            left = until - perf_counter()
            if left <= 0:
                return None
            if pattern.search(block.text, timeout=left):
                found.append(index)
    except TimeoutError:
        return None
    return found


def removals(page: Page, found: Matches) -> Iterator[Removal]:
    """The removal of every block that drop patterns found and no keep pattern protects."""
    for block, evidence in found.blocks.items():
        if block not in page.protected:
            yield whole(page, block, DROP, evidence)


def drop_rule(patterns: tuple[str, ...]) -> Filter:
    """U101 with its patterns."""
    return Filter(
        DROP,
        "drop pattern",
        "Blocks in which a --drop pattern of the user is found.",
        "When the pattern says more than its author meant; see it in the diff before trusting it.",
        partial(_dropped, patterns),
        """\
-Sponsored: ten chairs that your back will thank you for
 The sponsored bill passed on Tuesday.
""",
    )


def keep_rule(patterns: tuple[str, ...]) -> Filter:
    """U102 with its patterns; it removes nothing, the page is told what to protect."""
    return Filter(
        KEEP,
        "keep pattern",
        "Nothing: blocks in which a --keep pattern of the user is found stay, whatever a filter says.",
        "When the pattern also matches chrome, which then stays.",
        _nothing,
        """\
 Home | Weather | Sport
""",
    )


def _dropped(patterns: tuple[str, ...], page: Page) -> Iterable[Removal]:
    return removals(page, search(page, patterns, "drop"))


def _nothing(page: Page) -> Iterable[Removal]:
    return ()


RULES = (drop_rule(("^Sponsored:",)), keep_rule(()))  # as they are listed
