"""A line that says how far a long piece of work has come; only on a terminal, and gone when the work is done."""

from __future__ import annotations

import os
import sys
import time
from typing import Final

_PAUSE: Final = 0.1
"""Seconds between two lines: writing more often would only cost time."""


class Progress:
    """Used as `with Progress() as progress: progress("12 of 40")`."""

    def __init__(self) -> None:
        self._shown = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._last = 0.0

    def __call__(self, text: str) -> None:
        if self._shown and time.monotonic() - self._last >= _PAUSE:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
            self._last = time.monotonic()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown and self._last:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
