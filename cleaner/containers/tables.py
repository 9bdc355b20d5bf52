"""Parquet and Arrow: rows read in shards of bounded size; shards written are streams that one file is made of.

This room is the only one that knows pyarrow.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from cleaner.containers import ADDED, SHARE, TEXT, WARNINGS, Kind, Row, Shard
from cleaner.containers.extras import needed
from cleaner.containers.jsonl import missing
from cleaner.errors import ReadError

SHARD_ROWS = 512
BUFFER_BYTES = 1 << 20  # of a column that is read at a time, instead of a whole row group of it
PLACES = ("block", "line", "start", "end")
REMOVALS_A_GROUP = 50_000
GROUP_BYTES = 64 << 20  # of a row group that is written


def shards(path: str, kind: Kind, *, after: Shard | None = None) -> Iterator[Shard]:
    """The shards of a Parquet or Arrow file, those after a given one, each as an Arrow stream.

    Raises ReadError for a file that is damaged or something else.
    """
    pa = needed("pyarrow")
    number, first = (after.number + 1, after.following) if after else (0, 1)
    try:
        bytes_a_row = _bytes_a_row(path, kind)
        for batch in _batches(path, kind, first - 1):
            following = first + batch.num_rows
            yield Shard(number, first, as_stream(batch), following, following, int(bytes_a_row * following))
            number, first = number + 1, following
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
        raise ReadError(f"is no {kind.container} file that can be read: {error}") from None


def _batches(path: str, kind: Kind, skip: int) -> Iterator[Any]:
    """Batches of SHARD_ROWS rows or fewer; their borders do not depend on how many rows are skipped."""
    if kind.packing:
        raise ReadError(f"{kind.container} inside {kind.packing} cannot be read in pieces; unpack it first")
    found = _parquet_batches(path) if kind.container == "parquet" else _arrow_batches(path)
    for batch in found:
        if skip >= batch.num_rows:
            skip -= batch.num_rows
        else:
            yield batch.slice(skip)
            skip = 0


def _parquet_batches(path: str) -> Iterator[Any]:
    with needed("pyarrow.parquet").ParquetFile(path, buffer_size=BUFFER_BYTES, pre_buffer=False) as file:
        yield from file.iter_batches(batch_size=SHARD_ROWS, use_threads=False)


def _arrow_batches(path: str) -> Iterator[Any]:
    pa = needed("pyarrow")
    with pa.memory_map(path, "rb") as source:
        try:
            reader = pa.ipc.open_file(source)
            batches = (reader.get_batch(index) for index in range(reader.num_record_batches))
        except pa.ArrowInvalid:
            source.seek(0)
            batches = iter(pa.ipc.open_stream(source))
        for batch in batches:
            for start in range(0, batch.num_rows, SHARD_ROWS):
                yield batch.slice(start, SHARD_ROWS)


def _bytes_a_row(path: str, kind: Kind) -> float:
    """About how many bytes of a Parquet file a row takes, for progress; 0 when that cannot be told."""
    if kind.container != "parquet":
        return 0.0
    with needed("pyarrow.parquet").ParquetFile(path) as file:
        return os.path.getsize(path) / max(1, int(file.metadata.num_rows))


def rows(shard: Shard, text_column: str, url_column: str) -> Iterator[Row]:
    """The rows of a shard; ``raw`` is the whole batch's place of the row."""
    batch = batch_of(shard.data)
    names = batch.schema.names
    for number in range(batch.num_rows):
        record = {
            name: batch.column(names.index(name))[number].as_py() for name in (text_column, url_column) if name in names
        }
        shape = {**dict.fromkeys(names), **record}
        why = missing(shape, text_column, "--text-column")
        url = record.get(url_column)
        page = "" if why else str(record[text_column])
        yield Row(shard.first + number, page, number, url if isinstance(url, str) else None, why)


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
    """The stream of a batch's kept rows with the clean fields as columns at their end; empty without rows."""
    pa = needed("pyarrow")
    if not kept:
        return b""
    found = batch if len(kept) == batch.num_rows else batch.take(pa.array(kept, pa.int64()))
    kinds = {TEXT: pa.large_string(), SHARE: pa.float64(), WARNINGS: pa.list_(pa.string())}
    names = list(dict.fromkeys(name for fields in added for name in fields))
    schema, columns = found.schema, list(found.columns)
    for name in names:
        column = pa.array([_storable(fields.get(name)) for fields in added], kinds.get(name, pa.large_string()))
        schema = schema.append(pa.field(name, column.type))
        columns.append(column)
    return as_stream(pa.record_batch(columns, schema=schema))


def of_rows(records: Sequence[Mapping[str, object]]) -> bytes:
    """The stream of records that come from no table; empty without any."""
    pa = needed("pyarrow")
    if not records:
        return b""
    names = dict.fromkeys(name for record in records for name in record)
    kinds = {TEXT: pa.large_string(), SHARE: pa.float64(), WARNINGS: pa.list_(pa.string())}
    columns = {name: pa.array([_storable(record.get(name)) for record in records], kinds.get(name)) for name in names}
    return as_stream(pa.record_batch(columns))


def _storable(value: object) -> object:
    """A text without halves of surrogate pairs, which Arrow's UTF-8 cannot hold; anything else as it is."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode() if any("\ud800" <= one <= "\udfff" for one in value) else value
    return value


def assemble(source: BinaryIO, size: int, target: BinaryIO, container: str, beat: Callable[[], None]) -> None:
    """Writes one Parquet or Arrow file of the streams that stand one after the other in ``source``.

    Columns that differ between shards are united: a missing one is null, a narrower number widens.
    Raises ReadError for columns whose kinds cannot be united.
    """
    pa = needed("pyarrow")
    try:
        schema = _united(source, size, beat)
        with _writer(target, schema, container) as write:
            for table in _groups(_streams(source, size), schema):
                write(table)
                beat()
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise ReadError(f"its records do not fit one table: {error}; --to jsonl takes them as they are") from None


def _united(source: BinaryIO, size: int, beat: Callable[[], None]) -> Any:
    pa = needed("pyarrow")
    schemas: list[Any] = []
    for batch in _streams(source, size):
        beat()
        if not schemas or not batch.schema.equals(schemas[-1]):
            schemas = [pa.unify_schemas([*schemas, batch.schema], promote_options="permissive")]
    if not schemas:
        return pa.schema([(TEXT, pa.large_string()), (SHARE, pa.float64()), (WARNINGS, pa.list_(pa.string()))])
    last = [name for name in schemas[0].names if name in ADDED]
    order = [name for name in schemas[0].names if name not in ADDED] + last
    return pa.schema([schemas[0].field(name) for name in order], metadata=schemas[0].metadata)


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
    texts = ("name", "url", "filter", "filter_name", "evidence", "text")
    schema = pa.schema([*((name, pa.large_string()) for name in texts), *((name, pa.int64()) for name in PLACES)])
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


def _removals(account: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    for removal in account["removals"]:
        row = {name: removal[name] for name in ("filter", *PLACES)}
        row |= {name: _storable(removal[name]) for name in ("evidence", "text")}
        yield {"name": _storable(account["name"]), "url": account["url"], "filter_name": removal["name"], **row}
