"""Markdown made of plain text renders to the same words, whatever marks are in them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cleaner.pipeline import clean
from cleaner.readers.text import read_text
from cleaner.writers.markdown import markdown_of

MARKS = st.text(alphabet="ab1 .)#*_`~[](){}<>&;!|\\+-=:/\"'\n", max_size=60)


def rendered_words(markdown: str) -> list[str]:
    """The words of what an independent renderer makes of it; raw HTML and code count as nothing."""
    words: list[str] = []
    for token in MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(markdown):
        assert token.type in ("paragraph_open", "paragraph_close", "inline"), token.type
        for child in token.children or ():
            assert child.type in ("text", "text_special", "softbreak", "hardbreak"), child.type
        pieces = [" " if child.type.endswith("break") else child.content for child in token.children or ()]
        words += "".join(pieces).split()
    return words


@given(MARKS)
@settings(max_examples=600)
def test_marks_render_as_themselves(text: str) -> None:
    assert rendered_words(markdown_of(read_text(text))) == text.split()


LOOK_LIKE_MARKUP = """\
# 1 in town
1. First
12) Twelfth
- dash
+ plus
> quoted
***
---
===
a | b
&amp; &copy;
<b>x</b>
[a](http://x.example)
![a](b)
`code`
~~~
    indented
http://x.example/a_b_c
<http://x.example>
"""


@pytest.mark.parametrize("line", LOOK_LIKE_MARKUP.splitlines())
def test_lines_that_look_like_markup_stay_lines(line: str) -> None:
    assert rendered_words(markdown_of(read_text(f"Before.\n\n{line}\n\nAfter.\n"))) == [
        "Before.",
        *line.split(),
        "After.",
    ]


def test_only_what_stays_is_written() -> None:
    result = clean("The bridge opened on Monday, the mayor said.\n\nShare this article\n")
    assert re.fullmatch(r"The bridge opened on Monday, the mayor said\.\n", result.markdown)
