"""How many are wanted, and which figure makes a computed value what it should be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final

from kamcoach.engine.memory import TRUE, Env, Memory
from kamcoach.engine.values import compile_operand, compile_test
from kamcoach.model.condition import Compute, Computed, FieldTest, Operand, Reference, Test
from kamcoach.model.fact import Fact, Field, day_after
from kamcoach.model.walk import operands, parts
from kamcoach.whynot.drafts import Edit
from kamcoach.whynot.values import allowed, mentioned

_MOST: Final = 12
_NUMBER: Final = Field("number", "number")


def wanted_count(test: Test | None, now: int, names: Env, memory: Memory) -> int | None:
    """The number nearest to the present one that passes a test; None if none does."""
    if test is None:
        return now
    judge = compile_test(test, _NUMBER, memory.vocabulary)
    numbers = sorted(range(now + _MOST), key=lambda number: abs(number - now))
    return next((number for number in numbers if judge(number, names, memory) == TRUE), None)


def computed(condition: Compute, names: Env, memory: Memory, banned: frozenset[tuple[str, str, str]]) -> tuple[Edit, ...] | None:
    """One figure of the deal changed so that the computed value passes."""
    work = compile_operand(condition.value)
    judge = compile_test(condition.test, _NUMBER, memory.vocabulary) if condition.test is not None else None
    for one in _references(parts(condition.value)):
        fact = names.get(one.name)
        field = memory.vocabulary.types[fact.type].fields.get(one.field) if isinstance(fact, Fact) else None
        if not isinstance(fact, Fact) or field is None or field.derived or (fact.type, fact.key, one.field) in banned:
            continue
        for value in _values(condition, fact, field, names, memory):
            changed = {**names, one.name: Fact(fact.type, {**fact.fields, one.field: value}, fact.key)}
            result = work(changed, memory)
            if allowed(value, field) and result is not None and (judge is None or judge(result, changed, memory) == TRUE):
                return (Edit(fact.type, fact.key, one.field, value, cost=1.5),)
    return None


def fields_compared(one: FieldTest) -> Iterator[tuple[str, str]]:
    """The names and fields with which a test compares."""
    return ((reference.name, reference.field) for reference in _references(operands(one.test)))


def _references(several: Iterable[Operand]) -> Iterator[Reference]:
    return (one for one in several if isinstance(one, Reference) and one.field)


def _values(condition: Compute, fact: Fact, field: Field, names: Env, memory: Memory) -> list[Any]:
    """Values worth trying, the nearest to the present one first."""
    leaves = (one for one in parts(condition.value) if not isinstance(one, Computed))
    others = [value for one in leaves if (value := compile_operand(one)(names, memory)) is not None]
    asked = [value for value in (mentioned(condition.test, names, memory) if condition.test is not None else ()) if value is not None]
    now = fact.fields.get(field.name)
    if field.kind == "date":
        days = [int(value) + extra for value in asked if isinstance(value, (int, float)) for extra in (0, 1, -1)]
        found: list[Any] = [day_after(value, sign * n) for value in others if isinstance(value, date) for n in days for sign in (1, -1)]
        return sorted(found, key=lambda value: abs(value - now) if isinstance(now, date) else timedelta(0))
    numbers = [float(value) for value in (*others, *asked, field.low or 0, field.high or 0, 1) if isinstance(value, (int, float))]
    sums = {round(a + sign * b + step, 4) for a in numbers for b in (*numbers, 0.0) for sign in (1, -1) for step in (0, 1, -1)}
    products = {round(a * b, 4) for a in numbers for b in numbers} | {round(a / b, 4) for a in numbers for b in numbers if b}
    whole = field.kind in ("int", "money")
    tried = {int(value) if value.is_integer() else value for value in sums | products if value.is_integer() or not whole}
    return sorted(tried, key=lambda value: (abs(value - now) if isinstance(now, (int, float)) else 0, value))
