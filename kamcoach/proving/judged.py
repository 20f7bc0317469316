"""How each condition of a rule comes out in one deal, and what keeps the nearest facts from passing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kamcoach.engine.combine import compile_condition
from kamcoach.engine.compile import compile_field_test
from kamcoach.engine.marks import read
from kamcoach.engine.memory import FALSE, TRUE, Consultation, Env, Held, Premise
from kamcoach.model import written
from kamcoach.model.condition import Condition, FieldTest, Pattern
from kamcoach.model.fact import Fact
from kamcoach.model.rule import Rule

_NEAREST = 3


class Judged(NamedTuple):
    """A condition with its truth; None if it speaks of what an earlier condition did not find."""

    condition: Condition
    truth: int | None
    near: tuple[str, ...] = ()
    """What the facts that come nearest hold instead: `li: power 1`."""


def judged(rule: Rule, consultation: Consultation) -> Iterator[Judged]:
    """Each condition in order, for the bindings that come furthest."""
    ways: list[tuple[int, Env]] = [(TRUE, {})]
    for condition in rule.when:
        step = compile_condition(condition, consultation.rule_base.vocabulary)
        try:
            found = [(truth, env, premise) for _, outer in ways for truth, env, premise in step(outer, consultation.memory)]
        except KeyError:  # a name that an earlier condition did not bind
            yield Judged(condition, None)
            continue
        truth = max((one[0] for one in found), default=FALSE)
        near = tuple(_near(condition, consultation, ways[0][1], found)) if truth < TRUE else ()
        yield Judged(condition, truth, near)
        ways = [(one, env) for one, env, _ in found if one == truth] or ways


def _near(condition: Condition, consultation: Consultation, env: Env, found: list[tuple[int, Env, Premise]]) -> Iterator[str]:
    """For a pattern, what the nearest facts hold in the fields that do not pass; for a count or a sum, its value."""
    if not isinstance(condition, Pattern):
        yield from (written.value(premise.value) for _, _, premise in found[:1] if premise.value is not None)
        return
    held = consultation.memory.by_type.get(condition.type, ())
    misses = [(one.fact, failing_tests(condition, one, consultation, env)) for one in held]
    for fact, failing in sorted(misses, key=lambda one: len(one[1]))[:_NEAREST]:
        shown = [_held(fact, one, consultation) for one in failing]
        if shown:
            yield f"{_owner(fact, consultation)}{', '.join(shown)}"


def _held(fact: Fact, test: FieldTest, consultation: Consultation) -> str:
    said = written.value(read(fact, test.field, consultation.memory))
    return said if test.field == "value" else f"{test.field} {said}"


def _owner(fact: Fact, consultation: Consultation) -> str:
    return f"{fact.key}: " if consultation.rule_base.vocabulary.types[fact.type].plural and not fact.unasked else ""


def failing_tests(pattern: Pattern, held: Held, consultation: Consultation, env: Env) -> list[FieldTest]:
    """The tests of a pattern that a fact does not pass for certain."""
    vocabulary, memory = consultation.rule_base.vocabulary, consultation.memory
    inner = {**env, pattern.bind: held.fact} if pattern.bind else env
    return [one for one in pattern.tests if compile_field_test(one, pattern.type, vocabulary)(held.fact, inner, memory) < TRUE]
