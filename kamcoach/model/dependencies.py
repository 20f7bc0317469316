"""What a rule reads and writes, and what of it must be complete before the rule may run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from kamcoach.model.condition import (
    Aggregate,
    AnyOf,
    Compare,
    Compute,
    Computed,
    Condition,
    Constant,
    Every,
    FieldTest,
    Last,
    No,
    Operand,
    Pattern,
    Reference,
    Tally,
    Test,
)
from kamcoach.model.fact import Vocabulary
from kamcoach.model.rule import Advise, Conclude, Mark, Rule
from kamcoach.model.walk import compared, wanted

Name = TypeVar("Name", int, str)
ANY_ADVICE: Final = "advice/*"
"""What a rule reads that looks at advice of whatever play."""
Read = tuple[str, bool]
"""A predicate that is read, and whether it must be complete before."""


def writes(rule: Rule) -> frozenset[str]:
    """The predicates a rule adds to: a derived type, `type.field` for a derived field, `advice/<play>`."""
    found = set()
    for effect in rule.then:
        if isinstance(effect, Conclude):
            found.add(effect.type)
        elif isinstance(effect, Mark):
            found.update(f"{rule.binds[effect.name]}.{name}" for name, _ in effect.fields)
        else:
            found.add(f"advice/{effect.play}")
    return frozenset(found)


def reads(rule: Rule, vocabulary: Vocabulary) -> frozenset[Read]:
    """The derived predicates a rule looks at."""
    found: set[Read] = set()
    reader = _Reader(vocabulary, dict(rule.binds), found)
    for condition in rule.when:
        reader.condition(condition, complete=False)
    for effect in rule.then:
        pairs = effect.extras if isinstance(effect, Advise) else effect.fields
        for _, operand in pairs:
            reader.operand(operand)
    return frozenset(found)


def writing(predicate: str, writers: Mapping[str, Iterable[Name]]) -> list[Name]:
    """Who writes a predicate, each once and in order; `advice/*` is written by whoever advises anything."""
    if predicate == ANY_ADVICE:
        return sorted({one for name, several in writers.items() if name.startswith("advice/") for one in several})
    return sorted(writers.get(predicate, ()))


class _Reader:
    """Collects what the conditions of one rule look at."""

    def __init__(self, vocabulary: Vocabulary, names: dict[str, str], found: set[Read]) -> None:
        self.vocabulary = vocabulary
        self.names = names
        self.found = found

    def condition(self, condition: Condition, *, complete: bool) -> None:
        match condition:
            case Pattern():
                self.pattern(condition, complete=complete)
            case No(how=how, conditions=inner):
                for one in inner:
                    self.condition(one, complete=complete or how != "evidence_of")
            case Every(pattern=pattern, satisfies=tests):
                self.pattern(pattern, complete=True)
                self.tests(pattern.type, tests, complete=True)
            case AnyOf(alternatives=alternatives):
                for one in (c for group in alternatives for c in group):
                    self.condition(one, complete=complete)
            case Aggregate(pattern=pattern, field=name, test=test):
                self.pattern(pattern, complete=True)
                self.field(pattern.type, name, complete=True)
                self.test(test)
            case Last(pattern=pattern, by=by, tests=tests, bind=bind):
                self.names[bind] = pattern.type
                self.pattern(pattern, complete=True)
                self.field(pattern.type, by, complete=True)
                self.tests(pattern.type, tests, complete=True)
            case Compute(value=value, test=test):
                self.operand(value)
                self.source(value)
                self.test(test)
            case Tally(conditions=inner, test=test):
                for one in inner:
                    self.condition(one, complete=True)
                self.test(test)

    def pattern(self, pattern: Pattern, *, complete: bool) -> None:
        if pattern.bind:
            self.names[pattern.bind] = pattern.type
        if pattern.type == "advice":
            self.found.update((name, complete) for name in advice_read(pattern))
        elif not self.vocabulary.types[pattern.type].given:
            self.found.add((pattern.type, complete))
        self.tests(pattern.type, pattern.tests, complete=complete)
        for group in pattern.either:
            self.tests(pattern.type, group, complete=complete)

    def tests(self, fact_type: str, tests: tuple[FieldTest, ...], *, complete: bool) -> None:
        for one in tests:
            positive = one.test == Compare("equals", Constant(value=True))
            self.field(fact_type, one.field, complete=complete or not positive)
            self.test(one.test)

    def field(self, fact_type: str, name: str, *, complete: bool) -> None:
        declared = self.vocabulary.types[fact_type]
        found = declared.fields.get(name)
        if found is not None and found.derived and declared.given:
            self.found.add((f"{fact_type}.{name}", complete))

    def test(self, test: Test | None) -> None:
        for operand in compared(test):
            self.operand(operand)

    def operand(self, operand: Operand) -> None:
        if isinstance(operand, Reference) and operand.field:
            fact_type = self.names.get(operand.name, "")
            if fact_type:
                self.field(fact_type, operand.field, complete=True)
        elif isinstance(operand, Computed):
            for one in operand.operands:
                self.operand(one)
                self.source(one)

    def source(self, operand: Operand) -> None:
        """What a computed value is worked out from must be complete, or it could feed itself for ever."""
        fact_type = self.names.get(operand.name, "") if isinstance(operand, Reference) else ""
        if fact_type and not self.vocabulary.types[fact_type].given:
            self.found.add((fact_type, True))


def advice_read(pattern: Pattern) -> list[str]:
    """What a pattern over advice looks at: `advice/<play>` for each play that it names, else `advice/*`."""
    for one in pattern.tests:
        if one.field == "play":
            constants = wanted(one.test)
            if constants and all(isinstance(c, Constant) for c in constants):
                return [f"advice/{c.value}" for c in constants if isinstance(c, Constant)]
    return [ANY_ADVICE]
