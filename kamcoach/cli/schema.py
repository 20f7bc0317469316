"""`kamcoach schema`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from kamcoach.cli.options import playbook
from kamcoach.cli.output import counted, say, short, write_whole
from kamcoach.errors import KamcoachError
from kamcoach.model.playbook import Library
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import find_playbook
from kamcoach.schema import KINDS
from kamcoach.schema.files import LANGUAGES, file_name, folder_for, text_of

_ALL: Final = "all"


@click.command("schema")
@click.argument("kind", metavar="KIND", type=click.Choice([*KINDS, _ALL]))
@click.option("--lang", type=click.Choice(["both", *LANGUAGES]), default="both", help="Language of the words shown (default: both).")
@playbook
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write it to a file (`all`: to a folder).")
def command(kind: str, lang: str, playbook: str | None, output: Path | None) -> None:
    """The JSON Schema of a kind of file, with which editors complete, explain and check.

    KIND is deal, rule, scenario, playbook or vocabulary; `all` writes every one of them into a folder. The schema speaks of the
    playbook that applies in this folder, with the vocabulary, the parameters, the rules and the plays of a team.
    """
    library = load_library(find_playbook(playbook, (output or Path()).absolute()))
    languages = LANGUAGES if lang == "both" else (lang,)
    if kind != _ALL:
        text = text_of(kind, library, languages)
        if output is None:
            say(text)
        else:
            write_whole(output, text, replace=True)
        return
    if output is None:
        raise KamcoachError("`all` writes several files: name a folder with -o.")
    output.mkdir(parents=True, exist_ok=True)
    for one in KINDS:
        write_whole(output / file_name(one), text_of(one, library, languages), replace=True)
    say(short(f"{counted(len(KINDS), 'schema')} written to {output}"))


def keep_schema(kind: str, file: Path, library: Library) -> None:
    """Write the schema that the first line of a new file names, and renew those that stand beside it; what is up to date is left alone."""
    folder = folder_for(file)
    folder.mkdir(exist_ok=True)
    for one in KINDS:
        path = folder / file_name(one)
        if one == kind or path.is_file():
            text = text_of(one, library)
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                write_whole(path, text, replace=True)
