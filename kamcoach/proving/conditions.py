"""Small changes to the conditions of a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Literal, TypeVar

from kamcoach.model import written
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
from kamcoach.model.fact import Field
from kamcoach.proving.change import Change, Setting
from kamcoach.proving.domain import COUNT, NUMBER, tells_apart
from kamcoach.proving.leaves import Doubts, leaves
from kamcoach.proving.names import bound_by, looked_at, used_by
from kamcoach.proving.tests import variants

Conditions = tuple[Condition, ...]
FieldTests = tuple[FieldTest, ...]
T = TypeVar("T")
Variants = Iterator[tuple[Change, T]]
_NEGATED: Final[dict[str, Literal["no_evidence_of", "evidence_of"]]] = {
    "none": "evidence_of",
    "no_evidence_of": "evidence_of",
    "evidence_of": "no_evidence_of",
}


class Changer:
    """Makes the small changes to conditions. `lax` is set inside a negation for which unknown is as good as false."""

    def __init__(self, setting: Setting, doubts: Doubts, *, lax: bool = False) -> None:
        self.setting = setting
        self.doubts = doubts
        self.lax = lax

    def several(self, conditions: Conditions, needed: frozenset[str] = frozenset(), least: int = 1) -> Variants[Conditions]:
        """Conditions that must all hold: one left out (if `least` remain, and no name that is needed goes with it), or one changed."""
        for place, one in enumerate(conditions):
            others = conditions[:place] + conditions[place + 1 :]
            used = needed.union(*(used_by(other) for other in others))
            if len(others) >= least and used.isdisjoint(bound_by(one)):
                yield self._dropped(one), others
            yield from _at(conditions, place, self.one(one, droppable=len(others) >= least))

    def _dropped(self, one: Condition) -> Change:
        return Change("dropped", written.condition(one), "", one.at, looked_at((one,)))

    def one(self, condition: Condition, *, droppable: bool = False) -> Variants[Condition]:
        match condition:
            case Pattern():
                yield from self.pattern(condition, keep_last=droppable and not condition.bind)
            case No():
                yield from self._of_no(condition)
            case AnyOf(alternatives=alternatives):
                yield from _with(lambda groups: condition._replace(alternatives=groups), self._alternatives(alternatives))
            case Every(pattern=pattern, satisfies=tests):
                yield from _with(lambda one: condition._replace(pattern=one), self.pattern(pattern))
                yield from _with(lambda one: condition._replace(satisfies=one), self._tests(tests, pattern.type, least=1))
            case Aggregate(pattern=pattern):
                yield from _with(lambda one: condition._replace(pattern=one), self.pattern(pattern))
                yield from self._of_value(condition, self._counted(condition))
            case Last(pattern=pattern, tests=tests):
                yield from _with(lambda one: condition._replace(pattern=one), self.pattern(pattern))
                yield from _with(lambda one: condition._replace(tests=one), self._tests(tests, pattern.type, least=0))
            case Compute():
                yield from self._of_value(condition, NUMBER)
            case Tally(conditions=inner):
                yield from _with(lambda ones: condition._replace(conditions=ones), self._tallied(inner))
                yield from self._of_value(condition, COUNT)

    def _counted(self, condition: Aggregate) -> Field:
        if condition.how in ("min", "max", "sum"):
            return self.setting.vocabulary.types[condition.pattern.type].fields[condition.field]
        return COUNT

    def _of_no(self, condition: No) -> Variants[Condition]:
        """Turned round; `none` also with what is unknown taken for no, where anything can be unknown."""
        inside, about = condition.conditions, looked_at(condition.conditions)
        before = written.condition(condition)
        turned = condition._replace(how=_NEGATED[condition.how])
        yield Change("negation", before, written.condition(turned), condition.at, about), turned
        if condition.how == "none" and any(self.doubts.doubtful(leaf) for leaf in leaves(inside)):
            lenient = condition._replace(how="no_evidence_of")
            yield Change("negation", before, written.condition(lenient), condition.at, about), lenient
        inner = Changer(self.setting, self.doubts, lax=self.lax or condition.how != "none")
        yield from _with(lambda ones: condition._replace(conditions=ones), inner.several(inside))

    def _alternatives(self, groups: tuple[Conditions, ...]) -> Variants[tuple[Conditions, ...]]:
        for place, group in enumerate(groups):
            others = groups[:place] + groups[place + 1 :]
            if others:
                text = ", ".join(map(written.condition, group))
                yield Change("dropped", text, "", group[0].at, looked_at(group)), others
            for change, changed in self.several(group):
                yield change, (*groups[:place], changed, *groups[place + 1 :])

    def _tallied(self, conditions: Conditions) -> Variants[Conditions]:
        for place, one in enumerate(conditions):
            others = conditions[:place] + conditions[place + 1 :]
            if others:
                yield self._dropped(one), others
            yield from _at(conditions, place, self.one(one, droppable=bool(others)))

    def _of_value(self, condition: Aggregate | Compute | Tally, field: Field) -> Variants[Condition]:
        """The test on a counted or computed value; it can be left out only where the value has a name."""
        test = condition.test
        if test is None:
            return
        about = looked_at((condition,))
        if condition.bind:
            yield Change("dropped", f"is: {written.test(test)}", "", condition.at, about), condition._replace(test=None)
        for kind, changed in variants(test, field, self.setting):
            before, after = f"is: {written.test(test)}", f"is: {written.test(changed)}"
            yield Change(kind, before, after, condition.at, about), condition._replace(test=changed)

    def pattern(self, pattern: Pattern, *, keep_last: bool = False) -> Variants[Pattern]:
        """A pattern with a test left out or changed.

        With `keep_last`, the only test on a fact of which there is one only stays: the whole condition is left out instead.
        """
        shape = self.setting.vocabulary.types[pattern.type].shape
        least = 1 if shape in ("value", "flag") or (keep_last and shape == "single") else 0
        fields = 0 if pattern.either else least
        for change, tests in self._tests(pattern.tests, pattern.type, least=fields):
            yield change, pattern._replace(tests=tests)
        for place, group in enumerate(pattern.either):
            others = pattern.either[:place] + pattern.either[place + 1 :]
            if others:
                text = ", ".join(map(written.field_test, group))
                about = tuple((pattern.type, one.field) for one in group)
                yield Change("dropped", text, "", group[0].at, about), pattern._replace(either=others)
            for change, tests in self._tests(group, pattern.type, least=1):
                yield change, pattern._replace(either=(*pattern.either[:place], tests, *pattern.either[place + 1 :]))

    def _tests(self, tests: FieldTests, fact_type: str, least: int) -> Variants[FieldTests]:
        fields = self.setting.vocabulary.types[fact_type].fields
        for place, one in enumerate(tests):
            others = tests[:place] + tests[place + 1 :]
            about = ((fact_type, one.field),)
            if len(others) >= least:
                yield Change("dropped", written.of_field(fact_type, one), "", one.at, about), others
            for kind, test in variants(one.test, fields[one.field], self.setting):
                if self.lax and not self._shows(one.test, test, fields[one.field]):
                    continue
                changed = one._replace(test=test)
                before, after = written.of_field(fact_type, one), written.of_field(fact_type, changed)
                yield Change(kind, before, after, one.at, about), (*tests[:place], changed, *tests[place + 1 :])

    def _shows(self, before: Test, after: Test, field: Field) -> bool:
        return tells_apart(before, after, field, self.setting, unknown_is_false=True)


def _with(wrap: Callable[[T], Condition], found: Variants[T]) -> Variants[Condition]:
    return ((change, wrap(one)) for change, one in found)


def _at(conditions: Conditions, place: int, found: Variants[Condition]) -> Variants[Conditions]:
    return ((change, (*conditions[:place], one, *conditions[place + 1 :])) for change, one in found)
