"""Reading tests: what a field's value is compared with, and how."""

from __future__ import annotations

from collections.abc import Mapping as Map
from typing import Final

from kamcoach.model.condition import AllOf, Compare, Days, Known, Not, OneOf, Operand, Size, Test
from kamcoach.model.fact import NUMERIC, Field
from kamcoach.reading.fields import describe, meant, member_of
from kamcoach.reading.hints import NUMBER, SIGNS, nearest
from kamcoach.reading.nodes import Node, Scalar, Sequence
from kamcoach.reading.operands import COMPUTED, read_operand
from kamcoach.reading.scope import Scope
from kamcoach.reading.shapes import key_slip, short
from kamcoach.source import Hint, Mend

ORDERING: Final = ("at_least", "at_most", "above", "below")
OPERATORS: Final = (*ORDERING, "not", "recorded", "in", "has", "has_any", "size", "contains", "starts_with", "days_ago", "days_ahead")
_MEANT: Final[Map[str, str]] = {
    **dict.fromkeys(("=", "==", "is", "equals", "eq", "value"), "write the value alone, without {…}"),
    **dict.fromkeys(("gt", "more_than", "greater_than", "over"), "write above"),
    **dict.fromkeys(("lt", "less_than", "under"), "write below"),
    **dict.fromkeys(("gte", "min"), "write at_least"),
    **dict.fromkeys(("lte", "max"), "write at_most"),
    **dict.fromkeys(("or", "any", "any_of", "one_of"), "write in: […]; for a list has_any: […]"),
    **dict.fromkeys(("no", "none", "is_not"), "write not"),
    "between": "write {at_least: …, at_most: …}",
}


def read_test(node: Node, field: Field, scope: Scope) -> Test | None:
    """A test on the field, or None if it makes no sense (noted)."""
    if isinstance(node, Scalar):
        if node.plain and node.text in ("known", "unknown"):
            return Known(node.text == "known")
        return _equals(node, field, scope)
    if isinstance(node, Sequence):
        return _one_of(node, field, scope)
    if any(key.text in COMPUTED for key in node.names()):
        operand = read_operand(node, field, scope)
        return Compare("equals", operand) if operand is not None else None
    if not node.entries:
        scope.note(node.at, "empty-test", f"The test on '{field.name}' is empty.", "write a value, or an operator such as at_least")
    parts = [part for key, value in node.entries if (part := _operator(key, value, field, scope)) is not None]
    if len(parts) < len(node.entries) or not parts:
        return None
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _operator(key: Scalar, node: Node, field: Field, scope: Scope) -> Test | None:
    name = key.text
    if name not in OPERATORS:
        sign = Hint(f"write {SIGNS[name]}", Mend(name, SIGNS[name])) if name in SIGNS else ""
        hint = key_slip(key, node) or sign or _MEANT.get(name) or nearest(name, OPERATORS)
        scope.note(key.at, "unknown-operator", f"There is no test '{short(name)}'.", hint)
        return None
    if not _fits(name, field, key, scope):
        return None
    if name in ("not", "recorded"):
        inner = read_test(node, field, scope)
        if inner is None:
            return None
        return Not(inner) if name == "not" else AllOf((Known(wanted=True), inner))
    if name in ("in", "has_any"):
        return _listed(node, name, field, scope)
    if name in ("size", "days_ago", "days_ahead"):
        counted = read_test(node, Field(name, "number"), scope)
        if counted is None:
            return None
        return Size(counted) if name == "size" else Days("ago" if name == "days_ago" else "ahead", counted)
    return _compared(name, node, field, scope)


def _compared(name: str, node: Node, field: Field, scope: Scope) -> Test | None:
    before = len(scope.problems)
    if name == "has" and isinstance(node, Sequence):
        scope.note(node.at, "wrong-shape", f"'has' on '{field.name}' takes one value.", "for several write `has_any: […]`")
        return None
    operand = read_operand(node, member_of(field) if name == "has" else field, scope)
    if field.kind == "date" and len(scope.problems) > before and isinstance(node, Scalar) and NUMBER.fullmatch(node.text):
        hint = f"to count days write `{field.name}: {{days_ago: {{{name}: {node.text}}}}}`"
        scope.problems[-1] = scope.problems[-1]._replace(hint=hint)
    return Compare(name, operand) if operand is not None else None  # type: ignore[arg-type]


def _fits(name: str, field: Field, key: Scalar, scope: Scope) -> bool:
    """Whether the operator goes with the field (noted if it does not)."""
    ordered = field.kind in NUMERIC or field.kind in ("date", "any") or (field.kind == "enum" and scope.vocabulary.enums[field.of].ordered)
    wanted = {
        **dict.fromkeys(ORDERING, ordered),
        **dict.fromkeys(("has", "has_any", "size"), field.kind == "set"),
        **dict.fromkeys(("contains", "starts_with"), field.kind in ("text", "key")),
        **dict.fromkeys(("days_ago", "days_ahead"), field.kind == "date"),
        "in": field.kind != "set",
    }
    if wanted.get(name, True):
        return True
    if field.kind == "set":
        hint = "for a list write `has:`, `has_any:` or `size:`"
    elif field.kind == "enum" and name in ORDERING:
        hint = "its values have no order"
    else:
        hint = f"it is {describe(field, scope.vocabulary)}"
    scope.note(key.at, "wrong-comparison", f"'{name}' does not go with '{field.name}'.", hint)
    return False


def _equals(node: Scalar, field: Field, scope: Scope) -> Test | None:
    if field.kind == "set" and not node.absent:
        hint = f"write {{has: {meant(node.text, field, scope.vocabulary)}}}"
        scope.note(node.at, "wrong-comparison", f"'{field.name}' is a list and cannot equal one value.", hint)
        return None
    operand = read_operand(node, field, scope)
    return Compare("equals", operand) if operand is not None else None


def _one_of(node: Sequence, field: Field, scope: Scope) -> Test | None:
    if field.kind == "set":
        values = ", ".join(item.text for item in node.items if isinstance(item, Scalar))
        hint = f"write {{has_any: [{meant(values, field, scope.vocabulary)}]}}"
        scope.note(node.at, "wrong-comparison", f"'{field.name}' is a list and cannot be one of several values.", hint)
        return None
    return _listed(node, "in", field, scope)


def _listed(node: Node, name: str, field: Field, scope: Scope) -> Test | None:
    if not isinstance(node, Sequence) or not node.items:
        hint = f"write [{short(node.text)}]" if isinstance(node, Scalar) and not node.absent else "write […]"
        scope.note(node.at, "wrong-shape", f"A list of values for '{field.name}' is wanted here.", hint)
        return None
    wanted = member_of(field) if name == "has_any" else field
    operands: list[Operand] = [operand for item in node.items if (operand := read_operand(item, wanted, scope)) is not None]
    return OneOf(tuple(operands), name == "has_any") if len(operands) == len(node.items) else None
