"""Work on many mutants, in several processes if there are several processors."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from kamcoach.proving.choice import read_playbook
from kamcoach.proving.hunt import Hunter

T = TypeVar("T")
R = TypeVar("R")
_MINE: Final[dict[str, Hunter]] = {}
"""The hunter of this process, if it is one of a crew."""


class Source(NamedTuple):
    """Where the rules and the scenarios are read from."""

    folder: Path
    files: tuple[Path, ...]

    def hunter(self) -> Hunter:
        playbook = read_playbook(self.folder)
        return Hunter(playbook, playbook.cases(self.files))


def processors() -> int:
    """How many processes can really run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Crew:
    """One process with its own hunter, or several that each read the rules for themselves."""

    def __init__(self, source: Source, hunter: Hunter, jobs: int) -> None:
        self._hunter = hunter
        self._pool = ProcessPoolExecutor(jobs, initializer=_start, initargs=(source,)) if jobs > 1 else None
        self._jobs = jobs

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def each(self, work: Callable[[Hunter, T], R], pieces: Iterable[T]) -> Iterator[R]:
        """The result of each piece, in any order; a piece is taken from the iterable only when it can be worked on."""
        if self._pool is None:
            yield from (work(self._hunter, piece) for piece in pieces)
            return
        waiting: set[Future[R]] = set()
        for piece in pieces:
            waiting.add(self._pool.submit(_work, work, piece))
            if len(waiting) > self._jobs:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in done)
        yield from (one.result() for one in wait(waiting).done)


def _start(source: Source) -> None:
    _MINE["hunter"] = source.hunter()


def _work(work: Callable[[Hunter, Any], R], piece: Any) -> R:
    return work(_MINE["hunter"], piece)
