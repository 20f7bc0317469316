"""A whole rule in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from kamcoach.model.condition import Parameter
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Param, Rule
from kamcoach.wording.chinese import Chinese
from kamcoach.wording.effects import EffectWords
from kamcoach.wording.english import English
from kamcoach.wording.grammar import Clause, Grammar

GRAMMARS: Final[Mapping[str, Grammar]] = {"en": English(), "zh": Chinese()}


class RuleInWords(NamedTuple):
    """When and then, a clause for each condition and each effect."""

    when: tuple[Clause, ...]
    then: tuple[str, ...]


def speaker(rule: Rule, library: Library, language: str) -> EffectWords:
    """What says the conditions and effects of a rule."""
    return EffectWords(library, GRAMMARS[language], rule)


def in_words(rule: Rule, library: Library, language: str) -> RuleInWords:
    """A rule in plain words."""
    words = speaker(rule, library, language)
    return RuleInWords(tuple(words.condition(one) for one in rule.when), tuple(words.effect(one) for one in rule.then))


def sentence(rule: Rule, library: Library, language: str) -> str:
    """A rule in one sentence: `When A, B and C, then D.`"""
    grammar = GRAMMARS[language]
    said = in_words(rule, library, language)
    when = grammar.both([grammar.flat(clause) for clause in said.when])
    return grammar.frame("sentence", when=when, then=grammar.both(said.then))


def params_of(rule: Rule, library: Library) -> tuple[Param, ...]:
    """The parameters that a rule uses, in its order."""
    return tuple(library.params[name] for name in dict.fromkeys(_params((rule.when, rule.then))))


def _params(node: object) -> tuple[str, ...]:
    if isinstance(node, Parameter):
        return (node.name,)
    return tuple(name for part in node for name in _params(part)) if isinstance(node, tuple) else ()
