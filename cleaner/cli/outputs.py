"""Where the bytes go: standard output, or a file that is complete or not there at all.

This room knows nothing of pages.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterable, Mapping

from cleaner.errors import UsageError, WriteError
from cleaner.escapes import encoded, shown, shown_json

STDOUT = "-"
_STDOUT_NAMES = (STDOUT, "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")


def is_stdout(path: str) -> bool:
    """Whether a name is standard output's."""
    return path in _STDOUT_NAMES


def stdout_is_terminal() -> bool:
    """Whether a person reads standard output."""
    return sys.stdout is not None and sys.stdout.isatty()


def write_stdout(data: bytes) -> None:
    """Writes bytes to standard output as they are. Raises WriteError; a closed pipe passes as it is."""
    if sys.stdout is None:
        raise WriteError("standard output: is closed; redirect it to a file, or use -o FILE")
    try:
        sys.stdout.buffer.write(data)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise WriteError(f"standard output: {error.strerror or error}") from None


def print_text(text: str) -> None:
    """Writes text to standard output: the characters themselves, or shown escaped on a terminal."""
    write_stdout(encoded(shown(text) if stdout_is_terminal() else text))


def print_shown(text: str) -> None:
    """Writes text in which nothing needs to be escaped any more, so that colours come through."""
    write_stdout(encoded(text))


def print_json(document: str) -> None:
    """Writes a JSON document to standard output; on a terminal with more of its characters escaped."""
    write_stdout(encoded(shown_json(document) if stdout_is_terminal() else document))


def say(message: str) -> None:
    """Writes one line to standard error, in the program's name and without control characters."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            line = shown(message).replace("\n", "\\n")
            print(f"cleaner: {line}", file=sys.stderr, flush=True)


def check_targets(targets: Mapping[str, str], *, inputs: Iterable[str] = ()) -> None:
    """Raises UsageError when an output surely cannot be written, so that it is said before any work.

    ``targets`` maps an option to its file. Only ``-o`` may replace the input it was made from.
    """
    taken: dict[str, str] = {}
    for option, path in targets.items():
        if path == STDOUT or _is_stream(path):
            continue
        target = _real(path)
        _check_file(path, target)
        if target in taken:
            raise UsageError(f"{path}: named by {taken[target]} and by {option}; name two files")
        if option != "-o" and any(os.path.realpath(one) == target for one in inputs):
            raise UsageError(f"{path}: is the input, and {option} would replace it; name another file")
        taken[target] = option


def _real(path: str) -> str:
    """The path without links. Raises UsageError for an empty one, and for any when the working directory is gone."""
    try:
        if path:
            return os.path.realpath(path)
    except OSError:
        raise UsageError(f"{path}: the working directory is gone; change to another") from None
    raise UsageError("an output has an empty name; name a file, or - for standard output")


def _check_file(path: str, target: str) -> None:
    folder = os.path.dirname(target)
    if os.path.isdir(target):
        raise UsageError(f"{path}: is a directory; name a file in it")
    if not os.path.isdir(folder):
        raise UsageError(f"{path}: the folder {folder} does not exist; create it first")
    if os.path.exists(target) and not os.access(target, os.W_OK):
        raise UsageError(f"{path}: is read-only; name another file, or make it writable")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(f"{path}: no permission to write in {folder}; choose another folder")


def write_target(path: str, data: bytes) -> None:
    """Writes a whole file, or leaves what was there; ``-``, devices and named pipes are written straight.

    A link stays a link, and a file keeps its mode. Raises WriteError; a closed pipe passes as it is.
    """
    if path == STDOUT or _is_open_as(1, path):
        write_stdout(data)
        return
    try:
        if _is_stream(path):
            with open(path, "wb") as stream:
                stream.write(data)
        else:
            _replace(os.path.realpath(path), data)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise WriteError(f"{path}: cannot be written: {error.strerror or error}") from None


def _is_stream(path: str) -> bool:
    """Whether a path is there and is no regular file: a terminal, /dev/null, a named pipe."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _is_open_as(descriptor: int, path: str) -> bool:
    """Whether a path such as /dev/stdout is what this process has open already."""
    if not path.startswith(("/dev/", "/proc/")):
        return False
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except OSError:
        return False


def _replace(target: str, data: bytes) -> None:
    temporary = os.path.join(os.path.dirname(target), f".cleaner-{os.urandom(6).hex()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            os.chmod(temporary, stat.S_IMODE(os.stat(target).st_mode))
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
