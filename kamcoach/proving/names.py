"""Which names a condition binds and uses, and which fields it looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kamcoach.model.condition import (
    Aggregate,
    AnyOf,
    Compute,
    Computed,
    Condition,
    Every,
    FieldTest,
    Last,
    No,
    Operand,
    Pattern,
    Reference,
    Tally,
)
from kamcoach.model.rule import Advise, Conclude, Mark, Rule
from kamcoach.proving.domain import operands


def bound_by(condition: Condition) -> frozenset[str]:
    """The names that hold after this condition; those bound inside it stay inside."""
    bind = "" if isinstance(condition, (No, Every, AnyOf)) else condition.bind
    return frozenset([bind]) if bind else frozenset()


def used_by(condition: Condition) -> frozenset[str]:
    """The names a condition speaks of, whoever binds them."""
    return frozenset(one.name for found in _operands(condition) for one in _references(found))


def used_by_effects(rule: Rule) -> frozenset[str]:
    names: set[str] = set()
    for effect in rule.then:
        match effect:
            case Advise(about=about, extras=pairs):
                names.update(about)
            case Mark(name=name, fields=pairs):
                names.add(name)
            case Conclude(fields=pairs):
                pass
        names.update(one.name for _, found in pairs for one in _references(found))
    return frozenset(names)


def _references(operand: Operand) -> Iterator[Reference]:
    if isinstance(operand, Reference):
        yield operand
    for one in operand.operands if isinstance(operand, Computed) else ():
        yield from _references(one)


def _operands(condition: Condition) -> Iterator[Operand]:
    for one in patterns_of(condition):
        for test in (*one.tests, *(test for group in one.either for test in group)):
            yield from operands(test.test)
    for node in opened(condition):
        match node:
            case Every(satisfies=tests) | Last(tests=tests):
                yield from (operand for one in tests for operand in operands(one.test))
            case Aggregate(test=wanted) | Tally(test=wanted) if wanted is not None:
                yield from operands(wanted)
            case Compute(value=value, test=wanted):
                yield value
                yield from operands(wanted) if wanted is not None else ()
            case _:
                pass


def opened(condition: Condition) -> Iterator[Condition]:
    """A condition and all those inside it."""
    yield condition
    match condition:
        case No(conditions=inner) | Tally(conditions=inner):
            pass
        case AnyOf(alternatives=alternatives):
            inner = tuple(one for group in alternatives for one in group)
        case _:
            inner = ()
    for one in inner:
        yield from opened(one)


def patterns_of(condition: Condition) -> Iterator[Pattern]:
    """Every pattern in a condition."""
    for one in opened(condition):
        if isinstance(one, Pattern):
            yield one
        elif isinstance(one, (Every, Aggregate, Last)):
            yield one.pattern


def looked_at(conditions: Iterable[Condition]) -> tuple[tuple[str, str], ...]:
    """Fact types and fields that the conditions look at, each once; a field "" for a fact that need only be there."""
    found: dict[tuple[str, str], None] = {}
    for condition in conditions:
        for node in opened(condition):
            found.update(dict.fromkeys(_fields(node)))
    return tuple(found)


def _fields(node: Condition) -> Iterator[tuple[str, str]]:
    match node:
        case Pattern():
            yield from _of_pattern(node)
        case Every(pattern=pattern, satisfies=tests) | Last(pattern=pattern, tests=tests):
            yield from _of_pattern(pattern, tests)
        case Aggregate(pattern=pattern, field=name):
            yield from _of_pattern(pattern)
            if name:
                yield pattern.type, name
        case _:
            return


def _of_pattern(pattern: Pattern, more: tuple[FieldTest, ...] = ()) -> Iterator[tuple[str, str]]:
    tests = (*pattern.tests, *more, *(test for group in pattern.either for test in group))
    yield from ((pattern.type, one.field) for one in tests)
    yield pattern.type, ""
