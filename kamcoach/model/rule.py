"""A rule: conditions, effects, and the words that go with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kamcoach.model.condition import Condition, Operand
from kamcoach.model.fact import NOWHERE, Value, Words
from kamcoach.source import Level, Location


@dataclass(frozen=True, slots=True)
class Conclude:
    """A derived fact; its values are worked out from the bindings."""

    type: str
    fields: tuple[tuple[str, Operand], ...] = ()
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Mark:
    """Derived fields of a bound fact."""

    name: str
    fields: tuple[tuple[str, Operand], ...]
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Advise:
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


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    title: Words
    when: tuple[Condition, ...]
    then: tuple[Effect, ...]
    why: Words
    source: str = ""
    catalogue: str = ""
    replaces: bool = False
    at: Location = NOWHERE
    binds: Mapping[str, str] = field(default_factory=dict)
    """Bound name to fact type; "" for a plain value."""


@dataclass(frozen=True, slots=True)
class DealCheck:
    """What field types cannot say about a deal file: if `rule` fires, the file is wrong at `name.field`."""

    rule: Rule
    name: str
    field: str
    message: Words
    level: Level


@dataclass(frozen=True, slots=True)
class Param:
    """A threshold that a playbook sets."""

    name: str
    value: Value
    kind: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    meaning: Words = field(default_factory=dict)
    at: Location = NOWHERE
