"""Reading `vocabulary.yaml`: fact types, derived facts and enums; its checks on deals are read with the rules."""

from __future__ import annotations

from typing import Final

from kamcoach.model.fact import SEVERITIES, SEVERITY_WORDS, Enum, FactType, Field, Shape, Vocabulary, advice_type
from kamcoach.reading.declarations import Declared, entries, read_enum, read_field, read_fields
from kamcoach.reading.hints import nearest
from kamcoach.reading.nodes import Mapping, Node, Scalar
from kamcoach.reading.scope import FORMS
from kamcoach.reading.shapes import Problems, check_keys, filled, is_mapping, text_of, words_of

_TYPE_KEYS: Final = ("list", "key", "label", "ask", "note", "fields", "derived")


def read_vocabulary(roots: list[Node], problems: Problems) -> Vocabulary:
    """One vocabulary from a base file and those that add to it: types gain fields, enums gain values."""
    tables = [table for root in roots if (table := is_mapping(root, "The vocabulary", problems)) is not None]
    declared = Declared(problems)
    declared.enums["severity"] = Enum("severity", ordered=True, values={s: SEVERITY_WORDS[s] for s in SEVERITIES})
    declared.enums["lens"] = Enum("lens", ordered=False, values={})
    types: dict[str, FactType] = {"advice": advice_type()}
    for table in tables:
        check_keys(table, ("facts", "derived", "enums", "checks"), (), "The vocabulary", problems)
        for name, node in entries(table.get("enums"), "enums", declared):
            read_enum(name, node, declared)
    for table in tables:
        for name, node in entries(table.get("facts"), "facts", declared):
            _add_type(types, _given(name, node, declared), name, declared)
        for name, node in entries(table.get("derived"), "derived", declared):
            _add_type(types, _derived(name, node, declared), name, declared)
    _check_targets(types, declared)
    return Vocabulary(types, declared.enums)


def _add_type(types: dict[str, FactType], new: FactType, name: Scalar, declared: Declared) -> None:
    before = types.get(new.name)
    if new.name in FORMS:
        declared.note(name.at, "reserved-name", f"'{new.name}' begins a condition and cannot be a fact type.", "choose another name")
    elif before is None:
        _check_section(types, new, name, declared)
        types[new.name] = new
    elif _alike(before, new):
        _check_fields(before, new, declared)
        types[new.name] = before._replace(
            fields={**before.fields, **new.fields},
            label={**before.label, **new.label},
            ask={**before.ask, **new.ask},
            note={**before.note, **new.note},
            says={**before.says, **new.says},
            denies={**before.denies, **new.denies},
        )
    else:
        message = f"'{new.name}' is declared already as something else ({before.at})."
        declared.note(name.at, "repeated-id", message, "choose another name; a further file may only add fields")


def _alike(before: FactType, new: FactType) -> bool:
    """Whether the new declaration may add to the one before: a given type keeps its list, a derived one its shape."""
    if before.given and new.given:
        return new.plural in ("", before.plural)
    return before.shape == new.shape


def _check_fields(before: FactType, new: FactType, declared: Declared) -> None:
    """Note every field that a further file declares as something else than it is."""
    for name, field in new.fields.items():
        old = before.fields.get(name)
        if old is not None and (old.kind, old.of, old.to, old.derived) != (field.kind, field.of, field.to, field.derived):
            message = f"'{name}' of '{new.name}' is declared already as something else."
            declared.note(field.at, "repeated-key", message, f"choose another name; the other is {old.at}")


def _check_section(types: dict[str, FactType], new: FactType, name: Scalar, declared: Declared) -> None:
    other = next((t for t in types.values() if t.given and new.given and t.section == new.section), None)
    if other is not None:
        declared.note(
            name.at, "repeated-id", f"'{new.section}' is already the place of '{other.name}' in a deal file.", "choose another list"
        )


def _given(name: Scalar, node: Mapping, declared: Declared) -> FactType:
    what = f"The fact type '{name.text}'"
    check_keys(node, _TYPE_KEYS, (), what, declared.problems)
    fields = dict(read_fields(node.get("fields"), declared, derived=False))
    for field_name, field in read_fields(node.get("derived"), declared, derived=True):
        if field_name in fields:
            message = f"'{field_name}' is a given field and cannot be derived as well."
            declared.note(field.at, "repeated-key", message, "choose another name")
        else:
            fields[field_name] = field
    plural = text_of(filled(node, "list"), f"'list' of '{name.text}'", declared.problems)
    return _fact_type(name, node, "list" if plural else "single", fields, declared, plural, _key(node, fields, name.text, declared))


def _key(node: Mapping, fields: dict[str, Field], owner: str, declared: Declared) -> str:
    """The field that names an item of a list."""
    named = filled(node, "key")
    key = text_of(named, f"'key' of '{owner}'", declared.problems)
    if not key or named is None:
        return ""
    if key not in fields:
        declared.note(named.at, "unknown-field", f"'{owner}' has no field '{key}' to be its key.", nearest(key, fields))
    elif fields[key].kind != "key":
        declared.note(named.at, "wrong-type", f"The field '{key}' cannot be the key of '{owner}'.", f"declare it as `{key}: {{type: key}}`")
    return key


def _derived(name: Scalar, node: Mapping, declared: Declared) -> FactType:
    if node.get("fields") is not None:
        check_keys(node, ("label", "note", "fields"), (), f"The derived fact '{name.text}'", declared.problems)
        return _fact_type(name, node, "many", dict(read_fields(node.get("fields"), declared, derived=True)), declared)
    value = read_field(Scalar(name.at, "value", plain=True), node, declared, derived=True, of_type=name.text)
    if value.kind == "flag":
        return _fact_type(name, node, "flag", {}, declared)
    return _fact_type(name, node, "value", {"value": value}, declared)


def _fact_type(
    name: Scalar, node: Mapping, shape: Shape, fields: dict[str, Field], declared: Declared, plural: str = "", key: str = ""
) -> FactType:
    texts = ("label", "ask", "note", "says", "denies")
    label, ask, note, says, denies = (words_of(node.get(k), f"'{k}' of '{name.text}'", declared.problems) for k in texts)
    return FactType(name.text, shape, fields, plural, key, label, ask, note, name.at, says, denies)


def _check_targets(types: dict[str, FactType], declared: Declared) -> None:
    """Note every field that points to what is no list with a key."""
    keyed = [name for name, one in types.items() if one.key]
    for target in declared.targets:
        if target.name not in keyed:
            message = f"'{target.field}' points to '{target.name}', which is no list with a key."
            declared.note(target.at, "unknown-type", message, nearest(target.name, keyed))
