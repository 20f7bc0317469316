"""What stands between a possible conclusion and a decision. Built on justifications alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from kamcoach.engine.combine import compile_condition, solve
from kamcoach.engine.compile import Matcher, Step, compile_field_test
from kamcoach.engine.memory import UNKNOWN, Activation, Consultation, Env
from kamcoach.model.condition import (
    Aggregate,
    AnyOf,
    Compute,
    Computed,
    Condition,
    Every,
    FieldTest,
    Known,
    Last,
    No,
    Operand,
    Pattern,
    Reference,
    Tally,
)
from kamcoach.model.fact import Fact, Interval
from kamcoach.model.walk import compared


class Undetermined(NamedTuple):
    """A field of a given fact that is not recorded; without a field, a list that was never asked for."""

    fact: Fact
    field: str = ""


class Explainer:
    """Answers questions about one consultation; remembers what it has worked out."""

    def __init__(self, consultation: Consultation) -> None:
        self.consultation = consultation
        self.memory = consultation.memory
        self.vocabulary = consultation.rule_base.vocabulary
        self._steps: dict[int, Step] = {}
        self._known: dict[object, frozenset[Undetermined]] = {}

    def undetermined(self, activation: Activation) -> frozenset[Undetermined]:
        """The unknown fields that stand between a possible firing and a decision."""
        found: set[Undetermined] = set()
        for premise in activation.premises:
            if premise.truth == UNKNOWN:
                found.update(self._of_condition(premise.condition, activation.names, premise.facts))
        return frozenset(found)

    def _of_support(self, concluded: Any) -> frozenset[Undetermined]:
        """The same for a fact or mark that is held as possible."""
        if concluded not in self._known:
            self._known[concluded] = frozenset()  # a circle adds nothing of its own
            found = [self.undetermined(a) for a in self.consultation.support(concluded) if a.truth == UNKNOWN]
            self._known[concluded] = frozenset().union(*found)
        return self._known[concluded]

    def _of_width(self, fact: Fact) -> Iterator[Undetermined]:
        """The unknowns that make the value of a derived fact an interval."""
        for activation in self.consultation.support(fact.id):
            for premise in activation.premises:
                if isinstance(premise.value, Interval):
                    yield from self._of_condition(premise.condition, activation.names, premise.facts)

    def _of_condition(self, condition: Condition, env: Env, facts: tuple[Fact, ...] = ()) -> Iterator[Undetermined]:
        match condition:
            case Pattern():
                for fact in facts:
                    yield from self._of_fact(fact, condition, env)
            case No(conditions=inner):
                yield from self._of_joint(inner, env)
            case AnyOf(alternatives=alternatives):
                for group in alternatives:
                    yield from self._of_joint(group, env)
            case Tally(conditions=inner):
                for one in inner:
                    yield from self._of_joint((one,), env)
            case Every(pattern=pattern, satisfies=tests):
                for fact in facts:
                    yield from self._of_fact(fact, pattern, env, tests)
            case Aggregate():
                yield from self._of_aggregate(condition, env, facts)
            case Last(pattern=pattern, by=by, tests=tests):
                for fact in facts:
                    yield from self._of_fact(fact, pattern, env, (*tests, FieldTest(by, Known(wanted=True))))
            case Compute(value=value):
                yield from self._of_operand(value, env)

    def _of_joint(self, conditions: tuple[Condition, ...], env: Env) -> Iterator[Undetermined]:
        """The unknowns in every joint match that is neither true nor false."""
        steps = [self._step(one) for one in conditions]
        for truth, inner, premises in solve(steps, env, self.memory):
            if truth == UNKNOWN:
                for premise in premises:
                    if premise.truth == UNKNOWN:
                        yield from self._of_condition(premise.condition, inner, premise.facts)

    def _step(self, condition: Condition) -> Step:
        if id(condition) not in self._steps:
            self._steps[id(condition)] = compile_condition(condition, self.vocabulary)
        return self._steps[id(condition)]

    def _of_aggregate(self, condition: Aggregate, env: Env, facts: tuple[Fact, ...]) -> Iterator[Undetermined]:
        pattern = condition.pattern
        extra = (FieldTest(condition.field, Known(wanted=True)),) if condition.field else ()
        matcher = Matcher(pattern, self.vocabulary)
        for fact in facts:
            held = self.memory.index[fact.id]
            inner = matcher.bound(held, env)
            truth = matcher.truth(held, inner, self.memory)
            if truth == UNKNOWN or (extra and condition.field not in fact.fields):
                yield from self._of_fact(fact, pattern, inner, extra)

    def _of_fact(self, fact: Fact, pattern: Pattern, env: Env, extra: tuple[FieldTest, ...] = ()) -> Iterator[Undetermined]:
        if fact.unasked:
            yield Undetermined(fact)
            return
        if self.consultation.truth(fact) == UNKNOWN:
            yield from self._of_support(fact.id)
        elif any(isinstance(value, Interval) for value in fact.fields.values()):
            yield from self._of_width(fact)
        if pattern.bind:
            is_value = self.vocabulary.types[pattern.type].shape == "value"
            env = {**env, pattern.bind: fact.fields.get("value") if is_value else fact}
        for one in (*pattern.tests, *extra, *(test for group in pattern.either for test in group)):
            yield from self._of_field(fact, one, env)

    def _of_field(self, fact: Fact, one: FieldTest, env: Env) -> Iterator[Undetermined]:
        declared = self.vocabulary.types[fact.type]
        field = declared.fields[one.field]
        if isinstance(one.test, Known):
            if declared.given and not field.derived and one.field not in fact.fields:
                yield Undetermined(fact, one.field)
            return
        if compile_field_test(one, fact.type, self.vocabulary)(fact, env, self.memory) != UNKNOWN:
            return
        if declared.given and field.derived:
            for value, truth in self.memory.marks.get((fact.id, one.field), {}).items():
                if truth == UNKNOWN:
                    yield from self._of_support((fact.id, one.field, value))
        elif declared.given and one.field not in fact.fields:
            yield Undetermined(fact, one.field)
        for operand in compared(one.test):
            yield from self._of_operand(operand, env)

    def _of_operand(self, operand: Operand, env: Env) -> Iterator[Undetermined]:
        if isinstance(operand, Computed):
            for one in operand.operands:
                yield from self._of_operand(one, env)
        elif isinstance(operand, Reference):
            fact = env.get(operand.name)
            if isinstance(fact, Fact) and fact.unasked:
                yield Undetermined(fact)
            elif isinstance(fact, Fact) and operand.field and operand.field not in fact.fields:
                declared = self.vocabulary.types[fact.type]
                if declared.given and not declared.fields[operand.field].derived:
                    yield Undetermined(fact, operand.field)
