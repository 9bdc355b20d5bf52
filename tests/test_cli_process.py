"""The command line as a process of its own: terminals, pipes, signals, and what they do to it."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cleaner.cli import main

COMMAND = [sys.executable, "-m", "cleaner"]
CONTENT = "The harbour board met on Monday and agreed that the old crane on the eastern quay has to come down.\n"
RAW = f"Home\nNews\nSports\nContact us\n\n{CONTENT}"
HOSTILE = f"{CONTENT}\nThe \x1b[2Jcrane\x07 says \u202eno\u202c to \x9bherring\r\nand it goes\ron.\n"
TIMEOUT_SECONDS = 30


def piped(*argv: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    """A call between pipes."""
    command = [*COMMAND, *argv]
    return subprocess.run(command, input=stdin, capture_output=True, env=_environment(env), timeout=TIMEOUT_SECONDS)


def on_terminal(*argv: str, stdin: bytes | None = None, env: dict[str, str] | None = None) -> tuple[int, str]:
    """The exit code of a call on a terminal 80 wide, and all it shows; input is a pipe, or else the terminal."""
    own, its = pty.openpty()
    source = subprocess.PIPE if stdin is not None else its
    with subprocess.Popen([*COMMAND, *argv], stdin=source, stdout=its, stderr=its, env=_environment(env)) as process:
        os.close(its)
        if process.stdin and stdin is not None:
            process.stdin.write(stdin)
            process.stdin.close()
        shown = _all_of(own)
        code = process.wait(TIMEOUT_SECONDS)
    os.close(own)
    return code, shown.decode().replace("\r\n", "\n")


def _all_of(terminal: int) -> bytes:
    pieces = []
    while True:
        try:
            piece = os.read(terminal, 65_536)
        except OSError:  # how Linux says that nobody has the other end open
            piece = b""
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)


def _environment(more: dict[str, str] | None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
    return {**kept, "TERM": "xterm-256color", "COLUMNS": "80", **(more or {})}


# Terminals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [[], ["diff"], ["explain"]])
def test_nothing_to_do_on_a_terminal_shows_the_help(command: list[str]) -> None:
    code, shown = on_terminal(*command)
    assert code == 0, shown
    assert shown.startswith("Usage: cleaner")


def test_options_without_input_on_a_terminal_are_wrong_usage() -> None:
    code, shown = on_terminal("--to", "json")
    assert (code, shown) == (2, "cleaner: no input; name a file, pipe a page in, or give - to type one\n")


@pytest.mark.parametrize(
    ("argv", "env", "color"),
    [
        ([], {}, True),
        ([], {"NO_COLOR": "1"}, False),
        ([], {"NO_COLOR": ""}, True),
        ([], {"TERM": "dumb"}, False),
        (["--color", "never"], {}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
    ],
)
def test_colours_are_for_terminals(argv: list[str], env: dict[str, str], color: bool) -> None:
    code, shown = on_terminal("diff", *argv, stdin=RAW.encode(), env=env)
    assert code == 0, shown
    assert ("\x1b[" in shown) is color
    assert "-Home" in shown


def test_a_pipe_gets_colours_when_told_so() -> None:
    assert b"\x1b[" not in piped("diff", stdin=RAW.encode()).stdout
    assert b"\x1b[31m-Home" in piped("diff", "--color", "always", stdin=RAW.encode()).stdout


@pytest.mark.parametrize("argv", [[], ["diff", "--drop", "crane"], ["explain"], ["diff", "-y", "--drop", "crane"]])
def test_no_control_character_reaches_a_terminal(argv: list[str]) -> None:
    code, shown = on_terminal(*argv, "--color", "never", stdin=HOSTILE.encode())
    assert code == 0, shown
    for escape in ("\\x1b[2Jcrane\\x07", "\\u202eno\\u202c", "\\x9bherring"):
        assert escape in shown
    assert all(char == "\n" or char.isprintable() for char in shown)


def test_json_on_a_terminal_is_escaped_and_still_json() -> None:
    code, shown = on_terminal("--to", "json", stdin=HOSTILE.encode())
    assert code == 0, shown
    assert json.loads(shown)["text"] == HOSTILE
    assert all(char == "\n" or char.isprintable() for char in shown)


def test_explain_fits_a_terminal() -> None:
    _, shown = on_terminal("explain", "--color", "never", stdin=RAW.encode() * 3)
    assert max(map(len, shown.splitlines())) == 80
    assert "\u2026\n" in shown


# Pipes, files, signals ----------------------------------------------------------------------------


def test_a_closed_pipe_is_silent() -> None:
    for argv in ([], ["diff"], ["explain"], ["--to", "json"]):
        with subprocess.Popen(
            [*COMMAND, *argv], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdin
            assert process.stdout
            assert process.stderr
            process.stdout.close()
            process.stdin.write(RAW.encode())
            process.stdin.close()
            assert process.stderr.read() == b""
            assert process.wait(TIMEOUT_SECONDS) == 0


def test_an_interrupt_ends_without_traceback() -> None:
    process = subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # a shell's job ignores it
    )
    assert process.stdin
    process.stdin.write(b"Home\n" * 50_000)  # more than a pipe holds: once it is gone, the command reads
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    try:
        assert process.communicate(timeout=TIMEOUT_SECONDS) == (b"", b"")
    finally:
        process.kill()
    assert process.returncode == 130


INTERRUPT = "os.kill(os.getpid(), signal.SIGINT)"
WAYS_TO_BE_INTERRUPTED = {
    "at work": ("%s", 130),
    "in code that was made": ("try: exec('%s')\n    except KeyboardInterrupt: return 130", 130),
    "twice": ("try: %s\n    except KeyboardInterrupt: %s", 130),
    "when the work is as good as done": ("atexit.register(lambda: %s)\n    return 130", 130),
    "when all is done": ("atexit.register(lambda: %s)\n    return 3", 3),
}


@pytest.mark.parametrize(("work", "code"), WAYS_TO_BE_INTERRUPTED.values(), ids=list(WAYS_TO_BE_INTERRUPTED))
def test_the_exit_code_of_an_interrupt_is_130(work: str, code: int) -> None:
    script = (
        "import atexit, os, signal, sys\nfrom cleaner.cli.interrupts import exit_code_of\n\n"
        f"def work():\n    {work.replace('%s', INTERRUPT)}\n    return 0\n\nsys.exit(exit_code_of(work))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        timeout=TIMEOUT_SECONDS,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, b"", b"")


def test_an_interrupt_while_a_class_is_made_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python wraps it into another error."""

    def interrupted(*_: object) -> None:
        raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()

    monkeypatch.setattr("cleaner.cli.command.CommandLine.invoke", interrupted)
    assert main([]) == 130


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_full_disk_is_said() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(COMMAND, input=RAW.encode(), stdout=full, stderr=subprocess.PIPE, timeout=TIMEOUT_SECONDS)
    assert (done.returncode, done.stderr) == (3, b"cleaner: standard output: No space left on device\n")


@pytest.mark.parametrize("closed", ["<&-", ">&-"])
def test_a_closed_stream_is_said(closed: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m cleaner {closed}'],
        input=b"" if closed == "<&-" else RAW.encode(),
        capture_output=True,
        timeout=TIMEOUT_SECONDS,
    )
    assert done.returncode in (2, 3)
    assert done.stderr.startswith(b"cleaner: standard ")
    assert done.stderr.count(b"\n") == 1


def test_standard_output_as_a_file_is_written_in_place(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("before\n")
    with log.open("ab") as appended:
        command = [*COMMAND, "-o", "/dev/stdout"]
        subprocess.run(command, input=RAW.encode(), stdout=appended, timeout=TIMEOUT_SECONDS, check=True)
    assert log.read_text() == "before\n" + CONTENT
    assert piped("-o", "/dev/stdout", stdin=RAW.encode()).stdout == CONTENT.encode()


def test_named_pipes_are_read_and_written(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    os.mkfifo(source)
    os.mkfifo(target)
    writer = threading.Thread(target=source.write_text, args=(RAW,), daemon=True)
    writer.start()
    with subprocess.Popen([*COMMAND, str(source), "-o", str(target)]) as process:
        assert target.read_text() == CONTENT
        assert process.wait(TIMEOUT_SECONDS) == 0


def test_large_pages_pass_through() -> None:
    page = "".join(
        f"Line {number} of the harbour log says that the {number}th ship came in.\n" for number in range(50_000)
    )
    done = piped("--only", "S", stdin=page.encode())
    assert (done.returncode, done.stdout) == (0, page.encode())


def test_undecodable_file_names_are_said() -> None:
    done = subprocess.run([*map(os.fsencode, COMMAND), b"na\xffme.txt"], capture_output=True, timeout=TIMEOUT_SECONDS)
    assert done.returncode == 2
    assert done.stderr.startswith(b"cleaner: na\\udcffme.txt: no such file")


def test_words_are_completed() -> None:
    def offered(words: str, index: int) -> set[str]:
        env = {"_CLEANER_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(index)}
        return {line.split(",")[1] for line in piped(env=env).stdout.decode().splitlines()}

    assert {"diff", "explain", "filters", "restore"} <= offered("cleaner ", 1)
    assert {"--preset", "--audit"} <= offered("cleaner --", 1)
    assert {"--side-by-side", "--preset"} <= offered("cleaner diff --", 2)
    assert offered("cleaner --preset ", 2) == {"precision", "balanced", "recall"}
