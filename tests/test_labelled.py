"""Labelled corpora: what is read from rows and folders, and what is said of those that cannot be used."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from cleaner.errors import CleanerError, ReadError, UsageError
from cleaner.labelled import Gold, Labelled, read_corpus

PAGE = {
    "id": "fees",
    "url": "https://harbour.example/fees",
    "type": "article",
    "text": "Home\nNews\nMooring fees will rise in spring.\n",
}
GOLD = {"id": "fees", "gold": "Mooring fees will rise in spring.", "with": ["fees will rise"], "without": ["Home News"]}
FEES = Labelled(
    "fees",
    str(PAGE["text"]),
    "text",
    "https://harbour.example/fees",
    "article",
    Gold("Mooring fees will rise in spring.", ("fees will rise",), ("Home News",)),
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write_rows(path: str, *rows: object) -> None:
    data = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    Path(path).write_bytes(gzip.compress(data) if path.endswith(".gz") else data)


def write_files(**texts: str) -> None:
    """Writes files; ``a__b_txt`` is a/b.txt."""
    for name, text in texts.items():
        path = Path(name.replace("__", "/").replace("_", "."))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def joined(page: Labelled) -> Labelled:
    """The page as it is when url and type came with the gold."""
    return page._replace(gold=page.gold._replace(url=None, type=""))


@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.gz"])
def test_rows_of_two_files_are_matched_by_id(suffix: str) -> None:
    other = {**PAGE, "id": 7, "text": "Nothing of note."}
    write_rows(f"pages.{suffix}", PAGE, other)
    write_rows(f"gold.{suffix}", {"id": "7", "gold": ""}, GOLD)
    corpus = read_corpus(f"pages.{suffix}", f"gold.{suffix}")
    assert corpus.pages[0] == FEES
    assert [(page.id, page.gold) for page in corpus.pages[1:]] == [("7", Gold(""))]
    assert corpus.golds_alone == 0


def test_one_file_may_hold_both() -> None:
    write_rows("all.jsonl", {**PAGE, **GOLD})
    assert [joined(page) for page in read_corpus("all.jsonl").pages] == [FEES]
    assert read_corpus("all.jsonl", "all.jsonl").pages == read_corpus("all.jsonl").pages


def test_url_and_type_may_stand_with_the_gold() -> None:
    write_rows("pages.jsonl", {"id": "fees", "text": PAGE["text"]})
    write_rows("gold.jsonl", {**GOLD, "url": PAGE["url"], "type": "article"})
    assert [joined(page) for page in read_corpus("pages.jsonl", "gold.jsonl").pages] == [FEES]


@pytest.mark.parametrize(("field", "format"), [("text", "text"), ("markdown", "markdown"), ("html", "html")])
def test_the_field_says_the_format(field: str, format: str) -> None:
    write_rows("all.jsonl", {"id": "a", field: "Tide tables", "gold": "Tide tables"})
    assert [(page.data, page.format) for page in read_corpus("all.jsonl").pages] == [("Tide tables", format)]


def test_a_field_of_ones_own_is_text() -> None:
    write_rows("all.jsonl", {**GOLD, "html": "<p>Tides", "wet": "Tides"})
    assert [(page.data, page.format) for page in read_corpus("all.jsonl", text_field="wet").pages] == [
        ("Tides", "text")
    ]
    assert [page.data for page in read_corpus("all.jsonl", text_field="html").pages] == ["<p>Tides"]


def test_golds_without_a_page_are_counted() -> None:
    write_rows("pages.jsonl", PAGE)
    write_rows("gold.jsonl", GOLD, {"id": "tides", "gold": ""}, {"id": "cranes", "gold": ""})
    assert read_corpus("pages.jsonl", "gold.jsonl").golds_alone == 2


def test_blank_lines_and_a_byte_order_mark_are_no_rows() -> None:
    Path("all.jsonl").write_bytes(b"\xef\xbb\xbf" + json.dumps({**PAGE, **GOLD}).encode() + b"\n\n  \n")
    assert len(read_corpus("all.jsonl").pages) == 1


def test_folders_are_matched_by_name() -> None:
    write_files(raw__fees_html="<p>Fees", raw__sub__tides_md="# Tides", raw__cranes_txt="Cranes", raw__bells="Bells")
    write_files(gold__fees_txt="Fees", gold__sub__tides_txt="Tides", gold__cranes_text="", gold__bells_txt="Bells")
    found = [(page.id, page.data, page.format, page.gold.text) for page in read_corpus("raw", "gold").pages]
    assert found == [
        ("bells", b"Bells", "auto", "Bells"),
        ("cranes", b"Cranes", "text", ""),
        ("fees", b"<p>Fees", "html", "Fees"),
        ("sub/tides", b"# Tides", "markdown", "Tides"),
    ]


def test_a_folder_of_packed_pages_goes_with_rows_of_gold() -> None:
    Path("raw").mkdir()
    Path("raw/fees.html.gz").write_bytes(gzip.compress(b"<p>Fees"))
    Path("raw/.hidden.html").write_text("never read")
    write_rows("gold.jsonl", GOLD)
    assert [(page.data, page.format) for page in read_corpus("raw", "gold.jsonl").pages] == [(b"<p>Fees", "html")]


def test_gold_in_an_old_encoding_is_read() -> None:
    write_files(raw__fees_txt="Gebühren")
    Path("gold").mkdir()
    gold = "Die Gebühren für die Liegeplätze steigen im Frühjahr, und niemand hat etwas dagegen gehabt."
    Path("gold/fees.txt").write_bytes(gold.encode("cp1252"))
    assert read_corpus("raw", "gold").pages[0].gold.text == gold


WRONG_ROWS = {
    "{": "all.jsonl:2: not JSON",
    "[" * 100_000: "all.jsonl:2: not JSON",
    "\ud800": "all.jsonl:2: not JSON",
    "[1]": "all.jsonl:2: an object is needed",
    '{"text": "", "gold": ""}': 'all.jsonl:2: no "id"',
    '{"id": true, "text": "", "gold": ""}': 'all.jsonl:2: no "id"',
    '{"id": "b", "text": ""}': 'all.jsonl:2: no "gold"',
    '{"id": "b", "gold": ""}': 'all.jsonl:2: no "text"',
    '{"id": "b", "text": 3, "gold": ""}': 'all.jsonl:2: "text" must be a text, not int',
    '{"id": "b", "text": "", "html": "", "gold": ""}': "all.jsonl:2: holds text and html; choose one with --text-field",
    '{"id": "b", "text": "", "gold": "", "with": "x"}': 'all.jsonl:2: "with" must be a list of texts',
    '{"id": "fees", "text": "", "gold": ""}': "all.jsonl:2: the id fees was given before, in all.jsonl:1",
}


@pytest.mark.parametrize("row", WRONG_ROWS, ids=[message.partition(":2: ")[2] for message in WRONG_ROWS.values()])
def test_a_wrong_row_is_told_with_its_line(row: str) -> None:
    Path("all.jsonl").write_bytes(f"{json.dumps({**PAGE, **GOLD})}\n{row}\n".encode("utf-8", "surrogatepass"))
    with pytest.raises(ReadError) as error:
        read_corpus("all.jsonl")
    assert str(error.value).startswith(WRONG_ROWS[row])


def test_pages_without_gold_are_named() -> None:
    write_rows("pages.jsonl", PAGE, *({**PAGE, "id": number} for number in range(5)))
    write_rows("gold.jsonl", GOLD)
    with pytest.raises(ReadError, match=r"gold\.jsonl: 5 of 6 pages have no gold: 0, 1, 2 and 2 more; give"):
        read_corpus("pages.jsonl", "gold.jsonl")


@pytest.mark.parametrize(
    ("pages", "gold", "kind", "message"),
    [
        ("gone.jsonl", "gold.jsonl", UsageError, "gone.jsonl: no such file or folder"),
        ("pages.jsonl", "gone", UsageError, "gone: no such file or folder"),
        ("raw", None, UsageError, "raw: is a folder"),
        ("empty.jsonl", "gold.jsonl", ReadError, "empty.jsonl: no pages"),
        ("broken.jsonl.gz", "gold.jsonl", ReadError, "broken.jsonl.gz: cannot be read"),
    ],
)
def test_a_wrong_path_is_told(pages: str, gold: str | None, kind: type[CleanerError], message: str) -> None:
    Path("raw").mkdir()
    write_rows("pages.jsonl", PAGE)
    write_rows("gold.jsonl", GOLD)
    write_rows("empty.jsonl")
    Path("broken.jsonl.gz").write_bytes(gzip.compress(json.dumps(PAGE).encode())[:-12])
    with pytest.raises(kind) as error:
        read_corpus(pages, gold)
    assert str(error.value).startswith(message)


def test_a_field_of_a_folder_is_refused() -> None:
    write_files(raw__fees_txt="Fees")
    with pytest.raises(UsageError, match="--text-field wet"):
        read_corpus("raw", "raw", text_field="wet")


def test_two_files_of_one_name_are_refused() -> None:
    write_files(raw__fees_txt="Fees", raw__fees_html="<p>Fees")
    with pytest.raises(ReadError, match="the id fees was given before"):
        read_corpus("raw", "raw")
