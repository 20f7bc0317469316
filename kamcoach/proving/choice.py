"""Which scenarios are meant: those of a path, or all of a playbook, perhaps only those with a word in their name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from kamcoach.errors import BadInput, KamcoachError
from kamcoach.model.playbook import Library
from kamcoach.model.scenario import Scenario
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import PLAYBOOK_FILE, find_playbook, scenario_files
from kamcoach.reading.suites import Suite, suite_of, suites
from kamcoach.source import Diagnostic, real


class Case(NamedTuple):
    """A scenario and the library that it is run with: the rules of the playbook, the parameters of the scenario's own."""

    scenario: Scenario
    suite: Suite

    @property
    def library(self) -> Library:
        return self.suite.library


@dataclass(frozen=True, slots=True)
class Playbook:
    """A playbook with what it extends, and the scenarios that they have to pass."""

    folder: Path
    suites: tuple[Suite, ...]

    @property
    def library(self) -> Library:
        return self.suites[-1].library

    def home(self, rule_id: str) -> Library:
        """The rules of the playbook, with the parameters of the one that a rule comes from."""
        origin = self.library.origins.get(rule_id)
        return next((one.library for one in self.suites if one.playbook == origin), self.library)

    def files(self) -> list[Path]:
        return [path for one in self.suites for path in one.files()]

    def cases(self, files: Iterable[Path]) -> tuple[Case, ...]:
        """The scenarios of these files. Raises BadInput with every problem found."""
        problems: list[Diagnostic] = []
        placed = [(path, suite_of(path, list(self.suites))) for path in files]
        found = tuple(Case(scenario, suite) for path, suite in placed for scenario in suite.scenarios(path, problems))
        if problems:
            raise BadInput(problems)
        return found


class Chosen(NamedTuple):
    """The scenarios that were asked for, with the playbook they are about."""

    playbook: Playbook
    files: tuple[Path, ...]
    cases: tuple[Case, ...]


def read_playbook(folder: Path) -> Playbook:
    """Raises BadInput with every problem found."""
    return Playbook(folder, tuple(suites(folder, load_library(folder, cached=False))))


def choose(paths: tuple[Path, ...], named: str | None, word: str = "") -> Chosen:
    """The scenarios of these files and folders; without any, of the whole playbook. Raises KamcoachError, BadInput."""
    named = named or next((str(path) for path in paths if (path / PLAYBOOK_FILE).is_file()), None)
    playbook = read_playbook(find_playbook(named, (paths[0] if paths else Path.cwd()).absolute()))
    files = tuple(_files(paths) if paths else playbook.files())
    cases = tuple(one for one in playbook.cases(files) if _has(one.scenario, word))
    if not cases:
        said = f"No scenario here has '{word}' in its name or in that of its file." if word else "There is no scenario here."
        raise KamcoachError(said)
    return Chosen(playbook, files, cases)


def _has(scenario: Scenario, word: str) -> bool:
    return word.casefold() in f"{scenario.name}\n{Path(scenario.at.path).name}".casefold()


def _files(paths: tuple[Path, ...]) -> Iterable[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(scenario_files(path)))
        elif path.name.endswith(".test.yaml"):
            found[path] = None
        else:
            found[path.with_name(path.stem + ".test.yaml")] = None
    return found


def rules_at(chosen: Chosen, paths: tuple[Path, ...]) -> tuple[str, ...]:
    """The rules that these paths mean: those in a folder, of a file, or of a scenario file; without any, the playbook's own."""
    library = chosen.playbook.library
    rules = sorted(library.rule_base.rules, key=lambda rule: rule.at.path)
    if not paths:
        return tuple(rule.id for rule in rules if library.origins.get(rule.id) == library.id)
    wanted = [real(path) for path in paths]
    tested = {rule.id for case in chosen.cases for rule in library.rule_base.named(case.scenario.rule)}
    return tuple(rule.id for rule in rules if rule.id in tested or any(real(rule.at.path).is_relative_to(one) for one in wanted))
