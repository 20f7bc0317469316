"""What a condition may speak of: the vocabulary, the parameters, and the names bound so far."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kamcoach.model.fact import NUMERIC, FactType, Field, Vocabulary, Words
from kamcoach.model.rule import Param
from kamcoach.reading.fields import labels_of
from kamcoach.reading.hints import nearest
from kamcoach.reading.shapes import ENOUGH, Problems, colon_hint, short
from kamcoach.source import Diagnostic, Hint, Location, Mend

FORMS: Final = (
    "none",
    "no_evidence_of",
    "evidence_of",
    "every",
    "any",
    "count",
    "sum",
    "min",
    "max",
    "distinct",
    "in_a_row",
    "last",
    "compute",
    "tally",
)
"""The conditions that are no patterns, by the key that names them."""
_MEANT: Final[Mapping[str, str]] = {
    **dict.fromkeys(("not", "no", "nobody", "missing", "absent"), "write `none:`"),
    **dict.fromkeys(("or", "one_of", "either"), "write `any:` for alternatives"),
    **dict.fromkeys(("and", "all"), "leave it out: all conditions of the list must hold"),
    **dict.fromkeys(("all_of", "each", "for_all", "forall"), "write `every:`"),
    **dict.fromkeys(("exists", "some", "if"), "leave it out: a pattern asks whether there is one"),
}
_NAME: Final = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Bound:
    """What a name stands for: a fact of a type, or a plain value described by a field; neither if what binds it was not understood."""

    type: FactType | None
    field: Field | None = None

    @property
    def understood(self) -> bool:
        return self.type is not None or self.field is not None


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

    def bind(self, name: str, bound: Bound, at: Location, where: str = "after `as:`") -> None:
        """Give a name to what was found; "" gives none."""
        if name in self.names:
            self.note(at, "bound-twice", f"The name '{short(name)}' is already taken in this rule.", f"choose another name {where}")
        elif name == "params":
            self.note(at, "bound-twice", "'params' stands for the playbook's parameters.", f"choose another name {where}")
        elif name and not _NAME.fullmatch(name):
            self.note(at, "bad-name", f"'{short(name)}' cannot be a name {where}.", "one word of letters, digits and _")
            self.names[name] = Bound(None)
        elif name:
            self.names[name] = bound

    def type(self, name: str, at: Location) -> FactType | None:
        """The fact type of this name, or None and a diagnostic."""
        found = self.vocabulary.types.get(name)
        if found is None:
            self.note(at, "unknown-type", f"There is no fact type '{short(name)}'.", self._type_hint(name))
        return found

    def _type_hint(self, name: str) -> str:
        if len(self.problems) > ENOUGH:
            return ""
        by_section = self.vocabulary.section(name)
        if by_section is not None:
            return Hint(f"did you mean '{by_section.name}'?", Mend(name, by_section.name))
        if " - " in name:
            return "a `-` runs on from the line before: all dashes of a list stand in the same column"
        owners = [one for one in self.vocabulary.types.values() if name in one.fields and one.name != "advice" and one.shape != "value"]
        if owners and name not in _MEANT:
            test = "true" if owners[0].fields[name].kind in ("bool", "flag") else "…"
            return f"'{name}' is a field of {_either(owners)}: write `{owners[0].name}: {{{name}: {test}}}`"
        names = [one for one in self.vocabulary.types if one != "advice"]
        return _MEANT.get(name) or colon_hint(name) or nearest(name, [*names, *FORMS], self._labels())

    def _labels(self) -> Mapping[str, Words]:
        return {one.name: one.label for one in self.vocabulary.types.values()}

    def field(self, fact_type: FactType, name: str, at: Location, hint: str = "") -> Field | None:
        """The field of this name, or None and a diagnostic."""
        found = fact_type.fields.get(name)
        if found is None:
            self.note(at, "unknown-field", f"'{fact_type.name}' has no field '{short(name)}'.", hint or self._field_hint(fact_type, name))
        return found

    def _field_hint(self, fact_type: FactType, name: str) -> str:
        if len(self.problems) > ENOUGH:
            return ""
        deeper = [f for f in fact_type.fields if f.endswith("." + name)]
        if name == "as":
            return f"`as:` stands on a line of its own, in the same column as '{fact_type.name}'"
        if name in FORMS or name in self.vocabulary.types:
            return f"'{name}' begins a condition of its own: put it on a line with `- `"
        if deeper:
            return f"did you mean '{deeper[0]}'?"
        owners = [one for one in self.vocabulary.types.values() if name in one.fields and one.name != "advice"]
        return f"it is a field of {_either(owners)}" if owners else nearest(name, fact_type.fields, labels_of(fact_type.fields))


def _either(types: list[FactType]) -> str:
    return " and ".join(f"'{one.name}'" for one in types[:3])


def comparable(left: Field, right: Field) -> bool:
    """Whether a value of the one may be compared with a value of the other."""
    if "any" in (left.kind, right.kind):
        return True
    for kinds in (NUMERIC, {"date"}, {"bool", "flag"}, {"set"}):
        if left.kind in kinds or right.kind in kinds:
            return left.kind in kinds and right.kind in kinds
    if left.kind == "enum" or right.kind == "enum":
        return left.kind == right.kind and left.of == right.of
    return left.kind != "ref" or right.kind != "ref" or left.to == right.to
