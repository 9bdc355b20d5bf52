"""What stands in the bars of a site: log-in, search, cart, language chooser, "connect with us"."""

from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("site_bar.lines", "site_bar.starts").items():
        if not features.amid_prose(block) and not features.prose[block]:
            yield whole(page, block, "N104", quoted(phrase))


SITE_BAR = Filter(
    code="N104",
    name="site_bar",
    removes="Lines that log in, search, show the cart, choose a language or greet the visitor.",
    mistakes="A heading of one such word, when a list and not prose follows it.",
    find=_find,
    examples="""
-Connect with us
-Hi, what are you looking for?
 Mooring fees will rise for the third year in a row
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
==
 The first people to look for the boat came from the village, and they had brought ropes and lamps.
 Search
 Nobody knew what they were looking for until the second day, when a child found the anchor in the reeds.
==
-Anmelden
-Warenkorb
 Wer sich am Tor anmelden wollte, musste den Korb mit den Waren auf die Bank stellen und warten, bis es läutete.
==
-Se connecter
-Panier
 Se connecter au monde, pour lui, c'était porter le panier au marché et y rester jusqu'à la dernière cloche.
==
-Iniciar sesión
-Carrito
 Para iniciar la sesión hacía falta que el presidente llegara, y el presidente venía siempre con el carrito.
""",
)
