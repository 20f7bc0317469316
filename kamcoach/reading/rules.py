"""Reading a rule file: its if-part, its effects and its words, checked against the vocabulary and the parameters."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Map
from typing import Final

from kamcoach.model.condition import Constant, Operand
from kamcoach.model.fact import SEVERITIES, Enum, FactType, Field, Vocabulary
from kamcoach.model.rule import Advise, Conclude, DealCheck, Effect, Mark, Param, Rule
from kamcoach.reading.conditions import read_conditions
from kamcoach.reading.fields import Problems, bool_of, check_keys, is_list, is_mapping, nearest, one_of, text_of, words_of
from kamcoach.reading.nodes import Mapping, Node, Scalar, Sequence
from kamcoach.reading.scope import Bound, Scope
from kamcoach.reading.tests import read_operand
from kamcoach.source import Diagnostic

_RULE_KEYS: Final = ("id", "title", "catalogue", "when", "then", "why", "source", "replaces")
_NEEDED: Final = ("id", "title", "when", "then", "why", "source")
_ADVISE_KEYS: Final = ("play", "severity", "lens", "about", "topic", "do_not", "instead_of", "with")


def read_rule(root: Node, vocabulary: Vocabulary, params: Map[str, Param], problems: Problems) -> Rule | None:
    """A rule, or None if too little of it can be understood (noted)."""
    table = is_mapping(root, "A rule", problems)
    if table is None:
        return None
    before = len(problems)
    check_keys(table, _RULE_KEYS, _NEEDED, "A rule", problems)
    scope = Scope(vocabulary, params, problems)
    when, then = table.get("when"), table.get("then")
    conditions = read_conditions(when, scope) if when is not None else ()
    effects = _effects(then, scope) if then is not None else ()
    rule = Rule(
        text_of(table.get("id"), "'id'", problems),
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


def read_checks(roots: list[Node], vocabulary: Vocabulary, problems: Problems) -> tuple[DealCheck, ...]:
    """The `checks:` of the vocabulary files."""
    found = []
    for root in roots:
        listed = root.get("checks") if isinstance(root, Mapping) else None
        items = is_list(listed, "'checks'", problems) if listed is not None else None
        found.extend(check for item in (items.items if items else ()) if (check := _check(item, vocabulary, problems)) is not None)
    return tuple(found)


def _check(node: Node, vocabulary: Vocabulary, problems: Problems) -> DealCheck | None:
    table = is_mapping(node, "A check", problems)
    if table is None:
        return None
    before = len(problems)
    check_keys(table, ("id", "when", "at", "severity", "message"), ("id", "when", "at", "message"), "A check", problems)
    scope = Scope(vocabulary, {}, problems)
    when = table.get("when")
    conditions = read_conditions(when, scope) if when is not None else ()
    message = words_of(table.get("message"), "'message'", problems)
    name, _, field = text_of(table.get("at"), "'at'", problems).lstrip("$").partition(".")
    if name not in scope.names and name not in vocabulary.types:
        problems.append(Diagnostic(table.at, "unbound-name", f"Nothing is called '${name}' here.", nearest(name, scope.names)))
    code = text_of(table.get("id"), "'id'", problems)
    level = text_of(table.get("severity"), "'severity'", problems) or "error"
    if level not in ("error", "warning"):
        problems.append(Diagnostic(table.at, "unknown-value", f"'severity' is never '{level}'.", "error or warning"))
    rule = Rule(code, message, conditions, (), message, at=table.at)
    return DealCheck(rule, name, field, message, level) if len(problems) == before else None  # type: ignore[arg-type]


def _effects(node: Node, scope: Scope) -> tuple[Effect, ...]:
    listed = is_list(node, "'then'", scope.problems)
    return tuple(e for item in (listed.items if listed else ()) if (e := _effect(item, scope)) is not None)


def _effect(node: Node, scope: Scope) -> Effect | None:
    table = is_mapping(node, "An effect", scope.problems)
    if table is None:
        return None
    check_keys(table, ("conclude", "mark", "advise"), (), "An effect", scope.problems)
    if len(table.entries) != 1:
        scope.note(table.at, "wrong-shape", "An effect is one of conclude, mark, advise.", "begin each effect with `-`")
        return None
    key, value = table.entries[0]
    if key.text == "conclude":
        return _conclude(value, scope)
    if key.text == "mark":
        return _mark(value, scope)
    return _advise(value, scope) if key.text == "advise" else None


def _conclude(node: Node, scope: Scope) -> Effect | None:
    if isinstance(node, Scalar):
        fact_type = _concludable(node, scope)
        if fact_type is not None and fact_type.shape != "flag":
            scope.note(node.at, "wrong-shape", f"'{node.text}' is no flag.", f"write `conclude: {{{node.text}: …}}`")
            return None
        return Conclude(fact_type.name, (), node.at) if fact_type is not None else None
    table = is_mapping(node, "'conclude'", scope.problems)
    if table is None or len(table.entries) != 1:
        if table is not None:
            scope.note(node.at, "wrong-shape", "'conclude' names one derived fact.")
        return None
    key, value = table.entries[0]
    fact_type = _concludable(key, scope)
    if fact_type is None:
        return None
    if fact_type.shape == "flag":
        scope.note(key.at, "wrong-shape", f"'{key.text}' is a flag.", f"write `conclude: {key.text}`")
        return None
    if fact_type.shape == "value":
        operand = read_operand(value, fact_type.fields["value"], scope)
        return Conclude(fact_type.name, (("value", operand),), key.at) if operand is not None else None
    inner = is_mapping(value, f"'{key.text}'", scope.problems)
    return Conclude(fact_type.name, _assignments(inner, fact_type, scope), key.at) if inner is not None else None


def _concludable(key: Scalar, scope: Scope) -> FactType | None:
    derived = [name for name, t in scope.vocabulary.types.items() if not t.given and name != "advice"]
    if key.text in derived:
        return scope.vocabulary.types[key.text]
    what = "is given in the deal file and cannot be concluded" if key.text in scope.vocabulary.types else "is not declared"
    scope.note(key.at, "undeclared-conclusion", f"'{key.text}' {what}.", nearest(key.text, derived))
    return None


def _assignments(node: Mapping, fact_type: FactType, scope: Scope) -> tuple[tuple[str, Operand], ...]:
    found: list[tuple[str, Operand]] = []
    for key, value in node.entries:
        field = scope.field(fact_type, key.text, key.at)
        if field is not None and fact_type.given and not field.derived:
            scope.note(key.at, "undeclared-conclusion", f"'{key.text}' is given in the deal file and cannot be marked.")
        elif field is not None:
            operand = read_operand(value, field, scope)
            found.extend([(field.name, operand)] if operand is not None else [])
    return tuple(sorted(found, key=lambda pair: pair[0]))


def _mark(node: Node, scope: Scope) -> Effect | None:
    table = is_mapping(node, "'mark'", scope.problems)
    if table is None or len(table.entries) != 1:
        scope.note(node.at, "wrong-shape", "'mark' names one bound fact.", "such as `mark: {$person: reached}`")
        return None
    key, value = table.entries[0]
    name = key.text.lstrip("$")
    bound = scope.names.get(name)
    if bound is None or bound.type is None or not bound.type.given:
        scope.note(key.at, "unbound-name", f"Nothing that can be marked is called '${name}' here.", nearest(name, scope.names))
        return None
    if isinstance(value, Scalar):
        field = scope.field(bound.type, value.text, value.at)
        if field is not None and (field.kind != "flag" or not field.derived):
            scope.note(value.at, "undeclared-conclusion", f"'{value.text}' is no derived flag of '{bound.type.name}'.")
            return None
        return Mark(name, ((field.name, Constant(True)),), key.at) if field is not None else None
    inner = is_mapping(value, "'mark'", scope.problems)
    return Mark(name, _assignments(inner, bound.type, scope), key.at) if inner is not None else None


def _advise(node: Node, scope: Scope) -> Effect | None:
    table = is_mapping(node, "'advise'", scope.problems)
    if table is None:
        return None
    before = len(scope.problems)
    check_keys(table, _ADVISE_KEYS, ("play", "severity", "lens"), "'advise'", scope.problems)
    severity = _enum_value(table.get("severity"), "severity", scope)
    lens = _enum_value(table.get("lens"), "lens", scope)
    play = text_of(table.get("play"), "'play'", scope.problems)
    extras = table.get("with")
    advise = Advise(
        play,
        severity,
        lens,
        _about(table.get("about"), scope),
        text_of(table.get("topic"), "'topic'", scope.problems) or play,
        bool_of(table.get("do_not"), "'do_not'", scope.problems),
        tuple(text_of(item, "'instead_of'", scope.problems) for item in _items(table.get("instead_of"))),
        _extras(extras, scope) if extras is not None else (),
        table.at,
    )
    return advise if len(scope.problems) == before else None


def _extras(node: Node, scope: Scope) -> tuple[tuple[str, Operand], ...]:
    table = is_mapping(node, "'with'", scope.problems)
    anything = Field("value", "any")
    pairs = [(key.text, read_operand(value, anything, scope)) for key, value in (table.entries if table else ())]
    for key in table.keys() if table else ():
        scope.bind(key.text, Bound(None, anything), key.at)
    return tuple((name, operand) for name, operand in pairs if operand is not None)


def _about(node: Node | None, scope: Scope) -> tuple[str, ...]:
    names = []
    for item in _items(node):
        name = text_of(item, "'about'", scope.problems).lstrip("$")
        bound = scope.names.get(name)
        if bound is None or bound.type is None or not bound.type.given:
            scope.note(item.at, "unbound-name", f"No given fact is called '${name}' here.", nearest(name, scope.names))
        names.append(name)
    return tuple(names)


def _enum_value(node: Node | None, name: str, scope: Scope) -> str:
    enum = scope.vocabulary.enums.get(name, Enum(name, True, dict.fromkeys(SEVERITIES, {})))
    if not isinstance(node, Scalar):
        return ""
    return one_of(node, enum, f"'{name}'", scope.problems) or ""


def _items(node: Node | None) -> Iterable[Node]:
    if node is None:
        return ()
    return node.items if isinstance(node, Sequence) else (node,)
