"""What would make a rule fire: planned, tried out on the facts, and cut down to what is needed."""

from __future__ import annotations

from typing import Final, NamedTuple

from kamcoach.engine.memory import TRUE, Consultation
from kamcoach.engine.native import infer
from kamcoach.model.deal import Deal
from kamcoach.model.fact import Fact
from kamcoach.model.rule import DealCheck, Rule
from kamcoach.model.rulebase import layer
from kamcoach.whynot.drafts import Draft, Edit
from kamcoach.whynot.judging import Judge
from kamcoach.whynot.planning import Planner

_ROUNDS: Final = 6
_ATTEMPTS: Final = 4
_MOST: Final = 12
"""More changes than these are another deal."""


class Mend(NamedTuple):
    """Changes with which the rule fires, and what then follows from the deal."""

    edits: tuple[Edit, ...]
    draft: Draft
    consultation: Consultation


def fires(consultation: Consultation, rule: Rule, about: str = "") -> bool:
    """Whether the rule fires for certain; with `about`, for that item."""
    found = [a for a in consultation.fired(rule.id) if a.truth == TRUE]
    return any(not about or any(isinstance(v, Fact) and v.key == about for v in one.names.values()) for one in found)


def mend(deal: Deal, consultation: Consultation, rule: Rule, checks: tuple[DealCheck, ...], about: str = "") -> Mend | None:
    """The fewest changes found with which the rule fires; None if none was found.

    They were tried: with them the rule does fire, and none of the checks on deals finds a fault that was not there before.
    """
    return _Mender(deal, consultation, rule, checks, about).found()


class _Mender:
    def __init__(self, deal: Deal, consultation: Consultation, rule: Rule, checks: tuple[DealCheck, ...], about: str) -> None:
        self.start = consultation
        faults = tuple(check.rule for check in checks if check.level == "error")
        self.checks = layer(consultation.rule_base.vocabulary, faults, {})
        self.rule = rule
        self.about = about
        self.draft = Draft(deal.facts, consultation.rule_base.vocabulary)

    def found(self) -> Mend | None:
        banned: set[tuple[str, str, str]] = set()
        for _ in range(_ATTEMPTS):
            first: list[Edit] = []
            mend = self._attempt(frozenset(banned), first)
            if mend is not None:
                return mend
            new = {edit.place for edit in first} - banned
            if not new:
                return None
            banned |= new
        return None

    def _attempt(self, banned: frozenset[tuple[str, str, str]], first: list[Edit]) -> Mend | None:
        """One way after another; `first` is told what it began with, so that the next attempt begins with something else."""
        edits: dict[tuple[str, str, str], Edit] = {}
        consultation = self.start
        for _ in range(_ROUNDS):
            judge = Judge(consultation)
            near = judge.nearest(self.rule, about=self.about)
            plan = Planner(consultation, judge, banned=banned).next_step(near) if near is not None else None
            if not plan or {edit.place: edit.value for edit in plan}.items() <= {edit.place: edit.value for edit in edits.values()}.items():
                return None
            first.extend(() if edits else plan)
            edits.update({edit.place: edit for edit in self._marked(plan)})
            if len(edits) > _MOST:
                return None
            consultation = self._tried(tuple(edits.values()))
            if fires(consultation, self.rule, self.about) and not self._faulty(tuple(edits.values())):
                return self._cut_down(tuple(edits.values()))
        return None

    def _marked(self, plan: tuple[Edit, ...]) -> tuple[Edit, ...]:
        """Fields of items that are not in the file belong to items that have to be added."""
        return tuple(edit._replace(added=self.draft.find(edit.type, edit.key) is None) for edit in plan)

    def _tried(self, edits: tuple[Edit, ...]) -> Consultation:
        return infer(self.start.rule_base, self.draft.with_edits(edits).facts, self.start.as_of)

    def _faulty(self, edits: tuple[Edit, ...]) -> bool:
        """Whether the deal would say something that contradicts itself."""
        found = infer(self.checks, self.draft.with_edits(edits).facts, self.start.as_of)
        return any(activation.truth == TRUE for activation in found.activations)

    def _cut_down(self, edits: tuple[Edit, ...]) -> Mend:
        """Without the changes that the rule fires without."""
        kept = edits
        for edit in edits:
            fewer = tuple(one for one in kept if one != edit)
            if fewer and fires(self._tried(fewer), self.rule, self.about) and not self._faulty(fewer):
                kept = fewer
        return Mend(kept, self.draft.with_edits(kept), self._tried(kept))
