"""The reader of Markdown: its blocks against a full parser's, the visible text, and pages of three kinds of writer."""

from __future__ import annotations

import math
import pickle
import random
import subprocess
import sys
from bisect import bisect_right
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_linear_growth import cleaning

from cleaner import Config, clean, unified_diff
from cleaner.audit import account, restore
from cleaner.errors import ReadError
from cleaner.filter import Filter, whole
from cleaner.markup import TARGET_KINDS, Markup, markup_of, target_kind
from cleaner.page import Page
from cleaner.pipeline import apply
from cleaner.readers.markdown import read_markdown

FIXTURES = sorted((Path(__file__).parent.parent / "fixtures").glob("markdown-*/source.md"))
each_fixture = pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.parent.name)
CERTAIN = Config(skip=("W",))  # the scorecard's points change with every fit
CHROME = "Home\n\nAbout us\n\nContact us\n\n"
PROSE = """The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.

The fees were last raised in the spring of the flood, when the quay had to be closed for eleven weeks.

The treasurer said that the money is meant for the crane, which has not been painted since it was built.

A second vote is planned for autumn, when the new hall on the eastern quay will be ready for the board.

"""


def source_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def blocks_of(source: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read_markdown(source).blocks]


def markup(source: str) -> Markup:
    found = markup_of(read_markdown(source))
    assert found
    return found


def text_of(source: str) -> str:
    return clean(source, format="markdown", config=Config(only=("L",))).text


# Whole pages -------------------------------------------------------------------------------------


@each_fixture
def test_diff_is_the_golden(path: Path, update_goldens: bool) -> None:
    page = clean(source_of(path), config=CERTAIN).page
    found = "".join(unified_diff(page, "source.md", "source.md"))
    golden = path.parent / "expected.diff"
    if update_goldens:
        golden.write_bytes(found.encode("utf-8"))
    assert found == golden.read_bytes().decode("utf-8")


@each_fixture
def test_what_stays_is_the_same_markdown(path: Path) -> None:
    """Read again it has the same blocks, and cleaned again nothing goes."""
    once = clean(source_of(path), config=CERTAIN)
    assert once.page.format == "markdown"
    kept = [block.text for index, block in enumerate(once.page.blocks) if not once.page.is_gone(index)]
    assert [block.text for block in read_markdown(once.markdown).blocks] == kept
    assert clean(once.markdown, format="markdown", config=CERTAIN).markdown == once.markdown


def test_clean_markdown_passes_through() -> None:
    path = next(path for path in FIXTURES if "clean" in path.parent.name)
    assert clean(source_of(path)).markdown == source_of(path)


def test_text_of_a_page() -> None:
    path = next(path for path in FIXTURES if "firecrawl" in path.parent.name)
    text = clean(source_of(path), config=CERTAIN).text
    assert text.startswith("The night ferry sails again\n\nAfter eleven months in the dock the Cormorant took")
    assert "bent by a log in the spring flood.\nThe galley: two ovens, and the *old* stove" in text
    assert "Shaft Ulva 41,000" in " ".join(text.split())
    assert "http" not in text
    assert "](" not in text


def test_command_writes_markdown_or_text(tmp_path: Path) -> None:
    path = next(path for path in FIXTURES if "firecrawl" in path.parent.name)
    result = clean(source_of(path))

    def written_by(*arguments: str) -> str:
        call = [sys.executable, "-m", "cleaner", *arguments]
        return subprocess.run(call, capture_output=True, check=True, timeout=60).stdout.decode()

    saved = str(tmp_path / "account.json")
    assert written_by(str(path), "--audit", saved) == result.markdown == result.page.text
    assert written_by(str(path), "--to", "text") == result.text
    (tmp_path / "clean.md").write_bytes(result.markdown.encode())
    assert written_by("restore", str(tmp_path / "clean.md"), saved) == source_of(path)


def test_account_holds_both() -> None:
    result = clean(source_of(FIXTURES[1]))
    table = account(result)
    assert (table["text"], table["markdown"]) == (result.text, result.markdown)
    with pytest.raises(ReadError, match="markup"):
        restore(result.text.encode(), table)
    assert restore(result.markdown.encode(), table) == FIXTURES[1].read_bytes()


# Blocks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("# One #\nTwo\nlines\n\nThree\n===\n", ["heading", "paragraph", "heading"]),
        ("* a\n  b\nlazy\n* c\n\n  more of c\n", ["item", "item"]),
        ("* a\n\n    * deep\n\nafter\n", ["item", "item", "paragraph"]),
        ("1) a\n2) b\n", ["item", "item"]),
        ("In the year\n1986. It was cold.\n", ["paragraph"]),
        ("> a\n> b\n>\n> c\nlazy\n\n> d\n", ["quote", "quote", "quote"]),
        ("```py\n# no heading\n\n* no item\n```\nafter\n", ["code", "paragraph"]),
        ("~~~\nnever closed\n\n# no heading\n", ["code"]),
        ("    code\n\n    more\n\nafter\n", ["code", "paragraph"]),
        ("a\n    no code\n", ["paragraph"]),
        ("a | b\n--|--\n1 | 2\n3 | 4\n\nafter\n", ["table", "table", "table", "paragraph"]),
        ("* * *\n---\n___\n", ["paragraph"] * 3),
        ("[a]: /x\n[b]: /y 'title'\n", ["paragraph"] * 2),
        ("---\ntitle: x\n---\n\n# A\n", ["code", "heading"]),
        (
            "Title: A\n\nURL Source: https://a.example/\n\nMarkdown Content:\nA\n===\n\ntext\n",
            ["code", "heading", "paragraph"],
        ),
        ("<script>\nlet a = 1\n\nlet b\n</script>\nafter\n", ["code", "paragraph"]),
        ("[\n\n### A card\n\n](/card)\n\nafter\n", ["paragraph", "paragraph"]),
        ("#### Contents[\n](#contents)\ntext\n", ["heading", "paragraph"]),
    ],
)
def test_blocks(source: str, blocks: list[str]) -> None:
    assert [kind for kind, _ in blocks_of(source)] == blocks
    assert [kind for kind, _ in blocks_of(source.replace("\n", "\r\n"))] == blocks


def kinds_by_line(source: str) -> dict[int, str]:
    """What markdown-it makes of each line that has text."""
    found: dict[int, str] = {}
    within: list[str] = []
    leaves = {"heading_open": "heading", "fence": "code", "code_block": "code", "tr_open": "table", "hr": "paragraph"}
    for token in MarkdownIt("commonmark").enable("table").parse(source):
        if token.nesting == 1:
            within.append(token.type)
        kind = leaves.get(token.type, "")
        if token.type == "paragraph_open":
            kind = "item" if "list_item_open" in within else "paragraph"
        if "blockquote_open" in within:
            kind = "quote"
        for line in range(*token.map) if token.map and kind else ():
            found.setdefault(line, kind)
        if token.nesting == -1:
            within.pop()
    return found


def our_kinds_by_line(source: str) -> dict[int, str]:
    starts = [0, *(at + 1 for at, char in enumerate(source) if char == "\n")]
    return {
        line: block.kind
        for block in read_markdown(source).blocks
        for line in range(bisect_right(starts, block.start) - 1, bisect_right(starts, block.end - 1))
    }


def written(seed: int) -> str:
    """A document as people write it, by chance."""
    chance = random.Random(seed)
    pieces = (
        "# Heading {}", "Some words\nand more of them {}", "Title {}\n-----", "- item {}\n- item\n  of two lines",
        "1. first {}\n2. second\n   - inner", "> quoted {}\n> lines", "```\ncode {}\n\n# code\n```", "***",
        "    code {}\n    code", "| a | b |\n|---|---|\n| {} | 2 |", "[link](/a{}) and `code`", "* loose {}\n\n* items",
        "~~~\nx {}\n~~~",
    )  # fmt: skip
    return "\n\n".join(chance.choice(pieces).format(number) for number in range(chance.randrange(1, 30))) + "\n"


@pytest.mark.parametrize("source", [written(seed) for seed in range(60)] + [source_of(path) for path in FIXTURES[:1]])
def test_lines_are_of_the_kind_that_a_parser_says(source: str) -> None:
    """Apart from indentation behind a list, which converters write for no code at all."""
    theirs, ours = kinds_by_line(source), our_kinds_by_line(source)
    lines = source.split("\n")
    differ = [
        (lines[line], theirs[line], ours.get(line))
        for line in theirs
        if lines[line].strip() and theirs[line] != ours.get(line) and not lines[line].startswith("    ")
    ]
    assert [one for one in differ if one[0] not in ("---",) and not one[0].startswith(("title:", "tags:"))] == []


@settings(max_examples=300)
@given(st.text(alphabet="ab *_-#>[]()!`~|\\<:.1\n\r\t/=&", max_size=120))
def test_any_text_is_read(source: str) -> None:
    page = read_markdown(source)
    at = 0
    for block in page.blocks:
        assert not page.source[at : block.start].strip()
        assert block.text == source[block.start : block.end] == block.text.strip() != ""
        at = block.end
    assert not source[at:].strip()
    found = markup_of(page)
    assert found
    assert all(0 <= share <= 1 for share in found.link_shares)
    for name in ("visible", "masked"):
        assert len(str(page.shared[name])) == len(source)
    result = clean(source, format="markdown")
    assert set(result.text) <= set(source) | {" ", "\n"} or "&" in source


# The visible text --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('A [link](/a "title") and [another][x].\n\n[x]: /y\n', "A link and another.\n"),
        ("[one](/a)[two](/b)\n", "one two\n"),
        ("[a (b)](/wiki/a_(b)) ![image](/c.png)\n", "a (b)\n"),
        ("[![image](/c.png) text](/a)\n", "text\n"),
        ("*a* **b** _c_ ***d*** ~~e~~ snake_case 2*3 = 6\n", "a b c d e snake_case 2*3 = 6\n"),
        ("**Bold **text and __ an icon, __Login\n", "Bold text and an icon, Login\n"),
        ("\\*not emphasis\\* &amp; 1\\. no item\n", "*not emphasis* & 1. no item\n"),
        ("`a * b * c` and ``d ` e``\n", "a * b * c and d ` e\n"),
        ("<https://a.example/> <span class='x'>y</span><br> <!-- z -->a < b\n", "https://a.example/ y a < b\n"),
        ("* a\n\n  b\n* c\n", "a\nb\nc\n"),
        ("> a\n> > b\n", "a\nb\n"),
        ("```\n  * kept\n```\n", "  * kept\n"),
        ("A note[^1].\n\n[^1]: Said twice.\n", "A note[^1].\n\nSaid twice.\n"),
        ("no [link] here, nor ](/there)\n", "no [link] here, nor ](/there)\n"),
    ],
)
def test_text_is_what_a_reader_sees(source: str, text: str) -> None:
    assert text_of(source) == text


def test_a_pickled_page_has_the_same_text() -> None:
    result = clean(source_of(FIXTURES[0]))
    assert pickle.loads(pickle.dumps(result)).text == result.text


# Links, levels, images ---------------------------------------------------------------------------


def test_what_is_known_of_blocks() -> None:
    source = "## A [link](/a)\n\n* [b](/b)\n  * c ![d](/d.png)\n\n[![e](/e.png)](/tag/e)\n\nf\n"
    found = markup(source)
    assert found.levels == [2, 0, 0, 0, 0]
    assert found.depths == [0, 1, 2, 0, 0]
    assert found.images == [0, 0, 1, 1, 0]
    assert found.link_shares == [0.8, 1.0, 0.0, 0.0, 0.0]
    assert found.shows_nothing == [False, False, False, True, False]
    assert found.target_kinds == [("page",), ("page",), (), ("tag",), ()]
    assert found.with_target("tag") == [False, False, False, True, False]
    assert [block.link_chars for block in read_markdown(source).blocks] == [4, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("#part", "same_page"),
        ("", "same_page"),
        ("https://a.example/post#comments", "comments"),
        ("javascript:void(0)", "script"),
        ("mailto:a@b.example", "mail"),
        ("mailto:?subject=Read", "share"),
        ("https://www.facebook.com/sharer/sharer.php?u=x", "share"),
        ("https://twitter.com/intent/tweet?text=x", "share"),
        ("/tag/boats", "tag"),
        ("/author/oona", "author"),
        ("/login?next=/", "account"),
        ("/img/a.png?w=2", "media"),
        ("/2024/stage/vintage", "page"),
    ],
)
def test_targets(target: str, kind: str) -> None:
    assert target_kind(target) == kind
    assert kind in TARGET_KINDS


# Removals ----------------------------------------------------------------------------------------


def dropping(source: str, *patterns: str) -> Page:
    return clean(source, format="markdown", config=Config(only=("F107",), drop=patterns)).page


def test_a_table_keeps_its_head_as_long_as_it_has_rows() -> None:
    table = "| Berth | Fee |\n|---|---|\n| one | 12 |\n| two | 13 |\n"
    assert dropping(table + "\nafter\n", "one").text == table.replace("| one | 12 |\n", "") + "\nafter\n"
    assert dropping(table + "\nafter\n", "one", "two").text == "after\n"
    page = read_markdown(table)
    names_head = Filter("N999", "head", "", "", lambda _: [whole(page, 0, "N999", "the head")], "")
    assert apply(names_head, page).text == table


def test_a_definition_goes_with_the_last_link_to_it() -> None:
    source = "The [crane][c].\n\nThe old [Crane][C].\n\n[c]: /crane\n[unused]: /x\n"
    assert "[c]: /crane" in dropping(source, "old").text
    assert dropping(source, "The").text == "[unused]: /x\n"


def test_blocks_that_stood_apart_stay_apart() -> None:
    source = "* kept\n* dropped\n\nA paragraph.\n"
    assert dropping(source, "dropped").text == "* kept\n\nA paragraph.\n"


def test_front_matter_stays() -> None:
    head = "---\ntitle: Home\n---\n"
    assert clean(head + "\nHome\n\nNews\n\nSports\n\nContact us\n", format="markdown").markdown.startswith(head)


def test_embedded_images_go() -> None:
    source = "The crane ![](data:image/png;base64,iVBO=) is green.\n\n![x](data:image/png;base64,iV=)\n"
    assert clean(source, format="markdown").markdown == "The crane is green.\n"


def test_link_lists_stay_where_no_site_is() -> None:
    links = "* [Harbour](/h)\n* [Pilots](/p)\n* [Knots](/k)\n"
    assert links in clean(PROSE + links, format="markdown").markdown
    assert "Harbour" not in clean(CHROME + PROSE + links, format="markdown").markdown


def test_markdown_is_recognised_and_text_is_not() -> None:
    for path in FIXTURES:
        assert clean(source_of(path)).page.format == "markdown"
    for path in FIXTURES[0].parent.parent.glob("*/source.txt"):
        assert clean(path.read_text("utf-8")).page.format == "text", path


# Hostile input -----------------------------------------------------------------------------------

HOSTILE = {
    "brackets": lambda size: "[" * size,
    "nested links": lambda size: "[" * (size // 8) + "](a)" * (size // 8),
    "targets": lambda size: "[a](" * (size // 4),
    "titles": lambda size: '](a "' * (size // 5),
    "nested quotes": lambda size: ">" * size + " a",
    "unclosed fences": lambda size: "```a\n~~~b\n\n" * (size // 10),
    "unclosed comments": lambda size: "<!-- a\n\n" * (size // 8),
    "giant row": lambda size: "|a" * (size // 2) + "|\n" + "|-" * (size // 2) + "|\n",
    "rows": lambda size: "|a|b|\n|-|-|\n" + "|a|b|\n" * (size // 6),
    "emphasis": lambda size: "*a**b _c__d " * (size // 12),
    "backticks": lambda size: " ".join("`" * (number % 90 + 1) for number in range(size // 46)),
    "nested lists": lambda size: "".join("  " * depth + "* a\n" for depth in range(int(math.sqrt(size)))),
    "links never closed": lambda size: "[a\n\n" * (size // 4),
    "definitions": lambda size: "".join(f"[a{number}]\n\n[a{number}]: /x\n\n" for number in range(size // 24)),
    "images": lambda size: "![a](/b.png)\n\n" * (size // 14),
    "embedded images": lambda size: "![a](data:image/png;base64,AAAA) a\n\n" * (size // 36),
}  # fmt: skip


@pytest.mark.parametrize("family", HOSTILE)
def test_work_grows_with_size(family: str) -> None:
    small, large = HOSTILE[family](4_000), HOSTILE[family](32_000)
    clean(small, format="markdown")
    growth = math.log(cleaning(large, "markdown") / cleaning(small, "markdown"))
    assert growth / math.log(len(large) / len(small)) <= 1.1
