"""An end to work of other libraries that may go on for hours over a few bytes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from kamcoach.errors import BadInput
from kamcoach.source import Diagnostic, Location

SECONDS: Final = 4.0
"""Of processor time; the shipped document takes half a second."""


@contextmanager
def in_time(at: Location) -> Iterator[None]:
    """Raises BadInput at the template if its document is not made in time. Without such a clock (Windows, a thread) it may take longer."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        message = "The document takes too long to be filled in."
        raise BadInput([Diagnostic(at, "template-too-long", message, "copy its text into a new document")])

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
