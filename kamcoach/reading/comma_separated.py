"""CSV files: located cells, separated by comma, semicolon or tab."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kamcoach.reading.grids import MAX_COLUMNS, MAX_ROWS, Line, cell_of
from kamcoach.reading.nodes import Refused, check_characters, read_text
from kamcoach.reading.shapes import MAX_TEXT, Problems
from kamcoach.source import Diagnostic, Location

_QUOTED: Final = re.compile(r'[ ]*"((?:[^"]|"")*)"[ ]*')
_SEPARATORS: Final = ",;\t"
_BREAK: Final = re.compile(r"\r\n|\r|\n")
_END: Final = re.compile(r"\r\n|\r|\n|\Z")


def read_csv(path: Path, problems: Problems) -> list[Line]:
    """The lines of a CSV file. Raises Refused if it cannot be read as one."""
    text = read_text(path)
    check_characters(text, str(path))
    separator = _separator(text)
    return [[cell_of(cell, at, problems) for at, cell in line] for line in _lines(text, separator, str(path))]


def _separator(text: str) -> str:
    """The sign that stands most often in the line of the headings."""
    headings = re.sub(r'"[^"\n]*"', "", _END.split(text, 1)[0])
    return max(_SEPARATORS, key=headings.count)


def _lines(text: str, separator: str, name: str) -> Iterator[list[tuple[Location, str]]]:
    """The cells of each line with their places; a cell in quotes may go over several lines."""
    bare = re.compile(rf"[^{separator}\r\n]*")
    line, begin, place, done = 1, 0, 0, 0
    cells: list[tuple[Location, str]] = []
    while True:
        at = Location(name, line, place - begin + 1)
        found = _QUOTED.match(text, place) or bare.match(text, place)
        assert found is not None
        _check_size(found.end() - place, len(cells), done, at)
        cells.append((at, _value(found, at)))
        for end in _BREAK.finditer(found[0]):
            line, begin = line + 1, place + end.end()
        place = found.end()
        if text[place : place + 1] == separator:
            place += 1
            continue
        end_of_line = _END.match(text, place)
        if end_of_line is None:
            message = "Text stands after the closing quotation mark of this cell."
            raise Refused(Diagnostic(at, "csv-syntax", message, 'a " inside a text is written ""'))
        yield cells
        cells, line, begin, place, done = [], line + 1, end_of_line.end(), end_of_line.end(), done + 1
        if place >= len(text):
            return


def _value(found: re.Match[str], at: Location) -> str:
    """What stands in a cell, without the quotes around it."""
    if found.re is _QUOTED:
        return found[1].replace('""', '"')
    if found[0].lstrip(" ").startswith('"'):
        raise Refused(Diagnostic(at, "csv-syntax", "A quotation mark is opened here and never closed.", 'close it with "'))
    return found[0]


def _check_size(characters: int, cells: int, lines: int, at: Location) -> None:
    """Stop at what can be no table, before the rest of it is gone through."""
    if characters > 2 * MAX_TEXT or cells > 2 * MAX_COLUMNS or lines > 2 * MAX_ROWS:
        message = f"A table has at most {MAX_ROWS} rows, {MAX_COLUMNS} columns and {MAX_TEXT} characters in a cell."
        raise Refused(Diagnostic(at, "too-large", message))
