"""Cues about the elements of an HTML page that a block stands in; none for other input."""

import re

from cleaner.cues.columns import Column, at_least, at_most, between
from cleaner.cues.measures import Cue, Measures

_TAGS_AGAINST = (
    *("nav", "header", "footer", "aside", "form", "dialog", "button", "label", "figure", "caption", "address"),
    *("time", "select", "field", "iframe", "search", "banner", "contentinfo", "complementary", "alert", "status"),
    *("toolbar", "hidden", "not for screen readers", "not for snippets", "author", "date", "rating", "breadcrumb"),
    *("comment", "publisher", "menu", "summary", "link", "tab"),
)
_TAGS_FOR = (
    *("main", "article", "section", "table", "definition", "quote", "code", "details", "heading", "paragraph"),
    *("article body", "description", "review", "price", "name", "noscript", "list"),
)


_AGAINST = (
    *("footer", "header", "menu", "sidebar", "comment", "related", "share", "newsletter", "promotion", "consent"),
    *("modal", "breadcrumb", "byline", "bio", "tag", "legal", "search", "login", "signature", "caption", "button"),
    *("pager", "carousel", "widget", "toolbar", "facet", "contents list", "contact", "hidden", "reader text"),
    *("error", "chat", "app", "logo", "statistics", "user", "reference", "shop", "job"),
    *("reviews", "user panel", "form", "announcement"),
)
_FOR = ("article", "content", "description", "specification", "quotation", "code", "table", "step", "title")
_EITHER = ("card", "post", "tab", "product", "review", "section", "hero", "subject", "lead", "testimonial", "footnote")
_FAMILIES = {**dict.fromkeys(_AGAINST, "-"), **dict.fromkeys(_FOR, "+"), **dict.fromkeys(_EITHER, "+-")}


def _inside(fact: str) -> Cue:
    return lambda m: m.elements.inside(fact)


def _near(fact: str) -> Cue:
    return lambda m: m.elements.near(fact)


def _in_small(fact: str) -> Cue:
    return lambda m: m.elements.in_small(fact)


def _prose_share(up: int, test: bytes) -> Cue:
    return lambda m: m.sheet.where(m.prose_shares(up), test)


def _link_share(up: int, test: bytes) -> Cue:
    return lambda m: m.sheet.where(m.linked_shares(up), test)


def _main_column(percent: int) -> Cue:
    return lambda m: m.sheet.of_run(m.elements.main_column(m.prose_words, percent))


def _alike(least: int) -> Cue:
    return lambda m: m.sheet.where(m.elements.repeats, at_least(least))


def _short_alike(least: int) -> Cue:
    return lambda m: m.sheet.where(m.elements.repeats, at_least(least)) & m.short


def _soon_after_frame(reach: int) -> Cue:
    """The first blocks after what the frame took from the page."""
    return lambda m: m.after_frame | m.sheet.soon_after(m.after_frame, reach - 1)


def _soon_before_frame(reach: int) -> Cue:
    return lambda m: m.before_frame | m.sheet.soon_before(m.before_frame, reach - 1)


def _under_frame(m: Measures) -> Column:
    """The lines that end in no sentence between what the frame took and the next heading: above it, of its section."""
    found, heading, under = bytearray(m.sheet.size), m.sheet.bytes_of(m.headings), False
    after = m.sheet.bytes_of(m.after_frame)
    for block in range(m.sheet.size):
        under = (under or bool(after[block])) and not heading[block]
        found[block] = under
    return m.sheet.of(found) & m.sheet.no(m.sentence_ends) & m.sheet.soon_before(m.headings, 12)


_HEADED = ("reviews", "goods", "related", "comment", "newsletter", "consent", "legal", "rating", "contents", "bio")
LONGEST_HEADING = 8  # words of a heading that names a section
_COUNTED = re.compile(r"\(\d[\d,. ]*\)$")


def _headed(family: str) -> Cue:
    """What stands in an element that begins with a heading of a family."""

    def column(m: Measures) -> Column:
        headings = m.family(family) & m.sheet.where(m.words, at_most(LONGEST_HEADING))
        if not headings:
            return 0
        flags, found = m.sheet.bytes_of(headings), bytearray(m.sheet.size)
        for heading, blocks in m.elements.sections:
            if flags[heading]:
                found[blocks.start : blocks.stop] = b"\x01" * len(blocks)
        return m.sheet.of(found)

    return column


def _after_title_element(percent: int) -> Cue:
    return lambda m: m.sheet.of_run(m.elements.after_title(m.features.words, percent))


CUES: dict[str, Cue] = {
    **{f"-inside {fact}": _inside(fact) for fact in _TAGS_AGAINST},
    **{f"+inside {fact}": _inside(fact) for fact in _TAGS_FOR},
    **{f"-in a small {fact}": _in_small(fact) for fact in ("header", "footer", "section", "form", "list")},
    **{f"+in its {fact}": _near(fact) for fact in ("paragraph", "list", "main", "article")},
    **{f"{sign}in class {family}": _inside(f"class {family}") for family, signs in _FAMILIES.items() for sign in signs},
    **{f"{sign}near class {family}": _near(f"class {family}") for family, signs in _FAMILIES.items() for sign in signs},
    **{
        f"{sign}in a small class {family}": _in_small(f"class {family}")
        for family, signs in _FAMILIES.items()
        for sign in signs
    },
    **{f"+prose 50 % of the element {up} up": _prose_share(up, at_least(50)) for up in (1, 2, 3)},
    **{f"-no prose in the element {up} up": _prose_share(up, between(0, 0)) for up in (1, 2, 3)},
    **{f"-links 50 % of the element {up} up": _link_share(up, at_least(50)) for up in (1, 2, 3)},
    **{f"+links under 10 % of the element {up} up": _link_share(up, between(0, 9)) for up in (1, 2, 3)},
    **{f"+in the element with {percent} % of the prose": _main_column(percent) for percent in (50, 75, 90)},
    **{f"+one of {least} alike": _alike(least) for least in (3, 8, 20)},
    **{f"-short, one of {least} alike": _short_alike(least) for least in (3, 8, 20)},
    **{f"-in a section headed {family}": _headed(family) for family in _HEADED},
    "-reviews on a page of goods": lambda m: _headed("reviews")(m) & _goods(m),
    "-in class reviews on a page of goods": lambda m: m.elements.inside("class reviews") & _goods(m),
    "-facet count": lambda m: _facets(m),
    **{f"-after the title's element, {percent} %": _after_title_element(percent) for percent in (25, 50)},
    "+as the page's description": lambda m: m.sheet.of(m.elements.in_description),
    "-caption": lambda m: _captions(m),
    "-caption on a page of prose": lambda m: _captions(m) & m.sheet.when(m.prose_share >= 0.4),
    "-in a small class related, linked or short": lambda m: _related(m),
    "+in the structured data": lambda m: m.sheet.of(m.elements.in_evidence),
    "-just after the frame": lambda m: m.after_frame,
    "-just before the frame": lambda m: m.before_frame,
    **{f"-in {reach} after the frame": _soon_after_frame(reach) for reach in (3, 8)},
    **{f"-in {reach} before the frame": _soon_before_frame(reach) for reach in (3, 8)},
    "-short, in 8 after the frame": lambda m: _soon_after_frame(8)(m) & m.short,
    "-short, in 8 before the frame": lambda m: _soon_before_frame(8)(m) & m.short,
    "-links in it, in 8 after the frame": lambda m: (
        _soon_after_frame(8)(m) & m.sheet.where(m.link_shares, at_least(20))
    ),
    "-no heading between it and the frame": lambda m: _under_frame(m),
    "-before the title": lambda m: m.sheet.of_run(range(max(0, m.elements.title))),
    "+the title": lambda m: _after_title(m, 0, 1),
    "+in 10 after the title": lambda m: _after_title(m, 0, 10),
    "-far after the title": lambda m: _after_title(m, 150, m.sheet.size),
    "+one of 3 alike, little prose": lambda m: _alike(3)(m) & m.sheet.when(m.prose_share < 0.3),
}


def _goods(m: Measures) -> Column:
    """All blocks of a page that sells something."""
    return m.sheet.when(m.family("shop").bit_count() >= 3)


def _facets(m: Measures) -> Column:
    """Short lines of a list that end in how many there are: "Boots (12)"."""
    some = m.sheet.where(m.words, at_most(LONGEST_HEADING)) & m.sheet.where(m.elements.repeats, at_least(3))
    return some & m.sheet.of([text[-1] == ")" and _COUNTED.search(text) is not None for text in m.texts])


def _captions(m: Measures) -> Column:
    """The captions of figures, but long ones."""
    near = m.elements.near("caption") | m.elements.near("class caption")
    return near & m.sheet.where(m.words, at_most(59))


def _related(m: Measures) -> Column:
    linked = m.sheet.where(m.link_shares, at_least(30)) | m.headings | m.sheet.where(m.words, at_most(7))
    return m.elements.in_small("class related") & linked & m.sheet.when(m.prose_share >= 0.3)


def _after_title(m: Measures, first: int, last: int) -> Column:
    """The blocks from so many after the title to so many after it; none on a page without a title."""
    title, size = m.elements.title, m.sheet.size
    return m.sheet.of_run(range(min(size, title + first), min(size, title + last))) if title >= 0 else 0
