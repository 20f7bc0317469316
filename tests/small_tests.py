"""Generated operands and tests over the small vocabulary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any, NamedTuple

from kamcoach.model.condition import (
    AllOf,
    Compare,
    Computed,
    Constant,
    Days,
    Known,
    Not,
    OneOf,
    Operand,
    Parameter,
    Reference,
    Size,
    Test,
)
from kamcoach.model.fact import FactType, Field
from tests.small_vocabulary import PARAMS, VOCABULARY, group, layer_of, values

NUMBER = Field("number", "number")
DAYS = Field("days", "number")


class Bound(NamedTuple):
    """What a name stands for: a fact of a type, or a value like those of a field; and the layer it comes from."""

    type: FactType | None
    field: Field | None
    layer: int


Names = dict[str, Bound]


@dataclass
class Comparisons:
    """Writes operands and tests for rules of one layer. `steady`: without those that ask whether something is recorded."""

    random: Random
    layer: int
    steady: bool
    written: set[str]
    fresh: count[int] = field(default_factory=count)

    def pick(self, choices: Iterable[Any]) -> Any:
        return self.random.choice(list(choices))

    def chance(self, tenths: int) -> bool:
        return self.random.random() * 10 < tenths

    def several(self, most: int) -> range:
        return range(self.random.randint(1, most))

    def name(self) -> str:
        return f"n{next(self.fresh)}"

    def operand(self, like: Field, names: Names, *, bound: int = 4, computing: bool = False, exact: bool = False) -> Operand:
        """Something to compare a field with. `bound`: how likely a bound name is; `exact`: never an interval."""
        known = list(self.references(like, names, computing=computing, exact=exact))
        if known and self.chance(bound):
            return self.pick(known)
        if group(like) == "number" and not exact and self.chance(2):
            return self.computed(names) if not computing and self.chance(6) else Parameter(self.pick(PARAMS))
        choices = values(like)
        return Constant(self.pick(choices))

    def references(self, like: Field, names: Names, *, computing: bool, exact: bool) -> Iterable[Reference]:
        for name, bound in names.items():
            if computing and bound.layer >= self.layer:
                continue
            if bound.field is not None and not exact and group(bound.field) == group(like):
                yield Reference(name)
            if bound.type is None:
                continue
            if like.to == bound.type.name:
                yield Reference(name)
            for one in bound.type.fields.values():
                derived = bound.type.given and one.derived
                if group(one) == group(like) and layer_of(one.name) < self.layer and not (exact and (derived or not bound.type.given)):
                    yield Reference(name, one.name)

    def computed(self, names: Names) -> Computed:
        dates: list[Operand] = list(self.references(Field("", "date"), names, computing=True, exact=False))
        if dates and self.chance(3):
            dates += [Constant(one) for one in values(Field("", "date"))[:2]]
            return Computed("difference", (self.pick(dates), self.pick(dates)))
        how = self.pick(("sum", "difference", "product", "ratio"))
        parts = 2 if how in ("difference", "ratio") else 1 + len(self.several(2))
        return Computed(how, tuple(self.part(names) for _ in range(parts)))

    def part(self, names: Names) -> Operand:
        return self.computed(names) if self.chance(1) else self.operand(NUMBER, names, bound=8, computing=True)

    def test(self, like: Field, names: Names, *, depth: int = 0) -> Test:
        kind = group(like)
        forms = ["is", "is", "in"]
        if depth < 2:
            forms += ["not", "not", "all"]
        if not self.steady:
            forms += ["known", "recorded"]
        if kind in ("number", "date") or (like.kind == "enum" and VOCABULARY.enums[like.of].ordered):
            forms += ["order"] * 4
        if kind == "text":
            forms += ["contains", "starts_with"]
        if kind == "date":
            forms += ["ago", "ahead"]
        form = self.pick(forms)
        match form:
            case "not":
                return Not(self.test(like, names, depth=depth + 1))
            case "all":
                return AllOf((self.test(like, names, depth=depth + 1), self.test(like, names, depth=depth + 1)))
            case "known":
                return Known(self.pick((True, False)))
            case "recorded":
                return AllOf((Known(wanted=True), self.test(like, names, depth=2)))
            case "order":
                return Compare(self.pick(("at_least", "at_most", "above", "below")), self.operand(like, names))
            case "contains" | "starts_with":
                return Compare(form, self.operand(like, names))
            case "ago" | "ahead":
                return Days(form, self.test(DAYS, names, depth=1))
        return self.set_test(like, names) if like.kind == "set" else self.equality(like, names, form)

    def equality(self, like: Field, names: Names, form: str) -> Test:
        if form == "is":
            return Compare("equals", self.operand(like, names))
        return OneOf(tuple(self.operand(like, names) for _ in self.several(2)))

    def set_test(self, like: Field, names: Names) -> Test:
        member = Field("", "enum" if like.of else "ref" if like.to else "text", like.of, like.to)
        if self.chance(2):
            return Size(self.test(NUMBER, names, depth=1))
        if self.chance(5):
            return OneOf(tuple(self.operand(member, names) for _ in self.several(2)), of_set=True)
        return Compare("has", self.operand(member, names))
