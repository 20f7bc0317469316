"""A small vocabulary that has every kind of field, and a few values of each.

Derived names end in the number of their layer: what rules of layer 2 conclude ends in 2.
"""

from __future__ import annotations

from datetime import date, timedelta

from kamcoach.model.fact import NUMERIC, SEVERITIES, Enum, FactType, Field, Kind, Value, Vocabulary, advice_type
from kamcoach.model.rule import Param

AS_OF = date(2026, 3, 2)
LAYERS = (1, 2, 3)
PEOPLE = ("a", "b", "c")
PARAMS = {name: Param(name, value, "number") for name, value in {"few": 1, "many": 2.5}.items()}


def _fields(*fields: Field) -> dict[str, Field]:
    return {one.name: one for one in fields}


def _marks(layer: int) -> tuple[Field, ...]:
    kinds: tuple[tuple[str, Kind, str, str], ...] = (
        ("reached", "flag", "", ""),
        ("phase", "enum", "level", ""),
        ("score", "number", "", ""),
        ("met", "date", "", ""),
        ("likes", "set", "colour", ""),
        ("guide", "ref", "", "person"),
    )
    return tuple(Field(f"{name}_{layer}", kind, of, to, derived=True) for name, kind, of, to in kinds)


def _concluded(layer: int) -> tuple[FactType, ...]:
    values = (
        Field("value", "enum", "level", derived=True),
        Field("value", "number", derived=True),
        Field("value", "date", derived=True),
        Field("value", "ref", to="person", derived=True),
    )
    risk = (
        Field("who", "ref", to="person", derived=True),
        Field("colour", "enum", "colour", derived=True),
        Field("n", "number", derived=True),
        Field("when", "date", derived=True),
        Field("note", "text", derived=True),
        Field("urgent", "bool", derived=True),
        Field("tags", "set", derived=True),
    )
    return (
        FactType(f"flag_{layer}", "flag", {}),
        *(FactType(f"{name}_{layer}", "value", _fields(one)) for name, one in zip(("grade", "total", "due", "lead"), values, strict=True)),
        FactType(f"risk_{layer}", "many", _fields(*risk)),
    )


DEAL = FactType(
    "deal",
    "single",
    _fields(
        Field("price.quoted", "money", low=0),
        Field("share", "ratio", low=0, high=1),
        Field("due", "date"),
        Field("stage", "enum", "level"),
        Field("sponsor", "ref", to="person"),
        Field("open", "bool"),
        Field("colours", "set", "colour"),
        *(Field(f"hot_{layer}", "flag", derived=True) for layer in LAYERS),
    ),
)
PERSON = FactType(
    "person",
    "list",
    _fields(
        Field("id", "key", required=True),
        Field("name", "text"),
        Field("power", "int", low=0, high=3),
        Field("level", "enum", "level"),
        Field("colours", "set", "colour"),
        Field("boss", "ref", to="person", acyclic=True),
        Field("seen", "date"),
        Field("active", "bool"),
        *(one for layer in LAYERS for one in _marks(layer)),
    ),
    plural="people",
    key="id",
)
EVENT = FactType(
    "event",
    "list",
    _fields(
        Field("day", "date"),
        Field("colour", "enum", "colour"),
        Field("good", "bool"),
        Field("with", "set", to="person"),
        Field("owner", "ref", to="person"),
        Field("cost", "number"),
        Field("done", "percent", low=0, high=100),
        Field("tags", "set"),
        *(Field(f"noted_{layer}", "flag", derived=True) for layer in LAYERS),
    ),
    plural="events",
)
GIVEN = (DEAL, PERSON, EVENT)
VOCABULARY = Vocabulary(
    {one.name: one for one in (*GIVEN, *(one for layer in LAYERS for one in _concluded(layer)), advice_type())},
    {
        "level": Enum("level", True, {"low": {}, "mid": {}, "high": {}}),
        "colour": Enum("colour", False, {"red": {}, "blue": {}}),
        "severity": Enum("severity", True, {name: {} for name in SEVERITIES}),
        "lens": Enum("lens", False, {"left": {}, "right": {}}),
    },
)


def layer_of(name: str) -> int:
    """The layer in which a name is concluded; 0 if it is given."""
    return int(name[-1]) if name[-2:-1] == "_" else 0


def values(one: Field, people: tuple[str, ...] = PEOPLE) -> list[Value]:
    """A few values that the field may hold; of persons only these."""
    if one.kind == "set":
        members = people if one.to else tuple(sorted(VOCABULARY.enums[one.of].values)) if one.of else ("x", "y")
        return [(), *((member,) for member in members), *([members] if len(members) > 1 else [])]
    if one.kind == "enum":
        return list(VOCABULARY.enums[one.of].values)
    few: dict[str, list[Value]] = {
        "text": ["Ann", "anna", "Änne"],
        "key": list(PEOPLE),
        "int": [0, 1, 2, 3],
        "number": [-1, 0, 0.5, 2, 2.0, 3, 1e200],
        "money": [0, 1, 4],
        "ratio": [0, 0.5, 1],
        "percent": [0, 1, 100],
        "date": [AS_OF + timedelta(days) for days in (-40, -3, -1, 0, 5)],
        "bool": [False, True],
        "flag": [False, True],
        "ref": list(people),
    }
    return few[one.kind]


def group(one: Field) -> str:
    """Fields of one group can be compared."""
    if one.kind in NUMERIC:
        return "number"
    return {"flag": "bool", "key": "text"}.get(one.kind, one.kind) + one.of + one.to
