"""Follow bars: where else the publisher can be followed."""

from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, phrase_words, quoted, whole
from cleaner.page import Page, Removal

LONGEST_START = 25  # words of a line that asks to follow

NETWORKS = ("follow_bar.lines", "share_bar.lines")


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("follow_bar.lines").items():
        if not features.amid_prose(block) or phrase_words(phrase) > 1:
            yield whole(page, block, "S102", quoted(phrase))
    for block, phrase in features.blocks_with("follow_bar.starts").items():
        if features.words[block] <= LONGEST_START and (
            not features.prose[block] or _names_a_network(features, block, phrase)
        ):
            yield whole(page, block, "S102", quoted(phrase))


def _names_a_network(features: Features, block: int, phrase: str) -> bool:
    names = features.index.alone
    words = features.words_of(block)[len(phrase.split()) :]
    return any(group in NETWORKS for word in words for group in names.get(word, ()))


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
 Follow us on the map from the mill to the weir, where the path leaves the river and climbs to the road, \
and you will pass three of the five houses where he lived.
==
 Der Hafenrat hat am Montag beschlossen, die Gebühren um vier Prozent anzuheben, und niemand hat widersprochen.
-Folgen Sie uns
-YouTube
==
 Folgen Sie uns auf dem Weg hinunter zur Mühle, sagte der Führer, und bleiben Sie bitte links vom Geländer.
==
-Suivez-nous
-Instagram
 Suivez-nous dans le jardin, disait la lettre, et vous verrez que le puits dont elle parle est toujours là.
==
-Síguenos
-YouTube
 Síguenos, dijo el guía, y nadie lo siguió, porque el camino bajaba al río y ya empezaba a oscurecer.
""",
)
