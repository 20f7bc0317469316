"""Thousands of random deals: every rule has its say, no conclusion contradicts another, and no play stumbles over what a deal holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from kamcoach.advice.speech import Speech
from kamcoach.coaching import Coached, coach
from kamcoach.engine import infer
from kamcoach.model.advice import Advice
from kamcoach.model.playbook import Library
from kamcoach.reading.fields import LANGUAGES
from tests.shipped.random_deals import AS_OF, PLAIN, Kind, random_deal
from tests.shipped.texts import faults_of

REAL = Kind(PLAIN, whole=True)
LONG = [pytest.mark.slow, pytest.mark.long]
SPOKEN_OFTEN = 20
"""A play is heard in so many deals, in each language; more of the same would only take time."""
NEVER_BOTH = (
    ("signed", "lost"),
    ("nobody_reached", "single_threaded"),
    ("nobody_reached", "decision_maker_reached"),
    ("nobody_reached", "champion_in_place"),
    ("need_accepted", "comparing_without_need"),
    ("capable_buyer", "weak_buyer"),
    ("majority_share", "minority_share"),
    ("dissatisfied", "delighted"),
    ("tender_live", "tender_quiet"),
    ("effect_proven", "motivation_dip"),
    ("status_quo", "late"),
    ("silent", "momentum"),
)
"""Conclusions that no deal can hold both certainly."""
SIGN_OFF = {"deciding_body", "finance_or_legal"}
"""Of two bodies that sign off one may be known and the other missing."""
ROLE_IN_PLACE = {"champion": "champion_in_place", "coach": "coach_in_place", "decision_maker": "decision_maker_known"}


@pytest.mark.parametrize("deals", [pytest.param(1_000, marks=pytest.mark.slow), pytest.param(5_000, marks=LONG)])
def test_random_deals(deals: int, shipped_library: Library) -> None:
    """Of a rule that is rarer than one deal in 5,000 it is enough that it fires in one of 80,000."""
    every = {rule.id for rule in shipped_library.rule_base.rules}
    fired: set[str] = set()
    heard: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    for seed in range(deals):
        found = coach(random_deal(seed, shipped_library, REAL), shipped_library)
        fired.update(activation.rule.id for activation in found.consultation.activations)
        wrong += [f"seed {seed}: {fault}" for fault in (*contradictions(found), *spoken(found, shipped_library, heard))]
    assert not wrong, "\n".join(wrong[:60])
    assert deals < 5_000 or every == fired | _rare(every - fired, shipped_library, range(deals, 16 * deals)), sorted(every - fired)


def _rare(sought: set[str], library: Library, seeds: Iterable[int]) -> set[str]:
    """Those of the rules that fire in one of these deals."""
    found: set[str] = set()
    for seed in seeds:
        if found >= sought:
            break
        deal = random_deal(seed, library, REAL)
        found.update(activation.rule.id for activation in infer(library.rule_base, deal.facts, AS_OF).activations)
    return found


def contradictions(found: Coached) -> Iterator[str]:
    consultation = found.consultation
    derived = [one for one in consultation.rule_base.vocabulary.types.values() if not one.given]
    flags = {one.name for one in derived if one.shape == "flag" and consultation.facts(one.name)}
    yield from (f"{one} and {other}" for one, other in NEVER_BOTH if {one, other} <= flags)
    if len(consultation.facts("stage")) != (0 if "lost" in flags else 1):
        yield "not one stage"
    yield from (f"values of {one.name}" for one in derived if one.shape == "value" and len(consultation.facts(one.name)) > 1)
    missing = {fact.fields["role"] for fact in consultation.facts("missing_role")}
    yield from (f"{role} is missing and in place" for role, flag in ROLE_IN_PLACE.items() if role in missing and flag in flags)
    unreached = {fact.fields["role"] for fact in consultation.facts("unreached_role")}
    yield from (f"{role} is missing and known" for role in missing & unreached - SIGN_OFF)


def spoken(found: Coached, library: Library, heard: Counter[tuple[str, str]]) -> Iterator[str]:
    for language in LANGUAGES:
        speech = Speech(found.consultation, library, language)
        for advice in found.ranked.advice:
            heard[advice.play, language] += 1
            if heard[advice.play, language] <= SPOKEN_OFTEN:
                yield from faults_of(advice, speech)
                yield from (f"{advice.play} ({section}): {text}" for section, text in _gaps(advice, speech))


def _gaps(advice: Advice, speech: Speech) -> Iterator[tuple[str, str]]:
    """Sections that print a field without having asked whether it is known."""
    for section in speech.library.sections:
        text = speech.play(advice, section)
        if " not recorded)" in text or "未记录）" in text:
            yield section, text
