"""Patterns as conditional elements: a fact, and the tests on its fields."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from kamcoach.model import condition as when
from kamcoach.model.fact import FactType, Field
from kamcoach.model.rule import Rule
from tests.engine.second_opinion.elements import ANYWAY, MODES, Elements, Found, absent, certainly, either, together
from tests.engine.second_opinion.expressions import NOT_KNOWN, Bound, Expressions, Names, is_marked

HOLDS = when.Compare("equals", when.Constant(value=True))


class Patterns:
    """The patterns of one rule."""

    def __init__(self, say: Expressions, rule: Rule) -> None:
        self.say = say
        self.types = say.vocabulary.types
        self.used = {(one.name, one.field) for one in _references(rule)}
        self.fresh = count(1)

    def pattern(self, pattern: when.Pattern, names: Names) -> Elements:
        return self.match(pattern, self.fact(pattern, names), names)

    def fact(self, pattern: when.Pattern, names: Names, more: tuple[when.FieldTest, ...] = (), field: str = "") -> Found:
        """Any fact of the pattern's type, with its fields that are looked at; it gets the pattern's name."""
        declared = self.types[pattern.type]
        tested = {one.field for one in (*pattern.tests, *more, *(one for group in pattern.either for one in group))}
        found = self.any(declared, pattern.bind, {*tested, field}, by_value=declared.shape == "value")
        if pattern.bind:
            names[pattern.bind] = found.bound
        return found

    def any(self, declared: FactType, name: str, looked_at: set[str], *, by_value: bool) -> Found:
        number = next(self.fresh)
        used = {field for of, field in self.used if of == name} | ({"value"} if by_value else set())
        wanted = [one for one, field in declared.fields.items() if one in looked_at | used and not is_marked(declared, field)]
        fields = {one: f"?v{number}.{place}" for place, one in enumerate(wanted)}
        bound = Bound(declared, f"?f{number}", f"?k{number}", fields, by_value)
        slots = "".join(f" (f-{one} ${variable})" for one, variable in fields.items())
        return Found(bound, f"(t-{declared.name} (id {bound.id}) (key ${bound.key}){slots})")

    def match(self, pattern: when.Pattern, found: Found, names: Names) -> Elements:
        return together([certainly(found), self.passes(pattern, found.bound, names)])

    def passes(self, pattern: when.Pattern, bound: Bound, names: Names) -> Elements:
        """Whether the fact passes the tests, let alone whether there is such a fact."""
        groups = [self.tests(group, bound, names) for group in pattern.either]
        return together([self.tests(pattern.tests, bound, names), *([either(groups)] if groups else [])])

    def tests(self, tests: tuple[when.FieldTest, ...], bound: Bound, names: Names) -> Elements:
        return together([self.field_test(one, bound, names) for one in tests])

    def field_test(self, one: when.FieldTest, bound: Bound, names: Names) -> Elements:
        field = bound.type.fields[one.field]
        if is_marked(bound.type, field) and (field.kind != "flag" or one.test == HOLDS):
            return self.mark(one.test, field, bound, names)
        return self.passing(one.test, self.say.reference(bound, one.field), field, names)

    def passing(self, test: when.Test | None, value: str, field: Field, names: Names) -> Elements:
        return Elements(*(f"(test {self.say.test(test, value, field, mode, names)})" for mode in MODES)) if test else ANYWAY

    def mark(self, test: when.Test, field: Field, bound: Bound, names: Names) -> Elements:
        """One of the marked values passes. A value that is only possible must pass whether it comes true or not."""
        number = next(self.fresh)
        value = f"?v{number}"
        mark = f"(mark (id ?m{number}) (of {bound.id}) (field {field.name}) (value ${value}))"
        certain = f"{mark} (sure (of ?m{number}))"
        if test == HOLDS:
            return Elements(f"{certain} (test (eq {value} (create$ TRUE)))", f"{mark} (test (maybe-holds {value}))")
        if isinstance(test, when.Known):
            recorded = f"(exists {certain})" if test.wanted else absent(certain)
            return Elements(recorded, recorded)
        passes, left_open = self.passing(test, value, field, names), self.passing(test, NOT_KNOWN, field, names)
        return either([together([Elements(certain, certain), passes]), together([Elements(mark, mark), passes, left_open])])


def _references(thing: Any) -> Iterator[when.Reference]:
    if isinstance(thing, when.Reference):
        yield thing
    elif isinstance(thing, tuple):
        for part in thing:
            yield from _references(part)
