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
from tests.small_library import SmallLibrary, Team

STRONG = "[{person: {power: 5}, as: p}]"


def severities(library: Library) -> dict[str, str]:
    return {rule.id: getattr(effect, "severity", "") for rule in library.rule_base.rules for effect in rule.then}


# ── rules ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_team_adds_rules_to_those_it_builds_on(on_top: Team) -> None:
    on_top.advice("b", STRONG, "about: $p")
    found = on_top.load()
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
def test_a_rule_is_replaced_only_if_the_new_one_says_so(on_top: Team, rule: str, says: str, severity: str, problems: list[str]) -> None:
    on_top.rule(rule, STRONG, "[{advise: {play: play-of-a, severity: info, lens: who}}]", says)
    on_top.write(f"rules/{rule}.test.yaml", "scenarios:\n  - {name: x, given: {people: []}, expect: {fires: never}}\n")
    assert [problem for problem in on_top.own_problems() if not problem.endswith("unknown-rule")] == problems
    if not problems:
        assert severities(on_top.load())["a"] == severity


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
def test_a_play_is_replaced_only_if_the_playbook_says_so(on_top: Team, play: str, says: str, problems: list[str]) -> None:
    on_top.play(play, "Ours")
    on_top.says(says)
    assert on_top.own_problems() == problems
    if play == "play-of-a" and not problems:
        found = on_top.load()
        assert found.plays["play-of-a"].sections["en"]["headline"].source == "Ours"
        assert found.origins["play:play-of-a"] == "team"


def test_the_hint_says_how_to_replace_a_play(on_top: Team) -> None:
    on_top.play("play-of-a", "Ours")
    (problem,) = [problem for problem in on_top.check() if problem.code == "repeated-id"]
    assert problem.hint.startswith("if it is meant to take its place, say `replaces: {plays: [play-of-a]}` in playbook.yaml; ")


SCENARIOS = [
    # the scenario file that the team has, what its playbook says, problems
    ("a", "replaces: {scenarios: [a]}", []),
    ("a", "", []),
    ("x", "replaces: {scenarios: [a]}", ["playbook.yaml:4 unknown-scenario"]),
    ("x", "replaces: {scenarios: [x]}", ["playbook.yaml:4 nothing-to-replace"]),
    ("a", "replaces: {scenarios: a}", ["playbook.yaml:4 wrong-shape"]),
]


@pytest.mark.parametrize(("name", "says", "problems"), SCENARIOS)
def test_scenarios_are_replaced_by_those_of_the_same_file_name(
    library: SmallLibrary, on_top: Team, name: str, says: str, problems: list[str]
) -> None:
    library.write("rules/more/a.test.yaml", "scenarios:\n  - {name: x, given: {people: []}, expect: {fires: never}}\n")
    on_top.write(f"rules/{name}.test.yaml", "scenarios:\n  - {name: x, given: {}, expect: {out: [open]}}\n")
    on_top.says(says)
    assert on_top.own_problems() == problems


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


def test_a_team_adds_types_fields_enum_values_and_checks(on_top: Team) -> None:
    on_top.write("vocabulary.yaml", OWN)
    on_top.rule("big", "[{person: {shoe: {above: 45}, mode: fast}, as: p}]", "[{mark: {$p: big}}]")
    on_top.advice("w", "[{machine: {owner: known}, as: m}, {person: {big: true}}, {order: {budget: spent}}]", "about: $m")
    found = on_top.coach("order: {budget: spent}\npeople: [{id: li, shoe: 46, mode: fast, power: 5}]\nmachines: [{id: m1, owner: li}]")
    assert {advice.rule.id for advice in found.ranked.advice} == {"a", "w"}
    enum = found.library.rule_base.vocabulary.enums["budget"]
    assert (enum.ordered, list(enum.values)) == (True, ["none", "asked", "approved", "spent"])
    with pytest.raises(BadInput, match=re.escape("[tiny-feet] Tiny feet.")):
        on_top.coach("people: [{id: li, shoe: 3}]")


def test_the_base_knows_nothing_of_what_a_team_adds(library: SmallLibrary, on_top: Team) -> None:
    on_top.write("vocabulary.yaml", OWN)
    with pytest.raises(BadInput, match="'people' has no field 'shoe'"):
        library.coach("people: [{id: li, shoe: 46}]")


# ── what is extended ──────────────────────────────────────────────────────────────────────────────────────────────────


def problems_of(folder: Path) -> list[str]:
    found: list[Diagnostic] = []
    read_library(folder, found)
    return [f"{Path(p.at.path).name}:{p.at.line}:{p.at.column} {p.code}" for p in found]


def test_a_playbook_may_stand_on_several(on_top: Team, tmp_path: Path) -> None:
    on_top.advice("b", STRONG)
    third = Team(tmp_path / "third", str(on_top.folder))
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
def test_what_is_extended_must_be_there(on_top: Team, base: str, problems: list[str]) -> None:
    on_top.base = base
    on_top.says("")
    assert problems_of(on_top.folder) == problems


def test_two_playbooks_that_extend_each_other_are_a_circle(on_top: Team, library: SmallLibrary) -> None:
    library.write("playbook.yaml", "id: small\ntitle: x\nextends: ../team\n")
    assert problems_of(on_top.folder) == ["playbook.yaml:1:1 circle"]


def test_only_the_shipped_rules_can_be_named(library: SmallLibrary) -> None:
    library.write("playbook.yaml", "id: small\ntitle: x\nrules: mine\n")
    assert problems_of(library.folder) == ["playbook.yaml:3:8 unknown-value"]


def test_the_nearest_templates_come_first(library: SmallLibrary, on_top: Team) -> None:
    library.write("templates/a.j2", "x")
    on_top.write("templates/a.j2", "x")
    assert [folder.parent.name for folder in on_top.load().templates] == ["team", "small"]


def test_every_fault_of_a_library_is_told_at_once(on_top: Team) -> None:
    on_top.says("params: {fwe: 3}")
    on_top.write("vocabulary.yaml", "facts: {person: {fields: {x: {type: strange}}}}")
    on_top.rule("b", "[{person: {powr: 5}}]", "[{conclude: nonsense}]")
    on_top.write("plays/p.md.j2", "# fr\n")
    with pytest.raises(BadInput) as caught:
        on_top.load()
    codes = {problem.code for problem in caught.value.diagnostics}
    assert codes >= {"unknown-parameter", "unknown-type", "unknown-field", "undeclared-conclusion", "unknown-language", "missing-section"}


# ── on what is shipped ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_team_extends_the_shipped_playbook(tmp_path: Path) -> None:
    on_top = Team(tmp_path / "team", "key-account")
    on_top.says("params: {stale_days: 21}\nreplaces: {plays: [find-the-decision-maker]}")
    on_top.play("find-the-decision-maker", "Ours")
    on_top.write("vocabulary.yaml", "facts: {stakeholder: {fields: {hobby: {type: text, label: {en: Hobby, zh: 爱好}}}}}")
    on_top.advice("chess", "[{stakeholder: {hobby: chess}, as: p}]", "about: $p, lens: right_person")
    found, base = on_top.load(), load_library(find_playbook(None, None), cached=False)
    assert (found.params["stale_days"].value, base.params["stale_days"].value) == (21, 30)
    assert len(list(found.rule_base.rules)) == len(list(base.rule_base.rules)) + 1
    assert found.plays["find-the-decision-maker"].sections["en"]["headline"].source == "Ours"
    assert set(found.roots) == {
        str(on_top.folder),
        str(on_top.folder / "rules"),
        str(shipped("playbooks") / "key-account"),
        str(shipped("rules")),
    }
