"""Subscription walls: the request to pay or log in where the text stops."""

from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, phrase_words, quoted, whole
from cleaner.page import Page, Removal

LONGEST_WALL = 70  # words

SHORT_PROMPT = 24  # words: one phrase is enough


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    groups = ("subscription_wall.within", "subscription_wall.lines")
    for block, phrase in features.blocks_with("subscription_wall.within").items():
        if features.words[block] <= LONGEST_WALL and not features.may_be_the_text(block, SHORT_PROMPT, *groups):
            yield whole(page, block, "P103", quoted(phrase))
    for block, phrase in features.blocks_with("subscription_wall.lines").items():
        if not features.amid_prose(block) or phrase_words(phrase) > 2:
            yield whole(page, block, "P103", quoted(phrase))


SUBSCRIPTION_WALL = Filter(
    code="P103",
    name="subscription_wall",
    removes="The request to pay, register or log in to read on.",
    mistakes="A paragraph about walls of this kind that quotes one.",
    find=_find,
    examples="""
-You have reached your limit of free articles. Become a subscriber to go on.
-Subscribe to continue reading
==
 The pilots have reached the limit of what free articles of association allow, their lawyer said.
==
 The course costs less than a week on the coast, and whoever has paid for it comes and goes as he likes.
 Members have unlimited access to the boats and to the books in the hall, and they may bring a guest along on \
every day but Sunday, when the hall is closed.
 Whoever wants to learn how to splice asks the man with the beard, who sits by the stove until it is dark.
==
-Jetzt abonnieren und weiterlesen
 Wer den Brief abonnieren wollte, der musste weiterlesen, denn die Adresse stand erst auf der letzten Seite.
==
-Cet article est réservé aux abonnés
 Cet article du règlement n'est pas réservé aux membres, et les abonnés du bac ne le connaissent pas non plus.
==
-Contenido exclusivo para suscriptores
 El contenido del baúl era exclusivo para los herederos, y los suscriptores del periódico se quedaron sin verlo.
""",
)
