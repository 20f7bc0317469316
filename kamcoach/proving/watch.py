"""Waiting until a file changes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from kamcoach.source import real

Stamps = Mapping[Path, tuple[int, int]]
_WATCHED: Final = ("*.yaml", "*.j2", "*.csv", "*.xlsx")


def outermost(paths: Iterable[Path]) -> tuple[Path, ...]:
    """These files and folders, without those that lie in another of them."""
    found = dict.fromkeys(real(path) for path in paths)
    return tuple(path for path in found if not any(path != other and path.is_relative_to(other) for other in found))


def stamps(folders: Iterable[Path]) -> Stamps:
    """When each rule, table, scenario, play and vocabulary below these folders was changed last, and how long it is."""
    found: dict[Path, tuple[int, int]] = {}
    for folder in folders:
        below = (path for pattern in _WATCHED for path in folder.rglob(pattern))
        for path in (folder,) if folder.is_file() else below:
            try:
                stat = path.stat()
            except OSError:  # gone between the two calls
                continue
            found[path] = (stat.st_mtime_ns, stat.st_size)
    return found


def changed(before: Stamps, after: Stamps) -> list[Path]:
    """The files that are new, gone or other than before."""
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def wait_for_change(folders: tuple[Path, ...], before: Stamps, pause: float = 0.5) -> list[Path]:
    """The files that changed, once some have; an editor that writes in several steps is given time to finish."""
    while not (found := changed(before, stamps(folders))):
        time.sleep(pause)
    while True:
        settled = stamps(folders)
        time.sleep(pause / 5)
        if stamps(folders) == settled:
            return changed(before, settled) or found
