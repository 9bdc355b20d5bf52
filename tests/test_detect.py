"""A guess at a format needs evidence: what looks odd is text."""

from __future__ import annotations

import time

import pytest

from cleaner.readers.detect import guess_format

MARKDOWN = """# The bridge opens again

The [town council](https://valley.example/council) said on *Monday* that ...

## What it cost

[![Chart](https://valley.example/chart.png)](https://valley.example/more)
"""
INDENTED = """    * Home
    * News

    The bridge

    -----------------
      1. First, the town said so.
      > and then it did
      # of visitors: 12
      **Note** and _more_
"""


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("", "text"),
        ("The bridge opens again.\nSays the town.\n", "text"),
        (INDENTED, "text"),
        ("# one comment\n# two\n# three\n# four\n# five\n", "text"),
        ("See [1] and [2](p. 4) and [3](ibid.)\n# of pages\n", "text"),
        ("Name | Price\nBolt | 3\n", "text"),
        ("In HTML, <p> begins a paragraph and </p> ends it; <div>, <span>, <a> and <b> do not.\n", "text"),
        ("< 5 years\n<a\n<b\n", "text"),
        ("<b>Warning</b>: the bridge is closed.\n", "text"),
        (MARKDOWN, "markdown"),
        ("# Usage\n\n```sh\nbolt --help\n```\n\n```sh\nbolt -v\n```\n", "markdown"),
        ("## Prices\n\n| Bolt | Nut |\n|---|:--:|\n| 3 | 4 |\n\n## More\n\n### Less\n", "markdown"),
        ("<!DOCTYPE html>\n<html><body>Hi</body></html>", "html"),
        ("\ufeff  \n<!-- saved from a page -->\n<HTML lang=en>", "html"),
        ('<?xml version="1.0"?>\n<!doctype html>', "html"),
        ("<div class='a'><p>One.</p><p>Two.</p></div>", "html"),
        ("<article>\n<h1>Bridge</h1>\n<p>Open.</p></article>", "html"),
    ],
)
def test_formats_are_guessed_on_evidence(text: str, format: str) -> None:
    assert guess_format(text) == format


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("notes.md", "markdown"),
        ("NOTES.Markdown", "markdown"),
        ("a/b.d/page.HTM", "html"),
        ("c:\\pages\\x.html", "html"),
        ("page.txt", "text"),
        ("page.wet", "text"),
    ],
)
def test_a_suffix_decides(name: str, format: str) -> None:
    for text in ("", MARKDOWN, "<html>"):
        assert guess_format(text, name) == format


@pytest.mark.parametrize("name", ["page", "md", ".md.d/page", "page.md.bak", "page.", ""])
def test_other_names_say_nothing(name: str) -> None:
    assert guess_format(MARKDOWN, name) == "markdown"
    assert guess_format("Words.", name) == "text"


@pytest.mark.parametrize("piece", ["<a ", "[", "](", "# ", "|---", " ", "<!--", "<?xml", "<", "<p\n", "[x]: ", "-- |"])
def test_a_guess_is_quick_on_any_text(piece: str) -> None:
    text = piece * (2_000_000 // len(piece))
    start = time.process_time()
    guess_format(text)
    assert time.process_time() - start < 3  # milliseconds; minutes where a pattern is quadratic
