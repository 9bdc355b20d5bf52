"""Photo credits: who made a picture, in a line between paragraphs or under the picture."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.cues.columns import holds
from cleaner.features import features_of, has_credit_sign
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal

CODE = "A103"
LONGEST = 8  # words; a longer line says something of the picture, too
CAPTIONS = ("caption", "class caption")


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    credits = features.hits.get("credit.starts", {})
    if not credits:
        return
    captions = features.structure.inside(*CAPTIONS) if features.structure else 0
    for block, phrase in credits.items():
        if features.words[block] > LONGEST or not has_credit_sign(page.blocks[block].text):
            continue
        if holds(captions, block) or features.amid_prose(block):
            yield whole(page, block, CODE, quoted(phrase))


PHOTO_CREDIT = Filter(
    code=CODE,
    name="photo_credit",
    removes="Who made or owns a picture, in a short line between two paragraphs; in HTML in a caption, too.",
    mistakes="A line of the text that gives a source in the same words, such as that of a chart.",
    find=_find,
    examples="""
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
-Photo: Marit Oldegaard
 A second vote is planned for autumn, when the new hall on the eastern quay will be ready for the board.
==
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 Photo albums of the old crane were handed round by the pilots while the board was counting.
 A second vote is planned for autumn, when the new hall on the eastern quay will be ready for the board.
==
 Graphics: four cards, two of them new
 Memory: 64 GB
 The board bought the machine for the new hall on the eastern quay, where it will draw the tide tables.
==
 Der Hafenrat hat am Montag beschlossen, die Gebühren um vier Prozent anzuheben, und niemand hat widersprochen.
-Bildquelle: Swantje Imhoff / Hafenblatt
 Im Herbst soll noch einmal abgestimmt werden, wenn die neue Halle am Ostkai fertig ist und der Rat umzieht.
==
 Le conseil du port a voté lundi une hausse de quatre pour cent, et personne ne s'y est opposé ce soir-là.
-Crédit photo : Aurore Desmoulins
 Un second vote est prévu à l'automne, quand la nouvelle salle du quai sera prête pour ceux qui viendront.
==
 La junta del puerto votó el lunes subir un cuatro por ciento las tasas de amarre, y nadie habló en contra.
-Foto: Leonor Gaitán
 Habrá otra votación en otoño, cuando la sala nueva del muelle esté lista para los que quieran escuchar.
""",
)
