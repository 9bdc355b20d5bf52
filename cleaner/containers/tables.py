"""Parquet and Arrow: rows read in shards of bounded size; shards written are streams that one file is made of.

This room is the only one that knows pyarrow.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, count, groupby
from operator import itemgetter
from typing import Any, BinaryIO, NamedTuple

from cleaner.containers import ADDED, LONGEST_BYTES, SHARE, TEXT, TOO_LONG, WARNINGS, Kind, Row, Shard
from cleaner.containers.extras import needed
from cleaner.containers.files import open_regular
from cleaner.containers.jsonl import HALF_PAIR, as_json, missing
from cleaner.errors import ReadError

SHARD_ROWS, SHARD_BYTES = 512, 1 << 20  # at the most, but for one row that is larger
ROWS_AT_ONCE = 64  # that are unpacked: what a Parquet file says of its size may be far too little
BUFFER_BYTES = 1 << 20  # of a column that is read at a time, instead of a whole row group of it
TEXTS = ("name", "url", "filter", "filter_name", "evidence", "text")  # the columns of removals
PLACES = ("page", "block", "line", "start", "end")  # the page's number, as its name may not tell it from others
PAGES, KEPT = "cleaner.pages", "cleaner.kept_characters"  # what a table of removals says of the pages behind it
REMOVALS_A_GROUP = 50_000
GROUP_BYTES = 64 << 20  # of a row group that is written
JSON_TEXT = {b"cleaner": b"json"}  # what a column says of itself whose values are JSON, for want of one kind for all


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
    """The record of a row; its ``raw`` is its place in the batch. A column of bytes gives its page as such."""
    batch, place = raw
    names = batch.schema.names
    record = {
        name: batch.column(names.index(name))[place].as_py() for name in (text_column, url_column) if name in names
    }
    why = missing({**dict.fromkeys(names), **record}, text_column, "--text-column")
    url = record.get(url_column)
    page = "" if why else record[text_column]
    return Row(number, page, place, url if isinstance(url, str) else None, why)


def fields_of(batch: Any, place: int) -> dict[str, object]:
    """The fields of a row; of several with one name the later ones are numbered: n, n_2.

    Raises ReadError for a value that cannot be read.
    """
    names = _apart(batch.schema.names)
    return {name: _value(name, column[place]) for name, column in zip(names, batch.columns, strict=True)}


def _apart(names: Sequence[str]) -> Iterable[str]:
    if len(set(names)) == len(names):
        return names
    found: dict[str, None] = {}
    for name in names:
        numbered = (f"{name}_{number}" for number in count(2))
        free = (one for one in numbered if one not in found and one not in names)
        found[next(free) if name in found else name] = None
    return found


def _value(name: str, scalar: Any) -> object:
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        pass  # Python has no form for nanoseconds, nor for the year 10000
    try:
        return scalar.cast(needed("pyarrow").string()).as_py()
    except (ValueError, NotImplementedError) as error:
        raise ReadError(f'"{name}" cannot be read: {error}') from None


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
    """The stream of records that come from no table, as ``storable`` gives them; empty without any."""
    pa = needed("pyarrow")
    if not records:
        return b""
    names, kinds = dict.fromkeys(name for record in records for name in record), _added_kinds()
    columns = [_column(name, [one.get(name) for one in records], kinds.get(name)) for name in names]
    schema = pa.schema([field for field, _ in columns])
    return as_stream(pa.record_batch([values for _, values in columns], schema=schema))


def _column(name: str, values: list[object], kind: Any) -> tuple[Any, Any]:
    """The field and the column for values of any kinds: as JSON text where no kind holds them all."""
    pa = needed("pyarrow")
    try:
        column = pa.array(values, kind)
        if pa.types.is_nested(column.type):
            as_stream(pa.record_batch([column], [name]))  # which can nest less deep than values do
    except (pa.ArrowException, ValueError, OverflowError, TypeError):
        field = _json_field(name)
        return field, _json_texts(values, field)
    return pa.field(name, column.type), column


def _json_field(name: str) -> Any:
    pa = needed("pyarrow")
    return pa.field(name, pa.large_string(), metadata=JSON_TEXT)


def _is_json(field: Any) -> bool:
    return JSON_TEXT.items() <= (field.metadata or {}).items()


def _json_texts(values: Iterable[object], field: Any) -> Any:
    texts = [None if value is None else as_json(value).decode() for value in values]
    return needed("pyarrow").array(texts, field.type)


def _added_kinds() -> dict[str, Any]:
    pa = needed("pyarrow")
    return {TEXT: pa.large_string(), SHARE: pa.float64(), WARNINGS: pa.list_(pa.string())}


def _no_table(error: Exception) -> ReadError:
    return ReadError(f"its records do not fit one table: {error}; --to jsonl takes them as they are")


def storable(fields: Mapping[str, object]) -> dict[str, object]:
    """A record's fields as a table can hold them. Raises ReadError for one that nests too deep."""
    try:
        return {str(_storable(name)): _storable(value) for name, value in fields.items()}
    except RecursionError:
        raise ReadError("nests too deep for a table; --to jsonl takes it as it is") from None


def _storable(value: object) -> object:
    """The value, in its texts no halves of surrogate pairs, which Arrow's UTF-8 cannot hold."""
    if isinstance(value, str):
        return value if value.isascii() or not HALF_PAIR.search(value) else HALF_PAIR.sub("?", value)
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(one) for name, one in value.items()}
    return value


def assemble(
    source: BinaryIO, size: int, target: BinaryIO, container: str, beat: Callable[[], None]
) -> tuple[str, ...]:
    """Writes one Parquet or Arrow file of the streams that stand one after the other in ``source``.

    Columns that differ between shards are united: a missing one is null, a narrower number widens. Where no
    kind holds all values of a column they are written as JSON text; the names of such columns are given.
    Raises ReadError for what is no table in any way.
    """
    pa = needed("pyarrow")
    try:
        schema = _united(source, size, container, beat)
        if container == "arrow":
            schema = _plain_where_dictionaries_change(source, size, schema)
        with _writer(target, schema, container) as write:
            for table in _groups(_streams(source, size), schema):
                write(table)
                beat()
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise _no_table(error) from None
    return tuple(field.name for field in schema if _is_json(field))


def _united(source: BinaryIO, size: int, container: str, beat: Callable[[], None]) -> Any:
    """The schema that holds the rows of all shards."""
    pa = needed("pyarrow")
    found: dict[bytes, Any] = {}
    for batch in _streams(source, size):
        beat()
        found.setdefault(batch.schema.serialize().to_pybytes(), batch.schema)
    if not found:
        return pa.schema(list(_added_kinds().items()))
    first, *others = found.values()
    # The shards of a table all have its columns, of which two may go by one name.
    fields = _merged((first, *others)) if others else list(first)
    odd = _names_of_uncast(source, size, fields, beat) if others else set()
    if container == "parquet":
        odd |= {field.name for field in fields if not _fits_parquet(field)}
    fields = [_json_field(field.name) if field.name in odd else field for field in fields]
    return pa.schema(fields, metadata=first.metadata)


def _merged(schemas: Iterable[Any]) -> list[Any]:
    """A field for each name, in the order in which they come, but the clean ones last."""
    merged: dict[str, Any] = {}
    for field in chain.from_iterable(schemas):
        merged[field.name] = _common(merged.get(field.name, field), field)
    return sorted(merged.values(), key=lambda field: field.name in ADDED)


def _common(one: Any, other: Any) -> Any:
    """The field for the values of two: one of JSON text where no other holds both."""
    pa = needed("pyarrow")
    if _is_json(one) or _is_json(other):
        return _json_field(one.name)
    try:
        return pa.unify_schemas([pa.schema([one]), pa.schema([other])], promote_options="permissive").field(0)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return _json_field(one.name)


def _names_of_uncast(source: BinaryIO, size: int, fields: Sequence[Any], beat: Callable[[], None]) -> set[str]:
    """The columns with values that their united field cannot hold, such as 2**60 + 1 among fractions."""
    pa = needed("pyarrow")
    kinds = {field.name: field.type for field in fields if not _is_json(field)}
    odd = set()
    for batch in _streams(source, size):
        beat()
        for field, column in zip(batch.schema, batch.columns, strict=True):
            try:
                _cast(column, kinds.get(field.name, field.type))
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
                odd.add(field.name)
    return odd


def _fits_parquet(field: Any) -> bool:
    """Whether Parquet has a form for a field; for objects without a field, intervals and unions it has none."""
    pa = needed("pyarrow")
    try:
        needed("pyarrow.parquet").ParquetWriter(io.BytesIO(), pa.schema([field])).close()
    except pa.ArrowNotImplementedError:
        return False
    return True


def _plain_where_dictionaries_change(source: BinaryIO, size: int, schema: Any) -> Any:
    """The schema for an Arrow file, which has one dictionary a column: columns with several become plain."""
    pa = needed("pyarrow")
    known: dict[int, Any] = {}
    changing = set()
    for batch in _streams(source, size) if any(_is_dictionary(field.type) for field in schema) else ():
        for place, column in enumerate(batch.columns):
            if _is_dictionary(column.type) and not known.setdefault(place, column.dictionary).equals(column.dictionary):
                changing.add(place)
    fields = (
        field.with_type(field.type.value_type) if place in changing else field for place, field in enumerate(schema)
    )
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
        if not batch.num_rows:
            continue
        table = _fitted(batch, schema)
        held.append(table)
        held_bytes += table.nbytes
        if held_bytes >= GROUP_BYTES:
            yield pa.concat_tables(held)
            held, held_bytes = [], 0
    if held:
        yield pa.concat_tables(held)


def _fitted(batch: Any, schema: Any) -> Any:
    """The rows of a batch as a table with the columns of a schema."""
    pa = needed("pyarrow")
    names = batch.schema.names
    places = range(len(names)) if names == schema.names else map(batch.schema.get_field_index, schema.names)
    columns = []
    for place, field in zip(places, schema, strict=True):
        if place < 0:
            columns.append(pa.nulls(batch.num_rows, field.type))
        elif _is_json(field) and not _is_json(batch.schema.field(place)):
            columns.append(_json_texts(batch.column(place).to_pylist(), field))
        else:
            columns.append(_cast(batch.column(place), field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def _cast(column: Any, kind: Any) -> Any:
    """The column as one of another kind; not all can be cast to what they are."""
    return column if column.type == kind else column.cast(kind)


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
    """Writes a Parquet file with a row for each removal of the accounts; how many pages there were, it says itself."""
    pa = needed("pyarrow")
    schema = pa.schema([*((name, pa.large_string()) for name in TEXTS), *((name, pa.int64()) for name in PLACES)])
    pages = kept = 0
    with needed("pyarrow.parquet").ParquetWriter(target, schema, compression="zstd") as writer:
        held: list[dict[str, object]] = []
        for line in chain.from_iterable(map(bytes.splitlines, accounts)):
            account = json.loads(line)
            pages, kept = pages + 1, kept + kept_chars(account)
            held += _removals(account, pages)
            if len(held) >= REMOVALS_A_GROUP:
                writer.write_table(pa.Table.from_pylist(held, schema))
                held = []
        if held:
            writer.write_table(pa.Table.from_pylist(held, schema))
        writer.add_key_value_metadata({PAGES: str(pages), KEPT: str(kept)})


def kept_chars(account: Mapping[str, Any]) -> int:
    """How many characters of a page's blocks stayed, by its account."""
    return sum(len(line.strip()) for line in account["text"].splitlines())


def holds_removals(path: str) -> bool:
    """Whether a Parquet file is one that ``write_removals`` wrote."""
    try:
        return tuple(needed("pyarrow.parquet").read_schema(path).names) == (*TEXTS, *PLACES)
    except needed("pyarrow").ArrowInvalid:
        return False


class RemovalTable(NamedTuple):
    """What ``write_removals`` wrote: how many pages there were, what they kept, and the removals of each that has some.

    A removal has its ``filter``, ``block`` and ``text``.
    """

    pages: int
    kept_chars: int
    removals: Iterator[list[dict[str, Any]]]


def removal_table(path: str) -> RemovalTable:
    """The table in a file. Raises ReadError when it is something else."""
    if not holds_removals(path):
        raise ReadError(f"{path}: holds no removals; name what cleaner batch --audits wrote")
    said = needed("pyarrow.parquet").read_metadata(path).metadata or {}
    if not {PAGES.encode(), KEPT.encode()} <= said.keys():
        raise ReadError(f"{path}: does not say how many pages it covers; name what cleaner batch --audits wrote")
    return RemovalTable(int(said[PAGES.encode()]), int(said[KEPT.encode()]), _removals_by_page(path))


def _removals_by_page(path: str) -> Iterator[list[dict[str, Any]]]:
    with needed("pyarrow.parquet").ParquetFile(path) as file:
        batches = file.iter_batches(columns=["page", "filter", "block", "text"], use_threads=False)
        rows = chain.from_iterable(batch.to_pylist() for batch in batches)
        for _, page in groupby(rows, itemgetter("page")):
            yield list(page)


def _removals(account: Mapping[str, Any], page: int) -> Iterator[dict[str, object]]:
    own = {"page": page, "name": _storable(account["name"]), "url": account["url"]}
    for removal in account["removals"]:
        row = {name: removal[name] for name in ("filter", "block", "line", "start", "end")}
        row |= {name: _storable(removal[name]) for name in ("evidence", "text")}
        yield {**own, "filter_name": removal["name"], **row}
