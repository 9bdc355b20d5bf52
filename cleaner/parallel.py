"""A function over many items, in several processes, with the results in order.

This room knows nothing of pages.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

CHUNK_ITEMS = 8  # pages take milliseconds each: sending them one by one would cost as much
CHUNKS_AHEAD = 4  # for each process; more would only fill the memory with waiting items


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def mapped(
    function: Callable[[Item], Result], items: Iterable[Item], *, jobs: int, chunk_items: int = CHUNK_ITEMS
) -> Iterator[Result]:
    """The results, in the order of the items and as they are ready; items are read a little ahead.

    With more than one job the function, the items and the results must pickle. What the function
    raises is raised here, and the rest is given up.
    """
    if jobs == 1:
        yield from map(function, items)
        return
    pool = ProcessPoolExecutor(jobs, initializer=_ignore_interrupts)
    try:
        pending: deque[Future[list[Result]]] = deque()
        for chunk in _chunks(items, chunk_items):
            pending.append(pool.submit(_each, function, chunk))
            if len(pending) > jobs * CHUNKS_AHEAD:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _ignore_interrupts() -> None:
    # Ctrl-C reaches every process of the terminal; only the first one is to speak and to end the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk


def _each(function: Callable[[Item], Result], chunk: list[Item]) -> list[Result]:
    return list(map(function, chunk))
