"""Tables, lists, keys and texts."""

from __future__ import annotations

import pytest

from kamcoach.reading.nodes import Mapping, Node
from kamcoach.reading.shapes import bool_of, check_keys, is_list, is_mapping, number_of, short, text_of, words_of
from tests.reading.reading import node, only, told

ALLOWED = ("title", "name", "list")


def _table(text: str) -> Mapping:
    found = node(text, [])
    assert isinstance(found, Mapping)
    return found


def _value(text: str) -> Node:
    found = _table(f"a: {text}").get("a")
    assert found is not None
    return found


KEYS = [
    ("titel: x\n", "unknown-key", "titel", "did you mean 'title'?"),
    ("qqq: x\n", "unknown-key", "qqq", "it can be title, name, list"),
    ("{title: one, two, name: x}\n", "unknown-key", "two", "comma"),
    ("{title: one，two, three}\n", "unknown-key", "three", "comma"),
    ("{title:x}\n", "unknown-key", "title:x", "space after the colon"),
    ("{title：x}\n", "unknown-key", "title：x", "full-width"),
    ("{name: x, http://x.com}\n", "unknown-key", "http", "comma"),
]


@pytest.mark.parametrize(("text", "code", "place", "hint"), KEYS, ids=[text for text, *_ in KEYS])
def test_a_key_that_may_not_stand_here(text: str, code: str, place: str, hint: str) -> None:
    check_keys(_table(text), ALLOWED, (), "This", problems := [])
    only(text, problems, code, place, hint)


def test_what_is_missing_is_told_at_the_table_and_what_is_empty_at_its_key() -> None:
    text = "x:\n  title:\n  list: ''\n"
    inner = _table(text).get("x")
    assert isinstance(inner, Mapping)
    check_keys(inner, ALLOWED, ALLOWED, "This", problems := [])
    assert told(text, problems) == [("missing-key", "title:"), ("missing-key", "title:"), ("missing-key", "list: ''")]
    assert [one.message for one in sorted(problems, key=lambda one: one.message)] == [
        "This needs 'list', which is empty here.",
        "This needs 'name'.",
        "This needs 'title', which is empty here.",
    ]


SHAPES = [
    ("[x]", is_mapping, "without a `-`"),
    ("x", is_mapping, ""),
    ("", is_mapping, ""),
    ("x:y", is_mapping, "space after the colon"),
    ("x：y", is_mapping, "full-width"),
    ("x", is_list, "write [x]"),
    ("{x: y}", is_list, "begin each entry with `- `"),
    ("{}", is_list, "write []"),
    ("none", is_list, "write []"),
    ("无", is_list, "write []"),
    ("", is_list, ""),
]


@pytest.mark.parametrize(("text", "check", "hint"), SHAPES)
def test_another_shape_than_is_wanted(text: str, check: object, hint: str) -> None:
    assert callable(check)
    assert check(_value(text), "This", problems := []) is None
    assert [one.code for one in problems] == ["wrong-shape"]
    assert hint in problems[0].hint


def test_texts_and_words() -> None:
    problems: list = []
    assert text_of(_value("x"), "This", problems) == "x"
    assert text_of(_value("null"), "This", problems) == ""
    assert text_of(None, "This", problems) == ""
    assert words_of(_value("{en: a, zh: 甲}"), "This", problems) == {"en": "a", "zh": "甲"}
    assert words_of(_value("a"), "This", problems) == {"en": "a", "zh": "a"}
    assert words_of(None, "This", problems) == {}
    assert problems == []
    assert words_of(_value("{en: a, de: b}"), "This", problems) == {"en": "a"}
    assert text_of(_value("[a]"), "This", problems) == ""
    assert words_of(_value("{en: [a]}"), "This", problems) == {"en": ""}
    assert [one.code for one in problems] == ["unknown-key", "wrong-shape", "wrong-shape"]


def test_yes_and_no_and_numbers() -> None:
    problems: list = []
    assert bool_of(_value("true"), "This", problems) is True
    assert bool_of(None, "This", problems) is False
    assert number_of(_value("0.5"), "This", problems) == 0.5
    assert number_of(None, "This", problems) is None
    assert problems == []
    for text in ("yes", "'true'", "[true]"):
        assert bool_of(_value(text), "This", problems) is False
    for text in ("ten", "'1'", "[1]", "1e3"):
        assert number_of(_value(text), "This", problems) is None
    assert {one.code for one in problems} == {"wrong-type"}
    assert len(problems) == 7


def test_a_long_text_is_cut_to_one_line() -> None:
    assert short("a\n  b") == "a b"
    assert len(short("x" * 1000)) == 40
