"""The way back: exact, or refused with what is wrong."""

from __future__ import annotations

import json

import pytest

import cleaner
from cleaner.audit import account, restore
from cleaner.config import Config

PAGE = "Home\r\n\r\nDie Brücke öffnet im Frühling wieder.\r\n  Teilen  \r\nEnde"
DROP = Config(drop=("Home", "Teilen"), only=("U",))


def cleaned(data: bytes) -> tuple[bytes, dict[str, object]]:
    """A clean text as it would be written, and its account as it would be read again."""
    result = cleaner.clean(data, format="text", config=DROP)
    assert "Home" not in result.text
    return result.text.encode(), json.loads(json.dumps(account(result)))


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_the_source_comes_back(name: str) -> None:
    data = PAGE.encode(name)
    text, saved = cleaned(data)
    assert text == "Die Brücke öffnet im Frühling wieder.\r\nEnde".encode()
    assert restore(text, saved) == data


def test_bytes_that_are_no_text_come_back() -> None:
    data = "Home\nDie Brücke öffnet für alle.\n".encode() + b"Teilen \xff\xfe\n\xc3 caf\xe9 \xef\xbf\xbd\n\x00"
    text, saved = cleaned(data)
    assert b"\xff" not in text
    assert restore(text, saved) == data


def test_bytes_with_several_spellings_come_back() -> None:
    data = b"\x1b$B\x1b(B\x1b(BHome\nText +2AA- here\n"
    result = cleaner.clean(data, config=DROP, encoding="iso2022_jp")
    assert restore(result.text.encode(), account(result)) == data
    result = cleaner.clean(data, config=DROP, encoding="utf-7")
    assert restore(result.text.encode(), account(result)) == data


@pytest.mark.parametrize("page", [PAGE, "Home\n\nHalf a pair \ud800 stays half a pair.\n"])
def test_the_clean_text_may_be_a_text(page: str) -> None:
    result = cleaner.clean(page, config=DROP)
    assert restore(result.text, account(result)) == page.encode("utf-8", "surrogatepass")


def test_an_emptied_page_comes_back() -> None:
    text, saved = cleaned(b"\n  Home\n\n")
    assert text == b""
    assert restore(text, saved) == b"\n  Home\n\n"


def test_a_text_comes_back_as_utf8() -> None:
    result = cleaner.clean(PAGE, config=DROP)
    assert restore(result.text.encode(), account(result)) == PAGE.encode()


@pytest.mark.parametrize("edit", [lambda text: text + b"\n", lambda text: text.replace(b"\r", b""), lambda text: b""])
def test_an_edited_text_is_refused(edit) -> None:
    text, saved = cleaned(PAGE.encode())
    with pytest.raises(cleaner.ReadError, match="not the one of this account: it was edited since"):
        restore(edit(text), saved)


@pytest.mark.parametrize("foreign", [None, [], "text", 3, {}, {"schema": 2}, {"schema": "1"}, {"rows": []}])
def test_what_is_no_account_is_refused(foreign: object) -> None:
    with pytest.raises(cleaner.ReadError, match="not an account"):
        restore(b"", foreign)


def damaged(saved: dict[str, object]) -> list[dict[str, object]]:
    """The account with one thing wrong at a time."""
    source, removals = saved["source"], saved["removals"]
    first = removals[0]
    return [
        {**saved, "removals": removals[1:]},
        {**saved, "removals": None},
        {**saved, "removals": [3]},
        {**saved, "removals": [{**first, "text": "Hime"}, *removals[1:]]},
        {**saved, "removals": [{key: first[key] for key in first if key != "cut"}, *removals[1:]]},
        {**saved, "removals": [{**first, "cut": {**first["cut"], "start": "x"}}, *removals[1:]]},
        {**saved, "source": None},
        {**saved, "source": {**source, "encoding": "no-such"}},
        {**saved, "source": {**source, "encoding": "utf-16"}},
        {**saved, "source": {**source, "bom": "zz"}},
        {**saved, "source": {**source, "undecodable": [[0]]}},
        {**saved, "source": {**source, "undecodable": 7}},
        {**saved, "source": {**source, "raw": "!"}},
        {**saved, "source": {**source, "sha256": ""}},
        {key: saved[key] for key in saved if key != "source"},
    ]


@pytest.mark.parametrize("number", range(15))
def test_a_damaged_account_is_refused(number: int) -> None:
    text, saved = cleaned(PAGE.encode())
    with pytest.raises(cleaner.ReadError, match=r"account is damaged|not an account"):
        restore(text, damaged(saved)[number])


def test_html_is_not_restored() -> None:
    text, saved = cleaned(PAGE.encode())
    with pytest.raises(cleaner.ReadError, match="HTML"):
        restore(text, {**saved, "format": "html"})
