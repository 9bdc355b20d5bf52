"""What the attributes of an element state: facts of roles, classes, microdata and hiding.

This room knows attributes, one element at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from cleaner.readers.classes import CLASSES
from cleaner.readers.tags import BIT, CUSTOM, ITEM_FACTS, ROLE_FACTS, TAGS

LONGEST_LABEL = 60  # characters of a label for screen readers; a longer one is a sentence

_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def stated(name: str, attributes: Mapping[str, str | None]) -> tuple[int, str]:
    """The facts that an element states, and its shape: what its class has in common with its siblings'."""
    facts, shape = TAGS.get(name, CUSTOM).facts, ""
    if not attributes:
        return facts, shape
    for key, value in attributes.items():
        if value and key == "class":
            said, shape = CLASSES[value]
            facts |= said
        elif value and key == "id":
            facts |= CLASSES[value][0]
        elif key in _READERS:
            facts |= _READERS[key](value or "")
    return facts, shape


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


def _label(value: str) -> int:
    return CLASSES[value][0] if len(value) <= LONGEST_LABEL else 0


def _no_snippet(value: str) -> int:
    return BIT["not for snippets"]


def _inert(value: str) -> int:
    return BIT["inert"]


_READERS: dict[str, Callable[[str], int]] = {
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
