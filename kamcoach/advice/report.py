"""The whole advice on a deal as plain data: what JSON holds and what the page templates lay out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kamcoach.advice.grounds import activation_of, given_facts, in_words
from kamcoach.advice.rank import Ranked
from kamcoach.advice.speech import Speech
from kamcoach.engine.memory import UNKNOWN, Consultation
from kamcoach.model.advice import Advice, Block, Question
from kamcoach.model.deal import Deal
from kamcoach.model.fact import Fact
from kamcoach.model.playbook import Library

SCHEMA_VERSION: Final = 1


class Report:
    """Lays out one coached deal. `full` also works out the words of what is not shown at first."""

    def __init__(self, deal: Deal, speech: Speech, ranked: Ranked, questions: tuple[Question, ...], full: bool) -> None:  # noqa: FBT001
        self.deal = deal
        self.speech = speech
        self.consultation: Consultation = speech.consultation
        self.library: Library = speech.library
        self.ranked = ranked
        self.questions = questions
        self.full = full

    def data(self) -> dict[str, Any]:
        ranking = self.library.ranking
        shown = self.ranked.actions if self.full else self.ranked.actions[: ranking.actions]
        asked = self.questions if self.full else self.questions[: ranking.questions]
        return {
            "schema_version": SCHEMA_VERSION,
            "deal": self._deal(),
            "as_of": self.consultation.as_of.isoformat(),
            "language": self.speech.language,
            "playbook": self.library.id,
            "stage": self._stage(),
            "missing_roles": list(self._missing()),
            "at_risk": list(self._at_risk()),
            "strategy": self._advice(self.ranked.strategy) if self.ranked.strategy else None,
            "actions": [self._block(block) for block in shown],
            "do_not": self._do_not(shown),
            "questions": [self._question(question) for question in asked],
            "more": {"actions": len(self.ranked.actions) - len(shown), "questions": len(self.questions) - len(asked)},
        }

    def _deal(self) -> dict[str, Any]:
        return {
            "title": self.speech.shown(*self.library.shows.title),
            "customer": self.speech.shown(*self.library.shows.customer),
            "file": self.deal.path.replace("\\", "/").rsplit("/", 1)[-1],
        }

    def _stage(self) -> dict[str, Any]:
        shows = self.library.shows
        enum = self._enum(shows.value, "value")
        value = self.consultation.value(shows.value)
        possible = [str(fact.fields["value"]) for fact in self.consultation.facts(shows.value, UNKNOWN)]
        claimed_fact = self.deal.fact(shows.claimed[0])
        claimed = claimed_fact.fields.get(shows.claimed[1]) if claimed_fact is not None else None
        return {
            **self._word(enum, str(value) if value is not None else None),
            "claimed": self._word(enum, str(claimed)) if claimed is not None else None,
            "agrees": None if claimed is None else claimed == value,
            "evidence": list(self._evidence(str(value))),
            "next": list(self._enum_facts(*shows.lacking, "sign")),
            "possible": [self._word(enum, one) for one in possible],
        }

    def _enum(self, type_name: str, field: str) -> str:
        """The enum of a field of a derived fact; "" if the playbook shows no such fact."""
        declared = self.speech.vocabulary.types.get(type_name)
        return declared.fields[field].of if declared is not None else ""

    def _word(self, enum: str, value: str | None) -> dict[str, Any]:
        return {"value": value, "label": self.speech.label(enum, value) if value else None}

    def _evidence(self, stage: str) -> Iterator[dict[str, Any]]:
        type_name, stage_field, sign_field = self.library.shows.evidence
        enum = self._enum(type_name, sign_field)
        for fact in self._with(type_name, stage_field, sign_field):
            if fact.fields[stage_field] == stage:
                support = self.consultation.support(fact.id)
                facts = given_facts(support[0], self.consultation) if support else ()
                sign = str(fact.fields[sign_field])
                yield {"sign": sign, "label": self.speech.label(enum, sign), "facts": [in_words(g, self.speech) for g in facts[:3]]}

    def _enum_facts(self, type_name: str, field: str, key: str) -> Iterator[dict[str, Any]]:
        enum = self._enum(type_name, field)
        for fact in self._with(type_name, field):
            value = str(fact.fields[field])
            yield {key: value, "label": self.speech.label(enum, value)}

    def _with(self, type_name: str, *fields: str) -> Iterator[Fact]:
        """The facts of a type that have these fields: a rule may conclude less than a page can show."""
        return (fact for fact in self.consultation.facts(type_name) if all(field in fact.fields for field in fields))

    def _missing(self) -> Iterator[dict[str, Any]]:
        for item in self._enum_facts(*self.library.shows.missing, "role"):
            yield {**item, "person": None}
        type_name, field, person = self.library.shows.unreached
        enum = self._enum(type_name, field)
        for fact in self._with(type_name, field, person):
            value = str(fact.fields[field])
            yield {"role": value, "label": self.speech.label(enum, value), "person": self._person(str(fact.fields[person]))}

    def _at_risk(self) -> Iterator[dict[str, Any]]:
        type_name, person, kind = self.library.shows.risk
        enum = self._enum(type_name, kind)
        grouped: dict[str, list[dict[str, Any]]] = {}
        for fact in self._with(type_name, person, kind):
            value = str(fact.fields[kind])
            grouped.setdefault(str(fact.fields[person]), []).append({"kind": value, "label": self.speech.label(enum, value)})
        for key, kinds in grouped.items():
            yield {"person": self._person(key), "kinds": kinds}

    def _person(self, key: str) -> dict[str, Any]:
        fact = self.consultation.find(self.library.shows.person, key)
        return {"id": key, "name": self.speech.called(fact) if fact is not None else key}

    def _block(self, block: Block) -> dict[str, Any]:
        also = [self._advice(one, ("headline",) if not self.full else None) for one in block.also]
        return {**self._advice(block.lead), "also": also}

    def _advice(self, advice: Advice, sections: tuple[str, ...] | None = None) -> dict[str, Any]:
        wanted = sections if sections is not None else tuple(self.library.sections)
        texts = {section: self.speech.play(advice, section) if section in wanted else "" for section in self.library.sections}
        facts = given_facts(activation_of(advice, self.consultation), self.consultation)
        return {
            "rule": advice.rule.id,
            "title": self.speech.words(advice.rule.title),
            "play": advice.play,
            "severity": advice.severity,
            "severity_label": self.speech.label("severity", advice.severity),
            "lens": advice.lens,
            "lens_label": self.speech.label("lens", advice.lens),
            "topic": advice.topic,
            "about": [{"id": fact.key, "name": self.speech.called(fact)} for fact in advice.about],
            "score": advice.score,
            "text": texts,
            "because": self.speech.words(advice.rule.why),
            "source": advice.rule.source,
            "rule_at": advice.rule.at.short,
            "facts": [in_words(given, self.speech) for given in facts],
        }

    def _do_not(self, shown: tuple[Block, ...]) -> list[dict[str, Any]]:
        """What not to do: first what rules say outright, then what the shown actions warn of; each sentence once."""
        most = len(self.ranked.do_not) + len(shown) if self.full else self.library.ranking.do_not
        found = [self._advice(one) for one in self.ranked.do_not[:most]]
        said = {row["text"]["headline"] for row in found}
        for block in shown:
            text = self.speech.play(block.lead, "do_not")
            if text and text not in said and len(found) < most:
                said.add(text)
                found.append({**self._advice(block.lead, ()), "text": {"headline": text}})
        return found

    def _question(self, question: Question) -> dict[str, Any]:
        declared = self.speech.vocabulary.types[question.fact.type]
        path = [declared.section, *([question.fact.key] if declared.plural and question.field else []), question.field]
        would = [
            {"rule": a.rule.id, "title": self.speech.words(a.rule.title), "severity": a.severity, "about": [f.key for f in a.about]}
            for a in question.would
        ]
        return {
            "ask": self.speech.ask(question),
            "about": self._about(question.fact) if declared.plural and question.field else None,
            "field": ".".join(part for part in path if part),
            "value": question.value,
            "would": would,
            "decides": list(dict.fromkeys(row["title"] for row in would)),
        }

    def _about(self, fact: Fact) -> dict[str, Any]:
        return {"id": fact.key, "name": self.speech.called(fact)}


def flat(data: dict[str, Any]) -> dict[str, Any]:
    """The data as JSON shows it: every piece of advice in one list, in order of rank."""
    advice = []
    for block in data["actions"]:
        advice.append({**{key: value for key, value in block.items() if key != "also"}, "leads": True})
        advice.extend({**row, "leads": False} for row in block["also"])
    whole = {**{k: v for k, v in data.items() if k not in ("actions", "more")}, "advice": advice}
    for row in (*advice, *whole["do_not"], *([whole["strategy"]] if whole["strategy"] else [])):
        row["text"] = {section: text for section, text in row["text"].items() if text}
    return whole
