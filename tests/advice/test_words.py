"""How values read in a language."""

from __future__ import annotations

from datetime import date
from math import inf

import pytest

from kamcoach.advice.words import MAX_TEXT, Missing, Word, joined, listing, one_line, plain, printable
from kamcoach.model.fact import Interval, Value

PLAIN: list[tuple[Value, str, str]] = [
    ("text", "text", "text"),
    (3, "3", "3"),
    (1200000, "1200000", "1200000"),
    (2.5, "2.5", "2.5"),
    (2.0, "2", "2"),
    (1234.567, "1,234.57", "1,234.57"),
    (True, "yes", "是"),
    (False, "no", "否"),
    (date(2026, 3, 2), "2 March 2026", "2026年3月2日"),
    (date(2026, 12, 31), "31 December 2026", "2026年12月31日"),
    (Interval(2, 3), "2–3", "2–3"),
    (Interval(0.5, 2.0), "0.5–2", "0.5–2"),
    (Interval(2, inf), "at least 2", "至少2"),
    (Interval(-inf, 3), "at most 3", "至多3"),
    (("a", "b", "c"), "a, b and c", "a、b和c"),
    ((), "", ""),
]


@pytest.mark.parametrize(("value", "english", "chinese"), PLAIN)
def test_a_value_reads_well_in_both_languages(value: Value, english: str, chinese: str) -> None:
    assert (plain(value, "en"), plain(value, "zh")) == (english, chinese)


def test_an_enum_value_prints_its_word_and_compares_as_its_name() -> None:
    word = Word("approved", "Approved by the board")
    assert plain(word, "en") == "Approved by the board"
    assert word == "approved" and word in ["approved"]


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [([], "", ""), (["a"], "a", "a"), (["a", "b"], "a and b", "a和b"), (["a", "b", "c", "d"], "a, b, c and d", "a、b、c和d")],
)
def test_a_list_reads_as_one_says_it(words: list[str], english: str, chinese: str) -> None:
    assert (listing(words, "en"), listing(words, "zh")) == (english, chinese)


def test_words_in_a_row_have_a_limit() -> None:
    assert joined(["x" * (MAX_TEXT - 1), ""], ",") == "x" * (MAX_TEXT - 1) + ","
    with pytest.raises(ValueError, match="too long"):
        joined(["x" * MAX_TEXT, ""], ",")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("two\nlines\r\n and\ttabs", "two lines and tabs"),
        ("  spaces   at the ends  ", "spaces at the ends"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x07\x00bell\x7f\x9b", "bell"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("a\u2066b\u2069c\u200fd", "abcd"),
        ("一\u3000二", "一 二"),
        ("e\u0301 👩\u200d💻", "e\u0301 👩\u200d💻"),
        ("\ud800", ""),
        ("\u202e a \x1b \x1c b", "a b"),
    ],
)
def test_a_text_of_a_deal_stands_on_one_line_and_commands_nothing(text: str, wanted: str) -> None:
    assert one_line(text) == wanted


def test_a_page_keeps_its_lines() -> None:
    assert printable("a\n\tb\r\x1b[2Jc") == "a\n\tb[2Jc"


def test_the_unknown_is_false_and_equal_to_nothing_but_says_so() -> None:
    missing = Missing("power", "en")
    assert str(missing) == "(power not recorded)"
    assert not missing and not list(missing) and len(missing) == 0
    assert missing != missing and missing != "" and missing != 0 and missing != False  # noqa: E712
    assert missing["anything"] is missing
