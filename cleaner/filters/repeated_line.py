"""D103, a line or paragraph that is repeated: at once, or as the page's title under the title."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from cleaner.features import Features, features_of
from cleaner.filter import Filter, whole
from cleaner.page import Page, Removal
from cleaner.shingles import CODE_SIGNS, Words, elsewhere, words_of

CODE = "D103"
LEAST_WORDS = 5  # shorter lines come twice in lists and tables, and as "Yes." "Yes." in dialogue
VERSE_WORDS = 12  # a longer line is no verse
TITLE_WORDS = 25
MOST_TITLES = 2  # a line that comes again more often is a label
QUOTE_MARKS = "\"' \u00a0\u00ab\u00bb\u2018\u2019\u201c\u201d\u300d\u300f"
SENTENCE_ENDS = frozenset(".!?\u2026\u3002\uff01\uff1f")
QUOTE_WORDS = 8  # of a pull quote, and of its paragraph besides
QUOTE_BLOCKS = 12  # between the two
THREAD_LINES = 4  # of forum furniture
NEAR = 2  # neighbours on either side that tell verse from prose
TITLE_LINES = 8  # above the first prose, where the title is


def find(page: Page) -> Iterator[Removal]:
    """The later of two equal lines that follow each other, and of two equal titles."""
    features = features_of(page)
    standing = [block for block in range(len(page.blocks)) if page.is_whole(block)]
    counts = [features.words[block] for block in standing]
    gone = set()
    for at in [at for at, (one, other) in enumerate(pairwise(counts), 1) if one == other >= LEAST_WORDS]:
        block, before = standing[at], standing[at - 1]
        if _is_equal(page, features, before, block) and not _is_verse(features, standing, at):
            gone.add(block)
            yield whole(page, block, CODE, elsewhere(page, before, before, "same as {}"))
    for block, title in _titles(page, features, standing):
        if block not in gone:
            gone.add(block)
            yield whole(page, block, CODE, elsewhere(page, title, title, "the title, as in {}"))
    for block, paragraph in _pull_quotes(page, features, standing):
        if block not in gone and paragraph not in gone:
            gone.add(block)
            yield whole(page, block, CODE, elsewhere(page, paragraph, paragraph, "a sentence of {}"))


def _is_equal(page: Page, features: Features, one: int, other: int) -> bool:
    found = page.blocks[other]
    if found.kind in ("code", "table", "quote") or CODE_SIGNS.search(found.text[-200:]):
        return False
    return features.words_of(one) == features.words_of(other)


def _is_verse(features: Features, standing: list[int], at: int) -> bool:
    """Whether a line stands among lines as short as it, which do not end as sentences do."""
    if features.words[standing[at]] > VERSE_WORDS:
        return False
    around = standing[max(0, at - 1 - NEAR) : at - 1] + standing[at + 1 : at + 1 + NEAR]
    short = [block for block in around if 3 <= features.words[block] <= VERSE_WORDS and not features.prose[block]]
    return len(short) >= NEAR + 1


def _titles(page: Page, features: Features, standing: list[int]) -> Iterator[tuple[int, int]]:
    """Each line equal to one shortly above the first prose and without prose under it, with that one.

    A line that has prose under it is a heading, and the one above an entry of the contents.
    """
    first_prose = next((at for at, block in enumerate(standing) if features.prose[block]), None)
    if first_prose is None:
        return
    titles: dict[tuple[str, ...], int] = {}
    for block in standing[max(0, first_prose - TITLE_LINES) : first_prose]:
        if LEAST_WORDS <= features.words[block] <= TITLE_WORDS:
            titles.setdefault(tuple(features.words_of(block)), block)
    lengths = {features.words[block] for block in titles.values()}
    again: dict[int, list[int]] = {}
    for at, block in enumerate(standing):
        if features.words[block] in lengths and not _has_prose_under(features, standing, at):
            title = titles.get(tuple(features.words_of(block)), block)
            if title != block and not _is_verse(features, standing, at):
                again.setdefault(title, []).append(block)
    if len(again) > MOST_TITLES:  # a table of contents and the headings
        return
    for title, blocks in again.items():
        if len(blocks) <= MOST_TITLES:
            yield from ((block, title) for block in blocks)


def _pull_quotes(page: Page, features: Features, standing: list[int]) -> Iterator[tuple[int, int]]:
    """Each block between paragraphs that is a piece of one nearby, with that one; on a forum none."""
    words = words_of(page)
    pieces = list(_pieces(words))
    if not pieces or len(features.blocks_with("forum.lines", "forum.starts")) >= THREAD_LINES:
        return
    around = {
        block: (before, after) for before, block, after in zip(standing, standing[1:], standing[2:], strict=False)
    }
    for block, paragraph in pieces:
        if block in around and page.is_whole(paragraph) and _stands_out(page, features, block, *around[block]):
            if words.is_unique:
                return
            yield block, paragraph


def _pieces(words: Words) -> Iterator[tuple[int, int]]:
    """Each block that is a piece of one nearby, with that one."""
    least = words.tokens_in(QUOTE_WORDS)
    long = [run for run in words.repeats if run.size >= least]
    for run in long:
        for here, there in ((run.first, run.second), (run.second, run.first)):
            block = words.block_of(here + run.size // 2)
            paragraph = words.block_of(there + run.size // 2)
            if abs(paragraph - block) <= QUOTE_BLOCKS and _is_piece(words, run.size, here, there, block, paragraph):
                yield block, paragraph


def _stands_out(page: Page, features: Features, block: int, before: int, after: int) -> bool:
    """Whether a block is a sentence between paragraphs, which the one before does not announce."""
    found = page.blocks[block]
    is_sentence = found.kind == "paragraph" and found.text.rstrip(QUOTE_MARKS)[-1:] in SENTENCE_ENDS
    return is_sentence and features.prose[before] and features.prose[after] and page.blocks[before].text[-1] != ":"


def _is_piece(words: Words, size: int, here: int, there: int, block: int, paragraph: int) -> bool:
    """Whether the words that come twice are all of a block, and a part of a paragraph that has more."""
    from_start = words.starts[block] - here
    if from_start < 0 or from_start + words.count(block) > size:
        return False
    if words.starts[paragraph] > there + from_start or words.starts[paragraph + 1] < there + from_start + words.count(
        block
    ):
        return False
    more = words.count(paragraph) - words.count(block)
    return words.count(block) >= words.tokens_in(QUOTE_WORDS) and more >= words.tokens_in(QUOTE_WORDS)


def _has_prose_under(features: Features, standing: list[int], at: int) -> bool:
    return any(features.prose[block] for block in standing[at + 1 : at + 2])


REPEATED_LINE = Filter(
    CODE,
    "repeated_line",
    "A line or paragraph that is given twice in a row, the page's title where it comes again, and a sentence set off "
    "from the paragraph that has it.",
    "A line that is said twice for its effect; a sentence that an author repeats between paragraphs.",
    find,
    """
 The night train to Oslo is back at last
-The night train to Oslo is back at last
 After eleven years the night train to Oslo will run again from the first of May, the operator said.
-After eleven years the night train to Oslo will run again from the first of May, the operator said.
 Tickets for the night train will be sold from Monday, and the first weekend is said to be almost full already.
-The night train to Oslo is back at last
==
 Der Nachtzug nach Oslo fährt endlich wieder
 Nach elf Jahren fährt der Nachtzug nach Oslo ab Mai wieder, und schon sind die ersten Wochen ausverkauft.
 „Ich habe jahrelang geträumt, dass dieser wunderbare Nachtzug irgendwann tatsächlich zurückkommt und mich mitten \
in der Nacht hinüberbringt“, sagt Schaffner Nils Brandt, der schon auf der letzten Fahrt dabei war.
-„Ich habe jahrelang geträumt, dass dieser wunderbare Nachtzug irgendwann tatsächlich zurückkommt und mich mitten \
in der Nacht hinüberbringt.“
 Der Zug hält unterwegs nur dreimal, und wer will, bekommt am Morgen ein Frühstück an das Bett gebracht.
==
 Le train de nuit pour Oslo est de retour
-Le train de nuit pour Oslo est de retour
 Après onze ans, le train de nuit pour Oslo circulera de nouveau à partir du mois de mai, a annoncé la compagnie.
 Oui.
 Oui.
==
 El tren nocturno a Oslo ha vuelto
 Tras once años, el tren nocturno a Oslo volverá a circular desde el primero de mayo, anunció la compañía.
-Tras once años, el tren nocturno a Oslo volverá a circular desde el primero de mayo, anunció la compañía.
 El tren nocturno solo para tres veces.
==
 and the train goes over the hill at night
 and the train goes over the hill
 and the train goes over the hill
 till nobody sees its lamp or light
 and nobody ever will
""",
)
