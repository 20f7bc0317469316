"""Reading conditions that work out a value: aggregates, `last` and `compute`."""

from __future__ import annotations

from typing import Final

from kamcoach.model.condition import Aggregate, Compute, Condition, Last, Test
from kamcoach.model.fact import NUMERIC, Field
from kamcoach.reading.nodes import Mapping
from kamcoach.reading.operands import read_number
from kamcoach.reading.patterns import bind_name, read_plain_tests
from kamcoach.reading.scope import Bound, Scope
from kamcoach.reading.shapes import check_needed, filled, says_nothing
from kamcoach.reading.subjects import check_form, named_field, read_subject
from kamcoach.reading.tests import read_test

_NEEDS: Final = {"count": "", "in_a_row": "by"}
_FITS: Final = {"sum": NUMERIC, "min": NUMERIC | {"date"}, "max": NUMERIC | {"date"}, "in_a_row": frozenset({"date"})}


def read_aggregate(node: Mapping, form: str, scope: Scope) -> Condition | None:
    """`count`, `sum`, `min`, `max`, `distinct`, `in_a_row`."""
    needs = _NEEDS.get(form, "of")
    check_form(node, form, (needs, "is", "as") if needs else ("is", "as"), scope)
    if needs:
        check_needed(node, needs, f"'{form}'", scope.problems)
    pattern = read_subject(node, form, scope.inner())
    field = named_field(node, needs, pattern, scope) if needs and pattern is not None else None
    if field is not None and field.kind not in _FITS.get(form, {field.kind}):
        named = node.get(needs) or node
        wanted = "a date" if form == "in_a_row" else "numbers" if form == "sum" else "numbers or dates"
        scope.note(named.at, "wrong-comparison", f"'{form}' goes with {wanted}; '{field.name}' is none.")
        field = None
    test, bind = read_is_and_as(node, form, field if form in ("min", "max") else None, scope)
    if pattern is None or (needs and field is None):
        return None
    return Aggregate(form, pattern, field.name if field is not None else "", bind, test, node.at)  # type: ignore[arg-type]


def read_is_and_as(node: Mapping, form: str, value: Field | None, scope: Scope) -> tuple[Test | None, str]:
    """The test under `is:` and the name under `as:`, one of which must be there."""
    field = value or Field(form, "number")
    wanted = node.get("is")
    test = read_test(wanted, field, scope) if wanted is not None and not says_nothing(wanted) else None
    bind = bind_name(node, Bound(None, field), scope)
    if (wanted is None or says_nothing(wanted)) and not bind:
        scope.note(node.at, "missing-key", f"'{form}' needs `is:` (a test) or `as:` (a name).", "such as `is: {at_least: 2}`")
    return test, bind


def read_last(node: Mapping, form: str, scope: Scope) -> Condition | None:
    """The newest match, and what must hold of it."""
    check_form(node, form, ("by", "is", "as"), scope)
    check_needed(node, "by", "'last'", scope.problems)
    pattern = read_subject(node, form, scope.inner())
    if pattern is None:
        bind_name(node, Bound(None), scope)
        return None
    fact_type = scope.vocabulary.types[pattern.type]
    by = named_field(node, "by", pattern, scope)
    if by is not None and by.kind != "date":
        scope.note((node.get("by") or node).at, "wrong-comparison", f"'last' goes by a date; '{by.name}' is none.")
    bind = bind_name(node, Bound(fact_type), scope)
    wanted = filled(node, "is")
    tests = read_plain_tests(wanted, fact_type, "is", scope) if wanted is not None else ()
    return Last(pattern, by.name, bind, tests, node.at) if by is not None else None


def read_compute(node: Mapping, form: str, scope: Scope) -> Condition | None:
    """A computed value as a condition of its own."""
    check_form(node, form, ("is", "as"), scope)
    check_needed(node, form, "A condition", scope.problems)
    named = filled(node, form)
    value = read_number(named, form, scope) if named is not None else None
    test, bind = read_is_and_as(node, form, None, scope)
    return Compute(value, bind, test, node.at) if value is not None else None
