"""Reading the then-part of a rule: `conclude`, `mark`, `advise`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kamcoach.model.condition import Constant, Operand
from kamcoach.model.fact import Enum, FactType
from kamcoach.model.rule import Advise, Conclude, Effect, Mark
from kamcoach.reading.fields import one_of
from kamcoach.reading.hints import nearest
from kamcoach.reading.nodes import Mapping, Node, Scalar, Sequence
from kamcoach.reading.operands import ANY, read_operand
from kamcoach.reading.scope import Bound, Scope
from kamcoach.reading.shapes import bool_of, check_keys, filled, is_list, is_mapping, key_slip, says_nothing, short, text_of

_EFFECTS: Final = ("conclude", "mark", "advise")
_ADVISE_KEYS: Final = ("play", "severity", "lens", "about", "topic", "do_not", "instead_of", "with")
Assignments = tuple[tuple[str, Operand], ...]


def read_effects(node: Node, scope: Scope) -> tuple[Effect, ...]:
    """The effects of a rule."""
    listed = is_list(node, "'then'", scope.problems)
    if listed is not None and not listed.items:
        scope.note(listed.at, "empty-test", "'then' holds no effect.", "write conclude, mark or advise on a line with `- `")
    return tuple(effect for item in (listed.items if listed else ()) if (effect := _effect(item, scope)) is not None)


def _effect(node: Node, scope: Scope) -> Effect | None:
    table = is_mapping(node, "An effect", scope.problems)
    if table is None:
        return None
    known = [(key, value) for key, value in table.entries if key.text in _EFFECTS]
    others = [key for key in table.names() if key.text not in _EFFECTS]
    if not known:
        hint = "indent it under `- advise:`" if others and others[0].text in _ADVISE_KEYS else "begin with one of them after the `-`"
        scope.note(table.at, "wrong-shape", "An effect is one of conclude, mark, advise.", hint)
        return None
    key, value = known[0]
    if says_nothing(value):
        hint = "indent what belongs to it" if others else "say what follows"
        scope.note(key.at, "empty-test", f"'{key.text}' is empty.", hint)
        return None
    for other in others:
        hint = "indent it further: it belongs under 'advise'" if other.text in _ADVISE_KEYS else nearest(other.text, _EFFECTS)
        scope.note(other.at, "unknown-key", f"An effect has no key '{short(other.text)}'.", hint)
    for other, _ in known[1:]:
        scope.note(other.at, "wrong-shape", "A second effect stands beside the first.", "begin each effect with `- `")
    return {"conclude": _conclude, "mark": _mark, "advise": _advise}[key.text](value, scope)


def _conclude(node: Node, scope: Scope) -> Effect | None:
    if isinstance(node, Scalar):
        fact_type = _concludable(node, scope)
        if fact_type is not None and fact_type.shape != "flag":
            scope.note(node.at, "wrong-shape", f"'{node.text}' is no flag.", f"write `conclude: {{{node.text}: …}}`")
            return None
        return Conclude(fact_type.name, (), node.at) if fact_type is not None else None
    table = is_mapping(node, "'conclude'", scope.problems)
    if table is None or len(table.entries) != 1:
        if table is not None:
            at = table.entries[1][0].at if table.entries else table.at
            scope.note(at, "wrong-shape", "'conclude' names one derived fact.", "begin each conclusion with `- conclude:`")
        return None
    key, value = table.entries[0]
    fact_type = _concludable(key, scope)
    if fact_type is None:
        return None
    if fact_type.shape == "flag":
        scope.note(key.at, "wrong-shape", f"'{key.text}' is a flag.", f"write `conclude: {key.text}`")
        return None
    if fact_type.shape == "value":
        operand = read_operand(value, fact_type.fields["value"]._replace(name=fact_type.name), scope)
        return Conclude(fact_type.name, (("value", operand),), key.at) if operand is not None else None
    return Conclude(fact_type.name, _assignments(value, fact_type, scope), key.at)


def _concludable(key: Scalar, scope: Scope) -> FactType | None:
    types = scope.vocabulary.types
    derived = [name for name, t in types.items() if not t.given and name != "advice"]
    if key.text in derived:
        return types[key.text]
    owners = [t.name for t in types.values() if t.given and key.text in t.fields and t.fields[key.text].derived]
    if owners:
        what, hint = f"is a field of '{owners[0]}'", f"write `mark: {{$name: {key.text}}}`, with the name that is bound to a {owners[0]}"
    elif key.text in types:
        what, hint = "is given in the deal file and cannot be concluded", "conclude a derived fact, or mark a derived field"
    else:
        labels = {name: types[name].label for name in derived}
        what, hint = "is not declared", nearest(key.text, derived, labels) or "declare it in the vocabulary under `derived:`"
    scope.note(key.at, "undeclared-conclusion", f"'{short(key.text)}' {what}.", hint)
    return None


def _assignments(node: Node, fact_type: FactType, scope: Scope) -> Assignments:
    if not isinstance(node, Mapping):
        _not_said(node, fact_type, scope)
        return ()
    table = node
    if not table.entries:
        scope.note(table.at, "empty-test", f"Nothing is said of '{fact_type.name}' here.", "name a field and its value")
    found: list[tuple[str, Operand]] = []
    for key, value in table.entries:
        field = scope.field(fact_type, key.text, key.at, key_slip(key, value))
        if field is not None and fact_type.given and not field.derived:
            _not_derived(key, scope)
        elif field is not None:
            operand = read_operand(value, field, scope)
            found.extend([(field.name, operand)] if operand is not None else [])
    return tuple(sorted(found, key=lambda pair: pair[0]))


def _not_said(node: Node, fact_type: FactType, scope: Scope) -> None:
    """A bare value or a list where fields and their values should stand."""
    fields = [name for name, field in fact_type.fields.items() if field.derived]
    if isinstance(node, Scalar):
        said = f"{fields[0]}: {short(node.text)}" if len(fields) == 1 else "field: value"
    else:
        items = node.items if isinstance(node, Sequence) else ()
        said = ", ".join(f"{item.text}: true" for item in items if isinstance(item, Scalar) and item.text in fields) or "field: value"
    scope.note(node.at, "wrong-shape", f"What is said of '{fact_type.name}' must be a table of `key: value`.", f"write {{{said}}}")


def _not_derived(key: Scalar, scope: Scope) -> None:
    message = f"'{key.text}' is given in the deal file and cannot be marked."
    scope.note(key.at, "undeclared-conclusion", message, "only fields under `derived:` can be marked")


def _mark(node: Node, scope: Scope) -> Effect | None:
    if not isinstance(node, Mapping) or len(node.entries) != 1:
        scope.note(node.at, "wrong-shape", "'mark' names one bound fact and what is marked.", "such as `mark: {$name: field}`")
        return None
    key, value = node.entries[0]
    name = key.text.lstrip("$")
    bound = scope.names.get(name)
    if bound is None or bound.type is None or not bound.type.given:
        if bound is None or bound.understood:
            hint = nearest(name, scope.names) or "bind a fact with `as:` in a condition"
            scope.note(key.at, "unbound-name", f"Nothing that can be marked is called '${short(name)}' here.", hint)
        return None
    if not isinstance(value, Scalar):
        return Mark(name, _assignments(value, bound.type, scope), key.at)
    field = scope.field(bound.type, value.text, value.at)
    if field is None:
        return None
    if not field.derived:
        _not_derived(value, scope)
        return None
    if field.kind != "flag":
        scope.note(value.at, "wrong-shape", f"'{value.text}' is no flag.", f"write `mark: {{${name}: {{{value.text}: …}}}}`")
        return None
    return Mark(name, ((field.name, Constant(value=True)),), key.at)


def _advise(node: Node, scope: Scope) -> Effect | None:
    table = is_mapping(node, "'advise'", scope.problems)
    if table is None:
        return None
    before = len(scope.problems)
    check_keys(table, _ADVISE_KEYS, ("play", "severity", "lens"), "'advise'", scope.problems)
    severity, lens = (_enum_value(filled(table, name), name, scope) for name in ("severity", "lens"))
    play = text_of(table.get("play"), "'play'", scope.problems)
    extras = table.get("with")
    advise = Advise(
        play,
        severity,
        lens,
        _about(table.get("about"), scope),
        text_of(table.get("topic"), "'topic'", scope.problems) or play,
        bool_of(table.get("do_not"), "'do_not'", scope.problems),
        tuple(text_of(item, "'instead_of'", scope.problems) for item in _items(table.get("instead_of"))),
        _extras(extras, scope) if extras is not None else (),
        table.at,
    )
    return advise if len(scope.problems) == before else None


def _extras(node: Node, scope: Scope) -> Assignments:
    table = is_mapping(node, "'with'", scope.problems)
    pairs = [(key.text, read_operand(value, ANY._replace(name=key.text), scope)) for key, value in (table.entries if table else ())]
    for key in table.names() if table else ():
        scope.bind(key.text, Bound(None, ANY), key.at, "under `with:`")
    return tuple((name, operand) for name, operand in pairs if operand is not None)


def _about(node: Node | None, scope: Scope) -> tuple[str, ...]:
    names = []
    for item in _items(node):
        name = text_of(item, "'about'", scope.problems).lstrip("$")
        bound = scope.names.get(name)
        if isinstance(item, Scalar) and (bound is None or (bound.understood and (bound.type is None or not bound.type.given))):
            what = "No given fact is" if bound is None else "Advice is about facts of the deal file, and none of them is"
            hint = nearest(name, [n for n, b in scope.names.items() if b.type is not None and b.type.given])
            scope.note(item.at, "unbound-name", f"{what} called '${short(name)}' here.", hint or "bind a fact with `as:` in a condition")
        names.append(name)
    return tuple(names)


def _enum_value(node: Node | None, name: str, scope: Scope) -> str:
    if node is None:
        return ""
    if not isinstance(node, Scalar):
        scope.note(node.at, "wrong-shape", f"'{name}' is one word.", "write it without brackets")
        return ""
    return one_of(node, scope.vocabulary.enums.get(name, Enum(name, ordered=False, values={})), f"'{name}'", scope.problems) or ""


def _items(node: Node | None) -> Iterable[Node]:
    if node is None:
        return ()
    return node.items if isinstance(node, Sequence) else (node,)
