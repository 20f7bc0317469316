"""Reading the facts of one section of a deal file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Map
from functools import lru_cache

from kamcoach.model.fact import Fact, FactType, Field, Value, Vocabulary
from kamcoach.reading.fields import holds, labels_of, read_value, says_unknown
from kamcoach.reading.hints import nearest
from kamcoach.reading.links import Links
from kamcoach.reading.nodes import Mapping, Node, Scalar
from kamcoach.reading.shapes import ENOUGH, Problems, is_list, is_mapping, key_slip, says_nothing, short
from kamcoach.source import Diagnostic, Location


@lru_cache(maxsize=1024)
def _absent(name: str, plural: bool) -> Fact:  # noqa: FBT001
    """What is known of a section that a deal does not have: nothing. The same for every deal."""
    return Fact(name, {}, "?", None, {}, unasked=True) if plural else Fact(name, {}, name, None, {})


class FactReader:
    """Turns the tables of a deal into facts, and notes what points to what. Of a `partial` deal nothing is required."""

    def __init__(self, vocabulary: Vocabulary, problems: Problems, *, partial: bool) -> None:
        self.vocabulary = vocabulary
        self.problems = problems
        self.partial = partial
        self.links = Links()

    def note(self, at: Location, code: str, message: str, hint: str = "") -> None:
        self.problems.append(Diagnostic(at, code, message, hint))

    def facts(self, node: Node | None, fact_type: FactType) -> Iterable[Fact]:
        """The facts under the type's section: one, or one for each item."""
        if node is None or says_unknown(node):
            return (_absent(fact_type.name, bool(fact_type.plural)),)
        if fact_type.plural:
            return self._items(node, fact_type)
        table = is_mapping(node, f"'{fact_type.section}'", self.problems)
        return (self._fact(table, fact_type, fact_type.name),)

    def _items(self, node: Node, fact_type: FactType) -> Iterator[Fact]:
        listed = is_list(node, f"'{fact_type.section}'", self.problems)
        if listed is None:
            self.links.unreadable.add(fact_type.name)
        seen: dict[str, Location] = {}
        for number, item in enumerate(listed.items if listed else (), 1):
            table = self._entry(item, fact_type)
            if table is None:
                self.links.unreadable.add(fact_type.name)
                continue
            named = table.get(fact_type.key) if fact_type.key else None
            key = named.text if isinstance(named, Scalar) and not says_nothing(named) else f"#{number}"
            fact = self._fact(table, fact_type, key)
            if named is not None and key in seen:
                message = f"The {fact_type.key} '{short(key)}' is already taken."
                self.note(named.at, "repeated-id", message, f"first used at line {seen[key].line}")
            else:
                seen[key] = table.at
                yield fact

    def _entry(self, node: Node, fact_type: FactType) -> Mapping | None:
        """The table of an item; a bare word is taken for its key that was left out."""
        if isinstance(node, Scalar) and not node.absent and fact_type.key and ":" not in node.text and "：" not in node.text:
            hint = f"write {{{fact_type.key}: {short(node.text)}}}"
            self.note(node.at, "wrong-shape", f"An entry of '{fact_type.section}' must be a table of `key: value`.", hint)
            return None
        return is_mapping(node, f"An entry of '{fact_type.section}'", self.problems)

    def _fact(self, table: Mapping | None, fact_type: FactType, key: str) -> Fact:
        values: dict[str, Value] = {}
        places: dict[str, Location] = {}
        if table is None:
            return Fact(fact_type.name, values, key, None, places)
        given = {name: field for name, field in fact_type.fields.items() if not field.derived}
        for name, node in self._flat(table, fact_type, given):
            if name in places:
                self.note(node.at, "repeated-key", f"'{name}' stands here twice.", f"also written at line {places[name].line}")
                continue
            places[name] = node.at
            value = read_value(node, given[name], self.vocabulary, self.problems)
            if value is not None:
                values[name] = value
                self.links.add(given[name], node, value)
            else:
                self._check_said(given[name], node, fact_type)
        if not self.partial:
            for name, field in given.items():
                if field.required and name not in places:
                    hint = "if this belongs to the entry above, take its `-` away" if name == fact_type.key else ""
                    self.note(table.at, "missing-key", f"'{fact_type.section}' needs '{name}'.", hint)
        return Fact(fact_type.name, values, key, table.at, places)

    def _check_said(self, field: Field, node: Node, fact_type: FactType) -> None:
        """Note a field that must say something and does not."""
        if isinstance(node, Scalar) and node.plain and node.text == "unknown" and field.kind == "key":
            self.note(node.at, "bad-key", f"'{field.name}' cannot be unknown: it is how other lines speak of this one.", "any short word")
        elif isinstance(node, Scalar) and node.absent and field.required and not self.partial:
            self.note(node.at, "missing-key", f"'{fact_type.section}' needs '{field.name}', which is empty here.")

    def _flat(self, table: Mapping, fact_type: FactType, given: Map[str, Field], prefix: str = "") -> Iterator[tuple[str, Node]]:
        """Field names with their nodes; a table under a group's name is opened up."""
        for key, node in table.entries:
            name = prefix + key.text
            if name in given:
                yield name, node
            elif any(field.startswith(name + ".") for field in given):
                yield from self._group(node, fact_type, given, name)
            else:
                owner = prefix.rstrip(".") or fact_type.section
                hint = key_slip(key, node) or self._field_hint(key, prefix, fact_type, given)
                self.note(key.at, "unknown-field", f"'{owner}' has no field '{short(key.text)}'.", hint)

    def _group(self, node: Node, fact_type: FactType, given: Map[str, Field], name: str) -> Iterator[tuple[str, Node]]:
        if isinstance(node, Mapping):
            yield from self._flat(node, fact_type, given, name + ".")
        elif not says_unknown(node):
            fields = [field[len(name) + 1 :] for field in given if field.startswith(name + ".")]
            hint = f"such as `{name}: {{{fields[0]}: …}}`; its fields are {', '.join(fields)}"
            self.note(node.at, "wrong-shape", f"'{name}' is a group of fields, not a value.", hint)

    def _field_hint(self, key: Scalar, prefix: str, fact_type: FactType, given: Map[str, Field]) -> str:
        if len(self.problems) > ENOUGH:
            return ""
        derived = fact_type.fields.get(prefix + key.text)
        if derived is not None:
            return "the rules conclude it; it is not written in a deal file"
        deeper = [field for field in given if field.endswith("." + key.text)]
        if deeper and not prefix:
            return f"it stands in the group '{deeper[0].rsplit('.', 1)[0]}'"
        here = {name[len(prefix) :].split(".")[0]: name for name in given if name.startswith(prefix)}
        labels = labels_of(given)
        close = nearest(key.text, here, {short_name: labels[name] for short_name, name in here.items()})
        if close.startswith("did"):
            return close
        if any(key.text in (t.section, t.name) for t in self.vocabulary.given):
            return f"'{key.text}' begins a part of its own: indent it less"
        owners = [t.section for t in self.vocabulary.given if holds(t, key.text)]
        return f"it belongs under '{owners[0]}'" if owners else close
