"""One run: hands out tasks, puts outcomes in their place and in the manifest, and counts.

This room knows files and numbers; what cleaning does it does not know.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import chain
from typing import BinaryIO, NamedTuple

from cleaner.containers import Kind, Shard, jsonl, kind_of, tables, warc
from cleaner.containers.jsonl import as_json
from cleaner.errors import CleanerError
from cleaner.runs.atomic import make_whole, put_in_place
from cleaner.runs.choices import Assembly, Choices, Outcome, PageJob, Pages, Records, Task, Written
from cleaner.runs.facts import BatchResult, Facts, Failure, Progress, reason_of
from cleaner.runs.manifest import Finished, Manifest, Planned, ShardDone
from cleaner.runs.planning import FAILURES, TABLES, Plan, kind_of_output
from cleaner.runs.pool import Lent, Pool

PAGES_A_TASK, BYTES_A_TASK = 16, 1 << 18
TASKS_AHEAD = 4  # a worker, of the oldest that is not done: what is held back until its turn comes
PARTIAL = "partial-"
COMMIT_SECONDS = 0.5
PROGRESS_SECONDS = 0.1


SHARDS = {"jsonl": jsonl.shards, "parquet": tables.shards, "arrow": tables.shards, "warc": warc.shards}


class Places(NamedTuple):
    """Where a run puts what it makes; ``audits`` is a folder or file, or empty."""

    output: str
    own: str
    temporary: str
    audits: str


class _Container:
    """One container under way: its partial output, and the outcomes that wait for their turn."""

    def __init__(self, planned: Planned, key: str, partial: str, made: Kind) -> None:
        self.planned, self.key, self.partial, self.made = planned, key, partial, made
        self.file: BinaryIO | None = None
        self.size = 0
        self.next_shard = 0
        self.read: int | None = None  # how many shards there are, once all are read
        self.position = 0
        self.broken: Failure | None = None
        self.facts = Facts()
        self.waiting: dict[int, tuple[Shard, Outcome]] = {}
        self.failed = False

    @property
    def is_complete(self) -> bool:
        """Whether every shard has been put in its place."""
        return self.read is not None and self.next_shard == self.read


class Engine:
    """A run over a planned manifest. ``go`` gives how it ended; ``interrupted`` asks it to."""

    def __init__(
        self,
        manifest: Manifest,
        plan: Plan,
        choices: Choices,
        places: Places,
        *,
        jobs: int,
        force: bool,
        on_progress: Callable[[Progress], None] | None,
    ) -> None:
        self._manifest, self._plan, self._choices, self._places = manifest, plan, choices, places
        self._window, self._force, self._on_progress = jobs * TASKS_AHEAD, force, on_progress
        self._started = time.monotonic()
        self._facts = Facts()  # of the whole output
        self._done = self._failed = 0
        self._skipped = plan.skipped
        self._units, self._bytes_total = manifest.totals()
        self._units_done = self._bytes_done = self._in_progress = 0
        self._said: list[str] = [f"{path}: skipped: {why}" for path, why in plan.skips]
        self._tasks = self._all_tasks()
        self._extra: deque[Task] = deque()
        self._number = 0
        self._open_numbers: set[int] = set()
        self._containers: dict[str, _Container] = {}
        self._dirty: set[str] = set()
        self._resumable: set[str] = set()  # partial outputs of containers that failed to be written
        self._jobs_of: dict[int, tuple[Planned, ...]] = {}
        self._committed = self._reported = time.monotonic()

    # How it goes ----------------------------------------------------------------------------------

    def go(self, crew: Pool | Lent) -> BatchResult:
        """Does everything that is planned and not yet done. An interrupt leaves the manifest as far as it went."""
        for path, why in self._plan.failures:
            self._failed += 1
            self._said.append(f"{path}: {why}")
        try:
            with crew:
                for task, outcome in crew.outcomes(self._next_task):
                    self._open_numbers.discard(task.number)
                    self._enter(task, outcome)
                    self._tick()
        except (KeyboardInterrupt, CleanerError) as error:
            self._stop()
            if isinstance(error, KeyboardInterrupt):
                return self._result(interrupted=True)
            raise
        self._commit()
        self._write_ends()
        self._report()
        return self._result()

    def planned(self) -> Iterator[tuple[str, str, str]]:
        """What would be done: input, output, and whether it would be done, gone on with or skipped."""
        for planned in self._manifest.planned():
            config = self._plan.configs[planned.config]
            key = self._choices.key(config, planned.name, planned.size, planned.mtime_ns)
            what = "skip" if self._is_finished(planned, key) else "clean"
            if what == "clean" and not self._force and any(True for _ in self._manifest.shards(planned.output, key)):
                what = "go on"
            yield planned.input, os.path.join(self._places.output, planned.output), what

    def _stop(self) -> None:
        with contextlib.suppress(CleanerError, OSError):
            self._commit()
            self._write_failures()
        for container in self._containers.values():
            if container.file:
                container.file.close()

    def _result(self, *, interrupted: bool = False) -> BatchResult:
        unreached = self._units - self._units_done if interrupted else 0
        path = os.path.join(self._places.output, FAILURES)
        return BatchResult(
            self._done,
            self._skipped,
            self._failed,
            unreached,
            time.monotonic() - self._started,
            self._facts,
            path if os.path.exists(path) else None,
            self._plan.excluded,
            interrupted,
        )

    def _tick(self) -> None:
        now = time.monotonic()
        if now - self._committed > COMMIT_SECONDS:
            self._commit()
        if now - self._reported > PROGRESS_SECONDS:
            self._report()

    def _report(self) -> None:
        self._reported = time.monotonic()
        if self._on_progress is None:
            return
        total = None if self._plan.kinds else self._units
        done_bytes = self._bytes_done + sum(one.position for one in self._containers.values())
        said, self._said = tuple(self._said), []
        counts = (self._done + self._in_progress, self._skipped, self._failed)
        seconds = time.monotonic() - self._started
        self._on_progress(Progress(*counts, done_bytes, self._bytes_total, total, seconds, said))

    def _commit(self) -> None:
        """Makes what is entered last; partial outputs reach the disk before the manifest speaks of them."""
        for output in self._dirty:
            if (container := self._containers.get(output)) and container.file:
                with _named(container.partial):
                    os.fsync(container.file.fileno())
        self._dirty.clear()
        self._manifest.commit()
        self._committed = time.monotonic()

    # Tasks ----------------------------------------------------------------------------------------

    def _next_task(self) -> Task | None:
        """The next task; None when there is none, or none until older ones are done."""
        if self._extra:
            return self._extra.popleft()
        if self._open_numbers and self._number - min(self._open_numbers) >= self._window:
            return None
        return next(self._tasks, None)

    def _numbered(self) -> int:
        self._number += 1
        self._open_numbers.add(self._number)
        return self._number

    def _all_tasks(self) -> Iterator[Task]:
        """The tasks of everything that is planned and not finished, in the order of the outputs."""
        held: list[Planned] = []
        held_bytes = 0
        for planned in self._manifest.planned():
            if kind_of(planned.name).container:
                yield from self._shard_tasks(planned)
                continue
            config = self._plan.configs[planned.config]
            key = self._choices.key(config, planned.name, planned.size, planned.mtime_ns)
            if self._was_finished(planned, key):
                continue
            held.append(planned)
            held_bytes += planned.size
            if len(held) >= PAGES_A_TASK or held_bytes >= BYTES_A_TASK:
                yield self._pages_task(held)
                held, held_bytes = [], 0
        if held:
            yield self._pages_task(held)

    def _was_finished(self, planned: Planned, key: str) -> bool:
        """Whether an input needs nothing more; it is counted then, and otherwise what was known is forgotten."""
        finished = self._is_finished(planned, key)
        if finished is None:
            return False
        self._facts.add(finished.facts)
        self._skipped += finished.facts.done + finished.facts.skipped
        self._failed += finished.facts.failed
        self._unit_over(planned)
        return True

    def _is_finished(self, planned: Planned, key: str) -> Finished | None:
        finished = None if self._force else self._manifest.finished(planned.output)
        if finished is None or finished.key != key:
            return None
        paths = [(os.path.join(self._places.output, planned.output), finished.size)]
        if self._choices.audits == "folder":
            paths.append((self._audit_path(planned), -1))
        for path, size in paths:
            try:
                found = os.stat(path).st_size
            except OSError:
                return None
            if size not in (-1, found):
                return None
        return finished

    def _pages_task(self, held: list[Planned]) -> Pages:
        jobs = tuple(
            PageJob(
                planned.input,
                planned.place,
                os.path.join(self._places.output, planned.output),
                self._audit_path(planned) if self._choices.audits == "folder" else "",
                planned.name,
                kind_of(planned.name).packing,
                self._plan.configs[planned.config],
            )
            for planned in held
        )
        number = self._numbered()
        self._jobs_of[number] = tuple(held)
        return Pages(number, jobs)

    def _audit_path(self, planned: Planned) -> str:
        suffix = ".jsonl" if kind_of(planned.name).container else ".json"
        return os.path.join(self._places.audits, planned.output + suffix)

    def _shard_tasks(self, planned: Planned) -> Iterator[Records]:
        kind, made = kind_of(planned.name), kind_of_output(planned.name, self._choices.to)
        config = self._plan.configs[planned.config]
        key = self._choices.key(config, planned.name, planned.size, planned.mtime_ns)
        if self._was_finished(planned, key):
            return
        partial = os.path.join(self._places.own, f"{PARTIAL}{sha256(os.fsencode(planned.output)).hexdigest()[:32]}")
        container = _Container(planned, key, partial, made)
        self._containers[planned.output] = container
        number = -1
        try:
            after = self._resumed(container)
            number = after.number if after else -1
            for shard in SHARDS[kind.container](planned.input, kind, after=after):
                number = shard.number
                container.position = shard.position
                yield Records(self._numbered(), planned.output, planned.place, planned.name, kind, made, shard, config)
                if container.failed:
                    break
        except (CleanerError, OSError) as error:
            container.broken = Failure(planned.place, None, reason_of(error))
        container.read = number + 1
        if container.is_complete or container.failed:
            self._container_over(container)

    def _resumed(self, container: _Container) -> Shard | None:
        """The last shard that an interrupted run finished, its output cut to it; None to begin anew."""
        planned, last = container.planned, None
        shards = () if self._force else tuple(self._manifest.shards(planned.output, container.key))
        size = os.path.getsize(container.partial) if os.path.exists(container.partial) else 0
        if not shards or shards[-1].size > size:
            self._manifest.forget(planned.output)
        else:
            self._manifest.forgive(planned.output)
            for done in shards:
                container.facts.add(done.facts)
            last = shards[-1]
            container.size, container.next_shard = last.size, last.number + 1
            self._in_progress += container.facts.done
        with _named(container.partial):
            container.file = open(container.partial, "r+b" if last else "w+b")  # noqa: SIM115
            container.file.truncate(container.size)
            container.file.seek(container.size)
        return Shard(last.number, 0, b"", last.following, last.end, 0) if last else None

    # Outcomes -------------------------------------------------------------------------------------

    def _enter(self, task: Task, outcome: Outcome) -> None:
        self._said += outcome.notes
        if isinstance(task, Pages):
            self._enter_pages(task, outcome)
        elif isinstance(task, Records):
            self._enter_shard(task, outcome)
        else:
            self._enter_assembly(task, outcome)

    def _enter_pages(self, task: Pages, outcome: Outcome) -> None:
        failures = iter(outcome.failures)
        for planned, written in zip(self._jobs_of.pop(task.number), outcome.pages, strict=True):
            self._manifest.forget(planned.output)
            if written is None:
                self._fail_unit(planned.output, next(failures))
            else:
                self._finish_page(planned, written)
            self._unit_over(planned)

    def _finish_page(self, planned: Planned, written: Written) -> None:
        config = self._plan.configs[planned.config]
        mtime_ns = planned.mtime_ns if planned.mtime_ns < 0 else written.mtime_ns  # standard input has no time
        key = self._choices.key(config, planned.name, written.size, mtime_ns)
        self._manifest.finish(planned.output, Finished(key, written.output_size, written.facts))
        if written.audit:
            self._manifest.keep_audit(planned.output, 0, written.audit)
        self._done += 1
        self._facts.add(written.facts)

    def _enter_shard(self, task: Records, outcome: Outcome) -> None:
        container = self._containers.get(task.unit)
        if container is None or container.failed:
            return
        container.waiting[task.shard.number] = (task.shard, outcome)
        while not container.failed and container.next_shard in container.waiting:
            self._append(container, *container.waiting.pop(container.next_shard))
        if container.is_complete or container.failed:
            self._container_over(container)

    def _append(self, container: _Container, shard: Shard, outcome: Outcome) -> None:
        """Puts a shard's output behind the ones before it."""
        planned = container.planned
        try:
            assert container.file
            container.file.write(outcome.data)
            container.file.flush()
        except OSError as error:
            self._give_up(container, f"{container.partial}: cannot be written: {error.strerror or error}")
            return
        container.size += len(outcome.data)
        container.next_shard += 1
        container.facts.add(outcome.facts)
        self._in_progress += outcome.facts.done
        self._dirty.add(planned.output)
        for failure in outcome.failures:
            self._manifest.fail(planned.output, failure)
            self._said.append(f"{failure.place}: {failure.why}")
        if outcome.audits:
            self._manifest.keep_audit(planned.output, shard.number, outcome.audits)
        done = ShardDone(shard.number, shard.following, shard.end, container.size, outcome.facts)
        self._manifest.finish_shard(planned.output, container.key, done)

    def _give_up(self, container: _Container, why: str) -> None:
        container.failed = True
        self._resumable.add(container.partial)
        self._fail_unit(container.planned.output, Failure(container.planned.place, None, why))

    def _container_over(self, container: _Container) -> None:
        """Puts a container's output in its place, or has it assembled first."""
        planned = container.planned
        if container.failed:
            self._close(container)
            return
        if container.broken:
            if not container.next_shard:
                self._give_up(container, container.broken.why)
                self._close(container)
                return
            self._fail_tail(container, container.broken)
        target = os.path.join(self._places.output, planned.output)
        self._commit()
        if container.made.container in TABLES:
            assembly = Assembly(
                self._numbered(), planned.output, container.partial, container.size, target, container.made.container
            )
            self._extra.append(assembly)
            return
        try:
            assert container.file
            container.file.close()
            put_in_place(container.partial, target)
        except OSError as error:
            self._give_up(container, f"{target}: cannot be written: {error.strerror or error}")
            self._close(container)
            return
        self._container_in_place(container)

    def _fail_tail(self, container: _Container, broken: Failure) -> None:
        """Counts the rest of a container that breaks off as one failed record."""
        container.facts.failed += 1
        self._manifest.fail(container.planned.output, broken)
        self._said.append(f"{broken.where}: breaks off after its last whole record: {broken.why}")

    def _enter_assembly(self, task: Assembly, outcome: Outcome) -> None:
        container = self._containers[task.unit]
        if outcome.failures:
            self._give_up(container, outcome.failures[0].why)
            self._close(container)
            return
        with contextlib.suppress(OSError):
            os.unlink(container.partial)
        self._container_in_place(container)

    def _container_in_place(self, container: _Container) -> None:
        planned, facts = container.planned, container.facts
        try:
            if self._choices.audits == "folder":
                self._write_audits_of(planned)
        except OSError as error:
            self._give_up(container, f"{self._audit_path(planned)}: cannot be written: {error.strerror or error}")
            self._close(container)
            return
        size = os.path.getsize(os.path.join(self._places.output, planned.output))
        self._manifest.finish(planned.output, Finished(container.key, size, facts))
        self._done += facts.done
        self._skipped += facts.skipped
        self._failed += facts.failed
        self._facts.add(facts)
        self._close(container)
        self._commit()

    def _close(self, container: _Container) -> None:
        self._in_progress -= container.facts.done
        if container.file:
            container.file.close()
        self._containers.pop(container.planned.output, None)
        self._unit_over(container.planned)

    def _unit_over(self, planned: Planned) -> None:
        self._units_done += 1
        self._bytes_done += planned.size

    def _fail_unit(self, output: str, failure: Failure) -> None:
        """Enters a file that gives nothing."""
        self._failed += 1
        self._manifest.fail(output, failure)
        self._said.append(f"{failure.place}: {failure.why}")

    # What is written at the end -------------------------------------------------------------------

    def _write_ends(self) -> None:
        """Writes what is about all outputs together, and removes what nobody will go on with."""
        if self._choices.audits == "file":
            self._write_audits()
        self._write_failures()
        with os.scandir(self._places.own) as entries:
            for entry in entries:
                if entry.name.startswith(PARTIAL) and entry.path not in self._resumable:
                    os.unlink(entry.path)

    def _write_failures(self) -> None:
        """Writes failures.jsonl, a line a failure; without one it goes."""
        path = os.path.join(self._places.output, FAILURES)
        unplanned = (Failure(where, None, why) for where, why in self._plan.failures)
        failures = chain(unplanned, self._manifest.failures())
        first = next(failures, None)
        if first is None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            return
        lines = map(_failure_line, chain((first,), failures))
        self._write_all(path, lambda file: file.writelines(lines))

    def _write_audits_of(self, planned: Planned) -> None:
        """Writes the accounts of one container beside its output's place."""
        accounts = self._manifest.audits(planned.output)
        make_whole(self._audit_path(planned), lambda file: file.writelines(accounts), self._places.temporary)
        self._manifest.drop_audits(planned.output)

    def _write_audits(self) -> None:
        """Writes the accounts of all outputs into one file: a line a page, or in Parquet a row a removal."""
        accounts = self._manifest.audits()
        if kind_of(self._places.audits).container == "parquet":
            self._write_all(self._places.audits, lambda file: tables.write_removals(file, accounts))
        else:
            self._write_all(self._places.audits, lambda file: file.writelines(accounts))

    def _write_all(self, path: str, fill: Callable[[BinaryIO], None]) -> None:
        with _named(path):
            make_whole(path, fill, self._places.temporary)


@contextlib.contextmanager
def _named(path: str) -> Iterator[None]:
    """Turns what the system says of a file that is written into an error that names it."""
    try:
        yield
    except OSError as error:
        raise CleanerError(f"{path}: cannot be written: {error.strerror or error}") from None


def _failure_line(failure: Failure) -> bytes:
    fields: dict[str, object] = {"input": failure.where, "record": failure.record, "why": failure.why}
    if failure.traceback:
        fields["traceback"] = failure.traceback
    return as_json(fields) + b"\n"
