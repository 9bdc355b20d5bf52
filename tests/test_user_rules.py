"""The user's own patterns: keep beats everything, and nothing about them is silent."""

from __future__ import annotations

import subprocess
import sys

import pytest

import cleaner
from cleaner import pipeline
from cleaner.config import Config
from cleaner.errors import UsageError
from cleaner.filter import Filter, examples_of, whole
from cleaner.filters import user_rules
from cleaner.filters.user_rules import RULES, compiled, drop_rule
from cleaner.pipeline import apply, clean
from cleaner.readers.text import read_text

PAGE = "Bridge opens\n\nAdvert: buy bolts.\n\nThe bridge opened on Monday, the mayor said.\n\nAdvert: buy nuts.\n"
EVERYTHING = Filter(
    "N901", "everything", "All.", "Always.", lambda page: [whole(page, i, "N901", "x") for i in range(4)], ""
)


@pytest.fixture
def _greedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run in which the only filter removes every block."""
    monkeypatch.setattr(pipeline, "FILTERS", (EVERYTHING,))


@pytest.mark.usefixtures("_greedy")
def test_keep_beats_every_filter_and_drop() -> None:
    result = clean(PAGE, config=Config(keep=("mayor", "nuts"), drop=("^Advert",)))
    assert result.text == "The bridge opened on Monday, the mayor said.\n\nAdvert: buy nuts.\n"
    assert [(one.filter, one.evidence) for one in result.removals] == [
        ("N901", "x"),
        ("U101", 'drop pattern "^Advert"'),
    ]
    assert result.page.protected == {2: 'keep pattern "mayor"', 3: 'keep pattern "nuts"'}


@pytest.mark.usefixtures("_greedy")
def test_rules_can_be_skipped_and_only_leaves_them() -> None:
    assert clean(PAGE, config=Config(keep=("mayor",), skip=("U102", "N"))).text == PAGE
    assert clean(PAGE, config=Config(keep=("mayor",), skip=("U",))).text == ""
    assert "mayor" in clean(PAGE, config=Config(keep=("mayor",), only=("P",))).text
    assert "Advert" not in clean(PAGE, config=Config(drop=("Advert",), only=("P",))).text


def test_the_first_pattern_that_matches_is_the_evidence() -> None:
    result = clean(PAGE, config=Config(drop=("bolts", "Advert"), only=("U",)))
    assert [one.evidence for one in result.removals] == ['drop pattern "bolts"', 'drop pattern "Advert"']


def test_a_pattern_that_never_matched_is_said() -> None:
    result = clean(PAGE, config=Config(keep=("tunnel",), drop=("(?i)ADVERT", "ferry"), only=("U",)))
    assert result.warnings == ('keep pattern "tunnel" matched no block', 'drop pattern "ferry" matched no block')


def test_a_slow_pattern_is_given_up_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_rules, "TIMEOUT_SECONDS", 0.1)
    slow = "First|(?:a|aa)+$"
    page = "First\n\n" + "a" * 40 + "!\n"
    result = clean(page, config=Config(drop=(slow,), only=("U",)))
    assert result.text == page
    assert result.warnings == (f'drop pattern "{slow}" took too long and was given up',)


def test_the_time_is_for_the_page_not_for_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_rules, "TIMEOUT_SECONDS", 0)
    assert clean(PAGE, config=Config(keep=("mayor",), only=("U",))).warnings == (
        'keep pattern "mayor" took too long and was given up',
    )


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("a(b", "missing ) at position 3"),
        ("[a", "unterminated character set"),
        ("*", "nothing to repeat at position 0"),
    ],
)
def test_a_wrong_pattern_is_an_error_with_its_place(pattern: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        clean(PAGE, config=Config(drop=(pattern,)))
    assert str(caught.value).startswith(f'drop pattern "{pattern}": ')
    assert message in str(caught.value)


def test_the_patterns_are_those_of_the_regex_library() -> None:
    assert compiled(r"(?<=\p{Lu}+)\X", "keep").search("ÄÖx", timeout=1)
    assert (
        clean("Ｍenu\n\nText is here.\n", config=Config(drop=(r"(?:menu){s<=1}",), only=("U",))).text
        == "Text is here.\n"
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_examples_are_true(rule: Filter) -> None:
    for example in examples_of(rule.examples):
        page = apply(rule, read_text(example.text))
        left = [line for number, line in enumerate(example.text.splitlines()) if number not in example.gone]
        assert page.text.splitlines() == left


def test_a_rule_is_a_filter_like_any_other() -> None:
    page = apply(drop_rule(("^Advert",)), read_text(PAGE))
    assert "Advert" not in page.text
    assert {one.family for one in RULES} == {"the user's own rules"}


def test_without_patterns_regex_is_not_loaded() -> None:
    code = "import sys, cleaner; cleaner.clean('Home\\n\\nText.'); print('regex' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_preset_and_config_must_agree() -> None:
    with pytest.raises(UsageError, match='preset "recall" was given beside a config that says "balanced"'):
        clean(PAGE, preset="recall", config=Config())
    assert clean(PAGE, preset="recall", config=Config("recall")).text
    with pytest.raises(cleaner.UsageError, match="did you mean"):
        clean(PAGE, preset="precison")
