"""The inputs of one call, cleaned one after the other; one that fails is said and does not stop the rest.

This room knows the library and nothing of how its results are shown.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from cleaner.cli.command import COMMANDS
from cleaner.cli.configuration import configured
from cleaner.cli.inputs import STDIN, STDIN_NAME, read_input, stdin_is_terminal
from cleaner.cli.options import Settings
from cleaner.cli.outputs import say
from cleaner.errors import CleanerError, UsageError, bug

if TYPE_CHECKING:
    from cleaner import CleanResult, Config

DONE, CHANGED, WRONG_USAGE, FAILED = 0, 1, 2, 3


class Cleaned(NamedTuple):
    """One input: its name for messages, and what cleaning made of it."""

    name: str
    result: CleanResult

    @property
    def label(self) -> tuple[str, str]:
        """The names that its diff bears."""
        return (self.result.name, self.result.name) if self.result.name else ("source", "clean")


class Run:
    """What one call has to say and how it ends: ``code`` is the worst that happened."""

    def __init__(self) -> None:
        self.code = DONE

    def end_with(self, code: int) -> None:
        """Enters a way to end; a worse one stays."""
        self.code = max(self.code, code)

    def failed(self, name: str, error: CleanerError) -> None:
        """Says why an input gives nothing."""
        say(f"{name}: {error}")
        self.end_with(exit_code(error))

    def cleaned(self, settings: Settings) -> Iterator[Cleaned]:
        """Each input's cleaned page, in order. Raises UsageError before any work when the choices are wrong."""
        paths = inputs_of(settings)
        configs = _configs(settings, paths)
        for path in paths:
            name = name_of(path, settings)
            try:
                yield self._clean(path, name, settings, configs[path])
            except CleanerError as error:
                self.failed(name, error)
            except Exception as error:  # a bug that one page brings out must not cost the others
                self.failed(name, CleanerError(bug(error)))

    def _clean(self, path: str, name: str, settings: Settings, config: Config) -> Cleaned:
        from cleaner.pipeline import clean

        named = settings.stdin_filename if path == STDIN else path
        result = clean(read_input(path), format=settings.format, config=config, encoding=settings.encoding, name=named)
        for warning in result.warnings:
            say(f"{name}: {warning}")
        return Cleaned(name, result)


def _configs(settings: Settings, paths: Iterable[str]) -> dict[str, Config]:
    """The configuration for each path; read once a folder."""
    by_folder: dict[str, Config] = {}
    found = {}
    for path in paths:
        folder = path if path == STDIN else os.path.join(os.path.dirname(path), "")
        if folder not in by_folder:
            by_folder[folder] = configured(settings, path).config
        found[path] = by_folder[folder]
    return found


def exit_code(error: CleanerError) -> int:
    """2 for what the caller named wrongly, 3 for what went wrong with it."""
    return WRONG_USAGE if isinstance(error, UsageError) else FAILED


def inputs_of(settings: Settings) -> tuple[str, ...]:
    """The paths to read: standard input when none is named. Raises UsageError when nobody would pipe it."""
    if settings.inputs.count(STDIN) > 1:
        raise UsageError("- is given twice, and standard input can be read once")
    if not settings.inputs and stdin_is_terminal():
        raise UsageError("no input; name a file, pipe a page in, or give - to type one")
    for path in settings.inputs:
        if path in COMMANDS and not os.path.exists(path):
            raise UsageError(f"{path}: no such file; if the command is meant, it comes first: cleaner {path} ...")
    return settings.inputs or (STDIN,)


def name_of(path: str, settings: Settings) -> str:
    """What messages call an input."""
    return (settings.stdin_filename or STDIN_NAME) if path == STDIN else path or "''"
