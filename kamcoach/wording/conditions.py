"""Conditions in words."""

from __future__ import annotations

from typing import assert_never

from kamcoach.model.condition import (
    Aggregate,
    AnyOf,
    Compute,
    Condition,
    Constant,
    Every,
    FieldTest,
    Known,
    Last,
    No,
    Pattern,
    Tally,
    Test,
)
from kamcoach.model.dependencies import ANY_ADVICE
from kamcoach.model.fact import FactType, Field
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Advise, Rule
from kamcoach.model.walk import wanted
from kamcoach.wording.grammar import Clause, Grammar, Mood, Predicate
from kamcoach.wording.headlines import headline
from kamcoach.wording.names import Names
from kamcoach.wording.tests import NUMBER, TestWords


class ConditionWords(TestWords):
    """Says the conditions of one rule in one language."""

    def __init__(self, library: Library, grammar: Grammar, rule: Rule) -> None:
        super().__init__(library, grammar, Names(rule, library.rule_base.vocabulary, grammar))
        self.library = library

    def condition(self, condition: Condition) -> Clause:
        match condition:
            case Pattern():
                return self._pattern(condition, "is")
            case No():
                return self._no(condition)
            case Every(pattern=pattern, satisfies=tests):
                return Clause(self._every(pattern, tests))
            case AnyOf(alternatives=alternatives):
                return Clause(self.grammar.frame("any of"), tuple(self._all(group) for group in alternatives))
            case Aggregate():
                return Clause(self._aggregate(condition))
            case Last():
                return Clause(self._last(condition))
            case Compute(value=value, test=test):
                return Clause(self._outcome(self.operand(value, NUMBER), test))
            case Tally(conditions=inner, test=test):
                return Clause(self._outcome(self.grammar.frame("tally"), test), tuple(self.condition(one) for one in inner))
            case _:
                assert_never(condition)

    def _all(self, group: tuple[Condition, ...]) -> Clause:
        if len(group) == 1:
            return self.condition(group[0])
        return Clause(self.grammar.frame("all of"), tuple(self.condition(one) for one in group))

    def _no(self, condition: No) -> Clause:
        first = condition.conditions[0]
        if len(condition.conditions) > 1:
            names = {"none": "no such", "no_evidence_of": "no_evidence_of such", "evidence_of": "evidence_of such"}
            return Clause(self.grammar.frame(names[condition.how]), tuple(self.condition(one) for one in condition.conditions))
        if isinstance(first, Pattern):
            return self._pattern(first, condition.how)
        said = self.condition(first)
        return Clause(self.grammar.states(said.text, condition.how), said.parts)

    # ── patterns ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _pattern(self, pattern: Pattern, mood: Mood) -> Clause:
        declared = self.vocabulary.types[pattern.type]
        if pattern.type == "advice":
            return Clause(self.grammar.states(self._advice(pattern), mood))
        if declared.shape == "flag":
            return Clause(self._flag(declared, mood))
        if declared.shape in ("list", "many"):
            noun = self.names.noun(pattern.bind) if pattern.bind else self.noun(declared)
            return Clause(self.grammar.some(noun, self.predicates(pattern, declared), mood))
        return Clause(self._only(pattern, declared, mood))

    def _flag(self, declared: FactType, mood: Mood) -> str:
        label = self.grammar.quoted(self.word(declared.label, declared.name))
        says = self.word(declared.says) or self.grammar.frame("flag", label=label)
        if mood == "none":
            return self.word(declared.denies) or self.grammar.frame("not flag", label=label)
        return self.grammar.states(says, mood)

    def _only(self, pattern: Pattern, declared: FactType, mood: Mood) -> str:
        """A pattern over what there is only one of."""
        turned = mood == "none" and len(pattern.tests) == 1 and not pattern.either
        if not pattern.tests and not pattern.either:
            return self.grammar.states(self.grammar.frame("any value", label=self.noun(declared)), mood)
        said = [self._of_only(one, declared) for one in self.predicates(pattern, declared, denied=turned)]
        return self.grammar.states(self.grammar.both(said), "is" if turned else mood)

    def _of_only(self, predicate: Predicate, declared: FactType) -> str:
        if declared.shape == "value" or predicate.kind == "clause":
            return predicate.text
        return self.grammar.owned(self.grammar.frame("sole", noun=self.noun(declared)), predicate)

    def predicates(self, pattern: Pattern, declared: FactType, *, denied: bool = False) -> list[Predicate]:
        """What a pattern asks of a fact, its alternatives last."""
        found = [self.predicate(one, declared, denied=denied) for one in pattern.tests]
        return [*found, self._either(pattern, declared)] if pattern.either else found

    def predicate(self, one: FieldTest, declared: FactType, *, denied: bool = False) -> Predicate:
        if declared.shape != "value":
            return super().predicate(one, declared, denied=denied)
        field = declared.fields["value"]
        field = field._replace(label=field.label or declared.label, says=declared.says, denies=declared.denies)
        said = super().predicate(one, declared._replace(fields={"value": field}), denied=denied)
        return Predicate(said.text, "clause")

    def _either(self, pattern: Pattern, declared: FactType) -> Predicate:
        groups = [[self.predicate(one, declared) for one in group] for group in pattern.either]
        if declared.shape in ("single", "value"):
            return Predicate(self.grammar.choice([[self._of_only(one, declared) for one in group] for group in groups]), "clause")
        return Predicate(self.grammar.choice([[self.grammar.joint(one) for one in group] for group in groups]), "whole")

    def _advice(self, pattern: Pattern) -> str:
        """Advice goes by the titles of the rules that give it."""
        named = {
            one.field: {operand.value for operand in wanted(one.test) if isinstance(operand, Constant)}
            for one in pattern.tests
            if one.field in ("play", "rule")
        }
        titles = [
            self.grammar.quoted(self.word(rule.title, rule.id))
            for rule in self.library.rule_base.rules
            if any(
                isinstance(effect, Advise) and (effect.play in named.get("play", ()) or rule.id in named.get("rule", ()))
                for effect in rule.then
            )
        ]
        return self.grammar.frame("advice on", title=self.grammar.one_of(titles) if titles else "")

    def handed_on(self, predicate: str) -> str:
        """What one rule hands to another, by its label: `missing person`, `person: reached`; advice by its headline."""
        if predicate.startswith("advice/") and predicate != ANY_ADVICE:
            play = headline(self.library, predicate.partition("/")[2], self.grammar.language)
            return self.grammar.frame("advice from", play=play)
        name, _, field = predicate.removesuffix("/*").partition(".")
        declared = self.vocabulary.types[name]
        if not field:
            return self.word(declared.label, name)
        owned = declared.fields[field]
        return f"{self.word(declared.label, name)}{self.grammar.colon}{self.grammar.lowered(self.word(owned.label, field))}"

    # ── the rest ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _every(self, pattern: Pattern, tests: tuple[FieldTest, ...]) -> str:
        declared = self.vocabulary.types[pattern.type]
        wanted = [self.predicate(one, declared) for one in tests]
        which = self.grammar.which(self.predicates(pattern, declared))
        return self.grammar.frame("every", noun=self._noun_of(pattern), which=which, wanted=self.grammar.wanted(wanted))

    def _noun_of(self, pattern: Pattern) -> str:
        return self.names.noun(pattern.bind) if pattern.bind else self.noun(self.vocabulary.types[pattern.type])

    def _aggregate(self, aggregate: Aggregate) -> str:
        pattern = aggregate.pattern
        declared = self.vocabulary.types[pattern.type]
        field = declared.fields.get(aggregate.field, NUMBER)
        alone = declared.shape == "single" and aggregate.how == "sum"
        told = [one for one in pattern.tests if not alone or one != FieldTest(aggregate.field, Known(wanted=True), one.at)]
        predicates = self.predicates(pattern._replace(tests=tuple(told)), declared)
        noun = self.noun(declared)
        which = self.grammar.which(predicates) if alone else self.grammar.which_all(predicates)
        frame = "sum of one" if alone else aggregate.how
        value = self.grammar.frame(frame, noun=noun, nouns=self.grammar.plural(noun), which=which, label=self.label(field))
        return self._outcome(value, aggregate.test, field if aggregate.how in ("min", "max", "sum") else NUMBER)

    def _outcome(self, value: str, test: Test | None, field: Field = NUMBER) -> str:
        """A value with what is asked of it; without a test it is only taken down."""
        if test is None:
            return self.grammar.frame("take", value=value)
        return self.grammar.frame("outcome", value=value, verb=self.verb(test, field))

    def _last(self, last: Last) -> str:
        declared = self.vocabulary.types[last.pattern.type]
        noun = self.names.noun(last.bind) if last.bind else self.noun(declared)
        which = self.grammar.which(self.predicates(last.pattern, declared))
        wanted = self.grammar.wanted([self.predicate(one, declared) for one in last.tests])
        frame = "last is" if last.tests else "last"
        return self.grammar.frame(frame, noun=noun, which=which, label=self.label(declared.fields[last.by]), wanted=wanted)
