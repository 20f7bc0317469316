"""Three engines hold the same facts and marks, as certain and as possible ones: the native one, the specification, and CLIPS."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamcoach.coaching import load_deal
from kamcoach.engine import TRUE, infer
from kamcoach.model import condition as when
from kamcoach.model.fact import Kind
from kamcoach.model.rule import Effect
from kamcoach.model.rulebase import RuleBase
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import find_playbook
from tests.engine.naive import naive
from tests.engine.outcomes import Outcome, consult, difference, outcome
from tests.engine.second_opinion.engine import Clips
from tests.minimal import described, smallest
from tests.small_vocabulary import AS_OF, GIVEN, PARAMS, VOCABULARY
from tests.strategies import Case, cases, examples, generated, rule_base

ROOT = Path(__file__).parents[2]
MANY = int(os.environ.get("KAMCOACH_AGREEMENT", "9000"))
"""With the thousand of every run 10,000."""
BATCH = 100
"""So many from one draw of Hypothesis, which remembers every draw and slows down with thousands of them."""


@pytest.fixture(scope="module")
def clips() -> Clips:
    return Clips(VOCABULARY)


def _by_clips(case: Case, clips: Clips) -> Outcome:
    clips.load(rule_base(case.rules))
    return clips.run(case.facts, AS_OF)


def _disagreements(case: Case, clips: Clips) -> list[str]:
    native = outcome(consult(case))
    others = {"the specification": naive(case.rules, VOCABULARY, PARAMS, case.facts, AS_OF), "CLIPS": _by_clips(case, clips)}
    return [f"by {name}: {line}" for name, found in others.items() for line in difference(native, found)]


def _agree(case: Case, clips: Clips) -> None:
    if _disagreements(case, clips):
        small = smallest(case, lambda smaller: bool(_disagreements(smaller, clips)))
        raise AssertionError("\n".join([described(small), *_disagreements(small, clips)]))


@examples
@given(case=cases())
def test_all_engines_agree(case: Case, clips: Clips) -> None:
    _agree(case, clips)


@pytest.mark.slow
@settings(examples, max_examples=MANY // BATCH)
@given(seed=st.integers(0, 2**64))
def test_all_engines_agree_on_many_more(seed: int, clips: Clips) -> None:
    random = Random(seed)
    for _ in range(BATCH):
        _agree(generated(random), clips)


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_native_agrees_with_the_specification_on_shipped_rules(path: Path) -> None:
    library = load_library(find_playbook(None, path))
    deal, _ = load_deal(path, library)
    assert deal.as_of is not None
    base = library.rule_base
    wanted = naive(base.rules, base.vocabulary, base.params, deal.facts, deal.as_of)
    assert difference(outcome(infer(base, deal.facts, deal.as_of)), wanted) == []


# ── that the agreement says something ───────────────────────────────────────────────────────────────────────────────────


def _forms(thing: Any) -> Iterator[tuple[str, str]]:
    """Everything that a rule is made of, by its class and, of those of several kinds, which."""
    if isinstance(thing, tuple):
        if hasattr(thing, "_fields"):
            yield type(thing).__name__, getattr(thing, "how", getattr(thing, "direction", ""))
        for part in thing:
            yield from _forms(part)


def _language(*unions: Any) -> set[tuple[str, str]]:
    """From the types of the model: what is added to the language has to be generated, too."""
    found = set()
    for form in (one for union in unions for one in get_args(union)):
        hints = get_type_hints(form)
        kinds = get_args(hints.get("how", hints.get("direction"))) or ("",)
        found.update((form.__name__, kind) for kind in kinds)
    return found


def test_the_whole_language_is_generated() -> None:
    rules = [rule for seed in range(1000) for rule in generated(Random(seed)).rules]
    assert _language(when.Condition, when.Test, when.Operand, Effect) <= {form for rule in rules for form in _forms(rule)}
    kinds = {field.kind for declared in VOCABULARY.types.values() for field in declared.fields.values()}
    assert kinds == set(get_args(Kind)) - {"any"}
    assert {declared.shape for declared in GIVEN} == {"single", "list"}


def test_generated_rules_fire_certainly_and_possibly() -> None:
    """And so does each form of condition: else the agreement would be about nothing."""
    certainly, possibly = set(), set()
    for seed in range(1000):
        for activation in consult(generated(Random(seed))).activations:
            (certainly if activation.truth == TRUE else possibly).update(form for one in activation.rule.when for form in _forms(one))
    assert _language(when.Condition, when.Test) <= certainly & possibly


def test_clips_notices_a_rule_that_runs_too_early(clips: Clips) -> None:
    """The strata come from the model, and are checked: nothing new may follow once everything is there."""
    noticed = 0
    for seed in range(100):
        case = generated(Random(seed))
        base = rule_base(case.rules)
        clips.load(RuleBase(base.vocabulary, base.strata[::-1], base.params))
        try:
            clips.run(case.facts, AS_OF)
        except AssertionError:
            noticed += 1
    assert noticed
