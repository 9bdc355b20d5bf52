"""Promotion between the paragraphs of an article: "Also read: ...", "Click here to subscribe"."""

import re
from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, phrase_words, quoted, whole
from cleaner.page import Page, Removal
from cleaner.phrases import plain

LONGEST_LINE = 30  # words of a line that points elsewhere
LONGEST_PHRASED = 45  # words of one with a whole invitation in it
LONGEST_AFTER_ONE_WORD = 12  # of a line that begins with one word such as "Recommended", when nothing sets it off
LEAST_PARAGRAPH = 10  # words
FARTHEST_IN = 30  # characters of a sentence before its invitation: "For more such news, click here to ..."
LEAST_SENTENCE = 4  # words: less, such as "More?", says nothing of its own
LEAST_POINTED = 3  # words of a title that an aside points to: "(see also: p. 12)" is the author's
POINTED_CHARS = 2_000  # of a title and its address: a giant line is not read to its end for each of its pointers
_SENTENCE_BREAK = re.compile(
    r"(?<=[.!?\u2026])[\"\u201d\u00bb)]?\s+(?=[\"\u201c\u201e\u00ab(\u00a1\u00bf]?[^\W\d_a-z])|(?<=[\u3002\uff01\uff1f])"
)
_POINTER = re.compile(
    # Begins with one class of characters: such a pattern is searched several times as fast.
    r"(?P<sign>[(\[.!?\u201d\"])(?:(?<=[(\[])| (?<![(\[] ))(?P<said>[^\W\d_][^\W\d_]{0,19}(?: [^\W\d_]{1,20}){1,3}) ?:"
)
POINTER_CHARS = 90  # of what it matches, at most
_DIGITS = frozenset("0123456789")  # before the colons in times
_CLOSING = {"(": ")", "[": "]"}


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("inline_promotion.starts").items():
        if block in features.references or features.words[block] > LONGEST_LINE:
            continue
        if _points(page, block, phrase):
            yield whole(page, block, "P104", quoted(phrase))
    for block, phrase in features.blocks_with("inline_promotion.within").items():
        if _may_be_the_text(features, block, phrase):
            continue
        if features.words[block] <= LONGEST_PHRASED and not _has_sentence_before(features, block, phrase):
            yield whole(page, block, "P104", quoted(phrase))
        else:
            yield from _last_sentence(page, block, phrase)
    yield from _asides(page)


def _points(page: Page, block: int, phrase: str) -> bool:
    """Whether a line is a pointer: what follows its first words is set off, or it does not end as a sentence."""
    features = features_of(page)
    text = page.blocks[block].text
    head = text[: len(phrase) + 3]
    if any(mark in head for mark in ":|\u00bb>\u2013\u2014\uff1a"):
        return True
    return not features.ends[block] and (phrase_words(phrase) > 1 or features.words[block] <= LONGEST_AFTER_ONE_WORD)


def _may_be_the_text(features: Features, block: int, phrase: str) -> bool:
    """Whether a paragraph beside prose has the phrase in the middle of a sentence, where nobody is addressed."""
    if not (features.near_prose(block) and features.ends[block]):
        return False
    sentences = (" ".join(plain(sentence).split()) for sentence in _SENTENCE_BREAK.split(features.blocks[block].text))
    return all(phrase not in one or one.index(phrase) > FARTHEST_IN for one in sentences)


def _has_sentence_before(features: Features, block: int, phrase: str) -> bool:
    """Whether a paragraph says something of its own before the sentence that invites."""
    text = features.blocks[block].text
    sentences = _SENTENCE_BREAK.split(text)
    return len(sentences) > 1 and phrase not in plain(sentences[0]) and len(sentences[0].split()) >= LEAST_SENTENCE


def _last_sentence(page: Page, block: int, phrase: str) -> Iterator[Removal]:
    """The last sentence of a paragraph when it holds the phrase and begins where another clearly ends."""
    found = page.blocks[block]
    breaks = [match.end() for match in _SENTENCE_BREAK.finditer(found.text)]
    if not breaks:
        return
    last = found.text[breaks[-1] :]
    if len(last.split()) <= LONGEST_LINE and phrase in " ".join(plain(last).split()):
        yield Removal(block, found.start + breaks[-1], found.end, "P104", f"last sentence: {quoted(phrase)}")


def _asides(page: Page) -> Iterator[Removal]:
    """Pointers in brackets and, at the end of a paragraph, after a colon: "(Also read: ...)", "READ MORE: ..."."""
    features = features_of(page)
    for match in _pointers(page.source):
        groups = features.index.starts.get(" ".join(plain(match["said"]).split()), ())
        closing = _CLOSING.get(match["sign"])
        start = match.start("sign" if closing else "said")
        block = page.block_at(start) if "inline_promotion.starts" in groups else -1
        if block < 0 or features.words[block] < LEAST_PARAGRAPH or features.function_words[block] < 2:
            continue
        end, pointed = page.blocks[block].end, match.end()
        if start == page.blocks[block].start or match["said"][0].islower():
            continue
        if closing:
            end = page.source.find(closing, pointed, min(end, pointed + POINTED_CHARS)) + 1
        elif end - pointed > POINTED_CHARS or _SENTENCE_BREAK.search(page.source, pointed, end):
            continue
        if end and LEAST_POINTED <= len(page.source[pointed:end].split(None, LONGEST_LINE)) <= LONGEST_LINE:
            yield Removal(block, start, end, "P104", quoted(match["said"].casefold()))


def _pointers(source: str) -> Iterator[re.Match[str]]:
    """The matches of ``_POINTER``, looked for only before colons: there is one colon in each, at its end."""
    at = source.find(":")
    behind = 0
    while at >= 0:
        if source[at - 1] not in _DIGITS and (
            match := _POINTER.search(source, max(behind, at - POINTER_CHARS), at + 1)
        ):
            yield match
        behind, at = at + 1, source.find(":", at + 1)


INLINE_PROMOTION = Filter(
    code="P104",
    name="inline_promotion",
    removes='Lines between paragraphs that send the reader elsewhere: "Also read: ...".',
    mistakes="A line that begins so and is no pointer, without a full stop at its end.",
    find=_find,
    examples="""
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
-Also read: Harbour fees to rise for the third time
-Click here to subscribe to the weekly letter of the port
 The pilots, who pay no fees, were not asked.
==
 Also read out were the names of the nine who had not come home, and then the bell was rung.
==
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 Before the vote the clerk told them to click here to join, and the room was silent until it had been done.
==
 Der Hafenrat hat am Montag beschlossen, die Gebühren um vier Prozent anzuheben, und niemand hat widersprochen.
-Lesen Sie auch: Warum die Insel ein zweites Schiff braucht
 Lesen Sie auch die Namen auf der Tafel am Tor, bevor Sie hinuntergehen, denn es sind mehr als im Buch.
==
 Le conseil du port a voté lundi une hausse de quatre pour cent, et personne ne s'y est opposé ce soir-là.
-À lire aussi : Pourquoi l'île veut un second bateau
 À lire aussi les noms sur la plaque, on comprend que le village a perdu cette nuit-là un homme sur trois.
==
 La junta del puerto votó el lunes subir un cuatro por ciento las tasas de amarre, y nadie habló en contra.
-Lea también: Por qué la isla necesita un segundo barco
 Lea también los nombres de la placa antes de bajar, porque son más que los que están en el libro.
""",
)
