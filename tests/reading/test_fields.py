"""Values against the declaration of their field."""

from __future__ import annotations

from datetime import date

import pytest

from kamcoach.reading.fields import describe, read_value, scalar_value
from kamcoach.reading.nodes import Mapping, Node, Scalar
from kamcoach.source import Location
from tests.reading.reading import SMALL, node, pointed

FIELDS = {**SMALL.types["person"].fields, **SMALL.types["firm"].fields}
AT = Location("", 1, 1)


def _node(text: str) -> Node:
    root = node(f"{{a: {text}}}", [])
    assert isinstance(root, Mapping)
    found = root.get("a")
    assert found is not None
    return found


RIGHT = [
    ("name", "李工", "李工"),
    ("name", "no", "no"),
    ("name", "010", "010"),
    ("name", "2026-03-01", "2026-03-01"),
    ("name", "'unknown'", "unknown"),
    ("id", "li-2", "li-2"),
    ("id", "李工", "李工"),
    ("id", "7", "7"),
    ("power", "0", 0),
    ("power", "+5", 5),
    ("price.asked", "18000000", 18_000_000),
    ("price.asked", "0.5", 0.5),
    ("price.off", "12.5", 12.5),
    ("part", "1", 1),
    ("met", "2026-03-01", date(2026, 3, 1)),
    ("friendly", "true", True),
    ("friendly", "false", False),
    ("kind", "new", "new"),
    ("roles", "[user, buyer, user]", ("buyer", "user")),
    ("roles", "[]", ()),
    ("words", "[b, a]", ("a", "b")),
    ("boss", "li", "li"),
]


@pytest.mark.parametrize(("field", "text", "wanted"), RIGHT)
def test_a_value_that_fits(field: str, text: str, wanted: object) -> None:
    assert read_value(_node(text), FIELDS[field], SMALL, problems := []) == wanted
    assert problems == []


@pytest.mark.parametrize("text", ["unknown", "null", "~", ""])
@pytest.mark.parametrize("field", ["name", "power", "roles", "met", "friendly", "kind", "boss"])
def test_what_is_not_known_has_no_value(field: str, text: str) -> None:
    assert read_value(_node(text), FIELDS[field], SMALL, problems := []) is None
    assert problems == []


WRONG = [
    ("power", "'4'", "wrong-type", "without quotes"),
    ("power", "3.0", "wrong-type", "write 3"),
    ("power", "3.5", "wrong-type", "round"),
    ("power", "6", "out-of-range", "5 decides alone"),
    ("power", "-1", "out-of-range", "0 none"),
    ("power", "high", "wrong-type", "0 none, 5 decides alone"),
    ("power", "010", "wrong-type", "10"),
    ("power", "1_0", "wrong-type", "10"),
    ("power", "[4]", "wrong-type", "without […]"),
    ("power", "{x: 4}", "wrong-type", ""),
    ("price.asked", "12:30", "wrong-type", ""),
    ("price.asked", "180万", "wrong-type", "1800000"),
    ("price.asked", "-1", "out-of-range", ""),
    ("price.asked", "1" * 19, "wrong-type", ""),
    ("price.off", "12%", "wrong-type", "12"),
    ("part", "30", "out-of-range", "0.3"),
    ("part", "30%", "wrong-type", "0.3"),
    ("met", "2026/3/1", "bad-date", "2026-03-01"),
    ("met", "2026-02-30", "bad-date", "no such day"),
    ("met", "20260301", "bad-date", "year-month-day"),
    ("friendly", "yes", "wrong-type", "write true"),
    ("friendly", "off", "wrong-type", "write false"),
    ("friendly", "是", "wrong-type", "write true"),
    ("friendly", "'true'", "wrong-type", "without quotes"),
    ("friendly", "1", "wrong-type", ""),
    ("kind", "老客户", "unknown-value", "did you mean 'old'"),
    ("kind", "nwe", "unknown-value", "did you mean 'new'"),
    ("kind", "[new]", "wrong-type", "without […]"),
    ("roles", "user", "wrong-type", "write [user]"),
    ("roles", "决策者", "wrong-type", "write [decision_maker]"),
    ("roles", "使用者、采购", "wrong-type", "write [user, buyer]"),
    ("roles", "[决策者]", "unknown-value", "did you mean 'decision_maker'"),
    ("roles", "{user: true}", "wrong-type", "[…]"),
    ("roles", "[unknown]", "wrong-type", "leave out the whole list"),
    ("roles", "[user, ~]", "wrong-type", "leave out the whole list"),
    ("id", "li wang", "bad-key", "no spaces"),
    ("id", "li.wang", "bad-key", "letters"),
    ("id", "true", "bad-key", ""),
    ("boss", "李 工", "bad-key", ""),
    ("boss", "[li]", "wrong-type", "without […]"),
    ("name", "[李工]", "wrong-type", "without […]"),
    ("name", "x" * 20_001, "too-long", ""),
]


@pytest.mark.parametrize(("field", "text", "code", "hint"), WRONG, ids=[f"{field}-{text[:12]}" for field, text, _, _ in WRONG])
def test_a_value_that_does_not_fit(field: str, text: str, code: str, hint: str) -> None:
    value = _node(text)
    read_value(value, FIELDS[field], SMALL, problems := [])
    assert [one.code for one in problems] == [code]
    assert hint in problems[0].hint
    assert text.endswith(pointed(f"{{a: {text}}}", problems[0].at)[:-1])


def test_every_member_of_a_list_is_looked_at() -> None:
    assert read_value(_node("[user, byer, 决策, x]"), FIELDS["roles"], SMALL, problems := []) == ("user",)
    assert [one.code for one in problems] == ["unknown-value"] * 3
    assert len({one.at.column for one in problems}) == 3


def test_a_value_without_a_declared_type() -> None:
    def value(text: str, *, plain: bool = True) -> object:
        return scalar_value(Scalar(AT, text, plain))

    assert [value(text) for text in ("true", "4", "0.5", "2026-03-01", "no", "010")] == [True, 4, 0.5, date(2026, 3, 1), "no", "010"]
    assert value("4", plain=False) == "4"


def test_what_a_field_takes_in_words() -> None:
    said = {name: describe(field, SMALL) for name, field in FIELDS.items()}
    assert said["power"] == "a whole number from 0 to 5"
    assert said["price.asked"] == "an amount of at least 0"
    assert said["price.off"] == "a percentage from 0 to 100"
    assert said["kind"] == "one of new, old"
    assert said["boss"] == "the id of a person"
    assert said["roles"] == "a list"
    assert said["rank"] == "a whole number"
