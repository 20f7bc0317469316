"""How text reaches the reader: colour and width as the terminal allows, plain text into a pipe."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

from kamcoach.advice.words import UNSEEN, printable
from kamcoach.source import Diagnostic

_STYLES: Final = {"title": {"bold": True, "fg": "cyan"}, "heading": {"bold": True, "underline": True}, "strong": {"bold": True}}
_OBEYED: Final = re.compile(rf"(\x1b\[[0-9;]*m)|{UNSEEN}")


def coloured() -> bool:
    return sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Columns to write in: those of the terminal, 100 in a pipe; `COLUMNS` sets both."""
    return max(40, min(_columns() or 100, 120))


def _columns() -> int:
    """As shutil finds them, which takes longer to load than a page to lay out; 0 if there is no telling."""
    with contextlib.suppress(ValueError):
        if (wanted := int(os.environ.get("COLUMNS", ""))) > 0:
            return wanted
    with contextlib.suppress(AttributeError, ValueError, OSError):  # no standard output, closed, or no terminal
        return os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
    return 0


def painter() -> Callable[[str, str], str]:
    if coloured():
        return lambda text, style: click.style(text, **_STYLES[style])  # type: ignore[arg-type]
    return lambda text, _style: text


def say(text: str) -> None:
    """Print a text; of what a terminal obeys, only our own styles are let through."""
    plain = _OBEYED.sub(lambda found: found[1] or "", text)
    click.echo(plain, nl=not plain.endswith("\n"))


def tell(problems: list[Diagnostic]) -> None:
    """Warnings go to standard error and stop nothing."""
    for problem in problems:
        click.echo(short(str(problem)), err=True)


def counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def short(text: str) -> str:
    """A message with paths below the current folder as a person would write them, and with nothing that a terminal would obey."""
    return printable(text.replace(f"{Path.cwd()}{os.sep}", ""))
