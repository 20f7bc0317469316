"""The schema of tests: what a rule asks of a field's value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kamcoach.model.fact import NUMERIC, FactType, Field
from kamcoach.reading.fields import member_of
from kamcoach.reading.tests import OPERATORS, ORDERING
from kamcoach.schema.fields import computed, constant, explained, grouped, operand, reference, signature
from kamcoach.schema.parts import Parts, Schema, any_of, listed, table
from kamcoach.schema.words import KNOWN

COUNTED: Final = Field("number", "number")


def test_of(field: Field, parts: Parts) -> Schema:
    """Every test that goes with the field."""
    return parts.ref(f"test.{signature(field)}", lambda: _test(field, parts))


def _test(field: Field, parts: Parts) -> Schema:
    decides = parts.ref("known", lambda: parts.one_of({word: KNOWN[f"test.{word}"] for word in ("known", "unknown")}))
    found = [decides, _operators(field, parts)]
    if field.kind != "set":
        found[:0] = [constant(field, parts)]
        found.extend((reference(), listed(operand(field, parts), 1)))
    if field.kind in NUMERIC:
        found.extend((*parts.ref_to_params(), computed(parts)))
    return any_of(*found)


def _operators(field: Field, parts: Parts) -> Schema:
    inner = test_of(field, parts)
    value, member = operand(field, parts), operand(member_of(field), parts)
    count = test_of(COUNTED, parts)
    forms: dict[str, Schema] = {
        **dict.fromkeys(("not", "recorded"), inner),
        **dict.fromkeys(ORDERING, value),
        "in": listed(value, 1),
        "has": member,
        "has_any": listed(member, 1),
        **dict.fromkeys(("contains", "starts_with"), value),
        **dict.fromkeys(("size", "days_ago", "days_ahead"), count),
    }
    fitting = {name: parts.told(forms[name], KNOWN[f"test.{name}"]) for name in OPERATORS if _fits(name, field, parts)}
    return table(fitting, minProperties=1)


def _fits(name: str, field: Field, parts: Parts) -> bool:
    """Whether an operator goes with the field."""
    if name in ORDERING:
        ranked = field.kind == "enum" and parts.vocabulary.enums[field.of].ordered
        return field.kind in NUMERIC or field.kind == "date" or ranked
    if name in ("has", "has_any", "size"):
        return field.kind == "set"
    if name in ("contains", "starts_with"):
        return field.kind in ("text", "key")
    if name in ("days_ago", "days_ahead"):
        return field.kind == "date"
    return name != "in" or field.kind != "set"


def tests_on(fact_type: FactType, parts: Parts) -> Schema:
    """The tests on the fields of a type, with `either`."""
    return parts.ref(f"tests.{fact_type.name}", lambda: _tests_on(fact_type, parts))


def _tests_on(fact_type: FactType, parts: Parts) -> Schema:
    either = parts.told(listed(some_tests_on(fact_type, parts), 2), KNOWN["condition.either"])
    return table({**_field_tests(fact_type.fields, parts), "either": either})


def some_tests_on(fact_type: FactType, parts: Parts) -> Schema:
    """At least one test, and no `either`."""
    tests = tests_on(fact_type, parts)
    return parts.ref(f"some.{fact_type.name}", lambda: {"minProperties": 1, "properties": {"either": False}, "allOf": [tests]})


def _field_tests(fields: Mapping[str, Field], parts: Parts) -> dict[str, Schema]:
    return grouped(fields, lambda field: explained(test_of(field, parts), field, parts), dotted=True)
