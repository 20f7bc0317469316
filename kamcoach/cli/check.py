"""`kamcoach check`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kamcoach import __version__
from kamcoach.cli.options import playbook
from kamcoach.cli.output import counted, say, short
from kamcoach.coaching import check_files
from kamcoach.errors import KamcoachError, UnknownName
from kamcoach.reading.finding import PLAYBOOK_FILE, find_config, find_playbook
from kamcoach.source import Diagnostic, real
from kamcoach.writing.files import rename, write_whole

if TYPE_CHECKING:
    from kamcoach.checking.mending import Change

_FORMATS: Final = ("text", "json", "github", "sarif", "junit")
_ROUNDS: Final = 20
"""Behind one sign that YAML cannot read there may stand the next."""
Look = Callable[[], list[Diagnostic]]


def _codes(_ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Codes of checks, several in one word or the option given several times."""
    from kamcoach.checking import CODES
    from kamcoach.reading.hints import nearest

    found = tuple(code.strip() for word in value for code in word.split(",") if code.strip())
    for code in found:
        if code not in CODES:
            raise UnknownName(f"There is no check '{code}'. {nearest(code, CODES).capitalize()}".strip())
    return found


def _explain(ctx: click.Context, _param: click.Parameter, value: str) -> None:
    """The manual page of a check."""
    from kamcoach.checking import CHECKS

    if not value or ctx.resilient_parsing:
        return
    (code,) = _codes(ctx, _param, (value,))
    check = next(check for check in CHECKS if check.code == code)
    say(f"{check.code} ({check.level})\n\n{check.page}\n\n{check.example}\n")
    ctx.exit()


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@playbook
@click.option("--select", multiple=True, metavar="CODE", callback=_codes, help="Make only this check; may be given several times.")
@click.option("--ignore", multiple=True, metavar="CODE", callback=_codes, help="Leave this check out; may be given several times.")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", help="What to print (default: text).")
@click.option("--fix", is_flag=True, help="Mend what can be mended without doubt; comments and order stay as they are.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.option("--fail-on", type=click.Choice(["error", "warning"]), default="error", help="Exit with 1 for warnings too (default: error).")
@click.option("--explain", metavar="CODE", callback=_explain, expose_value=False, is_eager=True, help="Show the manual page of a check.")
def command(
    paths: tuple[Path, ...],
    playbook: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    form: str,
    fix: bool,
    diff: bool,
    fail_on: str,
) -> None:
    """Check deals, rules, scenarios, plays and playbooks, and say what is wrong, where, and how to mend it.

    PATH is a file or a folder; without one, the whole playbook is checked. Which checks are made can also be said in kamcoach.yaml
    (`check: {select: […], ignore: […]}`).
    """
    near = (paths[0] if paths else Path.cwd()).absolute()
    named = playbook or next((str(path) for path in paths if (path / PLAYBOOK_FILE).is_file()), None)
    folder = find_playbook(named, near)
    codes = _chosen(select, ignore, near)
    files = [file for path in paths for file in _files(path)]

    def look() -> list[Diagnostic]:
        return check_files(folder, files, codes)

    problems = _mended(look, files) if fix and not diff else look()
    if diff:
        _show(problems)
        return
    what = counted(len(files), "file") if paths else f"playbook {folder.name}"
    _print(problems, form, what)
    errors = sum(problem.level == "error" for problem in problems)
    sys.exit(2 if errors else 1 if problems and fail_on == "warning" else 0)


def _chosen(select: tuple[str, ...], ignore: tuple[str, ...], near: Path) -> frozenset[str]:
    """The checks to make: those named on the command line, else in `kamcoach.yaml`, else all."""
    from kamcoach.checking import CODES
    from kamcoach.reading.settings import read_check_settings

    settings = read_check_settings(find_config(near), CODES)
    return frozenset(select or settings.select or CODES) - {*ignore, *(() if select else settings.ignore)}


def _mended(look: Look, files: list[Path]) -> list[Diagnostic]:
    """What is left when everything is mended that can be. Each file is written whole or not at all; one that gets a new name keeps its
    place among the files."""
    from kamcoach.checking.mending import changes

    for _ in range(_ROUNDS):
        problems = look()
        found = changes(problems)
        if not found:
            return problems
        names = {real(change.path): change.renamed for change in found if change.renamed is not None}
        for change in found:
            if change.renamed is not None or real(change.path) not in names:  # what else it needs comes under its new name
                _write(change)
        files[:] = [names.get(real(file), file) for file in files]
    return look()


def _write(change: Change) -> None:
    if change.renamed is not None:
        rename(change.path, change.renamed)
        click.echo(short(f"{change.path}: renamed to {change.renamed.name}"), err=True)
    else:
        write_whole(change.path, change.after, replace=True, before=change.before.encode())
        click.echo(short(f"{change.path}: {counted(change.places, 'place')} mended"), err=True)


def _show(problems: Sequence[Diagnostic]) -> None:
    from difflib import unified_diff

    from kamcoach.checking.mending import changes

    for change in changes(problems):
        if change.renamed is not None:
            say(short(f"rename {change.path} to {change.renamed.name}"))
        else:
            name = short(str(change.path))
            lines = unified_diff(change.before.splitlines(), change.after.splitlines(), name, name, lineterm="", n=1)
            say("\n".join(lines))


def _print(problems: Sequence[Diagnostic], form: str, what: str) -> None:
    if form != "text":
        from kamcoach.checking.reports import written

        say(written(problems, form, Path.cwd(), __version__))
        return
    if problems:
        say(short("\n".join(map(str, problems))))
    errors = sum(problem.level == "error" for problem in problems)
    certain = sum(problem.mend is not None for problem in problems)
    more = f"; --fix mends {certain}" if certain else ""
    say(f"{what}: {counted(errors, 'error')}, {counted(len(problems) - errors, 'warning')}{more}")


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = [file for pattern in ("*.yaml", "*.yml", "*.j2") for file in sorted(path.rglob(pattern))]
    if not found:
        raise KamcoachError(f"{path} holds no YAML file and no play.")
    yield from found
