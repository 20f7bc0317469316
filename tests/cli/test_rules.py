"""`kamcoach rules`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.calling import called
from tests.small_library import SmallLibrary

SCENARIOS = "scenarios:\n  - name: a strong person\n    given: {people: [{id: li, power: 5}]}\n    expect: {fires: certainly}\n"


def test_show_tells_all_of_a_rule(team: SmallLibrary) -> None:
    team.rule("a", "[{person: {power: {at_least: $params.few}}, as: p}]", "[{advise: {play: play-of-a, severity: warn, lens: deed}}]")
    team.write("rules/a.test.yaml", SCENARIOS)
    found = called("rules", "show", "a", "--format", "markdown")
    assert (found.code, found.err) == (0, "")
    assert [line for line in found.lines if line] == [
        "# Title of a",
        "a · playbook small · rules/a.yaml:1",
        "## When",
        "1. there is a person whose power is at least 2",
        "## Then",
        "- advise: Headline of a (warning; Right thing)",
        "**Why**: Because of a.",
        "**Source**: a test",
        "## Thresholds",
        "- few = 2 (1 to 9): few people",
        "## Scenarios",
        "- a strong person (fires), a.test.yaml:2",
        "## Play: play-of-a",
        "… is filled in from the deal; what stands in \\[ \\] is said only where the deal gives cause.",
        "**Headline**",
        "Headline of a",
        "**Do**",
        "Do it.",
    ]


def test_show_in_chinese_on_a_terminal(team: SmallLibrary) -> None:
    found = called("rules", "show", "a", "--lang", "zh")
    assert found.lines[:6] == ["a的标题", "", "a · 打法库：small · rules/a.yaml:1", "", "如果", ""]
    assert "- 没有" in found.lines


def test_show_as_json(team: SmallLibrary) -> None:
    data = json.loads(called("rules", "show", "rules/a.yaml", "--format", "json", "--lang", "zh").out)
    assert data["sentence"] == "如果有这样的关键人：影响力不低于4，那么建议：a的标题（警示，做对事）。"
    assert (data["when"], data["scenarios"], data["plays"]) == ([{"text": "有这样的关键人：影响力不低于4"}], [], ["play-of-a"])
    assert data["file"].endswith("rules/a.yaml")


@pytest.mark.parametrize("rule", ["decision-maker-unknown", "stage-evaluation", "units-spent", "erosion-signs-counted"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_show_on_shipped_rules(rule: str, lang: str) -> None:
    found = called("rules", "show", rule, "--lang", lang)
    assert (found.code, found.err) == (0, "")
    assert "{{" not in found.out and "{%" not in found.out


def test_a_rule_that_looks_at_all_advice(team: SmallLibrary) -> None:
    team.rule("b", "[{advice: {severity: critical}}]", "[{conclude: open}]")
    assert "- Advice: a" in called("rules", "show", "b", "--lang", "en").lines
    assert called("rules", "graph", "--depth", "2", "b").code == called("rules", "stats").code == 0


def test_list_as_text_and_json(team: SmallLibrary) -> None:
    assert called("rules", "list", "--severity", "warn").lines == [
        "without a category",
        "  warning          a  Title of a",
        "",
        "1 of 1 rules: 1 give advice, 0 only conclude",
    ]
    (row,) = json.loads(called("rules", "list", "--format", "json").out)
    assert (row["id"], row["kind"], row["playbook"], row["replaces"], row["title"]["zh"]) == ("a", "advice", "small", False, "a的标题")


def test_stats(team: SmallLibrary) -> None:
    data = json.loads(called("rules", "stats", "--format", "json").out)
    assert (data["rules"], data["kind"], data["severity"], data["unused_params"]) == (1, {"advice": 1}, {"warn": 1}, ["few"])
    assert called("rules", "stats").lines[0].split() == ["Rules", "1"]
    assert called("rules", "stats", "--lang", "zh").lines[0].split() == ["规则", "1"]


def test_the_shipped_rules_in_figures() -> None:
    data = json.loads(called("rules", "stats", "--format", "json").out)
    assert data["rules"] == sum(data["kind"].values()) == sum(data["category"].values()) == sum(data["conditions"].values())
    assert sum(data["severity"].values()) == data["kind"]["advice"]


@pytest.mark.parametrize(("form", "begin"), [("text", "a (Title of a)"), ("mermaid", "flowchart LR"), ("svg", "<svg ")])
def test_graph(team: SmallLibrary, form: str, begin: str) -> None:
    assert called("rules", "graph", "a", "--format", form).out.startswith(begin)
    assert called("rules", "graph", "--format", form).code == 0


def test_graph_into_a_file(team: SmallLibrary) -> None:
    assert called("rules", "graph", "a", "--format", "svg", "-o", "a.svg").code == 0
    before = Path("a.svg").read_text(encoding="utf-8")
    again = called("rules", "graph", "--format", "svg", "-o", "a.svg")
    assert (again.code, again.err) == (2, "a.svg is already there; nothing was written.\n")
    assert Path("a.svg").read_text(encoding="utf-8") == before
    assert called("rules", "graph", "--format", "svg", "-o", "a.svg", "--force").code == 0
    assert Path("a.svg").read_text(encoding="utf-8") != before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "b"), "There is no rule 'b'."),
        (("graph", "aa"), "There is no rule 'aa'."),
        (("list", "--lens", "deeds"), "There is no lens 'deeds'. Did you mean 'deed'?"),
        (("graph", "--category", "x"), "There is no category 'x'."),
        (("stats", "--playbook", "nowhere"), "There is no playbook 'nowhere'."),
    ],
)
def test_what_there_is_not_exits_with_2(team: SmallLibrary, arguments: tuple[str, ...], message: str) -> None:
    found = called("rules", *arguments)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(message)
