"""The native engine holds exactly the facts and marks that the specification does, as certain and as possible ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from kamcoach.coaching import load_deal
from kamcoach.engine import infer
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import find_playbook
from tests.engine.naive import naive
from tests.engine.outcomes import consult, difference, outcome
from tests.minimal import described, smallest
from tests.small_vocabulary import AS_OF, PARAMS, VOCABULARY
from tests.strategies import Case, cases, examples

ROOT = Path(__file__).parents[2]


def _disagreements(case: Case) -> list[str]:
    return difference(outcome(consult(case)), naive(case.rules, VOCABULARY, PARAMS, case.facts, AS_OF))


@examples
@given(cases())
def test_native_agrees_with_the_specification(case: Case) -> None:
    if _disagreements(case):
        small = smallest(case, lambda smaller: bool(_disagreements(smaller)))
        raise AssertionError("\n".join([described(small), *_disagreements(small)]))


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_native_agrees_with_the_specification_on_shipped_rules(path: Path) -> None:
    library = load_library(find_playbook(None, path))
    deal, _ = load_deal(path, library)
    assert deal.as_of is not None
    base = library.rule_base
    wanted = naive(base.rules, base.vocabulary, base.params, deal.facts, deal.as_of)
    assert difference(outcome(infer(base, deal.facts, deal.as_of)), wanted) == []
