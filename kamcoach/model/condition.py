"""The if-part of a rule: tests, patterns and what is built of them."""

from __future__ import annotations

from typing import Literal, NamedTuple

from kamcoach.model.fact import NOWHERE, Value
from kamcoach.source import Location


class Constant(NamedTuple):
    value: Value


class Reference(NamedTuple):
    """`$name` or `$name.field`."""

    name: str
    field: str = ""


class Parameter(NamedTuple):
    """`$params.name`."""

    name: str


class Computed(NamedTuple):
    """`{difference: [a, b]}` and its kin; the difference of two dates is in days."""

    how: Literal["difference", "sum", "product", "ratio"]
    operands: tuple[Operand, ...]


Operand = Constant | Reference | Parameter | Computed

Comparison = Literal["equals", "at_least", "at_most", "above", "below", "has", "contains", "starts_with"]


class Compare(NamedTuple):
    how: Comparison
    operand: Operand


class OneOf(NamedTuple):
    """`in` for single values, `has_any` for sets."""

    operands: tuple[Operand, ...]
    of_set: bool = False


class Not(NamedTuple):
    test: Test


class AllOf(NamedTuple):
    tests: tuple[Test, ...]


class Size(NamedTuple):
    """A test on the number of members of a set."""

    test: Test


class Days(NamedTuple):
    """A test on the days from a date to `as_of` (`ago`) or from `as_of` to the date (`ahead`)."""

    direction: Literal["ago", "ahead"]
    test: Test


class Known(NamedTuple):
    """`known` or `unknown`; always decides."""

    wanted: bool


Test = Compare | OneOf | Not | AllOf | Size | Days | Known


class FieldTest(NamedTuple):
    field: str
    test: Test
    at: Location = NOWHERE


class Pattern(NamedTuple):
    """Facts of one type that pass all tests and, if there are alternatives, one group of `either`."""

    type: str
    tests: tuple[FieldTest, ...] = ()
    either: tuple[tuple[FieldTest, ...], ...] = ()
    bind: str = ""
    at: Location = NOWHERE


class No(NamedTuple):
    """`none`, `no_evidence_of`, `evidence_of`: about the joint matches of the conditions inside."""

    how: Literal["none", "no_evidence_of", "evidence_of"]
    conditions: tuple[Condition, ...]
    at: Location = NOWHERE


class Every(NamedTuple):
    pattern: Pattern
    satisfies: tuple[FieldTest, ...]
    at: Location = NOWHERE


class AnyOf(NamedTuple):
    alternatives: tuple[tuple[Condition, ...], ...]
    at: Location = NOWHERE


class Aggregate(NamedTuple):
    """A number over the matches of a pattern. `field` is the one added up, compared or, for `in_a_row`, the date."""

    how: Literal["count", "sum", "min", "max", "distinct", "in_a_row"]
    pattern: Pattern
    field: str = ""
    bind: str = ""
    test: Test | None = None
    at: Location = NOWHERE


class Last(NamedTuple):
    """The newest match by a date field."""

    pattern: Pattern
    by: str
    bind: str = ""
    tests: tuple[FieldTest, ...] = ()
    at: Location = NOWHERE


class Compute(NamedTuple):
    value: Operand
    bind: str = ""
    test: Test | None = None
    at: Location = NOWHERE


class Tally(NamedTuple):
    """How many of the conditions hold."""

    conditions: tuple[Condition, ...]
    bind: str = ""
    test: Test | None = None
    at: Location = NOWHERE


Condition = Pattern | No | Every | AnyOf | Aggregate | Last | Compute | Tally
