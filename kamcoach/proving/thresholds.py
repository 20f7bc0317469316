"""Whether scenarios stand just below, at and just above each threshold: that is where a rule is wrong without anybody noticing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, Literal, NamedTuple

from kamcoach.engine.kleene import days_between
from kamcoach.model.condition import AllOf, Compare, Compute, Days, FieldTest, Not, Parameter, Size, Tally, Test
from kamcoach.model.fact import Field, Interval, Value
from kamcoach.proving.change import Setting
from kamcoach.proving.domain import COUNT, DAYS, NUMBER, beside, constant, step
from kamcoach.proving.leaves import Leaf
from kamcoach.proving.tests import ORDERING

Side = Literal["below", "at", "above"]
SIDES: Final[tuple[Side, ...]] = ("below", "at", "above")
_NEAR: Final = 0.1
"""Of a figure without natural steps, such as money, a tenth more or less is still just beside it."""


class Threshold(NamedTuple):
    """A value that a field is compared with, by size, and how that value is reached from the field."""

    value: Value
    field: Field
    measure: Literal["", "ago", "ahead", "size"] = ""
    name: str = ""
    """The parameter that sets it."""


def thresholds(leaf: Leaf, setting: Setting) -> Iterator[Threshold]:
    """The thresholds of a leaf, from left to right."""
    if isinstance(leaf.node, FieldTest):
        yield from _of_test(leaf.node.test, setting.vocabulary.types[leaf.type].fields[leaf.node.field], setting)
        return
    test = getattr(leaf.node, "test", None)
    if test is not None:
        field = NUMBER if isinstance(leaf.node, Compute) else COUNT
        counted = isinstance(leaf.node, (Compute, Tally)) or leaf.node.how not in ("min", "max", "sum")  # type: ignore[union-attr]
        yield from _of_test(test, field if counted else NUMBER, setting)


def _of_test(test: Test, field: Field, setting: Setting) -> Iterator[Threshold]:
    match test:
        case Compare(how=how, operand=operand) if how in ORDERING:
            value = constant(operand, setting)
            if value is not None:
                yield Threshold(value, field, "", operand.name if isinstance(operand, Parameter) else "")
        case Not(test=inner):
            yield from _of_test(inner, field, setting)
        case AllOf(tests=tests):
            yield from (one for inner in tests for one in _of_test(inner, field, setting))
        case Days(direction=direction, test=inner):
            yield from (one._replace(measure=direction) for one in _of_test(inner, DAYS, setting))
        case Size(test=inner):
            yield from (one._replace(measure="size") for one in _of_test(inner, COUNT, setting))


def sides(one: Threshold, setting: Setting) -> dict[Side, Value]:
    """The values that lie just below, at and just above it; without those that the field cannot have."""
    found: dict[Side, Value] = {}
    for side, by in zip(SIDES, (-1, 0, 1), strict=True):
        value = beside(one.field, one.value, by, setting) if by else one.value
        if value is not None and _allowed(value, one.field):
            found[side] = value
    return found


def _allowed(value: Value, field: Field) -> bool:
    if not isinstance(value, (int, float)):
        return True
    return (field.low is None or value >= field.low) and (field.high is None or value <= field.high)


def side_of(one: Threshold, value: Any, as_of: date, setting: Setting) -> Side | None:
    """On which side of the threshold, and just there, a value of the field lies."""
    measured = _measured(one, value, as_of)
    if measured is None or isinstance(measured, Interval):
        return None
    if isinstance(measured, str):
        return next((side for side, named in sides(one, setting).items() if named == measured), None)
    threshold: Any = one.value
    days = isinstance(measured, date)
    distance = (measured - threshold).days if days else measured - threshold
    if distance == 0:
        return "at"
    least = 1 if days else step(one.field, threshold)
    tolerated = least if days or one.field.kind == "int" else max(least, abs(threshold) * _NEAR)
    if abs(distance) > tolerated + 1e-9:
        return None
    return "above" if distance > 0 else "below"


def _measured(one: Threshold, value: Any, as_of: date) -> Any:
    if value is None:
        return None
    if one.measure == "size":
        return len(value)
    if one.measure:
        return days_between(value, as_of) if one.measure == "ago" else days_between(as_of, value)
    return value
