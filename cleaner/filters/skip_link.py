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
==
 Der Roman erschien im Frühjahr, und wer ihn gelesen hat, der spricht im Hafen von nichts anderem mehr.
 Zum Inhalt
 Zwei Brüder erben eine Mühle, von der keiner weiß, wem sie vorher gehört hat und warum sie stillsteht.
==
-Aller au contenu
 Le bac de Norholm part du vieux quai toutes les quarante minutes jusqu'à la fin du mois de septembre.
 Pour aller au contenu de la lettre, il faut d'abord lire l'enveloppe, sur laquelle il y a trois adresses.
==
-Saltar al contenido
 El barco de Norholm sale del muelle viejo cada cuarenta minutos hasta finales del mes de septiembre.
 Antes de saltar al contenido de la carta hay que mirar el sobre, en el que hay tres direcciones distintas.
""",
)
