"""The columns' algebra against plain lists, and the promises of the scorecard: sums, bar, evidence, passing through."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner import Config
from cleaner.cues import read_cues, second_look
from cleaner.cues.columns import Sheet, at_least, at_most, between, clamped, run_lengths
from cleaner.cues.measures import Measures
from cleaner.cues.points import Card, card, read_cards, write_cards
from cleaner.errors import FilterError
from cleaner.features import features_of
from cleaner.filters.weighed import Weighed, add_up, chance, scores_of
from cleaner.page import Page

FLAGS = st.lists(st.booleans(), max_size=60)
PROSE = (
    "The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.",
    "The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be.",
    "A second vote on the fees is planned for autumn, when the new hall on the quay will be ready for the board.",
    "Until then the guests pay what they paid last year, which is more than the pilots would ever have dared to ask.",
)
CHROME_BEFORE = ("Norholm Gazette", "Home", "News", "Harbour life", "Sports", "Search")
CHROME_AFTER = ("Share this article", "Tickets for the summer fair", "Our photographers", "Privacy policy")


def scraped() -> str:
    return "\n".join((*CHROME_BEFORE, "Mooring fees will rise again", *PROSE, *CHROME_AFTER)) + "\n"


def weighed_page(text: str) -> Page:
    return cleaner.clean(text, format="text", config=Config(skip=("W",))).page


def flags_of(sheet: Sheet, column: int) -> list[bool]:
    return [bool(number) for number in sheet.bytes_of(column)]


@given(FLAGS, st.integers(1, 70))
def test_neighbours_are_those_of_a_list(flags: list[bool], reach: int) -> None:
    sheet = Sheet(len(flags))
    column = sheet.of(flags)
    places = range(len(flags))
    assert flags_of(sheet, sheet.after(column, reach)) == [i >= reach and flags[i - reach] for i in places]
    assert flags_of(sheet, sheet.before(column, reach)) == [i + reach < len(flags) and flags[i + reach] for i in places]
    assert flags_of(sheet, sheet.soon_after(column, reach)) == [any(flags[max(0, i - reach) : i]) for i in places]
    assert flags_of(sheet, sheet.soon_before(column, reach)) == [any(flags[i + 1 : i + 1 + reach]) for i in places]
    assert flags_of(sheet, sheet.no(column)) == [not flag for flag in flags]


@given(FLAGS, st.integers(1, 25))
def test_counts_around_a_block(flags: list[bool], reach: int) -> None:
    sheet = Sheet(len(flags))
    expected = [sum(flags[max(0, i - reach) : i]) + sum(flags[i + 1 : i + 1 + reach]) for i in range(len(flags))]
    assert list(sheet.around(sheet.of(flags), reach)) == expected


@given(st.lists(st.integers(0, 1000), max_size=40), st.integers(0, 255))
def test_tests_of_numbers(numbers: list[int], limit: int) -> None:
    sheet, measured = Sheet(len(numbers)), clamped(numbers)
    held = [min(number, 255) for number in numbers]
    assert flags_of(sheet, sheet.where(measured, at_least(limit))) == [number >= limit for number in held]
    assert flags_of(sheet, sheet.where(measured, at_most(limit))) == [number <= limit for number in held]
    assert flags_of(sheet, sheet.where(measured, between(limit, limit))) == [number == limit for number in held]


@given(FLAGS)
def test_runs_have_their_length(flags: list[bool]) -> None:
    expected, at = [0] * len(flags), 0
    while at < len(flags):
        end = at
        while end < len(flags) and flags[end]:
            end += 1
        expected[at:end] = [end - at] * (end - at)
        at = end + 1
    assert list(run_lengths(bytes(flags))) == expected


@given(st.integers(1, 30), st.dictionaries(st.text("abc", min_size=1), st.integers(-120, 120), max_size=12), st.data())
def test_points_add_up(size: int, points: dict[str, int], data: st.DataObject) -> None:
    sheet = Sheet(size)
    flags = {name: data.draw(st.lists(st.booleans(), min_size=size, max_size=size)) for name in points}
    sums = add_up({name: sheet.of(found) for name, found in flags.items()}, points, -3, size)
    assert sums == [-3 + sum(points[name] for name in points if flags[name][block]) for block in range(size)]


@pytest.mark.parametrize("kind", ["text", "markdown"])
def test_every_cue_of_a_card_exists_and_has_the_sign_of_its_name(kind: str) -> None:
    one = card(kind)
    assert one is not None
    source = "# Fees\n\n- [Home](/)\n- [News](/news)\n\n" + "\n\n".join(PROSE) if kind == "markdown" else scraped()
    known = read_cues(cleaner.clean(source, format=kind, config=Config(skip=("W",))).page)
    assert {*one.points} <= {*known, *second_look.CUES}
    assert {*one.first_points} <= {*known}
    assert all((name[0] == "+") == (points > 0) for name, points in one.points.items())
    assert len(one.points) <= 170


def test_cues_are_yes_or_no_for_every_block() -> None:
    page = weighed_page(scraped())
    for name, column in read_cues(page).items():
        assert set(Sheet(len(page.blocks)).bytes_of(column)) <= {0, 1}, name


@given(st.lists(st.text("ab ", min_size=1).filter(str.strip), max_size=12), st.text("ab", min_size=1, max_size=3))
def test_signs_are_found_in_the_blocks_that_hold_them(lines: list[str], sign: str) -> None:
    page = cleaner.clean("\n".join(lines), format="text", config=Config(only=("N101",))).page
    measures = Measures(page)
    assert flags_of(measures.sheet, measures.holding(sign)) == [sign in block.text for block in page.blocks]


@pytest.mark.parametrize(
    ("cue", "line"),
    [
        ("-begins again", "A harbour for every boat on the river A harbour for every boat on the river and sea"),
        ("-words run together", "All harboursNorthern quaySouthern quayEastern quay"),
        ("-many words run together", "All choices of the list" + "Northern harbour" * 13),
        ("-made of phrases", "Contact us Privacy policy Terms of use"),
        ("-half made of phrases", "Harbour life Contact us Privacy policy"),
        ("-lower case, apart", "a woman mends a net on the northern quay"),
        ("-item of a deeper level", "+ Northern quay"),
    ],
)
def test_what_a_line_shows(cue: str, line: str) -> None:
    """The line has the cue between the paragraphs of a page, and none of these has it."""
    page = weighed_page("\n\n".join((PROSE[0], PROSE[1], line, PROSE[2], PROSE[3])))
    column = read_cues(page, [cue])[cue]
    assert flags_of(Sheet(len(page.blocks)), column) == [block.text == line for block in page.blocks]


def test_questions_and_answers_are_known_by_the_questions() -> None:
    asked = [line for number in range(3) for line in (f"Who pays the fees in harbour {number}?", PROSE[number])]
    page = weighed_page("\n".join((PROSE[3], PROSE[3], *asked)))
    cue = "-in questions and answers"
    assert flags_of(Sheet(len(page.blocks)), read_cues(page, [cue])[cue]) == [False] * 2 + [True] * 6


def test_prose_is_signed_by_the_date_above_it() -> None:
    posts = [line for number in range(3) for line in (f"{number} May 2024, 9:46", PROSE[number])]
    page = weighed_page("\n".join((*posts, PROSE[3])))
    cue = "-prose signed with a date, others too"
    flags = flags_of(Sheet(len(page.blocks)), read_cues(page, [cue])[cue])
    assert flags == [False, True, False, True, False, True, True]


def test_a_page_without_blocks_has_cues() -> None:
    assert not any(read_cues(weighed_page("")).values())


def test_evidence_adds_up_to_the_sum() -> None:
    page = weighed_page(scraped())
    scores = scores_of(page)
    assert scores is not None
    for block, total in enumerate(scores.sums):
        assert scores.card.bias + sum(points for _, points in scores.cues_of(block)) == total
        said = str(Weighed(scores, block))
        assert [int(number) for number in re.findall(r"^([+-]\d+), bar ([+-]\d+)", said)[0]] == [
            total,
            scores.bar,
        ]


HTML_CARDS = "".join(
    f"<li class=card><h3>{name} lamp</h3><p>A steady flame behind opal glass, for the {name} of the house.</p></li>"
    for name in ("hall", "stairs", "cellar", "attic")
)


def test_likes_draw_each_other_and_say_so() -> None:
    nav = "<nav><ul><li><a href=/>Home</a><li><a href=/l>Lamps</a></ul></nav>"
    html = f"<body>{nav}<main><h1>Lamps</h1><ul>{HTML_CARDS}</ul></main><footer><p>Imprint</p></footer>"
    page = cleaner.clean(html, format="html", config=Config(skip=("W",))).page
    scores = scores_of(page)
    assert scores is not None
    titles = [block for block, found in enumerate(page.blocks) if found.text.endswith(" lamp")]
    alone = [scores.sums[block] - scores.likes[block] for block in titles]
    spread = max(alone) - min(alone)
    assert max(scores.sums[block] for block in titles) - min(scores.sums[block] for block in titles) <= spread / 2 + 1
    for block in titles:
        assert dict(scores.cues_of(block)).get("as its likes", 0) == scores.likes[block]


def test_the_bar_is_the_one_that_promises_most() -> None:
    page = weighed_page(scraped())
    scores = scores_of(page)
    assert scores is not None
    words = features_of(page).words
    standing = [block for block in range(len(words)) if page.stands[block]]
    expected = sum(words[block] * chance(scores.sums[block], scores.card) for block in standing)

    def promise(bar: int) -> float:
        kept = [block for block in standing if scores.sums[block] >= bar]
        right = sum(words[block] * chance(scores.sums[block], scores.card) for block in kept)
        return 2 * right / (sum(words[block] for block in kept) + expected)

    assert promise(scores.bar) >= max(promise(scores.sums[block]) for block in standing) - 1e-9


def test_presets_keep_less_or_more() -> None:
    kept = {
        preset: set(cleaner.clean(scraped(), format="text", preset=preset).text.splitlines())
        for preset in ("precision", "balanced", "recall")
    }
    assert kept["precision"] <= kept["balanced"] <= kept["recall"]


def test_text_without_chrome_is_not_weighed() -> None:
    text = "Mooring\n\n" + "\n\n".join(PROSE) + "\n\nThe list\n\nBoats\n\nNets\n\nRope\n"
    assert scores_of(weighed_page(text)) is None
    assert cleaner.clean(text, format="text").text == text


def test_the_title_stays() -> None:
    assert "Mooring fees will rise again\n" in cleaner.clean(scraped(), format="text", preset="precision").text


def test_the_sentence_that_the_description_repeats_stays() -> None:
    lede = "The harbour board raises the mooring fees for the third time in a row."
    head = f'<head><meta name=description content="{lede} Nobody spoke against it."></head>'
    nav = "<nav><a href=/>Home</a> <a href=/n>News</a></nav>"
    text = "".join(f"<p>{sentence}</p>" for sentence in PROSE)
    page = f"<header><h1>Fees to rise</h1><p>{{}}</p></header><article>{text}</article><footer><p>Imprint</p></footer>"
    kept = cleaner.clean(head + nav + page.format(lede), format="html", config=Config(preset="precision"))
    assert lede in kept.text


def test_a_page_is_never_emptied_by_weighing() -> None:
    result = cleaner.clean(
        "Home\nNews\nShare\nPrivacy policy\nOur photographers of the year\nSearch\nNext\n", format="text"
    )
    assert result.text.strip() or result.warnings


def test_points_are_written_as_they_are_read() -> None:
    cards = {"text": Card(0.25, -2, {"+long": 4, "-short": -2}, 0.5)}
    assert read_cards(write_cards(cards, {"text": "made by hand"})) == cards


def test_points_without_a_sign_are_refused() -> None:
    table = "[text]\nunit = 0.25\nbias = 0\nlean = 0.5\ncues = '''\n{}\n'''\n"
    assert read_cards(table.format("-2 short"))["text"].points == {"-short": -2}
    with pytest.raises(FilterError):
        read_cards(table.format("0 short"))


def test_the_points_that_ship_are_read_as_toml_reads_them() -> None:
    shipped = Path(cleaner.__file__).parent / "cues" / "points.toml"
    assert read_cards(shipped.read_text("utf-8")) == {
        kind: card(kind) for kind in read_cards(shipped.read_text("utf-8"))
    }


def test_points_for_an_unknown_cue_are_said(tmp_path: Path) -> None:
    file = tmp_path / "points.toml"
    file.write_text(write_cards({"text": Card(0.25, 0, {"+sings": 3})}, {}), "utf-8")
    with pytest.raises(FilterError, match="sings"):
        cleaner.clean(scraped(), format="text", config=Config(points=str(file)))


STEPS = (
    *("Step 1", "Rub the butter into the flour by hand.", "Step 2", "Cover and leave to rest in the cold."),
    *("Step 3", "Roll it out and fold it in three.", "Step 4", "Cover and leave to rest in the cold."),
)


def test_a_step_that_is_done_again_is_not_said_before() -> None:
    page = weighed_page("\n\n".join((*PROSE, *STEPS)))
    measures = Measures(page)
    assert not measures.said_before
    assert flags_of(measures.sheet, measures.counted) == [block.text.startswith("Step") for block in page.blocks]
    uncounted = Measures(weighed_page("\n\n".join((*PROSE, *STEPS)).replace("Step 3", "Then")))
    assert flags_of(uncounted.sheet, uncounted.said_before)[-1]


def test_numbers_that_count_nothing_are_no_steps() -> None:
    posts = [line for number in (12, 7, 31) for line in (f"Posts: {number}", "Thanks a lot for the quick answer.")]
    measures = Measures(weighed_page("\n\n".join((*PROSE, *posts))))
    assert not measures.counted
    assert flags_of(measures.sheet, measures.said_before)[-1]
