"""What to find out: the unknown fields between possible advice and a decision, the most valuable first."""

from __future__ import annotations

from kamcoach.advice.rank import advice_of
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
    worth: dict[Undetermined, float] = {}
    would: dict[Undetermined, dict[tuple[str, str], Advice]] = {}
    for activation in consultation.activations:
        if activation.truth != UNKNOWN:
            continue
        for advice in advice_of(activation, consultation.memory):
            unknowns = explainer.undetermined(activation)
            for one in unknowns:
                worth[one] = worth.get(one, 0) + library.ranking.severity.get(advice.severity, 0) / len(unknowns)
                would.setdefault(one, {})[advice.rule.id, advice.play] = advice
    found = [Question(one.fact, one.field, _heaviest(would[one], library), round(worth[one], 2)) for one in worth]
    return tuple(sorted(found, key=lambda q: (-q.value, q.fact.type, q.fact.key, q.field)))


def _heaviest(advice: dict[tuple[str, str], Advice], library: Library) -> tuple[Advice, ...]:
    points = library.ranking.severity
    return tuple(sorted(advice.values(), key=lambda a: (-points.get(a.severity, 0), a.rule.id)))
