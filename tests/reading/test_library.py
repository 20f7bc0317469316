"""A playbook laid over the one it extends: what it adds, what it replaces, what it may not do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kamcoach.errors import BadInput
from kamcoach.model.playbook import Library
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import find_playbook, shipped
from kamcoach.reading.library import read_library
from kamcoach.source import Diagnostic
from tests.small_library import PLAY, SmallLibrary

STRONG = "[{person: {power: 5}, as: p}]"


class Team(SmallLibrary):
    """A playbook that extends another and has no vocabulary of its own at first."""

    def __init__(self, folder: Path, base: str) -> None:
        super().__init__(folder)
        (folder / "vocabulary.yaml").unlink()
        self.base = base
        self.says("")

    def says(self, text: str) -> None:
        self.write("playbook.yaml", f"id: team\ntitle: {{en: Team, zh: 团队}}\nextends: {self.base}\n{text}\n")


@pytest.fixture
def team(library: SmallLibrary, tmp_path: Path) -> Team:
    """On top of the small library, which gets the rule `a` with its play."""
    library.advice("a", STRONG, "about: $p")
    return Team(tmp_path / "team", "../small")


def severities(library: Library) -> dict[str, str]:
    return {rule.id: getattr(effect, "severity", "") for rule in library.rule_base.rules for effect in rule.then}


# ── rules ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_team_adds_rules_to_those_it_builds_on(team: Team) -> None:
    team.advice("b", STRONG, "about: $p")
    found = team.load()
    assert severities(found) == {"a": "warn", "b": "warn"}
    assert (found.id, found.title) == ("team", {"en": "Team", "zh": "团队"})
    assert (found.origins["a"], found.origins["b"], found.origins["play:play-of-b"]) == ("small", "team", "team")


REPLACES = [
    # rule, what it says, severity that then holds for `a`, problems
    ("a", "replaces: true", "info", []),
    ("a", "", "", ["rules/a.yaml:1 repeated-id"]),
    ("a", "replaces: false", "", ["rules/a.yaml:1 repeated-id"]),
    ("c", "replaces: true", "", ["rules/c.yaml:1 nothing-to-replace"]),
    ("c", "", "warn", []),
    ("c", "replaces: perhaps", "", ["rules/c.yaml:5 wrong-type"]),
]


@pytest.mark.parametrize(("rule", "says", "severity", "problems"), REPLACES)
def test_a_rule_is_replaced_only_if_the_new_one_says_so(team: Team, rule: str, says: str, severity: str, problems: list[str]) -> None:
    team.rule(rule, STRONG, "[{advise: {play: play-of-a, severity: info, lens: who}}]", says)
    team.write(f"rules/{rule}.test.yaml", "scenarios:\n  - {name: x, given: {people: []}, expect: {fires: never}}\n")
    assert [problem for problem in team_problems(team) if not problem.endswith("unknown-rule")] == problems
    if not problems:
        assert severities(team.load())["a"] == severity


def team_problems(team: Team) -> list[str]:
    """Problems in the team's own files."""
    found = [p for p in team.check() if Path(p.at.path).is_relative_to(team.folder)]
    return [f"{Path(p.at.path).relative_to(team.folder).as_posix()}:{p.at.line} {p.code}" for p in found]


def test_the_same_rule_twice_in_one_playbook_is_a_fault(library: SmallLibrary) -> None:
    library.advice("a")
    library.write("rules/more/a.yaml", (library.folder / "rules/a.yaml").read_text())
    (problem,) = [problem for problem in library.check() if problem.level == "error"]
    assert (problem.code, problem.message) == ("repeated-id", "There is already a rule 'a'.")
    assert problem.hint.startswith("if it is meant to take its place, say `replaces: true`; the other is ")


def test_a_rule_is_named_as_its_file(library: SmallLibrary) -> None:
    library.rule("a", "[open]", "[{conclude: {stage: wish}}]").rename(library.folder / "rules/b.yaml")
    assert "rules/b.yaml:1 wrong-name" in library.problems()


CALLS = [
    ("[{advise: {play: nonsense, severity: warn, lens: who}}]", "unknown-play", ""),
    ("[{advise: {play: play-of-b, severity: warn, lens: who}}]", "unknown-play", "did you mean 'play-of-a'?"),
    ("[{advise: {play: play-of-a, severity: warn, lens: who, instead_of: [nonsense]}}]", "unknown-rule", "it can be a, x"),
    ("[{advise: {play: play-of-a, severity: warn, lens: who, instead_of: [a, x]}}]", "", ""),
]


@pytest.mark.parametrize(("then", "code", "hint"), CALLS)
def test_what_a_rule_calls_must_be_there(library: SmallLibrary, then: str, code: str, hint: str) -> None:
    library.advice("a")
    library.rule("x", "[open]", then)
    errors = [(problem.code, problem.hint) for problem in library.check() if problem.level == "error"]
    assert [found for found, _ in errors] == ([code] if code else [])
    assert all(hint in found for _, found in errors)


def test_rules_that_wait_for_one_another_are_named(library: SmallLibrary) -> None:
    library.rule("a", "[{none: open}]", "[{conclude: {stage: wish}}]")
    library.rule("b", "[{stage: wish}]", "[{conclude: open}]")
    (problem,) = library.check()
    assert (problem.code, problem.at.line) == ("circle-through-negation", 1)
    assert "a, b" in problem.message


# ── plays ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

PLAYS = [
    # the play that the team has, what its playbook says, problems
    ("play-of-a", "replaces: {plays: [play-of-a]}", []),
    ("play-of-a", "", ["plays/play-of-a.md.j2:1 repeated-id"]),
    ("other", "", []),
    ("other", "replaces: {plays: [other]}", ["plays/other.md.j2:1 nothing-to-replace"]),
    ("other", "replaces: {plays: [play-of-a]}", ["playbook.yaml:4 unknown-play"]),
    ("other", "replaces: {play: [other]}", ["playbook.yaml:4 unknown-key"]),
    ("other", "replaces: {plays: other}", ["playbook.yaml:4 wrong-shape"]),
    ("other", "replaces: [other]", ["playbook.yaml:4 wrong-shape"]),
]


@pytest.mark.parametrize(("play", "says", "problems"), PLAYS)
def test_a_play_is_replaced_only_if_the_playbook_says_so(team: Team, play: str, says: str, problems: list[str]) -> None:
    team.play(play, "Ours")
    team.says(says)
    assert team_problems(team) == problems
    if play == "play-of-a" and not problems:
        found = team.load()
        assert found.plays["play-of-a"].sections["en"]["headline"].source == "Ours"
        assert found.origins["play:play-of-a"] == "team"


def test_the_hint_says_how_to_replace_a_play(team: Team) -> None:
    team.play("play-of-a", "Ours")
    (problem,) = [problem for problem in team.check() if problem.code == "repeated-id"]
    assert problem.hint.startswith("if it is meant to take its place, say `replaces: {plays: [play-of-a]}` in playbook.yaml; ")


DO = [
    # does a rule call it as advice, as a warning only, or not at all; must it say what to do?
    (["do_not: false"], True),
    (["do_not: true"], False),
    (["do_not: true", "do_not: false"], True),
    ([], True),
]


@pytest.mark.parametrize(("calls", "needed"), DO)
def test_a_play_says_what_to_do_unless_it_only_says_what_not_to_do(library: SmallLibrary, calls: list[str], needed: bool) -> None:
    for number, says in enumerate(calls):
        library.advice(f"r{number}", says=says, play="p")
    library.write("plays/p.md.j2", "# en\n## Headline\nx\n# zh\n## 标题\nx\n")
    errors = [problem.message for problem in library.check() if problem.level == "error"]
    assert errors == (["The play has no 'Do' in 'en'.", "The play has no '做什么' in 'zh'."] if needed else [])


# ── parameters, ranking, shows, sections ──────────────────────────────────────────────────────────────────────────────

PARAMS = [
    ("params: {few: 7}", 7, []),
    ("params: {}", 2, []),
    ("params: {few: 10}", 2, ["playbook.yaml:4 out-of-range"]),
    ("params: {few: many}", 2, ["playbook.yaml:4 wrong-type"]),
    ("params: {fwe: 3}", 2, ["playbook.yaml:4 unknown-parameter"]),
    ("params: {few: [3]}", 2, ["playbook.yaml:4 unknown-parameter"]),
    ("params: {more: {value: 3, type: int, meaning: {en: x, zh: x}}}", 2, []),
    ("params: {more: {value: 3, meaning: {en: x, zh: x}}}", 2, ["playbook.yaml:4 missing-key", "playbook.yaml:4 unknown-type"]),
]


@pytest.mark.parametrize(("says", "few", "problems"), PARAMS)
def test_parameters_are_set_within_their_bounds(team: Team, says: str, few: int, problems: list[str]) -> None:
    team.says(says)
    assert team_problems(team) == problems
    found = read_library(team.folder, [])
    assert found is not None and found.params["few"].value == few
    assert (found.params["few"].low, found.params["few"].meaning["en"]) == (1, "few people")


def test_a_rule_of_the_base_follows_the_parameter_of_the_team(library: SmallLibrary, team: Team) -> None:
    library.advice("many", "[{count: {person: {}}, is: {above: $params.few}}]")
    team.says("params: {few: 1}")
    deal = "people: [{id: li}, {id: wang}]"
    assert [advice.rule.id for advice in team.coach(deal).ranked.advice] == ["many"]
    assert [advice.rule.id for advice in library.coach(deal).ranked.advice] == []


RANKING = [
    ("ranking: {actions: 5}", {"actions": 5, "questions": 2}, []),
    ("ranking: {severity: {info: 60}}", {"severity": {"critical": 100, "warn": 50, "advise": 20, "info": 60}}, []),
    ("ranking: {lens_order: [deed]}", {"lens_order": ("deed",), "first_lens": 15}, []),
    ("ranking: {severity: {doom: 60}}", {}, ["playbook.yaml:4 unknown-key"]),
    ("ranking: {actions: -1}", {}, ["playbook.yaml:4 out-of-range"]),
    ("ranking: {questions: 1.5}", {}, ["playbook.yaml:4 out-of-range"]),
    ("ranking: {actoins: 3}", {}, ["playbook.yaml:4 unknown-key"]),
    ("ranking: {staged: much}", {}, ["playbook.yaml:4 wrong-type"]),
]


@pytest.mark.parametrize(("says", "wanted", "problems"), RANKING)
def test_what_a_team_does_not_say_of_the_ranking_stays(team: Team, says: str, wanted: dict[str, object], problems: list[str]) -> None:
    team.says(says)
    assert team_problems(team) == problems
    if not problems:
        ranking = team.load().ranking._asdict()
        assert {key: ranking[key] for key in wanted} == wanted


SHOWS = [
    ("shows: {strategy: other}", {"strategy": "other", "value": "stage"}, []),
    ("shows: {title: account name_zh}", {"title": ("account", "name_zh")}, []),
    ("shows: {risk: risk.person.kind}", {"risk": ("risk", "person", "kind")}, []),
    ("shows: {value: nonsense}", {}, ["playbook.yaml:4 unknown-shown"]),
    ("shows: {value: open}", {}, ["playbook.yaml:4 unknown-shown"]),
    ("shows: {value: stage value}", {}, ["playbook.yaml:4 unknown-shown"]),
    ("shows: {missing: missing}", {}, ["playbook.yaml:4 unknown-shown"]),
    ("shows: {missing: missing rolle}", {}, ["playbook.yaml:4 unknown-shown"]),
    ("shows: {risk: risk person}", {}, ["playbook.yaml:4 unknown-shown"]),
    ("shows: {colour: red}", {}, ["playbook.yaml:4 unknown-key"]),
]


@pytest.mark.parametrize(("says", "wanted", "problems"), SHOWS)
def test_a_report_shows_only_what_there_is(team: Team, says: str, wanted: dict[str, object], problems: list[str]) -> None:
    team.says(says)
    assert team_problems(team) == problems
    if not problems:
        shows = team.load().shows._asdict()
        assert {key: shows[key] for key in wanted} == wanted


def test_a_team_may_add_a_section_of_plays(team: Team) -> None:
    team.says("sections: {story: {en: Story, zh: 故事}}")
    team.write("plays/new.md.j2", PLAY.replace("{en}", "x").replace("{zh}", "x\n## 故事\n从前"))
    assert team_problems(team) == []
    assert team.load().plays["new"].sections["zh"]["story"].source == "从前"


# ── vocabulary ────────────────────────────────────────────────────────────────────────────────────────────────────────

OWN = """\
facts:
  person:
    fields: {shoe: {type: int, label: {en: Shoe size, zh: 鞋码}}, mode: {type: enum, of: mode, label: {en: Mode, zh: 方式}}}
    derived: {big: {type: flag, label: {en: Big, zh: 大}}}
  machine:
    list: machines
    key: id
    label: {en: Machine, zh: 机器}
    fields: {id: {type: key, required: true, label: {en: Id, zh: 编号}}, owner: {type: ref, to: person, label: {en: Owner, zh: 归谁}}}
derived: {worn: {type: flag, label: {en: Worn, zh: 磨损}}}
enums:
  budget: {values: {spent: {en: Spent, zh: 花完}}}
  mode: {values: {fast: {en: Fast, zh: 快}}}
checks:
  - {id: tiny-feet, when: [{person: {shoe: {below: 20}}, as: p}], at: $p.shoe, message: {en: Tiny feet., zh: 脚太小。}}
"""


def test_a_team_adds_types_fields_enum_values_and_checks(team: Team) -> None:
    team.write("vocabulary.yaml", OWN)
    team.rule("big", "[{person: {shoe: {above: 45}, mode: fast}, as: p}]", "[{mark: {$p: big}}]")
    team.advice("w", "[{machine: {owner: known}, as: m}, {person: {big: true}}, {order: {budget: spent}}]", "about: $m")
    found = team.coach("order: {budget: spent}\npeople: [{id: li, shoe: 46, mode: fast, power: 5}]\nmachines: [{id: m1, owner: li}]")
    assert {advice.rule.id for advice in found.ranked.advice} == {"a", "w"}
    enum = found.library.rule_base.vocabulary.enums["budget"]
    assert (enum.ordered, list(enum.values)) == (True, ["none", "asked", "approved", "spent"])
    with pytest.raises(BadInput, match=re.escape("[tiny-feet] Tiny feet.")):
        team.coach("people: [{id: li, shoe: 3}]")


def test_the_base_knows_nothing_of_what_a_team_adds(library: SmallLibrary, team: Team) -> None:
    team.write("vocabulary.yaml", OWN)
    with pytest.raises(BadInput, match="'people' has no field 'shoe'"):
        library.coach("people: [{id: li, shoe: 46}]")


# ── what is extended ──────────────────────────────────────────────────────────────────────────────────────────────────


def problems_of(folder: Path) -> list[str]:
    found: list[Diagnostic] = []
    read_library(folder, found)
    return [f"{Path(p.at.path).name}:{p.at.line}:{p.at.column} {p.code}" for p in found]


def test_a_playbook_may_stand_on_several(team: Team, tmp_path: Path) -> None:
    team.advice("b", STRONG)
    third = Team(tmp_path / "third", str(team.folder))
    third.rule("a", "[open]", "[{conclude: {stage: wish}}]", "replaces: true")
    found = third.load()
    assert sorted(rule.id for rule in found.rule_base.rules) == ["a", "b"]
    assert [found.origins[name] for name in ("a", "b", "play:play-of-a")] == ["team", "team", "small"]


@pytest.mark.parametrize(
    ("base", "problems"),
    [
        ("../small", []),
        ("nonsense", ["playbook.yaml:3:10 unknown-playbook"]),
        (".", ["playbook.yaml:1:1 circle"]),
        ("[a]", ["playbook.yaml:3:10 wrong-shape"]),
    ],
)
def test_what_is_extended_must_be_there(team: Team, base: str, problems: list[str]) -> None:
    team.base = base
    team.says("")
    assert problems_of(team.folder) == problems


def test_two_playbooks_that_extend_each_other_are_a_circle(team: Team, library: SmallLibrary) -> None:
    library.write("playbook.yaml", "id: small\ntitle: x\nextends: ../team\n")
    assert problems_of(team.folder) == ["playbook.yaml:1:1 circle"]


def test_only_the_shipped_rules_can_be_named(library: SmallLibrary) -> None:
    library.write("playbook.yaml", "id: small\ntitle: x\nrules: mine\n")
    assert problems_of(library.folder) == ["playbook.yaml:3:8 unknown-value"]


def test_the_nearest_templates_come_first(library: SmallLibrary, team: Team) -> None:
    library.write("templates/a.j2", "x")
    team.write("templates/a.j2", "x")
    assert [folder.parent.name for folder in team.load().templates] == ["team", "small"]


def test_every_fault_of_a_library_is_told_at_once(team: Team) -> None:
    team.says("params: {fwe: 3}")
    team.write("vocabulary.yaml", "facts: {person: {fields: {x: {type: strange}}}}")
    team.rule("b", "[{person: {powr: 5}}]", "[{conclude: nonsense}]")
    team.write("plays/p.md.j2", "# fr\n")
    with pytest.raises(BadInput) as caught:
        team.load()
    codes = {problem.code for problem in caught.value.diagnostics}
    assert codes >= {"unknown-parameter", "unknown-type", "unknown-field", "undeclared-conclusion", "unknown-language", "missing-section"}


# ── on what is shipped ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_team_extends_the_shipped_playbook(tmp_path: Path) -> None:
    team = Team(tmp_path / "team", "key-account")
    team.says("params: {stale_days: 21}\nreplaces: {plays: [find-the-decision-maker]}")
    team.play("find-the-decision-maker", "Ours")
    team.write("vocabulary.yaml", "facts: {stakeholder: {fields: {hobby: {type: text, label: {en: Hobby, zh: 爱好}}}}}")
    team.advice("chess", "[{stakeholder: {hobby: chess}, as: p}]", "about: $p, lens: right_person")
    found, base = team.load(), load_library(find_playbook(None, None), cached=False)
    assert (found.params["stale_days"].value, base.params["stale_days"].value) == (21, 30)
    assert len(list(found.rule_base.rules)) == len(list(base.rule_base.rules)) + 1
    assert found.plays["find-the-decision-maker"].sections["en"]["headline"].source == "Ours"
    assert set(found.roots) == {
        str(team.folder),
        str(team.folder / "rules"),
        str(shipped("playbooks") / "key-account"),
        str(shipped("rules")),
    }
