"""Why a fact is held: the tree of reasons, down to given facts. Built on justifications alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from kamcoach.engine.memory import TRUE, UNKNOWN, Activation, Consultation, Premise
from kamcoach.model.condition import Aggregate, AnyOf, Compute, Condition, Every, Last, No, Pattern, Tally


class Reason(NamedTuple):
    """A node of the tree of reasons: an activation, the premise it rests on, and the reasons of that premise's facts."""

    activation: Activation
    grounds: tuple[Ground, ...]


class Ground(NamedTuple):
    """One premise with, for each derived fact or mark in it, the reasons for that."""

    premise: Premise
    because: tuple[Reason, ...]


def reason(activation: Activation, consultation: Consultation, seen: frozenset[int] = frozenset()) -> Reason:
    """The whole tree of reasons of an activation, down to given facts; a circle is cut at the second visit."""
    seen = seen | {id(activation)}
    grounds = []
    for premise in activation.premises:
        below = []
        for identity in _derived_in(premise, consultation):
            for support in consultation.support(identity)[:1]:
                if id(support) not in seen:
                    below.append(reason(support, consultation, seen))
        grounds.append(Ground(premise, tuple(below)))
    return Reason(activation, tuple(grounds))


def _derived_in(premise: Premise, consultation: Consultation) -> Iterator[Any]:
    """Identities of the derived facts and marks that a premise rests on."""
    vocabulary = consultation.rule_base.vocabulary
    for leaf in premise.leaves():
        for fact in leaf.facts:
            declared = vocabulary.types[fact.type]
            if not declared.given:
                yield fact.id
                continue
            for name in tested_fields(leaf.condition, fact.type):
                if declared.fields[name].derived:
                    for value, truth in consultation.memory.marks.get((fact.id, name), {}).items():
                        if truth == TRUE or leaf.truth == UNKNOWN:
                            yield (fact.id, name, value)


def tested_fields(condition: Condition, fact_type: str) -> tuple[str, ...]:
    """The fields of a type that a condition looks at, in the order of the rule, each once."""
    return tuple(dict.fromkeys(_tested(condition, fact_type)))


def _tested(condition: Condition, fact_type: str) -> Iterator[str]:
    match condition:
        case Pattern(type=name, tests=tests, either=either):
            if name == fact_type:
                yield from (one.field for one in (*tests, *(t for group in either for t in group)))
        case No(conditions=inner) | Tally(conditions=inner):
            for one in inner:
                yield from _tested(one, fact_type)
        case AnyOf(alternatives=alternatives):
            for one in (c for group in alternatives for c in group):
                yield from _tested(one, fact_type)
        case Every(pattern=pattern, satisfies=extra) | Last(pattern=pattern, tests=extra):
            yield from _tested(pattern, fact_type)
            if pattern.type == fact_type:
                yield from (one.field for one in extra)
        case Aggregate(pattern=pattern, field=name):
            yield from _tested(pattern, fact_type)
            if name and pattern.type == fact_type:
                yield name
        case Compute():
            return
