"""D104, a table of contents: the headings of the text, listed before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cleaner.features import Features, features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal
from cleaner.shingles import elsewhere

CODE = "D104"
FEWEST = 4  # entries
FEWEST_LABELLED = 3  # under a line such as "Contents"
LONGEST_ENTRY = 20  # words
LONGEST_BUTTON = 2  # words between the label and the entries, such as "Hide"
LABEL_REACH = 2  # blocks between the two
COLONS = frozenset(":\uff1a")
LEAST_OVER_TEXT = 0.6  # of the headings: others have headings of their own right under them
NUMBERS = " 0123456789"  # before an entry or its heading


def find(page: Page) -> Iterator[Removal]:
    """The labels of such lists; lines in a row that come again further down as headings, and what stands above them."""
    features = features_of(page)
    for block, phrase in features.blocks_with("contents.labels").items():
        if page.is_whole(block) and not features.ends[block] and not features.amid_prose(block):
            yield whole(page, block, CODE, quoted(phrase))
    yield from _listed(page, features)


def _listed(page: Page, features: Features) -> Iterator[Removal]:
    if page.format != "text" and sum(block.kind == "heading" for block in page.blocks) < FEWEST_LABELLED:
        return
    words, prose, words_of = features.words, features.prose, features.words_of
    standing = list(filter(page.is_whole, range(len(page.blocks))))
    # What an entry and its heading have in common; nothing for what is neither.
    keys = [
        " ".join(words_of(block)).lstrip(NUMBERS) if words[block] <= LONGEST_ENTRY and not prose[block] else ""
        for block in standing
    ]
    last = {key: at for at, key in enumerate(keys) if key}
    if len(keys) - keys.count("") - len(last) < FEWEST_LABELLED:
        return
    labels = features.blocks_with("contents.headings", "contents.labels")
    for run in _runs(page, standing, keys, last):
        above = _label(features, standing, run[0], labels)
        is_labelled = above < run[0]
        if not is_labelled and _is_announced(page, standing, run[0]):
            continue
        places = [last[keys[at]] for at in run]
        enough = FEWEST_LABELLED if is_labelled else FEWEST
        if len(run) >= enough and _are_over_text(page, features, standing, places):
            for at in range(above, run[0]):
                yield whole(page, standing[at], CODE, "above the page's headings in a list")
            for at, place in zip(run, places, strict=True):
                heading = standing[place]
                yield whole(page, standing[at], CODE, elsewhere(page, heading, heading, "lists the heading in {}"))


def _runs(page: Page, standing: Sequence[int], keys: Sequence[str], last: dict[str, int]) -> Iterator[list[int]]:
    """Places in a row, none of a heading, whose lines come again behind them all in the same order."""
    run: list[int] = []
    for at, key in enumerate(keys):
        place = last.get(key, at)
        is_entry = place > at and page.blocks[standing[at]].kind != "heading"
        if run and not (is_entry and place > last[keys[run[-1]]] and at < last[keys[run[0]]]):
            yield run
            run = []
        if is_entry:
            run.append(at)
    if run:
        yield run


def _label(features: Features, standing: Sequence[int], first: int, labels: dict[int, str]) -> int:
    """Where the label above a list stands, beyond nothing but buttons; where the list begins when it has none."""
    for at in range(first - 1, max(-1, first - 2 - LABEL_REACH), -1):
        if standing[at] in labels:
            return at
        if features.words[standing[at]] > LONGEST_BUTTON:
            break
    return first


def _is_announced(page: Page, standing: Sequence[int], first: int) -> bool:
    """Whether a sentence of the author's leads to a list."""
    return first > 0 and page.blocks[standing[first - 1]].text.rstrip()[-1:] in COLONS


def _are_over_text(page: Page, features: Features, standing: Sequence[int], places: Sequence[int]) -> bool:
    """Whether these places are those of headings, most of which have something under them: prose, in plain text."""
    is_text = page.format == "text"
    if not is_text and not all(page.blocks[standing[at]].kind == "heading" for at in places):
        return False
    over = sum(
        behind - at > 1 and (not is_text or any(features.prose[block] for block in standing[at + 1 : at + 3]))
        for at, behind in pairwise((*places, len(standing)))
    )
    return over >= LEAST_OVER_TEXT * len(places)


CONTENTS_LIST = Filter(
    CODE,
    "contents_list",
    "A table of contents: its label, and lines in a row that come again further down as headings, in the same order.",
    "A summary in single lines whose every line is then a heading.",
    find,
    """
 Mooring fees
-Contents
-1. What the board said
-2. What the pilots said
-3. What it costs
 1. What the board said
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 2. What the pilots said
 The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be.
 3. What it costs
 A boat of ten metres will pay two crowns a night more, which is the price of the soup at the quay.
==
 What the board said
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 What the pilots said
 The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be.
 Fees
 Soup
 Boats
==
 The harbour board voted on Monday to raise mooring fees by four per cent. Four things are to be paid for:
 The crane
 The quay
 The lamp
 The soup
 The crane
 The crane has not been painted since it was built, and the pilots will not stand under it any longer.
 The quay
 The quay was closed for eleven weeks after the flood, and its stones were put back by whoever was there.
 The lamp
 The lamp has burned for forty years, and the man who knows how to trim it has bought a house inland.
 The soup
 The soup on the quay is free for the pilots, and nobody on the board has ever asked what is in it.
==
-Inhalt
-Was der Rat sagt
-Was die Lotsen sagen
-Was es kostet
 Was der Rat sagt
 Der Hafenrat hat am Montag beschlossen, die Liegegebühren um vier Prozent zu erhöhen, und niemand sprach dagegen.
 Was die Lotsen sagen
 Die Lotsen, die keine Gebühren zahlen, wurden nicht gefragt und hatten das auch nicht erwartet, sagt ihr Sprecher.
 Was es kostet
 Ein Boot von zehn Metern zahlt zwei Kronen mehr für die Nacht, so viel wie die Suppe auf dem Kai.
""",
)
