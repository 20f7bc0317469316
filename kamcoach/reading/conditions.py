"""Reading the if-part of a rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kamcoach.model.condition import (
    Aggregate,
    AnyOf,
    Compute,
    Condition,
    Every,
    FieldTest,
    Last,
    No,
    Pattern,
    Tally,
    Test,
)
from kamcoach.model.fact import NUMERIC, FactType, Field
from kamcoach.reading.fields import check_keys, is_list, is_mapping, nearest, text_of
from kamcoach.reading.nodes import Mapping, Node, Scalar, Sequence
from kamcoach.reading.scope import Bound, Scope
from kamcoach.reading.tests import NUMBER, read_operand, read_test

AGGREGATES: Final = ("count", "sum", "min", "max", "distinct", "in_a_row")


def read_conditions(node: Node, scope: Scope) -> tuple[Condition, ...]:
    """A list of conditions (or a single one); names bound by the earlier may be used by the later."""
    items = node.items if isinstance(node, Sequence) else (node,)
    return tuple(condition for item in items if (condition := read_condition(item, scope)) is not None)


def read_condition(node: Node, scope: Scope) -> Condition | None:
    if isinstance(node, Scalar):
        return _flag(node, scope)
    if isinstance(node, Sequence):
        scope.note(node.at, "wrong-shape", "A condition cannot be a list.", "write each condition on a line of its own with `-`")
        return None
    form = next((key.text for key in node.keys() if key.text in _FORMS), None)
    if form is not None:
        return _FORMS[form](node, scope)
    return _pattern_of(node, scope)


def _flag(node: Scalar, scope: Scope) -> Condition | None:
    fact_type = scope.type(node.text, node.at)
    if fact_type is None:
        return None
    if fact_type.shape != "flag":
        scope.note(node.at, "wrong-shape", f"'{node.text}' is no flag.", f"write a test: `{node.text}: …`")
        return None
    return Pattern(fact_type.name, at=node.at)


def _pattern_of(node: Mapping, scope: Scope) -> Pattern | None:
    """A table with one fact type and perhaps `as`."""
    heads = [entry for entry in node.entries if entry[0].text != "as"]
    if len(heads) != 1:
        names = ", ".join(key.text for key, _ in heads) or "nothing"
        hint = "one fact type a condition; indent the tests below it" if len(heads) > 1 else "name a fact type"
        scope.note(node.at, "wrong-shape", f"A condition names one fact type; here stands {names}.", hint)
        return None
    key, value = heads[0]
    fact_type = scope.type(key.text, key.at)
    if fact_type is None:
        return None
    bind = read_name(node, scope)
    if fact_type.shape == "flag":
        scope.note(key.at, "wrong-shape", f"'{key.text}' is a flag.", f"write `- {key.text}`, or `- none: {key.text}`")
        return None
    if fact_type.shape == "value":
        field = fact_type.fields["value"]
        scope.bind(bind, Bound(None, field), node.at)
        test = read_test(value, field, scope)
        return Pattern(fact_type.name, (FieldTest("value", test, value.at),), (), bind, key.at) if test is not None else None
    scope.bind(bind, Bound(fact_type), node.at)
    tests, either = read_tests(value, fact_type, scope)
    return Pattern(fact_type.name, tests, either, bind, key.at)


def read_name(node: Mapping, scope: Scope) -> str:
    """The name after `as:`, or ""."""
    name = text_of(node.get("as"), "'as'", scope.problems)
    if name.startswith("$"):
        scope.note(node.at, "bad-name", f"Write the name after `as:` without `$`: {name[1:]}.")
    return name.lstrip("$")


def read_tests(node: Node, fact_type: FactType, scope: Scope) -> tuple[tuple[FieldTest, ...], tuple[tuple[FieldTest, ...], ...]]:
    """The field tests of a pattern, and its `either` groups."""
    table = is_mapping(node, f"The tests on '{fact_type.name}'", scope.problems)
    tests: list[FieldTest] = []
    either: list[tuple[FieldTest, ...]] = []
    for key, value in table.entries if table else ():
        if key.text == "either":
            groups = is_list(value, "'either'", scope.problems)
            either.extend(read_tests(group, fact_type, scope)[0] for group in (groups.items if groups else ()))
        elif key.text not in fact_type.fields and isinstance(value, Mapping) and _is_group(key.text, fact_type):
            tests.extend(_group(key.text, value, fact_type, scope))
        elif (field := scope.field(fact_type, key.text, key.at)) is not None:
            test = read_test(value, field, scope)
            if test is not None:
                tests.append(FieldTest(field.name, test, key.at))
    return tuple(tests), tuple(either)


def _is_group(name: str, fact_type: FactType) -> bool:
    return any(field.startswith(name + ".") for field in fact_type.fields)


def _group(name: str, node: Mapping, fact_type: FactType, scope: Scope) -> list[FieldTest]:
    found: list[FieldTest] = []
    for key, value in node.entries:
        field = scope.field(fact_type, f"{name}.{key.text}", key.at)
        test = read_test(value, field, scope) if field is not None else None
        if field is not None and test is not None:
            found.append(FieldTest(field.name, test, key.at))
    return found


def _no(node: Mapping, scope: Scope) -> Condition | None:
    key, value = node.entries[0]
    check_keys(node, (key.text,), (), f"'{key.text}'", scope.problems)
    inner = read_conditions(value, scope.inner())
    return No(key.text, inner, key.at) if inner else None  # type: ignore[arg-type]


def _every(node: Mapping, scope: Scope) -> Condition | None:
    check_keys(node, ("every", "satisfies"), ("satisfies",), "'every'", scope.problems)
    inner = scope.inner()
    pattern = _inner_pattern(node.get("every"), inner)
    wanted = node.get("satisfies")
    if pattern is None or wanted is None:
        return None
    tests, _ = read_tests(wanted, scope.vocabulary.types[pattern.type], inner)
    return Every(pattern, tests, node.at)


def _any(node: Mapping, scope: Scope) -> Condition | None:
    check_keys(node, ("any",), (), "'any'", scope.problems)
    groups = is_list(node.entries[0][1], "'any'", scope.problems)
    alternatives = [read_conditions(group, scope.inner()) for group in (groups.items if groups else ())]
    return AnyOf(tuple(a for a in alternatives if a), node.at) if any(alternatives) else None


def _aggregate(node: Mapping, scope: Scope) -> Condition | None:
    how = next(key.text for key in node.keys() if key.text in AGGREGATES)
    by = {"count": (), "in_a_row": ("by",)}.get(how, ("of",))
    check_keys(node, (how, *by, "is", "as"), by, f"'{how}'", scope.problems)
    pattern = _inner_pattern(node.get(how), scope.inner())
    if pattern is None:
        return None
    field = _aggregated_field(node, by[0], pattern, scope) if by else NUMBER
    if field is None:
        return None
    value = field if how in ("min", "max") else NUMBER
    test, bind = _is_and_as(node, value, how, scope)
    return Aggregate(how, pattern, field.name if by else "", bind, test, node.at)  # type: ignore[arg-type]


def _aggregated_field(node: Mapping, key: str, pattern: Pattern, scope: Scope) -> Field | None:
    named = node.get(key)
    if named is None:
        return None
    field = scope.field(scope.vocabulary.types[pattern.type], text_of(named, f"'{key}'", scope.problems), named.at)
    if field is None:
        return None
    how = next(k.text for k in node.keys() if k.text in AGGREGATES)
    fits = {"sum": field.kind in NUMERIC, "in_a_row": field.kind == "date"}.get(how, True)
    if how in ("min", "max"):
        fits = field.kind in NUMERIC or field.kind == "date"
    if not fits:
        scope.note(named.at, "wrong-comparison", f"'{how}' does not go with '{field.name}'.")
        return None
    return field


def _is_and_as(node: Mapping, value: Field, what: str, scope: Scope) -> tuple[Test | None, str]:
    wanted = node.get("is")
    test = read_test(wanted, value, scope) if wanted is not None else None
    bind = read_name(node, scope)
    scope.bind(bind, Bound(None, value), node.at)
    if wanted is None and not bind:
        scope.note(node.at, "missing-key", f"'{what}' needs `is:` (a test) or `as:` (a name).")
    return test, bind


def _last(node: Mapping, scope: Scope) -> Condition | None:
    check_keys(node, ("last", "by", "is", "as"), ("by",), "'last'", scope.problems)
    pattern = _inner_pattern(node.get("last"), scope.inner())
    named = node.get("by")
    if pattern is None or named is None:
        return None
    fact_type = scope.vocabulary.types[pattern.type]
    by = scope.field(fact_type, text_of(named, "'by'", scope.problems), named.at)
    if by is None:
        return None
    if by.kind != "date":
        scope.note(named.at, "wrong-comparison", f"'{by.name}' is no date.")
        return None
    bind = read_name(node, scope)
    scope.bind(bind, Bound(fact_type), node.at)
    wanted = node.get("is")
    tests = read_tests(wanted, fact_type, scope)[0] if wanted is not None else ()
    return Last(pattern, by.name, bind, tests, node.at)


def _compute(node: Mapping, scope: Scope) -> Condition | None:
    check_keys(node, ("compute", "is", "as"), (), "'compute'", scope.problems)
    named = node.get("compute")
    value = read_operand(named, Field("value", "any"), scope) if named is not None else None
    test, bind = _is_and_as(node, NUMBER, "compute", scope)
    return Compute(value, bind, test, node.at) if value is not None else None


def _tally(node: Mapping, scope: Scope) -> Condition | None:
    check_keys(node, ("tally", "is", "as"), (), "'tally'", scope.problems)
    listed = node.get("tally")
    groups = is_list(listed, "'tally'", scope.problems) if listed is not None else None
    inner = [c for item in (groups.items if groups else ()) if (c := read_condition(item, scope.inner())) is not None]
    test, bind = _is_and_as(node, NUMBER, "tally", scope)
    return Tally(tuple(inner), bind, test, node.at) if inner else None


def _inner_pattern(node: Node | None, scope: Scope) -> Pattern | None:
    if isinstance(node, Scalar):
        fact_type = scope.type(node.text, node.at)
        return Pattern(fact_type.name, at=node.at) if fact_type is not None else None
    if isinstance(node, Mapping):
        found = next((key for key in node.keys() if key.text in _FORMS), None)
        if found is not None:
            scope.note(found.at, "wrong-shape", f"Only a pattern may stand here, not '{found.text}'.")
            return None
        return _pattern_of(node, scope)
    if node is not None:
        scope.note(node.at, "wrong-shape", "A single pattern is wanted here.", nearest("", ()))
    return None


_FORMS: Final[dict[str, Callable[[Mapping, Scope], Condition | None]]] = {
    "none": _no,
    "no_evidence_of": _no,
    "evidence_of": _no,
    "every": _every,
    "any": _any,
    **dict.fromkeys(AGGREGATES, _aggregate),
    "last": _last,
    "compute": _compute,
    "tally": _tally,
}
