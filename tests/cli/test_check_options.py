"""`kamcoach check`: which checks are made, in what form they speak, and what is mended."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.cli.calling import called
from tests.small_library import IDLE, SmallLibrary

HIDES = "[{person: {power: {at_least: 4}}, as: people}]"


@pytest.fixture
def faulty(team: SmallLibrary) -> SmallLibrary:
    """The rule `a` has no scenario and a name that hides a section; its play is called and finds its names."""
    team.advice("a", HIDES, "about: $people")
    return team


def codes(*arguments: object) -> list[str]:
    return [one["code"] for one in json.loads(called("check", "--format", "json", *arguments).out)["problems"]]


# ── which checks ──────────────────────────────────────────────────────────────────────────────────────────────────────

BOTH = ["name-hides-section", "rule-without-scenario"]
CHOICES: list[tuple[list[str], str, list[str]]] = [
    ([], "", ["rule-without-scenario", "name-hides-section"]),
    (["--select", "name-hides-section"], "", ["name-hides-section"]),
    (["--ignore", "name-hides-section"], "", ["rule-without-scenario"]),
    (["--select", "name-hides-section,word-missing", "--select", "threshold-gap"], "", ["name-hides-section"]),
    (["--select", "word-missing"], "", []),
    (["--select", "name-hides-section", "--ignore", "name-hides-section"], "", []),
    ([], "select: [name-hides-section]", ["name-hides-section"]),
    ([], "ignore: name-hides-section", ["rule-without-scenario"]),
    (["--ignore", "rule-without-scenario"], "ignore: [name-hides-section]", []),
    (["--select", "name-hides-section"], "ignore: [name-hides-section]", ["name-hides-section"]),
]


@pytest.mark.parametrize(("options", "config", "wanted"), CHOICES)
def test_checks_are_chosen_on_the_command_line_or_in_the_configuration(
    faulty: SmallLibrary, options: list[str], config: str, wanted: list[str]
) -> None:
    if config:
        faulty.write("kamcoach.yaml", f"playbook: .\ncheck: {{{config}}}\n")
    assert [code for code in codes(*options) if code not in IDLE] == wanted


def test_a_check_that_there_is_not(faulty: SmallLibrary) -> None:
    found = called("check", "--ignore", "treshold-gap")
    assert (found.code, found.out) == (2, "")
    assert found.err == "There is no check 'treshold-gap'. Did you mean 'threshold-gap'?\n"
    faulty.write("kamcoach.yaml", "playbook: .\ncheck:\n  ignore: [treshold-gap]\n")
    assert called("check").err.startswith("kamcoach.yaml:3:12: [unknown-value] There is no check 'treshold-gap'.")


@pytest.mark.parametrize("text", ["check: all", "check: {ignore: {threshold-gap: 1}}", "check: {ignored: [threshold-gap]}", "chek: {}"])
def test_a_configuration_that_cannot_be_read(faulty: SmallLibrary, text: str) -> None:
    faulty.write("kamcoach.yaml", f"playbook: .\n{text}\n")
    found = called("check")
    assert found.code == 2
    assert found.err.startswith("kamcoach.yaml:2:")


def test_what_cannot_be_read_cannot_be_ignored(faulty: SmallLibrary) -> None:
    faulty.write("rules/b.yaml", "id: b\n")
    faulty.play("loose", "{{ x() }}")
    assert {"missing-key", "template-forbidden"} <= set(codes("--select", "word-missing"))


def test_warnings_can_be_made_to_fail(faulty: SmallLibrary) -> None:
    assert called("check").code == 0
    assert called("check", "--fail-on", "warning").code == 1
    assert called("check", "--fail-on", "warning", "--select", "word-missing").code == 0
    faulty.write("rules/b.yaml", "id: b\n")
    assert called("check", "--fail-on", "warning").code == 2


def test_the_page_of_a_check(faulty: SmallLibrary) -> None:
    found = called("check", "--explain", "threshold-gap")
    assert found.code == 0
    assert found.lines[0] == "threshold-gap (warning)"
    assert "**Mend it:**" in found.out
    assert called("check", "--explain", "gap").code == 2


# ── the forms ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_json(faulty: SmallLibrary) -> None:
    data = json.loads(called("check", "--format", "json").out)
    assert (data["version"], data["errors"], data["warnings"]) == (1, 0, 2)
    assert data["problems"][1] == {
        "path": "rules/a.yaml",
        "line": 6,
        "column": 9,
        "code": "name-hides-section",
        "level": "warning",
        "message": "The name 'people' hides the section 'people' of the deal from the plays.",
        "hint": "choose another name, such as person",
        "mend": None,
    }


def test_github_annotations(faulty: SmallLibrary) -> None:
    faulty.rule("b", "[{order: {amount: {above: 50%}}}]", "[{conclude: open}]")
    lines = called("check", "--format", "github").lines
    assert (
        "::warning file=rules/a.yaml,line=6,col=9,title=name-hides-section::"
        "The name 'people' hides the section 'people' of the deal from the plays.%0Ahint: choose another name, such as person"
    ) in lines
    assert [line for line in lines if line.startswith("::error file=rules/b.yaml,line=6,") and "'50%25'" in line]
    assert len(lines) == 3


def test_sarif(faulty: SmallLibrary) -> None:
    data = json.loads(called("check", "--format", "sarif").out)
    (run,) = data["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == BOTH
    assert rules[0]["fullDescription"]["text"]
    result = run["results"][1]
    assert (result["ruleId"], result["level"]) == ("name-hides-section", "warning")
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "rules/a.yaml"}
    assert place["region"] == {"startLine": 6, "startColumn": 9}


def test_junit(faulty: SmallLibrary) -> None:
    suite = ET.fromstring(called("check", "--format", "junit").out)
    assert (suite.tag, suite.get("tests"), suite.get("failures")) == ("testsuite", "2", "2")
    case = suite.findall("testcase")[1]
    failure = case.find("failure")
    assert (case.get("classname"), case.get("name")) == ("rules/a.yaml", "name-hides-section 6:9")
    assert failure is not None
    assert failure.get("type") == "warning"
    assert (failure.text or "").startswith("rules/a.yaml:6:9: The name 'people' hides")
    clean = ET.fromstring(called("check", "--format", "junit", "--select", "word-missing").out)
    assert (clean.get("tests"), clean.get("failures"), len(clean)) == ("1", "0", 1)


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github"])
def test_the_exit_code_is_the_same_in_every_form(faulty: SmallLibrary, form: str) -> None:
    assert called("check", "--format", form).code == 0
    faulty.write("rules/b.yaml", "id: <b> & ]]>\n")
    found = called("check", "--format", form)
    assert (found.code, found.err) == (2, "")
    if form == "junit":
        assert ET.fromstring(found.out).get("tests")


# ── mending ───────────────────────────────────────────────────────────────────────────────────────────────────────────

RULE = """\
# A rule of ours.
id: b   # its name
title: {en: B, zh: 乙}
source: a test
when:
  - person: {power: {">=": 4}}   # those who count
    as: p
  - people: {met: yes}
  - order: {budget: "Approved", due: 2026/3/1}

  - order: {amount: {above: 120万}}
then:
  - advise: {play: play-of-a, severity: Warn, lens: deed}   # 提醒
why: {en: Because., zh: 因为。}
"""
MENDED = RULE.replace('">="', "at_least").replace("people: {met: yes}", "person: {met: true}").replace('"Approved"', "approved")
MENDED = MENDED.replace("2026/3/1", "2026-03-01").replace("120万", "1200000").replace("Warn", "warn")


def test_what_has_one_mend_is_mended_and_nothing_else_changes(team: SmallLibrary) -> None:
    path = team.write("rules/b.yaml", RULE)
    found = called("check", "--fix")
    assert path.read_text(encoding="utf-8") == MENDED
    assert found.err == "rules/b.yaml: 6 places mended\nrules/b.yaml: 1 place mended\n"
    assert not [line for line in found.lines if line.startswith("rules/b.yaml") and "warning" not in line]


def test_the_summary_says_what_could_be_mended_and_diff_shows_it(team: SmallLibrary) -> None:
    path = team.write("rules/b.yaml", RULE)
    assert called("check").lines[-1].endswith("; --fix mends 6")
    found = called("check", "--diff")
    assert found.code == 0
    assert "--- rules/b.yaml" in found.lines
    assert '-  - person: {power: {">=": 4}}   # those who count' in found.lines
    assert "+  - person: {power: {at_least: 4}}   # those who count" in found.lines
    assert path.read_text(encoding="utf-8") == RULE


SIGNS = [
    ("people:\n  - id： li\n    power： 5\n", "people:\n  - id: li\n    power: 5\n"),
    ("people: [{id: li，power: 5}]\n", "people: [{id: li, power: 5}]\n"),
    ("people:\n  - id: li\n\u3000\u3000power: 5\n", "people:\n  - id: li\n    power: 5\n"),
    ("order: {amount: 1,200,000}\n", None),  # three keys in a row
    ("order: {budget: aproved}\n", None),  # close is not certain
    ("people: [{id: li, roles: 拍板人}]\n", None),
    ("people: [{id: li, roles: [拍板人, User]}]\n", "people: [{id: li, roles: [decider, user]}]\n"),
    ("people: [{id: li, power: '5'}]  # 五\n", "people: [{id: li, power: 5}]  # 五\n"),
    ("people: [{id: li, met: 是}]\n", "people: [{id: li, met: true}]\n"),
    ("order: {title: 'a: b', due: '2026年3月1日'}\n", "order: {title: 'a: b', due: 2026-03-01}\n"),
    ("人: 1\n", None),
]


@pytest.mark.parametrize(("text", "mended"), SIGNS)
def test_signs_and_values_of_a_deal(team: SmallLibrary, text: str, mended: str | None) -> None:
    head = "schema_version: 1  # 版本\nas_of: 2026-03-02\n"
    path = team.write("deal.yaml", head + text)
    found = called("check", "--fix", "deal.yaml")
    assert path.read_text(encoding="utf-8") == head + (mended or text)
    assert found.code == (0 if mended else 2)


def test_line_ends_and_the_mark_at_the_beginning_stay(team: SmallLibrary) -> None:
    path = team.folder / "deal.yaml"
    path.write_bytes("\ufeffschema_version: 1\r\norder: {due: 2026/3/1}\r\npeople: [{id: li, met: yes}]\r\n".encode())
    called("check", "--fix", "deal.yaml")
    wanted = "\ufeffschema_version: 1\r\norder: {due: 2026-03-01}\r\npeople: [{id: li, met: true}]\r\n"
    assert path.read_bytes() == wanted.encode()


def test_a_file_that_ends_in_yml_is_renamed_unless_the_name_is_taken(team: SmallLibrary) -> None:
    rule = (team.folder / "rules/a.yaml").read_text(encoding="utf-8")
    team.write("rules/b.yml", rule.replace("id: a", "id: b"))
    team.write("rules/a.yml", rule)
    found = called("check", "--fix")
    assert found.err == "rules/b.yml: renamed to b.yaml\n"
    assert (team.folder / "rules/b.yaml").is_file()
    assert (team.folder / "rules/a.yml").is_file()
    assert "    hint: there is a a.yaml too: delete one of them" in found.lines


def test_a_file_that_was_named_is_checked_under_its_new_name(team: SmallLibrary) -> None:
    team.write("rules/b.yaml.txt", RULE)
    found = called("check", "--fix", "rules")
    assert "rules/b.yaml.txt" not in found.out
    team.write("rules/c.yml", RULE.replace("id: b", "id: c"))
    found = called("check", "--fix", "rules/c.yml")
    assert found.err.startswith("rules/c.yml: renamed to c.yaml\n")
    assert "unreadable-file" not in found.out
    assert "at_least" in (team.folder / "rules/c.yaml").read_text(encoding="utf-8")


def test_a_file_behind_a_link_is_mended_where_it_is(team: SmallLibrary) -> None:
    real = team.write("elsewhere/deal.yaml", "schema_version: 1\npeople: [{id: li, met: yes}]\n")
    (team.folder / "linked.yaml").symlink_to(real)
    called("check", "--fix", "linked.yaml")
    assert (team.folder / "linked.yaml").is_symlink()
    assert "met: true" in real.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_stays_whole(team: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    path = team.write("deal.yaml", "schema_version: 1\norder: {due: 2026/3/1}\n")
    before = path.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    found = called("check", "--fix", "deal.yaml")
    assert (found.code, path.read_bytes()) == (2, before)
    assert "cannot be written: No space left on device" in found.err
    assert sorted(one.name for one in Path.cwd().glob("*deal*")) == ["deal.yaml"]
