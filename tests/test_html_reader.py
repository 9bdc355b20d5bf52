"""HTML is read as a browser lays it out: nothing shown is lost, and blocks know where they stood."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import ReadError, clean, restore
from cleaner.audit import account, explain
from cleaner.markup import path_of
from cleaner.page import Page
from cleaner.pipeline import READERS
from cleaner.readers.classes import FAMILIES
from cleaner.readers.declared import declared_encoding
from cleaner.readers.elements import Elements, elements_of
from cleaner.readers.html import read_html
from cleaner.writers.json import json_of

FIXTURES = Path(__file__).parent.parent / "fixtures"
NAMES = sorted(path.parent.name for path in FIXTURES.glob("html-*/source.html"))
URL = "https://site.example/a/b"


def source_of(name: str) -> str:
    return (FIXTURES / name / "source.html").read_text("utf-8")


def lines_of(html: str) -> list[str]:
    """The lines of the flattened text, empty ones left out."""
    return [line for line in read_html(html).source.split("\n") if line]


def elements(html: str) -> tuple[Page, Elements]:
    page = read_html(html, url=URL)
    found = elements_of(page)
    assert found
    return page, found


def where(html: str, fact: str, how: str = "inside") -> list[str]:
    """The texts of the blocks for which an element states a fact."""
    page, found = elements(html)
    column = getattr(found, how)(fact)
    flags = column.to_bytes(len(page.blocks), "little")
    assert set(flags) <= {0, 1}
    return [block.text for block, flag in zip(page.blocks, flags, strict=True) if flag]


# Text -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("text <p>one</p> between <div>two</div> after", ["text", "one", "between", "two", "after"]),
        ("<div>a<br>b<br><br>c</div>", ["a", "b", "c"]),
        ("<p>a <b>b</b>c<i> d</i>\n e</p>", ["a bc d e"]),
        ("<dl><dt>Term<dd>Meaning<dd>Another</dl>", ["Term", "Meaning", "Another"]),
        ("<details><summary>More</summary>Hidden until asked</details>", ["More", "Hidden until asked"]),
        ("<html><body><p>in</p></body></html><p>after the end</p>", ["in", "after the end"]),
        ("<iframe srcdoc='&lt;p&gt;Framed&lt;/p&gt;text'></iframe>", ["Framed", "text"]),
        ("<svg><title>no</title><text>Drawn</text></svg><svg><path d=''/></svg>", ["Drawn"]),
        ("<ruby>字<rp>(</rp><rt>ji</rt><rp>)</rp></ruby>", ["字(ji)"]),
        (
            "<select><option>One<option>Two <b>x</b></select><textarea>Typed\ntext</textarea>",
            ["One", "Two x", "Typed", "text"],
        ),
        ("<p hidden>hidden</p><p style='display: none'>too</p>", ["hidden", "too"]),
        ("a<script>x</script><style>y</style><object>z</object><!-- c -->b", ["ab"]),
        ("<my-card><my-title>A title</my-title><p>text</p></my-card>", ["A title", "text"]),
        ("<p>5&nbsp;km</p><p>&zwnj;&#8203;</p><p>\u200d</p>", ["5\xa0km"]),
        ("<p>\U0001f468\u200d\U0001f469\u200d\U0001f467</p>", ["\U0001f468\u200d\U0001f469\u200d\U0001f467"]),
        ("", []),
        ("<p> </p>", []),
    ],
)
def test_what_a_browser_shows_is_read(html: str, lines: list[str]) -> None:
    assert lines_of(html) == lines


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div><span>Price</span><span>40</span></div>", "Price 40"),
        ("<p><b>S</b>mall</p>", "Small"),
        ("<p><i>a</i><i>b</i><i>c</i></p>", "abc"),
        ("<p>tool<b>box</b>es</p>", "toolboxes"),
        ("<p>secure and fast<b>Cons:</b> slow</p>", "secure and fast Cons: slow"),
        ("<p><code>get<b>Value</b></code></p>", "getValue"),
        ("<p><span>(</span><span>x</span><span>)</span><span>,</span></p>", "(x),"),
        ("<p>well<wbr>come</p>", "wellcome"),
        ("<p><a href=/a>North</a><i class=icon></i><a href=/b>South</a></p>", "North South"),
    ],
)
def test_texts_side_by_side_stand_apart_and_parts_of_words_do_not(html: str, text: str) -> None:
    assert lines_of(html) == [text]


def test_links_side_by_side_are_lines_but_not_in_a_sentence() -> None:
    assert lines_of("<div><a href=a>Home</a> <a href=b>News</a></div>") == ["Home", "News"]
    assert lines_of("<p><a href=a>Ann</a> <a href=b>Lee</a> said so.</p>") == ["Ann Lee said so."]
    assert lines_of("<div>See <a href=a>here</a> <a href=b>there</a></div>") == ["See here there"]


def test_blocks_stand_apart_as_their_kind_does() -> None:
    html = (
        "<h1>T</h1><p>a</p><p>b<br>c</p><ul><li>d<ul><li>e</ul><li>f</ul><table><tr><td>g<td>h<tr><td>i<td>j</table>k"
    )
    assert read_html(html).source == "T\n\na\n\nb\nc\n\nd\ne\nf\n\ng\th\ni\tj\n\nk\n"


def test_code_keeps_its_white_space() -> None:
    page = read_html("<pre>\n\n    def f():\n\n        return 1\n\n</pre>")
    (block,) = page.blocks
    assert page.source == "    def f():\n\n        return 1\n"
    assert (block.kind, block.text) == ("code", "def f():\n\n        return 1")


def test_lines_of_code_that_are_elements_are_lines() -> None:
    lines = "<pre><code><span class=line><b>cd</b> here</span><span class=line>ls</span></code></pre>"
    assert read_html(lines).source == "cd here\nls\n"
    assert read_html("<pre><div>a</div><div>  b</div></pre>").source == "a\n  b\n"


def test_rows_of_data_are_blocks_and_layout_is_not() -> None:
    data = read_html("<table><tr><th>Size<td>4<tr><td>One<td>two<br>lines<td></table>")
    assert [(block.kind, block.text) for block in data.blocks] == [("table", "Size\t4"), ("table", "One\ttwo lines")]
    long = "This text is long enough to be the page. " * 20
    layout = read_html(f"<table><tr><td><a href=/>Home</a><td><h1>Title</h1>{long}<tr><td>x<td>{long}</table>")
    assert [block.kind for block in layout.blocks] == ["paragraph", "heading", "paragraph", "paragraph", "paragraph"]
    nested = read_html("<table><tr><td>side<td><table><tr><td>a<td>b</table></table>")
    assert [block.text for block in nested.blocks] == ["side", "a\tb"]


def test_kinds() -> None:
    html = "<h3>h</h3><p>p</p><ul><li>i<p>p</p></ul><blockquote>q</blockquote><pre>c</pre><table><tr><td>t<td>u</table>"
    page, found = elements(html)
    kinds = ["heading", "paragraph", "item", "paragraph", "quote", "code", "table"]
    assert [block.kind for block in page.blocks] == kinds
    assert found.levels == [3, 0, 0, 0, 0, 0, 0]
    assert list(found.list_depths) == [0, 0, 1, 1, 0, 0, 0]


def test_paths_and_link_characters() -> None:
    page = read_html("<body class=x><div><nav id=menu><a class=big href=/>Home page</a> is here</nav></div><p>Text")
    assert [path_of(page, block) for block in range(2)] == ["body>nav#menu", "body>p"]
    assert [block.link_chars for block in page.blocks] == [9, 0]


# Structure --------------------------------------------------------------------------------------

PAGE = """<body class="product-page"><nav><a href=/>Home</a></nav><div class="site-footer"><p>Small print</p></div>
<main><h1>Title</h1><div class="entryContent"><p>First of the text, which is rather long, as texts are.</p>
<p>Second of the text, which is rather long too, as texts are.</p></div>
<ul><li class="card c1"><b>A</b><li class="card c2">B<li class="card last">C</ul></main>
<div role="dialog" aria-label="Cookie consent"><p>We ask</p></div><p itemprop="author">Ann</p>"""


def test_facts_of_elements_roles_classes_and_microdata() -> None:
    assert where(PAGE, "nav") == ["Home"]
    assert where(PAGE, "class footer") == ["Small print"]
    assert where(PAGE, "footer") == []
    assert where(PAGE, "dialog") == where(PAGE, "class consent") == ["We ask"]
    assert where(PAGE, "author") == ["Ann"]
    assert where(PAGE, "class card") == ["A", "B", "C"]
    assert where(PAGE, "class content", "near")[0].startswith("First of the text")
    assert where(PAGE, "main", "in_small") == []
    assert where(PAGE, "item", "in_small") == ["A", "B", "C"]


def test_facts_of_the_whole_page_are_no_facts_of_blocks() -> None:
    _, found = elements(PAGE)
    assert where(PAGE, "class product") == []
    assert found.page_says("class product")
    assert not found.page_says("class footer")


def test_hidden_text_is_marked() -> None:
    html = "<div hidden><p>a</p></div><p style='visibility:hidden'>b</p><p aria-hidden=true>c</p><p>d</p>"
    assert where(html, "hidden") == ["a", "b"]
    assert where(html, "not for screen readers") == ["c"]


def test_siblings_of_one_shape_are_counted() -> None:
    page, found = elements(PAGE)
    repeats = dict(zip((block.text for block in page.blocks), found.repeats, strict=True))
    assert [repeats[text] for text in ("A", "B", "C", "Title", "Small print")] == [3, 3, 3, 0, 0]


CARDS = "".join(f"<li class='card c{n}'><h3>Lamp {n}</h3><span class=price>{n} EUR</span></li>" for n in range(3))


def test_likes_stand_in_one_place_of_siblings() -> None:
    page, found = elements(f"<h1>Lamps</h1><ul>{CARDS}</ul><p>All of them burn.</p>")
    groups = [[page.blocks[block].text for block in group] for group in found.alike]
    assert groups == [["Lamp 0", "Lamp 1", "Lamp 2"], ["0 EUR", "1 EUR", "2 EUR"]]


def test_the_element_that_a_block_begins() -> None:
    page, found = elements("<div><h3>Related</h3><p>One</p><p>Two</p></div><p>Text</p><div><p>Alone</p></div>")
    assert [found.begun_by(block) for block in range(len(page.blocks))] == [
        range(3),
        *(range(block, block) for block in range(1, 5)),
    ]


@pytest.mark.parametrize(
    ("attributes", "families"),
    [
        ("class=site-footer", {"footer"}),
        ("class='has-sidebar'", set()),
        ("class='category-news post-12'", {"post"}),
        ("class='md:hidden'", set()),
        ("class='elementor-widget elementor-widget-nav-menu'", {"menu"}),
        ("class=UserStats", {"user", "user panel", "statistics"}),
        ("id=comments-2", {"comment"}),
        ("id=what-our-comment-section-is-for", set()),
    ],
)
def test_what_names_say(attributes: str, families: set[str]) -> None:
    html = f"<p>before</p><div {attributes}><p>within</p><p>too</p></div>"
    found = {family for family in FAMILIES if "within" in where(html, f"class {family}")}
    assert found == families


def test_the_id_of_a_heading_repeats_its_words() -> None:
    assert where("<p>a</p><h2 id=related>Related</h2><p>b</p>", "class related") == []
    assert where("<p>a</p><p id=related>Related</p><p>b</p>", "class related") == ["Related"]


def test_shares_and_the_main_column() -> None:
    page, found = elements(PAGE)
    lengths = [len(block.text) for block in page.blocks]
    prose = [length if length > 40 else 0 for length in lengths]
    first = next(index for index, length in enumerate(prose) if length)
    assert found.main_column(prose, 75) == range(first, first + 2)
    assert found.main_column([0] * len(lengths), 50) == range(0)
    assert found.shares(prose, lengths, 0)[first] == 100
    assert 80 < found.shares(prose, lengths, 2)[first] < 100
    assert page.blocks[found.title].text == "Title"


def test_evidence_of_structured_data() -> None:
    text = "The board has covered the old well with glass, so that one can look down. " * 6
    text = text.strip()
    data = f'{{"@graph": [{{"@type": "Article", "articleBody": "Intro. {text} End."}}]}}'
    _, found = elements(
        f'<script type="application/ld+json">{data}</script>'
        f"<p>{text}</p><p>Something else that is as long as the other one, but is not in it.</p>"
    )
    assert list(found.in_evidence) == [1, 0]


# The page's own text missing --------------------------------------------------------------------


def test_noscript_and_templates_stand_in_for_missing_text() -> None:
    text = "<p>" + "The page is readable without any script. " * 8 + "</p>"
    for name in ("noscript", "template"):
        page = read_html(f"<div id=root></div><{name}>{text}</{name}>")
        assert page.source.startswith("The page is readable")
        assert "own text is missing" in page.notes[0]
        assert "script" not in read_html(f"{text * 3}<{name}><p>Enable scripts.</p></{name}>").source.replace(
            "any script", ""
        )


def test_structured_text_stands_in_for_missing_text() -> None:
    page = read_html(source_of("html-spa-en"))
    assert page.source.startswith("When they dug up Corder Street")
    assert [block.kind for block in page.blocks] == ["paragraph"] * 3
    assert "structured data" in page.notes[0]


def test_parts_of_streamed_pages_stand_where_they_belong() -> None:
    text = read_html(source_of("html-streamed-en")).source
    places = [text.index(words) for words in ("Parcel lockers", "You get a code", "A parcel waits", "Boxwell Ltd")]
    assert places == sorted(places)
    assert text.count("You get a code") == 1


def test_what_is_not_read_is_counted() -> None:
    _, found = elements("<script></script><script></script><style></style><noscript>x</noscript><p>text")
    assert found.skipped == {"script": 2, "style": 1, "noscript": 1}
    assert clean("<!doctype html><script></script><p>text").metadata["skipped"] == "1 script"


# Metadata and bytes -----------------------------------------------------------------------------


def test_metadata() -> None:
    found = clean(source_of("html-news-en"), url="https://lowmoor.example/x").metadata
    assert found["title"] == "Ferry to Skarrow returns after eleven years"
    assert found["byline"] == "Imogen Tarrant"
    assert found["date"] == "2026-03-14"
    assert found["site"] == "Lowmoor Herald"
    assert found["kind"] == "article"
    assert found["language"] == "en"
    assert found["url"] == "https://lowmoor.example/news/skarrow-ferry"


@pytest.mark.parametrize(
    "data",
    [
        "[" * 100_000,
        '{"a":' * 50_000,
        '{"@type": "Article", "headline": 3, "author": [[[]]], "datePublished": null}',
        "x",
    ],
)
def test_damaged_structured_data_is_ignored(data: str) -> None:
    page = read_html(f'<script type="application/ld+json">{data}</script><title>T</title><p>text')
    assert page.source == "text\n"


@pytest.mark.parametrize(
    ("head", "encoding", "words"),
    [
        ("<meta charset=windows-1251>", "cp1251", "Привет"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">', "shift_jis", "これは文章"),
        ("<?xml version='1.0' encoding='iso-8859-2'?><html>", "iso-8859-2", "Łódź"),
        ("<meta charset=iso-8859-1>", "cp1252", "“Grüße”"),
        ("<meta charset=iso-8859-1>", "utf-8", "Grüße \U0001f600"),
        ("<meta charset=utf-16>", "utf-8", "Grüße"),
    ],
)
def test_bytes_are_read_as_declared_unless_they_are_utf8(head: str, encoding: str, words: str) -> None:
    assert clean(f"{head}<p>{words}</p>".encode(encoding), format="html").page.source == f"{words}\n"


def test_declared_encoding() -> None:
    assert declared_encoding(b"<meta name=x content=y><META charset='KOI8-R'>") == "koi8-r"
    assert declared_encoding(b"charset=koi8-r") is None
    assert declared_encoding(b"<p>" + b" " * 5_000 + b"<meta charset=koi8-r>") is None


def test_an_element_is_not_taken_for_one_of_another_page() -> None:
    # The parser has no numbers for these names, but addresses, which it uses again.
    for number in range(50):
        read_html(
            "<svg><defs>x</defs><metadata>x</metadata></svg><defs>x</defs><metadata>x</metadata><annotation>x</annotation>"
        )
        names = [f"my-{number}-{letter}" for letter in "abc"]
        page = read_html("".join(f"<{name}>In {name}</{name}>" for name in names))
        assert page.source.split() == [word for name in names for word in ("In", name)]


# The ledger -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_blocks_and_white_space(name: str) -> None:
    page = read_html(source_of(name), url=URL)
    at = 0
    for number, block in enumerate(page.blocks):
        assert page.source[block.start : block.end] == block.text == block.text.strip()
        assert page.source[at : block.start].strip() == ""
        assert path_of(page, number)
        assert block.link_chars is not None
        assert 0 <= block.link_chars <= len(block.text)
        at = block.end
    assert page.source[at:] == "\n"
    assert read_html(source_of(name), url=URL).source == page.source


@pytest.mark.parametrize("name", NAMES)
def test_what_stays_and_what_goes_is_all_the_text(name: str) -> None:
    result = clean(source_of(name), url=URL)
    saved = account(result)
    removals = saved["removals"]
    assert isinstance(removals, list)
    words = sorted(f"{result.text} {' '.join(removal['text'] for removal in removals)}".split())
    assert words == sorted(result.page.source.split())
    with pytest.raises(ReadError, match="was HTML"):
        restore(result.text.encode(), saved)


def test_explain_and_json_know_the_page() -> None:
    result = clean(source_of("html-news-en"))
    assert all(one.path == path_of(result.page, one.number) is not None for one in explain(result.page))
    assert json_of(result).startswith("{")
    assert "html" in READERS


# Any markup -------------------------------------------------------------------------------------

TAGS = st.sampled_from(
    [
        *("p", "div", "span", "b", "a", "ul", "li", "table", "tr", "td", "th", "pre", "h2", "br", "hr", "section"),
        *("nav", "dl", "dt", "dd", "blockquote", "code", "button", "select", "option", "script", "style", "template"),
        *("noscript", "svg", "title", "textarea", "iframe", "details", "form", "label"),
    ]
)
MARKUP = st.lists(
    st.one_of(
        TAGS.map(lambda name: f"<{name}>"),
        TAGS.map(lambda name: f"</{name}>"),
        TAGS.map(lambda name: f"<{name} class='nav x' id=y hidden>"),
        st.text(alphabet="ab \n\xa0<&;'\"=-!/\u200b", max_size=6),
    ),
    max_size=30,
).map("".join)


@given(MARKUP)
@settings(max_examples=400, deadline=None)
def test_any_markup_gives_a_sound_page(html: str) -> None:
    page, found = elements(html)
    at = 0
    for block in page.blocks:
        assert block.text
        assert page.source[block.start : block.end] == block.text == block.text.strip()
        assert not page.source[at : block.start].strip()
        at = block.end
    size = len(page.blocks)
    assert len(found.repeats) == len(found.list_depths) == len(found.in_evidence) == size
    assert len(found.shares([1] * size, [1] * size, 2)) == size
    assert found.main_column([1] * size, 50).stop <= size
    assert found.near("nav") >= 0


@given(st.lists(st.sampled_from(("one", "two words", "3", "é")), min_size=1, max_size=12), st.data())
@settings(max_examples=200, deadline=None)
def test_no_text_is_lost_whatever_stands_around_it(words: list[str], data: st.DataObject) -> None:
    shown = ["p", "div", "span", "b", "ul", "li", "td", "table", "h2", "pre", "center", "x-y"]
    html = "".join(
        f"<{data.draw(st.sampled_from(shown))}> {word} </{data.draw(st.sampled_from(shown))}>" for word in words
    )
    assert sorted(re.findall(r"\w+", read_html(html).source)) == sorted(re.findall(r"\w+", " ".join(words)))
