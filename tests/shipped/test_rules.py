"""The shipped rules: each has scenarios that fire it and that do not, all pass, and what the coach says in them is fit to read."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from kamcoach.advice.verify import Outcome, differences
from kamcoach.checking import check_library
from kamcoach.coaching import Coached, coach
from kamcoach.engine import FALSE, TRUE, UNKNOWN
from kamcoach.model.condition import Aggregate, Tally
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Advise, Rule
from kamcoach.model.scenario import Scenario
from kamcoach.reading.finding import rule_files, scenario_files, shipped
from kamcoach.reading.scenarios import read_scenarios
from kamcoach.source import Diagnostic
from tests.shipped.texts import faults, faults_of, speeches

RULES = list(rule_files(shipped("rules")))
SCENARIOS = list(scenario_files(shipped("rules")))
by_name = {"ids": lambda path: f"{path.parent.name}/{path.name.split('.')[0]}"}


class Runs:
    """The scenarios of each file, coached once for all tests."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._found: dict[Path, list[tuple[Scenario, Coached]]] = {}

    def of(self, path: Path) -> list[tuple[Scenario, Coached]]:
        if path not in self._found:
            problems: list[Diagnostic] = []
            scenarios = read_scenarios(path, self.library, problems)
            assert not problems, problems
            self._found[path] = [(scenario, coach(scenario.deal, self.library)) for scenario in scenarios]
        return self._found[path]


@pytest.fixture(scope="module")
def runs(shipped_library: Library) -> Runs:
    return Runs(shipped_library)


def test_the_checks_find_nothing(shipped_library: Library) -> None:
    assert [str(problem) for problem in check_library(shipped_library)] == []


@pytest.mark.parametrize("path", SCENARIOS, **by_name)
def test_the_scenarios_pass(path: Path, runs: Runs) -> None:
    for scenario, coached in runs.of(path):
        found = differences(
            Outcome(scenario, runs.library, coached.consultation, lambda it=coached: it.ranked, lambda it=coached: it.questions)
        )
        assert found == [], f"{path}:{scenario.at.line} {scenario.name}"


@pytest.mark.parametrize("path", RULES, **by_name)
def test_a_rule_is_tried_where_it_fires_and_where_it_does_not(path: Path, runs: Runs) -> None:
    """A rule that only counts fires in every deal; it needs two deals all the same."""
    beside = path.with_name(f"{path.stem}.test.yaml")
    assert beside.is_file(), "there is no scenario file beside the rule"
    rule = runs.library.rule(path.stem)
    assert rule is not None
    strongest = [max((a.truth for a in coached.consultation.fired(rule.id)), default=FALSE) for _, coached in runs.of(beside)]
    assert {TRUE, UNKNOWN} & set(strongest), "no scenario fires the rule"
    assert FALSE in strongest or (only_counts(rule) and len(strongest) > 1), "no scenario in which the rule keeps still"


def only_counts(rule: Rule) -> bool:
    return all(isinstance(one, (Aggregate, Tally)) and one.test is None for one in rule.when)


@pytest.mark.parametrize("path", SCENARIOS, **by_name)
def test_what_is_said_in_the_scenarios_is_fit_to_read(path: Path, runs: Runs) -> None:
    wrong: dict[str, None] = {}
    for _, coached in runs.of(path):
        for speech in speeches(coached.consultation, runs.library):
            for advice in coached.ranked.advice:
                wrong.update(dict.fromkeys(faults_of(advice, speech)))
            for question in coached.questions:
                wrong.update(dict.fromkeys(f"{question.field}: {one}" for one in faults(speech.ask(question))))
                wrong.update(dict.fromkeys(one for advice in question.would for one in faults(speech.words(advice.rule.title))))
    assert list(wrong) == []


def test_every_piece_of_advice_that_can_be_given_is_given_in_some_scenario(runs: Runs) -> None:
    """So the words of every play are read by the test above."""
    given = defaultdict(set)
    for path in SCENARIOS:
        for _, coached in runs.of(path):
            for advice in coached.ranked.advice:
                given[advice.rule.id].add(advice.play)
    silent = []
    for rule in runs.library.rule_base.rules:
        silent += [f"{rule.id}: {effect.play}" for effect in rule.then if isinstance(effect, Advise) and effect.play not in given[rule.id]]
    assert silent == []


def test_every_play_is_called_by_some_rule(shipped_library: Library) -> None:
    called = {effect.play for rule in shipped_library.rule_base.rules for effect in rule.then if isinstance(effect, Advise)}
    assert sorted(set(shipped_library.plays) - called) == []
