"""Which scenarios a playbook has to pass, and with which parameters each is run.

A scenario is written for the parameters of its own playbook: "30 days are still fine" is true where the limit is 30, and a team that sets
the limit to 14 has not made it wrong. So the scenarios of a playbook that is extended are run with the rules of the team and with the
parameters of their own playbook; they say whether the team's rules change what was concluded before. What is shown, and in what order, is
for the team to say: it has more to say. A rule that is replaced takes its scenarios with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kamcoach.model.playbook import Library
from kamcoach.model.rule import Param
from kamcoach.model.rulebase import RuleBase
from kamcoach.model.scenario import Scenario
from kamcoach.reading.fields import Problems
from kamcoach.reading.finding import scenario_files
from kamcoach.reading.library import Layer, layers_of, replaced
from kamcoach.reading.playbooks import read_params
from kamcoach.reading.scenarios import read_scenarios
from kamcoach.source import real


@dataclass(frozen=True, slots=True)
class Suite:
    """The scenarios of one playbook, with the library that they are run with."""

    playbook: str
    folder: Path
    library: Library
    inherited: bool
    """Whether this is a playbook that another one extends."""
    left_out: frozenset[str]
    """Scenario files for which a later playbook has its own, by what stands before `.test.yaml`."""

    def files(self) -> Iterator[Path]:
        return (path for path in scenario_files(self.folder) if _stem(path) not in self.left_out)

    def scenarios(self, path: Path, problems: Problems) -> list[Scenario]:
        found = read_scenarios(path, self.library, problems)
        return [_of_conclusions(scenario) for scenario in found] if self.inherited else found


def suites(folder: Path, library: Library) -> list[Suite]:
    """The scenarios of a playbook and of those it extends, the furthest first."""
    found: list[Suite] = []
    layers = layers_of(folder, [])
    params: dict[str, Param] = {}
    for place, one in enumerate(layers):
        params = read_params(one.table.get("params"), params, [])
        later = layers[place + 1 :]
        found.append(Suite(one.id, one.rules, _set(library, params), bool(later), _left_out(later)))
    return found


def suite_of(path: Path, found: list[Suite]) -> Suite:
    """The suite in whose folder a file stands, else that of the playbook itself."""
    there = real(path)
    return next((one for one in reversed(found) if there.is_relative_to(real(one.folder))), found[-1])


def _set(library: Library, params: dict[str, Param]) -> Library:
    """The library with these parameters; those that came later keep their values."""
    base = library.rule_base
    if all(base.params[name].value == param.value for name, param in params.items()):
        return library
    return library._replace(rule_base=RuleBase(base.vocabulary, base.strata, {**base.params, **params}))


def _left_out(later: list[Layer]) -> frozenset[str]:
    """What these playbooks replace: rules, which are named as their files, and scenario files."""
    rules = {path.stem for one in later for path in one.rule_files}
    return frozenset(rules.union(*(replaced(one.table, "scenarios", []) for one in later)))


def _of_conclusions(scenario: Scenario) -> Scenario:
    """Without what it says of the lists shown."""
    return replace(scenario, expect=replace(scenario.expect, actions=None, do_not=None, advice=None, questions=None))


def _stem(path: Path) -> str:
    return path.name.removesuffix(".test.yaml")
