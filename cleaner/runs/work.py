"""What a worker does with a task: read, clean, render, write. One bad record costs that record.

This room knows no other worker and no manifest; what it returns depends on the task alone.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import NamedTuple

from cleaner.containers import SHARE, TEXT, WARNINGS, Row, jsonl, tables, unpacked_name, warc
from cleaner.containers.packing import packed, unpacked
from cleaner.errors import CleanerError, ReadError
from cleaner.page import Page
from cleaner.pipeline import CleanResult, clean
from cleaner.readers.encoding import decode
from cleaner.runs.atomic import Writing, make_whole
from cleaner.runs.choices import Assembly, Choices, Outcome, PageJob, Pages, Records, Task, Written
from cleaner.runs.facts import Facts, Failure, reason_of, removed_share, trace_of
from cleaner.writers.json import json_of

Beat = Callable[[int], None]


class BudgetError(CleanerError):
    """A page lost more than it may."""


class WriteError(CleanerError):
    """An output could not be written."""


def perform(
    choices: Choices, task: Task, refused: Mapping[int, str] | None = None, beat: Beat | None = None
) -> Outcome:
    """What became of a task. ``refused`` names records, by their place in it from 0, that are not to be tried again.

    ``beat`` is called with the place of each record before it is begun.
    """
    refused, beat = refused or {}, beat or _unheard
    if isinstance(task, Pages):
        return _pages(choices, task, refused, beat)
    if isinstance(task, Records):
        return _Shard(choices, task).cleaned(refused, beat)
    return _assembled(choices, task, refused, beat)


def warm_up() -> None:
    """Has everything loaded that the first page would need, so that this is not counted as its own time and memory."""
    clean("Home\nNews\nContact\n\nOne sentence is enough to load the phrases of every page, and the points.\n")


def _unheard(place: int) -> None:
    """Nobody counts."""


class Cleaned(NamedTuple):
    """A page with the share that went, and the lines that are to be said about it."""

    result: CleanResult
    share: float
    notes: tuple[str, ...]
    over_budget: bool


def _clean(choices: Choices, place: str, config: object, row: Row, filename: str | None) -> Cleaned:
    """The cleaned page, after the budget. Raises CleanerError for one that cannot be read or is over it."""
    text = row.page
    forced = choices.encoding if isinstance(text, bytes) else None
    if isinstance(text, bytes) and row.charset and forced is None:
        text = decode(text, declared=row.charset).text
    format = row.format if choices.format == "auto" and row.format else choices.format
    result = clean(text, format=format, url=row.url, config=config, encoding=forced, name=filename)  # type: ignore[arg-type]
    share = removed_share(result)
    over = choices.max_removed is not None and share > choices.max_removed
    if over:
        said = f"{share:.1%} of it would go, more than --max-removed {choices.max_removed:g}"
        if choices.on_budget == "fail":
            raise BudgetError(said)
        kept = choices.on_budget == "keep"
        if kept:
            result = _uncleaned(result)
        warning = f"{said}: kept whole" if kept else said
        result = replace(result, warnings=(*result.warnings, warning))
        share = removed_share(result)
    notable = over or not result.page.text.strip() or choices.verbose
    notes = tuple(f"{place}: {warning}" for warning in result.warnings) if notable else ()
    return Cleaned(result, share, notes, over)


def _uncleaned(result: CleanResult) -> CleanResult:
    page = result.page
    whole = Page(page.source, page.blocks, format=page.format, url=page.url)
    warnings = tuple(one for one in result.warnings if not one.startswith("nothing is left"))
    return replace(result, page=whole, warnings=warnings)


# Files --------------------------------------------------------------------------------------------


class _Begun(NamedTuple):
    """A page whose output is being written."""

    future: Future[int]
    size: int
    mtime_ns: int
    facts: Facts
    audit: bytes
    notes: tuple[str, ...]


def _pages(choices: Choices, task: Pages, refused: Mapping[int, str], beat: Beat) -> Outcome:
    begun: list[_Begun | Failure] = []
    with Writing(choices.temporary_folder) as writing:
        for place, job in enumerate(task.jobs):
            beat(place)
            if place in refused:
                begun.append(Failure(job.place, None, refused[place]))
                continue
            try:
                begun.append(_begin(choices, job, writing))
            except Exception as error:  # whatever it is, it concerns this page alone
                begun.append(Failure(job.place, None, reason_of(error), trace_of(error) if choices.verbose else None))
    facts = Facts()
    failures: list[Failure] = []
    notes: list[str] = []
    written: list[Written | None] = []
    for job, one in zip(task.jobs, begun, strict=True):
        found = one if isinstance(one, Failure) else _finish(job, one)
        if isinstance(found, Failure):
            failures.append(found)
            facts.failed += 1
            written.append(None)
        elif isinstance(one, _Begun):
            facts.add(found.facts)
            notes += one.notes
            written.append(found)
    return Outcome(facts, tuple(failures), tuple(notes), tuple(written))


def _begin(choices: Choices, job: PageJob, writing: Writing) -> _Begun:
    """Cleans a page and has its output written. The audit is written first: an output has one if it is there."""
    data, size, mtime_ns = _read(job.input)
    unpacked_data = unpacked(data, job.packing)
    filename = unpacked_name(job.name)
    cleaned = _clean(choices, job.place, job.config, Row(0, unpacked_data, None), filename)
    result = cleaned.result
    facts = Facts(over_budget=int(cleaned.over_budget))
    facts.count(result, job.name, cleaned.share)
    audit = _audit(result) if choices.audits else b""
    files = ((job.output, rendered(choices.to, job.name, cleaned)),)
    if job.audit:
        files = ((job.audit, audit), *files)  # type: ignore[assignment]
    kept_audit = audit if choices.audits == "file" else b""
    return _Begun(writing.write(files), size, mtime_ns, facts, kept_audit, cleaned.notes)


def _finish(job: PageJob, begun: _Begun) -> Written | Failure:
    try:
        return Written(begun.size, begun.mtime_ns, begun.future.result(), begun.facts, begun.audit)
    except OSError as error:
        return Failure(job.place, None, f"{job.output}: cannot be written: {error.strerror or error}")


def _read(path: str) -> tuple[bytes, int, int]:
    """A file's bytes, size and time of change. What is no regular file any more is not waited for."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ReadError("is no regular file any more")
        return file.read(), status.st_size, status.st_mtime_ns


def rendered(to: str, name: str, cleaned: Cleaned) -> bytes:
    """The bytes of a page's own output file."""
    result = cleaned.result
    if to == "text":
        return utf8(result.text)
    if to == "markdown":
        return utf8(result.markdown)
    if to == "json":
        return _audit(result)
    fields = {"name": name, **_added(to, cleaned)}
    if to == "jsonl":
        return jsonl.as_json(fields) + b"\n"
    return tables.one_table(tables.of_rows([fields]))


def utf8(text: str) -> bytes:
    """The text as UTF-8; half a surrogate pair, which no UTF-8 can hold, becomes a replacement character."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


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
        SHARE: round(cleaned.share, 4),
        WARNINGS: list(result.warnings),
    }


# Containers ---------------------------------------------------------------------------------------


class _Shard:
    """One shard of a container on its way to the same piece of the output."""

    def __init__(self, choices: Choices, task: Records) -> None:
        self.choices, self.task = choices, task
        self.facts = Facts()
        self.failures: list[Failure] = []
        self.notes: list[str] = []
        self.audits: list[bytes] = []
        self.kept: list[tuple[Row, dict[str, object]]] = []

    def cleaned(self, refused: Mapping[int, str], beat: Beat) -> Outcome:
        """What became of the shard's records."""
        place = 0
        for place, row in enumerate(self._rows()):
            beat(place)
            if row.skipped:
                self.facts.skipped += 1
            elif place in refused or row.why:
                self._fail(row, refused.get(place) or row.why)
            else:
                self._try(row)
        beat(place)
        data = packed(self._data(), self.task.to.packing)
        return Outcome(self.facts, tuple(self.failures), tuple(self.notes), data=data, audits=b"".join(self.audits))

    def _rows(self) -> Iterator[Row]:
        shard, choices, container = self.task.shard, self.choices, self.task.kind.container
        if container == "jsonl":
            return jsonl.rows(shard, choices.text_field, choices.url_field)
        if container == "warc":
            return warc.rows(shard)
        return tables.rows(shard, choices.text_field, choices.url_field)

    def _try(self, row: Row) -> None:
        name, place = f"{self.task.name}:{row.number}", f"{self.task.place}:{row.number}"
        try:
            cleaned = _clean(self.choices, place, self.task.config, row, None)
            named = replace(cleaned.result, name=name)
            added = _added(self.choices.to, cleaned)
            if self.choices.audits:
                self.audits.append(_audit(named))
        except Exception as error:  # whatever it is, it concerns this record alone
            self._fail(row, reason_of(error), error)
            return
        self.kept.append((row, added))
        self.facts.count(cleaned.result, name, cleaned.share)
        self.facts.over_budget += cleaned.over_budget
        self.notes += cleaned.notes

    def _fail(self, row: Row, why: str, error: Exception | None = None) -> None:
        trace = trace_of(error) if error and self.choices.verbose else None
        self.failures.append(Failure(self.task.place, row.number, why, trace))
        self.facts.failed += 1

    def _data(self) -> bytes:
        to_jsonl, container = self.task.to.container == "jsonl", self.task.kind.container
        if container == "jsonl" and to_jsonl:
            return b"".join(jsonl.spliced(_bytes(row.raw), added) for row, added in self.kept)
        if container in ("parquet", "arrow"):
            batch = tables.batch_of(self.task.shard.data)
            if not to_jsonl:
                return tables.with_fields(
                    batch, [_place(row.raw) for row, _ in self.kept], [one for _, one in self.kept]
                )
            records = batch.to_pylist()
            return b"".join(jsonl.as_json({**records[_place(row.raw)], **one}) + b"\n" for row, one in self.kept)
        fields = [{**_fields(row.raw), **added} for row, added in self.kept]
        return b"".join(jsonl.as_json(one) + b"\n" for one in fields) if to_jsonl else tables.of_rows(fields)


def _bytes(raw: object) -> bytes:
    assert isinstance(raw, bytes)
    return raw


def _place(raw: object) -> int:
    assert isinstance(raw, int)
    return raw


def _fields(raw: object) -> dict[str, object]:
    """A record's own fields: of a WARC record, or of a JSON line."""
    if isinstance(raw, bytes):
        import json

        raw = json.loads(raw.removeprefix(jsonl.BOM))
    assert isinstance(raw, dict)
    return raw


def _assembled(choices: Choices, task: Assembly, refused: Mapping[int, str], beat: Beat) -> Outcome:
    """Puts a Parquet or Arrow file in its place, of all its shards."""
    if 0 in refused:
        return Outcome(Facts(failed=1), (Failure(task.unit, None, refused[0]),))
    try:
        with open(task.source, "rb") as source:
            make_whole(
                task.output,
                lambda target: tables.assemble(source, task.size, target, task.container, lambda: beat(0)),
                choices.temporary_folder,
            )
    except (CleanerError, MemoryError) as error:
        return Outcome(Facts(failed=1), (Failure(task.unit, None, reason_of(error)),))
    except OSError as error:
        why = f"{task.output}: cannot be written: {error.strerror or error}"
        return Outcome(Facts(failed=1), (Failure(task.unit, None, why),))
    return Outcome(Facts())
