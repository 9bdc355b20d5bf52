"""What each HTML element means to a reader, and the names of the facts that markup states about a block.

Facts are bits: ``TAG_FACTS`` are what elements and roles say, and stand in the low 64 bits of a number;
what classes and ids say stands above them. This room knows the HTML standard and reads no page.
"""

from __future__ import annotations

from typing import NamedTuple

# What elements, roles and attributes say of the text inside them; bit 0 comes first.
TAG_FACTS = (
    *("nav", "header", "footer", "aside", "form", "main", "article", "section"),
    *("dialog", "button", "label", "figure", "caption", "table", "row", "header cell"),
    *("list", "item", "definition", "quote", "code", "details", "summary", "link"),
    *("heading", "paragraph", "address", "time", "select", "field", "iframe", "noscript"),
    *("search", "tab", "banner", "contentinfo", "complementary", "alert", "status", "toolbar"),
    *("hidden", "not for screen readers", "not for snippets", "inert", "article body", "description", "author", "date"),
    *("review", "rating", "price", "name", "breadcrumb", "comment", "publisher", "image"),
    *("template", "menu", "feed", "note", "math", "emphasis"),
)
BIT = {name: 1 << number for number, name in enumerate(TAG_FACTS)}

INLINE, BLOCK, BREAK, SKIP, VOID = range(5)
SPECIAL = 5  # kinds from here on have a method of the walk


class Tag(NamedTuple):
    """How an element is read: its kind, the facts it states, the line breaks around it (2 for a blank line).

    ``mark`` is what an inline element means in Markdown.
    """

    kind: int
    facts: int = 0
    margin: int = 0
    mark: str = ""


def _tags() -> dict[str, Tag]:
    found = {name: Tag(BLOCK, 0, 1) for name in ("div", "body", "html", "head", "center", "fieldset", "legend", "dir")}
    found |= {name: Tag(BLOCK, BIT[fact], margin) for name, fact, margin in _BLOCKS}
    found |= {f"h{level}": Tag(BLOCK, BIT["heading"], 2) for level in range(1, 7)}
    found |= {name: Tag(INLINE, BIT[fact] if fact else 0, 0, mark) for name, fact, mark in _INLINES}
    found |= {name: Tag(SKIP) for name in _SKIPPED}
    found |= {name: Tag(VOID) for name in _VOIDS}
    found |= {name: Tag(SPECIAL) for name in SPECIAL_TAGS}
    found |= {name: Tag(VOID) for name in ("-comment", "-doctype")}
    found["br"] = Tag(BREAK)
    found["hr"] = Tag(BLOCK, 0, 2)
    return found


_BLOCKS = (
    *((name, name, 2) for name in ("article", "section", "main", "nav", "aside", "header", "footer", "form")),
    *(("p", "paragraph", 2), ("blockquote", "quote", 2), ("figure", "figure", 2), ("figcaption", "caption", 1)),
    *(("ul", "list", 2), ("ol", "list", 2), ("menu", "list", 2), ("dl", "list", 2)),
    *(("li", "item", 1), ("dt", "item", 1), ("dd", "definition", 1), ("details", "details", 2)),
    *(("summary", "summary", 1), ("dialog", "dialog", 2), ("address", "address", 1), ("search", "search", 1)),
    *(("pre", "code", 2), ("listing", "code", 2), ("xmp", "code", 2), ("plaintext", "code", 2)),
    *(("table", "table", 2), ("caption", "caption", 1), ("thead", "table", 1), ("tbody", "table", 1)),
    *(("tfoot", "table", 1), ("tr", "row", 1), ("td", "table", 1), ("th", "header cell", 1)),
    ("hgroup", "header", 2),
)
_INLINES = (
    *(("a", "link", "link"), ("button", "button", ""), ("label", "label", ""), ("time", "time", "")),
    *((name, "", "strong") for name in ("b", "strong")),
    *((name, "", "emphasis") for name in ("i", "em", "cite", "var", "dfn")),
    *((name, "", "code") for name in ("code", "kbd", "samp", "tt")),
    *(("del", "", "strike"), ("s", "", "strike"), ("strike", "", "strike")),
    *((name, "", "") for name in ("span", "font", "u", "small", "big", "sub", "sup", "abbr", "mark", "ins", "q")),
    *((name, "", "") for name in ("bdi", "bdo", "data", "output", "ruby", "rb", "rt", "rp", "nobr", "picture")),
    *(("math", "math", ""), ("slot", "", "")),
)
# No browser shows these, or none that can show the element itself.
_SKIPPED = (
    *("style", "object", "video", "audio", "canvas", "datalist", "map", "noembed", "applet", "desc"),
    *("metadata", "defs", "annotation", "annotation-xml", "frameset"),
)
_VOIDS = ("input", "source", "track", "embed", "area", "col", "param", "wbr", "frame", "bgsound")
SPECIAL_TAGS = (
    *("script", "title", "meta", "link", "noscript", "noframes", "template", "iframe", "svg", "img", "image", "base"),
    *("select", "textarea"),
)
TAGS = _tags()
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = frozenset(("ul", "ol", "menu", "dl", "dir"))
PREFORMATTED = frozenset(("pre", "listing", "xmp", "plaintext"))

# What a role says; those of the page's landmarks state the element's fact.
ROLE_FACTS = {
    **{name: BIT[name] for name in ("main", "article", "form", "dialog", "button", "search", "list", "table", "row")},
    **{name: BIT[name] for name in ("banner", "contentinfo", "complementary", "alert", "status", "toolbar", "feed")},
    **{name: BIT[name] for name in ("link", "heading", "figure", "menu", "note", "math")},
    "navigation": BIT["nav"],
    "alertdialog": BIT["dialog"],
    "tooltip": BIT["dialog"],
    "menubar": BIT["menu"],
    "menuitem": BIT["menu"] | BIT["item"],
    "listitem": BIT["item"],
    "tab": BIT["tab"],
    "tablist": BIT["tab"],
    "doc-footnote": BIT["note"],
    "doc-endnotes": BIT["note"],
    "option": BIT["select"],
    "listbox": BIT["select"],
    "combobox": BIT["select"],
    "region": BIT["section"],
    "definition": BIT["definition"],
}
# What a property of microdata says; of schema.org's many, those that tell content from chrome.
ITEM_FACTS = {
    "articlebody": BIT["article body"],
    "text": BIT["article body"],
    "reviewbody": BIT["review"] | BIT["article body"],
    "recipeinstructions": BIT["article body"],
    "recipeingredient": BIT["article body"],
    "ingredients": BIT["article body"],
    "description": BIT["description"],
    "abstract": BIT["description"],
    "author": BIT["author"],
    "creator": BIT["author"],
    "datepublished": BIT["date"],
    "datemodified": BIT["date"],
    "datecreated": BIT["date"],
    "review": BIT["review"],
    "reviewrating": BIT["rating"],
    "aggregaterating": BIT["rating"],
    "ratingvalue": BIT["rating"],
    "reviewcount": BIT["rating"],
    "offers": BIT["price"],
    "price": BIT["price"],
    "name": BIT["name"],
    "headline": BIT["name"],
    "breadcrumb": BIT["breadcrumb"],
    "itemlistelement": BIT["breadcrumb"],
    "comment": BIT["comment"],
    "publisher": BIT["publisher"],
}
