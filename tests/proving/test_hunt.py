"""What the scenarios notice, and which scenario is suggested where they do not."""

from __future__ import annotations

import pytest

from kamcoach.coaching import run_scenario
from kamcoach.errors import KamcoachError
from kamcoach.model.rulebase import RuleBase
from kamcoach.proving.choice import choose, rules_at
from kamcoach.proving.hunt import Hunter
from kamcoach.proving.mutation import Mutation, mutate
from tests.proving.proved import hunted, playbook, scenario, scenarios
from tests.small_library import SmallLibrary

EDGES = [scenario(f"people: [{{id: li, power: {power}}}]", f"fires: {fires}") for power, fires in ((4, "certainly"), (3, "never"))]


@pytest.fixture
def power(library: SmallLibrary) -> SmallLibrary:
    """Rule `a` marks the powerful, rule `b` warns of them."""
    library.rule("a", "[{person: {power: {at_least: 4}}, as: p}]", "[{mark: {$p: reached}}]")
    library.advice("b", "[{person: {reached: true}, as: p}]", "about: $p")
    return library


def left(library: SmallLibrary, rule_id: str) -> set[str]:
    return {one.after or f"-{one.before}" for one in hunted(library, rule_id)[0]}


def test_scenarios_on_both_sides_of_a_threshold_notice_everything(power: SmallLibrary) -> None:
    scenarios(power, "a", *EDGES)
    assert left(power, "a") == set()


def test_without_the_one_on_the_edge_a_threshold_may_move(power: SmallLibrary) -> None:
    scenarios(power, "a", scenario("people: [{id: li, power: 5}]", "fires: certainly"), EDGES[1])
    assert left(power, "a") == {"power: {at_least: 5}"}


def test_the_suggested_scenario_is_tried_and_says_what_to_expect(power: SmallLibrary) -> None:
    path = scenarios(power, "a", scenario("people: [{id: li, power: 5}]", "fires: certainly", "strong"), EDGES[1])
    said = hunted(power, "a")[1]["power: {at_least: 5}"]
    assert said is not None
    assert (said.name, str(said.at), said.what, said.path, said.value) == ("strong", f"{path}:3:5", "set", "people.li.power", "4")
    assert (said.fires, said.instead) == ("certainly", "never")


def test_scenarios_of_a_rule_that_it_feeds_notice_too(power: SmallLibrary) -> None:
    scenarios(power, "b", *EDGES)
    assert left(power, "a") == set()


def test_a_scenario_that_fails_anyhow_notices_nothing(power: SmallLibrary) -> None:
    scenarios(power, "a", scenario("people: [{id: li, power: 4}]", "fires: never"))
    assert "power: {at_least: 5}" in left(power, "a")


def test_what_a_rule_rests_on_is_followed_down_to_the_deal(power: SmallLibrary) -> None:
    """`reached` stands in no deal; that `power` decides it is found in the rule that marks it."""
    power.advice("b", "[{person: {reached: true, met: true}, as: p}]", "about: $p")
    scenarios(power, "b", scenario("people: [{id: li, power: 5, met: true}]", "fires: certainly, severity: warn"))
    said = hunted(power, "b")[1]["-reached: true"]
    assert said is not None
    assert (said.what, said.path, said.fires) == ("set", "people.li.power", "never")


def test_one_suggestion_serves_several_changes(power: SmallLibrary) -> None:
    power.rule("c", "[{person: {power: {above: 3}, met: {not: false}}}, {none: {person: {power: {below: 2}}}}]", "[{conclude: open}]")
    scenarios(power, "c", scenario("people: [{id: li, power: 5, met: true}]", "fires: certainly"))
    said = [one for one in hunted(power, "c")[1].values() if one is not None]
    assert len({(one.path, one.value) for one in said}) < len(said)


def test_a_condition_that_says_nothing_new_finds_no_scenario(power: SmallLibrary) -> None:
    power.rule("c", "[{person: {reached: true}}, {person: {power: {at_least: 4}}}]", "[{conclude: open}]")
    scenarios(power, "c", *EDGES)
    assert hunted(power, "c")[1]["-person: {power: {at_least: 4}}"] is None


def test_the_severity_is_noticed_where_a_scenario_says_it(power: SmallLibrary) -> None:
    scenarios(power, "b", *EDGES)
    assert left(power, "b") == {"severity: critical"}
    scenarios(power, "b", *EDGES, scenario("people: [{id: li, power: 5}]", "severity: warn"))
    assert left(power, "b") == set()


def test_what_is_left_out_for_speed_makes_no_difference(power: SmallLibrary) -> None:
    """Each mutant put into a rule base of its own, and every scenario run in full."""
    power.advice("c", "[{count: {person: {reached: true}}, is: {at_least: 2}}, {none: {person: {met: false}}}]")
    scenarios(power, "a", EDGES[0])
    scenarios(power, "c", scenario("people: [{id: li, power: 5, met: true}, {id: wu, power: 4}]", "fires: possibly, asks: [people.wu.met]"))
    power.write("rules/deals/all.test.yaml", "as_of: 2026-03-02\nscenarios:\n" + scenario("people: [{id: li, power: 4}]", "actions: [b]"))
    hunter = Hunter(*playbook(power))
    base = hunter.playbook.library.rule_base
    for rule_id in ("a", "b", "c"):
        survivors = left(power, rule_id)
        for mutant in hunter.mutants(rule_id):
            strata = tuple(tuple(mutant.rule if one.id == rule_id else one for one in stratum) for stratum in base.strata)
            changed = hunter.playbook.library._replace(rule_base=RuleBase(base.vocabulary, strata, base.params))
            noticed = any(run_scenario(case.scenario, changed) for case in hunter.cases)
            assert noticed == ((mutant.change.after or f"-{mutant.change.before}") not in survivors)


def mutated(library: SmallLibrary, **more: int) -> Mutation:
    chosen = choose((library.folder,), None)
    return mutate(chosen, rules_at(chosen, ()), lambda *_: None, **more)


def test_the_score_counts_by_kind(power: SmallLibrary) -> None:
    scenarios(power, "a", *EDGES)
    found = mutated(power)
    assert found.rules == 2
    assert found.by_kind["threshold"] == (2, 2)
    assert found.by_kind["severity"] == (0, 1)
    assert found.score.percent == pytest.approx(100 * found.score.noticed / found.score.made)


def test_a_sample_is_the_same_for_the_same_seed(power: SmallLibrary) -> None:
    scenarios(power, "a", EDGES[0])
    one, again, other = (mutated(power, sample=3, seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert (one.score.made, one.left_out) == (3, mutated(power).score.made - 3)
    assert one.survivors != other.survivors


def test_several_processes_come_to_the_same(power: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    scenarios(power, "a", EDGES[0])
    monkeypatch.setattr("kamcoach.proving.mutation._WORTH_A_CREW", 1)
    assert mutated(power, jobs=2) == mutated(power)


def test_rules_in_which_nothing_can_be_changed(library: SmallLibrary) -> None:
    library.rule("a", "[{account: {}}]", "[{conclude: open}]")
    scenarios(library, "a", scenario("", "fires: certainly"))
    with pytest.raises(KamcoachError):
        mutated(library)
