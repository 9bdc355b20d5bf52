"""Follow bars: where else the publisher can be followed."""

from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, phrase_words, quoted, whole
from cleaner.page import Page, Removal

LONGEST_START = 25  # words of a line that asks to follow


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("follow_bar.lines").items():
        if not features.amid_prose(block) or phrase_words(phrase) > 1:
            yield whole(page, block, "S102", quoted(phrase))
    for block, phrase in features.blocks_with("follow_bar.starts").items():
        if features.words[block] <= LONGEST_START:
            yield whole(page, block, "S102", quoted(phrase))


FOLLOW_BAR = Filter(
    code="S102",
    name="follow_bar",
    removes="Lines that ask to follow the publisher elsewhere.",
    mistakes="A list of networks that is itself the content.",
    find=_find,
    examples="""
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
-Follow us on
-Instagram
==
 Follow us on the map from the mill to the weir, where the path leaves the river and climbs to the road, and you will pass three of the five houses where he lived.
""",
)
