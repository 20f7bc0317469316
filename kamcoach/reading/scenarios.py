"""Reading `*.test.yaml`: example deals with their expectations."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kamcoach.model.deal import Deal
from kamcoach.model.fact import Vocabulary
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Rule
from kamcoach.model.scenario import Scenario
from kamcoach.reading.deals import deal_of, read_as_of, read_deal
from kamcoach.reading.expectations import read_expectation
from kamcoach.reading.finding import is_there
from kamcoach.reading.hints import nearest
from kamcoach.reading.nodes import Mapping, Node, Scalar, read_file
from kamcoach.reading.shapes import Problems, check_keys, filled, is_list, is_mapping, short, text_of
from kamcoach.source import Diagnostic

_FILE_KEYS: Final = ("as_of", "rule", "shared", "scenarios")
_KEYS: Final = ("name", "row", "as_of", "given", "deal", "expect")


def scenario_file(rule: Rule) -> Path:
    """Where the scenarios of a rule are looked for; those of a table stand together."""
    return Path(rule.at.path).with_name(f"{rule.stem}.test.yaml")


def read_scenarios(path: Path, library: Library, problems: Problems) -> list[Scenario]:
    """All scenarios of one file; those that cannot be understood are left out (noted)."""
    found: Problems = []
    root = read_file(path, found)
    table = is_mapping(root, "A scenario file", found) if root is not None else None
    scenarios = _scenarios(table, path, library, found) if table is not None else []
    problems.extend(dict.fromkeys(found))  # what is shared is read with each scenario
    return scenarios


def _scenarios(table: Mapping, path: Path, library: Library, problems: Problems) -> list[Scenario]:
    check_keys(table, _FILE_KEYS, ("scenarios",), "A scenario file", problems)
    rule = _rule(table, path, library, problems)
    shared = filled(table, "shared")
    if shared is not None:
        is_mapping(shared, "'shared'", problems)
    listed = filled(table, "scenarios")
    items = is_list(listed, "'scenarios'", problems) if listed is not None else None
    if items is not None and not items.items:
        problems.append(Diagnostic(items.at, "empty-test", "There is no scenario here.", "begin each with `- name:`"))
    found = [_scenario(item, table, rule, path, library, problems) for item in (items.items if items else ())]
    return [scenario for scenario in found if scenario is not None]


def _rule(table: Mapping, path: Path, library: Library, problems: Problems) -> str:
    """The rule that the file is about: named, or of the file's own name; "" if there is none."""
    named = filled(table, "rule")
    if named is None:
        own = path.name.removesuffix(".test.yaml")
        return own if library.rule_base.named(own) else ""
    text = text_of(named, "'rule'", problems)
    if not library.rule_base.named(text):
        hint = nearest(text, dict.fromkeys(name for rule in library.rule_base.rules for name in (rule.id, rule.stem)))
        problems.append(Diagnostic(named.at, "unknown-rule", f"There is no rule '{short(text)}'.", hint))
        return ""
    return text


def _scenario(node: Node, file: Mapping, rule: str, path: Path, library: Library, problems: Problems) -> Scenario | None:
    table = is_mapping(node, "A scenario", problems)
    if table is None:
        return None
    before = len(problems)
    check_keys(table, _KEYS, ("name", "expect"), "A scenario", problems)
    deal = _deal(table, file, path, library.rule_base.vocabulary, problems)
    name = text_of(table.get("name"), "'name'", problems)
    rule = _row(table, rule, path, library, problems)
    expect = filled(table, "expect")
    expectation = read_expectation(expect, library, problems) if expect is not None else None
    if deal is None or expectation is None or len(problems) > before:
        return None
    return Scenario(name, rule, deal, table.at, expectation)


def _row(table: Mapping, rule: str, path: Path, library: Library, problems: Problems) -> str:
    """The rule of a scenario: that of the row which it names, else that of the file."""
    node = filled(table, "row")
    name = text_of(node, "'row'", problems)
    if node is None or not name or library.rule(f"{rule}/{name}") is not None:
        return f"{rule}/{name}" if name else rule
    if not rule and is_there(path.with_name(path.name.replace(".test.", "."))):
        return ""  # what is wrong with the rule is told there
    rows = [one.id.partition("/")[2] for one in library.rule_base.named(rule) if one.id != rule]
    message = f"The table has no row '{short(name)}'." if rows else "The rule of this file has no table."
    problems.append(Diagnostic(node.at, "unknown-rule", message, nearest(name, rows) if rows else "take `row:` away"))
    return rule


def _deal(table: Mapping, file: Mapping, path: Path, vocabulary: Vocabulary, problems: Problems) -> Deal | None:
    """The deal of a scenario. A whole deal takes the scenario's date before its own; the file's date serves where there is no other."""
    named, given = filled(table, "deal"), table.get("given")
    own, common = read_as_of(table, problems), read_as_of(file, problems)
    if named is not None:
        if given is not None:
            problems.append(Diagnostic(given.at, "wrong-shape", "A scenario has 'given' or 'deal', not both.", "take one of them away"))
        deal = _whole(named, path.parent, vocabulary, problems)
        return deal._replace(as_of=own or deal.as_of or common) if deal is not None else None
    if given is None:
        hint = "`given: {}` is a deal of which nothing is known"
        problems.append(Diagnostic(table.at, "missing-key", "A scenario needs 'given' or 'deal'.", hint))
        return None
    inner = is_mapping(given, "'given'", problems)
    merged = _merge(file.get("shared"), inner) if inner is not None else None
    deal = deal_of(merged, str(path), vocabulary, problems, partial=True) if merged is not None else None
    return deal._replace(as_of=deal.as_of or own or common) if deal is not None else None


def _whole(named: Node, folder: Path, vocabulary: Vocabulary, problems: Problems) -> Deal | None:
    """A deal file, named by its path from the scenario file."""
    path = folder / text_of(named, "'deal'", problems)
    if not is_there(path):
        message = f"There is no deal file {short(path.name)} there."
        problems.append(Diagnostic(named.at, "unreadable-file", message, "the path counts from the folder of this file"))
        return None
    return read_deal(path, vocabulary, problems)


def _merge(shared: Node | None, given: Mapping) -> Mapping:
    """`shared` under `given`: tables merge key by key, everything else is replaced."""
    if not isinstance(shared, Mapping):
        return given
    own = {key.text: value for key, value in given.entries}
    entries: list[tuple[Scalar, Node]] = []
    merged: set[str] = set()
    for key, value in shared.entries:
        mine = own.get(key.text)
        if isinstance(value, Mapping) and isinstance(mine, Mapping):
            entries.append((key, _merge(value, mine)))
            merged.add(key.text)
        elif mine is None:
            entries.append((key, value))
    return Mapping(given.at, (*entries, *((k, v) for k, v in given.entries if k.text not in merged)))
