"""Opens files that are read as pages or containers: regular ones alone, whatever they were when they were found."""

from __future__ import annotations

import os
import stat
from io import BufferedReader

from cleaner.errors import ReadError


def open_regular(path: str) -> BufferedReader:
    """The file, open. Raises OSError, and ReadError for a named pipe or device, which is not waited for."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ReadError("is no regular file any more")
    return open(descriptor, "rb")
