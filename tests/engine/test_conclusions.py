"""What rules conclude, mark and advise, in small deals."""

from __future__ import annotations

from math import inf

import pytest

from kamcoach.engine import FALSE, TRUE, UNKNOWN
from kamcoach.model.fact import Fact, Interval
from kamcoach.model.rulebase import CircleThroughNegation
from tests.engine.by_hand import MAYBE_TWO, consult, layered, values


def test_a_conclusion_is_as_certain_as_its_strongest_support() -> None:
    found = consult(
        """
        [{deal: {open: true}}]   => [{conclude: flag_1}]
        [{deal: {stage: mid}}]   => [{conclude: flag_1}]
        [flag_1]                 => [{conclude: flag_2}]
        [{deal: {stage: high}}]  => [{conclude: flag_3}]
        """,
        "deal: {stage: mid}",
    )
    assert [found.truth(Fact(f"flag_{number}", {})) for number in (1, 2, 3)] == [TRUE, TRUE, FALSE]


def test_rules_that_feed_one_another_run_until_nothing_is_new() -> None:
    found = consult(
        """
        [{person: {active: true}, as: p}]                                     => [{mark: {$p: reached_1}}]
        [{person: {reached_1: true}, as: p}, {person: {boss: $p}, as: other}] => [{mark: {$other: reached_1}}]
        """,
        "people: [{id: c, boss: b, active: false}, {id: b, boss: a, active: false}, {id: a, active: true}]",
    )
    assert [found.marked(person, "reached_1") for person in found.facts("person")] == [TRUE, TRUE, TRUE]


def test_a_firing_is_raised_when_its_reasons_are() -> None:
    """It is possible at once that e is reached, by way of d; that it is certain is seen only after three more rounds."""
    found = consult(
        """
        [{person: {active: true}, as: p}]                                     => [{mark: {$p: reached_1}}]
        [{person: {reached_1: true}, as: p}, {person: {boss: $p}, as: other}] => [{mark: {$other: reached_1}}]
        """,
        "people: [{id: a, active: true}, {id: b, active: false, boss: a}, {id: c, active: false, boss: b}, {id: d, boss: c},"
        " {id: e, active: false, boss: d}]",
    )
    last = found.find("person", "e")
    assert last is not None
    assert [firing.truth for firing in found.support((last.id, "reached_1", True))] == [TRUE]


MARKED = [
    # a derived flag is false unless it is concluded, and unknown if it is concluded only possibly
    ("{reached_1: true}", [TRUE, UNKNOWN, FALSE]),
    ("{reached_1: false}", [FALSE, UNKNOWN, TRUE]),
    ("{reached_1: {not: true}}", [FALSE, UNKNOWN, TRUE]),
    ("{reached_1: known}", [TRUE, FALSE, TRUE]),
    ("{reached_1: {recorded: false}}", [FALSE, FALSE, TRUE]),
    # so is a test on another derived field
    ("{phase_1: mid}", [TRUE, UNKNOWN, FALSE]),
    ("{phase_1: {not: low}}", [TRUE, UNKNOWN, FALSE]),
    ("{phase_1: known}", [TRUE, FALSE, FALSE]),
    ("{phase_1: unknown}", [FALSE, TRUE, TRUE]),
    ("{phase_1: {recorded: mid}}", [TRUE, FALSE, FALSE]),
]


@pytest.mark.parametrize(("test", "wanted"), MARKED)
def test_marks_are_read_like_any_field(test: str, wanted: list[int]) -> None:
    found = consult(
        f"""
        [{{person: {{active: true}}, as: p}}] => [{{mark: {{$p: {{reached_1: true, phase_1: mid}}}}}}]
        [{{person: {test}, as: p}}]           => [{{mark: {{$p: reached_2}}}}]
        """,
        "people: [{id: a, active: true}, {id: b}, {id: c, active: false}]",
    )
    assert [found.marked(person, "reached_2") for person in found.facts("person")] == wanted


def test_each_field_of_a_mark_has_its_reason() -> None:
    found = consult("[{person: {}, as: p}] => [{mark: {$p: {reached_1: true, phase_1: mid}}}]", "people: [{id: a}]")
    (person,) = found.facts("person")
    assert found.support((person.id, "reached_1", True)) == found.support((person.id, "phase_1", "mid")) == found.activations


@pytest.mark.parametrize(("says", "wanted"), [("active: true, ", TRUE), ("active: false, ", FALSE), ("", UNKNOWN)])
def test_a_flag_is_marked_with_what_a_field_says(says: str, wanted: int) -> None:
    found = consult(
        """
        [{person: {}, as: p}]         => [{mark: {$p: {reached_1: $p.active}}}]
        [{person: {reached_1: true}}] => [{conclude: flag_2}]
        """,
        f"people: [{{{says}id: a}}]",
    )
    assert [found.marked(person, "reached_1") for person in found.facts("person")] == [wanted]
    assert found.truth(Fact("flag_2", {})) == wanted


def test_what_is_concluded_with_an_unknown_value_is_possible() -> None:
    found = consult("[{person: {}, as: p}] => [{conclude: {risk_1: {who: $p, colour: red, n: $p.power}}}]", "people: [{id: a}]")
    assert values(found, "risk_1", UNKNOWN) == [{"who": "a", "colour": "red"}]
    assert values(found, "risk_1") == []


def test_an_unknown_value_may_be_the_one_that_is_asked_for() -> None:
    found = consult(
        """
        [{deal: {}, as: d}]    => [{conclude: {grade_1: $d.stage}}]
        [{grade_1: mid}]       => [{conclude: flag_2}]
        [{grade_1: [low, mid]}] => [{conclude: flag_3}]
        """,
        "",
    )
    assert [found.truth(Fact(name, {})) for name in ("flag_2", "flag_3")] == [UNKNOWN, UNKNOWN]


def test_a_derived_fact_that_is_not_wholly_known_may_be_any_number_of_facts() -> None:
    rules = """
        [{person: {}, as: p}]        => [{conclude: {risk_1: {who: $p, colour: red, n: 1}}}]
        [{count: {risk_1: {}}, as: n}] => [{conclude: {total_2: $n}}]
        """
    assert values(consult(rules, ""), "total_2") == [{"value": Interval(0, inf)}]
    assert values(consult(rules, "people: [{id: a}, {id: b}]"), "total_2") == [{"value": 2}]


def test_the_date_of_the_newest_may_lie_in_an_interval() -> None:
    found = consult(
        """
        [{max: {event: {good: true}}, of: day, as: d}] => [{conclude: {due_1: $d}}]
        [{due_1: 2026-02-01}]                          => [{conclude: flag_2}]
        [{due_1: {days_ago: {above: 60}}}]             => [{conclude: flag_3}]
        [{due_1: {days_ago: {above: 30}}}]             => [{conclude: {risk_2: {n: 30}}}]
        [{due_1: {days_ago: {at_least: 20}}}]          => [{conclude: {risk_2: {n: 20}}}]
        """,
        "events: [{day: 2026-01-20, good: true}, {day: 2026-02-10}]",
    )
    assert [found.truth(Fact(name, {})) for name in ("flag_2", "flag_3")] == [UNKNOWN, FALSE]
    assert [found.truth(Fact("risk_2", {"n": days})) for days in (30, 20)] == [UNKNOWN, TRUE]


LAST_SEEN = "[{person: {active: true}, as: p}] => [{conclude: {due_1: $p.seen}}]"
TWO_SEEN = "people: [{id: a, active: true, seen: 2026-02-01}, {id: b, seen: 2026-02-20}]"
HOW_MANY = "[{count: {person: {active: true}}, as: n}] => [{conclude: {total_1: $n}}]\n[{deal: {}}] => [{conclude: {total_1: 1}}]"
NUMBERS = [
    # one that is known to be 1 to 2 and one that is 1: they may turn out to be the same, or more
    (HOW_MANY, "{count: {total_1: {at_least: 0}}}", MAYBE_TWO, Interval(1, inf)),
    (HOW_MANY, "{distinct: {total_1: {at_least: 0}}, of: value}", MAYBE_TWO, Interval(1, inf)),
    (HOW_MANY, "{max: {total_1: {at_least: 0}}, of: value}", MAYBE_TWO, Interval(1, 2)),
    (HOW_MANY, "{sum: {total_1: {at_least: 0}}, of: value}", MAYBE_TWO, Interval(1, inf)),
    # a fact that may not be there: as one that breaks the row, and as one that does not
    (LAST_SEEN, "{in_a_row: {due_1: {below: 2026-02-10}}, by: value}", TWO_SEEN, Interval(0, 1)),
    (LAST_SEEN, "{in_a_row: {due_1: {above: 2026-01-10}}, by: value}", TWO_SEEN, Interval(1, 2)),
]


@pytest.mark.parametrize(("rules", "number", "given", "wanted"), NUMBERS)
def test_numbers_over_derived_facts(rules: str, number: str, given: str, wanted: Interval) -> None:
    found = consult(f"{rules}\n[{number.removesuffix('}')}, as: n}}] => [{{conclude: {{total_2: $n}}}}]", given)
    assert values(found, "total_2") == [{"value": wanted}]


@pytest.mark.parametrize(
    ("phases", "wanted"),
    [
        ("[{person: {}, as: p}] => [{mark: {$p: {phase_1: mid}}}]", TRUE),
        ("[{person: {active: true}, as: p}] => [{mark: {$p: {phase_1: mid}}}]", UNKNOWN),
        ("[{person: {}, as: p}] => [{mark: {$p: {phase_1: mid}}}]\n[{person: {}, as: p}] => [{mark: {$p: {phase_1: low}}}]", UNKNOWN),
        ("[{deal: {}}] => [{conclude: flag_1}]", UNKNOWN),
    ],
    ids=["one", "possible", "two", "none"],
)
def test_a_derived_field_has_a_value_if_it_is_certain_and_the_only_one(phases: str, wanted: int) -> None:
    found = consult(f"{phases}\n[{{person: {{level: $p.phase_1}}, as: p}}] => [{{conclude: flag_2}}]", "people: [{id: a, level: mid}]")
    assert found.truth(Fact("flag_2", {})) == wanted


def test_a_row_rests_on_what_is_in_it() -> None:
    found = consult(
        "[{in_a_row: {event: {good: true}}, by: day, as: n}] => [{conclude: {total_1: $n}}]", "events: [{good: true}, {good: false}]"
    )
    assert [fact.fields for fact in found.activations[0].premises[0].facts] == [{"good": True}]


def test_a_sum_does_not_depend_on_the_order() -> None:
    costs = ["events: [{cost: 0.1}, {cost: 0.2}, {cost: 0.3}]", "events: [{cost: 0.3}, {cost: 0.2}, {cost: 0.1}]"]
    found = [consult("[{sum: {event: {}}, of: cost, as: n}] => [{conclude: {total_1: $n}}]", given) for given in costs]
    assert values(found[0], "total_1") == values(found[1], "total_1") == [{"value": 0.6}]


def test_a_computed_sum_does_not_depend_on_the_order() -> None:
    """Nor on the version of Python: from 3.12 on its `sum` adds floats more exactly."""
    sums = ["[0.1, 0.2, 0.3]", "[0.3, 0.2, 0.1]", "[0.2, 0.3, 0.1]"]
    found = [consult(f"[{{compute: {{sum: {one}}}, as: n}}] => [{{conclude: {{total_1: $n}}}}]", "") for one in sums]
    assert [values(one, "total_1") for one in found] == [[{"value": 0.6}]] * 3


def test_a_number_is_the_same_with_and_without_a_decimal_point() -> None:
    found = consult("[{event: {}, as: e}] => [{conclude: {total_1: $e.cost}}]", "events: [{cost: 2}, {cost: 2.0}]")
    assert values(found, "total_1") == [{"value": 2}]


def test_advice_is_a_fact() -> None:
    rules = """
        [{person: {active: true}, as: p}, {event: {}}] => [{advise: {play: play_1, severity: warn, lens: left, about: [$p, $p]}}]
        [{advice: {play: play_1, about: {has: a}, severity: {at_least: warn}}}] => [{conclude: flag_2}]
        [{none: {advice: {play: play_1}}}]                            => [{conclude: flag_3}]
        """
    for given, wanted in [("events: [{}]", UNKNOWN), (f"{MAYBE_TWO}\nevents: [{{}}]", TRUE), ("people: []", FALSE)]:
        found = consult(rules, given)
        assert found.truth(Fact("flag_2", {})) == wanted
        assert found.truth(Fact("flag_3", {})) == 2 - wanted
    assert [fact.fields["about"] for fact in consult(rules, f"{MAYBE_TWO}\nevents: [{{}}]").facts("advice")] == [("a",)]


CIRCLES = [
    "[{none: flag_2}] => [{conclude: flag_1}]\n[flag_1] => [{conclude: flag_2}]",
    "[{count: {risk_1: {}}, as: n}] => [{conclude: {risk_1: {n: $n}}}]",
    "[{total_1: {at_least: 0}, as: n}] => [{conclude: {total_1: {sum: [$n, 1]}}}]",
    "[{total_1: {at_least: 0}, as: n}, {compute: {sum: [$n, 1]}, as: m}] => [{conclude: {total_1: $m}}]",
    "[{person: {}, as: p}] => [{mark: {$p: {score_1: {sum: [$p.score_1, 1]}}}}]",
    "[{risk_1: {}, as: r}] => [{conclude: {risk_1: {n: {sum: [$r.n, 1]}}}}]",
]


@pytest.mark.parametrize("rules", CIRCLES)
def test_what_would_have_to_be_complete_before_itself_is_refused(rules: str) -> None:
    with pytest.raises(CircleThroughNegation):
        layered(rules)


@pytest.mark.parametrize("more", ["", ", {person: {}}"], ids=["of single facts", "of any facts"])
def test_every_alternative_that_holds_is_a_reason(more: str) -> None:
    rule = f"[{{any: [{{deal: {{open: true}}}}, {{deal: {{stage: mid}}}}{more}]}}] => [{{conclude: flag_1}}]"
    found = consult(rule, "deal: {open: true, stage: mid}")
    assert [part.truth for part in found.activations[0].premises[0].parts] == [TRUE, TRUE]
