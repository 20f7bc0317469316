"""Generated deals, rules and rule bases over the small vocabulary.

A rule of layer 2 concludes only what ends in 2. It may ask for what ends in 1 or 2, but negate, count, add up or compute with
only what ends in 1: so every generated rule base can be layered, and ends.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from kamcoach.model.condition import (
    Aggregate,
    AllOf,
    AnyOf,
    Compare,
    Compute,
    Computed,
    Condition,
    Constant,
    Days,
    Every,
    FieldTest,
    Known,
    Last,
    No,
    Not,
    OneOf,
    Operand,
    Parameter,
    Pattern,
    Reference,
    Size,
    Tally,
    Test,
)
from kamcoach.model.fact import NUMERIC, Fact, FactType, Field, Value
from kamcoach.model.rule import Advise, Conclude, Effect, Mark, Rule
from kamcoach.model.rulebase import RuleBase, layer, writes
from tests.small_vocabulary import DEAL, EVENT, LAYERS, PARAMS, PEOPLE, PERSON, VOCABULARY, group, layer_of, values

examples = settings(
    max_examples=int(os.environ.get("KAMCOACH_EXAMPLES", "400")),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=(HealthCheck.too_slow,),
)
"""How many examples a property is tried with; a failing one is made small by `minimal`."""
NUMBER = Field("number", "number")
DAYS = Field("days", "number")
HOLDS = Compare("equals", Constant(value=True))


def unknown_fields(fact: Fact, people: tuple[str, ...]) -> list[Field]:
    """The fields of a given fact that could still be filled in."""
    declared = VOCABULARY.types[fact.type].fields.values()
    return [one for one in declared if not one.derived and one.name not in fact.fields and not fact.unasked and values(one, people)]


def people_of(facts: tuple[Fact, ...]) -> tuple[str, ...]:
    return tuple(fact.key for fact in facts if fact.type == "person" and not fact.unasked)


def given_fact(random: Random, declared: FactType, key: str, people: tuple[str, ...]) -> Fact:
    """A given fact of which anything but its key may be unknown."""
    found: dict[str, Value] = {declared.key: key} if declared.key else {}
    for one in declared.fields.values():
        if not one.derived and one.name != declared.key and values(one, people) and random.random() < 0.7:
            found[one.name] = random.choice(values(one, people))
    return Fact(declared.name, found, key)


def items(random: Random, declared: FactType, people: tuple[str, ...]) -> tuple[Fact, ...]:
    """A list that the deal file has."""
    keys = people if declared is PERSON else [f"#{number + 1}" for number in range(random.randint(0, 3))]
    return tuple(given_fact(random, declared, key, people) for key in keys)


def some_people(random: Random) -> tuple[str, ...]:
    return PEOPLE[: random.randint(0, len(PEOPLE))]


def deal(random: Random) -> tuple[Fact, ...]:
    people = some_people(random) if random.random() < 0.8 else ()
    persons = items(random, PERSON, people) if people or random.random() < 0.3 else (unasked(PERSON),)
    events = items(random, EVENT, people) if random.random() < 0.8 else (unasked(EVENT),)
    return (given_fact(random, DEAL, "deal", people), *persons, *events)


def unasked(declared: FactType) -> Fact:
    return Fact(declared.name, {}, "?", unasked=True)


class Bound(NamedTuple):
    """What a name stands for: a fact of a type, or a value like those of a field; and the layer it comes from."""

    type: FactType | None
    field: Field | None
    layer: int


Names = dict[str, Bound]


@dataclass
class Author:
    """Writes a rule of one layer. `steady`: without tests that ask whether something is recorded."""

    random: Random
    layer: int
    steady: bool
    written: set[str]
    fresh: count[int] = field(default_factory=count)

    def pick(self, choices: Iterable[Any]) -> Any:
        return self.random.choice(list(choices))

    def chance(self, tenths: int) -> bool:
        return self.random.random() * 10 < tenths

    def several(self, most: int) -> range:
        return range(self.random.randint(1, most))

    def name(self) -> str:
        return f"n{next(self.fresh)}"

    # ── operands and tests ──────────────────────────────────────────────────────────────────────────────────────────────

    def operand(self, like: Field, names: Names, *, bound: int = 4, computing: bool = False, exact: bool = False) -> Operand:
        """Something to compare a field with. `bound`: how likely a bound name is; `exact`: never an interval."""
        known = list(self.references(like, names, computing=computing, exact=exact))
        if known and self.chance(bound):
            return self.pick(known)
        if group(like) == "number" and not exact and self.chance(2):
            return self.computed(names) if not computing and self.chance(6) else Parameter(self.pick(PARAMS))
        choices = values(like)
        return Constant(self.pick(choices))

    def references(self, like: Field, names: Names, *, computing: bool, exact: bool) -> Iterable[Reference]:
        for name, bound in names.items():
            if computing and bound.layer >= self.layer:
                continue
            if bound.field is not None and not exact and group(bound.field) == group(like):
                yield Reference(name)
            if bound.type is None:
                continue
            if like.to == bound.type.name:
                yield Reference(name)
            for one in bound.type.fields.values():
                derived = bound.type.given and one.derived
                if group(one) == group(like) and layer_of(one.name) < self.layer and not (exact and (derived or not bound.type.given)):
                    yield Reference(name, one.name)

    def computed(self, names: Names) -> Computed:
        dates = list(self.references(Field("", "date"), names, computing=True, exact=False))
        if dates and self.chance(3):
            return Computed("difference", (self.pick(dates), self.pick(dates)))
        how = self.pick(("sum", "difference", "product", "ratio"))
        parts = 2 if how in ("difference", "ratio") else 1 + len(self.several(2))
        return Computed(how, tuple(self.operand(NUMBER, names, bound=8, computing=True) for _ in range(parts)))

    def test(self, like: Field, names: Names, *, depth: int = 0) -> Test:
        kind = group(like)
        forms = ["is", "is", "in"]
        if depth < 2:
            forms += ["not", "not", "all"]
        if not self.steady:
            forms += ["known", "recorded"]
        if kind in ("number", "date") or (like.kind == "enum" and VOCABULARY.enums[like.of].ordered):
            forms += ["order"] * 4
        if kind == "text":
            forms += ["contains", "starts_with"]
        if kind == "date":
            forms += ["ago", "ahead"]
        form = self.pick(forms)
        match form:
            case "not":
                return Not(self.test(like, names, depth=depth + 1))
            case "all":
                return AllOf((self.test(like, names, depth=depth + 1), self.test(like, names, depth=depth + 1)))
            case "known":
                return Known(self.pick((True, False)))
            case "recorded":
                return AllOf((Known(wanted=True), self.test(like, names, depth=2)))
            case "order":
                return Compare(self.pick(("at_least", "at_most", "above", "below")), self.operand(like, names))
            case "contains" | "starts_with":
                return Compare(form, self.operand(like, names))
            case "ago" | "ahead":
                return Days(form, self.test(DAYS, names, depth=2))
        return self.set_test(like, names) if like.kind == "set" else self.equality(like, names, form)

    def equality(self, like: Field, names: Names, form: str) -> Test:
        if form == "is":
            return Compare("equals", self.operand(like, names))
        return OneOf(tuple(self.operand(like, names) for _ in self.several(2)))

    def set_test(self, like: Field, names: Names) -> Test:
        member = Field("", "enum" if like.of else "ref" if like.to else "text", like.of, like.to)
        if self.chance(2):
            return Size(self.test(NUMBER, names, depth=2))
        if self.chance(5):
            return OneOf(tuple(self.operand(member, names) for _ in self.several(2)), of_set=True)
        return Compare("has", self.operand(member, names))

    # ── conditions ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def field_test(self, declared: FactType, names: Names, *, complete: bool) -> FieldTest:
        fields = (one for one in declared.fields.values() if self.may_read(declared, one, complete=complete))
        found = self.pick(one for one in fields if not declared.given or self.worth_reading(one.name))
        unfinished = declared.given and layer_of(found.name) == self.layer
        return FieldTest(found.name, HOLDS if unfinished else self.test(found, names))

    def may_read(self, declared: FactType, one: Field, *, complete: bool) -> bool:
        """Of what the layer itself marks, whether a flag holds."""
        if not declared.given:
            return True
        return layer_of(one.name) < self.layer or (layer_of(one.name) == self.layer and one.kind == "flag" and not complete)

    def type(self, *, complete: bool, shapes: tuple[str, ...] = ("flag", "value", "many")) -> FactType:
        types = (one for one in VOCABULARY.types.values() if one.shape in shapes and one.name != "advice")
        derived = [one for one in types if layer_of(one.name) <= self.layer - complete and self.worth_reading(one.name)]
        return self.pick(derived) if derived and self.chance(5) else self.pick((PERSON, EVENT, PERSON, EVENT, DEAL))

    def worth_reading(self, name: str) -> bool:
        """Almost only what an earlier rule has written."""
        return layer_of(name) == 0 or name in self.written or self.random.random() < 0.01

    def pattern(self, names: Names, *, complete: bool, bind: int = 6, shapes: tuple[str, ...] = ("flag", "value", "many")) -> Pattern:
        """A pattern; what it binds is added to the names. `bind`: how likely it has a name."""
        declared = self.type(complete=complete, shapes=shapes)
        if declared.shape == "flag":
            return self.advice_pattern(complete=complete) if self.chance(2) else Pattern(declared.name)
        name = self.name() if self.chance(bind) else ""
        if name:
            value = declared.fields["value"] if declared.shape == "value" else None
            names[name] = Bound(None if value else declared, value, layer_of(declared.name))
        tests = [self.field_test(declared, names, complete=complete) for _ in range(self.pick((0, 0, 1, 2)))]
        groups = range(2 if self.chance(2) and declared.shape != "value" else 0)
        either = tuple((self.field_test(declared, names, complete=complete),) for _ in groups)
        if declared.shape == "value" and not tests:
            tests = [self.field_test(declared, names, complete=complete)]
        return Pattern(declared.name, tuple(tests), either, name)

    def advice_pattern(self, *, complete: bool) -> Pattern:
        latest = self.layer - complete
        play = FieldTest("play", Compare("equals", Constant(f"play_{self.pick(range(min(1, latest), latest + 1))}")))
        more = {
            "about": Compare("has", Constant(self.pick(PEOPLE))),
            "severity": Compare("at_least", Constant("warn")),
        }
        name = self.pick(("", *more))
        return Pattern("advice", (play, FieldTest(name, more[name])) if name else (play,))

    def conditions(self, names: Names, *, complete: bool, depth: int, most: int) -> tuple[Condition, ...]:
        return tuple(self.condition(names, complete=complete, depth=depth) for _ in self.several(most))

    def condition(self, names: Names, *, complete: bool, depth: int = 0) -> Condition:
        forms = [self.pattern, self.pattern]
        if depth < 2 and not self.chance(5 + 2 * depth):
            forms = [self.no, self.every, self.any_of, self.aggregate, self.aggregate, self.last, self.compute, self.tally]
        form = self.pick(forms)
        return form(names, complete=complete) if form in (self.pattern,) else form(names, complete=complete, depth=depth + 1)

    def no(self, names: Names, *, complete: bool, depth: int) -> Condition:
        how = "none" if self.steady else self.pick(("none", "none", "no_evidence_of", "evidence_of"))
        return No(how, self.conditions(dict(names), complete=complete or how != "evidence_of", depth=depth, most=2))

    def every(self, names: Names, *, complete: bool, depth: int) -> Condition:
        inner = dict(names)
        pattern = self.pattern(inner, complete=True, shapes=("value", "many"))
        declared = VOCABULARY.types[pattern.type]
        return Every(pattern, tuple(self.field_test(declared, inner, complete=True) for _ in self.several(2)))

    def any_of(self, names: Names, *, complete: bool, depth: int) -> Condition:
        return AnyOf(tuple(self.conditions(dict(names), complete=complete, depth=depth, most=2) for _ in range(2)))

    def aggregate(self, names: Names, *, complete: bool, depth: int) -> Condition:
        pattern = self.pattern(dict(names), complete=True, shapes=("value", "many"))
        declared = VOCABULARY.types[pattern.type]
        fields = [one for one in declared.fields.values() if self.may_read(declared, one, complete=True)]
        numbers, dates = [one for one in fields if one.kind in NUMERIC], [one for one in fields if one.kind == "date"]
        fitting = {"count": [NUMBER], "distinct": fields, "sum": numbers, "min": numbers + dates, "max": numbers + dates, "in_a_row": dates}
        how = self.pick(how for how, choices in fitting.items() if choices)
        one = self.pick(fitting[how])
        measured = one if how in ("min", "max") else NUMBER
        test, bind = self.outcome(measured, names)
        return Aggregate(how, pattern, "" if how == "count" else one.name, bind, test)

    def outcome(self, measured: Field, names: Names) -> tuple[Test | None, str]:
        """A test or a name, or both; what is aggregated or computed is complete."""
        test = self.test(measured, names) if self.chance(6) else None
        bind = self.name() if test is None or self.chance(4) else ""
        if bind:
            names[bind] = Bound(None, measured, self.layer - 1)
        return test, bind

    def last(self, names: Names, *, complete: bool, depth: int) -> Condition:
        inner = dict(names)
        pattern = self.pattern(inner, complete=True, shapes=())
        while not (dates := [one.name for one in VOCABULARY.types[pattern.type].fields.values() if one.kind == "date"]):
            pattern = self.pattern(inner, complete=True, shapes=())
        declared = VOCABULARY.types[pattern.type]
        bind = self.name() if self.chance(5) else ""
        if bind:
            names[bind] = Bound(declared, None, 0)
        tests = tuple(self.field_test(declared, names, complete=True) for _ in range(self.pick((0, 1, 2))))
        return Last(pattern, dates[0], bind, tests)

    def compute(self, names: Names, *, complete: bool, depth: int) -> Condition:
        value = self.computed(names)
        test, bind = self.outcome(NUMBER, names)
        return Compute(value, bind, test)

    def tally(self, names: Names, *, complete: bool, depth: int) -> Condition:
        inner = tuple(self.condition(dict(names), complete=True, depth=depth) for _ in range(2))
        test, bind = self.outcome(NUMBER, names)
        return Tally(inner, bind, test)

    # ── effects and rules ───────────────────────────────────────────────────────────────────────────────────────────────

    def effect(self, names: Names) -> Effect:
        given = [name for name, bound in names.items() if bound.type is not None and bound.type.given]
        form = self.pick(("flag", "grade", "total", "due", "risk", *(("mark", "mark", "mark", "advise") if given else ())))
        if form == "mark":
            return self.mark(self.pick(given), names)
        if form == "advise":
            about = tuple(name for name in given[:2] if self.chance(6))
            return Advise(f"play_{self.layer}", self.pick(("warn", "info")), "left", about, f"play_{self.layer}")
        declared = VOCABULARY.types[f"{form}_{self.layer}"]
        fields = ((one.name, self.operand(one, names, bound=8)) for one in declared.fields.values())
        return Conclude(declared.name, tuple(sorted(fields)))

    def mark(self, name: str, names: Names) -> Mark:
        """An interval that is marked may turn out to be several values; a steady rule marks none."""
        bound = names[name].type
        assert bound is not None
        mine = [one for one in bound.fields.values() if layer_of(one.name) == self.layer]
        chosen = [one for one in mine if self.chance(4)] or mine[:1]
        return Mark(name, tuple((one.name, self.marked(one, names)) for one in chosen))

    def marked(self, one: Field, names: Names) -> Operand:
        if one.kind == "flag" and not self.chance(2):
            return Constant(value=True)
        return self.operand(one, names, bound=8, exact=self.steady)


def rule(random: Random, rule_id: str, layer: int, written: set[str], *, steady: bool) -> Rule:
    author = Author(random, layer, steady, written)
    names: Names = {}
    opening = author.pattern(names, complete=False, bind=8)
    when = (opening, *(author.condition(names, complete=False) for _ in range(random.randint(0, 2))))
    then = tuple(author.effect(names) for _ in author.several(2))
    binds = {name: bound.type.name if bound.type else "" for name, bound in names.items()}
    return Rule(rule_id, {}, when, then, {}, binds=binds)


def rule_set(random: Random, *, steady: bool) -> tuple[Rule, ...]:
    found: list[Rule] = []
    written: set[str] = set()
    for number, place in enumerate(sorted(random.choices(LAYERS, k=random.randint(1, 8)))):
        found.append(rule(random, f"rule-{number}", place, written, steady=steady))
        written.update(name.rsplit(".", 1)[-1] for name in writes(found[-1]))
    return tuple(found)


class Case(NamedTuple):
    rules: tuple[Rule, ...]
    facts: tuple[Fact, ...]


def generated(random: Random, *, steady: bool = False) -> Case:
    return Case(rule_set(random, steady=steady), deal(random))


def cases(*, steady: bool = False) -> st.SearchStrategy[Case]:
    """Rules and a deal. `steady`: free of what asks whether something is recorded or on evidence."""
    return st.randoms(use_true_random=True).map(lambda random: generated(random, steady=steady))


def rule_base(rules: Iterable[Rule]) -> RuleBase:
    return layer(VOCABULARY, tuple(rules), PARAMS)
