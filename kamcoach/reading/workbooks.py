"""XLSX workbooks: the located cells of one sheet.

A workbook is looked at as a zip before openpyxl sees it: how large it unfolds, macros and links to other files, and XML that declares
entities. openpyxl then reads the one sheet as it streams, and nothing of it is ever worked out.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kamcoach.reading.grids import MAX_COLUMNS, MAX_ROWS, Line, cell_of
from kamcoach.reading.hints import nearest
from kamcoach.reading.nodes import Refused, check_characters, read_bytes
from kamcoach.reading.shapes import Problems, short
from kamcoach.source import Diagnostic, Location

if TYPE_CHECKING:
    from openpyxl import Workbook

MAX_UNFOLDED: Final = 8_000_000
MAX_PARTS: Final = 500
_NEVER: Final = ("xl/externallinks/", "xl/connections", "xl/querytables/", "xl/vbaproject", "xl/macrosheets/", "xl/embeddings/")
_PLAIN_ENCODINGS: Final = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What openpyxl and the standard library raise at a workbook that is damaged, or made to look so."""


def read_sheet(path: Path, sheet: str, named: Location, problems: Problems) -> list[Line]:
    """The lines of a sheet, by its name or, if there is only one, without. `named` is where the rule says so. Raises Refused."""
    try:
        import openpyxl
    except ImportError as error:
        message = f"Reading {short(path.name)} needs openpyxl: pip install 'kamcoach[tables]', or save the sheet as CSV."
        raise Refused(Diagnostic(named, "missing-extra", message)) from error
    data = read_bytes(path)
    try:
        _check_parts(data, Location(str(path)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            return list(_lines(book, _title(book, sheet, named), str(path), problems))
    except _BROKEN as error:
        old = data.startswith(b"\xd0\xcf\x11\xe0")
        hint = "it is an old .xls, or has a password: save it as .xlsx without one" if old else "save it anew as .xlsx"
        raise Refused(Diagnostic(Location(str(path)), "bad-workbook", "This is no readable XLSX workbook.", hint)) from error


def _check_parts(data: bytes, at: Location) -> None:
    """Refuse what a table never needs, before any XML is read."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNFOLDED:
        message = f"The workbook unfolds to more than {MAX_UNFOLDED // 1_000_000} MB or {MAX_PARTS} parts."
        raise Refused(Diagnostic(at, "too-large", message, "copy the one sheet into a workbook of its own, without pictures"))
    for part in parts:
        if part.filename.lower().startswith(_NEVER):
            message = "The workbook holds macros, or links to other files."
            raise Refused(Diagnostic(at, "unsafe-workbook", message, "copy the values into a new workbook, or save the sheet as CSV"))
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            _check_xml(archive.read(part), at)


def _check_xml(data: bytes, at: Location) -> None:
    """No entities, and no encoding in which they could hide."""
    if b"\0" in data[:200] or _PLAIN_ENCODINGS.search(data[:200]) or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        message = "The XML of the workbook declares entities, or is not UTF-8."
        raise Refused(Diagnostic(at, "unsafe-workbook", message, "copy the values into a new workbook, or save the sheet as CSV"))


def _title(book: Workbook, sheet: str, named: Location) -> str:
    """The sheet that is read."""
    titles: list[str] = [one.title for one in book.worksheets]
    if sheet in titles:
        return sheet
    if sheet:
        raise Refused(Diagnostic(named, "unknown-sheet", f"The workbook has no sheet '{short(sheet)}'.", nearest(sheet, titles)))
    if not titles:
        raise ValueError
    if len(titles) > 1:
        hint = "write `table: {file: …, sheet: …}`; " + nearest("", titles)
        raise Refused(Diagnostic(named, "unknown-sheet", f"The workbook has {len(titles)} sheets, and none is named here.", hint))
    return titles[0]


def _lines(book: Workbook, title: str, path: str, problems: Problems) -> Iterator[Line]:
    most = 2 * MAX_ROWS
    for number, row in enumerate(book[title].iter_rows(1, most, 1, MAX_COLUMNS + 1), 1):
        if number == most:
            message = f"The sheet goes on beyond row {most - 1}."
            raise Refused(Diagnostic(Location(path, number, 1, title), "too-large", message, "delete the rows below the table"))
        width = max((place for place, cell in enumerate(row, 1) if cell.value is not None), default=0)
        cells = [(Location(path, number, place, title), cell) for place, cell in enumerate(row[:width], 1)]
        yield [cell_of(_text(cell, at), at, problems) for at, cell in cells]


def _text(cell: Any, at: Location) -> str:
    """A cell as it would be written in a text file; a percentage as it is seen, so that nobody takes 15 % for 0.15."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e"):
        formula = str(getattr(value, "text", value))  # an array formula is an object with its text
        return f"={formula.removeprefix('=')}"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return f"{_figure(value * 100)}%" if "%" in cell.number_format else _figure(value)
    if isinstance(value, date):
        is_day = not isinstance(value, datetime) or not any(value.timetuple()[3:6])
        return value.isoformat()[:10] if is_day else str(value)
    text = str(value)
    try:
        check_characters(text, at.path)
    except Refused as refused:
        raise Refused(refused.diagnostic._replace(at=at)) from refused
    return text


def _figure(value: float) -> str:
    """A number in plain figures, in the fifteen digits that a sheet keeps."""
    text = f"{Decimal(f'{value:.15g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
