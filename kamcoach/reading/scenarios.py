"""Reading `*.test.yaml`: example deals with their expectations."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kamcoach.model.condition import Pattern
from kamcoach.model.deal import Deal
from kamcoach.model.fact import Vocabulary
from kamcoach.model.playbook import Library
from kamcoach.model.scenario import Expectation, Scenario
from kamcoach.reading.conditions import read_condition
from kamcoach.reading.deals import deal_of, read_deal
from kamcoach.reading.fields import Problems, check_keys, is_list, is_mapping, nearest, text_of
from kamcoach.reading.nodes import Mapping, Node, Scalar, read_file
from kamcoach.reading.scope import Scope
from kamcoach.source import Diagnostic

_EXPECT_KEYS: Final = ("fires", "about", "certain", "possible", "out", "asks", "actions", "do_not", "advice", "questions")
_FIRES: Final = ("certainly", "possibly", "never")


def read_scenarios(path: Path, library: Library, problems: Problems) -> list[Scenario]:
    """All scenarios of one file; those that cannot be understood are left out (noted)."""
    root = read_file(path, problems)
    table = is_mapping(root, "A scenario file", problems) if root is not None else None
    if table is None:
        return []
    check_keys(table, ("as_of", "rule", "shared", "scenarios"), ("scenarios",), "A scenario file", problems)
    rule = text_of(table.get("rule"), "'rule'", problems) or path.name.removesuffix(".test.yaml")
    listed = table.get("scenarios")
    items = is_list(listed, "'scenarios'", problems) if listed is not None else None
    found = [_scenario(item, table, rule if library.rule(rule) else "", path, library, problems) for item in (items.items if items else ())]
    return [scenario for scenario in found if scenario is not None]


def _scenario(node: Node, file: Mapping, rule: str, path: Path, library: Library, problems: Problems) -> Scenario | None:
    table = is_mapping(node, "A scenario", problems)
    if table is None:
        return None
    before = len(problems)
    check_keys(table, ("name", "as_of", "given", "deal", "expect"), ("name", "expect"), "A scenario", problems)
    vocabulary = library.rule_base.vocabulary
    deal = _deal(table, file, path, vocabulary, problems)
    expect = table.get("expect")
    if deal is None or expect is None:
        return None
    expectation = _expectation(expect, library, problems)
    name = text_of(table.get("name"), "'name'", problems)
    return Scenario(name, rule, deal, table.at, expectation) if len(problems) == before else None


def _deal(table: Mapping, file: Mapping, path: Path, vocabulary: Vocabulary, problems: Problems) -> Deal | None:
    named = table.get("deal")
    if named is not None:
        return read_deal(path.parent / text_of(named, "'deal'", problems), vocabulary, problems)
    given = table.get("given")
    if given is None:
        problems.append(Diagnostic(table.at, "missing-key", "A scenario needs 'given' or 'deal'."))
        return None
    inner = is_mapping(given, "'given'", problems)
    if inner is None:
        return None
    as_of = tuple((Scalar(node.at, "as_of", plain=True), node) for source in (table, file) if (node := source.get("as_of")) is not None)[:1]
    merged = _merge(file.get("shared"), inner)
    if merged.get("as_of") is None:
        merged = Mapping(merged.at, (*as_of, *merged.entries))
    return deal_of(merged, str(path), vocabulary, problems, partial=True)


def _merge(shared: Node | None, given: Mapping) -> Mapping:
    """`shared` under `given`: tables merge key by key, everything else is replaced."""
    if not isinstance(shared, Mapping):
        return given
    own = {key.text: value for key, value in given.entries}
    entries: list[tuple[Scalar, Node]] = []
    for key, value in shared.entries:
        mine = own.get(key.text)
        if isinstance(value, Mapping) and isinstance(mine, Mapping):
            entries.append((key, _merge(value, mine)))
        elif mine is None:
            entries.append((key, value))
    merged = {key.text for key, value in shared.entries if isinstance(value, Mapping) and isinstance(own.get(key.text), Mapping)}
    return Mapping(given.at, (*entries, *((k, v) for k, v in given.entries if k.text not in merged)))


def _expectation(node: Node, library: Library, problems: Problems) -> Expectation:
    table = is_mapping(node, "'expect'", problems)
    if table is None:
        return Expectation()
    check_keys(table, _EXPECT_KEYS, (), "'expect'", problems)
    if not table.entries:
        problems.append(Diagnostic(table.at, "empty-test", "'expect' says nothing.", f"it can be {', '.join(_EXPECT_KEYS)}"))
    names = [_names(table.get(key), key, problems) for key in ("about", "asks", "actions", "do_not", "advice", "questions")]
    about, asks, actions, do_not, advice, questions = names
    for group, key in ((actions, "actions"), (do_not, "do_not"), (advice, "advice")):
        _check_rules(group, key, table, library, problems)
    certain, possible, out = (_patterns(table.get(key), key, library, problems) for key in ("certain", "possible", "out"))
    return Expectation(_fires(table.get("fires"), problems), about, certain, possible, out, asks, actions, do_not, advice, questions)


def _fires(node: Node | None, problems: Problems) -> str | None:
    if node is None:
        return None
    text = text_of(node, "'fires'", problems)
    if text not in _FIRES:
        problems.append(Diagnostic(node.at, "unknown-value", f"'fires' is never '{text}'.", nearest(text, _FIRES)))
    return text


def _names(node: Node | None, what: str, problems: Problems) -> tuple[str, ...] | None:
    if node is None:
        return None
    listed = is_list(node, f"'{what}'", problems)
    return tuple(text_of(item, f"'{what}'", problems) for item in (listed.items if listed else ()))


def _check_rules(names: tuple[str, ...] | None, what: str, table: Mapping, library: Library, problems: Problems) -> None:
    known = {rule.id for rule in library.rule_base.rules}
    for name in names or ():
        if name not in known:
            node = table.get(what)
            problems.append(Diagnostic(node.at if node else table.at, "unknown-rule", f"There is no rule '{name}'.", nearest(name, known)))


def _patterns(node: Node | None, what: str, library: Library, problems: Problems) -> tuple[Pattern, ...]:
    if node is None:
        return ()
    listed = is_list(node, f"'{what}'", problems)
    found: list[Pattern] = []
    for item in listed.items if listed else ():
        condition = read_condition(item, Scope(library.rule_base.vocabulary, library.params, problems))
        if isinstance(condition, Pattern):
            found.append(condition)
        elif condition is not None:
            problems.append(Diagnostic(item.at, "wrong-shape", f"Only patterns may stand in '{what}'."))
    return tuple(found)
