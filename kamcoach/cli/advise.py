"""`kamcoach advise`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from kamcoach.advice.page import markdown, terminal
from kamcoach.advice.report import Report, flat
from kamcoach.advice.speech import Speech
from kamcoach.advice.words import json_text
from kamcoach.cli.options import as_of, coached_deal, deal_file, engine, language, playbook
from kamcoach.cli.output import painter, say, width
from kamcoach.coaching import Coached
from kamcoach.model.fact import SEVERITIES


@click.command("advise")
@deal_file
@language
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", help="How to print it.")
@click.option("--all", "everything", is_flag=True, help="Show every piece of advice and every question.")
@click.option("--why", is_flag=True, help="With the rule and the lines of the deal file behind each.")
@as_of
@playbook
@engine
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="Exit with 1 if there is advice of this severity or above.")
def command(
    deal: Path,
    lang: str,
    form: str,
    everything: bool,
    why: bool,
    as_of: date | None,
    playbook: str | None,
    engine: str,
    fail_on: str | None,
) -> None:
    """Where the customer stands, who is missing, what to do next, what not to do, what to find out, and why.

    DEAL is a deal file, or - for standard input.
    """
    coached = coached_deal(deal, playbook, as_of, lang, engine=engine)
    speech = Speech(coached.consultation, coached.library, lang)
    data = Report(coached.deal, speech, coached.ranked, coached.questions, everything or form == "json").data()
    if form == "json":
        say(json_text(flat(data)))
    else:
        text = markdown({**data, "why": why}, speech)
        say(text if form == "markdown" else terminal(text, width(), painter()))
    if fail_on and _severest(coached) >= SEVERITIES.index(fail_on):
        sys.exit(1)


def _severest(coached: Coached) -> int:
    return max((SEVERITIES.index(advice.severity) for advice in coached.ranked.advice), default=-1)
