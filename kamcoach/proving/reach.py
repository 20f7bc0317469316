"""Which rules a scenario depends on: a change of any other rule cannot make it fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from kamcoach.engine.native import part
from kamcoach.model.condition import Pattern
from kamcoach.model.dependencies import advice_read, reads, writes, writing
from kamcoach.model.playbook import Library
from kamcoach.model.rulebase import RuleBase
from kamcoach.model.scenario import Scenario
from kamcoach.proving.choice import Case


class Reach:
    """What feeds what, over one rule base."""

    def __init__(self, base: RuleBase) -> None:
        self.base = base
        self.writers: dict[str, set[str]] = {}
        for rule in base.rules:
            for predicate in writes(rule):
                self.writers.setdefault(predicate, set()).add(rule.id)
        self._above: dict[str, frozenset[str]] = {}
        self._below: dict[str, frozenset[str]] = {}

    @cached_property
    def everything(self) -> frozenset[str]:
        return frozenset(rule.id for rule in self.base.rules)

    @cached_property
    def _sources(self) -> dict[str, set[str]]:
        """For each rule those that conclude what it reads."""
        return {rule.id: self._writing(p for p, _ in reads(rule, self.base.vocabulary)) for rule in self.base.rules}

    def _writing(self, predicates: Iterable[str]) -> set[str]:
        return {one for predicate in predicates for one in writing(predicate, self.writers)}

    def upstream(self, rule_id: str) -> frozenset[str]:
        """The rule and every rule that feeds it, however far off."""
        if rule_id not in self._above:
            self._above[rule_id] = _closed(rule_id, self._sources)
        return self._above[rule_id]

    @cached_property
    def _fed(self) -> dict[str, set[str]]:
        """For each rule those that read what it concludes."""
        found: dict[str, set[str]] = {}
        for rule_id, sources in self._sources.items():
            for source in sources:
                found.setdefault(source, set()).add(rule_id)
        return found

    def downstream(self, rule_id: str) -> frozenset[str]:
        """The rule and every rule that it feeds, however far off."""
        if rule_id not in self._below:
            self._below[rule_id] = _closed(rule_id, self._fed)
        return self._below[rule_id]

    def of(self, scenario: Scenario) -> frozenset[str]:
        """Every rule that may have a part in whether the scenario passes."""
        expect = scenario.expect
        if any(said is not None for said in (expect.actions, expect.do_not, expect.advice, expect.questions)):
            return self.everything
        found = {rule.id for rule in self.base.named(scenario.rule)}
        for pattern in (*expect.certain, *expect.possible, *expect.out):
            found.update(self._writing(self._predicates(pattern)))
        return frozenset().union(*(self.upstream(one) for one in found))

    def _predicates(self, pattern: Pattern) -> Iterator[str]:
        if pattern.type == "advice":
            yield from advice_read(pattern)
            return
        yield pattern.type
        for one in (*pattern.tests, *(test for group in pattern.either for test in group)):
            yield f"{pattern.type}.{one.field}"


class Parts:
    """Libraries with only those rules that have a part in a scenario: it comes out the same, and sooner."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self._made: dict[tuple[str, frozenset[str]], Library] = {}

    def of(self, case: Case) -> Library:
        rules = self.reach.of(case.scenario)
        key = (case.suite.playbook, rules)
        if key not in self._made:
            self._made[key] = case.library._replace(rule_base=part(case.library.rule_base, rules))
        return self._made[key]


def _closed(start: str, leads_to: Mapping[str, set[str]]) -> frozenset[str]:
    found, waiting = {start}, [start]
    while waiting:
        fresh = leads_to.get(waiting.pop(), set()) - found
        found |= fresh
        waiting.extend(fresh)
    return frozenset(found)
