"""Which small changes are made to a rule, and which are not, because nothing could show them."""

from __future__ import annotations

import pytest

from tests.proving.proved import changes
from tests.small_library import SmallLibrary

BOUND = "[{person: {met: true}, as: p}, %s]"
CHANGES = [
    # a threshold by one, to both sides; the operator turned
    (
        "[{person: {power: {at_least: 3}}}]",
        {"threshold power: {at_least: 2}", "threshold power: {at_least: 4}", "operator power: {at_most: 3}"},
    ),
    ("[{person: {power: {above: $params.few}}}]", {"threshold power: {above: 1}", "threshold power: {above: 3}"}),
    ("[{order: {share: {below: 0.5}}}]", {"threshold share: {below: 0.49}", "threshold share: {below: 0.51}"}),
    (
        "[{person: {seen: {days_ago: {above: 30}}}}]",
        {"threshold seen: {days_ago: {above: 29}}", "operator seen: {days_ahead: {above: 30}}"},
    ),
    ("[{person: {power: 3}}]", {"threshold power: 2", "threshold power: 4"}),
    ("[{order: {budget: {at_least: asked}}}]", {"threshold budget: {at_least: none}", "threshold budget: {at_least: approved}"}),
    ("[{stage: {at_most: choice}}]", {"threshold stage: {at_most: wish}", "threshold stage: {at_most: use}"}),
    (
        "[{count: {person: {}}, is: {at_least: 2}}]",
        {"threshold is: {at_least: 1}", "threshold is: {at_least: 3}", "operator is: {at_most: 2}"},
    ),
    (BOUND % "{person: {power: {above: $p.power}}}", {"threshold power: {at_least: $p.power}", "operator power: {below: $p.power}"}),
    # known and unknown
    ("[{person: {power: known}}]", {"operator power: unknown"}),
    ("[{person: {power: {recorded: {above: 3}}}}]", {"dropped power: {above: 3}", "dropped power: known"}),
    # a value taken for another
    ("[{person: {met: true}}]", {"value met: false"}),
    ("[{order: {budget: asked}}]", {"value budget: approved"}),
    ("[{order: {budget: approved}}]", {"value budget: asked"}),
    ("[{order: {budget: [none, asked]}}]", {"value budget: [approved, asked]", "value budget: [none, approved]"}),
    ("[{person: {roles: {has: user}}}]", {"value roles: {has: decider}"}),
    # a test or a condition left out
    ("[{person: {met: true, power: 5}}]", {"dropped met: true", "dropped power: 5"}),
    ("[open, {person: {met: true}}]", {"dropped open", "dropped person: {met: true}", "dropped met: true"}),
    ("[{person: {either: [{met: true}, {power: 5}]}}]", {"dropped met: true", "dropped power: 5", "value met: false"}),
    ("[{any: [{person: {met: true}}, {order: {budget: asked}}]}]", {"dropped person: {met: true}", "dropped order: {budget: asked}"}),
    ("[{every: {person: {power: 5}}, satisfies: {met: true}}]", {"dropped power: 5", "value met: false"}),
    ("[{last: {talk: {}}, by: date, is: {minutes: {above: 9}}}]", {"dropped minutes: {above: 9}", "threshold minutes: {above: 8}"}),
    # a negation dropped, or taken for its laxer sister
    ("[{none: open}]", {"negation evidence_of: open"}),
    ("[{none: {person: {met: true}}}]", {"negation no_evidence_of: {person: {met: true}}"}),
    ("[{no_evidence_of: open}]", {"negation evidence_of: open"}),
    ("[{order: {budget: {not: asked}}}]", {"negation budget: asked"}),
]


@pytest.mark.parametrize(("when", "wanted"), CHANGES, ids=[when for when, _ in CHANGES])
def test_each_kind_of_change_is_made(library: SmallLibrary, when: str, wanted: set[str]) -> None:
    assert wanted <= {f"{one.kind} {one.after or one.before}" for one in changes(library, when)}


NOTHING_WOULD_SHOW = [
    ("[{person: {power: {at_least: 1}}}]", "power: {at_least: -1}"),
    ("[{person: {power: {at_least: 0}}}]", "power: {at_least: -1}"),  # nobody has less than 0
    ("[{person: {power: {at_most: 5}}}]", "power: {at_most: 6}"),  # nor more than 5
    ("[{count: {person: {}}, is: {at_least: 0}}]", "is: {at_least: -1}"),
    ("[{evidence_of: {person: {met: {recorded: true}}}}]", "met: true"),  # there, unknown is as good as false
    ("[{none: open}]", "no_evidence_of: open"),  # nothing concludes it, so it is never only possible
    ("[{account: {}}]", ""),  # the only condition of a rule stays
]


@pytest.mark.parametrize(("when", "never"), NOTHING_WOULD_SHOW, ids=[when for when, _ in NOTHING_WOULD_SHOW])
def test_what_nothing_could_show_is_not_made(library: SmallLibrary, when: str, never: str) -> None:
    assert never not in {one.after for one in changes(library, when)}


def test_a_condition_that_binds_what_is_used_later_stays(library: SmallLibrary) -> None:
    when = "[{person: {met: true}, as: p}, {talk: {with: {has: $p}}, as: t}]"
    dropped = {one.before for one in changes(library, when, "[{mark: {$p: reached}}]") if not one.after}
    assert dropped == {"met: true", "talk: {with: {has: $p}}", "with: {has: $p}"}


def test_the_severity_moves_by_one_and_conclusions_take_another_value(library: SmallLibrary) -> None:
    library.advice("a", "[open]", "severity: critical")
    library.play("p", "x")
    then = "[{advise: {play: p, severity: warn, lens: deed}}, {conclude: {stage: use}}, {conclude: {contacts: 1}}]"
    found = [(one.kind, one.after, one.at.line) for one in changes(library, "[account: {}]", then)]
    assert found == [("severity", "severity: critical", 7), ("value", "stage: choice", 7), ("value", "contacts: 2", 7)]


def test_a_change_says_where_it_is_made(library: SmallLibrary) -> None:
    (first, *_) = changes(library, "\n  - open\n  - person: {power: {at_least: 3}}")
    assert (first.at.line, first.looks_at) == (7, (("open", ""),))


def test_a_rule_that_feeds_itself_is_not_turned_into_a_circle(library: SmallLibrary) -> None:
    """A boss of somebody reached counts as reached; `not reached` would go round for ever."""
    when = "[{person: {reached: true, boss: known}, as: p}, {person: {id: $p.boss}, as: q}]"
    assert {one.after for one in changes(library, when, "[{mark: {$q: reached}}]")}.isdisjoint({"reached: false"})
