"""Questions to a trainer on a terminal. A script says everything with options; what it leaves out takes its default."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

import click

from kamcoach.errors import KamcoachError
from kamcoach.model.fact import Words


def answer(given: str | None, option: str, question: Words, language: str, default: str | None = None) -> str:
    """What the option says, else what the person at the terminal says, else the default. Raises KamcoachError if there is none of them."""
    if given is not None:
        return given
    if sys.stdin is not None and sys.stdin.isatty():
        return str(click.prompt(question[language], default=default)).strip()
    if default is None:
        raise KamcoachError(f"{option} is missing.")
    return default


def both(given: Mapping[str, str | None], option: str, question: Words, language: str, default: Words) -> Words:
    """The same in both languages, the person's own first. What is said in one language stands in the other until it is translated."""
    said: dict[str, str] = {}
    own = next((text for text in given.values() if text), None)
    for one in sorted(given, key=lambda code: code != language):
        asked = {language: f"{question[language]} ({'English' if one == 'en' else '中文'})"}
        said[one] = answer(given[one], f"{option}-{one}", asked, language, own or default.get(one))
        own = own or (said[one] if said[one] != default.get(one) else None)
    return {one: said[one] for one in given}


def choice(given: str | None, option: str, question: Words, language: str, choices: Iterable[str], default: str) -> str:
    """The same for one of a few values, which are shown."""
    names = list(choices)
    shown = {language: f"{question[language]} ({', '.join(names)})"}
    found = answer(given, option, shown, language, default)
    if found not in names:
        raise KamcoachError(f"{option} is never '{found}': it can be {', '.join(names)}.")
    return found
