"""Counters: views, shares, minutes to read."""

from collections import Counter
from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, phrase_words, quoted, whole
from cleaner.page import Page, Removal

VERBATIM = ("code", "table")


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    lines = features.blocks_with("counter.lines")
    told = Counter(lines.values())
    for block, phrase in lines.items():
        if features.amid_prose(block) or page.blocks[block].kind in VERBATIM:
            continue
        if phrase_words(phrase.replace("#", "")) > 1 or not (told[phrase] > 1 or _among_figures(features, block)):
            yield whole(page, block, "F103", quoted(phrase))


def _among_figures(features: Features, block: int) -> bool:
    """Whether short lines with other figures stand on both sides, as in a recipe or a table of data."""
    counters = features.hits["counter.lines"]
    return all(
        0 <= beside < len(features.words)
        and beside not in counters
        and features.short[beside]
        and any(char.isdigit() for char in features.page.blocks[beside].text)
        for beside in (block - 1, block + 1)
    )


COUNTER = Filter(
    code="F103",
    name="counter",
    removes="Counts of views, shares, comments and minutes to read, alone on their line.",
    mistakes="A figure that is the content, such as a result of a vote in a list.",
    find=_find,
    examples="""
 Mooring fees will rise for the third year in a row
-5 min read
-1,204 views
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
==
 The board counted 1,204 views on the plan, and it took each member 5 minutes to read one of them out.
""",
)
