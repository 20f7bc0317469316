"""Calling the program as a process of its own that may use so much and no more, and what must be true of every call."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[2]
SECONDS: Final = 2.0
MEGABYTES: Final = 300.0
PATIENCE: Final = 60
"""Seconds by the clock after which a call counts as hung; the machine may be busy with other things."""
_BOUNDS: Final = f"ulimit -v {2 << 20}; ulimit -t 20; ulimit -f {128 << 10}"
"""So that a fault does not take the machine down: kilobytes, seconds, blocks of 512 bytes."""
_LAUNCH: Final = """\
import os, sys
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(child, 0)
told = f"{os.waitstatus_to_exitcode(status)} {used.ru_utime + used.ru_stime} {used.ru_maxrss}\\n"
os.write(int(sys.argv[1]), told.encode())
"""
"""A small process between: the most memory that a child held counts from its parent's on, and a process that runs tests is large."""
FAULT: Final = re.compile(
    r"^(?P<path>.+?):(?:(?P<line>\d+):(?P<column>\d+)|'?[^:!]+'?![A-Z]+\d+): \[[a-z-]+\] (?:warning: )?\S", re.MULTILINE
)
"""A diagnostic: file, line and column (in a workbook: sheet and cell), code, sentence."""
OBEYED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What a terminal would obey, or what turns the direction of writing."""


class Outcome(NamedTuple):
    """What became of a call: its streams, processor time and the most memory it held."""

    code: int
    out: str
    err: str
    seconds: float
    megabytes: float

    @property
    def said(self) -> str:
        return self.out + self.err


def limited(*arguments: object, cwd: Path, stdin: bytes = b"", shell: str = 'exec "$@"', **environment: str) -> Outcome:
    """The program called with these arguments in a folder; `shell` says what becomes of its standard input."""
    command = ["sh", "-c", f"{_BOUNDS}; {shell}", "sh", sys.executable, "-m", "kamcoach", *map(str, arguments)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment}
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin)
        given.seek(0)
        reading, writing = os.pipe()
        launched = [sys.executable, "-S", "-E", "-c", _LAUNCH, str(writing), *command]
        launcher = subprocess.Popen(
            launched, stdin=given, stdout=out, stderr=err, cwd=cwd, env=env, pass_fds=[writing], start_new_session=True
        )
        os.close(writing)
        watch = threading.Timer(PATIENCE, os.killpg, [launcher.pid, signal.SIGKILL])
        watch.start()
        launcher.wait()
        watch.cancel()
        with os.fdopen(reading) as told:
            code, seconds, kilobytes = told.readline().split()
        return Outcome(int(code), _text(out), _text(err), float(seconds), int(kilobytes) / 1024)


def _text(stream: object) -> str:
    stream.seek(0)  # type: ignore[attr-defined]
    return str(stream.read().decode(errors="replace"))  # type: ignore[attr-defined]


def clean(outcome: Outcome) -> None:
    """No traceback, an exit code that is documented, little time, little memory, nothing that a terminal would obey."""
    assert "Traceback" not in outcome.said, outcome.err[-2000:]
    assert outcome.code in (0, 1, 2), f"{outcome.code}: {outcome.err[-500:]}"
    assert outcome.seconds < SECONDS, outcome.seconds
    assert outcome.megabytes < MEGABYTES, outcome.megabytes
    assert not OBEYED.search(outcome.said), repr(OBEYED.search(outcome.said))


def refused(outcome: Outcome) -> list[re.Match[str]]:
    """The diagnostics of a call that was refused cleanly; there is at least one."""
    clean(outcome)
    assert outcome.code == 2, outcome.said[:500]
    found = list(FAULT.finditer(outcome.said))
    assert found, outcome.said[:500]
    return found
