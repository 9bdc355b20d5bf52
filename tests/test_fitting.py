"""Fitted points: signs, bars, folds, the file; and a card fitted to this repository's own fixtures."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from labels import fixture_names, labels_of

from cleaner import clean
from cleaner.config import Config
from cleaner.cues import second_look
from cleaner.cues.points import Card, read_cards
from cleaner.errors import UsageError
from cleaner.labelled import Gold, Labelled
from cleaner.scoring import words

np = pytest.importorskip("numpy")

from cleaner.fitting import Choices, Fitted, fit, fit_card  # noqa: E402
from cleaner.fitting.bars import LEANS, Weighed, with_lean  # noqa: E402
from cleaner.fitting.examples import as_clean_page, example_of, fold_of  # noqa: E402
from cleaner.fitting.points_file import OPENING, tables_of, with_card  # noqa: E402
from cleaner.fitting.regression import Weighted, fitted_bias, signed_weights  # noqa: E402

Item = TypeVar("Item")
FIXTURES = Path(__file__).parent.parent / "fixtures"
CARD = Card(0.2, 4, {"+ends as a sentence": 3, "-title case": -2}, 0.4)


# The regression -----------------------------------------------------------------------------------


def rows_of(weights: list[float], bias: float, *, count: int = 40_000) -> Weighted:
    """Rows whose labels are the very probabilities that these weights give."""
    random = np.random.default_rng(7)
    cues = (random.random((count, len(weights))) < 0.3).astype(np.uint8)
    stays = 1 / (1 + np.exp(-(cues @ np.array(weights) + bias)))
    return Weighted(cues, stays, random.random(count) + 0.5)


def test_weights_are_found_again() -> None:
    wanted = [2.0, -1.5, 0.0, 0.4, -3.0]
    signs = np.array([1, -1, 1, 1, -1], np.int8)
    weights, bias = signed_weights(rows_of(wanted, -0.7), signs, 1e-6)
    assert weights == pytest.approx(wanted, abs=0.01)
    assert bias == pytest.approx(-0.7, abs=0.01)


def test_a_weight_of_the_wrong_sign_is_zero() -> None:
    weights, _ = signed_weights(rows_of([2.0, -1.5, 1.0], 0.3), np.array([1, 1, -1], np.int8), 1.0)
    assert weights[1] == weights[2] == 0
    assert weights[0] > 1


def test_no_weights_within_the_signs_do_better() -> None:
    rows, penalty = rows_of([1.0, -2.0, 0.6], 0.1, count=3_000), 2.0
    weights, bias = signed_weights(rows, np.array([1, -1, -1], np.int8), penalty)

    def loss(weights: Iterable[float], bias: float) -> float:
        given = np.array(list(weights))
        sums = rows.cues @ given + bias
        return float(rows.weight @ (np.logaddexp(0, sums) - rows.stays * sums) + penalty * given @ given)

    found = loss(weights, bias)
    for step in (-0.02, 0.02):
        assert loss(weights, bias + step) > found
        for one in range(len(weights)):
            moved = weights.copy()
            moved[one] += step
            if moved[one] * (1, -1, -1)[one] >= 0:
                assert loss(moved, bias) > found


def test_bias_suits_given_sums() -> None:
    rows = rows_of([1.0, -2.0], 1.3)
    assert fitted_bias(rows.cues @ np.array([1.0, -2.0]), rows) == pytest.approx(1.3, abs=1e-3)


# Bars ---------------------------------------------------------------------------------------------


def weighed(sums: list[int], words_each: list[int], share: list[float]) -> Weighed:
    """A page whose gold is what its blocks share with it."""
    counts, shares = np.array(words_each, float), np.array(share, float)
    return Weighed(np.array(sums), counts, shares, int(counts @ shares), 1.0)


def test_errors_that_come_together_take_a_lean() -> None:
    """Blocks that are content more often than not each by itself, but on half of the pages none of them is."""
    pages = [weighed([3, 3, 3, 20], [30, 30, 30, 60], [0, 0, 0, 1])] * 6
    pages += [weighed([3, 3, 3, 20], [2, 2, 2, 60], [1, 1, 1, 1])] * 4
    card = with_lean(CARD, pages)
    assert card.lean > 0
    assert card.points == CARD.points


def test_the_greatest_lean_that_costs_nothing_is_taken() -> None:
    """Some blocks of few points are content all the same: a great lean would lose them, a smaller one does not."""
    certain, doubtful = [-20, -9, 9, 20], [-20, 2, 2, 20]
    words, share = [40, 30, 30, 30], [0.0, 1.0, 1.0, 1.0]
    assert with_lean(CARD, [weighed(certain, words, [0.0, 0.0, 1.0, 1.0])]).lean == LEANS[-1]
    assert with_lean(CARD, [weighed(doubtful, words, share)]).lean < LEANS[-1]


# Folds --------------------------------------------------------------------------------------------


def page_at(url: str | None, id: str = "one") -> Labelled:
    """A page of no interest from an address."""
    return Labelled(id, "Fog\n", "text", url, "", Gold("Fog"))


def test_pages_of_one_host_share_a_fold() -> None:
    urls = ("https://www.quay.example/a", "http://quay.example/b?c=d", "https://QUAY.example:8080/")
    assert len({fold_of(page_at(url, id), 997) for id, url in enumerate(urls)}) == 1  # type: ignore[arg-type]
    assert len({fold_of(page_at(None, str(id)), 997) for id in range(50)}) > 40


# The points file ----------------------------------------------------------------------------------


def test_a_table_is_replaced_and_the_others_stay() -> None:
    first = with_card("", "text", CARD, "made from one page\nby hand")
    both = with_card(first, "markdown", CARD._replace(bias=9), "made from another")
    again = with_card(both, "text", CARD._replace(bias=-1), "made anew")
    assert first == OPENING + "\n" + tables_of(first)["text"]
    assert "# made from one page\n# by hand\n[text]\n" in both
    assert "by hand" not in again
    assert tables_of(again)["markdown"].strip() == tables_of(both)["markdown"].strip()
    assert read_cards(again) == {"markdown": CARD._replace(bias=9), "text": CARD._replace(bias=-1)}
    assert with_card(again, "text", CARD._replace(bias=-1), "made anew") == again
    assert again.startswith(OPENING)


def test_strong_points_come_first() -> None:
    table = tables_of(with_card("", "text", CARD, ""))["text"]
    assert table.index("ends as a sentence") < table.index("title case")


@pytest.mark.parametrize("text", ["[text", "[text]\nbias = 1\n", "title = 3\n", "[text]\ncues = 4\n"])
def test_a_file_of_another_kind_is_not_overwritten(text: str) -> None:
    with pytest.raises(UsageError, match="no points file"):
        tables_of(text)


# A whole fit --------------------------------------------------------------------------------------


def silent(items: Iterable[Item], label: str, total: int) -> Iterable[Item]:
    """Watches nothing."""
    return items


def fixture_corpus() -> list[Labelled]:
    """The fixtures as labelled pages: what must or may stay is the gold."""
    pages = []
    for name in fixture_names():
        labels = labels_of(name)
        kept = (
            label.rest if label.rest is not None else label.text for label in labels if label.mark != "-" or label.rest
        )
        source = (FIXTURES / name / "source.txt").read_text("utf-8")
        pages.append(
            Labelled(name, source, "text", None, "clean" if "clean" in name else "scraped", Gold("\n".join(kept)))
        )
    return pages


@pytest.fixture(scope="module")
def corpus() -> list[Labelled]:
    return fixture_corpus()


@pytest.fixture(scope="module")
def fitted(corpus: list[Labelled]) -> Fitted:
    return fit(corpus, Config(), Choices(folds=3), jobs=2, watch=silent)


def test_a_card_is_fitted_to_the_fixtures(fitted: Fitted, corpus: list[Labelled]) -> None:
    assert fitted.kind == "text"
    assert 5 < len(fitted.card.points) < fitted.cues
    assert all((points > 0) == name.startswith("+") for name, points in fitted.card.points.items())
    assert fitted.report.groups[0].pages == len(corpus)
    assert fitted.report.groups[0].prf.f1 > 0.85
    assert [one.name for one in fitted.clean] == ["all golds", "clean", "scraped"]
    assert fitted.clean[0].kept / fitted.clean[0].words > 0.9


def test_the_same_pages_give_the_same_card(fitted: Fitted, corpus: list[Labelled]) -> None:
    assert fit(corpus, Config(), Choices(folds=3), jobs=1, watch=silent) == fitted


def test_the_report_is_what_a_user_gets(fitted: Fitted, corpus: list[Labelled], tmp_path: Path) -> None:
    """One fold by hand: its pages, cleaned with a file of points that was fitted to the other folds."""
    choices, held = Choices(folds=3), fitted.report
    examples = [example_of(page, Config(), 3, {}) for page in corpus]
    clean_ones = [example_of(as_clean_page(page), Config(), 3, {}) for page in corpus]
    clean_ones = [
        one._replace(
            share=np.ones(len(one.words)), weight=one.weight * choices.clean_weight, page_weight=choices.clean_weight
        )
        for one in clean_ones
    ]
    kept = 0
    for fold in range(3):
        card = fit_card([one for one in [*examples, *clean_ones] if one.fold != fold], choices)
        file = tmp_path / f"{fold}.toml"
        file.write_text(with_card("", "text", card, "by hand"))
        for page in corpus:
            if fold_of(page, 3) == fold:
                result = clean(page.data, format="text", config=replace(Config(), points=str(file)))
                kept += len(words(result.text))
    assert kept == held.kept_words


def test_fewer_cues_can_be_asked_for(corpus: list[Labelled]) -> None:
    examples = [example_of(page, Config(), 3, {}) for page in corpus]
    card = fit_card(examples, Choices(most_cues=12))
    assert 3 < len(card.first_points) <= 12
    assert set(card.points) <= {*card.first_points, *second_look.CUES}
    assert not math.isnan(card.lean)


def test_golds_as_clean_pages_hold_more_back(corpus: list[Labelled]) -> None:
    without = fit(corpus, Config(), Choices(folds=2, clean_weight=0.0), jobs=1, watch=silent)
    heavy = fit(corpus, Config(), Choices(folds=2, clean_weight=20.0), jobs=1, watch=silent)
    assert heavy.clean[0].kept >= without.clean[0].kept
    assert without.blocks < heavy.blocks


def test_only_how_types_count_beside_each_other_matters(corpus: list[Labelled], fitted: Fitted) -> None:
    equal = Choices(folds=3, type_weights={"clean": 8.0, "scraped": 8.0})
    assert fit(corpus, Config(), equal, jobs=1, watch=silent).card == fitted.card
    unequal = Choices(folds=3, type_weights={"clean": 8.0})
    assert fit(corpus, Config(), unequal, jobs=1, watch=silent).card != fitted.card


def test_pages_with_empty_gold_are_left_out(corpus: list[Labelled], fitted: Fitted) -> None:
    empty = [page._replace(id=f"{page.id} again", gold=Gold(" \n")) for page in corpus[:4]]
    assert fit([*empty, *corpus], Config(), Choices(folds=3), jobs=1, watch=silent) == fitted


@pytest.mark.parametrize(
    ("pages", "message"),
    [
        ([], "no page has any gold"),
        ([page_at(None), page_at(None)._replace(format="markdown")], "markdown and text, and each has points"),
        ([page_at(None)._replace(format="auto")], "say it with --format"),
        ([page_at("https://quay.example/"), page_at("https://quay.example/2")], "fill 1 of 5 folds"),
    ],
)
def test_what_cannot_be_fitted_is_told(pages: list[Labelled], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        fit(pages, Config(), Choices(), jobs=1, watch=silent)


def test_pages_without_chrome_teach_nothing() -> None:
    with pytest.raises(UsageError, match="nothing to learn from"):
        fit([page_at(None, str(id)) for id in range(40)], Config(), Choices(), jobs=1, watch=silent)


def test_points_file_is_toml() -> None:
    assert tomllib.loads(with_card("", "text", CARD, "a comment"))["text"]["bias"] == 4
