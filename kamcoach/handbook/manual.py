"""Pages of checks and commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kamcoach.checking import CHECKS
from kamcoach.handbook.book import Page, same


class Command(NamedTuple):
    """A command of the program as its page tells it. `options`: each with its meaning; `inner`: names of its own commands."""

    name: str
    usage: str
    about: str
    options: tuple[tuple[str, str], ...]
    inner: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """Its first sentence."""
        return self.about.partition("\n\n")[0].strip()


def check_pages() -> Iterator[Page]:
    """A page for each check of rules and plays; diagnostics are English, and so are their pages."""
    for check in CHECKS:
        title = check.page.partition("\n")[0]
        rest = check.page.removeprefix(title).strip()
        yield Page("checks", check.code, same(title), "check", {"check": check, "rest": rest}, same(check.page))


def command_pages(commands: Iterable[Command]) -> Iterator[Page]:
    """A page for each command; a blank in its name gives way to a dash in the name of its page."""
    for one in commands:
        options = " ".join(f"{name} {meaning}" for name, meaning in one.options)
        yield Page("commands", page_name(one.name), same(one.summary), "command", {"command": one}, same(f"{one.about} {options}"))


def page_name(command: str) -> str:
    return command.replace(" ", "-")
