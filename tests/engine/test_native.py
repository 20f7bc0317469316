"""The truth of every test, form and number in small deals, case by case."""

from __future__ import annotations

from math import inf
from sys import float_info

import pytest

from kamcoach.engine import FALSE, TRUE, UNKNOWN
from kamcoach.model.fact import Fact, Interval, Value
from tests.engine.by_hand import MAYBE_TWO, found

EVENTS = "events: [{day: 2026-02-20, good: true, cost: 2}, {day: 2026-03-01, good: true, cost: 3}, {day: 2026-02-10, good: false, cost: 5}]"
TWO_DAYS = "events: [{day: 2026-03-01, cost: 1}, {day: 2026-02-01, good: true}]"
ONE_DAY = "events: [{day: 2026-03-01, good: true}, {day: 2026-03-01, good: false}]"
LARGEST = float_info.max
HUGE = f"{{product: [{', '.join(['999999999999999999'] * 20)}]}}"
TESTS = [
    # a test on what is known, on what is unknown, and on a list that is absent
    ("deal: {stage: mid}", "deal: {stage: mid}", TRUE),
    ("deal: {stage: mid}", "deal: {stage: low}", FALSE),
    ("deal: {stage: mid}", "", UNKNOWN),
    ("person: {power: 2}", "people: []", FALSE),
    ("person: {power: 2}", "", UNKNOWN),
    ("person: {}", "people: [{id: a}]", TRUE),
    ("person: {}", "people: []", FALSE),
    ("person: {}", "", UNKNOWN),
    # not, all, in
    ("deal: {stage: {not: mid}}", "deal: {stage: low}", TRUE),
    ("deal: {stage: {not: mid}}", "", UNKNOWN),
    ("deal: {stage: [low, mid]}", "deal: {stage: mid}", TRUE),
    ("deal: {stage: [low, mid]}", "deal: {stage: high}", FALSE),
    ("deal: {share: {above: 0.2, below: 0.5}}", "deal: {share: 0.5}", FALSE),
    ("deal: {share: {above: 0.2, at_most: 0.5}}", "deal: {share: 0.5}", TRUE),
    ("deal: {open: true, stage: mid}", "deal: {open: false}", FALSE),
    ("deal: {open: true, stage: mid}", "deal: {open: true}", UNKNOWN),
    # ordered enums, texts, parameters
    ("deal: {stage: {at_least: mid}}", "deal: {stage: high}", TRUE),
    ("deal: {stage: {below: mid}}", "deal: {stage: mid}", FALSE),
    ("person: {name: {contains: ANN}}", "people: [{id: a, name: Joanna}]", TRUE),
    ("person: {name: {starts_with: ann}}", "people: [{id: a, name: Joanna}]", FALSE),
    ("person: {power: {at_least: $params.many}}", "people: [{id: a, power: 3}]", TRUE),
    ("person: {power: {at_least: $params.many}}", "people: [{id: a, power: 2}]", FALSE),
    # sets
    ("deal: {colours: {has: red}}", "deal: {colours: [blue, red]}", TRUE),
    ("deal: {colours: {has: red}}", "deal: {colours: []}", FALSE),
    ("deal: {colours: {has: red}}", "", UNKNOWN),
    ("deal: {colours: {has_any: [red, blue]}}", "deal: {colours: [blue]}", TRUE),
    ("deal: {colours: {size: {at_most: 1}}}", "deal: {colours: [blue]}", TRUE),
    ("deal: {colours: {size: {at_most: 1}}}", "", UNKNOWN),
    # dates
    ("deal: {due: {days_ahead: {at_most: 5}}}", "deal: {due: 2026-03-07}", TRUE),
    ("deal: {due: {days_ago: {above: 5}}}", "deal: {due: 2026-02-25}", FALSE),
    ("deal: {due: {days_ago: {above: 5}}}", "", UNKNOWN),
    ("deal: {due: {at_least: 2026-03-01}}", "deal: {due: 2026-03-01}", TRUE),
    # known, unknown and recorded always decide
    ("deal: {stage: known}", "", FALSE),
    ("deal: {stage: unknown}", "", TRUE),
    ("deal: {stage: {recorded: mid}}", "", FALSE),
    ("deal: {stage: {recorded: {not: mid}}}", "", FALSE),
    ("deal: {stage: {recorded: mid}}", "deal: {stage: mid}", TRUE),
    ("deal: {due: {days_ago: known}}", "", FALSE),
    ("person: {name: known}", "", FALSE),
    # either
    ("deal: {either: [{open: true}, {stage: mid}]}", "deal: {stage: mid}", TRUE),
    ("deal: {either: [{open: true}, {stage: mid}]}", "deal: {stage: low}", UNKNOWN),
    ("deal: {either: [{open: true}, {stage: mid}]}", "deal: {stage: low, open: false}", FALSE),
    # joins
    ("[{person: {active: true}, as: p}, {event: {owner: $p}}]", "people: [{id: a, active: true}]\nevents: [{owner: a}]", TRUE),
    ("[{person: {active: true}, as: p}, {event: {owner: $p}}]", f"{MAYBE_TWO}\nevents: [{{owner: b}}]", UNKNOWN),
    ("[{person: {active: true}, as: p}, {event: {with: {has: $p}}}]", "people: [{id: a, active: true}]\nevents: [{with: []}]", FALSE),
    ("[{person: {}, as: p}, {event: {owner: $p}}]", "events: [{good: true}]", UNKNOWN),
    ("{person: {power: {below: $p.power}}, as: p}", "people: [{id: a, power: 2}]", FALSE),
    ("deal: {share: {above: {ratio: [1, 4]}}}", "deal: {share: 0.5}", TRUE),
    ("deal: {share: {above: {ratio: [1, 0]}}}", "deal: {share: 0.5}", UNKNOWN),
]
FORMS = [
    # none, no_evidence_of, evidence_of: nothing, something possibly, something certainly matches
    ("none: {person: {active: true}}", "people: [{id: a, active: false}]", TRUE),
    ("none: {person: {active: true}}", "people: [{id: a}]", UNKNOWN),
    ("none: {person: {active: true}}", MAYBE_TWO, FALSE),
    ("none: {person: {active: true}}", "", UNKNOWN),
    ("no_evidence_of: {person: {active: true}}", "people: [{id: a, active: false}]", TRUE),
    ("no_evidence_of: {person: {active: true}}", "people: [{id: a}]", TRUE),
    ("no_evidence_of: {person: {active: true}}", MAYBE_TWO, FALSE),
    ("evidence_of: {person: {active: true}}", "people: [{id: a, active: false}]", FALSE),
    ("evidence_of: {person: {active: true}}", "people: [{id: a}]", FALSE),
    ("evidence_of: {person: {active: true}}", MAYBE_TWO, TRUE),
    ("none: [{person: {active: true}, as: p}, {event: {owner: $p}}]", f"{MAYBE_TWO}\nevents: [{{owner: a}}]", FALSE),
    ("none: [{person: {active: true}, as: p}, {event: {owner: $p}}]", f"{MAYBE_TWO}\nevents: [{{owner: b}}]", UNKNOWN),
    # every
    ("{every: {person: {active: true}}, satisfies: {power: 2}}", "people: []", TRUE),
    ("{every: {person: {active: true}}, satisfies: {power: 2}}", "people: [{id: a, active: true, power: 2}]", TRUE),
    ("{every: {person: {active: true}}, satisfies: {power: 2}}", "people: [{id: a, active: true, power: 1}]", FALSE),
    ("{every: {person: {active: true}}, satisfies: {power: 2}}", "people: [{id: a, power: 1}]", UNKNOWN),
    ("{every: {person: {active: true}}, satisfies: {power: 2}}", "people: [{id: a, power: 2}]", TRUE),
    ("{every: {person: {active: true}}, satisfies: {power: 2}}", "", UNKNOWN),
    # any
    ("any: [{deal: {open: true}}, {deal: {stage: mid}}]", "deal: {open: true}", TRUE),
    ("any: [{deal: {open: true}}, {deal: {stage: mid}}]", "deal: {open: false}", UNKNOWN),
    ("any: [[{deal: {open: true}}, {deal: {stage: mid}}], {person: {}}]", "people: []\ndeal: {open: false}", FALSE),
    # last: those of the latest day, certain if no possible or undated one may be later
    ("{last: {event: {}}, by: day, is: {cost: 3}}", EVENTS, TRUE),
    ("{last: {event: {}}, by: day, is: {cost: 2}}", EVENTS, FALSE),
    (
        "{last: {event: {good: true}}, by: day, is: {cost: 1}}",
        TWO_DAYS,
        UNKNOWN,
    ),
    ("{last: {event: {good: true}}, by: day, is: {cost: 1}}", "events: [{day: 2026-03-01, good: true, cost: 1}, {day: 2026-02-01}]", TRUE),
    ("{last: {event: {}}, by: day, is: {cost: 1}}", "events: [{day: 2026-03-01, cost: 1}, {good: true}]", UNKNOWN),
    ("{last: {event: {}}, by: day, is: {cost: 1}}", "events: [{cost: 1}]", TRUE),
    ("{last: {event: {}}, by: day, is: {cost: 1}}", "events: []", FALSE),
    ("{last: {event: {}}, by: day, is: {cost: 1}}", "", UNKNOWN),
    # tests on intervals
    ("{count: {person: {active: true}}, is: {at_least: 1}}", MAYBE_TWO, TRUE),
    ("{count: {person: {active: true}}, is: {at_least: 2}}", MAYBE_TWO, UNKNOWN),
    ("{count: {person: {active: true}}, is: {at_least: 3}}", MAYBE_TWO, FALSE),
    ("{count: {person: {active: true}}, is: 1}", MAYBE_TWO, UNKNOWN),
    ("{count: {person: {active: true}}, is: {not: 3}}", MAYBE_TWO, TRUE),
    ("{max: {event: {good: true}}, of: cost, is: {above: 1}}", EVENTS, TRUE),
    ("{max: {event: {good: true}}, of: cost, is: {above: 1}}", "events: [{cost: 2}]", UNKNOWN),
    ("{max: {event: {good: true}}, of: cost, is: {above: 1}}", "events: []", FALSE),
    ("{compute: {difference: [$params.many, 2]}, is: {above: 0}}", "", TRUE),
    ("[{deal: {}, as: d}, {compute: {ratio: [1, $d.share]}, is: {above: 0}}]", "deal: {share: 0}", UNKNOWN),
    ("{tally: [{deal: {open: true}}, {person: {}}], is: 2}", "deal: {open: true}", UNKNOWN),
    ("{tally: [{deal: {open: true}}, {person: {}}], is: {at_most: 1}}", "deal: {open: false}", TRUE),
]
NUMBERS = [
    ("count: {person: {active: true}}", MAYBE_TWO, Interval(1, 2)),
    ("count: {person: {active: true}}", "people: []", 0),
    ("count: {person: {}}", "", Interval(0, inf)),
    ("{sum: {event: {good: true}}, of: cost}", EVENTS, 5),
    ("{sum: {event: {good: true}}, of: cost}", "events: [{good: true, cost: 2}, {cost: 3}, {cost: -1}]", Interval(1, 5)),
    ("{sum: {event: {}}, of: cost}", "events: [{cost: 2}, {good: true}]", Interval(-inf, inf)),
    ("{sum: {person: {}}, of: power}", "people: [{id: a, power: 2}, {id: b}]", Interval(2, 5)),
    ("{sum: {person: {}}, of: power}", "", Interval(0, inf)),
    ("{min: {event: {}}, of: cost}", EVENTS, 2),
    ("{min: {event: {good: true}}, of: cost}", "events: [{good: true, cost: 2}, {cost: 1}, {cost: 7}]", Interval(1, 2)),
    ("{max: {person: {active: true}}, of: power}", "people: [{id: a, active: true, power: 2}, {id: b, active: true}]", Interval(2, 3)),
    ("{distinct: {event: {good: true}}, of: cost}", "events: [{good: true, cost: 2}, {cost: 2}, {cost: 3}]", Interval(1, 2)),
    ("{distinct: {event: {good: true}}, of: cost}", "events: [{good: true}, {good: true, cost: 3}]", Interval(1, 2)),
    ("{distinct: {event: {}}, of: cost}", "events: [{good: true}]", 1),
    ("{distinct: {event: {}}, of: cost}", "", Interval(0, inf)),
    ("{in_a_row: {event: {good: true}}, by: day}", EVENTS, 2),
    ("{in_a_row: {event: {good: false}}, by: day}", EVENTS, 0),
    ("{in_a_row: {event: {good: true}}, by: day}", "events: [{day: 2026-03-01, good: true}, {day: 2026-02-01}]", Interval(1, 2)),
    ("{in_a_row: {event: {good: true}}, by: day}", "events: [{day: 2026-03-01, good: true}, {good: true}]", 2),
    ("{in_a_row: {event: {good: true}}, by: day}", "events: [{day: 2026-03-01, good: true}, {good: false}]", Interval(0, 1)),
    (
        "{in_a_row: {event: {good: true}}, by: day}",
        ONE_DAY,
        Interval(0, 1),
    ),
    ("{in_a_row: {event: {good: true}}, by: day}", "", Interval(0, inf)),
    ("compute: {product: [{difference: [2026-03-02, 2026-02-27]}, 2]}", "", 6),
    ("compute: {sum: [1, 2, $params.many]}", "", 5.5),
    ("compute: {ratio: [1, 0]}", "", None),
    ("[{count: {person: {active: true}}, as: k}, {compute: {difference: [5, $k]}, as: n}]", MAYBE_TWO, Interval(3, 4)),
    ("[{count: {person: {active: true}}, as: k}, {compute: {product: [$k, -2]}, as: n}]", MAYBE_TWO, Interval(-4, -2)),
    ("[{count: {person: {active: true}}, as: k}, {compute: {ratio: [1, $k]}, as: n}]", MAYBE_TWO, Interval(0.5, 1)),
    ("[{count: {person: {power: 2}}, as: k}, {compute: {ratio: [1, {difference: [$k, 1]}]}, as: n}]", MAYBE_TWO, None),
    ("[{count: {person: {}}, as: k}, {compute: {product: [0, $k]}, as: n}]", "", 0),
    ("[{count: {person: {}}, as: k}, {compute: {ratio: [$k, {sum: [1, $k]}]}, as: n}]", "", Interval(0, inf)),
    ("tally: [{deal: {open: true}}, {deal: {stage: mid}}, {person: {}}]", "people: []\ndeal: {open: true}", Interval(1, 2)),
    # what is too large to be told is known to be large
    (f"compute: {HUGE}", "", Interval(LARGEST, inf)),
    (f"compute: {{product: [-1, {HUGE}]}}", "", Interval(-inf, -LARGEST)),
    (f"compute: {{ratio: [{HUGE}, 4]}}", "", Interval(LARGEST / 4, inf)),
    (f"compute: {{sum: [{HUGE}, {HUGE}, 0.5]}}", "", Interval(LARGEST, inf)),
    (f"compute: {{difference: [{HUGE}, {HUGE}]}}", "", Interval(-inf, inf)),
    (f"compute: {{product: [{HUGE}, {HUGE}, 0]}}", "", 0),
]


@pytest.mark.parametrize(("when", "given", "wanted"), [*TESTS, *FORMS])
def test_truth(when: str, given: str, wanted: int) -> None:
    assert found(when, given).truth(Fact("flag_3", {})) == wanted


@pytest.mark.parametrize(("number", "given", "wanted"), NUMBERS)
def test_number(number: str, given: str, wanted: Value | None) -> None:
    if not number.startswith("["):
        number = f"{{{number.removeprefix('{').removesuffix('}') if number.startswith('{') else number}, as: n}}"
    (activation,) = found(number, given).activations
    assert activation.names["n"] == wanted
