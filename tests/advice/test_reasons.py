"""The tree of reasons: each conclusion, the rule that drew it, and the lines of the deal file below it."""

from __future__ import annotations

import pytest

from kamcoach.advice.reasons import reasons
from kamcoach.advice.speech import Speech
from kamcoach.errors import UnknownName
from tests.small_library import SmallLibrary

DEAL = """\
order: {budget: approved}
people:
  - {id: li, name: Li, roles: [user], met: true, power: 5}
  - {id: wang, name: Wang, met: true}
  - {id: zhao, name: Zhao}
"""


def told(library: SmallLibrary, what: str, deal: str = DEAL, language: str = "en") -> list[str]:
    coached = library.coach(deal)
    return reasons(what, Speech(coached.consultation, coached.library, language), coached.ranked).splitlines()


@pytest.fixture
def chain(library: SmallLibrary) -> SmallLibrary:
    """Two steps of conclusions below one piece of advice."""
    library.rule("met", "[{person: {met: true}, as: p}]", "[{mark: {$p: reached}}]")
    library.rule("open", "[{order: {budget: approved}}, {person: {reached: true, roles: {has: user}}}]", "[{conclude: open}]")
    library.rule("stage", "[open]", "[{conclude: {stage: choice}}]")
    library.advice("a", "[{stage: choice}, {person: {power: 5}, as: p}]", "about: $p, lens: who")
    return library


def test_a_tree_goes_down_to_the_lines_of_the_deal_file(chain: SmallLibrary) -> None:
    assert told(chain, "a") == [
        "advice: Headline of a [warning]",
        "  rule a (a.yaml:1): Title of a",
        "    Stage: Choice",
        "      rule stage (stage.yaml:1): Title of stage",
        "        Open",
        "          rule open (open.yaml:1): Title of open",
        "          · Order: Budget = Approved (deal.yaml:1)",
        "          · Li: Roles = User (deal.yaml:3)",
        "            Li: Reached",
        "              rule met (met.yaml:1): Title of met",
        "              · Li: Met = yes (deal.yaml:3)",
        "  · Li: Power = 5 (deal.yaml:3)",
    ]


def test_the_same_tree_in_chinese(chain: SmallLibrary) -> None:
    assert told(chain, "a", language="zh") == [
        "建议：a的标题 [警示]",
        "  规则 a（a.yaml:1）：a的标题",
        "    阶段：挑选",
        "      规则 stage（stage.yaml:1）：stage的标题",
        "        进行中",
        "          规则 open（open.yaml:1）：open的标题",
        "          · 订单·预算：已批（deal.yaml:1）",
        "          · Li·角色：使用者（deal.yaml:3）",
        "            Li：已接触",
        "              规则 met（met.yaml:1）：met的标题",
        "              · Li·见过：是（deal.yaml:3）",
        "  · Li·影响力：5（deal.yaml:3）",
    ]


@pytest.mark.parametrize("what", ["1", "a", "play-of-a", "li"])
def test_advice_is_found_by_number_rule_play_and_person(chain: SmallLibrary, what: str) -> None:
    assert told(chain, what)[0] == "advice: Headline of a [warning]"


@pytest.mark.parametrize(
    ("what", "heads"), [("stage", ["Stage: Choice"]), ("open", ["Open"]), ("reached", ["Li: Reached", "Wang: Reached"])]
)
def test_conclusions_are_found_by_name(chain: SmallLibrary, what: str, heads: list[str]) -> None:
    assert [line for line in told(chain, what) if line and not line.startswith(" ")] == heads


def test_what_is_only_possible_is_told_with_what_is_not_recorded(library: SmallLibrary) -> None:
    library.advice("a", "[{person: {power: 5}, as: p}]", "about: $p")
    assert told(library, "a", "people: [{id: li, name: Li}]") == [
        "advice: Headline of a [warning] (only possible)",
        "  rule a (a.yaml:1): Title of a",
        "  ? Li: Power not recorded",
    ]
    assert told(library, "a", "order: {budget: asked}")[2] == "  ? Person: never asked"


def test_certain_firings_hide_the_possible_ones(library: SmallLibrary) -> None:
    library.advice("a", "[{person: {power: 5}, as: p}]", "about: $p")
    assert len([line for line in told(library, "a", "people: [{id: li, power: 5}, {id: wang}]") if "advice" in line]) == 1


GROUNDS = [
    ("[{none: {person: {roles: {has: decider}}}}]", "people: [{id: li, roles: [user]}]", ["· no record of: Person (Roles = Decider)"]),
    ("[{no_evidence_of: {person: {met: true}}}]", "people: [{id: li}]", ["· no record of: Person (Met)"]),
    (
        "[{count: {person: {met: true}}, is: {at_least: 2}}]",
        "people: [{id: li, met: true}, {id: wang, met: true}]",
        ["· Person (Met): 2", "· Person li: Met = yes (deal.yaml:1)", "· Person wang: Met = yes (deal.yaml:1)"],
    ),
    (
        "[{every: {person: {power: 5}}, satisfies: {met: true}}]",
        "people: [{id: li, power: 5, met: true}]",
        ["· every Person (Power) (looked at 1)", "· Person li: Power = 5 (deal.yaml:1)", "· Person li: Met = yes (deal.yaml:1)"],
    ),
    (
        "[{any: [{order: {budget: none}}, {person: {power: 5}}]}]",
        "order: {budget: approved}\npeople: [{id: li, power: 5}]",
        ["· Person li: Power = 5 (deal.yaml:2)"],
    ),
    (
        "[{tally: [{order: {budget: approved}}, {order: {claimed: use}}], is: {at_least: 1}}]",
        "order: {budget: approved, claimed: wish}",
        ["· =: 1", "· Order: Budget = Approved (deal.yaml:1)"],
    ),
    (
        "[{order: {budget: approved, claimed: unknown}}]",
        "order: {budget: approved}",
        ["· Order: Budget = Approved (deal.yaml:1)", "· Order: Stage claimed not recorded"],
    ),
]


@pytest.mark.parametrize(("when", "deal", "wanted"), GROUNDS)
def test_each_kind_of_condition_says_what_it_rests_on(library: SmallLibrary, when: str, deal: str, wanted: list[str]) -> None:
    library.advice("a", when)
    assert [line.strip() for line in told(library, "a", deal)[2:]] == wanted


def test_a_count_over_a_list_that_was_never_asked_for_has_no_end(library: SmallLibrary) -> None:
    library.advice("a", "[{count: {person: {}}, is: {at_least: 2}}]")
    assert told(library, "a", "order: {title: x}")[2:] == ["  · Person: at least 0", "  ? Person: never asked"]


def test_what_was_told_once_is_only_named_again(library: SmallLibrary) -> None:
    library.rule("open", "[{order: {budget: approved}}]", "[{conclude: open}]")
    library.advice("a", "[open, {person: {power: 5}, as: p}]", "about: $p")
    found = told(library, "a", "order: {budget: approved}\npeople: [{id: li, power: 5}, {id: wang, power: 5}]")
    assert [line.strip() for line in found].count("Open") == 2
    assert [line.strip() for line in found].count("rule open (open.yaml:1): Title of open") == 1
    assert [line.strip() for line in found].count("…") == 1


def test_rules_in_a_circle_are_told_once(library: SmallLibrary) -> None:
    library.rule("down", "[{person: {reached: true}, as: p}, {person: {boss: $p}, as: q}]", "[{mark: {$q: reached}}]")
    library.rule("met", "[{person: {met: true}, as: p}]", "[{mark: {$p: reached}}]")
    found = told(library, "reached", "people: [{id: li, met: true, boss: wang}, {id: wang, boss: li}]")
    assert len(found) < 40


UNKNOWN = [
    ("nonsense", "Nothing in this deal is called 'nonsense'."),
    ("stgae", "Nothing in this deal is called 'stgae'. Did you mean 'stage'?"),
    ("0", "Nothing in this deal is called '0'."),
    ("7", "Nothing in this deal is called '7'."),
    ("cold", "'cold' does not hold in this deal, not even possibly."),
    ("risk", "'risk' does not hold in this deal, not even possibly."),
]


@pytest.mark.parametrize(("what", "message"), UNKNOWN)
def test_what_there_is_nothing_to_say_of(chain: SmallLibrary, what: str, message: str) -> None:
    chain.rule("cold", "[{person: {power: 0}, as: p}]", "[{conclude: {risk: {person: $p, kind: cold}}}]")
    with pytest.raises(UnknownName) as caught:
        told(chain, what, DEAL.replace("name: Zhao", "name: Zhao, power: 1").replace("name: Wang", "name: Wang, power: 2"))
    assert str(caught.value).startswith(message)


def test_text_of_the_deal_stands_on_one_line(library: SmallLibrary) -> None:
    library.advice("a", "[{person: {name: known, title: known}}]")
    found = told(library, "a", 'people: [{id: li, name: "Li\\nadvice: x", title: "a\\tb"}]')
    assert found[2:] == ["  · Li advice: x: Name = Li advice: x (deal.yaml:1)", "  · Li advice: x: Position = a b (deal.yaml:1)"]
