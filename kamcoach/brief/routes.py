"""Lines between the cards of a grid. They run in the gutters between columns and rows only, so that none crosses a card."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

_HEAD: Final = 6
_STEP: Final = 3


class Grid:
    """Where the columns and rows lie, and how many lines each gutter holds already."""

    def __init__(self, lefts: list[int], rights: list[int], gutter: int) -> None:
        self.lefts = lefts
        self.rights = rights
        self.gutter = gutter
        self.head = 0
        self.tops: list[int] = []
        self.bottoms: list[int] = []
        self._taken: dict[tuple[str, int], int] = {}
        self._ends: dict[tuple[int, bool], int] = {}

    def upright(self, place: int) -> int:
        """A lane in the gutter left of column `place`."""
        start = self.lefts[place] - self.gutter if place < len(self.lefts) else self.rights[-1]
        return start + self._lane("upright", place)

    def level(self, place: int) -> int:
        """A lane in the gutter above row `place`."""
        return self.tops[place] - 15 + self._lane("level", place)

    def _lane(self, kind: str, place: int) -> int:
        lanes = max(1, (self.gutter - 8) // _STEP)
        taken = self._taken.get((kind, place), 0)
        self._taken[kind, place] = taken + 1
        return 5 + (taken * 2 % lanes + (taken * 2 // lanes % 2)) % lanes * _STEP

    def end(self, card: dict[str, Any], *, right: bool) -> int:
        """Where the next line meets this side of the card, none quite where another does."""
        key = (id(card), right)
        taken = self._ends.get(key, 0)
        self._ends[key] = taken + 1
        shift = (taken + 1) // 2 * 7 * (1 if taken % 2 else -1)
        middle = card["y"] + card["height"] // 2
        return int(min(max(card["y"] + 6, middle + shift), card["y"] + card["height"] - 6))


def route(start: dict[str, Any], goal: dict[str, Any], grid: Grid) -> dict[str, Any]:
    """The path from one card to another as `d`, and its arrow head as `head`."""
    rightward = goal["column"] >= start["column"]
    into_right = goal["column"] <= start["column"]
    x1 = start["x"] + (start["width"] if rightward else 0)
    x2 = goal["x"] + (goal["width"] if into_right else 0)
    y1, y2 = grid.end(start, right=rightward), grid.end(goal, right=into_right)
    out = grid.upright(start["column"] + (1 if rightward else 0))
    points = [(x1, y1), (out, y1)]
    if abs(goal["column"] - start["column"]) > 1:
        level = grid.level(goal["row"])
        back = grid.upright(goal["column"] + (1 if into_right else 0))
        points += [(out, level), (back, level), (back, y2)]
    else:
        points.append((out, y2))
    tip = x2 + (1 if into_right else -1)
    points.append((tip + (_HEAD if into_right else -_HEAD) // 2, y2))
    tail = tip + (_HEAD if into_right else -_HEAD)
    return {"d": _path(points), "head": f"{tip},{y2} {tail},{y2 - 4} {tail},{y2 + 4}"}


def _path(points: list[tuple[int, int]]) -> str:
    kept = [points[0], *(two for one, two in pairwise(points) if one != two)]
    return "M" + "L".join(f"{x} {y}" for x, y in kept)
