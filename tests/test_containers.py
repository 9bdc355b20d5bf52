"""Containers: what comes out is what went in, with the clean fields more; packed or not, and taken up anywhere."""

from __future__ import annotations

import base64
import datetime
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cleaner import BatchResult, UsageError, batch, clean
from cleaner.containers import Kind, extras, jsonl, kind_of, tables, warc
from cleaner.containers.packing import packed, unpacked
from cleaner.errors import ReadError

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
zstandard = pytest.importorskip("zstandard")
fastwarc = pytest.importorskip("fastwarc.warc")

PROSE = "The harbour board met on Monday and agreed that the old crane on the eastern quay has to come down.\n"
RAW = f"Home\nNews\nSports\nContact us\n\n{PROSE}"
# As it was scraped: odd spacing, a repeated key, large numbers, escapes, half a surrogate pair, a carriage return.
LINES = [
    b'{"id":1, "text" : %s,"n": 1.50}' % json.dumps(RAW).encode(),
    b'  {"n": 123456789012345678901234567890, "n": 1E400, "text": %s, "e":"\\u00e9\\/"}\r' % json.dumps(RAW).encode(),
    b'{"text": "A lone half \\ud83d of a smile was all that the ferry company had to say about it, on Monday."}',
    '{"url": "https://quay.example/é", "text": "Ä ferry, and nothing but a ferry, came in at noon."}'.encode(),
    b'{"text": "%s"}' % (b"The crane fell, and fell. " * 9),
]


def run(source: Path, **options: Any) -> BatchResult:
    return batch(source, source.parent / "out", jobs=1, **options)


def output(source: Path, name: str = "") -> bytes:
    return (source.parent / "out" / (name or source.name)).read_bytes()


# JSONL --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("packing", ["", "gz", "zst"])
def test_lines_keep_every_byte_of_their_own(tmp_path: Path, packing: str) -> None:
    source = tmp_path / f"pages.jsonl{packing and '.'}{packing}"
    source.write_bytes(packed(b"\n".join(LINES[:3]) + b"\n", packing) + packed(b"\n" + b"\n".join(LINES[3:]), packing))
    result = run(source)
    assert (result.done, result.failed) == (5, 0)
    found = unpacked(output(source), packing).splitlines(keepends=True)
    for line, written in zip(LINES, found, strict=True):
        body = line.rstrip().removesuffix(b"}")
        assert written.startswith(body)
        assert written.endswith(line.rpartition(b"}")[2] + b"\n")
        added = json.loads(b"{" + written.removeprefix(body)[1:])
        cleaned = clean(json.loads(line)["text"])
        assert added == {"clean_text": cleaned.text, "clean_removed": added["clean_removed"], "clean_warnings": []}
    assert json.loads(found[0])["clean_text"] == PROSE
    assert 0 < json.loads(found[0])["clean_removed"] < 1


def test_bad_records_cost_themselves(tmp_path: Path) -> None:
    source = tmp_path / "pages.jsonl"
    bad = [
        "{",
        '["text"]',
        '{"body": "x"}',
        '{"text": 3}',
        '{"text": "x", "clean_text": ""}',
        "\x00",
        '{"text": "\\q"}',
        '{"text": null}',
        '{"text": {}}',
        '{"text": false}',
        "{}",
        "1.5",
        f'{{"text": {"7" * 5000}}}',
    ]
    source.write_bytes(LINES[0] + b"\n" + "\n\n".join(bad).encode() + b"\n" + LINES[3] + b"\n")
    result = run(source)
    assert (result.done, result.failed) == (2, len(bad))
    assert len(output(source).splitlines()) == 2
    whys = {line["record"]: line["why"] for line in map(json.loads, output(source, "failures.jsonl").splitlines())}
    assert sorted(whys) == [*range(2, 28, 2)], "numbers are those of lines"
    assert whys[4] == "is no JSON object but an array"
    assert whys[6] == 'no "text" field; name it with --text-field: body'
    assert whys[8] == whys[26] == '"text" is no text but a number'
    assert whys[10] == 'has a field "clean_text" already: was it cleaned before?'
    assert whys[16] == '"text" is no text but null'
    assert whys[18] == '"text" is no text but an object'
    assert whys[20] == '"text" is no text but true or false'
    assert whys[22] == "has no fields"
    assert whys[24] == "is no JSON object but a number"


@pytest.mark.parametrize("to", ["jsonl", "parquet"])
def test_numbers_of_any_length_pass_through(tmp_path: Path, to: str) -> None:
    source, digits = tmp_path / "pages.jsonl", "7" * 5000
    source.write_text(f'{{"text": "A ferry.", "n": {digits}}}\n{{"text": "A ferry.", "n": 1}}\n')
    assert run(source, to=to).done == 2
    if to == "jsonl":
        assert output(source).startswith(f'{{"text": "A ferry.", "n": {digits}, "clean_text"'.encode())
    else:
        table = pq.read_table(io.BytesIO(output(source, "pages.jsonl.parquet")))
        assert table.column("n").to_pylist() == [f'"{digits}"', "1"]


@pytest.mark.parametrize("encoding", [None, "latin-1"])
def test_lines_that_are_no_utf_8_are_told_so(tmp_path: Path, encoding: str | None) -> None:
    """No encoding that is asked for changes that, for the other fields pass through as they are."""
    source = tmp_path / "pages.jsonl"
    source.write_bytes('{"text": "Ä ferry."}\n'.encode("latin-1") + '{"text": "Ä ferry."}\n'.encode())
    result = run(source, encoding=encoding)
    assert (result.done, result.failed) == (1, 1)
    (failure,) = map(json.loads, output(source, "failures.jsonl").splitlines())
    assert (failure["record"], failure["why"]) == (1, jsonl.NO_UTF8)
    assert json.loads(output(source))["clean_text"] == "Ä ferry."


@pytest.mark.parametrize("packing", ["", "gz"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_a_file_of_wide_characters_fails_once(tmp_path: Path, encoding: str, packing: str) -> None:
    source = tmp_path / f"pages.jsonl{packing and '.'}{packing}"
    source.write_bytes(packed((json.dumps({"text": RAW}) + "\n").encode(encoding) * 9, packing))
    result = run(source)
    assert (result.done, result.failed) == (0, 1)
    (failure,) = map(json.loads, output(source, "failures.jsonl").splitlines())
    assert (failure["record"], "iconv -f utf-16 -t utf-8" in failure["why"]) == (None, True)


def test_what_is_said_of_a_record_is_short_and_can_be_written(tmp_path: Path) -> None:
    source = tmp_path / "pages.jsonl"
    source.write_bytes(b'{"\\udc00": 1, "two\\nlines": 2}\n{"%s": 1}\n' % (b"k" * 10_000) + LINES[0])
    result = run(source, verbose=True)
    assert (result.done, result.failed) == (1, 2)
    whys = [json.loads(line)["why"] for line in output(source, "failures.jsonl").splitlines()]
    assert whys[0] == 'no "text" field; name it with --text-field: \\udc00, two lines'
    assert len(whys[1]) == 400


@pytest.mark.parametrize("packing", ["", "gz", "zst"])
def test_a_line_that_is_too_long_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packing: str) -> None:
    monkeypatch.setattr(jsonl, "SHARD_BYTES", 200)
    monkeypatch.setattr(jsonl, "LONGEST_BYTES", 1000)
    monkeypatch.setattr(jsonl, "SKIPPED_BYTES", 64)
    source = tmp_path / f"pages.jsonl{packing and '.'}{packing}"
    lines = [json.dumps({"id": number, "text": "x" * (3000 if number in (3, 9) else 90)}) for number in range(10)]
    source.write_bytes(packed("\n".join(lines).encode(), packing))
    kind = kind_of(source.name)
    whole = [shard._replace(position=0) for shard in jsonl.shards(str(source), kind)]
    assert [shard.first for shard in whole if shard.why] == [4, 10]
    for index, shard in enumerate(whole):
        assert [one._replace(position=0) for one in jsonl.shards(str(source), kind, after=shard)] == whole[index + 1 :]
    result = run(source)
    assert (result.done, result.failed) == (8, 2)
    found = map(json.loads, unpacked(output(source), packing).splitlines())
    assert [one["id"] for one in found] == [0, 1, 2, 4, 5, 6, 7, 8]
    assert json.loads(output(source, "failures.jsonl").splitlines()[0])["why"] == "is longer than 128 MB; split it"


def test_fields_are_named(tmp_path: Path) -> None:
    source = tmp_path / "pages.ndjson"
    source.write_text(json.dumps({"body": RAW, "link": "https://quay.example/1"}) + "\n")
    audits = tmp_path / "audits.jsonl"
    run(source, text_field="body", url_field="link", audits=audits, to="markdown")
    (account,) = map(json.loads, audits.read_text().splitlines())
    assert account["name"] == "pages.ndjson:1"
    assert account["url"] == "https://quay.example/1"
    assert [one["text"] for one in account["removals"]] == ["Home", "News", "Sports", "Contact us"]


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_a_container_that_breaks_off_gives_what_it_had(tmp_path: Path, packing: str) -> None:
    source = tmp_path / f"pages.jsonl.{packing}"
    lines = [json.dumps({"id": number, "text": f"{number * 7919**5} {PROSE}" * 50}) for number in range(800)]
    whole = packed("\n".join(lines).encode(), packing)
    members = packed("\n".join(lines[:400]).encode() + b"\n", packing)
    source.write_bytes(members + whole[: len(whole) // 3])
    result = run(source)
    assert result.done >= 400
    assert result.failed == 1
    (failure,) = map(json.loads, output(source, "failures.jsonl").splitlines())
    assert failure["why"].startswith(f"breaks off after its last whole record: damaged {packing} data")
    written = unpacked(output(source), packing).splitlines()
    assert [json.loads(line)["id"] for line in written][:400] == list(range(400))


def test_shards_can_be_taken_up_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "SHARD_BYTES", 100)
    monkeypatch.setattr(tables, "SHARD_ROWS", 7)
    monkeypatch.setattr(warc, "SHARD_RECORDS", 5)
    for path, shards in sharded(tmp_path):
        kind = kind_of(path.name)
        whole = [shard._replace(position=0) for shard in shards(str(path), kind)]
        assert len(whole) > 4
        for index, shard in enumerate(whole):
            rest = [one._replace(position=0) for one in shards(str(path), kind, after=shard)]
            assert rest == whole[index + 1 :], path


def sharded(folder: Path) -> Iterator[tuple[Path, Any]]:
    lines = b"".join(b'{"text": "%s"}\n\n' % (b"x" * (number * 5)) for number in range(40))
    for packing in ("", "gz", "zst"):
        path = folder / f"a.jsonl{packing and '.'}{packing}"
        path.write_bytes(packed(lines, packing))
        yield path, jsonl.shards
    table = pa.table({"text": [f"line {number}" for number in range(50)], "n": list(range(50))})
    pq.write_table(table, folder / "a.parquet", row_group_size=11)
    yield folder / "a.parquet", tables.shards
    with pa.ipc.new_file(folder / "a.arrow", table.schema) as writer:
        writer.write_table(table, max_chunksize=11)
    yield folder / "a.arrow", tables.shards
    (folder / "a.warc.gz").write_bytes(crawl(*([("text/html", b"<p>one</p>")] * 30)))
    yield folder / "a.warc.gz", warc.shards


# Tables -------------------------------------------------------------------------------------------


def table_of_pages() -> Any:
    return pa.table(
        {
            "id": pa.array([1, 2, 3, 4], pa.int16()),
            "body": pa.array([RAW, None, PROSE, "Ä ferry came in at noon, as it does on Mondays."]).dictionary_encode(),
            "when": pa.array([datetime.date(2024, 5, 1)] * 4),
            "raw": pa.array([b"\xff", None, b"", b"x"]),
            "tags": pa.array([["a", "b"], [], None, ["c"]]),
        }
    ).replace_schema_metadata({"made by": "a crawler"})


@pytest.mark.parametrize("suffix", ["parquet", "arrow"])
def test_tables_keep_their_columns(tmp_path: Path, suffix: str) -> None:
    source, table = tmp_path / f"pages.{suffix}", table_of_pages()
    if suffix == "parquet":
        pq.write_table(table, source)
        read = pq.read_table
    else:
        with pa.ipc.new_file(source, table.schema) as writer:
            writer.write_table(table)
        read = lambda file: pa.ipc.open_file(file).read_all()  # noqa: E731
    result = run(source, text_field="body")
    assert (result.done, result.failed) == (3, 1)
    found = read(io.BytesIO(output(source)))
    kept = table.take([0, 2, 3])
    assert found.select(table.schema.names).to_pylist() == kept.to_pylist()
    assert [found.schema.field(name).type for name in ("id", "when", "raw")] == [pa.int16(), pa.date32(), pa.binary()]
    assert found.schema.metadata[b"made by"] == b"a crawler"
    assert found.column("clean_text").to_pylist() == [PROSE, PROSE, kept.column("body")[2].as_py()]
    assert found.column("clean_warnings").to_pylist() == [[], [], []]


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.dictionary(pa.int32(), pa.binary())])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_pages_can_be_bytes(tmp_path: Path, kind: Any, encoding: str) -> None:
    """Crawlers keep HTML as it came; its encoding is told as that of a file is."""
    html = f'<html><head><meta charset="{encoding}"></head><body><p>Ä ferry. {PROSE}</p></body></html>'
    table = pa.table({"html": pa.array([html.encode(encoding), None], pa.binary()).cast(kind)})
    source = write_table(table, tmp_path / "pages.parquet")
    result = run(source, text_field="html")
    assert (result.done, result.failed) == (1, 1)
    (row,) = read_table(output(source), "parquet").to_pylist()
    assert row["html"] == html.encode(encoding)
    assert row["clean_text"].startswith("Ä ferry. The harbour board")


def test_containers_turn_into_each_other(tmp_path: Path) -> None:
    source = tmp_path / "pages.parquet"
    pq.write_table(table_of_pages(), source)
    run(source, text_field="body", to="jsonl")
    found = [json.loads(line) for line in output(source, "pages.parquet.jsonl").splitlines()]
    assert [one["id"] for one in found] == [1, 3, 4]
    assert [one["when"] for one in found] == ["2024-05-01"] * 3
    lines = tmp_path / "pages.jsonl"
    lines.write_text('{"id": 1, "text": "One ferry."}\n{"id": 2.5, "more": ["x"], "text": "Two ferries."}\n')
    run(lines, to="parquet")
    table = pq.read_table(io.BytesIO(output(lines, "pages.jsonl.parquet")))
    assert table.column("id").to_pylist() == [1, 2.5]
    assert table.column("more").to_pylist() == [None, ["x"]]


def test_what_json_has_no_form_for(tmp_path: Path) -> None:
    columns = {
        "text": pa.array([RAW] * 2),
        "score": pa.array([float("nan"), 1.5]),
        "deep": pa.array([[{"x": float("inf")}], [{"x": -float("inf")}, None]]),
        "raw": pa.array([b"\xff\x00", "Ä".encode()]),
        "when": pa.array([1, 2], pa.timestamp("ns")),
        "late": pa.array([4_000_000, None], pa.date32()),
    }
    source = write_table(pa.table(columns), tmp_path / "pages.parquet")
    result = run(source, to="jsonl")
    assert (result.done, result.failed) == (2, 0)

    def refused(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    found = [json.loads(line, parse_constant=refused) for line in output(source, "pages.parquet.jsonl").splitlines()]
    assert [one["score"] for one in found] == [None, 1.5]
    assert [one["deep"] for one in found] == [[{"x": None}], [{"x": None}, None]]
    assert [base64.b64decode(one["raw"]) for one in found] == [b"\xff\x00", "Ä".encode()]
    assert [one["when"] for one in found] == ["1970-01-01 00:00:00.000000001", "1970-01-01 00:00:00.000000002"]
    assert [one["late"] for one in found] == ["12921-08-18", None]


def test_half_pairs_in_json_stand_escaped() -> None:
    assert jsonl.as_json(["\ud83d\udc00 ä", float("nan")]) == '["\\ud83d\\udc00 ä", null]'.encode()


def test_a_damaged_text_in_a_table_costs_its_record(tmp_path: Path) -> None:
    damaged = pa.array([b"fine", b"\xff"]).view(pa.string())
    source = write_table(pa.table({"text": [RAW, RAW], "n": damaged}), tmp_path / "pages.arrow")
    result = run(source, to="jsonl")
    assert (result.done, result.failed) == (1, 1)
    (failure,) = map(json.loads, output(source, "failures.jsonl").splitlines())
    assert (failure["record"], failure["why"][:20]) == (2, '"n" cannot be read: ')


def test_columns_of_one_name_are_numbered_in_json(tmp_path: Path) -> None:
    columns = [pa.array([value]) for value in (RAW, 1, 2, 3, 4)]
    table = pa.Table.from_arrays(columns, names=["text", "n", "n", "n_2", "n"])
    source = write_table(table, tmp_path / "pages.parquet")
    run(source, to="jsonl")
    found = json.loads(output(source, "pages.parquet.jsonl"))
    assert list(found.items())[1:5] == [("n", 1), ("n_3", 2), ("n_2", 3), ("n_4", 4)]


def test_columns_that_differ_between_shards_are_united(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "pages.jsonl"
    long = "One ferry came in. " * 60_000
    source.write_text("".join(json.dumps({"n": n, "text": long, f"only {n}": 1}) + "\n" for n in (1, 2.5, None)))
    run(source, to="parquet")
    table = pq.read_table(io.BytesIO(output(source, "pages.jsonl.parquet")))
    assert table.column("n").to_pylist() == [1, 2.5, None]
    assert table.column("only 2.5").to_pylist() == [None, 1, None]
    assert table.schema.names[-3:] == ["clean_text", "clean_removed", "clean_warnings"]


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ((1, "n/a", 2.5, None), ["1", '"n/a"', "2.5", None]),
        (([1], {"a": 1}), ["[1]", '{"a": 1}']),
        ((10**30, 1), ["1" + "0" * 30, "1"]),
        ((2**60 + 1, 2.5), [str(2**60 + 1), "2.5"]),
        (({}, {}), ["{}", "{}"]),
        (([{}], None), ["[{}]", None]),
        (({}, {"a": "x"}), [{"a": None}, {"a": "x"}]),
        (({"a": 1}, {"a": "x", "b": 2}), ['{"a": 1}', '{"a": "x", "b": 2}']),
        ((json.loads("[" * 80 + "]" * 80), "x"), ["[" * 80 + "]" * 80, '"x"']),
        ((json.loads("[" * 80 + "]" * 80), None), ["[" * 80 + "]" * 80, None]),
        (("x", "1\ud800"), ["x", "1?"]),
    ],
)
@pytest.mark.parametrize("shard_bytes", [1, 1 << 20])
def test_values_of_several_kinds_are_json_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: tuple[Any, ...], written: list[Any], shard_bytes: int
) -> None:
    """Whether they stand in one shard or in several: an odd record costs no other, and is not lost itself."""
    monkeypatch.setattr(jsonl, "SHARD_BYTES", shard_bytes)
    source = tmp_path / "odd.jsonl"
    source.write_text("".join(json.dumps({"text": RAW, "n": value, "even": 1}) + "\n" for value in values))
    said: list[str] = []
    result = run(source, to="parquet", progress=lambda now: said.extend(now.said))
    assert (result.done, result.failed) == (len(values), 0)
    table = pq.read_table(io.BytesIO(output(source, "odd.jsonl.parquet")))
    assert table.column("n").to_pylist() == written
    assert table.column("even").type == pa.int64()
    is_json = pa.types.is_large_string(table.schema.field("n").type)
    assert [
        line.endswith('column "n": no kind of column holds all its values; each is written as JSON text')
        for line in said
    ] == [True] * is_json


def test_a_record_that_nests_too_deep_for_a_table_costs_itself(tmp_path: Path) -> None:
    source = tmp_path / "pages.jsonl"
    deep = "[" * 800 + "]" * 800
    source.write_text(f'{{"text": "A ferry.", "n": 1}}\n{{"text": "A ferry.", "n": {deep}}}\n')
    result = run(source, to="parquet")
    assert (result.done, result.failed) == (1, 1)
    (failure,) = map(json.loads, output(source, "failures.jsonl").splitlines())
    assert (failure["record"], failure["why"][:32]) == (2, "nests too deep for a table; --to")


@pytest.mark.parametrize("suffix", ["parquet", "arrow"])
def test_columns_of_one_name_stay_as_they_are(tmp_path: Path, suffix: str) -> None:
    columns = [pa.array([RAW, None, PROSE]), pa.array([1, 2, 3]), pa.array(["a", "b", "a"]).dictionary_encode()]
    source = write_table(pa.Table.from_arrays(columns, names=["text", "n", "n"]), tmp_path / f"pages.{suffix}")
    result = run(source)
    assert (result.done, result.failed) == (2, 1)
    data = output(source)
    table = pq.ParquetFile(io.BytesIO(data)).read() if suffix == "parquet" else read_table(data, suffix)
    assert table.schema.names[:3] == ["text", "n", "n"]
    assert [table.column(place).to_pylist() for place in (1, 2)] == [[1, 3], ["a", "a"]]


def test_what_parquet_has_no_form_for_is_json_text(tmp_path: Path) -> None:
    days = pa.array([(1, 2, 3), None], pa.month_day_nano_interval())
    source = write_table(pa.table({"text": [RAW, PROSE], "n": [{}, {}], "days": days}), tmp_path / "pages.arrow")
    assert run(source).done == 2
    assert read_table(output(source), "arrow").column("n").to_pylist() == [{}, {}]
    assert run(source, to="parquet").done == 2
    table = pq.read_table(io.BytesIO(output(source, "pages.arrow.parquet")))
    assert table.column("n").to_pylist() == ["{}", "{}"]
    assert table.column("days")[1].as_py() is None


@pytest.mark.parametrize("jobs", [2, 4])
def test_a_column_of_several_kinds_has_the_same_bytes_with_any_number_of_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr(jsonl, "SHARD_BYTES", 3000)
    source = tmp_path / "odd.jsonl"
    records = ({"text": PROSE, "n": "n/a" if n == 150 else n, f"f{n // 90}": n} for n in range(200))
    source.write_text("".join(json.dumps(record) + "\n" for record in records))
    for number in (1, jobs):
        assert batch(source, tmp_path / f"out{number}", to="parquet", jobs=number).done == 200
    one, other = ((tmp_path / f"out{number}" / "odd.jsonl.parquet").read_bytes() for number in (1, jobs))
    assert one == other


def test_half_pairs_anywhere_in_a_record_fit_a_table(tmp_path: Path) -> None:
    source = tmp_path / "pages.jsonl"
    source.write_bytes(b'{"text": "a \\ud83d ferry", "\\udc00": {"deep": ["\\ud800"]}}\n')
    run(source, to="parquet")
    (row,) = pq.read_table(io.BytesIO(output(source, "pages.jsonl.parquet"))).to_pylist()
    assert (row["text"], row["?"]) == ("a ? ferry", {"deep": ["?"]})


@pytest.mark.parametrize("suffix", ["parquet", "arrow"])
@pytest.mark.parametrize("rows", [0, 2])
def test_a_table_without_pages_keeps_its_columns(tmp_path: Path, suffix: str, rows: int) -> None:
    table = pa.table({"text": pa.array([None] * rows, pa.string()), "n": pa.array(range(rows), pa.int8())})
    source = write_table(table, tmp_path / f"pages.{suffix}")
    result = run(source)
    assert (result.done, result.failed) == (0, rows)
    found = read_table(output(source), suffix)
    assert (found.num_rows, found.schema.names[:2]) == (0, ["text", "n"])
    assert found.schema.field("n").type == pa.int8()


def write_table(table: Any, path: Path, *, stream: bool = False) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(table, path)
    else:
        with (pa.ipc.new_stream if stream else pa.ipc.new_file)(path, table.schema) as writer:
            writer.write_table(table)
    return path


def read_table(data: bytes, suffix: str) -> Any:
    return pq.read_table(io.BytesIO(data)) if suffix == "parquet" else pa.ipc.open_file(data).read_all()


def test_rows_go_to_workers_by_their_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many the file packs into few bytes; and a row that is too long costs itself."""
    monkeypatch.setattr(tables, "SHARD_BYTES", 10_000)
    monkeypatch.setattr(tables, "LONGEST_BYTES", 50_000)
    texts = ["x" * (60_000 if number == 70 else 3_000) for number in range(100)]
    for suffix in ("parquet", "arrow"):
        table = pa.table({"text": [PROSE] * 100, "other": texts})
        source = write_table(table, tmp_path / f"pages.{suffix}")
        whole = [shard._replace(position=0) for shard in tables.shards(str(source), kind_of(source.name))]
        assert max(len(shard.data) for shard in whole) < 30_000
        assert [shard.first for shard in whole if shard.why] == [71]
        for shard in whole[::5]:
            rest = [one._replace(position=0) for one in tables.shards(str(source), kind_of(source.name), after=shard)]
            assert rest == whole[shard.number + 1 :]
        result = run(source)
        assert (result.done, result.failed) == (99, 1)
        assert read_table(output(source), suffix).column("other").to_pylist() == texts[:70] + texts[71:]


def test_dictionaries_are_not_handed_on_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shard has the values of its own rows; an Arrow file, which takes one dictionary a column, plain columns."""
    monkeypatch.setattr(tables, "SHARD_BYTES", 10_000)
    words = pa.array([f"{PROSE}{number}" for number in range(300)])
    few = pa.array(["a", "b", "c"] * 100).dictionary_encode()
    table = pa.table({"text": words.dictionary_encode(), "few": few})
    source = write_table(table, tmp_path / "pages.arrow")
    shards = list(tables.shards(str(source), kind_of(source.name)))
    assert sum(len(shard.data) for shard in shards) < 10 * source.stat().st_size
    run(source)
    found = read_table(output(source), "arrow")
    assert found.column("text").to_pylist() == words.to_pylist()
    assert (found.schema.field("text").type, found.schema.field("few").type) == (pa.string(), few.type)
    again = pa.Table.from_batches([table.to_batches()[0], pa.record_batch({"text": few, "few": few.take([1] * 300)})])
    source = write_table(again, tmp_path / "again.arrow", stream=True)
    assert run(source).done == 600
    assert read_table(output(source), "arrow").column("few").to_pylist() == again.column("few").to_pylist()


def test_a_damaged_table_fails_alone(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.parquet").write_bytes(b"PAR1 and then nothing that would be Parquet PAR1")
    (tmp_path / "in" / "b.txt").write_text(RAW)
    result = run(tmp_path / "in")
    assert (result.done, result.failed) == (1, 1)
    assert "is no parquet file" in output(tmp_path / "in", "failures.jsonl").decode()


def test_an_audit_table_has_a_row_a_removal(tmp_path: Path) -> None:
    source = tmp_path / "pages.jsonl"
    source.write_text(json.dumps({"text": RAW}) + "\n")
    run(source, audits=tmp_path / "audits.parquet")
    rows = pq.read_table(tmp_path / "audits.parquet").to_pylist()
    assert [row["text"] for row in rows] == ["Home", "News", "Sports", "Contact us"]
    assert {row["name"] for row in rows} == {"pages.jsonl:1"}
    assert rows[0].keys() >= {"filter", "filter_name", "evidence", "line", "start", "end"}


# WARC ---------------------------------------------------------------------------------------------


def http(content_type: str, body: bytes, *headers: str) -> bytes:
    head = ("HTTP/1.1 200 OK", f"Content-Type: {content_type}", *headers)
    return "\r\n".join((*head, "", "")).encode() + body


def record(kind: str, content_type: str, block: bytes, number: int = 0) -> bytes:
    """A WARC record as crawlers write it."""
    head = (
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>",
        "WARC-Date: 2024-05-01T06:07:08Z",
        f"WARC-Target-URI: https://quay.example/{number}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(block)}",
    )
    return "\r\n".join((*head, "", "")).encode() + block + b"\r\n\r\n"


def crawl(*pages: tuple[str, bytes]) -> bytes:
    """A packed crawl of responses, as usual with a request before each, one member a record."""
    made = [gzip.compress(record("warcinfo", "application/warc-fields", b"software: a crawler\r\n"))]
    for number, (content_type, body) in enumerate(pages):
        made.append(
            gzip.compress(record("request", "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n", number))
        )
        response = record("response", "application/http; msgtype=response", http(content_type, body), number)
        made.append(gzip.compress(response))
    return b"".join(made)


@pytest.mark.parametrize("to", ["text", "parquet"])
def test_responses_of_a_crawl(tmp_path: Path, to: str) -> None:
    source = tmp_path / "crawl.warc.gz"
    source.write_bytes(
        crawl(("text/plain", RAW.encode()), ("image/png", b"\x89PNG"), ("text/plain; charset=utf-8", PROSE.encode()))
    )
    result = run(source, to=to)
    assert (result.done, result.skipped, result.failed) == (2, 1, 0)
    if to == "parquet":
        found = pq.read_table(io.BytesIO(output(source, "crawl.warc.gz.parquet"))).to_pylist()
    else:
        found = [json.loads(line) for line in output(source, "crawl.warc.gz.jsonl").splitlines()]
    assert [one["url"] for one in found] == ["https://quay.example/0", "https://quay.example/2"]
    assert [one["clean_text"] for one in found] == [PROSE, PROSE]
    assert found[0]["date"] == "2024-05-01T06:07:08Z"


def test_html_of_a_crawl(tmp_path: Path) -> None:
    source = tmp_path / "crawl.warc.gz"
    menu = "<nav><ul><li><a href=/>Home</a><li><a href=/news>News</a><li><a href=/contact>Contact us</a></ul></nav>"
    source.write_bytes(crawl(("text/html", f"<html><body>{menu}<main><p>{PROSE}</p></main></body></html>".encode())))
    run(source, audits=tmp_path / "audits.jsonl")
    record = json.loads(output(source, "crawl.warc.gz.jsonl"))
    assert record["clean_text"].strip() == PROSE.strip()
    account = json.loads((tmp_path / "audits.jsonl").read_text())
    assert (account["format"], account["url"]) == ("html", "https://quay.example/0")


def test_packed_http_bodies(tmp_path: Path) -> None:
    source = tmp_path / "crawl.warc"
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body := gzip.compress(RAW.encode())), body)
    block = http("text/plain", chunks, "Content-Encoding: gzip", "Transfer-Encoding: chunked")
    source.write_bytes(record("response", "application/http; msgtype=response", block))
    run(source)
    assert json.loads(output(source, "crawl.warc.jsonl"))["clean_text"] == PROSE


def test_a_damaged_record_costs_itself(tmp_path: Path) -> None:
    source = tmp_path / "crawl.warc"
    good = [response(http("text/plain", RAW.encode()), number) for number in (0, 9)]
    bad = (
        http("text/plain", RAW.encode(), "Transfer-Encoding: chunked"),
        http("text/plain", b"\x1f\x8b\x08\x00 and no more of it", "Content-Encoding: gzip"),
        http("text/plain", b"\x1f\x8b\x08\x00broken", "Content-Encoding: gzip"),
        b"no HTTP at all",
    )
    source.write_bytes(good[0] + b"".join(response(block, 1) for block in bad) + good[1])
    result = run(source)
    assert (result.done, result.failed) == (2, 4)
    whys = [json.loads(line)["why"] for line in output(source, "failures.jsonl").splitlines()]
    assert all(why.startswith("its HTTP message is damaged: ") for why in whys)


def response(block: bytes, number: int = 0) -> bytes:
    return record("response", "application/http; msgtype=response", block, number)


def test_a_record_that_breaks_off_is_no_page(tmp_path: Path) -> None:
    """Half a page would come out as if it were a whole one."""
    source = tmp_path / "crawl.warc"
    source.write_bytes(response(http("text/plain", RAW.encode())) + response(http("text/plain", RAW.encode()))[:-60])
    result = run(source)
    assert (result.done, result.failed) == (1, 1)
    (failure,) = map(json.loads, output(source, "failures.jsonl").splitlines())
    assert (failure["record"], failure["why"][:10]) == (2, "breaks off")


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_a_crawl_that_breaks_off_gives_what_it_had(tmp_path: Path, packing: str) -> None:
    source = tmp_path / f"crawl.warc.{packing}"
    records = [packed(response(http("text/plain", RAW.encode()), number), packing) for number in range(5)]
    source.write_bytes(b"".join(records)[:-20])
    result = run(source)
    assert (result.done, result.failed) == (4, 1)
    assert f"damaged {packing} data" in output(source, "failures.jsonl").decode()


def test_records_of_a_crawl_that_are_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "LONGEST_BYTES", 5_000)
    monkeypatch.setattr(warc, "HEAD_BYTES", 1_000)
    source = tmp_path / "crawl.warc"
    blocks = (http("text/html", b"x" * 9_000), http("image/png", b"x" * 9_000), http("text/plain", RAW.encode()))
    source.write_bytes(b"".join(map(response, blocks)))
    result = run(source)
    assert (result.done, result.skipped, result.failed) == (1, 1, 1)
    assert "is longer than" in output(source, "failures.jsonl").decode()


def test_a_panic_of_the_reader_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package is written in Rust, whose panics reach Python as no Exception."""
    PanicException = type("PanicException", (BaseException,), {})  # noqa: N806

    def panics(*_: object, **__: object) -> Iterator[None]:
        raise PanicException("unwrap on a None value")
        yield

    (tmp_path / "crawl.warc").write_bytes(b"WARC/1.0")
    monkeypatch.setattr(fastwarc, "ArchiveIterator", panics)
    assert run(tmp_path / "crawl.warc").failed == 1
    assert "damaged warc data: unwrap" in output(tmp_path / "crawl.warc", "failures.jsonl").decode()


def test_the_charset_that_the_server_names_is_believed(tmp_path: Path) -> None:
    source = tmp_path / "crawl.warc"
    text = "Пароход пришёл в полдень, и никто его не ждал.\n"
    block = http("text/plain; charset=koi8-r", text.encode("koi8-r"))
    source.write_bytes(record("response", "application/http; msgtype=response", block))
    run(source)
    assert json.loads(output(source, "crawl.warc.jsonl"))["clean_text"] == text


def test_what_the_named_charset_cannot_read_is_said(tmp_path: Path) -> None:
    source = tmp_path / "crawl.warc"
    block = http(
        "text/plain; charset=utf-8", "Пароход пришёл в полдень, и никто его не ждал. ".encode() * 9 + b"\xff\xfe.\n"
    )
    source.write_bytes(record("response", "application/http; msgtype=response", block))
    run(source)
    (warning,) = json.loads(output(source, "crawl.warc.jsonl"))["clean_warnings"]
    assert "2 bytes are not utf-8" in warning


@pytest.mark.parametrize("suffix", ["warc.wet.gz", "wet.gz", "wet.zst", "wet"])
def test_texts_of_a_wet_file(tmp_path: Path, suffix: str) -> None:
    source = tmp_path / f"crawl.{suffix}"
    texts = [record("conversion", "text/plain", f"{RAW}{number}".encode(), number) for number in range(3)]
    source.write_bytes(b"".join(packed(text, kind_of(source.name).packing) for text in texts))
    result = run(source)
    assert (result.done, result.failed) == (3, 0)
    found = [json.loads(line) for line in output(source, f"crawl.{suffix}.jsonl").splitlines()]
    assert [one["url"] for one in found] == [f"https://quay.example/{number}" for number in range(3)]
    assert all(one["clean_text"].startswith(PROSE) for one in found)


def test_no_warc_is_said(tmp_path: Path) -> None:
    source = tmp_path / "crawl.warc"
    source.write_text("nothing that a crawler wrote\n" * 9)
    assert run(source).failed == 1


# Packings, names, packages ------------------------------------------------------------------------


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_packed_pages(tmp_path: Path, packing: str) -> None:
    (tmp_path / f"a.txt.{packing}").write_bytes(packed(RAW.encode(), packing))
    assert run(tmp_path / f"a.txt.{packing}").done == 1
    assert output(tmp_path / f"a.txt.{packing}", f"a.txt.{packing}.txt").decode() == PROSE
    with pytest.raises(ReadError, match=f"damaged {packing} data"):
        unpacked(packed(RAW.encode() * 99, packing)[:-7] + b"?", packing)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.JSONL.GZ", Kind("jsonl", "gz")),
        ("a.warc.wet.gz", Kind("warc", "gz")),
        ("a.wet", Kind("warc", "")),
        ("a.WET.gz", Kind("warc", "gz")),
        ("a.wet.zst", Kind("warc", "zst")),
        ("a.feather", Kind("arrow", "")),
        ("a.html.zst", Kind("", "zst")),
        ("jsonl", Kind("", "")),
    ],
)
def test_kinds_by_name(name: str, kind: Kind) -> None:
    assert kind_of(name) == kind


def test_a_missing_package_names_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    (tmp_path / "a.txt").write_text(RAW)
    for name in ("a.parquet", "a.warc", "a.jsonl.zst"):
        (tmp_path / name).write_text("")
    monkeypatch.setattr(extras, "import_module", missing)
    for name, extra in (("a.parquet", "parquet"), ("a.warc", "warc"), ("a.jsonl.zst", "zst")):
        with pytest.raises(UsageError, match=rf"install it with: pip install 'cleaner\[{extra}\]'"):
            run(tmp_path / name)
    assert run(tmp_path / "a.txt").done == 1
