"""Reading a rule file: its if-part, its effects and its words, checked against the vocabulary and the parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from typing import Final

from kamcoach.model.fact import Vocabulary
from kamcoach.model.rule import DealCheck, Param, Rule
from kamcoach.reading.conditions import read_conditions
from kamcoach.reading.effects import read_effects
from kamcoach.reading.hints import nearest
from kamcoach.reading.nodes import Mapping, Node, Scalar
from kamcoach.reading.scope import Scope
from kamcoach.reading.shapes import Problems, bool_of, check_keys, filled, is_list, is_mapping, short, text_of, words_of
from kamcoach.source import Diagnostic, Level

_RULE_KEYS: Final = ("id", "title", "catalogue", "each", "table", "when", "then", "why", "source", "replaces")
_NEEDED: Final = ("id", "title", "when", "then", "why", "source")
_MAX_ID: Final = 200
"""Bytes: a file is named after it, with an ending, and that may have 255."""
_CHECK_KEYS: Final = ("id", "when", "at", "severity", "message")
_LEVELS: Final[Map[str, Level]] = {"error": "error", "warning": "warning"}
_KEBAB: Final = re.compile(r"[^\W_]+(-[^\W_]+)*")


def read_rule(root: Node, vocabulary: Vocabulary, params: Map[str, Param], problems: Problems) -> Rule | None:
    """A rule, or None if too little of it can be understood (noted). Its table was put into it before: see `rows`."""
    table = is_mapping(root, "A rule", problems)
    if table is None:
        return None
    before = len(problems)
    check_keys(table, _RULE_KEYS, _NEEDED, "A rule", problems)
    scope = Scope(vocabulary, params, problems)
    when, then = filled(table, "when"), filled(table, "then")
    conditions = read_conditions(when, "when", scope) if when is not None else ()
    effects = read_effects(then, scope) if then is not None else ()
    rule = Rule(
        _id(table, problems),
        words_of(table.get("title"), "'title'", problems),
        conditions,
        effects,
        words_of(table.get("why"), "'why'", problems),
        text_of(table.get("source"), "'source'", problems),
        text_of(table.get("catalogue"), "'catalogue'", problems),
        bool_of(table.get("replaces"), "'replaces'", problems),
        table.at,
        {name: bound.type.name if bound.type else "" for name, bound in scope.names.items()},
    )
    return rule if len(problems) == before else None


def _id(table: Mapping, problems: Problems) -> str:
    node = table.get("id")
    text = text_of(node, "'id'", problems)
    if text and node is not None and (not _KEBAB.fullmatch(text) or text != text.lower()):
        kebab = "-".join(re.findall(r"[^\W_]+", text.lower()))
        hint = f"write {short(kebab)}" if kebab else "such as what-was-seen"
        problems.append(
            Diagnostic(node.at, "bad-key", f"'id' must be words in small letters with - between them, not '{short(text)}'.", hint)
        )
    elif node is not None and len(text.encode(errors="replace")) > _MAX_ID:
        problems.append(Diagnostic(node.at, "too-long", "'id' is too long for the name of a file.", "a few words are enough"))
    return text


def read_checks(roots: list[Node], vocabulary: Vocabulary, problems: Problems) -> tuple[DealCheck, ...]:
    """The `checks:` of the vocabulary files."""
    found: dict[str, DealCheck] = {}
    for root in roots:
        listed = filled(root, "checks") if isinstance(root, Mapping) else None
        items = is_list(listed, "'checks'", problems) if listed is not None else None
        for item in items.items if items else ():
            check = _check(item, vocabulary, problems)
            if check is not None and check.rule.id in found:
                hint = f"the other is {found[check.rule.id].rule.at}"
                problems.append(Diagnostic(check.rule.at, "repeated-id", f"There is already a check '{check.rule.id}'.", hint))
            elif check is not None:
                found[check.rule.id] = check
    return tuple(found.values())


def _check(node: Node, vocabulary: Vocabulary, problems: Problems) -> DealCheck | None:
    table = is_mapping(node, "A check", problems)
    if table is None:
        return None
    before = len(problems)
    check_keys(table, _CHECK_KEYS, ("id", "when", "at", "message"), "A check", problems)
    scope = Scope(vocabulary, {}, problems)
    when = filled(table, "when")
    conditions = read_conditions(when, "when", scope) if when is not None else ()
    message = words_of(table.get("message"), "'message'", problems)
    name, field = _pointed_at(filled(table, "at"), scope)
    level = _level(filled(table, "severity"), problems)
    rule = Rule(_id(table, problems), message, conditions, (), message, at=table.at)
    return DealCheck(rule, name, field, message, level) if len(problems) == before else None


def _pointed_at(node: Node | None, scope: Scope) -> tuple[str, str]:
    """The fact and the field that a check points at."""
    text = text_of(node, "'at'", scope.problems)
    name, _, field = text.lstrip("$").partition(".")
    bound = scope.names.get(name)
    fact_type = bound.type if bound is not None else scope.vocabulary.types.get(name)
    if text and node is not None and (fact_type is None or not fact_type.given):
        if bound is None or bound.understood:
            scope.note(node.at, "unbound-name", f"No given fact is called '${name}' here.", nearest(name, scope.names))
    elif field and node is not None and fact_type is not None:
        scope.field(fact_type, field, node.at)
    return name, field


def _level(node: Node | None, problems: Problems) -> Level:
    text = text_of(node, "'severity'", problems)
    if node is not None and isinstance(node, Scalar) and text not in _LEVELS:
        problems.append(Diagnostic(node.at, "unknown-value", f"'severity' of a check is never '{short(text)}'.", "error or warning"))
    return _LEVELS.get(text, "error")
