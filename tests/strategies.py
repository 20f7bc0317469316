"""Hypothesis strategies for rules and deals over the small vocabulary, and how hard a property is tried."""

from __future__ import annotations

import os
from collections.abc import Iterable
from random import Random
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from kamcoach.model.fact import Fact
from kamcoach.model.rule import Rule
from kamcoach.model.rulebase import RuleBase, layer
from tests.small_deals import deal
from tests.small_rules import rule_set
from tests.small_vocabulary import PARAMS, VOCABULARY

examples = settings(
    max_examples=int(os.environ.get("KAMCOACH_EXAMPLES", "1000")),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=(HealthCheck.too_slow,),
)
"""How many examples a property is tried with; a failing one is made small by `minimal`."""


class Case(NamedTuple):
    rules: tuple[Rule, ...]
    facts: tuple[Fact, ...]


def generated(random: Random, *, steady: bool = False) -> Case:
    return Case(rule_set(random, steady=steady), deal(random))


def cases(*, steady: bool = False) -> st.SearchStrategy[Case]:
    """Rules and a deal. `steady`: free of what asks whether something is recorded or on evidence."""
    return st.randoms(use_true_random=True).map(lambda random: generated(random, steady=steady))


def rule_base(rules: Iterable[Rule]) -> RuleBase:
    return layer(VOCABULARY, tuple(rules), PARAMS)
