"""Scores against gold: words, snippets, filters, types, the worst pages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.config import Config
from cleaner.filter import whole
from cleaner.labelled import Gold, Labelled
from cleaner.page import Block, Page
from cleaner.parallel import mapped
from cleaner.scoring import GoldIndex, PageScore, Prf, Snippets, Taken, measured, report, score_page, word_prf, words

BODY = (
    "The harbour board met on Monday and agreed that the old crane on the eastern quay has to come down.\n\n"
    "It was built before the war, and nobody has trusted it with more than a crate of herring since.\n"
)
RAW = f"Home\nNews\nSports\nContact us\n\n{BODY}\nFerry strikes a buoy in the fog\n"
WORDS = st.lists(st.sampled_from(["tide", "quay", "crane", "fog", "gull", "herring"]), max_size=12)


def labelled(data: str | bytes, gold: str, **fields: str) -> Labelled:
    """A page of text with its gold."""
    page = Labelled("page", data, "text", None, "", Gold(gold))
    return page._replace(**fields)


@pytest.mark.parametrize(
    ("found", "gold", "expected"),
    [
        ("", "", (1, 1, 1)),
        ("fog", "", (0, 0, 0)),
        ("", "fog", (0, 0, 0)),
        ("tide", "fog", (0, 0, 0)),
        ("The fog, the FOG!", "the fog the fog", (1, 1, 1)),
        ("fog fog fog fog", "fog", (0.25, 1, 0.4)),
        ("the fog", "the fog came in", (1, 0.5, 2 / 3)),
        ("Çeşme’de 3,5 km", "çeşme de 3 5 km", (1, 1, 1)),
    ],
)
def test_word_prf(found: str, gold: str, expected: tuple[float, float, float]) -> None:
    assert word_prf(words(found), words(gold)) == pytest.approx(expected)


@given(WORDS, WORDS)
def test_word_prf_counts_words_one_by_one(found: list[str], gold: list[str]) -> None:
    left = list(gold)
    both = 0
    for word in found:
        if word in left:
            left.remove(word)
            both += 1
    measured = word_prf(found, gold)
    if found and gold:
        assert measured.precision == pytest.approx(both / len(found))
        assert measured.recall == pytest.approx(both / len(gold))
        assert measured.f1 == pytest.approx(2 * both / (len(found) + len(gold)))
    assert measured == word_prf(found[::-1], gold) == Prf(*word_prf(gold, found)[1::-1], measured.f1)


@pytest.mark.parametrize(
    ("block", "share"),
    [
        ("", 0),
        ("Home", 0),
        ("Monday", 0.4),  # a word that stands in it by chance, perhaps
        ("old crane", 0.6),
        ("crane old", 0),
        ("The old crane", 1),
        ("a crate of tea", 0.75),
        ("eastern quay has to", 1),  # four words in a row
        ("Read more: the harbour board met on Friday", 5 / 8),
        ("Home News Sports", 0),
    ],
)
def test_share_of_a_block_that_is_the_golds(block: str, share: float) -> None:
    assert GoldIndex(BODY).share(words(block)) == pytest.approx(share)


def test_a_page_is_measured() -> None:
    gold = f"{BODY}\nSports\n\nA line that is not on the page\n"
    page = labelled(RAW, gold)._replace(
        gold=Gold(gold, ("old  crane", "the new crane"), ("Ferry strikes", "met on Monday"))
    )
    found = score_page(page, Config(only=("N",), drop=("^Ferry",)))
    body = len(words(BODY))
    assert found.prf == word_prf(words(BODY), words(gold))
    assert (found.gold_words, found.kept_words, found.kept_wrong) == (body + 9, body, 0)
    assert found.taken == (Taken("N102", 1, 5, 1), Taken("U101", 1, 7, 2))
    assert found.absent == 6
    assert found.snippets == Snippets(2, 1, 2, 1)
    assert found.error == ""


def test_words_wrongly_kept_are_counted() -> None:
    found = score_page(labelled(RAW, BODY), Config(only=("C",)))
    assert found.kept_wrong == len(words(RAW)) - len(words(BODY))
    assert (found.taken, found.absent) == ((), 0)


def test_a_lost_word_is_laid_at_the_door_of_what_is_most_like_the_gold() -> None:
    """A menu has "the" too, and what took it ran first; but it is the sentence's word that is missed."""
    menu, fog = "The desk, the log", "The fog came in from the sea."
    source = f"{menu}\n{fog}\n"
    spans = [(0, len(menu)), (len(menu) + 1, len(source) - 1)]
    page = Page(source, [Block(source[start:end], "paragraph", start, end) for start, end in spans])
    finished = page.without([whole(page, 0, "N102", ""), whole(page, 1, "D101", "")])
    found = measured(labelled(source, fog), finished.text, finished)
    assert found.taken == (Taken("D101", 1, 7, 7), Taken("N102", 1, 4, 0))


def test_a_page_that_cannot_be_cleaned_counts_as_emptied() -> None:
    found = score_page(labelled(b"\x00\x01\x02\x03" * 900, BODY), Config())
    assert (found.prf, found.kept_words, found.absent) == (Prf(0, 0, 0), 0, len(words(BODY)))
    assert found.error
    assert report([found], worst=1).failed == (found,)


def scored(id: str, f1: float, type: str = "", gold_words: int = 100) -> PageScore:
    """A page with this F1."""
    return PageScore(
        id, type, None, Prf(f1, f1, f1), gold_words, 90, 5, 1, (Taken("N102", 1, 9, 3),), Snippets(2, 1, 3, 0)
    )


def test_report_means_by_type() -> None:
    found = report([scored("a", 0.5, "forum"), scored("b", 1.0, "article"), scored("c", 0.0, "forum", 0)], worst=2)
    assert [(one.name, one.pages, one.prf.f1) for one in found.groups] == [
        ("all pages", 3, 0.5),
        ("gold not empty", 2, 0.75),
        ("article", 1, 1.0),
        ("forum", 2, 0.25),
    ]
    assert [one.id for one in found.worst] == ["a", "b"]
    assert found.taken == (Taken("N102", 3, 27, 9),)
    assert found.snippets == Snippets(6, 3, 9, 0)
    assert (found.gold_words, found.kept_words, found.kept_wrong, found.absent) == (200, 270, 15, 3)


def test_report_without_types_has_no_groups_of_them() -> None:
    assert [one.name for one in report([scored("a", 0.5)], worst=0).groups] == ["all pages", "gold not empty"]
    assert report([], worst=3).groups[0].prf == Prf(0, 0, 0)


def test_of_equal_pages_the_longer_is_worse() -> None:
    found = report([scored("a", 0.5), scored("b", 0.5, gold_words=900), scored("c", 0.5)], worst=3)
    assert [one.id for one in found.worst] == ["b", "a", "c"]


def doubled(number: int) -> int:
    return 2 * number


def refusing(number: int) -> int:
    if number == 50:
        raise ValueError("fifty")
    return number


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_mapped_keeps_the_order(jobs: int) -> None:
    assert list(mapped(doubled, range(199), jobs=jobs)) == list(range(0, 398, 2))
    assert list(mapped(doubled, [], jobs=jobs)) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_mapped_reads_little_ahead_and_passes_errors_on(jobs: int) -> None:
    read = []

    def numbers() -> Iterator[int]:
        for number in range(10_000):
            read.append(number)
            yield number

    with pytest.raises(ValueError, match="fifty"):
        list(mapped(refusing, numbers(), jobs=jobs))
    assert len(read) < 1_000


def test_scores_are_the_same_in_several_processes() -> None:
    pages = [labelled(f"{RAW}Page {number}\n", BODY, id=str(number)) for number in range(20)]
    score = partial(score_page, config=Config())
    assert list(mapped(score, pages, jobs=2)) == [score(page) for page in pages]
