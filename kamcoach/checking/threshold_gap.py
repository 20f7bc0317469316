"""Rules that differ only in a threshold leave something between them out.

One rule for 1 to 3, the next for 5 to 7: 4 falls through and the deal gets no advice. The same with `below: 10` and `above: 10`, between
which 10 itself is left out. Rules count as one row if all their other conditions are the same. A middle that no rule speaks of, between
"few" and "many", is no gap.

**Mend it:** Let the one begin where the other ends: `at_most: 3` and `above: 3`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final, NamedTuple

from kamcoach.checking.domain import ABSENT, Domain
from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Survey
from kamcoach.model.condition import Aggregate, AllOf, Compare, Compute, Condition, Pattern, Tally, Test
from kamcoach.model.rule import Rule
from kamcoach.model.walk import operands
from kamcoach.source import Location

CODE: Final = "threshold-gap"
LEVEL: Final = "warning"
EXAMPLE: Final = """\
rules/many-met.yaml:7:15: [threshold-gap] warning: Between 'few-met' and 'many-met' 'contacts' 4 is left out.
    hint: let the one begin where the other ends"""


class Step(NamedTuple):
    """One rule of a row: the test in which it differs from the others."""

    rule: Rule
    test: Test
    at: Location
    domain: Domain
    what: str


def check(survey: Survey) -> Iterator[Finding]:
    rows: dict[Any, list[Step]] = {}
    for rule in survey.rules:
        plain = survey.plain[rule.id].when
        for place, condition in enumerate(plain):
            for rest, step in _steps(rule, condition, rule.when[place], survey):
                rows.setdefault((frozenset((*plain[:place], *plain[place + 1 :])), rest), []).append(step)
    for steps in rows.values():
        if len(steps) > 1:
            yield from _gaps(steps)


def _steps(rule: Rule, plain: Condition, written: Condition, survey: Survey) -> Iterator[tuple[Any, Step]]:
    """Each ordered test of a condition, with what is left of the condition without it."""
    if isinstance(plain, Pattern) and isinstance(written, Pattern):
        for one in written.tests:
            domain = survey.logic.domain(plain.type, one.field)
            if domain.ordered and (domain.is_number or _is_ordering(one.test)):
                same = [test for test in plain.tests if test.field == one.field]
                rest = tuple(test for test in plain.tests if test not in same)
                what = plain.type if one.field == "value" else f"{plain.type}.{one.field}"
                yield (plain._replace(tests=rest), one.field), Step(rule, one.test, one.at, domain, what)
    elif isinstance(plain, (Aggregate, Tally, Compute)) and plain.test is not None:
        number = survey.logic.number(plain)
        if number is not None:
            what = plain.how if isinstance(plain, Aggregate) else type(plain).__name__.lower()
            yield plain._replace(test=None, bind=""), Step(rule, plain.test, written.at, number, what)


def _is_ordering(test: Test) -> bool:
    """Whether a test on an ordered enum goes by the order; a list of values is a choice and no step."""
    tests = test.tests if isinstance(test, AllOf) else (test,)
    return all(isinstance(one, Compare) and one.how not in ("equals", "has") for one in tests)


def _gaps(steps: list[Step]) -> Iterator[Finding]:
    """What lies between two steps and is covered by none: anything if one of them is a range, else only the threshold itself."""
    domain = steps[0].domain
    tests = [step.test for step in steps]
    values = [value for value in domain.samples(tests) if value is not ABSENT]
    thresholds = {domain.value(one) for test in tests for one in operands(test)}
    covered = [[step for step in steps if domain.passes(step.test, value) is not False] for value in values]
    places = [place for place, by in enumerate(covered) if by]
    ranges = any(_is_range(step, values) for step in steps)
    for one, two in pairwise(places):
        hole = values[one + 1 : two]
        low, high = covered[one][-1], covered[two][0]
        if hole and (ranges or set(hole) <= thresholds):
            said = str(hole[0]) if len(hole) == 1 else f"{hole[0]} to {hole[-1]}"
            message = f"Between '{low.rule.id}' and '{high.rule.id}' '{high.what}' {said} is left out."
            yield Finding(high.at, message, "let the one begin where the other ends")


def _is_range(step: Step, values: list[Any]) -> bool:
    """Whether a step has something below it and above it."""
    through = [step.domain.passes(step.test, value) is True for value in values]
    return any(through) and not through[0] and not through[-1]
