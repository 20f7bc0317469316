"""The schema of `vocabulary.yaml`. What a vocabulary declares may be used in the same file, so names are offered and not enforced."""

from __future__ import annotations

from typing import Final, get_args

from kamcoach.model.fact import SEVERITIES, Kind
from kamcoach.reading.declarations import RESERVED
from kamcoach.reading.scope import FORMS
from kamcoach.schema.conditions import conditions
from kamcoach.schema.parts import BLANK, BOOL, DECLARED, FILLED, NUMBER, SCALAR, Parts, Schema, any_of, listed, table
from kamcoach.schema.rules import kebab, told_keys, words
from kamcoach.schema.words import KNOWN

_KINDS: Final = tuple(kind for kind in get_args(Kind) if kind != "any")
_NO_VALUES: Final = ("known", "unknown", "", "null", "~")


def vocabulary_table(parts: Parts) -> Schema:
    of_type = parts.ref("fact", lambda: _fact(parts))
    keys = {
        "facts": _named(of_type, FORMS),
        "derived": _named(parts.ref("derived", lambda: _derived(parts)), FORMS),
        "enums": _named(parts.ref("enum", lambda: _enum(parts)), ()),
        "checks": any_of(listed(_check(parts)), BLANK),
    }
    enums = keys["enums"]["anyOf"][0]
    enums["properties"] = {"severity": _enum(parts, SEVERITIES)}
    return table(told_keys("vocabulary", keys, parts))


def _named(inner: Schema, taken: tuple[str, ...]) -> Schema:
    """Declarations by their names, none of which may be a word of the rule language."""
    words_taken = "|".join(sorted((*RESERVED, *taken)))
    names = {"pattern": f"^(?!(?:{words_taken})$){DECLARED}$", "patternErrorMessage": "this word has a meaning of its own"}
    return any_of({"type": "object", "propertyNames": names, "additionalProperties": inner}, BLANK)


def _fact(parts: Parts) -> Schema:
    keys = {
        "list": SCALAR,
        "key": SCALAR,
        **dict.fromkeys(("label", "ask", "note", "says", "denies"), words()),
        "fields": _fields(parts, derived=False),
        "derived": _fields(parts, derived=True),
    }
    return table(told_keys("type", keys, parts))


def _fields(parts: Parts, *, derived: bool) -> Schema:
    name = "field.derived" if derived else "field.given"
    return _named(parts.ref(name, lambda: _field(parts, derived=derived)), ())


def _field(parts: Parts, *, derived: bool) -> Schema:
    """One field; an enum needs `of`, a reference needs `to`."""
    kinds = {kind: KNOWN[f"kind.{kind}"] for kind in _KINDS if derived or kind != "flag"}
    enum = any_of(*parts.each({name: {} for name in parts.vocabulary.enums}), SCALAR)
    target = any_of(*parts.each({one.name: one.label for one in parts.vocabulary.types.values() if one.key}), SCALAR)
    keys = {
        "type": parts.one_of(kinds),
        "of": enum,
        "to": target,
        "by": enum,
        **dict.fromkeys(("min", "max"), any_of(NUMBER, BLANK)),
        **dict.fromkeys(("required", "acyclic"), BOOL),
        **dict.fromkeys(("label", "ask", "note", "says", "denies"), words()),
    }
    needs = [
        {"if": _is("type", kind), "then": {"required": [key], "properties": {key: FILLED}}} for kind, key in (("enum", "of"), ("ref", "to"))
    ]
    circle = {"if": _is("acyclic", value=True), "then": {"properties": {"type": {"const": "ref"}}}}
    return table(told_keys("field", keys, parts), ("type",), allOf=[*needs, circle])


def _is(key: str, value: str | bool) -> Schema:  # noqa: FBT001  (the value of a constant)
    return {"required": [key], "properties": {key: {"const": value}}}


def _derived(parts: Parts) -> Schema:
    """A fact with fields, or one value or flag declared like a field."""
    keys = {**dict.fromkeys(("label", "note"), words()), "fields": _fields(parts, derived=True)}
    value = parts.ref("field.derived", lambda: _field(parts, derived=True))
    return {"type": "object", "if": {"required": ["fields"]}, "then": table(told_keys("type", keys, parts)), "else": value}


def _enum(parts: Parts, only: tuple[str, ...] = ()) -> Schema:
    names: Schema = {"enum": list(only)} if only else {"not": {"enum": list(_NO_VALUES)}, "pattern": r"\S"}
    values = {"type": "object", "propertyNames": names, "additionalProperties": words()}
    return table(told_keys("enum", {"ordered": BOOL, "values": values}, parts), ("values",))


def _check(parts: Parts) -> Schema:
    levels = parts.one_of({one: KNOWN[f"level.{one}"] for one in ("error", "warning")})
    keys = {
        "id": kebab(),
        "when": any_of(conditions(parts), {"type": ["object", "array", "string"]}),
        "at": FILLED,
        "severity": any_of(levels, BLANK),
        "message": words(needed=True),
    }
    return table(told_keys("check", keys, parts), ("id", "when", "at", "message"))
