"""Bylines and dates around an article's title and end."""

import re
from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal

LONGEST = 14  # words
LONGEST_DATE = 9
LONGEST_NAME = 4
LEAST_BEFORE_SIGNATURE = 60  # words of prose: a line before that may be the title
LEAST_PROSE = 120  # words of the page: a shorter one may be a list of dated entries
HEAD_REACH = 12
REACH = 3  # blocks after the first and before the last prose where a byline may stand
_DATE = re.compile(
    r"\b(?:19|20)\d\d\s?[-/.\u5e74]\s?\d{1,2}\s?[-/.\u6708]\s?\d{1,2}\b|\b\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?(?:19|20)?\d\d\b"
)
_DAY_OR_YEAR = re.compile(r"\b(?:[0-3]?\d|(?:19|20)\d\d)\b")


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("byline.starts").items():
        if features.words[block] <= LONGEST and not features.ends[block] and _at_an_edge(features, block):
            yield whole(page, block, "A101", quoted(phrase))
    for block, phrase in features.blocks_with("byline.lines").items():
        if features.amid_prose(block) or not _at_an_edge(features, block):
            continue
        yield whole(page, block, "A101", quoted(phrase))
        if features.prose_words_before[block] >= LEAST_BEFORE_SIGNATURE and _is_name(features, block - 1):
            yield whole(page, block - 1, "A101", f"name before {quoted(phrase)}")
    for block, count in enumerate(features.words):
        if count <= LONGEST_DATE and _at_an_edge(features, block) and _is_date(features, block):
            yield whole(page, block, "A101", "a date alone")


def _at_an_edge(features: Features, block: int) -> bool:
    """Whether a block is among those just before and after a text of some length begins, or where it ends."""
    if features.prose_words_before[-1] < LEAST_PROSE:
        return False
    first, last = features.first_prose, features.last_prose
    return first - HEAD_REACH <= block <= first + REACH or last - 1 <= block <= last + REACH


def _is_name(features: Features, block: int) -> bool:
    return features.words[block] <= LONGEST_NAME and features.short[block] and features.page.blocks[block].text[0].isupper()


def _is_date(features: Features, block: int) -> bool:
    found = features.page.blocks[block]
    if not any(char.isdigit() for char in found.text):
        return False
    if _DATE.search(found.text):
        return True
    words = features.plain[found.start : found.end].split()
    months = features.index.months
    return not months.isdisjoint(words) and _DAY_OR_YEAR.search(found.text) is not None


BYLINE = Filter(
    code="A101",
    name="byline",
    removes="Who wrote a text and when, near its title or its end.",
    mistakes="A date or a name that stands alone as a heading at the start of the text.",
    find=_find,
    examples="""
 Mooring fees will rise for the third year in a row
-By Marit Oldegaard
-12 March 2021
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
==
 By noon the quay was empty.
 On 12 March 2021 the board met for the first time in the new hall, and the pilots stayed away.
""",
)
