"""Plans for what rules conclude: down to the values of the deal on which the conclusion rests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kamcoach.engine.memory import TRUE, Activation, Env, Held
from kamcoach.engine.values import compile_test
from kamcoach.model.condition import (
    Aggregate,
    Compute,
    Condition,
    Constant,
    FieldTest,
    Not,
    Operand,
    Pattern,
    Reference,
    Tally,
    Test,
)
from kamcoach.model.fact import Fact, Field
from kamcoach.model.rule import Conclude, Mark, Rule
from kamcoach.model.walk import wanted
from kamcoach.whynot.judging import Nearest, references_in
from kamcoach.whynot.plans import Maker, Plan, least, together
from kamcoach.whynot.values import settled

_DEEPEST: Final = 8
"""Conclusions one upon another through which a plan is followed."""


class Concluding:
    """Plans conclusions and marks, and how to be rid of them."""

    def __init__(self, planner: Maker) -> None:
        self.planner = planner
        self.judge = planner.judge
        self.rules = planner.consultation.rule_base.rules

    def conclude(self, pattern: Pattern, names: Env) -> Plan:
        """A derived fact that passes the pattern."""
        return self._once(("conclude", pattern, tuple(sorted(names))), self._concluding(pattern, names))

    def mark(self, fact: Fact, one: FieldTest, names: Env, *, passes: bool) -> Plan:
        """A derived field of a given fact that passes its test, or fails it."""
        declared = self.judge.vocabulary.types[fact.type].fields[one.field]
        judge = compile_test(one.test, declared, self.judge.vocabulary)
        values = self._values(fact, one.field, declared)
        wanted = [value for value in values if judge(value, names, self.judge.memory) == TRUE]
        if declared.kind == "flag" and False in wanted:
            wanted, passes = [True], not passes  # it must not be marked
        goal = ("mark", fact.id, one.field, passes, tuple(wanted))
        return self._once(goal, self._marking(fact, one.field, wanted) if passes else self._unmarking(fact, one.field, wanted))

    def _values(self, fact: Fact, name: str, declared: Field) -> list[Any]:
        """What rules may mark the field with."""
        if declared.kind == "flag":
            return [True, False]
        marked = [value for value in self.judge.memory.marks.get((fact.id, name), {}) if value is not None]
        operands_ = [dict(e.fields).get(name) for rule in self.rules for e in rule.then if isinstance(e, Mark)]
        return list(dict.fromkeys([*marked, *(one.value for one in operands_ if isinstance(one, Constant))]))

    def avoid(self, pattern: Pattern, fact: Fact, names: Env) -> Plan:
        """A derived fact that fails the pattern that it passes: with another number, or not concluded at all."""
        return self._once(("avoid", fact.id), iter((self._counted_otherwise(pattern, fact, names), self._without(fact.id))))

    def _counted_otherwise(self, pattern: Pattern, fact: Fact, names: Env) -> Plan:
        plans: list[Plan] = []
        for activation in self.planner.consultation.support(fact.id):
            for effect in activation.rule.then:
                if isinstance(effect, Conclude) and effect.type == fact.type and len(pattern.tests) == 1:
                    one = pattern.tests[0]
                    asked = self._asked(dict(effect.fields).get(one.field), Not(one.test), names, activation.rule)
                    plans.append(self.planner.make(asked, activation.names) if asked is not None else None)
        return together(plans) if plans else None

    def _once(self, goal: tuple[Any, ...], plans: Iterator[Plan]) -> Plan:
        """The least of the plans; none while the same is being planned already."""
        if goal in self.planner.busy or len(self.planner.busy) > _DEEPEST:
            return None
        self.planner.busy.add(goal)
        try:
            return least(plans)
        finally:
            self.planner.busy.discard(goal)

    def _concluding(self, pattern: Pattern, names: Env) -> Iterator[Plan]:
        for rule in self.rules:
            for effect in rule.then:
                if isinstance(effect, Conclude) and effect.type == pattern.type:
                    yield self._by_rule(rule, effect, pattern, names)

    def _by_rule(self, rule: Rule, effect: Conclude, pattern: Pattern, names: Env) -> Plan:
        """A rule made to fire, if what it concludes passes, or can be made to."""
        declared = self.judge.vocabulary.types[pattern.type]
        if any(name not in names for name in references_in(pattern)):
            return None
        given = dict(effect.fields)
        fixed: dict[str, Any] = {}
        extra: list[Condition] = []
        for one in (*pattern.tests, *(test for group in pattern.either[:1] for test in group)):
            operand = given.get(one.field)
            if isinstance(operand, Constant):
                judge = compile_test(one.test, declared.fields[one.field], self.judge.vocabulary)
                if judge(operand.value, names, self.judge.memory) != TRUE:
                    return None
            elif declared.fields[one.field].to and isinstance(operand, Reference) and self._fix(operand, one, names, fixed, rule):
                continue
            elif (asked := self._asked(operand, one.test, names, rule)) is not None:
                extra.append(asked)
            else:
                return None
        return self._fired(rule, fixed, extra)

    def _fix(self, operand: Reference, one: FieldTest, names: Env, fixed: dict[str, Any], rule: Rule) -> bool:
        """Where the concluded field is a fact of the rule, and the pattern asks for one that is known, it must be that one."""
        type_name = rule.binds.get(operand.name, "")
        if not type_name or operand.field:
            return False
        for held in self.judge.memory.by_type.get(type_name, ()):
            judge = compile_test(one.test, Field(one.field, "ref"), self.judge.vocabulary)
            if judge(held.fact.key, names, self.judge.memory) == TRUE:
                fixed[operand.name] = held.fact
                return True
        return False

    def _asked(self, operand: Operand | None, test: Test, names: Env, rule: Rule) -> Condition | None:
        """The condition that gives a concluded number, with the test put to it; the rule has other names, so values take their place."""
        settled_test = settled(test, names, self.judge.memory)
        if isinstance(operand, Reference) and not operand.field and not any(references_in(settled_test)):
            for condition in rule.when:
                if isinstance(condition, (Aggregate, Compute, Tally)) and condition.bind == operand.name:
                    return condition._replace(test=settled_test)
        return None

    def _fired(self, rule: Rule, fixed: Env, extra: list[Condition]) -> Plan:
        near = self.judge.nearest(rule, fixed)
        if near is None:
            return None
        if not extra:
            return self.planner.for_rule(near)
        plans = [self.planner.next_step(near), *(self.planner.make(condition, near.names) for condition in extra)]
        return together(plan for plan in plans if plan is not None) or None

    def _marking(self, fact: Fact, name: str, wanted: list[Any]) -> Iterator[Plan]:
        for rule in self.rules:
            for effect in rule.then:
                operand = dict(effect.fields).get(name) if isinstance(effect, Mark) else None
                if (
                    isinstance(effect, Mark)
                    and rule.binds.get(effect.name) == fact.type
                    and isinstance(operand, Constant)
                    and operand.value in wanted
                ):
                    near = self.judge.nearest(rule, {effect.name: fact}) if self._known(fact) else self._of_new(rule, effect, fact)
                    yield self.planner.for_rule(near) if near is not None else None

    def _known(self, fact: Fact) -> bool:
        return fact.id in self.judge.memory.index

    def _of_new(self, rule: Rule, effect: Mark, fact: Fact) -> Nearest | None:
        """A rule judged for a fact that is only planned."""
        held = self.judge.memory.by_type.setdefault(fact.type, [])
        held.append(Held(fact, TRUE))
        try:
            return self.judge.nearest(rule, {effect.name: fact})
        finally:
            held.pop()

    def _unmarking(self, fact: Fact, name: str, values: list[Any]) -> Iterator[Plan]:
        yield together(self._without((fact.id, name, value)) for value in values)

    def _without(self, concluded: Any) -> Plan:
        """Every firing that concludes it broken at its weakest condition."""
        plan: Plan = ()
        for activation in self.planner.consultation.support(concluded):
            more = self._broken(activation)
            plan = None if plan is None or more is None else (*plan, *(edit for edit in more if edit not in plan))
        return plan

    def _broken(self, activation: Activation) -> Plan:
        return least(self._undone(condition, activation) for condition in activation.rule.when)

    def _undone(self, condition: Condition, activation: Activation) -> Plan:
        if isinstance(condition, Pattern) and condition.bind:
            fact = activation.names[condition.bind]
            return self.planner.broken(condition, fact, activation.names) if isinstance(fact, Fact) else None
        return self.planner.undo(condition, activation.names)


def may_conclude(rule: Rule, pattern: Pattern) -> bool:
    """Whether what a rule concludes can pass a pattern, as far as plain values tell."""
    effects = [effect for effect in rule.then if isinstance(effect, Conclude) and effect.type == pattern.type]
    return any(all(_may_pass(one, dict(effect.fields).get(one.field)) for one in pattern.tests) for effect in effects)


def _may_pass(one: FieldTest, operand: Operand | None) -> bool:
    constants = [asked.value for asked in wanted(one.test) if isinstance(asked, Constant)]
    return not (constants and isinstance(operand, Constant)) or operand.value in constants
