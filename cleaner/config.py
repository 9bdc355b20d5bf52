"""What a user may choose: preset, filters on and off, own patterns; from code or a cleaner.toml.

This room knows names and types of settings; what they do to a page it does not know.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from cleaner.errors import UsageError
from cleaner.filter import FAMILIES

if TYPE_CHECKING:
    from pathlib import Path

PRESETS = ("precision", "balanced", "recall")
FILENAME = "cleaner.toml"


@dataclass(frozen=True, slots=True)
class Config:
    """The choices for a run. ``only`` and ``skip`` hold codes (``P101``) or families (``P``); names become codes.

    ``points`` is a file that ``cleaner fit`` wrote, whose points the scorecard uses in place of those
    that ship. ``keep`` and ``drop`` are patterns of the ``regex`` library, searched in each block; ``only``
    does not turn them off. Raises UsageError for a preset, code, name or family that does not exist,
    for a pattern that is wrong and for a value of the wrong type.
    """

    preset: str = "balanced"
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    points: str = ""

    def __post_init__(self) -> None:
        if self.preset not in PRESETS:
            raise UsageError(f'preset: "{self.preset}" is none{_similar(self.preset, PRESETS)}')
        if not isinstance(self.points, str):
            raise UsageError(f"points: the name of a file is needed, not {self.points!r}")
        for name in ("only", "skip", "keep", "drop"):
            value: object = getattr(self, name)
            if value != ():
                object.__setattr__(self, name, _texts(name, value))
        for name in ("only", "skip"):
            if getattr(self, name):
                object.__setattr__(self, name, _codes(name, getattr(self, name)))
        for name in ("keep", "drop"):
            _check_patterns(name, getattr(self, name))

    def runs(self, code: str) -> bool:
        """Whether a filter is on."""
        named = (code, code[0])
        return (not self.only or code[0] == "U" or any(name in self.only for name in named)) and not any(
            name in self.skip for name in named
        )


def find_config(start: str | Path) -> Path | None:
    """The nearest cleaner.toml in a folder (or beside a file) or above it; None when there is none."""
    folder = os.path.realpath(start)
    while True:
        found = os.path.join(folder, FILENAME)
        if os.path.isfile(found):
            from pathlib import Path  # takes milliseconds, and most pages have no such file

            return Path(found)
        if folder == os.path.dirname(folder):
            return None
        folder = os.path.dirname(folder)


def load_config(path: str | Path) -> Config:
    """The choices written in a file; what it does not name is as in ``Config()``.

    Raises UsageError, naming the file and the key, for a file that cannot be read, a key that does
    not exist, and a value of the wrong type, a wrong code or a wrong pattern.
    """
    import tomllib

    try:
        with open(path, encoding="utf-8-sig") as file:
            table = tomllib.loads(file.read())
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from None
    known = tuple(one.name for one in fields(Config))
    for key in table:
        if key not in known:
            raise UsageError(f'{path}: unknown key "{key}"{_similar(key, known)}')
    try:
        config = Config(**table)
        if config.points:  # a relative name is meant from where it is written
            config = replace(config, points=os.path.join(os.path.dirname(path), config.points))
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None
    return config


def checked(config: object) -> Config:
    """The choices, which they are. Raises UsageError for anything else, such as a dict or a file's name."""
    if isinstance(config, Config):
        return config
    raise UsageError(f'config: a Config is needed, as Config(skip=["P"]) or load_config(path) give it, not {config!r}')


def _texts(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise UsageError(f'{name}: a list of texts is needed, such as {name} = ["..."], not {value!r}')
    found = tuple(value)
    for one in found:
        if not isinstance(one, str):
            raise UsageError(f"{name}: every entry must be a text in quotes, not {one!r}")
    return found


def _codes(option: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """The codes and families that are meant. Raises UsageError for a word that is neither, nor a filter's name."""
    from cleaner.filters import FILTERS
    from cleaner.filters.user_rules import RULES

    every = (*FILTERS, *RULES)
    codes = (*FAMILIES, *(one.code for one in every))
    meant = {**{one: one for one in codes}, **{one.name: one.code for one in every}}
    for word in words:
        if word not in meant:
            raise UsageError(
                f'{option}: no filter or family is called "{word}"{_similar(word, meant, codes)} '
                f"(`cleaner filters` lists them)"
            )
    return tuple(meant[word] for word in words)


def _check_patterns(option: str, patterns: tuple[str, ...]) -> None:
    if not patterns:
        return  # nobody needs regex loaded
    from cleaner.filters.user_rules import compiled

    for pattern in patterns:
        compiled(pattern, option)


def _similar(word: object, known: Iterable[str], offered: Iterable[str] = ()) -> str:
    """What was probably meant, in any case of letters; else what is offered, which is all that is known."""
    from difflib import get_close_matches

    choices = {one.lower(): one for one in known}
    near = get_close_matches(str(word).lower(), choices, 1)
    if near:
        return f'; did you mean "{choices[near[0]]}"?'
    return f"; choose from {', '.join(offered or choices.values())}"
