"""The part of a rule base that durable-rules can say soundly, translated into its JSON rules.

Rules are taken whose conditions are patterns with comparisons to constants and parameters, joins by key, and alternatives of such; whose
effects are conclusions and marks. Negation, aggregates, unknowns and advice are left out: durable-rules answers `none` before the rest of a
batch is seen, and has no third truth value. Unknown fields are simply absent, so only certain conclusions are compared.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from kamcoach.model.condition import AllOf, AnyOf, Compare, Condition, Constant, OneOf, Parameter, Pattern, Reference, Test
from kamcoach.model.fact import NUMERIC, Fact, Vocabulary
from kamcoach.model.rule import Conclude, Mark, Rule
from kamcoach.model.rulebase import RuleBase, layer

OPERATORS = {"at_least": "$gte", "at_most": "$lte", "above": "$gt", "below": "$lt"}


class Unsayable(Exception):
    """A rule that durable-rules cannot be given."""


def sayable(rule_base: RuleBase) -> RuleBase:
    """The rules that can be translated, and of these the ones that read nothing concluded outside."""
    rules = [rule for rule in rule_base.rules if _can_say(rule, rule_base)]
    return layer(rule_base.vocabulary, tuple(rules), rule_base.params)


def _can_say(rule: Rule, base: RuleBase) -> bool:
    try:
        list(translate(rule, base))
    except Unsayable:
        return False
    return True


def translate(rule: Rule, base: RuleBase) -> Iterator[tuple[dict[str, Any], Rule]]:
    """JSON rules for one rule: one for each choice among its alternatives."""
    if not all(isinstance(effect, (Conclude, Mark)) for effect in rule.then):
        raise Unsayable(rule.id)
    for choice in itertools.product(*(list(_alternatives(condition)) for condition in rule.when)):
        conditions = [one for group in choice for one in group]
        yield {"all": list(_messages(conditions, base)), "dist": 0}, rule


def _alternatives(condition: Condition) -> Iterator[tuple[Condition, ...]]:
    if isinstance(condition, AnyOf):
        for group in condition.alternatives:
            yield from (tuple(itertools.chain(*choice)) for choice in itertools.product(*(list(_alternatives(one)) for one in group)))
    else:
        yield (condition,)


def _messages(conditions: list[Condition], base: RuleBase) -> Iterator[dict[str, Any]]:
    names: dict[str, str] = {}
    for number, condition in enumerate(conditions):
        if not isinstance(condition, Pattern) or condition.either:
            raise Unsayable("not a plain pattern")
        own = condition.bind or f"m{number}"
        names[own] = own
        yield from _pattern(condition, own, base)


def _pattern(pattern: Pattern, own: str, base: RuleBase) -> Iterator[dict[str, Any]]:
    declared = base.vocabulary.types[pattern.type]
    tests: list[dict[str, Any]] = [{"fact": pattern.type}]
    marks = []
    for one in pattern.tests:
        field = declared.fields[one.field]
        if field.derived and declared.given:
            if one.test != Compare("equals", Constant(value=True)):
                raise Unsayable("a mark that must not hold")
            marks.append(one.field)
        else:
            tests.extend(_test(one.field.replace(".", "_"), field.kind, one.test, base))
    yield {own: {"$and": tests}}
    for name in marks:
        yield {f"{own}_{name}": {"$and": [{"fact": "mark"}, {"name": name}, {"key": {own: "key"}}]}}


def _test(name: str, kind: str, test: Test, base: RuleBase) -> Iterator[dict[str, Any]]:
    if isinstance(test, AllOf):
        for one in test.tests:
            yield from _test(name, kind, one, base)
    elif isinstance(test, OneOf) and all(isinstance(one, Constant) for one in test.operands):
        column = [f"{name}_{one.value}" if test.of_set else name for one in test.operands if isinstance(one, Constant)]
        values = [1 if test.of_set else _plain(one.value) for one in test.operands if isinstance(one, Constant)]
        yield {"$or": [{column: value} for column, value in zip(column, values, strict=True)]}
    elif isinstance(test, Compare):
        yield _compare(name, kind, test, base)
    else:
        raise Unsayable("a test without a counterpart")


def _compare(name: str, kind: str, test: Compare, base: RuleBase) -> dict[str, Any]:
    operand = test.operand
    if isinstance(operand, Reference) and not operand.field and test.how == "equals":
        return {name if name != "id" else "key": {operand.name: "key"}}
    value = base.params[operand.name].value if isinstance(operand, Parameter) else getattr(operand, "value", None)
    if value is None:
        raise Unsayable("a value of another fact")
    if test.how == "equals":
        return {name: _plain(value)}
    if test.how == "has":
        return {f"{name}_{value}": 1}
    if test.how in OPERATORS and kind in NUMERIC:
        return {OPERATORS[test.how]: {name: value}}
    raise Unsayable("an operator without a counterpart")


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def messages(facts: tuple[Fact, ...], vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """The given facts as durable-rules takes them: flat, sets as one property a member, unknown fields left out."""
    found = []
    for fact in facts:
        if fact.unasked:
            continue
        row: dict[str, Any] = {"fact": fact.type, "key": fact.key}
        for name, value in fact.fields.items():
            if name in ("id", "sid"):  # names with a meaning of their own in durable-rules
                continue
            if isinstance(value, tuple):
                row.update({f"{name}_{member}": 1 for member in value})
            elif vocabulary.types[fact.type].fields[name].kind != "date":
                row[name.replace(".", "_")] = _plain(value)
        found.append(row)
    return found


class DurablePeer:
    """The translated rules in durable-rules; `conclude` gives the certain conclusions of one deal."""

    def __init__(self, base: RuleBase) -> None:
        from durable.engine import Host
        from durable_rules_engine import error

        self.failure: type[BaseException] = error
        self.base = base
        self.found: set[tuple[Any, ...]] = set()
        rules = [pair for rule in base.rules for pair in translate(rule, base)]
        ruleset = {f"r{number}": {**body, "run": self._action(rule)} for number, (body, rule) in enumerate(rules)}
        ruleset["rest"] = {"all": [{"m": {"$ex": {"fact": 1}}}], "run": lambda _: None}
        self.size = len(rules)
        self.host = Host()
        self.host.set_rulesets({"deals": ruleset})
        self.deals = 0

    def _action(self, rule: Rule) -> Any:
        def act(context: Any) -> None:
            for effect in rule.then:
                for row in self._rows(effect, context):
                    identity = tuple(sorted(row.items()))
                    if identity not in self.found:
                        self.found.add(identity)
                        context.assert_fact(row)

        return act

    def _rows(self, effect: Any, context: Any) -> Iterator[dict[str, Any]]:
        if isinstance(effect, Mark):
            key = getattr(context, effect.name)["key"]
            for name, _ in effect.fields:
                yield {"fact": "mark", "name": name, "key": key}
            return
        row: dict[str, Any] = {"fact": effect.type}
        for name, operand in effect.fields:
            value = getattr(context, operand.name)["key"] if isinstance(operand, Reference) else operand.value
            row[name] = _plain(value)
        yield row

    def conclude(self, rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
        self.found = set()
        self.deals += 1
        sid = str(self.deals)
        self.host.assert_facts("deals", [{**row, "sid": sid} for row in rows])
        self.host.delete_state("deals", sid)
        return self.found
