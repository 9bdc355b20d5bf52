"""The configuration of a call: the nearest cleaner.toml, and the command line's choices on top of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from cleaner.cli.inputs import STDIN
from cleaner.cli.options import Settings

if TYPE_CHECKING:
    from cleaner.config import Config

REPLACED, ADDED = ("preset", "only", "points"), ("skip", "keep", "drop")


class Configured(NamedTuple):
    """The choices in force for one input, and what they are made of."""

    config: Config
    file: str | None
    file_config: Config
    options: dict[str, str | tuple[str, ...]]


def configured(settings: Settings, path: str = STDIN) -> Configured:
    """The choices for an input. Raises UsageError for a wrong file, code or pattern, and for wrong points.

    ``preset`` and ``only`` of the command line replace those of the file; the others are added to them.
    """
    from dataclasses import replace

    file = _file(settings, path)
    config = file_config = _read(file)
    options = {name: getattr(settings, name) for name in (*REPLACED, *ADDED) if getattr(settings, name)}
    if options:
        added = {name: (*getattr(file_config, name), *options[name]) for name in ADDED if name in options}
        config = replace(file_config, **{**options, **added})
    if config.points:
        _check_points(config.points)
    return Configured(config, file, file_config, options)


def _check_points(file: str) -> None:
    """Raises UsageError for a file without points: once, before any input, each of which would fail for it."""
    from cleaner.cues.points import card

    card("text", file)


def _read(file: str | None) -> Config:
    from cleaner.config import Config, load_config

    return load_config(file) if file is not None else Config()


def _file(settings: Settings, path: str) -> str | None:
    """The file named, or the nearest above the input, or else above the working directory."""
    if settings.isolated:
        return None
    if settings.config is not None:
        return settings.config
    name = settings.stdin_filename if path == STDIN else path
    return (_nearest(os.path.dirname(name)) if name else None) or _nearest(".")


def _nearest(folder: str) -> str | None:
    from cleaner.config import find_config

    try:
        found = find_config(folder or ".")
        return os.path.relpath(found) if found else None
    except OSError:  # the working directory is gone: nothing is above it
        return None


class FolderConfigs:
    """The choices for the files of a folder; each folder is asked once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._found: dict[str, Config] = {}

    def __call__(self, folder: str) -> Config:
        """The choices in force below a folder."""
        if folder not in self._found:
            self._found[folder] = configured(self._settings, os.path.join(folder, "")).config
        return self._found[folder]


def settings_text(settings: Settings) -> str:
    """The settings in force for each input, as a cleaner.toml that says where each comes from."""
    sections = []
    for path in settings.inputs or (STDIN,):
        found = configured(settings, path)
        lines = [f"# for {path}"] if len(settings.inputs) > 1 else []
        lines.append(f"# configuration file: {found.file or 'none'}")
        for name in (*REPLACED, *ADDED):
            lines.append(f"{name} = {_toml(getattr(found.config, name))}  # {_origin(name, found)}")
        sections.append("\n".join(lines) + "\n")
    return "\n".join(sections)


def _origin(name: str, found: Configured) -> str:
    in_file = getattr(found.file_config, name) != getattr(_read(None), name)
    if name not in found.options:
        return "file" if in_file else "default"
    return "file and command line" if in_file and name in ADDED else "command line"


def _toml(value: str | tuple[str, ...]) -> str:
    """A text or a list of them as TOML, which writes both as JSON does."""
    import json

    return json.dumps(value, ensure_ascii=False)
