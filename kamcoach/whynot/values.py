"""A value that passes a test, or that fails it: the nearest to what is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from kamcoach.engine.memory import FALSE, TRUE, Env, Memory
from kamcoach.engine.values import compile_operand, compile_test
from kamcoach.model.condition import AllOf, Compare, Constant, Days, Known, Not, OneOf, Reference, Size, Test
from kamcoach.model.fact import NUMERIC, Fact, Field, Interval, Value, Vocabulary, day_after
from kamcoach.whynot.drafts import FILL_IN

NOTHING: Final = object()
"""No value helps."""


def value_for(test: Test, field: Field, fact: Fact, names: Env, memory: Memory, *, passes: bool = True) -> Any:
    """The nearest value of the field that passes the test (or fails it); None if the field must be left out, NOTHING if none does."""
    judge = compile_test(test, field, memory.vocabulary)
    wanted = TRUE if passes else FALSE
    for value in _candidates(test, field, fact, names, memory):
        if (value is None or allowed(value, field)) and judge(value, names, memory) == wanted:
            return value
    return NOTHING


def settled(test: Any, names: Env, memory: Memory) -> Any:
    """A test with the values of what it compares with, where they are known."""
    if isinstance(test, Reference):
        value = compile_operand(test)(names, memory)
        return test if value is None else Constant(value)
    if isinstance(test, tuple) and not isinstance(test, Constant):
        parts = [settled(part, names, memory) for part in test]
        return type(test)._make(parts) if hasattr(test, "_make") else tuple(parts)
    return test


def allowed(value: Value, field: Field) -> bool:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return (field.low is None or value >= field.low) and (field.high is None or value <= field.high)
    return True


def _candidates(test: Test, field: Field, fact: Fact, names: Env, memory: Memory) -> Iterator[Value | None]:
    """Values worth trying, the likeliest first."""
    now = fact.fields.get(field.name)
    said = [value for value in mentioned(test, names, memory) if not isinstance(value, Interval)]
    if field.kind in NUMERIC:
        yield from sorted(_numbers(said, field), key=lambda value: abs(value - now) if isinstance(now, (int, float)) else 0)
    elif field.kind == "date":
        yield from _dates(test, said, memory)
    elif field.kind in ("bool", "flag"):
        yield from (True, False)
    elif field.kind == "enum":
        yield from _enum_values(said, field, now, memory.vocabulary)
    elif field.kind == "set":
        yield from _sets(said, field, now, memory)
    elif field.kind == "ref":
        yield from said
        yield from (held.fact.key for held in memory.by_type.get(field.to, ()) if not held.fact.unasked)
    else:
        yield from (value for value in said if isinstance(value, str))
        yield FILL_IN
    yield None


def _numbers(said: list[Any], field: Field) -> Iterator[float]:
    step = 1 if field.kind in ("int", "money", "percent") else 0.01 if field.kind == "ratio" else 0.1
    numbers = [value for value in said if isinstance(value, (int, float)) and not isinstance(value, bool)]
    for value in numbers or [field.low if field.low is not None else 1]:
        yield from (value, round(value + step, 2), round(value - step, 2))


def _dates(test: Test, said: list[Any], memory: Memory) -> Iterator[date]:
    """Dates around those that are said, and so many days before or after today as the test counts."""
    ahead = 1 if _counts_ahead(test) else -1
    days = sorted({value + extra for value in said if isinstance(value, (int, float)) for extra in (0, 1, -1)}, key=abs)
    yield from (day_after(memory.as_of, ahead * int(count)) for count in days)
    yield from (day_after(value, extra) for value in said if isinstance(value, date) for extra in (0, 1, -1))
    yield memory.as_of


def _counts_ahead(test: Test) -> bool:
    match test:
        case Days(direction=direction):
            return direction == "ahead"
        case AllOf(tests=tests):
            return any(_counts_ahead(one) for one in tests)
        case Not(test=inner):
            return _counts_ahead(inner)
    return False


def _enum_values(said: list[Any], field: Field, now: Value | None, vocabulary: Vocabulary) -> Iterator[str]:
    """Those that are said, then those that lie nearest to the present one."""
    names = list(vocabulary.enums[field.of].values)
    yield from (value for value in said if value in names)
    at = names.index(str(now)) if now in names else 0
    yield from sorted(names, key=lambda name: abs(names.index(name) - at))


def _sets(said: list[Any], field: Field, now: Value | None, memory: Memory) -> Iterator[tuple[str, ...]]:
    have = now if isinstance(now, tuple) else ()
    names = [str(value) for value in said if isinstance(value, str)]
    known = list(memory.vocabulary.enums[field.of].values) if field.of else []
    known += [held.fact.key for held in memory.by_type.get(field.to, ()) if not held.fact.unasked] if field.to else []
    yield from (_sorted({*have, name}) for name in names)
    yield _sorted(set(have) - set(names))
    grown: set[str] = set(have)
    for name in known or [FILL_IN, f"{FILL_IN} 2", f"{FILL_IN} 3"]:
        grown.add(name)
        yield _sorted(grown)
    yield ()


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names))


def mentioned(test: Test, names: Env, memory: Memory) -> Iterator[Any]:
    """The values that a test compares with."""
    match test:
        case Compare(operand=operand):
            value = compile_operand(operand)(names, memory)
            yield from () if value is None else (value,)
        case OneOf(operands=operands):
            yield from (value for one in operands if (value := compile_operand(one)(names, memory)) is not None)
        case AllOf(tests=tests):
            for one in tests:
                yield from mentioned(one, names, memory)
        case Not(test=inner) | Days(test=inner) | Size(test=inner):
            yield from mentioned(inner, names, memory)
        case Known():
            return
