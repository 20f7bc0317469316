"""`kamcoach test`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

from kamcoach.cli.options import playbook
from kamcoach.cli.output import counted, painter, say, short
from kamcoach.coaching import run_scenario
from kamcoach.errors import BadInput, KamcoachError
from kamcoach.model.scenario import Scenario
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import PLAYBOOK_FILE, find_playbook, scenario_files
from kamcoach.reading.suites import Suite, suite_of, suites
from kamcoach.source import Diagnostic

_ADVICE: Final = """\
Rules here change conclusions that {} expects, with its own parameters. If that is not meant, mend them. If it is, copy
the scenario file into rules/ here, correct what it expects, and name it in playbook.yaml: `replaces: {{scenarios: [NAME]}}`."""


@click.command("test")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@playbook
@click.option("-v", "--verbose", is_flag=True, help="Name every scenario.")
def command(paths: tuple[Path, ...], playbook: str | None, verbose: bool) -> None:
    """Run scenarios: each states a deal and what should follow.

    PATH is a scenario file, a rule file or a folder; without one, all scenarios of the playbook are run. Scenarios of a playbook that it
    extends are run with the parameters of that playbook.
    """
    named = playbook or next((str(path) for path in paths if (path / PLAYBOOK_FILE).is_file()), None)
    folder = find_playbook(named, (paths[0] if paths else Path.cwd()).absolute())
    known = suites(folder, load_library(folder, cached=False))
    files = [(path, suite_of(path, known)) for path in _files(paths)] if paths else [(path, one) for one in known for path in one.files()]
    problems: list[Diagnostic] = []
    scenarios = [(scenario, suite) for path, suite in files for scenario in suite.scenarios(path, problems)]
    if problems:
        raise BadInput(problems)
    if not scenarios:
        raise KamcoachError("There is no scenario here.")
    failed = [(scenario, suite) for scenario, suite in scenarios if _run(scenario, suite, verbose=verbose)]
    rules = {scenario.rule for scenario, _ in scenarios if scenario.rule}
    deals = sum(1 for scenario, _ in scenarios if not scenario.rule)
    say(f"{counted(len(scenarios), 'scenario')} of {counted(len(rules), 'rule')} and {counted(deals, 'whole deal')}: {len(failed)} failed")
    if inherited := dict.fromkeys(suite.playbook for _, suite in failed if suite.inherited):
        say(_ADVICE.format(" or ".join(inherited)))
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


def _run(scenario: Scenario, suite: Suite, *, verbose: bool) -> bool:
    found = run_scenario(scenario, suite.library)
    paint = painter()
    if found:
        whose = f" ({suite.playbook})" if suite.inherited else ""
        say(paint(short(f"FAILED {scenario.at.path}:{scenario.at.line} {scenario.name}{whose}"), "strong"))
        for one in found:
            say(f"    {one}")
    elif verbose:
        say(short(f"ok     {scenario.at.path}:{scenario.at.line} {scenario.name}"))
    return bool(found)
