"""JSON lines: a line a record, in shards of whole lines; clean fields are spliced into the line's own bytes."""

from __future__ import annotations

import base64
import io
import json
import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from cleaner.containers import ADDED, LONGEST_BYTES, TOO_LONG, Kind, Row, Shard
from cleaner.containers.files import open_regular
from cleaner.containers.packing import damage_named, unpacking
from cleaner.errors import ReadError

SHARD_BYTES = 1 << 20
SKIPPED_BYTES = 1 << 24  # at a time, on the way to where an interrupted run stopped
BOM = b"\xef\xbb\xbf"
NO_UTF8 = "is not UTF-8, as JSON lines are whatever --encoding says; convert the file, as in iconv -f latin1 -t utf-8"
WORDS = {
    type(None): "null",
    bool: "true or false",
    int: "a number",
    float: "a number",
    Decimal: "a number",
    str: "a text",
    list: "an array",
    dict: "an object",
}
WIDE = re.compile(rb"\xff\xfe|\xfe\xff|\0\0\xfe\xff|\{\0|\0{1,3}\{")  # how JSON in UTF-16 and UTF-32 begins
HALF_PAIR = re.compile("[\ud800-\udfff]")


class _Piece(NamedTuple):
    """Some whole lines; or, with the reason, a line that is too long, of which only the length is kept."""

    data: bytes
    length: int
    why: str = ""


def shards(path: str, kind: Kind, *, after: Shard | None = None) -> Iterator[Shard]:
    """The shards of a file, those after a given one; one is held at a time.

    Raises ReadError where the packing is damaged; what could be read before was given. Raises it, too,
    for a file that is not UTF-8 from its beginning.
    """
    with open_regular(path) as file, damage_named(kind.packing):
        stream = unpacking(file, kind.packing)
        number, first, end = (after.number + 1, after.following, after.end) if after else (0, 1, 0)
        _skip(stream, end, seekable=not kind.packing)
        for data, length, why in _pieces(stream):
            if not end and WIDE.match(data):
                raise ReadError("is UTF-16 or UTF-32, and JSON lines are UTF-8; convert it: iconv -f utf-16 -t utf-8")
            end += length
            following = first + (1 if why else data.count(b"\n"))
            yield Shard(number, first, data, following, end, file.tell(), why)
            number, first = number + 1, following


def _pieces(stream: io.BufferedIOBase) -> Iterator[_Piece]:
    """Pieces of whole lines. Where the packing is damaged, all whole lines before the damage are given first."""
    while True:
        piece = bytearray()
        try:
            while len(piece) < SHARD_BYTES and (more := stream.read1(SHARD_BYTES - len(piece))):
                piece += more
            rest = stream.readline(LONGEST_BYTES) if piece and not piece.endswith(b"\n") else b""
        except Exception:
            if b"\n" in piece:
                yield _whole_lines(piece)
            raise
        if not piece:
            return
        if len(rest) < LONGEST_BYTES or rest.endswith(b"\n"):
            lines = b"".join((piece, rest))
            yield _Piece(lines, len(lines))
            continue
        length = len(piece) + len(rest) + _pass_line(stream)
        del rest
        before = _whole_lines(piece)
        if before.data:
            yield before
        yield _Piece(b"", length - before.length, TOO_LONG)


def _whole_lines(piece: bytearray) -> _Piece:
    lines = bytes(piece[: piece.rfind(b"\n") + 1])
    return _Piece(lines, len(lines))


def _pass_line(stream: io.BufferedIOBase) -> int:
    """Passes what is left of a line; the number of its bytes."""
    length = 0
    while more := stream.readline(SKIPPED_BYTES):
        length += len(more)
        if more.endswith(b"\n"):
            break
    return length


def _skip(stream: io.BufferedIOBase, end: int, *, seekable: bool) -> None:
    if seekable:
        stream.seek(end)
        return
    while end > 0:
        found = len(stream.read(min(end, SKIPPED_BYTES)))
        end -= found or end


def records(shard: Shard) -> Iterator[tuple[int, bytes]]:
    """The lines of a shard with their numbers; blank ones are none."""
    for number, line in enumerate(io.BytesIO(shard.data), shard.first):
        if not line.isspace():
            yield number, line


def row(number: int, line: bytes, text_field: str, url_field: str) -> Row:
    """The record of a line, which is its ``raw``."""
    try:
        record = parsed(line)
    except UnicodeDecodeError:
        return Row(number, "", line, why=NO_UTF8)
    except (ValueError, RecursionError) as error:
        return Row(number, "", line, why=f"is no JSON: {error}")
    if not isinstance(record, dict):
        return Row(number, "", line, why=f"is no JSON object but {_word_for(record)}")
    why = missing(record, text_field, "--text-field")
    if why:
        return Row(number, "", line, why=why)
    url = record.get(url_field)
    return Row(number, record[text_field], line, url if isinstance(url, str) else None)


def parsed(line: bytes) -> object:
    """The value of a line; a number of more digits than Python takes for an int is a Decimal.

    Raises ValueError for what is no JSON, and RecursionError for what nests too deep.
    """
    return _DECODER.decode(line.removeprefix(BOM).decode("utf-8", "surrogatepass"))


def _whole_number(digits: str) -> int | Decimal:
    try:
        return int(digits)
    except ValueError:
        return Decimal(digits)


_DECODER = json.JSONDecoder(parse_int=_whole_number)


def missing(record: Mapping[str, object], field: str, option: str) -> str:
    """Why a record has no page to clean; empty when it has one and room for the clean fields."""
    if field not in record:
        there = ", ".join(map(str, list(record)[:20]))
        return f'no "{field}" field; name it with {option}: {there}' if there else "has no fields"
    if not isinstance(record[field], str | bytes):
        return f'"{field}" is no text but {_word_for(record[field])}'
    taken = [name for name in ADDED if name in record]
    return f'has a field "{taken[0]}" already: was it cleaned before?' if taken else ""


def _word_for(value: object) -> str:
    """What JSON calls a value of its kind; of what else a table holds, Python's name."""
    return WORDS.get(type(value), type(value).__name__)


def spliced(line: bytes, fields: Mapping[str, object]) -> bytes:
    """The object's line with the fields at its end; every other byte as it was, but for a missing last newline."""
    body, brace, tail = line.rpartition(b"}")
    return b"%s, %s%s%s" % (body.rstrip(), as_json(fields)[1:-1], brace, tail if tail.endswith(b"\n") else tail + b"\n")


def as_json(value: object) -> bytes:
    """The value as JSON in UTF-8; halves of surrogate pairs, which UTF-8 cannot hold, stand escaped.

    NaN and the infinities, which JSON cannot hold, become null, bytes base64.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)
    except ValueError:
        text = json.dumps(_finite(value), ensure_ascii=False, default=_plain)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return HALF_PAIR.sub(lambda half: f"\\u{ord(half[0]):04x}", text).encode()


def _finite(value: object) -> object:
    """The value with null for each number in it that is none."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    return value


def _plain(value: object) -> str:
    """What JSON has no form for, such as dates and bytes of a Parquet file, as text."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
