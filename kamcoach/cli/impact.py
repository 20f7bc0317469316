"""`kamcoach impact`."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from kamcoach.advice.page import terminal
from kamcoach.advice.words import json_text
from kamcoach.cli.options import as_of, language
from kamcoach.cli.output import painter, say, short, width
from kamcoach.errors import KamcoachError, UnknownName
from kamcoach.impact import compare
from kamcoach.impact.page import data, markdown
from kamcoach.impact.revisions import checked_out
from kamcoach.model.playbook import Library
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import deal_files, find_playbook, playbook_folder
from kamcoach.reading.suites import suites
from kamcoach.source import real


@click.command("impact")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW", required=False)
@click.option(
    "--deals", type=click.Path(path_type=Path, exists=True), help="A deal file or a folder of them (default: those that scenarios name)."
)
@language
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", help="How to print it.")
@as_of
@click.option("--fail-on", type=click.Choice(["stage", "any"]), help="Exit with 1 if a deal changes its stage, or changes at all.")
def command(old: str, new: str | None, deals: Path | None, lang: str, form: str, as_of: date | None, fail_on: str | None) -> None:
    """What a change of rules does to deals: stages, advice, questions and ranks, before and after.

    OLD and NEW are playbooks (a folder, or the name of a shipped one) or revisions of git. A revision stands for the playbook of this
    folder as it was then; NEW is that playbook as it is now, unless given.

    \b
    kamcoach impact HEAD                   what is not committed yet
    kamcoach impact main my-branch         for a pull request
    kamcoach impact key-account ./ours     what our playbook does differently
    """
    with ExitStack() as folders:
        places = [_folder(name, folders) for name in (old, new or ".")]
        before, after = (load_library(folder, cached=False) for folder in places)
        paths = list(deal_files(deals)) if deals else _named_by_scenarios(places[1], after)
        if not paths:
            raise KamcoachError("There is no deal to compare. Name a folder of deals with --deals.")
        impact = compare(before, after, paths, lang, as_of)
    if form == "json":
        say(json_text(data(impact, lang)))
    else:
        text = short(markdown(impact, lang))
        say(text if form == "markdown" else terminal(text, width(), painter()))
    if fail_on and any(deal.stage[0] != deal.stage[1] or fail_on == "any" for deal in impact.changed):
        sys.exit(1)


def _folder(name: str, folders: ExitStack) -> Path:
    """A playbook by its name or folder; else a revision of the one that this folder uses."""
    if name == ".":
        return find_playbook(None, Path.cwd())
    try:
        return playbook_folder(name, Path.cwd())
    except UnknownName:
        target = Path(folders.enter_context(TemporaryDirectory()))
        return checked_out(name, find_playbook(None, Path.cwd()), target)


def _named_by_scenarios(folder: Path, library: Library) -> list[Path]:
    """The deal files of whole-deal scenarios."""
    scenarios = (one for suite in suites(folder, library) for path in suite.files() for one in suite.scenarios(path, []))
    paths = {one.deal.path for one in scenarios if not one.rule}
    return sorted(real(path) for path in paths if not path.endswith(".test.yaml"))
