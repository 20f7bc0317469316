"""Generated rules over the small vocabulary.

A rule of layer 2 concludes only what ends in 2. It may ask for what ends in 1 or 2, but negate, count, add up or compute with
only what ends in 1: so every generated rule base can be layered, and ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from kamcoach.model.condition import (
    Aggregate,
    AnyOf,
    Compare,
    Compute,
    Condition,
    Constant,
    Every,
    FieldTest,
    Last,
    No,
    OneOf,
    Operand,
    Pattern,
    Reference,
    Tally,
    Test,
)
from kamcoach.model.fact import NUMERIC, FactType, Field
from kamcoach.model.rule import Advise, Conclude, Effect, Mark, Rule
from kamcoach.model.rulebase import writes
from tests.small_tests import NUMBER, Bound, Comparisons, Names
from tests.small_vocabulary import DEAL, EVENT, LAYERS, PERSON, VOCABULARY, layer_of

MEASURED = tuple(one for declared in VOCABULARY.types.values() for one in declared.fields.values() if one.kind in NUMERIC | {"date"})
ADVICE = VOCABULARY.types["advice"]
HOLDS = Compare("equals", Constant(value=True))


class Author(Comparisons):
    """Writes a rule of one layer."""

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

    def readable(self, declared: FactType) -> Iterator[Field]:
        """What is complete and may hold something."""
        for one in declared.fields.values():
            if self.may_read(declared, one, complete=True) and (not declared.given or self.worth_reading(one.name)):
                yield one

    def type(self, *, complete: bool, shapes: tuple[str, ...] = ("flag", "value", "many")) -> FactType:
        types = (one for one in VOCABULARY.types.values() if one.shape in shapes and one.name != "advice")
        derived = [one for one in types if layer_of(one.name) <= self.layer - complete and self.worth_reading(one.name)]
        return self.pick(derived) if derived and self.chance(5) else self.pick((PERSON, EVENT, PERSON, EVENT, DEAL))

    def worth_reading(self, name: str) -> bool:
        """Mostly what an earlier rule has written; of the same layer now and then what a later one may write."""
        likely = 0.15 if layer_of(name) == self.layer else 0.01
        return layer_of(name) == 0 or name in self.written or self.random.random() < likely

    def pattern(self, names: Names, *, complete: bool, bind: int = 6, shapes: tuple[str, ...] = ("flag", "value", "many")) -> Pattern:
        """A pattern; what it binds is added to the names. `bind`: how likely it has a name."""
        if self.chance(1):
            return self.advice_pattern(names, complete=complete, bind=bind)
        declared = self.type(complete=complete, shapes=shapes)
        if declared.shape == "flag" or (complete and self.chance(1)):
            return Pattern(declared.name)
        name = self.name() if self.chance(bind) else ""
        if name:
            value = declared.fields["value"] if declared.shape == "value" else None
            names[name] = Bound(None if value else declared, value, layer_of(declared.name))
        tests = [self.field_test(declared, names, complete=complete) for _ in range(self.pick((0, 0, 1, 1, 2, 3)))]
        groups = range(self.pick((2, 2, 3)) if self.chance(2) and declared.shape != "value" else 0)
        either = tuple(tuple(self.field_test(declared, names, complete=complete) for _ in self.several(2)) for _ in groups)
        if declared.shape == "value" and not tests:
            tests = [self.field_test(declared, names, complete=complete)]
        return Pattern(declared.name, tuple(tests), either, name)

    def advice_pattern(self, names: Names, *, complete: bool, bind: int) -> Pattern:
        """Over the advice of one play, of several, or of any; of any only where no rule can come after."""
        latest = self.layer - complete
        plays = [Constant(f"play_{number}") for number in range(min(1, latest), latest + 1)]
        test = self.pick((Compare("equals", self.pick(plays)), OneOf(tuple(plays))))
        tests = [] if latest == LAYERS[-1] and self.chance(3) else [FieldTest("play", test)]
        name = self.name() if self.chance(bind) else ""
        if name:
            names[name] = Bound(ADVICE, None, self.layer)
        others = [ADVICE.fields[one] for one in ("rule", "severity", "lens", "topic", "about", "about")]
        more = [self.pick(others) for _ in range(self.pick((0, 0, 1, 2)))]
        return Pattern("advice", (*tests, *(FieldTest(one.name, self.test(one, names)) for one in more)), (), name)

    def conditions(self, names: Names, *, complete: bool, depth: int, most: int) -> tuple[Condition, ...]:
        return tuple(self.condition(names, complete=complete, depth=depth) for _ in self.several(most))

    def condition(self, names: Names, *, complete: bool, depth: int = 0) -> Condition:
        forms = [self.pattern, self.pattern]
        if depth < 2 and not self.chance(3 + 2 * depth):
            forms = [self.no, self.every, self.any_of, *[self.aggregate] * 4, self.last, self.last, self.compute, self.tally]
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
        return AnyOf(tuple(self.conditions(dict(names), complete=complete, depth=depth, most=2) for _ in self.several(3)))

    def aggregate(self, names: Names, *, complete: bool, depth: int) -> Condition:
        pattern = self.pattern(dict(names), complete=True)
        declared = VOCABULARY.types[pattern.type]
        fields = list(self.readable(declared))
        numbers, dates = [one for one in fields if one.kind in NUMERIC], [one for one in fields if one.kind == "date"]
        fitting = {"count": [NUMBER], "distinct": fields, "sum": numbers, "min": numbers + dates, "max": numbers + dates, "in_a_row": dates}
        how = self.pick(how for how, choices in fitting.items() if choices)
        one = self.pick(fitting[how])
        measured = one if how in ("min", "max") else NUMBER
        test, bind = self.outcome(measured, names)
        return Aggregate(how, pattern, "" if how == "count" else one.name, bind, test)

    def outcome(self, measured: Field, names: Names) -> tuple[Test | None, str]:
        """A test or a name, or both; what is aggregated or computed is complete."""
        test = self.test(measured, names) if self.chance(5) else None
        bind = self.name() if test is None or self.chance(5) else ""
        if bind:
            names[bind] = Bound(None, measured, self.layer - 1)
        return test, bind

    def last(self, names: Names, *, complete: bool, depth: int) -> Condition:
        dates: list[str] = []
        while not dates:
            pattern = self.pattern(dict(names), complete=True, shapes=("value", "many"))
            declared = VOCABULARY.types[pattern.type]
            dates = [one.name for one in self.readable(declared) if one.kind == "date"]
        bind = self.name() if self.chance(5) else ""
        if bind:
            names[bind] = Bound(declared, None, layer_of(declared.name))
        tests = tuple(self.field_test(declared, names, complete=True) for _ in range(self.pick((0, 1, 2))))
        return Last(pattern, self.pick(dates), bind, tests)

    def compute(self, names: Names, *, complete: bool, depth: int) -> Condition:
        value = self.computed(names) if self.chance(8) else self.operand(NUMBER, names, bound=8, computing=True)
        test, bind = self.outcome(NUMBER, names)
        return Compute(value, bind, test)

    def tally(self, names: Names, *, complete: bool, depth: int) -> Condition:
        inner = tuple(self.condition(dict(names), complete=True, depth=depth) for _ in self.several(3))
        test, bind = self.outcome(NUMBER, names)
        return Tally(inner, bind, test)

    # ── effects and rules ───────────────────────────────────────────────────────────────────────────────────────────────

    def effect(self, names: Names) -> Effect:
        if self.chance(4) and (worked_out := [name for name, bound in names.items() if bound.field in (NUMBER, *MEASURED)]):
            return self.told(self.pick(worked_out), names)
        given = [name for name, bound in names.items() if bound.type is not None and bound.type.given]
        form = self.pick(("flag", "grade", "total", "due", "lead", "risk", "risk", *(("mark", "mark", "mark", "advise") if given else ())))
        if form == "mark":
            return self.mark(self.pick(given), names)
        if form == "advise":
            about = tuple(name for name in given[:2] if self.chance(6))
            topic, lens = self.pick((f"play_{self.layer}", "Ann")), self.pick(("left", "right"))
            return Advise(f"play_{self.layer}", self.pick(("warn", "info")), lens, about, topic)
        declared = VOCABULARY.types[f"{form}_{self.layer}"]
        said = [one for one in declared.fields.values() if self.chance(6)] or list(declared.fields.values())[:1]
        return Conclude(declared.name, tuple(sorted((one.name, self.operand(one, names, bound=8)) for one in said)))

    def told(self, name: str, names: Names) -> Effect:
        """What was counted or worked out, as it is."""
        kind = names[name].field
        assert kind is not None
        return Conclude(f"{'due' if kind.kind == 'date' else 'total'}_{self.layer}", (("value", Reference(name)),))

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
    if author.chance(2):
        when: tuple[Condition, ...] = (author.aggregate(names, complete=False, depth=1),)
    else:
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
