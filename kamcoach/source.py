"""Where something is written, and what is wrong there."""

from __future__ import annotations

from typing import Literal, NamedTuple

Level = Literal["error", "warning"]


class Location(NamedTuple):
    """A place in a file; lines and columns count from 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"

    @property
    def short(self) -> str:
        """File name and line, as shown to a rep: `deal.yaml:34`."""
        return f"{self.path.replace(chr(92), '/').rsplit('/', 1)[-1]}:{self.line}"


class Diagnostic(NamedTuple):
    """A problem in a file, with a stable code and, where there is one, the way to mend it."""

    at: Location
    code: str
    message: str
    hint: str = ""
    level: Level = "error"

    def __str__(self) -> str:
        mark = "" if self.level == "error" else "warning: "
        line = f"{self.at}: [{self.code}] {mark}{self.message}"
        return f"{line}\n    hint: {self.hint}" if self.hint else line
