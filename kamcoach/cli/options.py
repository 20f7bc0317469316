"""Arguments and options that several commands share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from kamcoach.cli.output import tell
from kamcoach.coaching import Coached, coach, load_deal, load_deal_text
from kamcoach.engine import ENGINES, NATIVE
from kamcoach.model.playbook import Library
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import find_playbook
from kamcoach.reading.store import unused

_Command = TypeVar("_Command", bound=Callable[..., Any])


class Day(click.ParamType):  # type: ignore[type-arg]  # an older click has no such parameter
    """A date as year-month-day."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is not a date such as 2026-03-01.", param, ctx)


def default_language() -> str:
    """Chinese on a machine that is set to Chinese, else English."""
    setting = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if setting.lower().startswith("zh") else "en"


language = click.option(
    "--lang", type=click.Choice(["en", "zh"]), default=default_language, help="Language of the advice (default: that of this machine)."
)
as_of = click.option("--as-of", type=Day(), metavar="DATE", help="Coach as if this were today (default: `as_of` of the deal, else today).")
engine = click.option(
    "--engine",
    type=click.Choice(list(ENGINES)),
    default=NATIVE,
    help="What draws the conclusions: native, or durable-rules (the extra `durable`). Both come to the same.",
)


def _without_cache(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        context.with_resource(unused())


def playbook(command: _Command) -> _Command:
    """The options of whatever reads a playbook."""
    named = click.option("--playbook", metavar="P", help="A shipped playbook or a folder with playbook.yaml.")
    anew = click.option(
        "--no-cache",
        is_flag=True,
        expose_value=False,
        callback=_without_cache,
        help="Read every rule anew, and keep nothing in the cache folder (as does KAMCOACH_NO_CACHE=1).",
    )
    return named(anew(command))


deal_file = click.argument("deal", metavar="DEAL", type=click.Path(path_type=Path, allow_dash=True))


def library_for(playbook_name: str | None, deal: Path, loaded: dict[Path, Library] | None = None) -> Library:
    """The playbook for a deal; `loaded` keeps those of earlier deals, so that none is loaded twice."""
    near = Path.cwd() if str(deal) == "-" else deal.absolute().parent
    folder = find_playbook(playbook_name, near)
    known = {} if loaded is None else loaded
    if folder not in known:
        known[folder] = load_library(folder)
    return known[folder]


def coached_deal(
    deal: Path,
    playbook_name: str | None,
    day: date | None,
    language: str,
    loaded: dict[Path, Library] | None = None,
    engine: str = NATIVE,
) -> Coached:
    """The deal file coached; `-` reads standard input. Warnings are told on the way."""
    library = library_for(playbook_name, deal, loaded)
    if str(deal) == "-":
        data = sys.stdin.buffer.read() if sys.stdin else b""  # there is none if it was closed
        found, warnings = load_deal_text(data, "<stdin>", library, day, language)
    else:
        found, warnings = load_deal(deal, library, day, language)
    tell(warnings)
    return coach(found, library, day, engine)
