"""The README tells the truth: its commands print what it shows, its tables are the code's.

In a shown output a line ``...`` stands for lines left out, and a line that ends in "…" for the rest of it.
"""

from __future__ import annotations

import doctest
import inspect
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import cleaner
from cleaner.filters import FILTERS
from cleaner.phrases import languages

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
TEXT = README.read_text("utf-8")
CONSOLE = re.findall(r"```console\n\$ (.*)\n((?:.*\n)*?)```", TEXT)
COLUMNS = 100  # of the terminal on which the README's outputs were made
FILTER_TABLE = re.compile(r"(<!-- filters -->\n)(.*)(<!-- end of filters -->)", re.DOTALL)


def run(command: str) -> str:
    """What a ``cleaner`` command prints in the repository's folder."""
    program, *arguments = shlex.split(command)
    assert program == "cleaner"
    call = [sys.executable, "-m", "cleaner", *arguments]
    environment = {**os.environ, "COLUMNS": str(COLUMNS)}
    done = subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, check=True, timeout=60)
    return done.stdout.decode("utf-8")


@pytest.mark.parametrize(("command", "shown"), CONSOLE, ids=[command for command, _ in CONSOLE])
def test_shown_output_is_true(command: str, shown: str) -> None:
    printed, at = run(command).splitlines(), 0
    for chunk in re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE):
        lines = chunk.splitlines()
        at = next((start for start in range(at, len(printed) + 1) if matches(lines, printed[start:])), -1)
        assert at >= 0, f"not in what {command} prints:\n{chunk}"
        at += len(lines)
    assert at == len(printed) or shown.endswith("...\n"), "more was printed than is shown"


def matches(shown: list[str], printed: list[str]) -> bool:
    """Whether the printed lines begin with the shown ones."""
    return len(shown) <= len(printed) and all(
        line.startswith(wanted[:-1].rstrip()) if wanted.endswith("…") else line.rstrip() == wanted.rstrip()
        for wanted, line in zip(shown, printed, strict=False)
    )


def test_python_examples() -> None:
    failed, tried = doctest.testfile(str(README), module_relative=False)
    assert tried
    assert not failed


def test_signature_is_the_one_shown() -> None:
    shown = re.search(r"^\| `clean(\(data, .*?\))` \|", TEXT, re.MULTILINE)
    assert shown
    parameters = inspect.signature(cleaner.clean).parameters.values()
    bare = inspect.Signature([one.replace(annotation=inspect.Parameter.empty) for one in parameters])
    assert shown[1].replace('"', "'") == str(bare)


def test_filter_table(update_goldens: bool) -> None:
    rows = "".join(f"| {one.code} | {one.name} | {one.removes} |\n" for one in FILTERS)
    table = f"| code | name | removes |\n|---|---|---|\n{rows}"
    if update_goldens:
        README.write_text(FILTER_TABLE.sub(lambda match: match[1] + table + match[3], TEXT), "utf-8")
    found = FILTER_TABLE.search(README.read_text("utf-8"))
    assert found
    assert found[2] == table


def test_languages_are_named() -> None:
    assert [code for code in languages() if f"(`{code}`)" not in TEXT] == []


def test_two_commands_are_the_ones_that_ci_runs() -> None:
    """The second command ends with what .ci/run calls, in an environment of its own."""
    commands = re.findall(r"^python3 -m venv .*$", TEXT, re.MULTILINE)
    assert [command.rsplit("&& ", 1)[1].split()[0] for command in commands] == [".venv/bin/cleaner", ".venv/bin/pytest"]
    assert '"$bin/pytest"' in (ROOT / ".ci" / "run").read_text("utf-8")
