"""Reading `vocabulary.yaml`: fact types, derived facts, enums and the checks on deals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, get_args

from kamcoach.model.fact import SEVERITIES, SEVERITY_WORDS, Enum, FactType, Field, Kind, Shape, Vocabulary, advice_type
from kamcoach.reading.fields import Problems, bool_of, check_keys, is_mapping, nearest, number_of, text_of, words_of
from kamcoach.reading.nodes import Mapping, Node, Scalar
from kamcoach.source import Diagnostic

_FIELD_KEYS: Final = ("type", "of", "to", "by", "min", "max", "required", "acyclic", "label", "ask", "note")
_TYPE_KEYS: Final = ("list", "key", "label", "ask", "note", "fields", "derived")
_RANGES: Final[dict[str, tuple[float | None, float | None]]] = {"money": (0, None), "ratio": (0, 1), "percent": (0, 100)}
RESERVED: Final = frozenset({"as_of", "schema_version", "advice", "params", "facts", "either", "known", "unknown"})


def read_vocabulary(roots: list[Node], problems: Problems) -> Vocabulary:
    """One vocabulary from a base file and those that add to it: types gain fields, enums gain values."""
    tables = [table for root in roots if (table := is_mapping(root, "The vocabulary", problems)) is not None]
    enums: dict[str, Enum] = {"severity": Enum("severity", True, {s: SEVERITY_WORDS[s] for s in SEVERITIES})}
    types: dict[str, FactType] = {"advice": advice_type()}
    for table in tables:
        check_keys(table, ("facts", "derived", "enums", "checks"), (), "The vocabulary", problems)
        for name, node in _entries(table.get("enums"), "enums", problems):
            _add_enum(enums, name, node, problems)
    for table in tables:
        for name, node in _entries(table.get("facts"), "facts", problems):
            _add_type(types, _given(name, node, enums, problems))
        for name, node in _entries(table.get("derived"), "derived", problems):
            _add_type(types, _derived(name, node, enums, problems))
    vocabulary = Vocabulary(types, enums)
    _check_references(vocabulary, problems)
    return vocabulary


def _entries(node: Node | None, what: str, problems: Problems) -> Iterator[tuple[Scalar, Mapping]]:
    if node is None:
        return
    table = is_mapping(node, f"'{what}'", problems)
    for name, value in table.entries if table else ():
        inner = is_mapping(value, f"'{name.text}'", problems)
        if name.text in RESERVED:
            problems.append(Diagnostic(name.at, "reserved-name", f"'{name.text}' has a meaning of its own and cannot be declared."))
        elif inner is not None:
            yield name, inner


def _add_enum(enums: dict[str, Enum], name: Scalar, node: Mapping, problems: Problems) -> None:
    check_keys(node, ("ordered", "values"), ("values",), f"Enum '{name.text}'", problems)
    values = node.get("values")
    table = is_mapping(values, f"The values of '{name.text}'", problems) if values is not None else None
    words = {key.text: words_of(value, f"'{key.text}'", problems) for key, value in (table.entries if table else ())}
    before = enums.get(name.text)
    ordered = bool_of(node.get("ordered"), "'ordered'", problems) or (before is not None and before.ordered)
    enums[name.text] = Enum(name.text, ordered, {**(before.values if before else {}), **words})


def _add_type(types: dict[str, FactType], new: FactType) -> None:
    before = types.get(new.name)
    if before is None:
        types[new.name] = new
        return
    types[new.name] = FactType(
        before.name,
        before.shape,
        {**before.fields, **new.fields},
        before.plural,
        before.key,
        {**before.label, **new.label},
        {**before.ask, **new.ask},
        {**before.note, **new.note},
        before.at,
    )


def _given(name: Scalar, node: Mapping, enums: dict[str, Enum], problems: Problems) -> FactType:
    what = f"Fact type '{name.text}'"
    check_keys(node, _TYPE_KEYS, (), what, problems)
    fields = dict(_fields(node.get("fields"), enums, False, problems))
    fields.update(_fields(node.get("derived"), enums, True, problems))
    plural = text_of(node.get("list"), f"'list' of {what}", problems)
    key = text_of(node.get("key"), f"'key' of {what}", problems)
    if key and key not in fields:
        problems.append(Diagnostic(node.at, "unknown-field", f"{what} has no field '{key}' to be its key.", nearest(key, fields)))
    return _fact_type(name, node, "list" if plural else "single", fields, problems, plural, key)


def _derived(name: Scalar, node: Mapping, enums: dict[str, Enum], problems: Problems) -> FactType:
    if node.get("fields") is not None:
        check_keys(node, ("label", "note", "fields"), (), f"Derived fact '{name.text}'", problems)
        return _fact_type(name, node, "many", dict(_fields(node.get("fields"), enums, True, problems)), problems)
    value = _field(Scalar(name.at, "value", True), node, enums, True, problems)
    if value.kind == "flag":
        return _fact_type(name, node, "flag", {}, problems)
    return _fact_type(name, node, "value", {"value": value}, problems)


def _fact_type(
    name: Scalar, node: Mapping, shape: Shape, fields: dict[str, Field], problems: Problems, plural: str = "", key: str = ""
) -> FactType:
    label, ask, note = (words_of(node.get(k), f"'{k}' of '{name.text}'", problems) for k in ("label", "ask", "note"))
    return FactType(name.text, shape, fields, plural, key, label, ask, note, name.at)


def _fields(node: Node | None, enums: dict[str, Enum], derived: bool, problems: Problems) -> Iterator[tuple[str, Field]]:
    for name, table in _entries(node, "fields", problems):
        field = _field(name, table, enums, derived, problems)
        by = text_of(table.get("by"), "'by'", problems)
        if by and by in enums:
            for value in enums[by].values:
                yield f"{name.text}.{value}", _renamed(field, f"{name.text}.{value}", enums[by], value)
        elif by:
            problems.append(Diagnostic(table.at, "unknown-enum", f"There is no enum '{by}'.", nearest(by, enums)))
        else:
            yield name.text, field


def _renamed(field: Field, name: str, enum: Enum, value: str) -> Field:
    label = {lang: f"{text} ({enum.values[value].get(lang, value)})" for lang, text in field.label.items()}
    ask = {lang: text.replace("{value}", enum.values[value].get(lang, value)) for lang, text in field.ask.items()}
    return Field(
        name, field.kind, field.of, field.to, field.low, field.high, False, False, field.derived, label, ask, field.note, field.at
    )


def _field(name: Scalar, node: Mapping, enums: dict[str, Enum], derived: bool, problems: Problems) -> Field:
    what = f"Field '{name.text}'"
    check_keys(node, _FIELD_KEYS, ("type",), what, problems)
    kind = _kind(node, problems)
    of = text_of(node.get("of"), f"'of' of {what}", problems)
    if (kind == "enum" or of) and of not in enums:
        problems.append(Diagnostic(node.at, "unknown-enum", f"There is no enum '{of}'.", nearest(of, enums)))
        kind, of = "text", ""
    low, high = _RANGES.get(kind, (None, None))
    low = number_of(node.get("min"), "'min'", problems) if node.get("min") else low
    high = number_of(node.get("max"), "'max'", problems) if node.get("max") else high
    words = [words_of(node.get(k), f"'{k}' of {what}", problems) for k in ("label", "ask", "note")]
    return Field(
        name.text,
        kind,
        of,
        text_of(node.get("to"), f"'to' of {what}", problems),
        low,
        high,
        bool_of(node.get("required"), "'required'", problems),
        bool_of(node.get("acyclic"), "'acyclic'", problems),
        derived,
        *words,
        at=name.at,
    )


def _kind(node: Mapping, problems: Problems) -> Kind:
    given = node.get("type")
    text = text_of(given, "'type'", problems)
    kinds = get_args(Kind)
    if text in kinds:
        return text  # type: ignore[return-value]
    if given is not None:
        problems.append(Diagnostic(given.at, "unknown-type", f"There is no field type '{text}'.", nearest(text, kinds)))
    return "text"


def _check_references(vocabulary: Vocabulary, problems: Problems) -> None:
    for fact_type in vocabulary.types.values():
        for field in fact_type.fields.values():
            target = vocabulary.types.get(field.to)
            if field.to and (target is None or not target.key):
                message = f"'{field.name}' points to '{field.to}', which is no list with a key."
                problems.append(Diagnostic(field.at, "unknown-type", message, nearest(field.to, vocabulary.types)))
