"""What is computed once a page and shared by every filter and cue: words, phrases, prose.

Features belong to the reading: they see every block, whether or not it was removed since.
"""

from __future__ import annotations

from functools import cached_property

from cleaner.page import Page
from cleaner.phrases import UNSPACED, Index, index_of, languages_of, plain

SENTENCE_END = frozenset(".!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964\"'\u201d\u2019\u00bb\u300d\u300f)\uff09")
SENTENCE_STOP = frozenset(".!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964")
LANGUAGE_SAMPLE_CHARS = 60_000
PHRASE_WORDS = 400  # in a longer block nobody looks for phrases
CHARS_A_WORD = 1.8  # of a script without spaces
PROSE_WORDS = 10
PROSE_WORDS_UNENDED = 24


class Features:
    """The shared facts of one reading; lists run parallel to ``page.blocks``.

    ``words`` counts words, ``function_words`` distinct function words of the page's languages,
    ``ends`` says whether a block ends as a sentence does, ``prose`` whether it reads as running
    text, ``hits`` maps a phrase group such as ``related.headings`` to {block: phrase}.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.plain = plain(page.source)
        self.languages = languages_of(self.plain[:LANGUAGE_SAMPLE_CHARS].split(), self.plain)
        self.index: Index = index_of(self.languages)
        self.words: list[int] = []
        self.function_words: list[int] = []
        self.hits: dict[str, dict[int, str]] = {}
        self._read_blocks()

    def _read_blocks(self) -> None:
        text, function_words, find = self.plain, self.index.function_words, self.index.find
        unspaced = UNSPACED.search(text) is not None
        for index, block in enumerate(self.page.blocks):
            words = text[block.start : block.end].split()
            count = len(words)
            self.function_words.append(len(function_words.intersection(words)))
            if count <= PHRASE_WORDS and (found := find(words)):
                for group, phrase in found:
                    self.hits.setdefault(group, {}).setdefault(index, phrase)
            if unspaced and UNSPACED.search(text, block.start, block.end):
                chars = sum(map(len, words))
                count = max(count, int(chars / CHARS_A_WORD))
                self.function_words[-1] = len(function_words.intersection("".join(words)))
                for group, phrase in self.index.find_unspaced(words) if count <= PHRASE_WORDS else ():
                    self.hits.setdefault(group, {}).setdefault(index, phrase)
            self.words.append(count)

    def has(self, group: str, block: int) -> bool:
        """Whether a block holds a phrase of a group."""
        return block in self.hits.get(group, ())

    @cached_property
    def ends(self) -> list[bool]:
        return [block.text[-1] in SENTENCE_END and not block.text.endswith("...") for block in self.page.blocks]

    @cached_property
    def prose(self) -> list[bool]:
        known = bool(self.languages)
        return [
            count >= PROSE_WORDS
            and (found >= 2 or not known)
            and (ends or (count >= PROSE_WORDS_UNENDED and found >= 4))
            for count, found, ends in zip(self.words, self.function_words, self.ends, strict=True)
        ]


def features_of(page: Page) -> Features:
    """The features of the page's reading, computed at the first call and kept with it."""
    found = page.shared.get("features")
    if not isinstance(found, Features):
        found = page.shared["features"] = Features(page)
    return found
