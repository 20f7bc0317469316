"""The boxes and lines of a picture with their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from kamcoach.advice.page import text_width, wrap
from kamcoach.rulebook.graph import Edge, Graph, Node
from kamcoach.rulebook.layers import Layout, layout

WIDTH: Final = 230
MARGIN: Final = 24
HEAD: Final = 60
"""Room for the legend."""
_GAP, _ROW, _LINE, _CHARS = 170, 24, 15, 34
_LEGEND_WIDTH: Final = 620
Point = tuple[float, float]


class Box(NamedTuple):
    """A node with its lines of text; the first `titles` of them are its title."""

    node: Node
    lines: tuple[str, ...]
    titles: int
    x: float = 0
    y: float = 0

    @property
    def height(self) -> float:
        return len(self.lines) * _LINE + 12

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    def line(self, number: int) -> float:
        """The foot of a line of text."""
        return self.y + 18 + number * _LINE


class Picture(NamedTuple):
    boxes: Mapping[str, Box]
    bends: Mapping[tuple[str, str], tuple[Point, ...]]
    """Through which places a long line runs."""
    labels: tuple[tuple[str, Point], ...]
    width: float
    height: float

    def way(self, edge: Edge) -> list[Point]:
        """The points through which the line of an edge runs."""
        source, target = self.boxes[edge.source], self.boxes[edge.target]
        bends = self.bends.get((edge.source, edge.target), ())
        through = [point for x, y in bends for point in ((x, y), (x + WIDTH, y))]
        return [(source.x + WIDTH, source.middle), *through, (target.x, target.middle)]


def placed(graph: Graph) -> Picture:
    """The nodes in columns; below them, in rows, those that nothing links to another."""
    nodes = {node.id: node for node in graph.nodes}
    pairs = [(edge.source, edge.target) for edge in graph.edges]
    linked = {name for pair in pairs for name in pair}
    plan = layout([name for name in nodes if name in linked], pairs)
    boxes, bends, foot = _columns(plan, nodes)
    alone = [_boxed(node) for name, node in nodes.items() if name not in linked]
    across = max(3, len(plan.columns))
    for start in range(0, len(alone), across):
        row = alone[start : start + across]
        boxes.update({box.node.id: box._replace(x=MARGIN + at * (WIDTH + _ROW), y=foot) for at, box in enumerate(row)})
        foot += max(box.height for box in row) + _ROW
    right = max((box.x + WIDTH for box in boxes.values()), default=0.0)
    return Picture(boxes, bends, tuple(_labels(graph, boxes)), max(right + MARGIN, _LEGEND_WIDTH), foot + 2 * MARGIN)


def _boxed(node: Node) -> Box:
    title = wrap(node.title, _CHARS)
    note = wrap(node.note, _CHARS) if node.note not in ("", node.title) else []
    return Box(node, (*title, *note), len(title))


def _columns(plan: Layout, nodes: Mapping[str, Node]) -> tuple[dict[str, Box], dict[tuple[str, str], tuple[Point, ...]], float]:
    """The boxes of the columns, the bends of long lines, and where the columns end; each column in the middle of the height."""
    heights = {name: _boxed(nodes[name]).height + _ROW if name in nodes else 12.0 for column in plan.columns for name in column}
    tall = [sum(heights[name] for name in column) for column in plan.columns]
    boxes: dict[str, Box] = {}
    points: dict[str, Point] = {}
    for number, column in enumerate(plan.columns):
        x, y = MARGIN + number * (WIDTH + _GAP), HEAD + (max(tall) - tall[number]) / 2
        for name in column:
            if name in nodes:
                boxes[name] = _boxed(nodes[name])._replace(x=x, y=y)
            points[name] = (x, y)
            y += heights[name]
    bends = {pair: tuple(points[name] for name in way) for pair, way in plan.ways.items()}
    return boxes, bends, HEAD + max(tall, default=0.0)


def _labels(graph: Graph, boxes: Mapping[str, Box]) -> Iterator[tuple[str, Point]]:
    """What each box hands on, each label once, below one another in the order of the boxes they lead to."""
    for box in boxes.values():
        out = sorted((edge for edge in graph.edges if edge.source == box.node.id), key=lambda edge: boxes[edge.target].middle)
        labels = list(dict.fromkeys(edge.label for edge in out if not edge.links))
        for place, label in enumerate(labels):
            yield label, (box.x + WIDTH + 8, box.middle - 4 + (place - (len(labels) - 1)) * 11)


def shortened(text: str, width: int) -> str:
    """A text of at most so many columns."""
    if text_width(text) <= width:
        return text
    while text_width(text) >= width:
        text = text[:-1]
    return f"{text.rstrip()}…"
