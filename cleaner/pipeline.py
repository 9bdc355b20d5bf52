"""The pipeline: bytes, reader, the user's rules, filters in order, result."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from threading import Lock
from typing import cast

from cleaner.config import Config, checked
from cleaner.errors import CleanerError, ReadError, UsageError, counted
from cleaner.features import features_of
from cleaner.filter import Filter
from cleaner.filters import FILTERS
from cleaner.filters.site_frame import SITE_FRAME
from cleaner.filters.user_rules import DROP, KEEP, removals, search
from cleaner.inner import inner_of, without_removals_of
from cleaner.markup import markup_of
from cleaner.metadata import byline_and_date, title
from cleaner.page import Page, Removal
from cleaner.readers.declared import declared_encoding
from cleaner.readers.detect import beginning, guess_format
from cleaner.readers.encoding import Decoded, decode
from cleaner.writers.markdown import markdown_of
from cleaner.writers.text import text_of

# The function that reads a format, imported when the first page of it comes.
READERS = {
    "text": "cleaner.readers.text:read_text",
    "markdown": "cleaner.readers.markdown:read_markdown",
    "html": "cleaner.readers.html:read_html",
}
FORMATS = tuple(READERS)

Named = str | bytes | tuple[str, str | bytes]  # a page, perhaps with its name
OnError = Callable[[Named, CleanerError], None]


@dataclass(frozen=True, slots=True)
class CleanResult:
    """A cleaned page: the page with its ledger, and folds over it.

    ``metadata`` may hold title, byline, date, language, format and encoding, of HTML also site, kind,
    description, url and skipped (the elements that were not read), each only when known.
    ``decoded`` is what the bytes were read as, None when ``clean`` was given a text; ``name`` is
    what the caller called the page.
    """

    page: Page
    metadata: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    decoded: Decoded | None = None
    name: str | None = None

    @property
    def text(self) -> str:
        """What stays, as plain text: of Markdown, the text without its markup."""
        return text_of(self.page)

    @property
    def markdown(self) -> str:
        """What stays, as Markdown: of Markdown byte for byte, of text what renders to the same words."""
        return self.page.text if self.page.format == "markdown" else markdown_of(self.page)

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
    encoding: str | None = None,
    name: str | None = None,
) -> CleanResult:
    """The page without its chrome.

    ``format`` is auto, text, markdown or html; ``encoding`` forces how bytes are read; ``name``, a
    file's name, helps to guess the format and comes back in the result. Safe in threads.
    Raises UsageError for a wrong option, and ReadError for data that is no text or in a format
    that has no reader.
    """
    config = _config(preset, config)
    if isinstance(data, (bytearray, memoryview)):
        data = bytes(data)
    if not isinstance(data, (str, bytes)):
        raise TypeError(f"text or bytes are needed, not {type(data).__name__}")
    with _collector_paused:
        return _clean(data, format, url, config, encoding, name)


def _clean(
    data: str | bytes, format: str, url: str | None, config: Config, encoding: str | None, name: str | None
) -> CleanResult:
    inner, decoded, warnings = _judged(data, format, url, config, encoding, name)
    page = without_removals_of(inner)
    features_of(inner).forget_words()
    inner.shared.pop("shingles", None)  # filters shared them; nobody needs them in a result
    said = (*warnings, *page.notes, *_empty_warnings(page))
    return CleanResult(page, _metadata(inner, decoded), said, decoded, name)


def judged(data: str | bytes, *, format: str, url: str | None, config: Config) -> Page:
    """The page as the filters saw it when all have run: of HTML, what stands within the site's frame.

    For those who learn from blocks; the errors are those of ``clean``.
    """
    return _judged(data, format, url, config, None, None)[0]


def _judged(
    data: str | bytes, format: str, url: str | None, config: Config, encoding: str | None, name: str | None
) -> tuple[Page, Decoded | None, list[str]]:
    """The inner page after all filters, what bytes were read as, and what is to be said about the reading."""
    decoded = _decoded(data, encoding)
    source = decoded.source if decoded else data
    warnings = list(_reading_warnings(source, decoded))
    page = _read(source, _format(source, format, name), url)
    page, said = _user_rules(page, config)
    page.shared["preset"], page.shared["points"] = config.preset, config.points
    return _filtered(page, config), decoded, [*warnings, *said]


def _filtered(page: Page, config: Config) -> Page:
    """The inner page after all filters: the first of them takes the site's frame, the others see what is within."""
    if config.runs(SITE_FRAME.code):
        page = apply(SITE_FRAME, page)
    inner = inner_of(page)
    for one in _inner_filters(config):
        inner = apply(one, inner)
    return inner


@lru_cache(maxsize=100)
def _inner_filters(config: Config) -> tuple[Filter, ...]:
    """The filters that are on and see the inner page, in their order."""
    return tuple(one for one in FILTERS if one is not SITE_FRAME and config.runs(one.code))


class _CollectorPause:
    """Keeps Python from looking for cycles: cleaning makes none, and the search takes a twentieth of the time.

    On large pages of HTML it takes half of the reader's. Of several threads the first one in stops the
    collector, and the last one out lets it go on, if it ran before.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._ran = False

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._ran = gc.isenabled()
                gc.disable()
            self._inside += 1

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside and self._ran:
                gc.enable()


_collector_paused = _CollectorPause()


def clean_many(
    pages: Iterable[Named],
    *,
    format: str = "auto",
    preset: str = "balanced",
    config: Config | None = None,
    encoding: str | None = None,
    on_error: OnError | None = None,
) -> Iterator[CleanResult]:
    """The results, one a page, in order and as they are asked for: nothing is read ahead or kept.

    A page is text, bytes, or a pair of its name and either; the name is in the result. A page that
    cannot be read raises its error, or goes to ``on_error`` with it and is left out. Raises UsageError
    for a wrong option, and TypeError for one page instead of several.
    """
    if isinstance(pages, (str, bytes, bytearray, memoryview)):
        raise TypeError("several pages are needed, such as a list of them; clean() takes one")
    return _cleaned(pages, format, _config(preset, config), encoding, on_error)


def _cleaned(
    pages: Iterable[Named], format: str, config: Config, encoding: str | None, on_error: OnError | None
) -> Iterator[CleanResult]:
    for item in pages:
        name, data = item if isinstance(item, tuple) else (None, item)
        try:
            result = clean(data, format=format, config=config, encoding=encoding, name=name)
        except ReadError as error:
            if on_error is None:
                raise
            on_error(item, error)
        else:
            yield result


def apply(one: Filter, page: Page) -> Page:
    """The page after one filter: of what it names, everything goes that still stands."""
    named = list(one.find(page))
    if not named:  # as for most filters
        return page
    found = list(_standing(page, named))
    if found and (markup := markup_of(page)) and markup.needs:
        found = _spared(page, markup.needs, found)
    return page.without(found) if found else page


def _spared(page: Page, needs: dict[int, tuple[int, ...]], named: list[Removal]) -> list[Removal]:
    """What a filter named, less the blocks that others need which would stay, as a table's rows need its head."""
    going = {removal.block for removal in named}
    return [
        removal
        for removal in named
        if all(other in going or page.is_gone(other) for other in needs.get(removal.block, ()))
    ]


def _standing(page: Page, named: Iterable[Removal]) -> Iterator[Removal]:
    """What a filter named, less what is protected, gone or named twice."""
    blocks, protected, is_whole, is_gone = page.blocks, page.protected, page.is_whole, page.is_gone
    gone: set[int] = set()
    partly: dict[int, list[Removal]] = {}
    for removal in named:
        number, start, end, _, _ = removal
        if number in gone or number in protected:
            continue
        block = blocks[number]
        if number in partly:
            partly[number].append(removal)
        elif start == block.start and end == block.end and is_whole(number):
            gone.add(number)
            yield removal
        elif is_gone(number):
            gone.add(number)
        else:
            partly[number] = [removal]
    for number, pieces in partly.items():
        yield from _pieces_standing(page, number, pieces)


def _pieces_standing(page: Page, block: int, named: list[Removal]) -> Iterator[Removal]:
    """Pieces of one block, in order and disjoint, without white space at their ends."""
    spans = iter(page.standing(block))
    span = next(spans, None)
    at = 0
    for removal in sorted(named, key=lambda one: one.start):
        while span and span.start < removal.end:
            start, end = max(at, span.start, removal.start), min(span.end, removal.end)
            piece = page.source[start:end]
            if piece and not piece.isspace():
                yield removal._replace(start=end - len(piece.lstrip()), end=start + len(piece.rstrip()))
            at = max(at, end)
            if span.end > removal.end:
                break
            span = next(spans, None)


def _decoded(data: str | bytes, encoding: str | None) -> Decoded | None:
    """What bytes were read as; None for a text, which no encoding can be asked for."""
    if isinstance(data, str):
        if encoding is not None:
            raise UsageError(f'encoding "{encoding}" was given for a text; it is for bytes')
        return None
    return decode(data, encoding=encoding, declared=declared_encoding(data))


def _config(preset: str, config: Config | None) -> Config:
    if config is None:
        return Config(preset=preset)
    config = checked(config)
    if preset not in ("balanced", config.preset):
        raise UsageError(
            f'preset "{preset}" was given beside a config that says "{config.preset}"; say it in the config'
        )
    return config


def _format(source: str | bytes, format: str, name: str | None) -> str:
    """The format to read: the one that was named, or a guess; bytes are UTF-8."""
    if format == "auto":
        return guess_format(source if isinstance(source, str) else beginning(source), name)
    if format not in FORMATS:
        raise UsageError(f'format "{format}" does not exist; choose from auto, {", ".join(FORMATS)}')
    return format


def _read(source: str | bytes, format: str, url: str | None) -> Page:
    """The page of a text or its UTF-8, of which HTML is parsed as it is."""
    module, _, function = READERS[format].partition(":")
    reader = cast(Callable[..., Page], getattr(import_module(module), function))
    return reader(source.decode() if isinstance(source, bytes) and format != "html" else source, url=url)


def _user_rules(page: Page, config: Config) -> tuple[Page, tuple[str, ...]]:
    """The page with the user's blocks protected and dropped, and what is to be said about the patterns."""
    warnings: tuple[str, ...] = ()
    if config.keep and config.runs(KEEP):
        kept = search(page, config.keep, "keep")
        page, warnings = page.protecting(kept.blocks), kept.warnings
    if config.drop and config.runs(DROP):
        dropped = search(page, config.drop, "drop")
        page, warnings = page.without(removals(page, dropped)), warnings + dropped.warnings
    return page, warnings


def _reading_warnings(source: str | bytes, decoded: Decoded | None) -> Iterator[str]:
    if decoded and decoded.patches:
        bytes_lost = sum(len(lost) for _, lost in decoded.patches)
        are, they = ("is", "it stands") if bytes_lost == 1 else ("are", "they stand")
        yield f"{counted(bytes_lost, 'byte')} {are} not {decoded.encoding}; {they} as U+FFFD"
    # A search is quick where a count is not.
    if "\0" in source if isinstance(source, str) else b"\0" in source:
        count = source.count("\0") if isinstance(source, str) else source.count(b"\0")
        yield f"{counted(count, 'NUL character')} {'is' if count == 1 else 'are'} in the text"


def _empty_warnings(page: Page) -> Iterator[str]:
    if not page.blocks:
        yield "the page is empty"
    elif not any(page.stands):
        count = len(page.blocks)
        yield f"nothing is left: {'the only block was' if count == 1 else f'all {count:,} blocks were'} removed"


def _language(page: Page) -> dict[str, str]:
    languages = features_of(page).languages
    return {"language": languages[0]} if languages else {}


def _fallback(page: Page) -> dict[str, str]:
    """What an HTML page calls itself, where it shows nothing better."""
    found = page.shared.get("fallback_metadata")
    return found if isinstance(found, dict) else {}


def _declared(page: Page) -> dict[str, str]:
    """What an HTML page says of itself for machines; but its language, which is wrong on many."""
    found = page.shared.get("metadata")
    return {name: value for name, value in found.items() if name != "language"} if isinstance(found, dict) else {}


# What is known about a finished page: each function gives the fields it found; later ones win.
FACTS: tuple[Callable[[Page], dict[str, str]], ...] = (
    _fallback,
    _language,
    title,
    byline_and_date,
    _declared,
)


def _metadata(page: Page, decoded: Decoded | None) -> dict[str, str]:
    found = {"format": page.format}
    if decoded:
        found["encoding"] = decoded.encoding
    for facts in FACTS:
        found.update(facts(page))
    return found
