"""``cleaner score`` and ``cleaner fit`` on the command line: tables, JSON, streams and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from labels import fixture_names, labels_of

from cleaner.cli import main
from cleaner.cues import second_look

FIXTURES = Path(__file__).parent.parent / "fixtures"
BODY = (
    "The harbour board met on Monday and agreed that the old crane on the eastern quay has to come down.\n\n"
    "It was built before the war, and nobody has trusted it with more than a crate of herring since.\n"
)
RAW = f"Home\nNews\nSports\nContact us\n\n{BODY}"
GOOD = {"id": "good", "url": "https://quay.example/", "type": "article", "text": RAW, "gold": BODY}
STAY, GO = ["crate of herring"], ["Home News"]
POOR = {
    "id": "poor",
    "type": "list",
    "text": f"{RAW}\nTide tables\n",
    "gold": f"Home\nNews\n{BODY}",
    "with": STAY,
    "without": GO,
}


class Called(NamedTuple):
    """What a call of the command gave back."""

    code: int
    out: str
    err: str


Call = Callable[..., Called]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> Call:
    """Calls the command in a folder that holds all.jsonl."""
    monkeypatch.chdir(tmp_path)
    write_rows("all.jsonl", GOOD, POOR)

    def run(*argv: str) -> Called:
        code = main(argv)
        out, err = capfdbinary.readouterr()
        return Called(code, out.decode(), err.decode())

    return run


def write_rows(path: str, *rows: dict[str, object]) -> None:
    Path(path).write_text("".join(f"{json.dumps(row)}\n" for row in rows))


# score --------------------------------------------------------------------------------------------


SCORED = """\
                pages  precision  recall      F1
all pages           2     0.9756  0.9756  0.9756
gold not empty      2     0.9756  0.9756  0.9756
article             1     1.0000  1.0000  1.0000
list                1     0.9512  0.9512  0.9512

words wrongly kept       2  of 80 that stay
words wrongly removed    2  of 80 that are wanted
words never on the page  0  of 80 that are wanted
snippets that must stay  1  of 1 are there
snippets that must go    0  of 1 are still there

code  filter  pages  words removed  wrongly  share
N102  menu        2             10        2  20.0%

precision  recall      F1  page  type     kept wrongly  removed wrongly
   0.9512  0.9512  0.9512  poor  list                2  N102 2
   1.0000  1.0000  1.0000  good  article             0
"""


def test_score_is_a_table(call: Call) -> None:
    """Two pages whose menu goes, and on one of them half of it should have stayed."""
    called = call("score", "all.jsonl", "--only", "N", "--jobs", "1")
    assert (called.code, called.err) == (0, "")
    assert called.out == SCORED


def test_score_as_json(call: Call) -> None:
    called = call("score", "all.jsonl", "all.jsonl", "--only", "N", "--json", "--worst", "1")
    assert (called.code, called.err) == (0, "")
    found = json.loads(called.out)
    assert found["groups"]["all pages"] == {"pages": 2, "precision": 0.97561, "recall": 0.97561, "f1": 0.97561}
    assert list(found["groups"]) == ["all pages", "gold not empty", "article", "list"]
    assert found["words"] == {"gold_words": 80, "kept_words": 80, "kept_wrong": 2, "absent": 0}
    assert found["snippets"] == {"stay": 1, "stay_found": 1, "go": 1, "go_found": 0}
    assert found["filters"] == [{"code": "N102", "pages": 2, "words": 10, "wrong": 2}]
    assert [(page["id"], page["f1"]) for page in found["worst"]] == [("poor", 0.95122)]
    assert found["failed"] == {}


@pytest.mark.parametrize(("worst", "shown"), [("0", []), ("1", ["poor"]), ("9", ["poor", "good"])])
def test_worst_pages_come_first(call: Call, worst: str, shown: list[str]) -> None:
    found = json.loads(call("score", "all.jsonl", "--worst", worst, "--only", "N", "--json").out)
    assert [page["id"] for page in found["worst"]] == shown


def test_score_is_the_same_with_any_number_of_jobs(call: Call) -> None:
    rows = [{**POOR, "id": f"{number}", "text": f"{RAW}\nTable {number}\n"} for number in range(40)]
    write_rows("many.jsonl", *rows)
    one, two = (call("score", "many.jsonl", "--jobs", jobs) for jobs in ("1", "3"))
    assert one == two
    assert one.code == 0


def test_choices_and_configuration_hold(call: Call) -> None:
    assert "N102" in call("score", "all.jsonl").out
    assert "N102" not in call("score", "all.jsonl", "--skip", "n").out
    Path("cleaner.toml").write_text('skip = ["N"]\n')
    assert "N102" not in call("score", "all.jsonl").out
    assert "N102" in call("score", "all.jsonl", "--isolated").out


def test_two_folders(call: Call) -> None:
    for folder, text in (("raw", RAW), ("gold", BODY)):
        Path(folder).mkdir()
        Path(folder, "fees.txt").write_text(text)
    called = call("score", "raw", "gold", "--only", "N")
    assert called.code == 0
    assert called.out.startswith(
        "                pages  precision  recall      F1\nall pages           1     1.0000  1.0000  1.0000\n"
    )


def test_golds_without_page_are_said(call: Call) -> None:
    write_rows("gold.jsonl", GOOD, POOR, {**GOOD, "id": "other"})
    called = call("score", "all.jsonl", "gold.jsonl")
    assert (called.code, called.err) == (0, "cleaner: gold.jsonl: 1 gold has no page and does not count\n")


def test_pages_that_fail_are_said_and_count(call: Call) -> None:
    Path("raw").mkdir()
    Path("raw/good.txt").write_text(RAW)
    for number in range(5):
        Path(f"raw/bad{number}.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    write_rows("gold.jsonl", GOOD, *({**GOOD, "id": f"bad{number}"} for number in range(5)))
    called = call("score", "raw", "gold.jsonl", "--only", "N")
    assert called.code == 3
    lines = called.err.splitlines()
    assert [line.split(":")[1].strip() for line in lines[:3]] == ["bad0", "bad1", "bad2"]
    assert lines[3] == "cleaner: 2 more pages failed; every failed page counts as emptied"
    assert "all pages           6     0.1667" in called.out


@pytest.mark.parametrize(
    ("argv", "code", "message"),
    [
        (["score"], 2, "missing argument"),
        (["score", "gone.jsonl"], 2, "gone.jsonl: no such file or folder"),
        (["score", "all.jsonl", "--text-field", "wet"], 3, 'all.jsonl:1: no "wet" field'),
        (["score", "all.jsonl", "--skip", "Q"], 2, 'no filter or family is called "Q"'),
        (["score", "all.jsonl", "--jobs", "0"], 2, "--jobs"),
        (["score", "wrong.jsonl"], 3, "wrong.jsonl:1: not JSON"),
        (["fit", "all.jsonl"], 2, "2 pages fill 1 of 5 folds"),
        (["fit", "all.jsonl", "-o", "-"], 2, "name a file for the points"),
        (["fit", "all.jsonl", "-o", "all.jsonl"], 2, "all.jsonl: is the input"),
        (["fit", "all.jsonl", "-o", "raw.txt"], 2, "raw.txt: is no points file"),
        (["fit", "all.jsonl", "-o", "gone/points.toml"], 2, "gone does not exist"),
        (["fit", "all.jsonl", "--weigh", "article"], 2, "--weigh article: give a type of pages and a number above 0"),
        (["fit", "all.jsonl", "--weigh", "article=0"], 2, "--weigh article=0: give a type"),
        (["fit", "all.jsonl", "--weigh", "article=nan"], 2, "--weigh article=nan: give a type"),
        (["fit", "all.jsonl", "--weigh", "poem=2"], 2, "--weigh poem: no page is of this type; the types are: "),
        (["raw.txt", "--points", "gone.toml"], 2, "gone.toml: No such file"),
        (["raw.txt", "--points", "all.jsonl"], 2, "all.jsonl: is no points file"),
    ],
)
def test_wrong_usage_is_said_in_one_line(call: Call, argv: list[str], code: int, message: str) -> None:
    pytest.importorskip("numpy")
    Path("wrong.jsonl").write_text("{\n")
    Path("raw.txt").write_text((FIXTURES / "news-doubled-en" / "source.txt").read_text("utf-8"))
    called = call(*argv)
    assert (called.code, called.out) == (code, "")
    assert message in called.err
    assert called.err.count("\n") == 1


@pytest.mark.parametrize("command", [[], ["diff"], ["explain"], ["batch"]])
@pytest.mark.parametrize(
    ("points", "message"), [("gone.toml", "gone.toml: No such file"), ("raw.txt", "raw.txt: is no points file")]
)
def test_wrong_points_are_said_once(call: Call, command: list[str], points: str, message: str) -> None:
    for name in ("raw.txt", "other.txt"):
        Path(name).write_text("One sentence is a page.\n")
    called = call(*command, "--points", points, "raw.txt", "other.txt", "out")
    assert (called.code, called.out, called.err.count("\n")) == (2, "", 1)
    assert called.err.startswith(f"cleaner: {message}")


def test_score_needs_no_numpy() -> None:
    code = """
import sys
sys.modules["numpy"] = None
from cleaner.cli import main
sys.exit(main(sys.argv[1:]))
"""
    row = json.dumps(GOOD) + "\n"
    argv = [sys.executable, "-c", code, "score", "/dev/stdin", "--jobs", "1"]
    done = subprocess.run(argv, input=row, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    argv[3] = "fit"
    done = subprocess.run(argv, input=row, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "cleaner: fitting needs numpy, which is not installed; pip install 'cleaner[fit]'\n"


# fit ----------------------------------------------------------------------------------------------


def write_fixtures() -> None:
    """Writes the fixtures as fixtures.jsonl."""
    rows: list[dict[str, object]] = []
    for name in fixture_names():
        gold = "\n".join(label.text for label in labels_of(name) if label.mark != "-")
        rows.append({"id": name, "wet": (FIXTURES / name / "source.txt").read_text("utf-8"), "gold": gold})
    write_rows("fixtures.jsonl", *rows)


def test_fit_writes_points_that_clean_uses(call: Call) -> None:
    pytest.importorskip("numpy")
    write_fixtures()
    argv = ["fit", "./fixtures.jsonl", "--text-field", "wet", "--folds", "2", "-o", "points.toml"]
    called = call(*argv)
    assert (called.code, called.err) == (0, "")
    assert called.out.startswith(f"learnt from {len(fixture_names())} pages and their golds at weight 0.5: ")
    assert "\nall pages " in called.out
    assert "\nall golds " in called.out
    first = Path("points.toml").read_bytes()
    assert b"\n# cleaner fit fixtures.jsonl --text-field wet --folds 2\n# learnt from" in first
    assert list(tomllib.loads(first.decode())) == ["text"]
    call(*argv)
    assert Path("points.toml").read_bytes() == first

    Path("raw.txt").write_text((FIXTURES / "shop-bs-de" / "source.txt").read_text("utf-8"))
    none = first.decode().partition("cues = '''")[0] + "cues = '''\n'''\n"
    Path("none.toml").write_text(none.replace("bias = ", "bias = 9"))
    shipped, fitted, kept = (
        call("raw.txt", *argv).out for argv in ([], ["--points", "points.toml"], ["--points", "none.toml"])
    )
    assert len(kept) > max(len(fitted), len(shipped))
    Path("cleaner.toml").write_text('points = "none.toml"\n')
    assert call("raw.txt").out == kept


def test_fit_as_json(call: Call) -> None:
    pytest.importorskip("numpy")
    write_fixtures()
    called = call(
        "fit", "fixtures.jsonl", "--text-field", "wet", "--folds", "2", "--without-clean", "--json", "--most-cues", "60"
    )
    found = json.loads(called.out)
    assert (called.code, called.err) == (0, "")
    assert found["choices"]["clean_weight"] == 0
    assert 0 < len(found["card"]["first_points"]) <= 60
    assert set(found["card"]["points"]) <= {*found["card"]["first_points"], *second_look.CUES}
    assert found["groups"]["all pages"]["pages"] == len(fixture_names())
    assert found["clean"][0]["name"] == "all golds"
