"""WARC files: HTML responses, and the plain texts of WET files. This room is the only one that knows fastwarc."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from io import BufferedIOBase
from itertools import islice
from typing import Any

from cleaner.containers import Kind, Row, Shard
from cleaner.containers.extras import needed
from cleaner.containers.packing import damage_named, unpacking
from cleaner.errors import ReadError

Record = dict[str, Any]
SHARD_BYTES = 1 << 20
SHARD_RECORDS = 256
PAGES = ("text/html", "application/xhtml+xml", "text/plain")
FORMATS = {"text/html": "html", "application/xhtml+xml": "html"}


def shards(path: str, kind: Kind, *, after: Shard | None = None) -> Iterator[Shard]:
    """The shards of a file's responses and conversions, those after a given one.

    Raises ReadError where the file is damaged; what could be read before was given.
    """
    number, first = (after.number + 1, after.following) if after else (0, 1)
    with open(path, "rb") as file:
        records = _records(file, kind)
        next(islice(records, first - 2, first - 1), None) if first > 1 else None
        for held, error in _groups(records):
            following = first + len(held)
            if held:
                yield Shard(number, first, pickle.dumps(held), following, following, file.tell())
            if error:
                raise error
            number, first = number + 1, following


def _groups(records: Iterator[Record]) -> Iterator[tuple[list[Record], Exception | None]]:
    """The records of one shard after the other, the last with the error that ended the reading, if one did."""
    held: list[Record] = []
    held_bytes = 0
    try:
        for record in records:
            held.append(record)
            held_bytes += len(record["page"])
            if held_bytes >= SHARD_BYTES or len(held) >= SHARD_RECORDS:
                yield held, None
                held, held_bytes = [], 0
    except Exception as error:
        yield held, error
    else:
        yield held, None


def _records(file: BufferedIOBase, kind: Kind) -> Iterator[Record]:
    """What is taken of each record that can hold a page."""
    warc = needed("fastwarc.warc")
    wanted = warc.WarcRecordType.response | warc.WarcRecordType.conversion
    seen = False
    with damage_named(kind.packing or "warc"):
        for record in warc.ArchiveIterator(unpacking(file, kind.packing), record_types=warc.any_type, parse_http=False):
            seen = True
            if record.record_type & wanted:
                yield _taken(record)
    if not seen:
        raise ReadError("holds no WARC record")


def _taken(record: Any) -> Record:
    headers = record.headers
    content_type, charset, why = headers.get("Content-Type", ""), None, ""
    if record.is_http and record.content_length:
        try:
            record.parse_http(auto_decode="all")
            content_type, charset = record.http_content_type or "", record.http_charset
        except Exception as error:
            why = f"its HTTP message is damaged: {error}"
    content_type = content_type.partition(";")[0].strip().lower()
    is_page = not why and (not content_type or content_type in PAGES)
    return {
        "warc_record_id": record.record_id,
        "url": headers.get("WARC-Target-URI"),
        "date": headers.get("WARC-Date"),
        "content_type": content_type,
        "page": record.reader.read() if is_page else b"",
        "charset": charset,
        "why": why,
        "is_page": is_page,
    }


def rows(shard: Shard) -> Iterator[Row]:
    """The records of a shard; those whose content is no page are skipped."""
    for number, record in enumerate(pickle.loads(shard.data), shard.first):
        fields = {name: record[name] for name in ("warc_record_id", "url", "date", "content_type")}
        why = record["why"] or ("" if record["is_page"] else f"is {record['content_type']}, no page")
        format = FORMATS.get(record["content_type"])
        skip = bool(why) and not record["why"]
        yield Row(number, record["page"], fields, record["url"], why, skip, format, record["charset"])
