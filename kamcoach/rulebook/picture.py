"""A graph of rules as an SVG picture that needs nothing else: no font, no script, no style sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from itertools import pairwise
from math import log2
from typing import Final

from kamcoach.advice.page import text_width
from kamcoach.rulebook.graph import Edge, Graph
from kamcoach.rulebook.placing import HEAD, MARGIN, WIDTH, Box, Picture, Point, placed, shortened

_FONT: Final = "'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif"
_ARROW: Final = (
    '<defs><marker id="{mark}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="9" markerHeight="9" '
    'markerUnits="userSpaceOnUse" orient="auto">'
    '<path d="M0 0 8 4 0 8z" fill="#667"/></marker></defs>'
)
_LEGEND: Final[Mapping[str, tuple[str, str, str]]] = {
    "en": ("concludes", "gives advice", "waits for all of it (negates or counts)"),
    "zh": ("只推导", "给建议", "要等结论齐全（否定或计数）"),
}
_LABEL_WIDTH: Final = 26


def svg(graph: Graph, link: Callable[[str], str] | None = None) -> str:
    """The picture. Boxes with round ends only conclude; a dashed line says that the fed rule negates or counts.

    `link`: where a box leads, by the id of its node.
    """
    picture = placed(graph)
    size = f'viewBox="0 0 {picture.width:g} {picture.height:g}" width="{picture.width:g}" height="{picture.height:g}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{_FONT}">',
        f"<title>{escape(graph.title)}</title>",
        _ARROW.format(mark=_mark(graph)),
        f'<rect width="{picture.width:g}" height="{picture.height:g}" fill="#fff"/>',
        *(() if any(edge.links for edge in graph.edges) else _legend(graph.language)),
        *(_line(edge, picture, _mark(graph)) for edge in graph.edges),
        *(line for box in picture.boxes.values() for line in _linked(box, link)),
        *(_label(text, at) for text, at in picture.labels),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _mark(graph: Graph) -> str:
    """What the arrow head is called: a page may hold the picture in each language."""
    return f"to-{graph.language}"


def _linked(box: Box, link: Callable[[str], str] | None) -> Iterator[str]:
    if link is None:
        yield from _box(box)
    else:
        yield from (f'<a href="{escape(link(box.node.id))}">', *_box(box), "</a>")


def _box(box: Box) -> Iterator[str]:
    node = box.node
    fill, edge, corner = ("#fdf3e1", "#b7791f", 4) if node.advises else ("#e8f0fb", "#3b6ea8", 14)
    shape = f'x="{box.x:g}" y="{box.y:g}" width="{WIDTH}" height="{box.height:g}" rx="{corner}"'
    yield f'<rect {shape} fill="{fill}" stroke="{edge}" stroke-width="{3 if node.chosen else 1}"/>'
    for number, line in enumerate(box.lines):
        look = 'font-size="12" fill="#1a202c"' if number < box.titles else 'font-size="10" fill="#4a5568"'
        yield f'<text x="{box.x + 10:g}" y="{box.line(number):g}" {look}>{escape(line)}</text>'


def _line(edge: Edge, picture: Picture, mark: str) -> str:
    """A line from box to box through the gaps between; one that closes a circle runs back below its boxes."""
    points = picture.way(edge)
    path = f"M{points[0][0]:g} {points[0][1]:g}"
    if points[-1][0] <= points[0][0]:
        (x1, y1), (x2, y2) = points[0], points[-1]
        low = max(y1, y2) + 60
        path += f"C{x1 + 80:g} {low:g} {x2 - 80:g} {low:g} {x2:g} {y2:g}"
    else:
        for (x1, y1), (x2, y2) in pairwise(points):
            middle = (x1 + x2) / 2
            path += f"C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}" if x2 - x1 < 2 * WIDTH else f"L{x2:g} {y2:g}"
    width = 1.2 + log2(edge.links) / 2 if edge.links else 1.2
    dashed = ' stroke-dasharray="5 4"' if edge.complete else ""
    look = f'fill="none" stroke="#667" stroke-width="{width:.3g}" opacity=".8" marker-end="url(#{mark})"{dashed}'
    return f'<path d="{path}" {look}>{_told(edge.label)}</path>'


def _label(text: str, at: Point) -> str:
    """What is handed on, where the line leaves its box; a long label is cut, and told in full when it is pointed at."""
    look = 'font-size="9" fill="#2d3748" stroke="#fff" stroke-width="3" paint-order="stroke"'
    return f'<text x="{at[0]:g}" y="{at[1]:g}" {look}>{_told(text)}{escape(shortened(text, _LABEL_WIDTH))}</text>'


def _told(text: str) -> str:
    return f"<title>{escape(text)}</title>"


def _legend(language: str) -> Iterator[str]:
    concludes, advises, waits = _LEGEND[language]
    x = float(MARGIN)
    for fill, edge, corner, label in (("#e8f0fb", "#3b6ea8", 7, concludes), ("#fdf3e1", "#b7791f", 2, advises)):
        yield f'<rect x="{x:g}" y="{HEAD - 26}" width="22" height="14" rx="{corner}" fill="{fill}" stroke="{edge}"/>'
        yield f'<text x="{x + 28:g}" y="{HEAD - 15}" font-size="11" fill="#4a5568">{escape(label)}</text>'
        x += 44 + 7 * text_width(label)
    yield f'<path d="M{x:g} {HEAD - 19}h26" stroke="#667" stroke-dasharray="5 4"/>'
    yield f'<text x="{x + 32:g}" y="{HEAD - 15}" font-size="11" fill="#4a5568">{escape(waits)}</text>'
