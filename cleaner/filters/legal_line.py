"""Legal lines: copyright, terms, privacy."""

from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal

LONGEST_START = 60  # words
LONGEST_WITHIN = 90
SHORT_NOTE = 8
MOST_OF_A_PAGE = 8  # such paragraphs: beyond it, the page is a legal text


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    within = features.blocks_with("legal.within")
    if len(within) <= MOST_OF_A_PAGE:
        for block, phrase in within.items():
            if features.words[block] <= LONGEST_WITHIN and not _may_be_the_text(features, block):
                yield whole(page, block, "L101", quoted(phrase))
    for block, phrase in features.blocks_with("legal.starts").items():
        if features.words[block] > LONGEST_START or features.amid_prose(block):
            continue
        if not (features.ends[block] and block < features.last_prose):
            yield whole(page, block, "L101", quoted(phrase))
    for block, phrase in features.blocks_with("legal.lines").items():
        if not features.amid_prose(block) and block != features.title:
            yield whole(page, block, "L101", quoted(phrase))


def _may_be_the_text(features: Features, block: int) -> bool:
    """Whether a paragraph amid the main text has one phrase of a legal note alone, or belongs to a policy."""
    return (features.is_legal_text and features.ends[block] and features.words[block] > 2 * SHORT_NOTE) or (
        features.first_prose <= block < features.last_prose
        and features.words[block] > SHORT_NOTE
        and len(features.phrases(block, "legal.within", "legal.starts")) < 2
    )


LEGAL_LINE = Filter(
    code="L101",
    name="legal_line",
    removes="Copyright lines, links to terms and to the privacy policy.",
    mistakes="A credit line with a copyright sign that belongs to the text.",
    find=_find,
    examples="""
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
-Terms of use
-Privacy policy
-© 2021 Norholm Harbour Gazette. All rights reserved.
==
 The terms of use of the new quay are simple, and all rights of the pilots stay as they were.
==
 The map was drawn by hand in the winter of 1911, and the only print of it hung in the office of the pilots.
 Copyright and what became of it
 The chair was his brother's, all rights reserved, as he liked to say when somebody sat down on it.
 His daughter sold it to the museum, which did not know what it had bought until the letters turned up.
==
 Der Hafenrat hat am Montag beschlossen, die Gebühren um vier Prozent anzuheben, und niemand hat widersprochen.
-Impressum
-Alle Rechte vorbehalten
==
 Die Karte wurde im Winter 1911 von Hand gezeichnet, und der einzige Abzug hing im Kontor der Lotsen am Kai.
 Copyright und Bildrechte
 Sie lagen zuerst beim Zeichner und dann bei seiner Tochter, die nicht wusste, was in dem Schrank war.
==
 Le conseil du port a voté lundi une hausse de quatre pour cent, et personne ne s'y est opposé ce soir-là.
-Mentions légales
-Tous droits réservés
==
 Les mentions légales du vieux bail étaient au dos, et tous les droits du meunier y tenaient en deux lignes.
==
 La junta del puerto votó el lunes subir un cuatro por ciento las tasas de amarre, y nadie habló en contra.
-Aviso legal
-Todos los derechos reservados
==
 El aviso legal estaba en la puerta, y todos los derechos del molinero cabían en dos líneas mal escritas.
""",
)
