"""Small changes to one test on a field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, get_args

from kamcoach.model.condition import AllOf, Compare, Comparison, Constant, Days, Known, Not, OneOf, Operand, Size, Test
from kamcoach.model.fact import Field, Value
from kamcoach.proving.change import Kind, Setting
from kamcoach.proving.domain import COUNT, DAYS, beside, constant, tells_apart

Variant = tuple[Kind, Test]
ORDERING: Final = ("at_least", "at_most", "above", "below")
_TURNED: Final[dict[str, Comparison]] = {"at_least": "at_most", "at_most": "at_least", "above": "below", "below": "above"}
_STRICT: Final[dict[str, Comparison]] = {"at_least": "above", "above": "at_least", "at_most": "below", "below": "at_most"}
assert set(_TURNED) | set(_STRICT) <= set(get_args(Comparison))


def variants(test: Test, field: Field, setting: Setting) -> Iterator[Variant]:
    """The test with one small change; without those that no value of the field could show."""
    seen = [test]
    for kind, changed in _variants(test, field, setting):
        if changed not in seen and tells_apart(test, changed, field, setting):
            seen.append(changed)
            yield kind, changed


def _variants(test: Test, field: Field, setting: Setting) -> Iterator[Variant]:
    match test:
        case Compare():
            yield from _of_compare(test, field, setting)
        case OneOf():
            yield from _of_list(test, field, setting)
        case Known(wanted=wanted):
            yield "operator", Known(not wanted)
        case Not(test=inner):
            yield "negation", inner
            yield from _within(Not, variants(inner, field, setting))
        case Size(test=inner):
            yield from _within(Size, variants(inner, COUNT, setting))
        case Days(direction=direction, test=inner):
            yield "operator", Days("ahead" if direction == "ago" else "ago", inner)
            yield from _within(lambda one: Days(direction, one), variants(inner, DAYS, setting))
        case AllOf(tests=tests):
            yield from _of_several(tests, field, setting)


def _within(wrap: Callable[[Test], Test], found: Iterator[Variant]) -> Iterator[Variant]:
    return ((kind, wrap(test)) for kind, test in found)


def _of_several(tests: tuple[Test, ...], field: Field, setting: Setting) -> Iterator[Variant]:
    """Of several tests at once, one is left out or changed; `recorded` is not turned into its opposite, which nothing passes."""
    for place, test in enumerate(tests):
        others = tests[:place] + tests[place + 1 :]
        yield "dropped", others[0] if len(others) == 1 else AllOf(others)
        if not isinstance(test, Known):
            for kind, changed in variants(test, field, setting):
                yield kind, AllOf((*tests[:place], changed, *tests[place + 1 :]))


def _of_compare(test: Compare, field: Field, setting: Setting) -> Iterator[Variant]:
    fixed = constant(test.operand, setting)
    if test.how in ORDERING:
        yield from _of_threshold(test, fixed, field, setting)
    elif test.how == "equals" and isinstance(fixed, bool):
        yield "value", Compare("equals", Constant(not fixed))
    elif test.how == "equals" and isinstance(fixed, (int, float)):
        yield from (("threshold", Compare("equals", Constant(v))) for by in (-1, 1) if (v := beside(field, fixed, by, setting)) is not None)
    elif (other := _another(test.operand, (), field, setting)) is not None:
        yield "value", Compare(test.how, other)
    else:
        yield "operator", Not(test)


def _of_threshold(test: Compare, fixed: Value | None, field: Field, setting: Setting) -> Iterator[Variant]:
    if fixed is None:
        yield "threshold", Compare(_STRICT[test.how], test.operand)
    else:
        moved = [beside(field, fixed, by, setting) for by in (-1, 1)]
        yield from (("threshold", Compare(test.how, Constant(value))) for value in moved if value is not None)
    yield "operator", Compare(_TURNED[test.how], test.operand)


def _of_list(test: OneOf, field: Field, setting: Setting) -> Iterator[Variant]:
    """Each value of a list taken for another that is not in it; where there is no other, left out."""
    for place, operand in enumerate(test.operands):
        before, after = test.operands[:place], test.operands[place + 1 :]
        other = _another(operand, test.operands, field, setting)
        if other is not None:
            yield "value", OneOf((*before, other, *after), test.of_set)
        elif before or after:
            yield "value", OneOf((*before, *after), test.of_set)


def _another(operand: Operand, taken: tuple[Operand, ...], field: Field, setting: Setting) -> Operand | None:
    """The next value of the enum, else the one before, that is not taken."""
    enum = setting.vocabulary.enums.get(field.of)
    if enum is None or not isinstance(operand, Constant) or operand.value not in enum.values:
        return None
    names = list(enum.values)
    place = names.index(str(operand.value))
    used = {one.value for one in taken if isinstance(one, Constant)} | {operand.value}
    free = [name for name in names[place + 1 :] + names[:place][::-1] if name not in used]
    return Constant(free[0]) if free else None
