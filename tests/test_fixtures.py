"""Whole pages: each fixture's diff is its golden, and no line that a person wants to keep is lost.

``pytest --update-goldens`` writes the goldens anew; review what changed like code.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from labels import FIXTURES, disagreements, fixture_names, kept_lines, labels_of

from cleaner import clean, unified_diff

NAMES = fixture_names()
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


@pytest.mark.parametrize("name", NAMES)
def test_no_line_that_must_stay_is_lost(name: str) -> None:
    lost = [(one.line, one.label.text) for one in disagreements(name) if one.kind == "lost"]
    assert lost == []


def test_most_lines_that_must_go_are_removed() -> None:
    go = sum(label.mark == "-" for name in NAMES for label in labels_of(name))
    missed = sum(one.kind == "missed" for name in NAMES for one in disagreements(name))
    assert missed <= (1 - LEAST_REMOVED) * go


@pytest.mark.parametrize("name", [name for name in NAMES if "-clean-" in name or "-refrain-" in name])
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
