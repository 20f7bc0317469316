"""Reading one declaration of the vocabulary: a field with its type, and an enum with its values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as slot
from typing import Final, NamedTuple, get_args

from kamcoach.model.fact import SEVERITIES, Enum, Field, Kind, Words
from kamcoach.reading.hints import nearest
from kamcoach.reading.nodes import Mapping, Node, Scalar, Sequence
from kamcoach.reading.shapes import (
    Problems,
    bool_of,
    check_keys,
    check_needed,
    filled,
    is_mapping,
    number_of,
    says_nothing,
    short,
    text_of,
    words_of,
)
from kamcoach.source import Diagnostic, Location

RESERVED: Final = frozenset({"as_of", "schema_version", "advice", "params", "facts", "either", "known", "unknown"})
_FIELD_KEYS: Final = ("type", "of", "to", "by", "min", "max", "required", "acyclic", "label", "ask", "note", "says", "denies")
_RANGES: Final[dict[str, tuple[float | None, float | None]]] = {"money": (0, None), "ratio": (0, 1), "percent": (0, 100)}
_KINDS: Final = tuple(kind for kind in get_args(Kind) if kind != "any")
_NEEDS: Final = {"enum": "of", "ref": "to"}
_NAME: Final = re.compile(r"[^\W\d][\w-]*(\.[^\W\d][\w-]*)*")


class Target(NamedTuple):
    """A fact type that a field points to; whether there is one is known only when all files are read."""

    name: str
    at: Location
    field: str


@dataclass(slots=True)
class Declared:
    """What the vocabulary has declared so far."""

    problems: Problems
    enums: dict[str, Enum] = slot(default_factory=dict)
    targets: list[Target] = slot(default_factory=list)

    def note(self, at: Location, code: str, message: str, hint: str = "") -> None:
        self.problems.append(Diagnostic(at, code, message, hint))


def entries(node: Node | None, what: str, declared: Declared) -> Iterator[tuple[Scalar, Mapping]]:
    """The declarations under a heading, by their names."""
    if node is None or says_nothing(node):
        return
    table = is_mapping(node, f"'{what}'", declared.problems)
    for name, value in table.entries if table else ():
        inner = is_mapping(value, f"'{short(name.text)}'", declared.problems)
        if name.text in RESERVED:
            declared.note(
                name.at, "reserved-name", f"'{name.text}' has a meaning of its own and cannot be declared.", "choose another name"
            )
        elif not _NAME.fullmatch(name.text):
            hint = "letters, digits and _, beginning with a letter"
            declared.note(name.at, "bad-name", f"'{short(name.text)}' cannot be the name of anything.", hint)
        elif inner is not None:
            yield name, inner


def read_enum(name: Scalar, node: Mapping, declared: Declared) -> None:
    """An enum, or further values of one that is declared already."""
    check_keys(node, ("ordered", "values"), ("values",), f"Enum '{name.text}'", declared.problems)
    words: dict[str, Words] = {}
    for key, value in _values(filled(node, "values"), name.text, declared):
        if key.text in ("known", "unknown") or says_nothing(key):
            message = f"'{key.text}' cannot be a value: it says whether something is recorded."
            declared.note(key.at, "reserved-name", message, "another word")
        elif name.text == "severity" and key.text not in SEVERITIES:
            declared.note(key.at, "reserved-name", f"There is no severity '{short(key.text)}'.", f"they are {', '.join(SEVERITIES)}")
        words[key.text] = words_of(value, f"'{short(key.text)}'", declared.problems)
    before = declared.enums.get(name.text)
    ordered = bool_of(node.get("ordered"), "'ordered'", declared.problems) or (before is not None and before.ordered)
    declared.enums[name.text] = Enum(name.text, ordered, {**(before.values if before else {}), **words})


def _values(node: Node | None, enum: str, declared: Declared) -> tuple[tuple[Scalar, Node], ...]:
    """The values of an enum with their words."""
    if isinstance(node, Mapping) or node is None:
        return node.entries if node is not None else ()
    first = next((item.text for item in node.items if isinstance(item, Scalar)), "") if isinstance(node, Sequence) else ""
    hint = f"write `{short(first) or 'value'}: {{en: …, zh: …}}` for each"
    declared.note(node.at, "wrong-shape", f"The values of '{enum}' are a table: each with its words.", hint)
    return ()


def read_fields(node: Node | None, declared: Declared, *, derived: bool) -> Iterator[tuple[str, Field]]:
    """The fields of a fact type; `by:` makes one for each value of an enum."""
    for name, table in entries(node, "fields", declared):
        field = read_field(name, table, declared, derived=derived)
        by = filled(table, "by")
        if by is None:
            yield name.text, field
            continue
        enum = _enum_named(by, "'by'", declared)
        for value, words in (enum.values if enum is not None else {}).items():
            yield f"{name.text}.{value}", _renamed(field, f"{name.text}.{value}", words, value)


def _renamed(field: Field, name: str, words: Words, value: str) -> Field:
    brackets = {"zh": "{}（{}）"}
    label = {lang: brackets.get(lang, "{} ({})").format(text, words.get(lang, value)) for lang, text in field.label.items()}
    ask = {lang: text.replace("{value}", words.get(lang, value)) for lang, text in field.ask.items()}
    return field._replace(name=name, required=False, acyclic=False, label=label, ask=ask)


def read_field(name: Scalar, node: Mapping, declared: Declared, *, derived: bool, of_type: str = "") -> Field:
    """The declaration of one field, or of the value of a one-value type."""
    what = f"The declaration of '{of_type or name.text}'"
    problems = declared.problems
    check_keys(node, _FIELD_KEYS, ("type",), what, problems)
    kind = _kind(node, declared, derived=derived)
    if kind in _NEEDS:
        check_needed(node, _NEEDS[kind], what, problems)
    of = filled(node, "of")
    enum = _enum_named(of, f"'of' in '{of_type or name.text}'", declared) if of is not None else None
    if kind == "enum" and enum is None:
        kind = "text"
    words = {k: words_of(node.get(k), f"'{k}' in '{of_type or name.text}'", problems) for k in ("label", "ask", "note", "says", "denies")}
    return Field(
        name.text,
        kind,
        enum.name if enum is not None else "",
        _target(node, name.text, declared),
        *_range(node, kind, declared),
        bool_of(node.get("required"), "'required'", problems),
        _acyclic(node, kind, declared),
        derived,
        words["label"],
        words["ask"],
        words["note"],
        name.at,
        words["says"],
        words["denies"],
    )


def _kind(node: Mapping, declared: Declared, *, derived: bool) -> Kind:
    given = filled(node, "type")
    text = text_of(given, "'type'", declared.problems)
    if text in _KINDS and (derived or text != "flag"):
        return text  # type: ignore[return-value]
    if given is not None and isinstance(given, Scalar):
        hint = "write bool: a flag is concluded by rules" if text == "flag" else nearest(text, _KINDS)
        declared.note(given.at, "unknown-type", f"There is no field type '{short(text)}' here.", hint)
    return "text"


def _enum_named(node: Node, what: str, declared: Declared) -> Enum | None:
    text = text_of(node, what, declared.problems)
    enum = declared.enums.get(text)
    if enum is None and isinstance(node, Scalar):
        declared.note(
            node.at, "unknown-enum", f"There is no enum '{short(text)}'.", nearest(text, declared.enums) or "declare it under `enums:`"
        )
    return enum


def _target(node: Mapping, name: str, declared: Declared) -> str:
    to = filled(node, "to")
    text = text_of(to, "'to'", declared.problems)
    if text and to is not None:
        declared.targets.append(Target(text, to.at, name))
    return text


def _range(node: Mapping, kind: str, declared: Declared) -> tuple[float | None, float | None]:
    low, high = _RANGES.get(kind, (None, None))
    least, most = filled(node, "min"), filled(node, "max")
    low = number_of(least, "'min'", declared.problems) if least is not None else low
    high = number_of(most, "'max'", declared.problems) if most is not None else high
    if low is not None and high is not None and low > high:
        declared.note((most or least or node).at, "out-of-range", f"'max' ({high:g}) lies below 'min' ({low:g}).", "swap them")
    return low, high


def _acyclic(node: Mapping, kind: str, declared: Declared) -> bool:
    wanted = bool_of(node.get("acyclic"), "'acyclic'", declared.problems)
    if wanted and kind != "ref":
        declared.note((node.get("acyclic") or node).at, "wrong-comparison", "'acyclic' goes only with a field of type ref.", "leave it out")
    return wanted and kind == "ref"
