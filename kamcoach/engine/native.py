"""The native engine: pure Python, compiled once per rule base."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import compress
from types import MappingProxyType
from typing import Any, Final
from weakref import WeakKeyDictionary

from kamcoach.engine.budget import FIRING, told_of
from kamcoach.engine.combine import compile_condition, solve
from kamcoach.engine.compile import Step
from kamcoach.engine.kleene import plain
from kamcoach.engine.memory import UNDECIDED, UNKNOWN, Activation, Consultation, Env, Memory, Premise
from kamcoach.engine.values import Getter, compile_operand
from kamcoach.model.condition import Compare, Condition, Constant, OneOf, Pattern, Test
from kamcoach.model.fact import Fact, Interval, Value, Vocabulary
from kamcoach.model.rule import Advise, Conclude, Effect, Mark, Rule
from kamcoach.model.rulebase import RuleBase, recursive

Carry = Callable[[Env, Memory, int], tuple[Any, ...]]
"""Carries an effect out: holds what it concludes in memory and gives its identity."""

Firings = Mapping[str, Sequence[Activation]]
"""The firings of rules by their id."""
NO_FIRINGS: Final[Firings] = MappingProxyType({})


class _Compiled:
    """A rule made ready to run. What is not needed before it runs is made when it first is: a cold start gets to a part of that."""

    def __init__(self, rule: Rule, vocabulary: Vocabulary) -> None:
        self.rule = rule
        self.vocabulary = vocabulary
        self.needs = [need for condition in rule.when for need in _needs(condition, vocabulary)]
        """Of each set, something must be held, or the rule cannot fire; saves looking at many rules at all."""

    @cached_property
    def steps(self) -> list[Step]:
        steps: list[Step] = []
        steps.extend(_when_reached(steps, place, self.vocabulary, condition) for place, condition in enumerate(self.rule.when))
        return steps

    @cached_property
    def effects(self) -> list[Carry]:
        return [carry for effect in self.rule.then for carry in carries(self.rule, effect)]

    @cached_property
    def recursive(self) -> bool:
        return recursive((self.rule,), self.vocabulary)


def _when_reached(steps: list[Step], place: int, vocabulary: Vocabulary, condition: Condition) -> Step:
    """The condition, which is compiled in its place when it is first reached: most rules fail before their last condition."""

    def first(env: Env, memory: Memory) -> Sequence[tuple[int, Env, Premise]]:
        steps[place] = compile_condition(condition, vocabulary)
        return steps[place](env, memory)

    return first


_programs: WeakKeyDictionary[RuleBase, list[list[_Compiled]]] = WeakKeyDictionary()


def infer(rule_base: RuleBase, facts: tuple[Fact, ...], as_of: date, known: Firings = NO_FIRINGS) -> Consultation:
    """All that follows from the facts: certain, possible, and why. Pure; independent of the order of rules and facts.
    Raises BadInput if the facts have more combinations than can be gone through.

    `known` are firings from an earlier run on the same facts, of rules for which nothing has changed: they are carried out again.
    """
    memory = Memory(facts, as_of, {name: param.value for name, param in rule_base.params.items()}, rule_base.vocabulary)
    fired: list[Activation] = []
    for stratum in _program(rule_base):
        first = stratum[0]
        if len(stratum) > 1:
            fired.extend(_fixpoint(stratum, memory))
        elif known and first.rule.id in known:
            fired.extend(_repeat(first, known[first.rule.id], memory))
        else:
            before = memory.changes
            once = _run(first, memory)
            fired.extend(_fixpoint(stratum, memory) if memory.changes != before and first.recursive else once)
    return Consultation(rule_base, memory, tuple(fired))


def part(rule_base: RuleBase, rules: Collection[str]) -> RuleBase:
    """The rule base with these rules only; nothing is compiled again."""
    kept = [[rule.id in rules for rule in stratum] for stratum in rule_base.strata]
    strata = [tuple(compress(stratum, keep)) for stratum, keep in zip(rule_base.strata, kept, strict=True)]
    program = [list(compress(stratum, keep)) for stratum, keep in zip(_program(rule_base), kept, strict=True)]
    smaller = RuleBase(rule_base.vocabulary, tuple(filter(None, strata)), rule_base.params)
    _programs[smaller] = [stratum for stratum in program if stratum]
    return smaller


def instead(rule_base: RuleBase, rule: Rule) -> RuleBase:
    """The rule base with this rule in place of the one with the same id, in the same strata; the others are not compiled again.

    The rule may read nothing and conclude nothing that the other did not.
    """
    strata, program = list(rule_base.strata), list(_program(rule_base))
    place = next(n for n, stratum in enumerate(strata) if any(one.id == rule.id for one in stratum))
    strata[place] = tuple(rule if one.id == rule.id else one for one in strata[place])
    program[place] = [_Compiled(rule, rule_base.vocabulary) if one.rule.id == rule.id else one for one in program[place]]
    changed = RuleBase(rule_base.vocabulary, tuple(strata), rule_base.params)
    _programs[changed] = program
    return changed


def ways(rule: Rule, vocabulary: Vocabulary) -> Callable[[Consultation], list[tuple[int, Env, tuple[Premise, ...]]]]:
    """A function that gives every way in which a rule fires on what a consultation holds, or would if it were one of its rules."""
    steps = [compile_condition(condition, vocabulary) for condition in rule.when]
    return lambda consultation: solve(steps, {}, consultation.memory)


def _fixpoint(stratum: list[_Compiled], memory: Memory) -> Iterable[Activation]:
    """Run rules that feed one another until nothing is new; of firings for the same bindings the strongest counts."""
    fired: dict[tuple[Any, ...], Activation] = {}
    before = -1
    while memory.changes != before:
        before = memory.changes
        for compiled in stratum:
            for activation in _run(compiled, memory):
                key = (compiled.rule.id, *((n, v.id if isinstance(v, Fact) else v) for n, v in activation.names.items()))
                if key not in fired or fired[key].truth < activation.truth:
                    fired[key] = activation
    return fired.values()


def _repeat(compiled: _Compiled, activations: Sequence[Activation], memory: Memory) -> Sequence[Activation]:
    for activation in activations:
        for carry in compiled.effects:
            carry(activation.names, memory, activation.truth)
    return activations


def _run(compiled: _Compiled, memory: Memory) -> Sequence[Activation]:
    """Fire the rule for everything that satisfies it."""
    for need in compiled.needs:
        if memory.held.isdisjoint(need):
            return ()
    rule, effects = compiled.rule, compiled.effects
    with told_of(rule):
        ways = solve(compiled.steps, {}, memory)
        memory.budget.spend(FIRING * len(ways))
    return [
        Activation(rule, env, truth, premises, tuple([carry(env, memory, truth) for carry in effects])) for truth, env, premises in ways
    ]


def _program(rule_base: RuleBase) -> list[list[_Compiled]]:
    program = _programs.get(rule_base)
    if program is None:
        program = _programs[rule_base] = [[_Compiled(rule, rule_base.vocabulary) for rule in stratum] for stratum in rule_base.strata]
    return program


def _needs(condition: Condition, vocabulary: Vocabulary) -> Iterator[frozenset[tuple[str, object]]]:
    """What a condition cannot be met without, not even possibly: derived facts, and marks that must be true."""
    if not isinstance(condition, Pattern):
        return
    declared = vocabulary.types[condition.type]
    if not declared.given:
        values = [v for one in condition.tests if one.field == "value" for v in _wanted(one.test)] if declared.shape == "value" else []
        wanted = [*values, UNDECIDED] if values else [None]
        yield frozenset((condition.type, value) for value in wanted)
    else:
        for one in condition.tests:
            if declared.fields[one.field].derived and one.test == Compare("equals", Constant(value=True)):
                yield frozenset([(f"{condition.type}.{one.field}", None)])


def _wanted(test: Test) -> list[Value]:
    """The values that alone can pass; none if that cannot be told."""
    operands = test.operands if isinstance(test, OneOf) else (test.operand,) if isinstance(test, Compare) and test.how == "equals" else ()
    constants = [one.value for one in operands if isinstance(one, Constant)]
    exact = len(constants) == len(operands) and not any(isinstance(value, (int, float)) for value in constants)
    return constants if exact else []


def carries(rule: Rule, effect: Effect) -> Iterator[Carry]:
    """What carries out an effect of a rule, step by step."""
    match effect:
        case Conclude():
            yield _conclude(effect)
        case Mark():
            yield from (_mark(effect.name, field, get) for field, get in _values(effect.fields))
        case Advise():
            yield _advise(rule, effect)


def _values(fields: tuple[tuple[str, Any], ...]) -> list[tuple[str, Getter]]:
    getters = [(name, compile_operand(operand)) for name, operand in fields]
    return [(name, lambda env, memory, get=get: plain(get(env, memory))) for name, get in getters]  # type: ignore[misc]


def _conclude(effect: Conclude) -> Carry:
    getters = _values(effect.fields)
    name = effect.type
    constants = {field: plain(operand.value) for field, operand in effect.fields if isinstance(operand, Constant)}
    if len(constants) == len(getters):
        fixed = Fact(name, constants)

        def carry_fixed(env: Env, memory: Memory, truth: int) -> tuple[Any, ...]:  # noqa: ARG001
            memory.add(fixed, truth)
            return fixed.id

        return carry_fixed

    def carry(env: Env, memory: Memory, truth: int) -> tuple[Any, ...]:
        values = {field: value for field, get in getters if (value := get(env, memory)) is not None}
        fact = Fact(name, values)
        whole = len(values) == len(getters)
        if not whole or any(type(value) is Interval for value in values.values()):
            memory.vague.add(fact.id)
        # A fact with a value that is not known cannot be stated for certain.
        memory.add(fact, truth if whole else UNKNOWN)
        return fact.id

    return carry


def _mark(name: str, field: str, get: Getter) -> Carry:
    def carry(env: Env, memory: Memory, truth: int) -> tuple[Any, ...]:
        fact: Any = env[name]
        value: Value | None = get(env, memory)
        memory.mark(fact, field, value, truth if value is not None else UNKNOWN)
        return (fact.id, field, value)

    return carry


def _advise(rule: Rule, effect: Advise) -> Carry:
    fixed: dict[str, Value] = {
        "rule": rule.id,
        "play": effect.play,
        "severity": effect.severity,
        "lens": effect.lens,
        "topic": effect.topic,
    }

    def carry(env: Env, memory: Memory, truth: int) -> tuple[Any, ...]:
        bound = [fact for name in effect.about if isinstance(fact := env[name], Fact)]
        known = not any(fact.unasked for fact in bound)
        fact = Fact("advice", {**fixed, "about": tuple(sorted({fact.key for fact in bound}))} if known else fixed)
        if not known:
            memory.vague.add(fact.id)
        memory.add(fact, truth)
        return fact.id

    return carry
