"""The schema of `playbook.yaml`."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from kamcoach.model.fact import NUMERIC, SEVERITIES, Field, Vocabulary
from kamcoach.model.playbook import Shows
from kamcoach.model.rule import Param
from kamcoach.schema.fields import given_value
from kamcoach.schema.parts import FILLED, NUMBER, SCALAR, Parts, Schema, any_of, listed, matching, table
from kamcoach.schema.rules import told_keys, words
from kamcoach.schema.words import KNOWN

_COUNT: Final[Schema] = {**NUMBER, "type": "integer", "minimum": 0}


def playbook_table(parts: Parts) -> Schema:
    keys = {
        "id": FILLED,
        "title": words(needed=True),
        "extends": SCALAR,
        "rules": {"enum": ["shipped", "", None]},
        "params": _params(parts),
        "ranking": _ranking(parts),
        "shows": _shows(parts),
        "sections": {"type": "object", "additionalProperties": words()},
        "replaces": table(
            {"plays": listed(any_of(*parts.each({one: {} for one in parts.library.plays}), SCALAR)), "scenarios": listed(SCALAR)}
        ),
    }
    return table(told_keys("playbook", keys, parts), ("id", "title"))


def _plays(parts: Parts) -> Schema:
    return any_of(*parts.each({one: {} for one in parts.library.plays}), SCALAR)


def _params(parts: Parts) -> Schema:
    """A new parameter is declared in a table; one that is inherited takes a bare value."""
    declared = parts.ref("param", lambda: _declared(parts))
    own = {name: parts.told(any_of(_value(param, parts), declared), param.meaning) for name, param in parts.library.params.items()}
    return {"type": "object", "properties": own, "additionalProperties": declared}


def _value(param: Param, parts: Parts) -> Schema:
    field = Field(param.name, param.kind, low=param.low, high=param.high)  # type: ignore[arg-type]
    return given_value(field, parts, needed=False)


def _declared(parts: Parts) -> Schema:
    whole = {"if": {"properties": {"type": {"const": "int"}}}, "then": {"properties": {"value": {"type": ["integer", "string"]}}}}
    keys = {
        "value": {**NUMBER, "type": ["number", "string"], "pattern": "^unknown$"},
        "type": parts.one_of({kind: KNOWN[f"kind.{kind}"] for kind in sorted(NUMERIC)}),
        "unit": SCALAR,
        "min": NUMBER,
        "max": NUMBER,
        "meaning": words(needed=True),
    }
    return table(told_keys("param", keys, parts), ("value", "type", "meaning"), **whole)


def _ranking(parts: Parts) -> Schema:
    keys = {
        "severity": table(dict.fromkeys(SEVERITIES, NUMBER)),
        "lens_order": listed(any_of(*parts.each(parts.vocabulary.enums["lens"].values), SCALAR)),
        **dict.fromkeys(("first_lens", "staged", "repeated"), NUMBER),
        "deadlines": listed(_fields({"date"}, parts)),
        "weights": listed(_fields(NUMERIC, parts)),
        **dict.fromkeys(("actions", "do_not", "questions"), _COUNT),
    }
    return table(told_keys("ranking", keys, parts))


def _fields(kinds: Collection[str], parts: Parts) -> Schema:
    """Given fields of these kinds, as `type.field`."""
    every = ((one, field) for one in parts.vocabulary.given for field in one.fields.values())
    return parts.one_of({f"{one.name}.{field.name}": field.label for one, field in every if field.kind in kinds})


def _shows(parts: Parts) -> Schema:
    """Each part of the report takes a fact type and as many of its fields as it has places for."""
    return table({part: SCALAR if part == "strategy" else _shown(part, parts) for part in Shows._fields})


def _shown(part: str, parts: Parts) -> Schema:
    default = Shows._field_defaults[part]
    count = 0 if isinstance(default, str) else len(default) - 1
    only_values = part == "value"
    return parts.ref(f"shown.{count}.{only_values}", lambda: _fact_and_fields(count, parts.vocabulary, only_values=only_values))


def _fact_and_fields(count: int, vocabulary: Vocabulary, *, only_values: bool) -> Schema:
    types = [one for one in vocabulary.types.values() if one.shape == "value" or not only_values]
    if count == 0:
        return {"enum": [one.name for one in types]}
    each = [rf"{re.escape(one.name)}(?:[.,\s]+(?:{'|'.join(map(re.escape, one.fields))})){{{count}}}" for one in types if one.fields]
    return matching("|".join(each), f"a fact type and {count} of its fields, with spaces between")
