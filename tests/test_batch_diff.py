"""``cleaner diff`` over folders and containers: from accounts, or by cleaning again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import batch
from cleaner.cli import main
from cleaner.runs import removed
from cleaner.runs.removed import RemovedSums

PROSE = "The harbour board met on Monday and agreed that the old crane on the eastern quay has to come down.\n"
Call = Callable[..., tuple[int, str, str]]


def page(number: int) -> str:
    return f"Home\n{'News' if number % 2 else 'Business'}\nSports\nContact us\n\n{PROSE}\nShare on Facebook\n"


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Call:
    """Calls the command where there is a folder of pages and a container."""
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    for number in range(4):
        Path(f"in/{number}.txt").write_text(page(number))
    Path("in/p.jsonl").write_text(json.dumps({"text": page(5)}) + "\n")

    def run(*argv: str) -> tuple[int, str, str]:
        code = main(["diff", *argv])
        out, err = capfd.readouterr()
        return code, out, err

    return run


TEXTS = """N102 menu  20 blocks
        5 -Contact us
        5 -Home
        5 -Sports
        3 -News
        2  times other texts
S101 share_bar  5 blocks
        5 -Share on Facebook
"""


def test_texts_with_counts(call: Call) -> None:
    code, out, err = call("in", "--top", "4")
    assert (code, err) == (0, "cleaner: 5 pages were cleaned again; --audits takes what cleaner batch --audits wrote\n")
    assert without_shares(out) == TEXTS.splitlines()
    assert call("in", "--exit-code")[0] == 1


def without_shares(text: str) -> list[str]:
    return [line.partition(",")[0] for line in text.splitlines()]


@pytest.mark.parametrize("name", ["0.txt", "p.jsonl", "failures.jsonl", "1", "00000001/0.txt"])
def test_inputs_may_bear_the_same_name(call: Call, name: str) -> None:
    """Nothing is written by these names: not for two inputs, nor where a run keeps its failures or needs a folder."""
    Path("b", name).parent.mkdir(parents=True)
    Path("b", name).write_text(json.dumps({"text": page(1)}) + "\n" if name.endswith(".jsonl") else page(1))
    code, out, err = call("in", "b", "--stat")
    assert (code, err.startswith("cleaner: 6 pages were cleaned again")) == (0, True)
    assert "all, in 6 pages" in out


def test_control_characters_are_shown(call: Call) -> None:
    Path("in/0.txt").write_text(PROSE.replace("agreed", "\x1b[2Jagreed"))
    _, out, _ = call("in/0.txt", "in/p.jsonl", "--drop", "crane")
    assert "\\x1b[2Jagreed" in out


@pytest.mark.parametrize("audits", ["audits", "audits.jsonl", "audits.parquet"])
def test_accounts_give_the_same(call: Call, audits: str) -> None:
    Path("in/nothing-goes.txt").write_text(PROSE)
    batch("in", "out", audits=audits, jobs=1)
    for options in ([], ["--stat"]):
        _, again, _ = call("in", *options)
        code, saved, err = call("--audits", audits, *options)
        said = f"cleaner: 6 pages, by what cleaner batch wrote to {audits}; nothing was cleaned again\n"
        assert (code, err) == (0, said)
        assert saved == again
    assert "all, in 6 pages" in again


def test_a_container_is_many_pages(call: Call) -> None:
    _, out, err = call("in/p.jsonl", "--stat")
    assert err.startswith("cleaner: 1 page was cleaned again")
    assert "all, in 1 page" in out


def test_records_and_folders_are_chosen_from(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("b.jsonl").write_text(json.dumps({"body": page(1)}) + "\n")
    assert "all, in 1 page" in call("b.jsonl", "--text-field", "body", "--stat")[1]
    assert "all, in 2 pages" in call("in", "--include", "*.txt", "--exclude", "[01].txt", "--stat")[1]
    with open("in/p.jsonl") as piped:
        monkeypatch.setattr("sys.stdin", piped)
        assert "all, in 1 page" in call("--stdin-filename", "p.jsonl", "--stat")[1]


def test_what_is_no_account_is_said(call: Call) -> None:
    Path("empty").mkdir()
    Path("wrong.jsonl").write_text('{"schema": 99}\n')
    assert call("--audits", "empty")[::2] == (
        2,
        "cleaner: empty: holds no accounts; name what cleaner batch --audits wrote\n",
    )
    assert call("--audits", "nowhere.jsonl")[0] == 2
    assert call("--audits", "x.parquet")[0] == 2
    pq.write_table(pa.table({"text": [PROSE]}), "pages.parquet")
    assert call("--audits", "pages.parquet")[0] == 3
    code, _, err = call("--audits", "wrong.jsonl")
    assert (code, err) == (3, "cleaner: wrong.jsonl:1: is no account; name what cleaner batch --audits wrote\n")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["in", "--audits", "a"], "inputs: no use with --audits"),
        (["nowhere", "--audits", "a", "--stat"], "inputs: no use with --audits"),
        (["--audits", "a", "--skip", "N"], "--skip: no use with --audits"),
        (["--audits", "a", "--include", "*.txt", "--preset", "recall"], "--include and --preset: no use with --audits"),
        (["--audits", "a", "-U", "1"], "--unified: no use with --audits"),
        (["in", "-U3"], "--unified: over a folder"),
        (["in", "-y"], "--side-by-side: over a folder"),
        (["in/p.jsonl", "--json"], "--json: over a folder"),
        (["in/0.txt", "--text-field", "text"], "--text-field: only for folders and containers"),
        (["in/0.txt", "--top", "3"], "--top: only for folders and containers"),
    ],
)
def test_what_would_have_no_effect_is_refused(call: Call, argv: list[str], said: str) -> None:
    code, out, err = call(*argv)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"cleaner: {said}")


def test_a_pattern_that_no_page_has_is_said_once(call: Call) -> None:
    _, _, err = call("in", "--drop", "walrus", "--drop", "Sports")
    assert err.startswith('cleaner: drop pattern "walrus" matched no block of any page\n')
    assert err.count("matched") == 1


def test_failures_are_said(call: Call) -> None:
    Path("in/bad.txt").write_bytes(b"%PDF-1.7\x00")
    code, _, err = call("in")
    assert code == 3
    assert "in/bad.txt: not text but a PDF document" in err


@pytest.mark.parametrize("again", [1, 40, 1000])
def test_memory_for_texts_is_bounded(monkeypatch: pytest.MonkeyPatch, again: int) -> None:
    """Also when texts come twice before they are forgotten; those that are forgotten were taken all the same."""
    monkeypatch.setattr(removed, "TEXTS_HELD", 100)
    sums = RemovedSums()
    for number in range(80):
        texts = ("Home", "News", *(f"seen in {number % again} at {place}" for place in range(10)))
        removals = [{"filter": "N102", "block": block, "text": text} for block, text in enumerate(texts)]
        sums.add({"text": PROSE, "removals": removals})
        assert len(sums._texts) <= 100
    (found,) = sums.result(2)
    assert (found.tally.blocks, found.others + sum(count for _, count in found.texts)) == (960, 960)
    assert found.texts == (("Home", 80), ("News", 80))
