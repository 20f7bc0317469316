"""Small deals and rules in YAML, for cases that are written by hand. The deals are of 2026-03-02."""

from __future__ import annotations

from kamcoach.engine import TRUE, Consultation, infer
from kamcoach.model.fact import Fact, Value
from kamcoach.model.rule import Conclude, Rule
from kamcoach.model.rulebase import RuleBase
from kamcoach.reading.conditions import read_conditions
from kamcoach.reading.deals import deal_of
from kamcoach.reading.nodes import Node, parse
from kamcoach.reading.rules import read_rule
from kamcoach.reading.scope import Scope
from kamcoach.source import Diagnostic
from tests.small_vocabulary import AS_OF, PARAMS, VOCABULARY
from tests.strategies import rule_base

MAYBE_TWO = "people: [{id: a, active: true}, {id: b}]"


def _node(text: str) -> Node:
    node = parse(text, "case.yaml", [])
    assert node is not None
    return node


def facts_of(given: str) -> tuple[Fact, ...]:
    problems: list[Diagnostic] = []
    deal = deal_of(_node(given or "{}"), "case.yaml", VOCABULARY, problems, partial=True)
    assert deal is not None and not problems, problems
    return deal.facts


def found(when: str, given: str) -> Consultation:
    """A run of the single rule: when this, then `flag_3`."""
    problems: list[Diagnostic] = []
    scope = Scope(VOCABULARY, PARAMS, problems)
    conditions = read_conditions(_node(when), "when", scope)
    assert not problems, problems
    binds = {name: bound.type.name if bound.type else "" for name, bound in scope.names.items()}
    rule = Rule("case", {}, conditions, (Conclude("flag_3"),), {}, binds=binds)
    return infer(rule_base([rule]), facts_of(given), AS_OF)


def layered(rules: str) -> RuleBase:
    """Several rules, one a line: `[conditions] => [effects]`."""
    problems: list[Diagnostic] = []
    read = []
    for number, line in enumerate(rules.strip().splitlines()):
        when, _, then = line.partition("=>")
        words = "{en: x, zh: x}"
        text = f"id: rule-{number}\ntitle: {words}\nwhy: {words}\nsource: x\nwhen: {when.strip()}\nthen: {then.strip()}"
        read.append(read_rule(_node(text), VOCABULARY, PARAMS, problems))
    assert not problems, problems
    return rule_base([rule for rule in read if rule is not None])


def consult(rules: str, given: str) -> Consultation:
    return infer(layered(rules), facts_of(given), AS_OF)


def values(consultation: Consultation, name: str, truth: int = TRUE) -> list[dict[str, Value]]:
    return [dict(fact.fields) for fact in consultation.facts(name, truth)]
