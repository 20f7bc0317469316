"""Decision tables: written in the rule file itself, or in a CSV file or an XLSX workbook beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kamcoach.reading.comma_separated import read_csv
from kamcoach.reading.finding import is_there
from kamcoach.reading.grids import MAX_ROWS, Row, Table, row_name, table_of
from kamcoach.reading.hints import nearest
from kamcoach.reading.inside import stray
from kamcoach.reading.nodes import Mapping, Node, Refused, Scalar, Sequence
from kamcoach.reading.shapes import Problems, check_keys, is_list, is_mapping, short, text_of
from kamcoach.source import Diagnostic, Location

FILES: Final = (".csv", ".xlsx")


class Tables:
    """The tables that rules are read with: each file is read once, and every use of a column is noted."""

    def __init__(self) -> None:
        self._read: dict[tuple[Path, str], Table | None] = {}
        self._headings: dict[Location, str] = {}
        self._used: set[Location] = set()
        self.faulty: set[Location] = set()
        """The cells of table files that are wrong by themselves, and of which no more is to be said."""

    def table(self, node: Node, rule_file: Path, problems: Problems) -> Table | None:
        """The table under `table:` of a rule file; None if it cannot be read (noted)."""
        named = named_file(node)
        table = self._file(named, node, rule_file, problems) if named is not None else _written(node, problems)
        if table is not None:
            names = 1 if named is not None or isinstance(node, Sequence) else 0  # the first column of lines holds the names of the rows
            self._headings.update({at: name for name, at in list(table.columns.items())[names:]})
        return table

    def _file(self, named: Scalar, node: Node, rule_file: Path, problems: Problems) -> Table | None:
        path = rule_file.with_name(named.text) if _stands_beside(named, rule_file, problems) else None
        sheet = _sheet(node, problems)
        if path is None:
            return None
        key = (path, sheet.text if sheet is not None else "")
        if key not in self._read:
            before = len(problems)
            try:
                self._read[key] = _from_file(path, sheet, named, problems) if not _leads_out(path, problems) else None
            except Refused as refused:
                problems.append(refused.diagnostic)
                self._read[key] = None
            self.faulty.update(one.at for one in problems[before:])
        return self._read[key]

    def use(self, table: Table, column: str) -> None:
        """A rule reads this column."""
        self._used.add(table.columns[column])

    def unused(self) -> Iterator[Diagnostic]:
        """A warning for every column that no rule reads."""
        for at, name in self._headings.items():
            if at not in self._used:
                hint = "a heading that begins with # is a remark"
                yield Diagnostic(at, "unused-column", f"No rule reads the column '{name}'.", hint, "warning")


def named_file(node: Node) -> Scalar | None:
    """The file that `table:` names; None if the table is written out."""
    named = node.get("file") if isinstance(node, Mapping) else node
    return named if isinstance(named, Scalar) else None


def _sheet(node: Node, problems: Problems) -> Scalar | None:
    """The sheet that is named beside the file."""
    if not isinstance(node, Mapping):
        return None
    check_keys(node, ("file", "sheet"), ("file",), "'table'", problems)
    sheet = node.get("sheet")
    text_of(sheet, "'sheet'", problems)
    return sheet if isinstance(sheet, Scalar) else None


def _stands_beside(named: Scalar, rule_file: Path, problems: Problems) -> bool:
    """Whether a table file is one, and is there."""
    name = named.text.strip()
    if "/" in name or "\\" in name or not name.lower().endswith(FILES):
        message = f"'{short(name)}' is no table file beside this rule."
        problems.append(
            Diagnostic(named.at, "unreadable-file", message, "a table file ends in .csv or .xlsx, and stands in the same folder")
        )
    elif not is_there(rule_file.with_name(name)):
        others = [path.name for path in rule_file.parent.iterdir() if path.suffix.lower() in FILES] if rule_file.parent.is_dir() else []
        message = f"There is no file {short(name)} beside this rule."
        problems.append(Diagnostic(named.at, "unreadable-file", message, nearest(name, others)))
    else:
        return True
    return False


def _leads_out(path: Path, problems: Problems) -> bool:
    """Whether a table file lies somewhere else (noted)."""
    away = list(stray([path], path.parent))
    problems.extend(away)
    return bool(away)


def _from_file(path: Path, sheet: Scalar | None, named: Scalar, problems: Problems) -> Table:
    at = Location(str(path))
    if path.suffix.lower() == ".csv":
        if sheet is not None:
            problems.append(Diagnostic(sheet.at, "wrong-shape", "A CSV file has no sheets.", "take `sheet:` away"))
        return table_of(read_csv(path, problems), at, problems)
    from kamcoach.reading.workbooks import read_sheet

    place = sheet or named
    return table_of(read_sheet(path, sheet.text if sheet is not None else "", place.at, problems), at, problems)


def _written(node: Node, problems: Problems) -> Table | None:
    """A table in the rule file: lines of cells below a line of headings, or named rows of `column: value`."""
    if isinstance(node, Sequence):
        lines = [listed for item in node.items if (listed := is_list(item, "A line of a table", problems)) is not None]
        if len(lines) < len(node.items):
            return None
        return table_of([list(line.items) for line in lines if line.items], node.at, problems)
    table = is_mapping(node, "'table'", problems)
    return _of_named_rows(table, problems) if table is not None else None


def _of_named_rows(node: Mapping, problems: Problems) -> Table:
    columns: dict[str, Location] = {}
    rows: list[Row] = []
    for key, value in node.entries:
        name = row_name(key, problems)
        cells = is_mapping(value, f"The row '{short(key.text)}'", problems)
        if cells is not None:
            rows.append(Row(name, key.at, {column.text: cell for column, cell in cells.entries}))
            columns = {**{column.text: column.at for column in cells.names()}, **columns}
    if not node.entries:
        problems.append(Diagnostic(node.at, "empty-test", "The table is empty.", "write `name: {column: value}` for each row"))
    if len(rows) > MAX_ROWS:
        problems.append(Diagnostic(node.at, "too-large", f"A table has at most {MAX_ROWS} rows."))
        rows = []
    return Table(node.at, columns, tuple(rows))
