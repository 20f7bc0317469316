"""The scenarios of the shipped rules notice what goes wrong in them: all of `kamcoach test --mutate`, drawn by lot."""

from __future__ import annotations

import pytest

from kamcoach.proving.choice import choose, rules_at
from kamcoach.proving.coverage import coverage
from kamcoach.proving.coverage_report import percent
from kamcoach.proving.mutation import mutate
from kamcoach.proving.mutation_report import report

SCORE = 90
COVERED = 70


@pytest.mark.slow
def test_of_a_hundred_changes_ninety_are_noticed() -> None:
    chosen = choose((), None)
    found = mutate(chosen, rules_at(chosen, ()), lambda *_: None, sample=250)
    assert found.score.made == 250
    assert found.score.percent >= SCORE, "\n".join(report(found, "en"))


def test_conditions_and_thresholds_are_tried() -> None:
    chosen = choose((), None)
    found = coverage(chosen.playbook, rules_at(chosen, ()), chosen.cases)
    assert percent(found) >= COVERED
    assert [one.rule.id for one in found if not one.scenarios] == []
