"""What is said of conditions by their form alone is never contradicted by the engine, on generated rules and deals."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given

from kamcoach.checking.logic import Logic, plain
from kamcoach.engine import TRUE, infer
from kamcoach.model.condition import Pattern
from kamcoach.model.rule import Rule
from tests.minimal import described, smallest
from tests.small_vocabulary import AS_OF, PARAMS, VOCABULARY
from tests.strategies import Case, cases, examples, rule_base


def certain(case: Case) -> set[str]:
    found = infer(rule_base(case.rules), case.facts, AS_OF)
    return {activation.rule.id for activation in found.activations if activation.truth == TRUE}


def asks_a_value_twice(rule: Rule) -> bool:
    """The generated rules conclude several values where there should be one; then a rule may well find two."""
    types = [one.type for one in rule.when if isinstance(one, Pattern) and VOCABULARY.types[one.type].shape == "value"]
    return len(types) > len(set(types))


def fired_all_the_same(case: Case) -> list[str]:
    logic = Logic(VOCABULARY, PARAMS)
    flagged = [rule for rule in case.rules if not asks_a_value_twice(rule) and any(logic.clashes(rule))]
    fired = certain(case) if flagged else set()
    return [f"{rule.id} fires: {[clash.what for clash in logic.clashes(rule)]}" for rule in flagged if rule.id in fired]


@examples
@given(cases())
def test_a_rule_that_can_never_fire_never_fires(case: Case) -> None:
    if fired_all_the_same(case):
        small = smallest(case, lambda smaller: bool(fired_all_the_same(smaller)))
        raise AssertionError("\n".join([described(small), *fired_all_the_same(small)]))


def fired_alone(case: Case) -> list[str]:
    logic = Logic(VOCABULARY, PARAMS)
    conditions = {rule.id: plain(rule).when for rule in case.rules}
    pairs = [(one, other) for one, other in permutations(conditions, 2) if logic.implies(conditions[one], conditions[other])]
    fired = certain(case) if pairs else set()
    return [f"{one} fires and {other} does not" for one, other in pairs if one in fired and other not in fired]


@examples
@given(cases())
def test_a_rule_that_another_implies_fires_with_it(case: Case) -> None:
    if fired_alone(case):
        small = smallest(case, lambda smaller: bool(fired_alone(smaller)))
        raise AssertionError("\n".join([described(small), *fired_alone(small)]))


def test_the_generated_rules_put_both_to_the_test() -> None:
    """Enough of the generated rules are flagged, or implied by others, for the properties to mean something."""
    from random import Random

    from tests.strategies import generated

    logic = Logic(VOCABULARY, PARAMS)
    rules = [[*generated(Random(seed)).rules] for seed in range(300)]
    flagged = sum(any(logic.clashes(rule)) for several in rules for rule in several)
    implied = sum(logic.implies(plain(one).when, plain(other).when) for several in rules for one, other in permutations(several, 2))
    assert flagged > 20
    assert implied > 20
