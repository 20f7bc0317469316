"""What a conclusion rests on in the deal file: given facts with their values and places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kamcoach.advice.speech import Speech
from kamcoach.advice.words import one_line, plain
from kamcoach.engine.memory import Activation, Consultation, Premise
from kamcoach.engine.reasons import Reason, reason, tested_fields
from kamcoach.model.advice import Advice
from kamcoach.model.fact import Fact, Field, Value
from kamcoach.source import Location


class GivenFact(NamedTuple):
    """One value of the deal file that a conclusion rests on."""

    fact: Fact
    field: str
    at: Location | None


def activation_of(advice: Advice, consultation: Consultation) -> Activation:
    """The firing that gave the advice."""
    return consultation.firing(advice.rule.id, advice.names)


def given_facts(activation: Activation, consultation: Consultation) -> tuple[GivenFact, ...]:
    """Every recorded value below a conclusion, the nearest first, each once."""
    found = {(g.fact.id, g.field): g for g in _walk([reason(activation, consultation)], consultation)}
    return tuple(found.values())


def _walk(level: list[Reason], consultation: Consultation) -> Iterator[GivenFact]:
    while level:
        grounds = [ground for one in level for ground in one.grounds]
        for ground in grounds:
            for leaf in ground.premise.leaves():
                yield from _of_premise(leaf, consultation)
        level = [below for ground in grounds for below in ground.because]


def _of_premise(premise: Premise, consultation: Consultation) -> Iterator[GivenFact]:
    for fact in premise.facts:
        declared = consultation.rule_base.vocabulary.types[fact.type]
        if not declared.given or fact.unasked:
            continue
        for name in tested_fields(premise.condition, fact.type):
            if not declared.fields[name].derived and name in fact.fields:
                yield GivenFact(fact, name, fact.place(name))


def in_words(given: GivenFact, speech: Speech) -> str:
    """`S. Lowe: Access = Known by name (deal.yaml:34)`, `赵总·接触程度：单向联系（deal.yaml:34）`."""
    declared = speech.vocabulary.types[given.fact.type]
    field = declared.fields[given.field]
    value = given.fact.fields[given.field]
    values = value if isinstance(value, tuple) else (value,)
    text = ("、" if speech.language == "zh" else ", ").join(_said(one, field, speech) for one in values) or "[]"
    owner = speech.called(given.fact) if declared.plural else speech.words(declared.label) or given.fact.type
    label = speech.words(field.label) or given.field
    if speech.language == "zh":
        return f"{owner}·{label}：{text}" + (f"（{given.at.short}）" if given.at else "")
    return f"{owner}: {label} = {text}" + (f" ({given.at.short})" if given.at else "")


def _said(value: Value, field: Field, speech: Speech) -> str:
    """A value as the reader knows it: the word of an enum, the name of a person."""
    if field.of:
        return speech.label(field.of, str(value))
    if field.to:
        target = speech.consultation.find(field.to, str(value))
        return speech.called(target) if target is not None else str(value)
    return one_line(plain(value, speech.language))
