"""Containers: many pages in one file, whose other fields pass through untouched.

This room knows bytes, rows and file names; what is done to a page it does not know.
"""

from __future__ import annotations

from typing import NamedTuple

PACKINGS = {".gz": "gz", ".zst": "zst"}
CONTAINERS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".warc": "warc",
    ".wet": "warc",
}


class Kind(NamedTuple):
    """What a file is: its container (empty for a single page) and its packing (empty, gz or zst)."""

    container: str
    packing: str


PAGE = Kind("", "")
_SUFFIXES = (*PACKINGS, *CONTAINERS)


def kind_of(name: str) -> Kind:
    """The kind that a file's name says."""
    lowered = name.lower()
    if not lowered.endswith(_SUFFIXES):
        return PAGE
    packing = next((packing for suffix, packing in PACKINGS.items() if lowered.endswith(suffix)), "")
    bare = lowered.removesuffix(f".{packing}") if packing else lowered
    return Kind(next((kind for suffix, kind in CONTAINERS.items() if bare.endswith(suffix)), ""), packing)


def unpacked_name(name: str) -> str:
    """A file's name without the suffix of its packing."""
    packing = kind_of(name).packing
    return name[: -len(packing) - 1] if packing else name


class Shard(NamedTuple):
    """A run of a container's records, as one worker is given them.

    ``first`` is the number of its first record, from 1, ``following`` that of the next shard's, and
    ``end`` where that begins, in the reader's own measure; all depend on the container alone.
    ``position`` is how many bytes of the file have been read. ``why`` is set for a shard of one record
    that is too long to be handed on, and says so.
    """

    number: int
    first: int
    data: bytes
    following: int
    end: int
    position: int
    why: str = ""


class Row(NamedTuple):
    """One record: its number from 1, its page, or ``why`` there is none, and whether it is passed over as no page.

    ``charset`` is what its server said of its encoding.
    ``raw`` is what the container's own writer makes the same record of again.
    """

    number: int
    page: str | bytes
    raw: object
    url: str | None = None
    why: str = ""
    skipped: bool = False
    format: str | None = None
    charset: str | None = None


LONGEST_BYTES = 1 << 27  # of a record: a few packed bytes must not fill the memory
TOO_LONG = f"is longer than {LONGEST_BYTES >> 20} MB; split it"
TEXT, SHARE, WARNINGS = ADDED = ("clean_text", "clean_removed", "clean_warnings")
