"""JSON Schemas of our files, for editors and for programs that write such files; made from the vocabulary and the playbook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kamcoach.model.playbook import Library
from kamcoach.reading.shapes import LANGUAGES
from kamcoach.schema.deals import deal_table
from kamcoach.schema.parts import DIALECT, Parts, Schema
from kamcoach.schema.playbooks import playbook_table
from kamcoach.schema.rules import rule_table
from kamcoach.schema.scenarios import scenario_table
from kamcoach.schema.vocabularies import vocabulary_table

_TABLES: Final[dict[str, Callable[[Parts], Schema]]] = {
    "deal": lambda parts: deal_table(parts, partial=False),
    "rule": rule_table,
    "scenario": scenario_table,
    "playbook": playbook_table,
    "vocabulary": vocabulary_table,
}
KINDS: Final = tuple(_TABLES)


def schema_of(kind: str, library: Library, languages: tuple[str, ...] = LANGUAGES) -> Schema:
    """The schema (draft 7) of files of a kind, with hover texts in these languages."""
    parts = Parts(library, languages)
    found = _TABLES[kind](parts)
    head = {"$schema": DIALECT, "$comment": f"kamcoach {kind}, playbook {library.id}"}  # a title would head every hover text
    return {**head, **found, "definitions": {name: parts.definitions[name] for name in sorted(parts.definitions)}}
