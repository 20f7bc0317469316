"""Comparisons that may come out unknown, over plain values and intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from math import fsum, inf, isnan
from sys import float_info
from typing import Any, Final

from kamcoach.engine.memory import FALSE, TRUE, UNKNOWN
from kamcoach.model.fact import Interval, Value

LARGEST: Final = float_info.max
LONGEST: Final = 2**63


def bounds(value: Any) -> tuple[Any, Any]:
    """The least and the greatest the value can be."""
    return (value.low, value.high) if type(value) is Interval else (value, value)


def equals(left: Any, right: Any) -> int:
    if type(left) is not Interval and type(right) is not Interval:
        return TRUE if left == right else FALSE
    (a, b), (c, d) = bounds(left), bounds(right)
    if a == b == c == d:
        return TRUE
    return FALSE if b < c or d < a else UNKNOWN


def at_least(left: Any, right: Any) -> int:
    if type(left) is not Interval and type(right) is not Interval:
        return TRUE if left >= right else FALSE
    (a, b), (c, d) = bounds(left), bounds(right)
    return TRUE if a >= d else FALSE if b < c else UNKNOWN


def above(left: Any, right: Any) -> int:
    if type(left) is not Interval and type(right) is not Interval:
        return TRUE if left > right else FALSE
    (a, b), (c, d) = bounds(left), bounds(right)
    return TRUE if a > d else FALSE if b <= c else UNKNOWN


def has(left: tuple[str, ...], right: Any) -> int:
    return TRUE if right in left else FALSE


def contains(left: str, right: str) -> int:
    return TRUE if right.casefold() in left.casefold() else FALSE


def starts_with(left: str, right: str) -> int:
    return TRUE if left.casefold().startswith(right.casefold()) else FALSE


COMPARE: Final[Mapping[str, Callable[[Any, Any], int]]] = {
    "equals": equals,
    "at_least": at_least,
    "at_most": lambda left, right: at_least(right, left),
    "above": above,
    "below": lambda left, right: above(right, left),
    "has": has,
    "contains": contains,
    "starts_with": starts_with,
}


def days_between(earlier: Any, later: Any) -> Value:
    """Days from one date to another; an interval if either is one."""
    (a, b), (c, d) = bounds(earlier), bounds(later)
    return spread((c - b).days, (d - a).days)


def spread(low: float, high: float) -> Value:
    """An interval, or the number itself if there is only one. Of a number too large to be told it is known that it is large."""
    if low != high:
        return Interval(low, high)
    return low if low not in (inf, -inf) else Interval(min(low, LARGEST), max(high, -LARGEST))


def plain(value: Any) -> Any:
    """The same number is always written the same way: 2, not 2.0."""
    if type(value) is Interval:
        return Interval(plain(value.low), plain(value.high))
    return int(value) if type(value) is float and value.is_integer() else value


def added(numbers: list[float]) -> float:
    """The sum, whatever the order, and the same with every version of Python."""
    if all(type(number) is int for number in numbers):
        return _bounded(sum(numbers))
    try:
        return fsum(numbers)
    except OverflowError:
        return fsum(number / 2**64 for number in numbers) * 2**64


def _bounded(number: float) -> float:
    """Whole numbers do not grow without end, or what rules work out of one another would take for ever."""
    if type(number) is not int or -LONGEST <= number <= LONGEST:
        return number
    return float(number) if -LARGEST <= number <= LARGEST else inf if number > 0 else -inf


def compute(how: str, values: list[Any]) -> Value | None:
    """The computed value; None if one of its parts is unknown, or the divisor may be zero."""
    if any(value is None for value in values):
        return None
    if how == "difference":
        left, right = values
        if isinstance(bounds(left)[0], date):
            return days_between(right, left)
        (a, b), (c, d) = bounds(left), bounds(right)
        return spread(_bounded(a - d), _bounded(b - c))
    if how == "sum":
        return spread(added([bounds(v)[0] for v in values]), added([bounds(v)[1] for v in values]))
    if how == "product":
        return _fold(values, lambda x, y: x * y)
    low, high = bounds(values[1])
    return None if low <= 0 <= high else _fold(values, lambda x, y: x / y)


def _fold(values: list[Any], combine: Callable[[float, float], float]) -> Value:
    low, high = bounds(values[0])
    for value in values[1:]:
        corners = [_bounded(combine(x, y)) for x in (low, high) for y in bounds(value)]
        corners = [0.0 if isnan(c) else c for c in corners]  # 0 times infinity
        low, high = min(*corners, LARGEST), max(*corners, -LARGEST)
    return spread(low, high)
