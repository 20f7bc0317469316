"""Values, operands and tests as expressions of CLIPS. Their functions are in `language.clp`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import inf
from typing import Literal, NamedTuple

from clips import Symbol

from kamcoach.model import condition as when
from kamcoach.model.fact import NUMERIC, FactType, Field, Value, Vocabulary
from kamcoach.model.rule import Param

Mode = Literal["sure", "maybe"]
"""CLIPS has two truth values. So all is said twice: what is certainly so, and what may be so."""
OPPOSITE: Mapping[Mode, Mode] = {"sure": "maybe", "maybe": "sure"}
NUMBER = Field("number", "number")
NOT_KNOWN = "(create$)"


class Bound(NamedTuple):
    """A fact that has a name: the variables that hold its number, its key and its fields. `by_value`: the name stands for its value."""

    type: FactType
    id: str
    key: str
    fields: Mapping[str, str]
    by_value: bool


Names = dict[str, Bound | str]
"""What the names of a rule stand for: a fact, or an expression that gives a value."""


def is_marked(declared: FactType, field: Field) -> bool:
    return declared.given and field.derived


def text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def number(value: float) -> str:
    return repr(float(value)).replace("inf", "1e999")


def literal(value: Value) -> str:
    return f"(create$ {written(value)})"


def written(value: Value) -> str:
    return " ".join(number(one) if isinstance(one, float) else one if isinstance(one, Symbol) else text(one) for one in parts_of(value))


def parts_of(value: Value) -> tuple[str | float, ...]:
    """The fields that a value has in CLIPS."""
    if isinstance(value, bool):
        return (Symbol("TRUE" if value else "FALSE"),)
    if isinstance(value, str):
        return (value,)
    if isinstance(value, tuple):
        return (Symbol("set"), *value)
    end = float(value.toordinal() if isinstance(value, date) else value)  # type: ignore[arg-type]
    return end, end


class Expressions:
    """For the rules of one rule base."""

    def __init__(self, vocabulary: Vocabulary, params: Mapping[str, Param]) -> None:
        self.vocabulary = vocabulary
        self.params = params

    def operand(self, operand: when.Operand, names: Names) -> str:
        match operand:
            case when.Constant(value=value):
                return literal(value)
            case when.Parameter(name=name):
                return literal(self.params[name].value)
            case when.Computed(how="sum", operands=operands):
                parts = [self.operand(one, names) for one in operands]
                return f"(summed {len(parts)} (create$ {' '.join(parts)}))"
            case when.Computed(how=how, operands=operands):
                first, *others = [self.operand(one, names) for one in operands]
                for other in others:
                    first = f"({how} {first} {other})"
                return first
            case when.Reference(name=name, field=field):
                return self.reference(names[name], field)

    def reference(self, bound: Bound | str, field: str) -> str:
        if isinstance(bound, str):
            return bound
        if not field:
            return bound.fields["value"] if bound.by_value else bound.key
        declared = bound.type.fields[field]
        if not is_marked(bound.type, declared):
            return bound.fields[field]
        return f"({'flag' if declared.kind == 'flag' else 'mark'}-value {bound.id} {field})"

    def test(self, test: when.Test | None, value: str, field: Field, mode: Mode, names: Names) -> str:
        """Whether the value certainly passes, or may pass."""
        match test:
            case None:
                return "TRUE"
            case when.Known(wanted=wanted):
                return f"(known {value})" if wanted else f"(not (known {value}))"
            case when.Not(test=inner):
                return f"(not {self.test(inner, value, field, OPPOSITE[mode], names)})"
            case when.AllOf(tests=tests):
                return _joined("and", [self.test(one, value, field, mode, names) for one in tests])
            case when.Size(test=inner):
                return self.test(inner, f"(size {value})", NUMBER, mode, names)
            case when.Days(direction=direction, test=inner):
                ends = f"{value} ?*as-of*" if direction == "ahead" else f"?*as-of* {value}"
                return self.test(inner, f"(difference {ends})", NUMBER, mode, names)
            case when.OneOf(operands=operands, of_set=of_set):
                how: when.Comparison = "has" if of_set else "equals"
                return _joined("or", [self.compare(how, value, self.operand(one, names), field, mode) for one in operands])
            case when.Compare(how=how, operand=operand):
                return self.compare(how, value, self.operand(operand, names), field, mode)

    def compare(self, how: when.Comparison, value: str, other: str, field: Field, mode: Mode) -> str:
        if how == "equals":
            name = "equals" if field.kind in NUMERIC or field.kind == "date" else "is"
            return f"({mode}-{name} {value} {other})"
        if field.kind == "enum":
            ranks = " ".join(text(one) for one in self.vocabulary.enums[field.of].values)
            value, other = f"(rank {value} {ranks})", f"(rank {other} {ranks})"
        return f"({mode}-{how} {value} {other})"

    def limits(self, field: Field) -> str:
        """Between what a value of the field must lie, even if it is not known."""
        if field.kind == "date":
            return f"{number(date.min.toordinal())} {number(date.max.toordinal())}"
        return f"{number(-inf if field.low is None else field.low)} {number(inf if field.high is None else field.high)}"


def _joined(how: str, parts: list[str]) -> str:
    return f"({how} {' '.join(parts)})" if len(parts) > 1 else parts[0]
