"""`kamcoach test`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kamcoach.cli.options import playbook
from kamcoach.cli.output import counted, painter, say, short
from kamcoach.coaching import run_scenario
from kamcoach.errors import BadInput, KamcoachError
from kamcoach.model.playbook import Library
from kamcoach.model.scenario import Scenario
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import PLAYBOOK_FILE, find_playbook, scenario_files
from kamcoach.reading.library import scenarios_of
from kamcoach.reading.scenarios import read_scenarios
from kamcoach.source import Diagnostic


@click.command("test")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@playbook
@click.option("-v", "--verbose", is_flag=True, help="Name every scenario.")
def command(paths: tuple[Path, ...], playbook: str | None, verbose: bool) -> None:
    """Run scenarios: each states a deal and what should follow.

    PATH is a scenario file, a rule file or a folder; without one, all scenarios of the playbook are run.
    """
    named = playbook or next((str(path) for path in paths if (path / PLAYBOOK_FILE).is_file()), None)
    folder = find_playbook(named, (paths[0] if paths else Path.cwd()).absolute())
    library = load_library(folder, cached=False)
    problems: list[Diagnostic] = []
    files = _files(paths) if paths else list(scenarios_of(folder, library))
    scenarios = [scenario for path in files for scenario in read_scenarios(path, library, problems)]
    if problems:
        raise BadInput(problems)
    if not scenarios:
        raise KamcoachError("There is no scenario here.")
    failed = sum(_run(scenario, library, verbose=verbose) for scenario in scenarios)
    rules = {scenario.rule for scenario in scenarios if scenario.rule}
    deals = sum(1 for scenario in scenarios if not scenario.rule)
    say(f"{counted(len(scenarios), 'scenario')} of {counted(len(rules), 'rule')} and {counted(deals, 'whole deal')}: {failed} failed")
    sys.exit(1 if failed else 0)


def _files(paths: tuple[Path, ...]) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(scenario_files(path)))
        elif path.name.endswith(".test.yaml"):
            found[path] = None
        else:
            found.update(dict.fromkeys([path.with_name(path.stem + ".test.yaml")]))
    return list(found)


def _run(scenario: Scenario, library: Library, *, verbose: bool) -> bool:
    found = run_scenario(scenario, library)
    paint = painter()
    if found:
        say(paint(short(f"FAILED {scenario.at.path}:{scenario.at.line} {scenario.name}"), "strong"))
        for one in found:
            say(f"    {one}")
    elif verbose:
        say(short(f"ok     {scenario.at.path}:{scenario.at.line} {scenario.name}"))
    return bool(found)
