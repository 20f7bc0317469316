"""Patterns and what is built of them: what is read, and the faults of the if-part."""

from __future__ import annotations

import pytest

from kamcoach.model.condition import AnyOf, Compare, Constant, Every, FieldTest, Known, No, Pattern, Reference, Tally
from tests.reading.reading import HEAD, TAIL, only, rule, told, when

GOOD = """\
  - quiet
  - step: [recognition_of_needs, evaluation_of_options]
    as: now
  - person: {power: 4, met: known, either: [{reached: true}, {friendly: true}]}
    as: p
  - firm: {price: {asked: {above: 3}}}
  - talk: {with: {has: $p}}
  - none: {person: {boss: $p}}
  - no_evidence_of: [{person: {power: 5}, as: q}, {talk: {with: {has: $q}}}]
  - every: {person: {power: 5}}
    satisfies: {reached: true}
  - any: [quiet, [alarm, {talk: {}}]]
  - tally: [quiet, {talk: {}}]
    is: {at_least: 1}
"""


def test_what_was_written_is_what_is_read() -> None:
    found, problems = rule(f"{HEAD}when:\n{GOOD}{TAIL}")
    assert problems == []
    assert found is not None
    quiet, step, person, firm, talk, none, no_evidence, every, alternatives, tally = found.when
    assert isinstance(quiet, Pattern)
    assert isinstance(person, Pattern)
    assert isinstance(step, Pattern)
    assert (step.bind, person.bind, found.binds) == ("now", "p", {"now": "", "p": "person"})
    power, met = person.tests
    assert (power.field, power.test, met.test) == ("power", Compare("equals", Constant(4)), Known(wanted=True))
    assert len(person.either) == 2
    assert isinstance(firm, Pattern)
    assert [one.field for one in firm.tests] == ["price.asked"]
    assert isinstance(talk, Pattern)
    assert talk.tests[0].test == Compare("has", Reference("p"))
    assert isinstance(none, No)
    assert isinstance(no_evidence, No)
    assert (none.how, len(none.conditions), len(no_evidence.conditions)) == ("none", 1, 2)
    assert isinstance(every, Every)
    assert [type(one) for one in every.satisfies] == [FieldTest]
    assert isinstance(alternatives, AnyOf)
    assert [len(one) for one in alternatives.alternatives] == [1, 2]
    assert isinstance(tally, Tally)
    assert (quiet.at.line, person.at.line, tally.at.line) == (4, 7, 16)


FAULTS = [
    # which fact type
    ("  - persn: {power: 4}", "unknown-type", "persn", "did you mean 'person'"),
    ("  - people: {power: 4}", "unknown-type", "people", "did you mean 'person'"),
    ("  - 关键人: {power: 4}", "unknown-type", "关键人", "did you mean 'person'"),
    ("  - power: {at_least: 4}", "unknown-type", "power", "person: {power"),
    ("  - reached", "unknown-type", "reached", "person: {reached: true}"),
    ("  - not: {person: {power: 4}}", "unknown-type", "not", "none:"),
    ("  - or: [quiet, alarm]", "unknown-type", "or", "any:"),
    ("  - and: [quiet, alarm]", "unknown-type", "and", "all conditions"),
    ("  - step:evaluation", "unknown-type", "step:", "space after the colon"),
    ("  - quiet：true", "unknown-type", "quiet：", "full-width"),
    ("  - quiet\n   - alarm", "unknown-type", "quiet", "same column"),
    ("  - advise: x", "unknown-type", "advise", ""),
    # flags
    ("  - quiet: true", "wrong-shape", "quiet", "`- quiet`"),
    ("  - quiet: false", "wrong-shape", "quiet", "none: quiet"),
    ("  - quiet:", "wrong-shape", "quiet", "`- quiet`"),
    ("  - person", "wrong-shape", "person", "person: {}"),
    ("  - step", "wrong-shape", "step", "step: …"),
    ("  -", "empty-test", "", "after the `-`"),
    # one fact type a condition
    ("  - person: {power: 4}\n    talk: {}", "wrong-shape", "talk", "begin it with `- `"),
    ("  - person: {power: 4}\n    none: {talk: {}}", "wrong-shape", "none", "begin it with `- `"),
    ("  - none: {talk: {}}\n    person: {power: 4}", "wrong-shape", "person", "begin it with `- `"),
    ("  - person:\n    power: 4", "wrong-shape", "power", "indent it further"),
    ("  - person: {power: 4}\n    because: x", "wrong-shape", "because", "only `as:`"),
    ("  - as: p", "wrong-shape", "as: p", "without a `-`"),
    ("  - {}", "wrong-shape", "{}", "name a fact type"),
    ("  - [quiet, alarm]", "wrong-shape", "[quiet", "one `-`"),
    ("  - - quiet", "wrong-shape", "- quiet", "one `-`"),
    # the tests of a pattern
    ("  - person:", "wrong-shape", "", "person: {}"),
    ("  - person: reached", "wrong-shape", "reached", "{reached: …}"),
    ("  - person: [reached]", "wrong-shape", "[reached", ""),
    ("  - person: {powr: 4}", "unknown-field", "powr", "did you mean 'power'"),
    ("  - person: {影响力: 4}", "unknown-field", "影响力", "did you mean 'power'"),
    ("  - person: {result: advance}", "unknown-field", "result", "field of 'talk'"),
    ("  - firm: {off: 3}", "unknown-field", "off", "did you mean 'price.off'"),
    ("  - firm: {price: {of: 3}}", "unknown-field", "of: 3", "did you mean 'price.off'"),
    ("  - firm: {price: 3}", "wrong-shape", "3", ""),
    ("  - person: {power: 4, talk: {}}", "unknown-field", "talk", "condition of its own"),
    ("  - person: {name: Li, the boss}", "unknown-field", "the boss", "comma"),
    ("  - person: {power: 4, as: p}", "unknown-field", "as: p", "same column as 'person'"),
    ("  - person:\n      power: 4\n      as: p\n  - talk: {with: {has: $p}}", "unknown-field", "as: p", "same column as 'person'"),
    # either
    ("  - person: {either: {power: 4}}", "wrong-shape", "{power", "begin each entry"),
    ("  - person: {either: [{power: 4}]}", "empty-test", "[{power", "such as [{"),
    ("  - person: {either: []}", "empty-test", "[]", "such as [{"),
    ("  - person: {either: [{power: 4}, {}]}", "empty-test", "{}", "name a field"),
    ("  - person: {either: [{power: 4}, {either: [{power: 1}, {power: 2}]}]}", "wrong-shape", "{either: [{power: 1", "two conditions"),
    # names
    ("  - person: {}\n    as: $p", "bad-name", "$p", "write p"),
    ("  - person: {}\n    as: the person", "bad-name", "the person", "one word"),
    ("  - person: {}\n    as:", "bad-name", "", "one word"),
    ("  - person: {}\n    as: params", "bound-twice", "params", "another name"),
    ("  - person: {}\n    as: p\n  - talk: {}\n    as: p", "bound-twice", "p", "another name"),
    # none, every, any, tally
    ("  - none: []", "empty-test", "[]", "on a line with `- `"),
    ("  - none:", "empty-test", "", "on a line with `- `"),
    ("  - none: {person: {}}\n    as: p", "unknown-key", "as: p", "gives no name"),
    ("  - none: {person: {}}\n    is: 2", "unknown-key", "is: 2", "nothing stands beside"),
    ("  - every: {person: {}}", "missing-key", "every", ""),
    ("  - every: {person: {}}\n    satisfies:", "missing-key", "satisfies", ""),
    ("  - every: {person: {}}\n    satisfies: {}", "empty-test", "{}", "name a field"),
    ("  - every: {person: {}}\n    satisfies: {either: [{power: 4}, {reached: true}]}", "wrong-shape", "{either", "two conditions"),
    ("  - every: {none: quiet}\n    satisfies: {power: 4}", "wrong-shape", "none", "conclude the inner one"),
    ("  - every: [{person: {}}]\n    satisfies: {power: 4}", "wrong-shape", "[{person", "every: {type"),
    ("  - any: {person: {}}", "wrong-shape", "{person", "begin each entry"),
    ("  - any: []", "empty-test", "[]", "on a line with `- `"),
    ("  - any: [quiet]\n    or: alarm", "unknown-key", "or", "nothing stands beside"),
    ("  - tally: []\n    is: 1", "empty-test", "[]", "on a line with `- `"),
    ("  - tally: [quiet]", "missing-key", "tally", "is: {at_least: 2}"),
]


@pytest.mark.parametrize(("conditions", "code", "place", "hint"), FAULTS, ids=[conditions.strip() for conditions, *_ in FAULTS])
def test_each_fault_at_its_place_with_the_way_out(conditions: str, code: str, place: str, hint: str) -> None:
    text, problems = when(conditions)
    only(text, problems, code, place, hint)


def test_a_condition_that_is_not_understood_does_not_make_its_name_unknown() -> None:
    text, problems = when("  - persn: {power: 4}\n    as: p\n  - talk: {with: {has: $p}, date: {above: $p.met}}")
    assert told(text, problems) == [("unknown-type", "persn: {power: 4}")]


def test_names_bound_inside_stay_inside() -> None:
    text, problems = when("  - none: {person: {}, as: p}\n  - any: [{person: {}, as: q}]\n  - talk: {with: {has_any: [$p, $q]}}")
    assert [(code, place[:2]) for code, place in told(text, problems)] == [("unbound-name", "$p"), ("unbound-name", "$q")]


def test_a_name_may_be_used_inside_its_own_pattern() -> None:
    assert when("  - person: {power: {above: $p.rank}}\n    as: p")[1] == []


def test_every_problem_of_the_if_part_in_one_pass() -> None:
    text, problems = when("  - persn: {}\n  - person: {powr: 4, roles: user, met: {above: 30}}\n  - step: evaluation\n  - quiet: true")
    assert [code for code, _ in told(text, problems)] == [
        "unknown-type",
        "unknown-field",
        "wrong-comparison",
        "bad-date",
        "unknown-value",
        "wrong-shape",
    ]
