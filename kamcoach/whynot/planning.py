"""Which values of the deal would make a condition true, or false. A plan is a guess that is tried out afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kamcoach.engine.combine import solve
from kamcoach.engine.memory import FALSE, TRUE, Consultation, Env
from kamcoach.model.condition import Aggregate, AnyOf, Compute, Condition, Every, FieldTest, Known, Last, No, Pattern, Tally
from kamcoach.model.fact import Fact, FactType
from kamcoach.whynot.amounts import computed, fields_compared, wanted_count
from kamcoach.whynot.concluding import Concluding
from kamcoach.whynot.drafts import Edit
from kamcoach.whynot.judging import Judge, Nearest, references_in, spoken_of
from kamcoach.whynot.plans import Plan, cost_of, least, together
from kamcoach.whynot.values import NOTHING, value_for


@dataclass(slots=True)
class Planner:
    """Plans changes for one consultation."""

    consultation: Consultation
    judge: Judge
    banned: frozenset[tuple[str, str, str]] = frozenset()
    """What must stay as it is."""
    busy: set[tuple[object, ...]] = field(default_factory=set)
    """What is being planned already, so that no plan waits for itself."""

    def for_rule(self, near: Nearest) -> Plan:
        """Everything that is not true yet made true."""
        return together(self.make(one.condition, one.names) for one in near.conditions if one.truth != TRUE)

    def next_step(self, near: Nearest) -> Plan:
        """The same as far as it can be planned now; what waits for a value that is not there yet can be planned next."""
        plans = [self.make(one.condition, one.names) for one in near.conditions if one.truth != TRUE]
        return together(plan for plan in plans if plan is not None)

    # ── making a condition true ───────────────────────────────────────────────────────────────────────────────────────

    def make(self, condition: Condition, names: Env) -> Plan:
        if any(name not in names for name in spoken_of(condition)):
            return None
        match condition:
            case Pattern():
                return self.pattern(condition, names)
            case No(how="evidence_of", conditions=inner):
                return self.jointly(inner, names)
            case No(how=how, conditions=inner):
                return self.prevent(inner, names, possible=how == "none")
            case AnyOf(alternatives=alternatives):
                return least(self.jointly(group, names) for group in alternatives)
            case Every(pattern=pattern, satisfies=tests):
                return self._every(pattern, tests, names)
            case Last(pattern=pattern, tests=tests):
                return self._last(condition, pattern, tests, names)
            case Aggregate(how="count"):
                return self._count(condition, names)
            case Tally(conditions=inner):
                return self._tally(condition, inner, names)
            case Compute():
                return computed(condition, names, self.judge.memory, self.banned)
            case Aggregate():
                return None

    def jointly(self, conditions: Iterable[Condition], names: Env) -> Plan:
        """All of them, each with the names that those before it bind."""
        plans: list[Plan] = []
        inner = names
        for one in conditions:
            if any(name not in inner for name in spoken_of(one)):
                return None
            ways = self.judge.step(one)(inner, self.judge.memory)
            best = max(ways, key=lambda way: way[0], default=None)
            inner = best[1] if best is not None else self._nearest(one, inner)
            if best is None or best[0] != TRUE:
                plans.append(self.make(one, inner))
        return together(plans)

    def _nearest(self, condition: Condition, names: Env) -> Env:
        """The name of a pattern that nothing passes stands for what comes nearest."""
        if not isinstance(condition, Pattern) or not condition.bind:
            return names
        held = self.judge.memory.by_type.get(condition.type, [])
        near = min(held, key=lambda one: self.judge.distance(condition, one, self._with(names, condition, one.fact)), default=None)
        return self._with(names, condition, near.fact) if near is not None else names

    def pattern(self, pattern: Pattern, names: Env) -> Plan:
        declared = self.judge.vocabulary.types[pattern.type]
        if not declared.given:
            return Concluding(self).conclude(pattern, names)
        bound = names.get(pattern.bind) if pattern.bind else None
        if isinstance(bound, Fact) and not bound.unasked:
            return self.fact(bound, pattern, names)
        facts = [held.fact for held in self.judge.memory.by_type.get(pattern.type, ()) if not held.fact.unasked]
        plans = [self.fact(fact, pattern, self._with(names, pattern, fact)) for fact in facts]
        return least([self._new(pattern, declared, names), *plans]) if declared.plural else least(plans)

    def _with(self, names: Env, pattern: Pattern, fact: Fact) -> Env:
        """The names when the pattern's own stands for this fact, or for its value."""
        is_value = self.judge.vocabulary.types[pattern.type].shape == "value"
        return {**names, pattern.bind: fact.fields.get("value") if is_value else fact} if pattern.bind else names

    def _new(self, pattern: Pattern, declared: FactType, names: Env, number: int = 1) -> Plan:
        """An item added to the list, the `number`th of this plan."""
        held = self.judge.memory.by_type.get(pattern.type, ())
        number += sum(1 for one in held if one.fact.at is None and not one.fact.unasked)
        key = f"new-{number}" if declared.key else f"+{number}"
        fact = Fact(pattern.type, {declared.key: key} if declared.key else {}, key)
        plan = self.fact(fact, pattern, self._with(names, pattern, fact))
        if not plan:  # an item of which nothing is asked but that it is there
            return (Edit(pattern.type, key, declared.key, key, added=True),) if plan == () and declared.key else None
        return tuple(edit._replace(added=(edit.type, edit.key) == (fact.type, key)) for edit in plan)

    def fact(self, fact: Fact, pattern: Pattern, names: Env, extra: tuple[FieldTest, ...] = ()) -> Plan:
        """One fact made to pass a pattern."""
        plans = [self.test(fact, one, names) for one in (*pattern.tests, *extra)]
        if pattern.either:
            plans.append(least(together(self.test(fact, one, names) for one in group) for group in pattern.either))
        return together(plans)

    def test(self, fact: Fact, one: FieldTest, names: Env, *, passes: bool = True) -> Plan:
        """One field of a fact made to pass its test, or to fail it."""
        declared = self.judge.vocabulary.types[fact.type]
        field_ = declared.fields[one.field]
        if any(name not in names for name in references_in(one)):
            return None
        if self.judge.test(one, declared, fact, names) == (TRUE if passes else FALSE):
            return ()
        if field_.derived and declared.given:
            return Concluding(self).mark(fact, one, names, passes=passes)
        if field_.kind == "key" or not declared.given:
            return None
        value = value_for(one.test, field_, fact, names, self.judge.memory, passes=passes)
        edit = Edit(fact.type, fact.key, one.field, value, cost=cost_of(fact, field_))
        if value is NOTHING:
            return self._compared(one, names)
        return None if edit.place in self.banned else (edit,)

    def _compared(self, one: FieldTest, names: Env) -> Plan:
        """Where a test compares with a field that is not recorded, that must be recorded first."""
        for name, field_ in fields_compared(one):
            fact = names.get(name)
            if isinstance(fact, Fact) and field_ not in fact.fields and not fact.unasked:
                return self.test(fact, FieldTest(field_, Known(wanted=True)), names)
        return None

    # ── making it false ───────────────────────────────────────────────────────────────────────────────────────────────

    def prevent(self, conditions: tuple[Condition, ...], names: Env, *, possible: bool) -> Plan:
        """That conditions never hold together: in every way in which they do (or might), one of them is broken."""
        steps = [self.judge.step(one) for one in conditions]
        ways = [way for way in solve(steps, names, self.judge.memory) if possible or way[0] == TRUE]
        plans = []
        for _, inner, premises in ways:
            facts = [(premise.condition, fact) for premise in premises for fact in premise.facts]
            once = {(id(condition), fact.id): (condition, fact) for condition, fact in facts}
            singles = [self.broken(condition, fact, inner) for condition, fact in once.values()]
            plans.append(together(singles) if len(conditions) == 1 else least(singles))
        return together(plans)

    def broken(self, condition: Condition, fact: Fact, names: Env) -> Plan:
        """One fact made to fail the pattern that it passes."""
        if not isinstance(condition, Pattern):
            return self.undo(condition, names)
        declared = self.judge.vocabulary.types[fact.type]
        if not declared.given:
            return Concluding(self).avoid(condition, fact, names)
        if fact.unasked:
            return None
        inner = self._with(names, condition, fact)
        ways = [self.test(fact, one, inner, passes=False) for one in condition.tests]
        if condition.either:
            ways.append(together(least(self.test(fact, one, inner, passes=False) for one in group) for group in condition.either))
        return least(ways)

    def undo(self, condition: Condition, names: Env) -> Plan:
        """A condition that is true (or might be) made false."""
        if any(name not in names for name in spoken_of(condition)):
            return None
        match condition:
            case Pattern():
                return self.prevent((condition,), names, possible=True)
            case Last(pattern=pattern, tests=tests):
                facts = [fact for _, _, premise in self.judge.step(condition)(names, self.judge.memory) for fact in premise.facts]
                return together(self.broken(pattern._replace(tests=tests or pattern.tests), fact, names) for fact in facts)
            case No(how="evidence_of", conditions=inner):
                return self.prevent(inner, names, possible=False)
            case No(conditions=inner):
                return self.jointly(inner, names)
            case AnyOf(alternatives=alternatives):
                return together(self.prevent(group, names, possible=True) for group in alternatives)
            case Every(pattern=pattern, satisfies=tests):
                return self._not_every(pattern, tests, names)
            case _:
                return None

    def _not_every(self, pattern: Pattern, tests: tuple[FieldTest, ...], names: Env) -> Plan:
        """One fact that passes the pattern and fails a test."""
        facts = [held.fact for held in self.judge.memory.by_type.get(pattern.type, ()) if not held.fact.unasked]
        failing = [least(self.test(fact, one, names, passes=False) for one in tests) for fact in facts]
        return least(together((self.fact(fact, pattern, names), plan)) for fact, plan in zip(facts, failing, strict=True))

    # ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _every(self, pattern: Pattern, tests: tuple[FieldTest, ...], names: Env) -> Plan:
        plans: list[Plan] = []
        for held in self.judge.memory.by_type.get(pattern.type, ()):
            inner = self._with(names, pattern, held.fact)
            if not held.fact.unasked and self.judge.distance(pattern, held, inner) < 1:
                plans.append(together(self.test(held.fact, one, inner) for one in tests))
        return together(plans)

    def _last(self, last: Last, pattern: Pattern, tests: tuple[FieldTest, ...], names: Env) -> Plan:
        bare = self.judge.step(last._replace(tests=()))(names, self.judge.memory)
        facts = [premise.facts[0] for _, _, premise in bare if not premise.facts[0].unasked]
        if facts:
            inner = self._with(self._with(names, pattern._replace(bind=last.bind), facts[0]), pattern, facts[0])
            return self.fact(facts[0], pattern, inner, tests)
        return self.pattern(pattern._replace(tests=(*pattern.tests, *tests)), names)

    def _count(self, condition: Aggregate, names: Env) -> Plan:
        """More facts made to pass the pattern, or fewer."""
        pattern = condition.pattern
        held = self.judge.memory.by_type.get(pattern.type, ())
        passing = [h.fact for h in held if self.judge.distance(pattern, h, self._with(names, pattern, h.fact)) == 0]
        wanted = wanted_count(condition.test, len(passing), names, self.judge.memory)
        if wanted is None:
            return None
        if wanted <= len(passing):
            return together(self.broken(pattern, fact, names) for fact in passing[wanted:])
        others = [h for h in held if not h.fact.unasked and h.fact not in passing]
        others.sort(key=lambda h: self.judge.distance(pattern, h, self._with(names, pattern, h.fact)))
        declared = self.judge.vocabulary.types[pattern.type]
        plans = [self.fact(h.fact, pattern, self._with(names, pattern, h.fact)) for h in others[: wanted - len(passing)]]
        plans += [self._new(pattern, declared, names, n + 1) for n in range(wanted - len(passing) - len(plans)) if declared.plural]
        return together(plans)

    def _tally(self, condition: Tally, inner: tuple[Condition, ...], names: Env) -> Plan:
        """The cheapest of the conditions made true, or false, until the number is right."""
        truths = [(max((way[0] for way in self.judge.step(one)(names, self.judge.memory)), default=FALSE), one) for one in inner]
        holding = [one for truth, one in truths if truth == TRUE]
        wanted = wanted_count(condition.test, len(holding), names, self.judge.memory)
        if wanted is None:
            return None
        more = wanted > len(holding)
        plans = (self.make(one, names) for truth, one in truths if truth != TRUE) if more else (self.undo(one, names) for one in holding)
        chosen = sorted((plan for plan in plans if plan is not None), key=len)[: abs(wanted - len(holding))]
        return together(chosen) if len(chosen) == abs(wanted - len(holding)) else None
