"""What to find out: the unknown fields between possible advice and a decision, the most valuable first."""

from __future__ import annotations

from kamcoach.advice.rank import advice_of
from kamcoach.engine.budget import told_of
from kamcoach.engine.explain import Explainer, Undetermined
from kamcoach.engine.memory import UNKNOWN, Consultation
from kamcoach.model.advice import Advice, Question
from kamcoach.model.playbook import Library


def questions(consultation: Consultation, library: Library) -> tuple[Question, ...]:
    """Questions in order of value.

    A question is worth the severity points of every possible advice that hangs on it, each shared out over the unknowns which that
    advice waits for: what one answer decides counts whole, what needs four answers counts a quarter each.
    """
    explainer = Explainer(consultation)
    shares: dict[Undetermined, dict[tuple[str, str], tuple[float, Advice]]] = {}
    worth: dict[Undetermined, float] = {}
    for activation in consultation.activations:
        if activation.truth != UNKNOWN:
            continue
        for advice in advice_of(activation, consultation.memory):
            with told_of(activation.rule):
                unknowns = explainer.undetermined(activation)
            for one in unknowns:
                share = library.ranking.severity.get(advice.severity, 0) / len(unknowns)
                worth[one] = worth.get(one, 0) + share
                known = shares.setdefault(one, {})
                known[advice.rule.id, advice.play] = max(known.get((advice.rule.id, advice.play), (0, advice)), (share, advice), key=_share)
    found = [Question(one.fact, one.field, _most_decided(shares[one]), round(worth[one], 2)) for one in worth]
    return tuple(sorted(found, key=lambda q: (-q.value, q.fact.type, q.fact.key, q.field)))


def _share(known: tuple[float, Advice]) -> float:
    return known[0]


def _most_decided(known: dict[tuple[str, str], tuple[float, Advice]]) -> tuple[Advice, ...]:
    """First the advice that hangs most on this one answer."""
    return tuple(advice for _, advice in sorted(known.values(), key=lambda one: (-one[0], one[1].rule.id)))
