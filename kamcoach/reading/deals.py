"""Reading a deal file into given facts, every value with its place."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Map
from datetime import date
from pathlib import Path
from typing import Final

from kamcoach.model.deal import Deal
from kamcoach.model.fact import Fact, FactType, Field, Value, Vocabulary
from kamcoach.reading.fields import Problems, check_keys, is_list, is_mapping, iso_date, nearest, read_value
from kamcoach.reading.nodes import Mapping, Node, Refused, Scalar, decode, parse, read_file
from kamcoach.source import Diagnostic, Location

SCHEMA_VERSION: Final = "1"


def read_deal(path: Path, vocabulary: Vocabulary, problems: Problems) -> Deal | None:
    """The deal in a file; None if it cannot be read at all."""
    root = read_file(path, problems)
    return deal_of(root, str(path), vocabulary, problems) if root is not None else None


def read_deal_text(data: bytes, name: str, vocabulary: Vocabulary, problems: Problems) -> Deal | None:
    """The deal in bytes that did not come from a file."""
    try:
        root = parse(decode(data, name), name, problems)
    except Refused as refused:
        problems.append(refused.diagnostic)
        return None
    return deal_of(root, name, vocabulary, problems) if root is not None else None


def deal_of(root: Node, name: str, vocabulary: Vocabulary, problems: Problems, *, partial: bool = False) -> Deal | None:
    """Given facts from a located table. `partial`: nothing is required (scenarios)."""
    table = is_mapping(root, "A deal", problems)
    if table is None:
        return None
    sections = [t.section for t in vocabulary.given()]
    needed = [] if partial else [t.section for t in vocabulary.given() if any(f.required for f in t.fields.values()) and not t.plural]
    check_keys(table, ("schema_version", "as_of", *sections), needed, "A deal file", problems)
    _check_version(table, problems, partial=partial)
    facts: list[Fact] = []
    for fact_type in vocabulary.given():
        facts.extend(_facts(table, fact_type, vocabulary, problems, partial=partial))
    _check_references(facts, vocabulary, problems)
    return Deal(name, tuple(facts), _as_of(table, problems))


def _check_version(table: Mapping, problems: Problems, *, partial: bool) -> None:
    node = table.get("schema_version")
    if node is None and not partial:
        problems.append(Diagnostic(table.at, "missing-key", "A deal file needs 'schema_version'.", f"write schema_version: {SCHEMA_VERSION}"))
    elif node is not None and not (isinstance(node, Scalar) and node.text == SCHEMA_VERSION):
        problems.append(
            Diagnostic(node.at, "unknown-version", "This version of the deal format is not known.", f"write schema_version: {SCHEMA_VERSION}")
        )


def _as_of(table: Mapping, problems: Problems) -> date | None:
    node = table.get("as_of")
    if node is None or (isinstance(node, Scalar) and node.absent):
        return None
    found = iso_date(node.text) if isinstance(node, Scalar) else None
    if found is None:
        problems.append(Diagnostic(node.at, "bad-date", "'as_of' must be a date.", "write it as year-month-day, such as 2026-03-01"))
    return found


def _facts(table: Mapping, fact_type: FactType, vocabulary: Vocabulary, problems: Problems, *, partial: bool) -> Iterator[Fact]:
    node = table.get(fact_type.section)
    if node is not None and isinstance(node, Scalar) and (node.absent or node.text == "unknown"):
        node = None
    if not fact_type.plural:
        inner = is_mapping(node, f"'{fact_type.section}'", problems) if node is not None else None
        yield _fact(inner, fact_type, fact_type.name, table.at, vocabulary, problems, partial=partial)
    elif node is None:
        yield Fact(fact_type.name, {}, "?", None, {}, unasked=True)
    else:
        yield from _items(node, fact_type, vocabulary, problems, partial=partial)


def _items(node: Node, fact_type: FactType, vocabulary: Vocabulary, problems: Problems, *, partial: bool) -> Iterator[Fact]:
    listed = is_list(node, f"'{fact_type.section}'", problems)
    seen: dict[str, Location] = {}
    for number, item in enumerate(listed.items if listed else (), 1):
        inner = is_mapping(item, f"An item of '{fact_type.section}'", problems)
        if inner is None:
            continue
        named = inner.get(fact_type.key) if fact_type.key else None
        key = named.text if isinstance(named, Scalar) and not named.absent else f"#{number}"
        if key in seen and named is not None:
            message = f"The {fact_type.key} '{key}' is already taken."
            problems.append(Diagnostic(named.at, "repeated-id", message, f"first used at line {seen[key].line}"))
            continue
        seen[key] = inner.at
        yield _fact(inner, fact_type, key, inner.at, vocabulary, problems, partial=partial)


def _fact(
    table: Mapping | None, fact_type: FactType, key: str, at: Location, vocabulary: Vocabulary, problems: Problems, *, partial: bool
) -> Fact:
    values: dict[str, Value] = {}
    places: dict[str, Location] = {}
    given = {name: field for name, field in fact_type.fields.items() if not field.derived}
    if table is not None:
        for name, node in _flat(table, fact_type, given, problems):
            places[name] = node.at
            value = read_value(node, given[name], vocabulary, problems)
            if value is not None:
                values[name] = value
        if not partial:
            needed = [n for n, f in given.items() if f.required and n not in places]
            problems.extend(Diagnostic(table.at, "missing-key", f"'{fact_type.section}' needs '{name}'.") for name in needed)
    return Fact(fact_type.name, values, key, table.at if table is not None else None, places)


def _flat(table: Mapping, fact_type: FactType, given: Map[str, Field], problems: Problems, prefix: str = "") -> Iterator[tuple[str, Node]]:
    """Field names with their nodes; a table under a group's name is opened up."""
    for key, node in table.entries:
        name = prefix + key.text
        if name in given:
            yield name, node
        elif any(field.startswith(name + ".") for field in given):
            inner = is_mapping(node, f"'{name}'", problems) if not (isinstance(node, Scalar) and node.absent) else None
            if inner is not None:
                yield from _flat(inner, fact_type, given, problems, name + ".")
        else:
            problems.append(_unknown_field(key, name, prefix, fact_type, given))


def _unknown_field(key: Scalar, name: str, prefix: str, fact_type: FactType, given: Map[str, Field]) -> Diagnostic:
    here = {field[len(prefix) :].split(".")[0] for field in given if field.startswith(prefix)}
    deeper = [field for field in given if field.endswith("." + key.text)]
    derived = fact_type.fields.get(name)
    if derived is not None and derived.derived:
        hint = "the rules conclude it; it is not written in a deal file"
    elif deeper and not prefix:
        hint = f"it stands in the group '{deeper[0].rsplit('.', 1)[0]}'"
    else:
        hint = nearest(key.text, here)
    return Diagnostic(key.at, "unknown-field", f"'{prefix.rstrip('.') or fact_type.section}' has no field '{key.text}'.", hint)


def _check_references(facts: list[Fact], vocabulary: Vocabulary, problems: Problems) -> None:
    keys: dict[str, set[str]] = {}
    for fact in facts:
        keys.setdefault(fact.type, set()).update([] if fact.unasked else [fact.key])
    for fact in facts:
        for name, value in fact.fields.items():
            field = vocabulary.types[fact.type].fields[name]
            if field.to:
                for target in value if isinstance(value, tuple) else (str(value),):
                    if target not in keys[field.to]:
                        section = vocabulary.types[field.to].section
                        hint = nearest(target, keys[field.to]) if keys[field.to] else f"the file has no '{section}'"
                        message = f"'{name}' names '{target}', and nobody in '{section}' has this id."
                        problems.append(Diagnostic(fact.place(name) or fact.at or Location(""), "dangling-reference", message, hint))
    for fact_type in vocabulary.given():
        for field in fact_type.fields.values():
            if field.acyclic:
                _check_circle([f for f in facts if f.type == fact_type.name], field.name, problems)


def _check_circle(facts: list[Fact], name: str, problems: Problems) -> None:
    """Note each circle once, at its first member in the file."""
    up = {fact.key: str(fact.fields[name]) for fact in facts if name in fact.fields}
    done: set[str] = set()
    for fact in facts:
        path: list[str] = []
        key = fact.key
        while key in up and key not in done and key not in path:
            path.append(key)
            key = up[key]
        if key in path:
            circle = " → ".join([*path[path.index(key) :], key])
            at = next(f for f in facts if f.key == key).place(name) or Location("")
            problems.append(Diagnostic(at, "circle", f"'{name}' goes round in a circle: {circle}."))
        done.update(path)
