"""What stands inside conditions: every pattern, every test on a field, every value that it is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kamcoach.model.condition import (
    Aggregate,
    AllOf,
    AnyOf,
    Compare,
    Compute,
    Computed,
    Condition,
    Days,
    Every,
    FieldTest,
    Last,
    No,
    Not,
    OneOf,
    Operand,
    Pattern,
    Size,
    Tally,
    Test,
)
from kamcoach.model.rule import Advise, Rule
from kamcoach.source import Location


def flat(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """Conditions and all that stand inside them."""
    for condition in conditions:
        yield condition
        yield from flat(inner(condition))


def inner(condition: Condition) -> tuple[Condition, ...]:
    """The conditions right below a condition."""
    match condition:
        case No(conditions=below) | Tally(conditions=below):
            return below
        case AnyOf(alternatives=groups):
            return tuple(one for group in groups for one in group)
        case Every(pattern=pattern) | Aggregate(pattern=pattern) | Last(pattern=pattern):
            return (pattern,)
        case _:
            return ()


def field_tests(condition: Condition) -> Iterator[tuple[str, FieldTest]]:
    """The tests of a condition itself, each with the fact type of its field."""
    match condition:
        case Pattern(type=name, tests=tests, either=groups):
            yield from ((name, one) for one in (*tests, *(one for group in groups for one in group)))
        case Every(pattern=pattern, satisfies=tests) | Last(pattern=pattern, tests=tests):
            yield from ((pattern.type, one) for one in tests)


def value_test(condition: Condition) -> Test | None:
    """The test on a value that is worked out."""
    return condition.test if isinstance(condition, (Aggregate, Compute, Tally)) else None


def patterns(conditions: Iterable[Condition]) -> Iterator[Pattern]:
    """Every pattern in conditions, however deep."""
    return (one for one in flat(conditions) if isinstance(one, Pattern))


def wanted(test: Test) -> tuple[Operand, ...]:
    """The operands of which one must be met; none if the test asks anything else."""
    if isinstance(test, OneOf):
        return test.operands
    return (test.operand,) if isinstance(test, Compare) and test.how == "equals" else ()


def compared(test: Test | None) -> Iterator[Operand]:
    """What a test compares with, as it is written."""
    match test:
        case Compare(operand=operand):
            yield operand
        case OneOf(operands=several):
            yield from several
        case AllOf(tests=tests):
            for part in tests:
                yield from compared(part)
        case Not(test=below) | Size(test=below) | Days(test=below):
            yield from compared(below)


def operands(test: Test | None) -> Iterator[Operand]:
    """What a test compares with, and what computed values are worked out from."""
    for operand in compared(test):
        yield from parts(operand)


def parts(operand: Operand) -> Iterator[Operand]:
    """An operand and all those from which it is worked out."""
    yield operand
    if isinstance(operand, Computed):
        for one in operand.operands:
            yield from parts(one)


def operands_in(conditions: Iterable[Condition]) -> Iterator[tuple[Operand, Location]]:
    """Everything that conditions compare with or work out, and where."""
    for condition in flat(conditions):
        for _, one in field_tests(condition):
            yield from ((operand, one.at) for operand in operands(one.test))
        yield from ((operand, condition.at) for operand in operands(value_test(condition)))
        if isinstance(condition, Compute):
            yield from ((operand, condition.at) for operand in parts(condition.value))


def operands_out(rule: Rule) -> Iterator[tuple[Operand, Location]]:
    """Everything that a rule concludes or passes on, and where."""
    for effect in rule.then:
        for _, value in effect.extras if isinstance(effect, Advise) else effect.fields:
            yield from ((operand, effect.at) for operand in parts(value))


def operands_of(rule: Rule) -> Iterator[tuple[Operand, Location]]:
    """Everything that a rule compares with, concludes or passes on, and where."""
    yield from operands_in(rule.when)
    yield from operands_out(rule)


def names_of(rule: Rule) -> dict[str, str]:
    """Every name that is bound anywhere in a rule, with its fact type ("" for a plain value)."""
    found = dict(rule.binds)
    for condition in flat(rule.when):
        if isinstance(condition, Pattern) and condition.bind:
            found.setdefault(condition.bind, condition.type)
        elif isinstance(condition, Last) and condition.bind:
            found.setdefault(condition.bind, condition.pattern.type)
    return found
