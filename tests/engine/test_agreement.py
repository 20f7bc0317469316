"""The native engine holds exactly the facts and marks that the specification does, as certain and as possible ones."""

from __future__ import annotations

from hypothesis import given

from tests.engine.outcomes import consult, difference, expected, outcome
from tests.minimal import described, smallest
from tests.strategies import Case, cases, examples


def _disagreements(case: Case) -> list[str]:
    return difference(outcome(consult(case)), expected(case))


@examples
@given(cases())
def test_native_agrees_with_the_specification(case: Case) -> None:
    if _disagreements(case):
        small = smallest(case, lambda smaller: bool(_disagreements(smaller)))
        raise AssertionError("\n".join([described(small), *_disagreements(small)]))
