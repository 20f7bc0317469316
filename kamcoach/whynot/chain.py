"""Why a conclusion that a rule waits for was not drawn, or why one that it forbids was: down to the fields of the deal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kamcoach.advice.grounds import given_facts, in_words
from kamcoach.advice.speech import Speech
from kamcoach.engine.memory import FALSE, TRUE, Activation, Env
from kamcoach.model.condition import AnyOf, Condition, FieldTest, Last, No, Pattern
from kamcoach.model.fact import Fact
from kamcoach.model.rule import Conclude, Mark, Rule
from kamcoach.whynot.concluding import may_conclude
from kamcoach.whynot.found import facts_of
from kamcoach.whynot.judging import Judge, Judged, Nearest, spoken_of
from kamcoach.wording.rules import GRAMMARS, speaker

_DEEPEST: Final = 3
_MOST: Final = 2
"""So many rules are told of each conclusion: those that come nearest."""


class Chain:
    """Follows the conclusions that stand between a condition and the deal."""

    def __init__(self, judge: Judge, speech: Speech) -> None:
        self.judge = judge
        self.speech = speech
        self.told: set[str] = set()

    def below(self, condition: Condition, names: Env, depth: int = 0) -> list[dict[str, Any]]:
        """For each conclusion that fails, or blocks, the rules behind it with what they lack, or what they rest on."""
        return list(self._below(condition, names, depth))

    def _below(self, condition: Condition, names: Env, depth: int) -> Iterator[dict[str, Any]]:
        if any(name not in names for name in spoken_of(condition)):
            return
        match condition:
            case Pattern():
                yield from self._of_pattern(condition, names, depth)
            case No(how="evidence_of", conditions=inner):
                for one in inner:
                    yield from self._below(one, names, depth)
            case No(conditions=inner):
                yield from self._blocking(inner, names)
            case AnyOf(alternatives=alternatives):
                for one in (c for group in alternatives for c in group):
                    yield from self._below(one, names, depth)
            case Last(pattern=pattern):
                yield from self._of_pattern(pattern, names, depth)

    def _of_pattern(self, pattern: Pattern, names: Env, depth: int) -> Iterator[dict[str, Any]]:
        declared = self.judge.vocabulary.types[pattern.type]
        if not declared.given:
            yield from self._lacking([r for r in self._rules() if may_conclude(r, pattern)], {}, depth)
            return
        bound = names.get(pattern.bind) if pattern.bind else None
        for one in pattern.tests:
            fact = bound if isinstance(bound, Fact) else self._nearest(pattern, names)
            inner = {**names, pattern.bind: fact} if pattern.bind else names
            if declared.fields[one.field].derived and fact is not None and self.judge.test(one, declared, fact, inner) != TRUE:
                yield from self._of_mark(fact, one, depth)

    def _nearest(self, pattern: Pattern, names: Env) -> Fact | None:
        held = self.judge.memory.by_type.get(pattern.type, [])
        near = min(held, key=lambda one: self.judge.distance(pattern, one, names), default=None)
        return near.fact if near is not None and not near.fact.unasked else None

    def _of_mark(self, fact: Fact, one: FieldTest, depth: int) -> Iterator[dict[str, Any]]:
        """A mark that is not there; or that is, where the test wants that it is not."""
        marks = self.judge.memory.marks.get((fact.id, one.field), {})
        if TRUE in marks.values():
            for value in marks:
                yield from self._resting(self.speech.consultation.support((fact.id, one.field, value)))
            return
        for rule in self._rules():
            names = [
                e.name for e in rule.then if isinstance(e, Mark) and one.field in dict(e.fields) and rule.binds.get(e.name) == fact.type
            ]
            if names:
                yield from self._lacking([rule], {names[0]: fact}, depth)

    def _rules(self) -> tuple[Rule, ...]:
        return tuple(self.speech.consultation.rule_base.rules)

    def _lacking(self, rules: list[Rule], fixed: Env, depth: int) -> Iterator[dict[str, Any]]:
        """The rules that come nearest to the conclusion, each with its first condition that fails."""
        found = [near for rule in rules if rule.id not in self.told and (near := self.judge.nearest(rule, fixed)) is not None]
        for near in sorted(found, key=lambda near: near.cost)[:_MOST]:
            place = near.first_failing
            if place is not None:
                self.told.add(near.rule.id)
                yield self._lack(near, near.conditions[place], depth)

    def _lack(self, near: Nearest, judged: Judged, depth: int) -> dict[str, Any]:
        text = GRAMMARS[self.speech.language].flat(
            speaker(near.rule, self.speech.library, self.speech.language).condition(judged.condition)
        )
        below = self.below(judged.condition, judged.names, depth + 1) if depth < _DEEPEST and judged.reachable else []
        truth = "false" if judged.truth == FALSE else "unknown"
        facts = facts_of(judged, self.speech)
        return {**self._named(near.rule), "lacks": text, "truth": truth, "facts": facts, "because": below}

    def _blocking(self, conditions: tuple[Condition, ...], names: Env) -> Iterator[dict[str, Any]]:
        """What stands against a negation, if rules concluded it."""
        _, premises = self.judge.inside(conditions, names)
        for premise in premises:
            for fact in premise.facts:
                if not self.judge.vocabulary.types[fact.type].given:
                    yield from self._resting(self.speech.consultation.support(fact.id))
            if isinstance(premise.condition, Pattern) and self.judge.vocabulary.types[premise.condition.type].given:
                yield from self._marked(premise.condition, premise.facts)

    def _marked(self, pattern: Pattern, facts: tuple[Fact, ...]) -> Iterator[dict[str, Any]]:
        for fact in facts:
            for one in pattern.tests:
                for value in self.judge.memory.marks.get((fact.id, one.field), {}):
                    yield from self._resting(self.speech.consultation.support((fact.id, one.field, value)))

    def _resting(self, support: tuple[Activation, ...]) -> Iterator[dict[str, Any]]:
        """A firing, with the values of the deal on which it rests."""
        for activation in support[:1]:
            facts = [in_words(one, self.speech) for one in given_facts(activation, self.speech.consultation)[:4]]
            truth = "true" if activation.truth == TRUE else "unknown"
            yield {**self._named(activation.rule), "lacks": "", "truth": truth, "facts": facts, "because": []}

    def _named(self, rule: Rule) -> dict[str, str]:
        concluded = [effect for effect in rule.then if isinstance(effect, (Conclude, Mark))]
        said = speaker(rule, self.speech.library, self.speech.language)
        return {"rule": rule.id, "title": self.speech.words(rule.title), "concludes": said.effect(concluded[0]) if concluded else ""}
