"""Markup that is made to hurt: the text is kept, the page says so, and the work grows with the input."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from instructions import instructions

from cleaner import clean
from cleaner.markup import structure_of
from cleaner.readers import bounds
from cleaner.readers.bounds import MOST_ATTRIBUTES, _may_be_crowded, bounded
from cleaner.readers.html import read_html

DEEP = 100_000


@pytest.mark.parametrize(
    "opening",
    [
        "<div>",
        "<span>",
        "<div></x>",
        "<div><!--</div>-->",
        "<b>",
        "<ul><li>",
        "<table><tr><td>",
        "<my-part>",
        "<i id=x>",
    ],
)
def test_deep_nesting_keeps_the_text_and_is_said(opening: str) -> None:
    page = read_html(opening * DEEP + "deep text")
    assert page.source == "deep text\n"
    assert "tags" in page.notes[0]
    assert "their text was" in page.notes[0]


def test_deep_nesting_that_is_closed_keeps_what_follows_apart() -> None:
    page = read_html("<div>" * DEEP + "deep" + "</div>" * DEEP + "<p>after <b>it</b></p>")
    assert [block.text for block in page.blocks] == ["deep", "after it"]


@pytest.mark.parametrize("name", ["p", "li", "td", "option", "a", "br"])
def test_unclosed_elements_that_the_next_one_closes_are_not_deep(name: str) -> None:
    page = read_html(f"<{name}>x " * 5_000)
    assert page.notes == ()
    assert len(page.source.split()) == 5_000


@pytest.mark.parametrize("attribute", ["a{}", "a{}=1", 'a{}="<>"', "a{}='>'", 'a{}="', "data-{}=x>y"])
def test_many_attributes_are_bounded(attribute: str) -> None:
    page = read_html("<p>before</p><p " + " ".join(attribute.format(number) for number in range(DEEP)) + ">text</p>")
    assert page.source.startswith("before")
    safe, said = bounded(("<p " + " ".join(f"a{number}" for number in range(DEEP)) + ">text").encode())
    assert len(safe) < 10 * MOST_ATTRIBUTES
    assert safe.endswith(b">text")
    assert "attributes" in said[0]


VALUES = [
    "",
    "=1",
    '=">"',
    "='>'",
    '= "<b>"',
    "=\n'\"><p class=\"x'",
    '=">\'"',
    "='" + "y" * 5_000 + ">'",
    "=" + "z" * 400,
]


@given(
    st.lists(st.sampled_from(VALUES), min_size=1, max_size=4),
    st.sampled_from(["", "<p>x</p>", "<!-- <a x='", "<script>a='>", "text > more " * 400, "'\"", "<a b='>'>" * 300]),
    st.integers(0, 40),
)
def test_no_crowded_tag_gets_through(values: list[str], before: str, moved: int) -> None:
    names = range(MOST_ATTRIBUTES + 1)
    tag = "<p " + " ".join(f"a{name}{values[name % len(values)]}" for name in names) + ">"
    assert _may_be_crowded(f"{before}{' ' * moved}{tag}x".encode())


def test_ordinary_markup_is_left_alone() -> None:
    tag = "<div " + " ".join(f'data-{number}="{number} < 3 > 2"' for number in range(60)) + ">"
    text = "It is a long paragraph with a <b>bold</b> word and a 'quoted' \"one\" in it. " * 40
    source = f"<!doctype html><body>{tag}<p title='{'x' * 5_000}'>{text}</p></div>" + "<section><p>x</section>" * 3_000
    assert bounded(source.encode()) == (source.encode(), ())


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("text<!-- never closed " + "x" * DEEP, "text\n"),
        ("<p title='" + "x" * (20 << 20) + "'>text", "text\n"),
        ("a\x00b\x00<p>c\x00d", "ab\n\ncd\n"),
        ("<" * DEEP, "<" * DEEP + "\n"),
        ("&" * DEEP, "&" * DEEP + "\n"),
        (" " * DEEP + "x" + "\n" * DEEP, "x\n"),
        ("text<title>" * DEEP, "text\n"),
        ("text<script>" * 1_000, "text\n"),
        ("<select>" + "<option>x" * 3 + "</select>", "x\nx\nx\n"),
        ("<a '" * DEEP, ""),
        ("<iframe srcdoc='" + "&lt;iframe srcdoc=&apos;" * 50 + "'>", ""),
        ("<template id=B:1></template><div hidden id=S:1>t<template id=B:1></template></div>", "t\n"),
    ],
)
def test_odd_markup(html: str, text: str) -> None:
    assert read_html(html).source == text


NAMES = (
    *("div", "span", "p", "a", "b", "i", "em", "pre", "code", "table", "tr", "td", "th", "tbody", "ul", "li", "h1"),
    *("button", "svg", "text", "template", "section", "nav", "footer", "article", "blockquote", "select", "option"),
    *("textarea", "noscript", "br", "img", "label", "dl", "dt", "dd", "font", "iframe", "details", "form"),
)
ATTRIBUTES = (
    *("", " class=x", " id=y", ' href="#"', " class=comments", " shadowrootmode=open", " role=navigation", " hidden"),
    *(' class="footer"', " itemprop=articleBody"),
)
# Texts, of which several show nothing on the screen.
TEXTS = (
    *("word", "By noon the quay was empty, and the ferry had not come.", "x", "12", "\n", " ", "&nbsp;", "\u200b"),
    *("&zwnj;", "&shy;", "\u200b \u200b", "&shy; ", "&#8203;&#8203;", "\ufeff\n"),
)
TAGS_OR_TEXTS = st.one_of(
    st.builds("<{}{}>".format, st.sampled_from(NAMES), st.sampled_from(ATTRIBUTES)),
    st.builds("</{}>".format, st.sampled_from(NAMES)),
    st.sampled_from(TEXTS),
)


@given(st.lists(TAGS_OR_TEXTS, max_size=40))
@example(["<div><span class=x>", "&#8203;", "</span></div>"])
@example(["<p>a</p>", "<a href=# class=x>", "&zwnj;", "</a>"])
@example(["<p>a</p>", "<span id=x>", "&shy;", "</span>"])
@example(["<p>a</p>", "<pre><code class=x>", "\n", "</code></pre>"])
@example(["<p>a</p><p>b</p>", "<template shadowrootmode=open><tr><td>x</td></tr></template>"])
@example(["text<svg><tr><text>", "1"])
@example(["&zwnj;", "<br>", "a"])
def test_whatever_the_markup_it_is_cleaned_and_written(parts: list[str]) -> None:
    result = clean("".join(parts), format="html")
    assert all(block.text.strip() for block in result.page.blocks)
    assert set(result.text.split()) <= set(result.page.source.split())
    assert bool(result.markdown.strip()) >= bool(result.text.strip())


def test_a_part_without_text_is_around_none() -> None:
    """A block that begins behind an element with nothing to be seen is not within it."""
    page = read_html("<div><span class=comments>&#8203;</span></div><p>By noon the quay was empty.</p>")
    assert [block.text for block in page.blocks] == ["By noon the quay was empty."]
    structure = structure_of(page)
    assert structure is not None
    assert not structure.inside("class comment")


SIZE = 6_000
DOUBLINGS = 3
WANTED_SLOPE = 1.1
FAMILIES: dict[str, Callable[[int], str]] = {
    "paragraphs": lambda size: "<p>some words</p>" * (size // 17),
    "unclosed div": lambda size: "<div>x" * (size // 6),
    "nested lists": lambda size: "<ul><li>x" * (size // 9),
    "nested rows": lambda size: "<table><tr><td>a<td>" * (size // 20),
    "rows": lambda size: "<table>" + "<tr><td>a<td>b" * (size // 14),
    "one row": lambda size: "<table><tr>" + "<td>ab" * (size // 6),
    "attributes": lambda size: "<p " + " ".join(f"a{number}" for number in range(size // 7)) + ">x",
    "tags of many attributes": lambda size: ("<p " + "a='1' " * 30 + ">x</p>") * (size // 190),
    "formatting left open": lambda size: "<p>" + "<b id=1><i id=2>" * 20 + "</p>" + "<p>x</p>" * (size // 8),
    "misnested": lambda size: "<b><p></b>x" * (size // 11),
    "links": lambda size: "<a href=y>x</a>" * (size // 15),
    "breaks": lambda size: "x<br>" * (size // 5),
    "spans": lambda size: "x<span class=a>y</span>" * (size // 22),
    "swinging depth": lambda size: ("x" + "<span class=a>" * 20 + "y" + "</span>" * 20) * (size // 420),
    "select": lambda size: "<select>" + "<option>x" * (size // 9),
    "classes": lambda size: "".join(f"<p class='nav-{number}'>x" for number in range(size // 20)),
    "one class": lambda size: "<p class='" + "nav " * (size // 4) + "'>x",
    "streamed": lambda size: "".join(
        f"<template id=B:{number}></template><div hidden id=S:{number}>t</div>" for number in range(size // 60)
    ),
    "noscript": lambda size: "<noscript>x</noscript>" * (size // 22),
    "images": lambda size: "<img src=x>" * (size // 11) + "text",
}


def reading(html: str) -> int:
    """How many bytecode instructions reading takes."""
    return instructions(lambda: read_html(html))


@pytest.mark.parametrize("family", FAMILIES)
def test_instructions_grow_with_size(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "FEW_TAGS", 0)
    monkeypatch.setattr(bounds, "TAGS_SQUARED_A_BYTE", 0)  # large and small pages are read in the same way
    small, large = (reading(FAMILIES[family](size)) for size in (SIZE, SIZE * 2**DOUBLINGS))
    assert math.log2(large / small) / DOUBLINGS <= WANTED_SLOPE
