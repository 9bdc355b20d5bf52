"""What a person says about each line of a fixture, and where the cleaner disagrees.

``labels.txt`` is the whole page in the diff's notation: a line that must stay begins with a space, one that must go
with ``-``, one that may do either with ``?``. ``-`` followed by ``+`` is a line of which only a part stays. Empty
lines have no mark. ``python tests/labels.py [NAME ...]`` prints every disagreement.
"""

from __future__ import annotations

import sys
from itertools import compress
from pathlib import Path
from typing import NamedTuple

from cleaner import clean
from cleaner.page import Page

FIXTURES = Path(__file__).parent.parent / "fixtures"


class Label(NamedTuple):
    """One source line: its text, its mark, and what stays of it when it stays in part."""

    text: str
    mark: str
    rest: str | None = None


class Disagreement(NamedTuple):
    """A line (numbered from 1) that was lost though it must stay, or missed though it must go; who took what went."""

    line: int
    kind: str
    label: Label
    taken_by: str


def fixture_names() -> list[str]:
    """The fixtures in order."""
    return sorted(path.parent.name for path in FIXTURES.glob("*/source.txt"))


def labels_of(name: str) -> list[Label]:
    """The labels of a fixture's source lines."""
    labels: list[Label] = []
    for line in (FIXTURES / name / "labels.txt").read_text("utf-8").split("\n")[:-1]:
        mark, text = line[:1], line[1:]
        if mark == "+":
            labels[-1] = labels[-1]._replace(rest=text)
        else:
            labels.append(Label(text, mark))
    return labels


def kept_lines(page: Page) -> list[str]:
    """What stays of each source line."""
    stays, lines, at = bytearray(b"\x01" * len(page.source)), [], 0
    for start, end, _ in page.cuts:
        stays[start:end] = bytes(end - start)
    for line in page.source.split("\n"):
        lines.append("".join(compress(line, stays[at : at + len(line)])))
        at += len(line) + 1
    return lines


def disagreements(name: str) -> list[Disagreement]:
    """Where the cleaner with its defaults and the labels of a fixture differ, in line order."""
    page = clean((FIXTURES / name / "source.txt").read_text("utf-8")).page
    found, taken = [], _taken_lines(page)
    for number, (label, kept) in enumerate(zip(labels_of(name), kept_lines(page), strict=False), 1):
        ideal = label.text if label.mark == " " else (label.rest or "")
        if label.mark == "?" or ideal.split() == kept.split():
            continue
        kind = "missed" if _holds(kept, ideal) else "lost"
        found.append(Disagreement(number, kind, label, "; ".join(taken.get(number, ()))))
    return found


def _taken_lines(page: Page) -> dict[int, list[str]]:
    """The codes and evidence of what was removed, by line."""
    taken: dict[int, list[str]] = {}
    for removal in page.removals:
        first = page.source.count("\n", 0, removal.start) + 1
        for line in range(first, first + page.source.count("\n", removal.start, removal.end) + 1):
            taken.setdefault(line, []).append(f"{removal.filter} {removal.evidence}")
    return taken


def _holds(text: str, part: str) -> bool:
    """Whether a text holds the characters of a part in order, white space aside."""
    left = iter(text)
    return all(char in left for char in part if not char.isspace())


def main(names: list[str]) -> None:
    """Prints the disagreements of some fixtures, or of all."""
    for name in names or fixture_names():
        found = disagreements(name)
        lost = sum(one.kind == "lost" for one in found)
        print(f"{name}: {lost} lost, {len(found) - lost} missed")
        for one in found:
            print(f"  {one.line:4d} {one.kind:6s} {one.label.text.strip()[:80]}  {one.taken_by}".rstrip())


if __name__ == "__main__":
    main(sys.argv[1:])
