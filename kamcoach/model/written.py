"""Tests and conditions as they are written in a rule file, on one line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import assert_never

from kamcoach.model.condition import (
    Aggregate,
    AllOf,
    AnyOf,
    Compare,
    Compute,
    Computed,
    Condition,
    Constant,
    Days,
    Every,
    FieldTest,
    Known,
    Last,
    No,
    Not,
    OneOf,
    Operand,
    Parameter,
    Pattern,
    Reference,
    Size,
    Tally,
    Test,
)
from kamcoach.model.fact import Interval, Value


def value(found: Value | None) -> str:
    """A value as a deal file holds it; nothing for an unknown one."""
    if found is None:
        return "unknown"
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, date):
        return found.isoformat()
    if isinstance(found, tuple):
        return f"[{', '.join(found)}]"
    if isinstance(found, Interval):
        return f"{found.low:g} to {found.high:g}"
    return f"{found:g}" if isinstance(found, float) else str(found)


def operand(found: Operand) -> str:
    match found:
        case Constant(value=constant):
            return value(constant)
        case Reference(name=name, field=field):
            return f"${name}.{field}" if field else f"${name}"
        case Parameter(name=name):
            return f"$params.{name}"
        case Computed(how=how, operands=parts):
            return f"{{{how}: [{', '.join(map(operand, parts))}]}}"


def test(found: Test) -> str:
    """`4`, `{at_least: 4}`, `{days_ago: {above: 30}}`."""
    match found:
        case Compare(how="equals", operand=one):
            return operand(one)
        case OneOf(operands=several, of_set=False):
            return f"[{', '.join(map(operand, several))}]"
        case Known(wanted=wanted):
            return "known" if wanted else "unknown"
        case AllOf(tests=(Known(wanted=True), inner)):
            return f"{{recorded: {test(inner)}}}"
        case AllOf(tests=tests):
            return f"{{{', '.join(test(one).removeprefix('{').removesuffix('}') for one in tests)}}}"
        case _:
            return f"{{{_operator(found)}}}"


def _operator(found: Compare | OneOf | Not | Size | Days) -> str:
    match found:
        case Compare(how=how, operand=one):
            return f"{how}: {operand(one)}"
        case OneOf(operands=several):
            return f"has_any: [{', '.join(map(operand, several))}]"
        case Not(test=inner):
            return f"not: {test(inner)}"
        case Size(test=inner):
            return f"size: {test(inner)}"
        case Days(direction=direction, test=inner):
            return f"days_{direction}: {test(inner)}"
        case _:
            assert_never(found)


def field_test(found: FieldTest) -> str:
    return f"{found.field}: {test(found.test)}"


def of_field(fact_type: str, found: FieldTest) -> str:
    """A field test by itself; that of a one-value type is written with the name of the type."""
    return f"{fact_type if found.field == 'value' else found.field}: {test(found.test)}"


def tests(found: Iterable[FieldTest]) -> str:
    return f"{{{', '.join(map(field_test, found))}}}"


def pattern(found: Pattern) -> str:
    """`person: {power: {at_least: 4}}`, `phase: trial`, `late`."""
    if len(found.tests) == 1 and found.tests[0].field == "value":
        return f"{found.type}: {test(found.tests[0].test)}"
    if not found.tests and not found.either:
        return found.type
    either = f"either: [{', '.join(map(tests, found.either))}]" if found.either else ""
    return f"{found.type}: {{{', '.join([*map(field_test, found.tests), *([either] if either else [])])}}}"


def condition(found: Condition) -> str:
    match found:
        case Pattern():
            return pattern(found)
        case No(how=how, conditions=inner):
            return f"{how}: {_several(inner)}"
        case Every(pattern=about, satisfies=wanted):
            return f"every: {{{pattern(about)}}}, satisfies: {tests(wanted)}"
        case AnyOf(alternatives=alternatives):
            return f"any: [{', '.join(map(_several, alternatives))}]"
        case Aggregate(how=how, pattern=about, field=field):
            by = f", {'by' if how == 'in_a_row' else 'of'}: {field}" if field else ""
            return f"{how}: {_braced(pattern(about))}{by}{_is(found.test)}"
        case Last(pattern=about, by=by):
            return f"last: {_braced(pattern(about))}, by: {by}" + (f", is: {tests(found.tests)}" if found.tests else "")
        case Compute(value=computed):
            return f"compute: {operand(computed)}{_is(found.test)}"
        case Tally(conditions=inner):
            return f"tally: [{', '.join(condition(one) for one in inner)}]{_is(found.test)}"


def _is(found: Test | None) -> str:
    return f", is: {test(found)}" if found is not None else ""


def _several(conditions: tuple[Condition, ...]) -> str:
    if len(conditions) == 1:
        return _braced(condition(conditions[0]))
    return f"[{', '.join(condition(one) for one in conditions)}]"


def _braced(text: str) -> str:
    return f"{{{text}}}" if ":" in text else text
