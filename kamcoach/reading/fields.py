"""Values and small shapes: from a node to what a declaration wants, with a diagnostic where it does not fit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from kamcoach.model.fact import NUMERIC, Enum, Field, Value, Vocabulary, Words
from kamcoach.reading.nodes import Mapping, Node, Scalar, Sequence
from kamcoach.source import Diagnostic, Location

LANGUAGES: Final = ("en", "zh")
_NUMBER: Final = re.compile(r"[+-]?(0|[1-9]\d{0,17})(\.\d{1,12})?")
_SLUG: Final = re.compile(r"[^\W_][\w-]*")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
MAX_TEXT: Final = 20_000

Problems = list[Diagnostic]


def nearest(name: str, choices: Iterable[str]) -> str:
    """A hint that names the closest valid name, or lists them if they are few."""
    from difflib import get_close_matches

    names = sorted(choices)
    close = get_close_matches(name, names, 1, 0.6) or get_close_matches(name.lower().replace(" ", "_"), names, 1, 0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"it can be {', '.join(names)}" if 0 < len(names) <= 16 else ""


def is_mapping(node: Node, what: str, problems: Problems) -> Mapping | None:
    """The node if it is a table of `key: value`, else None and a diagnostic."""
    if isinstance(node, Mapping):
        return node
    problems.append(Diagnostic(node.at, "wrong-shape", f"{what} must be a table of `key: value`."))
    return None


def is_list(node: Node, what: str, problems: Problems) -> Sequence | None:
    if isinstance(node, Sequence):
        return node
    problems.append(Diagnostic(node.at, "wrong-shape", f"{what} must be a list (a line with `-` for each, or `[…]`)."))
    return None


def check_keys(node: Mapping, allowed: Collection[str], needed: Collection[str], what: str, problems: Problems) -> None:
    """Note every unknown key (at the key) and every missing one (at the table)."""
    for key, value in node.entries:
        if key.text not in allowed:
            cut = isinstance(value, Scalar) and value.absent and " " in key.text
            hint = "a comma inside {…} ends a text: put the text in quotes" if cut else nearest(key.text, allowed)
            problems.append(Diagnostic(key.at, "unknown-key", f"{what} has no key '{key.text}'.", hint))
    for name in needed:
        value = node.get(name)
        if value is None or (isinstance(value, Scalar) and value.absent):
            problems.append(Diagnostic(node.at, "missing-key", f"{what} needs '{name}'."))


def text_of(node: Node | None, what: str, problems: Problems) -> str:
    """Plain text; "" if there is none (noted)."""
    if isinstance(node, Scalar):
        if len(node.text) > MAX_TEXT:
            problems.append(Diagnostic(node.at, "too-long", f"{what} is longer than {MAX_TEXT} characters."))
            return node.text[:MAX_TEXT]
        return node.text
    if node is not None:
        problems.append(Diagnostic(node.at, "wrong-shape", f"{what} must be a text."))
    return ""


def words_of(node: Node | None, what: str, problems: Problems) -> Words:
    """A text by language, `{en: …, zh: …}`; a bare text serves for every language."""
    if node is None:
        return {}
    if isinstance(node, Scalar):
        return dict.fromkeys(LANGUAGES, node.text)
    table = is_mapping(node, what, problems)
    if table is None:
        return {}
    check_keys(table, LANGUAGES, (), what, problems)
    return {key.text: text_of(value, what, problems) for key, value in table.entries if key.text in LANGUAGES}


def bool_of(node: Node | None, what: str, problems: Problems) -> bool:
    """`true` or `false`; an absent node is false."""
    if node is None:
        return False
    if isinstance(node, Scalar) and node.plain and node.text in ("true", "false"):
        return node.text == "true"
    problems.append(Diagnostic(node.at, "wrong-type", f"{what} must be true or false."))
    return False


def number_of(node: Node | None, what: str, problems: Problems) -> float | None:
    if node is None:
        return None
    if isinstance(node, Scalar) and node.plain and _NUMBER.fullmatch(node.text):
        return to_number(node.text)
    problems.append(Diagnostic(node.at, "wrong-type", f"{what} must be a number."))
    return None


def to_number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def scalar_value(node: Scalar) -> Value:
    """The value that a scalar has by itself, where no type is known: truth value, number, date, else text."""
    if node.plain:
        if node.text in ("true", "false"):
            return node.text == "true"
        if _NUMBER.fullmatch(node.text):
            return to_number(node.text)
        found = iso_date(node.text)
        if found is not None:
            return found
    return node.text


def iso_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def read_value(node: Node, field: Field, vocabulary: Vocabulary, problems: Problems) -> Value | None:
    """What the node says for the field; None if it says nothing, or nothing that fits (noted)."""
    if isinstance(node, Scalar) and (node.absent or (node.plain and node.text == "unknown")):
        return None
    if field.kind == "set":
        return _set(node, field, vocabulary, problems)
    if not isinstance(node, Scalar):
        problems.append(Diagnostic(node.at, "wrong-type", f"'{field.name}' must be {describe(field, vocabulary)}."))
        return None
    if field.kind in NUMERIC:
        return _number(node, field, problems)
    return _single(node, field, vocabulary, problems)


def _single(node: Scalar, field: Field, vocabulary: Vocabulary, problems: Problems) -> Value | None:
    if field.kind == "any":
        return scalar_value(node)
    wrong = f"'{field.name}' must be {describe(field, vocabulary)}, not '{_short(node.text)}'."
    if field.kind in ("bool", "flag"):
        if node.text in ("true", "false"):
            return node.text == "true"
        hint = "write true or false" if node.text.lower() in ("yes", "no", "on", "off", "是", "否", "y", "n") else ""
        problems.append(Diagnostic(node.at, "wrong-type", wrong, hint))
        return None
    if field.kind == "date":
        found = iso_date(node.text)
        if found is None:
            problems.append(Diagnostic(node.at, "bad-date", wrong, "write it as year-month-day, such as 2026-03-01"))
        return found
    if field.kind == "enum":
        return one_of(node, vocabulary.enums[field.of], f"'{field.name}'", problems)
    if field.kind in ("key", "ref") and not _SLUG.fullmatch(node.text):
        problems.append(Diagnostic(node.at, "bad-key", wrong, "letters, digits, - and _ only, no spaces"))
        return None
    return text_of(node, f"'{field.name}'", problems)


def one_of(node: Scalar, enum: Enum, what: str, problems: Problems) -> str | None:
    if node.text in enum.values:
        return node.text
    by_word = [value for value, words in enum.values.items() if node.text in words.values()]
    hint = f"did you mean '{by_word[0]}'?" if by_word else nearest(node.text, enum.values)
    problems.append(Diagnostic(node.at, "unknown-value", f"{what} is never '{_short(node.text)}'.", hint))
    return None


def _number(node: Scalar, field: Field, problems: Problems) -> Value | None:
    wrong = f"'{field.name}' must be {_a_number(field)}, not '{_short(node.text)}'."
    if not node.plain or not _NUMBER.fullmatch(node.text):
        problems.append(Diagnostic(node.at, "wrong-type", wrong, _number_hint(node)))
        return None
    number = to_number(node.text)
    if field.kind == "int" and not isinstance(number, int):
        problems.append(Diagnostic(node.at, "wrong-type", wrong, "a whole number"))
        return None
    if (field.low is not None and number < field.low) or (field.high is not None and number > field.high):
        problems.append(Diagnostic(node.at, "out-of-range", wrong, str(field.note.get("en", ""))))
        return None
    return number


def _number_hint(node: Scalar) -> str:
    bare = re.sub(r"[,，_ '万元¥$€%]", "", node.text)
    if not node.plain and _NUMBER.fullmatch(node.text):
        return "write it without quotes"
    if "万" in node.text:
        return "write the figure out: 120万 is 1200000"
    return f"write it as {bare}, without separators or signs" if _NUMBER.fullmatch(bare) else ""


def _set(node: Node, field: Field, vocabulary: Vocabulary, problems: Problems) -> Value | None:
    if not isinstance(node, Sequence):
        hint = f"write [{node.text}]" if isinstance(node, Scalar) else ""
        problems.append(Diagnostic(node.at, "wrong-type", f"'{field.name}' must be a list.", hint))
        return None
    kind = "enum" if field.of else "ref" if field.to else "text"
    member = Field(field.name, kind, field.of, field.to)  # type: ignore[arg-type]
    found: list[str] = []
    for item in node.items:
        value = read_value(item, member, vocabulary, problems)
        if value is not None and str(value) not in found:
            found.append(str(value))
    return tuple(sorted(found))


def describe(field: Field, vocabulary: Vocabulary) -> str:
    """What the field takes, in words: "a whole number from 0 to 5"."""
    if field.kind in NUMERIC:
        return _a_number(field)
    if field.kind == "enum":
        return "one of " + ", ".join(vocabulary.enums[field.of].values)
    words = {
        "text": "a text",
        "key": "a short id",
        "date": "a date",
        "bool": "true or false",
        "flag": "true or false",
        "set": "a list",
        "ref": f"the id of a {field.to}",
    }
    return words.get(field.kind, "a value")


def _a_number(field: Field) -> str:
    name = {"int": "a whole number", "ratio": "a ratio", "percent": "a percentage", "money": "an amount"}.get(field.kind, "a number")
    if field.low is not None and field.high is not None:
        return f"{name} from {_plain(field.low)} to {_plain(field.high)}"
    if field.low is not None:
        return f"{name} of at least {_plain(field.low)}"
    return name


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def at_of(node: Node | None, otherwise: Location) -> Location:
    return node.at if node is not None else otherwise
