"""What in a deal file points to what: references that must resolve, and lines that may not go round in a circle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from kamcoach.model.fact import Fact, FactType, Field, Value, Vocabulary
from kamcoach.reading import nodes
from kamcoach.reading.hints import nearest
from kamcoach.reading.shapes import ENOUGH, Problems, short
from kamcoach.source import Diagnostic, Location

_SHOWN: Final = 10


class Link(NamedTuple):
    """A field that names an item of a list by its key."""

    at: Location
    field: str
    to: str
    target: str


class Links:
    """All links of a deal, and the types whose items could not all be read."""

    def __init__(self) -> None:
        self.found: list[Link] = []
        self.unreadable: set[str] = set()

    def add(self, declared: Field, node: nodes.Node, value: Value) -> None:
        """Keep what a field points to, each target at its own place."""
        if not declared.to:
            return
        kept = value if isinstance(value, tuple) else (value,)
        items = node.items if isinstance(node, nodes.Sequence) else (node,)
        self.found.extend(
            Link(item.at, declared.name, declared.to, item.text) for item in items if isinstance(item, nodes.Scalar) and item.text in kept
        )


def check_links(facts: Sequence[Fact], links: Links, vocabulary: Vocabulary, problems: Problems) -> None:
    """Note every link without a target, and every circle where there may be none."""
    keys: dict[str, dict[str, Fact]] = {}
    for fact in facts:
        if not fact.unasked:
            keys.setdefault(fact.type, {})[fact.key] = fact
    for link in links.found:
        there = keys.get(link.to, {})
        if link.target not in there and link.to not in links.unreadable:
            named = vocabulary.types[link.to]
            message = f"'{link.field}' names '{short(link.target)}', and no entry of '{named.section}' has this id."
            hint = _hint(link.target, named, there) if len(problems) < ENOUGH else ""
            problems.append(Diagnostic(link.at, "dangling-reference", message, hint))
    for name in keys:
        named = vocabulary.types[name]
        for declared in named.fields.values() if named.key else ():  # only what points to its own kind can go round in a circle
            if declared.acyclic and declared.to == name:
                _check_circle([f for f in facts if f.type == name], declared.name, problems)


def _hint(target: str, fact_type: FactType, there: Mapping[str, Fact]) -> str:
    if not there:
        return f"the file names nothing under '{fact_type.section}'"
    texts = [name for name, declared in fact_type.fields.items() if declared.kind == "text"]
    by_name = [key for key, fact in there.items() if target in [fact.fields.get(name) for name in texts]]
    return f"did you mean '{by_name[0]}'?" if by_name else nearest(target, there)


def _check_circle(facts: Sequence[Fact], name: str, problems: Problems) -> None:
    """Note each circle once, at its first member in the file."""
    up = {fact.key: str(fact.fields[name]) for fact in facts if name in fact.fields}
    done: set[str] = set()
    for fact in facts:
        path: dict[str, None] = {}
        key = fact.key
        while key in up and key not in done and key not in path:
            path[key] = None
            key = up[key]
        if key in path:
            members = list(path)
            round_trip = [*members[members.index(key) :], key]
            circle = " → ".join(round_trip if len(round_trip) <= _SHOWN else [*round_trip[: _SHOWN - 2], "…", key])
            at = next(f for f in facts if f.key == key).place(name) or Location("")
            problems.append(Diagnostic(at, "circle", f"'{name}' goes round in a circle: {circle}."))
        done.update(path)
