"""Which advice comes first, what is merged, and what one piece of advice makes needless."""

from __future__ import annotations

import pytest

from tests.small_library import SmallLibrary

LI_AND_WANG = "people: [{id: li, name: Li}, {id: wang, name: Wang}]"
EVERYBODY = "[{person: {}, as: p}]"


def order(library: SmallLibrary, deal: str = "account: {name: Alder}") -> list[str]:
    """The heads of the blocks, in order."""
    return [block.lead.rule.id for block in library.coach(deal).ranked.actions]


def blocks(library: SmallLibrary, deal: str = LI_AND_WANG) -> list[list[str]]:
    """Each block: whom the head is about, then the rules in it."""
    return [
        [*(fact.key for fact in block.lead.about), *(advice.rule.id for advice in (block.lead, *block.also))]
        for block in library.coach(deal).ranked.actions
    ]


ORDERS = [
    # the graver comes first
    ({"a": "severity: info", "b": "severity: advise", "c": "severity: warn", "d": "severity: critical"}, "d c b a"),
    # equally grave: in the order of the lenses, for the first lens that has a finding
    ({"a": "lens: deed", "b": "lens: words", "c": "lens: who"}, "c a b"),
    # the first lens in order that has a warning gets the points, even if an earlier one has lesser advice
    ({"a": "lens: deed", "b": "lens: words", "c": "lens: who, severity: advise"}, "b a c"),
    # advice that is not grave gets the points of its lens too
    ({"a": "severity: advise", "b": "severity: advise, lens: who", "c": "lens: who"}, "c b a"),
    # points of the lens do not outweigh the severity
    ({"a": "lens: who", "b": "severity: critical"}, "b a"),
    # all equal: by the id of the rule
    ({"b": "", "c": "", "a": ""}, "a b c"),
]


@pytest.mark.parametrize(("rules", "wanted"), ORDERS)
def test_advice_stands_in_order_of_severity_and_lens(library: SmallLibrary, rules: dict[str, str], wanted: str) -> None:
    for rule, says in rules.items():
        library.advice(rule, says=says)
    assert order(library) == wanted.split()


def test_what_is_tied_to_the_diagnosed_stage_comes_before_its_like(library: SmallLibrary) -> None:
    library.rule("choosing", "[{order: {budget: approved}}]", "[{conclude: {stage: choice}}]")
    library.advice("a")
    library.advice("b", "[{stage: choice}]")
    library.advice("c", "[{order: {budget: approved}}]")
    assert order(library, "order: {budget: approved}") == ["b", "a", "c"]


def test_of_equal_advice_the_earlier_deadline_comes_first(library: SmallLibrary) -> None:
    """What rests on a date, even through a conclusion, comes before what rests on none; one that is past is the most urgent."""
    library.settles_ties()
    library.rule("pressed", "[{order: {due: {days_ahead: {at_most: 30}}}}]", "[{conclude: open}]")
    library.advice("a")
    library.advice("b", "[open]")
    library.advice("c", "[{order: {budget: approved}}]")
    assert order(library, "order: {budget: approved, due: 2026-03-20}") == ["b", "a", "c"]
    library.write("playbook.yaml", (library.folder / "playbook.yaml").read_text().replace("[order.due]", "[order.due, talk.date]"))
    library.advice("d", "[{talk: {date: {days_ago: {above: 0}}}}]")
    assert order(library, "order: {due: 2026-03-20}\ntalks: [{date: 2026-02-20}]") == ["d", "b", "a"]


def test_of_equal_advice_what_is_about_the_weightier_comes_first(library: SmallLibrary) -> None:
    library.settles_ties()
    library.advice("a", EVERYBODY, "about: $p")
    library.advice("b")
    # The same advice again, about somebody else, loses points and so comes after "b".
    deal = "people: [{id: cho, power: 2}, {id: li}, {id: wang, power: 5}]"
    assert blocks(library, deal) == [["wang", "a"], ["b"], ["cho", "a"], ["li", "a"]]


def test_a_deadline_settles_more_than_weight_and_neither_outweighs_points(library: SmallLibrary) -> None:
    library.settles_ties()
    library.advice("a", "[{person: {power: 5}, as: p}]", "about: $p")
    library.advice("b", "[{order: {due: known}}]")
    library.advice("c", says="severity: critical")
    deal = "people: [{id: li, power: 5}]\norder: {due: 2026-03-20}"
    assert order(library, deal) == ["c", "b", "a"]


def test_without_deadlines_and_weights_equal_advice_stands_in_the_order_of_rule_ids(library: SmallLibrary) -> None:
    library.advice("a")
    library.advice("b", "[{person: {power: 5}, as: p}]", "about: $p")
    library.advice("c", "[{order: {due: known}}]")
    assert order(library, "people: [{id: li, power: 5}]\norder: {due: 2026-03-20}") == ["a", "b", "c"]


def test_the_scores_are_those_of_the_playbook(library: SmallLibrary) -> None:
    library.rule("choosing", "[{order: {budget: approved}}]", "[{conclude: {stage: choice}}]")
    library.advice("a", "[{stage: choice}]", "severity: critical, lens: who")
    library.advice("b", says="severity: info")
    found = library.coach("order: {budget: approved}").ranked.advice
    assert {advice.rule.id: advice.score for advice in found} == {"a": 100 + 15 + 10, "b": 5}


def test_advice_about_the_same_person_is_one_block_under_the_gravest(library: SmallLibrary) -> None:
    library.advice("a", EVERYBODY, "about: $p, severity: info")
    library.advice("b", EVERYBODY, "about: $p, severity: critical")
    assert blocks(library) == [["li", "b", "a"], ["wang", "b", "a"]]


def test_advice_about_nobody_is_merged_by_topic(library: SmallLibrary) -> None:
    library.advice("a", says="topic: money")
    library.advice("b", says="topic: money, severity: critical")
    library.advice("c", says="topic: time")
    assert blocks(library) == [["b", "a"], ["c"]]


def test_without_a_topic_the_play_is_the_topic(library: SmallLibrary) -> None:
    library.advice("a", play="shared")
    library.advice("b", play="shared")
    assert blocks(library) == [["a", "b"]]


def test_a_person_does_not_crowd_out_other_topics(library: SmallLibrary) -> None:
    """Each earlier block on a topic costs the next one points: 65, 55, 45, 35, 25 against 35; with 20 points 65, 45, 25."""
    library.advice("a", EVERYBODY, "about: $p, topic: people")
    library.advice("b", says="severity: advise, lens: deed")
    deal = "people: [{id: p1}, {id: p2}, {id: p3}, {id: p4}, {id: p5}]"
    found = library.coach(deal).ranked.actions
    assert [block.lead.rule.id for block in found] == ["a", "a", "a", "a", "b", "a"]
    library.write("playbook.yaml", (library.folder / "playbook.yaml").read_text().replace("repeated: -10", "repeated: -20"))
    found = library.coach(deal).ranked.actions
    assert [block.lead.rule.id for block in found] == ["a", "a", "b", "a", "a", "a"]


def test_what_not_to_do_stands_apart(library: SmallLibrary) -> None:
    library.advice("a", says="do_not: true")
    library.advice("b", says="do_not: true, severity: critical")
    library.advice("c")
    ranked = library.coach().ranked
    assert [block.lead.rule.id for block in ranked.actions] == ["c"]
    assert [advice.rule.id for advice in ranked.do_not] == ["b", "a"]
    assert [advice.rule.id for advice in ranked.advice] == ["c", "b", "a"]


def test_the_strategy_is_no_action(library: SmallLibrary) -> None:
    library.advice("a", says="topic: plan, severity: critical")
    library.advice("b")
    ranked = library.coach().ranked
    assert ranked.strategy is not None and ranked.strategy.rule.id == "a"
    assert [block.lead.rule.id for block in ranked.actions] == ["b"]
    assert {advice.rule.id for advice in ranked.advice} == {"a", "b"}


def test_only_certain_advice_is_ranked(library: SmallLibrary) -> None:
    library.advice("certain", "[{person: {power: {at_least: 4}}, as: p}]", "about: $p")
    deal = "people: [{id: li, power: 5}, {id: wang}, {id: zhao, power: 1}]"
    assert blocks(library, deal) == [["li", "certain"]]


NEEDLESS = [
    # both are about somebody: only the advice about the same one goes
    ("about: $p, instead_of: [b]", "[{person: {power: 5}, as: p}]", "about: $p", ["a:li", "b:wang"]),
    # one of them is about nobody: it goes altogether
    ("instead_of: [b]", "[{person: {power: 5}, as: p}]", "about: $p", ["a:"]),
    ("about: $p, instead_of: [b]", "[{person: {power: 5}, as: p}]", "", ["a:li"]),
    # the other is not there for certain: nothing goes
    ("about: $p, instead_of: [b]", "[{person: {power: 4}, as: p}]", "about: $p", ["b:li", "b:wang"]),
    # nothing is named
    ("about: $p", "[{person: {power: 5}, as: p}]", "about: $p", ["a:li", "b:li", "b:wang"]),
]


@pytest.mark.parametrize(("says", "when", "about", "wanted"), NEEDLESS)
def test_advice_can_make_other_advice_needless(library: SmallLibrary, says: str, when: str, about: str, wanted: list[str]) -> None:
    library.advice("a", when, says)
    library.advice("b", EVERYBODY, about)
    found = library.coach("people: [{id: li, power: 5}, {id: wang, power: 1}]").ranked.advice
    assert sorted({f"{advice.rule.id}:{''.join(fact.key for fact in advice.about)}" for advice in found}) == wanted


def test_the_same_advice_for_two_reasons_is_given_once(library: SmallLibrary) -> None:
    library.advice("a", "[{person: {}, as: p}, {talk: {with: {has: $p}}, as: t}]", "about: $p")
    deal = "people: [{id: li}]\ntalks: [{date: 2026-02-01, with: [li]}, {date: 2026-02-02, with: [li]}]"
    assert blocks(library, deal) == [["li", "a"]]


def test_the_play_is_told_what_the_rule_bound(library: SmallLibrary) -> None:
    library.advice("a", "[{count: {person: {}}, as: n}, {person: {id: li}, as: p}]", "about: $p, with: {limit: $params.few}")
    (block,) = library.coach(LI_AND_WANG).ranked.actions
    assert {name: str(getattr(value, "key", value)) for name, value in block.lead.names.items()} == {"n": "2", "p": "li", "limit": "2"}
