"""Workers: processes of our own that are killed and replaced when a record hangs them, or any executor.

This room knows tasks and outcomes; what they are about it does not know.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import BinaryIO, cast

from cleaner.errors import CleanerError
from cleaner.runs.choices import Choices, Outcome, Task
from cleaner.runs.facts import Facts, reason_of
from cleaner.runs.worker import BEAT, NEEDS_MEMORY, READY, receive, send

NextTask = Callable[[], Task | None]

LOOK_SECONDS = 0.2  # between looks at the workers' beats; less for short time limits
CRASHES = 2  # of one record before it is given up: the first may have been somebody else's fault
FAILED_STARTS = 3
START_SECONDS = 120.0  # after which a worker is taken for one that does not start
SAID_BYTES = 4_000  # of the end of what a worker wrote to standard error
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from cleaner.runs.worker import main; main({!r}, {})"


class _Worker:
    """One process with the thread that reads its outcomes; ``task`` is what it is at, None when idle.

    Raises OSError when the system has no room for it.
    """

    def __init__(self, choices: Choices, memory_bytes: int, modules: tuple[str, ...], inbox: Inbox) -> None:
        self.task: Task | None = None
        self.ready = self.used = False
        self._errors = tempfile.TemporaryFile(dir=choices.temporary_folder)  # noqa: SIM115
        beat_path = os.path.join(choices.temporary_folder, f"beat-{os.urandom(8).hex()}")
        with open(beat_path, "w+b") as beats:
            beats.write(bytes(BEAT.size))  # written, not just made long: on a full disk its page could not be had later
            beats.flush()
            self._beats = mmap.mmap(beats.fileno(), BEAT.size)
        self._given = self._seen = (0, 0)
        self._since = time.monotonic()
        command = _START.format(beat_path, os.getpid())
        self.process = subprocess.Popen(
            [sys.executable, "-c", command, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,  # Ctrl-C is for the main process, which then ends this one
        )
        self._send((choices, memory_bytes, modules))
        threading.Thread(target=self._read, args=(inbox,), daemon=True).start()

    def _read(self, inbox: Inbox) -> None:
        """Passes all outcomes on, and None when there will be no more."""
        stream = cast(BinaryIO, self.process.stdout)
        with stream, contextlib.suppress(EOFError, OSError, ValueError):
            while True:
                inbox.put((self, receive(stream)))
        inbox.put((self, None))

    def give(self, task: Task, refused: dict[int, str]) -> None:
        """Has it begin a task; only for an idle worker, which surely reads."""
        self.task = task
        self._given = self._seen = self._beat()
        self._since = time.monotonic()
        self._send((task, refused))

    def _send(self, value: object) -> None:
        with contextlib.suppress(OSError):  # a dead one is found out by its reader
            send(cast(BinaryIO, self.process.stdin), value)

    def _beat(self) -> tuple[int, int]:
        count, place = BEAT.unpack_from(self._beats)
        return count, place

    def at(self) -> int | None:
        """The place in its task of the record that it is at; None before the first."""
        beat = self._beat()
        return beat[1] if beat != self._given else None

    def seconds_at_it(self) -> float:
        """How long it has been at the same record."""
        beat = self._beat()
        if beat != self._seen:
            self._seen, self._since = beat, time.monotonic()
        return time.monotonic() - self._since

    def said(self) -> str:
        """The last line of what it wrote to standard error."""
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - SAID_BYTES))
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

    def end(self) -> None:
        """Kills the process and gives everything back."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self._errors):
            with contextlib.suppress(OSError):
                if stream:
                    stream.close()
        self._beats.close()


Inbox = queue.SimpleQueue[tuple[_Worker, object]]


class Pool:
    """``jobs`` workers, each with a time limit a record and a memory limit; a context that ends them."""

    def __init__(
        self, choices: Choices, jobs: int, timeout_seconds: float, memory_bytes: int, modules: tuple[str, ...] = ()
    ) -> None:
        self._setup = (choices, memory_bytes, modules)
        self._jobs, self._timeout_seconds = jobs, timeout_seconds
        self.limits = f"{timeout_seconds:g} s, {memory_bytes} bytes"
        self._inbox: Inbox = queue.SimpleQueue()
        self._workers: list[_Worker] = []
        self._waiting: deque[Task] = deque()
        self._refused: dict[int, dict[int, str]] = {}
        self._crashes: dict[tuple[int, int | None], int] = {}
        self._failed_starts = 0

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *unused: object) -> None:
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def outcomes(self, next_task: NextTask) -> Iterator[tuple[Task, Outcome]]:
        """Each task with its outcome, as they come, until ``next_task`` gives None while none is under way."""
        look = min(LOOK_SECONDS, self._timeout_seconds / 4)
        while True:
            self._hand_out(next_task)
            if not self._waiting and not self._busy():
                return
            with contextlib.suppress(queue.Empty):
                yield from self._heard(*self._inbox.get(timeout=look))
            yield from self._end_hung()

    def _busy(self) -> int:
        return sum(worker.task is not None for worker in self._workers)

    def _hand_out(self, next_task: NextTask) -> None:
        """Gives tasks to those that wait for one, holds one ready for the next, and starts workers for the others."""
        busy = self._busy()
        while len(self._waiting) <= self._jobs - busy and (task := next_task()) is not None:
            self._waiting.append(task)
        while len(self._workers) < min(self._jobs, busy + len(self._waiting)):
            self._start_one()
        for worker in self._workers:
            if worker.ready and worker.task is None and self._waiting:
                task = self._waiting.popleft()
                worker.give(task, self._refused.get(task.number, {}))

    def _start_one(self) -> None:
        """Starts a worker; where the system has no room for one more, those that are there must do."""
        try:
            self._workers.append(_Worker(*self._setup, self._inbox))
        except OSError as error:
            if not self._workers:
                raise CleanerError(f"no worker process can be started: {error.strerror or error}") from None
            self._jobs = len(self._workers)

    def _heard(self, worker: _Worker, value: object) -> Iterator[tuple[Task, Outcome]]:
        """What comes of a message from a worker; None is its death."""
        if worker not in self._workers:
            return
        if value == READY:
            worker.ready, self._failed_starts = True, 0
        elif isinstance(value, Outcome) and worker.task:
            task, worker.task, worker.used = worker.task, None, True
            self._refused.pop(task.number, None)
            yield task, value
        elif value is None:
            yield from self._lost(worker)

    def _end_hung(self) -> Iterator[tuple[Task, Outcome]]:
        for worker in list(self._workers):
            if not worker.ready and worker.seconds_at_it() > START_SECONDS:
                worker.process.kill()  # its reader will tell
            elif worker.task and worker.seconds_at_it() > self._timeout_seconds:
                why = f"took longer than {self._timeout_seconds:g} s; give more with --timeout"
                yield from self._again(worker, why)

    def _lost(self, worker: _Worker) -> Iterator[tuple[Task, Outcome]]:
        """Enters the death of a worker. Raises CleanerError when workers do not even start."""
        code = worker.process.wait()
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= FAILED_STARTS:
                raise CleanerError(f"the worker processes do not start: {worker.said() or f'exit code {code}'}")
        if worker.task is None:
            self._remove(worker)
            return
        if code == NEEDS_MEMORY:
            yield from self._again(worker, "" if worker.used else reason_of(MemoryError()))
            return
        key = (worker.task.number, worker.at())
        self._crashes[key] = self._crashes.get(key, 0) + 1
        crash = f"signal {-code}" if code < 0 else f"exit code {code}"
        yield from self._again(worker, f"its worker crashed ({crash})" if self._crashes[key] >= CRASHES else "")

    def _again(self, worker: _Worker, why: str) -> Iterator[tuple[Task, Outcome]]:
        """Ends a worker and has its task done again: if there is a reason, without the record that it was at.

        Where that is no record, or one that was left out already, nothing comes of the whole task.
        """
        task, place = cast(Task, worker.task), worker.at()
        self._remove(worker)
        refused = self._refused.setdefault(task.number, {})
        if why and (place is None or place in refused):
            del self._refused[task.number]
            yield task, Outcome(Facts(), lost=why)
            return
        if why and place is not None:
            refused[place] = why
        self._waiting.appendleft(task)

    def _remove(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.end()


class Lent:
    """Somebody else's executor, which brings its own limits; its use is bounded, and it is not shut down."""

    limits = "those of an executor"

    def __init__(self, choices: Choices, executor: Executor, jobs: int) -> None:
        self._choices, self._executor, self._jobs = choices, executor, jobs
        self._pending: dict[Future[Outcome], Task] = {}

    def __enter__(self) -> Lent:
        return self

    def __exit__(self, kind: type[BaseException] | None, *unused: object) -> None:
        running = [future for future in self._pending if not future.cancel()]
        if kind is not KeyboardInterrupt:
            wait(running)

    def outcomes(self, next_task: NextTask) -> Iterator[tuple[Task, Outcome]]:
        """As ``Pool.outcomes``. Raises CleanerError when the executor breaks."""
        while True:
            while len(self._pending) <= self._jobs and (task := next_task()) is not None:
                self._pending[self._submitted(task)] = task
            if not self._pending:
                return
            finished, _ = wait(self._pending, return_when=FIRST_COMPLETED)
            for future in sorted(finished, key=lambda one: self._pending[one].number):
                yield self._pending.pop(future), _outcome(future)

    def _submitted(self, task: Task) -> Future[Outcome]:
        from cleaner.runs.work import perform

        try:
            return self._executor.submit(perform, self._choices, task)
        except RuntimeError as error:  # it was shut down, or broke before
            raise _broken(error) from None


def _outcome(future: Future[Outcome]) -> Outcome:
    try:
        return future.result()
    except BrokenExecutor as error:
        raise _broken(error) from None
    except Exception as error:  # its own, such as that it cannot send what it was given
        return Outcome(Facts(), lost=f"the executor failed: {type(error).__name__}: {error}")


def _broken(error: Exception) -> CleanerError:
    return CleanerError(f"the executor broke: {error}; run the same again to go on")
