"""Cues about the block itself: its length, its end, its case, its digits."""

from functools import cache

from cleaner.cues.columns import Column, at_least, at_most, between
from cleaner.cues.measures import Cue, Measures
from cleaner.features import has_credit_sign
from cleaner.phrases import Index

CUES: dict[str, Cue] = {
    "-0 or 1 word": lambda m: m.sheet.where(m.words, at_most(1)),
    "-2 words": lambda m: m.sheet.where(m.words, between(2, 2)),
    "-3 or 4 words": lambda m: m.sheet.where(m.words, between(3, 4)),
    "+9 to 14 words": lambda m: m.sheet.where(m.words, between(9, 14)),
    "+15 to 24 words": lambda m: m.sheet.where(m.words, between(15, 24)),
    "+25 to 49 words": lambda m: m.sheet.where(m.words, between(25, 49)),
    "+50 words or more": lambda m: m.many,
    "+ends as a sentence": lambda m: m.stops,
    "+ends in a quote or bracket": lambda m: m.sentence_ends & m.sheet.no(m.stops) & m.sheet.no(m.dots),
    "+ends in a colon": lambda m: m.sheet.of([char in ":\uff1a" for char in m.last_characters]),
    "-cut off with dots": lambda m: m.dots,
    "-cut off with dots, others too": lambda m: m.dots & m.sheet.near(m.dots, 6),
    "+capitals under 25 %": lambda m: m.sheet.where(m.capitals, at_most(24)) & m.sheet.where(m.words, at_least(4)),
    "-title case": lambda m: m.title_case,
    "-digits 20 % or more": lambda m: m.sheet.where(m.digits, at_least(20)),
    "-begins with a digit": lambda m: m.told(m.sheet.all, _begins_with_digit),
    "-50 words or more after a digit": lambda m: m.told(m.many, _begins_with_digit),
    "-many function words": lambda m: m.sheet.where(m.function_share, at_least(35)),
    "-hardly a function word in 12": lambda m: m.sheet.where(m.function_share, at_most(8)) & m.long,
    "+long list item": lambda m: m.items & m.long,
    "-address of a page": lambda m: m.holding("://", "www."),
    "-e-mail address": lambda m: m.sheet.of(["@" in text and len(text) < 200 for text in m.texts]),
    "+paragraph with some capitals": lambda m: m.prose & m.sheet.where(m.capitals, between(50, 79)),
    "-ends in a pointer": lambda m: _pointers(m),
    "-cites a work": lambda m: _cites(m),
    "-says byline": lambda m: m.family("byline"),
    "-says forum": lambda m: m.family("forum"),
    "-says shop": lambda m: m.family("shop"),
    "-says comment": lambda m: m.family("comment"),
    "-says bio": lambda m: m.family("bio"),
    "-says menu": lambda m: m.family("menu"),
    "-says legal": lambda m: m.family("legal"),
    "-says newsletter": lambda m: m.family("newsletter"),
    "-says label": lambda m: m.family("label"),
    "-says related": lambda m: m.family("related"),
    "-says account": lambda m: m.family("account"),
    "-says agreement": lambda m: m.family("agreement"),
    "-says affiliate": lambda m: m.family("affiliate"),
    "-says offer": lambda m: m.family("offer"),
    "-short, says offer": lambda m: m.family("offer") & m.short,
    "-long, says offer": lambda m: m.family("offer") & m.long,
    "-says form": lambda m: m.family("form"),
    "-long, says form": lambda m: m.family("form") & m.long,
    "-says rating": lambda m: m.family("rating"),
    "-says biography": lambda m: m.family("biography"),
    "-long, says biography": lambda m: m.family("biography") & m.sheet.where(m.words, at_least(25)),
    "-biography after the main text": lambda m: m.family("biography") & m.after_body,
    "-says consent": lambda m: m.family("consent"),
    "-says contents": lambda m: m.family("contents"),
    "-says share": lambda m: m.family("share"),
    "-says follow": lambda m: m.family("follow"),
    "-says site bar": lambda m: m.family("site bar"),
    "-says read more": lambda m: m.family("read more"),
    "-says advertisement": lambda m: m.family("advertisement"),
    "-says widget": lambda m: m.family("widget"),
    "-short, says credit": lambda m: _credits(m),
    "-long, says legal": lambda m: m.family("legal") & m.long,
    "-long, says comment": lambda m: m.family("comment") & m.long,
    "-long, says newsletter": lambda m: m.family("newsletter") & m.long,
    "-long, exclaims": lambda m: m.holding("!") & m.sheet.where(m.words, at_least(15)),
    "-begins again": lambda m: m.begins_again,
    "-words run together": lambda m: m.sheet.where(m.joints, at_least(3)) & m.sheet.no(m.of_kind("code")),
    "-many words run together": lambda m: m.sheet.where(m.joints, at_least(12)) & m.long,
    "-half made of phrases": lambda m: m.sheet.where(m.phrase_shares, at_least(40)),
    "-made of phrases": lambda m: m.sheet.where(m.phrase_shares, at_least(70)),
    "-lower case, apart": lambda m: _lower_case(m),
    "-item of a deeper level": lambda m: m.deeper_items,
    "-deeper items near, before the main text": lambda m: m.before_body & m.sheet.near(m.deeper_items, 5),
}


def _begins_with_digit(text: str) -> bool:
    return text[0].isdigit()


def _cites(m: Measures) -> Column:
    """The items that name a work as lists of references do."""
    return m.told(m.items, lambda text: "et al" in text or "doi" in text)


def _lower_case(m: Measures) -> Column:
    """The paragraphs of four words or more, between blank lines, that begin in lower case and end as no sentence."""
    alone = m.apart & m.sheet.before(m.apart) & m.sheet.no(m.sentence_ends) & m.sheet.where(m.words, at_least(4))
    return m.told(alone, lambda text: text[0].islower()) & m.of_kind("paragraph")


LONGEST_CREDIT = 30  # words


def _credits(m: Measures) -> Column:
    """The lines that say who made a picture: "Photo: ..." and its like."""
    return m.told(m.family("credit") & m.sheet.where(m.words, at_most(LONGEST_CREDIT)), has_credit_sign)


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
