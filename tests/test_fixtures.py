"""Whole pages: each fixture's diff is its golden, and no line that a person wants to keep is lost.

``pytest --update-goldens`` writes the goldens anew; review what changed like code.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from labels import FIXTURES, disagreements, fixture_names, kept_lines, labels_of

from cleaner import clean, unified_diff

NAMES = fixture_names()
CLEAN = {name for name in NAMES if "-clean-" in name or "-refrain-" in name}
# Lines of scraped pages that must stay and still go, by fixture: their numbers, and why they go.
KNOWN_LOSSES = tomllib.loads(Path(__file__).with_name("known_losses.toml").read_text("utf-8"))
LEAST_REMOVED = 0.8  # of the lines of all fixtures that must go; goldens hold the exact ones


def source_of(name: str) -> str:
    return (FIXTURES / name / "source.txt").read_bytes().decode("utf-8")


def diff_of(name: str) -> str:
    """What ``cleaner diff source.txt`` prints into a pipe."""
    return "".join(unified_diff(clean(source_of(name)).page, "source.txt", "source.txt"))


def golden(name: str) -> Path:
    return FIXTURES / name / "expected.diff"


@pytest.mark.parametrize("name", NAMES)
def test_diff_is_the_golden(name: str, update_goldens: bool) -> None:
    found = diff_of(name)
    if update_goldens:
        golden(name).write_bytes(found.encode("utf-8"))
    assert found == golden(name).read_bytes().decode("utf-8")


def test_the_page_of_the_readme_comes_out_as_it_should() -> None:
    assert disagreements("news-doubled-en") == []


@cache
def lost_lines(name: str) -> dict[int, str]:
    """The lines of a fixture that must stay and go, by their numbers."""
    return {one.line: one.label.text for one in disagreements(name) if one.kind == "lost"}


@pytest.mark.parametrize("name", NAMES)
def test_no_line_that_must_stay_is_lost(name: str) -> None:
    known = {line for entry in KNOWN_LOSSES.get(name, ()) for line in entry["lines"]}
    assert {line: text for line, text in lost_lines(name).items() if line not in known} == {}


@pytest.mark.parametrize(
    ("name", "line"),
    [
        pytest.param(name, line, marks=pytest.mark.xfail(reason=entry["reason"], strict=True))
        for name, entries in KNOWN_LOSSES.items()
        for entry in entries
        for line in entry["lines"]
    ],
)
def test_known_losses_are_mended(name: str, line: int) -> None:
    """Strict: a line that stays again must leave the list."""
    assert line not in lost_lines(name)


def test_clean_text_has_no_known_losses() -> None:
    assert CLEAN.isdisjoint(KNOWN_LOSSES)


def test_most_lines_that_must_go_are_removed() -> None:
    go = sum(label.mark == "-" for name in NAMES for label in labels_of(name))
    missed = sum(one.kind == "missed" for name in NAMES for one in disagreements(name))
    assert missed <= (1 - LEAST_REMOVED) * go


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_clean_text_passes_through(name: str) -> None:
    result = clean(source_of(name))
    assert result.text == source_of(name)
    assert result.removals == ()


@pytest.mark.parametrize("name", NAMES)
def test_cleaning_twice_loses_no_line_that_must_stay(name: str) -> None:
    once = clean(source_of(name))
    kept = {line.strip() for line in clean(once.text).text.split("\n")}
    pairs = zip(labels_of(name), kept_lines(once.page), strict=False)
    stay = [line.strip() for label, line in pairs if label.mark == " "]
    assert [line for line in stay if line not in kept] == []


@pytest.mark.parametrize("name", ["news-doubled-en", "lynx-blog-en"])
def test_command_prints_the_golden(name: str) -> None:
    call = [sys.executable, "-m", "cleaner", "diff", "--isolated", "source.txt"]
    done = subprocess.run(call, cwd=FIXTURES / name, capture_output=True, check=True, timeout=60)
    assert done.stdout == golden(name).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_labels_are_the_source(name: str) -> None:
    labels = labels_of(name)
    assert "".join(label.text + "\n" for label in labels) == source_of(name)
    assert all(label.mark in " -?" for label in labels)
    assert all(label.mark for label in labels if label.text)


def test_languages_and_sizes() -> None:
    """At least three fixtures in each of the four first languages, none of them a toy."""
    for language in ("de", "en", "es", "fr"):
        assert sum(name.endswith(f"-{language}") for name in NAMES) >= 3
    for name in NAMES:
        assert 60 <= source_of(name).count("\n") <= 400, name
