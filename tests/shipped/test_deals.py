"""Whatever a deal holds: one stage, and nothing but fit words, in both languages."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamcoach.advice.page import markdown, terminal
from kamcoach.advice.reasons import reasons
from kamcoach.advice.report import Report, flat
from kamcoach.advice.speech import Speech
from kamcoach.coaching import Coached, coach
from kamcoach.model.playbook import Library
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import DEFAULT_PLAYBOOK, shipped
from tests.shipped.random_deals import random_deal
from tests.shipped.texts import faults, speeches

EXAMPLES = int(os.environ.get("KAMCOACH_EXAMPLES", "200"))
seeds = st.integers(0, 2**32 - 1)
"""Of a deal; a failing test prints it, and `random_deal` makes the same deal of it again."""


def coached(seed: int, library: Library) -> Coached:
    return coach(random_deal(seed, library), library)


@pytest.mark.slow
@pytest.mark.parametrize("playbook", sorted(path.parent.name for path in shipped("playbooks").glob("*/playbook.yaml")))
def test_any_deal_can_be_coached_in_both_languages(playbook: str) -> None:
    library = load_library(shipped("playbooks") / playbook, cached=False)

    @settings(max_examples=EXAMPLES if playbook == DEFAULT_PLAYBOOK else EXAMPLES // 5, deadline=None)
    @given(seed=seeds)
    def holds(seed: int) -> None:
        found = coached(seed, library)
        assert len(found.consultation.facts("stage")) == (0 if found.consultation.facts("lost") else 1)
        both = speeches(found.consultation, library)
        for speech in both:
            can_be_said(found, speech)
        can_be_laid_out(found, both[seed % 2])

    holds()


def can_be_said(found: Coached, speech: Speech) -> None:
    for advice in found.ranked.advice:
        headline = speech.play(advice, "headline")
        assert headline and "\n" not in headline
        assert speech.play(advice, "do") or advice.do_not
    assert all(speech.ask(question).strip() for question in found.questions)


def can_be_laid_out(found: Coached, speech: Speech) -> None:
    """The whole page, and the reasons of its first action."""
    data = Report(found.deal, speech, found.ranked, found.questions, True).data()
    assert terminal(markdown({**data, "why": True}, speech), 80, lambda text, style: text).strip()
    assert flat(data)["language"] == speech.language
    if found.ranked.actions:
        assert found.ranked.actions[0].lead.rule.id in reasons("1", speech, found.ranked)


def test_the_random_deals_are_of_every_kind(shipped_library: Library) -> None:
    """Else the test above would say little."""
    found = [coached(seed, shipped_library) for seed in range(60)]
    stages = {fact.fields["value"] for one in found for fact in one.consultation.facts("stage")}
    assert len(stages) >= 4
    assert any(one.consultation.facts("lost") for one in found)
    assert len({advice.rule.id for one in found for advice in one.ranked.advice}) > 60
    assert any(not one.ranked.actions for one in found) or min(len(one.ranked.actions) for one in found) < 5
    assert max(len(one.questions) for one in found) > 50


def test_a_deal_is_made_of_its_seed_alone(shipped_library: Library) -> None:
    assert random_deal(7, shipped_library) == random_deal(7, shipped_library)
    assert [dict(fact.fields) for fact in random_deal(7, shipped_library).facts] == [
        dict(fact.fields) for fact in random_deal(7, shipped_library).facts
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Meet S. Lowe", 0),
        ("Meet {{ person }}", 2),
        ("It is None now", 1),
        ("So far. None of them", 0),
        ("stage: evaluation_of_options", 1),
        (" ", 1),
        ("see a.b_c/d_e", 0),
    ],
)
def test_what_is_not_fit_to_read(text: str, found: int) -> None:
    assert len(list(faults(text))) == found
