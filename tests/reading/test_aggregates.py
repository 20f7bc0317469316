"""Conditions that work out a value."""

from __future__ import annotations

import pytest

from kamcoach.model.condition import Aggregate, Compare, Compute, Computed, Constant, Last, Reference
from tests.reading.reading import HEAD, TAIL, only, rule, when

GOOD = """\
  - count: {person: {reached: true}}
    as: n
    is: {at_least: 2}
  - sum: {person: {}}
    of: power
    is: 3
  - max: {talk: {}}
    of: date
    as: newest
  - distinct: {person: {}}
    of: name
    is: 3
  - in_a_row: {talk: {result: continuation}}
    by: date
    is: {at_least: 3}
  - last: {talk: {}}
    by: date
    as: latest
    is: {result: advance, date: $newest}
  - compute: {ratio: [$n, 2]}
    as: half
  - count: talk
    is: {above: $half}
"""


def test_what_was_written_is_what_is_read() -> None:
    found, problems = rule(f"{HEAD}when:\n{GOOD}{TAIL}")
    assert problems == []
    assert found is not None
    aggregates = [one for one in found.when if isinstance(one, Aggregate)]
    assert [(one.how, one.pattern.type, one.field, one.bind) for one in aggregates] == [
        ("count", "person", "", "n"),
        ("sum", "person", "power", ""),
        ("max", "talk", "date", "newest"),
        ("distinct", "person", "name", ""),
        ("in_a_row", "talk", "date", ""),
        ("count", "talk", "", ""),
    ]
    assert aggregates[0].test == Compare("at_least", Constant(2))
    last, compute = found.when[5], found.when[6]
    assert isinstance(last, Last)
    assert isinstance(compute, Compute)
    assert (last.by, last.bind, [one.field for one in last.tests]) == ("date", "latest", ["result", "date"])
    assert compute.value == Computed("ratio", (Reference("n"), Constant(2)))
    assert found.binds == {"n": "", "newest": "", "latest": "talk", "half": ""}


FAULTS = [
    ("  - count: {person: {}}", "missing-key", "count", "is: {at_least: 2}"),
    ("  - count: {person: {}}\n    is:", "missing-key", "count", "is: {at_least: 2}"),
    ("  - count: {person: {}}\n    is: {at_least: two}", "wrong-type", "two", ""),
    ("  - count: {person: {}}\n    is: '2'", "wrong-type", "'2'", "without quotes"),
    ("  - count: {person: {}}\n    is: >= 2", "yaml-syntax", ">= 2", "at_least"),
    ("  - count: {person: {}}\n    is: {days_ago: 2}", "wrong-comparison", "days_ago", "a number"),
    ("  - count:\n    is: 2", "wrong-shape", "", "count: {type"),
    ("  - count: [person]\n    is: 2", "wrong-shape", "[person", "count: {type"),
    ("  - count: persn\n    is: 2", "unknown-type", "persn", "did you mean 'person'"),
    ("  - count: {none: {person: {}}}\n    is: 2", "wrong-shape", "none", "conclude the inner one"),
    ("  - count: {person: {}}\n    of: power\n    is: 2", "unknown-key", "of", ""),
    ("  - sum: {person: {}}\n    is: 2", "missing-key", "sum", ""),
    ("  - sum: {person: {}}\n    of:\n    is: 2", "missing-key", "of", ""),
    ("  - sum: {person: {}}\n    of: powr\n    is: 2", "unknown-field", "powr", "did you mean 'power'"),
    ("  - sum: {person: {}}\n    of: name\n    is: 2", "wrong-comparison", "name", ""),
    ("  - sum: {person: {}}\n    of: met\n    is: 2", "wrong-comparison", "met", ""),
    ("  - sum: {person: {}}\n    of: [power]\n    is: 2", "wrong-shape", "[power", ""),
    ("  - min: {person: {}}\n    of: kind\n    is: 2", "unknown-field", "kind", "'firm'"),
    ("  - min: {person: {}}\n    of: roles\n    is: 2", "wrong-comparison", "roles", ""),
    ("  - max: {talk: {}}\n    of: date\n    is: 30", "bad-date", "30", ""),
    ("  - max: {person: {}}\n    of: power\n    is: 6", "out-of-range", "6", ""),
    ("  - in_a_row: {talk: {}}\n    is: 2", "missing-key", "in_a_row", ""),
    ("  - in_a_row: {talk: {}}\n    by: result\n    is: 2", "wrong-comparison", "result", ""),
    ("  - last: {talk: {}}", "missing-key", "last", ""),
    ("  - last: {talk: {}}\n    by: result", "wrong-comparison", "result", ""),
    ("  - last: {talk: {}}\n    by: date\n    is: {reslt: advance}", "unknown-field", "reslt", "did you mean 'result'"),
    ("  - last: {talk: {}}\n    by: date\n    is: {}", "empty-test", "{}", "name a field"),
    ("  - last: {tlk: {}}\n    by: date\n    as: t\n  - person: {met: $t.date}", "unknown-type", "tlk", "did you mean 'talk'"),
    ("  - compute:\n    is: 2", "missing-key", "compute", ""),
    ("  - compute: 3\n    is: 2", "wrong-shape", "3", "ratio"),
    ("  - compute: {sum: [1, 2]}", "missing-key", "compute", "is: {at_least: 2}"),
    ("  - compute: {quotient: [1, 2]}\n    is: 2", "unknown-key", "quotient", "it can be difference"),
]


@pytest.mark.parametrize(("conditions", "code", "place", "hint"), FAULTS, ids=[conditions.strip() for conditions, *_ in FAULTS])
def test_each_fault_at_its_place_with_the_way_out(conditions: str, code: str, place: str, hint: str) -> None:
    text, problems = when(conditions)
    only(text, problems, code, place, hint)


BESIDE = [
    ("  - count: {person: {}}\n    at_least: 2", "is: {at_least: …}"),
    ("  - count: {person: {}, is: 2}", "one level further out"),
]


@pytest.mark.parametrize(("conditions", "hint"), BESIDE)
def test_a_test_that_stands_beside_its_place(conditions: str, hint: str) -> None:
    _, problems = when(conditions)
    assert "missing-key" in {one.code for one in problems}
    assert hint in "\n".join(one.hint for one in problems)
