"""Conditional elements of CLIPS, each twice: for what certainly holds, and for what may hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tests.engine.second_opinion.expressions import Bound, Mode

MODES: tuple[Mode, Mode] = ("sure", "maybe")


class Elements(NamedTuple):
    sure: str
    maybe: str

    def of(self, mode: Mode) -> str:
        return self.sure if mode == "sure" else self.maybe


ANYWAY = Elements("(test (eq 1 1))", "(test (eq 1 1))")


class Found(NamedTuple):
    """A fact, and the element that finds it."""

    bound: Bound
    element: str


def certainly(found: Found) -> Elements:
    return Elements(f"{found.element} (sure (of {found.bound.id}))", found.element)


def absent(elements: str) -> str:
    return f"(not (and {elements}))"


def present(elements: Elements) -> Elements:
    return Elements(*(f"(exists {one})" for one in elements))


def together(found: Iterable[Elements]) -> Elements:
    pairs = list(found)
    return Elements(" ".join(filter(None, (one.sure for one in pairs))), " ".join(filter(None, (one.maybe for one in pairs))))


def either(groups: list[Elements]) -> Elements:
    if len(groups) == 1:
        return groups[0]
    return Elements(*(f"(or {' '.join(f'(and {group.of(mode)})' for group in groups)})" for mode in MODES))
