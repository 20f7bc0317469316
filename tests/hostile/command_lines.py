"""Command lines as nobody types them: any options of any command with values that fit and values that do not."""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import shutil
import tempfile
from functools import cache
from pathlib import Path

import click

from kamcoach.cli import cli, run
from tests.hostile.limits import OBEYED

_NEVER = {"--watch", "--jobs", "--mutate"}
"""What runs on without end, or in processes of its own."""
_VALUES = (
    "deal.yaml", "team", "rules/a.yaml", "nowhere", "", "-", "--", ".", "a", "1", "-1", "99999999999999999999", "2026-03-02", "9999-12-31",
    "en", "zh", "json", "html",
)  # fmt: skip


@cache
def seeds() -> list[bytes]:
    """Every command with each of its options alone, and some together."""
    found = []
    for name, command in _commands(cli, click.Context(cli)):
        options = [param.opts[0] for param in command.params if isinstance(param, click.Option) and param.opts[0] not in _NEVER]
        found.append(f"{name} deal.yaml")
        found.extend(f"{name} deal.yaml {option} {_VALUES[number % len(_VALUES)] or repr('')}" for number, option in enumerate(options))
    return [line.encode() for line in found]


def _commands(group: click.Command, context: click.Context, name: str = "") -> list[tuple[str, click.Command]]:
    if not isinstance(group, click.Group):
        return [(name, group)]
    inner = [(one, group.get_command(context, one)) for one in group.list_commands(context)]
    return [found for one, command in inner if command is not None for found in _commands(command, context, f"{name} {one}".strip())]


def attempt(data: bytes) -> None:
    """Call the program in a folder of its own; it can leave it only by a path, and those are taken away."""
    text = data.decode("utf-8", "surrogateescape").replace("\0", "").replace("..", ".").replace("~", "")
    try:
        words = [word.lstrip("/") for word in shlex.split(text)]
    except ValueError:
        words = [word.lstrip("/") for word in text.split()]
    words = [word for word in words if word.partition("=")[0] not in _NEVER and "=/" not in word]
    with _workplace():
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words)
    assert code in (0, 1, 2), code
    assert not OBEYED.search(out.getvalue() + err.getvalue()), words


@contextlib.contextmanager
def _workplace():  # type: ignore[no-untyped-def]
    from tests.hostile.targets import small

    here, place = Path.cwd(), Path(tempfile.mkdtemp(dir=small().folder.parent))
    shutil.copytree(small().folder, place, dirs_exist_ok=True)
    (place / "kamcoach.yaml").write_text("playbook: .\n", encoding="utf-8")
    os.chdir(place)
    try:
        yield
    finally:
        os.chdir(here)
        shutil.rmtree(place, ignore_errors=True)
