"""`kamcoach rules`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kamcoach.advice.words import json_text
from kamcoach.cli.options import language, playbook
from kamcoach.cli.output import painter, say, short, width
from kamcoach.model.fact import SEVERITIES
from kamcoach.model.playbook import Library
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import find_playbook
from kamcoach.rulebook.listing import Wanted, data, entries, rule_named
from kamcoach.writing.files import write_whole

_EVERY_WAY = 9


def _format(*forms: str) -> Callable[[Any], Any]:
    return click.option("--format", "form", type=click.Choice(forms), default="text", help="How to print it.")


@click.group("rules")
def command() -> None:
    """Look through the rules: list them, read one in plain words, see who feeds whom, count them."""


def _library(playbook: str | None) -> Library:
    return load_library(find_playbook(playbook, Path.cwd()))


def _json(data: object) -> None:
    say(json_text(data))


@command.command("list")
@click.option(
    "--category", default="", metavar="C", help="Of this folder, such as `people`, or this family of the catalogue, such as `MIS`."
)
@click.option("--lens", default="", metavar="L", help="Whose advice belongs to this lens.")
@click.option("--severity", type=click.Choice(SEVERITIES), default=None, help="Whose advice is of this severity.")
@click.option("--kind", type=click.Choice(["advice", "derivation"]), default=None, help="That give advice, or that only conclude.")
@click.option("--stage", default="", metavar="S", help="That belong to this stage (and not to all).")
@click.option("--origin", default="", metavar="P", help="That come from this playbook.")
@click.option("--text", default="", metavar="T", help="With this text in id, title, reason, source, play or conclusion.")
@click.option("--long", "-l", "long", is_flag=True, help="With what each takes the place of and gives way to.")
@_format("text", "json")
@language
@playbook
def list_rules(
    category: str,
    lens: str,
    severity: str | None,
    kind: str | None,
    stage: str,
    origin: str,
    text: str,
    long: bool,
    form: str,
    lang: str,
    playbook: str | None,
) -> None:
    """All rules, or those that are asked for, with what they come from and what they take the place of."""
    from kamcoach.rulebook.table import table

    library = _library(playbook)
    found = entries(library, Wanted(category, lens, severity or "", kind or "", stage, origin, text))
    if form == "json":
        _json([data(one) for one in found])
    else:
        say("\n".join(table(found, library, lang, long=long)))


@command.command("show")
@click.argument("rule", metavar="RULE")
@_format("text", "markdown", "json")
@language
@playbook
def show(rule: str, form: str, lang: str, playbook: str | None) -> None:
    """One rule in plain words, with its scenarios, its play, its source, its thresholds, and what feeds it."""
    from kamcoach.advice.page import terminal
    from kamcoach.rulebook.page import markdown
    from kamcoach.rulebook.sheet import sheet

    library = _library(playbook)
    data = sheet(rule_named(library, rule), library, lang)
    if form == "json":
        _json(data)
        return
    text = markdown({**data, "file": short(data["file"])}, library)
    say(text if form == "markdown" else terminal(text, width(), painter()))


@command.command("graph")
@click.argument("rule", metavar="[RULE]", required=False)
@click.option("--category", default="", metavar="C", help="The rules of this category, and who feeds whom among them.")
@click.option("--depth", type=click.IntRange(1, _EVERY_WAY), default=1, help="Steps from RULE each way.")
@click.option("--output", "-o", "file", type=click.Path(path_type=Path), help="Write it to this file.")
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
@_format("text", "mermaid", "svg")
@language
@playbook
def graph(rule: str | None, category: str, depth: int, file: Path | None, force: bool, form: str, lang: str, playbook: str | None) -> None:
    """Who feeds whom: around RULE, within a category, or between all categories.

    The SVG picture stands alone; Mermaid is drawn by GitHub and many editors.
    """
    from kamcoach.rulebook.graph import around, of_category, of_library
    from kamcoach.rulebook.outline import mermaid, outline
    from kamcoach.rulebook.picture import svg

    library = _library(playbook)
    if rule:
        found = around(library, rule_named(library, rule).id, lang, depth)
    else:
        found = of_category(library, category, lang) if category else of_library(library, lang)
    text = svg(found) if form == "svg" else "\n".join(mermaid(found) if form == "mermaid" else outline(found)) + "\n"
    if file is None:
        say(text)
    else:
        write_whole(file, text, replace=force)


@command.command("stats")
@_format("text", "json")
@language
@playbook
def stats(form: str, lang: str, playbook: str | None) -> None:
    """The rules in figures: by kind, severity, lens, category and stage, and what is used how much."""
    from kamcoach.rulebook.stats import figures, told

    library = _library(playbook)
    data = figures(library)
    if form == "json":
        _json(data)
    else:
        say("\n".join(told(data, library, lang)))
