"""Scenario files: the deal that is given, what is expected, and the faults of both."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kamcoach.model.condition import Pattern
from kamcoach.model.playbook import Library
from kamcoach.model.scenario import Scenario
from kamcoach.reading.finding import shipped
from kamcoach.reading.scenarios import read_scenarios
from kamcoach.source import Diagnostic
from tests.reading.reading import only, told

NAME = "single-thread.test.yaml"
ONE = "scenarios:\n  - name: one\n    given: {}\n    expect: "


def _read(folder: Path, library: Library, text: str, name: str = NAME) -> tuple[list[Scenario], list[Diagnostic]]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    found = read_scenarios(path, library, problems := [])
    return found, problems


GOOD = """\
as_of: 2026-03-02
shared:
  as_of: 2026-01-01
  account: {name: Acme, employees: 3}
  stakeholders: [{id: li}]
scenarios:
  - name: one
    given: {account: {employees: 5}, needs: []}
    expect:
      fires: certainly
      about: []
      certain: [in_contest, {stakeholder: {id: li}}]
      asks: [stakeholders, stakeholders.li.power, account.type, opportunity.price.quoted]
      actions: [single-thread]
  - name: two
    as_of: 2026-05-05
    given: {as_of: 2026-04-04, stakeholders: []}
    expect: {out: [{stage: implementation}]}
"""


def test_shared_facts_lie_under_what_is_given(tmp_path: Path, shipped_library: Library) -> None:
    (one, two), problems = _read(tmp_path, shipped_library, GOOD)
    assert problems == []
    account = one.deal.fact("account")
    assert account is not None
    assert account.fields == {"name": "Acme", "employees": 5}
    assert [fact.key for fact in one.deal.facts if fact.type == "stakeholder"] == ["li"]
    assert not [fact for fact in two.deal.facts if fact.type == "stakeholder"]
    assert (one.deal.as_of, two.deal.as_of) == (date(2026, 1, 1), date(2026, 4, 4))
    assert (one.rule, one.name, one.at.line) == ("single-thread", "one", 7)
    expect = one.expect
    assert (expect.fires, expect.about, expect.actions, expect.possible, expect.advice) == ("certainly", (), ("single-thread",), (), None)
    assert [type(pattern) for pattern in expect.certain] == [Pattern, Pattern]
    assert [pattern.type for pattern in two.expect.out] == ["stage"]


def test_a_whole_deal_takes_the_date_of_the_scenario(tmp_path: Path, shipped_library: Library) -> None:
    example = shipped("examples") / "velora-planning.yaml"
    text = f"as_of: 2020-01-01\nscenarios:\n  - {{name: one, deal: {example}, expect: {{fires: never}}}}\n"
    text += f"  - {{name: two, as_of: 2026-05-05, deal: {example}, expect: {{fires: never}}}}\n"
    (one, two), problems = _read(tmp_path, shipped_library, text, "whole.test.yaml")
    assert problems == []
    assert (one.deal.as_of, two.deal.as_of) == (date(2025, 9, 10), date(2026, 5, 5))
    assert (one.rule, one.deal.path) == ("", str(example))


FAULTS = [
    ("scenario: []\n", "unknown-key", "scenario", "did you mean 'scenarios'"),
    ("scenarios:\n", "missing-key", "scenarios", ""),
    ("scenarios: []\n", "empty-test", "[]", "- name:"),
    ("scenarios: {name: one}\n", "wrong-shape", "{name", "begin each entry"),
    ("scenarios: [one]\n", "wrong-shape", "one", ""),
    ("rule: single-thred\n" + ONE + "{fires: never}\n", "unknown-rule", "single-thred", "did you mean 'single-thread'"),
    ("shared: [x]\n" + ONE + "{fires: never}\n", "wrong-shape", "[x]", ""),
    ("as_of: 2.3.2026\n" + ONE + "{fires: never}\n", "bad-date", "2.3.2026", "year-month-day"),
    (ONE.replace("name: one", "name:") + "{fires: never}\n", "missing-key", "name", ""),
    (ONE.replace("    given: {}\n", "") + "{fires: never}\n", "missing-key", "name", "given: {}"),
    (ONE.replace("{}", "") + "{fires: never}\n", "wrong-shape", "", ""),
    (ONE.replace("{}", "[]") + "{fires: never}\n", "wrong-shape", "[]", ""),
    (ONE.replace("{}", "{stakeholder: []}") + "{fires: never}\n", "unknown-key", "stakeholder", "did you mean 'stakeholders'"),
    (ONE.replace("{}", "{stage: x}") + "{fires: never}\n", "unknown-key", "stage", "rules conclude it"),
    (ONE.replace("given: {}", "deal: nowhere.yaml") + "{fires: never}\n", "unreadable-file", "nowhere.yaml", "folder of this file"),
    (ONE.replace("given: {}", "deal: " + "x" * 300) + "{fires: never}\n", "unreadable-file", "xxx", "folder of this file"),
    (ONE + "\n", "missing-key", "expect", ""),
    (ONE + "{}\n", "empty-test", "{}", "it can be fires"),
    (ONE + "never\n", "wrong-shape", "never", ""),
    (ONE + "{fire: never}\n", "unknown-key", "fire", "did you mean 'fires'"),
    (ONE + "{fires: maybe}\n", "unknown-value", "maybe", "it can be certainly, possibly, never"),
    (ONE + "{fires: [never]}\n", "wrong-shape", "[never]", "without […]"),
    (ONE + "{about: li}\n", "wrong-shape", "li", "write [li]"),
    (ONE + "{about: }\n", "wrong-shape", "}", "`[]`"),
    (ONE + "{certain: in_contest}\n", "wrong-shape", "in_contest", "write [in_contest]"),
    (ONE + "{certain: [in_contst]}\n", "unknown-type", "in_contst", "did you mean 'in_contest'"),
    (ONE + "{certain: [{none: in_contest}]}\n", "wrong-shape", "{none", "'out'"),
    (ONE + "{certain: [{stage: evaluation}]}\n", "unknown-value", "evaluation", "did you mean 'evaluation_of_options'"),
    (ONE + "{certain: [{stakeholder: {id: $p}}]}\n", "unbound-name", "$p", "as:"),
    (ONE + "{actions: [single-thred]}\n", "unknown-rule", "single-thred", "did you mean 'single-thread'"),
    (ONE + "{advice: [single-thread, x]}\n", "unknown-rule", "x]", ""),
    (ONE + "{asks: [stakeholder]}\n", "unknown-type", "stakeholder", "did you mean 'stakeholders'"),
    (ONE + "{asks: [stakeholders.li]}\n", "unknown-field", "stakeholders.li", "<id>.<field>"),
    (ONE + "{asks: [stakeholders.li.powr]}\n", "unknown-field", "stakeholders.li.powr", "did you mean 'power'"),
    (ONE + "{asks: [account]}\n", "unknown-field", "account", "account.<field>"),
    (ONE + "{questions: [account.nam]}\n", "unknown-field", "account.nam", "did you mean 'name'"),
    (ONE + "{asks: [[]]}\n", "wrong-shape", "[]", ""),
]


@pytest.mark.parametrize(("text", "code", "place", "hint"), FAULTS, ids=[f"{code}-{text[-24:].strip()}" for text, code, *_ in FAULTS])
def test_each_fault_at_its_place_with_the_way_out(
    tmp_path: Path, shipped_library: Library, text: str, code: str, place: str, hint: str
) -> None:
    found, problems = _read(tmp_path, shipped_library, text)
    missing = [one for one in problems if (one.code, one.message) == ("missing-key", "A scenario file needs 'scenarios'.")]
    assert found == [] or code in ("unknown-rule", "wrong-shape", "unknown-key")
    only(text, [one for one in problems if one not in missing], code, place, hint)


def test_what_is_wrong_in_shared_facts_is_told_once(tmp_path: Path, shipped_library: Library) -> None:
    text = "shared: {account: {nam: x}}\nscenarios:\n" + "".join(
        f"  - {{name: n{n}, given: {{}}, expect: {{fires: never}}}}\n" for n in range(3)
    )
    only(text, _read(tmp_path, shipped_library, text)[1], "unknown-field", "nam", "did you mean 'name'")


def test_a_sound_scenario_is_read_beside_a_broken_one(tmp_path: Path, shipped_library: Library) -> None:
    text = ONE + "{fires: never}\n  - {name: two, expect: {fires: sometimes}}\n"
    found, problems = _read(tmp_path, shipped_library, text)
    assert [one.name for one in found] == ["one"]
    assert [code for code, _ in told(text, problems)] == ["missing-key", "unknown-value"]


def test_given_or_deal_and_not_both(tmp_path: Path, shipped_library: Library) -> None:
    example = shipped("examples") / "velora-planning.yaml"
    text = f"scenarios:\n  - {{name: one, deal: {example}, given: {{}}, expect: {{fires: never}}}}\n"
    only(text, _read(tmp_path, shipped_library, text)[1], "wrong-shape", "{}", "take one of them away")
