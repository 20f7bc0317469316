"""`kamcoach docs`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kamcoach.cli.options import playbook
from kamcoach.cli.output import counted, say, short
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import find_playbook

if TYPE_CHECKING:
    from kamcoach.handbook.manual import Command

_FOLDER: Final = "library-docs"
_MOST_TOLD: Final = 20


@click.group("docs")
def command() -> None:
    """The documentation of the library: a page for every rule, play, kind of fact, check and command."""


@command.command("build")
@click.option("-o", "--output", metavar="DIR", type=click.Path(path_type=Path), help=f"The folder of the site (default: {_FOLDER}).")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a link leads nowhere, or (with -o) if DIR is not up to date.")
@playbook
def build(output: Path | None, check: bool, playbook: str | None) -> None:
    """Write the site of the library into a folder. Open its index.html in a browser: it needs no server and no network.

    Pages that were written before are replaced, and removed where there is no such page any more; other files in the folder stay.
    """
    from kamcoach.handbook.folder import differences, write_site
    from kamcoach.handbook.links import broken
    from kamcoach.handbook.site import site

    root = click.get_current_context().find_root()
    files = site(load_library(find_playbook(playbook, Path.cwd())), _manual(root.command, root))
    pages = counted(sum(path.endswith(".html") for path in files), "page")
    if check:
        wrong = [f"{link} leads nowhere" for link in broken(files)]
        wrong += differences(output, files) if output is not None else ()
        say(short("\n".join([*wrong[:_MOST_TOLD], f"{pages}: {counted(len(wrong), 'fault')}"])))
        sys.exit(1 if wrong else 0)
    folder = output or Path(_FOLDER)
    write_site(folder, files)
    say(short(f"{pages} written: open {folder / 'index.html'}"))


def _manual(group: click.Command, context: click.Context, name: str = "") -> Iterator[Command]:
    """Every command with its page, each before those within it."""
    from kamcoach.handbook.manual import Command

    inner = {one: group.get_command(context, one) for one in group.list_commands(context)} if isinstance(group, click.Group) else {}
    if name:
        records = (param.get_help_record(context) for param in group.get_params(context))
        usage = " ".join([context.command_path, *group.collect_usage_pieces(context)])
        yield Command(name, usage, group.help or "", tuple(filter(None, records)), tuple(inner))
    for one, found in inner.items():
        if found is not None:
            yield from _manual(found, click.Context(found, info_name=one, parent=context), f"{name} {one}".strip())
