"""Plays put into words for one deal and one language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any

from kamcoach.advice.evaluate import NOTHING
from kamcoach.advice.filters import FILTERS
from kamcoach.advice.names import fields_of_names
from kamcoach.advice.template import Sandbox, Template, compile_source, render
from kamcoach.advice.words import Missing, View, Word, one_line, plain
from kamcoach.engine.memory import TRUE, Consultation
from kamcoach.model.advice import Advice, Question
from kamcoach.model.fact import Fact, FactType, Field, Words
from kamcoach.model.playbook import Library

SOMEBODY: Words = {"en": "the customer", "zh": "客户"}
"""Who is meant where the customer has no name on file."""


class Speech:
    """What a deal's facts are called, and what plays and questions say, in one language."""

    def __init__(self, consultation: Consultation, library: Library, language: str) -> None:
        self.consultation = consultation
        self.library = library
        self.language = language
        self.vocabulary = consultation.rule_base.vocabulary
        self.sandbox = Sandbox(language, self._filters())
        self._cache: dict[tuple[str, str], Template] = {}

    def play(self, advice: Advice, section: str) -> str:
        """One section of the advice's play, filled in; "" if the play does not have it."""
        play = self.library.plays[advice.play]
        found = play.sections.get(self.language, {}).get(section)
        if found is None:
            return ""
        if "{" not in found.source:
            return found.source.strip()
        key = (advice.play, section)
        if key not in self._cache:
            self._cache[key] = compile_source(self.sandbox, found.source, found.at)
        return render(self._cache[key], self.names(advice.names, fields_of_names(advice.rule, self.vocabulary)), found.at).strip()

    def names(self, bound: Mapping[str, Any], fields: Mapping[str, Field] = MappingProxyType({})) -> dict[str, Any]:
        """All that a play may speak of; `fields` says of what fields the plain values are."""
        own = {name: self._seen(value, fields.get(name)) for name, value in bound.items()}
        return {**self._common, **own}

    @cached_property
    def _common(self) -> dict[str, Any]:
        common: dict[str, Any] = {}
        for fact_type in self.vocabulary.given:
            found = self.consultation.facts(fact_type.name)
            views = [View(fact, self._field) for fact in found]
            common[fact_type.section] = views if fact_type.plural else (views[0] if views else self._missing(fact_type.label))
        common["facts"] = self._derived
        common["params"] = {name: param.value for name, param in self.library.params.items()}
        common["as_of"] = self.as_of
        common["lang"] = self.language
        return common

    @cached_property
    def _derived(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for fact_type in self.vocabulary.types.values():
            facts = self.consultation.facts(fact_type.name)
            if fact_type.shape == "flag":
                found[fact_type.name] = bool(facts)
            elif fact_type.shape == "value":
                found[fact_type.name] = self._field(facts[0], "value") if len(facts) == 1 else self._missing(fact_type.label)
            elif fact_type.shape == "many":
                found[fact_type.name] = [View(fact, self._field) for fact in facts]
        return found

    def _seen(self, value: Any, field: Field | None) -> Any:
        if isinstance(value, Fact):
            return View(value, self._field)
        if value is None:
            return self._missing(field.label if field is not None else {})
        return self._value(value, field or Field("value", "any"))

    def _field(self, fact: Fact, name: str) -> Any:
        """A field as a template sees it: references followed, enum values with their label, groups opened."""
        declared = self.vocabulary.types[fact.type]
        if not name:
            return self.called(fact)
        field = declared.fields.get(name)
        if field is None:
            if any(one.startswith(name + ".") for one in declared.fields):
                return View(fact, self._field, name + ".")
            return NOTHING
        if field.derived and declared.given:
            marks = self.consultation.memory.marks.get((fact.id, name), {})
            if field.kind == "flag":
                return marks.get(True) == TRUE
            sure = [value for value, truth in marks.items() if truth == TRUE]
            return self._value(sure[0], field) if len(sure) == 1 else self._missing(field.label)
        return self._value(fact.fields[name], field) if name in fact.fields else self._missing(field.label)

    def _value(self, value: Any, field: Field) -> Any:
        if isinstance(value, tuple):
            return [self._value(one, field) for one in value]
        if field.of:
            return Word(value, self.label(field.of, value))
        if field.to:
            target = self.consultation.find(field.to, value)
            return View(target, self._field) if target is not None else self._missing(field.label)
        return one_line(value) if isinstance(value, str) else value

    def _missing(self, label: Words) -> Missing:
        return Missing(self._word(label), self.language)

    def _word(self, words: Words) -> str:
        return words.get(self.language) or next(iter(words.values()), "")

    def label(self, enum: str, value: str) -> str:
        """The word for an enum value."""
        known = self.vocabulary.enums.get(enum)
        return (self._word(known.values.get(value, {})) if known else "") or value

    def words(self, words: Words) -> str:
        return self._word(words)

    def called(self, fact: Fact) -> str:
        """What a fact is called: its name or statement, else its key."""
        declared = self.vocabulary.types[fact.type]
        text = next((str(fact.fields[n]) for n in _naming(declared) if n in fact.fields), "")
        if text:
            return one_line(text)
        day = next((value for value in fact.fields.values() if isinstance(value, date)), None)
        kind = self._word(declared.label) or fact.type
        if day is not None and declared.plural:
            return f"{kind} ({plain(day, self.language)})"
        return f"{kind} {fact.key}" if declared.plural else kind

    def ask(self, question: Question) -> str:
        """The question in words."""
        declared = self.vocabulary.types[question.fact.type]
        if not question.field:
            return self._filled(declared.ask, question.fact) or self._generic(declared.label, None)
        field = declared.fields[question.field]
        return self._filled(field.ask, question.fact) or self._generic(field.label, question.fact if declared.plural else None)

    def _filled(self, words: Words, fact: Fact) -> str:
        text = self._word(words)
        if text and "{this}" not in text and self.vocabulary.types[fact.type].plural and not fact.unasked:
            text = f"{{this}}{'：' if self.language == 'zh' else ': '}{text}"
        return re.sub(r"\{(this|account)\}", lambda found: self.called(fact) if found[1] == "this" else self._customer(), text)

    def _generic(self, label: Words, fact: Fact | None) -> str:
        name = self._word(label)
        if self.language == "zh":
            return f"{self.called(fact) + '的' if fact else ''}{name}是什么情况？"
        return f"What is known of {name.lower()}{' of ' + self.called(fact) if fact else ''}?"

    def shown(self, type_name: str, field: str) -> str:
        """A text field of the one fact of a type, in this language where it is written in both (`title_zh`); "" if it is not on file."""
        fact = next(iter(self.consultation.facts(type_name)), None)
        return one_line(str(fact.fields.get(f"{field}_{self.language}", fact.fields.get(field, "")))) if fact is not None else ""

    def _customer(self) -> str:
        return self.shown(*self.library.shows.customer) or self._word(SOMEBODY)

    def _filters(self) -> dict[str, Any]:
        return {name: partial(function, self) for name, function in FILTERS.items()}

    @property
    def as_of(self) -> date:
        return self.consultation.as_of

    def currency(self) -> str:
        """The first text field called `currency` among the deal's single facts."""
        for fact_type in self.vocabulary.given:
            if "currency" in fact_type.fields:
                for fact in self.consultation.facts(fact_type.name):
                    return one_line(str(fact.fields.get("currency", "")))
        return ""


def _naming(declared: FactType) -> list[str]:
    """The fields that name a fact, best first."""
    return [name for name in ("name", "statement", "title", "what", "body") if name in declared.fields]
