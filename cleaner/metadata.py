"""What a finished page says of itself: its title, who wrote it and when.

This room reads the ledger and the features; it removes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from cleaner.features import Features, features_of
from cleaner.page import Page

BYLINE = "A101"
# How the names of the months begin, in the languages that packs are for; longer beginnings before shorter ones.
MONTHS = (
    ("juin", 6), ("juil", 7), ("jan", 1), ("ene", 1), ("gen", 1), ("sty", 1), ("oca", 1), ("янв", 1), ("jän", 1),
    ("feb", 2), ("fév", 2), ("fev", 2), ("lut", 2), ("şub", 2), ("фев", 2), ("mai", 5), ("may", 5), ("mag", 5),
    ("maj", 5), ("mei", 5), ("мая", 5), ("май", 5), ("mar", 3), ("mär", 3), ("mrz", 3), ("maa", 3), ("мар", 3),
    ("apr", 4), ("avr", 4), ("abr", 4), ("kwi", 4), ("nis", 4), ("апр", 4), ("jun", 6), ("giu", 6), ("cze", 6),
    ("haz", 6), ("июн", 6), ("jul", 7), ("lug", 7), ("lip", 7), ("tem", 7), ("июл", 7), ("aug", 8), ("aoû", 8),
    ("aou", 8), ("ago", 8), ("sie", 8), ("ağu", 8), ("авг", 8), ("sep", 9), ("set", 9), ("wrz", 9), ("eyl", 9),
    ("сен", 9), ("oct", 10), ("okt", 10), ("ott", 10), ("out", 10), ("paź", 10), ("eki", 10), ("окт", 10),
    ("nov", 11), ("lis", 11), ("kas", 11), ("ноя", 11), ("dec", 12), ("dez", 12), ("déc", 12), ("dic", 12),
    ("gru", 12), ("ara", 12), ("дек", 12), ("يناير", 1), ("فبراير", 2), ("مارس", 3), ("ابريل", 4), ("مايو", 5),
    ("يونيو", 6), ("يوليو", 7), ("اغسطس", 8), ("سبتمبر", 9), ("اكتوبر", 10), ("نوفمبر", 11), ("ديسمبر", 12),
)  # fmt: skip
_YEAR_FIRST = re.compile(r"\b((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"\b(\d{1,2})([-/.])\s?(\d{1,2})[-/.]\s?((?:19|20)\d\d)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DAY = re.compile(r"(?<![\d:.])([0-3]?\d)(?:st|nd|rd|th|er|º)?\b(?![:.]?\d)")
_WORD = re.compile(r"\S+")
_END_OF_NAMES = re.compile(r"(?:(?<!\s)\s++)?(?:[|\u2022\u00b7\u2013\u2014/(]|\d|,\s+\w+\s*\d)")
LONGEST_NAMES = 80  # characters


def title(page: Page) -> dict[str, str]:
    """The title as the page writes it: the line above the text with most of its words, or its first heading."""
    features = features_of(page)
    block = features.title
    if block < 0:
        block = next((number for number, one in enumerate(page.blocks) if one.kind == "heading"), -1)
    if block < 0:
        return {}
    found = page.blocks[block]
    return {"title": " ".join(features.seen[found.start : found.end].lstrip("# ").split())}


def byline_and_date(page: Page) -> dict[str, str]:
    """Who wrote the text and when, from the lines that were removed as its byline."""
    features = features_of(page)
    found: dict[str, str] = {}
    for block, text in _said(page, features):
        when = _date(text, features)
        if when:
            found.setdefault("date", when)
        names = _names(text, features)
        if names and features.phrase(block, "byline.lines") is None and not (when and " " not in names):
            found.setdefault("byline", names)
    return found


def _said(page: Page, features: Features) -> Iterator[tuple[int, str]]:
    """The removed lines of the byline in page order, each without the phrase that it begins with."""
    for removal in sorted(page.removals, key=lambda removal: removal.start):
        if removal.filter != BYLINE:
            continue
        start = removal.start
        if phrase := features.phrase(removal.block, "byline.starts"):
            words = [match.start() for match in _WORD.finditer(features.plain, start, removal.end)]
            start = [*words, removal.end][min(len(phrase.rstrip("# ").split()), len(words))]
        yield removal.block, features.seen[start : removal.end]


def _names(text: str, features: Features) -> str:
    """What a line says before its number or next mark, when that may be names; empty otherwise."""
    words = _END_OF_NAMES.split(text, maxsplit=1)[0].strip(" \t:,.-").split()
    while words and words[-1].casefold() in features.index.function_words:
        words.pop()
    names = " ".join(words)
    folded = {word.strip(".,").casefold() for word in words}
    if not names[:1].isalpha() or names[0].islower() or len(names) > LONGEST_NAMES:
        return ""
    return names if features.index.months.isdisjoint(folded) else ""


def _date(text: str, features: Features) -> str | None:
    """A date as ISO writes it; as the page does, when its parts cannot be told apart; None without one."""
    if match := _YEAR_FIRST.search(text):
        return _iso(match[1], match[2], match[3]) or match[0]
    if match := _YEAR_LAST.search(text):
        return _numeric(match, features) or match[0]
    year = _YEAR.search(text)
    month = next((number for word in text.casefold().split() if (number := _month(word, features))), None)
    if not (year and month):
        return None
    day = next((one for one in _DAY.finditer(text) if one.start() != year.start()), None)
    return (day and _iso(year[0], month, day[1])) or text.strip(" \t:,.-")


def _month(word: str, features: Features) -> int | None:
    word = word.strip(".,:;()[]")
    if word not in features.index.months:
        return None
    return next((number for start, number in MONTHS if word.startswith(start)), None)


def _numeric(match: re.Match[str], features: Features) -> str | None:
    """Day and month in numbers: the day is first but in English, where only a number over 12 tells."""
    first, separator, second, year = match.groups()
    if int(second) > 12:
        return _iso(year, first, second)
    if int(first) > 12 or separator == "." or features.languages[:1] not in ((), ("en",)):
        return _iso(year, second, first)
    return None


def _iso(year: str, month: str | int, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
