"""Calling the program: in this process, which is quick, or as a process of its own, which is the real thing."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from kamcoach.cli import run

ROOT: Final = Path(__file__).resolve().parents[2]


class Called(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def called(*arguments: object, stdin: bytes | None = None) -> Called:
    """In this process. A traceback of Python fails the test."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        if stdin is not None:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = run([str(one) for one in arguments])
    return Called(code, out.getvalue(), err.getvalue())


def process(*arguments: object, shell: str = '"$@"', cwd: Path | None = None, **environment: str) -> Called:
    """As a process of its own; `shell` says what becomes of its streams."""
    command = ["sh", "-c", shell, "sh", sys.executable, "-m", "kamcoach", *map(str, arguments)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment}
    done = subprocess.run(command, capture_output=True, cwd=cwd, env=env, timeout=60, check=False)
    return Called(done.returncode, done.stdout.decode(), done.stderr.decode())
