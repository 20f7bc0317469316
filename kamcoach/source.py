"""Where something is written, and what is wrong there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, NamedTuple

Level = Literal["error", "warning"]


class Location(NamedTuple):
    """A place in a file; lines and columns count from 1. In a workbook it is a cell of a sheet."""

    path: str
    line: int = 1
    column: int = 1
    sheet: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self._cell or f'{self.line}:{self.column}'}"

    @property
    def short(self) -> str:
        """File name and line, as shown to a rep: `deal.yaml:34`, `units.xlsx:Sheet1!A4`."""
        return f"{self.path.replace(chr(92), '/').rsplit('/', 1)[-1]}:{self._cell or self.line}"

    @property
    def _cell(self) -> str:
        """The place as a spreadsheet names it; "" if it is none."""
        letters, column = "", self.column
        while column:
            column, rest = divmod(column - 1, 26)
            letters = chr(65 + rest) + letters
        sheet = self.sheet if self.sheet.isalnum() else f"'{self.sheet}'"
        return f"{sheet}!{letters}{self.line}" if self.sheet else ""


def real(path: str | Path) -> Path:
    """The place of a file itself, whatever links lead there; of a link that leads in a circle, the link. (`Path.resolve` fails at one.)"""
    return Path(os.path.realpath(path))


class Mend(NamedTuple):
    """The one way to mend a file, beyond doubt: what stands at the place gives way to something else, or the file gets another name."""

    old: str
    new: str
    what: Literal["value", "sign", "file name"] = "value"


class Hint(str):
    """The way out in words, that also knows the mend itself."""

    __slots__ = ("mend",)
    mend: Mend

    def __new__(cls, text: str, mend: Mend) -> Hint:
        hint = super().__new__(cls, text)
        hint.mend = mend
        return hint


class Diagnostic(NamedTuple):
    """A problem in a file, with a stable code and, where there is one, the way to mend it."""

    at: Location
    code: str
    message: str
    hint: str = ""
    level: Level = "error"

    @property
    def mend(self) -> Mend | None:
        """How to mend it, if there is no doubt about it."""
        return self.hint.mend if isinstance(self.hint, Hint) else None

    def __str__(self) -> str:
        mark = "" if self.level == "error" else "warning: "
        line = f"{self.at}: [{self.code}] {mark}{self.message}"
        return f"{line}\n    hint: {self.hint}" if self.hint else line
