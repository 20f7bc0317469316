"""Facts and the vocabulary that declares them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from kamcoach.source import Location

Words = Mapping[str, str]
"""The same text by language: `{"en": …, "zh": …}`."""

Kind = Literal["text", "key", "int", "number", "money", "ratio", "percent", "date", "bool", "enum", "set", "ref", "flag", "any"]
NO_WORDS: Final[Words] = MappingProxyType({})
NO_PLACES: Final[Mapping[str, Location]] = MappingProxyType({})
NUMERIC: Final = frozenset({"int", "number", "money", "ratio", "percent"})
Shape = Literal["single", "list", "flag", "value", "many"]
NOWHERE: Final = Location("", 0, 0)


class Interval:
    """A number known only to lie between two bounds, both included. Never changed once made."""

    __slots__ = ("high", "low")

    def __init__(self, low: float, high: float) -> None:
        self.low = low
        self.high = high

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Interval) and (self.low, self.high) == (other.low, other.high)

    def __hash__(self) -> int:
        return hash((self.low, self.high))

    def __repr__(self) -> str:
        return f"Interval(low={self.low!r}, high={self.high!r})"


Value = str | int | float | bool | date | tuple[str, ...] | Interval
"""What a field may hold; a set is a sorted tuple. A field that is unknown has no value at all."""


class Field(NamedTuple):
    """One named value of a fact type."""

    name: str
    kind: Kind
    of: str = ""
    to: str = ""
    low: float | None = None
    high: float | None = None
    required: bool = False
    acyclic: bool = False
    derived: bool = False
    label: Words = NO_WORDS
    ask: Words = NO_WORDS
    note: Words = NO_WORDS
    at: Location = NOWHERE
    says: Words = NO_WORDS
    denies: Words = NO_WORDS
    """How rules say that it holds (or has the value `{value}`), and that it does not; see docs/reference/vocabulary.md."""


class FactType(NamedTuple):
    """A kind of fact. `single` and `list` are given in the deal file; `flag`, `value` and `many` are derived."""

    name: str
    shape: Shape
    fields: Mapping[str, Field]
    plural: str = ""
    key: str = ""
    label: Words = NO_WORDS
    ask: Words = NO_WORDS
    note: Words = NO_WORDS
    at: Location = NOWHERE
    says: Words = NO_WORDS
    denies: Words = NO_WORDS

    @property
    def given(self) -> bool:
        return self.shape in ("single", "list")

    @property
    def section(self) -> str:
        """The key that holds these facts in a deal file."""
        return self.plural or self.name


class Enum(NamedTuple):
    """Named values; `rank` orders them from low to high if the enum is ordered."""

    name: str
    ordered: bool
    values: Mapping[str, Words]

    @property
    def rank(self) -> Mapping[str, int]:
        return {value: place for place, value in enumerate(self.values)}


class Vocabulary:
    """Every fact type and enum, by name. Never changed once made."""

    def __init__(self, types: Mapping[str, FactType], enums: Mapping[str, Enum]) -> None:
        self.types = types
        self.enums = enums

    def section(self, name: str) -> FactType | None:
        """The given fact type that stands under this key of a deal file."""
        return next((t for t in self.types.values() if t.given and t.section == name), None)

    @cached_property
    def given(self) -> tuple[FactType, ...]:
        """The fact types that stand in a deal file."""
        return tuple(t for t in self.types.values() if t.given)


class Fact:
    """Something held true. An absent field is unknown. Never changed once made.

    A given fact is identified by its type and key, a derived one by its values. `unasked` marks the stand-in for a list
    that the deal file does not have: any number of possible items of which nothing is known.
    """

    __slots__ = ("at", "fields", "id", "key", "places", "type", "unasked")

    def __init__(
        self,
        type: str,  # noqa: A002
        fields: Mapping[str, Value],
        key: str = "",
        at: Location | None = None,
        places: Mapping[str, Location] = NO_PLACES,
        *,
        unasked: bool = False,
    ) -> None:
        self.type = type
        self.fields = fields
        self.key = key
        self.at = at
        self.places = places
        self.unasked = unasked
        content = () if key else tuple(sorted((name, str(value)) for name, value in fields.items()))
        self.id: tuple[object, ...] = (type, key, content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fact) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"Fact({self.type!r}, {dict(self.fields)!r}{f', {self.key!r}' if self.key else ''})"

    def place(self, name: str) -> Location | None:
        """Where the field is written, else where the fact is."""
        return self.places.get(name, self.at)


def day_after(day: date, days: float) -> date:
    """So many days later (or earlier); at the ends of the calendar its last or its first day."""
    return date.fromordinal(int(min(max(day.toordinal() + days, 1), date.max.toordinal())))


SEVERITIES: Final[tuple[str, ...]] = ("info", "advise", "warn", "critical")
SEVERITY_WORDS: Final[Mapping[str, Words]] = {
    "info": {"en": "for information", "zh": "供参考"},
    "advise": {"en": "advisable", "zh": "建议"},
    "warn": {"en": "warning", "zh": "警示"},
    "critical": {"en": "critical", "zh": "要害"},
}


def advice_type() -> FactType:
    """Advice is itself a fact, so that rules may look at it."""
    kinds: Mapping[str, tuple[Kind, str]] = {
        "rule": ("text", ""),
        "play": ("text", ""),
        "severity": ("enum", "severity"),
        "lens": ("enum", "lens"),
        "topic": ("text", ""),
        "about": ("set", ""),
    }
    fields = {name: Field(name, kind, of) for name, (kind, of) in kinds.items()}
    return FactType("advice", "many", fields, label={"en": "Advice", "zh": "建议"})
