"""Numbers over what matches a pattern. What is only possible makes them intervals."""

from __future__ import annotations

from datetime import date
from math import inf
from typing import Any

from kamcoach.engine.kleene import spread
from kamcoach.engine.memory import TRUE, UNKNOWN
from kamcoach.model.fact import Fact, Field, Interval, Value

Found = list[tuple[int, Fact]]


def count(found: Found) -> Value:
    sure = sum(1 for truth, _ in found if truth == TRUE)
    if any(fact.unasked for _, fact in found):
        return Interval(sure, inf)
    return spread(sure, len(found))


def total(found: Found, field: Field) -> Value:
    """The sum: an unknown addend lies between the field's bounds, a possible one may also be missing."""
    low: float = 0
    high: float = 0
    for truth, fact in found:
        a, b = _limits(fact, field)
        if truth < TRUE:
            a, b = min(a, 0), max(b, 0)
        if fact.unasked:
            a, b = (-inf if a < 0 else 0), (inf if b > 0 else 0)
        low, high = low + a, high + b
    return spread(low, high)


def _limits(fact: Fact, field: Field) -> tuple[Any, Any]:
    value = fact.fields.get(field.name)
    if value is None:
        if field.kind == "date":
            return date.min, date.max
        return (field.low if field.low is not None else -inf), (field.high if field.high is not None else inf)
    return (value.low, value.high) if isinstance(value, Interval) else (value, value)


def extreme(found: Found, field: Field, *, largest: bool) -> Value:
    """The least or greatest value. What is only possible can reach further than the certain, but not take it back."""
    limits = [(truth, *_limits(fact, field)) for truth, fact in found]
    pick = max if largest else min
    sure = [(a, b) for truth, a, b in limits if truth == TRUE] or [(a, b) for _, a, b in limits]
    near = (pick(a for a, _ in sure), pick(b for _, b in sure))
    far = (pick(a for _, a, _ in limits), pick(b for _, _, b in limits))
    if all(truth < TRUE for truth, _, _ in limits):
        return spread(min(a for _, a, _ in limits), max(b for _, _, b in limits))
    return spread(near[0], far[1]) if largest else spread(far[0], near[1])


def distinct(found: Found, name: str) -> Value:
    """How many different values: those seen for certain, up to those plus every unknown one."""
    sure = {fact.fields[name] for truth, fact in found if truth == TRUE and name in fact.fields}
    seen = {fact.fields[name] for _, fact in found if name in fact.fields}
    blank = [(truth, fact) for truth, fact in found if name not in fact.fields]
    low = len(sure) or (1 if any(truth == TRUE for truth, _ in blank) else 0)
    if any(fact.unasked for _, fact in found):
        return Interval(low, inf)
    return spread(low, len(seen) + len(blank))


def streak(rows: list[tuple[int, int, Any, bool]]) -> Value:
    """How many of the newest rows `(there, passes, date, unasked)` pass without a break; undated rows may lie anywhere."""
    undated = [(passes, unasked) for _, passes, day, unasked in rows if day is None]
    low = high = 0.0
    low_open = all(passes == TRUE for passes, _ in undated)
    high_open = True
    for day in sorted({day for _, _, day, _ in rows if day is not None}, reverse=True):
        group = [(there, passes) for there, passes, when, _ in rows if when == day]
        if low_open and all(passes == TRUE for _, passes in group):
            low += sum(1 for there, _ in group if there == TRUE)
        else:
            low_open = False
        if high_open:
            high += sum(1 for _, passes in group if passes)
            high_open = all(passes or there < TRUE for there, passes in group)
    low += sum(1 for passes, _ in undated if passes == TRUE) if low_open else 0
    high += sum(inf if unasked else 1 for passes, unasked in undated if passes)
    return spread(int(low), high if high == inf else int(high))


def newest(found: Found, by: str) -> Found:
    """Every fact that may be the newest: certain if nothing else can be newer. Facts of the same day are all the newest."""
    dates = [fact.fields[by] for truth, fact in found if truth == TRUE and by in fact.fields]
    latest: Any = max(dates, default=None)  # type: ignore[type-var]
    rivals = [f for t, f in found if by not in f.fields or (t < TRUE and (latest is None or f.fields[by] > latest))]
    sure = latest is not None and not rivals
    same_day = [(t if sure else UNKNOWN, f) for t, f in found if latest is not None and f.fields.get(by) == latest]
    return same_day + [(UNKNOWN, f) for f in rivals]
