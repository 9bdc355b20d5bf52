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

# Text in a line; the same with something to be done at its begin and end; what begins a line; and so on. What is
# special has a method of the walk.
INLINE, MARKED, BLOCK, BREAK, SKIP, VOID, SPECIAL = range(7)
# What stands between two blocks: a br alone, the end of a line, a blank line.
BROKEN, LINE, BLANK = 1, 2, 3


class Tag(NamedTuple):
    """How an element is read: its kind, what stands around it, and what else is to be done for it.

    ``mark`` is what it means in Markdown, ``formatting`` says that a parser opens it again in each
    paragraph, ``splits`` that links side by side in it stand on lines of their own; ``facts`` is what
    it states.
    """

    name: str
    kind: int
    margin: int = 0
    mark: str = ""
    formatting: bool = False
    splits: bool = True
    facts: int = 0


def _tags() -> dict[str, Tag]:
    found = [Tag(name, BLOCK, LINE) for name in _LINES]
    found += [Tag(name, BLOCK, margin, splits=name not in _TOGETHER, facts=BIT[fact]) for name, fact, margin in _BLOCKS]
    found += [Tag(f"h{level}", BLOCK, BLANK, splits=False, facts=BIT["heading"]) for level in range(1, 7)]
    found += [
        Tag(
            name,
            MARKED if name in ("button", "time") or mark or name in _FORMATTING else INLINE,
            mark=mark,
            formatting=name in _FORMATTING,
            facts=BIT[fact] if fact else 0,
        )
        for name, fact, mark in _INLINES
    ]
    found += [Tag(name, SKIP) for name in _SKIPPED]
    found += [Tag(name, VOID) for name in _VOIDS]
    found += [Tag(name, SPECIAL) for name in _SPECIALS]
    found += [Tag("br", BREAK), Tag("hr", BLOCK, BLANK)]
    return {tag.name: tag for tag in found}


_LINES = ("div", "body", "html", "head", "center", "fieldset", "legend", "dir")
LISTS = frozenset(("ul", "ol", "menu", "dl"))
_TOGETHER = frozenset(("p", "li", "blockquote", "figcaption", "dd", "dt", "caption"))
_FORMATTING = frozenset(
    ("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
)
_BLOCKS = (
    *((name, name, BLANK) for name in ("article", "section", "main", "nav", "aside", "header", "footer", "form")),
    *(
        ("p", "paragraph", BLANK),
        ("blockquote", "quote", BLANK),
        ("figure", "figure", BLANK),
        ("figcaption", "caption", LINE),
    ),
    *(("ul", "list", LINE), ("ol", "list", LINE), ("menu", "list", LINE), ("dl", "list", LINE)),
    *(("li", "item", LINE), ("dt", "item", LINE), ("dd", "definition", LINE), ("details", "details", BLANK)),
    *(
        ("summary", "summary", LINE),
        ("dialog", "dialog", BLANK),
        ("address", "address", LINE),
        ("search", "search", LINE),
    ),
    *(("pre", "code", BLANK), ("listing", "code", BLANK), ("xmp", "code", BLANK), ("plaintext", "code", BLANK)),
    *(("table", "table", BLANK), ("caption", "caption", LINE), ("thead", "table", LINE), ("tbody", "table", LINE)),
    *(("tfoot", "table", LINE), ("tr", "row", LINE), ("td", "table", LINE), ("th", "header cell", LINE)),
    ("hgroup", "header", BLANK),
)
_INLINES = (
    *(("a", "", "link"), ("button", "button", ""), ("label", "label", ""), ("time", "time", "")),
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
_VOIDS = (
    "-comment",
    "-doctype",
    "input",
    "source",
    "track",
    "embed",
    "area",
    "col",
    "param",
    "wbr",
    "frame",
    "bgsound",
)
_SPECIALS = (
    *("script", "title", "meta", "link", "base", "noscript", "noframes", "template", "iframe", "svg", "img"),
    *("select", "textarea"),
)
TAGS = _tags()
CUSTOM = Tag("custom", INLINE)
FACTUAL = frozenset(name for name, tag in TAGS.items() if tag.kind < BLOCK and tag.facts)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
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
