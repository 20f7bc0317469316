"""What differs between two libraries themselves: rules, plays and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kamcoach.model.playbook import Library
from kamcoach.source import Location


class Content(NamedTuple):
    """Names, in order."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]


def content(old: Library, new: Library) -> Mapping[str, Content]:
    return {kind: _differences(_texts(kind, old), _texts(kind, new)) for kind in ("rules", "plays", "parameters")}


def _texts(kind: str, library: Library) -> dict[str, object]:
    """Each name with all that makes it what it is, wherever it stands."""
    if kind == "parameters":
        return {name: param.value for name, param in library.rule_base.params.items()}
    if kind == "plays":
        return {name: _anywhere(play.sections) for name, play in library.plays.items()}
    return {rule.id: _anywhere(tuple(rule)) for rule in library.rule_base.rules}


def _anywhere(value: object) -> object:
    """The same without places in files, for comparing."""
    if isinstance(value, Location):
        return None
    if isinstance(value, Mapping):
        return [(key, _anywhere(one)) for key, one in value.items()]
    if isinstance(value, (tuple, list)):
        return [type(value).__name__, *map(_anywhere, value)]
    return value


def _differences(old: Mapping[str, object], new: Mapping[str, object]) -> Content:
    both = sorted(old.keys() & new.keys())
    return Content(
        tuple(sorted(new.keys() - old.keys())),
        tuple(sorted(old.keys() - new.keys())),
        tuple(name for name in both if old[name] != new[name]),
    )
