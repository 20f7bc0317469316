"""Reading operands: plain values, `$name.field`, `$params.name` and computed values, checked against what they are compared with."""

from __future__ import annotations

import re
from collections.abc import Sequence as Several
from datetime import date
from typing import Final

from kamcoach.model.condition import Computed, Constant, Operand, Parameter, Reference
from kamcoach.model.fact import NUMERIC, Field, Value
from kamcoach.reading.fields import describe, read_value, scalar_value
from kamcoach.reading.hints import nearest, number_hint
from kamcoach.reading.nodes import Mapping, Node, Scalar, Sequence
from kamcoach.reading.scope import Bound, Scope, comparable
from kamcoach.reading.shapes import check_keys, short

COMPUTED: Final = ("difference", "sum", "product", "ratio")
ANY: Final = Field("value", "any")
NUMBER: Final = Field("number", "number")
_REFERENCE: Final = re.compile(r"\$(\w[\w-]*)(?:\.([\w.-]+))?")

Typed = tuple[Operand, Field]
"""An operand with what is known of its value."""


def read_operand(node: Node, field: Field, scope: Scope) -> Operand | None:
    """A plain value of the field's type, `$name.field`, `$name`, `$params.name`, or a computed value."""
    if isinstance(node, Mapping):
        return _fitting(_computed(node, scope), node, field, scope)
    if isinstance(node, Scalar) and node.plain and node.text.startswith("$"):
        return _fitting(_reference(node, scope), node, field, scope)
    if isinstance(node, Scalar) and (slip := _reference_slip(node, field, scope)):
        what = "a parameter" if "params." in node.text else "the name of what was found"
        scope.note(node.at, "bad-reference", f"'{short(node.text)}' is {what}, and is written as a text.", slip)
        return None
    return _constant(node, field, scope)


def read_number(node: Node, what: str, scope: Scope) -> Operand | None:
    """An operand that must be a number: a computed value, or the number itself."""
    if isinstance(node, Scalar) and not node.text.startswith("$"):
        hint = "such as `{ratio: [$a.x, $a.y]}`"
        scope.note(node.at, "wrong-shape", f"'{what}' works out a value from others.", hint)
        return None
    return read_operand(node, Field(what, "number"), scope)


def _constant(node: Node, field: Field, scope: Scope) -> Operand | None:
    if isinstance(node, Scalar) and node.plain and node.text in ("known", "unknown"):
        message = f"'{node.text}' is a test by itself and no value for '{field.name}'."
        scope.note(
            node.at, "wrong-comparison", message, f"a test is `{field.name}: {node.text}`; a conclusion leaves out what is not known"
        )
        return None
    before = len(scope.problems)
    value = read_value(node, field, scope.vocabulary, scope.problems)
    if value is None and len(scope.problems) == before:
        scope.note(node.at, "empty-test", f"A value for '{field.name}' is missing here.")
    return Constant(value) if value is not None else None


def _reference_slip(node: Scalar, field: Field, scope: Scope) -> str:
    """A hint if the text was meant as a reference: in quotes, or without its `$`."""
    name, dot, inner = node.text.removeprefix("$").partition(".")
    bound = name in scope.names or (name == "params" and inner in scope.params)
    bare = not node.text.startswith("$") and not dot
    if not bound or (bare and field.kind not in (*NUMERIC, "ref", "date")):
        return ""
    return f"write ${name}{dot}{inner}" + ("" if node.plain else ", without quotes")


def _fitting(found: Typed | None, node: Node, field: Field, scope: Scope) -> Operand | None:
    if found is None:
        return None
    operand, kind = found
    if comparable(field, kind):
        return operand
    said = f"'{node.text}'" if isinstance(node, Scalar) else "a computed value"
    hint = f"it is {describe(kind, scope.vocabulary)}; '{field.name}' is {describe(field, scope.vocabulary)}"
    scope.note(node.at, "wrong-comparison", f"{said[0].upper() + said[1:]} does not go with '{field.name}'.", hint)
    return None


def _computed(node: Mapping, scope: Scope) -> Typed | None:
    check_keys(node, COMPUTED, (), "A computed value", scope.problems)
    if len(node.entries) != 1 or node.entries[0][0].text not in COMPUTED:
        if not node.entries:
            scope.note(node.at, "empty-test", "A value is missing here.")
        elif all(key.text in COMPUTED for key in node.names()):
            scope.note(
                node.at, "wrong-shape", "A computed value is one of difference, sum, product, ratio.", "put the one inside the other"
            )
        return None
    key, value = node.entries[0]
    two = key.text in ("difference", "ratio")
    if not isinstance(value, Sequence) or len(value.items) < 2 or (two and len(value.items) > 2):
        scope.note(
            value.at, "wrong-shape", f"'{key.text}' takes a list of {'two' if two else 'two or more'} values.", "such as [$a.x, $a.y]"
        )
        return None
    parts = [_part(item, key.text, scope) for item in value.items]
    found = [part for part in parts if part is not None]
    if len(found) < len(parts) or not _alike(key.text, value.items, [kind for _, kind in found], scope):
        return None
    return Computed(key.text, tuple(operand for operand, _ in found)), NUMBER  # type: ignore[arg-type]


def _part(node: Node, how: str, scope: Scope) -> Typed | None:
    """One of the values that a value is computed from."""
    if isinstance(node, Mapping):
        return _computed(node, scope)
    if isinstance(node, Scalar) and node.plain and node.text.startswith("$"):
        return _reference(node, scope)
    value: Value | None = scalar_value(node) if isinstance(node, Scalar) else None
    if isinstance(value, date):
        return Constant(value), Field(how, "date")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Constant(value), NUMBER
    hint = _reference_slip(node, ANY, scope) or number_hint(node.text, plain=node.plain) if isinstance(node, Scalar) else ""
    scope.note(node.at, "wrong-type", f"'{how}' takes numbers, dates and `$name.field`.", hint)
    return None


def _alike(how: str, nodes: Several[Node], kinds: Several[Field], scope: Scope) -> bool:
    """Whether the values can be worked out together: numbers, or the two dates of a difference."""
    days = how == "difference" and any(kind.kind == "date" for kind in kinds)
    wrong = [
        (node, kind)
        for node, kind in zip(nodes, kinds, strict=True)
        if kind.kind != "any" and (kind.kind != "date" if days else kind.kind not in NUMERIC)
    ]
    for node, kind in wrong:
        said = f"'{node.text}'" if isinstance(node, Scalar) else "this"
        wanted = "two dates or two numbers" if how == "difference" else "numbers"
        scope.note(node.at, "wrong-comparison", f"'{how}' takes {wanted}; {said} is {describe(kind, scope.vocabulary)}.")
    return not wrong


def _reference(node: Scalar, scope: Scope) -> Typed | None:
    match = _REFERENCE.fullmatch(node.text)
    if match is None:
        scope.note(node.at, "bad-reference", f"'{short(node.text)}' is not `$name` or `$name.field`.")
        return None
    name, inner = match[1], match[2] or ""
    if name == "params":
        return _parameter(node, inner, scope)
    bound = scope.names.get(name)
    if bound is None:
        hint = f"did you mean '$params.{name}'?" if name in scope.params else nearest(name, scope.names)
        scope.note(
            node.at, "unbound-name", f"Nothing is called '${name}' here.", hint or "bind it with `as:` in a condition before this one"
        )
        return None
    found = _field_of(bound, inner, node, scope)
    return (Reference(name, inner), found) if found is not None else None


def _field_of(bound: Bound, inner: str, node: Scalar, scope: Scope) -> Field | None:
    if not bound.understood:
        return ANY
    if bound.type is None:
        if inner:
            name = node.text.split(".")[0]
            scope.note(node.at, "unknown-field", f"'{name}' is a value and has no fields.", f"write {name}")
            return None
        return bound.field
    if inner:
        return scope.field(bound.type, inner, node.at)
    return Field(bound.type.name, "ref", to=bound.type.name)


def _parameter(node: Scalar, name: str, scope: Scope) -> Typed | None:
    param = scope.params.get(name)
    if param is None:
        scope.note(node.at, "unknown-parameter", f"The playbook has no parameter '{name}'.", nearest(name, scope.params))
        return None
    return Parameter(name), Field(name, param.kind)  # type: ignore[arg-type]
