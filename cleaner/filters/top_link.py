"""Links back to the top of the page."""

from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal


def _find(page: Page) -> Iterator[Removal]:
    for block, phrase in features_of(page).blocks_with("top_link.lines").items():
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
