"""What an SVG shows, read back from its text: where each label stands, how wide it is, and what it lies on."""

from __future__ import annotations

from typing import Final, NamedTuple
from xml.etree import ElementTree

from kamcoach.brief.metrics import width

SVG: Final = "{http://www.w3.org/2000/svg}"


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    text: str = ""

    def meets(self, other: Box) -> bool:
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def labels(svg: str) -> list[Box]:
    """Every label of a picture as the box that its letters fill: no room above small letters or below the line is counted."""
    root = parsed(svg)
    return [_box(one, float(root.get("font-size", "12"))) for one in root.iter(f"{SVG}text")]


def _box(node: ElementTree.Element, usual: float) -> Box:
    size = float(node.get("font-size", usual))
    text = "".join(node.itertext())
    wide = width(text, size, bold=node.get("font-weight") == "bold")
    x, y = float(node.get("x", "0")), float(node.get("y", "0"))
    left = x - wide / 2 if node.get("text-anchor") == "middle" else x
    return Box(left, y - size * 0.8, left + wide, y + size * 0.2, text)


def cards(svg: str) -> list[Box]:
    """The rectangles with round corners."""
    found = []
    for one in parsed(svg).iter(f"{SVG}rect"):
        if one.get("rx"):
            x, y = float(one.get("x", "0")), float(one.get("y", "0"))
            found.append(Box(x, y, x + float(one.get("width", "0")), y + float(one.get("height", "0"))))
    return found


def overlaps(boxes: list[Box]) -> list[tuple[str, str]]:
    return [(one.text, two.text) for place, one in enumerate(boxes) for two in boxes[place + 1 :] if one.meets(two)]


def outside(svg: str) -> list[str]:
    """The labels that run out of the picture."""
    _, _, wide, tall = map(float, parsed(svg).get("viewBox", "").split())
    return [box.text for box in labels(svg) if box.left < 0 or box.top < 0 or box.right > wide or box.bottom > tall]
