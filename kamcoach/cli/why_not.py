"""`kamcoach why-not`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from kamcoach.advice.words import json_text
from kamcoach.cli.options import as_of, coached_deal, deal_file, language, playbook
from kamcoach.cli.output import painter, say, short, width


@click.command("why-not")
@deal_file
@click.argument("rule", metavar="RULE")
@click.option("--about", default="", metavar="ID", help="Judge the rule for this person or other item of the deal.")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", help="How to print it.")
@language
@as_of
@playbook
def command(deal: Path, rule: str, about: str, form: str, lang: str, as_of: date | None, playbook: str | None) -> None:
    """Why a rule did not fire in a deal, in words: its conditions, the first that fails, what would make it fire, what takes its place."""
    from kamcoach.advice.page import terminal
    from kamcoach.advice.speech import Speech
    from kamcoach.rulebook.listing import rule_named
    from kamcoach.whynot.page import markdown
    from kamcoach.whynot.report import WhyNot

    coached = coached_deal(deal, playbook, as_of, lang)
    speech = Speech(coached.consultation, coached.library, lang)
    data = WhyNot(coached.deal, speech, rule_named(coached.library, rule), about).data()
    if form == "json":
        say(json_text(data))
        return
    text = short(markdown(data, str(deal), about))
    say(text if form == "markdown" else terminal(text, width(), painter()))
