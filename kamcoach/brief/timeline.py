"""What happened when: marks on an axis of time, labels in lanes above and below it, and the gaps between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import Any, Final, NamedTuple

from kamcoach.advice.words import Missing, plain
from kamcoach.brief.metrics import lines, width
from kamcoach.model.fact import day_after

_SIZE: Final = 11
_LEADING: Final = 14
_LANES: Final = 6
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class _Event(NamedTuple):
    of: Any
    day: date
    raised: bool
    text: str
    note: str


class _Axis(NamedTuple):
    first: date
    last: date
    left: int
    right: int

    def x(self, day: date) -> int:
        return round(self.left + (day - self.first).days / max(1, (self.last - self.first).days) * (self.right - self.left))


def timeline(
    items: Sequence[Any],
    *,
    width: int,
    today: date,
    language: str,
    dates: Sequence[str],
    raised: str,
    label: str,
    note: str = "",
    kind: str = "",
    silence: int = 30,
) -> dict[str, Any]:
    """Marks from the first event to `today`; where the flag `raised` holds, the text of the field `label` stands above the axis, else that
    of `note` below it.

    `dates` are fields with the day of an event, the first known one counts. A gap of more than `silence` days is told of. Labels that find
    no room are left out, never laid over others. Gives `width`, `height`, `axis`, `left`, `right`, `months`, `marks`, `gaps`, `today`
    (a mark, None if there is an event of today) and `kinds`, the values that the field `kind` has.
    """
    events = sorted(_events(items, dates, raised, (label, note), language), key=lambda one: one.day)
    if not events:
        return {"width": width, "height": 0, "marks": []}
    days = [event.day for event in events]
    axis = _Axis(min(events[0].day, today), max(today, events[-1].day), 14, width - 14)
    room = min(170, width // 2 - 20)
    above = _Lanes(axis, width)
    below = _Lanes(axis, width)
    marks = [_mark(event, axis, above if event.raised else below, room if event.raised else 84, language) for event in events]
    ends = [_mark(_Event(None, today, raised=False, text="", note=""), axis, below, 0, language)] if today not in days else []
    line = above.tall + 18
    for mark in (*marks, *ends):
        _settle(mark, line)
    gaps = list(_gaps(days, axis, today, silence, language))
    bottom = line + 40 + below.tall
    return {
        **{"width": width, "height": bottom + 24, "axis": line, "left": axis.left, "right": axis.right, "ticks": bottom},
        **{"months": list(_months(axis, language)), "marks": marks, "gaps": gaps, "today": ends[0] if ends else None},
        "kinds": list(dict.fromkeys(value for event in events if kind and not isinstance(value := event.of[kind], Missing))),
    }


def _events(items: Sequence[Any], dates: Sequence[str], raised: str, texts: tuple[str, str], language: str) -> list[_Event]:
    found = []
    for item in items:
        day = next((value for name in dates if isinstance(value := item[name], date)), None)
        if day is not None:
            label, note = ("" if isinstance(value := item[name] if name else "", Missing) else plain(value, language) for name in texts)
            found.append(_Event(item, day, bool(item[raised]), label, note))
    return found


class _Lanes:
    """Labels in rows that do not touch; the next free row is taken, and none if all are full."""

    def __init__(self, axis: _Axis, whole: int) -> None:
        self.axis = axis
        self.whole = whole
        self.taken: list[list[tuple[float, float]]] = [[] for _ in range(_LANES)]
        self.heights = [0] * _LANES

    @property
    def tall(self) -> int:
        return sum(self.heights)

    def place(self, x: int, wide: float, tall: int) -> tuple[int, int] | None:
        """The lane and the left edge of a label."""
        left = round(min(max(2.0, x - wide / 2), self.whole - wide - 2))
        for lane, taken in enumerate(self.taken):
            if all(left + wide + 8 <= start or end + 8 <= left for start, end in taken):
                taken.append((left, left + wide))
                self.heights[lane] = max(self.heights[lane], tall)
                return lane, left
        return None


def short_day(day: date, language: str) -> str:
    return f"{day.month}月{day.day}日" if language == "zh" else f"{day.day} {_MONTHS[day.month - 1]}"


def _mark(event: _Event, axis: _Axis, lanes: _Lanes, room: int, language: str) -> dict[str, Any]:
    texts = [short_day(event.day, language), *(lines(event.text, room, _SIZE, 3) if event.raised else lines(event.note, room, _SIZE, 1))]
    wide = max(width(text, _SIZE, bold=place == 0) for place, text in enumerate(texts))
    x = axis.x(event.day)
    tall = len(texts) * _LEADING + 8
    found = lanes.place(x, wide, tall)
    return {
        "of": event.of,
        "x": x,
        "raised": event.raised,
        "texts": texts,
        "place": found,
        "lanes": lanes,
        "wide": ceil(wide),
        "tall": tall - 8,
    }


def _settle(mark: dict[str, Any], line: int) -> None:
    """Turn the lane of a mark into places, once the heights of all lanes are known."""
    lanes, found, texts = mark.pop("lanes"), mark.pop("place"), mark.pop("texts")
    mark["y"], mark["lines"], mark["stem"] = line, [], None
    if found is None:
        return
    lane, left = found
    near = sum(lanes.heights[:lane])
    top = line - 14 - near - len(texts) * _LEADING if mark["raised"] else line + 34 + near
    mark["stem"] = top + len(texts) * _LEADING if mark["raised"] else top
    mark["lines"] = [{"text": text, "x": left, "y": top + 11 + place * _LEADING} for place, text in enumerate(texts)]


def _gaps(days: list[date], axis: _Axis, today: date, silence: int, language: str) -> Any:
    """Stretches without any event, each with its length in days and a label where that fits."""
    for before, after in zip(days, [*days[1:], max(today, days[-1])], strict=True):
        count = (after - before).days
        if count > silence:
            left, right = axis.x(before) + 9, axis.x(after) - 9
            text = f"{count}天" if language == "zh" else f"{count} days"
            fits = width(text, _SIZE) + 4 <= right - left
            yield {"x": left, "width": max(2, right - left), "days": count, "text": text if fits else "", "middle": (left + right) // 2}


def _months(axis: _Axis, language: str) -> Any:
    """The first days of months, as many as have room for their names."""
    day, free = axis.first.replace(day=1), -100.0
    step = 32 + (axis.last - axis.first).days // 100
    while day <= axis.last and day.year < 9990:
        text = _month(day, language)
        wide = width(text, _SIZE)
        if day >= axis.first and (x := axis.x(day)) - wide / 2 >= free + 10 and x - wide / 2 >= 2 and x + wide / 2 <= axis.right + 12:
            free = x + wide / 2
            yield {"x": x, "text": text}
        day = day_after(day, step).replace(day=1)


def _month(day: date, language: str) -> str:
    if language == "zh":
        return f"{day.year}年{day.month}月" if day.month == 1 else f"{day.month}月"
    return f"{_MONTHS[day.month - 1]} {day.year}" if day.month == 1 else _MONTHS[day.month - 1]
