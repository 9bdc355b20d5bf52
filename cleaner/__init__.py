"""Strips boilerplate from scraped pages, and accounts for every removal."""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = [
    "CleanResult",
    "CleanerError",
    "Config",
    "FilterError",
    "Page",
    "ReadError",
    "Removal",
    "UsageError",
    "account",
    "clean",
    "clean_many",
    "explain",
    "find_config",
    "load_config",
    "restore",
    "tally",
    "unified_diff",
]

from cleaner.audit import account, explain, restore, tally, unified_diff
from cleaner.config import Config, find_config, load_config
from cleaner.errors import CleanerError, FilterError, ReadError, UsageError
from cleaner.page import Page, Removal
from cleaner.pipeline import CleanResult, clean, clean_many
