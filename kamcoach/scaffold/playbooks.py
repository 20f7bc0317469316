"""A new playbook that extends another, the `kamcoach.yaml` that makes deals use it, and a vocabulary that adds a field of its own."""

from __future__ import annotations

from typing import Final

from kamcoach.model.fact import Words
from kamcoach.model.playbook import Library
from kamcoach.scaffold.written import words

CONFIG: Final = "playbook: .\n"
_OWN: Final[Words] = {
    "en": "Facts, fields and values of your own.",
    "zh": "自家的事实、字段和取值。",
}
_NOTES: Final = {
    "en": (
        "Thresholds of the playbook below that you set otherwise: take the `# ` away and change the figure.",
        "Rules stand in rules/, plays in plays/. One with the id of an inherited one takes its place only if it says so:",
        "in a rule `replaces: true`, for plays here:",
    ),
    "zh": (
        "下面是上级打法的门槛值，想改哪个就去掉那行的“# ”，换成自己的数。",
        "规则放在 rules/，话术放在 plays/。跟上级打法同编号的，要写明才会顶替：",
        "规则里写 replaces: true，话术写在这里：",
    ),
}


def playbook_text(playbook_id: str, title: Words, base: Library, extends: str, language: str) -> str:
    """A playbook that changes nothing yet, with every threshold that it could change."""
    thresholds, where, replaced = _NOTES[language]
    shown = [f"#   {name}: {param.value}    # {param.meaning.get(language, '')}" for name, param in base.params.items()]
    return f"""\
id: {playbook_id}
title: {words(title)}
extends: {extends}

# {thresholds}
# params:
{chr(10).join(shown)}

# {where}
# {replaced}
# replaces: {{plays: []}}
"""


def vocabulary_text(fact: str, field: str, kind: str, label: Words, ask: Words, language: str) -> str:
    """A vocabulary that adds one field to a fact of the playbook below."""
    said = f"type: {kind}, label: {words(label)},\n        ask: {words(ask)}"
    return f"# {_OWN[language]}\nfacts:\n  {fact}:\n    fields:\n      {field}: {{{said}}}\n"
