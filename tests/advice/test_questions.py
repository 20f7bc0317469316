"""What to find out: what stands between possible advice and a decision, the most valuable first."""

from __future__ import annotations

import pytest

from kamcoach.advice.verify import field_path
from tests.small_library import SmallLibrary


def asked(library: SmallLibrary, deal: str) -> dict[str, float]:
    """The fields that are asked for with what each answer is worth, in order."""
    coached = library.coach(deal)
    return {field_path(question, coached.library.rule_base.vocabulary): question.value for question in coached.questions}


WORTH = [
    # one unknown: the whole of the severity
    ("[{order: {budget: none}}]", "order: {title: x}", {"order.budget": 50}),
    # two unknowns share it
    ("[{order: {budget: none, claimed: use}}]", "order: {title: x}", {"order.budget": 25, "order.claimed": 25}),
    # what is decided already is not asked
    ("[{order: {budget: none, claimed: use}}]", "order: {budget: none}", {"order.claimed": 50}),
    ("[{order: {budget: none, claimed: use}}]", "order: {budget: approved}", {}),
    ("[{order: {budget: none}}]", "order: {budget: none}", {}),
    # each item of a list for itself
    ("[{person: {power: 5}}]", "people: [{id: li}, {id: wang}, {id: zhao, power: 1}]", {"people.li.power": 25, "people.wang.power": 25}),
    ("[{person: {power: 5}, as: p}]", "people: [{id: li}, {id: wang}]", {"people.li.power": 50, "people.wang.power": 50}),
    # a list that was never asked for is one question; an empty one is none
    ("[{person: {power: 5}}]", "account: {name: x}", {"people": 50}),
    ("[{person: {power: 5}}]", "people: []", {}),
    ("[{none: {person: {roles: {has: decider}}}}]", "account: {name: x}", {"people": 50}),
    ("[{none: {person: {roles: {has: decider}}}}]", "people: [{id: li}]", {"people.li.roles": 50}),
    ("[{none: {person: {roles: {has: decider}}}}]", "people: [{id: li, roles: [decider]}]", {}),
    # what is only held against the rep if recorded is not asked for
    ("[{order: {budget: {recorded: none}}}]", "order: {title: x}", {}),
    ("[{no_evidence_of: {order: {budget: approved}}}]", "order: {title: x}", {}),
]


@pytest.mark.parametrize(("when", "deal", "wanted"), WORTH)
def test_a_question_is_worth_the_advice_that_hangs_on_it(library: SmallLibrary, when: str, deal: str, wanted: dict[str, float]) -> None:
    library.advice("a", when)
    assert asked(library, deal) == wanted


def test_the_worth_of_several_rules_adds_up_and_the_most_valuable_comes_first(library: SmallLibrary) -> None:
    library.advice("a", "[{order: {budget: none}}]", "severity: info")
    library.advice("b", "[{order: {budget: asked}}]", "severity: advise")
    library.advice("c", "[{account: {size: {above: 9}}}]", "severity: critical")
    library.advice("d", "[{order: {claimed: use}}]", "severity: info")
    found = asked(library, "order: {title: x}\naccount: {name: x}")
    assert list(found.items()) == [("account.size", 100), ("order.budget", 25), ("order.claimed", 5)]


def test_what_is_unknown_below_a_conclusion_is_asked_for(library: SmallLibrary) -> None:
    library.rule("reached", "[{person: {met: true}, as: p}]", "[{mark: {$p: reached}}]")
    library.rule("open", "[{person: {reached: true}}, {order: {budget: approved}}]", "[{conclude: open}]")
    library.advice("a", "[open]")
    assert asked(library, "people: [{id: li}]\norder: {title: x}") == {"order.budget": 25, "people.li.met": 25}
    assert asked(library, "people: [{id: li, met: true}]\norder: {title: x}") == {"order.budget": 50}


def test_a_number_that_is_only_possible_may_be_compared_with_itself(library: SmallLibrary) -> None:
    library.rule("counted", "[{person: {met: true}}]", "[{conclude: {contacts: 3}}]")
    library.advice("a", "[{contacts: {at_least: $n}, as: n}]")
    assert asked(library, "people: [{id: li}]") == {"people.li.met": 50}


def test_rules_that_give_no_advice_ask_nothing(library: SmallLibrary) -> None:
    library.rule("open", "[{order: {budget: approved}}]", "[{conclude: open}]")
    assert asked(library, "order: {title: x}") == {}


def test_a_question_knows_what_it_decides_the_gravest_first(library: SmallLibrary) -> None:
    library.advice("a", "[{order: {budget: none}}]", "severity: info")
    library.advice("b", "[{order: {budget: {below: approved}}}]", "severity: critical")
    library.advice("c", "[{person: {}, as: p}, {order: {budget: asked}}]", "about: $p")
    (question,) = library.coach("order: {title: x}\npeople: [{id: li}, {id: wang}]").questions
    assert [advice.rule.id for advice in question.would] == ["b", "c", "a"]


def test_equally_valuable_questions_stand_in_a_fixed_order(library: SmallLibrary) -> None:
    library.advice("a", "[{person: {power: 5, met: true}, as: p}]")
    found = asked(library, "people: [{id: wang}, {id: li}]")
    assert list(found) == ["people.li.met", "people.li.power", "people.wang.met", "people.wang.power"]
