"""Compiled negation, alternatives, and aggregates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from math import inf
from typing import Any, assert_never

from kamcoach.engine.compile import FactTest, Matcher, Step, ValueTest, compile_field_test, compile_operand, compile_pattern, compile_test
from kamcoach.engine.kleene import spread
from kamcoach.engine.memory import FALSE, TRUE, UNKNOWN, Env, Memory, Premise
from kamcoach.model.condition import Aggregate, AnyOf, Compute, Condition, Every, Last, No, Pattern, Tally, Test
from kamcoach.model.fact import Fact, Field, Interval, Value, Vocabulary

Found = list[tuple[int, Fact]]
Results = Iterable[tuple[int, Env, Premise]]
NUMBER = Field("number", "number")


def compile_condition(condition: Condition, vocabulary: Vocabulary) -> Step:
    match condition:
        case Pattern():
            return compile_pattern(condition, vocabulary)
        case No():
            return _compile_no(condition, vocabulary)
        case Every():
            return _compile_every(condition, vocabulary)
        case AnyOf():
            return _compile_any(condition, vocabulary)
        case Aggregate():
            return _compile_aggregate(condition, vocabulary)
        case Last():
            return _compile_last(condition, vocabulary)
        case Compute():
            return _compile_compute(condition, vocabulary)
        case Tally():
            return _compile_tally(condition, vocabulary)
        case _:
            assert_never(condition)


def solve(steps: list[Step], env: Env, memory: Memory) -> list[tuple[int, Env, tuple[Premise, ...]]]:
    """Every joint way in which the conditions are not false, with the least truth among them."""
    ways: list[tuple[int, Env, tuple[Premise, ...]]] = [(TRUE, env, ())]
    for step in steps:
        ways = [
            (found if found < truth else truth, inner, (*premises, premise))
            for truth, outer, premises in ways
            for found, inner, premise in step(outer, memory)
        ]
        if not ways:
            break
    return ways


def best(steps: list[Step], env: Env, memory: Memory) -> tuple[int, tuple[Fact, ...]]:
    """The greatest joint truth of the conditions, and the facts that reach it."""
    top = FALSE
    facts: list[Fact] = []
    for truth, _, premises in solve(steps, env, memory):
        if truth > top:
            top, facts = truth, []
        if truth == top:
            facts.extend(fact for premise in premises for fact in premise.facts)
    return top, tuple(dict.fromkeys(facts))


def _compile_no(condition: No, vocabulary: Vocabulary) -> Step:
    steps = [compile_condition(one, vocabulary) for one in condition.conditions]
    outcome = {"none": (TRUE, UNKNOWN, FALSE), "no_evidence_of": (TRUE, TRUE, FALSE), "evidence_of": (FALSE, FALSE, TRUE)}[condition.how]

    def negated(env: Env, memory: Memory) -> Iterable[tuple[int, Env, Premise]]:
        inside, facts = best(steps, env, memory)
        truth = outcome[inside]
        return ((truth, env, Premise(condition, facts, truth)),) if truth else ()

    return negated


def _compile_every(condition: Every, vocabulary: Vocabulary) -> Step:
    matcher = Matcher(condition.pattern, vocabulary)
    wanted = [compile_field_test(one, condition.pattern.type, vocabulary) for one in condition.satisfies]

    def every(env: Env, memory: Memory) -> Iterable[tuple[int, Env, Premise]]:
        worst, facts = TRUE, []
        for truth, inner, fact in matcher(env, memory):
            satisfied = _all(wanted, fact, inner, memory)
            worst = min(worst, max(2 - truth, satisfied))
            facts.append(fact)
        return ((worst, env, Premise(condition, tuple(facts), worst)),) if worst else ()

    return every


def _all(tests: list[FactTest], fact: Fact, env: Env, memory: Memory) -> int:
    return min((test(fact, env, memory) for test in tests), default=TRUE)


def _compile_any(condition: AnyOf, vocabulary: Vocabulary) -> Step:
    groups = [[compile_condition(one, vocabulary) for one in group] for group in condition.alternatives]

    def either(env: Env, memory: Memory) -> Iterable[tuple[int, Env, Premise]]:
        results = [best(steps, env, memory) for steps in groups]
        top = max(truth for truth, _ in results)
        facts = tuple(dict.fromkeys(fact for truth, found in results if truth == top for fact in found))
        return ((top, env, Premise(condition, facts, top)),) if top else ()

    return either


def _valued(condition: Aggregate | Compute | Tally, vocabulary: Vocabulary, field: Field) -> Callable[..., Results]:
    """What follows once a value is there: test it, bind it, give the premise."""
    test: ValueTest | None = _optional(condition.test, field, vocabulary)
    bind = condition.bind

    def outcome(value: Value | None, facts: tuple[Fact, ...], env: Env, memory: Memory, most: int = TRUE) -> Results:
        truth = most if test is None else min(most, test(value, env, memory))
        inner = {**env, bind: value} if bind else env
        return ((truth, inner, Premise(condition, facts, truth, value)),) if truth else ()

    return outcome


def _optional(test: Test | None, field: Field, vocabulary: Vocabulary) -> ValueTest | None:
    return compile_test(test, field, vocabulary) if test is not None else None


def _compile_aggregate(condition: Aggregate, vocabulary: Vocabulary) -> Step:
    matcher = Matcher(condition.pattern, vocabulary)
    field = vocabulary.types[condition.pattern.type].fields.get(condition.field, NUMBER)
    outcome = _valued(condition, vocabulary, field if condition.how in ("min", "max") else NUMBER)
    how = condition.how
    if how == "in_a_row":
        return _compile_streak(condition, matcher, outcome)

    def aggregate(env: Env, memory: Memory) -> Results:
        found = [(truth, fact) for truth, _, fact in matcher(env, memory)]
        facts = tuple(fact for _, fact in found)
        if how in ("min", "max"):
            if not found:
                return ()
            most = TRUE if any(truth == TRUE for truth, _ in found) else UNKNOWN
            return outcome(extreme(found, field, largest=how == "max"), facts, env, memory, most)
        value = count(found) if how == "count" else total(found, field) if how == "sum" else distinct(found, field.name)
        return outcome(value, facts, env, memory)

    return aggregate


def count(found: Found) -> Value:
    sure = sum(1 for truth, _ in found if truth == TRUE)
    if any(fact.unasked for _, fact in found):
        return Interval(sure, inf)
    return spread(sure, len(found))


def total(found: Found, field: Field) -> Value:
    """The sum: an unknown addend lies between the field's bounds, a possible one may also be missing."""
    low: float = 0
    high: float = 0
    for truth, fact in found:
        a, b = _limits(fact, field)
        if truth < TRUE:
            a, b = min(a, 0), max(b, 0)
        if fact.unasked:
            a, b = (-inf if a < 0 else 0), (inf if b > 0 else 0)
        low, high = low + a, high + b
    return spread(low, high)


def _limits(fact: Fact, field: Field) -> tuple[Any, Any]:
    value = fact.fields.get(field.name)
    if value is None:
        if field.kind == "date":
            return date.min, date.max
        return (field.low if field.low is not None else -inf), (field.high if field.high is not None else inf)
    return (value.low, value.high) if isinstance(value, Interval) else (value, value)


def extreme(found: Found, field: Field, *, largest: bool) -> Value:
    """The least or greatest value. What is only possible can reach further than the certain, but not take it back."""
    limits = [(truth, *_limits(fact, field)) for truth, fact in found]
    pick = max if largest else min
    sure = [(a, b) for truth, a, b in limits if truth == TRUE] or [(a, b) for _, a, b in limits]
    near = (pick(a for a, _ in sure), pick(b for _, b in sure))
    far = (pick(a for _, a, _ in limits), pick(b for _, _, b in limits))
    if all(truth < TRUE for truth, _, _ in limits):
        return spread(min(a for _, a, _ in limits), max(b for _, _, b in limits))
    return spread(near[0], far[1]) if largest else spread(far[0], near[1])


def distinct(found: Found, name: str) -> Value:
    """How many different values: those seen for certain, up to those plus every unknown one."""
    sure = {fact.fields[name] for truth, fact in found if truth == TRUE and name in fact.fields}
    seen = {fact.fields[name] for _, fact in found if name in fact.fields}
    blank = [(truth, fact) for truth, fact in found if name not in fact.fields]
    low = len(sure) or (1 if any(truth == TRUE for truth, _ in blank) else 0)
    if any(fact.unasked for _, fact in found):
        return Interval(low, inf)
    return spread(low, len(seen) + len(blank))


def _compile_streak(condition: Aggregate, matcher: Matcher, outcome: Callable[..., Results]) -> Step:
    by = condition.field

    def in_a_row(env: Env, memory: Memory) -> Results:
        rows = [(held.truth, matcher.judge(held, env, memory)[0], held.fact) for held in memory.by_type.get(matcher.type, ())]
        value = streak([(there, passes, fact.fields.get(by), fact.unasked) for there, passes, fact in rows])
        return outcome(value, tuple(fact for _, passes, fact in rows if passes), env, memory)

    return in_a_row


def streak(rows: list[tuple[int, int, Any, bool]]) -> Value:
    """How many of the newest rows `(there, passes, date, unasked)` pass without a break; undated rows may lie anywhere."""
    undated = [(passes, unasked) for _, passes, day, unasked in rows if day is None]
    low = high = 0.0
    low_open = all(passes == TRUE for passes, _ in undated)
    high_open = True
    for day in sorted({day for _, _, day, _ in rows if day is not None}, reverse=True):
        group = [(there, passes) for there, passes, when, _ in rows if when == day]
        if low_open and all(passes == TRUE for _, passes in group):
            low += sum(1 for there, _ in group if there == TRUE)
        else:
            low_open = False
        if high_open:
            high += sum(1 for _, passes in group if passes)
            high_open = all(passes or there < TRUE for there, passes in group)
    low += sum(1 for passes, _ in undated if passes == TRUE) if low_open else 0
    high += sum(inf if unasked else 1 for passes, unasked in undated if passes)
    return spread(int(low), high if high == inf else int(high))


def _compile_last(condition: Last, vocabulary: Vocabulary) -> Step:
    matcher = Matcher(condition.pattern, vocabulary)
    tests = [compile_field_test(one, condition.pattern.type, vocabulary) for one in condition.tests]
    bind, by = condition.bind, condition.by

    def each(env: Env, memory: Memory) -> Iterator[tuple[int, Env, Premise]]:
        for truth, fact in newest([(truth, fact) for truth, _, fact in matcher(env, memory)], by):
            inner = {**env, bind: fact} if bind else env
            found = min(truth, _all(tests, fact, inner, memory))
            if found:
                yield found, inner, Premise(condition, (fact,), found)

    def whether(env: Env, memory: Memory) -> Iterator[tuple[int, Env, Premise]]:
        rows = list(each(env, memory))
        if rows:
            top = max(truth for truth, _, _ in rows)
            yield next(row for row in rows if row[0] == top)

    return each if bind else whether


def newest(found: Found, by: str) -> Found:
    """Every fact that may be the newest: certain if nothing else can be newer. Facts of the same day are all the newest."""
    dates = [fact.fields[by] for truth, fact in found if truth == TRUE and by in fact.fields]
    latest: Any = max(dates, default=None)  # type: ignore[type-var]
    rivals = [f for t, f in found if by not in f.fields or (t < TRUE and (latest is None or f.fields[by] > latest))]
    sure = latest is not None and not rivals
    same_day = [(t if sure else UNKNOWN, f) for t, f in found if latest is not None and f.fields.get(by) == latest]
    return same_day + [(UNKNOWN, f) for f in rivals]


def _compile_compute(condition: Compute, vocabulary: Vocabulary) -> Step:
    value = compile_operand(condition.value)
    outcome = _valued(condition, vocabulary, NUMBER)
    return lambda env, memory: outcome(value(env, memory), _bound_facts(env), env, memory)


def _bound_facts(env: Env) -> tuple[Fact, ...]:
    return tuple(value for value in env.values() if isinstance(value, Fact))


def _compile_tally(condition: Tally, vocabulary: Vocabulary) -> Step:
    parts = [[compile_condition(one, vocabulary)] for one in condition.conditions]
    outcome = _valued(condition, vocabulary, NUMBER)

    def tally(env: Env, memory: Memory) -> Results:
        results = [best(part, env, memory) for part in parts]
        low = sum(1 for truth, _ in results if truth == TRUE)
        high = sum(1 for truth, _ in results if truth)
        facts = tuple(dict.fromkeys(fact for _, found in results for fact in found))
        return outcome(spread(low, high), facts, env, memory)

    return tally
