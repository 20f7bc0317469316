"""What the deal says about a condition: the recorded values on which it hangs, and what is not recorded."""

from __future__ import annotations

from collections.abc import Iterator

from kamcoach.advice.grounds import GivenFact, in_words
from kamcoach.advice.speech import Speech
from kamcoach.engine.memory import TRUE
from kamcoach.engine.reasons import tested_fields
from kamcoach.model.condition import No
from kamcoach.model.fact import Fact
from kamcoach.whynot.judging import Judged


def facts_of(judged: Judged, speech: Speech) -> list[str]:
    """Each value once, with its place in the deal file."""
    return list(dict.fromkeys(_facts(judged, speech)))


def _facts(judged: Judged, speech: Speech) -> Iterator[str]:
    blocking = isinstance(judged.condition, No) and judged.truth != TRUE
    for fact in judged.facts:
        declared = speech.vocabulary.types[fact.type]
        if fact.unasked:
            yield _unasked(fact, speech)
        if fact.unasked or not declared.given:
            continue
        for name in tested_fields(judged.condition, fact.type):
            if declared.fields[name].derived:
                continue
            if name in fact.fields:
                yield in_words(GivenFact(fact, name, fact.place(name)), speech)
            elif not blocking:
                yield _unrecorded(fact, name, speech)


def _unasked(fact: Fact, speech: Speech) -> str:
    label = speech.words(speech.vocabulary.types[fact.type].label)
    return f"{label}：档案里没有这一项" if speech.language == "zh" else f"{label}: not in the file at all"


def _unrecorded(fact: Fact, name: str, speech: Speech) -> str:
    declared = speech.vocabulary.types[fact.type]
    owner = speech.called(fact) if declared.plural else speech.words(declared.label)
    label = speech.words(declared.fields[name].label) or name
    if speech.language == "zh":
        return f"{owner}·{label}：未记录" + (f"（{fact.at.short}）" if fact.at else "")
    return f"{owner}: {label} not recorded" + (f" ({fact.at.short})" if fact.at else "")
