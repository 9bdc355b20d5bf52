"""What a user may choose: preset, filters on and off, own patterns."""

from __future__ import annotations

from dataclasses import dataclass

PRESETS = ("precision", "balanced", "recall")


@dataclass(frozen=True, slots=True)
class Config:
    """The choices for a run. ``only`` and ``skip`` hold codes (``P101``) or families (``P``).

    ``keep`` and ``drop`` are patterns of the ``regex`` library, searched in each block.
    """

    preset: str = "balanced"
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()

    def runs(self, code: str) -> bool:
        """Whether a filter is on."""
        named = (code, code[0])
        return (not self.only or any(name in self.only for name in named)) and not any(
            name in self.skip for name in named
        )
