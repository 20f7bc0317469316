"""Values: from a node to what a field's declaration wants, with a diagnostic where it does not fit."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from datetime import date
from typing import Final

from kamcoach.model.fact import NUMERIC, Enum, FactType, Field, Value, Vocabulary, Words
from kamcoach.reading.hints import NUMBER, as_test, closest, date_hint, nearest, number_hint
from kamcoach.reading.nodes import Node, Scalar, Sequence
from kamcoach.reading.shapes import (
    ENOUGH,
    LANGUAGES,
    Problems,
    bool_hint,
    bool_of,
    check_keys,
    is_list,
    is_mapping,
    number_of,
    short,
    text_of,
    to_number,
    words_of,
)
from kamcoach.source import Diagnostic

__all__ = [
    "LANGUAGES",
    "Problems",
    "bool_of",
    "check_keys",
    "describe",
    "is_list",
    "is_mapping",
    "iso_date",
    "labels_of",
    "nearest",
    "number_of",
    "one_of",
    "read_value",
    "text_of",
    "words_of",
]
_SLUG: Final = re.compile(r"[^\W_][\w-]*")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_A_LINE: Final = 200
_LISTED: Final = 8
_NO_ID: Final = frozenset({"unknown", "known", "null", "true", "false"})
_WORDS: Final = {
    "text": "a text",
    "key": "a short id",
    "date": "a date",
    "bool": "true or false",
    "flag": "true or false",
    "set": "a list",
}
_NUMBERS: Final = {"int": "a whole number", "ratio": "a ratio", "percent": "a percentage", "money": "an amount"}


def says_unknown(node: Node) -> bool:
    """Absent, empty, or the bare word `unknown`."""
    return isinstance(node, Scalar) and (node.absent or (node.plain and node.text == "unknown"))


def read_value(node: Node, field: Field, vocabulary: Vocabulary, problems: Problems) -> Value | None:
    """What the node says for the field; None if it says nothing, or nothing that fits (noted)."""
    if says_unknown(node):
        return None
    if field.kind == "set":
        return _set(node, field, vocabulary, problems)
    if not isinstance(node, Scalar):
        hint = "there is only one: write it without […]" if isinstance(node, Sequence) else ""
        problems.append(Diagnostic(node.at, "wrong-type", f"'{field.name}' must be {describe(field, vocabulary)}.", hint))
        return None
    if field.kind in NUMERIC:
        return _number(node, field, problems)
    return scalar_value(node) if field.kind == "any" else _single(node, field, vocabulary, problems)


def scalar_value(node: Scalar) -> Value:
    """The value that a scalar has by itself, where no type is known: truth value, number, date, else text."""
    if not node.plain:
        return node.text
    if node.text in ("true", "false"):
        return node.text == "true"
    if NUMBER.fullmatch(node.text):
        return to_number(node.text)
    return iso_date(node.text) or node.text


def iso_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _single(node: Scalar, field: Field, vocabulary: Vocabulary, problems: Problems) -> Value | None:
    wrong = f"'{field.name}' must be {describe(field, vocabulary)}, not '{short(node.text)}'."
    if field.kind in ("bool", "flag"):
        if node.plain and node.text in ("true", "false"):
            return node.text == "true"
        problems.append(Diagnostic(node.at, "wrong-type", wrong, bool_hint(node)))
        return None
    if field.kind == "date":
        found = iso_date(node.text)
        if found is None:
            problems.append(Diagnostic(node.at, "bad-date", wrong, as_test(node.text) or date_hint(node.text)))
        return found
    if field.kind == "enum":
        return one_of(node, vocabulary.enums[field.of], f"'{field.name}'", problems)
    if field.kind in ("key", "ref") and not is_slug(node.text):
        problems.append(Diagnostic(node.at, "bad-key", wrong, "letters, digits, - and _ only, no spaces; not a word such as unknown"))
        return None
    return text_of(node, f"'{field.name}'", problems)


def is_slug(text: str) -> bool:
    """Whether the text can be the id of something in a deal file."""
    return len(text) <= 100 and _SLUG.fullmatch(text) is not None and text not in _NO_ID


def one_of(node: Scalar, enum: Enum, what: str, problems: Problems) -> str | None:
    if node.text in enum.values:
        return node.text
    hint = nearest(node.text, enum.values, enum.values) if len(problems) < ENOUGH else ""
    problems.append(Diagnostic(node.at, "unknown-value", f"{what} is never '{short(node.text)}'.", hint))
    return None


def _number(node: Scalar, field: Field, problems: Problems) -> Value | None:
    wrong = f"'{field.name}' must be {_a_number(field)}, not '{short(node.text)}'."
    if not node.plain or not NUMBER.fullmatch(node.text):
        hint = number_hint(node.text, plain=node.plain, ratio=field.kind == "ratio") or str(field.note.get("en", ""))
        problems.append(Diagnostic(node.at, "wrong-type", wrong, hint))
        return None
    number = to_number(node.text)
    if field.kind == "int" and not isinstance(number, int):
        hint = f"write {int(number)}" if number == int(number) else "round it"
        problems.append(Diagnostic(node.at, "wrong-type", wrong, hint))
        return None
    if (field.low is not None and number < field.low) or (field.high is not None and number > field.high):
        hint = str(field.note.get("en", "")) or (f"write {number / 100:g}" if field.kind == "ratio" and 1 < number <= 100 else "")
        problems.append(Diagnostic(node.at, "out-of-range", wrong, hint))
        return None
    return number


def _set(node: Node, field: Field, vocabulary: Vocabulary, problems: Problems) -> Value | None:
    if not isinstance(node, Sequence):
        hint = f"write [{meant(node.text, field, vocabulary)}]" if isinstance(node, Scalar) else "write […]"
        problems.append(Diagnostic(node.at, "wrong-type", f"'{field.name}' must be a list.", hint))
        return None
    found: list[str] = []
    for item in node.items:
        if says_unknown(item):
            hint = "if you do not know, leave out the whole list; `[]` says that there are none"
            problems.append(Diagnostic(item.at, "wrong-type", f"'{field.name}' has an entry that says nothing.", hint))
            continue
        value = read_value(item, member_of(field), vocabulary, problems)
        if value is not None and str(value) not in found:
            found.append(str(value))
    return tuple(sorted(found))


def meant(text: str, field: Field, vocabulary: Vocabulary) -> str:
    """The members of a set as they were most likely meant: "owner, 用户" is "owner, user"."""
    if len(text) > _A_LINE:
        return "…"
    values = vocabulary.enums[field.of].values if field.of else {}
    words = [word for word in re.split(r"\s*[,，、;；/]\s*", text.strip("[]【】 ")) if word]
    return ", ".join(dict.fromkeys(word if word in values else closest(word, values, values) or short(word) for word in words))


def member_of(field: Field) -> Field:
    """What one member of a set is."""
    kind = "enum" if field.of else "ref" if field.to else "text"
    return Field(field.name, kind, field.of, field.to)  # type: ignore[arg-type]


def holds(fact_type: FactType, name: str) -> bool:
    """Whether a fact type has a field, or a group of fields, of this name."""
    return any(field == name or field.startswith(name + ".") for field in fact_type.fields)


def labels_of(fields: Map[str, Field]) -> dict[str, Words]:
    """The labels of fields, by which a hint may know them."""
    return {name: field.label for name, field in fields.items()}


def describe(field: Field, vocabulary: Vocabulary) -> str:
    """What the field takes, in words: "a whole number from 0 to 5"."""
    if field.kind in NUMERIC:
        return _a_number(field)
    if field.kind == "enum":
        values = list(vocabulary.enums[field.of].values)
        return "one of " + ", ".join(values if len(values) <= _LISTED else [*values[:_LISTED], "…"])
    return f"the id of a {field.to}" if field.kind == "ref" else _WORDS.get(field.kind, "a value")


def _a_number(field: Field) -> str:
    name = _NUMBERS.get(field.kind, "a number")
    if field.low is not None and field.high is not None:
        return f"{name} from {_plain(field.low)} to {_plain(field.high)}"
    if field.low is not None:
        return f"{name} of at least {_plain(field.low)}"
    return f"{name} of at most {_plain(field.high)}" if field.high is not None else name


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)
