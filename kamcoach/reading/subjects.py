"""Reading what `none`, `count` and their kin are about, and the keys that may stand beside them."""

from __future__ import annotations

from kamcoach.model.condition import Pattern
from kamcoach.model.fact import Field
from kamcoach.reading.hints import nearest
from kamcoach.reading.nodes import Mapping, Scalar, Sequence
from kamcoach.reading.patterns import read_pattern
from kamcoach.reading.scope import FORMS, Scope
from kamcoach.reading.shapes import key_slip, says_nothing, short, text_of
from kamcoach.reading.tests import OPERATORS


def check_form(node: Mapping, form: str, beside: tuple[str, ...], scope: Scope) -> None:
    """Note every key that may not stand beside `form:`."""
    own = next(key for key in node.names() if key.text == form)
    for key, value in node.entries:
        name = key.text
        if name == form or name in beside:
            continue
        if name in FORMS or name in scope.vocabulary.types:
            first, second = sorted((key, own), key=lambda one: one.at)
            hint = f"begin it with `- `: '{second.text}' is a condition of its own"
            scope.note(second.at, "wrong-shape", f"Beside '{first.text}' stands a second condition, '{second.text}'.", hint)
        else:
            hint = _misplaced(name, form, beside) or key_slip(key, value) or nearest(name, beside)
            scope.note(key.at, "unknown-key", f"'{form}' has no key '{short(name)}'.", hint)


def _misplaced(name: str, form: str, beside: tuple[str, ...]) -> str:
    if name == "as":
        return f"'{form}' gives no name; inside, `as:` stands beside the fact type"
    if name in OPERATORS and "is" in beside:
        return f"write `is: {{{name}: …}}`"
    return "" if beside else f"nothing stands beside '{form}'"


def read_subject(node: Mapping, form: str, scope: Scope) -> Pattern | None:
    """The pattern under `form:`; a bare fact type stands for all its facts."""
    value = node.get(form)
    if value is None:
        return None
    if isinstance(value, Sequence) or says_nothing(value):
        scope.note(value.at, "wrong-shape", f"'{form}' is about one pattern.", f"such as `{form}: {{type: {{field: value}}}}`")
        return None
    if isinstance(value, Scalar):
        fact_type = scope.type(value.text, value.at)
        return Pattern(fact_type.name, at=value.at) if fact_type is not None else None
    inner = next((key for key in value.names() if key.text in FORMS), None)
    if inner is not None:
        scope.note(
            inner.at, "wrong-shape", f"'{form}' is about one pattern, not about '{inner.text}'.", "let a rule conclude the inner one first"
        )
        return None
    return read_pattern(value, scope)


def named_field(node: Mapping, key: str, pattern: Pattern, scope: Scope) -> Field | None:
    """The field that is named under `of:` or `by:`."""
    named = node.get(key)
    if named is None or says_nothing(named):
        return None
    text = text_of(named, f"'{key}'", scope.problems)
    return scope.field(scope.vocabulary.types[pattern.type], text, named.at) if text else None
