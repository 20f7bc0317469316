"""Grids: lines of located cells, as they stand in a CSV file, a sheet or a YAML list, and the decision table that they make."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from typing import Final, NamedTuple

from kamcoach.reading.fields import is_slug
from kamcoach.reading.nodes import Node, Scalar, Sequence
from kamcoach.reading.shapes import Problems, says_nothing, short
from kamcoach.source import Diagnostic, Location

MAX_ROWS: Final = 1_000
MAX_COLUMNS: Final = 100
Line = list[Node]
_HEADING: Final = re.compile(r"\w[\w.-]*")
_FORMULA_HINT: Final = "put its value there: copy, then paste special, values"


class Row(NamedTuple):
    """One row: its name, its own line, and its cells by column; a blank cell is kept as one that says nothing."""

    name: str
    at: Location
    cells: Map[str, Node]


class Table(NamedTuple):
    """A decision table. `columns` are the headings with their places, in order; a row may lack some."""

    at: Location
    columns: Map[str, Location]
    rows: tuple[Row, ...]


def cell_of(text: str, at: Location, problems: Problems) -> Node:
    """A cell of a CSV file or a sheet: a value as YAML would have it, `TRUE` as `true`, `[a, b]` as a list; no formula."""
    bare = text.strip()
    if bare.startswith("="):
        problems.append(Diagnostic(at, "formula", f"A formula stands here: {short(bare)}.", _FORMULA_HINT))
        return Scalar(at, "", plain=True)
    if bare.startswith("[") and bare.endswith("]"):
        return Sequence(at, tuple(Scalar(at, one.strip(), plain=True) for one in re.split("[,;，；、]", bare[1:-1]) if one.strip()))
    return Scalar(at, bare.lower() if bare in ("TRUE", "FALSE") else bare, plain=True)


def table_of(lines: list[Line], at: Location, problems: Problems) -> Table:
    """The table of a line of headings and further lines, each with its name in the first column; what begins with # is a remark."""
    lines = [kept for line in lines if (kept := _trimmed(line)) and not _is_remark(line[0])]
    if len(lines) < 2:
        message = "The table has a heading and no row." if lines else "The table is empty."
        problems.append(Diagnostic(at, "empty-test", message, "the first line names the columns, each further line is a rule"))
        return Table(at, {}, ())
    if len(lines) - 1 > MAX_ROWS or max(map(len, lines)) > MAX_COLUMNS:
        problems.append(Diagnostic(at, "too-large", f"A table has at most {MAX_ROWS} rows and {MAX_COLUMNS} columns."))
        return Table(at, {}, ())
    headings = _headings(lines[0], problems)
    _check_width(lines[1:], len(lines[0]), problems)
    rows = [_row(line, headings, problems) for line in lines[1:]]
    _check_names(rows, problems)
    return Table(at, {name: lines[0][place].at for place, name in headings.items()}, tuple(rows))


def _trimmed(line: Line) -> Line:
    """Without the blank cells at its end."""
    return line[: max((place for place, cell in enumerate(line, 1) if not says_nothing(cell)), default=0)]


def _headings(line: Line, problems: Problems) -> dict[int, str]:
    """The columns that are no remarks, by their place in a line."""
    found: dict[int, str] = {}
    for place, cell in enumerate(line):
        text = cell.text.strip() if isinstance(cell, Scalar) else ""
        if _is_remark(cell):
            continue
        if not _HEADING.fullmatch(text):
            hint = "separate the columns with an ordinary ','" if re.search("[，；]", text) else "one word of letters, digits, _ and -"
            problems.append(Diagnostic(cell.at, "bad-name", f"'{short(text)}' cannot be the heading of a column.", hint))
        elif text in found.values():
            problems.append(Diagnostic(cell.at, "repeated-key", f"There are two columns '{short(text)}'.", "rename one of them"))
        else:
            found[place] = text
    return found


def _is_remark(cell: Node) -> bool:
    return isinstance(cell, Scalar) and cell.text.lstrip().startswith("#")


def _check_width(lines: list[Line], width: int, problems: Problems) -> None:
    """No cell stands beyond the last heading, but for remarks."""
    for line in lines:
        beyond = [cell for cell in line[width:] if not says_nothing(cell)]
        if beyond and not _is_remark(beyond[0]):
            hint = "count the separators; a text with a ',' in it goes into quotes"
            problems.append(Diagnostic(beyond[0].at, "wrong-shape", "This cell stands under no heading.", hint))


def _row(line: Line, headings: dict[int, str], problems: Problems) -> Row:
    cells = {name: line[place] for place, name in headings.items() if place < len(line)}
    first = next(iter(cells.values()), line[0])
    return Row(row_name(first, problems), first.at, cells)


def row_name(cell: Node, problems: Problems) -> str:
    """The name of a row, which becomes part of the id of its rule."""
    text = cell.text if isinstance(cell, Scalar) else ""
    if says_nothing(cell):
        problems.append(Diagnostic(cell.at, "missing-key", "This row has no name.", "its rule is named after the first cell"))
    elif not is_slug(text):
        hint = "letters, digits, - and _ only, no spaces; not a word such as unknown"
        problems.append(Diagnostic(cell.at, "bad-key", f"A row cannot be called '{short(text)}'.", hint))
    return text


def _check_names(rows: list[Row], problems: Problems) -> None:
    seen: dict[str, Location] = {}
    for row in rows:
        if row.name in seen and row.name:
            message = f"There is already a row '{short(row.name)}'."
            problems.append(Diagnostic(row.at, "repeated-id", message, f"the other is {seen[row.name].short}"))
        seen.setdefault(row.name, row.at)
