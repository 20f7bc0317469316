"""The facts that come nearest to satisfying a rule."""

from __future__ import annotations

from kamcoach.engine import UNKNOWN
from kamcoach.whynot.judging import Judge
from tests.engine.by_hand import consult


def test_somebody_of_whom_much_is_unknown_comes_nearer_than_somebody_who_fails() -> None:
    """However little the other fails by: for the first the rule fires, if only possibly."""
    rule = "[{person: {power: 2, active: true, name: Ann, level: mid}, as: p}] => [{conclude: flag_1}]"
    found = consult(rule, "people: [{id: a}, {id: b, power: 1, active: true, name: Ann, level: mid}]")
    near = Judge(found).nearest(found.rule_base.by_id["rule-0"])
    assert near is not None
    assert near.truth == UNKNOWN
    assert [fact.key for judged in near.conditions for fact in judged.facts] == ["a"]
