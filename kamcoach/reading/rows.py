"""Rules that are written once for each row of a table.

The row is put into the rule before it is read: where `$row.column` stands, the cell stands. So a cell is read as whatever the rule wants
there, and what is wrong with it is told at the place of the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Map
from pathlib import Path
from typing import Final, NamedTuple

from kamcoach.model.fact import Vocabulary
from kamcoach.model.rule import Param, Rule
from kamcoach.reading.grids import Row, Table
from kamcoach.reading.hints import nearest
from kamcoach.reading.nodes import MAX_NODES, Mapping, Node, Scalar, Sequence
from kamcoach.reading.rules import read_rule
from kamcoach.reading.shapes import Problems, check_needed, filled, says_nothing, short, text_of
from kamcoach.reading.tables import Tables
from kamcoach.source import Diagnostic, Location

_NAME: Final = re.compile(r"[^\W\d]\w*")
_FILLED: Final = ("title", "when", "then", "why", "source", "catalogue")


class Use(NamedTuple):
    """A place at which a rule names its row ("") or a column of it."""

    at: Location
    column: str


def read_rules(root: Node, vocabulary: Vocabulary, params: Map[str, Param], tables: Tables, problems: Problems) -> tuple[Rule, ...]:
    """The rule of a file, or one for each row of its table; none if too little of them can be understood (noted)."""
    if not isinstance(root, Mapping) or (root.get("each") is None and root.get("table") is None):
        rule = read_rule(root, vocabulary, params, problems)
        return (rule,) if rule is not None else ()
    found: Problems = []
    each, table = _each(root, found), _table(root, tables, found)
    uses = [use for key, node in root.entries if key.text in _FILLED for use in _uses(node, each, found)] if each else []
    if table is not None:
        _check_columns(table, uses, tables, found)
    if table is not None and _size(root) * len(table.rows) > MAX_NODES:
        found.append(Diagnostic(table.at, "too-large", f"Rule times rows make more than {MAX_NODES} values.", "shorten one of them"))
        table = None
    rows = table.rows if table is not None else ()
    noted = {use.at for use in uses} | {one.at for one in found} | tables.faulty
    rules: list[Rule] = []
    for row in rows or [Row("", root.at, {})]:
        told: Problems = []
        rule = read_rule(_filled_in(root, each, row), vocabulary, params, told)
        found.extend(one for one in told if one.at not in noted)
        rules.extend([rule._replace(id=f"{rule.id}/{row.name}", at=row.at)] if rule is not None else [])
    problems.extend(_once(found, {cell.at for row in rows for cell in row.cells.values()}))
    return tuple(rules) if not found else ()


def _once(problems: Problems, cells: set[Location]) -> Iterator[Diagnostic]:
    """What is not in the table is read with each row, and told once; so is a cell that is wrong wherever it is put."""
    first: dict[object, Diagnostic] = {}
    for one in problems:
        first.setdefault((one.at, one.code) if one.at in cells else one, one)
    return iter(first.values())


def _each(root: Mapping, problems: Problems) -> str:
    """The name by which a rule speaks of its row; "" if there is none."""
    check_needed(root, "each", "A rule with a table", problems)
    node = filled(root, "each")
    name = text_of(node, "'each'", problems)
    if node is not None and (not _NAME.fullmatch(name) or name == "params"):
        hint = f"write {name[1:]}" if name.startswith("$") else "one word of letters, digits and _, such as row"
        problems.append(Diagnostic(node.at, "bad-name", f"'{short(name)}' cannot be the name of a row.", hint))
        return ""
    return name


def _table(root: Mapping, tables: Tables, problems: Problems) -> Table | None:
    check_needed(root, "table", "A rule with 'each'", problems)
    node = filled(root, "table")
    return tables.table(node, Path(root.at.path), problems) if node is not None else None


def _uses(node: Node, each: str, problems: Problems) -> Iterator[Use]:
    """Where a row is named below a node; what only looks so is noted."""
    if isinstance(node, Scalar):
        column = _column(node, each)
        if column is not None:
            yield Use(node.at, column)
        elif re.search(rf"\${each}\b", node.text):
            _note_slip(node, each, problems)
        return
    for key in node.names() if isinstance(node, Mapping) else ():
        if re.match(rf"\${each}\b", key.text):
            message = f"'{short(key.text)}' stands before a colon; a column gives values only."
            problems.append(Diagnostic(key.at, "bad-reference", message, "write a rule for each"))
    for key, value in node.entries if isinstance(node, Mapping) else ():
        if key.text == "as" and isinstance(value, Scalar) and value.text == each:
            problems.append(Diagnostic(value.at, "bound-twice", f"'{each}' is the name of the row.", "choose another name after `as:`"))
    for inner in node.items if isinstance(node, Sequence) else [value for _, value in node.entries]:
        yield from _uses(inner, each, problems)


def _note_slip(node: Scalar, each: str, problems: Problems) -> None:
    """A column that is put in quotes, or into the middle of a text."""
    if _column(node._replace(plain=True), each) is not None:
        message, hint = f"'{short(node.text)}' is a column, and is written as a text.", f"write {node.text}, without quotes"
    else:
        message, hint = "A column stands inside a text.", "a column is the whole value: give the table a column with the whole text"
    problems.append(Diagnostic(node.at, "bad-reference", message, hint))


def _column(node: Scalar, each: str) -> str | None:
    """The column that a value names: `$row.column`, or "" for `$row` alone; None if it names none."""
    found = re.fullmatch(rf"\${each}(?:\.([\w.-]+))?", node.text) if node.plain else None
    return found[1] or "" if found is not None else None


def _check_columns(table: Table, uses: list[Use], tables: Tables, problems: Problems) -> None:
    """Every column that a rule names is there, and filled in every row."""
    if not table.rows:
        return
    for at, column in uses:
        if column and column not in table.columns:
            hint = nearest(column, table.columns)
            problems.append(Diagnostic(at, "unknown-column", f"The table has no column '{short(column)}'.", hint))
    for column in dict.fromkeys(use.column for use in uses if use.column in table.columns):
        tables.use(table, column)
        for row in table.rows:
            cell = row.cells.get(column)
            at = cell.at if cell is not None else row.at
            if (cell is None or says_nothing(cell)) and at not in tables.faulty:
                problems.append(Diagnostic(at, "missing-key", f"The row '{short(row.name)}' has no '{column}'."))


def _filled_in(root: Mapping, each: str, row: Row) -> Mapping:
    """The rule of one row."""
    cells = {column: cell for column, cell in row.cells.items() if not says_nothing(cell)}
    cells.update({"": Scalar(row.at, row.name, plain=True)} if row.name else {})
    entries = ((key, _with(node, each, cells) if each and key.text in _FILLED else node) for key, node in root.entries)
    return Mapping(root.at, tuple(entries))


def _with(node: Node, each: str, cells: Map[str, Node]) -> Node:
    if isinstance(node, Scalar):
        column = _column(node, each)
        return cells.get(column, node) if column is not None else node
    if isinstance(node, Sequence):
        return Sequence(node.at, tuple(_with(item, each, cells) for item in node.items))
    return Mapping(node.at, tuple((key, _with(value, each, cells)) for key, value in node.entries))


def _size(node: Node) -> int:
    if isinstance(node, Scalar):
        return 1
    return 1 + sum(map(_size, node.items if isinstance(node, Sequence) else (value for _, value in node.entries)))
