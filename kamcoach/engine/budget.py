"""How much work one deal may make: what is beyond it is refused by the name of the rule, and never runs for minutes.

Rules and deals may come from strangers. A rule that goes through several lists of a long deal makes as many combinations as their lengths
multiply to; the largest of the shipped examples makes about 5,000 units of work.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kamcoach.errors import BadInput
from kamcoach.model.rule import Rule
from kamcoach.source import Diagnostic

MAX_WORK: Final = 1_500_000
"""In units: one for each fact that is looked at, `WAY` more for each that passes, `FIRING` more for each firing of a rule."""
WAY: Final = 3
FIRING: Final = 80


class Exhausted(Exception):
    """The work of this run is used up."""


class Budget:
    """The work that one run still may do."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_WORK

    def spend(self, units: int) -> None:
        """Raises Exhausted if that is more than is left."""
        self.left -= units
        if self.left < 0:
            raise Exhausted


@contextmanager
def told_of(rule: Rule) -> Iterator[None]:
    """Raises BadInput at the rule that used up the work."""
    try:
        yield
    except Exhausted as error:
        message = f"With the rule '{rule.id}' this deal has more combinations of facts than can be gone through."
        hint = "a deal has too many entries in a list, or the rule lacks a test that ties its facts to one another"
        raise BadInput([Diagnostic(rule.at, "too-much-work", message, hint)]) from error
