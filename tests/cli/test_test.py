"""`kamcoach test`: which scenarios are run, and how it exits."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calling import Called, called
from tests.small_library import SmallLibrary, Team

HEAD = "as_of: 2026-03-02\nscenarios:\n"
GOOD = "  - name: strong\n    given: {people: [{id: li, power: 5}]}\n    expect: {fires: certainly}\n"
WRONG = "  - name: weak\n    given: {people: [{id: li, power: 1}]}\n    expect: {fires: certainly, about: [li]}\n"


@pytest.fixture
def tested(team: SmallLibrary) -> SmallLibrary:
    """Rule `a` passes, `b` does not, and a whole deal passes."""
    team.advice("b", "[{person: {power: {at_least: 4}}, as: p}]", "about: $p")
    team.write("rules/a.test.yaml", HEAD + GOOD)
    team.write("rules/more/b.test.yaml", HEAD + GOOD + WRONG)
    team.write("rules/deals/whole.test.yaml", HEAD + GOOD.replace("fires: certainly", "advice: [a, b]"))
    return team


FAILED = [
    "FAILED rules/more/b.test.yaml:6 weak",
    "    the rule should fire certainly, but fires never",
    "    about: expected li, found nothing",
]


def test_all_scenarios_are_run_and_a_failed_one_exits_with_1(tested: SmallLibrary) -> None:
    assert called("test") == Called(1, "\n".join([*FAILED, "4 scenarios of 2 rules and 1 whole deal: 1 failed\n"]), "")


RUNS = [
    ("rules/a.test.yaml", 0, "1 scenario of 1 rule and 0 whole deals: 0 failed"),
    ("rules/a.yaml", 0, "1 scenario of 1 rule and 0 whole deals: 0 failed"),
    ("rules/more", 1, "2 scenarios of 1 rule and 0 whole deals: 1 failed"),
    ("rules/deals", 0, "1 scenario of 0 rules and 1 whole deal: 0 failed"),
    ("rules", 1, "4 scenarios of 2 rules and 1 whole deal: 1 failed"),
    (".", 1, "4 scenarios of 2 rules and 1 whole deal: 1 failed"),
]


@pytest.mark.parametrize(("path", "code", "summary"), RUNS)
def test_the_scenarios_of_a_file_a_rule_or_a_folder(tested: SmallLibrary, path: str, code: int, summary: str) -> None:
    found = called("test", path)
    assert (found.code, found.lines[-1]) == (code, summary)


def test_a_file_that_is_named_twice_is_run_once(tested: SmallLibrary) -> None:
    assert called("test", "rules/a.yaml", "rules/a.test.yaml").lines == ["1 scenario of 1 rule and 0 whole deals: 0 failed"]


def test_verbose_names_every_scenario(tested: SmallLibrary) -> None:
    found = called("test", "-v", "rules/more")
    assert found.lines[:2] == ["ok     rules/more/b.test.yaml:3 strong", "FAILED rules/more/b.test.yaml:6 weak"]


def test_a_mistake_in_a_scenario_file_exits_with_2(tested: SmallLibrary) -> None:
    tested.write("rules/a.test.yaml", HEAD + GOOD.replace("fires: certainly", "fires: often"))
    found = called("test")
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("rules/a.test.yaml:5:21: [unknown-value] 'fires' is never 'often'.")


def test_a_mistake_in_a_rule_exits_with_2(tested: SmallLibrary) -> None:
    tested.write("rules/a.yaml", "id: a\n")
    found = called("test", "rules/more")
    assert found.code == 2
    assert found.err.startswith("rules/a.yaml:1:1: [missing-key]")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("plays", "There is no scenario here."),
        ("rules/c.yaml", "rules/c.test.yaml:1:1: [unreadable-file] There is no such file."),
        ("nothing.test.yaml", "nothing.test.yaml:1:1: [unreadable-file] There is no such file."),
    ],
)
def test_where_there_is_nothing_to_run(tested: SmallLibrary, path: str, message: str) -> None:
    found = called("test", path)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(message)


EDGES = (
    HEAD
    + "  - {name: two are few, given: {people: [{id: li}, {id: wang}]}, expect: {fires: certainly}}\n"
    + "  - {name: three are not, given: {people: [{id: li}, {id: wang}, {id: zhao}]}, expect: {fires: never}}\n"
)


@pytest.fixture
def ours(tested: SmallLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Team:
    """A team on top of it. What it builds on is sound, and has a rule with a limit, tried at the limit of 2."""
    tested.write("rules/more/b.test.yaml", HEAD + GOOD)
    tested.advice("few", "[{count: {person: {}}, is: {at_most: $params.few}}]")
    tested.write("rules/few.test.yaml", EDGES)
    team = Team(tmp_path / "ours", str(tested.folder))
    monkeypatch.chdir(team.folder)
    return team


def ran() -> Called:
    return called("test", "--playbook", ".")


ALL = "5 scenarios of 3 rules and 1 whole deal: 0 failed"


def test_a_team_runs_what_it_builds_on_too_but_not_what_it_replaced(ours: Team) -> None:
    assert (ran().code, ran().lines) == (0, [ALL])
    ours.rule(
        "b",
        "[{person: {power: {at_least: 1}}, as: p}]",
        "[{advise: {play: play-of-b, severity: info, lens: who, about: $p}}]",
        "replaces: true",
    )
    ours.write("rules/b.test.yaml", HEAD + WRONG)
    assert (ran().code, ran().lines) == (0, [ALL])


def test_what_a_team_builds_on_is_run_with_its_own_parameters(ours: Team, tested: SmallLibrary) -> None:
    ours.says("params: {few: 1}")
    assert (ran().code, ran().lines) == (0, [ALL])
    assert called("test", "--playbook", ".", str(tested.folder / "rules/few.yaml")).code == 0


def test_a_team_tries_a_rule_of_the_other_playbook_with_its_own_parameter(ours: Team) -> None:
    ours.says("params: {few: 3}")
    ours.write("rules/few.test.yaml", EDGES)
    assert ran().lines[:2] == ["FAILED rules/few.test.yaml:4 three are not", "    the rule should fire never, but fires certainly"]
    ours.write("rules/few.test.yaml", EDGES.replace("fires: never", "fires: certainly"))
    assert (ran().code, ran().lines) == (0, [ALL.replace("5 scenarios", "7 scenarios")])


def test_each_playbook_in_a_row_has_its_own_parameters(ours: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one in the middle adds a parameter and a rule that reads it; the last one sets both."""
    ours.says("params: {few: 1, more: {value: 2, type: int, meaning: {en: x, zh: x}}}")
    ours.advice("more", "[{count: {person: {}}, is: {at_most: $params.more}}]")
    ours.write("rules/more.test.yaml", EDGES)
    last = Team(tmp_path / "last", str(ours.folder))
    last.says("params: {few: 9, more: 9}")
    monkeypatch.chdir(last.folder)
    assert (ran().code, ran().lines) == (0, [ALL.replace("5 scenarios of 3", "7 scenarios of 4")])


def test_more_advice_is_no_fault_of_what_was_shown_before(ours: Team) -> None:
    """`rules/deals/whole.test.yaml` says which rules give advice, and did not know of this one."""
    ours.advice("new", "[{person: {power: {at_least: 4}}, as: p}]", "about: $p, instead_of: [a]")
    ours.write("rules/new.test.yaml", HEAD + GOOD)
    assert (ran().code, ran().lines) == (0, [ALL.replace("5 scenarios of 3", "6 scenarios of 4")])


CHANGED = [
    "    the rule should fire certainly, but fires never",
    "Rules here change conclusions that small expects, with its own parameters. If that is not meant, mend them. If it is, copy",
    "the scenario file into rules/ here, correct what it expects, and name it in playbook.yaml: `replaces: {scenarios: [NAME]}`.",
]


def test_a_rule_of_the_team_that_changes_what_was_concluded_before_is_told(ours: Team, tested: SmallLibrary) -> None:
    tested.rule("big", "[{person: {power: {at_least: 4}}, as: p}]", "[{mark: {$p: reached}}]")
    tested.advice("c", "[{person: {reached: true}, as: p}]", "about: $p")
    tested.write("rules/c.test.yaml", HEAD + GOOD)
    ours.rule("big", "[{person: {power: {above: 5}}, as: p}]", "[{mark: {$p: reached}}]", "replaces: true")
    found = ran()
    assert found.code == 1
    assert found.lines[0].startswith("FAILED ") and found.lines[0].endswith("small/rules/c.test.yaml:3 strong (small)")
    assert found.lines[1:] == [CHANGED[0], "6 scenarios of 4 rules and 1 whole deal: 1 failed", *CHANGED[1:]]
    ours.says("replaces: {scenarios: [c]}")
    ours.write("rules/c.test.yaml", HEAD + GOOD.replace("fires: certainly", "fires: never"))
    assert (ran().code, ran().lines) == (0, ["6 scenarios of 4 rules and 1 whole deal: 0 failed"])
    assert called("check", "--playbook", ".").code == 0
