"""Compressed files: gzip and zstd, of any number of members, read and written in pieces."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from cleaner.containers.extras import needed
from cleaner.errors import ReadError

GZIP_LEVEL = 6
PACKED_BYTES = 1 << 10  # of zstd that are unpacked at a time: made to hurt, they may hold 32 MB


def unpacking(file: io.BufferedIOBase, packing: str) -> io.BufferedIOBase:
    """The unpacked bytes of an open file."""
    if packing == "gz":
        return gzip.GzipFile(fileobj=cast(BinaryIO, file), mode="rb")
    if packing == "zst":
        return io.BufferedReader(_Frames(file), 1 << 20)
    return file


class _Frames(io.RawIOBase):
    """The unpacked bytes of zstd frames. Raises EOFError within a frame, where the package's own reader just ends."""

    def __init__(self, file: io.BufferedIOBase) -> None:
        self._file = file
        self._unpacker = needed("zstandard").ZstdDecompressor()
        self._frame = self._unpacker.decompressobj()
        self._begun = False
        self._packed = b""
        self._waiting = memoryview(b"")

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills a buffer and gives the number of bytes; 0 at the end."""
        while not self._waiting and self._more():
            pass
        count = min(len(buffer), len(self._waiting))
        buffer[:count] = self._waiting[:count]
        self._waiting = self._waiting[count:]
        return count

    def _more(self) -> bool:
        """Unpacks a little more; False at the end of the file."""
        self._packed = self._packed or self._file.read(PACKED_BYTES)
        if not self._packed:
            if self._begun:
                raise EOFError("it ends within a frame")
            return False
        self._waiting = memoryview(self._frame.decompress(self._packed))
        self._packed, self._begun = self._frame.unused_data, not self._frame.eof
        if self._frame.eof:
            self._frame = self._unpacker.decompressobj()
        return True


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
