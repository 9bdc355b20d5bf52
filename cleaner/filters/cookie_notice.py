"""Consent notices, their buttons, and the tables that explain each cookie."""

from collections.abc import Iterator, Set

from cleaner.features import Features, features_of
from cleaner.filter import Filter, has_another_near, quoted, whole
from cleaner.page import Page, Removal

LONGEST_GAP = 4  # blocks between two that speak of consent
FEWEST_PURPOSES = 2  # for which a framework asks consent: one may be quoted
LARGEST_SHARE = 0.4  # of the page's sentences: beyond it, the page is about cookies


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    # What the advertisers' framework for consent has every site say, purpose after purpose, is no page's own.
    purposes = features.blocks_with("consent_framework.within")
    if len(purposes) >= FEWEST_PURPOSES and not features.is_legal_text:
        for block, phrase in purposes.items():
            yield whole(page, block, "C101", quoted(phrase))
    said = features.blocks_with("cookie_notice.within")
    buttons = features.blocks_with("cookie_notice.lines")
    if _is_the_subject(features, said):
        return
    previous = None
    for block in sorted(said.keys() | buttons.keys()):
        near = previous is not None and block - previous <= LONGEST_GAP
        if block in said and _may_be_the_text(features, block, said.keys() | buttons.keys()):
            continue
        if block in said or not features.amid_prose(block):
            yield whole(page, block, "C101", quoted(said.get(block) or buttons[block]))
        gap = range(previous + 1, block) if near and previous is not None else range(0)
        for between in gap:
            if not features.prose[between]:
                yield whole(page, between, "C101", "between two lines of a consent notice")
        previous = block


def _may_be_the_text(features: Features, block: int, consent: Set[int]) -> bool:
    """Whether a paragraph amid the main text tells of cookies and is no notice: a single phrase, or a policy."""
    if block not in features.body:
        return False
    if features.is_legal_text:
        return True
    if not features.near_prose(block):
        return False
    if has_another_near(consent, block, LONGEST_GAP):
        return False
    return len(features.phrases(block, "cookie_notice.within")) < 2


def _is_the_subject(features: Features, said: dict[int, str]) -> bool:
    words = sum(features.words[block] for block in said)
    return words > LARGEST_SHARE * (features.prose_words_before[-1] + words) and words > 400


COOKIE_NOTICE = Filter(
    code="C101",
    name="cookie_notice",
    removes="Consent notices, their buttons and the lines between them.",
    mistakes="A paragraph of an article about consent that quotes a notice word for word.",
    find=_find,
    examples="""
-We use cookies to give you the best experience. By clicking Accept you agree to the use of all the cookies.
-Cookie settings
-Accept all
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
==
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be.
-Information about your activity on this service is kept by the paper, by its sister papers and by their 211 friends.
-Whatever is presented to you on this service can be based on what you have read here before, or on the weather.
 A second vote on the fees is planned for autumn, when the new hall on the eastern quay will be ready for the board.
==
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 "Information about your activity on this service" is what the board's new page asks for, and no pilot would give it.
 A second vote on the fees is planned for autumn, when the new hall on the eastern quay will be ready for the board.
==
 My grandmother used cookies to settle every quarrel, and we accept to this day that she was right.
==
 The plate came in, and nobody at the table knew whether it was polite to take the first one from it.
 "We use cookies in this house for all occasions," she said, and put the plate down beside the inspector.
 He took one, because he had been told that it was rude not to, and put it into the pocket of his coat.
==
-Wir verwenden Cookies, um Inhalte und Anzeigen zu personalisieren.
-Alle akzeptieren
-Cookie-Einstellungen
 Der Hafenrat hat am Montag beschlossen, die Gebühren um vier Prozent anzuheben, und niemand hat widersprochen.
==
 Cookies backen wir, um die Kinder zu beruhigen, und alle akzeptieren, dass der Großvater zwei bekommt.
==
-Nous utilisons des cookies pour améliorer votre expérience.
-Tout accepter
-Gérer les cookies
 Le conseil du port a voté lundi une hausse de quatre pour cent, et personne ne s'y est opposé ce soir-là.
==
-Utilizamos cookies propias y de terceros para mejorar nuestros servicios.
-Aceptar todas
 La junta del puerto votó el lunes subir un cuatro por ciento las tasas de amarre, y nadie habló en contra.
==
 Para mejorar la merienda hay que aceptar todas las galletas que traen las vecinas, propias o de terceros.
""",
)
