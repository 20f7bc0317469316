"""What a diagnostic says about the way out: the nearest valid name, a number or a date as it should be written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from kamcoach.model.fact import NO_WORDS, Words
from kamcoach.source import Hint, Mend

if TYPE_CHECKING:
    from decimal import Decimal

NO_LABELS: Final[Mapping[str, Words]] = {}
NUMBER: Final = re.compile(r"[+-]?(0|[1-9]\d{0,17})(\.\d{1,12})?", re.ASCII)
SIGNS: Final[Mapping[str, str]] = {
    ">=": "at_least",
    "≥": "at_least",
    "<=": "at_most",
    "≤": "at_most",
    ">": "above",
    "<": "below",
    "!=": "not",
}
_QUOTES: Final = " \t\"'“”‘’「」"
_MOST_LISTED: Final = 16
_MOST_COMPARED: Final = 1_000
_LONGEST: Final = 60
# Patterns are compiled when they are first needed, which in a sound file is never.
_CJK: Final = "[\u3400-\u9fff]"
_SIGNED: Final = r"(>=|<=|≥|≤|>|<|!=)\s*(\S+)"
_WORDED: Final = r"(at_least|at_most|above|below|not)[\s:]+(\S+)"
_FIGURE: Final = r"(?i)(\d{1,12}(?:\.\d{1,6})?)(千|万|亿|k|m)(?:元|块)?"
_SCALE: Final = {"千": 1_000, "万": 10_000, "亿": 100_000_000, "k": 1_000, "m": 1_000_000}
_NOISE: Final = r"[,_ '元块天¥$€£%]|CNY|RMB|USD|EUR|days?"
_DAY: Final = r"(?as)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?:日|[ T].*)?"
_DATE_FORM: Final = "write it as year-month-day, such as 2026-03-01"


def nearest(name: str, choices: Iterable[str], labels: Mapping[str, Words] = NO_LABELS) -> str:
    """A hint that names the closest valid name, by itself or by its label; or that lists the names if they are few."""
    names = sorted(choices) if isinstance(choices, (set, frozenset)) else list(choices)
    found = closest(name, names, labels)
    if found:
        said = f"did you mean '{found}'?"
        return Hint(said, Mend(name, found)) if found == _exactly(name, names, labels) else said
    if not 0 < len(names) <= _MOST_LISTED:
        return ""
    chinese = re.search(_CJK, name) is not None
    return "it can be " + ", ".join(_with_label(one, labels) if chinese else one for one in names)


def closest(text: str, choices: Iterable[str], labels: Mapping[str, Words] = NO_LABELS) -> str:
    """The valid name that comes closest, by itself or by its label; "" if none comes close."""
    name, names = text.strip(_QUOTES), list(choices)
    if len(name) > _LONGEST or len(names) > _MOST_COMPARED:
        return ""
    exact = _exactly(text, names, labels)
    if exact:
        return exact
    from difflib import get_close_matches

    word = name.lower().replace(" ", "_")
    by_label = {label.lower(): one for one in names for label in labels.get(one, NO_WORDS).values() if label}
    begun = [one for one in names if len(word) > 3 and one.startswith(word)]
    close = begun if len(begun) == 1 else get_close_matches(word, names, 1, 0.6) or get_close_matches(name, names, 1, 0.6)
    if close:
        return close[0]
    holding = {one for label, one in by_label.items() if len(name) > 1 and name.lower() in label}
    if len(holding) == 1:
        return holding.pop()
    return next((by_label[label] for label in get_close_matches(name.lower(), by_label, 1, 0.6)), "")


def _exactly(text: str, names: list[str], labels: Mapping[str, Words]) -> str:
    """The one valid name that the text is but for capitals, spaces and hyphens, or whose label it is; "" if none or several."""
    name = text.strip(_QUOTES).lower()
    word = name.replace(" ", "_").replace("-", "_")
    by_shape = [one for one in names if one.lower().replace("-", "_") == word]
    found = by_shape or [one for one in names if name in (label.lower() for label in labels.get(one, NO_WORDS).values())]
    return found[0] if len(found) == 1 else ""


def _with_label(name: str, labels: Mapping[str, Words]) -> str:
    label = labels.get(name, NO_WORDS).get("zh", "")
    return f"{name} ({label})" if label else name


def as_test(text: str) -> str:
    """What was meant by `>= 4` or `at_least 4`; "" if it is nothing of that kind."""
    signed, worded = re.fullmatch(_SIGNED, text.strip()), re.fullmatch(_WORDED, text.strip())
    if signed is not None:
        return f"compare with words: {{{SIGNS[signed[1]]}: {signed[2]}}}"
    return f"write {{{worded[1]}: {worded[2]}}}" if worded is not None else ""


def number_hint(text: str, *, plain: bool, ratio: bool = False) -> str:
    """How a number that was written in some other way is to be written."""
    narrow = unicodedata.normalize("NFKC", text).strip(_QUOTES)
    if not plain and NUMBER.fullmatch(text):
        return Hint("write it without quotes", Mend(text, text))
    from decimal import Decimal

    if not plain and not text.strip():
        return "a `>` after the colon begins a long text; compare with words: {above: 4}"
    if as_test(narrow):
        return as_test(narrow)
    figure = re.fullmatch(_FIGURE, re.sub(_NOISE, "", narrow)) or re.fullmatch(_FIGURE, narrow)
    if figure is not None:
        written = _plain(Decimal(figure[1]) * _SCALE[figure[2].lower()])
        return Hint(f"write the figure out: {written}", Mend(text, written))
    if ratio and narrow.endswith("%"):
        bare = re.sub(_NOISE, "", narrow)
        return _write(text, _plain(Decimal(bare) / 100)) if NUMBER.fullmatch(bare) else ""
    bare = _bare_number(narrow)
    return _write(text, bare) if bare else ""


def _write(old: str, new: str) -> str:
    return Hint(f"write {new}", Mend(old, new))


def _bare_number(text: str) -> str:
    from decimal import Decimal

    bare = re.sub(_NOISE, "", text)
    if re.fullmatch(r"[+-]?\d{0,18}\.?\d{0,12}(e[+-]?\d{1,2})?", bare, re.ASCII | re.IGNORECASE) and re.search(r"^[+-]?\.?\d", bare):
        written = _plain(Decimal(bare.rstrip(".")))
        return written if NUMBER.fullmatch(written) else ""
    return ""


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def date_hint(text: str) -> str:
    """How a date that was written in some other way is to be written."""
    match = re.fullmatch(_DAY, unicodedata.normalize("NFKC", text).strip(_QUOTES))
    if match is None:
        return _DATE_FORM
    try:
        return _write(text, date(int(match[1]), int(match[2]), int(match[3])).isoformat())
    except ValueError:
        return "there is no such day in the calendar"
