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
from cleaner.runs.worker import BEAT, receive, send

NextTask = Callable[[], Task | None]

LOOK_SECONDS = 0.2  # between looks at the workers' beats; less for short time limits
CRASHES = 2  # of one record before it is given up: the first may have been somebody else's fault
FAILED_STARTS = 3
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from cleaner.runs.worker import main; main({!r}, {})"


class _Worker:
    """One process with the thread that reads its outcomes; ``task`` is what it is at, None when idle."""

    def __init__(self, choices: Choices, memory_bytes: int, modules: tuple[str, ...], inbox: Inbox) -> None:
        self.task: Task | None = None
        self.ready = False
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        beat_path = os.path.join(choices.temporary_folder, f"beat-{os.urandom(8).hex()}")
        with open(beat_path, "w+b") as beats:
            beats.truncate(BEAT.size)
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
        self._errors.seek(0)
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
        self._inbox: Inbox = queue.SimpleQueue()
        self._workers: list[_Worker] = []
        self._again: deque[Task] = deque()
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
        ahead: Task | None = None
        while True:
            while ahead is not None or self._again or (ahead := next_task()) is not None:
                worker = self._idle()
                if worker is None:
                    break
                task = self._again.popleft() if self._again else cast(Task, ahead)
                ahead = None if task is ahead else ahead
                worker.give(task, self._refused.get(task.number, {}))
            if ahead is None and not self._again and not any(worker.task for worker in self._workers):
                return
            with contextlib.suppress(queue.Empty):
                worker, value = self._inbox.get(timeout=look)
                if isinstance(value, Outcome) and worker.task:
                    task, worker.task = worker.task, None
                    self._refused.pop(task.number, None)
                    yield task, value
                elif value == "ready":
                    worker.ready, self._failed_starts = True, 0
                elif worker in self._workers:
                    self._lost(worker)
            self._end_hung()

    def _idle(self) -> _Worker | None:
        """A worker without a task; a new one while there are fewer than wanted; None when all are at work."""
        for worker in self._workers:
            if worker.task is None:
                return worker
        if len(self._workers) == self._jobs:
            return None
        worker = _Worker(*self._setup, self._inbox)
        self._workers.append(worker)
        return worker

    def _end_hung(self) -> None:
        for worker in list(self._workers):
            if worker.task and worker.ready and worker.seconds_at_it() > self._timeout_seconds:
                place = worker.at() or 0
                why = f"took longer than {self._timeout_seconds:g} s; give more with --timeout"
                self._replace(worker, place, why)

    def _lost(self, worker: _Worker) -> None:
        """Enters the death of a worker. Raises CleanerError when workers do not even start."""
        code = worker.process.wait()
        place = worker.at()
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= FAILED_STARTS:
                raise CleanerError(f"the worker processes do not start: {worker.said() or f'exit code {code}'}")
        if worker.task is None:
            self._remove(worker)
            return
        key = (worker.task.number, place)
        self._crashes[key] = self._crashes.get(key, 0) + 1
        crash = f"signal {-code}" if code < 0 else f"exit code {code}"
        why = f"its worker crashed ({crash})" if self._crashes[key] >= CRASHES and worker.ready else ""
        self._replace(worker, place or 0, why)

    def _replace(self, worker: _Worker, place: int, why: str) -> None:
        """Ends a worker and has its task done again, without one record if there is a reason."""
        task = cast(Task, worker.task)
        self._remove(worker)
        if why:
            self._refused.setdefault(task.number, {})[place] = why
        self._again.append(task)

    def _remove(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.end()


class Lent:
    """Somebody else's executor, which brings its own limits; its use is bounded, and it is not shut down."""

    def __init__(self, choices: Choices, executor: Executor, jobs: int) -> None:
        self._choices, self._executor, self._jobs = choices, executor, jobs
        self._pending: dict[Future[Outcome], Task] = {}

    def __enter__(self) -> Lent:
        return self

    def __exit__(self, *unused: object) -> None:
        for future in self._pending:
            future.cancel()

    def outcomes(self, next_task: NextTask) -> Iterator[tuple[Task, Outcome]]:
        """As ``Pool.outcomes``. Raises CleanerError when the executor breaks."""
        from cleaner.runs.work import perform

        while True:
            while len(self._pending) <= self._jobs and (task := next_task()) is not None:
                self._pending[self._executor.submit(perform, self._choices, task)] = task
            if not self._pending:
                return
            finished, _ = wait(self._pending, return_when=FIRST_COMPLETED)
            for future in sorted(finished, key=lambda one: self._pending[one].number):
                task = self._pending.pop(future)
                try:
                    yield task, future.result()
                except BrokenExecutor as error:
                    raise CleanerError(f"the executor broke: {error}; run the same again to go on") from None
