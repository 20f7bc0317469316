"""What a scenario shows of the conditions of its rule: with which truth each leaf was seen, and next to which thresholds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kamcoach.engine.combine import compile_condition
from kamcoach.engine.compile import FactTest, compile_field_test
from kamcoach.engine.marks import read
from kamcoach.engine.memory import FALSE, TRUE, Consultation, Env, Held
from kamcoach.model.condition import Aggregate, AnyOf, Compute, Condition, Every, FieldTest, Last, No, Pattern, Tally
from kamcoach.model.fact import Fact

Seen = dict[int, list[tuple[int, Any]]]
"""For the id of each leaf the truth and the value with which it was seen, everything else that is asked of the same fact being so."""


class Observer:
    """Looks at the conditions of one rule in one consultation, in order, as far as the earlier ones let it come."""

    def __init__(self, consultation: Consultation, seen: Seen) -> None:
        self.memory = consultation.memory
        self.vocabulary = consultation.rule_base.vocabulary
        self.seen = seen

    def joint(self, conditions: Sequence[Condition], envs: list[Env]) -> None:
        for condition in conditions:
            step = compile_condition(condition, self.vocabulary)
            following: list[Env] = []
            for env in envs:
                found = step(env, self.memory)
                self._note(condition, max((truth for truth, _, _ in found), default=FALSE), self._counted(condition, env))
                self._inside(condition, env)
                following.extend(inner for _, inner, _ in found)
            envs = following

    def _counted(self, condition: Condition, env: Env) -> Any:
        """What is counted or computed, whether it passes its test or not."""
        if not isinstance(condition, (Aggregate, Compute, Tally)) or condition.test is None:
            return None
        found = compile_condition(condition._replace(test=None), self.vocabulary)(env, self.memory)
        return found[0][2].value if found else None

    def _note(self, node: Condition | FieldTest, truth: int, value: Any) -> None:
        self.seen.setdefault(id(node), []).append((truth, value))

    def _inside(self, condition: Condition, env: Env) -> None:
        match condition:
            case Pattern():
                self._pattern(condition, env)
            case No(conditions=inner):
                self.joint(inner, [env])
            case AnyOf(alternatives=groups):
                for group in groups:
                    self.joint(group, [env])
            case Tally(conditions=inner):
                for one in inner:
                    self.joint((one,), [env])
            case Every(pattern=pattern, satisfies=more) | Last(pattern=pattern, tests=more):
                self._pattern(pattern, env, more)
            case Aggregate(pattern=pattern):
                self._pattern(pattern, env)
            case Compute():
                pass

    def _pattern(self, pattern: Pattern, env: Env, more: tuple[FieldTest, ...] = ()) -> None:
        for held in self.memory.by_type.get(pattern.type, ()):
            inner = {**env, pattern.bind: self._bound(pattern, held)} if pattern.bind else env
            for group in pattern.either or ((),):
                self._tests((*pattern.tests, *group), pattern.type, held, inner)
            if more:
                self._tests((*pattern.tests, *more), pattern.type, held, inner)

    def _bound(self, pattern: Pattern, held: Held) -> Any:
        return held.fact.fields.get("value") if self.vocabulary.types[pattern.type].shape == "value" else held.fact

    def _tests(self, tests: tuple[FieldTest, ...], fact_type: str, held: Held, env: Env) -> None:
        """A test shows something where all others on the same fact are not false."""
        compiled: Iterator[FactTest] = (compile_field_test(one, fact_type, self.vocabulary) for one in tests)
        truths = [test(held.fact, env, self.memory) for test in compiled]
        for place, one in enumerate(tests):
            if all(truth for other, truth in enumerate(truths) if other != place):
                certain = truths[place] if truths[place] == FALSE or held.truth == TRUE else min(truths[place], held.truth)
                self._note(one, certain, self._value(held.fact, one.field))

    def _value(self, fact: Fact, name: str) -> Any:
        return read(fact, name, self.memory)
