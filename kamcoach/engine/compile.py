"""From conditions to closures, once per rule base.

A compiled condition is a function `(env, memory)` that yields `(truth, env, premise)` for each way in which it is not false.
A condition that binds no name yields at most once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kamcoach.engine.budget import WAY
from kamcoach.engine.memory import FALSE, TRUE, UNKNOWN, Env, Held, Memory, Premise
from kamcoach.engine.values import SPREAD, Getter, compile_operand, compile_test, every
from kamcoach.model.condition import AllOf, Compare, Constant, FieldTest, Known, Pattern, Reference, Test
from kamcoach.model.fact import Fact, Field, Vocabulary

Step = Callable[[Env, Memory], Sequence[tuple[int, Env, Premise]]]
FactTest = Callable[[Fact, Env, Memory], int]
Judge = Callable[[Held, Env, Memory], int]


def compile_field_test(one: FieldTest, fact_type: str, vocabulary: Vocabulary) -> FactTest:
    """A function of a fact; derived fields of given facts are looked up among the marks."""
    declared = vocabulary.types[fact_type]
    field, name = declared.fields[one.field], one.field
    if not (field.derived and declared.given):
        return _compile_given(one.test, field, vocabulary)
    if field.kind == "flag":
        return _compile_flag(one.test, name, vocabulary)
    if isinstance(one.test, Known):
        wanted = one.test.wanted
        return lambda fact, env, memory: TRUE if (TRUE in memory.marks.get((fact.id, name), {}).values()) == wanted else FALSE
    mark_test = compile_test(one.test, field, vocabulary)

    def marked(fact: Fact, env: Env, memory: Memory) -> int:
        """One of the marked values must pass; of what is only possible, nothing is recorded."""
        best = FALSE
        for value, truth in memory.marks.get((fact.id, name), {}).items():
            passes = mark_test(value, env, memory)
            best = max(best, passes if truth == TRUE else min(passes, mark_test(None, env, memory)))
        return best

    return marked


def _compile_given(test: Test, field: Field, vocabulary: Vocabulary) -> FactTest:
    """A test on a field that the fact itself holds; the commonest form is spelt out, since it is run most."""
    name = field.name
    if isinstance(test, Compare) and test.how == "equals" and isinstance(test.operand, Constant) and field.kind not in SPREAD:
        constant = test.operand.value

        def equal(fact: Fact, env: Env, memory: Memory) -> int:  # noqa: ARG001
            value = fact.fields.get(name)
            return UNKNOWN if value is None else TRUE if value == constant else FALSE

        return equal
    value_test = compile_test(test, field, vocabulary)
    return lambda fact, env, memory: value_test(fact.fields.get(name), env, memory)


def _compile_flag(test: Test, name: str, vocabulary: Vocabulary) -> FactTest:
    if test == Compare("equals", Constant(value=True)):
        return lambda fact, env, memory: memory.flag(fact, name)
    on_flag = compile_test(test, Field(name, "flag"), vocabulary)
    return lambda fact, env, memory: on_flag((False, None, True)[memory.flag(fact, name)], env, memory)


class Matcher:
    """A compiled pattern: which facts of its type pass, and how truly."""

    def __init__(self, pattern: Pattern, vocabulary: Vocabulary, extra: tuple[FieldTest, ...] = ()) -> None:
        self.pattern = pattern
        self.type = pattern.type
        self.bind = pattern.bind
        self.is_value = vocabulary.types[pattern.type].shape == "value"
        tests = [compile_field_test(one, pattern.type, vocabulary) for one in (*pattern.tests, *extra)]
        if pattern.either:
            groups = [[compile_field_test(one, pattern.type, vocabulary) for one in group] for group in pattern.either]
            tests.append(_any_of([every(group) for group in groups]))
        self.truth = _judge(tests)
        self.among = _among(pattern, vocabulary)

    def __call__(self, env: Env, memory: Memory) -> list[tuple[int, Env, Fact]]:
        """Truth, environment and fact for each fact that does not fail."""
        found = []
        listed = self.among(env, memory)
        memory.budget.spend(len(listed))
        for held in listed:
            inner = self.bound(held, env) if self.bind else env
            truth = self.truth(held, inner, memory)
            if truth:
                found.append((truth, inner, held.fact))
        memory.budget.spend(WAY * len(found))
        return found

    def bound(self, held: Held, env: Env) -> Env:
        """The environment in which the pattern's own name stands for this fact."""
        return {**env, self.bind: held.fact.fields.get("value") if self.is_value else held.fact} if self.bind else env


def _any_of(groups: list[FactTest]) -> FactTest:
    return lambda fact, env, memory: max([group(fact, env, memory) for group in groups])


def _among(pattern: Pattern, vocabulary: Vocabulary) -> Callable[[Env, Memory], Sequence[Held]]:
    """A function that gives the facts among which those lie that may pass, in their order: where the pattern is joined, but a few."""
    declared = vocabulary.types[pattern.type]
    for one in pattern.tests if declared.given else ():
        field, joined = declared.fields[one.field], _joined_with(one.test)
        if joined is not None and joined.name != pattern.bind and not field.derived and field.kind not in SPREAD:
            return _having(pattern.type, one.field, compile_operand(joined))
    return lambda env, memory: memory.by_type.get(pattern.type, ())


def _having(fact_type: str, field: str, get: Getter) -> Callable[[Env, Memory], Sequence[Held]]:
    def having(env: Env, memory: Memory) -> Sequence[Held]:
        value = get(env, memory)
        return memory.having(fact_type, field, value) if type(value) is str else memory.by_type.get(fact_type, ())

    return having


def _joined_with(test: Test) -> Reference | None:
    """What a field must equal or hold, if that is said of another fact."""
    if isinstance(test, AllOf):
        return next(filter(None, map(_joined_with, test.tests)), None)
    if isinstance(test, Compare) and test.how in ("equals", "has") and isinstance(test.operand, Reference):
        return test.operand
    return None


def _judge(tests: list[FactTest]) -> Judge:
    """How truly a fact passes all tests: run more than anything else, so it is made for the number of tests."""
    if not tests:
        return lambda held, env, memory: held.truth
    test = every(tests)

    def judge(held: Held, env: Env, memory: Memory) -> int:
        found, truth = test(held.fact, env, memory), held.truth
        return found if found < truth else truth

    return judge


def compile_pattern(pattern: Pattern, vocabulary: Vocabulary) -> Step:
    """Once for each fact if the pattern binds a name; else once for all that match best."""
    matcher = Matcher(pattern, vocabulary)
    if pattern.bind:
        return _each(matcher)
    return _alone(matcher) if vocabulary.types[pattern.type].shape in ("single", "flag") else _whether(matcher)


def _each(matcher: Matcher) -> Step:
    pattern = matcher.pattern
    return lambda env, memory: [(truth, inner, Premise(pattern, (fact,), truth)) for truth, inner, fact in matcher(env, memory)]


def _whether(matcher: Matcher) -> Step:
    pattern, judge, among = matcher.pattern, matcher.truth, matcher.among

    def whether(env: Env, memory: Memory) -> Sequence[tuple[int, Env, Premise]]:
        best = FALSE
        facts: list[Fact] = []
        listed = among(env, memory)
        memory.budget.spend(len(listed))
        for held in listed:
            truth = judge(held, env, memory)
            if truth > best:
                best, facts = truth, [held.fact]
            elif truth and truth == best:
                facts.append(held.fact)
        return ((best, env, Premise(pattern, tuple(facts), best)),) if best else ()

    return whether


def _alone(matcher: Matcher) -> Step:
    pattern, fact_type, judge = matcher.pattern, matcher.type, matcher.truth

    def alone(env: Env, memory: Memory) -> Sequence[tuple[int, Env, Premise]]:
        listed = memory.by_type.get(fact_type)
        truth = judge(listed[0], env, memory) if listed else FALSE
        return ((truth, env, Premise(pattern, (listed[0].fact,), truth)),) if listed and truth else ()

    return alone
