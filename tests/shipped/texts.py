"""What is wrong with a text that a rep reads, wherever it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kamcoach.advice.speech import Speech
from kamcoach.model.advice import Advice
from kamcoach.model.playbook import Library

_RAW = re.compile(r"\{\{|\}\}|\{%|%\}|(?<=[a-z,(:一-鿿] )(?:None|True|False)\b|<kamcoach|object at 0x|\bnan\b|\binf\b")
_NAME = re.compile(r"(?<![\w./@-])[a-z]+(?:_[a-z0-9]+)+(?![\w./@-])")
_SLIP = re.compile(
    r"(?<=\S)  +(?=\S)|[?!.;,:] ?[.,;](?![.\w])|(?<=\S) [,.;](?![.\w])|[，。；：、]{2,}|[？！][，。；、]|\"\"|“”|\(\)|（）"
    r"|\b1 (?:days|times|questions|units|years|signs|people|issues|points|contacts|concessions|months|weeks)\b"
)
LIMITS = {"en": 130, "zh": 100}
"""How long a headline may get with long names put in; without them it is meant to have 90 and 40."""


def faults(text: str) -> Iterator[str]:
    """Signs of the machine in a text: code, empty values, names of the vocabulary, doubled stops, "1 days"."""
    for found in (*_RAW.findall(text), *_NAME.findall(text), *_SLIP.findall(text)):
        yield f"'{found}' in: {text}"
    if not text.strip():
        yield "an empty text"


def faults_of(advice: Advice, speech: Speech) -> Iterator[str]:
    """What is wrong with the words of one piece of advice, each with its play and section."""
    for section in speech.library.sections:
        text = speech.play(advice, section)
        there = section in speech.library.plays[advice.play].sections[speech.language]
        for fault in faults(text) if there else ():
            yield f"{advice.play} ({speech.language}, {section}): {fault}"
    headline = speech.play(advice, "headline")
    if "\n" in headline or len(headline) > LIMITS[speech.language]:
        yield f"{advice.play} ({speech.language}): the headline is no short line: {headline}"
    if not advice.do_not and not speech.play(advice, "do"):
        yield f"{advice.play} ({speech.language}): says not what to do"


def speeches(consultation: object, library: Library) -> list[Speech]:
    return [Speech(consultation, library, language) for language in ("en", "zh")]  # type: ignore[arg-type]
