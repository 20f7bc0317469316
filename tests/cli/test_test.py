"""`kamcoach test`: which scenarios are run, and how it exits."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calling import Called, called
from tests.small_library import SmallLibrary

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


def test_a_team_runs_what_it_builds_on_too_but_not_what_it_replaced(
    tested: SmallLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = SmallLibrary(tmp_path / "ours")
    ours.write("playbook.yaml", f"id: ours\ntitle: x\nextends: {tested.folder}\n")
    ours.write("vocabulary.yaml", "{}")
    ours.rule(
        "b",
        "[{person: {power: {at_least: 1}}, as: p}]",
        "[{advise: {play: play-of-b, severity: info, lens: who, about: $p}}]",
        "replaces: true",
    )
    ours.write("rules/b.test.yaml", HEAD + WRONG)
    monkeypatch.chdir(ours.folder)
    found = called("test", "--playbook", ".")
    assert (found.code, found.lines) == (0, ["3 scenarios of 2 rules and 1 whole deal: 0 failed"])
