"""Text that is not readable YAML: the place and the way out, in a trainer's words."""

from __future__ import annotations

import pytest

from tests.reading.reading import node, only

FAULTS = [
    ("a:\n\tb: 1\n", "\t", "spaces"),
    ("a:\n  b: 1\n\tc: 2\n", "\t", "spaces"),
    ("a:\n\u3000b: 1\n  c: 2: 3\n", "\u3000", "ordinary spaces"),
    ("a：\n  b: 1\n", "：", "':' and a space"),
    ("a:\n  b：1\n  c: 2\n", "：1", "':' and a space"),
    ("a: {b: 1， c: 2}\n", "， c", "',' and a space"),
    ("a: {b: 1，c：2}: x\n", "，c", "',' and a space"),
    ("a: 【{b: 1}】\n", "【", "[ ]"),
    ("a: “x: y”\n", "“x", '"'),
    ("a:\n  – b\n  c: 1\n", "– b", "'-' and a space"),
    ("a:\n  - power: >= 4\n", ">= 4", "at_least"),
    ("a: {power: >= 4}\n", ">= 4", "at_least"),
    ("a: {power: ≥ 4: 5}\n", "≥ 4", "at_least"),
    ("a: {power: > $params.x}\n", "> $", "above"),
    ("when:\n  in_contest\n  - none: {a: b}\n", "in_contest", "dash"),
    ("when:\n  - a\n  none: {a: b}\n", "none", "- "),
    ("when:\n  - a: {b: 1}\n  as: x\n", "as: x", "indent it by two"),
    ("a:\n  b: 1\n c: 2\n", "c: 2", "same column"),
    ("a: b: c\n", ": c", "quotes"),
    ("a:b\nc: 1\n", "b", "space after the colon"),
    ("a: - b\n", "- b", "line of its own"),
    ("a: 1\nb\n", "b", "key: value"),
    ('a: "x\nb: 1\n', '"x', "close it"),
    ("a: 'it's'\n", "s'", "quotation mark"),
    ('a: "he said "x" y"\n', 'x"', "quotation mark"),
    ("a: [1, 2\nb: 3\n", "[1", "close it with ]"),
    ("a: {b: 1\n", "{b", "close it with }"),
    ("a: {b: [c}\n", "}", "count the brackets"),
    ("a: {b: c: d}\n", ": d", "quotes"),
    ('a: {b: "c" d}\n', "d}", "count the brackets"),
    ("a: [1]]\n", "]", "brackets"),
    ("a: ]\n", "]", "brackets"),
    ("a: @x\n", "@x", "quotes"),
    ("a: `x`\n", "`x`", "quotes"),
    ("a: %x\n", "%x", "quotes"),
    ("a: *\n", "", "quotes"),
    ("a: **bold**\n", "*bold", "quotes"),
    ("%x\n", "", "quotes"),
    ("%YAML 3.0\n---\na: 1\n", "%YAML", "line away"),
    ('a: "x\\qy"\n', "", "'…'"),
    ('a: "\\xzz"\n', "", "'…'"),
    ('a: "\\ud800"\n', "", "character"),
    ("a: !y!x 1\n", "", "quotes"),
    (" a: 1\nb: 2\n", "b: 2", "same column"),
]


@pytest.mark.parametrize(("text", "place", "hint"), FAULTS, ids=[repr(text) for text, _, _ in FAULTS])
def test_the_fault_is_shown_where_it_is(text: str, place: str, hint: str) -> None:
    node(text, problems := [])
    only(text, problems, "yaml-syntax", place, hint)


PARSER = ("token", "scalar", "mapping values", "expected", "stream", "indicator", "context", "block", "flow")


@pytest.mark.parametrize("text", [text for text, _, _ in FAULTS], ids=repr)
def test_no_word_of_the_parser_is_told(text: str) -> None:
    node(text, problems := [])
    assert not [word for word in PARSER if word in str(problems[0]).lower()]


def test_chinese_punctuation_inside_a_text_is_not_blamed() -> None:
    text = "why: {en: x, zh: 先看，再问：“为什么”。}\nb: c: d\n"
    node(text, problems := [])
    only(text, problems, "yaml-syntax", ": d", "quotes")


def test_what_was_told_before_the_fault_stays() -> None:
    node("x: {a: 1, a: 2}\nb: c: d\n", problems := [])
    assert [one.code for one in problems] == ["repeated-key", "yaml-syntax"]
