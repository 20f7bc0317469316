"""`kamcoach why`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from kamcoach.advice.reasons import reasons
from kamcoach.advice.speech import Speech
from kamcoach.cli.options import as_of, coached_deal, deal_file, engine, language, playbook
from kamcoach.cli.output import say


@click.command("why")
@deal_file
@click.argument("what", metavar="WHAT")
@language
@as_of
@playbook
@engine
def command(deal: Path, what: str, lang: str, as_of: date | None, playbook: str | None, engine: str) -> None:
    """The tree of reasons of a conclusion or a piece of advice, down to the lines of the deal file.

    WHAT is the number of an action as `advise` prints it, a rule, a play, a conclusion such as `stage`, or the id of a person.
    """
    coached = coached_deal(deal, playbook, as_of, lang, engine=engine)
    say(reasons(what, Speech(coached.consultation, coached.library, lang), coached.ranked))
