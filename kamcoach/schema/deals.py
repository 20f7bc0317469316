"""The schema of deal files, also of the partial ones in scenarios."""

from __future__ import annotations

from kamcoach.model.fact import FactType, Field
from kamcoach.reading.deals import SCHEMA_VERSION
from kamcoach.schema.fields import explained, given_value, grouped, heads, type_words
from kamcoach.schema.parts import DATE, LIST, Parts, Schema, any_of, table
from kamcoach.schema.words import KNOWN


def deal_table(parts: Parts, *, partial: bool) -> Schema:
    """A whole deal file, or one in which nothing is required (`partial`)."""
    sections = {one.section: _section(one, parts, partial=partial) for one in parts.vocabulary.given}
    head = {
        "schema_version": parts.told({"enum": [int(SCHEMA_VERSION), SCHEMA_VERSION]}, KNOWN["deal.schema_version"]),
        "as_of": parts.told(day(), KNOWN["deal.as_of"]),
    }
    needed = [] if partial else ["schema_version", *(one.section for one in parts.vocabulary.given if _must(one))]
    return table({**head, **sections}, needed)


def day() -> Schema:
    """A date, or nothing."""
    return {"type": ["string", "null"], "pattern": f"^(?:unknown|{DATE})$", "errorMessage": "a date: year-month-day, such as 2026-03-01"}


def _must(fact_type: FactType) -> bool:
    return not fact_type.plural and any(field.required for field in fact_type.fields.values())


def _section(fact_type: FactType, parts: Parts, *, partial: bool) -> Schema:
    nothing = [] if _must(fact_type) and not partial else ["null"]
    said = type_words(fact_type, parts)
    item = _item(fact_type, parts, partial=partial)
    if fact_type.plural:
        found: Schema = {"type": ["array", "string", *nothing], "pattern": "^unknown$", "items": item, "errorMessage": LIST}
    else:
        found = {**item, "type": ["object", "string", *nothing], "pattern": "^unknown$"}
    return {**found, "description": said} if said else found


def _item(fact_type: FactType, parts: Parts, *, partial: bool) -> Schema:
    def value(field: Field) -> Schema:
        return explained(given_value(field, parts, needed=field.required and not partial), field, parts)

    given = {name: field for name, field in fact_type.fields.items() if not field.derived}
    needed = [] if partial else [name for name, field in given.items() if field.required]
    inside = [_there(name) for name in needed if "." in name]
    more = {"allOf": inside} if inside else {}
    return table(grouped(given, value, dotted=False), [name for name in needed if "." not in name], **more)


def _there(name: str) -> Schema:
    """That a field is there, by its whole name or inside the table of its group."""
    inner = [
        {"required": [head], "properties": {head: {"type": "object", **_there(name.removeprefix(f"{head}."))}}} for head in heads(name)
    ]
    return any_of({"required": [name]}, *inner)
