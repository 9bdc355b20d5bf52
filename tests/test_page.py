"""The ledger refuses what would break it, and takes the white space that its rule says."""

from __future__ import annotations

import pickle

import pytest

from cleaner.errors import FilterError
from cleaner.page import Block, Page, Removal, Span
from cleaner.readers.text import read_text


def page_of(marked: str) -> Page:
    """A page from a text in which ``[...]`` is removed and every line's text is one block."""
    source, spans = "", []
    for piece in marked.replace("]", "[").split("["):
        if len(spans) % 2:
            spans.append(len(source) + len(piece))
        else:
            spans.append(len(source) + len(piece))
        source += piece
    edges = [0, *spans]
    gone = [Span(edges[i], edges[i + 1]) for i in range(1, len(edges) - 1, 2)]
    blocks, at = [], 0
    for line in source.splitlines(keepends=True):
        if line.strip():
            start = at + len(line) - len(line.lstrip())
            blocks.append(Block(line.strip(), "paragraph", start, start + len(line.strip())))
        at += len(line)
    page = Page(source, blocks)
    return page.without(Removal(page.block_at(start), start, end, "N101", "test") for start, end in gone)


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        # whole lines, with the blank lines after them
        ("One.\n[Menu]\nTwo.\n", "One.\nTwo.\n"),
        ("One.\n\n[Menu]\n\n\nTwo.\n", "One.\n\nTwo.\n"),
        ("[Menu]\n[Home]\n\n  Two.\n", "  Two.\n"),
        ("One.\n   [Menu]\n      Two.\n", "One.\n      Two.\n"),
        ("One.\r\n[Menu]\r\n\r\nTwo.\r\n", "One.\r\nTwo.\r\n"),
        ("One.\r[Menu]\rTwo.", "One.\rTwo."),
        ("One.\u2028[Menu]\u2028Two.", "One.\u2028Two."),
        ("\n\n[Menu]\n\nTwo.\n", "\n\nTwo.\n"),
        # the end of the page: the blank lines before, and the last line keeps its end
        ("One.\n\n[Menu]\n", "One.\n"),
        ("One.\n\n[Menu]", "One.\n"),
        ("One. [Menu]", "One."),
        ("One. [Menu]  \n", "One.  \n"),
        ("One. [Menu]\n\n[More]\n", "One.\n"),
        # nothing left
        ("\n[Menu]\n\n[Home]\n ", ""),
        # inside a line
        ("One [ad] two.\n", "One two.\n"),
        ("[Ad] One.\n", "One.\n"),
        ("One. [ad]\nTwo.\n", "One.\nTwo.\n"),
        ("see[12] there\n", "see there\n"),
        ("see [12]there\n", "see there\n"),
        ("One.\n[Menu]\n[ad] Two.\n", "One.\nTwo.\n"),
        ("A [ad] [ad] b.\n", "A b.\n"),
        # what stood on two lines stays on two
        ("One. [ad]\n\n[Ad] Two.\n", "One.\n\nTwo.\n"),
        ("One. [ad]\n\n[Menu]\n\nTwo.\n", "One.\n\nTwo.\n"),
        ("One. [ad]\n[Menu]\n[Ad] Two.\n", "One.\nTwo.\n"),
    ],
)
def test_white_space_goes_by_the_rule(marked: str, text: str) -> None:
    assert page_of(marked).text == text


def test_a_page_without_removals_is_its_source() -> None:
    for source in ("", " \n", "One.\r\nTwo."):
        page = read_text(source)
        assert page.text == source
        assert page.cuts == ()


ONE = Page("One two three.\nFour.", [Block("One two three.", "paragraph", 0, 14), Block("Four.", "paragraph", 15, 20)])


@pytest.mark.parametrize(
    ("removal", "message"),
    [
        (Removal(0, 0, 0, "N101", "x"), "is not in block 0"),
        (Removal(0, 8, 15, "N101", "x"), "is not in block 0"),
        (Removal(1, 0, 3, "N101", "x"), "is not in block 1"),
        (Removal(0, 3, 7, "N101", "x"), "begins and ends with text"),
        (Removal(0, 0, 4, "N101", "x"), "begins and ends with text"),
    ],
)
def test_a_wrong_span_is_refused(removal: Removal, message: str) -> None:
    with pytest.raises(FilterError, match=message):
        ONE.without([removal])


def test_text_goes_once() -> None:
    page = ONE.without([Removal(0, 4, 7, "N101", "x")])
    for again in ([Removal(0, 0, 14, "P101", "y")], [Removal(0, 8, 14, "P101", "y"), Removal(0, 10, 12, "P101", "y")]):
        with pytest.raises(FilterError, match="already removed there, by one of N101, P101"):
            page.without(again)
    assert page.without([Removal(0, 8, 14, "P101", "y")]).text == "One\nFour."


def test_a_page_never_changes() -> None:
    page = ONE.without([Removal(1, 15, 20, "N101", "x")])
    page.without([Removal(0, 0, 14, "P101", "y")])
    assert (ONE.removals, page.text, page.is_whole(0)) == ((), "One two three.\n", True)


def test_what_stands_is_what_nobody_took() -> None:
    page = ONE.without([Removal(0, 4, 7, "N101", "x")]).without([Removal(0, 0, 3, "N102", "x")])
    assert page.standing(0) == (Span(8, 14),)
    assert page.standing(1) == (Span(15, 20),)
    assert not page.is_gone(0)
    assert page.without([Removal(0, 8, 14, "N103", "x")]).is_gone(0)


def test_protected_blocks_are_refused() -> None:
    page = ONE.protecting({0: "wanted"}).without([Removal(1, 15, 20, "N101", "x")])
    with pytest.raises(FilterError, match="kept by the user's rule"):
        page.without([Removal(0, 0, 14, "N101", "x")])


def test_block_at_is_the_last_that_begins_before() -> None:
    assert [ONE.block_at(offset) for offset in (0, 13, 14, 15, 99)] == [0, 0, 0, 1, 1]
    assert read_text("\n\nOne").block_at(1) == -1


def test_a_page_pickles_with_its_ledger_and_without_its_features() -> None:
    page = ONE.without([Removal(0, 4, 7, "N101", "x")]).protecting({1: "wanted"})
    page.shared["features"] = lambda: None
    again = pickle.loads(pickle.dumps(page))
    assert (again.text, again.removals, again.protected, again.shared) == (page.text, page.removals, {1: "wanted"}, {})
    assert again.standing(0) == page.standing(0)
