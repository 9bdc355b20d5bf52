"""The command line in this process: text, streams and exit codes of every command."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from cleaner import CleanResult, __version__, clean, pipeline
from cleaner.audit import filter_name
from cleaner.cli import main
from cleaner.cli.command import COMMANDS, commands
from cleaner.filter import FAMILIES, Filter
from cleaner.filters import FILTERS
from cleaner.filters.user_rules import RULES

FIXTURES = Path(__file__).parent.parent / "fixtures"
CONTENT = "The harbour board met on Monday and agreed that the old crane on the eastern quay has to come down.\n"
MORE = "It was built before the war, and nobody has trusted it with more than a crate of herring since.\n"
MENU = "Home\nNews\nSports\nContact us\n"
RAW = f"{MENU}\n{CONTENT}\n{MORE}"
CLEAN = f"{CONTENT}\n{MORE}"


class Called(NamedTuple):
    """What a call of the command gave back."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()


Call = Callable[..., Called]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> Call:
    """Calls the command in an empty folder that holds raw.txt."""
    monkeypatch.chdir(tmp_path)
    Path("raw.txt").write_text(RAW)

    def run(*argv: str, stdin: bytes = b"") -> Called:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(argv)
        out, err = capfdbinary.readouterr()
        return Called(code, out, err.decode())

    return run


not_root = pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")


# Text in, text out --------------------------------------------------------------------------------


@pytest.mark.parametrize("argv", [["raw.txt"], [], ["-"], ["clean", "raw.txt"], ["./raw.txt"], ["--", "raw.txt"]])
def test_clean_text_goes_to_standard_output(call: Call, argv: list[str]) -> None:
    assert call(*argv, stdin=RAW.encode()) == Called(0, CLEAN.encode(), "")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_newlines_of_the_source_stay(call: Call, newline: str) -> None:
    raw, clean = (text.replace("\n", newline).encode() for text in (RAW, CLEAN))
    assert call(stdin=raw).out == clean


def test_output_is_utf8_without_mark(call: Call) -> None:
    raw, kept = (
        text + "The café on the quay, where the crew used to meet, has been shut since.\n" for text in (RAW, CLEAN)
    )
    assert call(stdin=f"\ufeff{raw}".encode("utf-16")).out == kept.encode()
    assert call("--encoding", "cp1252", stdin=raw.encode("cp1252")).text == kept


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        (CONTENT, MORE, f"{CONTENT}\n{MORE}"),
        (CONTENT.strip(), MORE, f"{CONTENT}\n{MORE}"),
        (CONTENT + "\n", MORE, f"{CONTENT}\n{MORE}"),
        (CONTENT.replace("\n", "\r\n"), MORE, f"{CONTENT.strip()}\r\n\r\n{MORE}"),
        (CONTENT, "", CONTENT),
        ("", MORE, MORE),
    ],
)
def test_several_texts_are_one_blank_line_apart(call: Call, first: str, second: str, joined: str) -> None:
    Path("a").write_bytes(first.encode())
    Path("b").write_bytes(second.encode())
    assert call("a", "b").out == joined.encode()


def test_json_is_one_object_a_line(call: Call) -> None:
    called = call("--to", "json", "raw.txt", "-", stdin=CONTENT.encode())
    first, second = map(json.loads, called.text.splitlines())
    assert (first["name"], first["text"], first["language"], first["format"]) == ("raw.txt", CLEAN, "en", "text")
    assert {"title", "warnings", "schema", "metadata"} <= first.keys()
    removal = first["removals"][0]
    assert (removal["text"], removal["start"], removal["end"]) == ("Home", 0, 4)
    assert all(removal[key] for key in ("filter", "name", "evidence"))
    assert (second["name"], second["text"], second["removals"]) == (None, CONTENT, [])


def test_standard_input_may_have_a_name(call: Call) -> None:
    called = call("--to", "json", "--stdin-filename", "page.txt", stdin=b" ")
    assert json.loads(called.out)["name"] == "page.txt"
    assert called.err.startswith("cleaner: page.txt: ")


def test_removed_text_is_written(call: Call) -> None:
    called = call("raw.txt", "--removed", "gone.txt")
    assert called.text == CLEAN
    assert Path("gone.txt").read_text() == MENU + "\n"


def test_removed_pieces_of_lines_end_in_a_newline(call: Call) -> None:
    call("--removed", "gone.txt", "--drop", "^Photo", stdin=f"{CONTENT}Photo: a crane".encode())
    assert Path("gone.txt").read_text() == "Photo: a crane\n"


# Commands and words -------------------------------------------------------------------------------


def test_a_file_called_like_a_command_is_named_with_its_folder(call: Call) -> None:
    Path("diff").write_text(RAW)
    assert call("./diff").text == CLEAN
    assert call("diff", "diff").text.startswith("--- diff\n+++ diff\n@@ ")


def test_a_command_without_file_reads_standard_input(call: Call) -> None:
    assert call("diff", stdin=RAW.encode()).text.startswith("--- source\n+++ clean\n@@ ")
    assert "Home" in call("explain", stdin=RAW.encode()).text


def test_version(call: Call) -> None:
    assert call("--version") == Called(0, f"cleaner {__version__}\n".encode(), "")


def test_help_names_the_commands(call: Call) -> None:
    called = call("--help")
    assert called.code == 0
    assert called.text.startswith("Usage: cleaner [OPTIONS] [INPUT]...\n")
    for name in COMMANDS:
        assert name in called.text
        shown = call(name, "-h")
        assert (shown.code, shown.err) == (0, "")
        assert "Examples:" in shown.text


def test_every_command_and_option_has_help() -> None:
    context = click.Context(commands)
    for name in commands.list_commands(context):
        command = commands.get_command(context, name)
        assert command is not None
        assert command.help, name
        assert command.short_help, name
        assert command.examples, name  # type: ignore[attr-defined]
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.name}"
                assert parameter.help.rstrip("]").rstrip().endswith((".", "balanced", "auto", "text", "3")), (
                    parameter.help
                )


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--qqq"], "cleaner: no such option '--qqq'; see cleaner --help\n"),
        (["diff", "-U", "x"], "see cleaner diff --help\n"),
        (["diff", "-U", "-1"], "see cleaner diff --help\n"),
        (["restore", "x"], "cleaner: missing argument 'AUDIT'; see cleaner restore --help\n"),
        (["--preset", "gentle"], "'balanced'"),
        (["--format", "docx", "raw.txt"], "docx"),
        (["--encoding", "klingon", "raw.txt"], "'klingon' is no text encoding"),
        (["--encoding", "hex", "raw.txt"], "'hex' is no text encoding"),
        (["--only", "P999", "raw.txt"], "P999"),
        (["--skip", "relatd", "raw.txt"], 'did you mean "related"?'),
        (["--keep", "(", "raw.txt"], 'keep pattern "("'),
        (["--drop", "a", "--drop", "[", "raw.txt"], 'drop pattern "["'),
        (["-", "-"], "cleaner: - is given twice"),
        (["raw.txt", "explain"], "if the command is meant, it comes first: cleaner explain ..."),
        (["raw.txt/page"], "cleaner: raw.txt/page: no such file"),
        ([""], "cleaner: '': no such file"),
        (["raw.txt", "-o", ""], "cleaner: an output has an empty name"),
        (["diff", "-y", "--stat", "raw.txt"], "choose one"),
        (["filters", "Q999"], "cleaner: no filter is called Q999; cleaner filters lists them all\n"),
        (["explain", "--line", "99", "raw.txt"], "cleaner: raw.txt: no block is on line 99"),
        (["restore", "-", "-"], "cannot both come from standard input"),
        (["--config", "none.toml", "raw.txt"], "none.toml: "),
    ],
)
def test_wrong_usage_is_said_in_one_line(call: Call, argv: list[str], message: str) -> None:
    called = call(*argv)
    assert (called.code, called.out) == (2, b"")
    assert called.err.startswith("cleaner: ")
    assert message in called.err
    assert called.err.count("\n") == 1


# What goes ----------------------------------------------------------------------------------------


def codes_in(called: Called) -> set[str]:
    return {removal["filter"] for removal in json.loads(called.out)["removals"]}


def test_only_and_skip_take_codes_and_families(call: Call) -> None:
    code, *_ = codes_in(call("--to", "json", "raw.txt"))
    for spelling in (code, code.lower(), code[0], f"P101, {code}", filter_name(code), f"P,{filter_name(code).upper()}"):
        assert code in codes_in(call("--to", "json", "--only", spelling, "raw.txt")), spelling
        assert code not in codes_in(call("--to", "json", "--skip", spelling, "raw.txt")), spelling
    assert call("--only", "P", "raw.txt").text == RAW


def test_the_user_has_the_last_word(call: Call) -> None:
    assert call("--keep", "^Sports$", "raw.txt").text == f"Sports\n{CLEAN}"
    assert call("--drop", "herring", "raw.txt").text == CONTENT
    assert call("--drop", "herring", "--keep", "crate", "raw.txt").text == CLEAN
    said = call("explain", "--drop", "herring", "--keep", "^Home", "raw.txt").text
    assert "U101" in said
    assert "U102" in said


def test_a_pattern_that_never_matched_is_said(call: Call) -> None:
    called = call("--keep", "walrus", "raw.txt")
    assert (called.code, called.text) == (0, CLEAN)
    assert called.err.startswith("cleaner: raw.txt: ")
    assert "walrus" in called.err


def test_a_configuration_is_found_upwards(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("cleaner.toml").write_text('drop = ["herring"]\n')
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert call(stdin=RAW.encode()).text == CONTENT
    assert call("../../raw.txt").text == CONTENT
    assert call("--isolated", "../../raw.txt").text == CLEAN
    assert call("--drop", "crane", "../../raw.txt").text == ""


def test_a_configuration_beside_the_input_comes_first(call: Call, tmp_path: Path) -> None:
    Path("cleaner.toml").write_text('drop = ["herring"]\n')
    (tmp_path / "site").mkdir()
    Path("site/cleaner.toml").write_text('drop = ["quay"]\n')
    Path("site/raw.txt").write_text(RAW)
    assert call("raw.txt", "site/raw.txt").text == f"{CONTENT}\n{MORE}"
    assert call("--config", "cleaner.toml", "site/raw.txt").text == CONTENT


def test_settings_are_shown_with_their_origin(call: Call) -> None:
    Path("cleaner.toml").write_text('drop = ["herring"]\npreset = "recall"\n')
    shown = call("--show-settings", "--only", "N", "--drop", "gulls").text
    assert "# configuration file: cleaner.toml\n" in shown
    assert 'preset = "recall"  # file\n' in shown
    assert 'only = ["N"]  # command line\n' in shown
    assert 'drop = ["herring", "gulls"]  # file and command line\n' in shown
    assert "keep = []  # default\n" in shown
    assert call("diff", "--show-settings", "--isolated").text.startswith("# configuration file: none\n")


def test_a_wrong_configuration_is_refused_before_any_work(call: Call) -> None:
    Path("cleaner.toml").write_text("droop = []\n")
    called = call("raw.txt", "raw.txt")
    assert (called.code, called.out) == (2, b"")
    assert "cleaner.toml" in called.err
    assert "droop" in called.err
    assert called.err.count("\n") == 1


def test_check_writes_nothing(call: Call) -> None:
    called = call("--check", "raw.txt", "-o", "out.txt")
    assert (called.code, called.out) == (1, b"")
    assert called.err == "cleaner: raw.txt: 4 blocks would go; see cleaner diff\n"
    assert not Path("out.txt").exists()
    assert call("--check", stdin=CONTENT.encode()) == Called(0, b"", "")
    assert call("--check", "raw.txt", "missing.txt").code == 2


# Bad input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", "\u3000\u2003\n".encode()])
def test_an_empty_page_gives_a_warning(call: Call, data: bytes) -> None:
    called = call(stdin=data)
    assert called.code == 0
    assert called.text.strip("\ufeff").strip() == ""
    assert called.err == "cleaner: standard input: the page is empty\n"


def test_a_page_that_is_all_chrome_is_said(call: Call) -> None:
    called = call("--drop", ".", stdin=CONTENT.encode())
    assert (called.code, called.out) == (0, b"")
    assert called.err.startswith("cleaner: standard input: nothing is left")


@pytest.mark.parametrize("argv", [[], ["diff"], ["explain"], ["--check"], ["--to", "json"]])
def test_an_input_that_is_not_there_is_wrong_usage(call: Call, argv: list[str]) -> None:
    called = call(*argv, "missing.txt")
    assert (called.code, called.out) == (2, b"")
    assert called.err == "cleaner: missing.txt: no such file; check the name, or use - for standard input\n"


def test_a_folder_is_wrong_usage(call: Call, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    called = call("pages")
    assert (called.code, called.out) == (2, b"")
    assert called.err == "cleaner: pages: is a directory; name the files in it, such as pages/*.txt\n"


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, bytes(5000), b"\x00\x01\x02" * 900])
def test_what_is_no_text_fails(call: Call, data: bytes) -> None:
    called = call(stdin=data)
    assert (called.code, called.out) == (3, b"")
    assert called.err.startswith("cleaner: standard input: not text")
    assert called.err.count("\n") == 1


def test_a_nul_in_a_text_is_kept_and_said(call: Call) -> None:
    called = call(stdin=RAW.encode().replace(b"herring", b"her\0ring"))
    assert (called.code, called.text) == (0, CLEAN.replace("herring", "her\0ring"))
    assert "NUL" in called.err


def test_one_failure_does_not_stop_the_others(call: Call) -> None:
    Path("image").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    assert call("image", "raw.txt")[:2] == (3, CLEAN.encode())
    assert call("--check", "raw.txt", "image").code == 3
    assert call("raw.txt", "missing.txt", "raw.txt")[:2] == (2, f"{CLEAN}\n{CLEAN}".encode())
    assert call("missing.txt", "image").code == 3


def test_a_bug_that_one_page_brings_out_does_not_stop_the_others(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes, **options: object) -> CleanResult:
        return clean(data) if b"Home" in data else clean(data[10**9])  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "clean", broken)
    called = call("-", "raw.txt", stdin=CONTENT.encode())
    assert (called.code, called.text) == (3, CLEAN)
    assert called.err.startswith("cleaner: standard input: internal error in test_cli.py:")
    assert called.err.count("\n") == 1


@not_root
def test_an_unreadable_file_fails(call: Call) -> None:
    Path("raw.txt").chmod(0)
    called = call("raw.txt")
    assert (called.code, called.err) == (3, "cleaner: raw.txt: permission denied; make the file readable for you\n")


def test_messages_are_shown_escaped(call: Call) -> None:
    called = call("\x1b[2J\n\u202e.txt")
    assert called.err.startswith("cleaner: \\x1b[2J\\n\\u202e.txt: no such file")


def test_a_working_directory_that_is_gone_does_no_harm(call: Call, tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    os.chdir("gone")
    (tmp_path / "gone").rmdir()
    assert call(stdin=RAW.encode()).text == CLEAN
    assert call("raw.txt").code == 2
    called = call("-o", "clean.txt", stdin=RAW.encode())
    assert (called.code, called.err) == (2, "cleaner: clean.txt: the working directory is gone; change to another\n")


# Output files -------------------------------------------------------------------------------------


def test_the_input_may_be_replaced(call: Call) -> None:
    Path("raw.txt").chmod(0o640)
    assert call("raw.txt", "-o", "raw.txt") == Called(0, b"", "")
    assert Path("raw.txt").read_text() == CLEAN
    assert stat.S_IMODE(Path("raw.txt").stat().st_mode) == 0o640
    assert os.listdir() == ["raw.txt"]


def test_a_new_file_has_the_usual_mode(call: Call) -> None:
    before = os.umask(0o027)
    try:
        call("raw.txt", "-o", "clean.txt")
    finally:
        os.umask(before)
    assert stat.S_IMODE(Path("clean.txt").stat().st_mode) == 0o640


def test_a_link_stays_a_link(call: Call) -> None:
    Path("target.txt").write_text("old")
    Path("link.txt").symlink_to("target.txt")
    call("raw.txt", "-o", "link.txt")
    assert Path("link.txt").is_symlink()
    assert Path("target.txt").read_text() == CLEAN


def test_a_write_that_fails_leaves_the_old_file(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    called = call("raw.txt", "-o", "raw.txt")
    assert called.code == 3
    assert called.err == "cleaner: raw.txt: cannot be written: No space left on device\n"
    assert Path("raw.txt").read_text() == RAW
    assert os.listdir() == ["raw.txt"]


def test_standard_output_may_be_named(call: Call) -> None:
    assert call("raw.txt", "-o", "-").text == CLEAN
    called = call("raw.txt", "-o", "clean.txt", "--audit", "-")
    assert json.loads(called.out)["text"] == Path("clean.txt").read_text() == CLEAN


@pytest.mark.parametrize("option", ["-o", "--audit", "--removed"])
@pytest.mark.parametrize("inputs", [["raw.txt", "raw.txt"], ["missing.txt", "gone.txt"]])
def test_one_output_for_several_inputs_is_refused(call: Call, option: str, inputs: list[str]) -> None:
    called = call(*inputs, option, "out")
    assert (called.code, called.out, os.listdir()) == (2, b"", ["raw.txt"])
    assert called.err == f"cleaner: {option} with 2 inputs would mix them; clean one input a call\n"


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["-o", "none/out.txt"], "does not exist; create it first"),
        (["-o", "."], "is a directory; name a file in it"),
        (["-o", "out", "--audit", "./out"], "named by -o and by --audit; name two files"),
        (["--audit", "raw.txt"], "is the input, and --audit would replace it"),
        (["--removed", "raw.txt"], "is the input, and --removed would replace it"),
        (["--audit", "-"], "the text and --audit would be mixed on standard output"),
        (["-o", "-", "--removed", "/dev/stdout"], "the text and --removed would be mixed"),
        (["-o", "out", "--removed", "-", "--audit", "-"], "--removed and --audit would be mixed"),
    ],
)
def test_an_output_that_cannot_be_is_refused_before_any_work(call: Call, argv: list[str], message: str) -> None:
    called = call("raw.txt", *argv)
    assert (called.code, called.out, os.listdir()) == (2, b"", ["raw.txt"])
    assert message in called.err
    assert called.err.count("\n") == 1


@not_root
def test_a_folder_or_file_without_permission_is_refused(call: Call, tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(0o500)
    assert call("raw.txt", "-o", "shut/out.txt").err.startswith("cleaner: shut/out.txt: no permission to write in")
    Path("raw.txt").chmod(0o400)
    assert call("raw.txt", "-o", "raw.txt").err.startswith("cleaner: raw.txt: is read-only")


# There and back -----------------------------------------------------------------------------------

SOURCES = {
    "utf-8": RAW.encode(),
    "mark": b"\xef\xbb\xbf" + RAW.encode(),
    "crlf": RAW.replace("\n", "\r\n").encode(),
    "cr": RAW.replace("\n", "\r").encode(),
    "mixed": RAW.replace("\n", "\r\n", 3).encode() + "Ein Kran\u2028und\x85Möwen".encode(),
    "no final newline": RAW.rstrip().encode(),
    "chrome at the end": f"{CONTENT}\nYou may also like\n\n\n".encode(),
    "cp1252": f"{RAW}Die Möwen über dem Kran schrien, und für die Körbe war es zu spät.\n".encode("cp1252"),
    "utf-16": RAW.encode("utf-16"),
    "shift_jis": f"{RAW}港の理事会は月曜日に会合を開き、古いクレーンを取り壊すことに決めました。\n".encode("shift_jis"),
    "broken bytes": RAW.encode().replace(b"crane", b"cr\xffne").replace(b"News", b"N\xc3ws"),
    "empty": b"",
}


@pytest.mark.parametrize("data", SOURCES.values(), ids=SOURCES)
def test_restore_gives_the_source_back(call: Call, data: bytes) -> None:
    Path("raw.txt").write_bytes(data)
    assert call("raw.txt", "-o", "clean.txt", "--audit", "audit").code == 0
    assert call("restore", "clean.txt", "audit") == Called(0, data, "")
    assert call("restore", "-", "audit", "-o", "back", stdin=Path("clean.txt").read_bytes()) == Called(0, b"", "")
    assert Path("back").read_bytes() == data


def test_restore_refuses_an_edited_text(call: Call) -> None:
    call("raw.txt", "-o", "clean.txt", "--audit", "audit")
    Path("clean.txt").write_text(CLEAN.replace("herring", "salmon"))
    called = call("restore", "clean.txt", "audit", "-o", "raw.txt")
    assert (called.code, called.out) == (3, b"")
    assert called.err.startswith("cleaner: clean.txt: the clean text is not the one of this account")
    assert Path("raw.txt").read_text() == RAW


def test_restore_names_the_account_of_what_cannot_be_restored(call: Call) -> None:
    call("-o", "clean.txt", "--audit", "audit", stdin=f"<html><body><p>{CONTENT}</p></body></html>".encode())
    called = call("restore", "clean.txt", "audit")
    assert (called.code, called.out) == (3, b"")
    assert called.err == "cleaner: audit: the page was HTML; only text and Markdown can be restored\n"


@pytest.mark.parametrize("account", [b"", b"{", b"[1]", b'{"schema": 99}', b"[" * 100_000, b"\xff\xfe"])
def test_restore_refuses_what_is_no_account(call: Call, account: bytes) -> None:
    Path("audit").write_bytes(account)
    called = call("restore", "raw.txt", "audit")
    assert (called.code, called.out) == (3, b"")
    assert called.err.startswith("cleaner: audit: ")
    assert "not an account" in called.err
    assert called.err.count("\n") == 1


# Diff, explain, filters ---------------------------------------------------------------------------


def patched(raw: bytes, diff: bytes, folder: Path) -> bytes:
    """What the real patch makes of the raw file."""
    program = shutil.which("patch")
    if program is None:
        pytest.skip("patch is not installed")
    (folder / "before").write_bytes(raw)
    command = [program, "--binary", "--silent", "-o", "after", "before"]
    done = subprocess.run(command, input=diff, cwd=folder, capture_output=True, timeout=20)
    assert done.returncode == 0, done.stdout + done.stderr
    return (folder / "after").read_bytes()


PATCHES = {
    **{name: data for name, data in SOURCES.items() if name in ("utf-8", "crlf", "mixed", "no final newline")},
    **{source.parent.name: source.read_bytes() for source in sorted(FIXTURES.glob("*-*/source.[tm]*"))},
    "within a line": f"{RAW}Subscribe now. {MORE.strip()} Subscribe now.\n\x0c\x1b[0m{CONTENT}".encode(),
    "mark and nothing to remove": b"\xef\xbb\xbf" + CONTENT.encode(),
    "mark and menu": b"\xef\xbb\xbf" + MENU.encode() + CONTENT.encode(),
}


@pytest.mark.parametrize("data", PATCHES.values(), ids=PATCHES)
def test_patch_makes_the_clean_text_of_the_raw_one(call: Call, tmp_path: Path, data: bytes) -> None:
    Path("page").write_bytes(data)
    clean = call("page").out
    for context in ("0", "1", "3"):
        called = call("diff", "-U", context, "page")
        assert called.code == 0
        if called.out:
            assert patched(data, called.out, tmp_path) == clean
        else:
            assert data == clean


def test_a_hunk_names_filter_and_evidence(call: Call) -> None:
    hunks = [line for line in call("diff", "raw.txt").text.splitlines() if line.startswith("@@")]
    assert len(hunks) == 4
    for hunk in hunks:
        said = hunk.split("@@ ")[2]
        assert said.split()[0] in {one.code for one in FILTERS}
        assert ": " in said


def test_the_diff_may_set_the_exit_code(call: Call) -> None:
    assert call("diff", "raw.txt").code == 0
    assert call("diff", "--exit-code", "raw.txt").code == 1
    assert call("diff", "--exit-code", stdin=CONTENT.encode()) == Called(0, b"", "")
    assert call("diff", "--exit-code", "--stat", "raw.txt").code == 1


def test_the_diff_as_json_is_the_account(call: Call) -> None:
    assert call("diff", "--json", "raw.txt").out == call("--to", "json", "raw.txt").out


def test_statistics_add_up(call: Call) -> None:
    head, *rows, total = call("diff", "--stat", "raw.txt", "raw.txt").text.splitlines()
    assert head.split() == ["code", "filter", "blocks", "characters", "share"]
    assert sum(int(row.split()[-3]) for row in rows) == 8
    assert total.split()[:3] == ["all", "8", str(2 * len(MENU.replace("\n", "")))]
    assert call("diff", "--stat", stdin=CONTENT.encode()).text.splitlines()[-1].split() == ["all", "0", "0", "0.0%"]


def test_two_columns_show_what_is_left(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "90")
    lines = call("diff", "-y", "-U", "1", "raw.txt").text.splitlines()
    assert all(len(line) <= 90 for line in lines)
    assert lines[1].split()[:3] == ["1", "Home", "│"]
    assert "unchanged" in lines[-1]
    changed = call("diff", "-y", "--drop", "herring", stdin=CLEAN.encode()).text
    assert 'U101 drop: drop pattern "herring"'[:4] in changed


def test_wide_characters_take_two_columns(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    page = "港の理事会は月曜日に会合を開き、古いクレーンを取り壊すことに決めました。\n" + MENU
    bars = {line.index("│") + sum(char > "\u3000" for char in line.split("│")[0])
            for line in call("diff", "-y", stdin=page.encode()).text.splitlines()}  # fmt: skip
    assert len(bars) == 1


def test_explain_names_every_block(call: Call) -> None:
    lines = call("explain", "raw.txt").text.splitlines()
    assert lines[0].split() == ["1", "removed", "Home"]
    assert lines[1].split()[0] in {one.code for one in FILTERS}
    assert [line.split()[0] for line in lines if "kept" in line] == ["6", "8"]
    assert lines[-1].endswith(MORE.strip())


def test_explain_shows_one_block_in_full(call: Call) -> None:
    gone, kept = call("explain", "--line", "1", "raw.txt").text, call("explain", "--line", "6", "raw.txt").text
    assert "removed" in gone
    assert "cleaner filters " in gone
    assert "kept" in kept
    assert " ".join(CONTENT.split()[:8]) in kept


@pytest.mark.parametrize(
    "argv", [["explain"], ["explain", "--line", "1"], ["diff", "-y"], ["diff", "--color", "always"]]
)
def test_what_is_for_eyes_is_escaped(call: Call, argv: list[str]) -> None:
    said = call(*argv, "--drop", "crane", stdin="A \x1b[31mcrane\x07 \u202eenarc\u2028\x9b2J\n".encode()).text
    assert "\\x1b[31mcrane\\x07" in said
    assert not any(char in said for char in "\x07\u202e\u2028\x9b")
    assert "\x1b[31mcrane" not in said


def test_what_is_for_programs_is_the_source(call: Call) -> None:
    page = f"A \x1b[31mcrane\x07 \u202eenarc\n\n{CONTENT}"
    assert call(stdin=page.encode()).text == page
    assert "\x1b[31mcrane\x07 \u202eenarc\n" in call("diff", "--drop", "enarc", stdin=page.encode()).text


def test_filters_are_listed_in_their_order(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    assert [line.split()[0] for line in call("filters").text.splitlines()] == [one.code for one in FILTERS]


@pytest.mark.parametrize("one", FILTERS, ids=lambda one: one.code)
def test_a_filter_is_shown_with_its_examples(call: Call, monkeypatch: pytest.MonkeyPatch, one: object) -> None:
    monkeypatch.setenv("COLUMNS", "9999")
    text = call("filters", one.code.lower()).text  # type: ignore[attr-defined]
    assert text == call("filters", one.name).text  # type: ignore[attr-defined]
    for said in (one.code, one.name, one.removes, one.mistakes):  # type: ignore[attr-defined]
        assert said in text
    for line in one.examples.strip("\n").split("\n"):  # type: ignore[attr-defined]
        assert line == "==" or f"\n{line}".rstrip() in text


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_listed(call: Call, family: str) -> None:
    assert {line[:1] for line in call("filters", family).text.splitlines()} - {" "} == {family}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_what_explain_names_can_be_looked_up(call: Call, rule: Filter) -> None:
    assert rule.removes[:40] in call("filters", rule.code).text
