"""Settings say what is wrong with them, where, and what was probably meant."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner.config import Config, find_config, load_config
from cleaner.errors import UsageError
from cleaner.filter import FAMILIES
from cleaner.filters import FILTERS
from cleaner.filters.user_rules import RULES


def written(folder: Path, text: str) -> Path:
    path = folder / "cleaner.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, 'preset = "recall"\nskip = ["P", "U102"]\nkeep = ["^Über"]\ndrop = ["a", "b"]\n')
    assert load_config(path) == Config("recall", (), ("P", "U102"), ("^Über",), ("a", "b"))
    assert load_config(written(tmp_path, "")) == Config()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('presett = "recall"', 'unknown key "presett"; did you mean "preset"?'),
        ('xyzzy = "recall"', 'unknown key "xyzzy"; choose from preset, only, skip, keep, drop'),
        ('preset = "recal"', 'preset: "recal" is none; did you mean "recall"?'),
        ("preset = 3", 'preset: "3" is none; choose from precision, balanced, recall'),
        ('skip = "P"', "skip: a list of texts is needed"),
        ("skip = 3", "skip: a list of texts is needed"),
        ("skip = [3]", "skip: every entry must be a text in quotes, not 3"),
        ("keep = [['a']]", "keep: every entry must be a text in quotes"),
        ('only = ["Q"]', 'only: no filter or family is called "Q"; choose from N, C, S, P, A, L, F, D, U, W, N109, '),
        ('skip = ["u101"]', 'skip: no filter or family is called "u101"; did you mean "U101"?'),
        ('skip = ["Relatd"]', 'skip: no filter or family is called "Relatd"; did you mean "related"?'),
        ('drop = ["a", "(b"]', 'drop pattern "(b": missing ) at position 2'),
        ("skip = [", "Invalid|Unclosed|end of document"),
        ("skip = []\nskip = []", "Cannot overwrite a value"),
    ],
)
def test_what_is_wrong_is_said_with_its_file(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        load_config(path)
    told = str(caught.value)
    assert told.startswith(f"{path}: ")
    assert any(part in told for part in message.split("|"))


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        load_config(tmp_path / "none.toml")
    with pytest.raises(UsageError, match="directory"):
        load_config(tmp_path)
    path = tmp_path / "latin.toml"
    path.write_bytes(b'keep = ["\xe9"]')
    with pytest.raises(UsageError, match=r"latin\.toml: .*utf-8"):
        load_config(path)


def test_the_nearest_file_above_is_found(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    top = written(tmp_path, "")
    assert find_config(deep) == top.resolve()
    near = written(tmp_path / "a", "")
    assert find_config(deep) == near.resolve()
    assert find_config(deep / "page.txt") == near.resolve()
    (deep / "cleaner.toml").mkdir()
    assert find_config(str(deep)) == near.resolve()


def test_code_may_give_lists() -> None:
    config = Config(skip=["P"], keep=["a"])  # type: ignore[arg-type]
    assert config == Config(skip=("P",), keep=("a",))
    assert hash(config) == hash(Config(skip=("P",), keep=("a",)))


def test_code_is_told_of_a_wrong_pattern() -> None:
    with pytest.raises(UsageError, match=r'keep pattern "\(": missing \) at position 1'):
        Config(keep=("a", "("))


def test_codes_and_families_turn_filters_on_and_off() -> None:
    assert Config().runs("P101")
    assert Config(only=("P",)).runs("P101")
    assert not Config(only=("P",)).runs("N101")
    assert not Config(skip=("P",)).runs("P101")
    assert not Config(only=("P",), skip=("P101",)).runs("P101")
    assert Config(only=("P",)).runs("U101")
    assert not Config(skip=("U101",)).runs("U101")


def test_names_stand_for_codes() -> None:
    config = Config(only=("related", "N"), skip=("menu",))
    assert config == Config(only=("P101", "N"), skip=("N102",))


def test_every_family_has_a_filter() -> None:
    assert {one.code[0] for one in (*FILTERS, *RULES)} == set(FAMILIES)


def test_settings_pickle() -> None:
    config = Config("recall", skip=("P",), keep=("a",))
    assert pickle.loads(pickle.dumps(config)) == config


def test_settings_load_little() -> None:
    named = "('regex', 'tomllib', 'difflib')"
    code = f"import sys, cleaner.config as c; c.Config(); print([m for m in {named} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
