"""What marked-up input shows of each block beside its words: links and their targets, levels, images.

Readers of marked-up formats fill it; filters and cues ask it. This room knows no format.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, cast

from cleaner.lazy import cached_property
from cleaner.page import Page

# What targets say, each told by the first of these that holds. The order is the closed vocabulary.
TARGET_KINDS = ("comments", "same_page", "script", "mail", "share", "account", "author", "tag", "media", "page")

# The parts of an address between its slashes that tell, a host's name among them.
_PARTS = {
    **dict.fromkeys(("sharer", "sharer.php", "share", "sharearticle", "shareoffsite", "intent", "submit"), "share"),
    **dict.fromkeys(("wa.me", "api.whatsapp.com", "t.me", "telegram.me"), "share"),
    **dict.fromkeys(("tag", "tags", "topic", "topics", "category", "categories", "label", "keyword"), "tag"),
    **dict.fromkeys(("schlagwort", "thema", "themen", "kategorie", "etiqueta", "etiquetas", "categoria"), "tag"),
    **dict.fromkeys(("author", "authors", "autor", "auteur", "profile", "user", "users"), "author"),
    **dict.fromkeys(("member", "members"), "author"),
    **dict.fromkeys(("login", "log-in", "signin", "sign-in", "signup", "sign-up", "register", "account"), "account"),
    **dict.fromkeys(("subscribe", "subscription", "newsletter", "newsletters", "cart", "checkout"), "account"),
    **dict.fromkeys(("logout", "my-account", "abo", "wp-login.php", "join"), "account"),
}
_SHARED_URL = re.compile(r"sharer|intent/|share\?|u(?:rl)?=http|addtoany|pin/create|sharearticle")
_SHARED_SIGNS = ("share", "intent/", "=http", "addtoany", "pin/create")  # without one of them that does not match
_COMMENTS = ("#comment", "#respond", "#disqus", "#reply", "#replies", "#kommentar")
_MEDIA = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".pdf", ".mp4", ".mp3")


class Markup:
    """The facts of one reading; lists run parallel to ``page.blocks``.

    ``visible`` counts a block's characters that a reader sees, white space left out (a link's text,
    not its target), ``link_chars`` those of them in links, ``levels`` is a heading's level or 0,
    ``depths`` how many lists a block stands in, ``images`` and ``links`` are counts, ``targets``
    the targets of the links. ``needs`` maps a block that shows nothing by itself, such as the head of
    a table or the definition of a link, to the blocks that need it.
    """

    def __init__(self) -> None:
        self.visible: list[int] = []
        self.link_chars: list[int] = []
        self.levels: list[int] = []
        self.depths: list[int] = []
        self.images: list[int] = []
        self.targets: list[tuple[str, ...]] = []
        self.needs: dict[int, tuple[int, ...]] = {}

    @cached_property
    def link_shares(self) -> list[float]:
        """The share of each block's visible characters that stand in links, 0 to 1; 0 where nothing is visible."""
        return [
            min(1.0, inside / visible) if visible else 0.0
            for inside, visible in zip(self.link_chars, self.visible, strict=True)
        ]

    @cached_property
    def target_kinds(self) -> list[tuple[str, ...]]:
        """The kinds of each block's targets, each once, in the order of ``TARGET_KINDS``; usually one."""
        return [_kinds(targets) if targets else () for targets in self.targets]

    def with_target(self, *kinds: str) -> list[bool]:
        """Which blocks have a link to a target of one of these kinds."""
        wanted = frozenset(kinds)
        return [not wanted.isdisjoint(found) for found in self.target_kinds]

    @cached_property
    def shows_nothing(self) -> list[bool]:
        """Which blocks have nothing to read: an image, a link around one, an empty item."""
        return [not visible for visible in self.visible]


class Structure(Protocol):
    """What the HTML reader tells of the elements around each block; columns are as in ``cues.columns``."""

    repeats: bytes
    in_evidence: bytes
    in_description: bytes
    title: int
    sections: list[tuple[int, range]]
    alike: list[list[int]]
    around: tuple[str, ...]
    after_gone: int
    before_gone: int

    def only(self, kept: bytes) -> Structure: ...
    def landmark(self, fact: str) -> int: ...
    def path(self, block: int) -> str: ...
    def inside(self, *facts: str) -> int: ...
    def near(self, fact: str) -> int: ...
    def in_small(self, fact: str) -> int: ...
    def shares(self, numbers: Sequence[int], of: Sequence[int], up: int) -> bytes: ...
    def main_column(self, weights: Sequence[int], percent: int) -> range: ...
    def begun_by(self, block: int) -> range: ...
    def after_title(self, weights: Sequence[int], percent: int) -> range: ...


# What elements, classes and ids call the frame that a site puts around its pages.
FRAME = (
    *("nav", "header", "footer", "aside", "banner", "contentinfo", "complementary", "menu", "search", "breadcrumb"),
    "dialog",
    *("class footer", "class header", "class menu", "class sidebar", "class breadcrumb", "class search"),
    *("class pager", "class toolbar", "class logo", "class contents list", "class modal"),
)


def structure_of(page: Page) -> Structure | None:
    """What is known of a page's elements; None for all input but HTML."""
    # No isinstance: to ask an object for all that a protocol lists would compute it.
    return cast(Structure, page.shared["markup"]) if page.format == "html" and "markup" in page.shared else None


def path_of(page: Page, block: int) -> str | None:
    """The elements that a block stands in, such as ``body>nav#menu``; None for all input but HTML."""
    structure = structure_of(page)
    return structure.path(block) if structure else None


def frame_of(structure: Structure | None) -> tuple[str, ...]:
    """The parts of a site's frame that a page's elements name; none for input without elements."""
    return tuple(name for name in FRAME if name in structure.around or structure.inside(name)) if structure else ()


def markup_of(page: Page) -> Markup | None:
    """What is known of a page's markup; None for plain text."""
    found = page.shared.get("markup")
    return found if isinstance(found, Markup) else None


def target_kind(target: str) -> str:
    """What a link's target says, a word of ``TARGET_KINDS``; page when it is some page or other."""
    target = target.lower()
    if "#" in target and any(sign in target for sign in _COMMENTS):
        return "comments"
    if target.startswith("#") or not target:
        return "same_page"
    if target.startswith("javascript:"):
        return "script"
    if target.startswith(("mailto:", "tel:")):
        return "share" if "subject=" in target else "mail"
    if any(map(target.__contains__, _SHARED_SIGNS)) and _SHARED_URL.search(target):
        return "share"
    path, _, _ = target.partition("?")
    parts = path.split("/")
    if not _PARTS.keys().isdisjoint(parts):
        return next(_PARTS[part] for part in parts if part in _PARTS)
    return "media" if path.endswith(_MEDIA) else "page"


def _kinds(targets: Sequence[str]) -> tuple[str, ...]:
    if len(targets) == 1:
        return (target_kind(targets[0]),)
    found = {target_kind(target) for target in targets}
    return tuple(sorted(found, key=TARGET_KINDS.index))


def needed(page: Page, markup: Markup, block: int) -> bool:
    """Whether a block that serves others still serves one that stands."""
    return any(not page.is_gone(other) for other in markup.needs.get(block, ()))
