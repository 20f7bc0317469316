"""The durable-rules engine comes to what the native one does, for the same reasons, and stays within the limits of durable-rules."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings

from kamcoach.coaching import load_deal
from kamcoach.engine import Consultation, durable, infer
from kamcoach.engine.durable import rulesets, signals
from kamcoach.engine.durable.program import Program
from kamcoach.errors import EngineError
from kamcoach.model.playbook import Library
from kamcoach.model.rulebase import RuleBase
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import shipped
from kamcoach.reading.suites import suites
from tests.cli.calling import called
from tests.engine.by_hand import facts_of, layered, values
from tests.engine.naive import naive
from tests.engine.outcomes import difference, outcome
from tests.engine.runs import needs_durable
from tests.minimal import described, smallest
from tests.shipped.random_deals import random_deal
from tests.small_vocabulary import AS_OF, PARAMS, VOCABULARY
from tests.strategies import Case, cases, rule_base

pytestmark = needs_durable
EXAMPLES = sorted(shipped("examples").glob("*.yaml"))
PLAYBOOKS = sorted(path.parent for path in shipped("playbooks").glob("*/playbook.yaml"))
DEALS = int(os.environ.get("KAMCOACH_DEALS", "100"))
GENERATED = int(os.environ.get("KAMCOACH_EXAMPLES", "1000")) // 10


@pytest.fixture(scope="module", params=PLAYBOOKS, ids=lambda path: path.name)
def played(request: pytest.FixtureRequest) -> Library:
    return load_library(request.param)


def both(base: RuleBase, deal: str) -> tuple[Consultation, Consultation]:
    facts = facts_of(deal)
    return durable.infer(base, facts, AS_OF), infer(base, facts, AS_OF)


def assert_the_same(found: Consultation, wanted: Consultation) -> None:
    """The same facts in the same order, as true, with the same marks, for the same reasons in the same order."""
    assert difference(outcome(found), outcome(wanted)) == []
    assert list(found.memory.index) == list(wanted.memory.index)
    assert found.activations == wanted.activations


# ── the shipped rules ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_has_the_same_conclusions_for_the_same_reasons(played: Library, path: Path) -> None:
    deal, _ = load_deal(path, played)
    assert deal.as_of is not None
    found = durable.infer(played.rule_base, deal.facts, deal.as_of)
    assert_the_same(found, infer(played.rule_base, deal.facts, deal.as_of))
    assert len(found.activations) > 100


def test_every_deal_of_the_scenarios_has_the_same_conclusions(played: Library) -> None:
    problems: list[object] = []
    deals = [
        scenario.deal
        for suite in suites(shipped("playbooks") / played.id, played)
        for path in suite.files()
        if path.parent.name == "deals"
        for scenario in suite.scenarios(path, problems)
    ]
    assert len(deals) >= 18 and not problems
    for deal in deals:
        day = deal.as_of or AS_OF
        assert_the_same(durable.infer(played.rule_base, deal.facts, day), infer(played.rule_base, deal.facts, day))


@pytest.mark.slow
def test_random_deals_have_the_same_conclusions(played: Library) -> None:
    for seed in range(DEALS):
        deal = random_deal(seed, played)
        assert_the_same(durable.infer(played.rule_base, deal.facts, AS_OF), infer(played.rule_base, deal.facts, AS_OF))


@pytest.mark.parametrize(
    "arguments",
    [
        ["advise", "{}", "--format", "json", "--lang", "en"],
        ["advise", "{}", "--format", "json", "--lang", "zh"],
        ["advise", "{}", "--all", "--why"],
        ["why", "{}", "stage"],
        ["why", "{}", "1", "--lang", "zh"],
        ["brief", "{}", "--format", "md", "-o", "-"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("path", EXAMPLES[::6], ids=lambda path: path.stem)
def test_what_is_printed_is_the_same_byte_for_byte(path: Path, arguments: list[str]) -> None:
    call = [str(path) if one == "{}" else one for one in arguments]
    found = called(*call, "--engine", "durable")
    assert found == called(*call, "--engine", "native")
    assert found.code == 0 and len(found.out) > 200


# ── generated rules ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _disagreements(case: Case) -> list[str]:
    base = rule_base(case.rules)
    found = outcome(durable.infer(base, case.facts, AS_OF))
    specified = difference(found, naive(case.rules, VOCABULARY, PARAMS, case.facts, AS_OF))
    return specified + difference(found, outcome(infer(base, case.facts, AS_OF)))


@settings(max_examples=GENERATED, deadline=None)
@given(cases())
def test_generated_rules_come_to_what_the_specification_and_native_say(case: Case) -> None:
    if _disagreements(case):
        small = smallest(case, lambda smaller: bool(_disagreements(smaller)))
        raise AssertionError("\n".join([described(small), *_disagreements(small)]))


# ── what durable-rules chains, and what waits ───────────────────────────────────────────────────────────────────────────

CHAIN = """
[{deal: {open: true}}] => [{conclude: flag_1}]
[flag_1, {person: {active: true}, as: p}] => [{mark: {p: {reached_1: true}}}]
[{person: {reached_1: true, power: {at_least: 2}}, as: p}] => [{conclude: {grade_1: high}}]
[{grade_1: [mid, high]}] => [{conclude: {grade_2: low}}]
[{grade_2: low, as: g}, {person: {reached_1: true}, as: p}] => [{mark: {p: {reached_2: true}}}]
[{person: {reached_2: true}, as: p}] => [{conclude: {risk_1: {who: $p}}}]
"""
PEOPLE = "people: [{id: a, active: true, power: 3}, {id: b, active: true}, {id: c, active: false, power: 3}]"


def test_a_chain_of_flags_marks_and_values_is_one_layer() -> None:
    base = layered(CHAIN)
    assert [len(layer.rules) for layer in Program(base).layers] == [6]
    found, wanted = both(base, f"{{deal: {{open: true}}, {PEOPLE}}}")
    assert_the_same(found, wanted)
    assert values(found, "risk_1") == [{"who": "a"}, {"who": "b"}]


def test_what_is_only_possible_is_chained_as_possible() -> None:
    found, wanted = both(layered(CHAIN), f"{{{PEOPLE}}}")  # whether the deal is open is not known
    assert_the_same(found, wanted)
    assert values(found, "risk_1") == [] and len(values(found, "risk_1", truth=1)) == 2


def test_negation_and_numbers_wait_for_the_layer_below() -> None:
    base = layered(
        """
        [{deal: {open: true}}] => [{conclude: flag_1}]
        [{none: [flag_1]}] => [{conclude: flag_2}]
        [{count: {person: {reached_1: true}}, is: {at_least: 1}}] => [{conclude: flag_3}]
        [flag_1, {person: {active: true}, as: p}] => [{mark: {p: {reached_1: true}}}]
        """
    )
    assert [len(layer.rules) for layer in Program(base).layers] == [2, 2]
    assert_the_same(*both(base, f"{{deal: {{open: true}}, {PEOPLE}}}"))


def test_rules_in_a_circle_run_until_nothing_is_new() -> None:
    base = layered(
        """
        [{person: {active: true}, as: p}] => [{conclude: {risk_1: {who: $p}}}]
        [{risk_1: {}, as: r}, {person: {boss: $r.who}, as: q}] => [{conclude: {risk_1: {who: $q}}}]
        """
    )
    found, wanted = both(base, "people: [{id: a, active: true}, {id: b, active: false, boss: a}, {id: c, active: false, boss: b}]")
    assert Program(base).layers[-1].again
    assert difference(outcome(found), outcome(wanted)) == []
    assert {one["who"] for one in values(found, "risk_1")} == {"a", "b", "c"}


def test_a_name_may_stand_for_the_newest_of_what_was_concluded() -> None:
    base = layered(
        """
        [{event: {}, as: e}] => [{conclude: {due_1: $e.day}}]
        [{last: {due_1: known}, by: value, as: newest}] => [{conclude: {due_2: $newest.value}}]
        """
    )
    found, wanted = both(base, "events: [{day: 2026-02-01}, {day: 2026-03-01}]")
    assert_the_same(found, wanted)
    assert values(found, "due_2") == [{"value": date(2026, 3, 1)}]


# ── the limits of durable-rules ─────────────────────────────────────────────────────────────────────────────────────────


def _sizes(base: RuleBase) -> list[list[int]]:
    """How many rules each ruleset of each layer has."""
    return [[len(rules) for rules in shards] for shards in Program(base).rulesets]


def test_more_than_511_signals_are_spread_over_rulesets() -> None:
    base = layered("\n".join("[{deal: {open: true}}, {deal: {stage: mid}}] => [{conclude: flag_1}]" for _ in range(300)))
    sizes = _sizes(base)
    assert len(sizes[0]) == 2 and all(2 * size <= rulesets.MOST_TESTS for size in sizes[0])
    found, wanted = both(base, "deal: {open: true, stage: mid}")
    assert_the_same(found, wanted)
    assert len(found.activations) == 300


def test_more_than_64_rules_that_wait_for_the_same_are_spread_over_rulesets() -> None:
    one = "[{deal: {open: true}}] => [{conclude: flag_1}]\n"
    base = layered(one + "\n".join("[flag_1] => [{conclude: flag_2}]" for _ in range(130)))
    assert _sizes(base) == [[61, 60, 10]]
    found, wanted = both(base, "deal: {open: true}")
    assert_the_same(found, wanted)
    assert len(found.activations) == 131


def test_a_conclusion_in_one_ruleset_wakes_rules_in_another() -> None:
    fill = "\n".join("[{deal: {open: true}}, {deal: {stage: mid}}] => [{conclude: flag_3}]" for _ in range(225))
    base = layered(f"[{{deal: {{open: true}}}}] => [{{conclude: flag_1}}]\n{fill}\n[flag_1] => [{{conclude: flag_2}}]")
    assert len(_sizes(base)[0]) == 2
    found, wanted = both(base, "deal: {open: true, stage: mid}")
    assert_the_same(found, wanted)
    assert len(found.facts("flag_2")) == 1


@pytest.mark.parametrize("number", [12, 13, 16, 40])
def test_a_rule_with_many_conditions_is_joined_by_us(number: int) -> None:
    some = ", ".join(["{person: {active: true}, as: p}", *["{person: {id: $p, power: {at_least: 2}}}"] * (number - 1)])
    base = layered(f"[{some}] => [{{mark: {{p: {{reached_1: true}}}}}}]")
    rule = next(iter(Program(base).rules.values()))
    assert len(rule.signals) == (12 if number == 12 else 1)
    assert_the_same(*both(base, PEOPLE))


def test_a_rule_that_takes_more_flags_from_its_layer_than_can_be_joined_takes_the_rest_from_the_one_below() -> None:
    marks = "\n".join(f"[{{person: {{active: true}}, as: p}}] => [{{mark: {{p: {{reached_{n}: true}}}}}}]" for n in (1, 2, 3))
    many = ", ".join(f"{{person: {{reached_{1 + n % 3}: true}}, as: p{n}}}" for n in range(8))
    base = layered(f"{marks}\n[{many}] => [{{conclude: flag_1}}]")
    assert all(len(rule.signals) <= signals.MOST_JOINED for rule in Program(base).rules.values())
    assert_the_same(*both(base, "people: [{id: a, active: true}, {id: b}]"))


def test_a_rule_beyond_all_limits_is_refused_when_the_rules_are_loaded() -> None:
    named = ", ".join(f"{{person: {{active: true}}, as: p{n}}}" for n in range(17))
    with pytest.raises(
        EngineError, match=r"case.yaml:1:\d+: the rule 'rule-0' is too big for durable-rules: .* of up to 17 names"
    ) as raised:
        both(layered(f"[{named}] => [{{conclude: flag_1}}]"), PEOPLE)
    assert raised.value.exit_code == 3


def test_many_deals_one_after_the_other_need_no_more_than_one_session_each() -> None:
    """With 1,025 sessions at once durable-rules runs out of memory."""
    base = layered("[{deal: {open: true}}] => [{conclude: flag_1}]")
    for _ in range(1100):
        assert len(durable.infer(base, facts_of("deal: {open: true}"), AS_OF).activations) == 1
    assert durable.workers_of(base).worker is not None


def test_ids_of_messages_do_not_collide() -> None:
    """durable-rules knows a message by a 32-bit hash of its id, and a property by one of its name."""
    assert (_fnv("sid"), _fnv("id")) == (3593476751, 926444256)  # as they stand in its source
    assert len({_fnv(str(number)) for number in range(200_000)}) == 200_000
    names = ["s", "sid", "id", *(f"c{number}" for number in range(rulesets.MOST_COLUMNS))]
    assert len({_fnv(name) for name in names}) == len(names)


def _fnv(text: str) -> int:
    found = 2166136261
    for byte in text.encode():
        found = ((found ^ byte) * 16777619) & 0xFFFFFFFF
    return found
