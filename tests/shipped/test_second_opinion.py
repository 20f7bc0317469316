"""The shipped rules, run by CLIPS: the same conclusions, as certain and as possible ones, as by the native engine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kamcoach.coaching import load_deal
from kamcoach.engine import infer
from kamcoach.model.deal import Deal
from kamcoach.model.playbook import Library
from kamcoach.model.rulebase import RuleBase
from kamcoach.reading.cache import load_library
from kamcoach.reading.finding import deal_files, shipped
from kamcoach.reading.suites import suites
from tests.engine.outcomes import difference, outcome
from tests.engine.second_opinion.engine import Clips
from tests.shipped.random_deals import AS_OF, random_deal

PLAYBOOKS = sorted(path.parent for path in shipped("playbooks").glob("*/playbook.yaml"))
DEALS = int(os.environ.get("KAMCOACH_SECOND_OPINIONS", "150"))
ONE_IN = int(os.environ.get("KAMCOACH_ONE_SCENARIO_IN", "40"))


class Opinions:
    """What native and CLIPS say of deals, by the rules of one library."""

    def __init__(self, base: RuleBase) -> None:
        self.base = base
        self.clips = Clips(base.vocabulary)
        self.clips.load(base)

    def differ(self, deal: Deal) -> list[str]:
        as_of = deal.as_of or AS_OF
        return difference(outcome(infer(self.base, deal.facts, as_of)), self.clips.run(deal.facts, as_of))


@pytest.fixture(scope="module", params=PLAYBOOKS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture(scope="module")
def library(folder: Path) -> Library:
    return load_library(folder)


@pytest.fixture(scope="module")
def opinions(library: Library) -> Opinions:
    return Opinions(library.rule_base)


def test_examples(library: Library, opinions: Opinions) -> None:
    for path in deal_files(shipped("examples")):
        deal, _ = load_deal(path, library)
        assert opinions.differ(deal) == [], path


@pytest.mark.slow
@pytest.mark.long
def test_random_deals(library: Library, opinions: Opinions) -> None:
    for seed in range(DEALS):
        assert opinions.differ(random_deal(seed, library)) == [], seed


@pytest.mark.slow
@pytest.mark.long
def test_scenarios(folder: Path, library: Library) -> None:
    """Those of whole deals, and of those of single rules one in so many."""
    for suite in suites(folder, library):
        opinions = Opinions(suite.library.rule_base)
        scenarios = [scenario for path in suite.files() for scenario in suite.scenarios(path, [])]
        of_rules = [scenario for scenario in scenarios if scenario.rule]
        chosen = [scenario for scenario in scenarios if not scenario.rule] + of_rules[::ONE_IN]
        assert chosen, suite.playbook
        for scenario in chosen:
            assert opinions.differ(scenario.deal) == [], scenario.at
