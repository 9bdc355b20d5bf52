"""Labels of advertisements, and the notes that a page earns by its links."""

from collections import Counter
from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal

LONGEST_NOTE = 60  # words


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    lines = features.blocks_with("advertisement.lines")
    told = Counter(lines.values())
    for block, phrase in lines.items():
        if features.amid_prose(block) and told[phrase] == 1 and not features.shows_chrome:
            continue
        yield whole(page, block, "F104", quoted(phrase))
    for block, phrase in features.blocks_with("advertisement.starts").items():
        if features.words[block] <= LONGEST_NOTE:
            yield whole(page, block, "F104", quoted(phrase))


ADVERTISEMENT = Filter(
    code="F104",
    name="advertisement",
    removes="The word Advertisement and its like between paragraphs, and notes on paid links.",
    mistakes="A heading of one of these words in a text about advertising.",
    find=_find,
    examples="""
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
-Advertisement
 A second vote is planned for autumn, when the new hall on the eastern quay will be ready for the board.
-Advertisement
 The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be.
==
 The advertisement for the new pilot ran for three weeks, and the only answer came from his brother.
 Sponsored
 Half of the shirts were paid for by the brewery, and the other half by the father of the goalkeeper.
==
 Zum Inhalt springen
 Anmelden
 Impressum
 Der Hafenrat hat am Montag beschlossen, die Gebühren um vier Prozent anzuheben, und niemand hat widersprochen.
-Anzeige
 Im Herbst soll noch einmal abgestimmt werden, wenn die neue Halle am Ostkai fertig ist und der Rat umzieht.
==
 Die Anzeige in der Zeitung kostete damals zwei Mark, und wer sie aufgab, musste sie dem Setzer selbst bringen.
 Werbung
 Der Laden hatte nie ein Schild, und wer ihn finden wollte, der musste jemanden fragen, der ihn schon kannte.
==
 Le conseil du port a voté lundi une hausse de quatre pour cent, et personne ne s'y est opposé ce soir-là.
-La suite après cette publicité
-Publicité
 Un second vote est prévu à l'automne, quand la nouvelle salle du quai sera prête pour ceux qui viendront.
==
 La publicité du cirque couvrait le mur de la gare, et la suite du programme était écrite à la main dessous.
==
 La junta del puerto votó el lunes subir un cuatro por ciento las tasas de amarre, y nadie habló en contra.
-Publicidad
-Continúa después de la publicidad
 Habrá otra votación en otoño, cuando la sala nueva del muelle esté lista para los que quieran escuchar.
==
 La publicidad de aquel circo seguía en la pared después de treinta años, y los niños continúan mirándola.
""",
)
