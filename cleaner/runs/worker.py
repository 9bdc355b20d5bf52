"""The process of a worker: takes tasks from its standard input and sends outcomes back, one at a time.

Started as ``python -c`` with the caller's import path, so that no caller's main module is run again.
"""

from __future__ import annotations

import contextlib
import gc
import mmap
import os
import pickle
import struct
import sys
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from cleaner.runs.choices import Choices, Task

BEAT = struct.Struct("QQ")  # how many records were begun, and the place of the last one in its task
READY = "ready"
PDEATHSIG, SIGKILL = 1, 9
NEEDS_MEMORY = 75  # the exit code of a process whose task needs more memory than is left in it


def send(stream: BinaryIO, value: object) -> None:
    """Writes one pickled value; long bytes in it are not copied for that."""
    pickle.dump(value, stream, pickle.HIGHEST_PROTOCOL)
    stream.flush()


def receive(stream: BinaryIO) -> object:
    """The next value; raises EOFError when the other side is gone."""
    try:
        return pickle.load(stream)
    except pickle.UnpicklingError:  # it went in the middle of a value
        raise EOFError from None


def main(beat_path: str, parent: int) -> None:
    """Works until the other side is gone."""
    _die_with(parent)
    tasks, outcomes = _own_streams()
    with open(beat_path, "r+b") as file:
        beats = mmap.mmap(file.fileno(), BEAT.size)
    begun = 0

    def beat(place: int) -> None:
        nonlocal begun
        begun += 1
        BEAT.pack_into(beats, 0, begun, place)

    with contextlib.suppress(EOFError, BrokenPipeError):
        choices, memory_bytes, modules = cast("tuple[Choices, int, tuple[str, ...]]", receive(tasks))
        from importlib import import_module

        from cleaner.runs.work import Trial, perform, warm_up

        for module in modules:
            import_module(module)
        warm_up()
        # Python looks for cycles between tasks: pages have none, and what was loaded stays.
        gc.disable()
        gc.freeze()
        _limit_memory(memory_bytes)
        send(outcomes, READY)
        used = False
        try:
            while True:
                task, refused = cast("tuple[Task, dict[int, str]]", receive(tasks))
                send(outcomes, perform(choices, task, Trial(refused, beat, used)))
                gc.collect(1)  # what is older was looked at
                used = True
        except MemoryError:
            os._exit(NEEDS_MEMORY)


def _own_streams() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for this room alone: what a library prints goes to standard error."""
    tasks, outcomes = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    os.dup2(2, 1)
    return tasks, outcomes


def _die_with(parent: int) -> None:
    """Lets Linux end this process with its parent, also one that is killed while this one hangs."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PDEATHSIG, SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _limit_memory(allowed_bytes: int) -> None:
    """Lets this process take so many bytes more than it has now, where the system can hold it to that."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        with open("/proc/self/statm") as file:
            pages = int(file.read().split()[0])
        limit = pages * resource.getpagesize() + allowed_bytes
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if limit < sys.maxsize:  # more is none
            resource.setrlimit(resource.RLIMIT_AS, (limit if hard < 0 else min(limit, hard), hard))
