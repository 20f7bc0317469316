"""What a new rule may look for in a field: a test, with a value that passes it and one that does not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, NamedTuple

from kamcoach.model.fact import NUMERIC, Field, Vocabulary

AS_OF: Final = date(2026, 3, 2)
_DAYS: Final = 30
_FITTING: Final = NUMERIC | {"bool", "enum", "set", "date", "text"}


class Example(NamedTuple):
    """The test as a rule writes it, and two values as a deal file writes them; `fails` is "" if every value passes."""

    test: str
    passes: str
    fails: str


def fits(field: Field) -> bool:
    """Whether a new rule can look at the field: it is given, and it does not point to others."""
    return not field.derived and not field.to and field.kind in _FITTING


def default_value(field: Field, vocabulary: Vocabulary) -> str:
    """What is looked for unless somebody says otherwise."""
    if field.kind == "bool":
        return "true"
    if field.kind == "date":
        return str(_DAYS)
    if field.of:
        return next(iter(vocabulary.enums[field.of].values), "")
    return _plain(_threshold(field)) if field.kind in NUMERIC else "x"


def _threshold(field: Field) -> float:
    if field.high is not None and field.high < 0:
        return field.high
    if field.kind == "ratio" or (field.high is not None and field.high <= 1):
        return field.high or 0 if field.low == field.high else 0.5
    return max(1.0, (field.low or 0) + 1)


def example(field: Field, value: str, vocabulary: Vocabulary) -> Example:
    """How to look for the value in the field."""
    if field.kind == "bool":
        return Example(value, value, "false" if value == "true" else "true")
    if field.kind == "set":
        return Example(f"{{has: {value}}}", f"[{value}]", "[]")
    if field.kind == "enum":
        return Example(value, value, next((one for one in vocabulary.enums[field.of].values if one != value), ""))
    if field.kind == "date":
        return _days(value)
    if field.kind in NUMERIC:
        return _number(field, value)
    return Example(f"{{contains: {value}}}", value, "'…'")


def _days(value: str) -> Example:
    """More than so many days ago."""
    days = int(value) if value.isdigit() and len(value) < 5 else _DAYS
    return Example(f"{{days_ago: {{above: {value}}}}}", str(AS_OF - timedelta(days + 1)), str(AS_OF - timedelta(days)))


def _number(field: Field, value: str) -> Example:
    """So much or more."""
    try:
        least = float(value)
    except ValueError:
        return Example(f"{{at_least: {value}}}", value, "")  # told when the rule is read
    step = 1.0 if field.kind == "int" or abs(least) > 1 else 0.1
    below = max(round(least - step, 6), field.low) if field.low is not None else round(least - step, 6)
    return Example(f"{{at_least: {value}}}", value, _plain(below) if below < least else "")


def _plain(number: float) -> str:
    return f"{int(number)}" if number == int(number) else f"{number:g}"
