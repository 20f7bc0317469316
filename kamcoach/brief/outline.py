"""`brief.yaml` beside the templates: for whom there are briefs, which parts each has and in what order, and the words of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from kamcoach.advice.page import nearest_file
from kamcoach.errors import BadInput, KamcoachError, UnknownName
from kamcoach.model.fact import SEVERITIES, Words
from kamcoach.model.playbook import Library
from kamcoach.reading.fields import LANGUAGES, Problems, check_keys, is_list, is_mapping, nearest, number_of, text_of, words_of
from kamcoach.reading.inside import stray
from kamcoach.reading.nodes import Mapping as Table
from kamcoach.reading.nodes import Node, Scalar, Sequence, read_file
from kamcoach.source import Diagnostic

OUTLINE_FILE: Final = "brief.yaml"
_KEYS: Final = ("audiences", "due", "words")


class Audience(NamedTuple):
    """One reader: what the brief is called then, and its parts in order."""

    id: str
    label: Words
    parts: tuple[str, ...]


class Outline(NamedTuple):
    """What a playbook says of its briefs. `due` is in how many days an action of a severity is to be done."""

    audiences: Mapping[str, Audience]
    due: Mapping[str, int]
    words: Mapping[str, Words]

    def audience(self, name: str) -> Audience:
        """Raises UnknownName."""
        if name not in self.audiences:
            raise UnknownName(f"There is no brief for '{name}'. {nearest(name, self.audiences).capitalize()}".strip())
        return self.audiences[name]


def outline_of(library: Library) -> Outline:
    """The outline of the nearest playbook that has one. Raises BadInput with every problem in it."""
    path = nearest_file(OUTLINE_FILE, library)
    if path is None:
        raise KamcoachError(f"The playbook has no {OUTLINE_FILE} in its templates.")
    problems: Problems = []
    found = read_outline(path, problems)
    if problems:
        raise BadInput(problems)
    return found


def read_outline(path: Path, problems: Problems) -> Outline:
    """What one file says; what is wrong in it is noted."""
    away = list(stray([path], path.parent.parent))
    problems.extend(away)
    node = read_file(path, problems) if not away else None
    table = is_mapping(node, "The outline of the brief", problems) if node is not None else None
    if table is None:
        return Outline({}, {}, {})
    check_keys(table, _KEYS, _KEYS, "The outline of the brief", problems)
    audiences = {name: _audience(name, one, problems) for name, one in _entries(table, "audiences", problems)}
    days = [(name, number_of(one, f"'{name}'", problems)) for name, one in _entries(table, "due", problems, SEVERITIES)]
    words = {name: _both(name, one, problems) for name, one in _entries(table, "words", problems)}
    return Outline(audiences, {name: min(3650, max(0, int(count or 0))) for name, count in days}, words)


def named_parts(path: Path) -> Iterator[Scalar]:
    """Every part that an outline names, where it stands; nothing of what cannot be read."""
    node = read_file(path, [])
    readers = _entries(node, "audiences", []) if isinstance(node, Table) else []
    for _, reader in readers:
        parts = reader.get("parts") if isinstance(reader, Table) else None
        yield from (item for item in (parts.items if isinstance(parts, Sequence) else ()) if isinstance(item, Scalar))


def _entries(table: Table, key: str, problems: Problems, wanted: tuple[str, ...] = ()) -> list[tuple[str, Node]]:
    node = table.get(key)
    below = is_mapping(node, f"'{key}'", problems) if node is not None else None
    if below is None:
        return []
    if wanted:
        check_keys(below, wanted, wanted, f"'{key}'", problems)
    return [(name.text, one) for name, one in below.entries]


def _audience(name: str, node: Node, problems: Problems) -> Audience:
    table = is_mapping(node, f"'{name}'", problems)
    if table is None:
        return Audience(name, {}, ())
    check_keys(table, ("label", "parts"), ("label", "parts"), f"'{name}'", problems)
    parts = table.get("parts")
    listed = is_list(parts, "'parts'", problems) if parts is not None else None
    label = table.get("label")
    found = tuple(text_of(item, "A part", problems) for item in (listed.items if listed is not None else ()))
    return Audience(name, _both("label", label, problems) if label is not None else {}, found)


def _both(name: str, node: Node, problems: Problems) -> Words:
    """A text in every language; one that is missing would leave a hole in the page."""
    found = words_of(node, f"'{name}'", problems)
    for language in LANGUAGES:
        if language not in found:
            problems.append(Diagnostic(node.at, "missing-key", f"'{name}' has no text in '{language}'."))
    return found
