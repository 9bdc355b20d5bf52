"""One run, from what the caller chose to how it ended.

This room knows the choices and the order of things; it reads no page and waits for no worker.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from hashlib import sha256
from typing import BinaryIO

from cleaner.config import Config, checked
from cleaner.containers import CONTAINERS, PACKINGS
from cleaner.containers.extras import needed
from cleaner.errors import CleanerError, ReadError, UsageError
from cleaner.parallel import cores
from cleaner.pipeline import FORMATS
from cleaner.runs.atomic import make_names_last
from cleaner.runs.choices import ON_BUDGET, OUTPUTS, Choices
from cleaner.runs.engine import Engine, Places
from cleaner.runs.facts import BatchResult, Facts, Progress
from cleaner.runs.guard import refuse_others, refuse_strange_files
from cleaner.runs.manifest import SPOOLED, Manifest, Planned
from cleaner.runs.planning import FAILURES, OWN_FOLDER, STDIN, SUFFIXES, Plan, Planner, Selection, Targets
from cleaner.runs.pool import Lent, Pool
from cleaner.runs.removed import is_accounts_file

MANIFEST = "manifest.sqlite"
TIMEOUT_SECONDS = 30.0
MEMORY_BYTES = 2 << 30
COPY_BYTES = 1 << 20
FILE_SUFFIXES = (*SUFFIXES.values(), *CONTAINERS, *PACKINGS)
MODULES = {
    "parquet": ("pyarrow", "pyarrow.parquet"),
    "arrow": ("pyarrow", "pyarrow.parquet"),
    "warc": ("fastwarc.warc",),
    "zst": ("zstandard",),
}


def batch(
    inputs: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    *,
    to: str = "text",
    format: str = "auto",
    encoding: str | None = None,
    config: Config | Callable[[str], Config] | None = None,
    include: str | Iterable[str] = (),
    exclude: str | Iterable[str] = (),
    text_field: str = "text",
    url_field: str = "url",
    stdin_name: str | None = None,
    audits: str | os.PathLike[str] | None = None,
    max_removed: float | None = None,
    on_budget: str = "flag",
    jobs: int | None = None,
    timeout_seconds: float = TIMEOUT_SECONDS,
    memory_bytes: int = MEMORY_BYTES,
    executor: Executor | None = None,
    force: bool = False,
    dry_run: bool = False,
    verbose: bool = False,
    progress: Callable[[Progress], None] | None = None,
    reserved: Iterable[str | os.PathLike[str]] = (),
    numbered: bool = False,
) -> BatchResult:
    """How a run over files, folders and containers ended, its outputs being in the folder ``output``.

    A run that was interrupted is gone on with by the same call; what is done and has not changed is
    skipped. ``include`` and ``exclude`` are one pattern or several, as .gitignore writes them.
    ``config`` may be a function that gives the choices for a folder. ``audits`` is a folder,
    or a file that ends in .jsonl or .parquet. ``executor`` works instead of ``jobs`` processes of our
    own and brings its own limits. ``progress`` is called now and then in this thread. ``reserved`` are
    files that the caller writes: none of them is read, or replaced by an output. Outputs that are
    ``numbered`` bear numbers instead of names, so that none collide.
    A page that fails is counted and listed in failures.jsonl. Ctrl-C ends the run in order; the result
    says so. Raises UsageError before any work, with nothing written, for wrong choices, missing inputs,
    outputs that collide, and, without ``force``, files in their places that no run made; CleanerError
    when the run cannot go on.
    """
    named = [inputs] if isinstance(inputs, (str, os.PathLike)) else list(inputs)
    paths = [os.fspath(one) for one in named]
    _refuse_empty(output=output, audits=audits)
    places, targets = _places(os.fspath(output), os.fspath(audits) if audits is not None else "", reserved)
    kept = ("file" if targets.accounts_file else "folder") if places.audits else ""
    choices = Choices(
        to, format, encoding, text_field, url_field, max_removed, on_budget, kept, verbose, places.temporary
    )
    _check(choices, paths, jobs, timeout_seconds, memory_bytes, dry_run=dry_run)
    _check_targets(targets)
    wanted = jobs or cores()
    manifest = Manifest()
    try:
        selection = Selection.of(_patterns(include), _patterns(exclude), targets.all)
        planner = Planner(manifest, targets, to, selection, _config_for(config), numbered=numbered)
        plan = planner.enter(paths, os.path.basename(stdin_name or "stdin"))
        modules = _modules(plan, to, places.audits)
        if not force and not os.path.lexists(places.own):
            refuse_strange_files(manifest, places.output, os.path.join(places.output, FAILURES))
        if dry_run:
            return _tried(manifest, plan, choices, places, force=force)
        with _opened(manifest, places):
            if not force:
                refuse_others(manifest, places.output)
            if plan.stdin:
                manifest.amend(_spooled(plan.stdin, places.temporary))
            manifest.note_sources()
            crew = (
                Lent(choices, executor, wanted)
                if executor is not None
                else Pool(choices, wanted, timeout_seconds, memory_bytes, modules)
            )
            engine = Engine(
                manifest, plan, choices, places, jobs=wanted, limits=crew.limits, force=force, on_progress=progress
            )
            return engine.go(crew)
    finally:
        manifest.close()


def _refuse_empty(**names: str | os.PathLike[str] | None) -> None:
    """Raises UsageError for a place without a name, as a variable that is not set gives one."""
    for what, name in names.items():
        if name is not None and not os.fspath(name):
            raise UsageError(f"{what}: the name is empty; name a folder")


def _places(output: str, audits: str, reserved: Iterable[str | os.PathLike[str]]) -> tuple[Places, Targets]:
    own = os.path.join(output, OWN_FOLDER)
    others = tuple(os.fspath(one) for one in reserved)
    if audits.lower().endswith((".jsonl", ".parquet")):
        targets = Targets(output, accounts_file=audits, others=others)
    else:
        targets = Targets(output, accounts_folder=audits, others=others)
    return Places(output, own, os.path.join(own, "tmp"), audits), targets


def _check(
    choices: Choices, paths: list[str], jobs: int | None, timeout_seconds: float, memory_bytes: int, *, dry_run: bool
) -> None:
    """Raises UsageError for choices that do not exist, each with those that do."""
    for name, value, known in (
        ("to", choices.to, OUTPUTS),
        ("format", choices.format, ("auto", *FORMATS)),
        ("on_budget", choices.on_budget, ON_BUDGET),
    ):
        if value not in known:
            raise UsageError(f"{name}: {value!r} does not exist; choose from {', '.join(known)}")
    if not paths:
        raise UsageError("no input; name a file or folder, or - for standard input")
    if "" in paths:
        raise UsageError("input: the name is empty; name a file or folder")
    if paths.count(STDIN) > 1:
        raise UsageError("- is given twice, and standard input can be read once")
    if STDIN in paths and sys.stdin is None:
        raise UsageError("standard input: is closed; name a file, or pipe one in")
    if STDIN in paths and dry_run:
        raise UsageError("a dry run does not read standard input; name files or folders")
    if jobs is not None and jobs < 1:
        raise UsageError(f"jobs: {jobs} is not enough; 1 or more work")
    if not timeout_seconds > 0:
        raise UsageError(f"timeout: {timeout_seconds:g} s is no time; give more")
    if memory_bytes < 1:
        raise UsageError(f"memory: {memory_bytes} bytes are not enough; give more")
    if choices.max_removed is not None and not 0 <= choices.max_removed <= 1:
        raise UsageError(f"max_removed: {choices.max_removed:g} is no share; give one from 0 to 1, such as 0.9")
    if choices.max_removed is None and choices.on_budget != "flag":
        raise UsageError(f"on_budget: {choices.on_budget} needs a budget; give one with max_removed, such as 0.9")


def _check_targets(targets: Targets) -> None:
    """Raises UsageError where something cannot be written, or would take the place of something else."""
    if len({os.path.realpath(path) for path in targets.files}) < len(targets.files):
        raise UsageError(f"{targets.files[0]}: is named twice for what is written; name two files")
    for folder in targets.folders:
        _check_folder(folder)
    if targets.accounts_folder.lower().endswith(FILE_SUFFIXES) and not os.path.isdir(targets.accounts_folder):
        raise UsageError(
            f"{targets.accounts_folder}: is called like a file, and accounts are written to a folder, or to a file "
            "that ends in .jsonl or .parquet; name one of these"
        )
    if path := targets.accounts_file:
        _check_folder(os.path.dirname(path) or ".")
        if os.path.lexists(path) and not is_accounts_file(path):
            raise UsageError(f"{path}: is there, holds no accounts, and would be replaced; name another file")


def _check_folder(folder: str) -> None:
    """Raises UsageError for a folder that can neither be written to nor be made."""
    there = folder or "."
    while not os.path.lexists(there):
        there = os.path.dirname(there) or "."
    if not os.path.isdir(there):
        raise UsageError(f"{folder}: cannot be written: {there} is no folder; name another")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"{folder}: cannot be written: no permission in {there}; name another folder")


def _patterns(given: str | Iterable[str]) -> Iterable[str]:
    return (given,) if isinstance(given, str) else given


def _config_for(config: Config | Callable[[str], Config] | None) -> Callable[[str], Config]:
    if callable(config):
        return config
    one = checked(config) if config is not None else Config()
    return lambda folder: one


def _tried(manifest: Manifest, plan: Plan, choices: Choices, places: Places, *, force: bool) -> BatchResult:
    """What a run would do, by what the manifest says; nothing is made."""
    path = os.path.join(places.own, MANIFEST)
    manifest.look_into(path if os.path.exists(path) else None)
    if not force:
        refuse_others(manifest, places.output)
    engine = Engine(manifest, plan, choices, places, jobs=1, limits="", force=force, on_progress=None)
    planned = list(engine.planned())
    return BatchResult(0, plan.skipped, 0, 0, 0.0, Facts(), None, plan.excluded, planned=planned)


@contextlib.contextmanager
def _opened(manifest: Manifest, places: Places) -> Iterator[None]:
    """Has the output folder made and the manifest opened; what is temporary goes at the end."""
    try:
        os.makedirs(places.own, exist_ok=True)
        manifest.open(os.path.join(places.own, MANIFEST))
        shutil.rmtree(places.temporary, ignore_errors=True)
        os.makedirs(places.temporary)
    except OSError as error:
        raise UsageError(
            f"{places.output}: cannot be written: {error.strerror or error}; name another folder"
        ) from None
    make_names_last((os.path.dirname(os.path.abspath(places.output)), places.output, places.own))
    try:
        yield
    finally:
        shutil.rmtree(places.temporary, ignore_errors=True)


def _spooled(planned: Planned, folder: str) -> Planned:
    """Standard input, which becomes a file: its contents, not its time, say whether it has changed."""
    path = os.path.join(folder, "stdin")
    digest, size = sha256(), 0
    try:
        with open(path, "wb") as file:
            for piece in _pieces(sys.stdin.buffer):
                digest.update(piece)
                size += file.write(piece)
    except OSError as error:
        raise CleanerError(f"{path}: cannot be written: {error.strerror or error}") from None
    return planned._replace(input=path, size=size, stamp=SPOOLED + digest.hexdigest())


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    try:
        while piece := stream.read(COPY_BYTES):
            yield piece
    except OSError as error:
        raise ReadError(f"standard input: cannot be read: {error.strerror or error}") from None


def _modules(plan: Plan, to: str, audits: str) -> tuple[str, ...]:
    """The optional modules that workers need. Raises UsageError for one that is missing."""
    words = {word for kind in plan.kinds for word in kind}
    words |= {"parquet"} if to == "parquet" or audits.lower().endswith(".parquet") else set()
    found = dict.fromkeys(module for word, modules in MODULES.items() if word in words for module in modules)
    for module in found:
        needed(module)
    return tuple(found)
