"""A playbook: parameters, plays and how to rank and show what the rules say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from kamcoach.model.fact import NO_WORDS, NOWHERE, Words
from kamcoach.model.rule import DealCheck, Param, Rule
from kamcoach.model.rulebase import RuleBase
from kamcoach.source import Location


class PlaySection(NamedTuple):
    """One section of a play in one language: Jinja source, and where it begins."""

    source: str
    at: Location


class Play(NamedTuple):
    """What to say and do: sections by language and section id."""

    id: str
    sections: Mapping[str, Mapping[str, PlaySection]]
    at: Location = NOWHERE
    replaces: bool = False


class Ranking(NamedTuple):
    """Points that put advice in order, what settles a tie (fields as `type.field`), and how much is shown."""

    severity: Mapping[str, float] = {"critical": 100, "warn": 50, "advise": 20, "info": 5}
    lens_order: tuple[str, ...] = ()
    first_lens: float = 15
    staged: float = 10
    repeated: float = -10
    deadlines: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    actions: int = 3
    do_not: int = 3
    questions: int = 5


class Shows(NamedTuple):
    """Which derived facts the report shows where; the code knows none of them by name."""

    value: str = ""
    claimed: tuple[str, str] = ("", "")
    evidence: tuple[str, str, str] = ("", "", "")
    lacking: tuple[str, str] = ("", "")
    missing: tuple[str, str] = ("", "")
    unreached: tuple[str, str, str] = ("", "", "")
    risk: tuple[str, str, str] = ("", "", "")
    title: tuple[str, str] = ("", "")
    customer: tuple[str, str] = ("", "")
    person: str = ""
    strategy: str = ""


class Library(NamedTuple):
    """Everything a consultation needs besides the deal."""

    id: str
    title: Words
    rule_base: RuleBase
    checks: tuple[DealCheck, ...]
    plays: Mapping[str, Play]
    sections: Mapping[str, Words]
    ranking: Ranking
    shows: Shows
    templates: tuple[Path, ...] = ()
    origins: Mapping[str, str] = NO_WORDS
    """Rule, play or template id to the playbook it comes from."""
    roots: tuple[str, ...] = ()
    """The folders it was read from."""

    def rule(self, rule_id: str) -> Rule | None:
        return self.rule_base.by_id.get(rule_id)

    @property
    def params(self) -> Mapping[str, Param]:
        return self.rule_base.params
