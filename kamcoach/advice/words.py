"""The values that templates print: unknown fields, enum values, facts, and how each reads in a language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from math import inf
from re import compile as pattern
from typing import Any, Final

from kamcoach.model.fact import Fact, Interval, Words

MAX_TEXT: Final = 60_000
"""Characters that one printed value may have."""
NOT_RECORDED: Final[Words] = {"en": "({label} not recorded)", "zh": "（{label}未记录）"}
UNSEEN: Final = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
"""What a terminal would obey, and what turns the direction of writing."""
_UNSEEN: Final = pattern(f"{UNSEEN}+")


class Missing:
    """An unknown field: false in a test, printed as "not recorded"."""

    def __init__(self, label: str, language: str) -> None:
        self._words = NOT_RECORDED[language].format(label=label or "?")

    def __str__(self) -> str:
        return self._words

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __getitem__(self, name: str) -> Missing:
        return self

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 0

    def _never(self, other: object) -> bool:  # noqa: ARG002
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _never

    def _same(self, other: object) -> Missing:  # noqa: ARG002
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __truediv__ = __rtruediv__ = _same

    def __neg__(self) -> Missing:
        return self


class Word(str):
    """An enum value: compares as its name, prints as its label."""

    __slots__ = ("label",)
    label: str

    def __new__(cls, value: str, label: str) -> Word:
        word = super().__new__(cls, value)
        word.label = label
        return word


class View:
    """A fact as a template sees it; its fields are items, so that no Python attribute is in reach."""

    __slots__ = ("_fact", "_get", "_prefix")

    def __init__(self, fact: Fact, get: Callable[[Fact, str], Any], prefix: str = "") -> None:
        self._fact = fact
        self._get = get
        self._prefix = prefix

    def __getitem__(self, name: str) -> Any:
        return self._get(self._fact, f"{self._prefix}{name}")

    def __str__(self) -> str:
        return str(self._get(self._fact, ""))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, View) and other._fact == self._fact

    def __hash__(self) -> int:
        return hash(self._fact)


def plain(value: Any, language: str) -> str:
    """A value as a reader sees it."""
    if isinstance(value, Word):
        return value.label
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日" if language == "zh" else f"{value.day} {value:%B} {value.year}"
    if isinstance(value, bool):
        return {"en": ("no", "yes"), "zh": ("否", "是")}[language][value]
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, Interval):
        return _between(value, language)
    if isinstance(value, (tuple, list)):
        return listing([plain(one, language) for one in value], language)
    return str(value)


def _between(value: Interval, language: str) -> str:
    """`2–3`; where one end is open, `at least 2`."""
    low, high = plain(value.low, language), plain(value.high, language)
    if value.high == inf:
        return f"至少{low}" if language == "zh" else f"at least {low}"
    if value.low == -inf:
        return f"至多{high}" if language == "zh" else f"at most {high}"
    return f"{low}–{high}"


def listing(words: Iterable[str], language: str) -> str:
    """A, B and C; 甲、乙和丙."""
    listed = list(words)
    if len(listed) < 2:
        return "".join(listed)
    comma, last = ("、", "和") if language == "zh" else (", ", " and ")
    return joined([joined(listed[:-1], comma), listed[-1]], last)


def joined(words: list[str], by: str) -> str:
    """Words in a row. Raises ValueError if that gets too long."""
    if sum(map(len, words)) + len(by) * (len(words) - 1) > MAX_TEXT:
        raise ValueError("too long")
    return by.join(words)


def printable(text: str) -> str:
    """A text without what a terminal would obey, and without what turns the direction of writing."""
    return _UNSEEN.sub("", text)


def json_text(data: object) -> str:
    """JSON to be read by people and programs; what would not be seen is written as `\\u202e`."""
    import json

    return pattern(UNSEEN).sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(data, ensure_ascii=False, indent=2))


def one_line(text: str) -> str:
    """A text of the deal on one line, printable."""
    return " ".join(printable(" ".join(text.split())).split())
