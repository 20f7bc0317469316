"""The shipped rules: each has scenarios that fire it and that do not, all pass, and what the coach says in them is fit to read."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from kamcoach.advice.verify import Outcome, differences
from kamcoach.coaching import Coached, check_files, coach, run_scenario
from kamcoach.engine import FALSE, TRUE, UNKNOWN
from kamcoach.model.condition import Aggregate, Tally
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Advise, Rule
from kamcoach.model.scenario import Scenario
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import DEFAULT_PLAYBOOK, rule_files, scenario_files, shipped
from kamcoach.reading.scenarios import read_scenarios
from kamcoach.reading.suites import suites
from kamcoach.source import Diagnostic
from tests.shipped.texts import faults, faults_of, speeches

pytestmark = pytest.mark.slow


class File(NamedTuple):
    """A file of rules or scenarios, and the playbook that brings it."""

    playbook: str
    path: Path

    def __str__(self) -> str:
        return f"{self.playbook}/{self.path.parent.name}/{self.path.name.split('.')[0]}"


class Runs:
    """Coaches the scenarios of one file after the other; keeps those of the last file, and which rule gave which play in any."""

    def __init__(self) -> None:
        self._libraries: dict[str, Library] = {}
        self._last: tuple[File, list[tuple[Scenario, Coached]]] | None = None
        self._given: dict[File, set[tuple[str, str]]] = {}

    def library(self, playbook: str) -> Library:
        if playbook not in self._libraries:
            self._libraries[playbook] = load_library(shipped("playbooks") / playbook, cached=False)
        return self._libraries[playbook]

    def of(self, file: File) -> list[tuple[Scenario, Coached]]:
        if self._last is None or self._last[0] != file:
            problems: list[Diagnostic] = []
            scenarios = read_scenarios(file.path, self.library(file.playbook), problems)
            assert not problems, problems
            self._last = file, [(scenario, coach(scenario.deal, self.library(file.playbook))) for scenario in scenarios]
            self._given[file] = {(advice.rule.id, advice.play) for _, coached in self._last[1] for advice in coached.ranked.advice}
        return self._last[1]

    def given(self, file: File) -> set[tuple[str, str]]:
        """Rules with the plays that they call for certain in some scenario of the file."""
        if file not in self._given:
            self.of(file)
        return self._given[file]


@pytest.fixture(scope="module")
def runs() -> Runs:
    return Runs()


PLAYBOOKS = sorted(path.parent.name for path in shipped("playbooks").glob("*/playbook.yaml"))
FOLDERS = {name: shipped("rules") if name == DEFAULT_PLAYBOOK else shipped("playbooks") / name / "rules" for name in PLAYBOOKS}
SCENARIOS = [File(name, path) for name, folder in FOLDERS.items() for path in scenario_files(folder)]
of_playbooks = pytest.mark.parametrize("playbook", PLAYBOOKS)


@pytest.fixture(scope="module", params=SCENARIOS, ids=str)
def file(request: pytest.FixtureRequest) -> File:
    """A file of scenarios; all tests of one file are run together."""
    found: File = request.param
    return found


@of_playbooks
def test_the_checks_find_nothing(playbook: str) -> None:
    assert [str(problem) for problem in check_files(shipped("playbooks") / playbook, [])] == []


@of_playbooks
def test_every_rule_has_scenarios_beside_it(playbook: str) -> None:
    beside = {path: path.with_name(f"{path.stem}.test.yaml") for path in rule_files(FOLDERS[playbook])}
    assert len(beside) > 5
    assert [path.name for path, scenarios in beside.items() if not scenarios.is_file()] == []


def test_the_scenarios_pass(file: File, runs: Runs) -> None:
    library = runs.library(file.playbook)
    for scenario, coached in runs.of(file):
        found = differences(Outcome(scenario, library, coached.consultation, lambda it=coached: it.ranked, lambda it=coached: it.questions))
        assert found == [], f"{file.path}:{scenario.at.line} {scenario.name}"


def test_a_rule_is_tried_where_it_fires_and_where_it_does_not(file: File, runs: Runs) -> None:
    """Each row of a table is a rule. A rule that only counts fires in every deal; it needs two deals all the same."""
    rules = runs.library(file.playbook).rule_base.named(file.path.name.removesuffix(".test.yaml"))
    assert rules or file.path.parent.name == "deals", "scenarios of no rule are whole deals"
    for rule in rules:
        strongest = [max((a.truth for a in coached.consultation.fired(rule.id)), default=FALSE) for _, coached in runs.of(file)]
        assert {TRUE, UNKNOWN} & set(strongest), f"no scenario fires {rule.id}"
        assert FALSE in strongest or (only_counts(rule) and len(strongest) > 1), f"no scenario in which {rule.id} keeps still"


def only_counts(rule: Rule) -> bool:
    return all(isinstance(one, (Aggregate, Tally)) and one.test is None for one in rule.when)


def test_what_is_said_in_the_scenarios_is_fit_to_read(file: File, runs: Runs) -> None:
    wrong: dict[str, None] = {}
    for _, coached in runs.of(file):
        for speech in speeches(coached.consultation, runs.library(file.playbook)):
            for advice in coached.ranked.advice:
                wrong.update(dict.fromkeys(faults_of(advice, speech)))
            for question in coached.questions:
                wrong.update(dict.fromkeys(f"{question.field}: {one}" for one in faults(speech.ask(question))))
                wrong.update(dict.fromkeys(one for advice in question.would for one in faults(speech.words(advice.rule.title))))
    assert list(wrong) == []


@of_playbooks
def test_every_piece_of_advice_that_can_be_given_is_given_in_some_scenario(playbook: str, runs: Runs) -> None:
    """So the words of every play are read by the test above."""
    given = {call for file in SCENARIOS if file.playbook == playbook for call in runs.given(file)}
    library = runs.library(playbook)
    own = [rule for rule in library.rule_base.rules if library.origins[rule.id] == library.id]
    calls = {(rule.id, effect.play) for rule in own for effect in rule.then if isinstance(effect, Advise)}
    assert sorted(calls - given) == []


@of_playbooks
def test_every_play_is_called_by_some_rule(playbook: str, runs: Runs) -> None:
    library = runs.library(playbook)
    called = {effect.play for rule in library.rule_base.rules for effect in rule.then if isinstance(effect, Advise)}
    own = {play for play in library.plays if library.origins[f"play:{play}"] == library.id}
    assert sorted(own - called) == []


@of_playbooks
def test_a_playbook_that_extends_another_changes_nothing_that_the_other_concludes(playbook: str, runs: Runs) -> None:
    library = runs.library(playbook)
    problems: list[Diagnostic] = []
    below = [suite for suite in suites(shipped("playbooks") / playbook, library) if suite.inherited]
    changed = [
        f"{path.name}:{scenario.at.line} {found}"
        for suite in below
        for path in suite.files()
        for scenario in suite.scenarios(path, problems)
        if (found := run_scenario(scenario, suite.library))
    ]
    assert (changed, problems) == ([], [])
