"""Counters: views, shares, minutes to read."""

from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("counter.lines").items():
        if not features.amid_prose(block):
            yield whole(page, block, "F103", quoted(phrase))


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
