"""Labels of advertisements, and the notes that a page earns by its links."""

from collections import Counter
from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal

LONGEST_NOTE = 60  # words


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    lines = features.blocks_with("advertisement.lines")
    told = Counter(lines.values())
    for block, phrase in lines.items():
        if features.amid_prose(block) and told[phrase] == 1 and not features.shows_chrome:
            continue
        yield whole(page, block, "F104", quoted(phrase))
    for block, phrase in features.blocks_with("advertisement.starts").items():
        if features.words[block] <= LONGEST_NOTE:
            yield whole(page, block, "F104", quoted(phrase))


ADVERTISEMENT = Filter(
    code="F104",
    name="advertisement",
    removes="The word Advertisement and its like between paragraphs, and notes on paid links.",
    mistakes="A heading of one of these words in a text about advertising.",
    find=_find,
    examples="""
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
-Advertisement
 A second vote is planned for autumn, when the new hall on the eastern quay will be ready for the board.
==
 The advertisement for the new pilot ran for three weeks, and the only answer came from his brother.
""",
)
