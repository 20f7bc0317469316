"""What a deal's facts are called, and what plays and questions say, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kamcoach.advice.filters import FILTERS
from kamcoach.advice.template import compile_source, render
from kamcoach.source import Location
from tests.small_library import SmallLibrary

DEAL = """\
account: {name: Alder, name_zh: 艾德}
order: {amount: 18000000, currency: CNY, budget: asked, due: 2026-03-12, share: 0.35, claimed: use, terms: {note: "two\\nlines"}}
people:
  - {id: li, name: 李工, title: 总工, roles: [user, decider], power: 4, seen: 2026-02-20, met: true, boss: wang, friends: [wang, zhao]}
  - {id: wang, title: 经理, friends: []}
  - {id: zhao}
talks:
  - {date: 2026-02-20, with: [li]}
"""


def said(library: SmallLibrary, source: str, language: str = "en", deal: str = DEAL) -> str:
    speech = library.speech(deal, language)
    at = Location("play.md.j2")
    names = speech.names({"person": speech.consultation.find("person", "li")})
    return render(compile_source(speech.sandbox, source, at), names, at)


# ── what a play can speak of ──────────────────────────────────────────────────────────────────────────────────────────

NAMES = [
    ("{{ account.name }}", "Alder", "Alder"),
    ("{{ account }}", "Alder", "Alder"),
    ("{{ order.amount }}", "18000000", "18000000"),
    ("{{ order.terms.note }}", "two lines", "two lines"),
    ("{{ order.terms.days }}", "(Days to pay not recorded)", "（账期未记录）"),
    ("{{ account.size }}", "(Size not recorded)", "（规模未记录）"),
    ("{{ people | length }}", "3", "3"),
    ("{% for p in people %}{{ p }};{% endfor %}", "李工;经理;Person zhao;", "李工;经理;关键人 zhao;"),
    ("{{ talks[0] }}", "Talk (20 February 2026)", "面谈 (2026年2月20日)"),
    ("{{ person.boss.title }}", "经理", "经理"),
    ("{{ person.friends | names }}", "经理 and Person zhao", "经理和关键人 zhao"),
    ("{{ order.budget }}", "Asked for", "在申请"),
    ("{{ person.roles | join('; ') }}", "Decider; User", "拍板人; 使用者"),
    ("{{ person.met }}", "yes", "是"),
    ("{{ person.seen }}", "20 February 2026", "2026年2月20日"),
    ("{{ person.reached }}{{ people[1].reached }}", "yesno", "是否"),
    ("{{ person.mood }}", "Warm", "热情"),
    ("{{ people[1].mood }}", "(Mood not recorded)", "（态度未记录）"),
    ("{{ facts.open }}", "yes", "是"),
    ("{{ facts.stage }}", "Choice", "挑选"),
    ("{{ facts.contacts }}", "1", "1"),
    ("{% for m in facts.missing %}{{ m.role }}{% endfor %}", "User", "使用者"),
    ("{{ facts.risk | length }}", "0", "0"),
    ("{{ params.few }}", "2", "2"),
    ("{{ as_of }}", "2 March 2026", "2026年3月2日"),
    ("{{ lang }}", "en", "zh"),
]


@pytest.fixture
def concluding(library: SmallLibrary) -> SmallLibrary:
    library.rule("met", "[{person: {met: true}, as: p}]", "[{mark: {$p: {reached: true, mood: warm}}}]")
    library.rule(
        "open", "[{order: {budget: asked}}]", "[{conclude: open}, {conclude: {stage: choice}}, {conclude: {missing: {role: user}}}]"
    )
    library.rule("counted", "[{count: {talk: {}}, as: n}]", "[{conclude: {contacts: $n}}]")
    return library


@pytest.mark.parametrize(("source", "english", "chinese"), NAMES)
def test_what_a_play_can_speak_of(concluding: SmallLibrary, source: str, english: str, chinese: str) -> None:
    assert (said(concluding, source), said(concluding, source, "zh")) == (english, chinese)


def test_lists_and_facts_that_the_deal_does_not_have(concluding: SmallLibrary) -> None:
    source = "{{ talks | length }}{{ order }}{{ order.terms.days }}{{ facts.open }}{{ facts.stage }}"
    nothing = "0Order(Days to pay not recorded)no(Stage not recorded)"
    assert said(concluding, source, deal="people: [{id: li}]") == nothing


# ── filters ───────────────────────────────────────────────────────────────────────────────────────────────────────────

FILTERED = [
    ("{{ order.amount | money }}", "18,000,000 CNY", "1800万元"),
    ("{{ 250000000 | money }}", "250,000,000 CNY", "2.5亿元"),
    ("{{ 9999 | money }}", "9,999 CNY", "9999元"),
    ("{{ 12345 | money }}", "12,345 CNY", "1.2345万元"),
    ("{{ order.due | date }}", "12 March 2026", "2026年3月12日"),
    ("{{ person.seen | days_ago }}{{ order.due | days_ahead }}", "1010", "1010"),
    ("{{ order.share | ratio }}{{ 35 | percent }}", "35%35%", "35%35%"),
    ("{{ people | names }}", "李工, 经理 and Person zhao", "李工、经理和关键人 zhao"),
    ("{{ order.budget | label }}{{ order.budget | string }}", "Asked forAsked for", "在申请在申请"),
    ("{{ order.budget | upper }}{{ order.budget | lower }}", "ASKED FORasked for", "在申请在申请"),
    ("{{ person.roles | first }}{{ person.roles | last }}", "DeciderUser", "拍板人使用者"),
    ("{{ [3, 1, 2] | sort | join }}{{ [1, 1, 2] | unique | join('') }}", "1, 2, 312", "1, 2, 312"),
    ("{{ people | sort | join }}", "Person zhao, 李工, 经理", "关键人 zhao, 李工, 经理"),
    ("{{ 2.567 | round }}{{ 2.567 | round(1) }}{{ -2 | abs }}", "32.62", "32.62"),
    ("{{ account.size | default('none') }}{{ person.power | default(0) }}", "none4", "none4"),
    ("{{ [] | first }}", "(? not recorded)", "（?未记录）"),
]


@pytest.mark.parametrize(("source", "english", "chinese"), FILTERED)
def test_filters(library: SmallLibrary, source: str, english: str, chinese: str) -> None:
    assert (said(library, source), said(library, source, "zh")) == (english, chinese)


@pytest.mark.parametrize("name", sorted(set(FILTERS) - {"default"}))
def test_every_filter_lets_the_unknown_say_so(library: SmallLibrary, name: str) -> None:
    """No filter makes nothing, zero or an error of what is not recorded."""
    deal = DEAL + "  - {date: 2026-02-21}\n"
    wanted = "(with not recorded)"
    assert said(library, f"{{{{ talks[1].with | {name} }}}}", deal=deal).lower() == wanted


def test_the_reference_names_every_filter() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/reference/plays.md").read_text(encoding="utf-8")
    listed = page[page.index("Filters:") : page.index("Statements:")]
    assert set(re.findall(r"`(\w+)`", listed)) == set(FILTERS)


def test_amounts_without_a_currency(library: SmallLibrary) -> None:
    deal = "account: {name: Alder}\norder: {amount: 20000}\npeople: [{id: li}]"
    assert [said(library, "{{ order.amount | money }}", language, deal) for language in ("en", "zh")] == ["20,000", "2万"]


def test_an_amount_in_a_currency_of_which_the_chinese_word_is_not_known(library: SmallLibrary) -> None:
    deal = "order: {amount: 20000, currency: SEK}\npeople: [{id: li}]"
    assert said(library, "{{ order.amount | money }}", "zh", deal) == "2万 SEK"


# ── plays ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_play_is_filled_in_section_by_section_in_each_language(library: SmallLibrary) -> None:
    library.advice("a", "[{person: {power: 4}, as: p}]", "about: $p")
    library.play("play-of-a", "Meet {{ p.name }}", "见{{ p.name }}")
    for language, headline, do in (("en", "Meet 李工", "Do it."), ("zh", "见李工", "就这么做。")):
        coached = library.coach(DEAL)
        speech = library.speech(DEAL, language)
        (block,) = coached.ranked.actions
        assert [speech.play(block.lead, section) for section in ("headline", "do", "ask", "nonsense")] == [headline, do, "", ""]


def test_a_value_that_a_rule_could_not_work_out_is_said_to_be_unknown(library: SmallLibrary) -> None:
    library.advice("a", "[{order: {budget: asked}, as: o}]", "with: {size: $o.terms.days}")
    library.play("play-of-a", "In {{ size }}")
    (block,) = library.coach(DEAL).ranked.actions
    assert library.speech(DEAL).play(block.lead, "headline") == "In (Days to pay not recorded)"


HANDED_ON = [
    ("{{ s }}{{ s == 'choice' }}", "Choiceyes", "挑选是"),
    ("{{ money }}", "Asked for", "在申请"),
    ("{{ again }}", "Choice", "挑选"),
    ("{{ boss.title }}", "经理", "经理"),
    ("{{ roles | first }}", "Decider", "拍板人"),
    ("{{ soonest }}", "20 February 2026", "2026年2月20日"),
    ("{{ note }}", "two lines", "two lines"),
    ("{{ n }}{{ plain }}", "33", "33"),
]


@pytest.mark.parametrize(("text", "english", "chinese"), HANDED_ON)
def test_values_that_a_rule_hands_on_are_said_in_words(library: SmallLibrary, text: str, english: str, chinese: str) -> None:
    library.rule("open", "[{order: {budget: asked}}]", "[{conclude: {stage: choice}}]")
    when = (
        "[{stage: known, as: s}, {order: {}, as: o}, {person: {power: 4}, as: p}, {count: {person: {}}, as: n},"
        " {min: {talk: {}}, of: date, as: soonest}]"
    )
    handed = "money: $o.budget, again: $s, boss: $p.boss, roles: $p.roles, note: $o.terms.note, plain: 3"
    library.advice("a", when, f"with: {{{handed}}}")
    library.play("play-of-a", text, text)
    (block,) = library.coach(DEAL).ranked.actions
    assert [library.speech(DEAL, language).play(block.lead, "headline") for language in ("en", "zh")] == [english, chinese]


def test_a_headline_stays_on_one_line_whatever_a_name_holds(library: SmallLibrary) -> None:
    library.advice("a", "[{person: {}, as: p}]", "about: $p")
    library.play("play-of-a", "Meet {{ p.name }} and {{ p }}")
    deal = 'people: [{id: li, name: "Li\\n# Wang\\r\\n\\tZhao"}]'
    (block,) = library.coach(deal).ranked.actions
    assert library.speech(deal).play(block.lead, "headline") == "Meet Li # Wang Zhao and Li # Wang Zhao"


# ── questions ─────────────────────────────────────────────────────────────────────────────────────────────────────────

ASKED = [
    # as the vocabulary asks; the person or the customer is put in
    ("[{person: {roles: {has: user}}}]", "people: [{id: li, name: 李工}]", "What is the part of 李工?", "李工是什么角色？"),
    ("[{account: {size: 1}}]", "account: {name: Alder, name_zh: 艾德}", "How big is Alder?", "艾德有多大？"),
    ("[{order: {budget: none}}]", "order: {title: x}", "Is there a budget?", "有预算吗？"),
    # whom it is about is said where the question does not say it
    ("[{person: {power: 5}}]", "people: [{id: li, name: 李工}]", "李工: How much power?", "李工：影响力多大？"),
    # a list that was never asked for
    ("[{person: {power: 5}}]", "account: {name: x}", "Who takes part?", "都有谁参与？"),
    # the vocabulary has no question
    ("[{order: {due: {days_ahead: {below: 9}}}}]", "order: {title: x}", "What is known of due?", "到期日是什么情况？"),
    ("[{person: {met: false}}]", "people: [{id: li, name: 李工}]", "What is known of met of 李工?", "李工的见过是什么情况？"),
]


@pytest.mark.parametrize(("when", "deal", "english", "chinese"), ASKED)
def test_questions_in_words(library: SmallLibrary, when: str, deal: str, english: str, chinese: str) -> None:
    library.advice("a", when)
    (question,) = library.coach(deal).questions
    assert (library.speech(deal).ask(question), library.speech(deal, "zh").ask(question)) == (english, chinese)


def test_a_name_is_put_in_as_it_is(library: SmallLibrary) -> None:
    """A name that looks like a place to fill in is no such place."""
    library.advice("a", "[{person: {roles: {has: user}}}]")
    deal = 'account: {name: "{this}"}\npeople: [{id: li, name: "{account} {this}"}]'
    (question,) = library.coach(deal).questions
    assert library.speech(deal).ask(question) == "What is the part of {account} {this}?"
