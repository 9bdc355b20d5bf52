"""Where the bytes come from: files named on the command line, or standard input.

This room knows nothing of pages; what cannot be read becomes an error with a name in it.
"""

from __future__ import annotations

import os
import sys

from cleaner.errors import ReadError, UsageError

STDIN = "-"
STDIN_NAME = "standard input"


def stdin_is_terminal() -> bool:
    """Whether a person would have to type the input."""
    return sys.stdin is not None and sys.stdin.isatty()


def read_input(path: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``.

    Raises UsageError for what is not there to be read, ReadError for what is there and cannot be.
    """
    if path == STDIN:
        return _read_stdin()
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError("no such file; check the name, or use - for standard input") from None
    except IsADirectoryError:
        raise UsageError(f"is a directory; name the files in it, such as {os.path.join(path, '*.txt')}") from None
    except PermissionError:
        raise ReadError("permission denied; make the file readable for you") from None
    except OSError as error:
        raise ReadError(f"cannot be read: {error.strerror or error}") from None


def _read_stdin() -> bytes:
    if sys.stdin is None:
        raise UsageError("is closed; name a file, or pipe a page in")
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise ReadError(f"cannot be read: {error.strerror or error}") from None
