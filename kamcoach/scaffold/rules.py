"""A new rule with its scenarios: it looks at one field of one kind of fact, and calls a play."""

from __future__ import annotations

from typing import NamedTuple

from kamcoach.errors import BadInput, KamcoachError
from kamcoach.model.fact import FactType, Field, Words
from kamcoach.model.playbook import Library
from kamcoach.reading.hints import nearest
from kamcoach.reading.nodes import Refused, parse
from kamcoach.reading.rules import read_rule
from kamcoach.scaffold.examples import AS_OF, Example, example, fits
from kamcoach.scaffold.written import text, words
from kamcoach.source import Diagnostic

_NAMES = {
    "en": ("it is so", "it is not so", "nobody has asked yet"),
    "zh": ("确实如此", "并非如此", "还没问过"),
}
_NOTES = {
    "en": ("All of these must hold. Add further conditions, each on a line with `- `.", "What follows."),
    "zh": ("下面的条件要全部成立；再加条件，每条另起一行，以“- ”开头。", "得出什么。"),
}


class Draft(NamedTuple):
    """What a trainer said of a new rule."""

    id: str
    title: Words
    why: Words
    source: str
    fact: str
    field: str
    value: str
    play: str
    severity: str
    lens: str
    language: str = "en"


def looked_at(path: str, library: Library) -> tuple[FactType, Field]:
    """The fact type and the field in `person.power`. Raises KamcoachError if there is none that a rule can begin with."""
    vocabulary = library.rule_base.vocabulary
    name, _, inner = path.partition(".")
    fact_type = vocabulary.types.get(name) or vocabulary.section(name)
    if fact_type is None or not fact_type.given:
        hint = nearest(name, [one.name for one in vocabulary.given])
        raise KamcoachError(f"There is no kind of fact '{name}' in a deal file. {hint}".strip())
    fields = {one: field for one, field in fact_type.fields.items() if fits(field)}
    if inner not in fields:
        raise KamcoachError(f"'{fact_type.name}' has no field '{inner}' to begin with. {nearest(inner, fields)}".strip())
    return fact_type, fields[inner]


def rule_text(draft: Draft, library: Library) -> str:
    """The rule file. Raises BadInput if the readers refuse it, so that nothing wrong is ever written."""
    fact_type = library.rule_base.vocabulary.types[draft.fact]
    bound = fact_type.name.replace("-", "_").replace(".", "_")
    name, about = (f"\n    as: {bound}", f", about: ${bound}") if fact_type.plural else ("", "")
    all_of, follows = _NOTES[draft.language]
    written = f"""\
id: {draft.id}
title: {words(draft.title)}
# {all_of}
when:
  - {fact_type.name}: {{{draft.field}: {_example(draft, library).test}}}{name}
# {follows}
then:
  - advise: {{play: {draft.play}, severity: {draft.severity}, lens: {draft.lens}{about}}}
why: {words(draft.why)}
source: {text(draft.source)}
"""
    _check(written, draft, library)
    return written


def _check(written: str, draft: Draft, library: Library) -> None:
    problems: list[Diagnostic] = []
    try:
        root = parse(written, f"{draft.id}.yaml", problems)
    except Refused as refused:
        raise BadInput([refused.diagnostic]) from refused
    if root is not None:
        read_rule(root, library.rule_base.vocabulary, library.params, problems)
    if problems:
        raise BadInput(problems)


def scenario_text(draft: Draft, library: Library) -> str:
    """One scenario in which the rule fires, one in which it does not, and one in which it asks."""
    fact_type = library.rule_base.vocabulary.types[draft.fact]
    found = _example(draft, library)
    so, not_so, unknown = _NAMES[draft.language]
    item = ("one" if fact_type.key else "#1") if fact_type.plural else ""
    path = ".".join(word for word in (fact_type.section, item, draft.field) if word)
    about = f", about: [{text(item)}]" if item else ""
    parts = [
        f"as_of: {AS_OF}\nscenarios:\n",
        _scenario(so, fact_type, draft.field, found.passes, f"fires: certainly{about}"),
        _scenario(not_so, fact_type, draft.field, found.fails, "fires: never") if found.fails else "",
        _scenario(unknown, fact_type, "", "", f"fires: possibly, asks: [{text(path)}]"),
    ]
    return "".join(parts)


def _scenario(name: str, fact_type: FactType, field: str, value: str, expected: str) -> str:
    said = [f"{fact_type.key}: one"] if fact_type.key else []
    said += [f"{field}: {value}"] if field else []
    table = f"{{{', '.join(said)}}}"
    given = f"{fact_type.section}: {f'[{table}]' if fact_type.plural else table}"
    return f"  - name: {name}\n    given: {{{given}}}\n    expect: {{{expected}}}\n"


def _example(draft: Draft, library: Library) -> Example:
    vocabulary = library.rule_base.vocabulary
    return example(vocabulary.types[draft.fact].fields[draft.field], draft.value, vocabulary)
