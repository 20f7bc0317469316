"""Something happens at a moment while a command writes: before one of the calls by which Python changes what is on a disk."""

from __future__ import annotations

import errno
import io
import os
import shutil
import signal
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import Any, Final

import pytest

from tests.cli.calling import Called, called
from tests.writing.commands import State, Writing, state

CALLS: Final = ("fsync", "link", "replace", "rename", "mkdir", "chmod")


class Moments:
    """Counts the moments, and lets `happens` happen at one of them, or at none."""

    def __init__(self, patch: pytest.MonkeyPatch, happens: Callable[[], object], at: int) -> None:
        self.count = 0
        self.happens = happens
        self.at = at
        for name in CALLS:
            patch.setattr(os, name, self.watched(getattr(os, name)))
        patch.setattr(os, "open", self.watched(os.open, lambda _path, flags, *_, **__: flags & os.O_CREAT))
        patch.setattr(io, "open", self.watched(io.open, lambda _path, mode="r", *_, **__: set(mode) & set("wax")))

    def watched(self, real: Callable[..., Any], writes: Callable[..., Any] = lambda *_, **__: True) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if writes(*arguments, **named):
                self.count += 1
                if self.count == self.at:
                    self.happens()
            return real(*arguments, **named)

        return call


def full_disk() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def fresh(ready: Path) -> Path:
    """A copy of the folder, in which the call has not been made yet, beside the playbook that it extends."""
    copy = ready.parent / f"{ready.name}-copy"
    shutil.rmtree(copy, ignore_errors=True)
    return Path(shutil.copytree(ready, copy, symlinks=True))


def before_and_after(writing: Writing, ready: Path) -> tuple[State, State, int]:
    """The state without and with the call, and how many moments it has."""
    folder = fresh(ready)
    before = state(folder)
    with chdir(folder), pytest.MonkeyPatch.context() as patch:
        moments = Moments(patch, lambda: None, 0)
        found = called(*writing.call)
    assert found.code == 0, found.err
    assert state(folder) != before
    return before, state(folder), moments.count


def called_with_a_fault(writing: Writing, ready: Path, at: int) -> tuple[Called, State]:
    """What the call says if the disk is full at that moment, and what it leaves."""
    folder = fresh(ready)
    with chdir(folder), pytest.MonkeyPatch.context() as patch:
        Moments(patch, full_disk, at)
        found = called(*writing.call)
    return found, state(folder)


def killed(writing: Writing, folder: Path, at: int = 0, seconds: float = 0) -> bool:
    """Whether the call was killed, at a moment or after a time, before it came to its end."""
    child = os.fork()
    if not child:
        try:
            with chdir(folder), pytest.MonkeyPatch.context() as patch:
                Moments(patch, lambda: os.kill(os.getpid(), signal.SIGKILL), at)
                if seconds:
                    signal.signal(signal.SIGALRM, signal.SIG_DFL)
                    signal.setitimer(signal.ITIMER_REAL, seconds)
                called(*writing.call)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def spread(count: int, most: int) -> list[int]:
    """Numbers from 1 to count, evenly, at most so many."""
    return sorted({round(1 + one * (count - 1) / max(most - 1, 1)) for one in range(most)}) if count > most else list(range(1, count + 1))
