"""At which values of the diagnosed fact (the stage) a rule can fire, followed through the flags that rules conclude from it."""

from __future__ import annotations

from collections.abc import Iterable

from kamcoach.model.condition import AllOf, AnyOf, Compare, Condition, Constant, Known, No, Not, OneOf, Operand, Pattern, Test
from kamcoach.model.fact import Enum
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Conclude, Rule


class Stages:
    """Works out, once per library, where rules belong."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.type = library.shows.value
        self.enum = self._enum()
        self.all: frozenset[str] = frozenset(self.enum.values)
        self._of_flag: dict[str, frozenset[str]] = {}
        self._concluding: dict[str, list[Rule]] = {}
        for rule in library.rule_base.rules:
            for effect in rule.then:
                if isinstance(effect, Conclude):
                    self._concluding.setdefault(effect.type, []).append(rule)

    def _enum(self) -> Enum:
        declared = self.library.rule_base.vocabulary.types.get(self.type)
        field = declared.fields.get("value") if declared is not None else None
        return self.library.rule_base.vocabulary.enums.get(field.of, _NONE) if field is not None else _NONE

    def of(self, rule: Rule) -> tuple[str, ...]:
        """The values at which the rule can fire, in order; all of them if it does not ask."""
        found = self._joint(rule.when)
        return tuple(value for value in self.enum.values if value in found)

    def bound(self, rule: Rule) -> bool:
        """Whether the rule belongs to some of the values only."""
        return self._joint(rule.when) != self.all

    def _joint(self, conditions: Iterable[Condition]) -> frozenset[str]:
        found = self.all
        for one in conditions:
            found &= self._at(one)
        return found

    def _at(self, condition: Condition) -> frozenset[str]:
        match condition:
            case No(how="evidence_of", conditions=inner):
                return self._joint(inner)
            case AnyOf(alternatives=alternatives):
                return frozenset().union(*(self._joint(group) for group in alternatives))
            case Pattern(type=name, tests=tests) if name == self.type:
                return frozenset(value for value in self.all if all(self._passes(value, one.test) for one in tests))
            case Pattern(type=name, tests=()):
                return self._flag(name)
        return self.all

    def _flag(self, name: str) -> frozenset[str]:
        """Where a concluded flag can hold."""
        declared = self.library.rule_base.vocabulary.types[name]
        if declared.shape != "flag":
            return self.all
        if name not in self._of_flag:
            self._of_flag[name] = self.all  # what goes round in a circle tells nothing
            rules = self._concluding.get(name, [])
            self._of_flag[name] = frozenset().union(*(self._joint(rule.when) for rule in rules)) if rules else self.all
        return self._of_flag[name]

    def _passes(self, value: str, test: Test) -> bool:
        match test:
            case Compare(how=how, operand=operand):
                return self._compares(value, how, operand)
            case OneOf(operands=operands):
                return any(self._compares(value, "equals", one) for one in operands)
            case Not(test=Compare() | OneOf() as inner):
                return not self._passes(value, inner)
            case AllOf(tests=tests):
                return all(self._passes(value, one) for one in tests)
            case Known(wanted=wanted):
                return wanted
        return True

    def _compares(self, value: str, how: str, operand: Operand) -> bool:
        if not isinstance(operand, Constant):
            return True
        rank = self.enum.rank
        left, right = rank[value], rank.get(str(operand.value), -1)
        return {"equals": left == right, "at_least": left >= right, "at_most": left <= right, "above": left > right, "below": left < right}[
            how
        ]


_NONE = Enum("", ordered=False, values={})
