"""A graph of rules as text and as Mermaid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kamcoach.rulebook.graph import Edge, Graph, Node

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {"back": "is fed by", "on": "feeds", "nothing": "nothing", "by": "{node}  by: {label}", "seen": "{node}  (see above)"},
    "zh": {"back": "依据", "on": "供给", "nothing": "无", "by": "{node}  凭：{label}", "seen": "{node}  （见上）"},
}


def outline(graph: Graph) -> Iterator[str]:
    """Each node with what feeds it and what it feeds; of a chosen rule it alone, as deep as the graph goes."""
    words = _WORDS[graph.language]
    nodes = {node.id: node for node in graph.nodes}
    for node in [node for node in graph.nodes if node.chosen] or graph.nodes:
        yield _called(node)
        for way in ("back", "on"):
            lines = list(_tree(graph, nodes, node.id, way, 2, {node.id}))
            yield f"  {words[way]}" if lines else f"  {words[way]}: {words['nothing']}"
            yield from lines
        yield ""


def _tree(graph: Graph, nodes: Mapping[str, Node], start: str, way: str, depth: int, seen: set[str]) -> Iterator[str]:
    words = _WORDS[graph.language]
    for edge in graph.edges:
        other = _other(edge, start, way)
        if other is None:
            continue
        line = words["by"].format(node=_called(nodes[other]), label=edge.label)
        if other in seen:
            yield "  " * depth + words["seen"].format(node=line)
            continue
        yield "  " * depth + line
        seen.add(other)
        if any(node.chosen for node in graph.nodes):
            yield from _tree(graph, nodes, other, way, depth + 1, seen)


def _other(edge: Edge, start: str, way: str) -> str | None:
    """The far end of an edge that begins (`on`) or ends (`back`) at a node."""
    near, far = (edge.source, edge.target) if way == "on" else (edge.target, edge.source)
    return far if near == start else None


def _called(node: Node) -> str:
    if node.note == node.id:
        return f"{node.id} ({node.title})"
    return f"{node.title} ({node.note})" if node.note else node.title


def mermaid(graph: Graph) -> Iterator[str]:
    """The graph as a Mermaid flowchart, as GitHub and many editors draw it."""
    number = {node.id: f"n{place}" for place, node in enumerate(graph.nodes)}
    yield "flowchart LR"
    for node in graph.nodes:
        label = _quoted(f"{node.title}<br/>{node.note}" if node.note else node.title)
        yield f"  {number[node.id]}[{label}]" if node.advises else f"  {number[node.id]}([{label}])"
    for edge in graph.edges:
        arrow = "-.->" if edge.complete else "-->"
        yield f"  {number[edge.source]} {arrow}|{_quoted(edge.label)}| {number[edge.target]}"
    yield from (f"  style {number[node.id]} stroke-width:3px" for node in graph.nodes if node.chosen)


def _quoted(label: str) -> str:
    return '"' + label.replace('"', "#quot;").replace("|", "#124;") + '"'
