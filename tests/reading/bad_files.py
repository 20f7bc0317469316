"""Reading the broken files: what each marks as its own faults, and what the readers find."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from kamcoach.coaching import check_deal
from kamcoach.errors import KamcoachError
from kamcoach.model.playbook import Library
from kamcoach.reading.cache import load_library
from kamcoach.reading.deals import read_deal
from kamcoach.reading.finding import find_playbook
from kamcoach.reading.library import read_library
from kamcoach.reading.scenarios import read_scenarios
from kamcoach.source import Diagnostic

BAD = Path(__file__).parent / "bad"
_MARK = re.compile(r"^#(?: <[a-z0-9-]+)?(\s*\^ [a-z0-9-]+)*$")
Fault = tuple[int, int, str]
"""Line, column, code."""


@cache
def library() -> Library:
    return load_library(find_playbook(None, None), cached=False)


def marked(path: Path) -> list[Fault]:
    """The faults that a file marks below the line: a caret at the column, `# <code` for the first; lines are counted without the marks."""
    found, line = [], 0
    for text in path.read_text(encoding="utf-8").splitlines():
        if not _MARK.match(text):
            line += 1
            continue
        found.extend(
            (line, match.start() + 1 if match[0][0] == "^" else 1, match[1]) for match in re.finditer(r"(?:\^ |<)([a-z0-9-]+)", text)
        )
    return sorted(found)


def unmarked(path: Path, folder: Path) -> Path:
    """The same file without its marks, in a folder of its own."""
    lines = [text for text in path.read_text(encoding="utf-8").splitlines() if not _MARK.match(text)]
    copy = folder / path.name
    copy.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return copy


def faults(path: Path, folder: Path) -> list[Fault]:
    copy = unmarked(path, folder)
    found = [problem for problem in diagnostics(copy, path.parent.name, folder) if Path(problem.at.path).name == copy.name]
    return sorted((problem.at.line, problem.at.column, problem.code) for problem in found)


def diagnostics(path: Path, kind: str, folder: Path) -> list[Diagnostic]:
    """Everything that is found in a broken file of a kind."""
    problems: list[Diagnostic] = []
    if kind == "deals":
        deal = read_deal(path, library().rule_base.vocabulary, problems)
        if deal is not None and not problems:
            problems.extend(check_deal(deal, library()))
    elif kind == "scenarios":
        read_scenarios(path, library(), problems)
    elif kind == "rules":
        read_library(find_playbook(None, None), problems, (path,))
    else:
        _playbook(path, kind, folder, problems)
    return problems


def _playbook(path: Path, kind: str, folder: Path, problems: list[Diagnostic]) -> None:
    if kind == "vocabulary":
        (folder / "playbook.yaml").write_text("id: own\ntitle: {en: Own, zh: 自家}\nextends: key-account\n", encoding="utf-8")
        target = folder / "vocabulary.yaml"
    else:
        target = folder / "playbook.yaml"
    path.replace(target)
    try:
        read_library(folder, problems)
    except KamcoachError:
        raise AssertionError("a reader raised instead of noting what is wrong") from None
    problems[:] = [p._replace(at=p.at._replace(path=str(path))) if Path(p.at.path) == target else p for p in problems]
