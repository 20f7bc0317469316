"""Whatever stands in a file, it is either read or told in diagnostics; what was read without a fault can be worked out."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kamcoach.coaching import check_deal, run_scenario
from kamcoach.engine import infer
from kamcoach.model.deal import Deal
from kamcoach.model.rulebase import CircleThroughNegation, layer
from kamcoach.reading.deals import read_deal, read_deal_text
from kamcoach.reading.finding import shipped
from kamcoach.reading.nodes import Refused, decode, parse
from kamcoach.reading.playbooks import read_params
from kamcoach.reading.rows import read_rules
from kamcoach.reading.rules import read_checks
from kamcoach.reading.scenarios import read_scenarios
from kamcoach.reading.tables import Tables
from kamcoach.reading.vocabulary import read_vocabulary
from kamcoach.source import Diagnostic
from tests.reading.bad_files import library
from tests.reading.mutations import mutated, texts, wild

DAY = date(2026, 3, 2)
EXAMPLES = texts(shipped("examples"), "*.yaml")
RULES = [text for text in texts(shipped("rules"), "*.yaml") if "\nthen:" in text]
SCENARIOS = texts(shipped("rules"), "*.test.yaml")
VOCABULARY = (shipped("rules") / "vocabulary.yaml").read_text(encoding="utf-8")
RULE = "id: case\ntitle: x\nwhy: x\nsource: x\n"
tried = settings(max_examples=int(os.environ.get("KAMCOACH_EXAMPLES", "300")), deadline=None, suppress_health_check=list(HealthCheck))


def told(problems: list[Diagnostic], name: str, text: str) -> None:
    """Every diagnostic is a sentence with a place that is in the file."""
    lines = text.count("\n") + text.count("\r") + sum(map(text.count, "\x85\u2028\u2029")) + 1
    for one in problems:
        assert one.at.path == name
        assert 1 <= one.at.line <= lines
        assert one.at.column >= 1
        assert one.message.endswith((".", "?"))


def sound(text: str, read: Callable[[bytes, list[Diagnostic]], None]) -> None:
    problems: list[Diagnostic] = []
    try:
        read(text.encode("utf-8", "surrogatepass"), problems)
    except Refused as refused:
        problems.append(refused.diagnostic)
    told(problems, "some.yaml", text)


def deal(data: bytes, problems: list[Diagnostic]) -> None:
    found = read_deal_text(data, "some.yaml", library().rule_base.vocabulary, problems)
    if found is not None and not problems:
        list(check_deal(found, library()))
        infer(library().rule_base, found.facts, DAY)


def deals() -> list[Deal]:
    found = [read_deal(path, library().rule_base.vocabulary, []) for path in sorted(shipped("examples").glob("*.yaml"))]
    return [one for one in found if one is not None]


def rule(data: bytes, problems: list[Diagnostic]) -> None:
    base = library().rule_base
    root = parse(decode(data, "some.yaml"), "some.yaml", problems)
    found = read_rules(root, base.vocabulary, base.params, Tables(), problems) if root is not None else ()
    if not found or problems:
        return
    try:
        alone = layer(base.vocabulary, found, base.params)
    except CircleThroughNegation:
        return
    for one in deals():
        infer(alone, one.facts, DAY)


def vocabulary(data: bytes, problems: list[Diagnostic]) -> None:
    root = parse(decode(data, "some.yaml"), "some.yaml", problems)
    if root is not None:
        read_checks([root], read_vocabulary([root], problems), problems)


def params(data: bytes, problems: list[Diagnostic]) -> None:
    root = parse(decode(data, "some.yaml"), "some.yaml", problems)
    read_params(root, {}, problems)


@tried
@given(mutated(EXAMPLES))
def test_deals_gone_wrong(text: str) -> None:
    sound(text, deal)


@tried
@given(mutated(RULES))
def test_rules_gone_wrong(text: str) -> None:
    sound(text, rule)


@tried
@given(wild(library().rule_base.vocabulary), wild(library().rule_base.vocabulary))
def test_rules_of_any_shape(when: str, then: str) -> None:
    sound(f"{RULE}when: [{when}]\nthen: [{then}]\n", rule)
    sound(f"{RULE}when: {when}\nthen:\n  - conclude: {then}\n", rule)


@tried
@given(wild(library().rule_base.vocabulary))
def test_files_of_any_shape(text: str) -> None:
    for read in (deal, rule, vocabulary, params):
        sound(text, read)


@tried
@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
@example("\ufeff\ufeffa: b")
@example("a: \x85b\u2028: c")
@example("a\rb: c: d\r")
def test_any_text(text: str) -> None:
    sound(text, deal)


@settings(tried, max_examples=tried.max_examples // 10)
@given(mutated([VOCABULARY]))
def test_vocabularies_gone_wrong(text: str) -> None:
    sound(text, vocabulary)


@tried
@given(mutated(SCENARIOS))
def test_scenarios_gone_wrong(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "some.test.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    problems: list[Diagnostic] = []
    for one in read_scenarios(path, library(), problems):
        run_scenario(one, library())
    told([one._replace(at=one.at._replace(path="some.yaml")) for one in problems if Path(one.at.path) == path], "some.yaml", text)
