"""Cues about the elements of an HTML page that a block stands in; none for other input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from cleaner.cues.columns import Column, Sheet, at_least, between
from cleaner.cues.measures import Measures


@runtime_checkable
class Elements(Protocol):
    """What the HTML reader tells of the elements around each block; see its own documentation."""

    repeats: bytes
    in_evidence: bytes
    title: int

    def inside(self, fact: str) -> Column: ...
    def near(self, fact: str) -> Column: ...
    def in_small(self, fact: str) -> Column: ...
    def shares(self, numbers: Sequence[int], of: Sequence[int], up: int) -> bytes: ...
    def main_column(self, weights: Sequence[int], percent: int) -> range: ...


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
)
_FOR = ("article", "content", "description", "specification", "quotation", "code", "table", "step", "title")
_EITHER = ("card", "post", "tab", "product", "review", "section", "hero", "subject")
_FAMILIES = {**dict.fromkeys(_AGAINST, "-"), **dict.fromkeys(_FOR, "+"), **dict.fromkeys(_EITHER, "+-")}


def element_cues(m: Measures) -> dict[str, Column]:
    """The cues by name; the sign before a name is the one its points must have."""
    elements = m.page.shared.get("markup")
    if not isinstance(elements, Elements):
        return {}
    return {**_tag_cues(elements), **_class_cues(elements), **_structure_cues(m, elements)}


def _tag_cues(elements: Elements) -> dict[str, Column]:
    cues = {f"-inside {fact}": elements.inside(fact) for fact in _TAGS_AGAINST}
    cues |= {f"+inside {fact}": elements.inside(fact) for fact in _TAGS_FOR}
    cues |= {f"-in a small {fact}": elements.in_small(fact) for fact in ("header", "footer", "section", "form", "list")}
    cues |= {f"+in its {fact}": elements.near(fact) for fact in ("paragraph", "list", "main", "article")}
    return cues


def _class_cues(elements: Elements) -> dict[str, Column]:
    cues = {}
    for family, sign in _FAMILIES.items():
        for one in sign:
            cues[f"{one}in class {family}"] = elements.inside(f"class {family}")
            cues[f"{one}near class {family}"] = elements.near(f"class {family}")
            cues[f"{one}in a small class {family}"] = elements.in_small(f"class {family}")
    return cues


def _structure_cues(m: Measures, elements: Elements) -> dict[str, Column]:
    sheet, words = m.sheet, m.features.words
    prose = [count if found else 0 for count, found in zip(words, m.features.prose, strict=True)]
    linked = m.linked_words
    cues: dict[str, Column] = {}
    for up in (1, 2, 3):
        share = elements.shares(prose, words, up)
        cues[f"+prose 50 % of the element {up} up"] = sheet.where(share, at_least(50))
        cues[f"-no prose in the element {up} up"] = sheet.where(share, between(0, 0))
        links = elements.shares(linked, words, up)
        cues[f"-links 50 % of the element {up} up"] = sheet.where(links, at_least(50))
        cues[f"+links under 10 % of the element {up} up"] = sheet.where(links, between(0, 9))
    for percent in (50, 75, 90):
        cues[f"+in the element with {percent} % of the prose"] = sheet.of_blocks(elements.main_column(prose, percent))
    repeats = elements.repeats
    for least in (3, 8, 20):
        cues[f"+one of {least} alike"] = sheet.where(repeats, at_least(least))
        cues[f"-short, one of {least} alike"] = sheet.where(repeats, at_least(least)) & m.short
    cues["+in the structured data"] = sheet.of(elements.in_evidence)
    cues |= _title_cues(sheet, elements.title)
    cues["+one of 3 alike, little prose"] = sheet.where(repeats, at_least(3)) & sheet.when(
        sum(prose) < 0.3 * (sum(words) or 1)
    )
    return cues


def _title_cues(sheet: Sheet, title: int) -> dict[str, Column]:
    found = title >= 0
    return {
        "-before the title": sheet.of_blocks(range(title)) if found else 0,
        "+the title": sheet.of_blocks((title,)) if found else 0,
        "+in 10 after the title": sheet.of_blocks(range(title, min(sheet.size, title + 10))) if found else 0,
        "-far after the title": sheet.of_blocks(range(min(sheet.size, title + 150), sheet.size)) if found else 0,
    }
