"""Files that are complete or not there: a temporary file, fsync, rename.

This room knows nothing of pages.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import BinaryIO

from cleaner.errors import WriteError

THREADS = 8  # of a process that wait for the disk at once: its journal takes many files in the time of one
COPY_BYTES = 1 << 20


def write_whole(path: str, data: bytes, temporary_folder: str) -> int:
    """Writes a file whole, or leaves what was there; the number of its bytes. Raises OSError."""
    with _temporary(path, temporary_folder) as descriptor:  # no file object: for small files that is half the work
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    return len(data)


def make_whole(path: str, fill: Callable[[BinaryIO], None], temporary_folder: str) -> int:
    """Has a file filled and puts it in place whole, or leaves what was there; the number of its bytes."""
    with _temporary(path, temporary_folder) as descriptor, open(descriptor, "w+b", closefd=False) as file:
        fill(file)
        file.flush()
        return os.fstat(descriptor).st_size


@contextlib.contextmanager
def _temporary(path: str, temporary_folder: str) -> Iterator[int]:
    """An open file that is put in place at the end, or goes when something fails."""
    temporary = os.path.join(temporary_folder, os.urandom(8).hex())
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        try:
            yield descriptor
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        put_in_place(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def put_in_place(temporary: str, path: str) -> None:
    """Gives a finished file its name; its folder is made when it lacks."""
    try:
        _replace(temporary, path)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        _replace(temporary, path)


def _replace(temporary: str, path: str) -> None:
    try:
        os.replace(temporary, path)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy_beside(temporary, path)


def _copy_beside(temporary: str, path: str) -> None:
    """Puts a file in place on another file system, where it needs a temporary file of its own."""
    beside = os.path.join(os.path.dirname(path), f".cleaner-{os.urandom(6).hex()}.tmp")
    try:
        with open(temporary, "rb") as source, open(beside, "xb") as target:
            shutil.copyfileobj(source, target, COPY_BYTES)
            target.flush()
            os.fsync(target.fileno())
        os.replace(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise
    os.unlink(temporary)


def make_names_last(folders: Iterable[str]) -> None:
    """Has the disk keep the names that files were given in some folders, where it lets itself be told."""
    for folder in folders:
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def begin_writing(files: tuple[tuple[str, bytes], ...], temporary_folder: str) -> Future[int]:
    """Has a thread write files one after the other; gives the size of the last, or a WriteError."""
    return _threads(os.getpid()).submit(_write, files, temporary_folder)


def _write(files: tuple[tuple[str, bytes], ...], temporary_folder: str) -> int:
    size = 0
    for path, data in files:
        try:
            size = write_whole(path, data, temporary_folder)
        except OSError as error:
            raise WriteError(f"{path}: cannot be written: {error.strerror or error}") from None
    return size


@cache
def _threads(process: int) -> ThreadPoolExecutor:
    """The threads of this process: those of one that it was forked from are not there."""
    return ThreadPoolExecutor(THREADS, "cleaner-writing")


def start_threads() -> None:
    """Has all threads started, which later may take more memory than is left. Raises RuntimeError when one does not."""
    all_there = threading.Barrier(THREADS)
    try:
        started = [_threads(os.getpid()).submit(all_there.wait) for _ in range(THREADS)]
    except BaseException:
        all_there.abort()  # the others would wait for ever
        raise
    for waiting in started:
        waiting.result()
