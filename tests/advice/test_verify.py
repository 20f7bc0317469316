"""A scenario held against what really follows: every expectation can fail, and says what was found instead."""

from __future__ import annotations

import pytest

from kamcoach.coaching import run_scenario
from kamcoach.reading.scenarios import read_scenarios
from kamcoach.source import Diagnostic
from tests.small_library import SmallLibrary

GIVEN = "people: [{id: li, power: 5, met: true}, {id: wang, power: 1, met: false}, {id: zhao}]"
HELD = "; held: choice (only possible)"


@pytest.fixture
def judged(library: SmallLibrary) -> SmallLibrary:
    """Rule `a` gives advice about the powerful, `met` marks, `open` concludes, `b` only warns, `q` may be."""
    library.rule("met", "[{person: {met: true}, as: p}]", "[{mark: {$p: reached}}]")
    library.rule("open", "[{order: {budget: approved}}]", "[{conclude: open}, {conclude: {stage: choice}}]")
    library.advice("a", "[{person: {power: {at_least: 4}}, as: p}]", "about: $p")
    library.advice("b", "[{person: {power: 1}}]", "do_not: true")
    library.advice("q", "[{order: {budget: asked}}]", "severity: info")
    return library


def wrong(library: SmallLibrary, expect: str, rule: str = "a", given: str = GIVEN) -> list[str]:
    path = library.write(
        f"rules/{rule}.test.yaml", f"as_of: 2026-03-02\nscenarios:\n  - name: x\n    given: {{{given}}}\n    expect: {{{expect}}}\n"
    )
    problems: list[Diagnostic] = []
    loaded = library.load()
    (scenario,) = read_scenarios(path, loaded, problems)
    assert not problems
    return run_scenario(scenario, loaded)


RIGHT_AND_WRONG = [
    # how the rule fires
    ("fires: certainly", "fires: never", "the rule should fire never, but fires certainly"),
    ("fires: certainly", "fires: possibly", "the rule should fire possibly, but fires certainly"),
    # whom its certain advice is about; exact
    ("about: [li]", "about: [li, zhao]", "about: expected li, zhao, found li"),
    ("about: [li]", "about: []", "about: expected nothing, found li"),
    # how loud it is; exact
    ("severity: warn", "severity: info", "severity: expected info, found warn"),
    ("severity: [warn]", "severity: []", "severity: expected nothing, found warn"),
    # facts and marks
    ("certain: [{person: {id: li, reached: true}}]", "certain: [open]", "line 5: 'open' should be certain, but is only possible"),
    ("possible: [open]", "possible: [{person: {id: li, reached: true}}]", "line 5: 'person' should be only possible, but is certain"),
    ("out: [{person: {id: wang, reached: true}}]", "out: [open]", "line 5: 'open' should be out, but is only possible"),
    ("out: [{missing: {}}]", "certain: [{missing: {}}]", "line 5: 'missing' should be certain, but is out; held: nothing"),
    ("possible: [{stage: choice}]", "certain: [{stage: use}]", "line 5: 'stage' should be certain, but is out" + HELD),
    ("certain: [{advice: {rule: a}}]", "certain: [{advice: {rule: q}}]", "line 5: 'advice' should be certain, but is only possible"),
    # what the rule's possible firings ask; each named one
    ("asks: [people.zhao.power]", "asks: [order.budget]", "'order.budget' should be asked; asked is people.zhao.power"),
    ("asks: [people.zhao.power]", "asks: []", "nothing should be asked, but asked is people.zhao.power"),
    # what is shown, in order
    ("actions: [a]", "actions: []", "actions: expected nothing, found a"),
    ("actions: [a]", "actions: [b]", "actions: expected b, found a"),
    ("do_not: [b]", "do_not: []", "do_not: expected nothing, found b"),
    # all certain advice, as a set
    ("advice: [b, a]", "advice: [a]", "advice: expected a, found a, b"),
    ("advice: [a, b]", "advice: [a, b, q]", "advice: expected a, b, q, found a, b"),
    # the questions asked first, as many as are named
    ("questions: [people.zhao.power]", "questions: [order.budget]", "questions: expected order.budget, found people.zhao.power"),
    ("questions: [people.zhao.power, order.budget]", "questions: []", "questions: expected nothing, found people.zhao.power, order.budget"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "untrue", "found"), RIGHT_AND_WRONG)
def test_each_expectation_holds_or_says_what_was_found(judged: SmallLibrary, right: str, untrue: str, found: str) -> None:
    assert wrong(judged, right) == []
    assert wrong(judged, untrue) == [found]


@pytest.mark.parametrize(
    ("given", "fires"),
    [
        ("people: [{id: li, power: 5}]", "certainly"),
        ("people: [{id: li}]", "possibly"),
        ("people: [{id: li, power: 1}]", "never"),
        ("people: []", "never"),
    ],
)
def test_the_strongest_firing_counts(judged: SmallLibrary, given: str, fires: str) -> None:
    for said in ("certainly", "possibly", "never"):
        assert bool(wrong(judged, f"fires: {said}", given=given)) == (said != fires)


def test_a_rule_without_advice_is_about_what_it_marks(judged: SmallLibrary) -> None:
    assert wrong(judged, "about: [li]", rule="met") == []
    assert wrong(judged, "about: []", rule="met") == ["about: expected nothing, found li"]


def test_a_list_that_was_never_asked_for_is_asked_for_by_its_name(judged: SmallLibrary) -> None:
    assert wrong(judged, "asks: [people], fires: possibly", given="order: {title: x}") == []
    assert wrong(judged, "asks: []", rule="b", given="people: []") == []


def test_no_more_is_compared_than_is_shown(judged: SmallLibrary) -> None:
    """Three actions are shown, and two lines of what not to do."""
    for name in ("c", "d", "e"):
        judged.advice(name)
        judged.advice(f"n{name}", says="do_not: true")
    assert wrong(judged, "actions: [a, c, d]") == []
    assert wrong(judged, "do_not: [b, nc]") == []


def test_a_whole_deal_belongs_to_no_rule(judged: SmallLibrary) -> None:
    assert wrong(judged, "advice: [a, b]", rule="whole-deal") == []
    assert wrong(judged, "fires: never", rule="whole-deal") == ["this file belongs to no rule: 'fires' cannot be compared"]


def test_every_difference_is_told(judged: SmallLibrary) -> None:
    assert len(wrong(judged, "fires: never, about: [], out: [open], asks: [], actions: [], do_not: [], advice: [], questions: []")) == 8
