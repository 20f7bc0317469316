"""Findings that a file allows by a comment: `# kamcoach: allow threshold-gap` on the line itself, or alone on the line above."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kamcoach.reading.nodes import Refused, read_text
from kamcoach.source import Diagnostic

_ALLOW: Final = re.compile(r"#\s*kamcoach:\s*allow\s+([\w-]+(?:\s*,\s*[\w-]+)*)")


def without_allowed(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    lines: dict[str, list[str]] = {}
    for one in found:
        if one.at.path not in lines:
            lines[one.at.path] = _lines(one.at.path)
        if one.code not in _allowed(lines[one.at.path], one.at.line):
            yield one


def _allowed(lines: list[str], number: int) -> set[str]:
    here = lines[number - 1] if number <= len(lines) else ""
    above = lines[number - 2].strip() if 1 < number <= len(lines) + 1 else ""
    said = _ALLOW.findall(here) + (_ALLOW.findall(above) if above.startswith(("#", "{#")) else [])
    return {code for group in said for code in re.split(r"\s*,\s*", group)}


def _lines(path: str) -> list[str]:
    try:
        return read_text(Path(path)).splitlines()
    except Refused:
        return []
