"""`kamcoach impact`: the same deals under two libraries."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.calling import Called, called
from tests.small_library import DEAL, SmallLibrary


@pytest.fixture
def before(team: SmallLibrary) -> SmallLibrary:
    """The team's playbook as it is, kept in the folder `before`; tests change the team's own."""
    shutil.copytree(team.folder, team.folder.parent / "before")
    return SmallLibrary(team.folder.parent / "before")


def compared(*more: str) -> Called:
    return called("impact", "../before", ".", "--deals", "deal.yaml", *more)


def test_without_a_change_nothing_is_told(before: SmallLibrary) -> None:
    found = compared("--fail-on", "any")
    assert found.code == 0
    assert found.lines[-1] == "The two say the same of every deal."


def test_new_advice_is_told_and_what_it_pushes_down_is_no_change(before: SmallLibrary, team: SmallLibrary) -> None:
    team.advice("b", says="severity: critical")
    found = compared()
    assert "- Rules, new: b" in found.lines
    assert "- Plays, new: play-of-b" in found.lines
    assert "Deals that change: 1 of 1" in found.lines
    assert found.lines[-1] == "- + Headline of b [critical] (b)"


def test_lost_advice_is_told(before: SmallLibrary, team: SmallLibrary) -> None:
    (team.folder / "rules" / "a.yaml").unlink()
    assert compared().lines[-1] == "- - Headline of a [warning] (a)"


def test_advice_that_overtakes_another_is_told(before: SmallLibrary, team: SmallLibrary) -> None:
    for library in (before, team):
        library.advice("b", says=f"severity: {'critical' if library is team else 'info'}")
    found = compared("--format", "json")
    changes = json.loads(found.out)["changes"][0]["advice"]
    assert [(one["before"]["rank"], one["after"]["rank"], one["after"]["rule"]) for one in changes] == [(2, 1, "b"), (1, 2, "a")]
    assert [line for line in compared().lines if line.startswith("- ↑")] == [
        "- ↑ Headline of b [critical] (b): 2 → 1, for information → critical"
    ]


def test_a_stage_that_moves_is_told_in_both_languages(before: SmallLibrary, team: SmallLibrary) -> None:
    before.rule("where", "[{account: {}}]", "[{conclude: {stage: wish}}]")
    team.rule("where", "[{account: {}}]", "[{conclude: {stage: choice}}]")
    assert "- → Stage: Wish → Choice" in compared().lines
    assert "- → 阶段：想要 → 挑选" in compared("--lang", "zh").lines
    assert compared("--fail-on", "stage").code == 1


def test_advice_alone_is_no_failure_of_stages(before: SmallLibrary, team: SmallLibrary) -> None:
    team.advice("b")
    assert (compared("--fail-on", "stage").code, compared("--fail-on", "any").code) == (0, 1)


def test_questions_that_come_up_are_told(before: SmallLibrary, team: SmallLibrary) -> None:
    team.advice("b", "[{order: {budget: none}}]")
    assert "- + Ask: Is there a budget?" in compared().lines


def test_a_parameter_and_a_rule_in_other_words_are_told_as_changed(before: SmallLibrary, team: SmallLibrary) -> None:
    playbook = (team.folder / "playbook.yaml").read_text(encoding="utf-8")
    team.write("playbook.yaml", playbook.replace("few: {value: 2", "few: {value: 3"))
    rule = (team.folder / "rules" / "a.yaml").read_text(encoding="utf-8")
    team.write("rules/a.yaml", "# only a comment\n" + rule)
    team.play("play-of-a", "Other words")
    found = compared()
    assert "- Parameters, changed: few" in found.lines
    assert "- Plays, changed: play-of-a" in found.lines
    assert not any(line.startswith("- Rules") for line in found.lines)
    assert found.lines[-1] == "The two say the same of every deal."


def test_a_deal_that_one_side_cannot_read_is_told_with_its_fault(before: SmallLibrary, team: SmallLibrary) -> None:
    vocabulary = (team.folder / "vocabulary.yaml").read_text(encoding="utf-8")
    team.write("vocabulary.yaml", vocabulary.replace("power: {type: int, min: 0, max: 5", "power: {type: int, min: 0, max: 3"))
    team.advice("a", "[{person: {power: {at_least: 3}}, as: p}]", "about: $p")
    found = compared()
    assert "- with faults on one side: 1" in found.lines
    assert "[out-of-range]" in found.out


def test_the_most_changed_deal_comes_first(before: SmallLibrary, team: SmallLibrary) -> None:
    Path("deals").mkdir()
    (Path("deals") / "one.yaml").write_text("account: {name: Alder}" + DEAL, encoding="utf-8")
    (Path("deals") / "two.yaml").write_text("account: {name: Alder}\npeople: [{id: li, power: 1}]" + DEAL, encoding="utf-8")
    (Path("deals") / "no-deal.yaml").write_text("something: else\n", encoding="utf-8")
    team.advice("b")
    team.advice("c", "[{person: {power: 1}}]")
    found = json.loads(called("impact", "../before", ".", "--deals", "deals", "--format", "json").out)
    assert (found["deals"], [Path(one["file"]).name for one in found["changes"]]) == (2, ["two.yaml", "one.yaml"])


def test_markdown_holds_what_deals_say_as_text(before: SmallLibrary, team: SmallLibrary) -> None:
    Path("deal.yaml").write_text("account: {name: Alder}\norder: {title: '<b>*x*</b>'}" + DEAL, encoding="utf-8")
    team.advice("b")
    assert r"## \<b\>\*x\*\</b\> (deal.yaml)" in compared("--format", "markdown").out


def test_a_revision_of_git_is_the_playbook_as_it_was(team: SmallLibrary) -> None:
    git("init", "-q")
    git("add", "-A")
    git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "as it was")
    team.advice("b")
    found = called("impact", "HEAD", "--deals", "deal.yaml")
    assert (found.code, found.lines[-1]) == (0, "- + Headline of b [warning] (b)")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (("no-such-revision",), "'no-such-revision' is neither a playbook nor a revision of git."),
        (("--deals", "nowhere", "."), "does not exist"),
        ((".",), "There is no deal to compare. Name a folder of deals with --deals."),
    ],
)
def test_what_cannot_be_compared_exits_with_2(team: SmallLibrary, call: tuple[str, ...], message: str) -> None:
    git("init", "-q")
    found = called("impact", *call)
    assert (found.code, found.out) == (2, "")
    assert message in found.err


def git(*call: str) -> None:
    subprocess.run(["git", *call], check=True, capture_output=True)
