"""The if-part of a rule: tests, patterns and what is built of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kamcoach.model.fact import NOWHERE, Value
from kamcoach.source import Location


@dataclass(frozen=True, slots=True)
class Constant:
    value: Value


@dataclass(frozen=True, slots=True)
class Reference:
    """`$name` or `$name.field`."""

    name: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """`$params.name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Computed:
    """`{difference: [a, b]}` and its kin; the difference of two dates is in days."""

    how: Literal["difference", "sum", "product", "ratio"]
    operands: tuple[Operand, ...]


Operand = Constant | Reference | Parameter | Computed

Comparison = Literal["equals", "at_least", "at_most", "above", "below", "has", "contains", "starts_with"]


@dataclass(frozen=True, slots=True)
class Compare:
    how: Comparison
    operand: Operand


@dataclass(frozen=True, slots=True)
class OneOf:
    """`in` for single values, `has_any` for sets."""

    operands: tuple[Operand, ...]
    of_set: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    test: Test


@dataclass(frozen=True, slots=True)
class AllOf:
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """A test on the number of members of a set."""

    test: Test


@dataclass(frozen=True, slots=True)
class Days:
    """A test on the days from a date to `as_of` (`ago`) or from `as_of` to the date (`ahead`)."""

    direction: Literal["ago", "ahead"]
    test: Test


@dataclass(frozen=True, slots=True)
class Known:
    """`known` or `unknown`; always decides."""

    wanted: bool


Test = Compare | OneOf | Not | AllOf | Size | Days | Known


@dataclass(frozen=True, slots=True)
class FieldTest:
    field: str
    test: Test
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Pattern:
    """Facts of one type that pass all tests and, if there are alternatives, one group of `either`."""

    type: str
    tests: tuple[FieldTest, ...] = ()
    either: tuple[tuple[FieldTest, ...], ...] = ()
    bind: str = ""
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class No:
    """`none`, `no_evidence_of`, `evidence_of`: about the joint matches of the conditions inside."""

    how: Literal["none", "no_evidence_of", "evidence_of"]
    conditions: tuple[Condition, ...]
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Every:
    pattern: Pattern
    satisfies: tuple[FieldTest, ...]
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class AnyOf:
    alternatives: tuple[tuple[Condition, ...], ...]
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A number over the matches of a pattern. `field` is the one added up, compared or, for `in_a_row`, the date."""

    how: Literal["count", "sum", "min", "max", "distinct", "in_a_row"]
    pattern: Pattern
    field: str = ""
    bind: str = ""
    test: Test | None = None
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Last:
    """The newest match by a date field."""

    pattern: Pattern
    by: str
    bind: str = ""
    tests: tuple[FieldTest, ...] = ()
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Compute:
    value: Operand
    bind: str = ""
    test: Test | None = None
    at: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the conditions hold."""

    conditions: tuple[Condition, ...]
    bind: str = ""
    test: Test | None = None
    at: Location = NOWHERE


Condition = Pattern | No | Every | AnyOf | Aggregate | Last | Compute | Tally
