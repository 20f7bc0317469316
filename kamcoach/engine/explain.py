"""Why a fact is held, and what stands between a possible one and a decision. Built on justifications alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from kamcoach.engine.combine import compile_condition, solve
from kamcoach.engine.compile import Matcher, Step, compile_field_test
from kamcoach.engine.memory import TRUE, UNKNOWN, Activation, Consultation, Env, Premise
from kamcoach.model.condition import (
    Aggregate,
    AllOf,
    AnyOf,
    Compare,
    Compute,
    Computed,
    Condition,
    Every,
    FieldTest,
    Known,
    Last,
    No,
    OneOf,
    Operand,
    Pattern,
    Reference,
    Tally,
    Test,
)
from kamcoach.model.fact import Fact, Interval


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
                    yield from self._of_fact(fact, condition, {**env, condition.bind: fact} if condition.bind else env)
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
        env = {**env, pattern.bind: fact} if pattern.bind else env
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
        for operand in operands(one.test):
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


def operands(test: Test) -> Iterator[Operand]:
    """The operands that a test compares with."""
    match test:
        case Compare(operand=operand):
            yield operand
        case OneOf(operands=several):
            yield from several
        case AllOf(tests=tests):
            for one in tests:
                yield from operands(one)
        case Known():
            return
        case _:
            yield from operands(test.test)


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
