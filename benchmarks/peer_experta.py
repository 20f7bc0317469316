"""The rules in experta: a class of facts for each fact type, a rule for each plain rule, strata as salience.

experta 1.9.4 asks for frozendict 1.2, which Python 3.10 and later cannot import; with a later frozendict it works:
`pip install --no-deps experta==1.9.4 'frozendict>=2.4' schema`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import experta
from plain import Absent, Conclusions, Match, Plain, PlainBase, PlainRule, Ref, concluded

_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": lambda left, right: left >= right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    "<": lambda left, right: left < right,
    "!=": lambda left, right: left != right,
    "in": lambda left, right: left in right,
    "not in": lambda left, right: left not in right,
    "has": lambda left, right: right in left,
    "lacks": lambda left, right: right not in left,
}


class Experta:
    """Certain conclusions only, without reasons."""

    name = "experta"

    def __init__(self, plain: PlainBase) -> None:
        self.types = {name: type(f"F_{name}", (experta.Fact,), {}) for name in (*plain.base.vocabulary.types, "mark")}
        self.derived = {self.types[name]: name for name in self.types if name == "mark" or not plain.base.vocabulary.types[name].given}
        rules = {f"r{number}": self._rule(rule) for number, rule in enumerate(plain.rules)}
        self.engine = type("Rules", (experta.KnowledgeEngine,), rules)()

    def prepare(self, rows: list[dict[str, Any]]) -> list[tuple[type, dict[str, Any]]]:
        return [(self.types[row["_type"]], {name: value for name, value in row.items() if name != "_type"}) for row in rows]

    def conclude(self, facts: list[tuple[type, dict[str, Any]]]) -> Any:
        self.engine.reset()
        for kind, slots in facts:
            self.engine.declare(kind(**slots))
        self.engine.run()
        return self.engine.facts

    def conclusions(self, result: Any) -> Conclusions:
        return {concluded(self.derived[type(fact)], fact.as_dict()) for fact in result.values() if type(fact) in self.derived}

    def _rule(self, rule: PlainRule) -> Any:
        needed = {(ref.name, ref.field) for ref in _refs(rule)}
        conditions = [part for condition in rule.conditions for part in self._condition(condition, needed)]
        names = sorted({_variable(value) for effect in rule.effects for _, value in effect.fields if isinstance(value, Ref)})

        def act(engine: Any, found: dict[str, Any]) -> None:
            for effect in rule.effects:
                slots = {name: found[_variable(value)] if isinstance(value, Ref) else value for name, value in effect.fields}
                engine.declare(self.types[effect.type](**slots))

        space: dict[str, Any] = {"act": act}
        exec(f"def run(self, {', '.join(names)}): act(self, dict({', '.join(f'{n}={n}' for n in names)}))", space)
        return experta.Rule(*conditions, salience=9000 - rule.stratum)(space["run"])

    def _condition(self, condition: Match | Absent, needed: set[tuple[str, str]]) -> list[Any]:
        if isinstance(condition, Match):
            return list(self._match(condition, needed))
        inside = [part for match in condition.matches for part in self._match(match, needed)]
        return [experta.NOT(inside[0] if len(inside) == 1 else experta.AND(*inside))]

    def _match(self, match: Match, needed: set[tuple[str, str]]) -> Iterator[Any]:
        slots: dict[str, list[Any]] = {field: [experta.W(_variable(Ref(name, field)))] for name, field in needed if name == match.name}
        later = []
        for test in match.tests:
            joined = isinstance(test.value, Ref)
            if joined and test.how == "==":
                slots.setdefault(test.field, []).append(experta.W(_variable(test.value)))
            elif joined:
                slots.setdefault(test.field, []).insert(0, experta.W(_variable(Ref(match.name, test.field))))
                later.append(_join(Ref(match.name, test.field), test))
            else:
                slots.setdefault(test.field, []).append(_constraint(test))
        if match.marks:
            slots.setdefault("_key", []).append(experta.W(_variable(Ref(match.name, "_key"))))
        yield self.types[match.type](**{field: _all(parts) for field, parts in slots.items()})
        for flag, held in match.marks:
            mark = self.types["mark"](of=match.type, flag=flag, key=experta.W(_variable(Ref(match.name, "_key"))))
            yield mark if held else experta.NOT(mark)
        yield from later


def _all(parts: list[Any]) -> Any:
    whole = parts[0]
    for part in parts[1:]:
        whole = whole & part
    return whole


def _constraint(test: Plain) -> Any:
    if test.how == "==":
        return experta.L(test.value)
    compare, value = _TESTS[test.how], test.value
    return experta.P(lambda found: compare(found, value))


def _join(own: Ref, test: Plain) -> Any:
    left, right = _variable(own), _variable(test.value)
    return experta.TEST(eval(f"lambda {left}, {right}: compare({left}, {right})", {"compare": _TESTS[test.how]}))


def _refs(rule: PlainRule) -> Iterator[Ref]:
    for condition in rule.conditions:
        for match in condition.matches if isinstance(condition, Absent) else (condition,):
            yield from (one.value for one in match.tests if isinstance(one.value, Ref))
    for effect in rule.effects:
        yield from (value for _, value in effect.fields if isinstance(value, Ref))


def _variable(ref: Ref) -> str:
    return re.sub(r"\W", "_", f"v_{ref.name}_{ref.field}")


def can_say(rule: PlainRule) -> bool:
    """A negation may hold one pattern: those of several come out wrong at times. Facts are compared there for equality only."""
    inside = [match for one in rule.conditions if isinstance(one, Absent) for match in one.matches]
    single = all(len(one.matches) == 1 and not one.matches[0].marks for one in rule.conditions if isinstance(one, Absent))
    return single and not any(isinstance(test.value, Ref) and test.how != "==" for match in inside for test in match.tests)
