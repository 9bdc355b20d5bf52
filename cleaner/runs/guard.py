"""What stands where a run would write: files that no run made, outputs of other inputs; and outputs left behind.

This room compares names with the memory of earlier runs and with the file system; it writes nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from cleaner.errors import UsageError, counted
from cleaner.runs.manifest import Manifest

SHOWN = 3
_FAILURE_KEYS = {"input", "record", "why"}


def refuse_strange_files(manifest: Manifest, output: str, failures: str) -> None:
    """Raises UsageError where a run would replace files in a folder that no run wrote to before."""
    _refuse(_strange(output, (planned.output for planned in manifest.planned())))
    if os.path.lexists(failures) and not _is_failures_file(failures):
        raise UsageError(f"{failures}: is there, holds no failures, and would be replaced; name another output folder")


def refuse_others(manifest: Manifest, output: str) -> None:
    """Raises UsageError where a run would replace what none before it made, or made of an input that is still there.

    Nothing is known of outputs in a folder whose memory is new.
    """
    if manifest.is_new:
        return
    _refuse(chain(_strange(output, manifest.without_source()), _of_others(manifest, output)))


def _refuse(sentences: Iterator[str]) -> None:
    if found := list(islice(sentences, SHOWN)):
        raise UsageError("; ".join(found) + "; nothing was done: name another output folder, or replace with --force")


def _strange(output: str, names: Iterable[str]) -> Iterator[str]:
    """What is to be said of files that no run made."""
    for path in (os.path.join(output, name) for name in names) if os.path.isdir(output) else ():
        if os.path.lexists(path):
            yield f"{path}: is there, and no run made it"


def _of_others(manifest: Manifest, output: str) -> Iterator[str]:
    """What is to be said of outputs that were made of another input; one that was moved is the same."""
    for name, source, other in manifest.with_other_source():
        path = os.path.join(output, name)
        if os.path.lexists(path) and os.path.exists(other) and not _is_same_file(source, other):
            yield f"{path}: was made of {other}, and would be made of {source}"


def left_behind(manifest: Manifest, output: str) -> str:
    """What is to be said of outputs that no input of this run has, and whose own is gone; empty without such."""
    paths = (os.path.join(output, name) for name, source in manifest.unplanned_sources() if not os.path.lexists(source))
    left = [path for path in paths if os.path.lexists(path)]
    if not left:
        return ""
    names = ", ".join(left[:SHOWN]) + (", ..." if len(left) > SHOWN else "")
    return f"{counted(len(left), 'output')} of inputs that are gone left in place: {names}"


def _is_same_file(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def _is_failures_file(path: str) -> bool:
    """Whether a file begins as one that a run wrote its failures to, or is empty."""
    try:
        with open(path, "rb") as file:
            line = file.readline()
        return not line or json.loads(line).keys() >= _FAILURE_KEYS
    except (OSError, ValueError, AttributeError):
        return False
