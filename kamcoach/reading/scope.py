"""What a condition may speak of: the vocabulary, the parameters, and the names bound so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kamcoach.model.fact import NUMERIC, FactType, Field, Vocabulary
from kamcoach.model.rule import Param
from kamcoach.reading.fields import Problems, nearest
from kamcoach.source import Diagnostic, Location


@dataclass(frozen=True, slots=True)
class Bound:
    """What a name stands for: a fact of a type, or a plain value described by a field."""

    type: FactType | None
    field: Field | None = None


@dataclass(slots=True)
class Scope:
    """Grows while the conditions of one rule are read; `inner()` is for what is bound inside a negation."""

    vocabulary: Vocabulary
    params: Mapping[str, Param]
    problems: Problems
    names: dict[str, Bound] = field(default_factory=dict)

    def inner(self) -> Scope:
        return Scope(self.vocabulary, self.params, self.problems, dict(self.names))

    def note(self, at: Location, code: str, message: str, hint: str = "") -> None:
        self.problems.append(Diagnostic(at, code, message, hint))

    def bind(self, name: str, bound: Bound, at: Location) -> None:
        if name in self.names:
            self.note(at, "bound-twice", f"The name '{name}' is already taken in this rule.", "choose another name after `as:`")
        elif name == "params":
            self.note(at, "bound-twice", "'params' stands for the playbook's parameters.", "choose another name after `as:`")
        elif name:
            self.names[name] = bound

    def type(self, name: str, at: Location) -> FactType | None:
        found = self.vocabulary.types.get(name)
        if found is None:
            by_section = self.vocabulary.section(name)
            hint = f"did you mean '{by_section.name}'?" if by_section else nearest(name, self.vocabulary.types)
            self.note(at, "unknown-type", f"There is no fact type '{name}'.", hint)
        return found

    def field(self, fact_type: FactType, name: str, at: Location) -> Field | None:
        found = fact_type.fields.get(name)
        if found is None:
            deeper = [f for f in fact_type.fields if f.endswith("." + name)]
            hint = f"did you mean '{deeper[0]}'?" if deeper else nearest(name, fact_type.fields)
            self.note(at, "unknown-field", f"'{fact_type.name}' has no field '{name}'.", hint)
        return found


def comparable(left: Field, right: Field) -> bool:
    """Whether a value of the one may be compared with a value of the other."""
    if "any" in (left.kind, right.kind):
        return True
    if left.kind in NUMERIC or right.kind in NUMERIC:
        return left.kind in NUMERIC and right.kind in NUMERIC
    if left.kind == "enum" or right.kind == "enum":
        return left.of == right.of
    if left.kind == "date" or right.kind == "date":
        return left.kind == right.kind
    return True
