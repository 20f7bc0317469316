"""Reading the right-hand side of a condition: operands and tests, checked against the field they are for."""

from __future__ import annotations

import re
from typing import Final

from kamcoach.model.condition import AllOf, Compare, Computed, Constant, Days, Known, Not, OneOf, Operand, Parameter, Reference, Size, Test
from kamcoach.model.fact import NUMERIC, Field
from kamcoach.reading.fields import check_keys, describe, nearest, read_value
from kamcoach.reading.nodes import Mapping, Node, Scalar, Sequence
from kamcoach.reading.scope import Bound, Scope, comparable

ORDERING: Final = ("at_least", "at_most", "above", "below")
OPERATORS: Final = (*ORDERING, "not", "recorded", "in", "has", "has_any", "size", "contains", "starts_with", "days_ago", "days_ahead")
COMPUTED: Final = ("difference", "sum", "product", "ratio")
NUMBER: Final = Field("number", "number")
_REFERENCE: Final = re.compile(r"\$(\w[\w-]*)(?:\.([\w.-]+))?")
_SIGNS: Final = {">": "above", ">=": "at_least", "<": "below", "<=": "at_most", "=": "", "==": "", "!=": "not"}


def read_test(node: Node, field: Field, scope: Scope) -> Test | None:
    """A test on the field, or None if it makes no sense (noted)."""
    if isinstance(node, Scalar):
        if node.plain and node.text in ("known", "unknown"):
            return Known(node.text == "known")
        return _equals(node, field, scope)
    if isinstance(node, Sequence):
        return _one_of(node, field, scope)
    if any(key.text in COMPUTED for key in node.keys()):
        operand = read_operand(node, field, scope)
        return Compare("equals", operand) if operand is not None else None
    parts = [part for key, value in node.entries if (part := _operator(key, value, field, scope)) is not None]
    if len(parts) < len(node.entries) or not parts:
        if not node.entries:
            scope.note(node.at, "empty-test", f"The test on '{field.name}' is empty.", "write a value, or an operator such as at_least")
        return None
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _operator(key: Scalar, node: Node, field: Field, scope: Scope) -> Test | None:
    name = key.text
    if name not in OPERATORS:
        word = next((word for sign, word in _SIGNS.items() if sign == name and word), "")
        scope.note(key.at, "unknown-operator", f"There is no test '{name}'.", f"write {word}" if word else nearest(name, OPERATORS))
        return None
    if not _fits(name, field, key, scope):
        return None
    if name in ("not", "recorded"):
        inner = read_test(node, field, scope)
        if inner is None:
            return None
        return Not(inner) if name == "not" else AllOf((Known(True), inner))
    if name in ("in", "has_any"):
        return _listed(node, field, scope, of_set=name == "has_any")
    if name in ("size", "days_ago", "days_ahead"):
        days = read_test(node, NUMBER, scope)
        if days is None:
            return None
        return Size(days) if name == "size" else Days("ago" if name == "days_ago" else "ahead", days)
    operand = read_operand(node, _member(field) if name == "has" else field, scope)
    return Compare(name, operand) if operand is not None else None  # type: ignore[arg-type]


def _fits(name: str, field: Field, key: Scalar, scope: Scope) -> bool:
    ordered = field.kind in NUMERIC or field.kind in ("date", "any") or (field.kind == "enum" and scope.vocabulary.enums[field.of].ordered)
    wanted = {
        **dict.fromkeys(ORDERING, ordered),
        "has": field.kind == "set",
        "has_any": field.kind == "set",
        "size": field.kind == "set",
        "in": field.kind != "set",
        "contains": field.kind in ("text", "key"),
        "starts_with": field.kind in ("text", "key"),
        "days_ago": field.kind == "date",
        "days_ahead": field.kind == "date",
        "not": True,
        "recorded": True,
    }
    if wanted[name]:
        return True
    hint = "for a list write `has:` or `has_any:`" if field.kind == "set" else f"it is {describe(field, scope.vocabulary)}"
    scope.note(key.at, "wrong-comparison", f"'{name}' does not go with '{field.name}'.", hint)
    return False


def _equals(node: Scalar, field: Field, scope: Scope) -> Test | None:
    if field.kind == "set":
        scope.note(node.at, "wrong-comparison", f"'{field.name}' is a list and cannot equal one value.", f"write {{has: {node.text}}}")
        return None
    operand = read_operand(node, field, scope)
    return Compare("equals", operand) if operand is not None else None


def _one_of(node: Sequence, field: Field, scope: Scope) -> Test | None:
    if field.kind == "set":
        scope.note(node.at, "wrong-comparison", f"'{field.name}' is a list and cannot be one of several values.", "write {has_any: […]}")
        return None
    return _listed(node, field, scope, of_set=False)


def _listed(node: Node, field: Field, scope: Scope, *, of_set: bool) -> Test | None:
    if not isinstance(node, Sequence) or not node.items:
        scope.note(node.at, "wrong-shape", "A list of values is wanted here.", "[…]")
        return None
    wanted = _member(field) if of_set else field
    operands = [operand for item in node.items if (operand := read_operand(item, wanted, scope)) is not None]
    return OneOf(tuple(operands), of_set) if len(operands) == len(node.items) else None


def _member(field: Field) -> Field:
    kind = "enum" if field.of else "ref" if field.to else "text"
    return Field(field.name, kind, field.of, field.to)  # type: ignore[arg-type]


def read_operand(node: Node, field: Field, scope: Scope) -> Operand | None:
    """A plain value of the field's type, `$name.field`, `$name`, `$params.name`, or a computed value."""
    if isinstance(node, Mapping):
        return _computed(node, scope)
    if isinstance(node, Scalar) and node.plain and node.text.startswith("$"):
        return _reference(node, field, scope)
    if isinstance(node, Scalar) and node.plain and node.text in ("known", "unknown"):
        scope.note(node.at, "wrong-comparison", f"'{node.text}' is a test of its own.", "write `field: known` or `field: unknown`")
        return None
    before = len(scope.problems)
    value = read_value(node, field, scope.vocabulary, scope.problems)
    if value is None and len(scope.problems) == before:
        scope.note(node.at, "empty-test", f"A value for '{field.name}' is missing here.")
    return Constant(value) if value is not None else None


def _computed(node: Mapping, scope: Scope) -> Operand | None:
    check_keys(node, COMPUTED, (), "A computed value", scope.problems)
    if len(node.entries) != 1 or node.entries[0][0].text not in COMPUTED:
        if not node.entries:
            scope.note(node.at, "empty-test", "A value is missing here.")
        return None
    key, value = node.entries[0]
    if not isinstance(value, Sequence) or len(value.items) < 2 or (key.text in ("difference", "ratio") and len(value.items) > 2):
        scope.note(value.at, "wrong-shape", f"'{key.text}' takes a list of {'two' if key.text in ('difference', 'ratio') else 'two or more'} values.")
        return None
    anything = Field("value", "any")
    operands = [operand for item in value.items if (operand := read_operand(item, anything, scope)) is not None]
    if len(operands) < len(value.items):
        return None
    return Computed(key.text, tuple(operands))  # type: ignore[arg-type]


def _reference(node: Scalar, field: Field, scope: Scope) -> Operand | None:
    match = _REFERENCE.fullmatch(node.text)
    if match is None:
        scope.note(node.at, "bad-reference", f"'{node.text}' is not `$name` or `$name.field`.")
        return None
    name, inner = match[1], match[2] or ""
    if name == "params":
        return _parameter(node, inner, field, scope)
    bound = scope.names.get(name)
    if bound is None:
        hint = nearest(name, scope.names) or "bind it with `as:` in a condition before this one"
        scope.note(node.at, "unbound-name", f"Nothing is called '${name}' here.", hint)
        return None
    found = _field_of(bound, inner, node, scope)
    if found is None:
        return None
    if not comparable(field, found):
        scope.note(node.at, "wrong-comparison", f"'{field.name}' cannot be compared with '{node.text}'.", f"it is {describe(found, scope.vocabulary)}")
        return None
    return Reference(name, inner)


def _field_of(bound: Bound, inner: str, node: Scalar, scope: Scope) -> Field | None:
    if bound.type is None:
        if inner:
            scope.note(node.at, "unknown-field", f"'{node.text.split('.')[0]}' is a value and has no fields.")
            return None
        return bound.field
    if inner:
        return scope.field(bound.type, inner, node.at)
    return Field(bound.type.name, "ref", to=bound.type.name)


def _parameter(node: Scalar, name: str, field: Field, scope: Scope) -> Operand | None:
    param = scope.params.get(name)
    if param is None:
        scope.note(node.at, "unknown-parameter", f"The playbook has no parameter '{name}'.", nearest(name, scope.params))
        return None
    if not comparable(field, Field(name, param.kind)):  # type: ignore[arg-type]
        scope.note(node.at, "wrong-comparison", f"'{field.name}' cannot be compared with the parameter '{name}'.")
        return None
    return Parameter(name)
