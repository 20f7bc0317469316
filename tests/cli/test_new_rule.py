"""`kamcoach init` and `kamcoach new rule|play|playbook|vocabulary`: what is begun passes `check` and `test` at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.calling import ROOT, called
from tests.small_library import SmallLibrary

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])


@pytest.fixture
def own(library: SmallLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A team's folder on top of the small playbook, in which the test runs."""
    monkeypatch.chdir(tmp_path)
    assert called("init", "own", "--extends", "../small", "--title-zh", "我们", "--title-en", "Ours").code == 0
    monkeypatch.chdir(tmp_path / "own")
    return tmp_path / "own"


def files() -> list[str]:
    return sorted(path.as_posix() for path in Path().rglob("*") if path.is_file() and ".kamcoach" not in path.parts)


def sound() -> None:
    """A parameter or field that is new is not used by any rule yet."""
    ignored = ("--ignore", "param-unused", "--ignore", "field-never-read")
    assert called("check", *ignored).lines == ["playbook own: 0 errors, 0 warnings"]


# ── init ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_team_begins(own: Path) -> None:
    assert files() == ["kamcoach.yaml", "playbook.yaml"]
    assert sorted(path.name for path in Path(".kamcoach").iterdir())[0] == "deal.schema.json"
    assert 'title: {en: "Ours", zh: "我们"}' in Path("playbook.yaml").read_text(encoding="utf-8")
    sound()


@LANGUAGES
def test_a_team_on_top_of_the_shipped_playbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    """The real thing: a rule, a field, a rule about the field, a deal."""
    monkeypatch.chdir(tmp_path)
    assert called("init", "own", "--lang", language).code == 0
    monkeypatch.chdir(tmp_path / "own")
    assert called("new", "rule", "power-seen", "--looks-at", "stakeholder.power", "--value", "4", "--lang", language).code == 0
    assert called("new", "vocabulary", "--fact", "account", "--field", "credit_line", "--type", "money", "--lang", language).code == 0
    assert called("new", "rule", "credit-given", "--looks-at", "account.credit_line", "--category", "credit").code == 0
    assert called("new", "deal", "first.yaml", "--lang", language).code == 0
    sound()
    assert called("check", "first.yaml", "rules", "plays").lines[-1].endswith("0 errors, 0 warnings")
    assert called("test", "rules").lines == ["6 scenarios of 2 rules and 0 whole deals: 0 failed"]
    assert "credit_line" in Path(".kamcoach/deal.schema.json").read_text(encoding="utf-8")
    assert "power-seen" in Path(".kamcoach/rule.schema.json").read_text(encoding="utf-8")


def test_a_threshold_of_the_list_can_be_set_by_taking_the_sign_away(own: Path) -> None:
    text = Path("playbook.yaml").read_text(encoding="utf-8")
    assert "#   few: 2    # few people" in text
    Path("playbook.yaml").write_text(text.replace("# params:", "params:").replace("#   few: 2", "  few: 3"), encoding="utf-8")
    sound()


def test_nothing_that_is_there_is_overwritten(own: Path) -> None:
    Path("playbook.yaml").write_text("mine")
    found = called("init", ".")
    assert (found.code, found.out) == (2, "")
    assert found.err == "playbook.yaml is already there; nothing was written.\n"
    assert Path("playbook.yaml").read_text() == "mine"


def test_a_playbook_that_is_not_there_cannot_be_extended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = called("init", "own", "--extends", "key-acount")
    assert (found.code, found.err) == (2, "There is no playbook 'key-acount'. Did you mean 'key-account'?\n")
    assert files() == []


# ── new ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@LANGUAGES
def test_a_rule_with_its_scenarios_and_its_play(own: Path, language: str) -> None:
    found = called("new", "rule", "has-power", "--looks-at", "person.power", "--value", "4", "--severity", "critical", "--lang", language)
    assert (found.code, found.err) == (0, "")
    assert files()[2:] == ["plays/has-power.md.j2", "rules/has-power.test.yaml", "rules/has-power.yaml"]
    assert all(name in found.out for name in files()[2:])
    sound()
    assert called("test").lines == ["3 scenarios of 1 rule and 0 whole deals: 0 failed"]
    assert (
        Path("rules/has-power.yaml")
        .read_text(encoding="utf-8")
        .startswith("# yaml-language-server: $schema=../.kamcoach/rule.schema.json\n")
    )


def test_a_rule_may_call_a_play_that_there_is(own: Path) -> None:
    called("new", "play", "meet-them", "--headline-en", "Meet them", "--headline-zh", "去见面")
    called("new", "rule", "has-power", "--looks-at", "person.power", "--play", "meet-them")
    assert files()[2:] == ["plays/meet-them.md.j2", "rules/has-power.test.yaml", "rules/has-power.yaml"]
    sound()
    assert "去见面" in Path("plays/meet-them.md.j2").read_text(encoding="utf-8")


def test_words_in_one_language_stand_for_the_other_until_it_is_written(own: Path) -> None:
    called("new", "rule", "has-power", "--looks-at", "person.power", "--title-zh", "有实权", "--lang", "en")
    assert 'title: {en: "有实权", zh: "有实权"}' in Path("rules/has-power.yaml").read_text(encoding="utf-8")


def test_a_playbook_beside(own: Path) -> None:
    assert called("new", "playbook", "north", "--extends", "..", "--title-en", "North", "--title-zh", "北区").code == 0
    assert called("check", "--playbook", "north").lines == ["playbook north: 0 errors, 0 warnings"]
    assert called("new", "rule", "has-power", "--looks-at", "person.power", "--playbook", "north").code == 0
    assert "north/rules/has-power.yaml" in files()


def test_a_field_can_be_used_at_once(own: Path) -> None:
    assert (
        called("new", "vocabulary", "--fact", "person", "--field", "age", "--type", "int", "--label-en", "Age", "--label-zh", "年龄").code
        == 0
    )
    sound()
    assert called("new", "rule", "is-old", "--looks-at", "person.age", "--value", "60").code == 0
    assert called("test").lines == ["3 scenarios of 1 rule and 0 whole deals: 0 failed"]


WRONG = [
    (["rule", "has-power"], "--looks-at is missing."),
    (["rule", "Has Power", "--looks-at", "person.power"], "'Has Power' cannot be the id of a rule"),
    (["rule", "../../up", "--looks-at", "person.power"], "cannot be the id of a rule"),
    (["rule", "x", "--looks-at", "person.power", "--play", "../up"], "'../up' cannot be the id of a play"),
    (["rule", "x", "--looks-at", "person.power", "--category", "../up"], "'../up' cannot be the id of a folder of rules"),
    (["rule", "x", "--looks-at", "person.powr"], "did you mean 'power'?"),
    (["rule", "x", "--looks-at", "person.power", "--value", "9"], "'power' must be a whole number from 0 to 5, not '9'"),
    (["rule", "x", "--looks-at", "person.power", "--value", "}}: ["], "yaml-syntax"),
    (["rule", "x", "--looks-at", "person.power", "--severity", "high"], "--severity is never 'high'"),
    (["rule", "x", "--looks-at", "person.power", "--lens", "high"], "--lens is never 'high'"),
    (["play", "a/b"], "'a/b' cannot be the id of a play"),
    (["vocabulary", "--field", "age", "--fact", "persn"], "did you mean 'person'?"),
    (["vocabulary", "--fact", "person"], "--field is missing."),
    (["vocabulary", "--fact", "person", "--field", "power"], "'person' has a field 'power' already"),
    (["vocabulary", "--fact", "person", "--field", "age", "--type", "year"], "There is no field type 'year' here."),
    (["vocabulary", "--fact", "person", "--field", "a b"], "cannot be the name of anything"),
    (["playbook", "north", "--extends", "nowhere"], "no playbook 'nowhere'"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[" ".join(arguments) for arguments, _ in WRONG])
def test_what_cannot_be_begun(own: Path, arguments: list[str], message: str) -> None:
    before = files()
    found = called("new", *arguments, "--lang", "en")
    assert (found.code, found.out) == (2, "")
    assert message in found.err
    assert "Traceback" not in found.err
    assert files() == before


def test_the_same_rule_or_play_is_not_begun_twice(own: Path) -> None:
    arguments = ("new", "rule", "has-power", "--looks-at", "person.power")
    called(*arguments)
    text = Path("rules/has-power.yaml").read_text(encoding="utf-8")
    assert called(*arguments, "--value", "2").err == "There is already a rule 'has-power'; nothing was written.\n"
    assert called("new", "play", "has-power").err == "There is already a play 'has-power'; nothing was written.\n"
    assert Path("rules/has-power.yaml").read_text(encoding="utf-8") == text


def test_all_files_or_none(own: Path) -> None:
    Path("rules").mkdir()
    Path("rules/has-power.test.yaml").write_text("mine: 1\n")
    assert called("new", "rule", "has-power", "--looks-at", "person.power").code == 2
    assert files() == ["kamcoach.yaml", "playbook.yaml", "rules/has-power.test.yaml"]


def test_the_shipped_playbook_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = called("new", "rule", "x", "--looks-at", "stakeholder.power")
    assert found.code == 2
    assert "kamcoach init FOLDER" in found.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX")
@LANGUAGES
def test_a_trainer_is_asked_on_a_terminal(own: Path, language: str) -> None:
    """With a real terminal on standard input: the answers are taken, an empty one takes what is offered."""
    answers = ["Power is there", "", "person.power", "4", "warn", "", "", "", "", ""]
    leader, follower = os.openpty()
    command = [sys.executable, "-m", "kamcoach", "new", "rule", "has-power", "--lang", language]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(command, stdin=follower, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env) as running:
        os.write(leader, "".join(f"{answer}\n" for answer in answers).encode())
        out, _ = running.communicate(timeout=60)
    os.close(leader)
    os.close(follower)
    assert running.returncode == 0, out.decode()
    assert ("What is the situation" if language == "en" else "是什么情况") in out.decode()
    text = Path("rules/has-power.yaml").read_text(encoding="utf-8")
    assert "power: {at_least: 4}" in text
    assert "severity: warn, lens: who" in text
    assert 'title: {en: "Power is there", zh: "Power is there"}' in "".join(text)
    sound()
