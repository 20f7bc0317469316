"""A cycle as a wheel: one segment a step, the place of today marked, notes beside it."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, floor, pi, sin
from typing import Any, Final

from kamcoach.brief.metrics import lines
from kamcoach.brief.metrics import width as wide_as

_SIZE: Final = 12
_LEADING: Final = 16
_WIDE: Final = 560
"""From this width on notes stand beside the wheel, else below it."""


def wheel(
    steps: Sequence[Any],
    *,
    width: int,
    at: Any = None,
    beside: Sequence[Any] = (),
    ahead: Sequence[Any] = (),
    labels: Sequence[Any] = ("", ""),
) -> dict[str, Any]:
    """Segments clockwise from the top, and two notes.

    `at` is the step of today; what speaks for it (`beside`) stands on its side, what is lacking for the next (`ahead`) on that of the next.
    `labels` are the headings of the two. Gives `width`, `height`, `x`, `y`, `radius`, `inner`, `segments` (`d`, `lines`,
    `state`: here, done or ahead) and `notes` (`kind`, `lines`, `leader`).
    """
    outer = 158 if width >= _WIDE else min(158, width // 2 - 4)
    inner = round(outer * 0.36)
    now = next((place for place, step in enumerate(steps) if step == at), -1)
    notes = [
        {"kind": kind, "label": str(label), "items": [_text(one) for one in items], "step": step}
        for kind, label, items, step in (("beside", labels[0], beside, now), ("ahead", labels[1], ahead, (now + 1) % max(1, len(steps))))
        if items and now >= 0
    ]
    laid = _beside(notes, len(steps), width, outer) if width >= _WIDE else _below(notes, width, outer)
    middle = (laid["x"], laid["y"])
    segments = [
        _segment(str(getattr(step, "label", step)), place, len(steps), now, middle, (outer, inner)) for place, step in enumerate(steps)
    ]
    return {**laid, "width": width, "radius": outer, "inner": inner, "segments": segments}


def _text(item: Any) -> str:
    return str(item["label"]) if isinstance(item, dict) else str(item)


def _point(middle: tuple[int, int], radius: float, angle: float) -> tuple[float, float]:
    return round(middle[0] + radius * sin(angle), 1), round(middle[1] - radius * cos(angle), 1)


def _segment(label: str, place: int, count: int, now: int, middle: tuple[int, int], rings: tuple[int, int]) -> dict[str, Any]:
    outer, inner = rings
    turn, gap = 2 * pi / count, 1.5
    start, end = place * turn, (place + 1) * turn
    (x1, y1), (x2, y2) = _point(middle, outer, start + gap / outer), _point(middle, outer, end - gap / outer)
    (x3, y3), (x4, y4) = _point(middle, inner, end - gap / inner), _point(middle, inner, start + gap / inner)
    big = 1 if turn > pi else 0
    size = _SIZE - 1
    across = (outer + inner) / 2
    room = min(2 * across * sin(min(turn, pi) / 2), (outer - inner) * 1.06) - 6
    said = lines(label, room, size, 4, bold=place == now)
    x, y = _point(middle, across, (start + end) / 2)
    top = y - (len(said) - 1) * 13 / 2 + 4
    return {
        "d": f"M{x1} {y1}A{outer} {outer} 0 {big} 1 {x2} {y2}L{x3} {y3}A{inner} {inner} 0 {big} 0 {x4} {y4}Z",
        "state": "here" if place == now else "done" if place < now else "ahead",
        "number": place + 1,
        "label": label,
        "lines": [{"text": text, "x": round(x), "y": round(top + row * 13)} for row, text in enumerate(said)],
    }


def _rows(note: dict[str, Any], room: int) -> list[tuple[str, str]]:
    """A note as lines with their kind: its heading, then each item with its further lines."""
    found = [("heading", text) for text in lines(note["label"], room, _SIZE, 2, bold=True)]
    for item in note["items"]:
        said = lines(item, room - 14, _SIZE, 3)
        found += [("item" if place == 0 else "more", text) for place, text in enumerate(said)]
    return found


def _placed(rows: list[tuple[str, str]], x: int, top: float) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "text": text, "x": x + (0 if kind == "heading" else 14), "y": round(top + 12 + place * _LEADING)}
        for place, (kind, text) in enumerate(rows)
    ]


def _beside(notes: list[dict[str, Any]], count: int, whole: int, outer: int) -> dict[str, Any]:
    """Each note on the side of its segment; where one side stays empty, the wheel moves there and leaves its room to the notes."""
    sides: dict[str, list[dict[str, Any]]] = {"left": [], "right": []}
    for note in notes:
        note["angle"] = (note["step"] + 0.5) * 2 * pi / count
        sides["right" if sin(note["angle"]) >= 0 else "left"].append(note)
    x = whole // 2 if all(sides.values()) or not notes else outer + 6 if sides["right"] else whole - outer - 6
    room = max(x, whole - x) - outer - 26
    for note in notes:
        note["rows"] = _rows(note, room)
    height = max(2 * outer + 16, *(sum(map(_tall, side)) for side in sides.values()))
    for side, listed in sides.items():
        _stack(sorted(listed, key=lambda note: -cos(note["angle"])), side, (x, height // 2), outer, height)
    found = [{"kind": note["kind"], "lines": _placed(note["rows"], note["left"], note["top"]), "leader": note["leader"]} for note in notes]
    return {"height": height, "x": x, "y": height // 2, "notes": found}


def _tall(note: dict[str, Any]) -> int:
    return len(note["rows"]) * _LEADING + 18


def _stack(notes: list[dict[str, Any]], side: str, middle: tuple[int, int], outer: int, height: int) -> None:
    """Give the notes of one side their places, each as near to its segment as the others let it, with a line to it."""
    waiting = sum(map(_tall, notes))
    free = 0
    for note in notes:
        tall = _tall(note)
        wanted = middle[1] - outer * cos(note["angle"]) - tall / 2
        note["top"] = round(max(free, min(wanted, height - waiting)))
        free, waiting = note["top"] + tall, waiting - tall
        x, y = _point(middle, outer + 3, note["angle"])
        edge = middle[0] + (outer + 20) * (1 if side == "right" else -1)
        wide = max(wide_as(text, _SIZE, bold=kind == "heading") + (0 if kind == "heading" else 14) for kind, text in note["rows"])
        left = middle[0] + outer + 22 if side == "right" else max(4, floor(edge - 4 - wide))
        note.update(left=left, leader=[x, y, edge, round(min(max(y, note["top"] + 8), note["top"] + tall - 18))])


def _below(notes: list[dict[str, Any]], whole: int, outer: int) -> dict[str, Any]:
    top, found = 2 * outer + 24, []
    for note in notes:
        rows = _rows(note, whole - 8)
        found.append({"kind": note["kind"], "lines": _placed(rows, 4, top), "leader": None})
        top += len(rows) * _LEADING + 12
    return {"height": top, "x": whole // 2, "y": outer + 4, "notes": found}
