"""The files that the page on a team's repository gives to copy: they are valid, and name only what there is."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.cli.calling import called
from tests.docs.test_docs import ROOT, blocks

PAGES: Final = {"en": "team-repository.md", "zh": "team-repository.zh.md"}
WORKFLOW: Final = "team/.github/workflows/rules.yaml"
CONFIG: Final = "team/.pre-commit-config.yaml"
EACH_PAGE: Final = pytest.mark.parametrize("lang", list(PAGES))


def given(lang: str, name: str) -> str:
    """The text of a file that the page gives."""
    page = (ROOT / "docs/how-to" / PAGES[lang]).read_text(encoding="utf-8")
    return next(block.text for block in blocks(page) if block.marks.get("file") == name)


def parsed(text: str) -> Any:
    """With every scalar as text, so that `on` stays a word."""
    return yaml.load(text, Loader=yaml.BaseLoader)


def steps(lang: str) -> list[dict[str, Any]]:
    (job,) = parsed(given(lang, WORKFLOW))["jobs"].values()
    return list(job["steps"])


def scripts(lang: str) -> dict[str, str]:
    return {step["name"]: step["run"] for step in steps(lang) if "run" in step}


def calls(script: str) -> Iterator[list[str]]:
    """The words after `kamcoach`, up to where the shell takes over."""
    for line in script.splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["kamcoach"]:
            end = next((place for place, word in enumerate(words) if word in (">", ">>", "|", "&&", ";")), len(words))
            yield words[1:end]


def wrong(call: list[str]) -> list[str]:
    """Options of a call that its command does not have, or the command if there is none."""
    manual = called(call[0], "--help")
    known = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", manual.out))
    return [word for word in call[1:] if word.startswith("-") and word not in known] if manual.code == 0 else [call[0]]


def hooks() -> dict[str, dict[str, Any]]:
    return {hook["id"]: hook for hook in parsed((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}


@EACH_PAGE
def test_the_workflow_calls_only_what_there_is(lang: str) -> None:
    found = [call for script in scripts(lang).values() for call in calls(script)]
    assert [call[0] for call in found] == ["check", "check", "test", "impact"]
    assert [wrong(call) for call in found] == [[], [], [], []]


@pytest.mark.parametrize(
    ("call", "said"), [("chek --format github", ["chek"]), ("test --lang en --langs", ["--langs"]), ("impact -x", ["-x"])]
)
def test_a_call_of_what_there_is_not_is_found(call: str, said: list[str]) -> None:
    assert wrong(call.split()) == said


@EACH_PAGE
def test_the_workflow_may_do_as_little_as_possible(lang: str) -> None:
    workflow = parsed(given(lang, WORKFLOW))
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["on"] == "pull_request"  # not pull_request_target, which would run a stranger's files with our rights
    assert all("permissions" not in job for job in workflow["jobs"].values())
    assert all("${{" not in script for script in scripts(lang).values())  # what a stranger named must not become a part of a script


@EACH_PAGE
def test_every_action_is_of_one_commit_whose_version_is_told(lang: str) -> None:
    used = re.findall(r"uses: *(.*)", given(lang, WORKFLOW))
    assert used
    assert [line for line in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


def test_the_impact_is_taken_of_a_commit_that_is_fetched() -> None:
    checkout = next(step for step in steps("en") if step.get("uses", "").startswith("actions/checkout@"))
    assert "HEAD^1" in scripts("en")["Impact"]
    assert int(checkout["with"]["fetch-depth"]) >= 2


def test_both_pages_give_the_same_workflow() -> None:
    english, chinese = (parsed(given(lang, WORKFLOW).replace(f"--lang {lang}", "--lang …")) for lang in PAGES)
    assert english == chinese


@EACH_PAGE
def test_the_configuration_names_each_hook_that_there_is(lang: str) -> None:
    (repo,) = parsed(given(lang, CONFIG))["repos"]
    assert [hook["id"] for hook in repo["hooks"]] == list(hooks())
    for hook in repo["hooks"]:
        assert wrong([*shlex.split(hooks()[hook["id"]]["entry"])[1:], *hook.get("args", [])]) == []


@EACH_PAGE
def test_other_arguments_that_the_page_offers_are_taken_by_the_hooks(lang: str) -> None:
    page = Path(ROOT / "docs/how-to" / PAGES[lang]).read_text(encoding="utf-8")
    offered = [parsed(found) for found in re.findall(r"args: (\[.*?\])", page)]
    assert len(offered) >= 2
    known = [shlex.split(hook["entry"])[1] for hook in hooks().values()]
    assert all(any(not wrong([command, *args]) for command in known) for args in offered)


@pytest.mark.parametrize(
    ("path", "is_deal"),
    [
        ("deals/pumps.yaml", True),
        ("north/deals/2026/pumps.yml", True),
        ("playbook.yaml", False),
        ("ideals/pumps.yaml", False),
        ("deals/notes.md", False),
    ],
)
def test_the_hook_for_deals_takes_deals(path: str, is_deal: bool) -> None:
    assert bool(re.search(hooks()["kamcoach-check-deals"]["files"], path)) is is_deal


def test_the_other_hooks_run_even_if_a_commit_only_deletes() -> None:
    assert {name for name, hook in hooks().items() if hook.get("always_run") == "true"} == {"kamcoach-check", "kamcoach-test"}
