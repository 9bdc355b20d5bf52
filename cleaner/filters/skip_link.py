"""Links that jump past the menu."""

from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("skip_link.lines").items():
        if features.amid_prose(block):
            continue
        yield whole(page, block, "N101", quoted(phrase))


SKIP_LINK = Filter(
    code="N101",
    name="skip_link",
    removes="Links for screen readers that jump past the menu.",
    mistakes="A manual that lists such link texts, each on a line of its own, loses them.",
    find=_find,
    examples="""
-Skip to content
 The ferry to Norholm leaves from the old quay every forty minutes until the end of September.
==
 Readers who skip to content in the last chapter will miss how the two brothers came to own the mill.
==
-Zum Inhalt springen
 Die Fähre nach Norholm legt bis Ende September alle vierzig Minuten vom alten Kai ab.
""",
)
