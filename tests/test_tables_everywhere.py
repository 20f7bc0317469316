"""The rows of a decision table in the commands that speak of rules: each is a rule with its own scenarios, coverage and mutants."""

from __future__ import annotations

import pytest

from kamcoach.errors import UnknownName
from kamcoach.proving.choice import rules_at
from kamcoach.proving.coverage import coverage
from kamcoach.proving.coverage_report import report
from kamcoach.proving.hunt import Hunter
from kamcoach.rulebook.listing import rule_named
from kamcoach.rulebook.sheet import sheet
from tests.proving.proved import playbook
from tests.small_library import SmallLibrary

RULE = """\
id: strong
each: row
table: {table}
title: {{en: A strong one, zh: 有分量的人}}
when: [{{person: {{roles: {{has: $row}}, power: {{at_least: $row.power}}}}, as: p}}]
then: [{{advise: {{play: meet, severity: warn, lens: who, about: $p}}}}]
why: {{en: Because., zh: 因为。}}
source: house judgement
"""
SCENARIOS = """\
as_of: 2026-03-02
scenarios:
  - name: a user of weight
    row: user
    given: {people: [{id: li, roles: [user], power: 2}]}
    expect: {fires: certainly, about: [li]}
  - name: a user of less
    row: user
    given: {people: [{id: li, roles: [user], power: 1}]}
    expect: {fires: never}
  - name: a decider of weight
    row: decider
    given: {people: [{id: li, roles: [decider], power: 4}]}
    expect: {fires: certainly}
"""


@pytest.fixture
def tabled(library: SmallLibrary) -> SmallLibrary:
    library.play("meet", "Meet {{ p.name }}", "见{{ p.name }}")
    library.write("rules/limits.csv", "role,power\nuser,2\ndecider,4\n")
    library.write("rules/strong.yaml", RULE.format(table="limits.csv"))
    library.write("rules/strong.test.yaml", SCENARIOS)
    return library


def told(library: SmallLibrary, code: str) -> list[tuple[str, str]]:
    return [(one.at.short, one.message) for one in library.check() if one.code == code]


# ── check ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_row_that_is_tried_on_one_side_only_is_told_at_its_line(tabled: SmallLibrary) -> None:
    assert told(tabled, "rule-without-scenario") == [("limits.csv:3", "The rule 'strong/decider' fires in all of its scenarios.")]


def test_a_row_without_any_scenario_is_told_at_its_line(tabled: SmallLibrary) -> None:
    tabled.write("rules/strong.test.yaml", SCENARIOS[: SCENARIOS.index("  - name: a decider")])
    assert told(tabled, "rule-without-scenario") == [("limits.csv:3", "The rule 'strong/decider' has no scenarios.")]


def test_a_table_without_a_scenario_file_is_told_once(tabled: SmallLibrary) -> None:
    (tabled.folder / "rules/strong.test.yaml").unlink()
    assert told(tabled, "rule-without-scenario") == [("limits.csv:2", "The rule 'strong' has no scenarios.")]


def test_scenarios_without_a_row_are_about_all_of_them(tabled: SmallLibrary) -> None:
    tabled.write("rules/strong.test.yaml", SCENARIOS.replace("    row: user\n", "").replace("    row: decider\n", ""))
    assert told(tabled, "rule-without-scenario") == []


def test_a_fault_of_the_play_is_told_once_and_not_for_each_row(tabled: SmallLibrary) -> None:
    tabled.play("meet", "Meet {{ q }}", "见{{ p.name }}")
    assert told(tabled, "play-unknown-name") == [("meet.md.j2:3", "The play speaks of 'q', which the rule 'strong' does not bind.")]


def test_a_figure_in_three_rows_is_no_figure_in_three_rules(tabled: SmallLibrary) -> None:
    tabled.write("rules/strong.yaml", RULE.format(table="[[n, power], [user, 3], [decider, 3], [x, 3]]").replace("has: $row", "has: user"))
    assert told(tabled, "repeated-threshold") == []


def test_a_gap_between_two_rows_is_told(tabled: SmallLibrary) -> None:
    table = "{few: {from: 1, to: 2}, many: {from: 4, to: 5}}"
    rule = RULE.format(table=table).replace(
        "roles: {has: $row}, power: {at_least: $row.power}", "power: {at_least: $row.from, at_most: $row.to}"
    )
    tabled.write("rules/strong.yaml", rule)
    assert [message for _, message in told(tabled, "threshold-gap")] == [
        "Between 'strong/few' and 'strong/many' 'person.power' 3 is left out."
    ]


@pytest.mark.parametrize("name", ["strong.yaml", "limits.csv"])
def test_a_rule_file_is_judged_together_with_its_table(tabled: SmallLibrary, name: str) -> None:
    found = [one.code for one in tabled.check(tabled.folder / "rules" / name)]
    assert found == ["rule-without-scenario"]


# ── test ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_row_has_its_own_coverage(tabled: SmallLibrary) -> None:
    found, cases = playbook(tabled)
    user, decider = coverage(found, ["strong/user", "strong/decider"], cases)
    assert (user.scenarios, decider.scenarios) == (2, 1)
    headings = [line for line in report([user, decider], "en") if "rules" in line and not line.startswith(" ")]
    assert [line.rsplit(" ", 1)[-1] for line in headings[:2]] == ["strong/user", "strong/decider"]


def test_each_row_has_its_own_mutants(tabled: SmallLibrary) -> None:
    hunter = Hunter(*playbook(tabled))
    left = {
        rule_id: [hunter.mutant(one).change.after for one in hunter.by_own((rule_id, n) for n in range(len(hunter.mutants(rule_id))))]
        for rule_id in ("strong/user", "strong/decider")
    }
    assert "power: {at_least: 1}" not in left["strong/user"]
    assert "power: {at_least: 3}" in left["strong/decider"]  # nobody tries a decider of less


@pytest.mark.parametrize("name", ["strong.yaml", "limits.csv", "strong.test.yaml"])
def test_the_files_of_a_table_mean_all_its_rows(tabled: SmallLibrary, name: str) -> None:
    from kamcoach.proving.choice import choose

    chosen = choose((tabled.folder / "rules/strong.test.yaml",), str(tabled.folder))
    assert set(rules_at(chosen, (tabled.folder / "rules" / name,))) == {"strong/user", "strong/decider"}


# ── rules, why ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_row_is_shown_with_its_own_scenarios(tabled: SmallLibrary) -> None:
    library = tabled.load()
    shown = sheet(rule_named(library, "strong/user"), library, "en")
    assert [one["name"] for one in shown["scenarios"]] == ["a user of weight", "a user of less"]
    with pytest.raises(UnknownName, match=r"'strong' is a table\. Name one of its rows: strong/decider, strong/user\."):
        rule_named(library, "strong")
