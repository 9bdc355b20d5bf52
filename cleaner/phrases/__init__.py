"""The phrase packs, one TOML file a language, and how their phrases are found in a page.

A pack's table names a filter, its keys name the groups of phrases that the filter asks for. A phrase
stands alone on its line; as ``phrase *`` it begins its block, as ``* phrase *`` it stands anywhere
in it, and ``#`` is any number. This room knows words; what a filter does with them it does not know.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_SAME = (("\u0130", "i"), ("\u2019", "'"), ("\u2018", "'"), ("\u02bc", "'"))
_ASCII_MARKS = ".,:;!?\"()[]{}<>|*_~=^\\/-"
_MARKS = _ASCII_MARKS + (
    "\u2026\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a\u2022\u00b7\u2013\u2014\u2190\u2192\u25b6\u25ba\u25bc\u00bf\u00a1"
    "\u3002\u3001\uff0c\uff01\uff1f\uff1a\uff08\uff09\u300c\u300d\u3010\u3011\u200b\u200c\u200e\u200f\ufeff\u061f\u060c\u061b"
)
_NUMBER = re.compile(r"\d+(?: \d+)*")
# Scripts that put no spaces between words: kana, ideographs, Thai, Lao, Khmer, Myanmar.
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")

LONGEST_ALONE = 14  # words of a block that may be a phrase standing alone
LONGEST_START = 6  # words of a phrase that begins a block
LANGUAGE_SAMPLE = 5_000  # words of a page that decide its languages
LANGUAGE_SHARE = 0.25  # of the function words of the page's first language


class Pack(NamedTuple):
    """One language: its name, its function words, and phrases by filter and group."""

    code: str
    name: str
    function_words: frozenset[str]
    phrases: dict[str, dict[str, tuple[str, ...]]]
    examples: dict[str, str]


def plain(text: str) -> str:
    """The text in lower case with punctuation turned into spaces; its length is the same.

    A place in plain text is thus a place in the source.
    """
    for other, same in _SAME:
        text = text.replace(other, same)
    text = text.lower()
    for mark in _ASCII_MARKS if text.isascii() else _MARKS:
        text = text.replace(mark, " ")
    return text


def line_key(words: Sequence[str]) -> str:
    """A line as phrases are compared with it: single spaces, numbers as ``#``."""
    key = " ".join(words)
    return key if key.isalpha() else _NUMBER.sub("#", key)


def languages() -> tuple[str, ...]:
    """The codes of all packs, in order."""
    folder = files(__package__)
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml")))


@cache
def pack(code: str) -> Pack:
    """One language's pack, read once."""
    table = tomllib.loads(files(__package__).joinpath(f"{code}.toml").read_text("utf-8"))
    examples = table.pop("examples", {})
    name, words = table.pop("name"), frozenset(table.pop("function_words").split())
    phrases = {
        filter_name: {group: tuple(filter(None, text.split("\n"))) for group, text in groups.items()}
        for filter_name, groups in table.items()
    }
    return Pack(code, name, words, phrases, examples)


@cache
def _function_words() -> dict[str, tuple[str, ...]]:
    by_word: dict[str, tuple[str, ...]] = {}
    for code in languages():
        for word in pack(code).function_words:
            by_word[word] = (*by_word.get(word, ()), code)
    return by_word


def languages_of(words: Sequence[str], plain_text: str) -> tuple[str, ...]:
    """The languages that a page is written in, most function words first; empty when none is known.

    Scripts without spaces are counted by characters that are function words.
    """
    by_word = _function_words()
    sample = Counter(words[:LANGUAGE_SAMPLE])
    if UNSPACED.search(plain_text, 0, 20 * LANGUAGE_SAMPLE):
        sample += Counter(plain_text[:LANGUAGE_SAMPLE])
    found: Counter[str] = Counter()
    for word in sample.keys() & by_word.keys():
        for code in by_word[word]:
            found[code] += sample[word]
    if not found:
        return ()
    first = found.most_common(1)[0][1]
    if first * 20 < min(len(words), LANGUAGE_SAMPLE) * 0.5:
        return ()
    return tuple(code for code, count in found.most_common() if count >= LANGUAGE_SHARE * first)


class Index:
    """The phrases of some languages, arranged to be found in one look at each block's words.

    ``alone`` maps a whole line to its groups; ``starts`` the first words of a block; ``within``
    one telling word of each phrase to the phrases that may stand around it.
    """

    def __init__(self, codes: Iterable[str]) -> None:
        self.function_words: frozenset[str] = frozenset()
        self.alone: dict[str, tuple[str, ...]] = {}
        self.starts: dict[str, tuple[str, ...]] = {}
        self.within: dict[str, list[tuple[str, str]]] = {}
        self.unspaced_starts: dict[str, str] = {}
        self.unspaced_within: dict[str, str] = {}
        for code in codes:
            one = pack(code)
            self.function_words |= one.function_words
            for name, groups in one.phrases.items():
                for group, phrases in groups.items():
                    for phrase in phrases:
                        self._enter(phrase, f"{name}.{group}")
        self.unspaced_within_any = _any_of(self.unspaced_within)
        self.unspaced_starts_any = _any_of(self.unspaced_starts)
        self.anchors = frozenset(self.within)
        self.months = frozenset(key for key, groups in self.alone.items() if "byline.dates" in groups)

    def _enter(self, phrase: str, group: str) -> None:
        words = plain(phrase.replace("*", "").replace("#", "0")).split()
        key = line_key(words)
        if not phrase.endswith(" *"):
            self.alone[key] = (*self.alone.get(key, ()), group)
        elif not phrase.startswith("* "):
            if UNSPACED.match(key):
                self.unspaced_starts[key] = group
            self.starts[key] = (*self.starts.get(key, ()), group)
        elif UNSPACED.match(key):
            self.unspaced_within[key] = group
        else:
            anchor = max(words, key=lambda word: (word not in self.function_words, len(word)))
            self.within.setdefault(anchor, []).append((f" {' '.join(words)} ", group))

    def find(self, words: Sequence[str]) -> list[tuple[str, str]]:
        """The (group, phrase) pairs of a block, given the words of its plain text."""
        found: list[tuple[str, str]] = []
        count = len(words)
        if count <= LONGEST_ALONE:
            key = line_key(words)
            for group in self.alone.get(key, ()):
                found.append((group, key))
        head = ""
        for word in words[:LONGEST_START]:
            head = f"{head} {word}" if head else word
            if not word.isalpha():
                head = _NUMBER.sub("#", head)
            for group in self.starts.get(head, ()):
                found.append((group, head))
        if not self.anchors.isdisjoint(words):
            line = f" {' '.join(words)} "
            for anchor in self.anchors.intersection(words):
                found += [(group, phrase.strip()) for phrase, group in self.within[anchor] if phrase in line]
        return found

    def find_unspaced(self, words: Sequence[str]) -> list[tuple[str, str]]:
        """The same for a block in a script without spaces; empty for any other."""
        line = "".join(words)
        found = []
        if self.unspaced_starts_any and (match := self.unspaced_starts_any.match(line)):
            found.append((self.unspaced_starts[match[0]], match[0]))
        if self.unspaced_within_any:
            found += [(self.unspaced_within[match[0]], match[0]) for match in self.unspaced_within_any.finditer(line)]
        return found


def _any_of(phrases: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None


@cache
def index_of(codes: tuple[str, ...]) -> Index:
    """The index of some languages, made once. English is always in it: chrome is, everywhere."""
    return Index(dict.fromkeys((*codes, "en")))
