"""The phrase packs: their form, their languages, and what the filters make of their examples."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

import cleaner
from cleaner.config import Config
from cleaner.filter import Example, Filter, examples_of
from cleaner.filters import FILTERS
from cleaner.phrases import (
    HEAD_CHARS,
    LONGEST_ALONE,
    LONGEST_START,
    UNSPACED,
    Pack,
    index_of,
    languages,
    languages_of,
    line_key,
    plain,
)
from cleaner.phrases import pack as read_pack

CODES = languages()
BY_NAME = {one.name: one for one in FILTERS}
ENGLISH = read_pack("en").phrases
FEWEST_PHRASES = 120
FEWEST_FUNCTION_WORDS = 40
FEWEST_FUNCTION_WORDS_UNSPACED = 20

# Whole lines of menus and forms that are function words too: a menu's "More" is no prose.
BOTH = frozenset({"about", "like", "mais", "more", "sobre", "us"})

SAMPLES = {
    "de": (
        "Der Müller hatte die alte Waage im Keller gefunden, und "
        "weil sie noch ging, stellte er sie wieder in den Laden."
    ),
    "en": (
        "The miller had found the old scales in the cellar, and because they still worked he put them back in the shop."
    ),
    "es": (
        "El molinero había encontrado la vieja balanza en el sótano, "
        "y como todavía funcionaba la puso otra vez en la tienda."
    ),
    "fr": (
        "Le meunier avait retrouvé la vieille balance dans la cave, et "
        "comme elle marchait encore il l'a remise dans la boutique."
    ),
    "it": (
        "Il mugnaio aveva trovato la vecchia bilancia nella cantina, e siccome funzionava ancora la rimise nel negozio."
    ),
    "nl": (
        "De molenaar had de oude weegschaal in de kelder gevonden, en "
        "omdat ze het nog deed zette hij haar weer in de winkel."
    ),
    "pl": (
        "Młynarz znalazł w piwnicy starą wagę, a ponieważ jeszcze działała, "
        "postawił ją na nowo w sklepie, tak jak było dawniej."
    ),
    "pt": (
        "O moleiro tinha encontrado a velha balança na cave, e como ainda "
        "funcionava voltou a pôr o aparelho na loja da família."
    ),
    "ru": (
        "Мельник нашёл в подвале старые весы, и так как они ещё работали, "
        "он снова поставил их в лавке, где они были раньше."
    ),
    "tr": (
        "Değirmenci bodrumda eski teraziyi buldu ve hâlâ çalıştığı için "
        "onu yeniden dükkâna koydu, çünkü bu çok iyi bir teraziydi."
    ),
    "ar": "وجد الطحان الميزان القديم في القبو، ولأنه كان لا يزال يعمل فقد أعاده إلى الدكان الذي كان فيه من قبل.",
    "ja": "粉屋は地下室で古い秤を見つけ、まだ動いたので、それをもう一度店に置いた。その秤は祖父のものだった。",
    "zh": "磨坊主在地下室里找到了那台旧秤,因为它还能用,所以他又把它放回了店里,这是他祖父留下的东西。",
}


def _groups(pack: Pack) -> list[tuple[str, tuple[str, ...]]]:
    return [(f"{table}.{group}", lines) for table, groups in pack.phrases.items() for group, lines in groups.items()]


def _folded(phrase: str) -> str:
    """A phrase as the index would print it: folded, with its stars where they were."""
    begins, ends = phrase.startswith("* "), phrase.endswith(" *")
    words = plain(phrase[2 * begins : len(phrase) - 2 * ends].replace("#", "0")).split()
    return f"{'* ' if begins else ''}{line_key(words)}{' *' if ends else ''}"


def _is_unspaced(pack: Pack) -> bool:
    return all(UNSPACED.search(word) for word in pack.function_words)


@pytest.fixture(params=CODES)
def pack(request: pytest.FixtureRequest) -> Pack:
    return read_pack(str(request.param))


def test_pack_has_only_known_tables_and_groups(pack: Pack) -> None:
    unknown = [name for name, _ in _groups(pack) if name.split(".")[1] not in ENGLISH.get(name.split(".")[0], {})]
    assert not unknown


def test_phrases_are_folded(pack: Pack) -> None:
    unfolded = {phrase: _folded(phrase) for _, lines in _groups(pack) for phrase in lines if phrase != _folded(phrase)}
    assert not unfolded


def test_groups_are_sorted_and_without_repeats(pack: Pack) -> None:
    untidy = [name for name, lines in _groups(pack) if list(lines) != sorted(set(lines))]
    assert not untidy


def test_stars_stand_at_the_ends(pack: Pack) -> None:
    """``* phrase`` without a second star would wait, in vain, for a line that begins with a star."""
    wrong = [
        phrase
        for _, lines in _groups(pack)
        for phrase in lines
        if "*" in phrase.removeprefix("* ").removesuffix(" *") or (phrase.startswith("*") and not phrase.endswith("*"))
    ]
    assert not wrong


def test_groups_hold_the_kind_of_phrase_that_their_name_says(pack: Pack) -> None:
    for name, lines in _groups(pack):
        group = name.split(".")[1]
        for phrase in lines:
            kind = ("within" if phrase.startswith("* ") else "starts") if phrase.endswith(" *") else "alone"
            assert kind == (group if group in ("within", "starts") else "alone"), f"{name}: {phrase}"


def test_phrases_are_short_enough_to_be_found(pack: Pack) -> None:
    for name, lines in _groups(pack):
        for phrase in lines:
            words = len(phrase.replace("*", "").split())
            limit = LONGEST_ALONE if not phrase.endswith(" *") else words if phrase.startswith("* ") else LONGEST_START
            assert words <= limit, f"{name}: {phrase}"


def test_every_phrase_is_found_by_the_index(pack: Pack) -> None:
    index = index_of((pack.code,))
    for name, lines in _groups(pack):
        for phrase in lines:
            inner = phrase.strip("* ").replace("#", "7")
            text = f"9x {inner} 9y" if phrase.startswith("* ") else f"{inner} 9y" if phrase.endswith(" *") else inner
            found = index.find(plain(text).split()) + index.find_unspaced(plain(text).replace("9x", "").split())
            assert name in [group for group, _ in found], f"{name}: {phrase}"


def test_pack_is_large_enough(pack: Pack) -> None:
    fewest = FEWEST_FUNCTION_WORDS_UNSPACED if _is_unspaced(pack) else FEWEST_FUNCTION_WORDS
    assert sum(len(lines) for _, lines in _groups(pack)) >= FEWEST_PHRASES
    assert len(pack.function_words) >= fewest


def test_function_words_are_single_folded_words(pack: Pack) -> None:
    assert [word for word in sorted(pack.function_words) if plain(word).split() != [word]] == []


def test_strings_are_literal_and_multi_line(pack: Pack) -> None:
    """Packs are read at start-up, by a pattern that knows no other strings."""
    text = files("cleaner.phrases").joinpath(f"{pack.code}.toml").read_text("utf-8")
    table = tomllib.loads(text)
    assert table.pop("name") == pack.name
    assert frozenset(table.pop("function_words").split()) == pack.function_words
    assert table.pop("examples", {}) == pack.examples
    assert pack.phrases == {
        name: {group: tuple(filter(None, lines.split("\n"))) for group, lines in groups.items()}
        for name, groups in table.items()
    }


def test_function_words_stand_at_the_start_of_the_file(pack: Pack) -> None:
    """Languages are told by the first characters of every pack."""
    text = files("cleaner.phrases").joinpath(f"{pack.code}.toml").read_text("utf-8")
    assert text.index("\n[") < HEAD_CHARS


def test_no_alone_phrase_is_a_function_word(pack: Pack) -> None:
    """A line of one function word says nothing about the line, whatever language the page is in."""
    function_words = {word: code for code in CODES for word in read_pack(code).function_words if word not in BOTH}
    both = [
        (name, phrase, function_words[phrase])
        for name, lines in _groups(pack)
        if not name.endswith(".dates")
        for phrase in lines
        if phrase in function_words
    ]
    assert not both


@pytest.mark.parametrize("code", CODES)
def test_language_is_found(code: str) -> None:
    text = plain(SAMPLES[code])
    assert languages_of(text.split(), text)[:1] == (code,)


@pytest.mark.parametrize("code", [code for code in CODES if code != "en"])
def test_both_languages_of_a_mixed_page_are_found(code: str) -> None:
    text = plain(f"{SAMPLES[code]}\n{SAMPLES['en']}")
    assert {code, "en"} <= set(languages_of(text.split(), text))


def test_a_page_of_numbers_has_no_language() -> None:
    text = plain("17 204 9,5 " * 60)
    assert languages_of(text.split(), text) == ()


def test_elisions_and_curly_apostrophes_are_one_with_straight_ones() -> None:
    assert plain("L\u2019homme, d\u2019abord").split() == ["l'homme", "d'abord"]


@pytest.mark.parametrize("code", [code for code in CODES if code != "en"])
def test_examples_name_filters_and_are_of_both_kinds(code: str) -> None:
    pack = read_pack(code)
    unknown = [name for name in pack.examples if name not in BY_NAME and name not in ENGLISH]
    assert not unknown
    for name, notation in pack.examples.items():
        lines = notation.strip("\n").split("\n")
        assert all(line[:1] in ("-", " ") or line == "==" for line in lines), name
        assert {line[0] for line in lines} >= {"-", " "}, name


def _examples() -> list[tuple[str, str, int]]:
    """(language, filter, which example) for every example in the packs that a filter can be run on."""
    return [
        (code, name, number)
        for code in CODES
        for name, notation in read_pack(code).examples.items()
        if name in BY_NAME
        for number in range(len(list(examples_of(notation))))
    ]


@pytest.mark.parametrize(("code", "name", "number"), _examples())
def test_filter_does_what_the_example_says(code: str, name: str, number: int) -> None:
    example = list(examples_of(read_pack(code).examples[name]))[number]
    lines = example.text.split("\n")
    gone = _gone(example, BY_NAME[name])
    assert [lines[line] for line in sorted(gone)] == [lines[line] for line in sorted(example.gone)]


def _gone(example: Example, one: Filter) -> set[int]:
    """The lines, from 0, that lose characters when one filter runs alone."""
    result = cleaner.clean(example.text, format="text", config=Config(only=(one.code,)))
    found: set[int] = set()
    for removal in result.removals:
        first = example.text.count("\n", 0, removal.start)
        found.update(range(first, first + 1 + example.text.count("\n", removal.start, removal.end)))
    return found
