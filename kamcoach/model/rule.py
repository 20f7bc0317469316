"""A rule: conditions, effects, and the words that go with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kamcoach.model.condition import Condition, Operand
from kamcoach.model.fact import NO_WORDS, NOWHERE, Value, Words
from kamcoach.source import Level, Location


class Conclude(NamedTuple):
    """A derived fact; its values are worked out from the bindings."""

    type: str
    fields: tuple[tuple[str, Operand], ...] = ()
    at: Location = NOWHERE


class Mark(NamedTuple):
    """Derived fields of a bound fact."""

    name: str
    fields: tuple[tuple[str, Operand], ...]
    at: Location = NOWHERE


class Advise(NamedTuple):
    """A play to be run; `about` names the bound facts it is about."""

    play: str
    severity: str
    lens: str
    about: tuple[str, ...] = ()
    topic: str = ""
    do_not: bool = False
    instead_of: tuple[str, ...] = ()
    extras: tuple[tuple[str, Operand], ...] = ()
    at: Location = NOWHERE


Effect = Conclude | Mark | Advise


class Rule(NamedTuple):
    id: str
    title: Words
    when: tuple[Condition, ...]
    then: tuple[Effect, ...]
    why: Words
    source: str = ""
    catalogue: str = ""
    replaces: bool = False
    at: Location = NOWHERE
    binds: Mapping[str, str] = NO_WORDS
    """Bound name to fact type; "" for a plain value."""

    @property
    def stem(self) -> str:
        """What its file and its scenarios are named after: of a row of a decision table, `TABLE-RULE/ROW`, the part before the slash."""
        return self.id.partition("/")[0]


class DealCheck(NamedTuple):
    """What field types cannot say about a deal file: if `rule` fires, the file is wrong at `name.field`."""

    rule: Rule
    name: str
    field: str
    message: Words
    level: Level


class Param(NamedTuple):
    """A threshold that a playbook sets."""

    name: str
    value: Value
    kind: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    meaning: Words = NO_WORDS
    at: Location = NOWHERE
