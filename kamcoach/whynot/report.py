"""Why a rule did not fire, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kamcoach.advice.speech import Speech
from kamcoach.engine.explain import Explainer
from kamcoach.engine.memory import FALSE, TRUE, UNKNOWN, Consultation
from kamcoach.model.advice import Question
from kamcoach.model.deal import Deal
from kamcoach.model.fact import Fact
from kamcoach.model.rule import Rule
from kamcoach.whynot.chain import Chain
from kamcoach.whynot.changes import changes
from kamcoach.whynot.found import facts_of
from kamcoach.whynot.judging import Judge, Judged, Nearest
from kamcoach.whynot.mending import Mend, fires, mend
from kamcoach.whynot.standing import Standing, rivals, standings
from kamcoach.wording.rules import GRAMMARS, speaker

TRUTHS: Final = {TRUE: "true", UNKNOWN: "unknown", FALSE: "false"}


class WhyNot:
    """Answers for one rule of one deal, in one language."""

    def __init__(self, deal: Deal, speech: Speech, rule: Rule, about: str = "") -> None:
        self.deal = deal
        self.speech = speech
        self.rule = rule
        self.about = about
        self.consultation: Consultation = speech.consultation
        self.judge = Judge(self.consultation)
        self.grammar = GRAMMARS[speech.language]

    def data(self) -> dict[str, Any]:
        """The whole answer; what would make the rule fire is left out if it does."""
        fired = fires(self.consultation, self.rule, self.about)
        near = self.judge.nearest(self.rule, about=self.about)
        found = None if fired or near is None else mend(self.deal, self.consultation, self.rule, self.speech.library.checks, self.about)
        return {
            "rule": self.rule.id,
            "title": self.speech.words(self.rule.title),
            "rule_at": self.rule.at.short,
            "language": self.speech.language,
            "fires": "certainly" if fired else "possibly" if self._possible() else "never",
            "about": self._names(near) if near is not None else [],
            "conditions": [self._condition(one) for one in near.conditions] if near is not None else [],
            "first_failing": near.first_failing + 1 if near is not None and near.first_failing is not None and not fired else None,
            "asks": [] if fired else list(self._asks()),
            "would_fire": self._would(found),
            "standing": [self._standing(one) for one in standings(self.consultation, self.speech.library, self.rule, self.about)],
            "gives_way_to": list(self._rivals()),
        }

    def _possible(self) -> bool:
        return any(a.truth == UNKNOWN and self._is_about(a.names.values()) for a in self.consultation.fired(self.rule.id))

    def _is_about(self, values: Any) -> bool:
        return not self.about or any(isinstance(value, Fact) and value.key == self.about for value in values)

    def _names(self, near: Nearest) -> list[dict[str, str]]:
        """The facts for which the rule was judged; those that are one of a kind go without saying."""
        vocabulary = self.consultation.rule_base.vocabulary
        facts = [
            value for value in near.names.values() if isinstance(value, Fact) and vocabulary.types[value.type].plural and not value.unasked
        ]
        return [{"type": one.type, "id": one.key, "name": self.speech.called(one), "at": one.at.short if one.at else ""} for one in facts]

    # ── conditions ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _condition(self, judged: Judged) -> dict[str, Any]:
        words = speaker(self.rule, self.speech.library, self.speech.language)
        chain = Chain(self.judge, self.speech)
        return {
            "text": self.grammar.flat(words.condition(judged.condition)),
            "truth": TRUTHS[judged.truth],
            "reachable": judged.reachable,
            "facts": facts_of(judged, self.speech),
            "value": self.speech_value(judged),
            "because": [] if judged.truth == TRUE or not judged.reachable else chain.below(judged.condition, judged.names),
        }

    def speech_value(self, judged: Judged) -> str | None:
        from kamcoach.advice.words import plain

        return plain(judged.value, self.speech.language) if judged.value is not None else None

    # ── what would make it fire, and what takes its place ─────────────────────────────────────────────────────────────

    def _asks(self) -> Iterator[dict[str, Any]]:
        """What stands between a possible firing and a decision."""
        explainer = Explainer(self.consultation)
        possible = [a for a in self.consultation.fired(self.rule.id) if a.truth == UNKNOWN and self._is_about(a.names.values())]
        found = {one for activation in possible for one in explainer.undetermined(activation)}
        for one in sorted(found, key=lambda u: (u.fact.type, u.fact.key, u.field)):
            section = self.speech.vocabulary.types[one.fact.type].section
            path = [section, one.fact.key if one.field and self.speech.vocabulary.types[one.fact.type].plural else "", one.field]
            yield {"ask": self.speech.ask(Question(one.fact, one.field, (), 0)), "field": ".".join(part for part in path if part)}

    def _would(self, found: Mend | None) -> dict[str, Any] | None:
        if found is None:
            return None
        after = standings(found.consultation, self.speech.library, self.rule, self.about)
        speech = Speech(found.consultation, self.speech.library, self.speech.language)
        said = [WhyNot(self.deal, speech, self.rule, self.about)._standing(one) for one in after]
        return {"changes": changes(found, self.deal, self.speech), "then": said}

    def _standing(self, one: Standing) -> dict[str, Any]:
        return {
            "headline": self.speech.play(one.advice, "headline"),
            "about": [self.speech.called(fact) for fact in one.advice.about],
            "state": one.state,
            "place": one.place,
            "over": [self._over(other) for other in one.over],
        }

    def _over(self, advice: Any) -> dict[str, str]:
        return {"rule": advice.rule.id, "title": self.speech.words(advice.rule.title), "headline": self.speech.play(advice, "headline")}

    def _rivals(self) -> Iterator[dict[str, Any]]:
        for rule in rivals(self.rule, self.speech.library):
            yield {"rule": rule.id, "title": self.speech.words(rule.title), "fires": fires(self.consultation, rule)}
