"""The schema of scenario files."""

from __future__ import annotations

import re

from kamcoach.model.fact import SEVERITY_WORDS, FactType, Words
from kamcoach.schema.conditions import pattern
from kamcoach.schema.deals import day, deal_table
from kamcoach.schema.parts import BLANK, FILLED, SCALAR, Parts, Schema, any_of, listed, matching, table
from kamcoach.schema.rules import rule_id, told_keys
from kamcoach.schema.words import KNOWN

_FIRES = ("certainly", "possibly", "never")


def scenario_table(parts: Parts) -> Schema:
    given = parts.ref("given", lambda: deal_table(parts, partial=True))
    keys = {
        "as_of": day(),
        "rule": rule_id(parts),
        "shared": any_of(given, BLANK),
        "scenarios": listed(_scenario(given, parts), 1),
    }
    return table(told_keys("scenarios", keys, parts), ("scenarios",))


def _scenario(given: Schema, parts: Parts) -> Schema:
    """An example deal, written here or taken from a file, and what is expected of it."""
    keys = {"name": FILLED, "row": SCALAR, "as_of": day(), "given": given, "deal": SCALAR, "expect": _expect(parts)}
    own = {"if": {"properties": {"deal": BLANK}}, "then": {"required": ["given"]}, "else": {"properties": {"given": False}}}
    return table(told_keys("scenario", keys, parts), ("name", "expect"), **own)


def _expect(parts: Parts) -> Schema:
    rules, paths, patterns = listed(rule_id(parts)), listed(_path(parts)), listed(pattern(parts))
    keys = {
        "fires": parts.one_of({one: KNOWN[f"fires.{one}"] for one in _FIRES}),
        "about": listed(SCALAR),
        "severity": any_of(parts.one_of(SEVERITY_WORDS), listed(parts.one_of(SEVERITY_WORDS))),
        **dict.fromkeys(("certain", "possible", "out"), patterns),
        **dict.fromkeys(("asks", "questions"), paths),
        **dict.fromkeys(("actions", "do_not", "advice"), rules),
    }
    return table(told_keys("expect", keys, parts), minProperties=1)


def _path(parts: Parts) -> Schema:
    """A field of a deal file: `contract.state`, `people`, `people.li.power`."""
    return parts.ref("path", lambda: _make_path(parts))


def _make_path(parts: Parts) -> Schema:
    plain = {path: label for one in parts.vocabulary.given for path, label in _plain_paths(one)}
    inner = [matching(_inner(one), f"{one.section}.<id>.<field>") for one in parts.vocabulary.given if one.plural]
    return any_of(parts.one_of(plain), *inner)


def _plain_paths(fact_type: FactType) -> list[tuple[str, Words]]:
    if fact_type.plural:
        return [(fact_type.section, fact_type.label)]
    return [(f"{fact_type.section}.{name}", field.label) for name, field in fact_type.fields.items()]


def _inner(fact_type: FactType) -> str:
    return rf"{re.escape(fact_type.section)}\.[^.]*\.(?:{'|'.join(map(re.escape, fact_type.fields))})"
