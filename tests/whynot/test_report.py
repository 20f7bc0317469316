"""What is told of a rule that did not fire: its conditions, the chain below them, and what becomes of its advice."""

from __future__ import annotations

from typing import Any

import pytest

from kamcoach.advice.speech import Speech
from kamcoach.whynot.page import markdown
from kamcoach.whynot.report import WhyNot
from tests.small_library import SmallLibrary

PEOPLE = "people:\n  - {id: li, name: Li, power: 2, met: true}\n  - {id: wang, name: Wang, power: 5, met: false}\n"


def answer(library: SmallLibrary, rule_id: str, deal: str, language: str = "en", about: str = "") -> dict[str, Any]:
    coached = library.coach(deal)
    rule = coached.library.rule(rule_id)
    assert rule is not None
    return WhyNot(coached.deal, Speech(coached.consultation, coached.library, language), rule, about).data()


def lines(library: SmallLibrary, rule_id: str, deal: str, language: str = "en", about: str = "") -> list[str]:
    return [line for line in markdown(answer(library, rule_id, deal, language, about), "deal.yaml", about).splitlines() if line]


@pytest.fixture
def chain(library: SmallLibrary) -> SmallLibrary:
    library.rule("met", "[{person: {met: true}, as: p}]", "[{mark: {$p: reached}}]")
    library.rule("open", "[{order: {budget: approved}}]", "[{conclude: open}]")
    library.rule("stage", "[open]", "[{conclude: {stage: choice}}]")
    library.advice("a", "[{stage: choice}, {person: {power: {at_least: 4}, reached: true}, as: p}]", "about: $p")
    return library


def test_the_whole_answer(chain: SmallLibrary) -> None:
    assert lines(chain, "a", "order: {budget: asked}\n" + PEOPLE) == [
        "# a: Title of a",
        "The rule does not fire.",
        "Judged for what comes nearest: Li (deal.yaml:3).",
        "## Conditions",
        "1. ✗ stage is “choice” — the first that fails",
        "   - rule stage (Title of stage) would conclude it, but not: “open” holds",
        "      - rule open (Title of open) would conclude it, but not: the order’s budget is “approved”",
        "         - Order: Budget = Asked for (deal.yaml:1)",
        "2. ✗ there is a person whose power is at least 4 and that counts as “reached”",
        "   - Li: Power = 2 (deal.yaml:3)",
        "## What would make it fire",
        "Tried out: if this were so, the rule would fire. Write it only if it is true.",
        "1. deal.yaml:1: Order: Budget, now “Asked for”, would have to be “Approved”: `budget: approved`",
        "2. deal.yaml:3: Li: Power, now “2”, would have to be “4”: `power: 4`",
        "**Then**",
        "- “Headline of a” stands as action 1.",
    ]


def test_the_whole_answer_in_chinese(chain: SmallLibrary) -> None:
    assert lines(chain, "a", "order: {budget: asked}\n" + PEOPLE, "zh") == [
        "# a：a的标题",
        "这条规则没有触发。",
        "按最接近的情况来看：Li（deal.yaml:3）。",
        "## 条件",
        "1. ✗ 阶段是“挑选”——第一条不成立的",
        "   - 规则stage（stage的标题）能得出这一点，但这条不成立：“进行中”成立",
        "      - 规则open（open的标题）能得出这一点，但这条不成立：订单的预算是“已批”",
        "         - 订单·预算：在申请（deal.yaml:1）",
        "2. ✗ 有这样的关键人：影响力不低于4，算“已接触”",
        "   - Li·影响力：2（deal.yaml:3）",
        "## 怎样才会触发",
        "已试算：如果情况是这样，规则就会触发。属实才写，别为了触发去改。",
        "1. deal.yaml:1：订单·预算现为“在申请”，若为“已批”：`budget: approved`",
        "2. deal.yaml:3：Li·影响力现为“2”，若为“4”：`power: 4`",
        "**那样的话**",
        "- “a的标题”排在行动第1条。",
    ]


def test_about_somebody_else(chain: SmallLibrary) -> None:
    found = answer(chain, "a", "order: {budget: approved}\n" + PEOPLE, about="wang")
    assert [one["id"] for one in found["about"]] == ["wang"]
    assert [(one["truth"], one["facts"]) for one in found["conditions"]] == [
        ("true", []),
        ("false", ["Wang: Power = 5 (deal.yaml:4)"]),
    ]
    assert found["conditions"][1]["because"][0]["facts"] == ["Wang: Met = no (deal.yaml:4)"]
    assert [one["write"] for one in found["would_fire"]["changes"]] == ["met: true"]
    assert lines(chain, "a", PEOPLE, about="nobody")[1:] == ["Nothing in the deal is called 'nobody' that this rule looks at."]


def test_what_blocks_a_negation_is_told_with_its_place(chain: SmallLibrary) -> None:
    chain.advice("b", "[{none: {person: {power: {at_least: 4}}}}]")
    chain.advice("c", "[{none: open}]")
    blocked = answer(chain, "b", PEOPLE)["conditions"][0]
    assert (blocked["truth"], blocked["facts"]) == ("false", ["Wang: Power = 5 (deal.yaml:3)"])
    (because,) = answer(chain, "c", "order: {budget: approved}")["conditions"][0]["because"]
    assert (because["rule"], because["facts"]) == ("open", ["Order: Budget = Approved (deal.yaml:1)"])


def test_a_rule_that_fires_only_possibly_asks(chain: SmallLibrary) -> None:
    found = answer(chain, "open", "order: {title: x}")
    assert (found["fires"], found["asks"]) == ("possibly", [{"ask": "Is there a budget?", "field": "order.budget"}])
    assert (found["conditions"][0]["truth"], found["first_failing"]) == ("unknown", 1)
    assert found["conditions"][0]["facts"] == ["Order: Budget not recorded (deal.yaml:1)"]
    assert found["would_fire"]["changes"][0]["write"] == "budget: approved"


def test_a_rule_that_fires_says_so_and_points_to_why(chain: SmallLibrary) -> None:
    told = lines(chain, "a", "order: {budget: approved}\npeople: [{id: li, name: Li, power: 5, met: true}]")
    assert told[1] == "The rule fires. Its reasons: `kamcoach why deal.yaml a`"
    assert "## What would make it fire" not in told
    assert told[-1] == "- “Headline of a” stands as action 1."


def test_what_a_later_condition_speaks_of_and_was_not_found(chain: SmallLibrary) -> None:
    chain.advice("b", "[{person: {power: 5}, as: p}, {talk: {with: {has: $p}}}]")
    assert lines(chain, "b", "people: []")[3:5] == [
        "1. ✗ there is a person whose power is 5 — the first that fails",
        "2. ✗ there is a talk that has the person under “with” — cannot be judged, since what it speaks of was not found",
    ]


def test_a_value_that_was_worked_out_is_told(chain: SmallLibrary) -> None:
    chain.advice("b", "[{count: {person: {met: true}}, as: n, is: {at_least: 2}}]")
    assert answer(chain, "b", PEOPLE)["conditions"][0]["value"] == "1"


STRONG = "people: [{id: li, name: Li, power: 5, met: true}]"


def standing(library: SmallLibrary, rule_id: str, deal: str = STRONG) -> tuple[str, int, list[str]]:
    (one,) = answer(library, rule_id, deal)["standing"]
    return one["state"], one["place"], [other["rule"] for other in one["over"]]


def test_what_becomes_of_advice(library: SmallLibrary) -> None:
    who = "[{person: {power: 5}, as: p}]"
    library.advice("needless", who, "about: $p")
    library.advice("over", who, "about: $p, severity: critical, instead_of: [needless]")
    library.advice("merged", who, "about: $p, severity: info")
    for number in range(3):
        library.advice(f"other-{number}", who, "severity: warn")
    library.advice("last", who, "severity: info")
    library.advice("never", who, "do_not: true")
    library.advice("plan", who, "topic: plan")
    assert standing(library, "over") == ("shown", 1, [])
    assert standing(library, "needless") == ("needless", 0, ["over"])
    assert standing(library, "merged") == ("merged", 1, ["over"])
    assert standing(library, "last") == ("beyond", 5, [])
    assert standing(library, "never") == ("do_not", 1, [])
    assert standing(library, "plan") == ("strategy", 0, [])
    assert lines(library, "needless", STRONG)[-2:] == [
        "## Takes its place when both fire",
        "- over: Title of over (it fires here)",
    ]
    assert "- “Headline of needless” is left out: rule over, “Headline of over”, takes its place." in lines(library, "needless", STRONG)


def test_what_would_become_of_the_advice_of_a_rule_that_is_quiet(library: SmallLibrary) -> None:
    library.advice("quiet", "[{person: {power: 5}, as: p}]", "about: $p")
    library.advice("over", "[{person: {met: true}, as: p}]", "about: $p, instead_of: [quiet]")
    found = answer(library, "quiet", "people: [{id: li, name: Li, power: 1, met: true}]")
    assert [(one["state"], one["over"][0]["rule"]) for one in found["would_fire"]["then"]] == [("needless", "over")]


def test_a_section_and_an_item_that_are_not_in_the_file(library: SmallLibrary) -> None:
    library.advice("a", "[{order: {budget: approved}}]")
    library.advice("b", "[{talk: {minutes: {above: 30}}}]")
    library.advice("c", "[{person: {power: 5, met: true}}]")
    assert [one["write"] for one in answer(library, "a", "people: []")["would_fire"]["changes"]] == ["order: {budget: approved}"]
    assert [one["write"] for one in answer(library, "b", "people: []")["would_fire"]["changes"]] == ["talks: [{minutes: 31}]"]
    (one,) = answer(library, "c", "people: [{id: li, power: 0, met: false, name: Li}]")["would_fire"]["changes"]
    assert (one["how"], one["at"], one["write"]) == ("add", "deal.yaml:1", "- {id: new-1, power: 5, met: true}")


def test_where_nothing_helps_that_is_said(library: SmallLibrary) -> None:
    library.advice("a", "[{person: {power: 5, name: {contains: x}}, as: p}, {none: {person: {power: 5}}}]")
    assert lines(library, "a", PEOPLE)[-1].startswith("No small change was found that makes it fire")


def test_text_of_the_deal_stands_on_one_line(library: SmallLibrary) -> None:
    library.advice("a", "[{person: {name: {contains: zz}}}]")
    told = lines(library, "a", 'people: [{id: li, name: "Li\\n# x"}]')
    assert not [line for line in told if line.startswith("# x")]


def test_a_name_that_an_alternative_binds_for_itself(chain: SmallLibrary) -> None:
    chain.advice(
        "b", "[{any: [open, [{person: {reached: true, power: {above: 1}, seen: {above: $q.seen}}, as: q}, {talk: {with: {has: $q}}}]]}]"
    )
    (condition,) = answer(chain, "b", "order: {budget: asked}\n" + PEOPLE)["conditions"]
    assert (condition["truth"], [one["rule"] for one in condition["because"]]) == ("unknown", ["open"])
