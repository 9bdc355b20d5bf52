"""Menus: runs of short lines among which the words that sites put in menus recur."""

from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, whole
from cleaner.page import Page, Removal

VOCABULARY = (
    "menu.lines",
    "site_bar.lines",
    "site_bar.starts",
    "skip_link.lines",
    "legal.lines",
    "site_map.headings",
    "label.lines",
    "follow_bar.lines",
    "pager.lines",
)
LONGEST_GAP = 6  # items that only this site has, between two that all sites have
FEWEST = 3  # words of the vocabulary that make a menu
LEAST_BODY = 150  # words of prose: then what stands before it is the page's head
TITLE_ZONE = 4  # blocks before the prose that may be its title
FEWEST_AT_HEAD = 6
FEWEST_IN_PROSE = 5  # where the page's own text stands on both sides


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    known = features.blocks_with(*VOCABULARY)
    for run in _runs(features, list(known)):
        enough = FEWEST_IN_PROSE if features.first_prose < run[0] < features.last_prose else FEWEST
        if len(run) < enough:
            continue
        words = ", ".join(known[block] for block in run[:3])
        for block in range(run[0], run[-1] + 1):
            if block != features.title:
                yield whole(page, block, "N102", f"in a run of {run[-1] - run[0] + 1} short lines with {words}")
    head = _head(features, known)
    for block in head:
        if block != features.title:
            yield whole(page, block, "N102", f"in a run of {len(head)} short lines before the title")


def _head(features: Features, known: dict[int, str]) -> range:
    """The short lines with which a page begins whose text is running prose, up to where its title may stand."""
    body = features.body
    words = features.prose_words_before
    if not body or words[body.stop] - words[body.start] < LEAST_BODY:
        return range(0)
    end = max(0, body.start - TITLE_ZONE)
    while end > 0 and not features.short[end - 1]:
        end -= 1
    start = end
    while start > 0 and features.short[start - 1]:
        start -= 1
    return (
        range(start, end) if end - start >= FEWEST_AT_HEAD and any(b in known for b in range(start, end)) else range(0)
    )


def _runs(features: Features, known: list[int]) -> Iterator[list[int]]:
    """Groups the known lines between which there are few others, all of them short."""
    run: list[int] = []
    for block in known:
        if run and not (block - run[-1] <= LONGEST_GAP and all(features.short[run[-1] : block])):
            yield run
            run = []
        if features.short[block]:
            run.append(block)
    if run:
        yield run


MENU = Filter(
    code="N102",
    name="menu",
    removes="Runs of short lines with three or more words that menus are made of, and the items between them.",
    mistakes="A page whose content is a list of bare words such as Home, Sports and Contact.",
    find=_find,
    examples="""
-Home
-News
-Harbour life
-Sports
-Contact us
 Mooring fees will rise for the third year in a row
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
==
 She wrote home, read the news twice and fell asleep before the sports pages.
 Home
 They reached the house at dusk, and nobody had lit the lamps or laid a fire in any of the rooms.
==
-Startseite
-Nachrichten
-Häfen und Boote
-Kontakt
 Neue Gebühren für Boote im Hafen
-Suche
-Anmelden
 Der Hafenrat hat am Montag neue Gebühren für die Boote beschlossen, und niemand im Hafen hat widersprochen.
==
-Accueil
-Actualités
-La vie du port
-Contact
 Les droits de mouillage du port augmentent
 Le conseil du port a voté lundi une hausse des droits de mouillage, et personne ne s'y est opposé ce soir-là.
==
-Inicio
-Noticias
-Vida del puerto
-Contacto
 Suben las tasas de amarre del puerto
 La junta del puerto votó el lunes subir un cuatro por ciento las tasas de amarre, y nadie habló en contra.
""",
)
