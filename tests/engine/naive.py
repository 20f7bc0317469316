"""The executable specification of the three truth values: what a rule base says about one deal, slowly and in plain sight.

Truth is 0 (false), 1 (unknown), 2 (true); and, or, not are min, max and 2 - x. An unknown value is None, a number that
is known only to lie between two bounds is an Interval. Every condition is asked of everything that is held, over and
over, until nothing new follows: no index, no compilation, no memory of what was asked before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from kamcoach.model import condition as when
from kamcoach.model.fact import Fact, Field, Interval, Value, Vocabulary
from kamcoach.model.rule import Advise, Conclude, Effect, Mark, Param, Rule
from kamcoach.model.rulebase import layer
from tests.engine import amounts
from tests.engine.amounts import FALSE, TRUE, UNKNOWN, Dated, Held
from tests.engine.outcomes import Identity, Outcome, identity

NUMBER = Field("number", "number")
Names = Mapping[str, Fact | Value | None]


def naive(rules: Iterable[Rule], vocabulary: Vocabulary, params: Mapping[str, Param], facts: Iterable[Fact], as_of: date) -> Outcome:
    """Stratum by stratum, every rule is carried out with everything that satisfies it, until nothing changes."""
    world = World(vocabulary, params, as_of)
    for fact in facts:
        world.hold(fact, UNKNOWN if fact.unasked else TRUE, vague=fact.unasked)
    for stratum in layer(vocabulary, tuple(rules), params).strata:
        before = None
        while before != world.outcome():
            before = world.outcome()
            for rule in stratum:
                world.carry_out(rule)
    return world.outcome()


class World:
    def __init__(self, vocabulary: Vocabulary, params: Mapping[str, Param], as_of: date) -> None:
        self.vocabulary, self.params, self.as_of = vocabulary, params, as_of
        self.held: dict[Identity, Held] = {}
        self.marks: dict[tuple[Identity, str], dict[Value | None, int]] = {}

    def outcome(self) -> Outcome:
        return Outcome({name: held.truth for name, held in self.held.items()}, {name: dict(of) for name, of in self.marks.items()})

    def carry_out(self, rule: Rule) -> None:
        for names, truth in list(self.joint(rule.when, {})):
            for effect in rule.then:
                self.effect(rule, effect, names, truth)

    def effect(self, rule: Rule, effect: Effect, names: Names, truth: int) -> None:
        match effect:
            case Conclude(type=type_name, fields=fields):
                self.conclude(type_name, {name: self.value(operand, names) for name, operand in fields}, truth)
            case Mark(name=name, fields=fields):
                for field, operand in fields:
                    self.mark(names[name], field, self.value(operand, names), truth)
            case Advise(play=play, severity=severity, lens=lens, topic=topic):
                keys = {self.value(when.Reference(name), names) for name in effect.about}
                about = None if None in keys else tuple(sorted(keys))
                says = {"rule": rule.id, "play": play, "severity": severity, "lens": lens, "topic": topic, "about": about}
                self.conclude("advice", says, truth)

    def conclude(self, type_name: str, values: Mapping[str, Value | None], truth: int) -> None:
        """What is concluded with a value that is not known is only possible."""
        known = {name: value for name, value in values.items() if value is not None}
        truth = truth if len(known) == len(values) else min(truth, UNKNOWN)
        vague = any(value is None or isinstance(value, Interval) for value in values.values())
        self.hold(Fact(type_name, known), truth, vague)

    def hold(self, fact: Fact, truth: int, vague: bool) -> None:
        before = self.held.get(identity(fact), Held(fact, FALSE, False))
        self.held[identity(fact)] = Held(before.fact, max(before.truth, truth), before.vague or vague)

    def mark(self, fact: Fact, field: str, value: Value | None, truth: int) -> None:
        marked = self.marks.setdefault((identity(fact), field), {})
        marked[value] = max(marked.get(value, FALSE), min(truth, UNKNOWN) if value is None else truth)

    # ── conditions ──────────────────────────────────────────────────────────────────────────────────────────────────

    def joint(self, conditions: tuple[when.Condition, ...], names: Names, truth: int = TRUE) -> Iterator[tuple[Names, int]]:
        """Every way in which the conditions hold together, at least possibly."""
        if truth and not conditions:
            yield names, truth
        elif truth:
            for more, found in self.ways(conditions[0], names):
                yield from self.joint(conditions[1:], {**names, **more}, min(truth, found))

    def holds(self, conditions: tuple[when.Condition, ...], names: Names) -> int:
        return max((truth for _, truth in self.joint(conditions, names)), default=FALSE)

    def ways(self, condition: when.Condition, names: Names) -> list[tuple[Names, int]]:
        """What the condition binds, and its truth then: one way for each fact that is given a name, else a single one."""
        match condition:
            case when.Pattern(bind=bind):
                found = self.matches(condition, names)
                return self.each(bind, found, [one.truth for one in found])
            case when.No(how=how, conditions=inner):
                found = self.holds(inner, names)
                return [({}, TRUE - found if how == "none" else TRUE if (found == TRUE) == (how == "evidence_of") else FALSE)]
            case when.Every(pattern=pattern, satisfies=tests):
                found = self.matches(pattern, names)
                passed = [max(TRUE - one.truth, self.tests(tests, one.fact, {**names, pattern.bind: self.named(one)})) for one in found]
                return [({}, min(passed, default=TRUE))]
            case when.AnyOf(alternatives=alternatives):
                return [({}, max(self.holds(one, names) for one in alternatives))]
            case when.Aggregate(bind=bind, test=test):
                value, truth = self.aggregate(condition, names)
                return [({bind: value}, min(truth, self.passes(test, value, self.measured(condition), names)))]
            case when.Last(bind=bind, tests=tests):
                found = amounts.latest(self.dated(self.matches(condition.pattern, names), condition.pattern, condition.by, names))
                passed = [min(one.truth, self.tests(tests, one.fact, {**names, bind: one.fact})) for one in found]
                if bind:
                    return [({bind: one.fact}, truth) for one, truth in zip(found, passed, strict=True)]
                return [({}, max(passed, default=FALSE))]
            case when.Compute(value=operand, bind=bind, test=test):
                value = self.value(operand, names)
                return [({bind: value}, self.passes(test, value, NUMBER, names))]
            case when.Tally(conditions=inner, bind=bind, test=test):
                held = [self.holds((one,), names) for one in inner]
                value = amounts.between(held.count(TRUE), len(held) - held.count(FALSE))
                return [({bind: value}, self.passes(test, value, NUMBER, names))]

    def each(self, bind: str, found: list[Held], truths: list[int]) -> list[tuple[Names, int]]:
        """A way for each fact if it is given a name, else whether there is one."""
        if not bind:
            return [({}, max(truths, default=FALSE))]
        return [({bind: self.named(one)}, truth) for one, truth in zip(found, truths, strict=True)]

    def aggregate(self, condition: when.Aggregate, names: Names) -> tuple[Value | None, int]:
        """The number, and whether there is one at all."""
        pattern, name = condition.pattern, condition.field
        matches = self.matches(pattern, names)
        values = [(one, self.read(one.fact, name)) for one in matches] if name else []
        spans = [(one, amounts.bounds(value, self.vocabulary.types[pattern.type].fields[name])) for one, value in values]
        match condition.how:
            case "count":
                return amounts.count(matches), TRUE
            case "sum":
                return amounts.added(spans), TRUE
            case "distinct":
                return amounts.distinct(values), TRUE
            case "min" | "max":
                return amounts.least(spans) if condition.how == "min" else amounts.greatest(spans)
            case "in_a_row":
                return amounts.in_a_row(self.dated(self.of_type(pattern.type), pattern, name, names)), TRUE

    def measured(self, condition: when.Aggregate) -> Field:
        """What the test is on: a value of the field, or a mere number."""
        return self.vocabulary.types[condition.pattern.type].fields[condition.field] if condition.how in ("min", "max") else NUMBER

    def dated(self, facts: list[Held], pattern: when.Pattern, by: str, names: Names) -> list[Dated]:
        return [Dated(one, self.read(one.fact, by), self.fits(pattern, one, names)) for one in facts]

    def matches(self, pattern: when.Pattern, names: Names) -> list[Held]:
        """The facts that match, at least possibly, each with the truth of the match."""
        found = [one._replace(truth=min(one.truth, self.fits(pattern, one, names))) for one in self.of_type(pattern.type)]
        return [one for one in found if one.truth]

    def fits(self, pattern: when.Pattern, one: Held, names: Names) -> int:
        """Whether the fact passes the tests, let alone whether there is such a fact."""
        names = {**names, pattern.bind: self.named(one)}
        groups = [self.tests(group, one.fact, names) for group in pattern.either]
        return min(self.tests(pattern.tests, one.fact, names), max(groups, default=TRUE))

    def tests(self, tests: tuple[when.FieldTest, ...], fact: Fact, names: Names) -> int:
        return min((self.asked(one, fact, names) for one in tests), default=TRUE)

    def asked(self, one: when.FieldTest, fact: Fact, names: Names) -> int:
        """A field that rules mark may hold several values: one of them must pass. Not marked at all is false."""
        field = self.vocabulary.types[fact.type].fields[one.field]
        if not self.is_marked(fact, field) or field.kind == "flag":
            return self.passes(one.test, self.read(fact, one.field), field, names)
        marked = self.marks.get((identity(fact), one.field), {})
        if isinstance(one.test, when.Known):
            return TRUE if (TRUE in marked.values()) == one.test.wanted else FALSE
        taken = [(value, None) if truth == UNKNOWN else (value,) for value, truth in marked.items()]
        return max((min(self.passes(one.test, value, field, names) for value in values) for values in taken), default=FALSE)

    def is_marked(self, fact: Fact, field: Field) -> bool:
        return self.vocabulary.types[fact.type].given and field.derived

    def of_type(self, type_name: str) -> list[Held]:
        return [one for one in self.held.values() if one.fact.type == type_name]

    def named(self, one: Held) -> Fact | Value | None:
        """What a name stands for: the fact, or the value of a type that has just one."""
        return one.fact.fields.get("value") if self.vocabulary.types[one.fact.type].shape == "value" else one.fact

    def read(self, fact: Fact, name: str) -> Value | None:
        """A derived flag is false unless it is concluded; what else is marked is known if it is certain and the only value."""
        field = self.vocabulary.types[fact.type].fields[name]
        if not self.is_marked(fact, field):
            return fact.fields.get(name)
        marked = self.marks.get((identity(fact), name), {})
        if field.kind == "flag":
            return {FALSE: False, UNKNOWN: None, TRUE: True}[max(marked.get(True, FALSE), marked.get(None, FALSE))]
        return next(iter(marked)) if list(marked.values()) == [TRUE] else None

    # ── tests and values ────────────────────────────────────────────────────────────────────────────────────────────

    def passes(self, test: when.Test | None, value: Value | None, field: Field, names: Names) -> int:
        match test:
            case None:
                return TRUE
            case when.Known(wanted=wanted):
                return TRUE if (value is not None) == wanted else FALSE
            case when.Not(test=inner):
                return TRUE - self.passes(inner, value, field, names)
            case when.AllOf(tests=tests):
                return min(self.passes(one, value, field, names) for one in tests)
            case when.Size(test=inner):
                return self.passes(inner, None if value is None else len(value), NUMBER, names)
            case when.Days(direction=direction, test=inner):
                ends = (value, self.as_of) if direction == "ahead" else (self.as_of, value)
                return self.passes(inner, amounts.computed("difference", ends), NUMBER, names)
            case when.OneOf(operands=operands, of_set=of_set):
                return max(self.compare("has" if of_set else "equals", value, self.value(one, names), field) for one in operands)
            case when.Compare(how=how, operand=operand):
                return self.compare(how, value, self.value(operand, names), field)

    def compare(self, how: str, value: Value | None, other: Value | None, field: Field) -> int:
        if value is None or other is None:
            return FALSE if how == "has" and value == () else UNKNOWN
        match how:
            case "has":
                return TRUE if other in value else FALSE
            case "contains":
                return TRUE if other.casefold() in value.casefold() else FALSE
            case "starts_with":
                return TRUE if value.casefold().startswith(other.casefold()) else FALSE
        if field.kind == "enum" and how != "equals":
            rank = self.vocabulary.enums[field.of].rank
            return amounts.compare(how, rank[value], rank[other])
        return amounts.compare(how, value, other)

    def value(self, operand: when.Operand, names: Names) -> Value | None:
        match operand:
            case when.Constant(value=value):
                return value
            case when.Parameter(name=name):
                return self.params[name].value
            case when.Reference(name=name, field=""):
                bound = names[name]
                return bound if not isinstance(bound, Fact) else None if bound.unasked else bound.key
            case when.Reference(name=name, field=field):
                return self.read(names[name], field)
            case when.Computed(how=how, operands=operands):
                return amounts.computed(how, [self.value(one, names) for one in operands])
