"""Files that are complete or not there: a temporary file, fsync, rename.

This room knows nothing of pages.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO

THREADS = 8  # that wait for the disk at once: its journal takes many files in the time of one


def write_whole(path: str, data: bytes, temporary_folder: str) -> int:
    """Writes a file whole, or leaves what was there; the number of its bytes. Raises OSError."""

    def fill(file: BinaryIO) -> None:
        file.write(data)

    return make_whole(path, fill, temporary_folder)


def make_whole(path: str, fill: Callable[[BinaryIO], None], temporary_folder: str) -> int:
    """Has a file filled and puts it in place whole, or leaves what was there; the number of its bytes."""
    temporary = os.path.join(temporary_folder, os.urandom(8).hex())
    try:
        descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        with open(descriptor, "w+b") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
            size = os.fstat(file.fileno()).st_size
        put_in_place(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    return size


def put_in_place(temporary: str, path: str) -> None:
    """Gives a finished file its name; its folder is made when it lacks."""
    try:
        os.replace(temporary, path)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.replace(temporary, path)


class Writing:
    """A context in which files are written beside the work; its end waits for all of them."""

    def __init__(self, temporary_folder: str) -> None:
        self.temporary_folder = temporary_folder
        self._threads = ThreadPoolExecutor(THREADS, "cleaner-writing")

    def __enter__(self) -> Writing:
        return self

    def __exit__(self, *unused: object) -> None:
        self._threads.shutdown(wait=True)

    def write(self, files: tuple[tuple[str, bytes], ...]) -> Future[int]:
        """Writes files one after the other; gives the size of the last, or the first error."""
        return self._threads.submit(self._write, files)

    def _write(self, files: tuple[tuple[str, bytes], ...]) -> int:
        size = 0
        for path, data in files:
            size = write_whole(path, data, self.temporary_folder)
        return size
