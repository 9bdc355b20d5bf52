"""Footers: what follows the last prose, from its first sign on."""

from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal

SIGNS = (
    "legal.lines",
    "legal.starts",
    "legal.within",
    "site_map.headings",
    "follow_bar.lines",
    "follow_bar.starts",
    "newsletter.lines",
    "newsletter.within",
    "top_link.lines",
    "cookie_notice.lines",
    "menu.lines",
    "comments.starts",
    "share_bar.lines",
)
STRONG = ("legal.lines", "legal.starts", "legal.within", "top_link.lines", "cookie_notice.lines")
FEWEST = 3
LONGEST_GAP = 12  # blocks between two signs
LEAST_BEFORE = 0.5  # of the page's words
POSTS = 4  # a line that comes so often is no sign of a footer


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    if features.last_prose < 0:
        return
    signs = {
        block: said
        for block, said in features.blocks_with(*SIGNS).items()
        if block > features.last_prose
        and not (features.is_legal_text and features.ends[block])
        and not _is_under_each_post(features, block)
    }
    if len(signs) < FEWEST or not any(features.phrase(block, *STRONG) for block in signs):
        return
    start = _start(list(signs))
    if sum(features.words[:start]) < LEAST_BEFORE * sum(features.words):
        return
    for block in range(start, len(page.blocks)):
        yield whole(page, block, "L102", f"in the footer that begins with {quoted(signs[start])}")


def _is_under_each_post(features: Features, block: int) -> bool:
    """Whether a line such as "Share" comes so often that it is of the posts or cards above."""
    if features.phrase(block, *STRONG) is not None:
        return False
    return len(features.short_lines.get(features.line(block), ())) >= POSTS


def _start(signs: list[int]) -> int:
    """The first sign from which on there is none that stands far from the next."""
    start = signs[-1]
    for sign in reversed(signs):
        if start - sign > LONGEST_GAP:
            break
        start = sign
    return start


FOOTER = Filter(
    code="L102",
    name="footer",
    removes="Everything after the last prose from the first sign of a footer on: terms, site map, address.",
    mistakes="A list at the end of the text, when the footer's signs stand before it.",
    find=_find,
    examples="""
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 A second vote is planned for autumn, when the new hall on the eastern quay will be ready for the board.
 The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be.
-Quick links
-Mooring for guests
-Privacy policy
-Harbour Gazette, 4 Quay Road, Norholm
-© 2021 Norholm Harbour Gazette
==
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 Share
 A second vote is planned for autumn, when the new hall on the eastern quay will be ready for the board.
 Share
 The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be.
 Share
 The lamp went out again.
 Share
 I saw it, too.
-Privacy policy
-Contact us
-© 2021 Norholm Harbour Gazette
==
 The quick links between the pilots and the board were a matter of privacy, and no policy was ever written.
 Mooring for guests
==
 Der Hafenrat hat am Montag beschlossen, die Gebühren um vier Prozent anzuheben, und niemand hat widersprochen.
 Die Lotsen, die keine Gebühren zahlen, waren nicht gefragt worden und hatten damit auch nicht gerechnet.
 Im Herbst soll noch einmal abgestimmt werden, wenn die neue Halle am Ostkai fertig ist und der Rat umzieht.
-Kontakt
-Küstenbote Verlag, Kaistraße 4
-Impressum
-Datenschutz
==
 Le conseil du port a voté lundi une hausse de quatre pour cent, et personne ne s'y est opposé ce soir-là.
 Les pilotes, qui ne paient rien, n'ont pas été consultés, et ils ont dit qu'ils ne s'y attendaient pas.
 Un second vote est prévu à l'automne, quand la nouvelle salle du quai sera prête pour ceux qui viendront.
-Contact
-L'Écho du quai, 4 rue du Môle
-Mentions légales
-Politique de confidentialité
==
 La junta del puerto votó el lunes subir un cuatro por ciento las tasas de amarre, y nadie habló en contra.
 A los prácticos, que no pagan nada, no se les preguntó, y su portavoz dijo que tampoco lo esperaban.
 Habrá otra votación en otoño, cuando la sala nueva del muelle esté lista para los que quieran escuchar.
-Contacto
-El Faro de Levante, calle del Muelle 4
-Aviso legal
-Política de privacidad
""",
)
