"""The plan of a run: which files are read, where each output goes, what is passed over, and what is refused.

This room looks at names and at what the file system says of them; it reads no page.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from cleaner.config import FILENAME, Config
from cleaner.containers import Kind, kind_of
from cleaner.errors import ReadError, UsageError
from cleaner.runs.globs import IGNORE_FILE, Glob, globs, matches
from cleaner.runs.manifest import Manifest, Planned

OWN_FOLDER = ".cleaner"
FAILURES = "failures.jsonl"
NAME_BYTES = 255  # of a file's name, on nearly all file systems
SHOWN_COLLISIONS = 3
SUFFIXES = {"text": ".txt", "markdown": ".md", "json": ".json", "jsonl": ".jsonl", "parquet": ".parquet"}
TABLES = ("parquet", "arrow")


class Skip(NamedTuple):
    """A name in the tree that is no page, and why."""

    path: str
    why: str


@dataclass(slots=True)
class Plan:
    """What planning found beside the inputs, which are in the manifest. ``configs`` are numbered in Planned."""

    configs: list[Config] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    failures: list[Skip] = field(default_factory=list)
    kinds: set[Kind] = field(default_factory=set)
    skipped: int = 0
    excluded: int = 0


class Selection(NamedTuple):
    """Which names are taken: ``include`` (all without one) less ``exclude``; and paths that are the run's own."""

    include: tuple[Glob, ...] = ()
    exclude: tuple[Glob, ...] = ()
    own: frozenset[str] = frozenset()

    @classmethod
    def of(cls, include: Iterable[str], exclude: Iterable[str], own: Iterable[str]) -> Selection:
        """The selection by patterns as .gitignore writes them."""
        return cls(globs(include), globs(exclude), frozenset(map(os.path.realpath, own)))

    def takes(self, relative: str) -> bool:
        """Whether a file is taken."""
        return (not self.include or bool(matches(self.include, relative))) and not matches(self.exclude, relative)


class Found(NamedTuple):
    """A file below a root (``name`` is its path there), or one that was named itself."""

    path: str
    name: str
    status: os.stat_result


def kind_of_output(name: str, to: str) -> Kind:
    """The kind of the output for an input of that name; without a container for a page's own file."""
    kind = kind_of(name)
    if not kind.container:
        return Kind("", "")
    if to in ("jsonl", "json") and kind.container != "jsonl":
        return Kind("jsonl", "")
    if to == "parquet" and kind.container not in TABLES:
        return Kind("parquet", "")
    return Kind("jsonl", "") if kind.container == "warc" else kind


def output_name(name: str, to: str) -> str:
    """An output's path below the output folder: the input's whole name, with a suffix where that is lacking."""
    kind, made = kind_of(name), kind_of_output(name, to)
    suffix = SUFFIXES[to] if not made.container else "" if made == kind else f".{made.container}"
    if suffix and (kind.packing or not name.lower().endswith(suffix)):
        name += suffix
    return _shortened(name, suffix)


def _shortened(name: str, suffix: str) -> str:
    """The name, cut and made unique by a hash when the file system would not take it."""
    folder, slash, last = name.rpartition("/")
    encoded = os.fsencode(last)
    if len(encoded) <= NAME_BYTES:
        return name
    digest = "~" + sha256(encoded).hexdigest()[:12]
    kept = os.fsdecode(encoded[: NAME_BYTES - len(digest) - len(suffix)])
    kept = kept.encode("utf-8", "surrogateescape").decode("utf-8", "ignore")
    return f"{folder}{slash}{kept}{digest}{suffix}"


class Planner:
    """Enters inputs into a manifest. Raises UsageError for what must be refused before any work."""

    def __init__(
        self, manifest: Manifest, output: str, to: str, selection: Selection, config_for: Callable[[str], Config]
    ) -> None:
        self._manifest, self._output, self._to = manifest, output, to
        self._selection, self._config_for = selection, config_for
        self._numbers: dict[Config, int] = {}
        self._collisions: list[str] = []
        self.plan = Plan()

    def enter(self, inputs: Iterable[str]) -> Plan:
        """The plan of all inputs, files and folders."""
        for path in inputs:
            if os.path.isdir(path):
                self._enter_folder(path)
            else:
                self._enter_file(path)
        if self._collisions:
            raise UsageError("; ".join(self._collisions[:SHOWN_COLLISIONS]) + "; nothing was done: rename one of them")
        if taken := self._manifest.folder_taken_by():
            raise UsageError(f"{taken.input} would be written to {taken.output}, which other outputs need as a folder")
        self.plan.skips.sort()
        self.plan.failures.sort()
        return self.plan

    def enter_spooled(self, path: str, name: str, digest: int) -> None:
        """Enters what came from standard input: its contents, not its time, say whether it changed."""
        self._enter(Found(path, name, os.stat(path)), self._config_number("."), -1 - digest)

    def _enter_file(self, path: str) -> None:
        try:
            status = os.stat(path)
        except OSError as error:
            raise UsageError(
                f"{path}: {error.strerror or error}; check the name, or use - for standard input"
            ) from None
        if not stat.S_ISREG(status.st_mode):
            self._skip(path, f"is {_what(status.st_mode)}, no regular file")
            return
        folder = os.path.dirname(path)
        self._enter(Found(path, os.path.basename(path), status), self._config_number(folder))

    def _enter_folder(self, root: str) -> None:
        real_root, real_output = os.path.realpath(root), os.path.realpath(self._output)
        if _is_within(real_root, real_output):
            raise UsageError(f"{root}: lies in the output folder {self._output}; name an output folder elsewhere")
        for found in self._walk(root, real_root):
            self._enter(found, self._config_number(os.path.dirname(found.path)))

    def _config_number(self, folder: str) -> int:
        config = self._config_for(folder or ".")
        if config not in self._numbers:
            self._numbers[config] = len(self._numbers)
            self.plan.configs.append(config)
        return self._numbers[config]

    def _enter(self, found: Found, config: int, mtime_ns: int | None = None) -> None:
        output = output_name(found.name, self._to)
        if output == FAILURES or output.split("/")[0] == OWN_FOLDER:
            raise UsageError(f"{found.path}: would be written to {output}, a name that the run needs; rename it")
        changed = found.status.st_mtime_ns if mtime_ns is None else mtime_ns
        planned = Planned(output, found.path, found.name, found.status.st_size, changed, config)
        other = self._manifest.plan(planned)
        if (kind := kind_of(found.name)).container:
            self.plan.kinds.add(kind)
        if other is not None:
            self._collisions.append(f"{other} and {found.path} would both be written to {output}")
        elif os.path.lexists(path := os.path.join(self._output, output)) and os.path.realpath(path) == os.path.realpath(
            found.path
        ):
            raise UsageError(f"{found.path}: would be replaced by its own output; name another output folder")

    def _skip(self, path: str, why: str) -> None:
        self.plan.skipped += 1
        self.plan.skips.append(Skip(path, why))

    def _walk(self, root: str, real_root: str) -> Iterator[Found]:
        """The regular files below a root, and links to such that do not leave it."""
        waiting: list[tuple[str, tuple[tuple[str, tuple[Glob, ...]], ...]]] = [("", ())]
        while waiting:
            folder, rules = waiting.pop()
            path = os.path.join(root, folder)
            try:
                rules = (*rules, *_ignore_rules(path, folder))
                with os.scandir(path) as entries:
                    for entry in entries:
                        name = f"{folder}/{entry.name}" if folder else entry.name
                        if entry.is_dir(follow_symlinks=False):
                            if self._enters(entry, name, rules):
                                waiting.append((name, rules))
                        elif (found := self._taken(entry, name, rules, real_root)) is not None:
                            yield found
            except OSError as error:
                self.plan.failures.append(Skip(path, f"cannot be read: {error.strerror or error}"))
            if folder:
                self._manifest.plan_folder(folder)

    def _enters(self, entry: os.DirEntry[str], name: str, rules: tuple[tuple[str, tuple[Glob, ...]], ...]) -> bool:
        if os.path.realpath(entry.path) in self._selection.own:
            return False
        left_out = _ignored(rules, name, folder=True) or matches(self._selection.exclude, name, folder=True)
        self.plan.excluded += bool(left_out)
        return not left_out

    def _taken(
        self, entry: os.DirEntry[str], name: str, rules: tuple[tuple[str, tuple[Glob, ...]], ...], real_root: str
    ) -> Found | None:
        """The file, or None for one that is left out, which is counted, or skipped, which is said."""
        if entry.name in (FILENAME, IGNORE_FILE):
            return None
        if _ignored(rules, name) or not self._selection.takes(name):
            self.plan.excluded += 1
            return None
        if self._selection.own and os.path.realpath(entry.path) in self._selection.own:
            return None
        try:
            if entry.is_symlink() and (why := _refused_link(entry.path, real_root)):
                self._skip(entry.path, why)
                return None
            status = entry.stat()
        except OSError as error:
            self.plan.failures.append(Skip(entry.path, f"cannot be read: {error.strerror or error}"))
            return None
        if not stat.S_ISREG(status.st_mode):
            self._skip(entry.path, f"is {_what(status.st_mode)}, no regular file")
            return None
        return Found(entry.path, name, status)


def _refused_link(path: str, real_root: str) -> str:
    """Why a link is not followed; empty for one to a regular file in the same tree."""
    try:
        target = os.path.realpath(path, strict=True)
    except OSError as error:
        return f"is a link that leads nowhere: {error.strerror or error}"
    if os.path.isdir(target):
        return "is a link to a folder"
    return "" if _is_within(target, real_root) else "is a link that leaves the tree"


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _what(mode: int) -> str:
    kinds = (
        (stat.S_ISFIFO, "a named pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
        (stat.S_ISDIR, "a folder"),
    )
    return next((name for is_it, name in kinds if is_it(mode)), "something unknown")


def _ignore_rules(path: str, folder: str) -> tuple[tuple[str, tuple[Glob, ...]], ...]:
    """The rules of a folder's own ignore file, with the folder that they speak about."""
    try:
        with open(os.path.join(path, IGNORE_FILE), encoding="utf-8", errors="surrogateescape") as file:
            return ((folder, globs(file)),)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ReadError(f"{os.path.join(path, IGNORE_FILE)}: {error.strerror or error}") from None


def _ignored(rules: tuple[tuple[str, tuple[Glob, ...]], ...], name: str, *, folder: bool = False) -> bool:
    """What the last rule says that speaks about a name; a deeper folder's rules come later."""
    said = False
    for place, patterns in rules:
        found = matches(patterns, name[len(place) + 1 :] if place else name, folder=folder)
        said = said if found is None else found
    return said
