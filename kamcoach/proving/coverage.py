"""What the scenarios leave out: rules, truth values of conditions, and the neighbourhood of thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from kamcoach.coaching import coach
from kamcoach.engine.memory import TRUE
from kamcoach.engine.native import part
from kamcoach.model.fact import Value
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Rule
from kamcoach.model.scenario import Scenario
from kamcoach.proving.change import Setting
from kamcoach.proving.choice import Case, Playbook
from kamcoach.proving.leaves import Doubts, Leaf, leaves
from kamcoach.proving.observe import Observer, Seen
from kamcoach.proving.reach import Reach
from kamcoach.proving.thresholds import Side, Threshold, side_of, sides, thresholds

Sighting = tuple[int, Any, date]


class Gap(NamedTuple):
    """A leaf of a rule, the truth values with which no scenario shows it, and the sides of its thresholds on which none stands."""

    leaf: Leaf
    reached: bool
    """Whether any scenario comes as far as to look at it."""
    truths: tuple[int, ...]
    beside: tuple[tuple[Threshold, tuple[tuple[Side, Value], ...]], ...]


class RuleCoverage(NamedTuple):
    rule: Rule
    scenarios: int
    fires: bool
    """Whether some scenario makes it fire for certain."""
    gaps: tuple[Gap, ...]
    truths: int
    truths_seen: int
    points: int
    points_seen: int


def coverage(playbook: Playbook, rules: Iterable[str], cases: Sequence[Case]) -> list[RuleCoverage]:
    """How the scenarios of each rule cover it; scenarios of other rules do not look at it and do not count."""
    base = playbook.library.rule_base
    doubts, reach = Doubts(base.rules, base.vocabulary), Reach(base)
    own: dict[str, list[Scenario]] = {}
    for scenario, _ in cases:
        for rule in base.named(scenario.rule):
            own.setdefault(rule.id, []).append(scenario)
    by_id = {rule.id: rule for rule in base.rules}
    found = []
    for rule_id in rules:
        home = playbook.home(rule_id)
        smaller = home._replace(rule_base=part(home.rule_base, reach.upstream(rule_id)))
        found.append(_of_rule(by_id[rule_id], own.get(rule_id, []), smaller, doubts))
    return found


def _of_rule(rule: Rule, scenarios: list[Scenario], library: Library, doubts: Doubts) -> RuleCoverage:
    setting = Setting(library.rule_base.vocabulary, library.params)
    sightings: dict[int, list[Sighting]] = {}
    fires = False
    for scenario in scenarios:
        consultation = coach(scenario.deal, library).consultation
        fires = fires or any(activation.truth == TRUE for activation in consultation.fired(rule.id))
        seen: Seen = {}
        Observer(consultation, seen).joint(rule.when, [{}])
        for node, found in seen.items():
            sightings.setdefault(node, []).extend((truth, value, consultation.as_of) for truth, value in found)
    gaps, truths, points, missing_truths, missing_points = [], 0, 0, 0, 0
    for leaf in leaves(rule.when):
        wanted = doubts.truths(leaf)
        gap = _gap(leaf, wanted, sightings.get(id(leaf.node), []), setting)
        truths += len(wanted)
        points += sum(len(sides(one, setting)) for one in thresholds(leaf, setting))
        missing_truths += len(gap.truths)
        missing_points += sum(len(lacking) for _, lacking in gap.beside)
        if gap.truths or gap.beside:
            gaps.append(gap)
    return RuleCoverage(rule, len(scenarios), fires, tuple(gaps), truths, truths - missing_truths, points, points - missing_points)


def _gap(leaf: Leaf, wanted: tuple[int, ...], sightings: list[Sighting], setting: Setting) -> Gap:
    seen = {truth for truth, _, _ in sightings}
    beside = []
    for one in thresholds(leaf, setting):
        stood = {side_of(one, value, as_of, setting) for _, value, as_of in sightings}
        lacking = tuple((side, value) for side, value in sides(one, setting).items() if side not in stood)
        if lacking:
            beside.append((one, lacking))
    return Gap(leaf, bool(sightings), tuple(truth for truth in wanted if truth not in seen), tuple(beside))
