"""The memory of a run: one SQLite file in the output folder that holds what is planned, finished and failed.

This room knows names and numbers; pages it does not know.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from cleaner.errors import CleanerError, UsageError
from cleaner.runs.facts import Facts, Failure

SCHEMA = 3
ROWS_AT_ONCE = 500
SPOOLED = "spooled:"
_TABLES = """
CREATE TABLE run.finished (output BLOB PRIMARY KEY, key TEXT, stamp TEXT, digest TEXT, size INTEGER, facts TEXT)
    WITHOUT ROWID;
CREATE TABLE run.shards (output BLOB, number INTEGER, key TEXT, stamp TEXT, digest TEXT, size INTEGER,
    following INTEGER, end INTEGER, facts TEXT, PRIMARY KEY (output, number)) WITHOUT ROWID;
CREATE TABLE run.failures (output BLOB, record INTEGER, place BLOB, why TEXT, trace TEXT,
    PRIMARY KEY (output, record)) WITHOUT ROWID;
CREATE TABLE run.sources (output BLOB PRIMARY KEY, input BLOB) WITHOUT ROWID;
CREATE TABLE run.audits (output BLOB, number INTEGER, account BLOB, PRIMARY KEY (output, number)) WITHOUT ROWID;
"""
_PLAN = """
CREATE TABLE plan (output BLOB PRIMARY KEY, input BLOB, name BLOB, size INTEGER, stamp TEXT, config INTEGER)
    WITHOUT ROWID;
CREATE TABLE folders (output BLOB PRIMARY KEY) WITHOUT ROWID;
"""
_SOURCE = f"CASE WHEN plan.stamp LIKE '{SPOOLED}%' THEN x'' ELSE absolute(plan.input) END"


class Planned(NamedTuple):
    """One input and where its output goes, below the output folder; ``name`` is the input below its root.

    ``stamp`` is what the file system says of its changes. That of standard input, which has no path of
    its own, begins with SPOOLED, and what follows stands for its contents.
    """

    output: str
    input: str
    name: str
    size: int
    stamp: str
    config: int

    @property
    def is_spooled(self) -> bool:
        """Whether it came from standard input."""
        return self.stamp.startswith(SPOOLED)

    @property
    def place(self) -> str:
        """Where messages say that it is."""
        return self.name if self.is_spooled else self.input


class Finished(NamedTuple):
    """An output that an earlier run, or this one, put in place: how it was made, of what, and its size."""

    key: str
    stamp: str
    digest: str
    size: int
    facts: Facts


class ShardDone(NamedTuple):
    """A finished shard: how it was made, and the digest of the container up to its end.

    ``size`` is how long the partial output was with it, ``following`` and ``end`` say where the next begins.
    """

    number: int
    key: str
    stamp: str
    digest: str
    size: int
    following: int
    end: int
    facts: Facts


class Manifest:
    """The plan of a run, and, once it is opened, the file with what was done by this run and those before it."""

    def __init__(self) -> None:
        self._path = "the plan"
        self.is_new = False  # nothing is known of earlier runs
        # An unnamed database lives on the disk when it is large, and goes with the process.
        self._db = sqlite3.connect("", timeout=0, isolation_level=None, check_same_thread=False)
        self._db.create_function("absolute", 1, os.path.abspath, deterministic=True)
        for statement in _PLAN.split(";"):
            self._execute(statement)
        self._execute("BEGIN")

    def open(self, path: str) -> None:
        """Takes up the file, which is made, and locks it against other runs until it is closed.

        Raises UsageError when another run has it, or when it is something else.
        """
        self._attach(path)
        try:
            self._db.execute("PRAGMA run.locking_mode=EXCLUSIVE")
            self._db.execute("BEGIN EXCLUSIVE")
            if self._version() != SCHEMA:
                self._begin_anew()
        except sqlite3.DatabaseError as error:
            raise self._not_opened(error) from None
        self.commit()

    def look_into(self, path: str | None) -> None:
        """Takes up the file to read it, if it is there; nothing is written."""
        self._attach(path or "")
        try:
            self._db.execute("BEGIN")
            known = self._version() == SCHEMA
        except sqlite3.DatabaseError as error:
            raise self._not_opened(error) from None
        if not known:
            self._execute("COMMIT")
            self._execute("DETACH run")
            self._execute("ATTACH '' AS run")
            self._begin_anew()

    def _attach(self, path: str) -> None:
        self._path = path
        self._execute("COMMIT")
        try:
            # As bytes, for a name need not be UTF-8, and never one that SQLite would take for a URI.
            self._db.execute("ATTACH ? AS run", (os.fsencode(path and os.path.join(".", path)),))
        except sqlite3.DatabaseError as error:
            raise self._not_opened(error) from None

    def _version(self) -> int:
        (version,) = self._db.execute("PRAGMA run.user_version").fetchone()
        return int(version)

    def _begin_anew(self) -> None:
        """Makes the tables; those of another version of cleaner go, for its outputs are done again anyway."""
        self.is_new = True
        for (name,) in self._execute("SELECT name FROM run.sqlite_master WHERE type = 'table'").fetchall():
            self._execute(f'DROP TABLE run."{name}"')
        for statement in _TABLES.split(";"):
            self._execute(statement)
        self._execute(f"PRAGMA run.user_version={SCHEMA}")

    def _not_opened(self, error: sqlite3.DatabaseError) -> CleanerError:
        if "locked" in str(error):
            return UsageError(f"{self._path}: another run is at work in this folder; wait for its end")
        if isinstance(error, sqlite3.OperationalError):
            return self._broken(error)
        return UsageError(f"{self._path}: is no manifest ({error}); delete it to begin anew")

    def _broken(self, error: sqlite3.Error) -> CleanerError:
        return CleanerError(f"{self._path}: {error}; see to it, then run the same command again to go on")

    def _execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        try:
            return self._db.execute(statement, values)
        except sqlite3.DatabaseError as error:
            raise self._broken(error) from None

    def commit(self) -> None:
        """Makes everything entered so far last. Raises CleanerError when the disk does not take it."""
        self._execute("COMMIT")
        self._execute("BEGIN")

    def close(self) -> None:
        """Commits what can be, and gives the lock back."""
        with suppress(sqlite3.Error):
            self._db.execute("COMMIT")
        with suppress(sqlite3.Error):
            self._db.close()

    # The plan -------------------------------------------------------------------------------------

    def plan(self, planned: Planned) -> str | None:
        """Enters an input; gives the other input when its output is taken already."""
        output, name = os.fsencode(planned.output), os.fsencode(planned.name)
        values = (output, os.fsencode(planned.input), name, planned.size, planned.stamp, planned.config)
        cursor = self._execute("INSERT OR IGNORE INTO plan VALUES (?, ?, ?, ?, ?, ?)", *values)
        if cursor.rowcount:
            return None
        (other,) = self._execute("SELECT input FROM plan WHERE output = ?", output).fetchone()
        return os.fsdecode(other)

    def is_planned(self, output: str) -> bool:
        """Whether an input has that output."""
        return self._execute("SELECT 1 FROM plan WHERE output = ?", os.fsencode(output)).fetchone() is not None

    def amend(self, planned: Planned) -> None:
        """Enters what is known by now of an input that was planned."""
        values = (os.fsencode(planned.input), planned.size, planned.stamp, os.fsencode(planned.output))
        self._execute("UPDATE plan SET input = ?, size = ?, stamp = ? WHERE output = ?", *values)

    def plan_folder(self, output: str) -> None:
        """Enters a folder that outputs will need."""
        self._execute("INSERT OR IGNORE INTO folders VALUES (?)", os.fsencode(output))

    def folder_taken_by(self) -> Planned | None:
        """An input whose output would have the name of a folder that others need."""
        row = self._execute("SELECT plan.* FROM folders JOIN plan USING (output) ORDER BY output LIMIT 1").fetchone()
        return _planned(row) if row else None

    def planned(self) -> Iterator[Planned]:
        """All inputs, in the order of their outputs; a few are held at a time."""
        after = b""
        while True:
            query = "SELECT * FROM plan WHERE output > ? ORDER BY output LIMIT ?"
            rows = self._execute(query, after, ROWS_AT_ONCE).fetchall()
            yield from map(_planned, rows)
            if len(rows) < ROWS_AT_ONCE:
                return
            after = rows[-1][0]

    def totals(self) -> tuple[int, int]:
        """How many inputs are planned, and their bytes."""
        count, size = self._execute("SELECT COUNT(*), COALESCE(SUM(size), 0) FROM plan").fetchone()
        return count, size

    # Of what outputs are made ---------------------------------------------------------------------

    def note_sources(self) -> None:
        """Enters of which input each planned output is made, from before it is written; standard input has no path."""
        self._execute(f"INSERT OR REPLACE INTO sources SELECT output, {_SOURCE} FROM plan")
        self.commit()

    def without_source(self) -> Iterator[str]:
        """The planned outputs that no run planned before."""
        query = "SELECT output FROM plan WHERE output NOT IN (SELECT output FROM sources)"
        for (output,) in self._execute(query):
            yield os.fsdecode(output)

    def with_other_source(self) -> Iterator[tuple[str, str, str]]:
        """The outputs that were planned of another input before, with this input and the other."""
        query = f"SELECT output, {_SOURCE} AS now, sources.input AS before FROM plan JOIN sources USING (output)"
        for row in self._execute(f"SELECT * FROM ({query}) WHERE now <> before AND now <> x'' AND before <> x''"):
            output, now, before = map(os.fsdecode, row)
            yield output, now, before

    def unplanned_sources(self) -> Iterator[tuple[str, str]]:
        """The outputs of earlier runs that this one does not plan, each with its input."""
        query = "SELECT output, input FROM sources WHERE input <> x'' AND output NOT IN (SELECT output FROM plan)"
        for output, source in self._execute(query):
            yield os.fsdecode(output), os.fsdecode(source)

    # What is finished -----------------------------------------------------------------------------

    def finished(self, output: str) -> Finished | None:
        """What is known of an output that was put in place."""
        query = "SELECT key, stamp, digest, size, facts FROM finished WHERE output = ?"
        row = self._execute(query, os.fsencode(output)).fetchone()
        return Finished._make((*row[:-1], _facts(row[-1]))) if row else None

    def finish(self, output: str, finished: Finished) -> None:
        """Enters an output that is in its place; its shards are forgotten."""
        blob = os.fsencode(output)
        *values, facts = finished
        self._execute("INSERT OR REPLACE INTO finished VALUES (?, ?, ?, ?, ?, ?)", blob, *values, _table(facts))
        self._execute("DELETE FROM shards WHERE output = ?", blob)

    def forget(self, output: str) -> None:
        """Drops what is known of how an output came about, for it is made anew; what stands in its place stays."""
        blob = os.fsencode(output)
        for table in ("shards", "failures", "audits"):
            self._execute(f"DELETE FROM {table} WHERE output = ?", blob)

    def withdraw(self, output: str) -> bool:
        """Enters that nothing stands in an output's place any more; whether something did."""
        return self._execute("DELETE FROM finished WHERE output = ?", os.fsencode(output)).rowcount > 0

    def shards(self, output: str) -> Iterator[ShardDone]:
        """The finished shards of a container, in order; read one at a time, while nothing is entered."""
        query = "SELECT * FROM shards WHERE output = ? ORDER BY number"
        for _, *values, facts in self._execute(query, os.fsencode(output)):
            yield ShardDone._make((*values, _facts(facts)))

    def finish_shard(self, output: str, done: ShardDone) -> None:
        """Enters a finished shard."""
        *values, facts = done
        blob = os.fsencode(output)
        self._execute("INSERT OR REPLACE INTO shards VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", blob, *values, _table(facts))

    def forget_after(self, output: str, last: ShardDone) -> None:
        """Drops what is known of a container behind a shard, and its failure as a whole: it is tried again."""
        blob = os.fsencode(output)
        self._execute("DELETE FROM shards WHERE output = ? AND number > ?", blob, last.number)
        self._execute("DELETE FROM audits WHERE output = ? AND number > ?", blob, last.number)
        query = "DELETE FROM failures WHERE output = ? AND (record = 0 OR record >= ?)"
        self._execute(query, blob, last.following)

    # Failures and accounts ------------------------------------------------------------------------

    def fail(self, output: str, failure: Failure) -> None:
        """Enters a failure; a file's own counts as its record 0."""
        place = os.fsencode(failure.where)
        trace = failure.traceback and failure.traceback.encode("utf-8", "backslashreplace").decode()
        values = (os.fsencode(output), failure.record or 0, place, failure.why, trace)
        self._execute("INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?)", *values)

    def failures(self) -> Iterator[Failure]:
        """The failures of all planned inputs, in the order of outputs and records."""
        query = "SELECT place, record, why, trace FROM failures JOIN plan USING (output) ORDER BY output, record"
        for place, record, why, trace in self._execute(query):
            yield Failure(os.fsdecode(place), record or None, why, trace)

    def keep_audit(self, output: str, number: int, account: bytes) -> None:
        """Keeps the accounts of a page or shard until they are written to their file."""
        values = (os.fsencode(output), number, zlib.compress(account, 3))
        self._execute("INSERT OR REPLACE INTO audits VALUES (?, ?, ?)", *values)

    def audits(self, output: str | None = None) -> Iterator[bytes]:
        """The accounts kept for one output, or for all that are planned, in order."""
        if output is None:
            rows = self._execute("SELECT account FROM audits JOIN plan USING (output) ORDER BY output, number")
        else:
            query = "SELECT account FROM audits WHERE output = ? ORDER BY number"
            rows = self._execute(query, os.fsencode(output))
        for (account,) in rows:
            yield zlib.decompress(account)

    def drop_audits(self, output: str) -> None:
        """Forgets the accounts of an output: they are in their file."""
        self._execute("DELETE FROM audits WHERE output = ?", os.fsencode(output))


def _planned(row: tuple[bytes, bytes, bytes, int, str, int]) -> Planned:
    output, source, name, size, stamp, config = row
    return Planned(os.fsdecode(output), os.fsdecode(source), os.fsdecode(name), size, stamp, config)


def _facts(table: str) -> Facts:
    return Facts.of_table(json.loads(table))


def _table(facts: Facts) -> str:
    return json.dumps(facts.as_table())
