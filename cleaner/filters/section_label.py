"""Section labels: the desk's name above a title or in a list of teasers."""

from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    if not features.shows_chrome:
        return
    for block, phrase in features.blocks_with("label.lines").items():
        if block < features.first_prose or block > features.last_prose:
            yield whole(page, block, "F102", quoted(phrase))


SECTION_LABEL = Filter(
    code="F102",
    name="section_label",
    removes="The name of a section (World, Business) alone above the title or after the text.",
    mistakes="A title that is just such a word.",
    find=_find,
    examples="""
 Skip to content
 Log in
 Subscribe now
-World
 Mooring fees will rise for the third year in a row
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
==
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 World
 A second vote is planned for autumn, when the new hall on the eastern quay will be ready for the board.
==
 Travel
 He had never been farther from the house than the mill, and now they asked him to take the night train.
==
 Zum Inhalt springen
 Anmelden
 Impressum
-Wirtschaft
 Der Hafenrat hat am Montag beschlossen, die Gebühren um vier Prozent anzuheben, und niemand hat widersprochen.
==
 Aller au contenu
 Mon compte
 Mentions légales
-Économie
 Le conseil du port a voté lundi une hausse de quatre pour cent, et personne ne s'y est opposé ce soir-là.
==
 Saltar al contenido
 Mi cuenta
 Aviso legal
-Economía
 La junta del puerto votó el lunes subir un cuatro por ciento las tasas de amarre, y nadie habló en contra.
""",
)
