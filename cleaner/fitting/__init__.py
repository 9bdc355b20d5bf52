"""Fits the scorecard's points to labelled pages, and measures out of fold what a user gets with them.

The one room that needs numpy, which the extra ``fit`` brings. Cues and their signs are code and are
taken as they are; how pages are read from files and shown is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, Protocol, TypeVar

from cleaner.config import Config
from cleaner.cues import second_look
from cleaner.cues.points import Card, write_cards
from cleaner.cues.second_look import SecondLook
from cleaner.errors import CleanerError, UsageError
from cleaner.filters.weighed import moved_to_likes
from cleaner.labelled import Labelled
from cleaner.parallel import mapped
from cleaner.scoring import PageScore, Report, report, score_page, words

try:
    import numpy as np
    from numpy.typing import NDArray
except ModuleNotFoundError:
    raise UsageError("fitting needs numpy, which is not installed; pip install 'cleaner[fit]'") from None

from cleaner.fitting.bars import Weighed, with_lean
from cleaner.fitting.examples import Example, as_clean_page, clean_example_of, example_of, fold_of, rows_of
from cleaner.fitting.regression import (
    Flags,
    Indexes,
    Numbers,
    Signs,
    Weighted,
    fitted_bias,
    signed_weights,
    thinned,
)

DROPPED_AT_ONCE = 0.2  # share of the cues that go before the others are fitted anew
NO_IMPORTANCE = 1e-3  # a cue of less has lost its weight to others or to its sign
MOST_ROWS = 250_000  # of blocks to learn from; with more of the same the points hardly change

Item = TypeVar("Item")


class Watch(Protocol):
    """Gives items back as they come and tells somebody how many of ``total`` did."""

    def __call__(self, items: Iterable[Item], label: str, total: int) -> Iterable[Item]: ...


class Choices(NamedTuple):
    """How to fit. ``unit`` is a point's worth in log-odds; ``penalty`` keeps the weights of rare cues small.

    ``clean_weight`` says how much the golds count as pages of their own, of which everything must
    stay, beside the pages themselves; at 0 they are left out. Pages of the types in ``type_weights`` count
    so many times as much as others; all together as much as without. Of the cues those of least
    importance lose their points until no more than ``most_cues`` are left; those of the second look come on top.
    """

    folds: int = 5
    unit: float = 0.2
    penalty: float = 3.0
    clean_weight: float = 0.5
    most_cues: int = 100
    type_weights: Mapping[str, float] = {}


class Kept(NamedTuple):
    """Clean text as input: of how many pages, how many words, and how many of them stayed."""

    name: str
    pages: int
    words: int
    kept: int


class Fitted(NamedTuple):
    """The card and its worth. ``report`` and ``clean`` are out of fold: each page, and each gold as a page,
    cleaned with the points that the other folds gave. ``blocks`` and ``cues`` were learnt from."""

    kind: str
    card: Card
    choices: Choices
    report: Report
    clean: tuple[Kept, ...]
    blocks: int
    cues: int


def fit(pages: Sequence[Labelled], config: Config, choices: Choices, *, jobs: int, watch: Watch) -> Fitted:
    """The card that suits labelled pages best, and what cards of its kind are worth on pages they have not seen.

    Pages whose gold is empty are left out. ``config`` says which other filters run. The same pages
    give the same card, whatever the number of jobs. Raises UsageError for pages of several formats and
    for fewer hosts than folds.
    """
    used = [page for page in pages if words(page.gold.text)]
    kind = _kind(used)
    _check_folds(used, choices.folds)
    read = partial(example_of, config=config, folds=choices.folds, type_weights=_relative(choices.type_weights, used))
    examples = list(watch(mapped(read, used, jobs=jobs), "reading pages", len(used)))
    if choices.clean_weight:
        read_clean = partial(clean_example_of, config=config, folds=choices.folds, weight=choices.clean_weight)
        examples += watch(mapped(read_clean, used, jobs=jobs), "reading golds", len(used))
    examples = [one for one in examples if not one.error]
    parts = [[one for one in examples if one.fold != fold] for fold in range(choices.folds)]
    fitted = mapped(partial(fit_card, choices=choices), [*parts, examples], jobs=jobs, chunk_items=1)
    *cards, card = watch(fitted, "fitting", choices.folds + 1)
    with TemporaryDirectory() as folder:
        files = [_written(one, kind, Path(folder, f"{fold}.toml")) for fold, one in enumerate(cards)]
        check = partial(_checked, configs=[replace(config, points=file) for file in files])
        scores = watch(mapped(check, used, jobs=jobs), "checking pages", len(used))
        found = report(scores, worst=0)
        cleaned = watch(mapped(check, map(as_clean_page, used), jobs=jobs), "checking golds", len(used))
        kept = tuple(_kept(list(cleaned)))
    blocks = sum(len(one.words) for one in examples)
    return Fitted(kind, card, choices, found, kept, blocks, len(examples[0].names))


def fit_card(examples: Sequence[Example], choices: Choices) -> Card:
    """The card that suits these examples best. Raises UsageError when there is nothing to learn from.

    The second look weighs the cues of the first anew, with its own beside them; other cues in place of the
    first's would have to be read too and gain nothing.
    """
    names = _names(examples)
    used = [one for one in examples if len(one.words)]
    stays, weight = (np.concatenate([getattr(one, name) for one in used]) for name in ("share", "weight"))
    cues = np.concatenate([one.cues for one in used])
    first = _fitted(names, Weighted(cues, stays, weight), choices, choices.most_cues)
    again = [_look_again(one, first, choices.unit) for one in used]
    both = np.concatenate([cues[:, first.used], np.concatenate(again)], axis=1)
    both_names = (*(names[column] for column in first.used), *second_look.CUES)
    second = _fitted(both_names, Weighted(both, stays, weight), choices, len(both_names))
    weighed = [
        Weighed(_with_likes(sums, one), one.words, one.share, one.gold_words, one.page_weight)
        for one, sums in zip(
            used, np.split(second.sums(both), np.cumsum([len(one.words) for one in used])), strict=False
        )
    ]
    card = Card(choices.unit, second.bias, second.by_name, 0.0, first.bias, first.by_name)
    return with_lean(card, weighed)


def _with_likes(sums: NDArray[np.int64], one: Example) -> NDArray[np.int64]:
    """The sums of a page's blocks as W101 has them, each moved towards its likes."""
    moved = sums.copy()
    for block, points in moved_to_likes(sums.tolist(), one.likes).items():
        moved[block] += points
    return moved


class _Points(NamedTuple):
    """Points as they were fitted: of the cues in these columns, and the bias."""

    names: tuple[str, ...]
    columns: Indexes
    points: NDArray[np.int64]
    bias: int

    @property
    def used(self) -> Indexes:
        """The columns of the cues that have points."""
        found: Indexes = self.columns[self.points != 0]
        return found

    @property
    def by_name(self) -> dict[str, int]:
        """The points of the cues that have any."""
        return {self.names[at]: int(points) for at, points in zip(self.columns, self.points, strict=True) if points}

    def sums(self, cues: Flags) -> NDArray[np.int64]:
        """The sum of each row."""
        return cues[:, self.columns] @ self.points + self.bias


def _fitted(names: tuple[str, ...], rows: Weighted, choices: Choices, most_cues: int) -> _Points:
    signs = np.array([1 if name.startswith("+") else -1 for name in names], np.int8)
    rows = thinned(rows, MOST_ROWS)
    chosen, weights = _selected(rows, signs, choices.penalty, most_cues)
    points = np.rint(weights / choices.unit).astype(np.int64)
    sums = rows.cues[:, chosen] @ points.astype(np.float32)
    bias = round(fitted_bias(choices.unit * sums.astype(np.float64), rows) / choices.unit)
    return _Points(names, chosen, points, bias)


def _look_again(one: Example, first: _Points, unit: float) -> Flags:
    """The cues of the second look at one page, a row for each block."""
    look = SecondLook(first.sums(one.cues).tolist(), one.counts.tolist(), unit)
    return rows_of(second_look.read_again(look, second_look.CUES).values(), len(one.words))


def _selected(rows: Weighted, signs: Signs, penalty: float, most: int) -> tuple[Indexes, Numbers]:
    """The cues that may have points, by number, and their weights; the least important go, some at a time."""
    chosen, start = np.arange(len(signs)), None
    spread = _spread(rows)
    while True:
        part = rows if len(chosen) == len(signs) else rows._replace(cues=rows.cues[:, chosen])
        weights, bias = signed_weights(part, signs[chosen], penalty, start)
        if len(chosen) <= most:
            return chosen, weights
        importance = np.abs(weights) * spread[chosen]
        left = min(int((importance > NO_IMPORTANCE).sum()), int(len(chosen) * (1 - DROPPED_AT_ONCE)))
        stay = np.sort(np.argsort(-importance, kind="stable")[: max(most, left)])
        chosen, start = chosen[stay], np.append(weights[stay], bias)


def _spread(rows: Weighted) -> Numbers:
    """The standard deviation of each cue: how much it tells blocks apart, before its weight."""
    held = rows.weight.astype(np.float32) @ rows.cues / rows.weight.sum()
    spread: Numbers = np.sqrt(np.clip(held * (1 - held), 0, 1))  # float32 may come out above 1
    return spread


def _names(examples: Sequence[Example]) -> tuple[str, ...]:
    if not any(len(one.words) for one in examples):
        raise UsageError("nothing to learn from: no block of any page is left; check gold and format")
    names = examples[0].names
    if any(one.names != names for one in examples):
        raise CleanerError("the cues have other names on some pages; every cue must be there on every page")
    return names


def _relative(weights: Mapping[str, float], pages: Sequence[Labelled]) -> dict[str, float]:
    """The weight of every type, such that those of the pages have a mean of 1."""
    mean = sum(weights.get(page.type, 1.0) for page in pages) / (len(pages) or 1)
    return {page.type: weights.get(page.type, 1.0) / mean for page in pages}


def _kind(pages: Sequence[Labelled]) -> str:
    kinds = sorted({page.format for page in pages})
    if len(kinds) > 1:
        raise UsageError(f"the pages are {' and '.join(kinds)}, and each has points of its own; choose with --format")
    if not kinds:
        raise UsageError("no page has any gold; nothing can be learnt")
    if kinds == ["auto"]:
        raise UsageError("what the pages are does not show in their names; say it with --format")
    return kinds[0]


def _check_folds(pages: Sequence[Labelled], folds: int) -> None:
    filled = {fold_of(page, folds) for page in pages}
    if len(filled) < folds:
        raise UsageError(
            f"{len(pages)} pages fill {len(filled)} of {folds} folds, for pages of one host stay together; "
            "give more hosts, or fewer folds"
        )


def _written(card: Card, kind: str, file: Path) -> str:
    """The name of the file, once the card is in it."""
    file.write_text(write_cards({kind: card}, {}), "utf-8")
    return str(file)


def _checked(page: Labelled, configs: Sequence[Config]) -> PageScore:
    """A page cleaned as a user would and measured, with the points that were fitted without its fold."""
    return score_page(page, configs[fold_of(page, len(configs))])


def _kept(scores: Sequence[PageScore]) -> Iterator[Kept]:
    """How much of the golds stays, of all and by type."""
    by_type: dict[str, list[PageScore]] = {"all golds": list(scores)}
    for one in scores:
        if one.type:
            by_type.setdefault(one.type, []).append(one)
    first, *types = by_type
    for name in (first, *sorted(types)):
        some = by_type[name]
        yield Kept(name, len(some), sum(one.gold_words for one in some), sum(one.kept_words for one in some))
