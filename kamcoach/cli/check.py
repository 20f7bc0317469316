"""`kamcoach check`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from kamcoach.cli.options import playbook
from kamcoach.cli.output import counted, say, short
from kamcoach.coaching import check_files
from kamcoach.errors import KamcoachError
from kamcoach.reading.finding import PLAYBOOK_FILE, find_playbook


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@playbook
def command(paths: tuple[Path, ...], playbook: str | None) -> None:
    """Check deals, rules, scenarios, plays and playbooks, and say what is wrong, where, and how to mend it.

    PATH is a file or a folder; without one, the whole playbook is checked.
    """
    named = playbook or next((str(path) for path in paths if (path / PLAYBOOK_FILE).is_file()), None)
    folder = find_playbook(named, (paths[0] if paths else Path.cwd()).absolute())
    files = [file for path in paths for file in _files(path)]
    problems = check_files(folder, files)
    for problem in problems:
        say(short(str(problem)))
    errors = sum(1 for problem in problems if problem.level == "error")
    what = counted(len(files), "file") if paths else f"playbook {folder.name}"
    say(f"{what}: {counted(errors, 'error')}, {counted(len(problems) - errors, 'warning')}")
    sys.exit(2 if errors else 0)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = [file for pattern in ("*.yaml", "*.yml", "*.j2") for file in sorted(path.rglob(pattern))]
    if not found:
        raise KamcoachError(f"{path} holds no YAML file and no play.")
    yield from found
