"""What goes wrong at night: full disks, kills, pages made to hurt, odd files. Nothing may be lost or half-written."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import BatchResult, CleanerError, Progress, UsageError, batch
from cleaner.containers import jsonl
from cleaner.runs import atomic, manifest

FAULTY = Path(__file__).parent / "faulty"
PROSE = "The harbour board met on Monday and agreed that the old crane on the eastern quay has to come down.\n"
RAW = f"Home\nNews\nSports\nContact us\n\n{PROSE}\n"
KILLS = 20
INTERRUPT_SECONDS = 6.0  # two are promised, on a machine that is not busy otherwise


class InThisThread(Executor):
    """An executor that does everything at once, so that faults can be put into this process."""

    def submit(self, function: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **named))
        except Exception as error:
            future.set_exception(error)
        return future


def page(number: int, word: str = "") -> str:
    return f"{RAW}Number {number} of the minutes says so in as many words, and nobody objected. {word}\n"


def lines(numbers: Iterable[int], word: str = "") -> str:
    return "".join(json.dumps({"id": number, "text": page(number, word)}) + "\n" for number in numbers)


def tree_of(folder: Path) -> dict[bytes, bytes]:
    """Every file below a folder with its bytes, but for the run's own folder."""
    found = {}
    for place, folders, names in os.walk(os.fsencode(folder)):
        if b".cleaner" in folders:
            folders.remove(b".cleaner")
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, os.fsencode(folder))] = file.read()
    return found


def own_files(folder: Path) -> list[str]:
    """What a run left in its own folder."""
    return sorted(path.name for path in (folder / ".cleaner").iterdir())


def counts(result: BatchResult) -> tuple[int, int, int]:
    return result.done, result.skipped, result.failed


def failures(folder: Path) -> dict[str, str]:
    """Why each failed input failed, by its last name and the record's number."""
    found = map(json.loads, (folder / "failures.jsonl").read_text().splitlines())
    return {f"{os.path.basename(one['input'])}:{one['record']}".removesuffix(":None"): one["why"] for one in found}


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the workers' interpreters go wrong on poisoned pages."""
    monkeypatch.setenv("PYTHONPATH", str(FAULTY))
    monkeypatch.syspath_prepend(str(FAULTY))


# Poison -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "why", "limits"),
    [
        ("HANG", "took longer than 1.5 s; give more with --timeout", {"timeout_seconds": 1.5}),
        ("MEMORY", "needs more memory than it may; give more with --memory", {"memory_bytes": 300 << 20}),
        ("CRASH", "its worker crashed (signal 11)", {}),
    ],
)
@pytest.mark.usefixtures("faulty")
def test_poison_costs_itself_alone(tmp_path: Path, word: str, why: str, limits: dict[str, Any]) -> None:
    source, output = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for number in range(6):
        (source / f"{number}.txt").write_text(page(number, f"POISON-{word}" if number == 3 else ""))
    (source / "some.jsonl").write_text(lines(range(5)) + lines([5], f"POISON-{word}") + lines(range(6, 10)))
    result = batch(source, output, jobs=2, **limits)
    assert counts(result) == (14, 0, 2)
    assert failures(output) == {"3.txt": why, "some.jsonl:6": why}
    assert [json.loads(line)["id"] for line in (output / "some.jsonl").open()] == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    assert "crane" in (output / "4.txt").read_text()


@pytest.mark.usefixtures("faulty")
def test_memory_is_not_charged_to_who_comes_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page may take does not depend on what its worker did before."""
    monkeypatch.setattr(jsonl, "SHARD_BYTES", 100)
    (tmp_path / "some.jsonl").write_text(lines(range(4), "POISON-HOARD"))
    assert counts(batch(tmp_path / "some.jsonl", tmp_path / "out", jobs=1, memory_bytes=300 << 20)) == (4, 0, 0)


@pytest.mark.usefixtures("faulty")
def test_who_met_a_limit_is_tried_again_with_another(tmp_path: Path) -> None:
    source, output = tmp_path / "some.jsonl", tmp_path / "out"
    source.write_text(lines(range(2)) + lines([2], "POISON-SLOW") + lines(range(3, 5)))
    for done, skipped in ((4, 0), (0, 4)):
        assert counts(batch(source, output, jobs=1, timeout_seconds=0.5)) == (done, skipped, 1)
    assert counts(batch(source, output, jobs=1, timeout_seconds=60)) == (5, 0, 0)
    assert not (output / "failures.jsonl").exists()


START_THEN = (
    "import json, os, sys, time; sys.path[:] = json.loads(sys.argv[1]); from cleaner.runs.worker import *; "
    "receive(sys.stdin.buffer); send(sys.stdout.buffer, READY); receive(sys.stdin.buffer); %s  # {!r} {}"
)


@pytest.mark.parametrize(
    ("does", "why"), [("os._exit(7)", "its worker crashed (exit code 7)"), ("time.sleep(60)", "took longer than 0.3 s")]
)
def test_a_task_that_no_worker_survives_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, why: str
) -> None:
    """It is not tried for ever, be there a record to blame or not."""
    monkeypatch.setattr("cleaner.runs.pool._START", START_THEN % does)
    monkeypatch.setattr(jsonl, "SHARD_BYTES", 100)
    (tmp_path / "in").mkdir()
    for number in range(3):
        (tmp_path / "in" / f"{number}.txt").write_text(page(number))
    (tmp_path / "in" / "some.jsonl").write_text(lines(range(5)))
    seen: list[Progress] = []
    result = batch(tmp_path / "in", tmp_path / "out", jobs=2, timeout_seconds=0.3, progress=seen.append)
    assert counts(result) == (0, 0, 4)
    assert all(said.startswith(why) for said in failures(tmp_path / "out").values())
    assert (seen[-1].bytes_done, seen[-1].done) == (seen[-1].bytes_total, 0)


def test_workers_that_do_not_start_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(RAW)
    monkeypatch.setattr("cleaner.runs.pool._START", "raise SystemExit('no such room')  # {} {}")
    with pytest.raises(CleanerError, match="worker processes do not start: no such room"):
        batch(tmp_path / "a.txt", tmp_path / "out")


# Disks --------------------------------------------------------------------------------------------


class FullDisk:
    """Fails the n-th write, whether that makes a file, fills it, syncs, renames or commits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fails: int) -> None:
        self.calls, self.fails = 0, fails
        for name in ("open", "fsync", "replace"):
            monkeypatch.setattr(atomic.os, name, self._failing(getattr(os, name)))
        monkeypatch.setattr(manifest.Manifest, "commit", self._failing(manifest.Manifest.commit, CleanerError))

    def _failing(self, function: Callable[..., Any], kind: type[Exception] = OSError) -> Callable[..., Any]:
        def called(*args: Any, **named: Any) -> Any:
            is_read = function.__name__ == "open" and not args[1] & os.O_CREAT
            self.calls += not is_read
            if self.calls == self.fails and not is_read:
                raise kind(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return function(*args, **named)

        return called


def test_the_nth_write_fails_for_every_n(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for number in range(3):
        (source / f"{number}.txt").write_text(page(number))
    (source / "some.jsonl").write_text(lines(range(5)))
    (source / "bad.txt").write_bytes(b"\x89PNG\r\n" + bytes(99))
    monkeypatch.setattr("cleaner.runs.engine.COMMIT_SECONDS", -1)
    monkeypatch.setattr(atomic, "THREADS", 1)

    def run(output: Path) -> BatchResult:
        return batch(source, output, audits=f"{output}-audits", executor=InThisThread(), jobs=1)

    run(tmp_path / "whole")
    wanted, wanted_audits = tree_of(tmp_path / "whole"), tree_of(tmp_path / "whole-audits")
    for fails in range(1, 200):
        output = tmp_path / f"out-{fails}"
        with monkeypatch.context() as patch:
            disk = FullDisk(patch, fails)
            try:
                result = run(output)
                assert sum(counts(result)) in (9, 5), "five lines are pages unless their file fails as a whole"
                assert result.failed >= 1
            except CleanerError:
                pass  # the run cannot go on; what stands is whole all the same
        for name, data in tree_of(output).items():
            assert name == b"failures.jsonl" or data == wanted[name], fails
        run(output)
        assert tree_of(output) == wanted, fails
        assert tree_of(Path(f"{output}-audits")) == wanted_audits, fails
        assert own_files(output) == ["manifest.sqlite"]
        if disk.calls < fails:
            break
    assert fails > 25


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 KB, where mounting one is allowed."""
    place = tmp_path / "small"
    place.mkdir()
    call = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(call, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_said_and_the_run_goes_on_when_there_is_room(tmp_path: Path, small_disk: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for number in range(40):
        words = " ".join(f"Boat {number * boat} came in." for boat in range(900))
        (source / f"{number}.txt").write_text(page(number, words))
    (source / "some.jsonl").write_text(lines(range(3)))
    try:
        result = batch(source, small_disk / "out", jobs=2)
        assert result.failed
        assert "No space left on device" in (small_disk / "out" / "failures.jsonl").read_text()
    except CleanerError as error:
        assert re.search("disk is full|No space left|disk I/O", str(error))  # noqa: PT017
    batch(source, tmp_path / "whole", jobs=2)
    wanted = tree_of(tmp_path / "whole")
    standing = {name: data for name, data in tree_of(small_disk / "out").items() if name != b"failures.jsonl"}
    assert len(standing) < len(wanted)
    assert all(wanted[name] == data for name, data in standing.items())
    subprocess.run(["mount", "-o", "remount,size=40m", str(small_disk)], check=True)
    assert sum(counts(batch(source, small_disk / "out", jobs=2))) == 43
    assert tree_of(small_disk / "out") == wanted


def test_other_file_systems_take_outputs_too(tmp_path: Path, small_disk: Path) -> None:
    """A file cannot be renamed onto another one."""
    (tmp_path / "in" / "sub").mkdir(parents=True)
    for name in ("a.txt", "sub/b.txt"):
        (tmp_path / "in" / name).write_text(RAW)
    (tmp_path / "in" / "sub" / "some.jsonl").write_text(lines(range(3)))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "sub").symlink_to(small_disk)
    for audits in (small_disk / "audits", small_disk / "audits.jsonl"):
        result = batch(tmp_path / "in", tmp_path / "out", audits=audits, executor=InThisThread())
        assert counts(result) == (5, 0, 0)
        assert len(tree_of(small_disk)) == (5 if audits.is_dir() else 6), "nothing temporary is left"


def test_an_output_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(RAW)
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        batch(tmp_path / "a.txt", tmp_path / "file" / "out")


def test_read_only_folders(tmp_path: Path) -> None:
    """One that cannot be written from the start is refused; one in the tree fails the pages that belong there."""
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "in" / "sub" / "a.txt").write_text(RAW)
    (tmp_path / "in" / "b.txt").write_text(RAW)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "sub").write_text("in the way")
    result = batch(tmp_path / "in", tmp_path / "out")
    assert counts(result) == (1, 0, 1)
    assert "cannot be written" in failures(tmp_path / "out")["a.txt"]


@pytest.fixture
def unprivileged() -> list[str]:
    """Words before a command so that it may no more than the permissions say; nothing need be put before a user's."""
    words = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if not os.geteuid() else []
    if words and (not shutil.which(words[0]) or subprocess.run([*words, "true"], capture_output=True).returncode):
        pytest.skip("root can read and write everything here")
    return words


def test_permissions(tmp_path: Path, unprivileged: list[str]) -> None:
    """A folder or file that cannot be read costs itself, one that cannot be written the pages that belong there."""
    source, output = tmp_path / "in", tmp_path / "out"
    for folder in ("closed", "open", "ignoring"):
        (source / folder).mkdir(parents=True)
        (source / folder / "a.txt").write_text(RAW)
    for name in ("secret.txt", "secret.jsonl", "ignoring/.cleanerignore"):
        (source / name).write_text(RAW)
        (source / name).chmod(0)
    (source / "closed").chmod(0)
    (source / "some.txt").write_text(RAW)
    (output / "open").mkdir(parents=True)
    (output / "open").chmod(0o500)

    def run(target: Path, *options: str | Path) -> tuple[int, str]:
        command = [*unprivileged, sys.executable, "-m", "cleaner", "batch", str(source), str(target), "-q", "-j1"]
        done = subprocess.run([*command, *map(str, options)], capture_output=True, text=True)
        return done.returncode, done.stderr

    try:
        assert run(output)[0] == 3
        denied = "Permission denied"
        assert failures(output) == {
            "closed": f"cannot be read: {denied}",
            "ignoring": f"cannot be read: its .cleanerignore is closed to us: {denied}",
            "a.txt": f"{output}/open/a.txt: cannot be written: {denied}",
            "secret.txt": f"cannot be read: {denied}",
            "secret.jsonl": f"cannot be read: {denied}",
        }
        assert set(tree_of(output)) == {b"some.txt", b"failures.jsonl"}
        (tmp_path / "shut").mkdir(mode=0o500)
        for target, *options in (
            (tmp_path / "shut",),
            (tmp_path / "shut" / "new",),
            (tmp_path / "new", "--audits", tmp_path / "shut"),
            (tmp_path / "new", "--audits", tmp_path / "shut" / "a.jsonl"),
            (tmp_path / "new", "--summary", tmp_path / "shut" / "s.json"),
        ):
            code, said = run(target, *options)
            assert (code, said.count("\n"), "no permission" in said) == (2, 1, True)
        assert not (tmp_path / "new").exists()
    finally:
        (source / "closed").chmod(0o700)
        (output / "open").chmod(0o700)


# Kills --------------------------------------------------------------------------------------------


def started(*argv: str | Path) -> subprocess.Popen[bytes]:
    """The command in a process group of its own, as a shell would start it."""
    environment = {**os.environ, "PYTHONPATH": str(FAULTY)}
    command = [sys.executable, "-m", "cleaner", "batch", *map(str, argv)]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )


def children_of(pid: int) -> list[int]:
    """The living processes whose parent is a process."""
    done = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
    return [int(one) for one in done.stdout.split()]


def lives(pid: int) -> bool:
    try:
        return f"/proc/{pid}/stat" and Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def slow_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages and containers that take a few seconds, so that there is time to be killed."""
    source = tmp_path_factory.mktemp("slow")
    for number in range(40):
        folder = source / str(number % 4)
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.txt").write_text(page(number, "POISON-PAUSE"))
    records = lines(range(30), "POISON-PAUSE" + " and so on" * 8000)
    (source / "some.jsonl").write_text(records)
    pq.write_table(pa.Table.from_pylist(list(map(json.loads, records.splitlines()))), source / "some.parquet")
    return source


def test_killed_at_random_and_run_again(tmp_path: Path, slow_tree: Path) -> None:
    """After any number of kills the same command ends with the undisturbed tree."""
    undisturbed = started(slow_tree, tmp_path / "whole", "-j2")
    assert undisturbed.communicate()[1]
    output, chance = tmp_path / "out", random.Random(5)
    for _ in range(KILLS):
        process = started(slow_tree, output, "-j2")
        time.sleep(chance.uniform(0.1, 0.9))
        workers = children_of(process.pid)
        process.kill()
        process.communicate()
        for name in tree_of(output) if output.exists() else ():
            assert tree_of(output)[name] == tree_of(tmp_path / "whole")[name]
        wait_for(lambda: not any(map(lives, workers)))  # noqa: B023
    last = started(slow_tree, output, "-j2")
    last.communicate()
    assert last.returncode == 0
    assert tree_of(output) == tree_of(tmp_path / "whole")
    assert own_files(output) == ["manifest.sqlite"]


@pytest.mark.parametrize("to", ["text", "parquet"])
def test_interrupted_before_the_last_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str) -> None:
    """All records of a container are done, and nothing but its output is not in its place."""
    source, output = tmp_path / "some.jsonl", tmp_path / "out"
    source.write_text(lines(range(5)))

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("cleaner.runs.engine.put_in_place", interrupted)
        patch.setattr("cleaner.containers.tables.assemble", interrupted)
        result = batch(source, output, to=to, executor=InThisThread())
    assert (counts(result), result.interrupted, result.unreached) == ((0, 0, 0), True, 1)
    result = batch(source, output, to=to, executor=InThisThread())
    assert (counts(result), result.resumed) == ((5, 0, 0), 5)
    assert len(tree_of(output)) == 1


def wait_for(is_so: Callable[[], bool], seconds: float = INTERRUPT_SECONDS) -> None:
    """Waits until something is so; fails when it takes too long."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("poison", "signals"),
    [
        ("POISON-PAUSE", [signal.SIGINT]),
        ("POISON-HANG", [signal.SIGTERM]),
        ("POISON-HANG", [signal.SIGINT, signal.SIGINT]),
        ("POISON-PAUSE", [signal.SIGINT, signal.SIGTERM, signal.SIGINT, signal.SIGINT]),
    ],
)
def test_interrupt_ends_soon_and_without_orphans(tmp_path: Path, poison: str, signals: list[signal.Signals]) -> None:
    (tmp_path / "in").mkdir()
    for number in range(400):
        (tmp_path / "in" / f"{number}.txt").write_text(page(number, poison))
    process = started(tmp_path / "in", tmp_path / "out", "-j2")
    wait_for(lambda: len(children_of(process.pid)) == 2, 10)
    time.sleep(0.5)
    workers, before = children_of(process.pid), time.monotonic()
    for one in signals:
        process.send_signal(one)
        time.sleep(0.02)  # two at once would be one
    _, said = process.communicate(timeout=10)
    assert time.monotonic() - before < INTERRUPT_SECONDS
    assert process.returncode == 130
    assert b"Traceback" not in said
    wait_for(lambda: not any(map(lives, workers)))
    if len(signals) == 1:
        assert said.endswith(b"cleaner: interrupted; give the same command again to go on\n")
        assert list((tmp_path / "out" / ".cleaner").iterdir()) == [tmp_path / "out" / ".cleaner" / "manifest.sqlite"]


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(RAW)
    held, other = manifest.Manifest(), manifest.Manifest()
    held.open(str(tmp_path / "m.sqlite"))
    with pytest.raises(UsageError, match="another run is at work"):
        other.open(str(tmp_path / "m.sqlite"))
    held.close()
    other = manifest.Manifest()
    other.open(str(tmp_path / "m.sqlite"))
    other.close()


def test_a_broken_manifest_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(RAW)
    (tmp_path / "out" / ".cleaner").mkdir(parents=True)
    (tmp_path / "out" / ".cleaner" / "manifest.sqlite").write_text("no database at all, but long enough" * 99)
    with pytest.raises(UsageError, match="delete it to begin anew"):
        batch(tmp_path / "a.txt", tmp_path / "out")


def test_the_manifest_of_another_version_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(RAW)
    for version in (1, manifest.SCHEMA):
        with contextlib.closing(sqlite3.connect(tmp_path / "m.sqlite")) as file:
            file.executescript(f"CREATE TABLE IF NOT EXISTS finished (something); PRAGMA user_version={version};")
        one = manifest.Manifest()
        one.open(str(tmp_path / "m.sqlite"))
        assert one.finished("a.txt") is None
        one.close()


@pytest.mark.parametrize("name", [b"caf\xe9", b"file:x?mode=ro", b":memory:", b"-n", b"new\nline"])
def test_any_name_of_an_output_folder_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: bytes) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(RAW)
    for found in ((1, 0, 0), (0, 1, 0)):
        assert counts(batch("a.txt", os.fsdecode(name), executor=InThisThread())) == found
    assert os.listdir(os.path.join(name, b".cleaner")) == [b"manifest.sqlite"]


# Odd files ----------------------------------------------------------------------------------------


def test_odd_names_and_odd_files(tmp_path: Path) -> None:
    source, output = os.fsencode(tmp_path / "in"), tmp_path / "out"
    names = (
        b"new\nline.txt",
        b"-rf.txt",
        b"caf\xe9.txt",
        b"x" * 251 + b".txt",
        b"y" * 250 + b".html",
        b" .txt",
        b"$(reboot).txt",
    )
    os.makedirs(source)
    for name in names:
        Path(os.fsdecode(os.path.join(source, name))).write_text(RAW)
    os.symlink(b"loop", os.path.join(source, b"loop"))
    os.symlink(b".", os.path.join(source, b"here"))
    os.symlink(b"-rf.txt", os.path.join(source, b"inside.txt"))
    os.symlink(os.fsencode(__file__), os.path.join(source, b"outside.txt"))
    os.mkfifo(os.path.join(source, b"pipe"))
    os.mkfifo(os.path.join(source, b".cleanerignore"))
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(os.path.join(source, b"socket"))
    said: list[str] = []
    audits = tmp_path / "audits"
    options: dict[str, Any] = {"format": "text", "audits": audits}
    result = batch(os.fsdecode(source), output, **options, progress=lambda now: said.extend(now.said))
    assert counts(result) == (8, 5, 0)
    assert [line.split("/in/")[1] for line in said] == [
        "here: skipped: is a link to a folder",
        "loop: skipped: is a link that leads nowhere: Too many levels of symbolic links",
        "outside.txt: skipped: is a link that leaves the tree",
        "pipe: skipped: is a named pipe, no regular file",
        "socket: skipped: is a socket, no regular file",
    ]
    found = tree_of(output)
    assert len(found) == 8
    assert set(found.values()) == {next(iter(found.values()))}
    assert {name for name in names if len(name) < 255} <= set(found)
    assert all(len(name) <= 255 for name in (*found, *tree_of(audits)))
    assert len(tree_of(audits)) == 8
    assert counts(batch(os.fsdecode(source), output, **options)) == (0, 13, 0)


def test_a_file_that_vanishes_or_turns_into_a_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "in"
    source.mkdir()
    gone, pipes = ("gone.txt", "gone.jsonl"), ("pipe.txt", "pipe.jsonl", "pipe.parquet", "pipe.warc")
    for name in (*gone, *pipes, "stays.txt"):
        (source / name).write_text(RAW)
    from cleaner.runs.planning import Planner

    enter = Planner.enter

    def entered(self: Planner, inputs: Sequence[str], stdin_name: str) -> object:
        plan = enter(self, inputs, stdin_name)
        for name in (*gone, *pipes):
            (source / name).unlink()
        for name in pipes:
            os.mkfifo(source / name)
        return plan

    monkeypatch.setattr(Planner, "enter", entered)
    result = batch(source, tmp_path / "out")
    assert counts(result) == (1, 0, 6)
    assert failures(tmp_path / "out") == {
        **dict.fromkeys(gone, "vanished before it was read"),
        **dict.fromkeys(pipes, "is no regular file any more"),
    }


def test_unreadable_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root everything can be read, so the refusal is put in place of the system's."""
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "locked.txt", "locked.jsonl"):
        (tmp_path / "in" / name).write_text(RAW)
    unlocked, opened = os.open, open

    def refuse(path: Any) -> None:
        if "locked." in os.fspath(path) and "/in/" in os.fspath(path):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    def locked(path: Any, *args: Any, **named: Any) -> int:
        refuse(path)
        return unlocked(path, *args, **named)

    def locked_file(path: Any, *args: Any, **named: Any) -> Any:
        if not isinstance(path, int):
            refuse(path)
        return opened(path, *args, **named)

    monkeypatch.setattr("cleaner.runs.work.os.open", locked)
    monkeypatch.setattr("builtins.open", locked_file)
    result = batch(tmp_path / "in", tmp_path / "out", executor=InThisThread())
    assert counts(result) == (1, 0, 2)
    why = "cannot be read: Permission denied"
    assert failures(tmp_path / "out") == {"locked.txt": why, "locked.jsonl": why}


def test_any_number_of_workers_gives_the_same_bytes(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for number in range(24):
        (source / f"{number}.txt").write_text(page(number, "and so on " * (number * 20)))
    (source / "some.jsonl").write_text(lines(range(40), "and so on " * 3500))
    (source / "bad.jsonl").write_text(lines(range(3)) + "{\n" + lines(range(3)))
    trees = []
    for jobs in (1, 2, 8):
        output = tmp_path / f"out-{jobs}"
        result = batch(source, output, jobs=jobs, audits=tmp_path / f"audits-{jobs}.jsonl")
        assert counts(result) == (70, 0, 1)
        trees.append((tree_of(output), (tmp_path / f"audits-{jobs}.jsonl").read_bytes()))
    assert trees[0] == trees[1] == trees[2]


def test_threads_that_cannot_all_start_are_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    started = threading.Thread.start
    left = [3]

    def start(thread: threading.Thread) -> None:
        if not left[0]:
            raise RuntimeError("can't start new thread")
        left[0] -= 1
        started(thread)

    atomic._threads.cache_clear()
    monkeypatch.setattr(threading.Thread, "start", start)
    try:
        with pytest.raises(RuntimeError, match="can't start"):
            atomic.start_threads()
    finally:
        monkeypatch.undo()
        atomic._threads(os.getpid()).shutdown(wait=True)
        atomic._threads.cache_clear()
