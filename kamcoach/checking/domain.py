"""The values of a field on which tests are tried: one on each side of every threshold, so that what holds for them holds for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, pairwise
from typing import Any, Final

from kamcoach.model.condition import AllOf, Compare, Constant, Days, Known, Not, OneOf, Operand, Parameter, Size, Test
from kamcoach.model.fact import NUMERIC, Field, Vocabulary
from kamcoach.model.rule import Param
from kamcoach.model.walk import operands

ABSENT: Final = object()
"""The field is not recorded."""
_UNKNOWN: Final = object()
_MOST_MEMBERS: Final = 5
_OTHER: Final = "\0"
Truth = bool | None
"""None: it depends on something else than the value of this field."""


class Domain:
    """What a field can hold, and which tests let it through. Days are counted back from the day of the deal."""

    def __init__(self, field: Field, vocabulary: Vocabulary, params: Mapping[str, Param]) -> None:
        self.field = field
        self.params = params
        enum = vocabulary.enums.get(field.of) if field.kind == "enum" else None
        self.values: list[Any] = list(enum.values) if enum is not None else [True, False] if field.kind in ("bool", "flag") else []
        self.rank: Mapping[Any, int] = enum.rank if enum is not None and enum.ordered else {}

    @property
    def ordered(self) -> bool:
        return self.is_number or len(self.rank) > 2

    @property
    def is_number(self) -> bool:
        """A number, or a date that counts as the days since."""
        return self.field.kind in NUMERIC or self.field.kind == "date"

    def samples(self, tests: Iterable[Test]) -> list[Any]:
        """Values that behave differently under these tests, in order, and the absence of any."""
        constants = {value for test in tests for value in self._constants(test)}
        if self.values:
            return [*self.values, ABSENT]
        if self.is_number:
            return [*self._numbers({c for c in constants if isinstance(c, (int, float))}), ABSENT]
        texts = sorted(str(one) for one in constants if isinstance(one, str))
        return [*(self._sets(texts, constants) if self.field.kind == "set" else [*texts, _OTHER]), ABSENT]

    def possible(self, tests: list[Test]) -> bool:
        """Whether some value could pass all the tests."""
        return any(all(self.passes(test, value) is not False for test in tests) for value in self.samples(tests))

    def imply(self, tests: list[Test], other: Test) -> bool:
        """Whether every value that passes the tests passes the other."""
        if other in tests:
            return True
        through = [one for one in self.samples([*tests, other]) if all(self.passes(test, one) is not False for test in tests)]
        return all(self.passes(other, value) is True for value in through)

    def passes(self, test: Test, value: Any) -> Truth:
        """Whether a value passes for certain; what is not recorded passes only a test that decides about that."""
        found = self._judge(test, value)
        return False if found is _UNKNOWN else found

    def _judge(self, test: Test, value: Any) -> Any:
        """True, False, None, or that it stays unknown because nothing is recorded."""
        match test:
            case Known(wanted=wanted):
                return (value is not ABSENT) == wanted
            case AllOf(tests=tests):
                found = [self._judge(one, value) for one in tests]
                return next((truth for truth in (False, None, _UNKNOWN) if any(one is truth for one in found)), True)
            case Not(test=below):
                inner = self._judge(below, value)
                return not inner if isinstance(inner, bool) else inner
            case Size(test=below) | Days(test=below) if value is ABSENT:
                return self._judge(below, ABSENT)
            case _ if value is ABSENT:
                return _UNKNOWN
            case Size(test=below):
                return self._judge(below, len(value))
            case Days(direction=direction, test=below):
                return self._judge(below, value if direction == "ago" else -value)
            case OneOf(operands=several, of_set=of_set):
                compared = [self._compared("has" if of_set else "equals", value, one) for one in several]
                return True if True in compared else None if None in compared else False
            case Compare(how=how, operand=operand):
                return self._compared(how, value, operand)
        return None

    def value(self, operand: Operand) -> Any:
        """The value that stands there now, or None if it differs from deal to deal."""
        if isinstance(operand, Constant):
            return operand.value
        return self.params[operand.name].value if isinstance(operand, Parameter) and operand.name in self.params else None

    def _compared(self, how: str, value: Any, operand: Operand) -> Truth:
        other = self.value(operand)
        if other is None or (self.field.kind == "date" and not isinstance(other, (int, float))):
            return None
        left, right = (self.rank.get(one, one) for one in (value, other))
        try:
            return bool(_COMPARE[how](left, right))
        except TypeError:
            return None

    def _constants(self, test: Test) -> Iterator[Any]:
        sign = -1 if isinstance(test, Days) and test.direction == "ahead" else 1
        if isinstance(test, AllOf):
            for one in test.tests:
                yield from self._constants(one)
        elif isinstance(test, (Not, Days)):
            yield from (sign * one if sign < 0 and isinstance(one, (int, float)) else one for one in self._constants(test.test))
        else:
            yield from (value for one in operands(test) if (value := self.value(one)) is not None)

    def _numbers(self, constants: set[float]) -> list[float]:
        """Each threshold, what lies next to it, and the ends of the range."""
        whole = self.field.kind in ("int", "date")
        low, high = self.field.low, self.field.high
        points = sorted(constants | {one for one in (low, high) if one is not None}) or [0]
        between = [(one + two) // 2 if whole else (one + two) / 2 for one, two in pairwise(points)]
        beside = [one + step for one in points for step in (-1, 1)] if whole else []
        # beside a number beyond all precision lies that number again
        ends = [points[0] - max(1, abs(points[0])), points[-1] + max(1, abs(points[-1]))]
        return sorted({one for one in (*points, *between, *beside, *ends) if (low is None or one >= low) and (high is None or one <= high)})

    def _sets(self, members: list[str], constants: set[Any]) -> list[tuple[str, ...]]:
        """Sets of the members that are mentioned, with as many others as a size can ask for."""
        most = max((int(one) for one in constants if isinstance(one, (int, float))), default=0) + 1
        own = members[:_MOST_MEMBERS]
        fillers = [tuple(f"{_OTHER}{place}" for place in range(count)) for count in range(min(most, 20) + 1)]
        return [(*some, *more) for size in range(len(own) + 1) for some in combinations(own, size) for more in fillers]


_COMPARE: Final[Mapping[str, Any]] = {
    "equals": lambda left, right: left == right,
    "at_least": lambda left, right: left >= right,
    "at_most": lambda left, right: left <= right,
    "above": lambda left, right: left > right,
    "below": lambda left, right: left < right,
    "has": lambda left, right: right in left,
    "contains": lambda left, right: right.casefold() in left.casefold(),
    "starts_with": lambda left, right: left.casefold().startswith(right.casefold()),
}
