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
    "    fires:",
    "      expected  certainly",
    "      found  never",
    "    about:",
    "      expected  li",
    "      found  nothing",
    "    The conditions of b.yaml here:",
    "      false    6: person: {power: {at_least: 4}}   <- li: power 1",
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
    assert ran().lines[:4] == [
        "FAILED rules/few.test.yaml:4 three are not",
        "    fires:",
        "      expected  never",
        "      found  certainly",
    ]
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
    assert found.lines[1:6] == [
        "    fires:",
        "      expected  certainly",
        "      found  never",
        "    The conditions of c.yaml here:",
        "      false    6: person: {reached: true}   <- li: reached false",
    ]
    assert found.lines[6:] == ["6 scenarios of 4 rules and 1 whole deal: 1 failed", *CHANGED]
    ours.says("replaces: {scenarios: [c]}")
    ours.write("rules/c.test.yaml", HEAD + GOOD.replace("fires: certainly", "fires: never"))
    assert (ran().code, ran().lines) == (0, ["6 scenarios of 4 rules and 1 whole deal: 0 failed"])
    assert called("check", "--playbook", ".").code == 0


# ── what else can be asked for ────────────────────────────────────────────────────────────────────────────────────────


def test_a_word_chooses_by_the_name_of_the_scenario_or_of_its_file(tested: SmallLibrary) -> None:
    assert called("test", "-k", "STRONG").lines == ["3 scenarios of 2 rules and 1 whole deal: 0 failed"]
    assert called("test", "-k", "b.test").lines[-1] == "2 scenarios of 1 rule and 0 whole deals: 1 failed"
    nothing = called("test", "-k", "nobody")
    assert (nothing.code, nothing.err) == (2, "No scenario here has 'nobody' in its name or in that of its file.\n")


def test_in_chinese(tested: SmallLibrary) -> None:
    found = called("test", "--lang", "zh")
    assert found.lines[0] == "没通过 rules/more/b.test.yaml:6 weak"
    assert found.lines[2] == "      预期  certainly"
    assert found.lines[-1] == "2条规则、1个完整单子，共4个场景：1个没通过"


def test_junit_is_written_whole(tested: SmallLibrary) -> None:
    assert called("test", "--junit", "out.xml").code == 1
    assert called("test", "--junit", "out.xml").code == 1  # an old one is replaced
    text = (tested.folder / "out.xml").read_text(encoding="utf-8")
    assert '<testsuites tests="4" failures="1"' in text
    assert called("test", "--junit", "nowhere/out.xml").code == 2


def test_coverage_tells_what_is_left_out_and_may_be_asked_to_reach_a_figure(tested: SmallLibrary) -> None:
    found = called("test", "rules/a.yaml", "--coverage")
    assert (found.code, found.lines[1:]) == (
        0,
        [
            "rules/a.yaml",
            "  line 6: `power: {at_least: 4}` is never false or unknown",
            "  line 6: `power: {at_least: 4}` is never tried just below (3) or at 4",
            "1 rule: 0 without a scenario, 0 that fire in none",
            "1 of 3 truth values of the conditions and 1 of 3 points beside thresholds are tried: 33.3 percent",
        ],
    )
    assert called("test", "rules/a.yaml", "--coverage", "--at-least", "33").code == 0
    assert called("test", "rules/a.yaml", "--coverage", "--at-least", "34").code == 1


def test_mutation_lists_what_nobody_notices_with_the_scenario_that_would(tested: SmallLibrary) -> None:
    found = called("test", "rules/a.yaml", "--mutate", "--jobs", "1")
    assert found.code == 0
    assert found.lines[1:4] == [
        "rules/a.yaml",
        "  line 6: `power: {at_least: 4}` left out",
        "  line 6: `power: {at_least: 4}` turned into `power: {at_least: 3}`",
    ]
    assert "    -> write in rules/a.test.yaml one like line 3, “strong”, but with people.li.power: 3; expect fires: never" in found.lines
    assert found.lines[-1] == "5 changes to 1 rule, 1 noticed by the scenarios: 20.0 percent"


def test_mutation_of_one_kind_and_with_a_figure_to_reach(tested: SmallLibrary) -> None:
    found = called("test", "rules/a.yaml", "--mutate", "--kind", "threshold", "--jobs", "1", "--at-least", "50")
    assert (found.code, found.lines[-2:]) == (
        1,
        ["threshold moved by one: 0 of 2", "2 changes to 1 rule, 0 noticed by the scenarios: 0.0 percent"],
    )


def test_mutation_wants_scenarios_that_pass(tested: SmallLibrary) -> None:
    found = called("test", "--mutate")
    assert (found.code, found.lines[0]) == (2, "FAILED rules/more/b.test.yaml:6 weak")
    assert found.err.startswith("Mend these scenarios first")


def test_mutation_in_chinese(tested: SmallLibrary) -> None:
    found = called("test", "rules/a.yaml", "--mutate", "--jobs", "1", "--lang", "zh")
    assert "  第6行：去掉 `power: {at_least: 4}`" in found.lines
    assert found.lines[-1] == "1条规则改了5处，场景发现了1处：20.0%"


def test_watching_and_mutating_do_not_go_together(tested: SmallLibrary) -> None:
    assert called("test", "--watch", "--mutate").code == 2


def test_watching_runs_what_a_change_can_have_touched(tested: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three changes: a scenario, a rule that is broken for a moment, and a rule."""
    steps = [
        ("rules/more/b.test.yaml", HEAD + GOOD),
        ("rules/b.yaml", "id: b\n"),
        ("rules/b.yaml", (tested.folder / "rules/b.yaml").read_text(encoding="utf-8")),
    ]

    def change(*_: object) -> list[Path]:
        if not steps:
            raise KeyboardInterrupt
        return [tested.write(*steps.pop(0))]

    monkeypatch.setattr("kamcoach.proving.watch.wait_for_change", change)
    found = called("test", "--watch")
    told = [line for line in found.lines if "failed" in line or "changed" in line or line.startswith("rules/b.yaml:")]
    assert (found.code, told[:4]) == (
        0,
        [
            "4 scenarios of 2 rules and 1 whole deal: 1 failed",
            "rules/more/b.test.yaml changed.",
            "1 scenario of 1 rule and 0 whole deals: 0 failed",
            "rules/b.yaml changed.",
        ],
    )
    assert told[4].startswith("rules/b.yaml:1:1: [missing-key]")
    assert told[-1] == "2 scenarios of 1 rule and 1 whole deal: 0 failed"
