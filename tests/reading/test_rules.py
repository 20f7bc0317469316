"""Rule files as a whole, and the checks of the vocabulary."""

from __future__ import annotations

import pytest

from kamcoach.source import Location
from tests.reading.reading import HEAD, only, rule, told, vocabulary

RULE = "id: case-seen\ntitle: {en: Case, zh: 情况}\nwhen: [quiet]\nthen: [conclude: alarm]\nwhy: {en: x, zh: x}\nsource: x\n"


def test_a_rule_keeps_its_words_and_its_place() -> None:
    found, problems = rule(f"# words\n{RULE}")
    assert problems == []
    assert found is not None
    assert (found.id, found.title, found.at) == ("case-seen", {"en": "Case", "zh": "情况"}, Location("case.yaml", 2, 1))


def test_a_single_condition_needs_no_dash() -> None:
    assert rule(RULE.replace("[quiet]", "quiet"))[1] == []


FAULTS = [
    (RULE.replace("case-seen", "情" * 80), "too-long", "情", "a few words are enough"),
    (RULE + "wen: x\n", "unknown-key", "wen", "did you mean 'when'"),
    (RULE.replace("source: x\n", ""), "missing-key", "id:", ""),
    (RULE.replace("source: x", "source:"), "missing-key", "source", ""),
    (RULE.replace("when: [quiet]", "when:"), "missing-key", "when", ""),
    (RULE.replace("when: [quiet]", "when: []"), "empty-test", "[]", "line with `- `"),
    (RULE.replace("then: [conclude: alarm]", "then:"), "missing-key", "then", ""),
    (RULE.replace("then: [conclude: alarm]", "then: []"), "empty-test", "[]", "conclude"),
    (RULE.replace("case-seen", "Case Seen"), "bad-key", "Case Seen", "write case-seen"),
    (RULE.replace("case-seen", "case_seen"), "bad-key", "case_seen", "write case-seen"),
    (RULE.replace("case-seen", "-"), "yaml-syntax", "-", ""),
    (RULE.replace("case-seen", "[case]"), "wrong-shape", "[case]", "without […]"),
    (RULE.replace("{en: Case, zh: 情况}", "{en: Case, de: Fall}"), "unknown-key", "de", "en, zh"),
    (RULE.replace("{en: Case, zh: 情况}", "{en: Case, and more, zh: 情况}"), "unknown-key", "and more", "comma"),
    (RULE.replace("{en: Case, zh: 情况}", "{en: Case: more, zh: 情况}"), "yaml-syntax", "", "quotes"),
    (RULE.replace("{en: Case, zh: 情况}", "[Case]"), "wrong-shape", "[Case]", ""),
    (RULE + "replaces: yes\n", "wrong-type", "yes", "write true"),
    ("- " + RULE.replace("\n", "\n  ").rstrip() + "\n", "wrong-shape", "- id", "without a `-`"),
    ("quiet\n", "wrong-shape", "quiet", ""),
]


@pytest.mark.parametrize(("text", "code", "place", "hint"), FAULTS, ids=[f"{code}-{place}" for _, code, place, _ in FAULTS])
def test_each_fault_at_its_place_with_the_way_out(text: str, code: str, place: str, hint: str) -> None:
    found, problems = rule(text)
    assert found is None
    only(text, problems, code, place, hint)


def test_every_problem_of_a_rule_in_one_pass() -> None:
    text = f"{HEAD}when:\n  - quiet: true\n  - persn: {{}}\nthen:\n  - conclude: alrm\n  - advise: {{play: x}}\nwy: x\n"
    assert [code for code, _ in told(text, rule(text)[1])] == [
        "missing-key",
        "missing-key",
        "wrong-shape",
        "unknown-type",
        "undeclared-conclusion",
        "missing-key",
        "missing-key",
        "unknown-key",
    ]


FACTS = "facts: {thing: {list: things, key: id, fields: {id: {type: key}, day: {type: date}}}}\n"
CHECK = "id: too-late, when: [{thing: {day: known}, as: t}], at: $t.day, message: x"


def _check(old: str, new: str) -> str:
    return f"{FACTS}checks:\n  - {{{CHECK.replace(old, new)}}}\n"


CHECKS = [
    (_check("too-late", "Too late"), "bad-key", "Too late", "too-late"),
    (_check("$t.day", "$t.dya"), "unknown-field", "$t.dya", "did you mean 'day'"),
    (_check("$t.day", "$x.day"), "unbound-name", "$x.day", "it can be t"),
    (_check("message: x", "message: x, severity: bad"), "unknown-value", "bad", "error or warning"),
    (_check("message: x", "text: x"), "missing-key", "{id", ""),
    (_check("day: known", "dy: known"), "unknown-field", "dy", "did you mean 'day'"),
    (_check("[{thing: {day: known}, as: t}]", "[]"), "empty-test", "[]", ""),
    (f"{FACTS}checks: {{too-late: x}}\n", "wrong-shape", "{too-late", "begin each entry"),
    (f"{FACTS}checks: [x]\n", "wrong-shape", "x", ""),
    (f"{FACTS}checks:\n  - {{{CHECK}}}\n  - {{{CHECK}}}\n", "repeated-id", "{id", "case.yaml:3"),
]


@pytest.mark.parametrize(("text", "code", "place", "hint"), CHECKS, ids=[f"{code}-{place}" for _, code, place, _ in CHECKS])
def test_checks_are_read_like_rules(text: str, code: str, place: str, hint: str) -> None:
    codes = [one.code for one in vocabulary(text)[1]]
    assert code in codes
    first = next(one for one in vocabulary(text)[1] if one.code == code)
    assert hint in first.hint
    assert codes in ([code], ["missing-key", "unknown-key"], ["unknown-key", "missing-key"], ["empty-test", "unbound-name"])
    assert place in text.split("\n")[first.at.line - 1][first.at.column - 1 :]
