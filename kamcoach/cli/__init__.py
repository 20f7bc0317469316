"""The command line. Each command is imported only when it is called."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

import click

from kamcoach import __version__
from kamcoach.advice.words import printable
from kamcoach.cli.output import short
from kamcoach.errors import KamcoachError

_COMMANDS: Final = {
    "advise": "What to do next in a deal, and why.",
    "why": "The reasons of one conclusion or one piece of advice.",
    "why-not": "Why a rule did not fire, and what would make it.",
    "brief": "The briefing document of a deal: HTML, Markdown, PDF, Word.",
    "check": "Check deals, rules and playbooks.",
    "test": "Run the scenarios of the rules.",
    "impact": "What a change of rules does to deals.",
    "rules": "List the rules, read them in plain words, see who feeds whom.",
    "new": "Start a new file: a deal, a rule, a play, a playbook, a vocabulary.",
    "init": "Start your team's own playbook.",
    "schema": "JSON Schemas of our files, for editors.",
    "docs": "The documentation of the library, as pages to browse.",
}


@contextlib.contextmanager
def _plain_words() -> Iterator[None]:
    """What is wrong in a call is told without what a terminal would obey; the call itself may hold it."""
    try:
        yield
    except click.UsageError as error:
        said = error.format_message()
        if printable(said) == said:
            raise
        raise click.UsageError(printable(said), error.ctx) from error


class _Commands(click.Group):
    """Lists the commands without importing them."""

    def make_context(self, *call: Any, **more: Any) -> click.Context:
        with _plain_words():
            return super().make_context(*call, **more)

    def invoke(self, ctx: click.Context) -> Any:
        with _plain_words():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(f"kamcoach.cli.{cmd_name.replace('-', '_')}").command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kamcoach")
def cli() -> None:
    """A sales coach for key accounts (大客户).

    Keep one YAML file per deal. kamcoach says where the customer stands, who is missing, what to do next, what not to do, and why.
    Everything stays on this machine.

    \b
    Start here:
      kamcoach new deal mydeal.yaml     a commented file to fill in
      kamcoach advise mydeal.yaml       what to do next

    \b
    Exit codes: 0 fine, 1 findings (a failed test, or --fail-on), 2 something is wrong in a file or in the call, 3 the engine failed.
    """


def main() -> None:
    """Run the program to its end, and end the process."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, AttributeError):  # gone, full, or closed from the start
            stream.flush()
    os._exit(code)  # without taking hundreds of thousands of small objects apart one by one


def run(arguments: list[str]) -> int:
    """The exit code of a call; the one place where what stops the program is told."""
    try:
        cli(arguments, prog_name="kamcoach")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 2
    except KamcoachError as error:
        click.echo(short(str(error)), err=True)
        return error.exit_code
    except RecursionError:
        click.echo("The input is nested too deeply to be worked through.", err=True)
        return 2
    except OSError as error:
        click.echo(printable(f"The system refuses: {error.strerror or error}."), err=True)
        return 2
    return 0
