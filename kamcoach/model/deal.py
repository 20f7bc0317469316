"""A deal as read from its file."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kamcoach.model.fact import Fact


class Deal(NamedTuple):
    """The given facts of one deal file. `as_of` is None if the file does not say."""

    path: str
    facts: tuple[Fact, ...]
    as_of: date | None = None

    def fact(self, type_name: str) -> Fact | None:
        return next((fact for fact in self.facts if fact.type == type_name), None)
