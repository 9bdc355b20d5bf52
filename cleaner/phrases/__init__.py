"""The phrase packs, one TOML file a language, and how their phrases are found in a page.

A pack's table names a filter, its keys name the groups of phrases that the filter asks for. A phrase
stands alone on its line; as ``phrase *`` it begins its block, as ``* phrase *`` it stands anywhere
in it, and ``#`` is any number. This room knows words; what a filter does with them it does not know.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from operator import add, or_
from typing import NamedTuple, TypeVar

from cleaner.lazy import cached_property

Value = TypeVar("Value")


class LazyPattern:
    """A pattern that is compiled when it is first asked: one with large classes takes milliseconds."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern itself."""
        return re.compile(self.pattern)

    def match(self, text: str) -> re.Match[str] | None:
        """What it matches at the start of a text."""
        return self.compiled.match(text)

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Its first match."""
        return self.compiled.search(text, start, end)

    def findall(self, text: str, start: int = 0, end: int = sys.maxsize) -> list[str]:
        """The texts of all its matches; it has no groups."""
        return self.compiled.findall(text, start, end)


_SAME = (("\u2019", "'"), ("\u2018", "'"), ("\u02bc", "'"), ("\u0131", "i"), ("\u0451", "\u0435"))
# Arabic as people type it: alef with or without hamza, final ya and ta marbuta with or without dots.
_SAME_ARABIC = tuple(zip("\u0623\u0625\u0622\u0671\u0649\u0629", "\u0627\u0627\u0627\u0627\u064a\u0647", strict=True))
_ASCII_MARKS = '.,:;!?"()[]{}<>|*_~=^\\/-'
_MARKS = _ASCII_MARKS + (
    "\u2026\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a\u2022\u00b7\u2013\u2014\u2190\u2192\u25b6\u25ba\u25bc\u00bf\u00a1"
    "\u25cf\u25a0\u25c6\u25b2\u2605\u2606\u2191\u2193\u25aa\u3002\u3001\uff0c\uff01\uff1f\uff1a\uff08\uff09"
    "\u300c\u300d\u3010\u3011\u200b\u200c\u200e\u200f\ufeff\u061f\u060c\u061b"
)
_WIDE_MARKS = (
    "\u300e\u300f\u3008\u3009\u300a\u300b\u3014\u3015\u301c\u30fb\u2015\u2500\u203b\u2027\uff5c\uff0f\uff1b\uff0e\uff0d"
    "\uff5e\uff3b\uff3d\uff1c\uff1e\uff62\uff63\uff65\u25cb\u25ce\u25c7\u25a1\u25b3\u25bd\u25b7\u25c0\u21d2\u266a"
)
_WIDE_SIGNS = "\u3001\u3002\uff0c\u7684\u30fc\u30fb\u3092\u308b"  # one of them stands in all but the shortest such text
LONG_ENOUGH_FOR_SIGNS = 400  # characters: a shorter text takes every step, signs or not
_WIDE_ASCII = re.compile(r"[\uff10-\uff19\uff41-\uff5a]+")
# What may stand inside a word and changes nothing of it: accents apart from their letters,
# soft hyphens, Arabic vowels and tatweel. The signs are the frequent ones, cheap to look for.
_LOOSE = r"\u00ad\u0300-\u036f\u0640\u064b-\u0655\u0670\u3099\u309a"
_LOOSE_SIGNS = "\u00ad\u0301\u0306\u0307\u0308\u030c\u0327\u0328\u3099"
_LOOSE_WORD = re.compile(rf"(?<!\S)[^\s{_LOOSE}]*+[{_LOOSE}]\S*")
_DROPPED = re.compile(r"[\u00ad\u0640\u064b-\u0652\u0670]+")
LONGEST_LOOSE_WORD = 80  # characters: composing takes quadratic time on a long run of accents
_NUMBER = re.compile(r"\d+(?: \d+)*")
# The little of TOML that packs are written in: tables, texts of several lines, a name.
_ENTRY = re.compile(r"""^(?:\[(\w+)\]|(\w+) = (?:'''\n([^']*(?:'{1,2}(?!')[^']*)*)'''|"(.*)"))$""", re.M)
FOLDER = os.path.dirname(__file__)
HEAD_CHARS = 4_000  # in which a pack's function words end
_NUMBERED = re.compile(r"[\d#]")
# Scripts that put no spaces between words: kana, ideographs, Thai, Lao, Khmer, Myanmar.
UNSPACED = LazyPattern(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
)

LONGEST_ALONE = 14  # words of a block that may be a phrase standing alone
LONGEST_START = 6  # words of a phrase that begins a block
LONGEST_WORDLIKE = 3  # characters of a phrase without spaces that must end where a word does, as before a colon
LANGUAGE_SAMPLE = 5_000  # words of a page that decide its languages
LANGUAGE_SHARE = 0.15  # of the first language's function words: another's that are not also the first one's
LANGUAGE_DENSITY = 0.025  # function words among the words of a page, its menus included
LANGUAGE_DIFFERENT = 10  # function words that a page in a language shows at least, when it is no shorter than ...
LANGUAGE_WORDS_EACH = 10  # ... this many words for each of them


_FOREIGN_MARKS = frozenset(_MARKS) - frozenset(_ASCII_MARKS)
_REPLACED = _FOREIGN_MARKS.union(other for other, _ in _SAME)
_ASCII = bytes(range(128))
_HOLDERS = "".join(map(chr, range(0x86, 0xA0)))  # control characters that texts do not have
MOST_SIGNS = len(_HOLDERS)  # different ones of a text beside ASCII: more are letters of another script
# What takes more than a table: it stands for no letter of its own, changes with its place, or is a holder.
_UNSETTLED = frozenset(
    [
        *map(chr, (0xAD, *range(0x300, 0x370), 0x640, *range(0x64B, 0x656), 0x670, 0x3099, 0x309A)),
        *map(chr, (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))),
        *(other for other, _ in _SAME_ARABIC),
        *_WIDE_MARKS,
        *_HOLDERS,
        *"\u0130\u03a3\u0401\u0451",
    ]
)
# What ``plain`` makes of each character of Latin-1.
_LATIN = bytes(ord(" ") if chr(code) in _MARKS else ord(chr(code).lower()) for code in range(256))


class Pack(NamedTuple):
    """One language: its name, its function words, and phrases by filter and group."""

    code: str
    name: str
    function_words: frozenset[str]
    phrases: dict[str, dict[str, tuple[str, ...]]]
    examples: dict[str, str]


def plain(text: str) -> str:
    """The text in lower case with punctuation turned into spaces; its length is the same.

    Where a word begins in plain text it begins in the source; what is dropped from a word is made
    up for by spaces behind it.
    """
    signs = foreign(text)
    if len(signs) <= MOST_SIGNS and signs.isdisjoint(_UNSETTLED):
        return _plain_latin(text, signs)
    text = text.replace("\u0130", "i").lower()
    for other, same in _SAME:
        text = text.replace(other, same)
    short = len(text) < LONG_ENOUGH_FOR_SIGNS
    if short or "\u0627" in signs or not signs.isdisjoint(_LOOSE_SIGNS):
        text = _LOOSE_WORD.sub(_settled, text)
        for other, same in _SAME_ARABIC:
            text = text.replace(other, same)
    if short or not signs.isdisjoint(_WIDE_SIGNS):
        text = _without(_WIDE_ASCII.sub(_narrow, text), _WIDE_MARKS)
    return _without(text, _MARKS)


def foreign(text: str) -> set[str]:
    """The different characters of a text that ASCII lacks."""
    if text.isascii():
        return set()
    # Both steps run in C, far quicker than a pattern: what is left of UTF-8 without its ASCII is UTF-8.
    return set(text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass"))


def _plain_latin(text: str, signs: set[str]) -> str:
    """The plain text by one table of Latin-1, in which unused control characters hold the places of the few others."""
    text = _without(text, signs & _FOREIGN_MARKS)
    for other, same in _SAME:
        if other in signs:
            text = text.replace(other, same)
    held = dict(zip([sign for sign in signs - _REPLACED if sign > "\xff"], _HOLDERS, strict=False))
    for sign, holder in held.items():
        text = text.replace(sign, holder)
    text = text.encode("latin-1").translate(_LATIN).decode("latin-1")
    for sign, holder in held.items():
        text = text.replace(holder, sign.lower())
    return text


def _without(text: str, marks: Iterable[str]) -> str:
    for mark in marks:
        text = text.replace(mark, " ")
    return text


def _settled(match: re.Match[str]) -> str:
    word = match[0]
    if len(word) > LONGEST_LOOSE_WORD:
        return word
    settled = unicodedata.normalize("NFC", _DROPPED.sub("", word))
    return settled.ljust(len(word)) if len(settled) <= len(word) else word


def _narrow(match: re.Match[str]) -> str:
    return "".join(chr(ord(char) - 0xFEE0) for char in match[0])


def has_unspaced(text: str) -> bool:
    """Whether a text has characters of scripts without spaces."""
    return UNSPACED.search("".join(foreign(text))) is not None


def line_key(words: Sequence[str]) -> str:
    """A line as phrases are compared with it: single spaces, numbers as ``#``."""
    key = " ".join(words)
    return key if key.isalpha() else _NUMBER.sub("#", key)


def unspaced_key(words: Sequence[str]) -> str:
    """The same for scripts without spaces, where a space says nothing."""
    key = "".join(words)
    return key if key.isalpha() else _NUMBER.sub("#", key)


@cache
def languages() -> tuple[str, ...]:
    """The codes of all packs, in order."""
    return tuple(sorted(entry[:-5] for entry in os.listdir(FOLDER) if entry.endswith(".toml")))


@cache
def pack(code: str) -> Pack:
    """One language's pack, read once."""
    name, words = "", frozenset[str]()
    tables: dict[str, dict[str, str]] = {}
    groups: dict[str, str] = {}
    for table, key, lines, text in _ENTRY.findall(_read(code)):
        if table:
            groups = tables[table] = {}
        elif key == "name":
            name = text
        elif key == "function_words":
            words = frozenset(lines.split())
        else:
            groups[key] = lines
    examples = tables.pop("examples", {})
    phrases = {
        filter_name: {group: tuple(filter(None, lines.split("\n"))) for group, lines in groups.items()}
        for filter_name, groups in tables.items()
    }
    return Pack(code, name, words, phrases, examples)


def _read(code: str, chars: int = -1) -> str:
    """A pack's file, or its first characters; the standard way to resources takes longer than all of its reading."""
    with open(os.path.join(FOLDER, f"{code}.toml"), encoding="utf-8") as file:
        return file.read(chars)


def _head(code: str) -> str:
    """The function words that stand before a pack's first table: all packs are asked for them, few for the rest."""
    return _read(code, HEAD_CHARS).partition("\n[")[0].split("'''")[1]


@cache
def _function_words() -> dict[str, tuple[str, ...]]:
    by_word: dict[str, tuple[str, ...]] = {}
    for code in languages():
        for word in _head(code).split():
            by_word[word] = (*by_word.get(word, ()), code)
    return by_word


def languages_of(words: Sequence[str], plain_text: str) -> tuple[str, ...]:
    """The languages that a page is written in, most function words first; empty when none is known.

    Scripts without spaces are counted by characters that are function words, every other one, as
    two make about a word. A language that no pack is for shares a few frequent words with some that
    are known, such as "on" or "la"; it is told by how few different ones they are.
    """
    by_word = _function_words()
    length = min(len(words), LANGUAGE_SAMPLE)
    sample = Counter(filter(by_word.__contains__, words[:LANGUAGE_SAMPLE]))
    if has_unspaced(plain_text[: 20 * LANGUAGE_SAMPLE]):
        signs = UNSPACED.findall(plain_text, 0, LANGUAGE_SAMPLE)[::2]
        sample += Counter(filter(by_word.__contains__, signs))
    found, different, apart = (
        dict.fromkeys(languages(), 0),
        dict.fromkeys(languages(), 0),
        dict.fromkeys(languages(), 0),
    )
    for word, times in sample.items():
        for code in by_word[word]:
            found[code] += times
            different[code] += 1
    fewest = min(LANGUAGE_DIFFERENT, length // LANGUAGE_WORDS_EACH)
    known = sorted(
        (code for code, times in found.items() if times and different[code] >= fewest),
        key=lambda code: (-found[code], code),
    )
    if not known or found[known[0]] < LANGUAGE_DENSITY * length:
        return ()
    first, least = known[0], LANGUAGE_SHARE * found[known[0]]
    others = [code for code in known[1:] if found[code] >= least]
    for word, times in sample.items() if others else ():
        codes = by_word[word]
        if first not in codes:
            for code in codes:
                apart[code] += times
    return first, *(code for code in others if apart[code] >= least)


class Head(NamedTuple):
    """The phrases that begin with one word: how many words of a line they may take, and which numbers of a start.

    ``numbered`` when there is a number in one of them: the others are found without looking for numbers.
    ``seconds`` are their second words, "" for one that is a line of a single word; None when any word may follow.
    """

    longest_alone: int
    starts: tuple[int, ...]
    numbered: bool
    seconds: frozenset[str] | None

    def joined(self, other: Head) -> Head:
        """The phrases of both that begin with the same word."""
        seconds = None if self.seconds is None or other.seconds is None else self.seconds | other.seconds
        starts = self.starts if other.starts == self.starts else tuple(sorted({*self.starts, *other.starts}))
        longest = max(self.longest_alone, other.longest_alone)
        return Head(longest, starts, self.numbered or other.numbered, seconds)

    def goes_on(self, words: Sequence[str]) -> bool:
        """Whether the second word of a block is one that a phrase may go on with."""
        if self.seconds is None:
            return True
        second = words[1] if len(words) > 1 else ""
        return second in self.seconds or (self.numbered and second != "" and not second.isalpha())


class Part:
    """The phrases of one language, arranged as an ``Index`` has them."""

    def __init__(self, one: Pack) -> None:
        self.function_words = one.function_words
        self.alone: dict[str, tuple[str, ...]] = {}
        self.starts: dict[str, tuple[str, ...]] = {}
        self.within: dict[str, tuple[tuple[str, str], ...]] = {}
        self.beside: dict[str, frozenset[str]] = {}
        self.unspaced_starts: dict[str, tuple[str, ...]] = {}
        self.unspaced_within: dict[str, tuple[str, ...]] = {}
        self._enter(one)
        self.heads = _heads(self.alone, self.starts)
        self.counts = _heads(filter(_is_count, self.alone), filter(_is_count, self.starts))

    def _enter(self, one: Pack) -> None:
        entries = [
            (phrase, f"{name}.{group}")
            for name, groups in one.phrases.items()
            for group, phrases in groups.items()
            for phrase in phrases
        ]
        folded = plain("\n".join([phrase for phrase, _ in entries]).replace("#", "0")).split("\n")
        keys = _NUMBER.sub("#", "\n".join([" ".join(line.split()) for line in folded])).split("\n")
        unspaced = has_unspaced("\n".join(folded))
        for (phrase, group), key in zip(entries, keys, strict=True):
            if unspaced and UNSPACED.search(phrase):
                self._enter_unspaced(phrase, key.replace(" ", ""), group)
            elif not phrase.endswith(" *"):
                _add(self.alone, key, group)
            elif not phrase.startswith("* "):
                _add(self.starts, key, group)
            else:
                self._enter_within(key, group)

    def _enter_within(self, key: str, group: str) -> None:
        words = key.replace("#", "0").split()
        words.sort(key=lambda word: (word not in self.function_words, len(word)), reverse=True)
        anchor, other = words[0], words[min(1, len(words) - 1)]
        self.within[anchor] = (*self.within.get(anchor, ()), (f" {key} ", group))
        self.beside[anchor] = self.beside.get(anchor, frozenset()) | {other if other in key.split() else anchor}

    def _enter_unspaced(self, phrase: str, key: str, group: str) -> None:
        if not phrase.endswith(" *"):
            _add(self.alone, key, group)
        elif not phrase.startswith("* "):
            _add(self.unspaced_starts if len(key) > LONGEST_WORDLIKE else self.starts, key, group)
        else:
            _add(self.unspaced_within, key, group)


class Index:
    """The phrases of some languages, arranged to be found in one look at each block's words.

    ``alone`` maps a whole line to its groups; ``starts`` the first words of a block; ``within``
    one telling word of each phrase to the phrases that may stand around it, and ``beside`` to another
    word of each of them.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self.function_words = frozenset[str]().union(*(part.function_words for part in parts))
        self.alone = _joined([part.alone for part in parts], add)
        self.starts = _joined([part.starts for part in parts], add)
        self.within = _joined([part.within for part in parts], add)
        self.beside = _joined([part.beside for part in parts], or_)
        self.unspaced_starts = _joined([part.unspaced_starts for part in parts], add)
        self.unspaced_within = _joined([part.unspaced_within for part in parts], add)
        self.unspaced_within_any = _any_of(self.unspaced_within)
        self.unspaced_lengths = sorted({len(phrase) for phrase in self.unspaced_starts})
        self.unspaced_heads = frozenset(phrase[: LONGEST_WORDLIKE + 1] for phrase in self.unspaced_starts)
        self.anchors = frozenset(self.within)
        self.numbered_anchors = frozenset(
            anchor for anchor, phrases in self.within.items() if any("#" in phrase for phrase, _ in phrases)
        )
        self.heads = _joined([part.heads for part in parts], Head.joined)
        self.counts = _joined([part.counts for part in parts], Head.joined).get("#")
        self.networks = frozenset(key for key, groups in self.alone.items() if "share_bar.lines" in groups)
        self.months = frozenset(key for key, groups in self.alone.items() if "byline.dates" in groups)

    def find_each(self, split: Sequence[Sequence[str]], most: int) -> dict[int, list[tuple[str, str]]]:
        """The pairs of ``find`` of each block that has any, by its number; one of more than ``most`` words has none."""
        found: dict[int, list[tuple[str, str]]] = {}
        short = [(number, words) for number, words in enumerate(split) if 0 < len(words) <= most]
        heads = self._heads_of({words[0] for _, words in short})
        for number, words in [one for one in short if one[1][0] in heads]:
            head = heads[words[0]]
            if head.goes_on(words) and (pairs := self._find_opening(words, head)):
                found[number] = pairs
        lacks_anchors = self.anchors.isdisjoint
        for number, words in [one for one in short if not lacks_anchors(one[1])]:
            if pairs := self._find_within(words):
                found[number] = found.get(number, []) + pairs
        return found

    def find(self, words: Sequence[str]) -> list[tuple[str, str]]:
        """The (group, phrase) pairs of a block, given the words of its plain text."""
        head = self._head(words[0]) if words else None
        return [*(self._find_opening(words, head) if head else ()), *self._find_within(words)]

    def _head(self, first: str) -> Head | None:
        """The phrases that a block with this first word may begin with."""
        head = self.heads.get(first)
        if head is None and not first.isalpha() and _NUMBERED.search(first):
            return self.counts if first.isdecimal() else self.heads.get("#")
        return head

    def _heads_of(self, firsts: set[str]) -> dict[str, Head]:
        """The phrases that blocks may begin with, by their first words."""
        known = self.heads.keys() & firsts
        heads = {first: self.heads[first] for first in known}
        for first in [first for first in firsts - known if not first.isalpha()]:
            if head := self._head(first):
                heads[first] = head
        return heads

    def _find_opening(self, words: Sequence[str], head: Head) -> list[tuple[str, str]]:
        """The pairs of the phrases that a block is or begins with."""
        found: list[tuple[str, str]] = []
        if len(words) <= head.longest_alone:
            key = line_key(words) if head.numbered else " ".join(words)
            if groups := self.alone.get(key):
                found = [(group, key) for group in groups]
        if head.starts:
            found += self._find_starts(words, head)
        return found

    def _find_within(self, words: Sequence[str]) -> list[tuple[str, str]]:
        """The pairs of the phrases that stand anywhere in a block."""
        found: list[tuple[str, str]] = []
        beside = self.beside
        anchors = [anchor for anchor in self.anchors.intersection(words) if not beside[anchor].isdisjoint(words)]
        if anchors:
            line = f" {' '.join(words) if self.numbered_anchors.isdisjoint(anchors) else line_key(words)} "
            for anchor in sorted(anchors):
                found += [(group, phrase.strip()) for phrase, group in self.within[anchor] if phrase in line]
        return found

    def _find_starts(self, words: Sequence[str], head: Head) -> Iterator[tuple[str, str]]:
        starts = self.starts
        if not head.numbered:
            for count in head.starts:
                start = " ".join(words[:count])
                for group in starts.get(start, ()) if count <= len(words) else ():
                    yield group, start
            return
        start = ""
        for word in words[:LONGEST_START]:
            start = f"{start} {word}" if start else word
            if not word.isalpha():
                start = _NUMBER.sub("#", start)
            for group in starts.get(start, ()):
                yield group, start

    def find_unspaced(self, words: Sequence[str]) -> list[tuple[str, str]]:
        """The same for a block in a script without spaces; empty for any other."""
        line = unspaced_key(words)
        found = [(group, line) for group in self.alone.get(line, ())]
        for length in self.unspaced_lengths if line[: LONGEST_WORDLIKE + 1] in self.unspaced_heads else ():
            if length > len(line):
                break
            head = line[:length]
            found += [(group, head) for group in self.unspaced_starts.get(head, ())]
        if self.unspaced_within_any and self.unspaced_within_any.search(line):
            for phrase, groups in self.unspaced_within.items():
                if phrase in line:
                    found += [(group, phrase) for group in groups]
        return found


def _add(groups: dict[str, tuple[str, ...]], key: str, group: str) -> None:
    groups[key] = (*groups.get(key, ()), group)


def _joined(tables: Sequence[dict[str, Value]], join: Callable[[Value, Value], Value]) -> dict[str, Value]:
    """One table of several, in which what has the same key in two is joined."""
    first, *others = tables
    if not others:
        return first
    found = first.copy()
    for table in others:
        both = {key: join(found[key], table[key]) for key in found.keys() & table.keys()}
        found |= table
        found |= both
    return found


def _heads(alone: Iterable[str], starts: Iterable[str]) -> dict[str, Head]:
    """What begins with each first word; first words with numbers are one, ``#``.

    A number in a phrase may be several words of the block.
    """
    longest, counts = dict[str, int](), dict[str, set[int]]()
    numbered, seconds = set[str](), dict[str, set[str]]()
    for phrases, lengths in ((alone, None), (starts, counts)):
        for phrase in phrases:
            first, _, rest = phrase.partition(" ")
            length = phrase.count(" ") + 1
            if "#" in phrase:
                first = "#" if "#" in first else first
                numbered.add(first)
            if lengths is not None:
                lengths.setdefault(first, set()).add(length)
            elif length > longest.get(first, 0):
                longest[first] = length
            seconds.setdefault(first, set()).add(rest.partition(" ")[0])
    return {
        first: Head(
            LONGEST_ALONE if first in numbered else min(longest.get(first, 0), LONGEST_ALONE),
            tuple(sorted(count for count in counts.get(first, ()) if count <= LONGEST_START)),
            first in numbered,
            None if 1 in counts.get(first, ()) else frozenset(following),
        )
        for first, following in seconds.items()
    }


def _is_count(phrase: str) -> bool:
    """Whether a phrase begins with a number, as "12 comments" does and "\u00a92020" does not."""
    return phrase == "#" or phrase.startswith("# ")


def _any_of(phrases: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern that says whether any of the phrases stands in a line."""
    return re.compile("|".join(map(re.escape, phrases))) if phrases else None


@cache
def index_of(codes: tuple[str, ...]) -> Index:
    """The index of some languages, made once. English is always in it: chrome is, everywhere."""
    return Index([_part(code) for code in dict.fromkeys((*codes, "en"))])


@cache
def _part(code: str) -> Part:
    return Part(pack(code))
