"""Compiled negation, alternatives, and aggregates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

from kamcoach.engine.aggregate import Row, count, distinct, extreme, newest, streak, total
from kamcoach.engine.compile import Matcher, Step, compile_field_test, compile_pattern
from kamcoach.engine.kleene import spread
from kamcoach.engine.marks import read
from kamcoach.engine.memory import FALSE, TRUE, UNKNOWN, Env, Held, Memory, Premise
from kamcoach.engine.values import ValueTest, compile_operand, compile_test, every
from kamcoach.model.condition import Aggregate, AnyOf, Compute, Condition, Every, Last, No, Pattern, Tally, Test
from kamcoach.model.fact import Fact, Field, Value, Vocabulary

Results = Sequence[tuple[int, Env, Premise]]
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
    if not steps:
        return [(TRUE, env, ())]
    begun = steps[0](env, memory)
    if not begun:  # as most are
        return []
    ways: list[tuple[int, Env, tuple[Premise, ...]]] = [(truth, inner, (premise,)) for truth, inner, premise in begun]
    for step in steps[1:]:
        if not ways:
            break
        ways = [
            (found if found < truth else truth, inner, (*premises, premise))
            for truth, outer, premises in ways
            for found, inner, premise in step(outer, memory)
        ]
    return ways


def best(steps: list[Step], env: Env, memory: Memory) -> tuple[int, tuple[Premise, ...]]:
    """The greatest joint truth of the conditions, and the premises of every way that reaches it."""
    if len(steps) == 1:
        alone = steps[0](env, memory)
        if len(alone) < 2:
            return (alone[0][0], (alone[0][2],)) if alone else (FALSE, ())
    ways = solve(steps, env, memory)
    if not ways:
        return FALSE, ()
    top = max(truth for truth, _, _ in ways)
    return top, tuple(premise for truth, _, premises in ways if truth == top for premise in premises)


def _joined(condition: Condition, truth: int, parts: tuple[Premise, ...], value: Value | None = None) -> Premise:
    """A premise that stands on those of the conditions inside."""
    facts = parts[0].facts if len(parts) == 1 else tuple(dict.fromkeys([fact for part in parts for fact in part.facts]))
    return Premise(condition, facts, truth, value, parts)


def _compile_no(condition: No, vocabulary: Vocabulary) -> Step:
    steps = [compile_condition(one, vocabulary) for one in condition.conditions]
    outcome = {"none": (TRUE, UNKNOWN, FALSE), "no_evidence_of": (TRUE, TRUE, FALSE), "evidence_of": (FALSE, FALSE, TRUE)}[condition.how]

    def negated(env: Env, memory: Memory) -> Results:
        inside, parts = best(steps, env, memory)
        truth = outcome[inside]
        return ((truth, env, _joined(condition, truth, parts)),) if truth else ()

    return negated


def _compile_every(condition: Every, vocabulary: Vocabulary) -> Step:
    matcher = Matcher(condition.pattern, vocabulary)
    wanted = every([compile_field_test(one, condition.pattern.type, vocabulary) for one in condition.satisfies])

    def each(env: Env, memory: Memory) -> Results:
        worst, facts = TRUE, []
        for truth, inner, fact in matcher(env, memory):
            satisfied = wanted(fact, inner, memory)
            worst = min(worst, max(2 - truth, satisfied))
            facts.append(fact)
        return ((worst, env, Premise(condition, tuple(facts), worst)),) if worst else ()

    return each


def _compile_any(condition: AnyOf, vocabulary: Vocabulary) -> Step:
    single = [_about_one(group, vocabulary) for group in condition.alternatives]
    if all(single):
        return _compile_any_of_single(condition, [one for one in single if one is not None], vocabulary)
    groups = [[compile_condition(one, vocabulary) for one in group] for group in condition.alternatives]

    def either(env: Env, memory: Memory) -> Results:
        results = [best(steps, env, memory) for steps in groups]
        top = max(truth for truth, _ in results)
        parts = tuple(part for truth, found in results if truth == top for part in found)
        return ((top, env, _joined(condition, top, parts)),) if top else ()

    return either


def _about_one(group: tuple[Condition, ...], vocabulary: Vocabulary) -> Pattern | None:
    """The alternative, if it is one pattern about the one fact of its type."""
    first = group[0]
    alone = len(group) == 1 and isinstance(first, Pattern) and not first.bind
    return first if alone and isinstance(first, Pattern) and vocabulary.types[first.type].shape in ("single", "flag") else None


def _compile_any_of_single(condition: AnyOf, patterns: list[Pattern], vocabulary: Vocabulary) -> Step:
    """The commonest alternatives, tests on the deal's single facts, without a detour for each."""
    judges = [(pattern, pattern.type, Matcher(pattern, vocabulary).truth) for pattern in patterns]

    def either(env: Env, memory: Memory) -> Results:
        top = FALSE
        parts: list[tuple[Pattern, Fact]] = []
        for pattern, fact_type, judge in judges:
            listed = memory.by_type.get(fact_type)
            truth = judge(listed[0], env, memory) if listed else FALSE
            if listed and truth and truth >= top:
                parts = [(pattern, listed[0].fact)] if truth > top else [*parts, (pattern, listed[0].fact)]
                top = truth
        if not top:
            return ()
        return ((top, env, _joined(condition, top, tuple([Premise(pattern, (fact,), top) for pattern, fact in parts]))),)

    return either


def _valued(condition: Aggregate | Compute, vocabulary: Vocabulary, field: Field) -> Callable[..., Results]:
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
        rows = [_row(truth, fact, condition.field, memory) for truth, _, fact in matcher(env, memory)]
        facts = tuple([row.fact for row in rows])
        if how in ("min", "max"):
            if not rows:
                return ()
            return outcome(extreme(rows, field, largest=how == "max"), facts, env, memory, max(row.truth for row in rows))
        value = count(rows) if how == "count" else total(rows, field) if how == "sum" else distinct(rows)
        return outcome(value, facts, env, memory)

    return aggregate


def _row(truth: int, fact: Fact, field: str, memory: Memory) -> Row:
    return Row(truth, fact, read(fact, field, memory) if field else None, memory.open_ended(fact))


def _compile_streak(condition: Aggregate, matcher: Matcher, outcome: Callable[..., Results]) -> Step:
    by = condition.field

    def in_a_row(env: Env, memory: Memory) -> Results:
        rows = []
        listed = memory.by_type.get(matcher.type, ())
        memory.budget.spend(len(listed))
        for held in listed:
            passes = matcher.truth(Held(held.fact, TRUE), matcher.bound(held, env), memory)
            rows.append((_row(held.truth, held.fact, by, memory), passes))
        return outcome(streak(rows), tuple([row.fact for row, passes in rows if passes]), env, memory)

    return in_a_row


def _compile_last(condition: Last, vocabulary: Vocabulary) -> Step:
    matcher = Matcher(condition.pattern, vocabulary)
    wanted = every([compile_field_test(one, condition.pattern.type, vocabulary) for one in condition.tests])
    bind, by = condition.bind, condition.by

    def each(env: Env, memory: Memory) -> Results:
        rows = []
        for row in newest([_row(truth, fact, by, memory) for truth, _, fact in matcher(env, memory)]):
            inner = {**env, bind: row.fact} if bind else env
            found = min(row.truth, wanted(row.fact, inner, memory))
            if found:
                rows.append((found, inner, Premise(condition, (row.fact,), found)))
        return rows

    def whether(env: Env, memory: Memory) -> Results:
        rows = each(env, memory)
        top = max((truth for truth, _, _ in rows), default=FALSE)
        return [row for row in rows if row[0] == top][:1]

    return each if bind else whether


def _compile_compute(condition: Compute, vocabulary: Vocabulary) -> Step:
    value = compile_operand(condition.value)
    outcome = _valued(condition, vocabulary, NUMBER)
    return lambda env, memory: outcome(value(env, memory), _bound_facts(env), env, memory)


def _bound_facts(env: Env) -> tuple[Fact, ...]:
    return tuple(value for value in env.values() if isinstance(value, Fact))


def _compile_tally(condition: Tally, vocabulary: Vocabulary) -> Step:
    listed = [[compile_condition(one, vocabulary)] for one in condition.conditions]
    test = _optional(condition.test, NUMBER, vocabulary)
    bind = condition.bind

    def tally(env: Env, memory: Memory) -> Results:
        results = [best(steps, env, memory) for steps in listed]
        sure = sum(1 for truth, _ in results if truth == TRUE)
        value = spread(sure, sum(1 for truth, _ in results if truth))
        truth = TRUE if test is None else test(value, env, memory)
        inner = {**env, bind: value} if bind else env
        return ((truth, inner, _joined(condition, truth, tuple(part for _, found in results for part in found), value)),) if truth else ()

    return tally
