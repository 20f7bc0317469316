"""Where something stands in a rule file that the rule itself does not remember."""

from __future__ import annotations

from pathlib import Path

from kamcoach.model.rule import Rule
from kamcoach.reading.nodes import Mapping, read_file
from kamcoach.source import Location


def place_of(rule: Rule, key: str) -> Location:
    """The place of the value under a key of a rule file; the rule's own if it is not there, or comes from a table."""
    if rule.id != rule.stem:
        return rule.at
    root = read_file(Path(rule.at.path), [])
    value = root.get(key) if isinstance(root, Mapping) else None
    return value.at if value is not None else rule.at
