"""On generated rules and deals: every rule can be said and asked for, and every plan makes its rule fire."""

from __future__ import annotations

import os
from random import Random
from typing import Final

import pytest

from kamcoach.advice.speech import Speech
from kamcoach.engine import infer
from kamcoach.model.deal import Deal
from kamcoach.model.playbook import Library, Play, PlaySection, Ranking, Shows
from kamcoach.rulebook.sheet import sheet
from kamcoach.source import Location
from kamcoach.whynot.judging import Judge
from kamcoach.whynot.mending import fires, mend
from kamcoach.whynot.page import markdown
from kamcoach.whynot.report import WhyNot
from tests.small_vocabulary import AS_OF
from tests.strategies import Case, generated, rule_base

SEEDS: Final = range(int(os.environ.get("KAMCOACH_SEEDS", "60")))
WORDS: Final = {"en": "x", "zh": "x"}
SECTION: Final = PlaySection("Do {{ x }}", Location("x"))


def library_of(case: Case) -> Library:
    rules = [rule._replace(title=WORDS, why=WORDS, at=Location("rule.yaml")) for rule in case.rules]
    plays = {
        effect.play: Play(
            effect.play, {"en": {"headline": PlaySection("Do", SECTION.at)}, "zh": {"headline": PlaySection("做", SECTION.at)}}
        )
        for rule in rules
        for effect in rule.then
        if hasattr(effect, "play")
    }
    shows = Shows(value="grade_1", customer=("deal", "stage"))
    return Library("small", WORDS, rule_base(rules), (), plays, {"headline": WORDS}, Ranking(), shows)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_rule_can_be_asked_for(seed: int) -> None:
    case = generated(Random(seed))
    library = library_of(case)
    deal = Deal("deal.yaml", case.facts, AS_OF)
    consultation = infer(library.rule_base, deal.facts, AS_OF)
    for rule in library.rule_base.rules:
        for lang in ("en", "zh"):
            assert markdown(WhyNot(deal, Speech(consultation, library, lang), rule).data(), "deal.yaml")
            assert sheet(rule, library, lang)["sentence"]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_judged_agrees_with_what_fired(seed: int) -> None:
    """The nearest binding of a rule that fires is one for which it fires; of one that does not, some condition fails."""
    case = generated(Random(seed))
    library = library_of(case)
    consultation = infer(library.rule_base, case.facts, AS_OF)
    for rule in library.rule_base.rules:
        truths = [activation.truth for activation in consultation.fired(rule.id)]
        near = Judge(consultation).nearest(rule)
        assert near is not None
        assert near.truth == max(truths, default=0), rule.id


@pytest.mark.parametrize("seed", SEEDS)
def test_every_plan_makes_its_rule_fire(seed: int) -> None:
    case = generated(Random(seed))
    library = library_of(case)
    deal = Deal("deal.yaml", case.facts, AS_OF)
    consultation = infer(library.rule_base, deal.facts, AS_OF)
    for rule in library.rule_base.rules:
        if not fires(consultation, rule):
            found = mend(deal, consultation, rule, ())
            assert found is None or fires(infer(library.rule_base, found.draft.facts, AS_OF), rule)
