"""The list of rules as text: by category, a line for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from kamcoach.advice.page import text_width
from kamcoach.model.playbook import Library
from kamcoach.rulebook.listing import DERIVATION, Entry
from kamcoach.rulebook.sheet import word

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "derives": "concludes",
        "instead_of": "takes the place of {rules}",
        "gives_way_to": "gives way to {rules}",
        "replaces": "replaces the rule of the playbook below",
        "of": "playbook {name}",
        "comma": ", ",
        "no category": "without a category",
        "total": "{n} of {all} rules: {advice} give advice, {derived} only conclude",
    },
    "zh": {
        "derives": "推导",
        "instead_of": "触发后顶替{rules}",
        "gives_way_to": "让位于{rules}",
        "replaces": "替换了下层打法库的同名规则",
        "of": "打法库{name}",
        "comma": "、",
        "no category": "未分类",
        "total": "共{all}条规则，列出{n}条：给建议的{advice}条，只推导的{derived}条",
    },
}


def table(found: tuple[Entry, ...], library: Library, language: str, *, long: bool = False) -> Iterator[str]:
    """The lines of the list. `long` adds what each rule takes the place of and gives way to; a foreign origin is always told."""
    words = _WORDS[language]
    severities = library.rule_base.vocabulary.enums["severity"].values
    left = max((text_width(one.rule.id) for one in found), default=0)
    for category, group in groupby(found, key=lambda one: one.category):
        yield category or words["no category"]
        for one in group:
            mark = words["derives"] if one.kind == DERIVATION else word(severities[one.severity], language)
            yield f"  {_padded(mark, 15 if language == 'en' else 6)}  {_padded(one.rule.id, left)}  {word(one.rule.title, language)}"
            yield from (f"      ↳ {note}" for note in _notes(one, library, words, long=long))
        yield ""
    advice = sum(1 for one in found if one.plays)
    whole = sum(1 for _ in library.rule_base.rules)
    yield words["total"].format(n=len(found), all=whole, advice=advice, derived=len(found) - advice)


def _notes(one: Entry, library: Library, words: Mapping[str, str], *, long: bool) -> Iterator[str]:
    if len(set(library.origins.values())) > 1 and (long or one.origin == library.id):
        yield words["of"].format(name=one.origin)
    if one.rule.replaces:
        yield words["replaces"]
    if long and one.instead_of:
        yield words["instead_of"].format(rules=words["comma"].join(one.instead_of))
    if long and one.gives_way_to:
        yield words["gives_way_to"].format(rules=words["comma"].join(one.gives_way_to))


def _padded(text: str, width: int) -> str:
    return text + " " * max(0, width - text_width(text))
