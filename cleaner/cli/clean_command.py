"""``cleaner [INPUT]...``: the page without its chrome, as text or JSON, and the account of what went."""

from __future__ import annotations

import click

from cleaner import __version__
from cleaner.cli.command import Command, option
from cleaner.cli.inputs import STDIN
from cleaner.cli.options import OUTPUT, Settings, output_option, settings_options
from cleaner.cli.outputs import STDOUT, check_targets, is_stdout, print_json, print_text, say, write_target
from cleaner.cli.pages import CHANGED, Cleaned, Run
from cleaner.errors import UsageError
from cleaner.escapes import encoded

HELP = """Strip menus, banners, promotion and second copies from scraped pages, and account for each removal.

Reads text, Markdown or HTML from files, or from standard input for - or no INPUT, and writes what is
left to standard output. Exit code: 0 done, 1 --check found something, 2 wrong usage, 3 some input failed."""
EXAMPLES = (
    ("cleaner < raw.txt > clean.txt", "clean one page"),
    ("cleaner diff raw.txt", "see what goes and why"),
    ("cleaner raw.txt -o clean.txt --audit raw.audit", "clean, with the way back"),
    ("cleaner restore clean.txt raw.audit", "go back"),
    ("cleaner --to json a.txt b.txt | jq .title", "one object a line"),
    ("cleaner --skip P,D --keep '^Photo:' raw.txt", "have the last word"),
)


def _show_version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"cleaner {__version__}")
        ctx.exit()


@click.command("clean", cls=Command, reads_stdin=True, help=HELP, short_help="Clean pages.", examples=EXAMPLES)
@output_option
@option(
    "--to",
    section=OUTPUT,
    help="Plain text, Markdown, or JSON with every removal; else what the input is.",
    type=click.Choice(("text", "markdown", "json")),
)
@option("--no-links", section=OUTPUT, help="With --to markdown, of HTML: neither addresses nor images.", is_flag=True)
@option("--removed", section=OUTPUT, help="Write the text that went to this file.", metavar="FILE")
@option(
    "--audit",
    section=OUTPUT,
    help="Write the account, the way back for restore, to this file.",
    metavar="FILE",
)
@option("--check", section=OUTPUT, help="Write nothing; exit with 1 if anything would go.", is_flag=True)
@settings_options
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version."
)
def command(
    settings: Settings,
    *,
    output: str | None,
    to: str | None,
    no_links: bool,
    removed: str | None,
    audit: str | None,
    check: bool,
) -> int:
    """The exit code of cleaning the inputs."""
    targets = {"-o": output, "--removed": removed, "--audit": audit}
    _refuse_mixed(settings, {name: target for name, target in targets.items() if target is not None})
    run = Run()
    pages = run.cleaned(settings)
    if check:
        for page in pages:
            _check(page, run)
    elif to == "json":
        for page in pages:
            _write_json(page, output)
            _write_accounts(page, removed, audit)
    else:
        before = ""  # what was written last
        for page in pages:
            text = _rendered(page, to, links=not no_links)
            _write_text(text, output, before)
            before = text or before
            _write_accounts(page, removed, audit)
    return run.code


def _refuse_mixed(settings: Settings, targets: dict[str, str]) -> None:
    """Raises UsageError when two outputs, or an input and its account, would end up in one file."""
    if len(settings.inputs) > 1 and targets:
        names = " and ".join(targets)
        raise UsageError(f"{names} with {len(settings.inputs)} inputs would mix them; clean one input a call")
    written = {"-o": STDOUT, **targets}
    if len(both := [option for option, path in written.items() if is_stdout(path)]) > 1:
        names = " and ".join("the text" if option == "-o" else option for option in both)
        raise UsageError(f"{names} would be mixed on standard output; name files for all but one")
    check_targets(targets, inputs=[path for path in settings.inputs if path != STDIN])


def _check(page: Cleaned, run: Run) -> None:
    removals = len(page.result.removals)
    if removals:
        say(f"{page.name}: {removals:,} {'block' if removals == 1 else 'blocks'} would go; see cleaner diff")
        run.end_with(CHANGED)


def _rendered(page: Cleaned, to: str | None, *, links: bool) -> str:
    """What stays of a page: in the format asked for, else in its own, character for character."""
    if to == "markdown" and not links and page.result.page.format == "html":
        from cleaner.writers.markdown import markdown_of

        return markdown_of(page.result.page, links=False)
    if to == "text":
        return page.result.text
    return page.result.markdown if to == "markdown" else page.result.page.text


def _write_text(text: str, output: str | None, before: str) -> None:
    if output is not None:
        write_target(output, encoded(text))
        return
    print_text(_blank_line(before) + text if before and text else text)


def _blank_line(before: str) -> str:
    """What a text lacks to end in a blank line, in its own kind of newline."""
    newline = "\r\n" if before.endswith("\r\n") else "\n"
    if before.endswith(newline * 2):
        return ""
    return newline if before.endswith(newline) else newline * 2


def _write_json(page: Cleaned, output: str | None) -> None:
    from cleaner.writers.json import json_of

    line = json_of(page.result) + "\n"
    if output is not None:
        write_target(output, encoded(line))
    else:
        print_json(line)


def _write_accounts(page: Cleaned, removed: str | None, audit: str | None) -> None:
    if removed is not None:
        from cleaner.writers.text import removed_text

        write_target(removed, encoded(removed_text(page.result.page)))
    if audit is not None:
        from cleaner.writers.json import json_of

        write_target(audit, encoded(json_of(page.result) + "\n"))
