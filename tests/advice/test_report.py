"""The whole advice on a deal as plain data, for pages and for JSON."""

from __future__ import annotations

from typing import Any

import pytest

from kamcoach.advice.report import Report, flat
from kamcoach.advice.speech import Speech
from tests.small_library import SmallLibrary

DEAL = """\
account: {name: Alder, name_zh: 艾德}
order: {title: Pumps, budget: approved, claimed: use}
people:
  - {id: li, name: Li, roles: [decider], power: 5}
  - {id: wang, name: Wang, roles: [user], met: true, seen: 2025-06-01}
"""


def report(library: SmallLibrary, deal: str = DEAL, language: str = "en", *, full: bool = False) -> dict[str, Any]:
    coached = library.coach(deal)
    return Report(coached.deal, Speech(coached.consultation, coached.library, language), coached.ranked, coached.questions, full).data()


@pytest.fixture
def diagnosing(library: SmallLibrary) -> SmallLibrary:
    """With rules for every part of the report."""
    library.rule("money", "[{order: {budget: approved}}]", "[{conclude: {evidence: {stage: choice, sign: money_there}}}]")
    library.rule("choice", "[{evidence: {stage: choice}}]", "[{conclude: {stage: choice}}, {conclude: {next_sign: {sign: in_use}}}]")
    library.rule("wish", "[{no_evidence_of: {order: {budget: approved}}}]", "[{conclude: {stage: wish}}]")
    library.rule("in-use", "[{account: {size: {above: 0}}}]", "[{conclude: {stage: use}}]")
    library.rule("no-user", "[{none: {person: {roles: {has: user}}}}]", "[{conclude: {missing: {role: user}}}]")
    library.rule("not-met", "[{person: {power: 5, met: unknown}, as: p}]", "[{conclude: {unreached: {role: decider, person: $p}}}]")
    library.rule("cold", "[{person: {seen: {days_ago: {above: 90}}}, as: p}]", "[{conclude: {risk: {person: $p, kind: cold}}}]")
    return library


def test_where_the_customer_stands(diagnosing: SmallLibrary) -> None:
    assert report(diagnosing)["stage"] == {
        "value": "choice",
        "label": "Choice",
        "claimed": {"value": "use", "label": "Use"},
        "agrees": False,
        "evidence": [{"sign": "money_there", "label": "The money is there", "facts": ["Order: Budget = Approved (deal.yaml:2)"]}],
        "next": [{"sign": "in_use", "label": "It is in use"}],
        "possible": [{"value": "use", "label": "Use"}],
    }


@pytest.mark.parametrize(
    ("deal", "value", "claimed", "agrees"),
    [
        ("order: {claimed: wish}", "wish", {"value": "wish", "label": "Wish"}, True),
        ("order: {title: x}", "wish", None, None),
        ("order: {budget: approved}\naccount: {size: 0}", "choice", None, None),
        # two at once are none
        ("order: {budget: approved, claimed: use}\naccount: {size: 1}", None, {"value": "use", "label": "Use"}, False),
    ],
)
def test_what_is_claimed_is_held_against_what_is_diagnosed(
    diagnosing: SmallLibrary, deal: str, value: str | None, claimed: dict[str, str] | None, agrees: bool | None
) -> None:
    stage = report(diagnosing, deal)["stage"]
    assert (stage["value"], stage["claimed"], stage["agrees"]) == (value, claimed, agrees)


def test_who_is_missing_and_who_is_at_risk(diagnosing: SmallLibrary) -> None:
    found = report(diagnosing)
    assert found["missing_roles"] == [{"role": "decider", "label": "Decider", "person": {"id": "li", "name": "Li"}}]
    assert found["at_risk"] == [{"person": {"id": "wang", "name": "Wang"}, "kinds": [{"kind": "cold", "label": "Gone cold"}]}]
    nobody = report(diagnosing, "people: []")
    assert nobody["missing_roles"] == [{"role": "user", "label": "User", "person": None}]


def test_the_deal_is_named_in_the_language(library: SmallLibrary) -> None:
    assert report(library)["deal"] == {"title": "Pumps", "customer": "Alder", "file": "deal.yaml"}
    assert report(library, language="zh")["deal"] == {"title": "Pumps", "customer": "艾德", "file": "deal.yaml"}
    assert report(library, "people: []")["deal"] == {"title": "", "customer": "", "file": "deal.yaml"}


def test_a_piece_of_advice_says_all_about_itself(library: SmallLibrary) -> None:
    library.advice("a", "[{person: {power: 5}, as: p}]", "severity: critical, lens: who, topic: power, about: $p")
    library.play("play-of-a", "Meet {{ p.name }}", "见{{ p.name }}")
    (action,) = report(library)["actions"]
    assert action == {
        "rule": "a",
        "title": "Title of a",
        "play": "play-of-a",
        "severity": "critical",
        "severity_label": "critical",
        "lens": "who",
        "lens_label": "Right person",
        "topic": "power",
        "about": [{"id": "li", "name": "Li"}],
        "score": 115,
        "text": {"headline": "Meet Li", "do": "Do it.", "ask": "", "do_not": ""},
        "because": "Because of a.",
        "source": "a test",
        "rule_at": "a.yaml:1",
        "facts": ["Li: Power = 5 (deal.yaml:4)"],
        "also": [],
    }
    (chinese,) = report(library, language="zh")["actions"]
    assert (chinese["title"], chinese["text"]["headline"], chinese["lens_label"], chinese["facts"]) == (
        "a的标题",
        "见Li",
        "找对人",
        ["Li·影响力：5（deal.yaml:4）"],
    )


def test_as_much_is_shown_as_the_playbook_says(library: SmallLibrary) -> None:
    """Three actions, two lines of what not to do, two questions; the rest is counted."""
    for number in range(5):
        library.advice(f"a{number}")
        library.advice(f"n{number}", says="do_not: true")
        library.advice(f"q{number}", f"[{{person: {{power: {number}, id: li}}}}]")
    deal = "people: [{id: li}, {id: wang}, {id: zhao}]"
    library.advice("q", "[{person: {power: 1}}]")
    found = report(library, deal)
    assert [len(found[part]) for part in ("actions", "do_not", "questions")] == [3, 2, 2]
    assert found["more"] == {"actions": 2, "questions": 1}
    full = report(library, deal, full=True)
    assert [len(full[part]) for part in ("actions", "do_not", "questions")] == [5, 5, 3]
    assert full["more"] == {"actions": 0, "questions": 0}


def test_what_the_shown_actions_warn_of_stands_with_what_not_to_do(library: SmallLibrary) -> None:
    library.advice("a")
    library.advice("b", says="do_not: true")
    path = library.play("play-of-a", "Headline")
    path.write_text(path.read_text().replace("# zh", "## Do not\nDo not push.\n# zh"))
    found = report(library)["do_not"]
    assert [(row["rule"], row["text"]["headline"]) for row in found] == [("b", "Headline of b"), ("a", "Do not push.")]


def test_lesser_advice_about_the_same_stands_below_with_its_headline(library: SmallLibrary) -> None:
    library.advice("a", says="topic: x")
    library.advice("b", says="topic: x, severity: info")
    (action,) = report(library)["actions"]
    assert [row["text"] for row in action["also"]] == [{"headline": "Headline of b", "do": "", "ask": "", "do_not": ""}]
    (action,) = report(library, full=True)["actions"]
    assert [row["text"]["do"] for row in action["also"]] == ["Do it."]


def test_the_strategy_stands_by_itself(library: SmallLibrary) -> None:
    assert report(library)["strategy"] is None
    library.advice("a", says="topic: plan")
    found = report(library)
    assert found["strategy"]["rule"] == "a" and found["actions"] == []


def test_a_question_says_whom_it_is_about_and_what_it_decides(library: SmallLibrary) -> None:
    library.advice("a", "[{person: {power: 1}, as: p}]", "about: $p, severity: critical")
    library.advice("b", "[{person: {power: 2}, as: p}]", "about: $p")
    library.advice("c", "[{talk: {minutes: 1}}]", "severity: info")
    power, talks = report(library, "people: [{id: li, name: Li}]")["questions"]
    assert power == {
        "ask": "Li: How much power?",
        "about": {"id": "li", "name": "Li"},
        "field": "people.li.power",
        "value": 150,
        "would": [
            {"rule": "a", "title": "Title of a", "severity": "critical", "about": ["li"]},
            {"rule": "b", "title": "Title of b", "severity": "warn", "about": ["li"]},
        ],
        "decides": ["Title of a", "Title of b"],
    }
    assert (talks["ask"], talks["about"], talks["field"]) == ("Which talks were there?", None, "talks")


def test_a_reference_and_a_list_among_the_grounds_are_put_into_words(library: SmallLibrary) -> None:
    library.advice("a", "[{person: {boss: known, friends: known, roles: {has: user}, seen: known}}]")
    deal = 'people: [{id: li, name: "L\\ni", boss: li, friends: [], roles: [user, decider], seen: 2026-01-02}]'
    (action,) = report(library, deal)["actions"]
    assert action["facts"] == [
        "L i: Boss = L i (deal.yaml:1)",
        "L i: Friends = [] (deal.yaml:1)",
        "L i: Roles = Decider, User (deal.yaml:1)",
        "L i: Last seen = 2 January 2026 (deal.yaml:1)",
    ]


def test_in_json_all_advice_is_one_list_and_empty_texts_are_left_out(library: SmallLibrary) -> None:
    library.advice("a", says="topic: x")
    library.advice("b", says="topic: x, severity: info")
    library.advice("c", says="topic: plan")
    library.advice("d", says="do_not: true")
    found = flat(report(library, full=True))
    assert [(row["rule"], row["leads"]) for row in found["advice"]] == [("a", True), ("b", False)]
    assert found["advice"][0]["text"] == {"headline": "Headline of a", "do": "Do it."}
    assert found["strategy"]["text"] == found["do_not"][0]["text"] | {"headline": "Headline of c"}
    assert not {"actions", "more"} & set(found)


def test_two_pieces_of_advice_of_one_rule_are_not_confused(library: SmallLibrary) -> None:
    """Only the head of a block leads it, even if another piece is of the same rule about the same person."""
    library.play("first", "First")
    library.play("second", "Second")
    both = ", ".join(f"{{advise: {{play: {play}, severity: warn, lens: who, about: $p}}}}" for play in ("first", "second"))
    library.rule("a", "[{person: {power: 5}, as: p}]", f"[{both}]")
    found = flat(report(library, full=True))
    assert [(row["play"], row["leads"]) for row in found["advice"]] == [("first", True), ("second", False)]


def test_a_playbook_may_leave_parts_of_the_report_out(library: SmallLibrary) -> None:
    """A vocabulary without stages, risks or signs of its own is no fault."""
    text = (library.folder / "playbook.yaml").read_text()
    begin, end = text.index("shows:"), text.index("sections:")
    library.write("playbook.yaml", text[:begin] + text[end:])
    library.advice("a")
    found = report(library)
    assert found["stage"] == {"value": None, "label": None, "claimed": None, "agrees": None, "evidence": [], "next": [], "possible": []}
    assert (found["missing_roles"], found["at_risk"], found["strategy"]) == ([], [], None)
    assert [action["rule"] for action in found["actions"]] == ["a"]


def test_the_data_is_the_same_every_time(diagnosing: SmallLibrary) -> None:
    diagnosing.advice("a", "[{person: {}, as: p}]", "about: $p")
    assert report(diagnosing) == report(diagnosing)
