"""Reader and schema take and refuse the same files: the shipped ones, the broken ones, and sound ones in which something was exchanged."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from kamcoach.reading.deals import deal_of
from kamcoach.reading.finding import rule_files, scenario_files, shipped
from kamcoach.reading.library import read_library
from kamcoach.reading.nodes import Node, read_file
from kamcoach.reading.rows import read_rules
from kamcoach.reading.rules import read_checks
from kamcoach.reading.scenarios import read_scenarios
from kamcoach.reading.tables import Tables
from kamcoach.reading.vocabulary import read_vocabulary
from kamcoach.schema import schema_of
from kamcoach.source import Diagnostic
from tests.reading.bad_files import BAD, found, library, unmarked
from tests.schema.agreement import BEYOND, agree, errors, refused, root_of, shipped_schema
from tests.schema.trees import exchanged, written
from tests.schema.views import view
from tests.small_library import SmallLibrary, Team

Read = Callable[[Node, str, Path], list[Diagnostic]]
FOLDERS = {"deals": "deal", "rules": "rule", "scenarios": "scenario", "playbooks": "playbook", "vocabulary": "vocabulary"}
BROKEN = sorted(BAD.rglob("*.yaml"))
CHECKS = {check.rule.id for check in library().checks}
tried = settings(
    max_examples=int(os.environ.get("KAMCOACH_EXAMPLES", "250")), deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
TEAM = """
id: team
title: {en: Team, zh: 团队}
extends: ../small
params:
  few: 3
  own: {value: 3, type: int, unit: days, min: 1, max: 9, meaning: {en: own, zh: 自家}}
  part: {value: 0.6, type: ratio, meaning: x}
ranking: {severity: {critical: 90}, lens_order: [who], first_lens: 3, staged: 2.5, repeated: -1, actions: 4, do_not: 0, questions: 9}
shows: {value: stage, claimed: order claimed, evidence: evidence stage sign, person: person, strategy: own}
sections: {tale: {en: Tale, zh: 故事}}
replaces: {plays: []}
"""


@cache
def shipped_files(kind: str) -> list[Path]:
    if kind in ("rule", "scenario"):
        return list((rule_files if kind == "rule" else scenario_files)(shipped("rules")))
    if kind == "deal":
        return sorted(shipped("examples").glob("*.yaml"))
    return [shipped("rules") / "vocabulary.yaml"] if kind == "vocabulary" else list(shipped("playbooks").glob("*/playbook.yaml"))


def tree(path: Path) -> Any:
    root = read_file(path, [])
    assert root is not None
    return view(root)


def view_of(text: str) -> Any:
    root = root_of(text)
    assert root is not None
    return view(root)


# ── files that are there ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", FOLDERS.values())
def test_every_shipped_file_is_taken(kind: str) -> None:
    assert shipped_files(kind)
    for path in shipped_files(kind):
        root = read_file(path, [])
        assert root is not None
        assert refused(shipped_schema(kind), root) == [], path


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_broken_file_is_refused_unless_what_is_wrong_cannot_be_said(path: Path, tmp_path: Path) -> None:
    root = root_of(unmarked(path, tmp_path).read_text(encoding="utf-8"))
    if root is None:
        assert {one.code for one in errors(found(path))} & set(BEYOND)
        return
    agree(shipped_schema(FOLDERS[path.parent.name]), root, list(found(path)), CHECKS)


def test_most_broken_files_are_seen_by_a_schema() -> None:
    """So that the list of what cannot be said does not swallow the rest."""
    codes = [{one.code for one in errors(found(path))} for path in BROKEN]
    assert sum(not one <= {*BEYOND, *CHECKS} for one in codes) > len(BROKEN) / 2


# ── files that were made ──────────────────────────────────────────────────────────────────────────────────────────────


def read_deal(root: Node, _text: str, _folder: Path) -> list[Diagnostic]:
    deal_of(root, "case.yaml", library().rule_base.vocabulary, problems := [])
    return problems


def read_a_rule(root: Node, _text: str, _folder: Path) -> list[Diagnostic]:
    base = library().rule_base
    read_rules(root, base.vocabulary, base.params, Tables(), problems := [])
    return problems


def read_a_scenario(_root: Node, text: str, folder: Path) -> list[Diagnostic]:
    path = folder / "case.test.yaml"
    path.write_text(text, encoding="utf-8")
    read_scenarios(path, library(), problems := [])
    return problems


def read_a_vocabulary(root: Node, _text: str, _folder: Path) -> list[Diagnostic]:
    read_vocabulary([root], problems := [])
    return problems


def read_deal_checks(root: Node, _text: str, _folder: Path) -> list[Diagnostic]:
    read_vocabulary([root], problems := [])
    read_checks([root], library().rule_base.vocabulary, problems)
    return problems


def small_vocabulary() -> list[Any]:
    whole = tree(BAD.parent / "small.yaml")
    del whole["checks"]
    return [whole]


CASES: list[tuple[str, Callable[[], list[Any]], Read, str]] = [
    ("deal", lambda: [tree(path) for path in shipped_files("deal")], read_deal, ""),
    ("rule", lambda: [tree(path) for path in shipped_files("rule")], read_a_rule, ""),
    ("scenario", lambda: [tree(path) for path in shipped_files("scenario")], read_a_scenario, "shared"),
    ("vocabulary", small_vocabulary, read_a_vocabulary, ""),
    ("vocabulary", lambda: [{"checks": [one]} for one in tree(shipped_files("vocabulary")[0])["checks"]], read_deal_checks, "when"),
]


@pytest.mark.parametrize(("kind", "trees", "read", "kept"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_sound_files_in_which_something_was_exchanged(
    kind: str, trees: Callable[[], list[Any]], read: Read, kept: str, tmp_path: Path
) -> None:
    parted_never(shipped_schema(kind), trees(), lambda root, text: read(root, text, tmp_path), kept, CHECKS)


def test_playbooks_in_which_something_was_exchanged(library: SmallLibrary) -> None:
    team = Team(library.folder.parent / "team", "../small")
    path = team.write("playbook.yaml", TEAM)
    schema = Draft7Validator(schema_of("playbook", team.load()))

    def read(_root: Node, text: str) -> list[Diagnostic]:
        path.write_text(text, encoding="utf-8")
        read_library(team.folder, problems := [])
        return [one for one in problems if Path(one.at.path) == path]

    # what it extends decides which names there are; the range of a new parameter stands on another line
    parted_never(schema, [view_of(TEAM)], read, "extends", CHECKS | {"out-of-range"})


def parted_never(
    schema: Draft7Validator, sound: list[Any], read: Callable[[Node, str], list[Diagnostic]], kept: str, beyond: set[str]
) -> None:
    taken = 0

    @tried
    @given(st.randoms(use_true_random=False))
    def case(random: Random) -> None:
        nonlocal taken
        text = written(exchanged(random, sound, kept))
        root = root_of(text)
        if root is not None:
            problems = read(root, text)
            taken += not errors(problems)
            agree(schema, root, problems, beyond)

    case()
    assert taken > 0, "no file that the reader takes was tried"
