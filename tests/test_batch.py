"""Batch runs: what is read and where it goes, what a second run does, budgets, audits, counts, the command."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from fnmatch import fnmatchcase
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import BatchResult, CleanerError, Config, Progress, UsageError, batch, clean, restore
from cleaner.cli import main
from cleaner.cli.batch_display import Display, summary_of
from cleaner.runs import stamps
from cleaner.runs.facts import Facts
from cleaner.runs.globs import globs, matches
from cleaner.runs.planning import output_name
from cleaner.runs.removed import removed_in

PROSE = "The harbour board met on Monday and agreed that the old crane on the eastern quay has to come down.\n"
RAW = f"Home\nNews\nSports\nContact us\n\n{PROSE}"


def counts(result: BatchResult) -> tuple[int, int, int]:
    return result.done, result.skipped, result.failed


def names_in(folder: Path) -> list[str]:
    """The files below a folder, but for the run's own."""
    found = (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if not name.startswith(".cleaner"))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A small tree of pages."""
    folder = tmp_path / "in"
    (folder / "sub" / "deeper").mkdir(parents=True)
    for name in ("a.txt", "b.text", "noend", "sub/a.txt", "sub/deeper/c.text"):
        (folder / name).write_text(RAW)
    return folder


@pytest.fixture
def threads() -> ThreadPoolExecutor:
    """An executor that is quick to start."""
    return ThreadPoolExecutor(2)


# What is read, and where it goes ------------------------------------------------------------------


def test_the_tree_is_mirrored(source: Path, tmp_path: Path) -> None:
    result = batch(source, tmp_path / "out", jobs=2)
    assert counts(result) == (5, 0, 0)
    names = ["a.txt", "b.text.txt", "noend.txt", "sub/a.txt", "sub/deeper/c.text.txt"]
    assert names_in(tmp_path / "out") == names
    assert {(tmp_path / "out" / name).read_text() for name in names} == {PROSE}


@pytest.mark.parametrize(
    ("name", "to", "output"),
    [
        ("a.html", "text", "a.html.txt"),
        ("a.TXT", "text", "a.TXT"),
        ("a.txt.gz", "text", "a.txt.gz.txt"),
        ("a.md", "markdown", "a.md"),
        ("a.json", "json", "a.json"),
        ("a", "parquet", "a.parquet"),
        ("a.jsonl.gz", "text", "a.jsonl.gz"),
        ("a.jsonl", "parquet", "a.jsonl.parquet"),
        ("a.parquet", "markdown", "a.parquet"),
        ("a.parquet", "jsonl", "a.parquet.jsonl"),
        ("a.parquet", "parquet", "a.parquet"),
        ("a.feather", "text", "a.feather"),
        ("a.feather", "parquet", "a.feather.parquet"),
        ("a.warc.gz", "text", "a.warc.gz.jsonl"),
        ("a.warc.gz", "parquet", "a.warc.gz.parquet"),
        ("s/" + "x" * 255, "text", "s/" + "x" * 238 + "~f2e3b3ff6e8f.txt"),
    ],
)
def test_names_of_outputs(name: str, to: str, output: str) -> None:
    if "~" in output:
        assert len(output_name(name, to).rpartition("/")[2]) == 255
        assert output_name(name, to) != output_name(name[:-1] + "y", to)
    else:
        assert output_name(name, to) == output


@pytest.mark.parametrize("to", ["markdown", "json", "jsonl", "parquet"])
def test_other_formats(source: Path, tmp_path: Path, to: str, threads: ThreadPoolExecutor) -> None:
    batch(source / "a.txt", tmp_path / "out", to=to, executor=threads)
    result = clean(RAW)
    suffix = {"markdown": "md"}.get(to, to)
    data = (tmp_path / "out" / f"a.txt.{suffix}").read_bytes()
    if to == "markdown":
        assert data.decode() == result.markdown
    elif to == "parquet":
        import pyarrow.parquet as pq

        (row,) = pq.read_table(tmp_path / "out" / "a.txt.parquet").to_pylist()
        assert (row["name"], row["clean_text"]) == ("a.txt", PROSE)
    else:
        table = json.loads(data)
        assert table["text" if to == "json" else "clean_text"] == PROSE


def test_collisions_are_refused_before_any_work(source: Path, tmp_path: Path) -> None:
    (source / "noend.txt").write_text(RAW)
    with pytest.raises(UsageError, match=r"noend.* and .*noend.* would both be written to noend\.txt"):
        batch(source, tmp_path / "out")
    (source / "noend.txt").unlink()
    (source / "noend.txt").mkdir()
    (source / "noend.txt" / "x.txt").write_text(RAW)
    with pytest.raises(UsageError, match="which other outputs need as a folder"):
        batch(source, tmp_path / "out")
    with pytest.raises(UsageError, match="would both be written"):
        batch([source / "a.txt", source / "sub" / "a.txt"], tmp_path / "out")
    assert names_in(tmp_path / "out") == []


def test_outputs_never_become_inputs(source: Path, threads: ThreadPoolExecutor) -> None:
    for _ in range(2):
        result = batch(source, source / "out", audits=source / "audits", executor=threads)
        assert result.pages == 5
    with pytest.raises(UsageError, match="lies in the output folder"):
        batch(source / "sub", source)
    with pytest.raises(UsageError, match="replaced by its own output"):
        batch(source / "a.txt", source)
    assert (source / "a.txt").read_text() == RAW


def test_missing_inputs_and_wrong_choices(source: Path, tmp_path: Path) -> None:
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("no input", {"inputs": []}),
        ("No such file", {"inputs": source / "nowhere"}),
        ("given twice", {"inputs": ["-", "-"]}),
        ("to: 'docx' does not exist", {"to": "docx"}),
        ("format: 'docx' does not exist", {"format": "docx"}),
        ("on_budget: 'shout'", {"on_budget": "shout"}),
        ("is no share", {"max_removed": 90}),
        ("jobs: 0", {"jobs": 0}),
        ("is no time", {"timeout_seconds": 0}),
        ("is no time", {"timeout_seconds": float("nan")}),
        ("memory: 0 bytes", {"memory_bytes": 0}),
        ("fail needs a budget", {"on_budget": "fail"}),
        ("is given twice", {"inputs": [source, source]}),
        ("is no pattern", {"exclude": ["[z-a]"]}),
        ("output: the name is empty", {"output": ""}),
        ("audits: the name is empty", {"audits": ""}),
        ("a.txt: is called like a file", {"audits": "a.txt"}),
        ("a.jsonl.gz: is called like a file", {"audits": "a.jsonl.gz"}),
        ("config: a Config is needed", {"config": {}}),
        ("config: a Config is needed", {"config": "cleaner.toml"}),
    ]
    for message, options in wrong:
        with pytest.raises(UsageError, match=message):
            batch(**{"inputs": source, "output": tmp_path / "out", **options})
    assert not (tmp_path / "out").exists(), "a run that is refused makes nothing"


def test_what_is_written_takes_the_place_of_nothing_else(source: Path, tmp_path: Path) -> None:
    """Accounts and summaries in the place of an input, an output or each other are refused before any work."""
    records, output = source / "p.jsonl", tmp_path / "out"
    records.write_text(json.dumps({"text": RAW}) + "\n")
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("holds no accounts, and would be replaced", {"audits": records}),
        ("holds no accounts, and would be replaced", {"inputs": records, "audits": records}),
        ("is the place of an output", {"audits": output / "p.jsonl"}),
        ("is the place of an output", {"audits": output / "failures.jsonl"}),
        ("is the place of an output", {"reserved": [output / "a.txt"]}),
        ("is named twice", {"audits": tmp_path / "a.jsonl", "reserved": [tmp_path / "a.jsonl"]}),
        ("is the run's own", {"audits": output / ".cleaner"}),
        ("lies in the output folder", {"audits": source}),
        ("lies in the output folder", {"inputs": source / "a.txt", "audits": source}),
        ("is an input and would be replaced", {"inputs": source / "a.txt", "reserved": [source / "a.txt"]}),
        ("is no folder", {"audits": source / "a.txt" / "audits"}),
    ]
    for message, options in wrong:
        with pytest.raises(UsageError, match=message):
            batch(**{"inputs": source, "output": output, **options})
    (source / "noend.json.json").write_text("{}")
    with pytest.raises(UsageError, match=r"noend\.json\.json: is the place of an output"):
        batch(source, output, to="json", audits=output)
    assert not output.exists()
    assert json.loads(records.read_text()) == {"text": RAW}


def test_accounts_can_lie_beside_the_outputs(source: Path, tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    for _ in range(2):
        batch(source / "a.txt", tmp_path / "out", audits=tmp_path / "out", executor=threads)
        assert names_in(tmp_path / "out") == ["a.txt", "a.txt.json"]


def test_outputs_of_an_earlier_run_are_pages_but_not_its_memory(
    source: Path, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    batch(source, tmp_path / "out", executor=threads)
    said: list[str] = []
    result = batch(tmp_path / "out", tmp_path / "again", executor=threads, progress=lambda now: said.extend(now.said))
    assert counts(result) == (5, 1, 0)
    assert said == [f"{tmp_path / 'out' / '.cleaner'}: skipped: is what a run remembers, no page"]
    (tmp_path / "out" / "link.txt").symlink_to(tmp_path / "out" / "sub" / "a.txt")
    result = batch(tmp_path / "out", tmp_path / "out" / "sub", executor=threads, force=True)
    assert result.skipped == 2, "the run before, and the link into the output folder"


def test_records_under_a_wrong_name_are_no_page(source: Path, tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    """They would come out as they are, as if there had been nothing to remove."""
    (source / "p.json").write_text(json.dumps({"text": RAW}) + "\n")
    (source / "dump").write_text(json.dumps({"text": RAW}) + "\n")
    (source / "q.txt").write_text("WARC/1.0\r\nWARC-Type: conversion\r\n\r\n" + RAW)
    result = batch(source, tmp_path / "out", executor=threads, include=["dump", "p.*", "q.*"])
    assert counts(result) == (0, 0, 3)
    whys = [json.loads(line)["why"] for line in (tmp_path / "out" / "failures.jsonl").read_text().splitlines()]
    assert ["end in .jsonl" in why or "ends in .warc" in why for why in whys] == [True, True, True]
    assert counts(batch(source / "p.json", tmp_path / "out", executor=threads, format="text")) == (1, 0, 0)


def test_names_choose(source: Path, tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    (source / ".cleanerignore").write_text("# old\n*.text\n!sub/keep.text\n/noend\n")
    (source / "sub" / ".cleanerignore").write_text("deeper/\n")
    (source / "sub" / "keep.text").write_text(RAW)
    (source / "cleaner.toml").write_text("")
    result = batch(source, tmp_path / "out", exclude=["b.*"], executor=threads)
    assert names_in(tmp_path / "out") == ["a.txt", "sub/a.txt", "sub/keep.text.txt"]
    assert (result.pages, result.excluded) == (3, 3)
    batch(source, tmp_path / "some", include=["/a.txt", "keep.*"], executor=threads)
    assert names_in(tmp_path / "some") == ["a.txt", "sub/keep.text.txt"]
    batch(source, tmp_path / "folder", include="sub/", executor=threads)
    assert names_in(tmp_path / "folder") == ["sub/a.txt", "sub/keep.text.txt"]
    batch(source, tmp_path / "less", exclude="sub/", executor=threads)
    assert names_in(tmp_path / "less") == ["a.txt"]


def test_a_wrong_ignore_file_is_named(source: Path, tmp_path: Path) -> None:
    (source / "sub" / ".cleanerignore").write_text("[z-a]\n")
    with pytest.raises(UsageError, match=r"sub.\.cleanerignore: \[z-a\]: is no pattern"):
        batch(source, tmp_path / "out")


@pytest.mark.parametrize(
    ("pattern", "found", "others"),
    [
        ("*.txt", ["a.txt", "s/a.txt", "\n.txt"], ["a.txt.gz", "a.TXT"]),
        ("/*.txt", ["a.txt"], ["s/a.txt"]),
        ("s/*.txt", ["s/a.txt"], ["a.txt", "s/t/a.txt", "t/s/a.txt"]),
        ("**/t/*.txt", ["t/a.txt", "s/t/a.txt"], ["a.txt"]),
        ("s/**", ["s/a", "s/t/a"], ["s", "a"]),
        ("s/**/a", ["s/a", "s/t/u/a"], ["a"]),
        ("a?[0-9]", ["ab1", "s/a-2"], ["a1", "a/1", "abc"]),
        ("a[!0-9]", ["ab"], ["a1", "a/"]),
        ("[!]a]x", ["bx", "s/^x"], ["ax", "]x", "/x", "b]x"]),
        ("[^a]b", ["cb", "^b"], ["ab", "/b"]),
        ("[a/]b", ["ab"], ["/b"]),
        (r"a[\]\-]", ["a]", "a-"], ["a\\", "ab"]),
        ("[!]", ["[!]"], ["a"]),
        (r"\#a\*", ["#a*"], ["#ab"]),
        ("a.b", ["a.b"], ["acb"]),
    ],
)
def test_globs(pattern: str, found: Sequence[str], others: Sequence[str]) -> None:
    rules = globs([pattern])
    assert all(matches(rules, name) for name in found)
    assert not any(matches(rules, name) for name in others)


@given(st.text(max_size=20), st.text(max_size=20))
@settings(deadline=None, max_examples=50)
def test_any_glob_is_one_or_refused(pattern: str, name: str) -> None:
    try:
        rules = globs([pattern])
    except UsageError:
        return
    found = matches(rules, name)
    assert found in (None, not pattern.startswith("!"))
    assert "/" in pattern or matches(rules, f"s/{name}") == found, "in any folder"


@given(st.text("ab]-[*?.!", min_size=1, max_size=8), st.text("ab]-[.!", max_size=4))
@settings(deadline=None)
def test_globs_are_those_of_the_shell(pattern: str, name: str) -> None:
    try:
        rules = globs([f"\\{pattern}" if pattern[0] == "!" else pattern])
    except UsageError:
        assert re.search(".-.", pattern), "a range from the later to the earlier"
    else:
        assert bool(matches(rules, name)) == fnmatchcase(name, pattern)


def test_standard_input(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"text": RAW, "id": number}) + "\n" for number in range(3))
    call = [sys.executable, "-m", "cleaner", "batch", "-", str(tmp_path / "out"), "--stdin-filename", "p.jsonl"]
    for skipped in (b"0", b"3"):
        done = subprocess.run(call, input=lines.encode() + b"{", capture_output=True)
        assert done.returncode == 3
        assert b"skipped  " + skipped in done.stderr
        assert done.stderr.startswith(b"cleaner: p.jsonl:4: is no JSON") or skipped == b"3"
    assert len((tmp_path / "out" / "p.jsonl").read_text().splitlines()) == 3
    assert os.listdir(tmp_path / "out" / ".cleaner") == ["manifest.sqlite"]


@pytest.mark.parametrize(
    "stdin", [b'{"text": "a"}\n{"text": "b"}\n', b"PAR1\0", b"\xff\xff\xff\xff\0", b"\x1f\x8b\x08\0"]
)
def test_standard_input_that_needs_a_name_is_told(tmp_path: Path, stdin: bytes) -> None:
    call = [sys.executable, "-m", "cleaner", "batch", "-", str(tmp_path / "out"), "-q"]
    done = subprocess.run(call, input=stdin, capture_output=True)
    assert done.returncode == 3
    assert done.stderr.endswith(b"; --stdin-filename names it, as in --stdin-filename pages.jsonl.gz\n")
    assert done.stderr.count(b"\n") == 1
    assert not (tmp_path / "out" / "stdin.txt").exists()


def test_choices_can_differ_by_folder(source: Path, tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    def config_for(folder: str) -> Config:
        return Config(skip=("N", "W")) if folder.endswith("sub") else Config()

    batch(source, tmp_path / "out", config=config_for, executor=threads)
    assert (tmp_path / "out" / "a.txt").read_text() == PROSE
    assert (tmp_path / "out" / "sub" / "a.txt").read_text() != PROSE


# A second run -------------------------------------------------------------------------------------


def test_what_is_done_and_unchanged_is_skipped(source: Path, tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    output = tmp_path / "out"

    def run(**options: Any) -> tuple[int, int, int]:
        return counts(batch(source, output, executor=threads, **options))

    assert run() == (5, 0, 0)
    assert run() == (0, 5, 0)
    (source / "a.txt").write_text(RAW + "More of it came out on Tuesday, when nobody was looking.\n")
    (source / "sub" / "new.txt").write_text(RAW)
    assert run() == (2, 4, 0)
    assert "Tuesday" in (output / "a.txt").read_text()
    (output / "noend.txt").unlink()
    assert run() == (1, 5, 0)
    (output / "noend.txt").write_text("")
    assert run() == (1, 5, 0)
    assert run(config=Config(preset="precision")) == (6, 0, 0)
    assert run(config=Config(preset="precision"), force=True) == (6, 0, 0)
    assert run(config=Config(preset="precision"), verbose=True) == (0, 6, 0)


@pytest.mark.parametrize("name", ["a.txt", "p.jsonl"])
def test_a_change_that_keeps_size_and_time_is_seen(tmp_path: Path, name: str, threads: ThreadPoolExecutor) -> None:
    source, output = tmp_path / name, tmp_path / "out"
    for word in ("red", "new"):
        text = f"The {word} ferry came in at noon.\n"
        source.write_text(text if name == "a.txt" else json.dumps({"text": text}) + "\n")
        os.utime(source, ns=(10**18, 10**18))
        assert counts(batch(source, output, executor=threads)) == (1, 0, 0)
        assert word in (output / name).read_text()


@pytest.mark.parametrize("name", ["a.txt", "p.jsonl"])
def test_a_new_time_alone_is_no_change(tmp_path: Path, name: str, threads: ThreadPoolExecutor) -> None:
    source, output = tmp_path / name, tmp_path / "out"
    source.write_text(RAW if name == "a.txt" else json.dumps({"text": RAW}) + "\n")
    batch(source, output, executor=threads)
    os.utime(source, ns=(10**18, 10**18))
    assert [what for _, _, what in batch(source, output, dry_run=True).planned] == ["skip"]
    for _ in range(2):
        assert counts(batch(source, output, executor=threads)) == (0, 1, 0)


def test_a_file_that_is_young_is_read_when_later_changes_would_show(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(RAW)
    status = os.stat(tmp_path / "a.txt")
    stamps.wait_for_tick(status)
    assert time.time_ns() - status.st_ctime_ns >= stamps.TICK_NS
    before = time.monotonic()
    for ago in (0, 10**9):  # a whole second, as file systems have them that keep no fractions; and one long ago
        latest = (time.time_ns() // 10**9 - ago) * 10**9
        stamps.wait_for_tick(SimpleNamespace(st_mtime_ns=latest, st_ctime_ns=latest))  # type: ignore[arg-type]
        assert time.time_ns() - latest >= stamps.COARSE_TICK_NS
    assert time.monotonic() - before < 3


def test_points_that_change_under_the_same_name_do_it_again(
    source: Path, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    points = tmp_path / "points.toml"
    shipped = (Path(cleaner.__file__).parent / "cues" / "points.toml").read_text()
    for text in (shipped, shipped + "# fitted anew\n"):
        points.write_text(text)
        for done, skipped in ((5, 0), (0, 5)):
            result = batch(source, tmp_path / "out", config=Config(points=str(points)), executor=threads)
            assert counts(result) == (done, skipped, 0)


def test_what_fails_now_leaves_no_output_of_another_time(
    source: Path, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    (source / "p.jsonl.gz").write_bytes(gzip.compress(json.dumps({"text": RAW}).encode()))
    output, audits = tmp_path / "out", tmp_path / "audits"
    assert counts(batch(source, output, audits=audits, executor=threads)) == (6, 0, 0)
    (source / "a.txt").write_bytes(b"%PDF-1.7 \x00\x01")
    (source / "p.jsonl.gz").write_bytes(b"no gzip any more")
    assert counts(batch(source, output, audits=audits, executor=threads)) == (0, 4, 2)
    for folder, suffixes in ((output, ("", "")), (audits, (".json", ".jsonl"))):
        assert not (folder / f"a.txt{suffixes[0]}").exists()
        assert not (folder / f"p.jsonl.gz{suffixes[1]}").exists()
    assert (output / "sub" / "a.txt").exists()


def test_another_version_does_it_again(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: ThreadPoolExecutor
) -> None:
    batch(source, tmp_path / "out", executor=threads)
    monkeypatch.setattr("cleaner.runs.choices.__version__", "99")
    assert counts(batch(source, tmp_path / "out", executor=threads)) == (5, 0, 0)


def test_failures_are_tried_again(source: Path, tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    (source / "bad.txt").write_bytes(b"%PDF-1.7 \x00\x01")
    (source / "p.jsonl").write_text(json.dumps({"text": RAW}) + "\n{\n")
    output = tmp_path / "out"
    for done, skipped in ((6, 0), (0, 6)):
        assert counts(batch(source, output, executor=threads)) == (done, skipped, 2)
        written = [json.loads(line) for line in (output / "failures.jsonl").read_text().splitlines()]
        assert [(Path(one["input"]).name, one["record"], one["why"][:12]) for one in written] == [
            ("bad.txt", None, "not text but"),
            ("p.jsonl", 2, "is no JSON: "),
        ]
    (source / "bad.txt").write_text(RAW)
    (source / "p.jsonl").write_text(json.dumps({"text": RAW}) + "\n")
    assert counts(batch(source, output, executor=threads)) == (2, 5, 0)
    assert not (output / "failures.jsonl").exists()


def test_a_dry_run_writes_nothing(source: Path, tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    planned = batch(source, tmp_path / "out", dry_run=True).planned
    assert [(Path(one).name, what) for one, _, what in planned] == [
        ("a.txt", "clean"),
        ("b.text", "clean"),
        ("noend", "clean"),
        ("a.txt", "clean"),
        ("c.text", "clean"),
    ]
    assert not (tmp_path / "out").exists()
    batch(source, tmp_path / "out", executor=threads)
    (source / "a.txt").write_text("changed")
    planned = batch(source, tmp_path / "out", dry_run=True).planned
    assert [what for _, _, what in planned] == ["clean", "skip", "skip", "skip", "skip"]
    assert [what for _, _, what in batch(source, tmp_path / "out", dry_run=True, force=True).planned] == ["clean"] * 5


# Budgets, audits, counts --------------------------------------------------------------------------


@pytest.mark.parametrize("on_budget", ["flag", "keep", "fail"])
def test_budget(tmp_path: Path, on_budget: str, threads: ThreadPoolExecutor) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "chrome.txt").write_text("Home\nNews\nSports\nContact us\n")
    (tmp_path / "in" / "page.txt").write_text(RAW)
    said: list[str] = []
    result = batch(
        tmp_path / "in",
        tmp_path / "out",
        max_removed=0.9,
        on_budget=on_budget,
        executor=threads,
        progress=lambda now: said.extend(now.said),
    )
    written = tmp_path / "out" / "chrome.txt"
    assert any("100.0% of it would go, more than --max-removed 0.9" in line for line in said)
    if on_budget == "fail":
        assert counts(result) == (1, 0, 1)
        assert not written.exists()
    else:
        assert (counts(result), result.facts.over_budget) == ((2, 0, 0), 1)
        assert written.read_text() == ("" if on_budget == "flag" else "Home\nNews\nSports\nContact us\n")
        assert result.facts.empty == (on_budget == "flag")


def test_a_page_that_is_kept_whole_keeps_its_markup(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    html = f"<ul><li><a href=/>Sponsored</a></ul><h1>The crane</h1><p>{PROSE}</p>"
    (tmp_path / "a.html").write_text(html)
    config = Config(drop=("Sponsored",))
    options: dict[str, Any] = {"max_removed": 0.01, "on_budget": "keep", "executor": threads, "config": config}
    assert batch(tmp_path / "a.html", tmp_path / "out", to="markdown", **options).facts.over_budget == 1
    whole = clean(html, format="html", config=Config(only=("U",)))
    assert (tmp_path / "out" / "a.html.md").read_text() == whole.markdown
    assert "# The crane" in whole.markdown


def test_an_empty_page_is_never_silently_empty(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    (tmp_path / "a.txt").write_text("Home\nNews\nSports\nContact us\n")
    said: list[str] = []
    result = batch(tmp_path / "a.txt", tmp_path / "out", executor=threads, progress=lambda now: said.extend(now.said))
    assert result.facts.empty == 1
    assert said == [f"{tmp_path / 'a.txt'}: nothing is left: all 4 blocks were removed"]
    assert "pages of which nothing is left" in summary_of(result, color=False)


def test_audits_lead_back(source: Path, tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    (source / "p.jsonl").write_text(json.dumps({"text": RAW}) * 1 + "\n")
    batch(source, tmp_path / "out", audits=tmp_path / "audits", executor=threads)
    assert names_in(tmp_path / "audits") == [
        "a.txt.json",
        "b.text.txt.json",
        "noend.txt.json",
        "p.jsonl.jsonl",
        "sub/a.txt.json",
        "sub/deeper/c.text.txt.json",
    ]
    account = json.loads((tmp_path / "audits" / "sub" / "a.txt.json").read_text())
    assert restore((tmp_path / "out" / "sub" / "a.txt").read_bytes(), account) == RAW.encode()
    assert account["name"] == "sub/a.txt"
    (tmp_path / "audits" / "a.txt.json").unlink()
    assert counts(batch(source, tmp_path / "out", audits=tmp_path / "audits", executor=threads)) == (1, 5, 0)
    assert (tmp_path / "audits" / "a.txt.json").exists()


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_accounts_tell_their_files_apart(tmp_path: Path, threads: ThreadPoolExecutor, suffix: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(RAW)
    (tmp_path / "in" / "a.txt.gz").write_bytes(gzip.compress(RAW.encode()))
    audits = tmp_path / f"audits.{suffix}"
    batch(tmp_path / "in", tmp_path / "out", audits=audits, executor=threads)
    if suffix == "jsonl":
        assert [json.loads(line)["name"] for line in audits.read_bytes().splitlines()] == ["a.txt", "a.txt.gz"]
    else:
        rows = pytest.importorskip("pyarrow.parquet").read_table(audits).to_pylist()
        assert [(row["page"], row["name"]) for row in rows] == [(1, "a.txt")] * 4 + [(2, "a.txt.gz")] * 4
    (removed,) = removed_in(str(audits)).result(top=1)
    assert (removed.tally.blocks, removed.tally.chars) == (8, 2 * len("HomeNewsSportsContact us"))


def test_pages_that_share_a_name_are_counted_apart(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    """A record goes by the name of its container with its number, which a file can have, too."""
    pytest.importorskip("pyarrow")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_text(json.dumps({"text": RAW}) + "\n")
    (tmp_path / "in" / "a.jsonl:1").write_text(RAW)
    batch(tmp_path / "in", tmp_path / "out", audits=tmp_path / "audits.parquet", executor=threads)
    (removed,) = removed_in(str(tmp_path / "audits.parquet")).result(top=1)
    assert removed.tally.blocks == 8


def test_audits_in_one_file_are_whole_after_any_run(source: Path, tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    audits = tmp_path / "audits.jsonl"
    batch(source, tmp_path / "out", audits=audits, executor=threads)
    whole = audits.read_bytes()
    assert [json.loads(line)["name"] for line in whole.splitlines()] == [
        "a.txt",
        "b.text",
        "noend",
        "sub/a.txt",
        "sub/deeper/c.text",
    ]
    audits.unlink()
    (tmp_path / "out" / "a.txt").unlink()
    assert counts(batch(source, tmp_path / "out", audits=audits, executor=threads)) == (1, 4, 0)
    assert audits.read_bytes() == whole


def test_numbers_add_up(source: Path, tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    (source / "p.jsonl").write_text((json.dumps({"text": RAW}) + "\n{\n") * 3)
    seen: list[Progress] = []
    result = batch(source, tmp_path / "out", executor=threads, progress=seen.append)
    assert counts(result) == (8, 0, 3)
    facts = result.facts
    assert facts.chars == 8 * len(RAW.replace("\n", ""))
    assert facts.removed["N102"] == [32, 8 * len("HomeNewsSportsContact us")]
    assert [name for _, name in facts.top] == sorted(name for _, name in facts.top)
    assert seen[-1].bytes_done == seen[-1].bytes_total
    again = batch(source, tmp_path / "out", executor=threads)
    assert counts(again) == (0, 8, 3)
    assert again.facts.removed == facts.removed
    table = result.as_table()
    assert table["pages"] == 11
    assert table["removed"] == [{"filter": "N102", "name": "menu", "blocks": 32, "characters": 8 * 24}]


def test_patterns_that_are_too_slow_are_counted(
    source: Path, tmp_path: Path, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cleaner.filters.user_rules.TIMEOUT_SECONDS", 0)
    facts = batch(source, tmp_path / "out", config=Config(keep=("walrus",)), executor=threads).facts
    assert list(facts.unfound()) == ['keep pattern "walrus" took too long on 5 pages and was given up there']


def test_sums_do_not_depend_on_order() -> None:
    parts = [
        Facts(done=1, removed={"N102": [n, n]}, top=[(n / 30, f"{n}")], patterns={"keep pattern": [n, 1]})
        for n in range(30)
    ]
    forwards, backwards = Facts(), Facts()
    for part in parts:
        forwards.add(part)
    for part in reversed(parts):
        backwards.add(part)
    assert forwards == backwards
    assert [name for _, name in forwards.top] == [str(n) for n in range(29, 19, -1)]
    assert Facts.of_table(json.loads(json.dumps(forwards.as_table()))) == forwards


def test_records_of_one_share_stand_in_their_order() -> None:
    names = ["p.jsonl:01", "p.jsonl:1", "p.jsonl:2", "p.jsonl:10", "p.jsonl:12", "q.jsonl:1", "r", "r:x"]
    facts = Facts()
    for name in reversed(names):
        facts.add(Facts(done=1, top=[(0.5, name)]))
    assert [name for _, name in facts.top] == names


def test_an_executor_that_fails_loses_what_it_was_given(source: Path, tmp_path: Path) -> None:
    (source / "p.jsonl").write_text(json.dumps({"text": RAW}) + "\n")

    class Failing(ThreadPoolExecutor):
        def submit(self, *_: Any, **__: Any) -> Any:
            return super().submit(int, "no number")

    with Failing(1) as executor:
        result = batch(source, tmp_path / "out", executor=executor)
    assert counts(result) == (0, 0, 6)
    assert "the executor failed: ValueError" in (tmp_path / "out" / "failures.jsonl").read_text()
    with pytest.raises(CleanerError, match="the executor broke: cannot schedule"):
        batch(source, tmp_path / "out", executor=executor)
    assert counts(batch(source, tmp_path / "out", jobs=1)) == (6, 0, 0)


def test_what_a_caller_raises_ends_the_run_in_order(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    (tmp_path / "p.jsonl").write_text((json.dumps({"text": RAW}) + "\n") * 3)

    def raising(now: Progress) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        batch(tmp_path / "p.jsonl", tmp_path / "out", executor=threads, progress=raising)
    assert os.listdir(tmp_path / "out" / ".cleaner") == ["manifest.sqlite"]
    assert sum(counts(batch(tmp_path / "p.jsonl", tmp_path / "out", executor=threads))) == 3


def test_executors_of_others(source: Path, tmp_path: Path) -> None:
    own = batch(source, tmp_path / "own", jobs=1)
    with ProcessPoolExecutor(1) as processes:
        lent = batch(source, tmp_path / "lent", executor=processes)
        assert processes.submit(len, "still open").result() == 10
    assert counts(own) == counts(lent)
    assert own.facts == lent.facts


def test_batch_is_exported() -> None:
    assert cleaner.batch is batch


# The command --------------------------------------------------------------------------------------


Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], source: Path) -> Call:
    """Calls the command in the folder that holds the tree."""
    monkeypatch.chdir(source.parent)

    def run(*argv: str) -> tuple[int, str, str]:
        code = main(["batch", *argv])
        out, err = capfd.readouterr()
        return code, out, err

    return run


def test_command(call: Call) -> None:
    code, out, err = call("in", "out", "-j1", "--summary", "numbers.json")
    assert (code, out) == (0, "")
    assert "done     5  in " in err
    assert "N102  menu        20         120  19.0%" in err or "N102  menu" in err
    assert json.loads(Path("numbers.json").read_text())["done"] == 5
    code, out, err = call("in", "out", "-j1", "-q")
    assert (code, out, err) == (0, "", "")
    Path("in/bad.txt").write_bytes(b"\x89PNG\r\n" + bytes(9))
    code, out, err = call("in", "out", "-j1", "-q")
    assert (code, err) == (3, "cleaner: in/bad.txt: not text but a PNG image\n")
    Path("in/new\nline").write_text(RAW)
    code, out, err = call("in", "out", "--dry-run")
    assert code == 0
    assert "clean  in/new\\nline -> out/new\\nline.txt\n" in out
    assert "skip   in/a.txt -> out/a.txt\n" in out


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["in"], "an input and then the folder for the output are needed"),
        (["nowhere", "out"], "nowhere: No such file or directory"),
        (["in", "in"], "lies in the output folder"),
        (["in", "out", "--max-removed", "90"], "is not in the range"),
        (["in", "out", "--summary", "nowhere/x"], "the folder"),
        (["in", "out", "--summary", "in/a.txt"], "holds no summary, and would be replaced"),
        (["in", "out", "--summary", ""], "an output has an empty name"),
        (["in", ""], "output: the name is empty; name a folder"),
        (["", "out"], "input: the name is empty; name a file or folder"),
        (["in", "out", "--timeout", "nan"], "is no time"),
        (["in", "out", "--on-budget", "keep"], "give one with --max-removed"),
        (["in", "out", "-n", "--summary", "s.json"], "exclude each other"),
    ],
)
def test_wrong_usage(call: Call, argv: list[str], said: str) -> None:
    code, out, err = call(*argv)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_a_pattern_that_no_page_has_is_said_once(call: Call) -> None:
    Path("in/p.jsonl").write_text((json.dumps({"text": RAW}) + "\n") * 2)
    Path("in/sub/cleaner.toml").write_text('keep = ["seal", "crane"]')
    Path("in/a.txt").write_text(RAW + "\nOne penguin was seen.\n")
    argv = ("in", "out", "-j2", "-q", "--keep", "walrus", "--keep", "^Home$", "--drop", "penguin")
    said = "".join(f'cleaner: keep pattern "{name}" matched no block of any page\n' for name in ("seal", "walrus"))
    for _ in range(2):
        assert call(*argv) == (0, "", said)
    assert call(*argv, "--skip", "U102", "--force") == (0, "", "")
    assert call(*argv, "-n")[2] == ""


@pytest.mark.parametrize("argv", [["-n"], ["-q"], ["-j1"]])
def test_that_no_page_was_found_is_said(call: Call, argv: list[str]) -> None:
    code, out, err = call("in", "out", "--include", "./a.txt", *argv)
    said = "cleaner: no page was found; 5 names left out by --include, --exclude or .cleanerignore\n"
    assert (code, out, err[: len(said)]) == (0, "", said)
    Path("empty").mkdir()
    assert call("empty", "out", *argv)[2].startswith("cleaner: no page was found\n")
    assert "no page was found" not in call("in", "out", *argv)[2]


def test_the_output_has_no_settings(call: Call) -> None:
    Path("in/cleaner.toml").write_text('skip = ["P"]')
    for argv in (["in/", "out"], ["in/"]):
        code, out, _ = call(*argv, "--show-settings")
        assert code == 0
        assert out.startswith("# configuration file: in/cleaner.toml\n")
        assert "out" not in out


def test_a_summary_among_the_pages_is_none(call: Call) -> None:
    for pages in (5, 5):
        assert call("in", "out", "-j1", "-q", "--summary", "in/summary.json") == (0, "", "")
        assert json.loads(Path("in/summary.json").read_text())["pages"] == pages


def test_standard_error_that_takes_nothing_is_no_failure(source: Path, tmp_path: Path) -> None:
    call = [sys.executable, "-m", "cleaner", "batch", str(source), str(tmp_path / "out"), "-j1"]
    with open("/dev/full", "w") as full:
        assert subprocess.run(call, stderr=full).returncode == 0
    done = subprocess.run(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *call, "--force"])
    assert done.returncode == 0
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *call[:4], "-", str(tmp_path / "none")], capture_output=True
    )
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert not (tmp_path / "none").exists()


def test_tracebacks_are_kept_when_asked_for(call: Call) -> None:
    Path("in/bad.txt").write_bytes(b"\x89PNG\r\n" + bytes(9))
    call("in", "out", "-j1", "-q", "-v")
    (failure,) = map(json.loads, Path("out/failures.jsonl").read_text().splitlines())
    assert failure["traceback"].startswith("Traceback")


def test_settings_of_the_folder_are_found(call: Call) -> None:
    Path("in/sub/cleaner.toml").write_text('skip = ["N", "W"]')
    assert call("in", "out", "-j1", "-q")[0] == 0
    assert Path("out/a.txt").read_text() == PROSE
    assert Path("out/sub/a.txt").read_text() != PROSE


def test_progress_without_a_terminal_is_lines(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cleaner.cli.batch_display.LINE_SECONDS", 0)
    with Display(quiet=False) as display:
        display.show(Progress(3, 0, 1, 50, 100, None, 2.0, ("a\x1b.txt: is bad",)))
    assert capfd.readouterr().err == (
        "cleaner: a\\x1b.txt: is bad\ncleaner: 4 pages, 50 B of 100 B, 2 pages a second, 2.0 s left, 1 failed\n"
    )


def test_progress_speaks_of_this_run_and_of_what_is_under_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = Progress(90, 5, 5, 950, 1000, None, 10.0, (), resumed_pages=40, resumed_bytes=450)
    assert (now.pages, now.rate, now.seconds_left) == (100, 5.0, 1.0)
    monkeypatch.setattr("cleaner.containers.jsonl.SHARD_BYTES", 100)
    monkeypatch.setattr("cleaner.runs.engine.PROGRESS_SECONDS", -1)
    (tmp_path / "p.jsonl").write_text((json.dumps({"text": RAW}) + "\n{\n") * 3)
    seen: list[Progress] = []
    batch(tmp_path / "p.jsonl", tmp_path / "out", jobs=1, progress=seen.append)
    assert any(0 < one.failed < 3 and one.bytes_done < one.bytes_total for one in seen), "failures so far"


def on_terminal(call: Sequence[str]) -> tuple[int, bytes]:
    """The exit code of a process, and what it writes on a terminal."""
    import pty

    own, its = pty.openpty()
    with subprocess.Popen(call, stderr=its, stdout=its) as process:
        os.close(its)
        shown = b""
        try:
            while piece := os.read(own, 65_536):
                shown += piece
        except OSError:  # how Linux says that nobody has the other end open
            pass
    os.close(own)
    return process.returncode, shown


def test_progress_on_a_terminal_is_a_bar(source: Path, tmp_path: Path) -> None:
    call = [sys.executable, "-m", "cleaner", "batch", str(source), str(tmp_path / "out"), "-j1"]
    code, shown = on_terminal(call)
    assert code == 0
    assert b"5 pages" in shown
    assert b"\x1b[?25h" in shown, "the cursor is back"


def test_a_second_interrupt_gives_the_cursor_back() -> None:
    script = """
import os, signal
from cleaner.cli.batch_display import Display
from cleaner.cli.interrupts import interrupts
with Display(quiet=False) as display, interrupts(signal.SIGINT, at_once=display.give_back):
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        os.kill(os.getpid(), signal.SIGINT)
"""
    code, shown = on_terminal([sys.executable, "-c", script])
    assert code == 130
    assert shown.rfind(b"\x1b[?25h") > shown.rfind(b"\x1b[?25l") >= 0


# What stands in the way ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.txt", "sub/a.txt", "failures.jsonl"])
def test_a_file_that_no_run_made_is_not_replaced(
    source: Path, tmp_path: Path, threads: ThreadPoolExecutor, name: str
) -> None:
    strange = tmp_path / "out" / name
    strange.parent.mkdir(parents=True)
    strange.write_text("precious")
    for dry_run in (True, False):
        with pytest.raises(UsageError, match=r"is there, .*name another output folder"):
            batch(source, tmp_path / "out", executor=threads, dry_run=dry_run)
    assert names_in(tmp_path / "out") == [name]
    assert not (tmp_path / "out" / ".cleaner").exists()
    assert strange.read_text() == "precious"
    assert batch(source, tmp_path / "out", executor=threads, force=True).done == 5


def test_a_file_that_came_after_a_run_is_not_replaced(
    source: Path, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    batch(source, tmp_path / "out", executor=threads)
    (tmp_path / "out" / "new.txt").write_text("precious")
    (source / "new.txt").write_text(RAW)
    with pytest.raises(UsageError, match=r"new\.txt: is there, and no run made it"):
        batch(source, tmp_path / "out", executor=threads)
    (tmp_path / "out" / "new.txt").unlink()
    assert counts(batch(source, tmp_path / "out", executor=threads)) == (1, 5, 0)


def test_an_output_of_another_input_is_not_replaced(source: Path, tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_text(RAW.replace("crane", "lamp"))
    batch(source, tmp_path / "out", executor=threads)
    with pytest.raises(UsageError, match=r"a\.txt: was made of .*in/a\.txt, and would be made of .*other/a\.txt"):
        batch(other, tmp_path / "out", executor=threads)
    assert "crane" in (tmp_path / "out" / "a.txt").read_text()
    assert batch(other, tmp_path / "out", executor=threads, force=True).done == 1
    assert "lamp" in (tmp_path / "out" / "a.txt").read_text()


def test_inputs_that_moved_or_go_by_another_name_are_the_same(
    source: Path, tmp_path: Path, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch(source, tmp_path / "out", executor=threads)
    monkeypatch.chdir(tmp_path)
    assert batch("in", "out", executor=threads).skipped == 5
    (tmp_path / "link").symlink_to(source)
    assert batch(tmp_path / "link", tmp_path / "out", executor=threads).skipped == 5
    source.rename(tmp_path / "moved")
    (tmp_path / "link").unlink()
    assert batch(tmp_path / "moved", tmp_path / "out", executor=threads).skipped == 5


def test_a_memory_that_was_deleted_or_is_of_another_version_refuses_nothing(
    source: Path, tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    batch(source, tmp_path / "out", executor=threads)
    (tmp_path / "out" / ".cleaner" / "manifest.sqlite").unlink()
    assert batch(source, tmp_path / "out", executor=threads).done == 5


def test_outputs_of_inputs_that_are_gone_are_named(source: Path, tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    said: list[str] = []
    batch(source, tmp_path / "out", executor=threads)
    (source / "a.txt").rename(source / "z.txt")
    batch(source / "sub", tmp_path / "out" / "sub", executor=threads, force=True)
    batch(source, tmp_path / "out", executor=threads, progress=lambda now: said.extend(now.said))
    assert said == [f"1 output of inputs that are gone left in place: {tmp_path / 'out' / 'a.txt'}"]


def test_failures_of_an_earlier_run_are_said_again(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    (tmp_path / "f.jsonl").write_text('{"text": 5}\n' + json.dumps({"text": PROSE}) + "\n")
    said: list[str] = []
    for _ in range(2):
        batch(tmp_path / "f.jsonl", tmp_path / "out", executor=threads, progress=lambda now: said.extend(now.said))
    first, again = said
    assert "f.jsonl:1: " in first
    assert "1 page failed before: " in again


def test_a_mistyped_field_is_said_in_a_few_lines(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    (tmp_path / "f.jsonl").write_text((json.dumps({"txt": PROSE}) + "\n") * 500)
    said: list[str] = []
    result = batch(tmp_path / "f.jsonl", tmp_path / "out", executor=threads, progress=lambda now: said.extend(now.said))
    assert counts(result) == (0, 0, 500)
    assert len(said) == 21
    assert "more of its records failed" in said[-1]
    assert len((tmp_path / "out" / "failures.jsonl").read_text().splitlines()) == 500
