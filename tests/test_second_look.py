"""The second look against plain loops: the stretch that promises most, shares around a block, runs of likely ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.cues import second_look
from cleaner.cues.points import likelihood
from cleaner.cues.second_look import EVEN, SecondLook, read_again

UNIT = 0.2
PAGES = st.lists(st.tuples(st.integers(-30, 30), st.integers(0, 80)), max_size=30)


def look_at(page: list[tuple[int, int]]) -> SecondLook:
    return SecondLook([total for total, _ in page], [words for _, words in page], UNIT)


def gains(page: list[tuple[int, int]]) -> list[int]:
    return [(round(1000 * likelihood(total, UNIT)) - EVEN) * words for total, words in page]


@given(PAGES)
def test_no_run_of_blocks_promises_more_than_the_stretch(page: list[tuple[int, int]]) -> None:
    promised, stretch = gains(page), look_at(page).stretch
    every = [sum(promised[first:last]) for last in range(len(page) + 1) for first in range(last + 1)]
    assert sum(promised[stretch.start : stretch.stop]) == max(every, default=0)


@given(PAGES, st.sampled_from((1, 2, 4, 16)), st.sampled_from((210, 900)))
def test_what_blocks_around_promise_leaves_their_middle_out(
    page: list[tuple[int, int]], reach: int, permille: int
) -> None:
    look = look_at(page)
    rich = look.sheet.bytes_of(look.rich_around(reach, permille))
    poor = look.sheet.bytes_of(look.poor_around(reach, permille))
    for block in range(len(page)):
        near = [other for other in range(len(page)) if 0 < abs(other - block) <= reach]
        words = sum(page[other][1] for other in near)
        expected = sum(round(1000 * likelihood(page[other][0], UNIT)) * page[other][1] for other in near)
        assert rich[block] == (expected > permille * words)
        assert poor[block] == (expected < permille * words)


@given(PAGES, st.sampled_from((0, 30, 300)))
def test_words_off_are_those_between_a_block_and_the_stretch(page: list[tuple[int, int]], least: int) -> None:
    look = look_at(page)
    far = look.sheet.bytes_of(look.words_off(least))
    for block in range(len(page)):
        before, after = range(block + 1, look.stretch.start), range(look.stretch.stop, block)
        off = sum(page[other][1] for other in (*before, *after))
        assert far[block] == (off > least and block not in look.stretch)


@given(PAGES)
def test_runs_of_likely_blocks_go_on_over_one_other(page: list[tuple[int, int]]) -> None:
    likely = [total >= 0 for total, _ in page]
    expected = [0] * len(page)
    for block in range(len(page)):
        if not likely[block]:
            continue
        run = {block}
        for step in (1, -1):
            at = block
            while near := [
                at + step * far for far in (1, 2) if 0 <= at + step * far < len(page) and likely[at + step * far]
            ]:
                at = near[0]
                run.add(at)
        expected[block] = sum(page[other][1] for other in run)
    assert look_at(page).runs == expected


@given(PAGES)
def test_cues_are_yes_or_no_for_every_standing_block(page: list[tuple[int, int]]) -> None:
    look = look_at(page)
    for name, column in read_again(look, second_look.CUES).items():
        flags = look.sheet.bytes_of(column)
        assert len(flags) == len(page), name
        assert set(flags) <= {0, 1}, name


def test_what_stands_far_from_a_dense_stretch_is_told() -> None:
    menu, text = [(-12, 2)] * 5, [(14, 60)] * 6
    look = look_at([(2, 9), *menu, *text, *menu, (1, 12)])
    assert look.stretch == range(6, 12)
    outside = look.sheet.bytes_of(read_again(look, ["-outside a main stretch of 90 % content"]).popitem()[1])
    assert list(outside) == [1] * 6 + [0] * 6 + [1] * 6
