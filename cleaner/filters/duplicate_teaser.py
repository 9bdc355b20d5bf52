"""D102, a teaser whose full paragraph is on the same page: the cut-off copy goes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, whole
from cleaner.page import Page, Removal
from cleaner.shingles import Words, lines_of, words_of

CODE = "D102"
ELLIPSIS = re.compile(r"(?:\.\.\.|\u2026)[\])\u201d\u2019\"']*(?:\s+\W*\w+(?:\s+\w+){0,3}[^\w.!?]*)?$")
TAIL_CHARS = 48  # an ellipsis stands here, with at most a few words behind it ("Read more")
LEAST_WORDS = 5  # of a teaser, without its last one
LEAST_SIGNS = 10  # of a teaser in a script without spaces
KEY_CHARS = 24  # so far a teaser and its paragraph must agree to be compared
MORE_WORDS = 2  # at least so much longer is the full text
MOST_TARGETS = 4  # paragraphs that begin with the same words and are compared


def find(page: Page) -> Iterator[Removal]:
    """The teasers whose text goes on elsewhere on the page."""
    features = features_of(page)
    teasers = {block: end for block in range(len(page.blocks)) if (end := _cut_off_at(page, block))}
    if not teasers:
        return
    targets = _targets(page, features, teasers)
    words = words_of(features)
    for block, end in teasers.items():
        for target in targets.get(_key(features, page.blocks[block].start), ()):
            if target != block and _begins_alike(words, block, end, target):
                yield whole(page, block, CODE, f"the first words of {lines_of(page, target, target)}")
                break


def _cut_off_at(page: Page, block: int) -> int:
    """Where the ellipsis stands that a standing block ends with; 0 when it does not."""
    start, end = page.blocks[block].start, page.blocks[block].end
    source = page.source
    if (
        source.find("...", max(start, end - TAIL_CHARS), end) < 0
        and source.find("\u2026", max(start, end - TAIL_CHARS), end) < 0
    ):
        return 0
    match = ELLIPSIS.search(source, max(start, end - TAIL_CHARS), end)
    return match.start() if match and page.is_whole(block) else 0


def _key(features: Features, start: int) -> str:
    return " ".join(features.plain[start : start + 2 * KEY_CHARS].split())[:KEY_CHARS]


def _targets(page: Page, features: Features, teasers: dict[int, int]) -> dict[str, list[int]]:
    """The standing blocks that begin as a teaser does, by their first words."""
    targets: dict[str, list[int]] = {_key(features, page.blocks[block].start): [] for block in teasers}
    least = min(features.words[block] for block in teasers)
    for block, count in enumerate(features.words):
        if count >= min(least, LEAST_WORDS) and block not in teasers and page.is_whole(block):
            found = targets.get(_key(features, page.blocks[block].start))
            if found is not None and len(found) < MOST_TARGETS:
                found.append(block)
    return targets


def _begins_alike(words: Words, teaser: int, ellipsis: int, target: int) -> bool:
    """Whether the words before the ellipsis, but perhaps for a part of the last, begin the target's text."""
    tokens, start, other = words.tokens, words.starts[teaser], words.starts[target]
    size = words.count_until(teaser, ellipsis)
    if size - 1 < (LEAST_SIGNS if words.unspaced else LEAST_WORDS) or other + size + MORE_WORDS > len(tokens):
        return False
    if other < start < other + size or start < other < start + size:
        return False
    if tokens[start : start + size - 1] != tokens[other : other + size - 1]:
        return False
    goes_on = words.block_of(other + size - 1 + MORE_WORDS) == target or words.count(target) < size
    return goes_on and tokens[other + size - 1].startswith(tokens[start + size - 1])


DUPLICATE_TEASER = Filter(
    CODE,
    "duplicate teaser",
    'the first words of a paragraph, cut off with "..." when the whole paragraph stands elsewhere on the page',
    "a sentence that trails off and is then said again in full",
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
