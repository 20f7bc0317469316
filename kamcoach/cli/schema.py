"""`kamcoach schema`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from kamcoach.cli.options import playbook
from kamcoach.cli.output import counted, say, short
from kamcoach.errors import KamcoachError
from kamcoach.model.playbook import Library
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import find_playbook
from kamcoach.schema import KINDS
from kamcoach.schema.files import LANGUAGES, file_name, folder_for, text_of
from kamcoach.writing.files import write_all, write_whole

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
    write_all({}, {output / file_name(one): text_of(one, library, languages) for one in KINDS})
    say(short(f"{counted(len(KINDS), 'schema')} written to {output}"))


def schemas_beside(kind: str, file: Path, library: Library) -> dict[Path, str]:
    """The schema that the first line of a new file names, and those that stand beside it; but for what is up to date."""
    folder = folder_for(file)
    wanted = {folder / file_name(one): one for one in KINDS if one == kind or (folder / file_name(one)).is_file()}
    texts = {path: text_of(one, library) for path, one in wanted.items()}
    return {path: text for path, text in texts.items() if not path.is_file() or path.read_bytes() != text.encode()}
