"""Folders that appear, or change, in one step."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kamcoach.writing.drafts import beside, sync

_EXCHANGE: Final = 2
_HERE: Final = -100


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """A new folder beside that one, to be filled and then given its name; what is left of it in the end is deleted. Raises OSError."""
    import shutil

    place = beside(folder)
    place.mkdir()
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def appear(made: Path, folder: Path) -> bool:
    """Give a finished folder its name; False if something of that name came up meanwhile. Raises OSError."""
    if os.path.lexists(folder):
        return False
    try:
        made.rename(folder)
    except OSError:
        if not os.path.lexists(folder):
            raise
        return False
    sync(folder.parent)
    return True


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step; False if this system cannot."""
    import ctypes

    names = os.fsencode(one), os.fsencode(other)
    try:
        library = ctypes.CDLL(None)
        if sys.platform == "darwin":
            return int(library.renamex_np(*names, _EXCHANGE)) == 0
        return int(library.renameat2(_HERE, names[0], _HERE, names[1], _EXCHANGE)) == 0
    except (OSError, AttributeError, TypeError):  # no such call here
        return False


def make_folders(folder: Path, made: Callable[[Path], object]) -> None:
    """Make a folder with those above it, and tell of each that was not there. Raises OSError."""
    if folder.is_dir():
        return
    make_folders(folder.parent, made)
    try:
        folder.mkdir()
    except FileExistsError as error:
        if not folder.is_dir():
            raise NotADirectoryError(None, "Not a directory") from error
    else:
        made(folder)


def first_missing(folder: Path) -> Path | None:
    """The uppermost folder that would have to be made."""
    found = None
    for one in (folder, *folder.parents):
        if os.path.lexists(one):
            break
        found = one
    return found
