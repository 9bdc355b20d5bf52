"""The scorecard: what the certain filters left is weighed, block by block, against the page's own bar."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from operator import add, sub
from typing import NamedTuple

from cleaner.cues import cues_for, read_cues, second_look
from cleaner.cues.columns import Column
from cleaner.cues.measures import FAMILIES
from cleaner.cues.points import Card, card, likelihood
from cleaner.cues.second_look import SecondLook
from cleaner.errors import FilterError
from cleaner.features import Features, features_of
from cleaner.filter import Filter, whole
from cleaner.lazy import cached_property
from cleaner.markup import markup_of
from cleaner.page import Page, Removal

# What a page must speak of before anything on it is weighed: three of these, so that clean text passes.
CHROME = {
    name: FAMILIES[name]
    for name in (
        *("menu", "site bar", "pager", "consent", "share", "follow", "related", "newsletter", "comment", "legal"),
        "site map",
    )
}
FEWEST_FAMILIES = 3  # measured: with three, 98 % of clean texts' words stay and accuracy loses 0.2 points
FEWEST_WITH_FRAME = 2  # where the page's elements themselves name a frame
MOST_IN_A_CHUNK = 255  # points that fit in one byte of a column
# Points that the bar is moved by; higher keeps less.
PRESETS = {"precision": 4, "balanced": 0, "recall": -6}
LEAST_KEPT = 0.02  # of the words that stand: below it, the bar falls until more stays
TITLE_REACH = 4  # blocks before the main text among which a title may be
SHORTEST_TITLE, LONGEST_TITLE = 3, 20  # words
LEDE_REACH = 8  # blocks after the title
SHORTEST_LEDE = 10  # words
FEWEST_LIKES = 3
LIKENESS = 0.5  # of the way to the mean of its likes that a block's sum goes
SPARED = ("code",)  # kinds that are content wherever they stand


class Rows:
    """The cues of some columns by place, with their points: all columns are written out once, a byte a place."""

    def __init__(self, columns: Mapping[str, Column], points: Mapping[str, int], size: int) -> None:
        names = [name for name in columns if name in points]
        self._cues = [(name[1:], points[name]) for name in names]
        self._size = size
        self._flags = b"".join([columns[name].to_bytes(size, "little") for name in names])

    def at(self, place: int) -> Iterator[tuple[str, int]]:
        """The names and points of the cues whose columns say yes in one place."""
        return compress(self._cues, self._flags[place :: self._size])


@dataclass(frozen=True)
class Scores:
    """The points of every block of a page, the page's bar, and the columns they come from.

    ``columns`` are of all blocks, ``again``, those of the second look, of the blocks in ``standing`` alone;
    ``likes`` is what blocks are moved by towards those that stand alike in the page's markup; ``words`` is how many
    words of what stands have each sum.
    """

    sums: list[int]
    bar: int
    card: Card
    columns: dict[str, Column]
    again: dict[str, Column]
    standing: list[int]
    likes: dict[int, int]
    words: dict[int, int]
    families: tuple[str, ...]

    @cached_property
    def _rows(self) -> Rows:
        return Rows(self.columns, self.card.points, len(self.sums))

    @cached_property
    def _rows_again(self) -> Rows:
        return Rows(self.again, self.card.points, len(self.standing))

    def cues_of(self, block: int) -> list[tuple[str, int]]:
        """The cues that a block has with their points, the weightiest first."""
        found = list(self._rows.at(block))
        place = bisect_left(self.standing, block)
        if self.standing[place : place + 1] == [block]:
            found += self._rows_again.at(place)
        if points := self.likes.get(block):
            found.append(("as its likes", points))
        return sorted(found, key=lambda item: (-abs(item[1]), item[0]))


class Weighed(NamedTuple):
    """The evidence against one block, written out when it is asked for."""

    scores: Scores
    block: int

    def __str__(self) -> str:
        cues = ", ".join(f"{name} {points:+d}" for name, points in self.scores.cues_of(self.block))
        total, bar = self.scores.sums[self.block], self.scores.bar
        chrome = ", ".join(self.scores.families)
        begin = f"to begin with {self.scores.card.bias:+d}"
        return f"{total:+d}, bar {bar:+d}: {cues}, {begin}; on a page with {chrome}"


def chrome_of(page: Page) -> tuple[str, ...]:
    """The families of chrome that a page speaks of, and the parts of a site's frame that its elements name.

    Empty when there are too few, or too few lines of them.
    """
    features = features_of(page)
    hits, frame = features.hits, features.frame
    found = tuple(name for name, groups in CHROME.items() if any(group in hits for group in groups))
    if frame:
        return found + frame if len(found) + len(frame) >= FEWEST_WITH_FRAME else ()
    if len(found) < FEWEST_FAMILIES:
        return ()
    # One line such as "Contact us" may be a phrase of several families.
    lines = {block for name in found for group in CHROME[name] for block in hits.get(group, ())}
    return found if len(lines) >= FEWEST_FAMILIES else ()


def scores_of(page: Page) -> Scores | None:
    """The scores of a page's blocks; None for a page that shows too little chrome, or a kind without points."""
    features, families = features_of(page), chrome_of(page)
    one = card(page.format, str(page.shared.get("points", "")))
    if not families or one is None or not page.blocks:
        return None
    columns = read_cues(page, _known(page, one))
    sums = add_up(columns, one.points, one.bias, len(page.blocks))
    standing, again = _second_look(page, features, columns, one)
    for block, points in zip(standing, add_up(again, one.points, 0, len(standing)), strict=True):
        sums[block] += points
    likes = moved_to_likes(sums, likes_of(page))
    for block, points in likes.items():
        sums[block] += points
    preset = page.shared.get("preset", "balanced")
    words = _words_by_sum(page, features, sums)
    bar = _bar(words, one) + PRESETS[str(preset)]
    return Scores(sums, bar, one, columns, again, standing, likes, words, families)


def _known(page: Page, one: Card) -> set[str]:
    """The cues of both looks that a card has points for, but those of the second look, which come later.

    Raises FilterError for one that there is not.
    """
    named, known = one.points.keys() | one.first_points.keys(), cues_for(page).keys()
    if one.first_points:
        named -= second_look.CUES.keys()
    if not named <= known:
        raise FilterError(f"no cue is called {min(named - known)[1:]!r}; fit the points again with this version")
    return named


def _second_look(
    page: Page, features: Features, columns: Mapping[str, Column], one: Card
) -> tuple[list[int], dict[str, Column]]:
    """The blocks that stand, and for them the columns of the second look; none when the card has no first look."""
    if not one.first_points:
        return [], {}
    first, words = add_up(columns, one.first_points, one.first_bias, len(page.blocks)), features.words
    standing = [block for block, stands in enumerate(page.stands) if stands]
    look = SecondLook(list(compress(first, page.stands)), list(compress(words, page.stands)), one.unit)
    return standing, second_look.read_again(look, [name for name in one.points if name in second_look.CUES])


def likes_of(page: Page) -> Iterator[list[int]]:
    """The standing blocks that have the same place in the items of a list, list by list and place by place."""
    structure, stands = features_of(page).structure, page.stands
    for group in structure.alike if structure else ():
        standing = [block for block in group if stands[block]]
        if len(standing) >= FEWEST_LIKES:
            yield standing


def moved_to_likes(sums: Sequence[int], likes: Iterable[Sequence[int]]) -> dict[int, int]:
    """What the sums of blocks are moved by towards the mean of their likes."""
    found = dict[int, int]()
    for group in likes:
        mean = sum([sums[block] for block in group]) / len(group)
        for block in group:
            found[block] = round(LIKENESS * (mean - sums[block]))
    return found


def add_up(columns: Mapping[str, Column], points: Mapping[str, int], bias: int, size: int) -> list[int]:
    """The sum of each block's points for these columns, and the bias."""
    sums = [bias] * size
    weighed = [(column, number) for name, number in points.items() if (column := columns.get(name))]
    for sign, enter in ((1, add), (-1, sub)):
        parts = _in_chunks([(column, sign * number) for column, number in weighed if sign * number > 0])
        for part in parts:
            sums = list(map(enter, sums, part.to_bytes(size, "little")))
    return sums


def _in_chunks(weighed: Sequence[tuple[Column, int]]) -> Iterator[int]:
    """The sums of columns, each times its points, in parts that no byte runs over in."""
    alike: dict[int, list[Column]] = {}
    for column, points in weighed:
        alike.setdefault(points, []).append(column)
    chunk = held = 0
    for points, columns in alike.items():
        together = 0
        for column in columns:
            if held + points > MOST_IN_A_CHUNK:
                yield chunk + together * points
                chunk = held = together = 0
            together += column
            held += points
        chunk += together * points
    if chunk:
        yield chunk


def _words_by_sum(page: Page, features: Features, sums: Sequence[int]) -> dict[int, int]:
    """How many words of what stands have each sum."""
    words: dict[int, int] = {}
    for total, count in zip(compress(sums, page.stands), compress(features.words, page.stands), strict=True):
        words[total] = words.get(total, 0) + count
    return words


def _bar(words: Mapping[int, int], one: Card) -> int:
    """The bar with which the expected F1 of the page's words is highest, if the points are right.

    Of what stands above a bar, the words expected to be content count twice, over the words kept
    and all those expected (Ye et al. 2012, optimizing F-measure).
    """
    ordered = sorted(words, reverse=True)
    wanted = {total: words[total] * chance(total, one) for total in ordered}
    expected = sum(wanted.values())
    kept = right = best = 0.0
    bar = 0
    for total in ordered:
        kept += words[total]
        right += wanted[total]
        if kept and 2 * right / (kept + expected) > best:
            best, bar = 2 * right / (kept + expected), total
    return bar


def chance(total: int, one: Card) -> float:
    """How likely a block of so many points is content, for choosing the bar."""
    return likelihood(total, one.unit, one.lean)


def _find(page: Page) -> Iterator[Removal]:
    scores = scores_of(page)
    if scores is None:
        return
    bar = _merciful(scores)
    if bar < scores.bar:
        page.note(f"W101 would have kept too little; its bar was lowered from {scores.bar} to {bar}")
        scores = replace(scores, bar=bar)
    titles = _titles(page)
    spared = (*titles, *_ledes(page), *_standfirsts(page, titles))
    for block in [block for block, total in enumerate(scores.sums) if total < bar]:
        if page.stands[block] and block not in spared and page.blocks[block].kind not in SPARED:
            yield whole(page, block, WEIGHED.code, Weighed(scores, block))


def _ledes(page: Page) -> Iterator[int]:
    """The sentences after the title of an HTML page that its own description repeats: what the text begins with."""
    features = features_of(page)
    structure = features.structure
    if structure is None or structure.title < 0:
        return
    for block in range(structure.title + 1, min(structure.title + 1 + LEDE_REACH, len(page.blocks))):
        if structure.in_description[block] and features.words[block] >= SHORTEST_LEDE and features.ends[block]:
            yield block


def _standfirsts(page: Page, titles: Sequence[int]) -> Iterator[int]:
    """The sentences right under a title, before the main text; of HTML, the page's description tells them."""
    features = features_of(page)
    for block in () if features.structure else titles:
        under = block + 1
        if under < features.first_prose and features.prose[under] and features.ends[under]:
            yield under


def _titles(page: Page) -> tuple[int, ...]:
    """The blocks that may be the page's title: whoever reads the text wants to know what it is about.

    Where no line is known for the title, it is the last one before the main text that has a title's length and no
    phrase of a site.
    """
    features, markup = features_of(page), markup_of(page)
    levels = list(markup.levels) if markup else []
    if levels.count(1) == 1:
        return (*((features.title,) if features.title >= 0 else ()), levels.index(1))
    if features.title >= 0:
        return features.title, *_titles_again(features)
    known = {block for groups in features.hits.values() for block in groups}
    start = features.body.start
    near = range(start - 1, max(-1, start - 1 - TITLE_REACH), -1)
    return tuple(block for block in near if block not in known and _is_as_long_as_a_title(features, block))[:1]


def _titles_again(features: Features) -> Iterator[int]:
    """The blocks before the main text that the title begins with: it may be the window's, with the site's name."""
    plain, blocks = features.plain, features.blocks
    title = plain[blocks[features.title].start : blocks[features.title].end]
    for block in range(features.title + 1, features.first_prose):
        text = plain[blocks[block].start : blocks[block].end].rstrip()
        if _is_as_long_as_a_title(features, block) and title.startswith(text):
            yield block


def _is_as_long_as_a_title(features: Features, block: int) -> bool:
    return SHORTEST_TITLE <= features.words[block] <= LONGEST_TITLE and not features.is_fact(block)


def _merciful(scores: Scores) -> int:
    """The bar, lowered until at least a small share of what stands would stay."""
    least = LEAST_KEPT * sum(scores.words.values())
    bar = scores.bar
    while sum([count for total, count in scores.words.items() if total >= bar]) < least:
        bar -= 1
    return bar


WEIGHED = Filter(
    code="W101",
    name="weighed",
    removes="Blocks whose cues add up to less than the page's bar, on pages that show chrome.",
    mistakes="Content that looks like chrome in its place: bare lists, captions, short answers, addresses.",
    find=_find,
    examples="""
-Norholm Gazette
-Home
-News
-Harbour life
-Sports
-Search
 Mooring fees will rise for the third year in a row
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be.
 A second vote on the fees is planned for autumn, when the new hall on the eastern quay will be ready for the board.
-Related articles
-Newsletter
-Our photographers
-Privacy policy
-\u00a9 2021 Norholm Gazette
==
 Home
 They reached the house at dusk, and nobody had lit the lamps or laid a fire in any of the rooms.
 News
 There was no letter on the table, and the clock in the hall had stopped at a quarter past four.
""",
)
