"""House rules, read from the source: who imports whom, what is loaded when, what is documented."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import cleaner

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "cleaner"
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}

# Each room may import from the rooms before it. Rooms on one line are siblings, which do not import each other.
ORDER = (
    (
        "errors",
        "escapes",
        "lazy",
    ),
    ("page", "phrases"),
    ("markup",),
    ("filter", "inner", "readers", "containers"),
    ("features",),
    ("shingles",),
    ("cues",),
    ("filters", "sites"),
    ("audit", "config", "metadata"),
    ("writers",),
    ("pipeline",),
    ("labelled", "parallel"),
    ("scoring",),
    ("fitting",),
    ("",),  # the package itself, with what it exports
    ("runs",),
    ("cli",),
    ("__main__",),
)
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
HEAVY = ("charset_normalizer", "regex", "rich", "click", "cleaner.readers.html", "numpy", "asyncio")
STANDARD = sys.stdlib_module_names


def tree_of(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text("utf-8"))


def room_of(module: str) -> str:
    """The part of the package that a module belongs to: ``cleaner.filters.menu`` to ``filters``."""
    return [*module.split("."), ""][1]


def imports_of(module: str, *, at_run_time: bool = True) -> Iterator[str]:
    """The modules that a module names in its imports, those for type checkers alone left out."""
    tree = tree_of(module)
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if at_run_time and id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{module}: relative import"
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else node.module for name in inner)


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_one_way(module: str) -> None:
    own = room_of(module)
    for imported in imports_of(module):
        if imported.split(".")[0] != "cleaner" or (own, imported) == ("audit", "cleaner"):
            continue  # the audit names the version that made it
        other = room_of(imported)
        assert other in RANK, f"{other}: give the new room its place in ORDER"
        assert own == other or RANK[other] < RANK[own], f"{module} imports {imported}"


@pytest.mark.parametrize("module", [name for name in MODULES if room_of(name) == "filters" and name.count(".") == 2])
def test_filters_do_not_import_each_other(module: str) -> None:
    assert [name for name in imports_of(module) if name.startswith("cleaner.filters")] == []


def test_no_module_is_named_like_a_public_function() -> None:
    functions = {name for name in cleaner.__all__ if callable(getattr(cleaner, name))}
    names = {module.rsplit(".", 1)[-1] for module in MODULES}
    assert names & functions == set()


@pytest.mark.parametrize("module", MODULES)
def test_everything_public_is_documented(module: str) -> None:
    tree = tree_of(module)
    assert ast.get_docstring(tree), "the module says what it is for"
    bare = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert bare == []


def test_exports_are_documented() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in cleaner.__all__:
        assert getattr(cleaner, name).__doc__, name
        assert re.search(rf"\b{name}\b", readme), f"README does not name {name}"


def loaded_by(code: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after some code."""
    script = f"{code}\nimport sys\nprint('loaded:', *sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    return set(done.stderr.rsplit("loaded:", 1)[1].split())


def test_import_is_light() -> None:
    assert loaded_by("import cleaner") & set(HEAVY) == set()


def test_help_is_light() -> None:
    code = """
import contextlib, sys
sys.argv = ["cleaner", "--help"]
from cleaner.cli import main
with contextlib.suppress(SystemExit):
    main()
"""
    loaded = loaded_by(code)
    assert loaded & (set(HEAVY) - {"click"}) == set()
    assert not any(name.startswith(("cleaner.readers", "cleaner.filters", "cleaner.phrases")) for name in loaded)


def test_dependencies_are_what_is_imported() -> None:
    """numpy is an extra, and nothing but fitting may need it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared, extra = (
        {re.split(r"[^\w-]", entry)[0] for entry in entries}
        for entries in (project["dependencies"], project["optional-dependencies"]["fit"])
    )
    imported = {module: {name.split(".")[0] for name in imports_of(module)} for module in MODULES}
    for module, names in imported.items():
        assert room_of(module) == "fitting" or not names & extra, f"{module} needs what only the extra fit brings"
    everything = set().union(*imported.values()) - STANDARD - {"cleaner"}
    assert {name.replace("_", "-") for name in everything} == declared | extra
    assert all(">=" in entry for entry in project["dependencies"]), "a lower bound each"


def test_no_group_is_repeated_possessively() -> None:
    """Python before 3.11.5 matches such repeats wrongly where the group backtracks; ``(?>(?:...)*)`` never."""
    possessive = re.compile(r"(?<!\\)\)(?:[*+?]|\{[\d,]+\})\+")
    assert [module for module, path in MODULES.items() if possessive.search(path.read_text("utf-8"))] == []
