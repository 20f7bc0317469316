"""The rules in zen-engine: one expression node, an expression for each rule, in the order of their strata.

It judges one document and binds no names: so rules that join facts, or conclude something about one entry of a list, are left out.
"""

from __future__ import annotations

import json
from typing import Any

import zen
from plain import Absent, Conclusions, Effect, Match, Plain, PlainBase, PlainRule, Ref, concluded


class Zen:
    """Certain conclusions only, without reasons."""

    name = "zen-engine"

    def __init__(self, plain: PlainBase) -> None:
        self.types = plain.base.vocabulary.types
        self.rules = plain.rules
        self.makers: dict[Effect, list[str]] = {}
        expressions = []
        for number, rule in enumerate(plain.rules):
            text = " and ".join(self._condition(one) for one in rule.conditions) or "true"
            expressions.append({"id": f"e{number}", "key": f"r{number}", "value": text})
            for effect in rule.effects:
                self.makers.setdefault(effect, []).append(f"$.r{number}")
        content = {
            "nodes": [
                {"id": "in", "name": "in", "type": "inputNode"},
                {"id": "all", "name": "all", "type": "expressionNode", "content": {"expressions": expressions}},
                {"id": "out", "name": "out", "type": "outputNode"},
            ],
            "edges": [
                {"id": "1", "sourceId": "in", "targetId": "all", "type": "edge"},
                {"id": "2", "sourceId": "all", "targetId": "out", "type": "edge"},
            ],
        }
        self.decision = zen.ZenEngine().create_decision(json.dumps(content))

    def prepare(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        deal: dict[str, Any] = {}
        for row in rows:
            own = {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}
            if self.types[row["_type"]].plural:
                deal.setdefault(_word(row["_type"]), []).append({_word(name): value for name, value in own.items()})
            else:
                deal[_word(row["_type"])] = {_word(name): value for name, value in own.items()}
        return deal

    def conclude(self, deal: dict[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = self.decision.evaluate(deal)["result"]
        return result

    def conclusions(self, result: dict[str, Any]) -> Conclusions:
        fired = (rule for number, rule in enumerate(self.rules) if result[f"r{number}"])
        return {concluded(effect.type, dict(effect.fields)) for rule in fired for effect in rule.effects}

    def _condition(self, condition: Match | Absent) -> str:
        if isinstance(condition, Match):
            return self._some(condition)
        return f"not ({' and '.join(self._some(one) for one in condition.matches)})"

    def _some(self, match: Match) -> str:
        declared = self.types[match.type]
        if not declared.given:
            makers = [name for effect, names in self.makers.items() if _passes(effect, match) for name in names]
            return f"({' or '.join(makers)})" if makers else "false"
        if not declared.plural:
            return " and ".join(_test(f"{_word(match.type)}.{_word(one.field)}", one) for one in match.tests) or "true"
        inside = " and ".join(_test(f"#.{_word(one.field)}", one) for one in match.tests)
        return f"some({_word(match.type)}, {inside})" if inside else f"len({_word(match.type)}) > 0"


def _passes(effect: Effect, match: Match) -> bool:
    """Whether a conclusion that is known beforehand is what a condition looks for."""
    fields = dict(effect.fields)
    return effect.type == match.type and all(_holds(fields.get(one.field), one) for one in match.tests)


def _holds(value: Any, test: Plain) -> bool:
    compare = {"==": value == test.value, "!=": value != test.value}
    if test.how in compare:
        return compare[test.how]
    if test.how in ("in", "not in"):
        return (value in test.value) == (test.how == "in")
    raise ValueError(test)


def _test(field: str, test: Plain) -> str:
    if test.how in ("in", "not in"):
        return f"{field} {test.how} [{', '.join(map(json.dumps, test.value))}]"
    if test.how in ("has", "lacks"):
        return f"{json.dumps(test.value)} {'in' if test.how == 'has' else 'not in'} {field}"
    return f"{field} {test.how} {json.dumps(test.value)}"


def _word(name: str) -> str:
    return "f" + name.replace(".", "__").replace("-", "_")


def can_say(rule: PlainRule) -> bool:
    """No rule that binds a fact, looks at marks, or compares facts with one another."""
    matches = [one for condition in rule.conditions for one in (condition.matches if isinstance(condition, Absent) else (condition,))]
    if any(isinstance(value, Ref) for effect in rule.effects for _, value in effect.fields) or any(one.marks for one in matches):
        return False
    return not any(isinstance(test.value, Ref) for match in matches for test in match.tests)
