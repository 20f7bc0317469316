"""The leaves of a rule: each test on a field, each flag, each count, which comes out true, false or unknown by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kamcoach.engine.memory import FALSE, TRUE, UNKNOWN
from kamcoach.model import written
from kamcoach.model.condition import (
    Aggregate,
    AllOf,
    AnyOf,
    Compute,
    Condition,
    Every,
    FieldTest,
    Known,
    Last,
    No,
    Pattern,
    Tally,
)
from kamcoach.model.dependencies import ANY_ADVICE, advice_read, writes
from kamcoach.model.fact import Vocabulary
from kamcoach.model.rule import Rule
from kamcoach.source import Location

Node = FieldTest | Pattern | Aggregate | Compute | Tally


class Leaf(NamedTuple):
    """A node that comes out with a truth of its own."""

    node: Node
    type: str
    """The fact type that a field test is on; "" where there is none."""
    lax: bool
    """Inside `no_evidence_of` or `evidence_of`, for which unknown is as good as false."""

    @property
    def at(self) -> Location:
        return self.node.at

    @property
    def text(self) -> str:
        return written.of_field(self.type, self.node) if isinstance(self.node, FieldTest) else written.condition(self.node)


def leaves(conditions: Iterable[Condition], *, lax: bool = False) -> Iterator[Leaf]:
    """Every leaf, in the order of the rule."""
    for one in conditions:
        match one:
            case Pattern():
                yield from _of_pattern(one, lax=lax)
            case No(how=how, conditions=inner):
                yield from leaves(inner, lax=lax or how != "none")
            case AnyOf(alternatives=groups):
                yield from (leaf for group in groups for leaf in leaves(group, lax=lax))
            case Every(pattern=pattern, satisfies=tests) | Last(pattern=pattern, tests=tests):
                yield from _of_tests(pattern.tests, pattern.type, lax=lax)
                yield from _of_tests(tests, pattern.type, lax=lax)
            case Aggregate(pattern=pattern, test=test):
                yield from _of_tests(pattern.tests, pattern.type, lax=lax)
                yield from (Leaf(one, "", lax) for _ in (test,) if test is not None)
            case Tally(conditions=inner, test=test):
                yield from leaves(inner, lax=lax)
                yield from (Leaf(one, "", lax) for _ in (test,) if test is not None)
            case Compute(test=test):
                yield from (Leaf(one, "", lax) for _ in (test,) if test is not None)


def _of_pattern(pattern: Pattern, *, lax: bool) -> Iterator[Leaf]:
    if not pattern.tests and not pattern.either:
        yield Leaf(pattern, pattern.type, lax)
    yield from _of_tests(pattern.tests, pattern.type, lax=lax)
    for group in pattern.either:
        yield from _of_tests(group, pattern.type, lax=lax)


def _of_tests(tests: tuple[FieldTest, ...], fact_type: str, *, lax: bool) -> Iterator[Leaf]:
    return (Leaf(one, fact_type, lax) for one in tests)


class Doubts:
    """Which leaves can be unknown at all: a conclusion is only doubtful if a rule that draws it can fire possibly."""

    def __init__(self, rules: Iterable[Rule], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.predicates: set[str] = set()
        waiting = list(rules)
        grown = True
        while grown:
            unsure = [rule for rule in waiting if any(self.doubtful(leaf) for leaf in leaves(rule.when))]
            waiting = [rule for rule in waiting if rule not in unsure]
            grown = bool(unsure)
            self.predicates.update(name for rule in unsure for name in writes(rule))

    def truths(self, leaf: Leaf) -> tuple[int, ...]:
        """The truth values that this leaf should be seen with."""
        if isinstance(leaf.node, Pattern) and self.vocabulary.types[leaf.type].shape == "single":
            return (TRUE,)
        return (TRUE, FALSE, UNKNOWN) if self.doubtful(leaf) else (TRUE, FALSE)

    def doubtful(self, leaf: Leaf) -> bool:
        """Whether it can be unknown in any deal."""
        if leaf.lax:
            return False
        if isinstance(leaf.node, FieldTest):
            return self._doubtful_test(leaf.node, leaf.type)
        if isinstance(leaf.node, Pattern):
            return self.vocabulary.types[leaf.type].given or self._derived(leaf.node)
        if isinstance(leaf.node, Aggregate):
            pattern = leaf.node.pattern
            return self.vocabulary.types[pattern.type].given or self._derived(pattern)
        return True

    def _doubtful_test(self, one: FieldTest, fact_type: str) -> bool:
        declared = self.vocabulary.types[fact_type]
        decided = isinstance(one.test, Known) or (isinstance(one.test, AllOf) and Known(wanted=True) in one.test.tests)
        if decided or declared.fields[one.field].kind == "key":
            return False
        if declared.given:
            return not declared.fields[one.field].derived or f"{fact_type}.{one.field}" in self.predicates
        return self._derived(Pattern(fact_type, (one,)))

    def _derived(self, pattern: Pattern) -> bool:
        if pattern.type != "advice":
            return pattern.type in self.predicates
        named = advice_read(pattern)
        if ANY_ADVICE in named:
            return any(name.startswith("advice/") for name in self.predicates)
        return not self.predicates.isdisjoint(named)
