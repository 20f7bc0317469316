"""Each form of condition, test and effect in both languages, from the labels of a small vocabulary alone."""

from __future__ import annotations

import pytest

from kamcoach.wording.rules import GRAMMARS, in_words, params_of, sentence
from tests.small_library import VOCABULARY, SmallLibrary

FORMS = [
    ("open", "“open” holds", "“进行中”成立"),
    ("{none: open}", "“open” does not hold", "“进行中”不成立"),
    ("{no_evidence_of: open}", "nothing on file shows that “open” holds", "没有证据表明“进行中”成立"),
    ("{evidence_of: open}", "it is certain that “open” holds", "可以肯定“进行中”成立"),
    ("{stage: choice}", "stage is “choice”", "阶段是“挑选”"),
    ("{stage: [choice, use]}", "stage is “choice” or “use”", "阶段是“挑选”或“使用”"),
    ("{none: {stage: choice}}", "stage is not “choice”", "阶段不是“挑选”"),
    ("{stage: {at_least: choice}}", "stage is at least “choice”", "阶段不低于“挑选”"),
    ("{person: {}}", "there is a person", "有关键人记录"),
    ("{none: {person: {}}}", "there is no person", "没有关键人记录"),
    (
        "{person: {power: {at_least: $params.few}, roles: {has: user}}, as: p}",
        "there is a person whose power is at least 2 and that has “user” under roles",
        "有这样的关键人：影响力不低于2，角色包括“使用者”",
    ),
    (
        "{none: {person: {roles: {has: decider}, reached: true}}}",
        "there is no person that has “decider” under roles and that counts as “reached”",
        "没有这样的关键人：角色包括“拍板人”，算“已接触”",
    ),
    ("{person: {met: false}}", "there is a person whose “met” is “no”", "有这样的关键人：“见过”为“否”"),
    ("{person: {met: {recorded: true}}}", "there is a person whose “met” is “yes”, on record", "有这样的关键人：“见过”为“是”（有记录）"),
    ("{person: {power: {not: {above: 3}}}}", "there is a person whose power is at most 3", "有这样的关键人：影响力不高于3"),
    (
        "{person: {name: unknown, title: known}}",
        "there is a person whose name is not recorded and whose position is recorded",
        "有这样的关键人：姓名没有记录，职务有记录",
    ),
    (
        "{person: {seen: {days_ago: {above: 30}}}}",
        "there is a person whose last seen was more than 30 days ago",
        "有这样的关键人：最近见面距今超过30天",
    ),
    (
        "{person: {seen: {days_ahead: {at_least: 0, at_most: 7}}}}",
        "there is a person whose last seen lies at least 0 and at most 7 days ahead",
        "有这样的关键人：最近见面离现在还有至少0且不超过7天",
    ),
    (
        "{person: {seen: {at_least: 2026-01-31}}}",
        "there is a person whose last seen is 31 January 2026 or later",
        "有这样的关键人：最近见面不早于2026年1月31日",
    ),
    (
        "{person: {friends: {size: {at_least: 2}}}}",
        "there is a person whose “friends” has at least 2 entries",
        "有这样的关键人：“朋友”有至少2项",
    ),
    ("{person: {name: {contains: Li}}}", "there is a person whose name contains the text “Li”", "有这样的关键人：姓名含有“Li”字样"),
    (
        "{person: {roles: {has_any: [decider, user]}}}",
        "there is a person that has “decider” or “user” under roles",
        "有这样的关键人：角色包括“拍板人”或“使用者”",
    ),
    (
        "{person: {either: [{power: 5}, {met: true, reached: true}]}}",
        "there is a person either whose power is 5 or (whose “met” is “yes” and that counts as “reached”)",
        "有这样的关键人：影响力是5或（“见过”为“是”，且算“已接触”）",
    ),
    (
        "{order: {budget: approved, share: {above: 0.5}}}",
        "the order’s budget is “approved” and the order’s share is above 50%",
        "订单的预算是“已批”，且订单的份额高于50%",
    ),
    ("{none: {order: {budget: approved}}}", "the order’s budget is not “approved”", "订单的预算不是“已批”"),
    (
        "{none: {order: {budget: approved, amount: 100}}}",
        "it is not so that the order’s budget is “approved” and the order’s amount is 100",
        "并非订单的预算是“已批”，且订单的金额是100",
    ),
    (
        "{every: {person: {power: 5}}, satisfies: {met: true}}",
        "every person whose power is 5 is also one whose “met” is “yes”",
        "每一个关键人（影响力是5），都“见过”为“是”",
    ),
    (
        "{any: [open, [{order: {budget: none}}, {none: open}]]}",
        "at least one of these holds: “open” holds; (all of this holds: the order’s budget is “none yet”; “open” does not hold)",
        "以下至少一条成立：“进行中”成立；（以下各条都成立：订单的预算是“没有”；“进行中”不成立）",
    ),
    (
        "{count: {person: {reached: true}}, is: {at_least: 2}}",
        "the number of people that count as “reached” is at least 2",
        "关键人（算“已接触”）的个数不低于2",
    ),
    ("{count: {person: {}}, as: n}", "take the number of people", "取关键人的个数"),
    ("{sum: {talk: {}}, of: minutes, is: {above: 60}}", "the sum of minutes over all talks is above 60", "面谈的分钟合计高于60"),
    ("{sum: {order: {amount: known}}, of: amount, as: n}", "take amount of the order (0 if there is none)", "取订单的金额（没有就算0）"),
    ("{max: {person: {}}, of: power, is: {below: 3}}", "the greatest power of all people is below 3", "关键人中最大的影响力低于3"),
    (
        "{distinct: {person: {met: true}}, of: title, is: 1}",
        "the number of different values of position among all people whose “met” is “yes” is 1",
        "关键人（“见过”为“是”）中不同职务的个数是1",
    ),
    (
        "{in_a_row: {talk: {minutes: {below: 10}}}, by: date, is: {at_least: 3}}",
        "the number of the newest talks in a row whose minutes is below 10, counted back by date, is at least 3",
        "按日期从最近往回数，连续的面谈（分钟低于10）的个数不低于3",
    ),
    (
        "{last: {talk: {}}, by: date, is: {minutes: {above: 30}}}",
        "the newest talk, by date, is one whose minutes is above 30",
        "按日期最近的一个面谈，分钟高于30",
    ),
    ("{last: {talk: {}}, by: date, as: t}", "there is a newest talk, by date", "按日期有最近的一个面谈"),
    (
        "{tally: [open, {person: {met: true}}], is: {at_least: 1}}",
        "the number of these that hold is at least 1: “open” holds; there is a person whose “met” is “yes”",
        "以下各条中成立的条数不低于1：“进行中”成立；有这样的关键人：“见过”为“是”",
    ),
    (
        "{none: [{person: {power: 5}, as: p}, {talk: {with: {has: $p}}}]}",
        "there is nothing of which all of this holds: there is a person whose power is 5; there is a talk that has the person under “with”",
        "没有哪一项同时符合以下各条：有这样的关键人：影响力是5；有这样的面谈：“参加的人”包括这个关键人",
    ),
    ("{missing: {role: decider}}", "there is a missing whose role is “decider”", "有这样的缺：角色是“拍板人”"),
    ("{advice: {play: play-of-a}}", "there is the advice “title of a”", "有“a的标题”这条建议"),
    ("{person: {mood: cold}}", "there is a person whose mood is “gone cold”", "有这样的关键人：态度是“冷淡”"),
]


@pytest.mark.parametrize(("when", "english", "chinese"), FORMS)
def test_a_condition_in_words(library: SmallLibrary, when: str, english: str, chinese: str) -> None:
    library.advice("a", "[{person: {power: 5}, as: p}]")
    library.rule("r", f"[{when}]", "[{conclude: {contacts: 1}}]")
    loaded = library.load()
    rule = loaded.rule("r")
    assert rule is not None
    assert [GRAMMARS[lang].flat(in_words(rule, loaded, lang).when[0]) for lang in ("en", "zh")] == [english, chinese]


EFFECTS = [
    ("{conclude: open}", "the deal counts as “open”", "这单算“进行中”"),
    ("{conclude: {stage: choice}}", "stage is “choice”", "阶段是“挑选”"),
    ("{conclude: {contacts: $n}}", "contacts is the number of people", "接触人数是关键人的个数"),
    ("{conclude: {risk: {person: $p, kind: cold}}}", "there is a risk", "得出风险"),
    ("{mark: {$p: reached}}", "the person counts as “reached”", "这个关键人算“已接触”"),
    ("{mark: {$p: {mood: warm}}}", "the person’s mood is “warm”", "这个关键人的态度是“热情”"),
    (
        "{advise: {play: play-of-a, severity: warn, lens: deed}}",
        "advise: Headline of a (warning; Right thing)",
        "建议：a的标题（警示，做对事）",
    ),
    (
        "{advise: {play: play-of-a, severity: info, lens: who, do_not: true}}",
        "advise not to: Headline of a (for information; Right person)",
        "提醒别做：a的标题（供参考，找对人）",
    ),
]


@pytest.mark.parametrize(("then", "english", "chinese"), EFFECTS)
def test_an_effect_in_words(library: SmallLibrary, then: str, english: str, chinese: str) -> None:
    library.advice("a", "[{person: {power: 5}, as: p}]")
    library.rule("r", "[{person: {power: 5}, as: p}, {count: {person: {met: true}}, as: n}]", f"[{then}]")
    loaded = library.load()
    rule = loaded.rule("r")
    assert rule is not None
    said = [in_words(rule, loaded, lang).then[0] for lang in ("en", "zh")]
    assert [text.startswith(wanted) for text, wanted in zip(said, (english, chinese), strict=True)] == [True, True], said


TWO = [
    ("[{person: {power: 5}, as: p}, {person: {boss: $p}, as: q}]", "there is a person B whose “boss” is person A"),
    ("[{person: {power: 5}, as: p}, {person: {boss: $p}}]", "there is a person whose “boss” is the person"),
    ("[{order: {}, as: o}, {person: {seen: {above: $o.due}}}]", "there is a person whose last seen is after the order’s due"),
    (
        "[{order: {}, as: o}, {compute: {difference: [$o.due, 2026-01-01]}, is: {below: 7}}]",
        "the days from 1 January 2026 to the order’s due is below 7",
    ),
    (
        "[{order: {}, as: o}, {compute: {ratio: [$o.amount, {sum: [$o.share, 2, 3]}]}, as: x}]",
        "take the order’s amount divided by the sum of the order’s share, 2 and 3",
    ),
    ("[{stage: known, as: s}, {order: {claimed: {below: $s}}}]", "the order’s stage claimed is below the stage"),
]


@pytest.mark.parametrize(("when", "wanted"), TWO)
def test_what_is_spoken_of_again_has_a_name(library: SmallLibrary, when: str, wanted: str) -> None:
    library.rule("r", when, "[{conclude: open}]")
    loaded = library.load()
    rule = loaded.rule("r")
    assert rule is not None
    assert GRAMMARS["en"].flat(in_words(rule, loaded, "en").when[1]) == wanted


SAYS = "says: {en: the order is open, zh: 这单开着}, denies: {en: the order is shut, zh: 这单没开着}"
ROLE = "says: {en: 'is a {value}', zh: '是{value}'}, denies: {en: 'is no {value}', zh: '不是{value}'}"


@pytest.mark.parametrize(
    ("when", "english", "chinese"),
    [
        ("open", "the order is open", "这单开着"),
        ("{none: open}", "the order is shut", "这单没开着"),
        ("{evidence_of: open}", "it is certain that the order is open", "可以肯定这单开着"),
        ("{person: {roles: {has: user}}}", "there is a person that is a “user”", "有这样的关键人：是“使用者”"),
        (
            "{person: {roles: {not: {has_any: [user, decider]}}}}",
            "there is a person that is no “user” or “decider”",
            "有这样的关键人：不是“使用者”或“拍板人”",
        ),
        ("{count: {person: {roles: {has: user}}}, is: 1}", "the number of people that are a “user” is 1", "关键人（是“使用者”）的个数是1"),
    ],
)
def test_the_vocabulary_may_give_the_words(library: SmallLibrary, when: str, english: str, chinese: str) -> None:
    own = VOCABULARY.replace("label: {en: Open, zh: 进行中}", "label: {en: Open, zh: 进行中}, " + SAYS)
    library.write("vocabulary.yaml", own.replace("label: {en: Roles, zh: 角色}", "label: {en: Roles, zh: 角色}, " + ROLE))
    library.rule("r", f"[{when}]", "[{conclude: {contacts: 1}}]")
    loaded = library.load()
    rule = loaded.rule("r")
    assert rule is not None
    assert [GRAMMARS[lang].flat(in_words(rule, loaded, lang).when[0]) for lang in ("en", "zh")] == [english, chinese]


HEADLINES = [
    ("Meet {{ p.name }} soon", "Meet … soon"),
    ("{% if p.met %}Again{% else %}For once{% endif %}: meet {{ p }}", "For once: meet …"),
    ("{% if p.met %}Again, {% endif %}go", "Again, go"),
    ("{% if p.met %}A{% elif p.power %}B{% else %}C{% endif %}", "C"),
    ("{% if p.met %}A{% if p.power %}B{% endif %}{% endif %}", "AB"),
]


@pytest.mark.parametrize(("headline", "wanted"), HEADLINES)
def test_a_headline_without_a_deal(library: SmallLibrary, headline: str, wanted: str) -> None:
    library.play("play-of-a", headline)
    library.advice("a", "[{person: {power: 5}, as: p}]")
    loaded = library.load()
    rule = loaded.rule("a")
    assert rule is not None
    assert in_words(rule, loaded, "en").then == (f"advise: {wanted} (warning; Right thing)",)


def test_a_rule_in_one_sentence_and_its_parameters(library: SmallLibrary) -> None:
    library.rule("r", "[open, {person: {power: {at_least: $params.few}}, as: p}]", "[{mark: {$p: reached}}]")
    loaded = library.load()
    rule = loaded.rule("r")
    assert rule is not None
    assert sentence(rule, loaded, "en") == (
        "When “open” holds and there is a person whose power is at least 2, then the person counts as “reached”."
    )
    assert sentence(rule, loaded, "zh") == "如果“进行中”成立，且有这样的关键人：影响力不低于2，那么这个关键人算“已接触”。"
    assert [param.name for param in params_of(rule, loaded)] == ["few"]
