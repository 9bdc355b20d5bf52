"""Parquet and Arrow: rows read in shards of bounded size; shards written are streams that one file is made of.

This room is the only one that knows pyarrow.
"""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, BinaryIO

from cleaner.containers import ADDED, LONGEST_BYTES, SHARE, TEXT, TOO_LONG, WARNINGS, Kind, Row, Shard
from cleaner.containers.extras import needed
from cleaner.containers.files import open_regular
from cleaner.containers.jsonl import missing
from cleaner.errors import ReadError

SHARD_ROWS, SHARD_BYTES = 512, 1 << 20  # at the most, but for one row that is larger
ROWS_AT_ONCE = 64  # that are unpacked: what a Parquet file says of its size may be far too little
BUFFER_BYTES = 1 << 20  # of a column that is read at a time, instead of a whole row group of it
TEXTS = ("name", "url", "filter", "filter_name", "evidence", "text")  # the columns of removals
PLACES = ("block", "line", "start", "end")
REMOVALS_A_GROUP = 50_000
GROUP_BYTES = 64 << 20  # of a row group that is written
HALF_PAIR = re.compile("[\ud800-\udfff]")


def shards(path: str, kind: Kind, *, after: Shard | None = None) -> Iterator[Shard]:
    """The shards of a Parquet or Arrow file, those after a given one, each as an Arrow stream.

    Raises ReadError for a file that is damaged or something else.
    """
    pa = needed("pyarrow")
    number, first = (after.number + 1, after.following) if after else (0, 1)
    open_regular(path).close()  # for it is opened by name, which would wait for a named pipe
    try:
        bytes_a_row = _bytes_a_row(path, kind)
        for batch in _batches(path, kind, first - 1):
            following = first + batch.num_rows
            position = int(bytes_a_row * (following - 1))
            why = TOO_LONG if batch.num_rows == 1 and batch.nbytes > LONGEST_BYTES else ""
            yield Shard(number, first, b"" if why else as_stream(batch), following, following, position, why)
            number, first = number + 1, following
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
        raise ReadError(f"is no {kind.container} file that can be read: {error}") from None


def _batches(path: str, kind: Kind, skip: int) -> Iterator[Any]:
    """Batches of SHARD_ROWS rows or fewer; their borders do not depend on how many rows are skipped.

    A table without rows gives one batch without rows, for its columns.
    """
    if kind.packing:
        raise ReadError(f"{kind.container} inside {kind.packing} cannot be read in pieces; unpack it first")
    found = _parquet_batches(path) if kind.container == "parquet" else _arrow_batches(path)
    for batch in chain.from_iterable(map(_pieces, found)):
        if skip and skip >= batch.num_rows:
            skip -= batch.num_rows
        else:
            yield batch.slice(skip)
            skip = 0


def _pieces(batch: Any) -> Iterator[Any]:
    """The rows of a batch, SHARD_ROWS at a time, and fewer where they are large."""
    for start in range(0, max(1, batch.num_rows), SHARD_ROWS):
        yield from _halved(batch.slice(start, SHARD_ROWS))


def _halved(batch: Any) -> Iterator[Any]:
    """The rows of a batch in pieces of SHARD_BYTES at the most, but for rows that alone are larger."""
    batch = _with_small_dictionaries(batch)
    half = batch.num_rows // 2
    if batch.nbytes <= SHARD_BYTES or not half:
        yield batch
    else:
        yield from _halved(batch.slice(0, half))
        yield from _halved(batch.slice(half))


def _with_small_dictionaries(batch: Any) -> Any:
    """The batch, without the values that none of its rows has where they are many: each shard takes them along."""
    for place, column in enumerate(batch.columns):
        if _is_dictionary(column.type) and column.dictionary.nbytes > SHARD_BYTES:
            smaller = column.dictionary_decode().dictionary_encode().cast(column.type)
            batch = batch.set_column(place, batch.schema.field(place), smaller)
    return batch


def _is_dictionary(kind: Any) -> bool:
    return bool(needed("pyarrow").types.is_dictionary(kind))


def _parquet_batches(path: str) -> Iterator[Any]:
    with needed("pyarrow.parquet").ParquetFile(path, buffer_size=BUFFER_BYTES, pre_buffer=False) as file:
        rows = min(ROWS_AT_ONCE, int(max(1, file.metadata.num_rows * SHARD_BYTES // max(1, _unpacked_bytes(file)))))
        yield from _joined(file.iter_batches(batch_size=rows, use_threads=False))
        if not file.metadata.num_rows:
            yield _no_rows(file.schema_arrow)


def _joined(batches: Iterable[Any]) -> Iterator[Any]:
    """The same rows in batches that are large enough for a shard."""
    table = needed("pyarrow").Table
    held: list[Any] = []
    rows = size = 0
    for batch in batches:
        held.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows >= SHARD_ROWS or size >= SHARD_BYTES:
            yield from table.from_batches(held).combine_chunks().to_batches()
            held, rows, size = [], 0, 0
    if held:
        yield from table.from_batches(held).combine_chunks().to_batches()


def _unpacked_bytes(file: Any) -> int:
    """About how many bytes all columns take in memory."""
    groups = range(file.metadata.num_row_groups)
    return sum(int(file.metadata.row_group(group).total_byte_size) for group in groups)


def _arrow_batches(path: str) -> Iterator[Any]:
    pa = needed("pyarrow")
    with pa.memory_map(path, "rb") as source:
        try:
            reader = pa.ipc.open_file(source)
            batches = (reader.get_batch(index) for index in range(reader.num_record_batches))
        except pa.ArrowInvalid:
            source.seek(0)
            reader = pa.ipc.open_stream(source)
            batches = iter(reader)
        found = False
        for batch in batches:
            found = found or batch.num_rows > 0
            yield batch
        if not found:
            yield _no_rows(reader.schema)


def _no_rows(schema: Any) -> Any:
    return needed("pyarrow").RecordBatch.from_pylist([], schema=schema)


def _bytes_a_row(path: str, kind: Kind) -> float:
    """About how many bytes of a Parquet file a row takes, for progress; 0 when that cannot be told."""
    if kind.container != "parquet":
        return 0.0
    with needed("pyarrow.parquet").ParquetFile(path) as file:
        return os.path.getsize(path) / max(1, int(file.metadata.num_rows))


def records(shard: Shard) -> Iterator[tuple[int, tuple[Any, int]]]:
    """The rows of a shard with their numbers: the whole batch, and the place of the row in it."""
    batch = batch_of(shard.data)
    for place in range(batch.num_rows):
        yield shard.first + place, (batch, place)


def row(number: int, raw: tuple[Any, int], text_column: str, url_column: str) -> Row:
    """The record of a row; its ``raw`` is its place in the batch."""
    batch, place = raw
    names = batch.schema.names
    record = {
        name: batch.column(names.index(name))[place].as_py() for name in (text_column, url_column) if name in names
    }
    why = missing({**dict.fromkeys(names), **record}, text_column, "--text-column")
    url = record.get(url_column)
    page = "" if why else str(record[text_column])
    return Row(number, page, place, url if isinstance(url, str) else None, why)


def batch_of(data: bytes) -> Any:
    """The one batch of a shard's stream."""
    return needed("pyarrow").ipc.open_stream(data).read_next_batch()


def as_stream(batch: Any) -> bytes:
    """A batch as a whole Arrow stream of its own."""
    pa = needed("pyarrow")
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return sink.getvalue()


def with_fields(batch: Any, kept: Sequence[int], added: Sequence[Mapping[str, object]]) -> bytes:
    """The stream of a batch's kept rows with the clean fields as columns at their end."""
    pa = needed("pyarrow")
    found = batch if len(kept) == batch.num_rows else batch.take(pa.array(kept, pa.int64()))
    schema, columns = found.schema, list(found.columns)
    for name, kind in _added_kinds().items():
        schema = schema.append(pa.field(name, kind))
        columns.append(pa.array([_storable(fields[name]) for fields in added], kind))
    return as_stream(pa.record_batch(columns, schema=schema))


def of_rows(records: Sequence[Mapping[str, object]]) -> bytes:
    """The stream of records that come from no table; empty without any. Raises ReadError when they fit no table."""
    pa = needed("pyarrow")
    if not records:
        return b""
    names, kinds = dict.fromkeys(name for record in records for name in record), _added_kinds()
    try:
        columns = [pa.array([_storable(one.get(name)) for one in records], kinds.get(name)) for name in names]
        return as_stream(pa.record_batch(columns, names=list(map(_storable, names))))
    except (pa.ArrowException, ValueError, OverflowError, TypeError) as error:
        raise _no_table(error) from None


def _added_kinds() -> dict[str, Any]:
    pa = needed("pyarrow")
    return {TEXT: pa.large_string(), SHARE: pa.float64(), WARNINGS: pa.list_(pa.string())}


def _no_table(error: Exception) -> ReadError:
    return ReadError(f"its records do not fit one table: {error}; --to jsonl takes them as they are")


def _storable(value: object) -> object:
    """The value, in its texts no halves of surrogate pairs, which Arrow's UTF-8 cannot hold."""
    if isinstance(value, str):
        return value if value.isascii() or not HALF_PAIR.search(value) else HALF_PAIR.sub("?", value)
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(one) for name, one in value.items()}
    return value


def assemble(source: BinaryIO, size: int, target: BinaryIO, container: str, beat: Callable[[], None]) -> None:
    """Writes one Parquet or Arrow file of the streams that stand one after the other in ``source``.

    Columns that differ between shards are united: a missing one is null, a narrower number widens.
    Raises ReadError for columns whose kinds cannot be united.
    """
    pa = needed("pyarrow")
    try:
        schema = _united(source, size, beat)
        if container == "arrow":
            schema = _plain_where_dictionaries_change(source, size, schema)
        with _writer(target, schema, container) as write:
            for table in _groups(_streams(source, size), schema):
                write(table)
                beat()
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise _no_table(error) from None


def _united(source: BinaryIO, size: int, beat: Callable[[], None]) -> Any:
    pa = needed("pyarrow")
    schemas: list[Any] = []
    for batch in _streams(source, size):
        beat()
        if not schemas or not batch.schema.equals(schemas[-1]):
            schemas = [pa.unify_schemas([*schemas, batch.schema], promote_options="permissive")]
    if not schemas:
        return pa.schema(list(_added_kinds().items()))
    last = [name for name in schemas[0].names if name in ADDED]
    order = [name for name in schemas[0].names if name not in ADDED] + last
    return pa.schema([schemas[0].field(name) for name in order], metadata=schemas[0].metadata)


def _plain_where_dictionaries_change(source: BinaryIO, size: int, schema: Any) -> Any:
    """The schema for an Arrow file, which has one dictionary a column: columns with several become plain."""
    pa = needed("pyarrow")
    known: dict[str, Any] = {}
    changing = set()
    for batch in _streams(source, size) if any(_is_dictionary(field.type) for field in schema) else ():
        for field, column in zip(batch.schema, batch.columns, strict=True):
            if _is_dictionary(field.type) and not known.setdefault(field.name, column.dictionary).equals(
                column.dictionary
            ):
                changing.add(field.name)
    fields = (field.with_type(field.type.value_type) if field.name in changing else field for field in schema)
    return pa.schema(list(fields), metadata=schema.metadata)


def _streams(source: BinaryIO, size: int) -> Iterator[Any]:
    pa = needed("pyarrow")
    source.seek(0)
    while source.tell() < size:
        with pa.ipc.open_stream(source) as reader:
            yield from reader


def _groups(batches: Iterable[Any], schema: Any) -> Iterator[Any]:
    """Tables of about GROUP_BYTES, which become row groups."""
    pa = needed("pyarrow")
    held: list[Any] = []
    held_bytes = 0
    for batch in batches:
        table = pa.Table.from_batches([batch])
        for name in schema.names:
            if name not in table.schema.names:
                table = table.append_column(schema.field(name), pa.nulls(table.num_rows, schema.field(name).type))
        table = table.select(schema.names).cast(schema)
        if not table.num_rows:
            continue
        held.append(table)
        held_bytes += table.nbytes
        if held_bytes >= GROUP_BYTES:
            yield pa.concat_tables(held)
            held, held_bytes = [], 0
    if held:
        yield pa.concat_tables(held)


class _writer:  # noqa: N801
    """Writes tables to a file; a context whose value is the function that writes one."""

    def __init__(self, target: BinaryIO, schema: Any, container: str) -> None:
        pa = needed("pyarrow")
        if container == "parquet":
            self.writer = needed("pyarrow.parquet").ParquetWriter(target, schema, compression="zstd")
        else:
            self.writer = pa.ipc.new_file(target, schema)
        self.whole = container == "parquet"

    def __enter__(self) -> Callable[[Any], None]:
        if self.whole:
            return lambda table: self.writer.write_table(table, row_group_size=max(1, table.num_rows))
        return lambda table: self.writer.write_table(table)

    def __exit__(self, *unused: object) -> None:
        self.writer.close()


def one_table(stream: bytes) -> bytes:
    """A Parquet file of one stream."""
    sink = io.BytesIO()
    assemble(io.BytesIO(stream), len(stream), sink, "parquet", lambda: None)
    return sink.getvalue()


def write_removals(target: BinaryIO, accounts: Iterable[bytes]) -> None:
    """Writes a Parquet file with a row for each removal of the accounts."""
    pa = needed("pyarrow")
    schema = pa.schema([*((name, pa.large_string()) for name in TEXTS), *((name, pa.int64()) for name in PLACES)])
    with needed("pyarrow.parquet").ParquetWriter(target, schema, compression="zstd") as writer:
        held: list[dict[str, object]] = []
        for account in accounts:
            for line in account.splitlines():
                held += _removals(json.loads(line))
            if len(held) >= REMOVALS_A_GROUP:
                writer.write_table(pa.Table.from_pylist(held, schema))
                held = []
        if held:
            writer.write_table(pa.Table.from_pylist(held, schema))


def holds_removals(path: str) -> bool:
    """Whether a Parquet file is one that ``write_removals`` wrote."""
    try:
        return tuple(needed("pyarrow.parquet").read_schema(path).names) == (*TEXTS, *PLACES)
    except needed("pyarrow").ArrowInvalid:
        return False


def _removals(account: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    for removal in account["removals"]:
        row = {name: removal[name] for name in ("filter", *PLACES)}
        row |= {name: _storable(removal[name]) for name in ("evidence", "text")}
        yield {"name": _storable(account["name"]), "url": account["url"], "filter_name": removal["name"], **row}
