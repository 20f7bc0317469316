"""Reading the broken files: what each marks as its own faults, and what the readers find."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from kamcoach.coaching import check_deal
from kamcoach.errors import KamcoachError
from kamcoach.model.playbook import Library
from kamcoach.reading.cache import load_library
from kamcoach.reading.deals import read_deal
from kamcoach.reading.finding import find_playbook, shipped
from kamcoach.reading.library import read_library
from kamcoach.reading.nodes import read_file
from kamcoach.reading.rows import read_rules
from kamcoach.reading.rules import read_checks
from kamcoach.reading.scenarios import read_scenarios
from kamcoach.reading.tables import Tables
from kamcoach.reading.vocabulary import read_vocabulary
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


@cache
def found(path: Path) -> tuple[Diagnostic, ...]:
    """What is told of a broken file, under its bare name."""
    with TemporaryDirectory() as folder:
        copy = unmarked(path, Path(folder))
        told = [one for one in diagnostics(copy, path.parent.name, Path(folder)) if Path(one.at.path).name == copy.name]
    return tuple(one._replace(at=one.at._replace(path=path.name)) for one in told)


def faults(path: Path) -> list[Fault]:
    return sorted((one.at.line, one.at.column, one.code) for one in found(path))


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
        _rule(path, problems)
    elif kind == "vocabulary":
        roots = [root for one in (shipped("rules") / "vocabulary.yaml", path) if (root := read_file(one, problems)) is not None]
        read_checks(roots, read_vocabulary(roots, problems), problems)
    else:
        _playbook(path, folder, problems)
    return problems


def _rule(path: Path, problems: list[Diagnostic]) -> None:
    """What is wrong in a rule by itself; if it is sound, what is wrong with it among the others."""
    base = library().rule_base
    root = read_file(path, found := [])
    rules = read_rules(root, base.vocabulary, base.params, Tables(), found) if root is not None else ()
    if not rules:
        problems.extend(found)
    else:
        read_library(find_playbook(None, None), problems, (path,))


def _playbook(path: Path, folder: Path, problems: list[Diagnostic]) -> None:
    target = folder / "playbook.yaml"
    path.replace(target)
    try:
        read_library(folder, problems)
    except KamcoachError:
        raise AssertionError("a reader raised instead of noting what is wrong") from None
    problems[:] = [p._replace(at=p.at._replace(path=str(path))) if Path(p.at.path) == target else p for p in problems]
