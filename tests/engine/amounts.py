"""Part of the executable specification: numbers that may be known only to lie between two bounds, and what is counted of facts.

A date may be such a number too. What is not known at all is None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import reduce
from math import fsum, inf, isinf
from sys import float_info
from typing import NamedTuple

from kamcoach.model.fact import Fact, Field, Interval, Value

FALSE, UNKNOWN, TRUE = 0, 1, 2
Ends = tuple[float, float]


class Held(NamedTuple):
    """A fact with its truth. `vague`: it stands for any number of facts, since part of what it says is not known yet."""

    fact: Fact
    truth: int
    vague: bool


def between(low: float, high: float) -> Value:
    low, high = (low, high) if isinstance(low, date) else within_reach(low, high)
    return low if low == high else Interval(low, high)


def within_reach(low: float, high: float) -> Ends:
    """Nothing is infinite: what is too large to be told lies between the largest number and infinity."""
    return min(low, float_info.max), max(high, -float_info.max)


def ends(value: Value) -> Ends:
    return (value.low, value.high) if isinstance(value, Interval) else (value, value)


def bounds(value: Value | None, field: Field) -> Ends:
    """Between what the value must lie, even if it is not known."""
    if value is not None:
        return ends(value)
    if field.kind == "date":
        return date.min, date.max
    return -inf if field.low is None else field.low, inf if field.high is None else field.high


def compare(how: str, value: Value, other: Value) -> int:
    """True if it holds on the whole interval, false if nowhere, else unknown."""
    (low, high), (other_low, other_high) = ends(value), ends(other)
    match how:
        case "at_least":
            return TRUE if low >= other_high else FALSE if high < other_low else UNKNOWN
        case "at_most":
            return compare("at_least", other, value)
        case "above":
            return TRUE - compare("at_most", value, other)
        case "below":
            return TRUE - compare("at_least", value, other)
    return min(compare("at_least", value, other), compare("at_most", value, other))


def computed(how: str, values: Sequence[Value | None]) -> Value | None:
    if any(value is None for value in values):
        return None
    if how == "ratio" and compare("equals", values[1], 0) != FALSE:
        return None
    if how == "sum":
        return between(*map(_sum, zip(*map(ends, values), strict=True)))
    return between(*reduce(_STEPS[how], map(ends, values)))


def _difference(a: Ends, b: Ends) -> Ends:
    low, high = a[0] - b[1], a[1] - b[0]
    return (low.days, high.days) if isinstance(low, timedelta) else (low, high)


def _corners(step: Callable[[float, float], float]) -> Callable[[Ends, Ends], Ends]:
    def over_all(a: Ends, b: Ends) -> Ends:
        reached = [step(x, y) for x in a for y in b]
        return within_reach(min(reached), max(reached))

    return over_all


_STEPS = {
    "difference": _difference,
    "product": _corners(lambda x, y: 0 if 0 in (x, y) else x * y),
    "ratio": _corners(lambda x, y: 0 if isinf(y) else x / y),
}


def count(matches: Sequence[Held]) -> Value:
    return between(_at_least(matches), _at_most(matches))


def _at_least(found: Sequence[Held]) -> float:
    """Vague facts may turn out to be the same as others."""
    certain = [one for one in found if one.truth == TRUE]
    return len([one for one in certain if not one.vague]) or min(len(certain), 1)


def _at_most(found: Sequence[Held]) -> float:
    return sum(inf if one.vague else 1 for one in found)


def added(matches: Iterable[tuple[Held, Ends]]) -> Value:
    """What may be absent can add nothing, what stands for any number can add without end."""
    shares = [_share(one, low, high) for one, (low, high) in matches]
    return between(_sum(low for low, _ in shares), _sum(high for _, high in shares))


def _sum(numbers: Iterable[float]) -> float:
    """Exact, and rounded once; by halves, since what lies between may be too large."""
    return 2 * fsum(number / 2 for number in numbers)


def _share(one: Held, low: float, high: float) -> Ends:
    if one.vague:
        return -inf if low < 0 else 0, inf if high > 0 else 0
    return (low, high) if one.truth == TRUE else (min(low, 0), max(high, 0))


def distinct(matches: Iterable[tuple[Held, Value | None]]) -> Value:
    exact = [(one, value) for one, value in matches if value is not None and not isinstance(value, Interval)]
    blurred = [one for one, value in matches if value is None or isinstance(value, Interval)]
    low = len({value for one, value in exact if one.truth == TRUE}) or int(any(one.truth == TRUE for one in blurred))
    return between(low, len({value for _, value in exact}) + sum(inf if one.vague else 1 for one in blurred))


def least(matches: Iterable[tuple[Held, Ends]]) -> tuple[Value | None, int]:
    """The least value, and whether there is one at all."""
    certain = [span for one, span in matches if one.truth == TRUE]
    possible = [span for _, span in matches]
    if not possible:
        return None, FALSE
    low = min(low for low, _ in possible)
    return (between(low, min(high for _, high in certain)), TRUE) if certain else (between(low, max(high for _, high in possible)), UNKNOWN)


def greatest(matches: Iterable[tuple[Held, Ends]]) -> tuple[Value | None, int]:
    certain = [span for one, span in matches if one.truth == TRUE]
    possible = [span for _, span in matches]
    if not possible:
        return None, FALSE
    high = max(high for _, high in possible)
    return (between(max(low for low, _ in certain), high), TRUE) if certain else (between(min(low for low, _ in possible), high), UNKNOWN)


class Dated(NamedTuple):
    """A fact of the type, its date, and whether it fits the pattern."""

    one: Held
    date: Value | None
    fits: int

    @property
    def day(self) -> date | None:
        """The date if it is known to the day."""
        return self.date if isinstance(self.date, date) else None


def latest(rows: Sequence[Dated]) -> list[Held]:
    """Every match that may be the newest (of one day all are), certain if certainly none is newer."""
    found = []
    for row in rows:
        others = [other for other in rows if other is not row]
        if any(other.one.truth == TRUE and row.day and other.day and other.day > row.day for other in others):
            continue
        newest = all(row.day and other.day and other.day <= row.day for other in others)
        found.append(row.one if newest else row.one._replace(truth=min(row.one.truth, UNKNOWN)))
    return found


def in_a_row(rows: Sequence[Dated]) -> Value:
    """How many of the newest match, counted back day by day; the order within a day is not known."""
    return between(_in_the_worst_order(rows), _in_the_best_order(rows))


def _in_the_worst_order(rows: Sequence[Dated]) -> float:
    """Whatever may break the row comes first, and what may be absent is."""
    if any(row.day is None and row.fits != TRUE for row in rows):
        return 0
    breaks = [row.day for row in rows if row.fits != TRUE]
    kept = [row for row in rows if not breaks or (row.day and row.day > max(breaks))]
    return _at_least([row.one for row in kept])


def _in_the_best_order(rows: Sequence[Dated]) -> float:
    """Whatever may match does and comes first; only a certain fact that certainly does not match breaks the row."""
    breaks = [row.day for row in rows if row.day and row.fits == FALSE and row.one.truth == TRUE]
    kept = [row for row in rows if row.fits != FALSE and (not breaks or row.day is None or row.day >= max(breaks))]
    return _at_most([row.one for row in kept])
