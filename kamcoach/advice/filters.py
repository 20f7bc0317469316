"""The filters of templates: what `| money` or `| days_ago` makes of a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, Protocol

from kamcoach.advice.words import Missing, joined, listing, plain


class Speaker(Protocol):
    """Whom a filter serves: the language, the day and the currency of one deal."""

    language: str

    @property
    def as_of(self) -> date: ...

    def currency(self) -> str: ...


def _days(speaker: Speaker, value: Any, sign: int) -> Any:
    return sign * (speaker.as_of - value).days if isinstance(value, date) else value


def _money(speaker: Speaker, value: Any) -> Any:
    """`18,000,000 CNY`; in Chinese `1800万元`."""
    if isinstance(value, Missing):
        return value
    currency = speaker.currency()
    if speaker.language == "zh":
        return _in_wan(value) + _CURRENCY_ZH.get(currency, f" {currency}" if currency else "")
    return f"{value:,.0f} {currency}".strip()


def _in_wan(value: float) -> str:
    for size, word in ((100_000_000, "亿"), (10_000, "万")):
        if abs(value) >= size:
            return f"{value / size:.4f}".rstrip("0").rstrip(".") + word
    return f"{value:g}"


_CURRENCY_ZH: Final = {"CNY": "元", "USD": "美元", "EUR": "欧元", "JPY": "日元", "GBP": "英镑", "HKD": "港元"}


def _printed(form: str) -> Callable[[Speaker, Any], Any]:
    return lambda speaker, value: value if isinstance(value, Missing) else form.format(value)


def _join(speaker: Speaker, value: Any, by: str = ", ") -> str:
    return joined([plain(one, speaker.language) for one in value], plain(by, speaker.language))


def _first(speaker: Speaker, value: Any) -> Any:
    return next(iter(value), Missing("", speaker.language))


def _of_list(work: Callable[[Speaker, Any], Any]) -> Callable[..., Any]:
    """A filter over a list; a list that is not recorded stays so, and says so when it is printed."""
    return lambda speaker, value, *more, **named: value if isinstance(value, Missing) else work(speaker, value, *more, **named)


def _round(speaker: Speaker, value: Any, digits: int = 0) -> Any:  # noqa: ARG001
    return value if isinstance(value, Missing) else round(value, digits) if digits else round(value)


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "money": _money,
    "date": lambda speaker, value: plain(value, speaker.language),
    "days_ago": lambda speaker, value: _days(speaker, value, 1),
    "days_ahead": lambda speaker, value: _days(speaker, value, -1),
    "percent": _printed("{:g}%"),
    "ratio": _printed("{:.0%}"),
    "names": _of_list(lambda speaker, value: listing([plain(one, speaker.language) for one in value], speaker.language)),
    "label": lambda speaker, value: plain(value, speaker.language),
    "string": lambda speaker, value: plain(value, speaker.language),
    "join": _of_list(_join),
    "length": _of_list(lambda speaker, value: len(value)),
    "first": _of_list(_first),
    "last": _of_list(lambda speaker, value: _first(speaker, list(value)[::-1])),
    "sort": _of_list(lambda speaker, value: sorted(value, key=lambda one: plain(one, speaker.language))),
    "unique": _of_list(lambda speaker, value: list(dict.fromkeys(value))),
    "round": _round,
    "abs": lambda speaker, value: value if isinstance(value, Missing) else abs(value),
    "upper": lambda speaker, value: plain(value, speaker.language).upper(),
    "lower": lambda speaker, value: plain(value, speaker.language).lower(),
    "default": lambda speaker, value, other="": other if isinstance(value, Missing) else value,
}
"""The filters that a template may use; the first argument is the speech that they serve."""
