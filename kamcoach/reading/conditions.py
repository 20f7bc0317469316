"""Reading the if-part of a rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kamcoach.model.condition import AnyOf, Condition, Every, No, Tally
from kamcoach.reading.aggregates import read_aggregate, read_compute, read_is_and_as, read_last
from kamcoach.reading.nodes import Mapping, Node, Scalar, Sequence
from kamcoach.reading.patterns import read_flag, read_pattern, read_plain_tests
from kamcoach.reading.scope import FORMS, Scope
from kamcoach.reading.shapes import check_needed, filled, is_list, says_nothing
from kamcoach.reading.subjects import check_form, read_subject


def read_conditions(node: Node, what: str, scope: Scope) -> tuple[Condition, ...]:
    """A list of conditions (or a single one); names bound by the earlier may be used by the later."""
    items = node.items if isinstance(node, Sequence) else (node,)
    if not items or says_nothing(node):
        scope.note(node.at, "empty-test", f"'{what}' holds no condition.", "write one on a line with `- `")
        return ()
    return tuple(condition for item in items if (condition := read_condition(item, scope)) is not None)


def read_condition(node: Node, scope: Scope) -> Condition | None:
    if isinstance(node, Scalar):
        return read_flag(node, scope)
    if isinstance(node, Sequence):
        scope.note(node.at, "wrong-shape", "A condition cannot be a list.", "write each condition on a line of its own with one `-`")
        return None
    form = next((key.text for key in node.names() if key.text in FORMS), None)
    return _FORMS[form](node, form, scope) if form is not None else read_pattern(node, scope)


def _no(node: Mapping, form: str, scope: Scope) -> Condition | None:
    check_form(node, form, (), scope)
    key, value = next(entry for entry in node.entries if entry[0].text == form)
    inner = read_conditions(value, form, scope.inner())
    return No(form, inner, key.at) if inner else None  # type: ignore[arg-type]


def _every(node: Mapping, form: str, scope: Scope) -> Condition | None:
    check_form(node, form, ("satisfies",), scope)
    check_needed(node, "satisfies", "'every'", scope.problems)
    inner = scope.inner()
    pattern = read_subject(node, form, inner)
    wanted = filled(node, "satisfies")
    if pattern is None or wanted is None:
        return None
    tests = read_plain_tests(wanted, scope.vocabulary.types[pattern.type], "satisfies", inner)
    return Every(pattern, tests, node.at)


def _any(node: Mapping, form: str, scope: Scope) -> Condition | None:
    check_form(node, form, (), scope)
    groups = _alternatives(node, form, scope)
    alternatives = [read_conditions(group, form, scope.inner()) for group in groups]
    return AnyOf(tuple(a for a in alternatives if a), node.at) if any(alternatives) else None


def _tally(node: Mapping, form: str, scope: Scope) -> Condition | None:
    check_form(node, form, ("is", "as"), scope)
    groups = _alternatives(node, form, scope)
    inner = [c for item in groups if (c := read_condition(item, scope.inner())) is not None]
    test, bind = read_is_and_as(node, form, None, scope)
    return Tally(tuple(inner), bind, test, node.at) if inner else None


def _alternatives(node: Mapping, form: str, scope: Scope) -> tuple[Node, ...]:
    """The entries of a list of conditions."""
    listed = node.get(form)
    groups = is_list(listed, f"'{form}'", scope.problems) if listed is not None else None
    if groups is not None and not groups.items:
        scope.note(groups.at, "empty-test", f"'{form}' holds no condition.", "write each on a line with `- `")
    return groups.items if groups is not None else ()


_FORMS: Final[dict[str, Callable[[Mapping, str, Scope], Condition | None]]] = {
    **dict.fromkeys(("none", "no_evidence_of", "evidence_of"), _no),
    "every": _every,
    "any": _any,
    **dict.fromkeys(("count", "sum", "min", "max", "distinct", "in_a_row"), read_aggregate),
    "last": read_last,
    "compute": read_compute,
    "tally": _tally,
}
