"""Compressed files: gzip and zstd, of any number of members, read and written in pieces."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from cleaner.containers.extras import needed
from cleaner.errors import ReadError

GZIP_LEVEL = 6


def unpacking(file: BinaryIO, packing: str) -> BinaryIO:
    """The unpacked bytes of an open file."""
    if packing == "gz":
        return cast(BinaryIO, gzip.GzipFile(fileobj=file, mode="rb"))
    if packing == "zst":
        reader = needed("zstandard").ZstdDecompressor().stream_reader(file, read_across_frames=True)
        return cast(BinaryIO, io.BufferedReader(reader, 1 << 20))
    return file


def packed(data: bytes, packing: str) -> bytes:
    """The bytes as one member of a packed file; the same for the same bytes, whenever it is made."""
    if packing == "gz":
        return gzip.compress(data, GZIP_LEVEL, mtime=0)
    if packing == "zst":
        return cast(bytes, needed("zstandard").ZstdCompressor().compress(data))
    return data


def unpacked(data: bytes, packing: str) -> bytes:
    """The bytes of a packed page. Raises ReadError for what is damaged."""
    if not packing:
        return data
    with damage_named(packing):
        return unpacking(io.BytesIO(data), packing).read()


@contextmanager
def damage_named(packing: str) -> Iterator[None]:
    """Turns what the unpackers raise for damaged input into a ReadError."""
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ReadError(f"damaged {packing} data: {error}") from None
    except Exception as error:
        if type(error).__name__ != "ZstdError":
            raise
        raise ReadError(f"damaged zst data: {error}") from None
