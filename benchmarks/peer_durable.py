"""The rules in durable-rules, as its JSON rules, all in one ruleset.

Rules with a negation are left out, since durable-rules answers `none` before the rest of a deal is seen. So are the rules that would break
its limits: of rules that begin with the same type it takes 64, of different tests in a ruleset 511.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from plain import Conclusions, Effect, Match, Plain, PlainBase, PlainRule, Ref, concluded

_HOW = {">=": "$gte", "<=": "$lte", ">": "$gt", "<": "$lt", "!=": "$neq"}
_MOST_OF_A_TYPE = 60
_MOST_TESTS = 400
_MOST_JOINED = 12


class Durable:
    """Certain conclusions only, without reasons."""

    name = "durable-rules"

    def __init__(self, plain: PlainBase) -> None:
        from durable.engine import Host

        rules = {f"r{number}": {**_rule(rule), "run": self._action(rule)} for number, rule in enumerate(plain.rules)}
        rules["rest"] = {"all": [{"m": {"$ex": {"_type": 1}}}], "run": lambda _: None}
        self.host = Host()
        self.host.set_rulesets({"deals": rules})
        self.found: Conclusions = set()
        self.deals = 0

    def prepare(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Flat facts: of a set, a property for each member."""
        return [dict(pair for name, value in row.items() for pair in _properties(name, value)) for row in rows]

    def conclude(self, facts: list[dict[str, Any]]) -> Conclusions:
        self.found = set()
        self.deals += 1
        session = str(self.deals)
        self.host.assert_facts("deals", [{**fact, "sid": session} for fact in facts])
        self.host.delete_state("deals", session)
        return self.found

    def conclusions(self, result: Conclusions) -> Conclusions:
        return {concluded(dict(one)["_type"], {_unnamed(n): v for n, v in one if n != "_type"}) for one in result}

    def _action(self, rule: PlainRule) -> Any:
        def act(context: Any) -> None:
            for effect in rule.effects:
                row = _row(effect, context)
                identity = tuple(sorted(row.items()))
                if identity not in self.found:
                    self.found.add(identity)
                    context.assert_fact(row)

        return act


def _row(effect: Effect, context: Any) -> dict[str, Any]:
    values = {
        _named(name): getattr(context, value.name)[_named(value.field)] if isinstance(value, Ref) else value
        for name, value in effect.fields
    }
    return {"_type": effect.type, **values}


def _rule(rule: PlainRule) -> dict[str, Any]:
    messages: list[dict[str, Any]] = []
    for match in rule.conditions:
        assert isinstance(match, Match)
        messages.append({match.name: {"$and": [{"_type": match.type}, *(_test(one) for one in match.tests)]}})
        for flag, _ in match.marks:
            messages.append({f"{match.name}_{flag}": {"$and": [{"_type": "mark"}, {"flag": flag}, {"key": {match.name: "_key"}}]}})
    return {"all": messages, "dist": 0}


def _test(test: Plain) -> dict[str, Any]:
    field, value = _named(test.field), test.value
    if test.how == "has":
        return {f"{field}_{value}": 1}
    if test.how == "in":
        return {"$or": [{field: one} for one in value]}
    if test.how == "not in":
        return {"$and": [{"$neq": {field: one}} for one in value]}
    if isinstance(value, Ref):
        value = {value.name: _named(value.field)}
    return {field: value} if test.how == "==" else {_HOW[test.how]: {field: value}}


def _properties(name: str, value: Any) -> list[tuple[str, Any]]:
    return [(f"{_named(name)}_{one}", 1) for one in value] if isinstance(value, tuple) else [(_named(name), value)]


def _named(name: str) -> str:
    """`id` and `sid` have a meaning of their own in durable-rules."""
    return f"own_{name}" if name in ("id", "sid") else name.replace(".", "__")


def _unnamed(name: str) -> str:
    return name.removeprefix("own_").replace("__", ".")


class CanSay:
    """Which rules it can be given, in their order, as long as its limits are kept."""

    def __init__(self) -> None:
        self.first: Counter[str] = Counter()
        self.tests: set[str] = set()

    def __call__(self, rule: PlainRule) -> bool:
        matches = [one for one in rule.conditions if isinstance(one, Match)]
        joined = sum(1 + len(one.marks) for one in matches)
        if len(matches) < len(rule.conditions) or joined > _MOST_JOINED or not all(held for one in matches for _, held in one.marks):
            return False
        if any(one.how == "lacks" for match in matches for one in match.tests):
            return False
        if any(one.how != "==" or one.value.name == match.name for match in matches for one in match.tests if isinstance(one.value, Ref)):
            return False  # comparisons of two facts other than for equality come out wrong
        first = Counter(one.type for one in matches)
        tests = self.tests | {str(_test(one)) for match in matches for one in match.tests}
        if len(tests) > _MOST_TESTS or any(self.first[name] + number > _MOST_OF_A_TYPE for name, number in first.items()):
            return False
        self.first += first
        self.tests = tests
        return True
