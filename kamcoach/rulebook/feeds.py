"""Which rule feeds which: what one concludes and another looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from kamcoach.model.condition import Constant, FieldTest, Pattern, Test
from kamcoach.model.dependencies import reads, writes, writing
from kamcoach.model.fact import Value
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Conclude, Rule
from kamcoach.model.walk import patterns, wanted


class Feed(NamedTuple):
    """`writer` concludes what `reader` looks at. `complete`: the reader waits for all of it, since it negates or counts."""

    writer: str
    reader: str
    predicate: str
    complete: bool = False


class Feeds:
    """The feeds between all rules of a library."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.rules: Mapping[str, Rule] = {rule.id: rule for rule in sorted(library.rule_base.rules, key=lambda rule: rule.id)}

    @cached_property
    def all(self) -> tuple[Feed, ...]:
        """Every feed, in the order of readers and writers."""
        return tuple(feed for rule in self.rules.values() for feed in self._into(rule))

    def into(self, rule_id: str) -> tuple[Feed, ...]:
        """What feeds a rule."""
        return self._by_reader.get(rule_id, ())

    def out_of(self, rule_id: str) -> tuple[Feed, ...]:
        """What a rule feeds."""
        return self._by_writer.get(rule_id, ())

    @cached_property
    def _by_reader(self) -> Mapping[str, tuple[Feed, ...]]:
        return _sorted_out(self.all, lambda feed: feed.reader)

    @cached_property
    def _by_writer(self) -> Mapping[str, tuple[Feed, ...]]:
        return _sorted_out(self.all, lambda feed: feed.writer)

    @cached_property
    def _writers(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for rule in self.rules.values():
            for predicate in writes(rule):
                found.setdefault(predicate, []).append(rule.id)
        return found

    def _into(self, rule: Rule) -> Iterator[Feed]:
        read: dict[str, bool] = {}
        for predicate, complete in sorted(reads(rule, self.library.rule_base.vocabulary)):
            read[predicate] = read.get(predicate, False) or complete
        for predicate, complete in read.items():
            asked = [one for one in patterns(rule.when) if one.type == predicate]
            for writer in writing(predicate, self._writers):
                if not asked or any(_may_meet(self.rules[writer], one) for one in asked):
                    yield Feed(writer, rule.id, predicate, complete)


def _sorted_out(feeds: Iterable[Feed], by: Callable[[Feed], str]) -> Mapping[str, tuple[Feed, ...]]:
    found: dict[str, list[Feed]] = {}
    for feed in feeds:
        found.setdefault(by(feed), []).append(feed)
    return {name: tuple(several) for name, several in found.items()}


def _may_meet(writer: Rule, pattern: Pattern) -> bool:
    """Whether what a rule concludes can pass a pattern, as far as plain values tell."""
    effects = [effect for effect in writer.then if isinstance(effect, Conclude) and effect.type == pattern.type]
    return any(_passes(effect, pattern.tests) for effect in effects)


def _passes(effect: Conclude, tests: tuple[FieldTest, ...]) -> bool:
    concluded = {name: operand.value for name, operand in effect.fields if isinstance(operand, Constant)}
    return all(one.field not in concluded or concluded[one.field] in values for one in tests if (values := _values(one.test)))


def _values(test: Test) -> list[Value]:
    """The values that alone can pass; none if that cannot be told."""
    operands = wanted(test)
    values = [one.value for one in operands if isinstance(one, Constant)]
    return values if len(values) == len(operands) else []
