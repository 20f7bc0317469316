"""The other end of `worker.py`: starts the process, asks it, and gives up on it when it crashes or takes too long."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from kamcoach.errors import EngineError

SECONDS: Final = 60
"""How long one deal may take."""
_WORKER: Final = Path(__file__).with_name("worker.py")
INSTEAD: Final = "Nothing was concluded; --engine native does without it."


def installed() -> None:
    """Raises EngineError if durable-rules cannot be used here."""
    if sys.version_info >= (3, 13):
        raise EngineError(f"The engine 'durable' needs Python 3.12 or older: durable-rules cannot be loaded by a newer one. {INSTEAD}")
    if find_spec("durable") is None or find_spec("durable_rules_engine") is None:
        raise EngineError(f"The engine 'durable' needs durable-rules, which is not installed: pip install 'kamcoach[durable]'. {INSTEAD}")


class Worker:
    """A process with these rulesets, layer by layer."""

    def __init__(self, layers: list[list[dict[str, Any]]], seconds: float) -> None:
        self.seconds = seconds
        self.late = False
        command = [sys.executable, "-P", str(_WORKER)]
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        except OSError as error:
            raise EngineError(f"durable-rules cannot be started: {error.strerror}. {INSTEAD}") from error
        try:
            with self.limited():
                self.ask({"layers": layers, "seconds": max(1, round(seconds))})
        except BaseException:
            self.close()
            raise

    @contextmanager
    def limited(self) -> Iterator[None]:
        """What is asked within must be answered in time, or the process is ended."""
        timer = threading.Timer(self.seconds, self._stop)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _stop(self) -> None:
        self.late = True
        self.process.kill()

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer. Raises EngineError if there is none."""
        assert self.process.stdin is not None and self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except OSError:
            line = b""
        if not line.endswith(b"\n"):
            raise EngineError(self._ended())
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise EngineError(f"durable-rules failed: {answer['error']}. {INSTEAD}")
        return answer

    def _ended(self) -> str:
        code = self.process.wait()
        if self.late:
            return f"durable-rules did not finish within {self.seconds:g} seconds and was stopped. {INSTEAD}"
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return f"durable-rules crashed ({how}). {INSTEAD}"

    def close(self) -> None:
        """End the process; it has nothing to keep."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):  # what was written last may not have been read
                if stream is not None:
                    stream.close()


class Workers:
    """The worker for a rule base: started when it is needed, kept for the next deal, and replaced when it failed."""

    def __init__(self, layers: list[list[dict[str, Any]]]) -> None:
        self.layers = layers
        self.worker: Worker | None = None

    @contextmanager
    def one(self) -> Iterator[Worker]:
        """A worker for one deal. Raises EngineError if it fails, and ends it then."""
        if self.worker is None:
            self.worker = Worker(self.layers, SECONDS)
        try:
            with self.worker.limited():
                yield self.worker
        except BaseException:
            self.close()
            raise
        if self.worker.late:  # too late for this deal, but it is not there for the next
            self.close()

    def close(self) -> None:
        """End the process, if there is one."""
        if self.worker is not None:
            self.worker.close()
        self.worker = None
