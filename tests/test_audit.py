"""The folds over a ledger: diff, rows, explanation, tally, account."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from cleaner.audit import account, explain, filter_name, hunks, label, rows, tally, unified_diff
from cleaner.escapes import escaped, shown
from cleaner.page import Block, Page, Removal
from cleaner.pipeline import CleanResult, clean
from cleaner.readers.text import read_text


def page_of(lines: list[str], *gone: int, end: str = "\n") -> Page:
    """A page of one block a line, of which some are removed."""
    source, blocks = "", []
    for line in lines:
        if line:
            blocks.append(Block(line, "paragraph", len(source), len(source) + len(line)))
        source += line + "\n"
    source = source.removesuffix("\n") + end
    removals = [Removal(i, b.start, b.end, "N999", f'"{b.text}"') for i, b in enumerate(blocks)]
    return Page(source, blocks).without(removals[number] for number in gone)


def test_a_diff_has_a_hunk_a_removal_with_its_evidence() -> None:
    page = page_of(["Menu", "One.", "Two.", "Three.", "Four.", "Ad", "Five.", "Six"], 0, 5)
    assert "".join(unified_diff(page, "raw.txt", "clean.txt", 1)) == (
        "--- raw.txt\n"
        "+++ clean.txt\n"
        '@@ -1,2 +1 @@ N999: "Menu"\n'
        "-Menu\n"
        " One.\n"
        '@@ -5,3 +4,2 @@ N999: "Ad"\n'
        " Four.\n"
        "-Ad\n"
        " Five.\n"
    )


def test_a_diff_of_nothing_is_empty() -> None:
    assert list(unified_diff(page_of(["One.", "Two."]))) == []


def test_a_missing_last_newline_is_said() -> None:
    page = page_of(["One.", "Menu", "Two."], 1, end="")
    assert list(unified_diff(page))[-1] == " Two.\n\\ No newline at end of file\n"
    gone = page_of(["One.", "Menu"], 1, end="")
    assert list(unified_diff(gone))[-2:] == [" One.\n", "-Menu\n\\ No newline at end of file\n"]


def test_neighbours_have_a_hunk_each_and_share_no_line() -> None:
    page = page_of(["One.", "Menu", "Home", "Two.", "Three."], 1, 2)
    first, second = hunks(page)
    assert (first.old_start, first.old_count, second.old_start, second.old_count) == (2, 1, 3, 1)
    first, second = hunks(page, patchable=False)
    assert [text for _, text in first.lines] == ["One.\n", "Menu\n"]
    assert [text for _, text in second.lines] == ["Home\n", "Two.\n", "Three.\n"]


def test_what_shares_a_line_shares_a_hunk() -> None:
    source = "Read this. Ad one. And that. Ad two.\nNext.\n"
    page = Page(source, [Block(source[:36], "paragraph", 0, 36)])
    page = page.without([Removal(0, 11, 18, "P901", "one"), Removal(0, 29, 36, "P902", "two")])
    (hunk,) = hunks(page, 0)
    assert hunk.lines == (("-", source[:37]), ("+", "Read this. And that.\n"))
    assert hunk.heading == "@@ -1 +1 @@ P901: one; P902: two"


def test_evidence_stays_on_its_line_and_shows_its_controls() -> None:
    page = Page("x", [Block("x", "paragraph", 0, 1)]).without([Removal(0, 0, 1, "N999", "a\r\nb\x1b[2J\u202e\u2028")])
    (hunk,) = hunks(page)
    assert hunk.heading == "@@ -1 +0,0 @@ N999: a\\r\\nb\\x1b[2J\\u202e\\u2028"
    assert label(page.removals[0]) == "N999: a\\r\\nb\\x1b[2J\\u202e\\u2028"


def test_one_table_says_what_is_shown_escaped() -> None:
    assert escaped("plain ünïcode 新闻\t\r\n") == "plain ünïcode 新闻\\t\\r\\n"
    for char in map(chr, [*range(0x20), *range(0x7F, 0x600), *range(0x61C, 0x620), *range(0x2000, 0x2100), 0xFFF9]):
        assert escaped(char) == (shown(char) if char not in "\t\n\r" else ascii(char)[1:-1])
    assert escaped("\u2066\ufff9\ufeff\ud800\U000e0061") == "\\u2066\\ufff9\\ufeff\\ud800\\U000e0061"
    marks = "\u200c\u200d\u200e\u200f\u061c"  # joiners and direction marks, without which some scripts are misread
    assert escaped(marks) == shown(marks) == marks


def test_long_evidence_is_shortened_in_a_heading_only() -> None:
    page = Page("x", [Block("x", "paragraph", 0, 1)]).without([Removal(0, 0, 1, "N999", "long " * 100)])
    (hunk,) = hunks(page)
    assert len(hunk.heading) < 230
    assert hunk.heading.endswith("...")
    assert len(label(page.removals[0])) > 500


@pytest.mark.parametrize(
    ("name", "written"),
    [("raw.txt", "raw.txt"), ("my raw.txt", "my raw.txt\t"), ("a\nb", '"a\\012b"'), ('q".txt', '"q\\".txt"')],
)
def test_names_cannot_break_the_diff(name: str, written: str) -> None:
    assert next(iter(unified_diff(page_of(["Menu"], 0), name))) == f"--- {written}\n"


def test_rows_put_what_is_left_beside_the_source() -> None:
    page = page_of(["One.", "Menu", "", "Two."], 1)
    assert [(row.number, row.old, row.new) for row in rows(page)] == [
        (1, "One.", "One."),
        (2, "Menu", None),
        (3, "", None),
        (4, "Two.", "Two."),
    ]
    assert [[one.filter for one in row.removals] for row in rows(page)] == [[], ["N999"], [], []]


def test_every_block_is_explained_with_its_lines() -> None:
    source = "Menu\n\nOne long\nparagraph. Ad\n\nKept.\n"
    blocks = [Block(source[a:b], "paragraph", a, b) for a, b in ((0, 4), (6, 28), (30, 35))]
    page = Page(source, blocks).protecting({2: 'keep pattern "Kept"'})
    page = page.without([Removal(0, 0, 4, "N999", "menu"), Removal(1, 26, 28, "P999", "ad")])
    told = [(one.number, one.first_line, one.last_line, one.fate, one.reason) for one in explain(page)]
    assert told == [
        (0, 1, 1, "removed", "N999: menu"),
        (1, 3, 4, "partly", "P999: ad"),
        (2, 6, 6, "kept", 'U102 keep pattern: keep pattern "Kept"'),
    ]


def test_a_tally_counts_blocks_and_characters_over_pages() -> None:
    pages = [page_of(["Menu", "Text"], 0), page_of(["Home", "Back", "Words"], 0, 1)]
    (one,) = tally(pages)
    assert (one.filter, one.blocks, one.chars, one.share) == ("N999", 3, 12, 12 / 21)
    assert tally(page_of(["Text"])) == ()
    assert tally([]) == ()


def test_an_account_is_json_with_every_removal() -> None:
    page = page_of(["One.", "Menu", "", "Two."], 1)
    result = CleanResult(page, {"title": "One.", "language": "en"}, ("a warning",), name="raw.txt")
    table = json.loads(json.dumps(account(result)))
    assert list(table) == [
        *("cleaner", "schema", "name", "url", "format", "title", "language", "metadata", "text", "sha256"),
        *("removals", "warnings", "source"),
    ]
    assert (table["schema"], table["name"], table["title"], table["warnings"]) == (1, "raw.txt", "One.", ["a warning"])
    assert table["text"] == "One.\nTwo.\n"
    assert table["removals"] == [
        {
            "filter": "N999",
            "name": "",
            "evidence": '"Menu"',
            "block": 1,
            "line": 2,
            "start": 5,
            "end": 9,
            "text": "Menu",
            "cut": {"start": 5, "end": 11, "before": "", "after": "\n\n"},
        }
    ]
    assert account(result, name="other")["name"] == "other"


def test_an_account_knows_how_the_source_was_written() -> None:
    facts = account(clean(b"\xef\xbb\xbfOne.\r\nTwo.\nThree.\rFour.", format="text"))["source"]
    assert isinstance(facts, dict)
    assert (facts["encoding"], facts["bom"], facts["bytes"], facts["characters"]) == ("utf-8", "efbbbf", 26, 23)
    assert (facts["newlines"], facts["final_newline"]) == ({"crlf": 1, "lf": 1, "cr": 1}, False)


def test_user_rules_have_names() -> None:
    assert (filter_name("U101"), filter_name("U102"), filter_name("X1")) == ("drop pattern", "keep pattern", "")


def many_removals_in_one_line(count: int) -> Page:
    source = "word [12] " * count
    block = Block(source.rstrip(), "paragraph", 0, len(source) - 1)
    return Page(source, [block]).without(Removal(0, at, at + 4, "N999", "x") for at in range(5, len(source), 10))


def many_lines(count: int) -> Page:
    page = read_text("Menu of things.\n\n" * count)
    return page.without(Removal(i, b.start, b.end, "N999", "x") for i, b in enumerate(page.blocks) if i % 2)


@pytest.mark.parametrize("make", [many_removals_in_one_line, many_lines])
def test_folds_grow_with_the_page(make: Callable[[int], Page]) -> None:
    def seconds(count: int) -> float:
        page = make(count)
        start = time.process_time()
        sum(1 for _ in unified_diff(page))
        sum(1 for _ in rows(page))
        sum(1 for _ in explain(page))
        account(CleanResult(page))
        return time.process_time() - start

    small = min(seconds(2_000) for _ in range(3))
    assert min(seconds(16_000) for _ in range(2)) < 8 * small * 6 + 0.3
