"""`kamcoach check`: what it reads, what it says, how it exits."""

from __future__ import annotations

from pathlib import Path

import pytest

from kamcoach.reading.finding import shipped
from tests.cli.calling import Called, called
from tests.small_library import PLAY, SmallLibrary

SCENARIO = "scenarios:\n  - name: x\n    given: {people: [{id: li, power: 5}]}\n    expect: {fires: certainly}\n" + (
    "  - {name: y, given: {people: []}, expect: {fires: never}}\n"
)


@pytest.fixture
def clean(team: SmallLibrary) -> SmallLibrary:
    team.write("rules/a.test.yaml", SCENARIO)
    return team


def last(found: Called) -> str:
    return found.lines[-1]


def test_the_shipped_playbook_is_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = called("check")
    assert (found.code, found.out) == (0, "playbook key-account: 0 errors, 0 warnings\n")


def test_without_a_path_the_playbook_of_this_folder_is_checked(clean: SmallLibrary) -> None:
    assert called("check") == Called(0, "playbook small: 0 errors, 0 warnings\n", "")


BROKEN = [
    ("rules/a.yaml", "id: a\n", "rules/a.yaml:1:1: [missing-key] A rule needs 'title'."),
    ("rules/a.test.yaml", SCENARIO.replace("power", "powr"), "rules/a.test.yaml:3:31: [unknown-field] 'people' has no field 'powr'."),
    ("plays/play-of-a.md.j2", PLAY.replace("{en}", "{{ q }}"), "plays/play-of-a.md.j2:3:1: [play-unknown-name] "),
    ("plays/play-of-a.md.j2", PLAY.replace("{en}", "{% macro %}"), "plays/play-of-a.md.j2:3:1: [template-syntax] "),
    ("plays/play-of-a.md.j2", "# en\n## Headline\nx\n", "plays/play-of-a.md.j2:1:1: [missing-section] The play has no "),
    ("templates/advice.zh.md.j2", "\n{{ x() }}\n", "templates/advice.zh.md.j2:2:1: [template-forbidden] "),
    ("vocabulary.yaml", "facts: []\n", "vocabulary.yaml:1:8: [wrong-shape] "),
    ("playbook.yaml", "id: small\ntitle: x\nnonsense: 1\n", "playbook.yaml:3:1: [unknown-key] A playbook has no key 'nonsense'."),
]


@pytest.mark.parametrize(("name", "text", "message"), BROKEN)
def test_a_fault_anywhere_in_the_playbook_exits_with_2(clean: SmallLibrary, name: str, text: str, message: str) -> None:
    clean.write(name, text)
    found = called("check")
    assert found.code == 2
    assert [line for line in found.lines if line.startswith(message)]
    assert not last(found).endswith(": 0 errors, 0 warnings")


@pytest.mark.parametrize(("name", "text", "message"), [case for case in BROKEN if not case[0].startswith(("vocabulary", "playbook"))])
def test_a_single_file_is_checked_alone(clean: SmallLibrary, name: str, text: str, message: str) -> None:
    clean.write(name, text)
    clean.write("rules/other.yaml", "id: other\n")
    found = called("check", name)
    assert found.code == 2
    assert found.lines[0].startswith(message)
    assert "other.yaml" not in found.out
    assert last(found).startswith("1 file: ")
    assert called("check", "deal.yaml").code == 0


def test_a_rule_that_cannot_be_read_is_told_once(clean: SmallLibrary) -> None:
    clean.write("rules/b.yaml", "id: b\nwhen：\n  - open\n")
    for paths in ([], ["rules"], ["rules/b.yaml"], [clean.folder / "rules/b.yaml"]):
        found = called("check", *paths)
        assert [line for line in found.lines if "rules/b.yaml" in line] == [
            "rules/b.yaml:2:5: [yaml-syntax] This is not readable YAML. A full-width '：' stands here."
        ]


def test_warnings_alone_exit_with_0(team: SmallLibrary) -> None:
    found = called("check")
    assert (found.code, last(found)) == (0, "playbook small: 0 errors, 1 warning")
    assert found.lines[0] == "rules/a.yaml:1:1: [rule-without-scenario] warning: The rule 'a' has no scenarios."


DEALS = [
    ("people: [{id: li}]", 0, "1 file: 0 errors, 0 warnings"),
    ("people: [{id: li, boss: x}]", 2, "1 file: 1 error, 0 warnings"),
    ("order: {due: 2026-01-01}", 0, "1 file: 0 errors, 1 warning"),
    ("people: [{id: li, seen: 2027-01-01}]", 2, "1 file: 1 error, 0 warnings"),
]


@pytest.mark.parametrize(("text", "code", "summary"), DEALS)
def test_a_deal_is_checked_with_the_checks_of_the_vocabulary(clean: SmallLibrary, text: str, code: int, summary: str) -> None:
    Path("deal.yaml").write_text(f"schema_version: 1\nas_of: 2026-03-02\n{text}\n")
    found = called("check", "deal.yaml")
    assert (found.code, last(found)) == (code, summary)


def test_a_folder_is_checked_with_all_that_is_in_it(clean: SmallLibrary) -> None:
    clean.write("deals/one.yaml", "nonsense: 1\n")
    clean.write("deals/deeper/two.yml", "schema_version: 2\n")
    clean.write("deals/notes.txt", "no deal")
    found = called("check", "deals")
    assert found.code == 2
    assert [line.split(" ")[0] for line in found.lines if line.startswith("deals")] == [
        "deals/deeper/two.yml:1:17:",
        "deals/one.yaml:1:1:",
        "deals/one.yaml:1:1:",
    ]
    assert last(found) == "2 files: 3 errors, 0 warnings"


def test_the_shipped_examples_are_clean() -> None:
    found = called("check", shipped("examples"))
    assert (found.code, last(found).split(": ")[1]) == (0, "0 errors, 0 warnings")


def test_a_rule_and_a_play_that_are_in_no_playbook_yet(clean: SmallLibrary) -> None:
    rule = clean.write("drafts/new.yaml", Path("rules/a.yaml").read_text().replace("id: a", "id: new").replace("power", "powr"))
    play = clean.write("drafts/new.md.j2", PLAY.replace("{en}", "{{ x | shout }}"))
    assert called("check", rule).lines[0].startswith("drafts/new.yaml:6:") or "[unknown-field]" in called("check", rule).lines[0]
    assert called("check", play).lines[0] == "drafts/new.md.j2:3:1: [template-forbidden] There is no filter 'shout'."


def test_a_playbook_folder_is_checked_as_a_playbook(clean: SmallLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = called("check", "small")
    assert (found.code, found.err) == (0, "")
    assert last(found).endswith(" files: 0 errors, 0 warnings")
    clean.write("plays/play-of-a.md.j2", PLAY.replace("{en}", "{{ q }}"))
    assert called("check", "small").lines[0].startswith("small/plays/play-of-a.md.j2:3:1: [play-unknown-name] ")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nothing.yaml", "nothing.yaml:1:1: [unreadable-file] There is no such file."),
        ("notes.txt", "notes.txt:1:1: [unknown-kind] This is neither YAML nor a play nor a table."),
        ("empty", "empty holds no YAML file and no play."),
    ],
)
def test_what_cannot_be_checked(clean: SmallLibrary, name: str, message: str) -> None:
    Path("empty").mkdir()
    Path("notes.txt").write_text("x")
    found = called("check", name)
    assert found.code == 2
    assert (found.out + found.err).startswith(message)
