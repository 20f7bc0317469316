"""What a trainer is shown of a scenario that failed."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from kamcoach.proving.difference import Result, run, view
from kamcoach.proving.junit import junit
from tests.proving.proved import playbook, scenario, scenarios
from tests.small_library import SmallLibrary


def failed(library: SmallLibrary, given: str, expect: str, name: str = "one") -> Result:
    scenarios(library, "r", scenario(given, expect, name))
    _, cases = playbook(library)
    return run(cases[-1], cases[-1].library)


@pytest.fixture
def rule(library: SmallLibrary) -> SmallLibrary:
    """Whoever has power and was met is warned of, while the deal is open."""
    library.rule("open", "[{order: {budget: [asked, approved]}}]", "[{conclude: open}]")
    library.advice("r", "\n  - open\n  - person: {power: {at_least: 4}, met: true}\n    as: p\n  - talk: {with: {has: $p}}", "about: $p")
    return library


def shown(library: SmallLibrary, given: str, expect: str, language: str = "en") -> list[str]:
    return list(view(failed(library, given, expect), language))


def test_the_condition_that_failed_is_shown_with_what_the_deal_holds(rule: SmallLibrary) -> None:
    people = "people: [{id: li, power: 3, met: true}, {id: wu, power: 2, met: false}], talks: []"
    assert shown(rule, f"order: {{budget: asked}}, {people}", "fires: certainly") == [
        "fires:",
        "  expected  certainly",
        "  found  never",
        "The conditions of r.yaml here:",
        "  true           7: open",
        "  false          8: person: {power: {at_least: 4}, met: true}   <- li: power 3; wu: power 2, met false",
        "  not reached   10: talk: {with: {has: $p}}",
    ]


def test_what_is_not_recorded_is_shown_as_unknown(rule: SmallLibrary) -> None:
    told = shown(rule, "order: {budget: asked}, people: [{id: li, power: 5}], talks: []", "fires: certainly")
    assert told[5] == "  unknown    8: person: {power: {at_least: 4}, met: true}   <- li: met unknown"


def test_a_condition_that_speaks_of_what_was_not_found_is_not_reached(rule: SmallLibrary) -> None:
    told = shown(rule, "order: {budget: none}, people: [], talks: [{with: []}]", "fires: certainly")
    assert [line.split()[:2] for line in told[4:]] == [["false", "7:"], ["false", "8:"], ["not", "reached"]]


def test_lists_say_what_is_missing_and_what_is_too_much(rule: SmallLibrary) -> None:
    people = "order: {budget: asked}, people: [{id: li, power: 5, met: true}, {id: wu, power: 5, met: true}], talks: [{with: [li, wu]}]"
    told = shown(rule, people, "about: [li, zhao]")
    assert told[:4] == ["about:", "  expected  li, zhao", "  found  li, wu", "  missing  zhao; not expected  wu"]


def test_the_same_in_another_order(rule: SmallLibrary) -> None:
    rule.advice("s", "[open]", "severity: info")
    people = "order: {budget: asked}, people: [{id: li, power: 5, met: true}], talks: [{with: [li]}]"
    assert shown(rule, people, "actions: [s, r]")[-1] == "  the same, in another order"


def test_a_fact_that_does_not_hold_is_shown_as_it_is_written(rule: SmallLibrary) -> None:
    told = shown(rule, "order: {budget: none}", "certain: [{person: {id: li, reached: true}}], out: [open]")
    assert told == ["certain:", "  expected  person: {id: li, reached: true}", "  found  out"]


def test_in_chinese(rule: SmallLibrary) -> None:
    told = shown(rule, "order: {budget: none}, people: []", "fires: certainly", "zh")
    assert told[:4] == ["fires:", "  预期  certainly", "  实际  never", "规则 r.yaml 的各个条件在这里："]
    assert told[4].split() == ["不成立", "7:", "open"]


def test_a_scenario_that_passes_shows_nothing(rule: SmallLibrary) -> None:
    assert shown(rule, "people: []", "fires: never") == []


def test_junit(rule: SmallLibrary) -> None:
    bad = failed(rule, "people: []", "fires: certainly", '"a < b & c"')
    good = failed(rule, "people: []", "fires: never")
    root = ElementTree.fromstring(junit([bad, good]))
    assert root.attrib == {"tests": "2", "failures": "1", "errors": "0", "skipped": "0"}
    (suite,) = root
    wrong, right = suite
    assert (wrong.get("classname"), wrong.get("name"), wrong.get("line")) == ("r", "a < b & c", "3")
    assert [child.tag for child in right] == []
    assert wrong[0].get("message") == "the rule should fire certainly, but fires never"
    assert "The conditions of r.yaml here:" in (wrong[0].text or "")
