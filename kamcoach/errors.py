"""What stops the program. Each error knows its exit code."""

from __future__ import annotations

from collections.abc import Iterable

from kamcoach.source import Diagnostic


class KamcoachError(Exception):
    """Something the person at the keyboard can mend; shown in one line, without a traceback."""

    exit_code = 2


class BadInput(KamcoachError):
    """One or more files are wrong; carries every diagnostic found."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(sorted(diagnostics, key=lambda d: (d.at, d.code, d.message)))
        super().__init__("\n".join(map(str, self.diagnostics)))


class UnknownName(KamcoachError):
    """A name given on the command line that nothing answers to."""


class EngineError(KamcoachError):
    """The inference itself could not be carried out."""

    exit_code = 3
