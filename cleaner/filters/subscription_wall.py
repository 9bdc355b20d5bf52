"""Subscription walls: the request to pay or log in where the text stops."""

from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal

LONGEST_WALL = 70  # words


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("subscription_wall.within").items():
        if features.words[block] <= LONGEST_WALL:
            yield whole(page, block, "P103", quoted(phrase))
    for block, phrase in features.blocks_with("subscription_wall.lines").items():
        if not features.amid_prose(block) or len(phrase.split()) > 2:
            yield whole(page, block, "P103", quoted(phrase))


SUBSCRIPTION_WALL = Filter(
    code="P103",
    name="subscription_wall",
    removes="The request to pay, register or log in to read on.",
    mistakes="A paragraph about walls of this kind that quotes one.",
    find=_find,
    examples="""
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
-You have reached your limit of free articles. Become a subscriber to go on.
-Subscribe to continue reading
==
 The pilots have reached the limit of what free articles of association allow, their lawyer said.
""",
)
