"""Running again with less work, as mutation does, comes to the same as running everything."""

from __future__ import annotations

from hypothesis import given
from pytest import MonkeyPatch

from kamcoach.engine import infer, memory
from kamcoach.engine.native import instead, part
from kamcoach.model.rulebase import RuleBase
from kamcoach.proving.leaves import Doubts
from kamcoach.proving.mutants import mutants
from kamcoach.proving.reach import Reach
from tests.engine.outcomes import consult, difference, outcome
from tests.small_vocabulary import AS_OF
from tests.strategies import Case, cases, examples, rule_base


def whole(base: RuleBase) -> RuleBase:
    """The same rules, compiled anew."""
    return RuleBase(base.vocabulary, base.strata, base.params)


@examples
@given(cases())
def test_a_rule_fires_the_same_with_only_those_that_feed_it(case: Case) -> None:
    base, everything = rule_base(case.rules), consult(case)
    for rule in case.rules:
        alone = infer(part(base, Reach(base).upstream(rule.id)), case.facts, AS_OF)
        assert list(alone.fired(rule.id)) == list(everything.fired(rule.id))


@examples
@given(cases())
def test_after_a_change_only_what_the_rule_feeds_is_run_again(case: Case) -> None:
    base = rule_base(case.rules)
    before, reach = infer(base, case.facts, AS_OF), Reach(base)
    for rule in case.rules:
        known = {one.id: list(before.fired(one.id)) for one in case.rules if one.id not in reach.downstream(rule.id)}
        for mutant in list(mutants(rule, base, Doubts(base.rules, base.vocabulary)))[:6]:
            changed = instead(base, mutant.rule)
            again, anew = infer(changed, case.facts, AS_OF, known), infer(whole(changed), case.facts, AS_OF)
            assert difference(outcome(again), outcome(anew)) == []
            assert [(a.rule.id, a.truth) for a in again.activations] == [(a.rule.id, a.truth) for a in anew.activations]


@examples
@given(cases())
def test_a_join_that_looks_facts_up_finds_what_going_through_all_of_them_finds(case: Case) -> None:
    with MonkeyPatch.context() as patch:
        patch.setattr(memory, "_WORTH_A_TABLE", 10**9)
        one_by_one = consult(case).activations
        patch.setattr(memory, "_WORTH_A_TABLE", 0)
        looked_up = consult(case).activations
    assert [(a.rule.id, a.truth, a.premises, a.names) for a in looked_up] == [(a.rule.id, a.truth, a.premises, a.names) for a in one_by_one]
