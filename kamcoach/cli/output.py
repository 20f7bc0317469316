"""How text reaches the reader: colour and width as the terminal allows, plain text into a pipe, files whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import click

from kamcoach.advice.words import UNSEEN, printable
from kamcoach.errors import KamcoachError
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


def write_whole(path: Path, content: str | bytes, *, replace: bool = False) -> None:
    """Write all of a file or nothing: a temporary file beside it, synced, then renamed."""
    import tempfile

    temporary: Path | None = None
    try:
        if not replace and path.exists():
            raise FileExistsError  # noqa: TRY301
        prefix = f".{path.name}."
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=prefix, delete=False) as file:
            temporary = Path(file.name)
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        _publish(temporary, path, replace=replace)
    except FileExistsError as error:
        raise KamcoachError(f"{path} is already there; nothing was written.") from error
    except OSError as error:
        raise KamcoachError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _publish(temporary: Path, path: Path, *, replace: bool) -> None:
    """Give the finished file its name; a file that came up meanwhile is not overwritten."""
    if replace:
        temporary.replace(path)
        return
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: claim the name, then take its place
        path.touch(exist_ok=False)
        temporary.replace(path)


def write_all(files: Mapping[Path, str]) -> None:
    """Write several new files with the folders they need, or none of them."""
    there = [path for path in files if path.exists()]
    if there:
        raise KamcoachError(short(f"{there[0]} is already there; nothing was written."))
    written: list[Path] = []
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text)
            written.append(path)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
