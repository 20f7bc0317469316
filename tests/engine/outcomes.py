"""What came of a run, in a shape in which the engine and the specification can be compared."""

from __future__ import annotations

from typing import NamedTuple

from kamcoach.engine import Consultation, infer
from kamcoach.model.fact import Fact, Value
from tests.small_vocabulary import AS_OF
from tests.strategies import Case, rule_base

Identity = tuple[str, object]
"""A given fact is its type and key, a derived one its type and values."""


class Outcome(NamedTuple):
    """What is held in the end: facts, and for each marked field of a fact the values (None: not known), with their truth."""

    facts: dict[Identity, int]
    marks: dict[tuple[Identity, str], dict[Value | None, int]]


def identity(fact: Fact) -> Identity:
    return fact.type, fact.key or frozenset(fact.fields.items())


def consult(case: Case) -> Consultation:
    return infer(rule_base(case.rules), case.facts, AS_OF)


def outcome(consultation: Consultation) -> Outcome:
    memory = consultation.memory
    held = {identity(one.fact): one.truth for of_type in memory.by_type.values() for one in of_type}
    facts = {name: one.fact for name, one in memory.index.items()}
    return Outcome(held, {(identity(facts[name]), field): dict(marked) for (name, field), marked in memory.marks.items()})


def difference(found: Outcome, wanted: Outcome) -> list[str]:
    """Each fact and mark that the two do not hold alike."""
    lines = []
    for name in [*found.facts, *(name for name in wanted.facts if name not in found.facts)]:
        if found.facts.get(name, 0) != wanted.facts.get(name, 0):
            lines.append(f"{name}: {found.facts.get(name, 0)}, and should be {wanted.facts.get(name, 0)}")
    for name in [*found.marks, *(name for name in wanted.marks if name not in found.marks)]:
        if found.marks.get(name) != wanted.marks.get(name):
            lines.append(f"{name}: {found.marks.get(name)}, and should be {wanted.marks.get(name)}")
    return lines
