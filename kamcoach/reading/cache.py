"""A library kept ready in the user's cache folder, so that a cold start does not read hundreds of rule files.

The cache is JSON: data, never code. It is valid as long as the content of every file that it was made from is the same, and so is the code
that read them; whatever is wrong with it, the library is read anew. Plays are not in it: they are read from their files when called.

Its first line says what it was made from. The second is a list of rows, each a value that the rows after it may hold by its number: a
condition that stands in many rules is kept and made once.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from kamcoach import model, reading
from kamcoach.errors import BadInput
from kamcoach.model import condition, fact, playbook, rule
from kamcoach.model.playbook import Library, Play
from kamcoach.model.rulebase import RuleBase
from kamcoach.reading.nodes import MAX_BYTES
from kamcoach.reading.store import digest, keep, kept_file, read_kept
from kamcoach.source import Diagnostic, Location, real

_PROGRAM: Final = [str(real(module.__file__ or "").parent) for module in (reading, model)]
_TYPES: Final[Mapping[str, Any]] = {
    name: found
    for module in (condition, fact, rule, playbook)
    for name, found in vars(module).items()
    if isinstance(found, type) and issubclass(found, tuple) and hasattr(found, "_fields")
}
_SMALL: Final = 16_384
_PARTS: Final = ("id", "title", "checks", "sections", "ranking", "shows", "origins")


def load_library(folder: Path, *, cached: bool = True) -> Library:
    """The playbook in a folder with all it extends. Raises BadInput with every problem found."""
    store = _store(folder) if cached else None
    library = _from_cache(store) if store else None
    if library is not None:
        return library
    from kamcoach.reading.library import read_library

    problems: list[Diagnostic] = []
    library = read_library(folder, problems)
    errors = [problem for problem in problems if problem.level == "error"]
    if errors or library is None:
        raise BadInput(errors)
    if store:
        _to_cache(store, library)
    return library


class Plays(Mapping[str, Play]):
    """Plays that are read when they are called."""

    def __init__(self, paths: Mapping[str, Path], sections: Mapping[str, fact.Words]) -> None:
        self._paths = paths
        self._sections = sections
        self._read: dict[str, Play] = {}

    def __getitem__(self, name: str) -> Play:
        if name not in self._read:
            self._read[name] = self._from_file(self._paths[name])
        return self._read[name]

    def _from_file(self, path: Path) -> Play:
        from kamcoach.reading.inside import stray
        from kamcoach.reading.playbooks import read_play

        problems: list[Diagnostic] = list(stray([path], path.parent.parent))
        play = read_play(path, self._sections, problems) if not problems else None
        if play is None or problems:
            raise BadInput(problems)
        return play

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def _store(folder: Path) -> Path | None:
    """The cache file of a playbook, one for each place of it and of this program."""
    return kept_file(digest(os.fsencode(f"{_PROGRAM}|{real(folder)}")) + ".json")


def _digest(roots: list[str], tables: list[str]) -> str:
    """One hash over the rules, vocabularies and playbooks below these folders, the names of their plays and templates, the tables that
    rules are read with, and our code."""
    paths = [*_files([*_PROGRAM, *roots]), *tables]
    contents = [_content(path) for path in paths]
    sizes = "".join(f"{path}\0{len(content)}\0" for path, content in zip(paths, contents, strict=True))
    return digest(os.fsencode(sizes), b"".join(contents))


def _content(path: str) -> bytes:
    """What is in a file; nothing of plays and templates. Raises OSError if that is more than any file of a playbook may hold.

    Without Python's file objects: there are hundreds of files, most of them small.
    """
    if path.endswith(".j2"):
        return b""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        content = os.read(descriptor, _SMALL)
        if len(content) < _SMALL:
            return content
        if os.fstat(descriptor).st_size > MAX_BYTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), path)
        return b"".join([content, *iter(lambda: os.read(descriptor, MAX_BYTES), b"")])
    finally:
        os.close(descriptor)


def _files(folders: list[str]) -> Iterator[str]:
    for folder in folders:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
        yield from (
            e.path for e in entries if e.is_file() and e.name.endswith((".yaml", ".j2", ".py")) and not e.name.endswith(".test.yaml")
        )
        yield from _files([e.path for e in entries if e.is_dir(follow_symlinks=False)])


def _from_cache(store: Path) -> Library | None:
    try:
        first, body = read_kept(store).split(b"\n", 1)
        head = json.loads(first)
        if digest(body) == head["body"] and _digest(head["roots"], head["tables"]) == head["digest"]:
            return _library(_made(json.loads(body.decode("utf-8", "surrogatepass"))))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    return None


def _to_cache(store: Path, library: Library) -> None:
    roots, tables = list(library.roots), _tables(library)
    body = json.dumps(_rows(_data(library)), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    try:
        head = {"roots": roots, "tables": tables, "digest": _digest(roots, tables), "body": digest(body)}
    except OSError:  # a file is gone since it was read
        return
    keep(store, json.dumps(head).encode() + b"\n" + body)


def _tables(library: Library) -> list[str]:
    """The table files in which rows are written; what is written in YAML lies below the roots."""
    return sorted({rule.at.path for rule in library.rule_base.rules if not rule.at.path.endswith(".yaml")})


def _data(library: Library) -> dict[str, Any]:
    base = library.rule_base
    return {
        **{name: getattr(library, name) for name in _PARTS},
        "strata": base.strata,
        "types": base.vocabulary.types,
        "enums": base.vocabulary.enums,
        "params": base.params,
        "plays": {name: play.at.path for name, play in library.plays.items()},
        "templates": tuple(str(path) for path in library.templates),
        "roots": library.roots,
    }


def _library(data: dict[str, Any]) -> Library:
    parts = {name: data[name] for name in _PARTS}
    return Library(
        rule_base=RuleBase(fact.Vocabulary(data["types"], data["enums"]), data["strata"], data["params"]),
        plays=Plays({name: Path(path) for name, path in data["plays"].items()}, parts["sections"]),
        templates=tuple(Path(path) for path in data["templates"]),
        roots=data["roots"],
        **parts,
    )


def _rows(value: Any) -> list[Any]:
    """A value as rows: `[kind, part, …]`, or a whole number. What a part is made of comes in rows before it."""
    rows: list[Any] = []
    _part(value, rows, {})
    return rows


def _part(value: Any, rows: list[Any], known: dict[str, int]) -> Any:
    """A value as a part of a row: texts, fractions, bools, null and tables of texts as they are, the rest by the number of its row."""
    if value is None or isinstance(value, (str, bool, float)):
        return value
    if isinstance(value, Mapping) and all(isinstance(one, str) for one in value.values()):
        return dict(value)
    row = value if isinstance(value, int) else _row(value, rows, known)
    key = json.dumps(row)
    if key not in known:
        known[key] = len(rows)
        rows.append(row)
    return known[key]


def _row(value: Any, rows: list[Any], known: dict[str, int]) -> list[Any]:
    kind, parts = _split(value)
    return [kind, *(_part(one, rows, known) for one in parts)]


def _split(value: Any) -> tuple[str, list[Any]]:
    """What kind of value it is, and of what parts. Only rules keep their place; trailing defaults are left out."""
    if isinstance(value, Mapping):
        return "map", [part for entry in value.items() for part in entry]
    if isinstance(value, date):
        return "date", [value.isoformat()]
    names, defaults = getattr(value, "_fields", ()), getattr(value, "_field_defaults", {})
    parts = [fact.NOWHERE if names and isinstance(one, Location) and not isinstance(value, rule.Rule) else one for one in value]
    while names and parts and names[len(parts) - 1] in defaults and parts[-1] == defaults[names[len(parts) - 1]]:
        parts.pop()
    return type(value).__name__ if names else "", parts


def _made(rows: list[Any]) -> Any:
    """What `_rows` took apart."""
    values: list[Any] = []
    for row in rows:
        if isinstance(row, int):
            values.append(row)
        else:
            parts = [values[part] if type(part) is int else part for part in row[1:]]
            values.append(_MAKE[row[0]](*parts) if row[0] else tuple(parts))
    return values[-1]


_MAKE: Final[Mapping[str, Any]] = {
    "map": lambda *parts: dict(zip(parts[::2], parts[1::2], strict=True)),
    "date": date.fromisoformat,
    "Location": Location,
    **_TYPES,
}
