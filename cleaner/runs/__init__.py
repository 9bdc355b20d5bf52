"""Batch runs: files, folders and containers cleaned by many workers, restartable, with nothing lost.

This room knows the library and the file system; what a person is shown it does not know.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__all__ = ["BatchResult", "Progress", "batch"]

if TYPE_CHECKING:
    from cleaner.runs.facts import BatchResult, Progress
    from cleaner.runs.run import batch

_MODULES = {"BatchResult": "facts", "Progress": "facts", "batch": "run"}


def __getattr__(name: str) -> object:
    """A public name, imported at its first use: a worker needs none of what starts and counts workers."""
    if name in _MODULES:
        found: object = getattr(import_module(f"cleaner.runs.{_MODULES[name]}"), name)
        globals()[name] = found
        return found
    raise AttributeError(f"module 'cleaner.runs' has no attribute {name!r}")
