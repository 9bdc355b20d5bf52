"""Breadcrumbs: the path from the home page to this one."""

import re
from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Block, Page, Removal

LONGEST = 30  # words of a trail, titles included
WORDS_A_STEP = 5  # more is a sentence with arrows in it
_CODE = frozenset('(){}=;<$`"')
_STEP_SIGNS = frozenset(">\u00bb\u203a\u2192/\\|:")
_STEP = re.compile(r"\S\s*(?:>|\u00bb|\u203a|\u2192|/|\\|::|\|)\s+\S")
_CERTAIN_STEP = re.compile(r"\S\s*(?:>|\u00bb|\u203a|\u2192)\s*\S")


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("breadcrumb.starts").items():
        if features.words[block] <= LONGEST and not features.prose[block]:
            yield whole(page, block, "N103", quoted(phrase))
    roots = features.index.alone
    for block in range(min(len(page.blocks), features.first_prose + 1)):
        found = page.blocks[block]
        if features.words[block] > LONGEST or features.ends[block] or block == features.title:
            continue
        if _STEP_SIGNS.isdisjoint(found.text) or not _STEP.search(found.text) or not _is_plain(found):
            continue
        first = features.words_of(block)[:1]
        known = bool(first) and "menu.lines" in roots.get(first[0], ())
        steps = len(_CERTAIN_STEP.findall(found.text))
        if known or (steps >= 2 and features.words[block] <= WORDS_A_STEP * steps):
            yield whole(page, block, "N103", "steps apart by > / or \u00bb")


def _is_plain(block: Block) -> bool:
    """Whether a block is a line of names: no code, no item of a list."""
    return block.kind not in ("code", "table", "item") and block.text[0].isalnum() and _CODE.isdisjoint(block.text)


BREADCRUMB = Filter(
    code="N103",
    name="breadcrumb",
    removes="The path to the page from the home page, with its steps on one line.",
    mistakes="A line of a menu path in a manual (File > Save > As), when it stands before all prose.",
    find=_find,
    examples="""
-Home > News > Harbour > Fees
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
==
 At home > 90 % of visitors said they would come again, which is more than in any year before this one.
==
 Mentor mode: the person says what is wanted > the machine writes it and says why > the person asks until it is clear
 SELECT name FROM boats WHERE data -> 'berth' ->> 'quay' = 'east'
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
==
-Startseite » Ratgeber » Garten
 Wer im März die Beete vorbereitet, hat im Sommer weniger Arbeit mit dem Unkraut und den Schnecken.
==
 Von der Startseite » bis zum Garten sind es drei Klicks, hat er gezählt, und bis zum Ratgeber noch zwei.
==
-Accueil > Actualités > Port
 Le conseil du port a voté lundi une hausse de quatre pour cent, et personne ne s'y est opposé ce soir-là.
==
-Inicio / Noticias / Puerto
 La junta del puerto votó el lunes subir un cuatro por ciento las tasas de amarre, y nadie habló en contra.
""",
)
