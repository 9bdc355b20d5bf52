"""Strips boilerplate from scraped pages, and accounts for every removal."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = [
    "BatchResult",
    "CleanResult",
    "CleanerError",
    "Config",
    "FilterError",
    "Page",
    "Progress",
    "ReadError",
    "Removal",
    "UsageError",
    "account",
    "batch",
    "clean",
    "clean_many",
    "explain",
    "find_config",
    "load_config",
    "restore",
    "tally",
    "unified_diff",
]

if TYPE_CHECKING:
    from cleaner.audit import account, explain, restore, tally, unified_diff
    from cleaner.config import Config, find_config, load_config
    from cleaner.errors import CleanerError, FilterError, ReadError, UsageError
    from cleaner.page import Page, Removal
    from cleaner.pipeline import CleanResult, clean, clean_many
    from cleaner.runs import BatchResult, Progress, batch

# Where each name lives; imported when it is first asked for, so that `cleaner --help` reads no filter.
_ROOMS = {
    "audit": ("account", "explain", "restore", "tally", "unified_diff"),
    "config": ("Config", "find_config", "load_config"),
    "errors": ("CleanerError", "FilterError", "ReadError", "UsageError"),
    "page": ("Page", "Removal"),
    "pipeline": ("CleanResult", "clean", "clean_many"),
    "runs": ("BatchResult", "Progress", "batch"),
}


def __getattr__(name: str) -> object:
    """A public name, imported at its first use and then a plain attribute."""
    for room, names in _ROOMS.items():
        if name in names:
            found: object = getattr(import_module(f"cleaner.{room}"), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module 'cleaner' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
