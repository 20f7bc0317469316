"""Tests and operands: what a field is compared with."""

from __future__ import annotations

from datetime import date

import pytest

from kamcoach.model.condition import (
    AllOf,
    Compare,
    Computed,
    Constant,
    Days,
    Known,
    Not,
    OneOf,
    Parameter,
    Pattern,
    Reference,
    Size,
)
from tests.reading.reading import HEAD, TAIL, only, rule, when

GOOD = [
    ("power: 4", Compare("equals", Constant(4))),
    ("power: known", Known(wanted=True)),
    ("power: unknown", Known(wanted=False)),
    ("name: 'known'", Compare("equals", Constant("known"))),
    ("power: [4, 5]", OneOf((Constant(4), Constant(5)))),
    ("power: {in: [4, 5]}", OneOf((Constant(4), Constant(5)))),
    ("power: {at_least: 2, below: 4}", AllOf((Compare("at_least", Constant(2)), Compare("below", Constant(4))))),
    ("power: {not: {at_least: 2}}", Not(Compare("at_least", Constant(2)))),
    ("power: {not: unknown}", Not(Known(wanted=False))),
    ("power: {recorded: {at_least: 2}}", AllOf((Known(wanted=True), Compare("at_least", Constant(2))))),
    ("power: {above: $params.days}", Compare("above", Parameter("days"))),
    ("power: {above: $p.rank}", Compare("above", Reference("p", "rank"))),
    ("power: {sum: [1, $p.rank]}", Compare("equals", Computed("sum", (Constant(1), Reference("p", "rank"))))),
    ("roles: {has: user}", Compare("has", Constant("user"))),
    ("roles: {has_any: [user, buyer]}", OneOf((Constant("user"), Constant("buyer")), of_set=True)),
    ("roles: {size: {at_least: 2}}", Size(Compare("at_least", Constant(2)))),
    ("roles: unknown", Known(wanted=False)),
    ("helps: {has: $p}", Compare("has", Reference("p"))),
    ("boss: $p", Compare("equals", Reference("p"))),
    ("met: 2026-03-01", Compare("equals", Constant(date(2026, 3, 1)))),
    ("met: {days_ago: {above: 30}}", Days("ago", Compare("above", Constant(30)))),
    ("met: {days_ahead: 0}", Days("ahead", Compare("equals", Constant(0)))),
    ("name: {contains: 王}", Compare("contains", Constant("王"))),
    ("name: $p.id", Compare("equals", Reference("p", "id"))),
    ("friendly: $p.reached", Compare("equals", Reference("p", "reached"))),
]


@pytest.mark.parametrize(("test", "wanted"), GOOD, ids=[test for test, _ in GOOD])
def test_what_was_written_is_what_is_read(test: str, wanted: object) -> None:
    found, problems = rule(f"{HEAD}when:\n  - person: {{}}\n    as: p\n  - person: {{{test}}}\n{TAIL}")
    assert problems == []
    assert found is not None
    pattern = found.when[1]
    assert isinstance(pattern, Pattern)
    assert pattern.tests[0].test == wanted


FAULTS = [
    # operators
    ("power: {'>=': 4}", "unknown-operator", "'>='", "write at_least"),
    ("power: {'=': 4}", "unknown-operator", "'='", "the value alone"),
    ("power: {more_than: 4}", "unknown-operator", "more_than", "write above"),
    ("power: {atleast: 4}", "unknown-operator", "atleast", "did you mean 'at_least'"),
    ("power: {between: [1, 2]}", "unknown-operator", "between", "at_least: …, at_most: …"),
    ("power: {4}", "unknown-operator", "4", ""),
    ("power: {at_least:4}", "unknown-operator", "at_least:4", "space after the colon"),
    ("power: {}", "empty-test", "{}", "at_least"),
    ("power: ", "empty-test", "", ""),
    ("power:", "yaml-syntax", ":", "space after the colon"),
    ("power: {at_least: }", "empty-test", "}", ""),
    ("power: {in: 4}", "wrong-shape", "4", "write [4]"),
    ("power: {in: []}", "wrong-shape", "[]", "[…]"),
    ("power: []", "wrong-shape", "[]", "[…]"),
    # values
    ("power: '4'", "wrong-type", "'4'", "without quotes"),
    ("power: {at_least: '4'}", "wrong-type", "'4'", "without quotes"),
    ("power: '>= 4'", "wrong-type", "'>= 4'", "{at_least: 4}"),
    ("power: at_least 4", "wrong-type", "at_least", "{at_least: 4}"),
    ("power: {above: 9}", "out-of-range", "9", "5 decides alone"),
    ("power: {above: known}", "wrong-comparison", "known", "power: known"),
    ("power: [4, unknown]", "wrong-comparison", "unknown", "power: unknown"),
    ("reached: yes", "wrong-type", "yes", "write true"),
    ("boss: {not: [a b]}", "bad-key", "a b", ""),
    # what goes with which field
    ("power: {has: 4}", "wrong-comparison", "has", "whole number"),
    ("power: {contains: 4}", "wrong-comparison", "contains", "whole number"),
    ("power: {days_ago: 4}", "wrong-comparison", "days_ago", "whole number"),
    ("name: {above: x}", "wrong-comparison", "above", "a text"),
    ("friendly: {at_least: true}", "wrong-comparison", "at_least", "true or false"),
    ("roles: user", "wrong-comparison", "user", "{has: user}"),
    ("roles: 决策者", "wrong-comparison", "决策者", "{has: decision_maker}"),
    ("roles: [user, 采购]", "wrong-comparison", "[user", "{has_any: [user, buyer]}"),
    ("roles: {in: [user]}", "wrong-comparison", "in", "has_any"),
    ("roles: {has: [user, buyer]}", "wrong-shape", "[user", "has_any"),
    ("roles: {has: 决策者}", "unknown-value", "决策者", "did you mean 'decision_maker'"),
    ("roles: {at_least: 2}", "wrong-comparison", "at_least", "size"),
    ("met: {above: 30}", "bad-date", "30", "met: {days_ago: {above: 30}}"),
    ("met: {days_ago: 30 days}", "wrong-type", "30 days", "write 30"),
    ("met: {days_ago: 2026-03-01}", "wrong-type", "2026-03-01", ""),
    ("met: {days_ago: {above: $p.met}}", "wrong-comparison", "$p.met", "a date"),
    # references
    ("power: {above: $q.power}", "unbound-name", "$q.power", "it can be p"),
    ("power: {above: $days}", "unbound-name", "$days", "did you mean '$params.days'"),
    ("power: {above: $params.day}", "unknown-parameter", "$params.day", "did you mean 'days'"),
    ("power: {above: $params}", "unknown-parameter", "$params", "days"),
    ("power: {above: params.days}", "bad-reference", "params.days", "write $params.days"),
    ("power: {above: '$params.days'}", "bad-reference", "'$params", "without quotes"),
    ("power: {above: p.rank}", "bad-reference", "p.rank", "write $p.rank"),
    ("power: {above: '$p.rank'}", "bad-reference", "'$p.rank'", "without quotes"),
    ("power: {above: $p.}", "bad-reference", "$p.", ""),
    ("power: {above: $}", "bad-reference", "$", ""),
    ("power: {above: $p.rnk}", "unknown-field", "$p.rnk", "did you mean 'rank'"),
    ("power: $p", "wrong-comparison", "$p", "whole number"),
    ("power: {above: $p.met}", "wrong-comparison", "$p.met", "a date"),
    ("power: {above: $n.x}", "unknown-field", "$n.x", "write $n"),
    ("boss: p", "bad-reference", "p", "write $p"),
    ("helps: {has: p}", "bad-reference", "p", "write $p"),
    ("boss: $f", "wrong-comparison", "$f", "the id of a firm"),
    ("name: $p.met", "wrong-comparison", "$p.met", "a date"),
    ("name: {contains: $p.friendly}", "wrong-comparison", "$p.friendly", "true or false"),
    ("name: {contains: $p.power}", "wrong-comparison", "$p.power", "whole number"),
    ("met: {above: $params.days}", "wrong-comparison", "$params.days", "a whole number"),
    ("roles: {has: $p.roles}", "wrong-comparison", "$p.roles", "a list"),
    ("roles: {has: $f.kind}", "wrong-comparison", "$f.kind", "one of new"),
    # computed values
    ("power: {sum: [1]}", "wrong-shape", "[1]", "[$a.x, $a.y]"),
    ("power: {sum: 1}", "wrong-shape", "1", "[$a.x, $a.y]"),
    ("power: {ratio: [1, 2, 3]}", "wrong-shape", "[1", ""),
    ("power: {sum: [1, 2], product: [1, 2]}", "wrong-shape", "{sum", "inside the other"),
    ("power: {sum: [1, 2], above: 3}", "unknown-key", "above", ""),
    ("power: {above: {}}", "empty-test", "{}", ""),
    ("power: {sum: [one, 2]}", "wrong-type", "one", ""),
    ("power: {sum: ['1', 2]}", "wrong-type", "'1'", "without quotes"),
    ("power: {sum: [true, 2]}", "wrong-type", "true", ""),
    ("power: {sum: [p.rank, 2]}", "wrong-type", "p.rank", "write $p.rank"),
    ("power: {sum: [$p, 2]}", "wrong-comparison", "$p", ""),
    ("power: {sum: [$p.met, 2]}", "wrong-comparison", "$p.met", ""),
    ("power: {sum: [$p.name, 2]}", "wrong-comparison", "$p.name", ""),
    ("power: {difference: [$p.met, 2]}", "wrong-comparison", "2]", ""),
    ("power: {above: {sum: [{difference: [$p.met, $p.name]}, 2]}}", "wrong-comparison", "$p.name", ""),
    ("met: {above: {difference: [$p.met, 2026-01-01]}}", "wrong-comparison", "{difference", "a number"),
    ("name: {sum: [1, 2]}", "wrong-comparison", "{sum", "a number"),
]
BEFORE = "  - person: {}\n    as: p\n  - firm: {}\n    as: f\n  - count: talk\n    as: n\n"


@pytest.mark.parametrize(("test", "code", "place", "hint"), FAULTS, ids=[test for test, *_ in FAULTS])
def test_each_fault_at_its_place_with_the_way_out(test: str, code: str, place: str, hint: str) -> None:
    text, problems = when(f"{BEFORE}  - person: {{{test}}}")
    hint = hint.replace("it can be p", "it can be p, f, n")
    only(text, problems, code, place, hint)


def test_a_dollar_sign_in_a_price_is_a_text() -> None:
    assert when("  - person: {name: '$5 shop'}")[1] == []


def test_only_an_ordered_enum_can_be_compared() -> None:
    assert when("  - step: {at_least: evaluation_of_options}")[1] == []
    text, problems = when("  - firm: {kind: {at_least: old}}")
    only(text, problems, "wrong-comparison", "at_least", "no order")


def test_a_value_type_is_called_by_its_name() -> None:
    text, problems = when("  - reach: {at_least: many}")
    only(text, problems, "wrong-type", "many", "")
    assert problems[0].message.startswith("'reach' must be")


def test_a_bound_value_is_compared_like_what_it_is() -> None:
    assert when("  - step: known\n    as: s\n  - step: {above: $s}")[1] == []
    text, problems = when("  - step: known\n    as: s\n  - reach: {above: $s}")
    only(text, problems, "wrong-comparison", "$s", "one of recognition_of_needs")
