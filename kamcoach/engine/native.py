"""The native engine: pure Python, compiled once per rule base."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import compress
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from kamcoach.engine.budget import FIRING, told_of
from kamcoach.engine.combine import compile_condition, solve
from kamcoach.engine.compile import Getter, Step, compile_operand
from kamcoach.engine.kleene import plain
from kamcoach.engine.memory import UNDECIDED, UNKNOWN, Activation, Consultation, Env, Memory, Premise
from kamcoach.model.condition import Compare, Condition, Constant, OneOf, Pattern, Test
from kamcoach.model.fact import Fact, Interval, Value, Vocabulary
from kamcoach.model.rule import Advise, Conclude, Effect, Mark, Rule
from kamcoach.model.rulebase import RuleBase, recursive

Carry = Callable[[Env, Memory, int], tuple[Any, ...]]
"""Carries an effect out: holds what it concludes in memory and gives its identity."""

Firings = Mapping[str, Sequence[Activation]]
"""The firings of rules by their id."""
NO_FIRINGS: Final[Firings] = MappingProxyType({})


class _Compiled(NamedTuple):
    rule: Rule
    needs: list[frozenset[tuple[str, object]]]
    """Of each set, something must be held, or the rule cannot fire; saves looking at most rules at all."""
    steps: list[Step]
    effects: list[Carry]


_programs: WeakKeyDictionary[RuleBase, list[tuple[bool, list[_Compiled]]]] = WeakKeyDictionary()


def infer(rule_base: RuleBase, facts: tuple[Fact, ...], as_of: date, known: Firings = NO_FIRINGS) -> Consultation:
    """All that follows from the facts: certain, possible, and why. Pure; independent of the order of rules and facts.
    Raises BadInput if the facts have more combinations than can be gone through.

    `known` are firings from an earlier run on the same facts, of rules for which nothing has changed: they are carried out again.
    """
    memory = Memory(facts, as_of, {name: param.value for name, param in rule_base.params.items()}, rule_base.vocabulary)
    fired: list[Activation] = []
    for again, stratum in _program(rule_base):
        if len(stratum) == 1 and stratum[0].rule.id in known:
            fired.extend(_repeat(stratum[0], known[stratum[0].rule.id], memory))
        else:
            fired.extend(_fixpoint(stratum, memory) if again else _run(stratum[0], memory))
    return Consultation(rule_base, memory, tuple(fired))


def part(rule_base: RuleBase, rules: Collection[str]) -> RuleBase:
    """The rule base with these rules only; nothing is compiled again."""
    kept = [[rule.id in rules for rule in stratum] for stratum in rule_base.strata]
    strata = [tuple(compress(stratum, keep)) for stratum, keep in zip(rule_base.strata, kept, strict=True)]
    program = [(again, list(compress(stratum, keep))) for (again, stratum), keep in zip(_program(rule_base), kept, strict=True)]
    smaller = RuleBase(rule_base.vocabulary, tuple(filter(None, strata)), rule_base.params)
    _programs[smaller] = [(again, stratum) for again, stratum in program if stratum]
    return smaller


def instead(rule_base: RuleBase, rule: Rule) -> RuleBase:
    """The rule base with this rule in place of the one with the same id, in the same strata; the others are not compiled again.

    The rule may read nothing and conclude nothing that the other did not.
    """
    strata, program = list(rule_base.strata), list(_program(rule_base))
    place = next(n for n, stratum in enumerate(strata) if any(one.id == rule.id for one in stratum))
    again, compiled = program[place]
    strata[place] = tuple(rule if one.id == rule.id else one for one in strata[place])
    program[place] = (again, [_compile(rule, rule_base) if one.rule.id == rule.id else one for one in compiled])
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


def _program(rule_base: RuleBase) -> list[tuple[bool, list[_Compiled]]]:
    program = _programs.get(rule_base)
    if program is None:
        program = [(recursive(s, rule_base.vocabulary), [_compile(rule, rule_base) for rule in s]) for s in rule_base.strata]
        _programs[rule_base] = program
    return program


def _compile(rule: Rule, rule_base: RuleBase) -> _Compiled:
    steps = [compile_condition(condition, rule_base.vocabulary) for condition in rule.when]
    needs = [need for condition in rule.when for need in _needs(condition, rule_base.vocabulary)]
    return _Compiled(rule, needs, steps, [carry for effect in rule.then for carry in carries(rule, effect)])


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
    return [(name, _plain(compile_operand(operand))) for name, operand in fields]


def _plain(get: Getter) -> Getter:
    return lambda env, memory: plain(get(env, memory))


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
