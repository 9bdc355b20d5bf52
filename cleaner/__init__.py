"""Strips boilerplate from scraped pages, and accounts for every removal."""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["CleanResult", "Config", "clean"]

from cleaner.config import Config
from cleaner.pipeline import CleanResult, clean
