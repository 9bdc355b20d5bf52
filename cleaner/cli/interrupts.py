"""Ctrl-C: the first ends what is under way in order, a second one ends the program at once.

This room knows signals and nothing of commands.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

INTERRUPTED = 130


@contextlib.contextmanager
def interrupts(*numbers: signal.Signals, at_once: Callable[[], object]) -> Iterator[None]:
    """Has the first of these signals raise KeyboardInterrupt, and a second one end the program after ``at_once``."""
    try:
        before = _take(*numbers, at_once=at_once)
    except ValueError:  # not in the main thread, which alone may ask for signals
        yield
        return
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _take(*numbers: signal.Signals, at_once: Callable[[], object]) -> dict[signal.Signals, Any]:
    """The handlers before."""

    def first(number: int, frame: FrameType | None) -> None:
        for one in numbers:
            signal.signal(one, second)
        raise KeyboardInterrupt

    def second(number: int, frame: FrameType | None) -> None:
        try:
            at_once()
        finally:
            os._exit(INTERRUPTED)

    return {one: signal.signal(one, first) for one in numbers}


def exit_code_of(work: Callable[[], int]) -> int:
    """The exit code of all that the program does; once it is interrupted, it ends here, with no other code than 130.

    Left to end by itself, the interpreter would have the system deal with a second interrupt, and kills
    itself by a signal when the first came while it ran code that it had made, such as a named tuple's.
    """
    try:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            _take(signal.SIGINT, at_once=lambda: None)
        code = work()
        if code != INTERRUPTED:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done
            return code
    except KeyboardInterrupt:  # when the work was as good as done
        pass
    os._exit(INTERRUPTED)
