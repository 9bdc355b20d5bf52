"""The shape of the command line: commands found lazily, the default one, and how their help reads.

This room knows click, and of each command only where it is declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli.inputs import stdin_is_terminal

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

DEFAULT = "clean"
# In the order of the help. Each module holds a command called ``command``; only the one that runs is imported.
COMMANDS = {
    "clean": "cleaner.cli.clean_command",
    "batch": "cleaner.cli.batch_command",
    "diff": "cleaner.cli.diff_command",
    "explain": "cleaner.cli.explain_command",
    "filters": "cleaner.cli.filters_command",
    "restore": "cleaner.cli.restore_command",
    "score": "cleaner.cli.score_command",
    "fit": "cleaner.cli.fit_command",
}
HELP_COLUMNS = 100
COMPLETION = (
    'Completion of commands and options: eval "$(_CLEANER_COMPLETE=bash_source cleaner)", or zsh_, fish_source.'
)


class CommandLine(click.Group):
    """All commands; a first word that names none of them begins the arguments of the default one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None without one."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What click keeps for the command; its name stands first from here on."""
        being_completed = ctx.resilient_parsing and not args
        if not being_completed and (not args or args[0] not in COMMANDS):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What the first word may become: a command, an option of the default one, or a file."""
        from click.shell_completion import CompletionItem

        default = self.get_command(ctx, DEFAULT)
        found = super().shell_complete(ctx, incomplete)
        if default is None:
            return found
        within = click.Context(default, parent=ctx, info_name=DEFAULT, resilient_parsing=True)
        if incomplete.startswith("-"):
            return found + default.shell_complete(within, incomplete)
        return [*found, CompletionItem(incomplete, type="file")]


class Option(click.Option):
    """An option that stands under a heading of the help."""

    def __init__(self, param_decls: Sequence[str] | None = None, *, section: str = "Options", **attrs: Any) -> None:
        super().__init__(param_decls, **attrs)
        self.section = section


Declared = Callable[..., int]


def option(*names: str, section: str, help: str, **attrs: Any) -> Callable[[Declared], Declared]:
    """Declares an option on a command's function."""
    return click.option(*names, cls=Option, section=section, help=help, **attrs)


class Command(click.Command):
    """A command whose help gives its options under headings, and then examples, one (line, meaning) each.

    One that ``reads_stdin`` shows its help when it is called without a word and nothing is piped in.
    """

    def __init__(
        self, *args: Any, examples: Iterable[tuple[str, str]] = (), reads_stdin: bool = False, **attrs: Any
    ) -> None:
        attrs.setdefault("context_settings", {"help_option_names": ["-h", "--help"], "max_content_width": HELP_COLUMNS})
        super().__init__(*args, **attrs)
        self.examples = tuple(examples)
        self.reads_stdin = reads_stdin

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What is left of the arguments once the options are taken."""
        idle = self.reads_stdin and not args and not ctx.resilient_parsing and stdin_is_terminal()
        return super().parse_args(ctx, ["--help"] if idle else args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes how the command is called."""
        formatter.write_usage(called(ctx), " ".join(self.collect_usage_pieces(ctx)))
        if self.name == DEFAULT:
            others = "|".join(name for name in COMMANDS if name != DEFAULT)
            formatter.write_usage("cleaner", f"{others} ...", prefix="       ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the options by heading, in the order of their declaration."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record:
                sections.setdefault(getattr(parameter, "section", "Other"), []).append(record)
        for heading, records in sections.items():
            with formatter.section(heading):
                formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the examples; for the default command also the other commands and how to complete words."""
        if self.name == DEFAULT:
            with formatter.section("Other commands (cleaner COMMAND --help says more)"):
                formatter.write_dl(list(_summaries(ctx)))
        if self.examples:
            with formatter.section("Examples"):
                formatter.write_dl(list(self.examples), col_max=48)
        if self.name == DEFAULT:
            formatter.write_paragraph()
            formatter.write_text(COMPLETION)


def given(ctx: click.Context) -> dict[str, str]:
    """What the command line itself has, by parameter: an option's long name, or "inputs"."""
    return {
        parameter.name: next((name for name in parameter.opts if name.startswith("--")), parameter.opts[0])
        for parameter in ctx.command.params
        if parameter.name and ctx.get_parameter_source(parameter.name) is click.core.ParameterSource.COMMANDLINE
    }


def called(ctx: click.Context) -> str:
    """The words that call the command: the default one needs no name."""
    return "cleaner" if ctx.info_name == DEFAULT else f"cleaner {ctx.info_name}"


def _summaries(ctx: click.Context) -> Iterable[tuple[str, str]]:
    for name, module in COMMANDS.items():
        if name != DEFAULT:
            yield name, import_module(module).command.get_short_help_str(limit=HELP_COLUMNS)


commands = CommandLine("cleaner", add_help_option=False, no_args_is_help=False)
