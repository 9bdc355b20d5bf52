"""What stands in for a page's own text where that is missing, as on pages that a script builds.

From the nearest to the farthest: what the page holds for browsers without scripts, the texts of its
structured data, the prose in the data of its scripts, its title and description. Each is said.
"""

from __future__ import annotations

from collections.abc import Callable

from cleaner.readers.state import prose_of
from cleaner.readers.structured import body_text
from cleaner.readers.walk import RUNNING_CHARS, Walk

THIN_CHARS = 400  # of running text, below which noscript, templates and structured data are asked
EMPTY_CHARS = 100  # of any text, below which the data of scripts and the description are

_FALLBACKS = ("noscript", "template", "noframes")


def filled(walk: Walk) -> tuple[Walk, tuple[str, ...]]:
    """The walk, with text from elsewhere when its own is thin, and what is to be said about it."""
    if walk.has_running_text(THIN_CHARS):
        return walk, ()
    said: list[str] = []
    fuller = _with_fallbacks(walk)
    if fuller is not walk:
        walk = fuller
        said.append("what it holds for browsers without scripts is read")
    if _add_body_text(walk):
        said.append("its structured data's text is read")
    for add, what in _FARTHEST:
        if len(walk.text()) < EMPTY_CHARS and add(walk):
            said.append(what)
    return walk, tuple(f"the page's own text is missing; {what}" for what in said)


def _with_fallbacks(walk: Walk) -> Walk:
    """The walk with what stands in noscript and templates, when that is far more text."""
    if not any(name in walk.skipped for name in _FALLBACKS):
        return walk
    fuller = Walk(_FALLBACKS)
    fuller.run(walk.documents[0])
    return fuller if fuller.running_chars() > 2 * walk.running_chars() else walk


def _add_body_text(walk: Walk) -> bool:
    text = body_text(walk.head)
    is_wanted = len(text) > RUNNING_CHARS + 2 * walk.running_chars()
    if is_wanted:
        walk.add_text(text)
    return is_wanted


def _add_state(walk: Walk) -> bool:
    scripts = walk.documents[0].css('script[type="application/json"]')
    texts = prose_of(script.text() for script in scripts)
    for text in texts:
        walk.add_text(text)
    return bool(texts)


def _add_description(walk: Walk) -> bool:
    """Adds the description that the page does not show, under the title."""
    shown = walk.text()
    title, description = walk.head.facts.get("title") or walk.head.title, walk.head.facts.get("description", "")
    is_wanted = bool(description) and description not in shown
    if is_wanted:
        if title and title not in shown:
            walk.add_text(title, "heading")
        walk.add_text(description)
    return is_wanted


_FARTHEST: tuple[tuple[Callable[[Walk], bool], str], ...] = (
    (_add_state, "the prose in the data of its scripts is read"),
    (_add_description, "its title and description are read"),
)
