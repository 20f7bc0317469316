"""Which names a condition binds and uses, and which fields it looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kamcoach.model.condition import (
    Aggregate,
    AnyOf,
    Condition,
    Every,
    FieldTest,
    Last,
    No,
    Pattern,
    Reference,
)
from kamcoach.model.rule import Advise, Mark, Rule
from kamcoach.model.walk import flat, operands_in, operands_out


def bound_by(condition: Condition) -> frozenset[str]:
    """The names that hold after this condition; those bound inside it stay inside."""
    bind = "" if isinstance(condition, (No, Every, AnyOf)) else condition.bind
    return frozenset([bind]) if bind else frozenset()


def used_by(condition: Condition) -> frozenset[str]:
    """The names a condition speaks of, whoever binds them."""
    return frozenset(one.name for one, _ in operands_in((condition,)) if isinstance(one, Reference))


def used_by_effects(rule: Rule) -> frozenset[str]:
    names = {one.name for one, _ in operands_out(rule) if isinstance(one, Reference)}
    for effect in rule.then:
        if isinstance(effect, Advise):
            names.update(effect.about)
        elif isinstance(effect, Mark):
            names.add(effect.name)
    return frozenset(names)


def looked_at(conditions: Iterable[Condition]) -> tuple[tuple[str, str], ...]:
    """Fact types and fields that the conditions look at, each once; a field "" for a fact that need only be there."""
    found: dict[tuple[str, str], None] = {}
    for node in flat(conditions):
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
