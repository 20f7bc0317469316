"""What the coach says: ranked advice and questions, before any words are chosen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from kamcoach.model.fact import Fact, Value
from kamcoach.model.rule import Rule


class Advice(NamedTuple):
    """One piece of advice that holds for certain. `names` is what its play may speak of."""

    rule: Rule
    play: str
    severity: str
    lens: str
    topic: str
    about: tuple[Fact, ...]
    do_not: bool
    names: Mapping[str, Fact | Value | None]
    score: float = 0
    due: date | None = None
    """The earliest of the deadlines that it rests on, and how heavy those are whom it is about: what settles a tie."""
    weight: float = 0


class Block(NamedTuple):
    """Advice about the same person or topic, the weightiest first."""

    lead: Advice
    also: tuple[Advice, ...] = ()


class Question(NamedTuple):
    """Something unknown that stands between possible advice and a decision; `field` is "" for a whole list."""

    fact: Fact
    field: str
    would: tuple[Advice, ...]
    value: float
