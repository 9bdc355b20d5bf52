"""What a worker does with a task: read, clean, render, write. One bad record costs that record.

This room knows no other worker and no manifest; what it returns depends on the task alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from types import ModuleType
from typing import Any, BinaryIO, NamedTuple

from cleaner.containers import SHARE, TEXT, WARNINGS, Row, jsonl, tables, unpacked_name, warc
from cleaner.containers.files import open_regular
from cleaner.containers.packing import packed, unpacked
from cleaner.errors import CleanerError, ReadError
from cleaner.escapes import encoded
from cleaner.page import Page
from cleaner.pipeline import CleanResult, clean
from cleaner.readers.encoding import decode
from cleaner.runs.atomic import begin_writing, make_whole, start_threads
from cleaner.runs.choices import Assembly, Choices, Outcome, PageJob, Pages, Records, Task, Written
from cleaner.runs.facts import Facts, Failure, Lengths, on_one_line, reason_of, trace_of
from cleaner.runs.stamps import digest_of, stamp_of, wait_for_tick
from cleaner.writers.json import json_of

Beat = Callable[[int], None]

CONTAINERS: dict[str, ModuleType] = {"jsonl": jsonl, "parquet": tables, "arrow": tables, "warc": warc}
JSON_BEGINS = re.compile(rb"\s*[\[{]")
RECORD_BEGINS = re.compile(rb'\s*\{\s*"')


class BudgetError(CleanerError):
    """A page lost more than it may."""


class Trial(NamedTuple):
    """How a task is tried.

    ``refused`` names records, by their place in the task from 0, that are not to be tried again, and
    why. ``beat`` is called with the place of each record before it is begun. In a process that is
    ``used``, in which other tasks have left their traces, MemoryError is passed on: the task is to be
    tried in a new one before it is said of a record that it needs too much.
    """

    refused: Mapping[int, str] = {}
    beat: Beat = lambda place: None
    used: bool = False


def perform(choices: Choices, task: Task, trial: Trial | None = None) -> Outcome:
    """What became of a task."""
    trial = trial or Trial()
    try:
        if isinstance(task, Pages):
            return _pages(choices, task, trial)
        if isinstance(task, Records):
            return _Shard(choices, task, trial).cleaned()
        return _assembled(choices, task, trial)
    except Exception as error:
        if trial.used and isinstance(error, MemoryError):
            raise
        return Outcome(Facts(), lost=reason_of(error))


def warm_up() -> None:
    """Has everything loaded that the first page would need, so that this is not counted as its own time and memory."""
    clean("Home\nNews\nContact\n\nOne sentence is enough to load the phrases of every page, and the points.\n")
    start_threads()


def _failure(choices: Choices, trial: Trial, where: str, record: int | None, error: Exception) -> Failure:
    """What is said of a page or record; it concerns that alone, whatever the error is."""
    if trial.used and isinstance(error, MemoryError):
        raise error
    trace = trace_of(error) if choices.verbose else None
    return Failure(where, record, reason_of(error), trace, isinstance(error, MemoryError))


class Cleaned(NamedTuple):
    """A page with its lengths, and the lines that are to be said about it."""

    result: CleanResult
    lengths: Lengths
    notes: tuple[str, ...]
    over_budget: bool


def _clean(choices: Choices, place: str, config: object, row: Row, filename: str | None) -> Cleaned:
    """The cleaned page, after the budget. Raises CleanerError for one that cannot be read or is over it."""
    text = row.page
    forced = choices.encoding if isinstance(text, bytes) else None
    if isinstance(text, bytes) and row.charset and forced is None:
        found = decode(text, declared=row.charset)
        forced = None if isinstance(found.source, bytes) else found.encoding  # by name, so that what is lost is said
    format = row.format if choices.format == "auto" and row.format else choices.format
    result = clean(text, format=format, url=row.url, config=config, encoding=forced, name=filename)  # type: ignore[arg-type]
    lengths = Lengths.of(result.page)
    over = choices.max_removed is not None and lengths.share > choices.max_removed
    if over:
        said = f"{lengths.share:.1%} of it would go, more than --max-removed {choices.max_removed:g}"
        if choices.on_budget == "fail":
            raise BudgetError(said)
        kept = choices.on_budget == "keep"
        if kept:
            result = _uncleaned(result)
        warning = f"{said}: kept whole" if kept else said
        result = replace(result, warnings=(*result.warnings, warning))
        lengths = Lengths.of(result.page)
    notable = over or not result.page.text.strip() or choices.verbose
    notes = tuple(f"{place}: {warning}" for warning in result.warnings) if notable else ()
    return Cleaned(result, lengths, notes, over)


def _uncleaned(result: CleanResult) -> CleanResult:
    page = result.page
    whole = Page(page.source, page.blocks, format=page.format, url=page.url)
    whole.shared = page.shared  # what the reader knows, by which HTML is written as Markdown
    warnings = tuple(one for one in result.warnings if not one.startswith("nothing is left"))
    return replace(result, page=whole, warnings=warnings)


# Files --------------------------------------------------------------------------------------------


class _Done(NamedTuple):
    """A page whose files are to be written, in this order."""

    files: tuple[tuple[str, bytes], ...]
    stamp: str
    digest: str
    facts: Facts
    audit: bytes
    notes: tuple[str, ...]


def _pages(choices: Choices, task: Pages, trial: Trial) -> Outcome:
    done = list(_done_pages(choices, task, trial))
    # Only now: threads that write beside the work want the interpreter again after each call of the system.
    begun = [
        one if isinstance(one, Failure) else (one, begin_writing(one.files, choices.temporary_folder)) for one in done
    ]
    facts = Facts()
    failures: list[Failure] = []
    notes: list[str] = []
    pages: list[Written | None] = []
    for job, one in zip(task.jobs, begun, strict=True):
        found = one if isinstance(one, Failure) else _written(choices, trial, job, *one)
        if isinstance(found, Failure):
            failures.append(found)
            facts.failed += 1
            pages.append(None)
        elif not isinstance(one, Failure):
            facts.add(found.facts)
            notes += one[0].notes
            pages.append(found)
    return Outcome(facts, tuple(failures), tuple(notes), tuple(pages))


def _done_pages(choices: Choices, task: Pages, trial: Trial) -> Iterator[_Done | Failure]:
    for place, job in enumerate(task.jobs):
        trial.beat(place)
        if place in trial.refused:
            yield Failure(job.place, None, trial.refused[place], is_limit=True)
            continue
        try:
            yield _done(choices, job)
        except Exception as error:
            yield _failure(choices, trial, job.place, None, error)


def _done(choices: Choices, job: PageJob) -> _Done:
    """A cleaned page. Its audit is to be written first: an output has one if it is there."""
    data, stamp = _read(job.input)
    cleaned = _cleaned(choices, job, data)
    facts = Facts(over_budget=int(cleaned.over_budget))
    facts.count(cleaned.result, job.name, cleaned.lengths, job.config)
    audit = _audit(cleaned.result) if choices.audits else b""
    files = ((job.output, rendered(choices.to, job.name, cleaned)),)
    if job.audit:
        files = ((job.audit, audit), *files)  # type: ignore[assignment]
    kept_audit = audit if choices.audits == "file" else b""
    return _Done(files, stamp, digest_of(data), facts, kept_audit, cleaned.notes)


def _cleaned(choices: Choices, job: PageJob, data: bytes) -> Cleaned:
    filename = unpacked_name(job.name)
    try:
        page = unpacked(data, job.packing)
        if choices.format == "auto":
            _refuse_containers(page, filename)
        cleaned = _clean(choices, job.place, job.config, Row(0, page, None), filename)
    except ReadError as error:
        if job.is_spooled and not os.path.splitext(job.name)[1]:
            raise ReadError(f"{error}; --stdin-filename names it, as in --stdin-filename pages.jsonl.gz") from None
        raise
    return cleaned._replace(result=replace(cleaned.result, name=job.name))  # a.txt.gz may lie beside a.txt


def _written(choices: Choices, trial: Trial, job: PageJob, done: _Done, future: Future[int]) -> Written | Failure:
    try:
        return Written(done.stamp, done.digest, future.result(), done.facts, done.audit)
    except Exception as error:
        return _failure(choices, trial, job.place, None, error)


def _read(path: str) -> tuple[bytes, str]:
    """A file's bytes and stamp."""
    with open_regular(path) as file:
        status = os.fstat(file.fileno())
        wait_for_tick(status)
        return file.read(), stamp_of(status)


def _refuse_containers(page: bytes, name: str) -> None:
    """Raises ReadError for records that would be taken for the text of one page, because of the file's name."""
    if page.startswith(b"WARC/1."):
        raise ReadError("holds WARC records; give it a name that ends in .warc or .warc.gz")
    suffix = os.path.splitext(name)[1].lower()
    if (suffix == ".json" and JSON_BEGINS.match(page)) or (not suffix and RECORD_BEGINS.match(page)):
        raise ReadError("holds JSON and no page; records, one a line, are read from names that end in .jsonl")


def rendered(to: str, name: str, cleaned: Cleaned) -> bytes:
    """The bytes of a page's own output file."""
    result = cleaned.result
    if to == "text":
        return encoded(result.text)
    if to == "markdown":
        return encoded(result.markdown)
    if to == "json":
        return _audit(result)
    fields = {"name": name, **_added(to, cleaned)}
    if to == "jsonl":
        return jsonl.as_json(fields) + b"\n"
    return tables.one_table(tables.of_rows([tables.storable(fields)]))


def _audit(result: CleanResult) -> bytes:
    line = json_of(result)
    try:
        return line.encode() + b"\n"
    except UnicodeEncodeError:
        from cleaner.audit import account

        return jsonl.as_json(account(result)) + b"\n"


def _added(to: str, cleaned: Cleaned) -> dict[str, object]:
    """The clean fields of a record."""
    result = cleaned.result
    return {
        TEXT: result.markdown if to == "markdown" else result.text,
        SHARE: round(cleaned.lengths.share, 4),
        WARNINGS: list(result.warnings),
    }


# Containers ---------------------------------------------------------------------------------------


class _Shard:
    """One shard of a container on its way to the same piece of the output."""

    def __init__(self, choices: Choices, task: Records, trial: Trial) -> None:
        self.choices, self.task, self.trial = choices, task, trial
        self.container = CONTAINERS[task.kind.container]
        self.to_jsonl, self.is_table = task.to.container == "jsonl", self.container is tables
        self.facts = Facts()
        self.failures: list[Failure] = []
        self.notes: list[str] = []
        self.audits: list[bytes] = []
        self.kept: list[tuple[Row, dict[str, object]]] = []

    def cleaned(self) -> Outcome:
        """What became of the shard's records."""
        place, shard = 0, self.task.shard
        if shard.why:
            self._fail(Failure(self.task.place, shard.first, shard.why))
            return self._outcome(b"")
        for place, (number, raw) in enumerate(self.container.records(shard)):
            self.trial.beat(place)
            if place in self.trial.refused:
                self._fail(Failure(self.task.place, number, self.trial.refused[place], is_limit=True))
            else:
                self._try(number, raw)
        self.trial.beat(place)
        return self._outcome(packed(self._data(), self.task.to.packing))

    def _outcome(self, data: bytes) -> Outcome:
        return Outcome(self.facts, tuple(self.failures), tuple(self.notes), data=data, audits=b"".join(self.audits))

    def _try(self, number: int, raw: object) -> None:
        name, place = f"{self.task.name}:{number}", f"{self.task.place}:{number}"
        try:
            row = self.container.row(number, raw, self.choices.text_field, self.choices.url_field)
            if row.skipped:
                self.facts.skipped += 1
                return
            if row.why:
                self._fail(Failure(self.task.place, number, on_one_line(row.why)))
                return
            cleaned = _clean(self.choices, place, self.task.config, row, None)
            fields = self._fields(raw, row, _added(self.choices.to, cleaned))
            audit = _audit(replace(cleaned.result, name=name)) if self.choices.audits else b""
        except Exception as error:
            self._fail(_failure(self.choices, self.trial, self.task.place, number, error))
            return
        self.audits.append(audit)
        self.kept.append((row, fields))
        self.facts.count(cleaned.result, name, cleaned.lengths, self.task.config)
        self.facts.over_budget += cleaned.over_budget
        self.notes += cleaned.notes

    def _fail(self, failure: Failure) -> None:
        self.failures.append(failure)
        self.facts.failed += 1
        self.facts.limited += failure.is_limit

    def _fields(self, raw: object, row: Row, added: dict[str, object]) -> dict[str, object]:
        """The clean fields, with the record's own before them where these are written anew.

        Raises ReadError for what has no form there: it costs the record alone.
        """
        if self.is_table:
            return {**tables.fields_of(*_batch_and_place(raw)), **added} if self.to_jsonl else added
        if self.container is jsonl and self.to_jsonl:
            return added
        fields = {**_fields(row.raw), **added}
        return fields if self.to_jsonl else tables.storable(fields)

    def _data(self) -> bytes:
        found = [fields for _, fields in self.kept]
        if self.to_jsonl and self.container is jsonl:
            return b"".join(jsonl.spliced(_bytes(row.raw), added) for row, added in self.kept)
        if self.to_jsonl:
            return b"".join(jsonl.as_json(fields) + b"\n" for fields in found)
        if self.is_table:
            batch = tables.batch_of(self.task.shard.data)
            return tables.with_fields(batch, [_place(row.raw) for row, _ in self.kept], found)
        return tables.of_rows(found)


def _bytes(raw: object) -> bytes:
    assert isinstance(raw, bytes)
    return raw


def _batch_and_place(raw: object) -> tuple[Any, int]:
    assert isinstance(raw, tuple)
    batch, place = raw
    return batch, place


def _place(raw: object) -> int:
    assert isinstance(raw, int)
    return raw


def _fields(raw: object) -> dict[str, object]:
    """A record's own fields: of a WARC record, or of a JSON line."""
    if isinstance(raw, bytes):
        raw = jsonl.parsed(raw)
    assert isinstance(raw, dict)
    return raw


def _assembled(choices: Choices, task: Assembly, trial: Trial) -> Outcome:
    """Puts a Parquet or Arrow file in its place, of all its shards."""
    if 0 in trial.refused:
        return Outcome(Facts(), lost=trial.refused[0])
    with open(task.source, "rb") as source:
        odd: list[str] = []

        def fill(target: BinaryIO) -> None:
            odd[:] = tables.assemble(source, task.size, target, task.container, lambda: trial.beat(0))

        try:
            make_whole(task.output, fill, choices.temporary_folder)
        except OSError as error:
            return Outcome(Facts(), lost=f"{task.output}: cannot be written: {error.strerror or error}")
    said = "no kind of column holds all its values; each is written as JSON text"
    return Outcome(Facts(), notes=tuple(on_one_line(f'{task.place}: column "{name}": {said}') for name in odd))
