"""Rules as signals: what of each condition we evaluate, what other rules of the layer signal, and what a firing signals in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from kamcoach.engine.combine import compile_condition
from kamcoach.engine.compile import Matcher, Step
from kamcoach.engine.durable.layers import Layer, is_flag, references
from kamcoach.engine.durable.process import INSTEAD
from kamcoach.engine.durable.tokens import Tokens
from kamcoach.engine.kleene import plain
from kamcoach.engine.memory import TRUE, Held, Memory
from kamcoach.engine.native import Carry, carries
from kamcoach.errors import EngineError
from kamcoach.model.condition import AnyOf, Condition, Constant, Every, FieldTest, No, Pattern
from kamcoach.model.fact import Fact, Vocabulary
from kamcoach.model.rule import Conclude, Mark, Rule
from kamcoach.model.rulebase import RuleBase

MOST_JOINED: Final = 12
"""Signals that one rule waits for; of 17 conditions durable-rules makes error 304."""


Words = tuple[str, ...]
"""What the names of a rule stand for, in their order."""
Firings = Mapping[Words, int]
"""What the names of a rule stood for when it fired, and how truly it did."""


class Signal(NamedTuple):
    """What a message is called, and which names of the rule its columns hold."""

    name: str
    names: tuple[str, ...] = ()


class Part(NamedTuple):
    """A condition: the steps that we evaluate, the signal they give, and the flags that must be signalled besides."""

    steps: list[Step]
    signal: Signal
    flags: tuple[Signal, ...] = ()
    shared: bool = False
    """Rules of the layer may give the signal too, so that all is still open if the steps find nothing."""


class Emission(NamedTuple):
    """What a firing signals. A column is given by the name whose value it holds, or as a word."""

    signal: str
    names: tuple[str, ...]
    words: tuple[str, ...]
    certain: bool
    """Whether a certain firing makes it certain; if not, it is only possible."""


class Spoken(NamedTuple):
    """A rule as signals."""

    rule: Rule
    names: tuple[str, ...]
    steps: list[Step]
    effects: list[Carry]
    parts: tuple[Part, ...]
    emissions: tuple[Emission, ...]

    @property
    def signals(self) -> tuple[Signal, ...]:
        """All that must be signalled for the rule to fire, each once."""
        return tuple(dict.fromkeys(signal for part in self.parts for signal in (part.signal, *part.flags)))

    @property
    def flags(self) -> tuple[Signal, ...]:
        return tuple(dict.fromkeys(flag for part in self.parts for flag in part.flags))

    def carry_out(self, firings: Firings, memory: Memory, tokens: Tokens) -> None:
        """Hold in memory what these firings conclude. Raises EngineError if a name stands for what it cannot."""
        for words, truth in firings.items():
            env = {name: tokens.meaning(word) for name, word in zip(self.names, words, strict=True)}
            if any(name in env and not self._fits(name, env[name]) for name in self.rule.binds):
                raise EngineError(f"durable-rules is wrong: it fired the rule '{self.rule.id}' for what it is not about. {INSTEAD}")
            for carry in self.effects:
                carry(env, memory, truth)

    def _fits(self, name: str, meaning: Any) -> bool:
        """Whether a name that is bound to facts of a type stands for one, and any other for a value."""
        bound = self.rule.binds[name]
        if not bound:
            return not isinstance(meaning, Fact)
        return isinstance(meaning, Fact) and meaning.type == bound


def spoken(layer: Layer, rule_base: RuleBase, tokens: Tokens) -> list[Spoken]:
    """The rules of a layer as signals. Facts that rules conclude in so many words get their words in `tokens`."""
    translator = _Translator(rule_base, tokens)
    parts = [translator.parts(rule, chained) for rule, chained in layer.rules]
    return [
        Spoken(
            rule,
            _names(rule.when),
            [compile_condition(one, rule_base.vocabulary) for one in rule.when],
            [carry for effect in rule.then for carry in carries(rule, effect)],
            row,
            tuple(translator.emissions(rule)),
        )
        for (rule, _), row in zip(layer.rules, parts, strict=True)
    ]


def _names(conditions: Sequence[Condition]) -> tuple[str, ...]:
    """The names that conditions bind, in order, each once."""
    binds = (one.bind for one in conditions if not isinstance(one, (No, Every, AnyOf)))
    return tuple(dict.fromkeys(bind for bind in binds if bind))


class _Translator:
    """Translates the rules of one layer; knows what they wait for."""

    def __init__(self, rule_base: RuleBase, tokens: Tokens) -> None:
        self.vocabulary: Vocabulary = rule_base.vocabulary
        self.tokens = tokens
        self.memory = Memory((), date.min, {name: param.value for name, param in rule_base.params.items()}, rule_base.vocabulary)
        self.flags: set[str] = set()
        self.patterns: dict[str, Pattern] = {}

    def parts(self, rule: Rule, chained: frozenset[str]) -> tuple[Part, ...]:
        parts = tuple(self.part(rule, place, chained) for place in range(len(rule.when)))
        joined = sum(1 + len(part.flags) for part in parts)
        return parts if 0 < joined <= MOST_JOINED else _merged(rule, parts)

    def part(self, rule: Rule, place: int, chained: frozenset[str]) -> Part:
        condition = rule.when[place]
        if isinstance(condition, Pattern):
            if condition.type in chained:
                return Part([self.step(condition)], self.shared(condition), shared=True)
            flags = [one.field for one in condition.tests if f"{condition.type}.{one.field}" in chained and self.is_flag(one, condition)]
            if flags:
                return self.flagged(rule, place, condition, flags)
        return Part([self.step(condition)], Signal(f"{rule.id}.{place}", _about(rule, place, condition)))

    def step(self, condition: Condition) -> Step:
        return compile_condition(condition, self.vocabulary)

    def is_flag(self, one: FieldTest, pattern: Pattern) -> bool:
        return is_flag(one, pattern.type, self.vocabulary)

    def flagged(self, rule: Rule, place: int, pattern: Pattern, fields: list[str]) -> Part:
        """A pattern with flags that are marked in this layer: the rest of it is evaluated, the flags are signals about the same fact."""
        name = f"{rule.id}.{place}"
        own = pattern.bind or f"? {name}"  # the signals must tell which fact it is, even if the rule does not
        flags = tuple(Signal(f"{pattern.type}.{field}", (own,)) for field in dict.fromkeys(fields))
        self.flags.update(flag.name for flag in flags)
        rest = tuple(one for one in pattern.tests if not (one.field in fields and self.is_flag(one, pattern)))
        kept = pattern._replace(tests=rest, bind=own)
        return Part([self.step(kept)], Signal(name, _about(rule, place, kept)), flags)

    def shared(self, pattern: Pattern) -> Signal:
        """The signal that some concluded fact passes the pattern; rules that ask the same wait for the same one."""
        asked = [" and ".join(f"{one.field} {one.test}" for one in tests) for tests in (pattern.tests, *pattern.either)]
        name = f"{pattern.type}: {' or '.join(asked)}{' as' if pattern.bind else ''}"
        self.patterns.setdefault(name, pattern)
        return Signal(name, (pattern.bind,) if pattern.bind else ())

    def emissions(self, rule: Rule) -> Iterator[Emission]:
        for effect in rule.then:
            if isinstance(effect, Mark):
                predicates = (f"{rule.binds[effect.name]}.{name}" for name, _ in effect.fields)
                yield from (Emission(one, (effect.name,), (), certain=True) for one in predicates if one in self.flags)
            elif isinstance(effect, Conclude):
                values = {name: plain(operand.value) for name, operand in effect.fields if isinstance(operand, Constant)}
                if len(values) == len(effect.fields):
                    yield from self.of_fact(Fact(effect.type, values))

    def of_fact(self, fact: Fact) -> Iterator[Emission]:
        """The signals that are given once this fact is concluded."""
        held = Held(fact, TRUE)
        for name, pattern in self.patterns.items():
            if pattern.type == fact.type:
                matcher = Matcher(pattern, self.vocabulary)
                env = matcher.bound(held, {})
                truth = matcher.truth(held, env, self.memory)
                if truth:
                    words = tuple(self.tokens.word(env[bind]) for bind in (pattern.bind,) if bind)
                    yield Emission(name, (), words, truth == TRUE)


def _about(rule: Rule, place: int, condition: Condition) -> tuple[str, ...]:
    """The names that a condition is about: those it refers to, and its own."""
    used = references([condition])
    return tuple(dict.fromkeys([*(name for name in _names(rule.when[:place]) if name in used), *_names([condition])]))


def _merged(rule: Rule, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """All that we evaluate as one condition, for a rule that would have to join too many (or has none)."""
    ours = [part for part in parts if not part.shared]
    names: dict[str, Any] = dict.fromkeys(name for part in ours for name in part.signal.names)
    flags = tuple(flag for part in ours for flag in part.flags)
    whole = Part([step for part in ours for step in part.steps], Signal(f"{rule.id}.*", tuple(names)), flags)
    return (whole, *(part for part in parts if part.shared))
