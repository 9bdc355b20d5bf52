"""Links back to the top of the page."""

from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, phrase_words, quoted, whole
from cleaner.page import Page, Removal

LEAST_AMID_PROSE = 3  # words: shorter ones such as "Arriba" may be a heading there


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("top_link.lines").items():
        if features.amid_prose(block) and phrase_words(phrase) < LEAST_AMID_PROSE:
            continue
        yield whole(page, block, "N106", quoted(phrase))


TOP_LINK = Filter(
    code="N106",
    name="top_link",
    removes="Links back to the top of the page.",
    mistakes="A line of verse or a heading that says just this.",
    find=_find,
    examples="""
 The path is steep but dry, and the last bus waits at the quarry until the walkers are down.
-Back to top
==
 It took them until noon to get back to the top of the ridge, where the wind had dropped.
==
 Der Weg ist steil, aber trocken, und der letzte Bus wartet am Steinbruch, bis alle unten sind.
-Nach oben
==
 Die Männer trugen die Lampe hinunter und warteten, bis auch der letzte von ihnen wieder atmen konnte.
 Nach oben
 Der Aufstieg dauerte vier Stunden, und keiner sprach dabei ein Wort, bis sie das Licht am Eingang sahen.
==
 Le sentier est raide mais sec, et le dernier car attend à la carrière jusqu'à ce que tous soient en bas.
-Haut de page
==
 Du haut de la page on voyait le pli que le facteur avait fait, et sous le pli un nom que personne ne lisait.
==
 El sendero es empinado pero está seco, y el último autobús espera en la cantera hasta que todos han bajado.
-Volver arriba
==
 Tardaron hasta el mediodía en volver arriba, donde el viento había parado y se veía otra vez el mar.
""",
)
