"""Items as cards on two scales: a grid whose rows and columns grow with what stands in them, so that no card covers another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from kamcoach.advice.words import Missing, View, plain
from kamcoach.brief.metrics import fits, lines, size_for
from kamcoach.brief.routes import Grid, route

_SIZE: Final = 12
_NOTE: Final = 10.5
_LEADING: Final = 15
_PAD: Final = 6
_GAP: Final = 10
_WIDE: Final = 560


class Scale(NamedTuple):
    """Values of a field in order, each with its label; what is not recorded comes last."""

    field: str
    values: tuple[Any, ...]
    labels: tuple[str, ...]

    def place(self, item: Any) -> int:
        value = item[self.field]
        return self.values.index(value) if value in self.values else len(self.values)


def cards(
    items: Sequence[Any],
    *,
    x: str,
    y: str,
    columns: Sequence[Any],
    rows: Sequence[Any],
    width: int,
    label: Sequence[str],
    note: Sequence[str] = (),
    arrows: Sequence[str] = (),
    unknown: str = "?",
    outlines: Sequence[Any] = (),
) -> dict[str, Any]:
    """Cards by the fields `x` and `y`. `columns` and `rows` are pairs of a value and its label, `unknown` labels what is not recorded.

    `label` are fields of which the first known one names a card, `note` those that stand below the name, `arrows` references between items,
    `outlines` texts for empty cards below the grid. In a narrow picture names that do not all fit give way to their
    numbers in `items`. Gives `width`, `height`, `columns`, `rows`, `cards` (`of`, `x`, `y`, `width`, `height`, `size` of
    the name, `lines`), `arrows` (`kind`, `d`, `head`) and `outlines`.
    """
    across, down = _scale(x, columns, items, unknown), _scale(y, rows, items, unknown)
    left = 78 if width >= _WIDE else 26
    lined = any(not isinstance(item[name], Missing) for item in items for name in arrows)
    grid, head = _columns(across, items, left, width, 18 if width >= _WIDE else 14 if lined else 10)
    made = [_placed(item, across.place(item), down.place(item), grid, label) for item in items]
    _write(made, note, small=width < _WIDE)
    _stack(made, grid, down)
    lines_between = [line for name in arrows for line in _arrows(name, made, grid)]
    bottom = grid.bottoms[-1] + _GAP
    empty = _outlines(outlines, width, bottom + 32)
    return {
        "width": width,
        "height": max([bottom + 8, *(one["y"] + one["height"] + 8 for one in empty)]),
        "left": left,
        "top": grid.tops[0],
        "bottom": bottom,
        "columns": head,
        "rows": [_row(text, grid, place, left) for place, text in enumerate(down.labels)],
        "cards": made,
        "arrows": lines_between,
        "outlines": empty,
    }


def _scale(field: str, pairs: Sequence[Any], items: Sequence[Any], unknown: str) -> Scale:
    """The scale, with a place for what is not recorded if there is any."""
    values, labels = tuple(pair[0] for pair in pairs), tuple(str(pair[1]) for pair in pairs)
    lacking = any(item[field] not in values for item in items)
    return Scale(field, values, (*labels, unknown) if lacking else labels)


def _columns(across: Scale, items: Sequence[Any], left: int, whole: int, gutter: int) -> tuple[Grid, list[dict[str, Any]]]:
    """Lefts and rights of the columns; in a narrow picture an empty one is only a strip."""
    used = {across.place(item) for item in items}
    room = whole - left - 4 - gutter * (len(across.labels) + 1)
    strips = [place for place in range(len(across.labels)) if place not in used] if used else []
    thin = 10 if whole < _WIDE else 60
    share = (room - thin * len(strips)) // max(1, len(across.labels) - len(strips))
    lefts, rights, edge = [], [], left + gutter
    for place in range(len(across.labels)):
        lefts.append(edge)
        rights.append(edge + (thin if place in strips else share))
        edge = rights[-1] + gutter
    grid = Grid(lefts, rights, gutter)
    size = _NOTE if whole >= _WIDE else 9.5
    head = []
    for place, text in enumerate(across.labels):
        said = [] if place in strips and whole < _WIDE else lines(text, rights[place] - lefts[place] + gutter - 4, size, 2)
        grid.head = max(grid.head, 6 + 13 * len(said))
        head.append(
            {"x": lefts[place], "middle": (lefts[place] + rights[place]) // 2, "width": rights[place] - lefts[place], "lines": said}
        )
    return grid, head


def _placed(item: Any, column: int, row: int, grid: Grid, label: Sequence[str]) -> dict[str, Any]:
    """A card in its column and row, still without text."""
    name = next((_said(item[field]) for field in label if not isinstance(item[field], Missing)), "?")
    wide = grid.rights[column] - grid.lefts[column]
    return {"of": item, "column": column, "row": row, "x": grid.lefts[column], "width": wide, "name": name}


def _write(made: list[dict[str, Any]], note: Sequence[str], *, small: bool) -> None:
    """Give each card its lines: the name and the notes; in a small picture the name alone, or all cards a number."""
    pad, sizes, most = (_PAD // 2, (11, 10), 3) if small else (_PAD, (_SIZE, 11, 10), 3)
    numbered = small and not all(fits(card["name"], card["width"] - 2 * pad + 2, sizes[-1], most, bold=True) for card in made)
    for number, card in enumerate(made, 1):
        name = str(number) if numbered else card["name"]
        room = card["width"] - 2 * pad + 2
        size = size_for(name, room, sizes, bold=True)
        texts = [("name", text) for text in lines(name, room, size, most, bold=True)]
        for field in () if small else note:
            if not isinstance(card["of"][field], Missing):
                texts += [("note", text) for text in lines(_said(card["of"][field]), room - 2, _NOTE, 2)]
        card.update(pad=pad, size=size, texts=texts, height=len(texts) * _LEADING + 9)


def _said(value: Any) -> str:
    return " · ".join(map(_said, value)) if isinstance(value, list) else plain(value, "en")


def _stack(made: list[dict[str, Any]], grid: Grid, down: Scale) -> None:
    """One card below the other in its cell; a row is as tall as its tallest stack."""
    top = grid.head + _GAP
    for row in range(len(down.labels)):
        stacks: dict[int, int] = {}
        for card in (one for one in made if one["row"] == row):
            card["y"] = top + stacks.get(card["column"], 0)
            stacks[card["column"]] = card["y"] - top + card["height"] + _GAP
            first = card["y"] + 15
            card["lines"] = [
                {"kind": k, "text": t, "x": card["x"] + card["pad"], "y": first + n * _LEADING}
                for n, (k, t) in enumerate(card.pop("texts"))
            ]
        tall = max([24, *(height - _GAP for height in stacks.values())])
        grid.tops.append(top)
        grid.bottoms.append(top + tall)
        top += tall + 18


def _row(text: str, grid: Grid, place: int, left: int) -> dict[str, Any]:
    said = lines(text, left - 8, _NOTE, 3) if left > 30 else []
    middle = (grid.tops[place] + grid.bottoms[place]) // 2
    first = middle + 4 - (len(said) - 1) * 13 // 2
    texts = [{"text": one, "y": first + row * 13} for row, one in enumerate(said)]
    return {"top": grid.tops[place], "bottom": grid.bottoms[place], "middle": middle, "lines": texts, "label": text}


def _arrows(name: str, made: list[dict[str, Any]], grid: Grid) -> list[dict[str, Any]]:
    """The lines of one reference: from each card to those it points to."""
    found = []
    for card in made:
        target = card["of"][name]
        for one in target if isinstance(target, list) else [target]:
            other = next((two for two in made if isinstance(one, View) and two["of"] == one), None)
            if other is not None and other is not card:
                found.append({"kind": name, **route(card, other, grid)})
    return found


def _outlines(texts: Sequence[Any], whole: int, top: int) -> list[dict[str, Any]]:
    """Empty cards in rows, as many beside one another as there is room for."""
    count = max(1, (whole - 8) // 150)
    wide = (whole - 8 - (count - 1) * _GAP) // count
    found: list[dict[str, Any]] = []
    for start in range(0, len(texts), count):
        said = [lines(str(one), wide - 2 * _PAD, _SIZE, 2) for one in texts[start : start + count]]
        tall = max(map(len, said)) * _LEADING + 12
        for place, rows in enumerate(said):
            x = 4 + place * (wide + _GAP)
            drawn = [{"text": text, "x": x + _PAD, "y": top + 17 + row * _LEADING} for row, text in enumerate(rows)]
            found.append({"x": x, "y": top, "width": wide, "height": tall, "lines": drawn})
        top += tall + _GAP
    return found
