"""How a file that has changed is told from one that has not: by its stamp, and where that differs by its contents.

This room knows what file systems say of files, and bytes.
"""

from __future__ import annotations

import os
import time
from hashlib import sha256

TICK_NS = 20_000_000  # of the clock that file systems of this machine stamp files with: 10 ms at the most
COARSE_TICK_NS = 2_000_000_000  # of those that keep whole seconds (FAT: every other second)
SECOND_NS = 1_000_000_000
DIGEST_BYTES = 16


def stamp_of(status: os.stat_result) -> str:
    """The size and the times of a file's last change: that of its contents, and that of anything about it.

    The first can be set to any time by whoever replaces a file, the second cannot.
    """
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


def may_be_same(stamp: str, other: str) -> bool:
    """Whether two files with these stamps can have the same contents: they are equally long."""
    return stamp.partition(" ")[0] == other.partition(" ")[0]


def wait_for_tick(status: os.stat_result) -> None:
    """Waits until a file that changes from here on gets another stamp; nearly always that is so already."""
    latest = max(status.st_mtime_ns, status.st_ctime_ns)
    is_coarse = not (status.st_mtime_ns % SECOND_NS or status.st_ctime_ns % SECOND_NS)
    tick = COARSE_TICK_NS if is_coarse else TICK_NS
    left = latest + tick - time.time_ns()
    if 0 < left <= tick:  # more means that the file's time lies ahead of ours
        time.sleep(left / SECOND_NS)


def digest_of(data: bytes, before: str = "") -> str:
    """What stands for some bytes, and for all those before them, whose digest is given."""
    found = sha256(before.encode())  # in half the time of others, where the processor has instructions for it
    found.update(data)
    return found.hexdigest()[: 2 * DIGEST_BYTES]
