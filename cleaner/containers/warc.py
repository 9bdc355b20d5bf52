"""WARC files: HTML responses, and the plain texts of WET files. This room is the only one that knows fastwarc.

The main process cuts a file into records and looks at their heads; workers unpack what servers packed.
"""

from __future__ import annotations

import io
import pickle
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from itertools import islice
from typing import Any, NamedTuple

from cleaner.containers import LONGEST_BYTES, TOO_LONG, Kind, Row, Shard
from cleaner.containers.extras import needed
from cleaner.containers.files import open_regular
from cleaner.containers.packing import damage_named, unpacking
from cleaner.errors import ReadError

SHARD_BYTES = 1 << 20
SHARD_RECORDS = 256
HEAD_BYTES = 1 << 16  # of an HTTP message that are looked through for its type
PAGES = ("text/html", "application/xhtml+xml", "text/plain")
FORMATS = {"text/html": "html", "application/xhtml+xml": "html"}
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_PACKED = re.compile(rb"^content-encoding:", re.I | re.M)
_CONTENT_TYPE = re.compile(rb"^content-type:[ \t]*([^;\s]*)", re.I | re.M)


class Record(NamedTuple):
    """A record as it stands in the file: what its head says, and its block, which of no page is empty."""

    record_id: str
    url: str | None
    date: str | None
    content_type: str
    is_http: bool
    block: bytes
    why: str


def shards(path: str, kind: Kind, *, after: Shard | None = None) -> Iterator[Shard]:
    """The shards of a file's responses and conversions, those after a given one.

    Raises ReadError where the file is damaged; what could be read before was given.
    """
    number, first = (after.number + 1, after.following) if after else (0, 1)
    with open_regular(path) as file:
        found = _records(file, kind)
        next(islice(found, first - 2, first - 1), None) if first > 1 else None
        for held, error in _groups(found):
            following = first + len(held)
            if held:
                yield Shard(number, first, pickle.dumps(held), following, following, file.tell())
            if error:
                raise error
            number, first = number + 1, following


def _groups(found: Iterator[Record]) -> Iterator[tuple[list[Record], Exception | None]]:
    """The records of one shard after the other, the last with the error that ended the reading, if one did."""
    held: list[Record] = []
    held_bytes = 0
    try:
        for record in found:
            held.append(record)
            held_bytes += len(record.block)
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
    with damage_named(kind.packing or "warc"), _panics_named():
        stream = _UpToDamage(unpacking(file, kind.packing))
        for record in warc.ArchiveIterator(stream, record_types=warc.any_type, parse_http=False):
            seen = True
            if record.record_type & wanted:
                taken = _taken(record)
                if stream.damage and taken.why:
                    break
                yield taken
        if stream.damage:
            raise stream.damage
    if not seen:
        raise ReadError("holds no WARC record; a page needs another name, such as one that ends in .txt")


@contextmanager
def _panics_named() -> Iterator[None]:
    """Turns a panic of the Rust in fastwarc, which is no Exception, into a ReadError."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise ReadError(f"damaged warc data: {error}") from None


class _UpToDamage:
    """A stream that ends where its packing is damaged, so that every record before that place is read."""

    def __init__(self, stream: BufferedIOBase) -> None:
        self._stream = stream
        self._given = 0
        self.damage: Exception | None = None

    def tell(self) -> int:
        """How many bytes were read."""
        return self._given

    def read(self, size: int) -> bytes:
        """At most so many bytes."""
        if self.damage:
            return b""
        try:
            data = self._stream.read1(size)
        except Exception as error:
            self.damage = error
            return b""
        self._given += len(data)
        return data


def _taken(record: Any) -> Record:
    headers = record.headers
    head = record.reader.read(HEAD_BYTES)
    content_type = _http_type(head) if record.is_http else headers.get("Content-Type", "")
    content_type = content_type.partition(";")[0].strip().lower()
    block, why = b"", ""
    if not content_type or content_type in PAGES:
        block = head + record.reader.read(LONGEST_BYTES)
        if len(block) > LONGEST_BYTES:
            block, why = b"", TOO_LONG
        elif len(block) < record.content_length:
            block, why = b"", f"breaks off: {len(block):,} of its {record.content_length:,} bytes are there"
    url, date = headers.get("WARC-Target-URI"), headers.get("WARC-Date")
    return Record(record.record_id, url, date, content_type, record.is_http, block, why)


def _http_type(head: bytes) -> str:
    """The type that an HTTP message says it has; empty when it says none."""
    end = _HEAD_END.search(head)
    found = _CONTENT_TYPE.search(head, 0, end.start() if end else len(head))
    return found[1].decode("latin-1") if found else ""


def records(shard: Shard) -> Iterator[tuple[int, Record]]:
    """The records of a shard with their numbers."""
    yield from enumerate(pickle.loads(shard.data), shard.first)


def row(number: int, record: Record, text_field: str, url_field: str) -> Row:
    """The row of a record; one whose content is no page is skipped. Its ``raw`` is a dictionary of its fields."""
    fields = {
        "warc_record_id": record.record_id,
        "url": record.url,
        "date": record.date,
        "content_type": record.content_type,
    }
    if record.content_type and record.content_type not in PAGES:
        return Row(number, "", fields, why=f"is {record.content_type}, no page", skipped=True)
    if record.why:
        return Row(number, "", fields, why=record.why)
    try:
        page, charset = _body(record.block) if record.is_http else (record.block, None)
    except MemoryError:
        raise
    except Exception as error:
        return Row(number, "", fields, why=f"its HTTP message is damaged: {error}")
    return Row(number, page, fields, record.url, format=FORMATS.get(record.content_type), charset=charset)


def _body(block: bytes) -> tuple[bytes, str | None]:
    """What an HTTP message carries, unpacked, and the charset that it names."""
    if not block.startswith(b"HTTP/"):
        raise ReadError("it does not begin as one")
    head = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n"
    stream = io.BytesIO(b"".join((head.encode(), block, b"\r\n\r\n")))
    record = next(iter(needed("fastwarc.warc").ArchiveIterator(stream, parse_http=False)))
    record.parse_http(auto_decode="all")
    page, charset = record.reader.read(), record.http_charset
    end = _HEAD_END.search(block)
    if not page and end and len(block) > end.end() and _PACKED.search(block, 0, end.start()):
        raise ReadError("its body cannot be unpacked")
    return page, charset
