"""What follows from conditions by their form alone: one contains another, two cannot hold together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from kamcoach.checking.domain import Domain
from kamcoach.model.condition import Aggregate, Compute, Condition, FieldTest, Last, No, Pattern, Reference, Tally, Test
from kamcoach.model.fact import NOWHERE, Field, Vocabulary
from kamcoach.model.rule import Advise, Effect, Mark, Param, Rule
from kamcoach.model.walk import flat
from kamcoach.source import Location


class Clash(NamedTuple):
    """What cannot hold, and where it stands."""

    at: Location
    what: str


class Logic:
    """Compares conditions under a vocabulary and the values that the parameters have now."""

    def __init__(self, vocabulary: Vocabulary, params: Mapping[str, Param]) -> None:
        self.vocabulary = vocabulary
        self.params = params
        self._domains: dict[tuple[str, str], Domain] = {}

    def domain(self, type_name: str, name: str) -> Domain:
        key = (type_name, name)
        if key not in self._domains:
            field = self.vocabulary.types[type_name].fields[name]
            self._domains[key] = Domain(field, self.vocabulary, self.params)
        return self._domains[key]

    def implies(self, conditions: Iterable[Condition], others: Iterable[Condition]) -> bool:
        """Whether the others hold wherever the conditions hold; both in plain form."""
        own = tuple(conditions)
        return all(any(self._implies(one, other) for one in own) for other in others)

    def _implies(self, one: Condition, other: Condition) -> bool:
        if one == other:
            return True
        if isinstance(one, Pattern) and isinstance(other, Pattern):
            return self._narrower(one, other)
        if isinstance(one, No) and isinstance(other, No) and one.how == other.how:
            wide, narrow = (one, other) if one.how != "evidence_of" else (other, one)
            return self.implies(narrow.conditions, wide.conditions)
        return False

    def _narrower(self, one: Pattern, other: Pattern) -> bool:
        """Whether every fact that matches the one matches the other."""
        if one.type != other.type or other.bind not in ("", one.bind):
            return False
        by_field = _by_field(one.tests)
        either = one.either == other.either or any(self._pass(one.type, by_field, group) for group in other.either)
        return (either or not other.either) and self._pass(one.type, by_field, other.tests)

    def _pass(self, type_name: str, by_field: Mapping[str, list[Test]], tests: Iterable[FieldTest]) -> bool:
        return all(self.domain(type_name, one.field).imply(by_field.get(one.field, []), one.test) for one in tests)

    def clashes(self, rule: Rule) -> Iterator[Clash]:
        """Conditions of a rule that nothing can ever meet."""
        positive = tuple(_positive(rule.when))
        yield from self._impossible_facts(positive)
        yield from self._impossible_numbers(rule.when)
        for condition in rule.when:
            if isinstance(condition, No) and condition.how != "evidence_of" and self._ruled_out(rule, condition):
                yield Clash(condition.at, "this is asked for by another condition")

    def _ruled_out(self, rule: Rule, condition: No) -> bool:
        """Whether the other conditions want what this one rules out. What is only possible may well be wanted without evidence."""
        certain = [one for one in rule.when if isinstance(one, No) and one.how == "evidence_of"]
        wanted = [plainly(one, {}) for one in _positive(rule.when if condition.how == "none" else certain)]
        absent: list[Condition] = [plainly(one, {}) for one in condition.conditions]
        if len(absent) == 1 and isinstance(absent[0], Pattern):
            absent = [Pattern(absent[0].type, absent[0].tests, absent[0].either)]
        return self.implies(wanted, absent)

    def _impossible_facts(self, patterns: tuple[Pattern, ...]) -> Iterator[Clash]:
        """A single fact must pass all tests of the rule; an item of a list those of its pattern."""
        merged: dict[str, list[FieldTest]] = {}
        for pattern in patterns:
            single = self.vocabulary.types[pattern.type].shape in ("single", "value")
            before = merged.setdefault(pattern.type, []) if single else []
            before.extend(pattern.tests)
            ways = [self._impossible(pattern.type, [*before, *group]) for group in (pattern.either or ((),))]
            if all(ways) and ways[0] is not None:
                yield ways[0]

    def _impossible(self, type_name: str, tests: list[FieldTest]) -> Clash | None:
        for name, several in _by_field(tests).items():
            if not self.domain(type_name, name).possible(several):
                last = next(one for one in reversed(tests) if one.field == name)
                said = type_name if name == "value" else f"{type_name}.{name}"
                return Clash(last.at, f"no value of '{said}' passes all its tests")
        return None

    def _impossible_numbers(self, when: tuple[Condition, ...]) -> Iterator[Clash]:
        for condition in when:
            domain = self.number(condition)
            test = condition.test if isinstance(condition, (Aggregate, Tally, Compute)) else None
            if domain is not None and test is not None and not domain.possible([test]):
                how = condition.how if isinstance(condition, Aggregate) else type(condition).__name__.lower()
                yield Clash(condition.at, f"'{how}' never comes out like this")

    def number(self, condition: Condition) -> Domain | None:
        """What an aggregate, a tally or a computed value can come to."""
        if isinstance(condition, Aggregate) and condition.how in ("min", "max"):
            return self.domain(condition.pattern.type, condition.field)
        if isinstance(condition, (Aggregate, Tally)):
            high = len(condition.conditions) if isinstance(condition, Tally) else None
            whole = isinstance(condition, Tally) or condition.how != "sum"
            return Domain(Field("count", "int" if whole else "number", low=0 if whole else None, high=high), self.vocabulary, self.params)
        return Domain(Field("value", "number"), self.vocabulary, self.params) if isinstance(condition, Compute) else None


class Plain(NamedTuple):
    """What a rule asks for and says, without places, with names by the order in which they are bound, so that rules can be compared."""

    when: tuple[Condition, ...]
    says: frozenset[tuple[Any, ...]]
    """Each conclusion, mark and piece of advice."""


def plain(rule: Rule) -> Plain:
    names: dict[str, str] = {}
    for condition in flat(rule.when):
        bind = getattr(condition, "bind", "")
        if bind and bind not in names:
            kind = condition.type if isinstance(condition, Pattern) else condition.pattern.type if isinstance(condition, Last) else ""
            names[bind] = f"{kind}#{len([one for one in names.values() if one.startswith(kind + '#')])}"
    when = tuple(plainly(condition, names) for condition in rule.when)
    return Plain(when, frozenset(_said(effect, rule, names) for effect in rule.then))


def _said(effect: Effect, rule: Rule, names: Mapping[str, str]) -> tuple[Any, ...]:
    """What an effect says: its kind, what it is called, about whom, and the rest."""
    if isinstance(effect, Advise):
        about = tuple(names.get(name, name) for name in effect.about)
        return ("do not" if effect.do_not else "advise", effect.play, about, effect.severity, plainly(effect.extras, names))
    if isinstance(effect, Mark):
        return ("mark", rule.binds.get(effect.name, ""), names.get(effect.name, effect.name), plainly(effect.fields, names))
    return ("conclude", effect.type, (), plainly(effect.fields, names))


def plainly(thing: Any, names: Mapping[str, str]) -> Any:
    """The same without places, with other names, and tests in a fixed order."""
    if isinstance(thing, Location):
        return NOWHERE
    if isinstance(thing, Reference):
        return thing._replace(name=names.get(thing.name, thing.name))
    if not isinstance(thing, tuple):
        return thing
    if not hasattr(thing, "_fields"):
        return tuple(plainly(one, names) for one in thing)
    made: Any = type(thing)(*(plainly(one, names) for one in thing))
    if getattr(made, "bind", ""):
        made = made._replace(bind=names.get(made.bind, made.bind))
    return made._replace(tests=tuple(sorted(made.tests, key=repr))) if isinstance(made, (Pattern, Last)) else made


def _positive(conditions: Iterable[Condition]) -> Iterator[Pattern]:
    """The patterns that must match for a rule to fire."""
    for condition in conditions:
        if isinstance(condition, Pattern):
            yield condition
        elif isinstance(condition, No) and condition.how == "evidence_of":
            yield from _positive(condition.conditions)


def _by_field(tests: Iterable[FieldTest]) -> dict[str, list[Test]]:
    found: dict[str, list[Test]] = {}
    for one in tests:
        found.setdefault(one.field, []).append(one.test)
    return found
