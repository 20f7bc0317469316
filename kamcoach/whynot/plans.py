"""Plans of changes, and how they are put together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from kamcoach.engine.memory import Consultation, Env
from kamcoach.model.condition import Condition, Pattern
from kamcoach.model.fact import Fact, Field
from kamcoach.whynot.drafts import Edit
from kamcoach.whynot.judging import Judge, Nearest

Plan = tuple[Edit, ...] | None
"""Changes that should do; None if none was found."""


class Maker(Protocol):
    """What plans conditions, as far as conclusions need it."""

    consultation: Consultation
    judge: Judge
    busy: set[tuple[object, ...]]

    def make(self, condition: Condition, names: Env) -> Plan: ...
    def undo(self, condition: Condition, names: Env) -> Plan: ...
    def broken(self, condition: Pattern, fact: Fact, names: Env) -> Plan: ...
    def for_rule(self, near: Nearest) -> Plan: ...
    def next_step(self, near: Nearest) -> Plan: ...


def together(plans: Iterable[Plan]) -> Plan:
    """All of them; none if one is missing."""
    found: dict[Edit, None] = {}
    for plan in plans:
        if plan is None:
            return None
        found.update(dict.fromkeys(plan))
    return tuple(found)


def least(plans: Iterable[Plan]) -> Plan:
    """The one that changes least; an item that has to be added costs a little more."""
    return min((plan for plan in plans if plan is not None), key=_effort, default=None)


def cost_of(fact: Fact, field: Field) -> float:
    """What a change of a field costs: what every deal must have is the last to be changed."""
    return 4.0 if field.required else 1.5 if field.name in fact.fields else 1.0


def _effort(plan: tuple[Edit, ...]) -> float:
    return sum(edit.cost for edit in plan) + 0.5 * len({edit.key for edit in plan if edit.added})
