"""A library kept ready in the user's cache folder, so that a cold start does not read hundreds of rule files.

The cache is JSON: data, never code. It is valid as long as the content of every file that it was made from is the same, and so is the code
that read them; whatever is wrong with it, the library is read anew. Plays are not in it: they are read from their files when called.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
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
from kamcoach.source import Diagnostic, Location, real

_PROGRAM: Final = [str(real(module.__file__ or "").parent) for module in (reading, model)]
_TYPES: Final[Mapping[str, Any]] = {
    name: found
    for module in (condition, fact, rule, playbook)
    for name, found in vars(module).items()
    if isinstance(found, type) and issubclass(found, tuple) and hasattr(found, "_fields")
}
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
    if os.environ.get("KAMCOACH_NO_CACHE"):
        return None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = str(Path("~/Library/Caches").expanduser())
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    if not base or base.startswith("~"):
        return None
    key = hashlib.blake2b(os.fsencode(f"{_PROGRAM}|{real(folder)}"), digest_size=12).hexdigest()
    return Path(base) / "kamcoach" / f"{key}.json"


def _digest(roots: list[str], tables: list[str]) -> str:
    """One hash over the rules, vocabularies and playbooks below these folders, the names of their plays and templates, the tables that
    rules are read with, and our code."""
    total = hashlib.blake2b(digest_size=16)
    for path in (*_files([*_PROGRAM, *roots]), *tables):
        total.update(os.fsencode(path))
        if not path.endswith(".j2"):
            with open(path, "rb", buffering=0) as file:  # noqa: PTH123  (a quarter of the time of Path.read_bytes over hundreds of files)
                total.update(file.read(MAX_BYTES + 1))  # what is larger is refused, whatever follows
    return total.hexdigest()


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
        with store.open(encoding="utf-8", errors="surrogateescape") as file:
            head = json.loads(file.readline())
            if _digest([str(root) for root in head["roots"]], [str(path) for path in head["tables"]]) != head["digest"]:
                return None
            return _library(json.loads(file.read(), object_hook=_unpacked))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _to_cache(store: Path, library: Library) -> None:
    """Keep a library; two writers at once both write the same, and the last name wins."""
    with contextlib.suppress(OSError):
        roots, tables = list(library.roots), _tables(library)
        head = {"roots": roots, "tables": tables, "digest": _digest(roots, tables)}
        text = json.dumps(head) + "\n" + json.dumps(_data(library), ensure_ascii=False)
        store.parent.mkdir(parents=True, exist_ok=True)
        temporary = store.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_text(text, encoding="utf-8", errors="surrogateescape")
        temporary.replace(store)


def _tables(library: Library) -> list[str]:
    """The table files in which rows are written; what is written in YAML lies below the roots."""
    return sorted({rule.at.path for rule in library.rule_base.rules if not rule.at.path.endswith(".yaml")})


def _data(library: Library) -> dict[str, Any]:
    base = library.rule_base
    parts = {name: _packed(getattr(library, name)) for name in _PARTS}
    return {
        **parts,
        "strata": _packed(base.strata),
        "types": _packed(base.vocabulary.types),
        "enums": _packed(base.vocabulary.enums),
        "params": _packed(base.params),
        "plays": {name: play.at.path for name, play in library.plays.items()},
        "templates": [str(path) for path in library.templates],
        "roots": list(library.roots),
    }


def _library(data: dict[str, Any]) -> Library:
    parts = {name: data[name] for name in _PARTS}
    vocabulary = fact.Vocabulary(data["types"], data["enums"])
    return Library(
        rule_base=RuleBase(vocabulary, data["strata"], data["params"]),
        plays=Plays({name: Path(path) for name, path in data["plays"].items()}, parts["sections"]),
        templates=tuple(Path(path) for path in data["templates"]),
        roots=tuple(data["roots"]),
        **parts,
    )


def _packed(value: Any, *, placed: bool = False) -> Any:
    """Named tuples as `{"@Name": […]}`, tuples as `{"@": […]}`; only rules keep their place, and trailing defaults are left out."""
    if isinstance(value, Location):
        return {"@Location": list(value if placed else fact.NOWHERE)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        parts = [fact.NOWHERE if isinstance(part, Location) and not isinstance(value, rule.Rule) else part for part in value]
        names, defaults = value._fields, getattr(value, "_field_defaults", {})
        while parts and names[len(parts) - 1] in defaults and parts[-1] == defaults[names[len(parts) - 1]]:
            parts.pop()
        return {f"@{type(value).__name__}": [_packed(part, placed=isinstance(value, rule.Rule)) for part in parts]}
    if isinstance(value, tuple):
        return {"@": [_packed(one) for one in value]}
    if isinstance(value, Mapping):
        table = {key: _packed(one) for key, one in value.items()}
        return {"@table": list(table.items())} if any(key.startswith("@") for key in table) else table
    return {"@date": [value.isoformat()]} if isinstance(value, date) else value


def _unpacked(data: dict[str, Any]) -> Any:
    """What `_packed` made of a value; called for each JSON object from the inside out."""
    head = next(iter(data), "")
    return _MAKE[head](*data[head]) if head.startswith("@") else data


_MAKE: Final[Mapping[str, Any]] = {
    "@": lambda *parts: parts,
    "@table": lambda *pairs: dict(pairs),
    "@date": date.fromisoformat,
    "@Location": Location,
    **{f"@{name}": found for name, found in _TYPES.items()},
}
