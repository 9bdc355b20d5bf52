"""``cleaner restore CLEAN AUDIT``: the source again, byte for byte."""

from __future__ import annotations

import click

from cleaner.cli.command import Command
from cleaner.cli.inputs import STDIN, STDIN_NAME, read_input
from cleaner.cli.options import output_option
from cleaner.cli.outputs import STDOUT, check_targets, write_target
from cleaner.errors import CleanerError, ReadError, UsageError

HELP = """Give back the source of a clean text, byte for byte, from the account that --audit wrote.

A text that was edited since, or belongs to another account, is refused."""
EXAMPLES = (
    ("cleaner raw.txt -o clean.txt --audit raw.audit", "clean, with the way back"),
    ("cleaner restore clean.txt raw.audit -o raw.txt", "go back"),
)


@click.command("restore", cls=Command, help=HELP, short_help="Give the source back, byte for byte.", examples=EXAMPLES)
@click.argument("clean", metavar="CLEAN")
@click.argument("audit", metavar="AUDIT")
@output_option
def command(clean: str, audit: str, output: str | None) -> int:
    """The exit code of restoring."""
    from cleaner.audit import AccountError, restore

    if clean == audit == STDIN:
        raise UsageError("the text and its account cannot both come from standard input; name a file for one of them")
    check_targets({"-o": output} if output else {})
    text, account = _read(clean), _parsed(_read(audit), audit)
    try:
        source = restore(text, account)
    except CleanerError as error:
        wrong = audit if isinstance(error, AccountError) else clean
        raise type(error)(f"{_name(wrong)}: {error}") from None
    write_target(output or STDOUT, source)
    return 0


def _name(path: str) -> str:
    return STDIN_NAME if path == STDIN else path


def _read(path: str) -> bytes:
    try:
        return read_input(path)
    except CleanerError as error:
        raise type(error)(f"{_name(path)}: {error}") from None


def _parsed(data: bytes, path: str) -> object:
    import json

    try:
        found: object = json.loads(data)
    except (ValueError, RecursionError):
        raise ReadError(f"{_name(path)}: is not an account; give the file that --audit wrote") from None
    return found
