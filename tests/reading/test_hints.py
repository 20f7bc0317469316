"""The way out: the nearest name, and numbers, dates and tests as they should be written."""

from __future__ import annotations

import pytest

from kamcoach.reading.hints import as_test, closest, date_hint, nearest, number_hint
from tests.reading.reading import SMALL

ROLES = SMALL.enums["role"].values
STEPS = SMALL.enums["step"].values

CLOSE = [
    ("desision_maker", ROLES, "decision_maker"),
    ("Decision maker", ROLES, "decision_maker"),
    ("decision-maker", ROLES, "decision_maker"),
    ("DECISION_MAKER", ROLES, "decision_maker"),
    ("决策者", ROLES, "decision_maker"),
    ("决策人", ROLES, "decision_maker"),
    ("“决策者”", ROLES, "decision_maker"),
    ("采购", ROLES, "buyer"),
    ("purchasing", ROLES, "buyer"),
    ("evaluation", STEPS, "evaluation_of_options"),
    ("评估", STEPS, "evaluation_of_options"),
    ("决定购买", STEPS, "decision_to_purchase"),
    ("boss", ROLES, ""),
    ("老板", ROLES, ""),
    ("", ROLES, ""),
    ("x" * 100_000, ROLES, ""),
]


@pytest.mark.parametrize(("text", "choices", "wanted"), CLOSE, ids=[repr(text[:20]) for text, _, _ in CLOSE])
def test_the_closest_name(text: str, choices: dict[str, dict[str, str]], wanted: str) -> None:
    assert closest(text, choices, choices) == wanted


def test_few_names_are_listed_and_many_are_not() -> None:
    assert nearest("xyz", ["one", "two"]) == "it can be one, two"
    assert nearest("xyz", {"two", "one"}) == "it can be one, two"
    assert nearest("xyz", [f"name{n}" for n in range(50)]) == ""
    assert nearest("xyz", []) == ""


def test_who_types_chinese_is_told_the_chinese_words() -> None:
    assert nearest("老板", ROLES, ROLES) == "it can be decision_maker (决策者), user (使用者), buyer (采购经办人)"
    assert nearest("boss", ROLES, ROLES) == "it can be decision_maker, user, buyer"


NUMBERS = [
    ("18,000,000", "18000000"),
    ("18 000 000", "18000000"),
    ("1_000", "1000"),
    ("180万", "1800000"),
    ("1.2亿元", "120000000"),
    ("3千", "3000"),
    ("250k", "250000"),
    ("1.2M", "1200000"),
    ("¥ 1200000", "1200000"),
    ("1200000元", "1200000"),
    ("EUR 240000", "240000"),
    ("12%", "12"),
    ("010", "10"),
    ("1e3", "1000"),
    (".5", "0.5"),
    ("5.", "5"),
    ("３０", "30"),
    ("30 days", "30"),
    ("30天", "30"),
    (">= 4", "{at_least: 4}"),
    ("≥4", "{at_least: 4}"),
    ("< 3", "{below: 3}"),
    ("at_least 4", "{at_least: 4}"),
    ("above: 4", "{above: 4}"),
]


@pytest.mark.parametrize(("text", "wanted"), NUMBERS)
def test_a_number_is_rewritten(text: str, wanted: str) -> None:
    assert number_hint(text, plain=True).endswith(wanted)


@pytest.mark.parametrize(
    "text", ["high", "高", "-", "+", ".", "", "1.2.3", "1e999", "1e99", "0x1F", "12:30", "NaN", ".inf", "½", "1" * 50, "一百"]
)
def test_what_is_no_number_is_left_alone(text: str) -> None:
    assert number_hint(text, plain=True) == ""


def test_a_number_in_quotes_and_a_share_in_percent() -> None:
    assert number_hint("4", plain=False) == "write it without quotes"
    assert number_hint("30%", plain=True, ratio=True) == "write 0.3"
    assert "{above: 4}" in number_hint("", plain=False)


DATES = [
    ("2026-3-1", "write 2026-03-01"),
    ("2026/3/1", "write 2026-03-01"),
    ("2026.03.01", "write 2026-03-01"),
    ("2026年3月1日", "write 2026-03-01"),
    ("２０２６-０３-０１", "write 2026-03-01"),
    ("2026-03-01 14:00", "write 2026-03-01"),
    ("2026-03-01T14:00:00Z", "write 2026-03-01"),
    ("2026-02-30", "no such day"),
    ("2026-13-01", "no such day"),
    ("0000-01-01", "no such day"),
    ("1.3.2026", "year-month-day"),
    ("yesterday", "year-month-day"),
    ("", "year-month-day"),
]


@pytest.mark.parametrize(("text", "wanted"), DATES)
def test_a_date_is_rewritten(text: str, wanted: str) -> None:
    assert wanted in date_hint(text)


def test_only_signs_and_operators_make_a_test() -> None:
    assert as_test("> 4") == "compare with words: {above: 4}"
    assert as_test("not 4") == "write {not: 4}"
    assert as_test("4") == as_test("a > b") == as_test(">") == ""
