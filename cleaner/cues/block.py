"""Cues about the block itself: its length, its end, its case, its digits."""

from functools import cache

from cleaner.cues.columns import Column, at_least, at_most, between
from cleaner.cues.measures import Measures
from cleaner.phrases import Index


def block_cues(m: Measures) -> dict[str, Column]:
    """The cues by name; the sign before a name is the one its points must have."""
    sheet, words = m.sheet, m.words
    length = {(low, high): sheet.where(words, between(low, high)) for low, high in _LENGTHS}
    some = sheet.where(words, at_least(4))
    ends = sheet.of(m.features.ends)
    many = sheet.where(words, at_least(50))
    numbered = sheet.of([text[0].isdigit() for text in m.texts])
    return {
        "-0 or 1 word": length[0, 1],
        "-2 words": length[2, 2],
        "-3 or 4 words": length[3, 4],
        "+9 to 14 words": length[9, 14],
        "+15 to 24 words": length[15, 24],
        "+25 to 49 words": length[25, 49],
        "+50 words or more": many,
        "+ends as a sentence": m.stops,
        "+ends in a quote or bracket": ends & sheet.no(m.stops) & sheet.no(m.dots),
        "+ends in a colon": sheet.of([char in ":\uff1a" for char in m.last_characters]),
        "-cut off with dots": m.dots,
        "-cut off with dots, others too": m.dots & sheet.near(m.dots, 6),
        "+capitals under 25 %": sheet.where(m.capitals, at_most(24)) & some,
        "-title case": m.title_case,
        "-digits 20 % or more": sheet.where(m.digits, at_least(20)),
        "-begins with a digit": numbered,
        "-50 words or more after a digit": many & numbered,
        "+2 commas or more": sheet.where(m.commas, at_least(2)),
        "-many function words": sheet.where(m.function_share, at_least(35)),
        "-hardly a function word in 12": sheet.where(m.function_share, at_most(8)) & m.long,
        "+long list item": m.items & m.long,
        "-address of a page": sheet.of(["://" in text or "www." in text for text in m.texts]),
        "-e-mail address": sheet.of(["@" in text and len(text) < 200 for text in m.texts]),
        "-date or time": m.dates,
        "+paragraph with some capitals": m.prose & sheet.where(m.capitals, between(50, 79)),
        "-ends in a pointer": _pointers(m),
        "-cites a work": sheet.of(["et al" in text or "doi" in text for text in m.texts]) & m.items,
        "-says byline": m.families["byline"],
        "-says forum": m.families["forum"],
        "-says shop": m.families["shop"],
        "-says comment": m.families["comment"],
        "-says bio": m.families["bio"],
        "-says menu": m.families["menu"],
        "-says legal": m.families["legal"],
        "-says newsletter": m.families["newsletter"],
        "-says label": m.families["label"],
        "-says related": m.families["related"],
    }


_LENGTHS = ((0, 1), (2, 2), (3, 4), (9, 14), (15, 24), (25, 49))
_POINTER_GROUPS = ("inline_promotion.starts", "related.headings", "related.starts")


def _pointers(m: Measures) -> Column:
    """The longer lines whose last two or three words point elsewhere: "... Read more"."""
    alone, starts, plain = m.features.index.alone, m.features.index.starts, m.features.plain
    flags, last_words = bytearray(m.sheet.size), _last_words(m.features.index)
    facts = zip(m.features.ends, m.features.words, m.page.stands, strict=True)
    for index, (ends, count, stands) in enumerate(facts):
        if ends or count < 5 or not stands:
            continue
        block = m.page.blocks[index]
        tail = plain[max(block.start, block.end - 60) : block.end].split()
        if not tail or tail[-1] not in last_words:
            continue
        for count in (2, 3):
            phrase = " ".join(tail[-count:])
            groups = (*alone.get(phrase, ()), *starts.get(phrase, ()))
            if any(group in _POINTER_GROUPS for group in groups):
                flags[index] = 1
    return m.sheet.of(flags)


@cache
def _last_words(index: Index) -> frozenset[str]:
    """The last words of all phrases that point elsewhere."""
    return frozenset(
        phrase.rsplit(" ", 1)[-1]
        for table in (index.alone, index.starts)
        for phrase, groups in table.items()
        if any(group in _POINTER_GROUPS for group in groups)
    )
