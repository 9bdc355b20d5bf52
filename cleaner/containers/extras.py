"""Packages that only some containers need: imported when used, with an error that names the extra."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from cleaner.errors import UsageError

EXTRAS = {"pyarrow": "parquet", "fastwarc": "warc", "zstandard": "zst"}


def needed(module: str) -> Any:
    """A module of an optional package. Raises UsageError, with the command that installs it."""
    package = module.partition(".")[0]
    try:
        return import_module(module)
    except ImportError:
        extra = EXTRAS[package]
        raise UsageError(f"needs the package {package}; install it with: pip install 'cleaner[{extra}]'") from None
