"""Batch runs: files, folders and containers cleaned by many workers, restartable, with nothing lost.

This room knows the library and the file system; what a person is shown it does not know.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from hashlib import sha256
from typing import BinaryIO

from cleaner.config import Config, check_patterns
from cleaner.containers.extras import needed
from cleaner.errors import UsageError
from cleaner.parallel import cores
from cleaner.pipeline import FORMATS
from cleaner.runs.choices import ON_BUDGET, OUTPUTS, Choices
from cleaner.runs.engine import Engine, Places
from cleaner.runs.facts import BatchResult, Facts, Progress
from cleaner.runs.manifest import Manifest
from cleaner.runs.planning import OWN_FOLDER, Plan, Planner, Selection
from cleaner.runs.pool import Lent, Pool

__all__ = ["MEMORY_BYTES", "TIMEOUT_SECONDS", "BatchResult", "Progress", "batch"]

__all__ = ["MEMORY_BYTES", "TIMEOUT_SECONDS", "BatchResult", "Progress", "batch"]

STDIN = "-"
TIMEOUT_SECONDS = 30.0
MEMORY_BYTES = 2 << 30
COPY_BYTES = 1 << 20
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
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
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
) -> BatchResult:
    """How a run over files, folders and containers ended, its outputs being in the folder ``output``.

    A run that was interrupted is gone on with by the same call; what is done and has not changed is
    skipped. ``config`` may be a function that gives the choices for a folder. ``audits`` is a folder,
    or a file that ends in .jsonl or .parquet. ``executor`` works instead of ``jobs`` processes of our
    own and brings its own limits. ``progress`` is called now and then in this thread.
    A page that fails is counted and listed in failures.jsonl. Raises UsageError before any work for
    wrong choices, missing inputs and outputs that collide; CleanerError when the run cannot go on.
    """
    named = [inputs] if isinstance(inputs, (str, os.PathLike)) else list(inputs)
    paths = [os.fspath(one) for one in named]
    target, audit_path = os.fspath(output), os.fspath(audits) if audits is not None else ""
    one_file = audit_path.lower().endswith((".jsonl", ".parquet"))
    own = os.path.join(target, OWN_FOLDER)
    places = Places(target, own, os.path.join(own, "tmp"), audit_path)
    choices = Choices(
        to,
        format,
        encoding,
        text_field,
        url_field,
        max_removed,
        on_budget,
        ("file" if one_file else "folder") if audit_path else "",
        verbose,
        places.temporary,
    )
    _check(choices, paths, jobs, timeout_seconds)
    if dry_run and STDIN in paths:
        raise UsageError("a dry run does not read standard input; name files or folders")
    selection = Selection.of(include, exclude, (target, audit_path) if audit_path else (target,))
    manifest = _opened(places, dry_run=dry_run)
    try:
        planner = Planner(manifest, target, to, selection, _config_for(config))
        if STDIN in paths:
            planner.enter_spooled(*_spooled(sys.stdin.buffer, places.temporary, stdin_name or "stdin"))
        plan = planner.enter(path for path in paths if path != STDIN)
        modules = _modules(plan, to, audit_path)
        wanted = jobs or cores()
        engine = Engine(manifest, plan, choices, places, jobs=wanted, force=force, on_progress=progress)
        if dry_run:
            return BatchResult(0, plan.skipped, 0, 0, 0.0, Facts(), None, plan.excluded, planned=list(engine.planned()))
        if executor is not None:
            return engine.go(Lent(choices, executor, wanted))
        return engine.go(Pool(choices, wanted, timeout_seconds, memory_bytes, modules))
    finally:
        manifest.close()
        if not dry_run:
            shutil.rmtree(places.temporary, ignore_errors=True)


def _check(choices: Choices, paths: list[str], jobs: int | None, timeout_seconds: float) -> None:
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
    if paths.count(STDIN) > 1:
        raise UsageError("- is given twice, and standard input can be read once")
    if jobs is not None and jobs < 1:
        raise UsageError(f"jobs: {jobs} is not enough; 1 or more work")
    if timeout_seconds <= 0:
        raise UsageError(f"timeout: {timeout_seconds:g} s is no time; give more")
    if choices.max_removed is not None and not 0 <= choices.max_removed <= 1:
        raise UsageError(f"max_removed: {choices.max_removed:g} is no share; give one from 0 to 1, such as 0.9")


def _config_for(config: Config | Callable[[str], Config] | None) -> Callable[[str], Config]:
    if callable(config):
        return config
    one = config or Config()
    check_patterns(one)
    return lambda folder: one


def _opened(places: Places, *, dry_run: bool) -> Manifest:
    """The manifest of the output folder, which is made; for a dry run nothing is made."""
    path = os.path.join(places.own, "manifest.sqlite")
    if dry_run:
        return Manifest(path if os.path.exists(path) else None)
    try:
        os.makedirs(places.own, exist_ok=True)
        manifest = Manifest(path)
        shutil.rmtree(places.temporary, ignore_errors=True)
        os.makedirs(places.temporary)
    except OSError as error:
        raise UsageError(
            f"{places.output}: cannot be written: {error.strerror or error}; name another folder"
        ) from None
    return manifest


def _spooled(stream: BinaryIO, folder: str, name: str) -> tuple[str, str, int]:
    """Standard input as a file, the name it goes by, and a number that stands for its contents."""
    path = os.path.join(folder, "stdin")
    digest = sha256()
    with open(path, "wb") as file:
        while piece := stream.read(COPY_BYTES):
            digest.update(piece)
            file.write(piece)
    return path, os.path.basename(name), int.from_bytes(digest.digest()[:7])


def _modules(plan: Plan, to: str, audits: str) -> tuple[str, ...]:
    """The optional modules that workers need. Raises UsageError for one that is missing."""
    words = {word for kind in plan.kinds for word in kind}
    words |= {"parquet"} if to == "parquet" or audits.lower().endswith(".parquet") else set()
    found = dict.fromkeys(module for word, modules in MODULES.items() if word in words for module in modules)
    for module in found:
        needed(module)
    return tuple(found)
