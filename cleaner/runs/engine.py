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
from cleaner.containers.files import open_regular
from cleaner.containers.jsonl import as_json
from cleaner.errors import CleanerError, counted
from cleaner.runs.atomic import make_names_last, make_whole, put_in_place
from cleaner.runs.choices import Assembly, Choices, Outcome, PageJob, Pages, Records, Task, Written
from cleaner.runs.facts import BatchResult, Facts, Failure, Progress, reason_of
from cleaner.runs.guard import left_behind
from cleaner.runs.manifest import Finished, Manifest, Planned, ShardDone
from cleaner.runs.planning import FAILURES, TABLES, Plan, accounts_name, kind_of_output
from cleaner.runs.pool import Lent, Pool
from cleaner.runs.stamps import digest_of, may_be_same, wait_for_tick

PAGES_A_TASK, BYTES_A_TASK = 64, 1 << 20
TASKS_LEFT = 4  # for each other worker, when a task is made: towards the end tasks become small
TASKS_AHEAD = 4  # a worker, of the oldest that is not done: what is held back until its turn comes
PARTIAL = "partial-"
SAID_OF_A_CONTAINER = 20  # lines about single records
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
        self.digest = ""  # of what is read
        self.broken: Failure | None = None
        self.facts = Facts()
        self.waiting: dict[int, tuple[ShardDone, Outcome]] = {}
        self.under_way: dict[int, ShardDone] = {}
        self.failed = False
        self.said = 0  # lines about its failures

    @property
    def is_complete(self) -> bool:
        """Whether every shard has been put in its place."""
        return self.read is not None and self.next_shard == self.read

    def close(self) -> None:
        """Gives the file back; what a full disk did not take is tried once more then, and is no loss."""
        if self.file:
            with contextlib.suppress(OSError):
                self.file.close()

    def begin(self, shard: Shard) -> None:
        """Notes what a shard will be when it is done, but for what becomes of it."""
        # Of a record that is too long only its length is known.
        self.digest = digest_of(shard.data or b"%d" % shard.end, self.digest)
        self.position = shard.position
        self.under_way[shard.number] = ShardDone(
            shard.number, self.key, self.planned.stamp, self.digest, 0, shard.following, shard.end, Facts()
        )


class Engine:
    """A run over a planned manifest. ``go`` gives how it ended."""

    def __init__(
        self,
        manifest: Manifest,
        plan: Plan,
        choices: Choices,
        places: Places,
        *,
        jobs: int,
        limits: str,
        force: bool,
        on_progress: Callable[[Progress], None] | None,
    ) -> None:
        self._manifest, self._plan, self._choices, self._places = manifest, plan, choices, places
        self._jobs, self._limits, self._force, self._on_progress = jobs, limits, force, on_progress
        self._recipes = [choices.recipe(config) for config in plan.configs]
        self._started = time.monotonic()
        self._facts = Facts()  # of the whole output
        self._done = self._failed = 0
        self._skipped = plan.skipped
        self._failed_before = 0  # in containers that an earlier run finished
        self._units, self._bytes_total = manifest.totals()
        self._units_left, self._bytes_left = self._units, self._bytes_total  # of which no task was made yet
        self._units_done = self._bytes_done = 0
        self._resumed_pages = self._resumed_bytes = 0  # what interrupted and earlier runs had done
        self._said: list[str] = []
        self._tasks = self._all_tasks()
        self._extra: deque[Task] = deque()
        self._number = 0
        self._open_numbers: set[int] = set()
        self._containers: dict[str, _Container] = {}
        self._dirty: set[str] = set()  # containers whose partial outputs have grown
        self._filled: set[str] = set()  # folders in which outputs got their names
        self._resumable: set[str] = set()  # partial outputs of containers that failed to be written
        self._pages_of: dict[int, tuple[Planned, ...]] = {}
        self._committed = self._reported = time.monotonic()

    # How it goes ----------------------------------------------------------------------------------

    def go(self, crew: Pool | Lent) -> BatchResult:
        """Does everything that is planned and not yet done. An interrupt leaves the manifest as far as it went."""
        for path, why in self._plan.skips:
            self._say(f"{path}: skipped: {why}")
        for path, why in self._plan.failures:
            self._failed += 1
            self._say(f"{path}: {why}")
        try:
            with crew:
                for task, outcome in crew.outcomes(self._next_task):
                    self._open_numbers.discard(task.number)
                    self._enter(task, outcome)
                    self._tick()
            if self._units_done != self._units:
                raise RuntimeError(f"{self._units - self._units_done} inputs were left behind")
            self._commit()
            self._write_ends()
            self._say_ends()
        except BaseException as error:
            self._stop()
            if isinstance(error, KeyboardInterrupt):
                return self._result(interrupted=True)
            raise
        self._report()
        return self._result()

    def planned(self) -> Iterator[tuple[str, str, str]]:
        """What would be done: input, output, and whether it would be done, gone on with or skipped."""
        for planned in self._manifest.planned():
            what = "skip" if self._finished(planned) else "clean"
            if what == "clean" and not self._force and next(self._manifest.shards(planned.output), None):
                what = "go on"
            yield planned.input, os.path.join(self._places.output, planned.output), what

    def _stop(self) -> None:
        """Keeps as much as can be kept of a run that ends before its time."""
        with contextlib.suppress(CleanerError, OSError):
            self._commit()
            self._write_failures()
        for container in self._containers.values():
            container.close()

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
            resumed=self._resumed_pages,
        )

    def _tick(self) -> None:
        now = time.monotonic()
        if now - self._committed > COMMIT_SECONDS:
            self._commit()
        if now - self._reported > PROGRESS_SECONDS:
            self._report()

    def _say(self, line: str) -> None:
        if self._on_progress:  # nobody else would ever take the lines away
            self._said.append(line)

    def _report(self) -> None:
        self._reported = time.monotonic()
        if self._on_progress is None:
            return
        total = None if self._plan.kinds else self._units
        under_way = self._containers.values()
        said, self._said = tuple(self._said), []
        progress = Progress(
            self._done + sum(one.facts.done for one in under_way),
            self._skipped + sum(one.facts.skipped for one in under_way),
            self._failed + sum(one.facts.failed for one in under_way),
            self._bytes_done + sum(one.position for one in under_way),
            self._bytes_total,
            total,
            time.monotonic() - self._started,
            said,
            self._resumed_pages,
            self._resumed_bytes,
        )
        self._on_progress(progress)

    def _commit(self) -> None:
        """Makes what is entered last; what the manifest speaks of reaches the disk before it."""
        for output in self._dirty:
            if (container := self._containers.get(output)) and container.file:
                with _named(container.partial):
                    os.fsync(container.file.fileno())
        self._dirty.clear()
        make_names_last(self._filled)
        self._filled.clear()
        self._manifest.commit()
        self._committed = time.monotonic()

    def _note_name(self, path: str) -> None:
        """Remembers that a file got its name, perhaps in folders that are new."""
        folder = os.path.dirname(path)
        while folder and folder not in self._filled:
            self._filled.add(folder)
            if folder in (self._places.output, self._places.audits):
                return
            folder = os.path.dirname(folder)

    # Tasks ----------------------------------------------------------------------------------------

    def _next_task(self) -> Task | None:
        """The next task; None when there is none, or none until older ones are done."""
        if self._extra:
            return self._extra.popleft()
        if self._open_numbers and self._number - min(self._open_numbers) >= self._jobs * TASKS_AHEAD:
            return None
        task = next(self._tasks, None)
        return task or (self._extra.popleft() if self._extra else None)  # which may have come up meanwhile

    def _numbered(self) -> int:
        self._number += 1
        self._open_numbers.add(self._number)
        return self._number

    def _all_tasks(self) -> Iterator[Task]:
        """The tasks of everything that is planned and not finished, in the order of the outputs."""
        held: list[Planned] = []
        held_bytes = 0
        for planned in self._manifest.planned():
            self._units_left -= 1
            self._bytes_left -= planned.size
            if self._was_finished(planned):
                continue
            if kind_of(planned.name).container:
                yield from self._shard_tasks(planned)
                continue
            held.append(planned)
            held_bytes += planned.size
            if self._is_enough(len(held), held_bytes):
                yield self._pages_task(held)
                held, held_bytes = [], 0
        if held:
            yield self._pages_task(held)

    def _is_enough(self, pages: int, size: int) -> bool:
        """Whether so many pages make a task: for a while, and so few at the end that all workers end together."""
        share = max(1, (self._jobs - 1) * TASKS_LEFT)
        return pages >= min(PAGES_A_TASK, self._units_left // share) or size >= min(
            BYTES_A_TASK, self._bytes_left // share
        )

    def _was_finished(self, planned: Planned) -> bool:
        """Whether an input needs nothing more; it is counted then."""
        finished = self._finished(planned)
        if finished is None:
            return False
        if finished.stamp != planned.stamp:
            self._manifest.finish(planned.output, finished._replace(stamp=planned.stamp))
        self._facts.add(finished.facts)
        self._skipped += finished.facts.done + finished.facts.skipped
        self._failed += finished.facts.failed
        self._failed_before += finished.facts.failed
        self._resumed_bytes += planned.size
        self._unit_over(planned)
        return True

    def _finished(self, planned: Planned) -> Finished | None:
        """What is known of an output that is in its place and would be made the same again."""
        finished = None if self._force else self._manifest.finished(planned.output)
        if finished is None or not self._is_known(finished.key, planned):
            return None
        try:
            if os.stat(os.path.join(self._places.output, planned.output)).st_size != finished.size:
                return None
            if self._choices.audits == "folder":
                os.stat(self._audit_path(planned))
        except OSError:
            return None
        is_same = finished.stamp == planned.stamp or self._has_contents(planned, finished.stamp, finished.digest)
        return finished if is_same else None

    def _key(self, planned: Planned) -> str:
        """How an output is made, as one word."""
        return digest_of(os.fsencode(planned.name), self._recipes[planned.config])

    def _is_known(self, key: str, planned: Planned) -> bool:
        """Whether an output, or a part of one, was made as it would be now; other limits try again what met them."""
        made = self._key(planned)
        return key in (made, f"{made} {self._limits}")

    def _has_contents(self, planned: Planned, stamp: str, digest: str, *, last: int | None = None) -> bool:
        """Whether an input with another stamp is still the same, up to a shard if it is a container."""
        if not may_be_same(planned.stamp, stamp):
            return False
        kind, found = kind_of(planned.name), ""
        try:
            if not kind.container:
                with open_regular(planned.input) as file:
                    return digest_of(file.read()) == digest
            container = _Container(planned, "", "", kind)
            for shard in SHARDS[kind.container](planned.input, kind):
                container.begin(shard)
                found = container.digest
                if shard.number == last:
                    break
        except (CleanerError, OSError):
            return False
        return found == digest

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
                planned.is_spooled,
            )
            for planned in held
        )
        number = self._numbered()
        self._pages_of[number] = tuple(held)
        return Pages(number, jobs)

    def _audit_path(self, planned: Planned) -> str:
        return os.path.join(self._places.audits, accounts_name(planned))

    def _shard_tasks(self, planned: Planned) -> Iterator[Records]:
        kind, made = kind_of(planned.name), kind_of_output(planned.name, self._choices.to)
        config = self._plan.configs[planned.config]
        partial = os.path.join(self._places.own, f"{PARTIAL}{sha256(os.fsencode(planned.output)).hexdigest()[:32]}")
        container = _Container(planned, self._key(planned), partial, made)
        self._containers[planned.output] = container
        number = -1
        try:
            wait_for_tick(os.stat(planned.input))
            after = self._resumed(container)
            number = after.number if after else -1
            for shard in SHARDS[kind.container](planned.input, kind, after=after):
                number = shard.number
                container.begin(shard)
                if after and number == after.number + 1:
                    self._resumed_bytes += container.position
                yield Records(self._numbered(), planned.output, planned.place, planned.name, kind, made, shard, config)
                if container.failed:
                    return
        except (CleanerError, OSError) as error:
            container.broken = Failure(planned.place, None, reason_of(error))
        container.read = number + 1
        if container.is_complete:
            self._container_over(container)

    def _resumed(self, container: _Container) -> Shard | None:
        """The last shard that an interrupted run finished, its output cut to it; None to begin anew."""
        planned = container.planned
        size = os.path.getsize(container.partial) if os.path.exists(container.partial) else 0
        last = self._last_shard(container, size)
        if last is None:
            self._manifest.forget(planned.output)
            container.facts = Facts()
        else:
            self._manifest.forget_after(planned.output, last)
            container.size, container.digest = last.size, last.digest
            self._resumed_pages += container.facts.done
        with _named(container.partial):
            container.file = open(container.partial, "r+b" if last else "w+b")  # noqa: SIM115
            container.file.truncate(container.size)
            container.file.seek(container.size)
        container.next_shard = last.number + 1 if last else 0
        return Shard(last.number, 0, b"", last.following, last.end, 0) if last else None

    def _last_shard(self, container: _Container, size: int) -> ShardDone | None:
        """The last shard that can be kept of a partial output of some size; the facts of all are entered."""
        planned, last = container.planned, None
        for done in self._manifest.shards(planned.output) if not self._force else ():
            if not self._is_known(done.key, planned) or done.size > size:
                break
            container.facts.add(done.facts)
            last = done
        if last and last.stamp != planned.stamp:
            is_same = self._has_contents(planned, last.stamp, last.digest, last=last.number)
            return last if is_same else None
        return last

    # Outcomes -------------------------------------------------------------------------------------

    def _enter(self, task: Task, outcome: Outcome) -> None:
        for line in outcome.notes:
            self._say(line)
        if isinstance(task, Pages):
            self._enter_pages(task, outcome)
        elif isinstance(task, Records):
            self._enter_shard(task, outcome)
        else:
            self._enter_assembly(task, outcome)

    def _enter_pages(self, task: Pages, outcome: Outcome) -> None:
        all_planned = self._pages_of.pop(task.number)
        failures = iter(outcome.failures)
        for planned, written in zip(all_planned, outcome.pages or [None] * len(all_planned), strict=True):
            self._manifest.forget(planned.output)
            if written:
                self._finish_page(planned, written)
            else:
                failure = Failure(planned.place, None, outcome.lost) if outcome.lost else next(failures)
                self._fail_unit(planned, failure)
            self._unit_over(planned)

    def _finish_page(self, planned: Planned, written: Written) -> None:
        stamp = planned.stamp if planned.is_spooled else written.stamp
        finished = Finished(self._key(planned), stamp, written.digest, written.size, written.facts)
        self._manifest.finish(planned.output, finished)
        if written.audit:
            self._manifest.keep_audit(planned.output, 0, written.audit)
        self._note_name(os.path.join(self._places.output, planned.output))
        if self._choices.audits == "folder":
            self._note_name(self._audit_path(planned))
        self._done += 1
        self._facts.add(written.facts)

    def _enter_shard(self, task: Records, outcome: Outcome) -> None:
        container = self._containers.get(task.unit)
        if container is None:  # it failed as a whole before
            return
        number = task.shard.number
        container.waiting[number] = (container.under_way.pop(number), outcome)
        while not container.failed and container.next_shard in container.waiting:
            self._append(container, *container.waiting.pop(container.next_shard))
        if container.is_complete and not container.failed:
            self._container_over(container)

    def _append(self, container: _Container, done: ShardDone, outcome: Outcome) -> None:
        """Puts a shard's output behind the ones before it."""
        planned, facts = container.planned, outcome.facts
        if outcome.lost:
            self._give_up(container, outcome.lost)
            return
        try:
            assert container.file
            container.file.write(outcome.data)
            container.file.flush()
        except OSError as error:
            self._give_up(container, f"{container.partial}: cannot be written: {error.strerror or error}")
            return
        container.size += len(outcome.data)
        container.next_shard += 1
        container.facts.add(facts)
        self._dirty.add(planned.output)
        for failure in outcome.failures:
            self._manifest.fail(planned.output, failure)
            self._say_failed(container, f"{failure.place}: {failure.why}")
        if outcome.audits:
            self._manifest.keep_audit(planned.output, done.number, outcome.audits)
        key = self._limited(container.key, facts)
        self._manifest.finish_shard(planned.output, done._replace(key=key, size=container.size, facts=facts))

    def _say_failed(self, container: _Container, line: str) -> None:
        """Says that a record failed; where all do, as when a field's name is mistyped, a few lines are enough."""
        container.said += 1
        if container.said <= SAID_OF_A_CONTAINER:
            self._say(line)
        elif container.said == SAID_OF_A_CONTAINER + 1:
            self._say(f"{container.planned.place}: more of its records failed; {FAILURES} will name them all")

    def _limited(self, key: str, facts: Facts) -> str:
        """The key for what was made: where records met limits, with these, as others may do better."""
        return f"{key} {self._limits}" if facts.limited else key

    def _give_up(self, container: _Container, why: str) -> None:
        """Enters a container that gives nothing; what was made of it is kept for another run."""
        container.failed = True
        if container.size:
            self._resumable.add(container.partial)
        self._fail_unit(container.planned, Failure(container.planned.place, None, why))
        self._close(container)

    def _container_over(self, container: _Container) -> None:
        """Puts a container's output in its place, or has it assembled first."""
        planned = container.planned
        if container.broken:
            if not container.next_shard:
                self._give_up(container, container.broken.why)
                return
            self._fail_tail(container, container.broken)
        target = os.path.join(self._places.output, planned.output)
        self._commit()
        if container.made.container in TABLES:
            assembly = Assembly(
                self._numbered(),
                planned.output,
                planned.place,
                container.partial,
                container.size,
                target,
                container.made.container,
            )
            self._extra.append(assembly)
            return
        try:
            assert container.file
            container.file.close()
            put_in_place(container.partial, target)
        except OSError as error:
            self._give_up(container, f"{target}: cannot be written: {error.strerror or error}")
            return
        self._container_in_place(container)

    def _fail_tail(self, container: _Container, broken: Failure) -> None:
        """Counts the rest of a container that breaks off as one failed record."""
        failure = broken._replace(why=f"breaks off after its last whole record: {broken.why}")
        container.facts.failed += 1
        self._manifest.fail(container.planned.output, failure)
        self._say(f"{failure.where}: {failure.why}")

    def _enter_assembly(self, task: Assembly, outcome: Outcome) -> None:
        container = self._containers[task.unit]
        if outcome.lost:
            self._give_up(container, outcome.lost)
            return
        with contextlib.suppress(OSError):
            os.unlink(container.partial)
        self._container_in_place(container)

    def _container_in_place(self, container: _Container) -> None:
        planned, facts = container.planned, container.facts
        target = os.path.join(self._places.output, planned.output)
        try:
            if self._choices.audits == "folder":
                self._write_audits_of(planned)
            size = os.path.getsize(target)
        except OSError as error:
            name = error.filename if error.filename == target else self._audit_path(planned)
            self._give_up(container, f"{name}: cannot be written: {error.strerror or error}")
            return
        key = self._limited(container.key, facts)
        self._manifest.finish(planned.output, Finished(key, planned.stamp, container.digest, size, facts))
        self._note_name(target)
        self._done += facts.done
        self._skipped += facts.skipped
        self._failed += facts.failed
        self._facts.add(facts)
        self._close(container)
        self._commit()

    def _close(self, container: _Container) -> None:
        container.close()
        del self._containers[container.planned.output]
        self._unit_over(container.planned)

    def _unit_over(self, planned: Planned) -> None:
        self._units_done += 1
        self._bytes_done += planned.size

    def _fail_unit(self, planned: Planned, failure: Failure) -> None:
        """Enters a file that gives nothing; what an earlier run made of it goes, for it is of another time."""
        self._failed += 1
        self._manifest.fail(planned.output, failure)
        self._say(f"{failure.place}: {failure.why}")
        if self._manifest.withdraw(planned.output):
            paths = [os.path.join(self._places.output, planned.output)]
            if self._choices.audits == "folder":
                paths.append(self._audit_path(planned))
            for path in paths:
                with contextlib.suppress(OSError):
                    os.unlink(path)

    def _say_ends(self) -> None:
        """Says what stays as earlier runs left it."""
        failures = os.path.join(self._places.output, FAILURES)
        if self._failed_before:
            self._say(f"{counted(self._failed_before, 'page')} failed before: {failures} says why; --force tries again")
        if left := left_behind(self._manifest, self._places.output):
            self._say(left)

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
        self._note_name(self._audit_path(planned))
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
