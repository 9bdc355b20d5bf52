"""Links back to the top of the page."""

from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, phrase_words, quoted, whole
from cleaner.page import Page, Removal

LEAST_AMID_PROSE = 3  # words: shorter ones such as "Arriba" may be a heading there


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("top_link.lines").items():
        if features.amid_prose(block) and phrase_words(phrase) < LEAST_AMID_PROSE:
            continue
        yield whole(page, block, "N106", quoted(phrase))


TOP_LINK = Filter(
    code="N106",
    name="top_link",
    removes="Links back to the top of the page.",
    mistakes="A line of verse or a heading that says just this.",
    find=_find,
    examples="""
 The path is steep but dry, and the last bus waits at the quarry until the walkers are down.
-Back to top
==
 It took them until noon to get back to the top of the ridge, where the wind had dropped.
""",
)
