"""What the text reader asks about lines: the width they are wrapped at, and which of them go on."""

from __future__ import annotations

import pytest

from cleaner.readers import layout

WRAPPED = [
    "The harbour office sells tickets until half past six, and the machine",
    "on the quay never closes, although nobody on the island can remember",
    "when it last took a coin.",
]


def width_of(lines: list[str]) -> int:
    texts = [line.strip() for line in lines]
    return layout.wrap_width(lines, texts, wide=layout.has_wide(texts))


def test_the_width_is_where_the_next_word_no_longer_fitted() -> None:
    assert 68 <= width_of(WRAPPED) <= 72


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["One line that stands alone, however long it may be, shows nothing."],
        ["Tides", "webcams", "fares"],
        [
            "the ferry to Skerry Point sails on Monday at seven",
            "the museum of nets and floats opens its doors at noon, and stays open until six",
            "the board of the harbour meets on the last Friday of the month",
            "a gull",
        ],
    ],
    ids=["nothing", "one line", "menu", "list"],
)
def test_lines_that_nobody_wrapped_have_no_width(lines: list[str]) -> None:
    assert width_of(lines) == 0


def test_long_lines_among_the_wrapped_ones_speak_against_a_width() -> None:
    long_lines = ["A line much longer than any that a program had wrapped, for it runs on and on and on and on."] * 4
    assert width_of([*WRAPPED, *long_lines]) == 0


def test_an_ideograph_takes_two_columns() -> None:
    assert layout.columns_of("港に", wide=True) == 4
    assert layout.columns_of("港に", wide=False) == 2


@pytest.mark.parametrize(
    "text", ["• warm clothes", "- warm clothes", "12. warm clothes", "3) warm clothes", "b) gloves"]
)
def test_an_item_begins_with_a_bullet_or_a_number(text: str) -> None:
    assert layout.kind_of(text, 0) == "item"


@pytest.mark.parametrize(
    "text", ["-5 degrees at noon", "1979. That year", "3.5 knots", "A. Skerry", "•", "o gull", "> Home"]
)
def test_what_only_looks_like_an_item(text: str) -> None:
    assert layout.kind_of(text, 0) == "paragraph"


def test_letters_are_bullets_where_lynx_indents_them() -> None:
    assert layout.kind_of("o Tides and winds", 10) == "item"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Skerry Point  07:00    08:10", True),
        ("Skerry Point\t07:00", True),
        ("| Skerry | 07:00 |", True),
        ("The ferry sails.  The gull sits.", False),
        ("Home | Tides | Fares", False),
    ],
)
def test_columns_are_apart_by_more_than_a_space(text: str, columns: bool) -> None:
    assert layout.has_columns(text) is columns


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ("Acme Cloud", ", a suite of tools", ""),
        ("by the captain (", "Skerry Gazette", ")"),
        ("The board of the harbour agrees with", "the captain of the ferry on this", ""),
        ("The office sells its tickets at the", "Old Net House", ", on the quay"),
        ("The office was closed for the whole winter", "(as it always is)", ""),
        ("The gull", "\u2019s nest", ""),
        ("The office sells tickets for the ferry", "and", "Skerry Point"),
    ],
)
def test_lines_that_go_on(before: str, text: str, after: str) -> None:
    assert layout.is_continued(before, text, after, len(before))


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ("The ferry sails again on Monday.", "the office of the harbour and its staff", ""),
        ("Home", "webcams", "tides"),
        ("How the winter went for those who stayed behind", "When it comes to", "ferry repairs"),
        ("A teaser on the Captain of the Ferry", "ferry", "tides"),
        ("226 Net Lane, Skerry Point in summer", "(555) 0142", ""),
        ("The office is closed for the winter", "- warm clothes", ""),
        ("The office is closed for the winter", ".net developers", ""),
    ],
)
def test_lines_that_begin_anew(before: str, text: str, after: str) -> None:
    assert not layout.is_continued(before, text, after, len(before))
