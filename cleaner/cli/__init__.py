"""The command line: reads arguments and files, shows results. click and rich live here alone.

This room decides nothing about pages; every way in which a call can end is told apart here.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from cleaner.cli.interrupts import INTERRUPTED, exit_code_of

GARBAGE = 50_000  # objects, before Python looks for cycles: modules make tens of thousands, and all of them stay
COMPLETION = "_CLEANER_COMPLETE"  # the variable by which click's shell functions ask for completions


def program() -> int:
    """The exit code of the program; interrupted as often as it may be, it is 130."""
    gc.set_threshold(GARBAGE, *gc.get_threshold()[1:])
    code = exit_code_of(main)
    _give_up_stderr()
    gc.freeze()  # nothing is looked for in what goes with the process
    return code


def _give_up_stderr() -> None:
    """Flushes standard error; when it takes nothing, lets the interpreter end without trying once more.

    Else that would be the exit code, though the outputs are what counts.
    """
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
    except OSError:
        _discard(sys.stderr)


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of one call: 0 done, 1 would change, 2 wrong usage, 3 some input failed, 130 interrupted."""
    try:
        return _flushed(_run(list(sys.argv[1:] if argv is None else argv)))
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        return _unread()


def _run(argv: list[str]) -> int:
    # Here and not above: an interrupt while click is read must not show a traceback.
    import click

    from cleaner.cli.command import called, commands
    from cleaner.cli.outputs import say
    from cleaner.cli.pages import FAILED, WRONG_USAGE, exit_code
    from cleaner.errors import CleanerError, bug

    if COMPLETION in os.environ:
        return _completed()
    try:
        # Not commands.main(): it ends with 1 when a pipe closes, which here means "would change".
        with commands.make_context("cleaner", argv) as ctx:
            code: int = commands.invoke(ctx)
            return code
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.UsageError as error:
        message = error.format_message().rstrip(".")
        help_call = called(error.ctx) if error.ctx else "cleaner"
        say(f"{message[:1].lower()}{message[1:]}; see {help_call} --help")
        return WRONG_USAGE
    except CleanerError as error:
        say(str(error))
        return exit_code(error)
    except BrokenPipeError:
        raise
    except Exception as error:  # whatever it is, 1 would say that something would change
        if isinstance(error.__cause__, KeyboardInterrupt):  # as when a class was being made
            raise KeyboardInterrupt from None
        say(bug(error))
        return FAILED


def _completed() -> int:
    from click.shell_completion import shell_complete

    from cleaner.cli.command import commands

    return shell_complete(commands, {}, "cleaner", COMPLETION, os.environ[COMPLETION])


def _flushed(code: int) -> int:
    """The code; a disk that is full is found out here at the latest."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _discard(sys.stdout)
        print(f"cleaner: standard output: {error.strerror or error}", file=sys.stderr)
        return 3
    return code


def _unread() -> int:
    """0: who closed the pipe has read enough."""
    _discard(sys.stdout)
    return 0


def _interrupted() -> int:
    _discard(sys.stdout)
    return INTERRUPTED


def _discard(stream: TextIO | None) -> None:
    """Lets the interpreter end without trying once more to write what nobody can read."""
    if stream is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
