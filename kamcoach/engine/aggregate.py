"""Numbers over what matches a pattern. What is only possible makes them intervals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from math import inf
from typing import Any, NamedTuple

from kamcoach.engine.kleene import added, bounds, spread
from kamcoach.engine.memory import FALSE, TRUE, UNKNOWN
from kamcoach.model.fact import Fact, Field, Interval, Value


class Row(NamedTuple):
    """A fact that matches, and the value of the field in question."""

    truth: int
    fact: Fact
    value: Any = None
    open_ended: bool = False
    """It stands for any number of facts."""

    @property
    def exact(self) -> bool:
        return self.value is not None and not isinstance(self.value, Interval)


def count(rows: list[Row]) -> Value:
    return spread(_at_least(rows), _at_most(rows))


def _at_least(rows: Iterable[Row]) -> int:
    """Of facts that are not known exactly, all may turn out to be the same."""
    sure = [row.open_ended for row in rows if row.truth == TRUE]
    return sure.count(False) or (1 if sure else 0)


def _at_most(rows: Iterable[Row]) -> float:
    return sum(inf if row.open_ended else 1 for row in rows)


def total(rows: list[Row], field: Field) -> Value:
    """The sum: an unknown addend lies between the field's bounds, a possible one may also be missing."""
    shares = [_share(row, field) for row in rows]
    return spread(added([low for low, _ in shares]), added([high for _, high in shares]))


def _share(row: Row, field: Field) -> tuple[float, float]:
    low, high = _limits(row, field)
    if row.open_ended:
        return (-inf if low < 0 else 0), (inf if high > 0 else 0)
    return (low, high) if row.truth == TRUE else (min(low, 0), max(high, 0))


def _limits(row: Row, field: Field) -> tuple[Any, Any]:
    if row.value is not None:
        return bounds(row.value)
    if field.kind == "date":
        return date.min, date.max
    return (field.low if field.low is not None else -inf), (field.high if field.high is not None else inf)


def extreme(rows: list[Row], field: Field, *, largest: bool) -> Value:
    """The least or greatest value. What is only possible can reach further than the certain, but not take it back."""
    limits = [(row.truth, *_limits(row, field)) for row in rows]
    pick = max if largest else min
    sure = [(a, b) for truth, a, b in limits if truth == TRUE] or [(a, b) for _, a, b in limits]
    near = (pick(a for a, _ in sure), pick(b for _, b in sure))
    far = (pick(a for _, a, _ in limits), pick(b for _, _, b in limits))
    if all(truth < TRUE for truth, _, _ in limits):
        return spread(min(a for _, a, _ in limits), max(b for _, _, b in limits))
    return spread(near[0], far[1]) if largest else spread(far[0], near[1])


def distinct(rows: list[Row]) -> Value:
    """How many different values: those seen for certain, up to those plus every unknown one."""
    sure = {row.value for row in rows if row.truth == TRUE and row.exact}
    seen = {row.value for row in rows if row.exact}
    blank = [row for row in rows if not row.exact]
    low = len(sure) or (1 if any(row.truth == TRUE for row in blank) else 0)
    return spread(low, len(seen) + _at_most(blank))


def streak(rows: list[tuple[Row, int]]) -> Value:
    """How many of the newest rows pass without a break; undated rows may lie anywhere, those of a day in any order."""
    undated = [(row, passes) for row, passes in rows if not row.exact]
    fewest: list[Row] = []
    most = [row for row, passes in undated if passes]
    unbroken = all(passes == TRUE for _, passes in undated)
    reachable = True
    days: dict[date, list[tuple[Row, int]]] = {}
    for row, passes in rows:
        if row.exact:
            days.setdefault(row.value, []).append((row, passes))
    for _, group in sorted(days.items(), reverse=True):
        unbroken = unbroken and all(passes == TRUE for _, passes in group)
        fewest.extend(row for row, _ in group if unbroken)
        most.extend(row for row, passes in group if reachable and passes)
        reachable = reachable and not any(passes == FALSE and row.truth == TRUE for row, passes in group)
    fewest.extend(row for row, _ in undated if unbroken)
    return spread(_at_least(fewest), _at_most(most))


def newest(rows: list[Row]) -> list[Row]:
    """Every fact that may be the newest: certain if nothing else can be newer. Facts of the same day are all the newest."""
    if len(rows) == 1:
        return rows
    latest = max((row.value for row in rows if row.truth == TRUE and row.exact), default=None)
    rivals = [r for r in rows if not r.exact or (r.truth < TRUE and (latest is None or r.value > latest))]
    same_day = [row for row in rows if row.exact and row.value == latest]
    if latest is not None and not rivals:
        return same_day
    return [row._replace(truth=UNKNOWN) for row in same_day + rivals]
