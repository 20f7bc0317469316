"""Changes to the facts of a deal, tried out without touching its file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from kamcoach.model.fact import Fact, FactType, Value, Vocabulary
from kamcoach.source import Location

FILL_IN: Final = "…"
"""A text that only the rep can give."""


class Edit(NamedTuple):
    """One field set to a value, or taken out (`value` is None). `added`: it belongs to an item that has to be added.

    `cost` says how much of a change it is: to fill in what is not recorded is less than to change what is.
    """

    type: str
    key: str
    field: str
    value: Value | None
    added: bool = False
    cost: float = 1.0

    @property
    def place(self) -> tuple[str, str, str]:
        return self.type, self.key, self.field


class Draft(NamedTuple):
    """The facts of a deal with changes."""

    facts: tuple[Fact, ...]
    vocabulary: Vocabulary

    def find(self, type_name: str, key: str) -> Fact | None:
        return next((fact for fact in self.facts if fact.type == type_name and fact.key == key), None)

    def section(self, type_name: str) -> Location | None:
        """Where the facts of a type stand in the file."""
        return next((fact.at for fact in self.facts if fact.type == type_name and fact.at is not None), None)

    def with_edits(self, edits: Iterable[Edit]) -> Draft:
        """The facts as they would be; an item that is not there is added at the end of its list."""
        found = list(self.facts)
        for edit in edits:
            place = next((n for n, fact in enumerate(found) if (fact.type, fact.key) == (edit.type, edit.key)), None)
            if place is None:
                found = [fact for fact in found if not (fact.type == edit.type and fact.unasked)]
                found.append(_changed(_blank(edit, self.vocabulary.types[edit.type]), edit))
            else:
                found[place] = _changed(found[place], edit)
        return Draft(tuple(found), self.vocabulary)


def _blank(edit: Edit, declared: FactType) -> Fact:
    """A new item, with the texts that every such item must have still to be filled in."""
    texts: dict[str, Value] = {name: FILL_IN for name, field in declared.fields.items() if field.required and field.kind == "text"}
    return Fact(edit.type, {**texts, declared.key: edit.key} if declared.key else texts, edit.key)


def _changed(fact: Fact, edit: Edit) -> Fact:
    fields = {name: value for name, value in fact.fields.items() if name != edit.field}
    if edit.value is not None:
        fields[edit.field] = edit.value
    return Fact(fact.type, fields, fact.key, fact.at, fact.places)
