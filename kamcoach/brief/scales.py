"""Rows of values on one scale: marks for several fields of each item, and squares for counted units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from kamcoach.advice.words import Missing, plain
from kamcoach.brief.metrics import lines

_SIZE: Final = 12
_LEADING: Final = 15
_WIDE: Final = 560
_MOST_SQUARES: Final = 20


def number(value: Any) -> float | None:
    """A number of a fact, None if it is not recorded."""
    return None if isinstance(value, (Missing, bool, str)) or value is None else float(value)


def scales(
    items: Sequence[Any], *, label: str, marks: Sequence[str], width: int, low: int = 0, high: int = 5, side: int = 0
) -> dict[str, Any]:
    """Each item with its name and, on a scale from `low` to `high`, where the fields `marks` lie.

    `side` keeps room between name and scale, for what the template draws there. Where the picture is narrow the name stands above.
    Gives `width`, `height`, `left`, `right`, `beside`, `ticks` (`value`, `x`), `rows` (`of`, `y`, `lines`, `marks`: `value`, `x`).
    """
    wide = width >= _WIDE
    room = width * 2 // 5 - 10 if wide else width - 8
    left = (width * 2 // 5 if wide else 8) + side
    right = width - 22
    rows, top = [], 30
    for item in items:
        said = lines(plain(item[label], ""), room, _SIZE, 2)
        tall = len(said) * _LEADING
        y = top + (max(30, tall + 12) // 2 if wide else tall + 18)
        first = y - tall / 2 + 11 if wide else top + 12
        texts = [{"text": text, "x": 4, "y": round(first + place * _LEADING)} for place, text in enumerate(said)]
        values = [number(item[name]) for name in marks]
        placed = [{"value": value, "x": None if value is None else _on(value, low, high, left, right)} for value in values]
        rows.append({"of": item, "y": y, "lines": texts, "marks": placed, "top": top})
        top += max(30, tall + 12) if wide else tall + 38
    ticks = [{"value": value, "x": _on(value, low, high, left, right)} for value in range(low, min(high, low + 20) + 1)]
    return {"width": width, "height": top + 6, "left": left, "right": right, "beside": left - side, "ticks": ticks, "rows": rows}


def _on(value: float, low: float, high: float, left: int, right: int) -> int:
    share = (min(max(value, low), high) - low) / ((high - low) or 1)
    return round(left + share * (right - left))


def units(steps: Sequence[Any], *, of: Sequence[Any], width: int, size: int = 16) -> dict[str, Any]:
    """For each step a row of squares per group in `of`, as many as the group has units in that step.

    Gives `width`, `height`, `known` (any number at all) and `rows` (`of`, `y`, `lines`, `groups`: `value`, `more`, `known`, `y`,
    `squares` with `x` and `over`, which is true beyond the units of the first group).
    """
    wide = width >= _WIDE
    room = width // 3 - 10 if wide else width - 8
    left = width // 3 if wide else 8
    most = max(1, min(_MOST_SQUARES, (width - left - 40) // (size + 3)))
    rows, top = [], 6
    for step in steps:
        values = [number(group[step]) for group in of]
        said = lines(str(getattr(step, "label", step)), room, _SIZE, 2)
        start = top if wide else top + len(said) * _LEADING + 5
        groups = [_squares(value, values[0], left, start + place * (size + 4), size, most) for place, value in enumerate(values)]
        texts = [{"text": text, "x": 4, "y": top + 13 + place * _LEADING} for place, text in enumerate(said)]
        rows.append({"of": step, "y": top, "lines": texts, "groups": groups})
        top = max(start + len(of) * (size + 4), top + len(said) * _LEADING) + 12
    known = any(group["known"] for row in rows for group in row["groups"])
    return {"width": width, "height": top, "left": left, "size": size, "known": known, "rows": rows}


def _squares(value: float | None, first: float | None, left: int, y: int, size: int, most: int) -> dict[str, Any]:
    count = max(0, int(value or 0))
    shown = min(count, most)
    squares = [{"x": left + place * (size + 3), "over": first is not None and place >= first} for place in range(shown)]
    return {
        "value": count,
        "known": value is not None,
        "more": count - shown,
        "y": y,
        "end": left + shown * (size + 3) + 2,
        "squares": squares,
    }
