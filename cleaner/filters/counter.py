"""Counters: views, shares, minutes to read."""

from collections import Counter
from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, phrase_words, quoted, whole
from cleaner.page import Page, Removal

VERBATIM = ("code", "table")


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    lines = features.blocks_with("counter.lines")
    told = Counter(lines.values())
    for block, phrase in lines.items():
        if features.amid_prose(block) or page.blocks[block].kind in VERBATIM:
            continue
        if phrase_words(phrase.replace("#", "")) > 1 or not (told[phrase] > 1 or _among_figures(features, block)):
            yield whole(page, block, "F103", quoted(phrase))


def _among_figures(features: Features, block: int) -> bool:
    """Whether short lines with other figures stand on both sides, as in a recipe or a table of data."""
    counters = features.hits["counter.lines"]
    return all(
        0 <= beside < len(features.words)
        and beside not in counters
        and features.short[beside]
        and any(char.isdigit() for char in features.blocks[beside].text)
        for beside in (block - 1, block + 1)
    )


COUNTER = Filter(
    code="F103",
    name="counter",
    removes="Counts of views, shares, comments and minutes to read, alone on their line.",
    mistakes="A figure that is the content, such as a result of a vote in a list.",
    find=_find,
    examples="""
 Mooring fees will rise for the third year in a row
-5 min read
-1,204 views
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
==
 The board counted 1,204 views on the plan, and it took each member 5 minutes to read one of them out.
==
 Soup of green beans
 Preparation
 10 min
 Cooking
 25 min
==
 Liegegebühren steigen zum dritten Mal
-Lesezeit: 4 Minuten
-12 Kommentare
 Der Hafenrat hat am Montag beschlossen, die Gebühren um vier Prozent anzuheben, und niemand hat widersprochen.
==
 200 g Mehl
 15 - 30 Min
 2 Eier
==
 Les droits de mouillage augmentent encore
-3 min de lecture
-8 partages
 Le conseil du port a voté lundi une hausse de quatre pour cent, et personne ne s'y est opposé ce soir-là.
==
 En 3 minutes de lecture, le maire avait perdu les 8 voix qu'il lui fallait, et il le savait en se rasseyant.
==
 Por qué sube cada año el precio del amarre
-4 minutos de lectura
-27 comentarios
 La junta del puerto votó el lunes subir un cuatro por ciento las tasas de amarre, y nadie habló en contra.
==
 Tras 4 minutos de lectura y 27 comentarios del público, la presidenta cerró el libro y apagó la luz.
""",
)
