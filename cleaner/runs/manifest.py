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

SCHEMA = 1
ROWS_AT_ONCE = 500
_TABLES = """
CREATE TABLE IF NOT EXISTS finished (output BLOB PRIMARY KEY, key TEXT, size INTEGER, facts TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shards (output BLOB, number INTEGER, key TEXT, following INTEGER, end INTEGER, size INTEGER,
    facts TEXT, PRIMARY KEY (output, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failures (output BLOB, record INTEGER, place BLOB, why TEXT, trace TEXT,
    PRIMARY KEY (output, record)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS audits (output BLOB, number INTEGER, account BLOB, PRIMARY KEY (output, number))
    WITHOUT ROWID;
"""
_PLAN = """
CREATE TEMP TABLE plan (output BLOB PRIMARY KEY, input BLOB, name BLOB, size INTEGER, mtime_ns INTEGER, config INTEGER)
    WITHOUT ROWID;
CREATE TEMP TABLE folders (output BLOB PRIMARY KEY) WITHOUT ROWID;
"""


class Planned(NamedTuple):
    """One input and where its output goes, below the output folder; ``name`` is the input below its root."""

    output: str
    input: str
    name: str
    size: int
    mtime_ns: int
    config: int

    @property
    def place(self) -> str:
        """Where messages say that it is: standard input has no path of its own."""
        return self.name if self.mtime_ns < 0 else self.input


class Finished(NamedTuple):
    """An output that an earlier run, or this one, put in place."""

    key: str
    size: int
    facts: Facts


class ShardDone(NamedTuple):
    """A finished shard: where the next begins in the input, and how long the partial output was with it."""

    number: int
    following: int
    end: int
    size: int
    facts: Facts


class Manifest:
    """The open file, locked against other runs until it is closed. ``path`` None keeps it in memory."""

    def __init__(self, path: str | None) -> None:
        self._path = path
        try:
            self._db = sqlite3.connect(path or ":memory:", timeout=0, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._db.execute("BEGIN EXCLUSIVE")
            self._prepare()
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise UsageError(f"{path}: another run is at work in this folder; wait for its end") from None
            raise self._broken(error) from None
        except sqlite3.DatabaseError as error:
            raise UsageError(f"{path}: is no manifest ({error}); delete it to begin anew") from None

    def _prepare(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version not in (0, SCHEMA):
            raise UsageError(f"{self._path}: was made by another version of cleaner; delete it to begin anew")
        for statement in (_TABLES + _PLAN).split(";"):
            self._db.execute(statement)
        self._db.execute(f"PRAGMA user_version={SCHEMA}")
        self._db.execute("COMMIT")
        self._db.execute("BEGIN")

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
        values = (output, os.fsencode(planned.input), name, planned.size, planned.mtime_ns, planned.config)
        cursor = self._execute("INSERT OR IGNORE INTO plan VALUES (?, ?, ?, ?, ?, ?)", *values)
        if cursor.rowcount:
            return None
        (other,) = self._execute("SELECT input FROM plan WHERE output = ?", output).fetchone()
        return os.fsdecode(other)

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

    # What is finished -----------------------------------------------------------------------------

    def finished(self, output: str) -> Finished | None:
        """What is known of an output that was put in place."""
        query = "SELECT key, size, facts FROM finished WHERE output = ?"
        row = self._execute(query, os.fsencode(output)).fetchone()
        return Finished(row[0], row[1], _facts(row[2])) if row else None

    def finish(self, output: str, finished: Finished) -> None:
        """Enters an output that is in its place; its shards are forgotten."""
        blob = os.fsencode(output)
        values = (blob, finished.key, finished.size, json.dumps(finished.facts.as_table()))
        self._execute("INSERT OR REPLACE INTO finished VALUES (?, ?, ?, ?)", *values)
        self._execute("DELETE FROM shards WHERE output = ?", blob)

    def forget(self, output: str) -> None:
        """Drops everything known of an output, for it is to be made anew."""
        blob = os.fsencode(output)
        for table in ("finished", "shards", "failures", "audits"):
            self._execute(f"DELETE FROM {table} WHERE output = ?", blob)

    def shards(self, output: str, key: str) -> Iterator[ShardDone]:
        """The finished shards of a container that was made with the same key, in order."""
        query = "SELECT number, following, end, size, facts FROM shards WHERE output = ? AND key = ? ORDER BY number"
        for number, following, end, size, facts in self._execute(query, os.fsencode(output), key).fetchall():
            yield ShardDone(number, following, end, size, _facts(facts))

    def finish_shard(self, output: str, key: str, done: ShardDone) -> None:
        """Enters a finished shard."""
        facts = json.dumps(done.facts.as_table())
        values = (os.fsencode(output), done.number, key, done.following, done.end, done.size, facts)
        self._execute("INSERT OR REPLACE INTO shards VALUES (?, ?, ?, ?, ?, ?, ?)", *values)

    # Failures and accounts ------------------------------------------------------------------------

    def fail(self, output: str, failure: Failure) -> None:
        """Enters a failure; a file's own counts as its record 0."""
        place = os.fsencode(failure.where)
        values = (os.fsencode(output), failure.record or 0, place, failure.why, failure.traceback)
        self._execute("INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?)", *values)

    def forgive(self, output: str) -> None:
        """Drops a file's own failure, for it is tried again."""
        self._execute("DELETE FROM failures WHERE output = ? AND record = 0", os.fsencode(output))

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


def _planned(row: tuple[bytes, bytes, bytes, int, int, int]) -> Planned:
    output, source, name, size, mtime_ns, config = row
    return Planned(os.fsdecode(output), os.fsdecode(source), os.fsdecode(name), size, mtime_ns, config)


def _facts(table: str) -> Facts:
    return Facts.of_table(json.loads(table))
