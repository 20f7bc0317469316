"""From conditions to closures, once per rule base.

A compiled condition is a function `(env, memory)` that yields `(truth, env, premise)` for each way in which it is not false.
A condition that binds no name yields at most once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from kamcoach.engine.budget import WAY
from kamcoach.engine.kleene import COMPARE, compute, days_between, equals
from kamcoach.engine.marks import read
from kamcoach.engine.memory import FALSE, TRUE, UNKNOWN, Env, Held, Memory, Premise
from kamcoach.model.condition import (
    AllOf,
    Compare,
    Computed,
    Constant,
    Days,
    FieldTest,
    Known,
    Not,
    OneOf,
    Operand,
    Parameter,
    Pattern,
    Size,
    Test,
)
from kamcoach.model.fact import NUMERIC, Fact, Field, Vocabulary

Step = Callable[[Env, Memory], Sequence[tuple[int, Env, Premise]]]
ValueTest = Callable[[Any, Env, Memory], int]
FactTest = Callable[[Fact, Env, Memory], int]
Getter = Callable[[Env, Memory], Any]
_SPREAD: Final = NUMERIC | {"date"}  # kinds of field whose value may be an interval


def compile_operand(operand: Operand) -> Getter:
    """A function that gives the operand's value, or None if it is unknown."""
    if isinstance(operand, Constant):
        value = operand.value
        return lambda env, memory: value
    if isinstance(operand, Parameter):
        name = operand.name
        return lambda env, memory: memory.params[name]
    if isinstance(operand, Computed):
        how, parts = operand.how, [compile_operand(part) for part in operand.operands]
        return lambda env, memory: compute(how, [part(env, memory) for part in parts])
    name, field = operand.name, operand.field
    return lambda env, memory: deref(env[name], field, memory)


def deref(bound: Any, field: str, memory: Memory) -> Any:
    """The value of `$name` or `$name.field`; None if unknown."""
    if not isinstance(bound, Fact):
        return bound
    if not field:
        return None if bound.unasked else bound.key
    return read(bound, field, memory)


def compile_test(test: Test, field: Field, vocabulary: Vocabulary) -> ValueTest:
    """A function of a field's value (None: unknown)."""
    match test:
        case Known(wanted=wanted):
            return lambda value, env, memory: TRUE if (value is not None) == wanted else FALSE
        case Not(test=inner):
            negated = compile_test(inner, field, vocabulary)
            return lambda value, env, memory: 2 - negated(value, env, memory)
        case AllOf(tests=tests):
            parts = [compile_test(one, field, vocabulary) for one in tests]
            return lambda value, env, memory: min(part(value, env, memory) for part in parts)
        case Size(test=inner):
            sized = compile_test(inner, Field("size", "int"), vocabulary)
            return lambda value, env, memory: sized(None if value is None else len(value), env, memory)
        case Days(direction=direction, test=inner):
            aged = compile_test(inner, Field("days", "int"), vocabulary)
            if direction == "ago":
                return lambda value, env, memory: aged(None if value is None else days_between(value, memory.as_of), env, memory)
            return lambda value, env, memory: aged(None if value is None else days_between(memory.as_of, value), env, memory)
        case OneOf():
            return _compile_one_of(test, field)
    return _compile_compare(test, field, vocabulary)


def _compile_compare(test: Compare, field: Field, vocabulary: Vocabulary) -> ValueTest:
    if test.how == "has":
        return _compile_one_of(OneOf((test.operand,), of_set=True), field)
    operand = compile_operand(test.operand)
    compare = COMPARE[test.how]
    if field.kind == "enum" and test.how != "equals":
        rank = vocabulary.enums[field.of].rank

        def ranked(value: Any, env: Env, memory: Memory) -> int:
            other = operand(env, memory)
            return UNKNOWN if value is None or other is None else compare(rank[value], rank[other])

        return ranked
    if isinstance(test.operand, Constant) and test.how == "equals":
        constant = test.operand.value
        if field.kind in _SPREAD:
            return lambda value, env, memory: UNKNOWN if value is None else equals(value, constant)
        return lambda value, env, memory: UNKNOWN if value is None else TRUE if value == constant else FALSE

    def compared(value: Any, env: Env, memory: Memory) -> int:
        other = operand(env, memory)
        return UNKNOWN if value is None or other is None else compare(value, other)

    return compared


def _compile_one_of(test: OneOf, field: Field) -> ValueTest:
    constants = frozenset(one.value for one in test.operands if isinstance(one, Constant))
    if len(constants) == len(test.operands) and field.kind not in _SPREAD:
        if test.of_set:
            return lambda value, env, memory: UNKNOWN if value is None else FALSE if constants.isdisjoint(value) else TRUE
        return lambda value, env, memory: UNKNOWN if value is None else TRUE if value in constants else FALSE
    operands = [compile_operand(one) for one in test.operands]
    of_set = test.of_set

    def listed(value: Any, env: Env, memory: Memory) -> int:
        if value is None:
            return UNKNOWN
        best = FALSE
        for operand in operands:
            other = operand(env, memory)
            if other is None:
                best = max(best, UNKNOWN if not of_set or value else FALSE)
            elif of_set:
                best = TRUE if other in value else best
            else:
                best = max(best, equals(value, other))
        return best

    return listed


def compile_field_test(one: FieldTest, fact_type: str, vocabulary: Vocabulary) -> FactTest:
    """A function of a fact; derived fields of given facts are looked up among the marks."""
    declared = vocabulary.types[fact_type]
    field, name = declared.fields[one.field], one.field
    if not (field.derived and declared.given):
        return _compile_given(one.test, field, vocabulary)
    if field.kind == "flag":
        return _compile_flag(one.test, name, vocabulary)
    if isinstance(one.test, Known):
        wanted = one.test.wanted
        return lambda fact, env, memory: TRUE if (TRUE in memory.marks.get((fact.id, name), {}).values()) == wanted else FALSE
    mark_test = compile_test(one.test, field, vocabulary)

    def marked(fact: Fact, env: Env, memory: Memory) -> int:
        """One of the marked values must pass; of what is only possible, nothing is recorded."""
        best = FALSE
        for value, truth in memory.marks.get((fact.id, name), {}).items():
            passes = mark_test(value, env, memory)
            best = max(best, passes if truth == TRUE else min(passes, mark_test(None, env, memory)))
        return best

    return marked


def _compile_given(test: Test, field: Field, vocabulary: Vocabulary) -> FactTest:
    """A test on a field that the fact itself holds; the commonest form is spelt out, since it is run most."""
    name = field.name
    if isinstance(test, Compare) and test.how == "equals" and isinstance(test.operand, Constant) and field.kind not in _SPREAD:
        constant = test.operand.value

        def equal(fact: Fact, env: Env, memory: Memory) -> int:  # noqa: ARG001
            value = fact.fields.get(name)
            return UNKNOWN if value is None else TRUE if value == constant else FALSE

        return equal
    value_test = compile_test(test, field, vocabulary)
    return lambda fact, env, memory: value_test(fact.fields.get(name), env, memory)


def _compile_flag(test: Test, name: str, vocabulary: Vocabulary) -> FactTest:
    if test == Compare("equals", Constant(value=True)):
        return lambda fact, env, memory: memory.flag(fact, name)
    on_flag = compile_test(test, Field(name, "flag"), vocabulary)
    return lambda fact, env, memory: on_flag((False, None, True)[memory.flag(fact, name)], env, memory)


class Matcher:
    """A compiled pattern: which facts of its type pass, and how truly."""

    def __init__(self, pattern: Pattern, vocabulary: Vocabulary, extra: tuple[FieldTest, ...] = ()) -> None:
        self.pattern = pattern
        self.type = pattern.type
        self.bind = pattern.bind
        self.is_value = vocabulary.types[pattern.type].shape == "value"
        self.tests = [compile_field_test(one, pattern.type, vocabulary) for one in (*pattern.tests, *extra)]
        self.either = [[compile_field_test(one, pattern.type, vocabulary) for one in group] for group in pattern.either]

    def __call__(self, env: Env, memory: Memory) -> list[tuple[int, Env, Fact]]:
        """Truth, environment and fact for each fact that does not fail."""
        found = []
        listed = memory.by_type.get(self.type, ())
        memory.budget.spend(len(listed))
        for held in listed:
            inner = self.bound(held, env) if self.bind else env
            truth = self.truth(held, inner, memory)
            if truth:
                found.append((truth, inner, held.fact))
        memory.budget.spend(WAY * len(found))
        return found

    def bound(self, held: Held, env: Env) -> Env:
        """The environment in which the pattern's own name stands for this fact."""
        return {**env, self.bind: held.fact.fields.get("value") if self.is_value else held.fact} if self.bind else env

    def truth(self, held: Held, env: Env, memory: Memory) -> int:
        fact, truth = held.fact, held.truth
        for test in self.tests:
            found = test(fact, env, memory)
            if found < truth:
                if not found:
                    return FALSE
                truth = found
        if self.either:
            return min(truth, max(min((test(fact, env, memory) for test in group), default=TRUE) for group in self.either))
        return truth


def compile_pattern(pattern: Pattern, vocabulary: Vocabulary) -> Step:
    """Once for each fact if the pattern binds a name; else once for all that match best."""
    matcher = Matcher(pattern, vocabulary)
    fact_type, judge = pattern.type, matcher.truth

    def each(env: Env, memory: Memory) -> Sequence[tuple[int, Env, Premise]]:
        return [(truth, inner, Premise(pattern, (fact,), truth)) for truth, inner, fact in matcher(env, memory)]

    def whether(env: Env, memory: Memory) -> Sequence[tuple[int, Env, Premise]]:
        best = FALSE
        facts: list[Fact] = []
        listed = memory.by_type.get(fact_type, ())
        memory.budget.spend(len(listed))
        for held in listed:
            truth = judge(held, env, memory)
            if truth > best:
                best, facts = truth, [held.fact]
            elif truth and truth == best:
                facts.append(held.fact)
        return ((best, env, Premise(pattern, tuple(facts), best)),) if best else ()

    def alone(env: Env, memory: Memory) -> Sequence[tuple[int, Env, Premise]]:
        listed = memory.by_type.get(fact_type)
        truth = judge(listed[0], env, memory) if listed else FALSE
        return ((truth, env, Premise(pattern, (listed[0].fact,), truth)),) if listed and truth else ()

    if pattern.bind:
        return each
    return alone if vocabulary.types[fact_type].shape in ("single", "flag") else whether
