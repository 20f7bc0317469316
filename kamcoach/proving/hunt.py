"""Do the scenarios notice when a rule is changed? Those of the rule itself are asked first, then all that depend on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from kamcoach.coaching import Coached, coach, hold_against
from kamcoach.engine.memory import UNKNOWN, Activation, Consultation
from kamcoach.engine.native import infer, instead, ways
from kamcoach.model.fact import Fact
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Rule
from kamcoach.proving.change import Mutant
from kamcoach.proving.choice import Case, Playbook
from kamcoach.proving.leaves import Doubts
from kamcoach.proving.mutants import mutants
from kamcoach.proving.reach import Parts, Reach

MutantId = tuple[str, int]
"""The rule and the place of the mutant among its mutants: the same in every process."""
Firings = Mapping[frozenset[tuple[str, object]], int]
"""How truly a rule fires, by what its names stand for."""


class Hunter:
    """Runs mutants against scenarios."""

    def __init__(self, playbook: Playbook, cases: tuple[Case, ...]) -> None:
        self.playbook = playbook
        self.cases = cases
        base = playbook.library.rule_base
        self.reach = Reach(base)
        self.doubts = Doubts(base.rules, base.vocabulary)
        self.parts = Parts(self.reach)
        self.rules = {rule.id: rule for rule in base.rules}
        self.own: dict[str, list[Case]] = {}
        for one in cases:
            for rule_id in self.tested(one):
                self.own.setdefault(rule_id, []).append(one)
        self._made: dict[str, tuple[Mutant, ...]] = {}
        self._probes: dict[MutantId, Probe] = {}

    def tested(self, case: Case) -> set[str]:
        """The rules that a scenario is about: one, those of a whole table, or none."""
        return {rule.id for rule in self.reach.base.named(case.scenario.rule)}

    def mutants(self, rule_id: str) -> tuple[Mutant, ...]:
        if rule_id not in self._made:
            self._made[rule_id] = tuple(mutants(self.rules[rule_id], self.playbook.home(rule_id).rule_base, self.doubts))
        return self._made[rule_id]

    def mutant(self, one: MutantId) -> Mutant:
        return self.mutants(one[0])[one[1]]

    def by_own(self, hunted: Iterable[MutantId]) -> Iterator[MutantId]:
        """The mutants that no scenario of their own rule notices."""
        waiting: dict[str, list[MutantId]] = {}
        for one in hunted:
            waiting.setdefault(one[0], []).append(one)
        for rule_id, group in waiting.items():
            trials = [Trial(self, case) for case in self.own.get(rule_id, ())]
            yield from (one for one in group if not any(trial.notices(one) for trial in trials))

    def by_others(self, hunted: Iterable[MutantId], cases: Iterable[Case]) -> Iterator[MutantId]:
        """The mutants that one of these scenarios of other rules, or of whole deals, notices."""
        alive = dict.fromkeys(hunted)
        for case in cases:
            trial = Trial(self, case)
            matters = self.reach.of(case.scenario) - self.tested(case)  # its own it has judged
            noticed = [one for one in alive if one[0] in matters and trial.notices(one)]
            for one in noticed:
                del alive[one]
            yield from noticed

    def probe(self, one: MutantId, *, changed: bool) -> Probe:
        """How the rule of a mutant fires, as it is or changed; compiled once."""
        key = one if changed else (one[0], -1)
        if key not in self._probes:
            rule = self.mutant(one).rule if changed else self.rules[one[0]]
            self._probes[key] = Probe(rule, self.playbook.library)
        return self._probes[key]


class Probe:
    """How a rule fires, by what its names stand for; nothing is concluded."""

    def __init__(self, rule: Rule, library: Library) -> None:
        self._ways = ways(rule, library.rule_base.vocabulary)

    def __call__(self, consultation: Consultation) -> Firings:
        found: dict[frozenset[tuple[str, object]], int] = {}
        for truth, names, _ in self._ways(consultation):
            key = frozenset((name, value.id if isinstance(value, Fact) else value) for name, value in names.items())
            found[key] = max(truth, found.get(key, 0))
        return found


class Trial:
    """One scenario as a judge of mutants. What cannot make a difference is not run."""

    def __init__(self, hunter: Hunter, case: Case) -> None:
        self.hunter = hunter
        self.scenario = case.scenario
        self.library = hunter.parts.of(case)
        self.asks = self.scenario.expect.asks is not None or self.scenario.expect.questions is not None
        self._firings: dict[str, Firings] = {}

    @cached_property
    def consultation(self) -> Consultation:
        return coach(self.scenario.deal, self.library).consultation

    @cached_property
    def _by_rule(self) -> dict[str, list[Activation]]:
        found: dict[str, list[Activation]] = {rule.id: [] for rule in self.library.rule_base.rules}
        for activation in self.consultation.activations:
            found[activation.rule.id].append(activation)
        return found

    @cached_property
    def passes(self) -> bool:
        """With the rules as they are; a scenario that fails anyhow notices nothing."""
        return not hold_against(self.scenario, Coached(self.scenario.deal, self.library, self.consultation))

    def notices(self, one: MutantId) -> bool:
        if not self._may_notice(one):
            return False
        return bool(hold_against(self.scenario, self.coached(self.hunter.mutant(one).rule))) and self.passes

    def coached(self, rule: Rule) -> Coached:
        """The deal of the scenario coached with a changed rule; what the rule does not feed fires as before."""
        base = instead(self.library.rule_base, rule)
        deal = self.scenario.deal
        fed = self.hunter.reach.downstream(rule.id)
        known = {name: fired for name, fired in self._by_rule.items() if name not in fed}
        return Coached(deal, self.library._replace(rule_base=base), infer(base, deal.facts, self.consultation.as_of, known))

    def firings(self, one: MutantId) -> tuple[Firings, Firings]:
        """How the rule of a mutant fires here, as it is and changed."""
        if one[0] not in self._firings:
            self._firings[one[0]] = self.hunter.probe(one, changed=False)(self.consultation)
        before = self._firings[one[0]]
        same = self.hunter.mutant(one).rule.when == self.hunter.rules[one[0]].when
        return before, before if same else self.hunter.probe(one, changed=True)(self.consultation)

    def _may_notice(self, one: MutantId) -> bool:
        """Whether the mutant fires differently here, or gives another outcome; what is asked may change although the firings do not."""
        before, after = self.firings(one)
        if self.hunter.mutant(one).rule.when == self.hunter.rules[one[0]].when:
            return bool(before)
        return after != before or (self.asks and UNKNOWN in after.values())
