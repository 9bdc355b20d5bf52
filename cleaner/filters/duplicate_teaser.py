"""D102, a teaser whose full paragraph is on the same page: the cut-off copy goes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, whole
from cleaner.page import Page, Removal
from cleaner.phrases import has_unspaced
from cleaner.shingles import elsewhere

CODE = "D102"
ELLIPSES = ("...", "\u2026")
# What may stand behind the ellipsis: brackets, quotes, "Read more".
TAIL = re.compile(r"[\])\u201d\u2019\"'\s]*(?:[^\w(]*[^\W\d_]+(?:\s+[^\W\d_]+){0,3}[^\w.!?]*)?")
TAIL_CHARS = 48
LEAST_CHARS = 24  # of a teaser; shorter beginnings are shared by many lines
LEAST_SIGNS = 10  # of one in a script without spaces
KEY_CHARS = 20  # so far a teaser and its paragraph must agree to be compared
MORE_CHARS = 12  # at least so much longer is the full text
MOST_TARGETS = 4  # paragraphs that begin with the same words and are compared
ROOM = 1.5  # a paragraph may have so many more spaces and marks than the teaser


def find(page: Page) -> Iterator[Removal]:
    """The teasers whose text goes on elsewhere on the page."""
    teasers = dict(_teasers(page))
    if not teasers:
        return
    features = features_of(page)
    targets = _targets(page, features, teasers)
    for block, end in teasers.items():
        text = _words(features, page.blocks[block].start, end)
        for target in targets[text[:KEY_CHARS]] if _is_long(text) else ():
            if _goes_on(page, features, text, target):
                yield whole(page, block, CODE, elsewhere(page, target, target, "the first words of {}"))
                break


def _teasers(page: Page) -> Iterator[tuple[int, int]]:
    """The whole blocks that end with an ellipsis and little more, each with where the ellipsis stands."""
    source = page.source
    for ellipsis in ELLIPSES:
        at = source.find(ellipsis)
        while at >= 0:
            block = page.block_at(at)
            end = page.blocks[block].end
            behind = at + len(ellipsis)
            if end - behind <= TAIL_CHARS and TAIL.fullmatch(source, behind, end) and page.is_whole(block):
                yield block, at
            at = source.find(ellipsis, end if end - behind <= TAIL_CHARS else behind)


def _words(features: Features, start: int, end: int) -> str:
    return " ".join(features.plain[start:end].split())


def _is_long(text: str) -> bool:
    return len(text) >= (LEAST_SIGNS if has_unspaced(text) else LEAST_CHARS)


def _targets(page: Page, features: Features, teasers: dict[int, int]) -> dict[str, list[int]]:
    """The standing blocks that begin as a teaser does, by their first words."""
    starts = (_words(features, page.blocks[block].start, end) for block, end in teasers.items())
    targets: dict[str, list[int]] = {text[:KEY_CHARS]: [] for text in starts}
    for block, found in enumerate(page.blocks):
        if len(found.text) >= KEY_CHARS and block not in teasers:
            key = _words(features, found.start, found.start + 2 * KEY_CHARS)[:KEY_CHARS]
            entered = targets.get(key)
            if entered is not None and len(entered) < MOST_TARGETS and page.is_whole(block):
                entered.append(block)
    return targets


def _goes_on(page: Page, features: Features, text: str, target: int) -> bool:
    """Whether a block begins with a teaser's text, whose last word may be cut, and has more of it."""
    found = page.blocks[target]
    longer = _words(features, found.start, min(found.end, found.start + int(ROOM * len(text)) + 3 * MORE_CHARS))
    return len(longer) >= len(text) + MORE_CHARS and longer.startswith(text)


DUPLICATE_TEASER = Filter(
    CODE,
    "duplicate_teaser",
    'The first words of a paragraph, cut off with "..." when the whole paragraph stands elsewhere on the page.',
    "A sentence that trails off and is then said again in full.",
    find,
    """
-The old lighthouse at Cape Orrin will be lit again this autumn after...
 By Nora Blake
 The old lighthouse at Cape Orrin will be lit again this autumn after forty years in the dark.
 The old lighthouse keeper says he will believe it when he sees it, and so does his cat...
==
-Der alte Leuchtturm am Kap wird in diesem Herbst wieder leuch… Weiterlesen
 Der alte Leuchtturm am Kap wird in diesem Herbst wieder leuchten, zum ersten Mal seit vierzig Jahren.
==
 Le vieux phare du cap s'allumera de nouveau cet automne, après quarante ans d'obscurité.
-Le vieux phare du cap s'allumera de nouveau cet automne, après […]
 Le vieux phare est à vendre…
==
-El viejo faro del cabo volverá a encenderse este otoño ... Leer más
 El viejo faro del cabo volverá a encenderse este otoño, tras cuarenta años a oscuras.
""",
)
