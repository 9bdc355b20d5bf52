"""Promotion between the paragraphs of an article: "Also read: ...", "Click here to subscribe"."""

from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal

LONGEST_LINE = 30  # words of a line that points elsewhere
LONGEST_PHRASED = 45  # words of one with a whole invitation in it


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("inline_promotion.starts").items():
        if features.words[block] <= LONGEST_LINE and _points(page, block, phrase):
            yield whole(page, block, "P104", quoted(phrase))
    for block, phrase in features.blocks_with("inline_promotion.within").items():
        if features.words[block] <= LONGEST_PHRASED:
            yield whole(page, block, "P104", quoted(phrase))


def _points(page: Page, block: int, phrase: str) -> bool:
    """Whether a line is a pointer: what follows its first words is set off, or it does not end as a sentence."""
    features = features_of(page)
    text = page.blocks[block].text
    head = text[: len(phrase) + 3]
    return any(mark in head for mark in ":|\u00bb>\u2013\u2014") or not features.ends[block]


INLINE_PROMOTION = Filter(
    code="P104",
    name="inline_promotion",
    removes='Lines between paragraphs that send the reader elsewhere: "Also read: ...".',
    mistakes="A line that begins so and is no pointer, without a full stop at its end.",
    find=_find,
    examples="""
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
-Also read: Harbour fees to rise for the third time
-Click here to subscribe to the weekly letter of the port
 The pilots, who pay no fees, were not asked.
==
 Also read out were the names of the nine who had not come home, and then the bell was rung.
""",
)
