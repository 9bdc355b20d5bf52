"""The pipeline: reader, filters in order, result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cleaner.config import Config
from cleaner.filter import Filter
from cleaner.filters import FILTERS
from cleaner.page import Page, Removal
from cleaner.readers.text import read_text


@dataclass(frozen=True, slots=True)
class CleanResult:
    """A cleaned page: the page with its ledger, and folds over it."""

    page: Page
    metadata: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What stays, as plain text."""
        return self.page.text

    @property
    def removals(self) -> tuple[Removal, ...]:
        """Every removal, in page order."""
        return tuple(cut.removal for cut in self.page.cuts)


def clean(
    data: str | bytes,
    *,
    format: str = "auto",
    url: str | None = None,
    preset: str = "balanced",
    config: Config | None = None,
) -> CleanResult:
    """The page without its chrome."""
    config = config or Config(preset=preset)
    source = data if isinstance(data, str) else data.decode("utf-8", "replace")
    page = read_text(source, url=url)
    for one in FILTERS:
        if config.runs(one.code):
            page = apply(one, page)
    return CleanResult(page)


def apply(one: Filter, page: Page) -> Page:
    """The page after one filter: of what it names, everything goes that still stands."""
    return page.without(list(_standing(page, one.find(page))))


def _standing(page: Page, removals: Iterable[Removal]) -> Iterator[Removal]:
    named: set[tuple[int, int]] = set()
    for removal in removals:
        if removal.block in page.protected or (removal.block, removal.start) in named:
            continue
        named.add((removal.block, removal.start))
        if page.is_whole(removal.block):
            yield removal
            continue
        for span in page.standing(removal.block):
            start, end = max(span.start, removal.start), min(span.end, removal.end)
            if start < end:
                yield removal._replace(start=start, end=end)
