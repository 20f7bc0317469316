"""The schema of conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from kamcoach.model.fact import NUMERIC, FactType
from kamcoach.reading.scope import FORMS
from kamcoach.schema.fields import computed, reference, type_words
from kamcoach.schema.parts import BLANK, NAME, NEVER, Parts, Schema, any_of, listed, matching, table
from kamcoach.schema.tests import COUNTED, some_tests_on, test_of, tests_on
from kamcoach.schema.words import KNOWN

_MEASURES: Final = ("count", "sum", "min", "max", "distinct", "in_a_row", "tally", "compute")
_FITS: Final = {"sum": NUMERIC, "min": NUMERIC | {"date"}, "max": NUMERIC | {"date"}, "in_a_row": frozenset({"date"})}
_UNLIKE: Final[Schema] = {"properties": {}}
"""Says nothing. The language server takes alternatives that look alike for one, and then shows no words for any."""
Needs = Callable[[str, FactType, Parts], Schema]


def conditions(parts: Parts) -> Schema:
    """A list of conditions, or a single one."""
    return parts.ref("conditions", lambda: any_of({**listed(condition(parts), 1), **_UNLIKE}, *_single(parts)))


def condition(parts: Parts) -> Schema:
    return parts.ref("condition", lambda: any_of(*_single(parts)))


def pattern(parts: Parts) -> Schema:
    """What a scenario expects: a flag, or a pattern over one fact type."""
    return parts.ref("expected", lambda: any_of(*_flags(parts), _subject(parts)))


def name(parts: Parts) -> Schema:
    """The name after `as:`."""
    return parts.told(new_name(), KNOWN["condition.as"])


def new_name() -> Schema:
    return matching(f"(?!params$){NAME}", "one word of letters, digits and _, without $")


def _flags(parts: Parts) -> list[Schema]:
    flags = {one.name: one.label for one in parts.vocabulary.types.values() if one.shape == "flag"}
    return [parts.ref("flags", lambda: any_of(*parts.each(flags)))] if flags else []


def column() -> Schema:
    """A column of a decision table, where no other `$name` may stand."""
    return matching(rf"\${NAME}(?:\.[^\s$]+)?", "a value, or $row.column in a rule with a table")


def _single(parts: Parts) -> list[Schema]:
    return [*_flags(parts), column(), parts.ref("condition.table", lambda: _table(parts))]


def _table(parts: Parts) -> Schema:
    """Each form has keys of its own; without one, the table is a pattern over a fact type."""
    begun: dict[str, Schema] = {form: {"type": "object", "required": [form]} for form in FORMS}
    forms = [{"if": begun[form], "then": parts.ref(f"condition.{form}", _maker(form, parts))} for form in FORMS]
    plain = {"if": {"not": {"anyOf": list(begun.values())}}, "then": _heads(parts)}
    return {"type": "object", **_UNLIKE, "allOf": [*forms, plain]}


def _heads(parts: Parts) -> Schema:
    offered = {form: parts.told({}, KNOWN[f"condition.{form}"]) for form in FORMS}
    return _pattern(parts, offered)


def _subject(parts: Parts) -> Schema:
    return parts.ref("condition.pattern", lambda: _pattern(parts, {}))


def _pattern(parts: Parts, offered: dict[str, Schema]) -> Schema:
    """One fact type, and perhaps `as`."""
    types = {one.name: _tested(one, parts) for one in parts.vocabulary.types.values() if one.shape != "flag"}
    named: Schema = {"if": {"required": ["as"]}, "then": {"minProperties": 2, "maxProperties": 2}, "else": {"maxProperties": 1}}
    return table({**types, **offered, "as": name(parts)}, minProperties=1, **named)


def _tested(fact_type: FactType, parts: Parts) -> Schema:
    tested = test_of(fact_type.fields["value"], parts) if fact_type.shape == "value" else tests_on(fact_type, parts)
    said = type_words(fact_type, parts)
    return {"description": said, "allOf": [tested]} if said else tested


def subject(parts: Parts) -> Schema:
    """A pattern, or the bare name of a fact type."""
    labels = {one.name: one.label for one in parts.vocabulary.types.values()}
    return parts.ref("subject", lambda: any_of(*parts.each(labels), _subject(parts)))


def _maker(form: str, parts: Parts) -> Callable[[], Schema]:
    if form in ("none", "no_evidence_of", "evidence_of"):
        return lambda: table(_keys(form, conditions(parts), parts))
    if form == "any":
        return lambda: table(_keys(form, listed(conditions(parts), 1), parts))
    if form in _MEASURES:
        return lambda: _measure(form, parts)
    return lambda: _last(parts) if form == "last" else _every(parts)


def _keys(form: str, value: Schema, parts: Parts, *beside: str) -> dict[str, Schema]:
    """The key that names the form, and those that may stand beside it."""
    others: dict[str, Schema] = {key: parts.told({}, KNOWN[f"condition.{key}"]) for key in beside if key != "as"}
    return {form: parts.told(value, KNOWN[f"condition.{form}"]), **others, **({"as": name(parts)} if "as" in beside else {})}


def _measure(form: str, parts: Parts) -> Schema:
    """A number that is tested under `is` or named under `as`."""
    about = {"tally": listed(condition(parts), 1), "compute": any_of(reference(), computed(parts))}.get(form, subject(parts))
    named = {"count": (), "tally": (), "compute": (), "in_a_row": ("by",)}.get(form, ("of",))
    keys = _keys(form, about, parts, *named, "is", "as")
    said_nothing = {"if": {"properties": {"is": BLANK}}, "then": {"required": ["as"]}}
    if form not in ("min", "max"):
        keys["is"] = parts.told(any_of(test_of(COUNTED, parts), BLANK), KNOWN["condition.is"])
    each = _each(form, _of_field, parts) if named else []
    return table(keys, named, allOf=[said_nothing, *each])


def _each(form: str, needs: Needs, parts: Parts) -> list[Schema]:
    """What must hold beside the form, for each fact type that it may be about; types with the same needs share one entry."""
    found: list[tuple[Schema, list[str]]] = []
    for one in parts.vocabulary.types.values():
        needed = needs(form, one, parts)
        same = next((names for schema, names in found if schema == needed), None)
        if same is None:
            found.append((needed, [one.name]))
        else:
            same.append(one.name)
    return [{"if": _about(form, names), "then": schema} for schema, names in found]


def _about(form: str, names: list[str]) -> Schema:
    patterns = any_of(*({"required": [one]} for one in names))
    return {"required": [form], "properties": {form: any_of({"enum": names}, {"type": "object", **patterns})}}


def _of_field(form: str, fact_type: FactType, parts: Parts) -> Schema:
    """The fields that can be added up, compared, or counted back by."""
    key = "by" if form == "in_a_row" else "of"
    fields = {one: field for one, field in fact_type.fields.items() if form == "distinct" or field.kind in _FITS[form]}
    if not fields:
        return {"properties": {key: NEVER}}
    found: Schema = {"properties": {key: parts.one_of({one: field.label for one, field in fields.items()})}}
    if form in ("min", "max"):
        tests = {one: any_of(test_of(field, parts), BLANK) for one, field in fields.items()}
        found["allOf"] = [{"if": {"properties": {key: {"const": one}}}, "then": {"properties": {"is": is_}}} for one, is_ in tests.items()]
    return found


def _every(parts: Parts) -> Schema:
    def satisfied(_form: str, one: FactType, parts: Parts) -> Schema:
        return {"properties": {"satisfies": some_tests_on(one, parts) if one.fields else NEVER}}

    return table(_keys("every", subject(parts), parts, "satisfies"), ("satisfies",), allOf=_each("every", satisfied, parts))


def _last(parts: Parts) -> Schema:
    def newest(_form: str, one: FactType, parts: Parts) -> Schema:
        dates = _of_field("in_a_row", one, parts)["properties"]
        return {"properties": {**dates, "is": any_of(some_tests_on(one, parts), BLANK) if one.fields else BLANK}}

    return table(_keys("last", subject(parts), parts, "by", "is", "as"), ("by",), allOf=_each("last", newest, parts))


def fields_of(types: Iterable[FactType]) -> dict[str, list[FactType]]:
    """Every derived field by its name, with the types that have one."""
    found: dict[str, list[FactType]] = {}
    for one in types:
        for field in one.fields.values():
            if field.derived:
                found.setdefault(field.name, []).append(one)
    return found
