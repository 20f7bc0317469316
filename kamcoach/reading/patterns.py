"""Reading patterns: one fact type, the tests on its fields, and the name that is given to what is found."""

from __future__ import annotations

from collections.abc import Iterator

from kamcoach.model.condition import FieldTest, Pattern
from kamcoach.model.fact import FactType
from kamcoach.reading.nodes import Mapping, Node, Scalar, Sequence
from kamcoach.reading.scope import FORMS, Bound, Scope
from kamcoach.reading.shapes import is_list, is_mapping, key_slip, says_nothing, short, text_of
from kamcoach.reading.tests import read_test

Tests = tuple[FieldTest, ...]


def read_flag(node: Scalar, scope: Scope) -> Pattern | None:
    """A bare word: a flag that must hold."""
    if node.absent:
        scope.note(node.at, "empty-test", "A condition is missing here.", "write one after the `-`, or take the `-` away")
        return None
    fact_type = scope.type(node.text, node.at)
    if fact_type is None:
        return None
    if fact_type.shape != "flag":
        form = "{}" if fact_type.shape != "value" else "…"
        scope.note(node.at, "wrong-shape", f"'{node.text}' is no flag.", f"write a test: `{node.text}: {form}`")
        return None
    return Pattern(fact_type.name, at=node.at)


def read_pattern(node: Mapping, scope: Scope) -> Pattern | None:
    """A table with one fact type and perhaps `as`."""
    heads = [entry for entry in node.entries if entry[0].text != "as"]
    if not heads:
        hint = "`as:` stands below the fact type, in the same column, without a `-`" if node.entries else "name a fact type"
        scope.note(node.at, "wrong-shape", "A condition names a fact type; here stands none.", hint)
        return None
    (key, value), *more = heads
    for other, _ in more:
        _second(other, key.text, scope)
    fact_type = scope.type(key.text, key.at)
    if fact_type is None or (more and says_nothing(value)):
        bind_name(node, Bound(fact_type), scope)
        return None
    return _pattern(fact_type, key, value, node, scope)


def _pattern(fact_type: FactType, key: Scalar, value: Node, node: Mapping, scope: Scope) -> Pattern | None:
    if fact_type.shape == "flag":
        hint = f"write `none: {key.text}`" if isinstance(value, Scalar) and value.text == "false" else f"write `- {key.text}` alone"
        scope.note(key.at, "wrong-shape", f"'{key.text}' is a flag: it holds or it does not.", hint)
        return None
    if fact_type.shape == "value":
        field = fact_type.fields["value"]._replace(name=fact_type.name)
        bind = bind_name(node, Bound(None, field), scope)
        test = read_test(value, field, scope)
        return Pattern(fact_type.name, (FieldTest("value", test, value.at),), (), bind, key.at) if test is not None else None
    bind = bind_name(node, Bound(fact_type), scope)
    tests, either = read_tests(value, fact_type, scope)
    return Pattern(fact_type.name, tests, either, bind, key.at)


def _second(key: Scalar, first: str, scope: Scope) -> None:
    """A further key beside the fact type of a condition."""
    fact_type = scope.vocabulary.types.get(first)
    if key.text in FORMS or key.text in scope.vocabulary.types:
        hint = f"begin it with `- `: '{key.text}' is a condition of its own"
    elif fact_type is not None and (key.text in fact_type.fields or key.text == "either"):
        hint = f"indent it further: '{key.text}' belongs under '{first}'"
    elif key.text in ("is", "of", "by", "satisfies"):
        hint = f"'{key.text}' belongs one level further out, not beside '{first}'"
    else:
        hint = f"only `as:` may stand beside '{first}'"
    scope.note(key.at, "wrong-shape", f"A condition names one fact type; beside '{short(first)}' stands '{short(key.text)}'.", hint)


def bind_name(node: Mapping, bound: Bound, scope: Scope) -> str:
    """Give the name after `as:`, if there is one, to what was found."""
    written = node.get("as")
    if written is None:
        return ""
    name = text_of(written, "'as'", scope.problems)
    if isinstance(written, Scalar) and not name:
        scope.note(written.at, "bad-name", "A name is missing after `as:`.", "one word of letters, digits and _")
    elif name.startswith("$"):
        scope.note(written.at, "bad-name", f"The name after `as:` stands without `$`: {short(name[1:])}.", f"write {short(name[1:])}")
        name = name.lstrip("$")
    scope.bind(name, bound, written.at)
    return name


def read_tests(node: Node, fact_type: FactType, scope: Scope) -> tuple[Tests, tuple[Tests, ...]]:
    """The field tests of a pattern, and its `either` groups."""
    if isinstance(node, Scalar):
        _no_table(node, fact_type, scope)
        return (), ()
    table = is_mapping(node, f"What is tested on '{fact_type.name}'", scope.problems)
    groups = [_either(value, fact_type, scope) for key, value in (table.entries if table else ()) if key.text == "either"]
    return tuple(_tests(table, fact_type, scope)) if table else (), groups[0] if groups else ()


def read_plain_tests(node: Node, fact_type: FactType, where: str, scope: Scope) -> Tests:
    """The field tests under `where`, in which no `either` may stand and not all may be left out."""
    tests, either = read_tests(node, fact_type, scope)
    if either:
        scope.note(
            node.at, "wrong-shape", f"'either' cannot stand under '{where}'.", "write two conditions, or let a rule conclude it first"
        )
    elif isinstance(node, Mapping) and not node.entries:
        scope.note(node.at, "empty-test", f"'{where}' tests nothing.", "name a field and what it must be")
    return tests


def _no_table(node: Scalar, fact_type: FactType, scope: Scope) -> None:
    if node.absent:
        hint = f"indent the tests below it; `{fact_type.name}: {{}}` asks only whether there is one"
    elif node.text in fact_type.fields:
        hint = f"write `{fact_type.name}: {{{node.text}: …}}`"
    else:
        hint = f"write `{fact_type.name}: {{field: value}}`"
    scope.note(node.at, "wrong-shape", f"After '{fact_type.name}' stand the tests on its fields.", hint)


def _either(node: Node, fact_type: FactType, scope: Scope) -> tuple[Tests, ...]:
    groups = is_list(node, "'either'", scope.problems)
    if isinstance(groups, Sequence) and len(groups.items) < 2:
        scope.note(node.at, "empty-test", "'either' wants two alternatives or more.", "such as [{one_field: true}, {other_field: true}]")
    return tuple(read_plain_tests(group, fact_type, "either", scope) for group in (groups.items if groups else ()))


def _tests(table: Mapping, fact_type: FactType, scope: Scope, prefix: str = "") -> Iterator[FieldTest]:
    """The tests on fields; a table under a group's name is opened up."""
    for key, value in table.entries:
        name = prefix + key.text
        if name == "either":
            continue
        if name not in fact_type.fields and any(field.startswith(name + ".") for field in fact_type.fields):
            inner = is_mapping(value, f"The group '{name}'", scope.problems)
            yield from _tests(inner, fact_type, scope, name + ".") if inner else ()
        elif name == "as" and isinstance(value, Scalar) and name not in fact_type.fields:
            scope.field(fact_type, name, key.at)
            scope.names.setdefault(value.text, Bound(fact_type))
        elif (field := scope.field(fact_type, name, key.at, key_slip(key, value))) is not None:
            test = read_test(value, field, scope)
            if test is not None:
                yield FieldTest(field.name, test, key.at)
