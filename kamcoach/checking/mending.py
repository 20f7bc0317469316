"""Carrying out the mends that are beyond doubt. Only the words in question change: every comment, space and line stays where it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import yaml

from kamcoach.reading.nodes import Refused, parse
from kamcoach.reading.syntax import BREAK
from kamcoach.source import Diagnostic, Mend

_BOM: Final = "\ufeff"
_MOST: Final = 1_000
"""So many signs in one file are mended at a time."""


class Change(NamedTuple):
    """What becomes of one file: its new text, or its new name."""

    path: Path
    before: str
    after: str
    renamed: Path | None = None
    places: int = 1


def changes(problems: Iterable[Diagnostic]) -> list[Change]:
    """The changes that these problems ask for, one for each file. A file that would not be readable afterwards is left as it is."""
    by_path: dict[Path, list[Diagnostic]] = {}
    for one in problems:
        if one.mend is not None:
            by_path.setdefault(Path(one.at.path), []).append(one)
    return [change for path, several in by_path.items() if (change := _change(path, several)) is not None]


def _change(path: Path, problems: list[Diagnostic]) -> Change | None:
    names = [one.mend.new for one in problems if one.mend is not None and one.mend.what == "file name"]
    if names:
        target = path.with_name(names[0])
        return None if target.exists() else Change(path, "", "", target)
    try:
        before = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    after, places = _applied(before, problems)
    while (fault := _fault(after)) is not None and fault.mend is not None and places < _MOST:
        after, more = _applied(after, [fault])
        if not more:
            break
        places += more
    return Change(path, before, after, places=places) if after != before and _readable_further(before, after) else None


def _applied(text: str, problems: list[Diagnostic]) -> tuple[str, int]:
    """The text with the mends of these problems, and how many there were."""
    spans = dict(_spans(text, problems))
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + spans[start, end] + text[end:]
    return text, len(spans)


def _spans(text: str, problems: list[Diagnostic]) -> Iterator[tuple[tuple[int, int], str]]:
    """From where to where the text gives way, and to what; only where there still stands what was found."""
    starts = _line_starts(text)
    scalars = _scalars(text, starts)
    for one in problems:
        mend = one.mend
        if mend is None or one.at.line > len(starts):
            continue
        start = starts[one.at.line - 1] + one.at.column - 1
        said, end = scalars.get(start, ("", start + len(mend.old)))
        if mend.what == "sign" and (place := text.find(mend.old, start, end)) >= 0:
            after = place + len(mend.old)
            yield (place, after), mend.new.rstrip() if mend.new.strip() and text[after : after + 1].isspace() else mend.new
        elif mend.what == "value" and said == mend.old and not BREAK.search(text, start, end):
            yield (start, end), _spaced(mend, text, end)


def _spaced(mend: Mend, text: str, end: int) -> str:
    """The new words; a value that ended in quotes may have stood right before a sign that now needs a space."""
    return mend.new if re.match(r"[\s,\]}:]|$", text[end : end + 1]) else mend.new + " "


def _scalars(text: str, starts: list[int]) -> dict[int, tuple[str, int]]:
    """Every single value of a YAML text by where it begins: what it says and where it ends. As far as the text can be read."""
    found: dict[int, tuple[str, int]] = {}
    shift = len(_BOM) if text.startswith(_BOM) else 0
    try:
        for event in yaml.parse(text[shift:], Loader=yaml.SafeLoader):
            if isinstance(event, yaml.ScalarEvent) and event.start_mark and event.end_mark:
                start, end = event.start_mark, event.end_mark
                found[starts[start.line] + start.column] = (event.value, starts[end.line] + end.column)
    except yaml.YAMLError:
        pass
    return found


def _line_starts(text: str) -> list[int]:
    """Where each line begins; the mark at the beginning of a file belongs to none."""
    first = len(_BOM) if text.startswith(_BOM) else 0
    return [first, *(match.end() for match in BREAK.finditer(text))]


def _readable_further(before: str, after: str) -> bool:
    """Whether the whole text can be read afterwards, or at least more of it than before."""
    old, new = _fault(before), _fault(after)
    return new is None or (old is not None and new.at > old.at)


def _fault(text: str) -> Diagnostic | None:
    """Why the text cannot be read to its end; None if it can."""
    try:
        parse(text.removeprefix(_BOM), "", [])
    except Refused as refused:
        return refused.diagnostic
    return None
