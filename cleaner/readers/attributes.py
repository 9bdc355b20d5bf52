"""What the attributes of an element state: facts of roles, classes, microdata and hiding.

This room knows attributes, one element at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from cleaner.readers.classes import FAMILIES_OF
from cleaner.readers.tags import BIT, ITEM_FACTS, ROLE_FACTS, TAGS

LONGEST_ID = 4  # words; a longer one is made of a heading
LONGEST_LABEL = 60  # characters of a label for screen readers; a longer one is a sentence

_TAG_FACTS = {name: tag.facts for name, tag in TAGS.items()}
_APART = re.compile("[-_ ]")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


_NAMED_AFTER_TEXT = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))  # their ids repeat their words


def facts_of(name: str, attributes: Mapping[str, str | None]) -> int:
    """The facts that an element states, as bits."""
    facts = _TAG_FACTS.get(name, 0)
    if "class" in attributes:
        facts |= FAMILIES_OF[attributes["class"] or ""]
        if len(attributes) == 1:  # as with most elements
            return facts
    for key in attributes:
        if key in _READERS and (key != "id" or name not in _NAMED_AFTER_TEXT):
            facts |= _READERS[key](attributes[key] or "")
    return facts


def _role(value: str) -> int:
    return ROLE_FACTS.get(value.strip().lower(), 0)


def _hidden(value: str) -> int:
    return 0 if value.lower() == "until-found" else BIT["hidden"]


def _aria_hidden(value: str) -> int:
    return BIT["not for screen readers"] if value.lower() == "true" else 0


def _style(value: str) -> int:
    return BIT["hidden"] if _HIDING.search(value) else 0


def _property(value: str) -> int:
    facts = 0
    for name in value.lower().split():
        facts |= ITEM_FACTS.get(name.rpartition(":")[2], 0)
    return facts


def _id(value: str) -> int:
    return FAMILIES_OF[value] if len(_APART.findall(value)) < LONGEST_ID else 0


def _label(value: str) -> int:
    return FAMILIES_OF[value] if len(value) <= LONGEST_LABEL else 0


def _no_snippet(value: str) -> int:
    return BIT["not for snippets"]


def _inert(value: str) -> int:
    return BIT["inert"]


_READERS: dict[str, Callable[[str], int]] = {
    "id": _id,
    "role": _role,
    "hidden": _hidden,
    "aria-hidden": _aria_hidden,
    "style": _style,
    "itemprop": _property,
    "property": _property,
    "data-nosnippet": _no_snippet,
    "inert": _inert,
    "aria-label": _label,
    "data-testid": _label,
    "data-component": _label,
}
