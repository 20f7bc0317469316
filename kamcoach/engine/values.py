"""From operands and tests to closures over a value.

A compiled test is a function `(value, env, memory)` that gives a truth value; the value None is one that is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from kamcoach.engine.kleene import COMPARE, compute, days_between, equals
from kamcoach.engine.marks import read
from kamcoach.engine.memory import FALSE, TRUE, UNKNOWN, Env, Memory
from kamcoach.model.condition import (
    AllOf,
    Compare,
    Computed,
    Constant,
    Days,
    Known,
    Not,
    OneOf,
    Operand,
    Parameter,
    Size,
    Test,
)
from kamcoach.model.fact import NUMERIC, Fact, Field, Vocabulary

ValueTest = Callable[[Any, Env, Memory], int]
Getter = Callable[[Env, Memory], Any]
SPREAD: Final = NUMERIC | {"date"}
"""Kinds of field whose value may be an interval."""


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
            return every([compile_test(one, field, vocabulary) for one in tests])
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


def every(parts: list[Callable[[Any, Env, Memory], int]]) -> Callable[[Any, Env, Memory], int]:
    """All of these, which all look at the same."""

    def all_of(subject: Any, env: Env, memory: Memory) -> int:
        truth = TRUE
        for part in parts:
            found = part(subject, env, memory)
            if found < truth:
                if not found:
                    return FALSE
                truth = found
        return truth

    return parts[0] if len(parts) == 1 else all_of


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
    if isinstance(test.operand, Constant):
        constant = test.operand.value
        if test.how == "equals" and field.kind not in SPREAD:
            return lambda value, env, memory: UNKNOWN if value is None else TRUE if value == constant else FALSE
        return lambda value, env, memory: UNKNOWN if value is None else compare(value, constant)

    def compared(value: Any, env: Env, memory: Memory) -> int:
        other = operand(env, memory)
        return UNKNOWN if value is None or other is None else compare(value, other)

    return compared


def _compile_one_of(test: OneOf, field: Field) -> ValueTest:
    constants = frozenset(one.value for one in test.operands if isinstance(one, Constant))
    if len(constants) == len(test.operands) and field.kind not in SPREAD:
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
