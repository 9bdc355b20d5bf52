"""Lone separators: a dash, a bar, a bullet on a line of its own."""

from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, whole
from cleaner.page import Page, Removal

LONGEST = 3  # characters; longer rules and rows of stars divide the text itself, as those of three do within it
VERBATIM = ("code", "table")
NO_SEPARATORS = frozenset("{}[]();=$%@^`\"'?!")  # brackets and signs that are lines of code, or somebody's answer


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, count in enumerate(features.words):
        if count > 0:
            continue
        text = page.blocks[block].text
        if len(text) > LONGEST or any(char.isalnum() for char in text):
            continue
        if page.blocks[block].kind in VERBATIM or not NO_SEPARATORS.isdisjoint(text):
            continue
        if not features.amid_prose(block) and not (len(text) == LONGEST and block in features.body):
            yield whole(page, block, "F101", f"{text} alone")


SEPARATOR = Filter(
    code="F101",
    name="separator",
    removes="A dash, bar, bullet or arrow on a line of its own.",
    mistakes="A sign that is itself the content, such as a line of a lesson on punctuation.",
    find=_find,
    examples="""
 Mooring fees will rise for the third year in a row
--
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
==
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 ***
 A second vote is planned for autumn, when the new hall on the eastern quay will be ready for the board.
==
 Startseite
-|
 Häfen
-•
 Der Hafenrat hat am Montag beschlossen, die Gebühren um vier Prozent anzuheben, und niemand hat widersprochen.
==
 static int fees(void)
 {
 return rate * length;
 }
==
 Par Aurore Desmoulins
-•
 Publié le 9 août 2023
 Le conseil du port a voté lundi une hausse de quatre pour cent, et personne ne s'y est opposé ce soir-là.
""",
)
