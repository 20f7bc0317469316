"""Changes as a rep makes them: in which line of the deal file, and what to write there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from kamcoach.advice.speech import Speech
from kamcoach.advice.words import plain
from kamcoach.model.deal import Deal
from kamcoach.model.fact import Fact, FactType, Field, Value
from kamcoach.whynot.drafts import FILL_IN, Edit
from kamcoach.whynot.mending import Mend

_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def changes(mend: Mend, deal: Deal, speech: Speech) -> list[dict[str, Any]]:
    """One entry for each value to be set, and one for each item or section to be added."""
    added: dict[tuple[str, str], list[Edit]] = {}
    found = []
    for edit in mend.edits:
        fact = next((fact for fact in deal.facts if (fact.type, fact.key) == (edit.type, edit.key)), None)
        if fact is None or fact.at is None:
            added.setdefault((edit.type, edit.key), []).append(edit)
        else:
            found.append(_changed(edit, fact, speech))
    return [*found, *(_added(edits, deal, speech) for edits in added.values())]


def _changed(edit: Edit, fact: Fact, speech: Speech) -> dict[str, Any]:
    declared = speech.vocabulary.types[edit.type]
    field = declared.fields[edit.field]
    recorded = edit.field in fact.fields
    at = fact.place(edit.field) if recorded else fact.at
    return {
        "how": "take out" if edit.value is None else "change" if recorded else "fill in",
        "at": at.short if at is not None else "",
        "section": declared.section,
        "item": edit.key if declared.plural else "",
        "owner": speech.called(fact),
        "label": speech.words(field.label) or edit.field,
        "now": said(fact.fields[edit.field], field, speech) if recorded else None,
        "becomes": said(edit.value, field, speech) if edit.value is not None else None,
        "write": _nested({edit.field: edit.value}) if edit.value is not None else edit.field,
    }


def _added(edits: list[Edit], deal: Deal, speech: Speech) -> dict[str, Any]:
    """An item to be added: everything that is wanted of it, and what every such item must have."""
    declared = speech.vocabulary.types[edits[0].type]
    wanted = {edit.field: edit.value for edit in edits if edit.value is not None}
    key = {declared.key: edits[0].key} if declared.key else {}
    needed = {name: FILL_IN for name, field in declared.fields.items() if field.required and name not in wanted}
    whole = _nested({**needed, **key, **wanted})
    last = [fact.at for fact in deal.facts if fact.type == declared.name and fact.at is not None]
    write = f"- {{{whole}}}" if last else f"{declared.section}: [{{{whole}}}]" if declared.plural else f"{declared.section}: {{{whole}}}"
    return {
        "how": "add" if last else "begin",
        "at": last[-1].short if last else "",
        "section": declared.section,
        "item": edits[0].key if declared.plural else "",
        "owner": "",
        "label": speech.words(declared.label) or declared.name,
        "now": None,
        "becomes": _told(wanted, declared, speech),
        "write": write,
    }


def _told(wanted: dict[str, Value], declared: FactType, speech: Speech) -> str:
    """The wanted fields in words."""
    colon, comma = ("：", "，") if speech.language == "zh" else (": ", ", ")
    fields = [(declared.fields[name], value) for name, value in wanted.items() if name != declared.key]
    return comma.join(f"{speech.words(field.label) or field.name}{colon}{said(value, field, speech)}" for field, value in fields)


def said(value: Value, field: Field, speech: Speech) -> str:
    """A value as the reader knows it."""
    if isinstance(value, tuple):
        comma, nothing = ("、", "无") if speech.language == "zh" else (", ", "none")
        return comma.join(said(one, field, speech) for one in value) or nothing
    if field.of:
        return speech.label(field.of, str(value))
    if field.to:
        target = speech.consultation.find(field.to, str(value))
        return speech.called(target) if target is not None else str(value)
    return plain(value, speech.language)


def _nested(fields: Mapping[str, Value]) -> str:
    """`contract: {signed: true, sent: true}` for fields of a group."""
    alone = {name: _yaml(value) for name, value in fields.items() if "." not in name}
    groups: dict[str, dict[str, Value]] = {}
    for name, value in fields.items():
        group, dot, inner = name.partition(".")
        if dot:
            groups.setdefault(group, {})[inner] = value
    written = {**alone, **{group: f"{{{_nested(inner)}}}" for group, inner in groups.items()}}
    return ", ".join(f"{name}: {text}" for name, text in written.items())


def _yaml(value: Value) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_yaml(one) for one in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value if (value and set(value) <= _PLAIN) or value == FILL_IN else json.dumps(value, ensure_ascii=False)
    return f"{value:g}" if isinstance(value, float) else str(value)
