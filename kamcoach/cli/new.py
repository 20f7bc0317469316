"""`kamcoach new`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import click

from kamcoach.advice.page import starter
from kamcoach.cli.new_playbook import playbook as new_playbook
from kamcoach.cli.new_playbook import vocabulary
from kamcoach.cli.new_rule import play, rule
from kamcoach.cli.options import language, library_for, playbook
from kamcoach.cli.output import say
from kamcoach.cli.schema import schemas_beside
from kamcoach.errors import KamcoachError
from kamcoach.schema.files import modeline
from kamcoach.writing.files import require_folder, write_all, write_whole

_DONE: Final = {
    "en": "{file} is ready. Fill in what you know and run: kamcoach advise {file}",
    "zh": "{file} 已写好。知道多少填多少，然后运行：kamcoach advise {file}",
}


@click.group("new")
def command() -> None:
    """Start a new file, with comments that say what goes where."""


@command.command("deal")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--customer", default="", help="Name of the customer.")
@click.option("--title", default="", help="What the deal is about.")
@language
@playbook
@click.option("--schema/--no-schema", default=True, help="With the JSON Schema by which editors complete and check it (default: yes).")
def deal(file: Path, customer: str, title: str, lang: str, playbook: str | None, schema: bool) -> None:
    """Write a commented deal file to start from; `-` prints it.

    An existing file is never overwritten. The schema is kept in the folder .kamcoach beside the file, or beside the kamcoach.yaml above it.
    """
    library = library_for(playbook, file)
    text = starter(library, lang, {"customer": customer, "title": title, "today": date.today().isoformat()})
    if str(file) == "-":
        say(text)
        return
    if file.suffix not in (".yaml", ".yml"):
        raise KamcoachError(f"{file}: a deal file ends in .yaml.")
    require_folder(file)
    if schema:
        write_all({file: modeline("deal", file) + text}, schemas_beside("deal", file, library))
    else:
        write_whole(file, text)
    say(_DONE[lang].format(file=file))


for one in (rule, play, new_playbook, vocabulary):
    command.add_command(one)
