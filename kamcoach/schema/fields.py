"""The values of fields: what a deal file may say of them, and what rules may compare them with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kamcoach.model.fact import NUMERIC, FactType, Field, Words
from kamcoach.reading.fields import describe, member_of
from kamcoach.reading.shapes import MAX_TEXT
from kamcoach.schema.parts import BOOL, DATE, LARGEST, LIST, NUMBER, REFERENCE, SLUG, TEXT, Parts, Schema, any_of, listed, matching
from kamcoach.schema.words import KNOWN

_ID: Final = "a short id: letters, digits, - and _ only, no spaces"
_DATE: Final = "a date: year-month-day, such as 2026-03-01"
Make = Callable[[Field], Schema]


def given_value(field: Field, parts: Parts, *, needed: bool) -> Schema:
    """What a deal file may say: a value, or that it is unknown. `needed`: not nothing."""
    nothing: list[str] = [] if needed else ["null"]
    unknown: list[str | None] = ["unknown"] if needed else ["unknown", None]
    if field.kind == "text":
        return {"type": ["string", "number", "boolean", *nothing], "maxLength": MAX_TEXT, "errorMessage": "a text is wanted here"}
    if field.kind == "enum":
        return parts.one_of(parts.vocabulary.enums[field.of].values, *unknown)
    if field.kind == "bool":
        return {"enum": [True, False, *unknown]}
    if field.kind == "set":
        return {"type": ["array", "string", *nothing], "pattern": "^unknown$", "items": _member(field, parts), "errorMessage": LIST}
    if field.kind in NUMERIC:
        message = describe(field, parts.vocabulary)
        kinds = [_number_type(field), "string", *nothing]
        return {"type": kinds, "pattern": "^unknown$", **_range(field), "errorMessage": f"must be {message}"}
    if field.kind == "date":
        return {"type": ["string", *nothing], "pattern": f"^(?:unknown|{DATE})$", "errorMessage": _DATE}
    return _slug(nothing, "" if field.kind == "key" else "unknown$|")


def _slug(nothing: list[str], also: str) -> Schema:
    """An id; a whole number is one too, as YAML hands it over."""
    kinds = ["string", "integer", *nothing]
    return {"type": kinds, "pattern": f"^(?:{also}{SLUG})$", "maxLength": 100, "minimum": 0, "errorMessage": _ID}


def _member(field: Field, parts: Parts) -> Schema:
    """A member of a set, which must say something."""
    member = member_of(field)
    return {**TEXT, "pattern": "^(?!unknown$)"} if member.kind == "text" else constant(member, parts)


def _number_type(field: Field) -> str:
    return "integer" if field.kind == "int" else "number"


def _range(field: Field) -> Schema:
    return {
        "minimum": -LARGEST if field.low is None else field.low,
        "maximum": LARGEST if field.high is None else field.high,
    }


def constant(field: Field, parts: Parts) -> Schema:
    """A plain value of a field, as it may stand in a rule; `known` and `unknown` are none."""
    if field.kind == "enum":
        return parts.ref(f"enum.{field.of}", lambda: parts.one_of(parts.vocabulary.enums[field.of].values))
    if field.kind in ("bool", "flag"):
        return BOOL
    if field.kind == "set":
        return listed(_member(field, parts))
    if field.kind in NUMERIC:
        return {"type": _number_type(field), **_range(field), "errorMessage": f"must be {describe(field, parts.vocabulary)}"}
    if field.kind == "date":
        return matching(DATE, _DATE)
    if field.kind in ("text", "any"):
        return {**TEXT, "pattern": "^(?!(?:known|unknown)$)"}
    return _slug([], "")


def operand(field: Field, parts: Parts) -> Schema:
    """What may stand on the right of a comparison: a plain value, `$name.field`, `$params.name`, a computed value."""
    return parts.ref(f"value.{signature(field)}", lambda: _operand(field, parts))


def _operand(field: Field, parts: Parts) -> Schema:
    found = [constant(field, parts)]
    if field.kind in NUMERIC or field.kind == "any":
        found.extend((*parts.ref_to_params(), computed(parts)))
    return any_of(*found, reference())


def reference() -> Schema:
    return matching(REFERENCE, "$name or $name.field")


def signature(field: Field) -> str:
    """Fields of the same signature take the same values and the same tests."""
    bounds = [f"{one:g}" for one in (field.low, field.high) if one is not None] if field.kind in NUMERIC else []
    sides = ["from" if field.low is not None else "to"] if len(bounds) == 1 else []
    return ".".join([field.kind, *([field.of] if field.of else ["id"] if field.to else []), *sides, *bounds])


def computed(parts: Parts) -> Schema:
    """`{difference: [a, b]}` and its kin."""
    return parts.ref("computed", lambda: _computed(parts))


def _computed(parts: Parts) -> Schema:
    number = any_of(NUMBER, *parts.ref_to_params(), reference(), computed(parts))
    day = any_of(matching(DATE, _DATE), reference())
    two = {**listed(number, 2), "maxItems": 2}
    forms = {
        "difference": any_of(two, {**listed(day, 2), "maxItems": 2}),
        "sum": listed(number, 2),
        "product": listed(number, 2),
        "ratio": two,
    }
    properties = {name: parts.told(form, KNOWN[f"computed.{name}"]) for name, form in forms.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False, "minProperties": 1, "maxProperties": 1}


def grouped(fields: Mapping[str, Field], make: Make, *, dotted: bool, prefix: str = "") -> dict[str, Schema]:
    """A property for each field, and for each group of fields a table of its own; one of the two ways to write a group is suggested."""
    found: dict[str, Schema] = {}
    below = {name.removeprefix(prefix): field for name, field in fields.items() if name.startswith(prefix)}
    for name, field in below.items():
        found[name] = make(field) if dotted or "." not in name else {**make(field), "doNotSuggest": True}
    for group in dict.fromkeys(head for name in below for head in heads(name)):
        if group not in found:
            inner = grouped(fields, make, dotted=dotted, prefix=f"{prefix}{group}.")
            unknown = {} if dotted else {"pattern": "^unknown$"}
            kind = "object" if dotted else ["object", "null", "string"]
            hidden = {"doNotSuggest": True} if dotted or "." in group else {}
            found[group] = {"type": kind, "properties": inner, "additionalProperties": False, **unknown, **hidden}
    return found


def heads(name: str) -> list[str]:
    """Every group that a dotted name stands in: "a" and "a.b" of "a.b.c"."""
    words = name.split(".")
    return [".".join(words[:count]) for count in range(1, len(words))]


def explained(schema: Schema, field: Field, parts: Parts) -> Schema:
    """The schema of a field with its label, its scale, its meaning and the question that asks for it."""
    bounds = f" ({_bound(field.low)} … {_bound(field.high)})" if field.kind in NUMERIC and None not in (field.low, field.high) else ""
    ask: Words = {one: text.replace("{this}", "…").replace("{account}", "…") for one, text in field.ask.items()}
    return parts.told(schema, field.label, field.note, ask, more=bounds)


def _bound(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def type_words(fact_type: FactType, parts: Parts) -> str:
    return parts.words(fact_type.label, fact_type.note)
