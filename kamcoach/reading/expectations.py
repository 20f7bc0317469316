"""Reading the `expect:` of a scenario."""

from __future__ import annotations

from typing import Final

from kamcoach.model.condition import Pattern
from kamcoach.model.fact import SEVERITIES, Vocabulary
from kamcoach.model.playbook import Library
from kamcoach.model.scenario import Expectation
from kamcoach.reading.conditions import read_condition
from kamcoach.reading.hints import nearest
from kamcoach.reading.nodes import Mapping, Node, Scalar
from kamcoach.reading.scope import Scope
from kamcoach.reading.shapes import Problems, check_keys, is_list, is_mapping, says_nothing, short, text_of
from kamcoach.source import Diagnostic

_KEYS: Final = ("fires", "about", "severity", "certain", "possible", "out", "asks", "actions", "do_not", "advice", "questions")
_FIRES: Final = ("certainly", "possibly", "never")
Texts = tuple[str, ...] | None


def read_expectation(node: Node, library: Library, problems: Problems) -> Expectation | None:
    """What a scenario expects; None if that is no table (noted)."""
    table = is_mapping(node, "'expect'", problems)
    if table is None:
        return None
    check_keys(table, _KEYS, (), "'expect'", problems)
    if not table.entries:
        problems.append(Diagnostic(table.at, "empty-test", "'expect' says nothing.", f"it can be {', '.join(_KEYS)}"))
    vocabulary = library.rule_base.vocabulary
    certain, possible, out = (_patterns(table, key, library, problems) for key in ("certain", "possible", "out"))
    return Expectation(
        fires=_fires(table.get("fires"), problems),
        about=_texts(table, "about", problems),
        severity=_severities(table, problems),
        certain=certain,
        possible=possible,
        out=out,
        asks=_paths(table, "asks", vocabulary, problems),
        actions=_rules(table, "actions", library, problems),
        do_not=_rules(table, "do_not", library, problems),
        advice=_rules(table, "advice", library, problems),
        questions=_paths(table, "questions", vocabulary, problems),
    )


def _fires(node: Node | None, problems: Problems) -> str | None:
    if node is None:
        return None
    text = text_of(node, "'fires'", problems)
    if isinstance(node, Scalar) and text not in _FIRES:
        problems.append(Diagnostic(node.at, "unknown-value", f"'fires' is never '{short(node.text)}'.", nearest(text, _FIRES)))
    return text


def _items(table: Mapping, key: str, problems: Problems) -> tuple[Node, ...] | None:
    """The entries of a list, each saying something; None if the list is not there."""
    node = table.get(key)
    if node is None:
        return None
    if says_nothing(node):
        problems.append(Diagnostic(node.at, "wrong-shape", f"'{key}' is empty.", "`[]` says that nothing is expected"))
        return ()
    listed = is_list(node, f"'{key}'", problems)
    return listed.items if listed is not None else ()


def _texts(table: Mapping, key: str, problems: Problems) -> Texts:
    items = _items(table, key, problems)
    return tuple(text_of(item, f"An entry of '{key}'", problems) for item in items) if items is not None else None


def _severities(table: Mapping, problems: Problems) -> Texts:
    """One severity, or a list of them."""
    node = table.get("severity")
    alone = isinstance(node, Scalar) and not node.absent
    items = (node,) if alone and node is not None else _items(table, "severity", problems)
    found = tuple(text_of(item, "'severity'", problems) for item in items) if items is not None else None
    for item, text in zip(items or (), found or (), strict=True):
        if isinstance(item, Scalar) and text not in SEVERITIES:
            problems.append(Diagnostic(item.at, "unknown-value", f"'severity' is never '{short(text)}'.", nearest(text, SEVERITIES)))
    return found


def _rules(table: Mapping, key: str, library: Library, problems: Problems) -> Texts:
    known = library.rule_base.by_id
    for item in _items(table, key, []) or ():
        if isinstance(item, Scalar) and item.text not in known:
            problems.append(Diagnostic(item.at, "unknown-rule", f"There is no rule '{short(item.text)}'.", nearest(item.text, known)))
    return _texts(table, key, problems)


def _paths(table: Mapping, key: str, vocabulary: Vocabulary, problems: Problems) -> Texts:
    """Fields of a deal file, such as `people.li.power`."""
    for item in _items(table, key, []) or ():
        if isinstance(item, Scalar):
            _check_path(item, vocabulary, problems)
    return _texts(table, key, problems)


def _check_path(node: Scalar, vocabulary: Vocabulary, problems: Problems) -> None:
    section, _, rest = node.text.partition(".")
    fact_type = vocabulary.section(section)
    if fact_type is None:
        hint = nearest(section, [t.section for t in vocabulary.given])
        problems.append(Diagnostic(node.at, "unknown-type", f"A deal file has no part '{short(section)}'.", hint))
        return
    item, _, inner = rest.partition(".")
    field = inner if fact_type.plural else rest
    if field not in fact_type.fields and (rest or not fact_type.plural):
        form = f"{section}.<id>.<field>, or {section} alone" if fact_type.plural else f"{section}.<field>"
        hint = nearest(field, fact_type.fields) if field else f"write {form}"
        owner = f"{section}.{item}" if fact_type.plural and item else section
        problems.append(Diagnostic(node.at, "unknown-field", f"'{short(owner)}' has no field '{short(field)}'.", hint))


def _patterns(table: Mapping, key: str, library: Library, problems: Problems) -> tuple[Pattern, ...]:
    found: list[Pattern] = []
    for item in _items(table, key, problems) or ():
        condition = read_condition(item, Scope(library.rule_base.vocabulary, library.params, problems))
        if isinstance(condition, Pattern):
            found.append(condition)
        elif condition is not None:
            hint = "what must not hold stands under 'out'"
            problems.append(Diagnostic(item.at, "wrong-shape", f"Only patterns may stand in '{key}'.", hint))
    return tuple(found)
