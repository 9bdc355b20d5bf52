"""The configuration of a call: the nearest cleaner.toml, and the command line's choices on top of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from cleaner.cli.inputs import STDIN
from cleaner.cli.options import Settings

if TYPE_CHECKING:
    from cleaner.config import Config

OPTIONS = ("preset", "only", "skip", "keep", "drop")


class Configured(NamedTuple):
    """The choices in force for one input, the file they began with, and the options that changed them."""

    config: Config
    file: str | None
    options: tuple[str, ...]


def configured(settings: Settings, path: str = STDIN) -> Configured:
    """The choices for an input. Raises UsageError for a wrong file, code or pattern.

    ``only`` and ``preset`` of the command line replace those of the file; the others are added.
    """
    from dataclasses import replace

    from cleaner.config import Config, check_patterns, load_config

    file = _file(settings, path)
    config = load_config(file) if file else Config()
    given = {name: getattr(settings, name) for name in OPTIONS if getattr(settings, name)}
    if given:
        added = {name: (*getattr(config, name), *given[name]) for name in given if name in ("skip", "keep", "drop")}
        config = replace(config, **{**given, **added})
        check_patterns(config)
    return Configured(config, file, tuple(given))


def _file(settings: Settings, path: str) -> str | None:
    """The file named, or the nearest above the input, or else above the working directory."""
    from cleaner.config import find_config

    if settings.isolated:
        return None
    if settings.config is not None:
        return settings.config
    name = settings.stdin_filename if path == STDIN else path
    found = (name and find_config(os.path.dirname(name) or ".")) or find_config(".")
    return os.path.relpath(found) if found else None


def shown_settings(settings: Settings) -> str:
    """The settings in force as the text of a cleaner.toml, each with where it comes from."""
    from cleaner.config import Config

    sections = []
    for path in settings.inputs or (STDIN,):
        found = configured(settings, path)
        lines = [f"# for {path}"] if len(settings.inputs) > 1 else []
        lines.append(f"# configuration file: {found.file or 'none'}")
        for name in OPTIONS:
            value = getattr(found.config, name)
            lines.append(f"{name} = {_toml(value)}  # {_origin(name, found, Config())}")
        sections.append("\n".join(lines) + "\n")
    return "\n".join(sections)


def _origin(name: str, found: Configured, default: Config) -> str:
    from_file = found.file is not None and name not in found.options
    if name not in found.options:
        return "file" if from_file and getattr(found.config, name) != getattr(default, name) else "default"
    return "command line"


def _toml(value: str | tuple[str, ...]) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)
