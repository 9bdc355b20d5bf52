"""Labelled corpora: pages, and for each the text that a person would keep of it.

Read from JSONL (``.gz`` too) or from folders. This room knows files and their fields, and cleans nothing.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

from cleaner.errors import ReadError, UsageError

# The fields that may hold a page, with the format that each means.
FIELD_FORMATS = {"text": "text", "markdown": "markdown", "html": "html"}
SUFFIX_FORMATS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
NAMED_IDS = 3  # in a message about many

Found = TypeVar("Found")


class Source(NamedTuple):
    """A page as it was scraped; ``format`` is what its field or its file's name says, or auto."""

    id: str
    data: str | bytes
    format: str
    url: str | None
    type: str


class Gold(NamedTuple):
    """What is to be kept of a page: the whole text, and snippets that must stay and that must go.

    ``url`` and ``type`` stand here when the page itself does not say them.
    """

    text: str
    stay: tuple[str, ...] = ()
    go: tuple[str, ...] = ()
    url: str | None = None
    type: str = ""


class Labelled(NamedTuple):
    """A page with its gold."""

    id: str
    data: str | bytes
    format: str
    url: str | None
    type: str
    gold: Gold


class Corpus(NamedTuple):
    """The labelled pages in their own order, and how many golds have no page."""

    pages: tuple[Labelled, ...]
    golds_alone: int


def read_corpus(pages: str | Path, gold: str | Path | None = None, *, text_field: str | None = None) -> Corpus:
    """The pages of a JSONL file or a folder with the golds of another, by id.

    Without ``gold``, the rows of pages hold it. A row of pages is ``{id, url, type, text}`` with
    ``markdown`` or ``html`` in place of text, or the field that ``text_field`` names; a row of gold is
    ``{id, gold, with, without}``; id alone is needed beside the text and the gold. In a folder the id
    is the file's path without its suffix, so ``a.html`` goes with ``a.txt``.

    Raises UsageError for a path that is not there or the wrong choice of field, and ReadError, with
    file and line, for a row that cannot be used, an id given twice and a page without gold.
    """
    if gold is None:
        return _joint_corpus(Path(pages), text_field)
    golds = _by_id(_folder_golds(Path(gold)) if Path(gold).is_dir() else _row_golds(Path(gold)))
    found = _by_id(
        _folder_pages(Path(pages), text_field) if Path(pages).is_dir() else _row_pages(Path(pages), text_field)
    )
    without = [id for id in found if id not in golds]
    if without:
        said = f"{len(without):,} of {len(found):,} pages have no gold: {_named(without)}"
        raise ReadError(
            f"{gold or pages}: {said}; give every page a row or file of that id, with empty gold if need be"
        )
    if not found:
        raise ReadError(f"{pages}: no pages are in it")
    return Corpus(tuple(_joined(page, golds[id]) for id, page in found.items()), len(golds.keys() - found.keys()))


def _joint_corpus(path: Path, text_field: str | None) -> Corpus:
    """The corpus of a file whose rows hold pages and gold: it is read once, and may be a pipe."""
    found = _by_id(
        (place, id, _joined(_page(place, id, row, text_field), _gold(place, row))) for place, id, row in _rows(path)
    )
    if not found:
        raise ReadError(f"{path}: no pages are in it")
    return Corpus(tuple(found.values()), 0)


def _joined(page: Source, gold: Gold) -> Labelled:
    return Labelled(page.id, page.data, page.format, page.url or gold.url, page.type or gold.type, gold)


def _named(ids: list[str]) -> str:
    more = len(ids) - NAMED_IDS
    return ", ".join(ids[:NAMED_IDS]) + (f" and {more:,} more" if more > 0 else "")


def _by_id(found: Iterable[tuple[str, str, Found]]) -> dict[str, Found]:
    """What was found by its id. Raises ReadError for an id that comes twice; a place is file or file:line."""
    places: dict[str, str] = {}
    by_id: dict[str, Found] = {}
    for place, id, one in found:
        if id in places:
            raise ReadError(f"{place}: the id {id} was given before, in {places[id]}; ids must differ")
        places[id] = place
        by_id[id] = one
    return by_id


# Rows ---------------------------------------------------------------------------------------------


def _row_pages(path: Path, text_field: str | None) -> Iterator[tuple[str, str, Source]]:
    return ((place, id, _page(place, id, row, text_field)) for place, id, row in _rows(path))


def _row_golds(path: Path) -> Iterator[tuple[str, str, Gold]]:
    return ((place, id, _gold(place, row)) for place, id, row in _rows(path))


def _page(place: str, id: str, row: Mapping[str, object], text_field: str | None) -> Source:
    field = text_field or _text_field(place, row)
    text = _text(place, row, field)
    if text is None:
        raise ReadError(f'{place}: no "{field}" field; name the one that holds the page with --text-field')
    # A field of a user's own name holds flattened text unless --format says otherwise: a guess by page would
    # read a corpus of one kind in two ways.
    format = FIELD_FORMATS.get(field, "text")
    return Source(id, text, format, _text(place, row, "url"), _text(place, row, "type") or "")


def _text_field(place: str, row: Mapping[str, object]) -> str:
    fields = [name for name in FIELD_FORMATS if row.get(name) is not None]
    if len(fields) == 1:
        return fields[0]
    if fields:
        raise ReadError(f"{place}: holds {' and '.join(fields)}; choose one with --text-field")
    raise ReadError(
        f'{place}: no "text", "markdown" or "html" field; name the one that holds the page with --text-field'
    )


def _gold(place: str, row: Mapping[str, object]) -> Gold:
    if "gold" not in row:
        raise ReadError(f'{place}: no "gold" field; it holds the text that is to be kept, and may be empty')
    return Gold(
        _text(place, row, "gold") or "",
        _texts(place, row, "with"),
        _texts(place, row, "without"),
        _text(place, row, "url"),
        _text(place, row, "type") or "",
    )


def _rows(path: Path) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """The objects of a JSONL file, each with its place and its id; blank lines are passed over."""
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:  # no JSON, no UTF-8, or brackets without end
            raise ReadError(f"{place}: not JSON: {error}; one object a line is needed") from None
        if not isinstance(row, dict):
            raise ReadError(f'{place}: an object is needed, such as {{"id": ...}}, not {type(row).__name__}')
        yield place, _id(place, row), row


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
            yield from file
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"{path}: no such file or folder; check the name") from None
    except IsADirectoryError:
        raise UsageError(f"{path}: is a folder; name a JSONL file, or two folders") from None
    except (OSError, EOFError, zlib.error) as error:
        raise ReadError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _id(place: str, row: Mapping[str, object]) -> str:
    id = row.get("id")
    if isinstance(id, str) and id:
        return id
    if isinstance(id, int) and not isinstance(id, bool):
        return str(id)
    raise ReadError(f'{place}: no "id" field with a text or a number; pages and gold are matched by it')


def _text(place: str, row: Mapping[str, object], field: str) -> str | None:
    value = row.get(field)
    if value is None or isinstance(value, str):
        return value
    raise ReadError(f'{place}: "{field}" must be a text, not {type(value).__name__}')


def _texts(place: str, row: Mapping[str, object], field: str) -> tuple[str, ...]:
    value = row.get(field)
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise ReadError(f'{place}: "{field}" must be a list of texts')


# Folders ------------------------------------------------------------------------------------------


def _folder_pages(folder: Path, text_field: str | None) -> Iterator[tuple[str, str, Source]]:
    if text_field:
        raise UsageError(f"--text-field {text_field} names a field of JSONL rows, and {folder} is a folder")
    for id, path in _files(folder):
        suffix = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
        format = SUFFIX_FORMATS.get(suffix.lower(), "auto")
        yield str(path), id, Source(id, _bytes(path), format, None, "")


def _folder_golds(folder: Path) -> Iterator[tuple[str, str, Gold]]:
    from cleaner.readers.encoding import decode

    for id, path in _files(folder):
        yield str(path), id, Gold(decode(_bytes(path)).text)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of a folder and of those in it, by name, each with its id; hidden ones are passed over."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in relative.parts):
            bare = relative.with_suffix("") if relative.suffix == ".gz" else relative
            yield bare.with_suffix("").as_posix(), path


def _bytes(path: Path) -> bytes:
    return b"".join(_lines(path))
