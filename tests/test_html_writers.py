"""Markdown made of HTML renders, by a renderer that is not ours, to the same text and the same structure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cleaner import Config, clean
from cleaner.page import Page, Removal
from cleaner.readers.elements import Elements, elements_of
from cleaner.readers.html import read_html
from cleaner.writers.markdown import markdown_of

FIXTURES = Path(__file__).parent.parent / "fixtures"
NAMES = sorted(path.parent.name for path in FIXTURES.glob("html-*/source.html"))
URL = "https://site.example/a/b"
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


class Part(NamedTuple):
    """What is written as one: its kind (h1, p, code, row), the items and quotes around it, its words."""

    kind: str
    items: int
    quotes: int
    words: tuple[str, ...]


def source_of(name: str) -> str:
    return (FIXTURES / name / "source.html").read_text("utf-8")


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def parts_of(page: Page) -> list[Part]:
    """The kept part of a page, as its reader saw it; lines after a br belong to what is before them."""
    elements = elements_of(page)
    assert elements
    found: list[Part] = []
    last = -1
    for index, block in enumerate(page.blocks):
        kept = " ".join(page.source[span.start : span.end] for span in page.standing(index))
        if not kept:
            continue
        kind = {"heading": f"h{elements.levels[index]}", "code": "code", "table": "row"}.get(block.kind, "p")
        part = Part(kind, *around(elements, index), words(kept))
        if elements.continues[index] and last == index - 1 and found[-1][:3] == part[:3] and kind == "p":
            part = part._replace(words=found.pop().words + part.words)
        found.append(part)
        last = index
    return found


def around(elements: Elements, block: int) -> tuple[int, int]:
    """How many items and quotations a block stands in."""
    names = []
    container = elements.leaves[block]
    while container:
        names.append(elements.name(container))
        container = elements.parent(container)
    return names.count("li"), names.count("blockquote")


def rendered_parts(markdown: str) -> list[Part]:
    """The same of what the renderer makes of Markdown."""
    found: list[Part] = []
    items = quotes = 0
    kind, cells = "p", []
    for token in PARSER.parse(markdown):
        items += (token.type == "list_item_open") - (token.type == "list_item_close")
        quotes += (token.type == "blockquote_open") - (token.type == "blockquote_close")
        if token.type == "heading_open":
            kind = token.tag
        elif token.type == "paragraph_open":
            kind = "p"
        elif token.type == "tr_open":
            kind, cells = "row", []
        elif token.type == "tr_close" and any(cells):
            found.append(Part("row", items, quotes, tuple(word for cell in cells for word in cell)))
        elif token.type == "inline" and kind == "row":
            cells.append(words(text_of(token)))
        elif token.type == "inline" and (text := words(text_of(token))):
            found.append(Part(kind, items, quotes, text))
        elif token.type == "fence":
            found.append(Part("code", items, quotes, words(token.content)))
        assert token.type not in ("html_block", "code_block", "hr"), token
    return found


def text_of(token: Token) -> str:
    """What a reader sees of a line; images count as nothing."""
    pieces = []
    for child in token.children or ():
        assert child.type != "html_inline"
        if child.type in ("text", "text_special", "code_inline"):
            pieces.append(child.content)
        elif child.type.endswith("break"):
            pieces.append(" ")
    return "".join(pieces)


def inline_tokens(markdown: str) -> Iterator[Token]:
    for token in PARSER.parse(markdown):
        yield from token.children or ()


def targets(markdown: str) -> list[str]:
    """Where the links of Markdown lead."""
    return [str(token.attrs["href"]) for token in inline_tokens(markdown) if token.type == "link_open"]


def written(html: str, *, links: bool = True) -> str:
    return markdown_of(read_html(html, url=URL), links=links)


@pytest.mark.parametrize("name", NAMES)
def test_markdown_renders_to_the_text_and_structure_of_the_page(name: str) -> None:
    page = read_html(source_of(name), url=URL)
    assert rendered_parts(markdown_of(page)) == parts_of(page)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("each", [2, 3])
def test_markdown_renders_to_what_is_kept_of_the_page(name: str, each: int) -> None:
    page = read_html(source_of(name), url=URL)
    gone = [Removal(index, *page.blocks[index][2:4], "U101", "") for index in range(0, len(page.blocks), each)]
    kept = page.without(gone)
    assert rendered_parts(markdown_of(kept)) == parts_of(kept)


def test_there_are_pages_of_each_kind() -> None:
    assert len(NAMES) >= 20
    markdown = "\n".join(written(source_of(name)) for name in NAMES)
    types = {token.type for token in PARSER.parse(markdown)} | {token.type for token in inline_tokens(markdown)}
    wanted = ("table_open", "fence", "ordered_list_open", "bullet_list_open", "blockquote_open", "heading_open")
    assert types >= {*wanted, "link_open", "image", "strong_open", "em_open", "s_open", "code_inline", "hardbreak"}


def test_partly_removed_blocks_keep_their_text() -> None:
    page = read_html("<p>One <b>two</b> three *four*</p>")
    markdown = markdown_of(page.without([Removal(0, 4, 7, "U101", "")]))
    assert markdown == "One three \\*four\\*\n"


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<h2>A <i>b</i></h2>", "## A *b*\n"),
        ("<p>a<br>b</p>", "a\\\nb\n"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n  - b\n- c\n"),
        ("<ol start=4><li>a<li>b</ol>", "4. a\n5. b\n"),
        ("<ul><li>a</ul><ul><li>b</ul>", "- a\n\n* b\n"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b\n"),
        ("<pre><code class='language-c++'>a\n  b</code></pre>", "```c++\na\n  b\n```\n"),
        ("<div class='highlight-source-rust'><pre>``` x</pre></div>", "````rust\n``` x\n````\n"),
        ("<table><tr><th>a<th>b|<tr><td>c<td></table>", "| a | b\\| |\n| --- | --- |\n| c |  |\n"),
        ("<table><tr><td>a<td>b</table>", "|  |  |\n| --- | --- |\n| a | b |\n"),
        ("<p><a href='../x y'>a<b>b</b></a></p>", "[a**b**](https://site.example/x%20y)\n"),
        ("<p><a href='x(1)'>a</a></p>", "[a](<https://site.example/a/x(1)>)\n"),
        ("<p><a href='javascript:x'>a</a><a href=''>b</a></p>", "ab\n"),
        ("<p>Hi!<a href=x>a</a></p>", "Hi\\![a](https://site.example/a/x)\n"),
        ("<p><b>a:</b>b <b>c</b></p>", "a:b **c**\n"),
        ("<p><b> a </b>b<i></i></p>", "**a** b\n"),
        ("<p><code>a`b</code></p>", "``a`b``\n"),
        ("<p><del>a</del></p>", "~~a~~\n"),
        ("<p><img src=i.png alt='A [b]'> text</p>", "![A \\[b\\]](https://site.example/a/i.png) text\n"),
        ("<p>1. a</p><p># b</p><p>- c</p>", "1\\. a\n\n\\# b\n\n\\- c\n"),
    ],
)
def test_constructs(html: str, markdown: str) -> None:
    assert written(html) == markdown


def test_addresses_are_absolute() -> None:
    markdown = written(source_of("html-changelog-en"))
    assert targets(markdown)[:2] == ["https://pail.example/docs/fill.html", "https://pail.example/img/a%20b.png"]
    assert all(re.match("https?:", target) for target in targets(markdown))


@pytest.mark.parametrize(
    ("base", "url", "address"),
    [
        ("//[bad", "http://harbour.example/a/b", "http://harbour.example/r"),
        ("http://har\uff0fbour.example/", "http://harbour.example/a/b", "http://harbour.example/r"),
        ("data:text/plain,x", "http://harbour.example/a/b", "http://harbour.example/r"),
        (" JavaScript:void(0)", "http://harbour.example/a/b", "http://harbour.example/r"),
        ("//[bad", "//[worse", "/r"),
        ("/other/", "//[worse", "/r"),
        ("//quay.example/x", "https://harbour.example/", "https://quay.example/r"),
    ],
)
def test_an_address_that_is_none_is_no_base(base: str, url: str, address: str) -> None:
    source = f'<base href="{base}"><p>By noon the <a href="/r">quay</a> was empty, and the ferry had not come.</p>'
    result = clean(source, format="html", url=url)
    assert f"the [quay]({address}) was" in result.markdown


def test_without_links_there_are_no_addresses() -> None:
    for name in NAMES:
        page = read_html(source_of(name), url=URL)
        markdown = markdown_of(page, links=False)
        assert not any(token.type in ("link_open", "image") for token in inline_tokens(markdown))
        assert rendered_parts(markdown) == parts_of(page)


def test_result_has_text_and_markdown() -> None:
    result = clean("<!doctype html><h1>Title</h1><p>Text <b>here</b>.</p>", config=Config(only=("U",)))
    assert result.text == "Title\n\nText here.\n"
    assert result.markdown == "# Title\n\nText **here**.\n"


INSIDE = st.lists(
    st.one_of(
        st.sampled_from(["<b>", "</b>", "<i>", "</i>", "<a href=x>", "</a>", "<code>", "</code>", "<s>", "</s>"]),
        st.text(alphabet="ab 1.)#*_`~[](){}<>&!|\\\\+-=:\"'\xa0", max_size=8).map(
            lambda text: text.replace("&", "&amp;").replace("<", "&lt;")
        ),
        st.sampled_from(["<img src=y alt=z>", " "]),
    ),
    max_size=14,
).map("".join)


@given(INSIDE)
@settings(max_examples=1_000, deadline=None)
def test_whatever_is_inside_a_block_renders_as_its_text(inside: str) -> None:
    page = read_html(f"<p>{inside}</p><p>after</p>", url=URL)
    assert rendered_parts(markdown_of(page)) == parts_of(page)


STRUCTURE = st.lists(
    st.sampled_from(
        [
            *("<p>text", "</p>", "<ul>", "<ol>", "</ul>", "</ol>", "<li>item", "<li>", "</li>", "<blockquote>quote"),
            *(
                "</blockquote>",
                "<pre>code\n  more</pre>",
                "<table><tr><td>a<td>b<tr><td>c<td>d</table>",
                "<h3>head</h3>",
            ),
            *(
                "<div>line",
                "</div>",
                "<br>",
                "12) text",
                "<dl><dt>t<dd>d</dl>",
                "<b>bold",
                "</b>",
                "<hr>",
                "<li value=7>",
            ),
        ]
    ),
    max_size=14,
).map("".join)


@given(STRUCTURE)
@settings(max_examples=1_000, deadline=None)
def test_whatever_the_structure_it_renders_as_itself(html: str) -> None:
    page = read_html(html, url=URL)
    assert rendered_parts(markdown_of(page)) == parts_of(page)
