"""What the scorecard never takes: titles, the same titles without the site's name, and the sentences under them."""

from __future__ import annotations

import pytest

from cleaner import clean
from cleaner.filters.weighed import _find, _standfirsts, _titles

BODY = """The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be.
A second vote on the fees is planned for autumn, when the new hall on the eastern quay will be ready for the board.
"""
TITLE = "Mooring fees will rise for the third year"
STANDFIRST = "The board and the pilots disagree about who should have been asked before the vote on the fees."
FURNITURE = "\n".join(("Home", "News", "Sports", "Search", "Weather", "Archive"))


@pytest.mark.parametrize("between", ["", "Home\nNews\nSports\n"])
def test_a_title_is_known_again_without_the_name_of_the_site(between: str) -> None:
    page = clean(f"{TITLE} | The harbour board on the quay\n{between}{TITLE}\n{BODY}").page
    texts = [page.blocks[block].text for block in _titles(page)]
    assert TITLE in texts
    assert f"{TITLE} | The harbour board on the quay" in texts


def test_the_sentence_under_a_title_is_no_subject_of_weighing() -> None:
    page = clean(f"{FURNITURE}\n{TITLE}\n{STANDFIRST}\n{FURNITURE}\n{BODY}").page
    title = [block.text for block in page.blocks].index(TITLE)
    found = [page.blocks[block].text for block in _standfirsts(page, (title,))]
    assert found == [STANDFIRST]
    assert STANDFIRST not in [page.blocks[removal.block].text for removal in _find(page)]


def test_a_heading_is_the_title_where_no_line_is_known_for_it() -> None:
    page = clean(f"# Zinnia\n\n{BODY}", format="markdown").page
    assert _titles(page) == (0,)


def test_facts_of_a_recipe_are_not_taken_for_its_title() -> None:
    method = (
        "Rub the butter into the flour and cook the plums for 45 minutes, as my aunt in the harbour always did.\n" * 2
    )
    lines = f"{FURNITURE}\nPlum cake of the harbour\n27 words\nCooking: 45 minutes\nButter: 100 grams\n{method}"
    page = clean(lines).page
    assert [page.blocks[block].text for block in _titles(page)] == ["Plum cake of the harbour"]


def test_signed_comments_under_a_heading_of_one_word_go() -> None:
    comments = "".join(
        f"Nobody asked the sailors either, and we pay the most of all of them.\nPosted by: {name} at May {day}, 2021\n"
        for day, name in enumerate(("Tove", "Ragna", "Olin"), 2)
    )
    text = clean(f"{FURNITURE}\n{TITLE}\n{BODY}{_longer()}Comments\n{comments}").text
    assert "Posted by: Ragna" not in text
    assert "Nobody asked the sailors" not in text
    assert "who pay no fees" in text


def _longer() -> str:
    """More of the article, a different sentence a line."""
    return "".join(
        f"In the {nth} year of the fees the board had promised to look at the quay and the cranes again.\n"
        for nth in ("first", "second", "third", "fourth", "fifth", "sixth")
    )
