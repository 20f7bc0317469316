"""The values a field may take, as far as it matters for telling two tests on it apart."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from kamcoach.engine.memory import FALSE, TRUE, Memory
from kamcoach.engine.values import compile_test
from kamcoach.model.condition import Constant, Operand, Parameter, Test
from kamcoach.model.fact import NUMERIC, Field, Value, day_after
from kamcoach.model.walk import operands
from kamcoach.proving.change import Setting

COUNT: Final = Field("count", "int", low=0)
"""What is counted is never less than nothing."""
DAYS: Final = Field("days", "int")
NUMBER: Final = Field("number", "number")
_DAY: Final = date(2026, 3, 2)


def step(field: Field, value: float) -> float:
    """The least difference that means anything: 1, for a ratio a hundredth, for 1.5 a tenth."""
    if field.kind == "ratio":
        return 0.01
    return 1 if float(value).is_integer() else 0.1


def beside(field: Field, value: Value, by: int, setting: Setting) -> Value | None:
    """The value one step above (1) or below (-1); None where the field ends there, or has no steps."""
    if isinstance(value, str):
        names = list(setting.vocabulary.enums[field.of].values) if field.kind == "enum" else []
        place = names.index(value) + by if value in names else -1
        return names[place] if 0 <= place < len(names) else None
    if isinstance(value, date):
        return day_after(value, by)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        moved = round(value + by * step(field, value), 6)
        return int(moved) if isinstance(value, int) else moved
    return None


def constant(operand: Operand, setting: Setting) -> Value | None:
    """The value that an operand has in every deal."""
    if isinstance(operand, Constant):
        return operand.value
    return setting.params[operand.name].value if isinstance(operand, Parameter) else None


def tells_apart(one: Test, other: Test, field: Field, setting: Setting, *, unknown_is_false: bool = False) -> bool:
    """Whether some value of the field comes out differently, unknown among them; what cannot be worked out may."""
    if not (_fixed(one) and _fixed(other)):
        return True
    memory = Memory((), _DAY, {name: param.value for name, param in setting.params.items()}, setting.vocabulary)
    first, second = compile_test(one, field, setting.vocabulary), compile_test(other, field, setting.vocabulary)
    least = TRUE if unknown_is_false else FALSE
    for point in (*_points(field, one, other, setting), None):
        before, after = first(point, {}, memory), second(point, {}, memory)
        if before != after and max(before, after) >= least:
            return True
    return False


def _fixed(test: Test) -> bool:
    return all(isinstance(operand, (Constant, Parameter)) for operand in operands(test))


def _points(field: Field, one: Test, other: Test, setting: Setting) -> list[Any]:
    """Values enough to tell two tests apart, if anything does."""
    named = [value for test in (one, other) for operand in operands(test) if (value := constant(operand, setting)) is not None]
    if field.kind == "date":
        days = [value for value in named if isinstance(value, (int, float)) and not isinstance(value, bool)]
        spread = [n for value in days for n in (-value - 1, -value, -value + 1, value - 1, value, value + 1)]
        return [day_after(_DAY, int(n)) for n in spread] + [
            day_after(value, n) for value in named if isinstance(value, date) for n in (-1, 0, 1)
        ]
    if field.kind == "set":
        members = list(setting.vocabulary.enums[field.of].values) if field.of else [str(value) for value in named]
        sizes = [tuple(members[:n]) for n in range(len(members) + 1)]
        return [*sizes, *((member,) for member in members)]
    if field.kind in NUMERIC or field.kind == "any":
        numbers = [v for v in named if isinstance(v, (int, float)) and not isinstance(v, bool)]
        tried = sorted({n for v in numbers for n in (v - step(field, v), v, v + step(field, v))})
        return [n for n in tried if (field.low is None or n >= field.low) and (field.high is None or n <= field.high)]
    if field.kind == "enum":
        return list(setting.vocabulary.enums[field.of].values)
    return [True, False] if field.kind in ("bool", "flag") else [*named, "\0"]
