"""Pagers: previous, next, page 2 of 7."""

import re
from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal

_PAGES = re.compile(r"\W*+(?:\d{1,4}\b\W*+){3,}(?:next\W*+)?")


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("pager.lines").items():
        if not features.amid_prose(block):
            yield whole(page, block, "N105", quoted(phrase))
    for block in [block for block, words in enumerate(features.words) if 3 <= words <= 20]:
        text = page.blocks[block].text
        if text[0] in "1<\u00ab\u2039" and _is_count(text):
            yield whole(page, block, "N105", "page numbers from 1 up")


def _is_count(text: str) -> bool:
    if not _PAGES.fullmatch(text):
        return False
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    return numbers[:3] == [1, 2, 3] and numbers == sorted(numbers)


PAGER = Filter(
    code="N105",
    name="pager",
    removes="Links to the previous, next or a numbered page.",
    mistakes="A line of a table that counts 1 2 3; a step called Back or Next in a list of steps.",
    find=_find,
    examples="""
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
-Previous page
-1 2 3 4 … 12
-Next page
==
 The next page of the log was torn out, and the previous page ends in the middle of a word.
 12 14 19
==
 Der Hafenrat hat am Montag beschlossen, die Gebühren um vier Prozent anzuheben, und niemand hat widersprochen.
-Vorherige Seite
-Nächste Seite
==
 Die nächste Seite des Logbuchs war herausgerissen, und die vorherige Seite endet mitten in einem Wort.
==
 Le conseil du port a voté lundi une hausse de quatre pour cent, et personne ne s'y est opposé ce soir-là.
-Page précédente
-Page suivante
==
 La page suivante du journal de bord était arrachée, et la page précédente s'arrête au milieu d'un mot.
==
 La junta del puerto votó el lunes subir un cuatro por ciento las tasas de amarre, y nadie habló en contra.
-Página anterior
-Página siguiente
==
 La página siguiente del diario estaba arrancada, y la página anterior termina en mitad de una palabra.
""",
)
