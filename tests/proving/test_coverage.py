"""Which truth values of which conditions the scenarios of a rule show, and which points beside its thresholds they try."""

from __future__ import annotations

import pytest

from kamcoach.proving.coverage import RuleCoverage, coverage
from kamcoach.proving.coverage_report import report
from tests.proving.proved import playbook, scenario, scenarios
from tests.small_library import SmallLibrary


def covered(library: SmallLibrary, when: str, *given: str) -> RuleCoverage:
    library.rule("r", when, "[{conclude: {contacts: 1}}]")
    scenarios(library, "r", *(scenario(one, "fires: certainly") for one in given))
    found, cases = playbook(library)
    (only,) = coverage(found, ["r"], cases)
    return only


def lines(library: SmallLibrary, when: str, *given: str, language: str = "en") -> list[str]:
    """What is told of the rule, without the figures and the line numbers."""
    told = list(report([covered(library, when, *given)], language))
    told = [line for line in told if "fires for certain" not in line]
    return [line.split(": ", 1)[-1].strip() if language == "en" else line.strip() for line in told[1:-2]]


LEFT_OUT = [
    ("[{person: {met: true}}]", ["people: [{id: li, met: true}]"], ["`met: true` is never false or unknown"]),
    ("[{person: {met: true}}]", ["people: [{id: a, met: true}, {id: b, met: false}, {id: c}]"], []),
    ("[{person: {met: true}}]", [""], ["`met: true` is never true or false"]),  # nobody was asked for: unknown
    # a truth value counts only where everything else about the same fact fits
    (
        "[{person: {met: true, roles: {has: user}}}]",
        ["people: [{id: li, met: false, roles: []}]"],
        ["`met: true` is never looked at", "`roles: {has: user}` is never looked at"],
    ),
    # a condition is only reached if those before it are not false
    (
        "[{order: {budget: asked}}, {person: {met: true}}]",
        ["order: {budget: none}, people: [{id: li, met: true}]"],
        ["`budget: asked` is never true or unknown", "`met: true` is never looked at"],
    ),
    # what always decides is never asked to be unknown, and neither is what stands in evidence
    ("[{person: {met: known}}]", ["people: [{id: a, met: true}, {id: b}]"], []),
    ("[{person: {met: {recorded: true}}}]", ["people: [{id: a, met: true}, {id: b}]"], []),
    ("[{no_evidence_of: {person: {met: true}}}]", ["people: [{id: a, met: true}, {id: b, met: false}]"], []),
    ("[{none: {person: {met: true}}}]", ["people: [{id: a, met: true}, {id: b, met: false}]"], ["`met: true` is never unknown"]),
    ("[{account: {}}]", [""], []),  # always there
]


@pytest.mark.parametrize(("when", "given", "wanted"), LEFT_OUT, ids=[f"{when} {given}" for when, given, _ in LEFT_OUT])
def test_the_truth_values_that_are_never_seen(library: SmallLibrary, when: str, given: list[str], wanted: list[str]) -> None:
    assert lines(library, when, *given) == wanted


def test_a_conclusion_is_doubtful_only_if_a_rule_can_draw_it_possibly(library: SmallLibrary) -> None:
    library.rule("sure", "[{order: {budget: known}}]", "[{conclude: open}]")
    assert lines(library, "[open]", "order: {budget: asked}", "") == []
    library.rule("unsure", "[{order: {budget: asked}}]", "[{conclude: open}]")
    assert lines(library, "[open]", "order: {budget: asked}", "") == ["`open` is never false"]  # without a budget it is unknown
    assert lines(library, "[open]", "order: {budget: asked}") == ["`open` is never false or unknown"]


BESIDE = [
    ("[{person: {power: {at_least: 4}}}]", ["power: 3", "power: 4", "power: 5"], []),
    ("[{person: {power: {at_least: 4}}}]", ["power: 3", "power: 5"], ["`power: {at_least: 4}` is never tried at 4"]),
    (
        "[{person: {power: {at_least: 4}}}]",
        ["power: 2"],
        ["`power: {at_least: 4}` is never tried just below (3) or at 4 or just above (5)"],
    ),
    ("[{person: {power: {at_least: 5}}}]", ["power: 4", "power: 5"], []),  # there is no 6
    ("[{person: {power: {at_most: $params.few}}}]", ["power: 1", "power: 3"], ["`power: {at_most: $params.few}` is never tried at 2"]),
    (
        "[{person: {seen: {days_ago: {above: 9}}}}]",
        ["seen: 2026-02-21", "seen: 2026-02-20"],
        ["`seen: {days_ago: {above: 9}}` is never tried just below (8 days ago)"],
    ),
    ("[{person: {roles: {size: {at_least: 1}}}}]", ["roles: []", "roles: [user]", "roles: [user, decider]"], []),
]


@pytest.mark.parametrize(("when", "people", "wanted"), BESIDE, ids=[f"{when} {people}" for when, people, _ in BESIDE])
def test_the_points_beside_a_threshold_that_are_never_tried(library: SmallLibrary, when: str, people: list[str], wanted: list[str]) -> None:
    told = lines(library, when, *(f"people: [{{id: li, {one}}}]" for one in people))
    assert [line for line in told if "tried" in line] == wanted


@pytest.mark.parametrize(
    ("when", "given", "wanted"),
    [
        ("[{count: {person: {}}, is: {at_least: 1}}]", ["people: []", "people: [{id: a}]", "people: [{id: a}, {id: b}]"], []),
        ("[{order: {budget: {at_least: asked}}}]", ["order: {budget: none}", "order: {budget: asked}"], ["just above (approved)"]),
        (
            "[{order: {amount: {above: 1000}}}]",
            ["order: {amount: 950}", "order: {amount: 1000}", "order: {amount: 1200}"],
            ["just above (1001)"],
        ),
        ("[{order: {share: {above: 0.5}}}]", ["order: {share: 0.46}", "order: {share: 0.5}", "order: {share: 0.51}"], []),
    ],
)
def test_near_is_one_step_or_a_tenth(library: SmallLibrary, when: str, given: list[str], wanted: list[str]) -> None:
    told = [line for line in lines(library, when, *given) if "tried" in line]
    assert [line.partition("tried ")[2] for line in told] == wanted


def test_a_rule_without_scenarios_and_one_that_never_fires(library: SmallLibrary) -> None:
    library.rule("silent", "[{person: {power: 5}}]", "[{conclude: open}]")
    library.rule("bare", "[{person: {power: 5}}]", "[{conclude: open}]")
    scenarios(library, "silent", scenario("people: []", "fires: never"))
    found, cases = playbook(library)
    told = list(report(coverage(found, ["bare", "silent"], cases), "en"))
    assert [line for line in told if line.startswith("  no")] == ["  no scenario", "  no scenario in which it fires for certain"]
    assert told[-2] == "2 rules: 1 without a scenario, 1 that fire in none"


def test_the_figures(library: SmallLibrary) -> None:
    when = "[{person: {met: true, power: {at_least: 4}}}]"
    found = covered(library, when, "people: [{id: a, met: true, power: 4}, {id: b, met: false, power: 5}]")
    assert (found.truths, found.truths_seen, found.points, found.points_seen) == (6, 3, 3, 1)
    assert list(report([found], "en"))[-1] == (
        "3 of 6 truth values of the conditions and 1 of 3 points beside thresholds are tried: 44.4 percent"
    )


def test_in_chinese(library: SmallLibrary) -> None:
    told = lines(library, "[{person: {power: {at_least: 4}}}]", "people: [{id: li, power: 4}]", language="zh")
    assert told == [
        "第6行：没有场景让 `power: {at_least: 4}` 不成立或未知",
        "第6行：`power: {at_least: 4}` 没试过刚好不到（3）或刚好超过（5）",
    ]
