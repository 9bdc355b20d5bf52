"""The plan of a run: which files are read, where each output goes, what is passed over, and what is refused.

This room looks at names and at what the file system says of them; it reads no page.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import NamedTuple, TextIO

from cleaner.config import FILENAME, Config
from cleaner.containers import Kind, kind_of
from cleaner.errors import UsageError
from cleaner.runs.globs import IGNORE_FILE, Glob, globs, matches
from cleaner.runs.manifest import SPOOLED, Manifest, Planned
from cleaner.runs.stamps import stamp_of

STDIN = "-"
OWN_FOLDER = ".cleaner"
FAILURES = "failures.jsonl"
NAME_BYTES = 255  # of a file's name, on nearly all file systems
SHOWN_COLLISIONS = 3
ACCOUNTS_OF_PAGE, ACCOUNTS_OF_CONTAINER = ".json", ".jsonl"
SUFFIXES = {"text": ".txt", "markdown": ".md", "json": ".json", "jsonl": ".jsonl", "parquet": ".parquet"}
TABLES = ("parquet", "arrow")


class Skip(NamedTuple):
    """A name in the tree that is no page, and why."""

    path: str
    why: str


@dataclass(slots=True)
class Plan:
    """What planning found beside the inputs, which are in the manifest. ``configs`` are numbered in Planned.

    ``stdin`` is standard input, of which nothing but its name is known before it is read.
    """

    stdin: Planned | None = None
    configs: list[Config] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    failures: list[Skip] = field(default_factory=list)
    kinds: set[Kind] = field(default_factory=set)
    skipped: int = 0
    excluded: int = 0


class Selection(NamedTuple):
    """Which names are taken: ``include`` (all without one) less ``exclude``; ``own`` are paths that the run writes."""

    include: tuple[Glob, ...] = ()
    exclude: tuple[Glob, ...] = ()
    own: frozenset[str] = frozenset()
    own_names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, include: Iterable[str], exclude: Iterable[str], own: Iterable[str]) -> Selection:
        """The selection by patterns as .gitignore writes them."""
        paths = frozenset(map(os.path.realpath, own))
        return cls(globs(include), globs(exclude), paths, frozenset(map(os.path.basename, paths)))

    def takes(self, relative: str) -> bool:
        """Whether a file is taken; a folder that is included brings all its files."""
        if self.include and not matches(self.include, relative):
            folders = (relative[:end] for end, char in enumerate(relative) if char == "/")
            if not any(matches(self.include, folder, folder=True) for folder in folders):
                return False
        return not matches(self.exclude, relative)

    def owns(self, entry: os.DirEntry[str]) -> bool:
        """Whether the run writes there; asked of the file system for names alone that it writes."""
        return (entry.name in self.own_names or entry.is_symlink()) and os.path.realpath(entry.path) in self.own


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
    if to == "parquet" and kind.container != "parquet":
        return Kind("parquet", "")
    return Kind("jsonl", "") if kind.container == "warc" else kind


def output_name(name: str, to: str) -> str:
    """An output's path below the output folder: the input's whole name, with a suffix where that is lacking."""
    kind, made = kind_of(name), kind_of_output(name, to)
    suffix = SUFFIXES[to] if not made.container else "" if made == kind else f".{made.container}"
    if suffix and (kind.packing or not name.lower().endswith(suffix)):
        name += suffix
    return _shortened(name, suffix)


def accounts_name(planned: Planned) -> str:
    """The path of an output's accounts below their folder: that of the output, with a suffix."""
    suffix = ACCOUNTS_OF_CONTAINER if kind_of(planned.name).container else ACCOUNTS_OF_PAGE
    return _shortened(planned.output + suffix, suffix)


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


class Targets(NamedTuple):
    """Where a run and its caller write: the output folder, the accounts' folder or file, and other files.

    ``accounts_folder`` and ``accounts_file`` are empty where there are none.
    """

    output: str
    accounts_folder: str = ""
    accounts_file: str = ""
    others: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The files that are neither outputs nor accounts beside them."""
        return (self.accounts_file, *self.others) if self.accounts_file else self.others

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that are filled."""
        return (self.output, self.accounts_folder) if self.accounts_folder else (self.output,)

    @property
    def all(self) -> tuple[str, ...]:
        """All paths that are written to."""
        return (*self.folders, *self.files)


Rules = tuple[tuple[str, tuple[Glob, ...]], ...]


class Planner:
    """Enters inputs into a manifest. Raises UsageError for what must be refused before any work.

    Outputs that are ``numbered`` bear numbers instead of names, of which no two are the same.
    """

    def __init__(
        self,
        manifest: Manifest,
        targets: Targets,
        to: str,
        selection: Selection,
        config_for: Callable[[str], Config],
        *,
        numbered: bool = False,
    ) -> None:
        self._manifest, self._targets, self._to = manifest, targets, to
        self._selection, self._config_for = selection, config_for
        self._output_numbers = count(1) if numbered else None
        self._numbers: dict[Config, int] = {}
        self._collisions: list[str] = []
        self.plan = Plan()

    def enter(self, inputs: Sequence[str], stdin_name: str) -> Plan:
        """The plan of all inputs: files, folders, and - for standard input, which goes by a name."""
        for path in inputs:  # before a folder is gone through, which takes its time
            if path != STDIN:
                _status_of(path)
        for path in inputs:
            if path == STDIN:
                self._enter_stdin(stdin_name)
            elif os.path.isdir(path):
                self._enter_folder(path)
            else:
                self._enter_file(path)
        if self._collisions:
            raise UsageError("; ".join(self._collisions) + "; nothing was done: rename one of them")
        if taken := self._manifest.folder_taken_by():
            raise UsageError(f"{taken.input} would be written to {taken.output}, which other outputs need as a folder")
        self._check_targets()
        self.plan.skips.sort()
        self.plan.failures.sort()
        return self.plan

    def _enter_stdin(self, name: str) -> None:
        self.plan.stdin = Planned(self._output_name(name), name, name, 0, SPOOLED, self._config_number("."))
        self._enter(self.plan.stdin)

    def _enter_file(self, path: str) -> None:
        status = _status_of(path)
        if not stat.S_ISREG(status.st_mode):
            self._skip(path, f"is {_what(status.st_mode)}, no regular file")
            return
        self._refuse_within(path, self._targets.folders[1:])
        if os.path.realpath(path) in self._selection.own:
            raise UsageError(f"{path}: is an input and would be replaced; name another file for what is written there")
        folder = os.path.dirname(path)
        self._enter_found(Found(path, os.path.basename(path), status), self._config_number(folder))

    def _enter_folder(self, root: str) -> None:
        self._refuse_within(root, self._targets.folders)
        for found in self._walk(root, os.path.realpath(root)):
            self._enter_found(found, self._config_number(os.path.dirname(found.path)))

    def _refuse_within(self, path: str, folders: Iterable[str]) -> None:
        """Raises UsageError for an input in a folder that is written to: outputs would become inputs."""
        for folder in folders:
            if _is_within(os.path.realpath(path), os.path.realpath(folder)):
                raise UsageError(f"{path}: lies in the output folder {folder}; name an output folder elsewhere")

    def _config_number(self, folder: str) -> int:
        config = self._config_for(folder or ".")
        if config not in self._numbers:
            self._numbers[config] = len(self._numbers)
            self.plan.configs.append(config)
        return self._numbers[config]

    def _enter_found(self, found: Found, config: int) -> None:
        output = self._output_name(found.name)
        if _is_same_name(os.path.join(self._targets.output, output), found):
            raise UsageError(f"{found.path}: would be replaced by its own output; name another output folder")
        self._enter(Planned(output, found.path, found.name, found.status.st_size, stamp_of(found.status), config))

    def _output_name(self, name: str) -> str:
        return f"{next(self._output_numbers):08}" if self._output_numbers else output_name(name, self._to)

    def _enter(self, planned: Planned) -> None:
        place, output = planned.place, planned.output
        if _is_own(output):
            raise UsageError(
                f"{place}: would be written to {output}, a name that the run needs; rename it, or leave it out with "
                "--exclude"
            )
        if (kind := kind_of(planned.name)).container:
            self.plan.kinds.add(kind)
        other = self._manifest.plan(planned)
        if other is not None and len(self._collisions) < SHOWN_COLLISIONS:
            both = f"{place} is given twice and" if other == place else f"{other} and {place}"
            self._collisions.append(f"{both} would both be written to {output}")

    def _check_targets(self) -> None:
        """Raises UsageError where what the run writes beside its outputs would take the place of one."""
        output = os.path.realpath(self._targets.output)
        for path in self._targets.files:
            self._check_target(path, _below(os.path.realpath(path), output))
        if folder := self._targets.accounts_folder:
            accounts = os.path.realpath(folder)
            if _is_own(_below(os.path.join(accounts, "x"), output) or ""):
                raise UsageError(f"{folder}: is the run's own; name another folder")
            if _is_within(accounts, output) or _is_within(output, accounts):
                for planned in self._manifest.planned():
                    path = os.path.join(accounts, accounts_name(planned))
                    self._check_target(path, _below(path, output))

    def _check_target(self, path: str, output: str | None) -> None:
        if output and (_is_own(output) or self._manifest.is_planned(output)):
            raise UsageError(f"{path}: is the place of an output; name another")

    def _skip(self, path: str, why: str) -> None:
        self.plan.skipped += 1
        self.plan.skips.append(Skip(path, why))

    def _walk(self, root: str, real_root: str) -> Iterator[Found]:
        """The regular files below a root, and links to such that do not leave it."""
        waiting: list[tuple[str, Rules]] = [("", ())]
        while waiting:
            folder, rules = waiting.pop()
            path = os.path.join(root, folder)
            try:
                with os.scandir(path) as entries:
                    rules = (*rules, *_ignore_rules(path, folder))
                    for entry in entries:
                        name = f"{folder}/{entry.name}" if folder else entry.name
                        if entry.is_dir(follow_symlinks=False):
                            if self._enters(entry, name, rules):
                                waiting.append((name, rules))
                        elif (found := self._taken(entry, name, rules, real_root)) is not None:
                            yield found
            except OSError as error:
                self.plan.failures.append(Skip(path, f"cannot be read: {error.strerror or error}"))
            if folder and not self._output_numbers:
                self._manifest.plan_folder(folder)

    def _enters(self, entry: os.DirEntry[str], name: str, rules: Rules) -> bool:
        if self._selection.owns(entry):
            return False
        if _ignored(rules, name, folder=True) or matches(self._selection.exclude, name, folder=True):
            self.plan.excluded += 1
            return False
        if entry.name == OWN_FOLDER:
            self._skip(entry.path, "is what a run remembers, no page")
            return False
        return True

    def _taken(self, entry: os.DirEntry[str], name: str, rules: Rules, real_root: str) -> Found | None:
        """The file, or None for one that is left out, which is counted, or skipped, which is said."""
        if entry.name in (FILENAME, IGNORE_FILE) or self._selection.owns(entry):
            return None
        if _ignored(rules, name) or not self._selection.takes(name):
            self.plan.excluded += 1
            return None
        try:
            if entry.is_symlink() and (why := self._refused_link(entry.path, real_root)):
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

    def _refused_link(self, path: str, real_root: str) -> str:
        """Why a link is not followed; empty for one to a regular file in the same tree."""
        try:
            target = os.path.realpath(path, strict=True)
        except OSError as error:
            return f"is a link that leads nowhere: {error.strerror or error}"
        if os.path.isdir(target):
            return "is a link to a folder"
        if any(_is_within(target, os.path.realpath(folder)) for folder in self._targets.folders):
            return "is a link to an output"
        return "" if _is_within(target, real_root) else "is a link that leaves the tree"


def _status_of(path: str) -> os.stat_result:
    """What the file system says of a named input. Raises UsageError when it is not there."""
    try:
        return os.stat(path)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}; check the name, or use - for standard input") from None


def _is_same_name(path: str, found: Found) -> bool:
    """Whether a path is that of an input, and not just another name of the same file."""
    try:
        is_same_file = os.path.samestat(os.stat(path), found.status)
    except OSError:
        return False
    return is_same_file and os.path.realpath(path) == os.path.realpath(found.path)


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _below(path: str, folder: str) -> str | None:
    """A path as seen from a folder that it lies in; None for one elsewhere, and for the folder itself."""
    return path[len(folder.rstrip("/")) + 1 :] if path != folder and _is_within(path, folder) else None


def _is_own(output: str) -> bool:
    """Whether a path below the output folder is one that the run itself needs."""
    return output == FAILURES or output.split("/")[0] == OWN_FOLDER


def _what(mode: int) -> str:
    kinds = (
        (stat.S_ISFIFO, "a named pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
        (stat.S_ISDIR, "a folder"),
    )
    return next((name for is_it, name in kinds if is_it(mode)), "something unknown")


def _ignore_rules(path: str, folder: str) -> Rules:
    """The rules of a folder's own ignore file, with the folder that they speak about. Raises OSError."""
    place = os.path.join(path, IGNORE_FILE)
    try:
        if not stat.S_ISREG(os.stat(place).st_mode):  # to open a named pipe would be to wait for ever
            return ()
        with _opened(place) as file:
            return ((folder, globs(file)),)
    except FileNotFoundError:
        return ()
    except UsageError as error:
        raise UsageError(f"{place}: {error}") from None


def _opened(place: str) -> TextIO:
    try:
        return open(place, encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise OSError(error.errno, f"its {IGNORE_FILE} is closed to us: {error.strerror}") from None


def _ignored(rules: Rules, name: str, *, folder: bool = False) -> bool:
    """What the last rule says that speaks about a name; a deeper folder's rules come later."""
    said = False
    for place, patterns in rules:
        found = matches(patterns, name[len(place) + 1 :] if place else name, folder=folder)
        said = said if found is None else found
    return said
