"""XLSX workbooks as tables: what is read of a sheet, and what of a workbook is refused."""

from __future__ import annotations

import io
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from kamcoach.errors import BadInput
from kamcoach.model.condition import Compare, Constant, Pattern
from kamcoach.reading.grids import MAX_COLUMNS, MAX_ROWS
from kamcoach.reading.nodes import MAX_BYTES
from kamcoach.reading.workbooks import MAX_PARTS, MAX_UNFOLDED
from tests.small_library import SmallLibrary

ROWS = [["stage", "power", "en"], ["wish", 3, "Wish it"], ["choice", 5, "Choose"]]
RULE = """\
id: by-stage
each: row
table: {table}
title: {{en: $row.en, zh: 标题}}
when: [{{stage: $row}}, {{person: {{{field}: $row.power}}}}]
then: [{{conclude: open}}]
why: w
source: s
"""


def book(rows: list[list[Any]], title: str = "Limits", more: tuple[str, ...] = ()) -> openpyxl.Workbook:
    found = openpyxl.Workbook()
    found.active.title = title
    for row in rows:
        found.active.append(row)
    for other in more:
        found.create_sheet(other)
    return found


def put(library: SmallLibrary, content: openpyxl.Workbook | bytes, table: str = "limits.xlsx", field: str = "power") -> None:
    path = library.write("rules/limits.xlsx", "")
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content.save(path)
    library.write("rules/by-stage.yaml", RULE.format(table=table, field=field))


def told(library: SmallLibrary) -> list[str]:
    with pytest.raises(BadInput) as caught:
        library.load()
    return [str(one._replace(hint="")).replace(f"{library.folder}/rules/", "") for one in caught.value.diagnostics]


# ── what is read ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_row_of_a_sheet_is_a_rule_at_its_own_cell(library: SmallLibrary) -> None:
    put(library, book(ROWS))
    rules = {rule.id: rule for rule in library.load().rule_base.rules}
    assert {name: rule.at.short for name, rule in rules.items()} == {
        "by-stage/wish": "limits.xlsx:Limits!A2",
        "by-stage/choice": "limits.xlsx:Limits!A3",
    }
    assert rules["by-stage/wish"].title["en"] == "Wish it"


VALUES = [
    ("power", 3, 3),
    ("power", 3.0, 3),
    ("power", "3", 3),
    ("met", True, True),
    ("met", "TRUE", True),
    ("seen", date(2026, 1, 31), date(2026, 1, 31)),
    ("seen", datetime(2026, 1, 31), date(2026, 1, 31)),
    ("seen", "2026-01-31", date(2026, 1, 31)),
]


@pytest.mark.parametrize(("field", "value", "wanted"), VALUES)
def test_a_cell_is_read_as_what_the_rule_wants_there(library: SmallLibrary, field: str, value: object, wanted: object) -> None:
    put(library, book([ROWS[0], ["wish", value, "x"]]), field=field)
    (rule,) = library.load().rule_base.rules
    person = rule.when[1]
    assert isinstance(person, Pattern)
    assert person.tests[0].test == Compare("equals", Constant(wanted))  # type: ignore[arg-type]


def test_a_sheet_is_chosen_by_its_name(library: SmallLibrary) -> None:
    put(library, book(ROWS, "Our limits", ("Notes",)), "{file: limits.xlsx, sheet: Our limits}")
    assert [rule.at.short for rule in library.load().rule_base.rules] == ["limits.xlsx:'Our limits'!A3", "limits.xlsx:'Our limits'!A2"]


def test_gaps_between_rows_keep_the_numbers_of_the_sheet(library: SmallLibrary) -> None:
    found = book(ROWS[:2])
    found.active["A9"], found.active["B9"], found.active["C9"] = "choice", 5, "x"
    put(library, found)
    assert {rule.at.line for rule in library.load().rule_base.rules} == {2, 9}


# ── what is wrong, and where ──────────────────────────────────────────────────────────────────────────────────────────


def changed(cell: str, value: Any, number_format: str = "General") -> openpyxl.Workbook:
    found = book(ROWS)
    found.active[cell] = value
    found.active[cell].number_format = number_format
    return found


def errored() -> openpyxl.Workbook:
    found = book(ROWS)
    found.active["B2"] = "#REF!"
    found.active["B2"].data_type = "e"
    return found


FAULTS = [
    (changed("B2", "three"), "limits.xlsx:Limits!B2: [wrong-type] 'power' must be a whole number from 0 to 5, not 'three'."),
    (changed("B3", 2.5), "limits.xlsx:Limits!B3: [wrong-type] 'power' must be a whole number from 0 to 5, not '2.5'."),
    (changed("B2", 0.03, "0%"), "limits.xlsx:Limits!B2: [wrong-type] 'power' must be a whole number from 0 to 5, not '3%'."),
    (
        changed("B2", datetime(2026, 3, 2, 9), "yyyy-mm-dd hh:mm"),
        "limits.xlsx:Limits!B2: [wrong-type] 'power' must be a whole number from 0 to 5, not '2026-03-02 09:00:00'.",
    ),
    (changed("B2", None), "limits.xlsx:Limits!B2: [missing-key] The row 'wish' has no 'power'."),
    (changed("B2", "=1+2"), "limits.xlsx:Limits!B2: [formula] A formula stands here: =1+2."),
    (changed("B2", ArrayFormula("B2:B2", "=1+2")), "limits.xlsx:Limits!B2: [formula] A formula stands here: =1+2."),
    (
        changed("B2", '=HYPERLINK("http://a.example")'),
        'limits.xlsx:Limits!B2: [formula] A formula stands here: =HYPERLINK("http://a.example").',
    ),
    (errored(), "limits.xlsx:Limits!B2: [formula] A formula stands here: =#REF!."),
    (changed("A3", "wish"), "limits.xlsx:Limits!A3: [repeated-id] There is already a row 'wish'."),
    (changed("B1", "powr"), "by-stage.yaml:5:40: [unknown-column] The table has no column 'power'."),
    (changed("AB2", "far out"), "limits.xlsx:Limits!AB2: [wrong-shape] This cell stands under no heading."),
]


@pytest.mark.parametrize(("content", "wanted"), FAULTS, ids=[wanted.partition(" ")[0] + str(n) for n, (_, wanted) in enumerate(FAULTS)])
def test_what_is_wrong_in_a_sheet_is_told_at_its_cell(library: SmallLibrary, content: openpyxl.Workbook, wanted: str) -> None:
    put(library, content)
    assert told(library) == [wanted]


@pytest.mark.parametrize(
    ("table", "wanted", "hint"),
    [
        (
            "{file: limits.xlsx, sheet: Limit}",
            "by-stage.yaml:3:35: [unknown-sheet] The workbook has no sheet 'Limit'.",
            "did you mean 'Limits'?",
        ),
        ("limits.xlsx", "by-stage.yaml:3:8: [unknown-sheet] The workbook has 2 sheets, and none is named here.", "it can be Limits, Notes"),
    ],
)
def test_a_sheet_must_be_there_and_the_only_one(library: SmallLibrary, table: str, wanted: str, hint: str) -> None:
    put(library, book(ROWS, more=("Notes",)), table)
    assert told(library) == [wanted]
    with pytest.raises(BadInput) as caught:
        library.load()
    assert caught.value.diagnostics[0].code == "unknown-sheet"
    assert caught.value.diagnostics[0].hint.endswith(hint)


def test_without_openpyxl_one_line_says_what_to_install(library: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    put(library, book(ROWS))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    message = "Reading limits.xlsx needs openpyxl: pip install 'kamcoach[tables]', or save the sheet as CSV."
    assert told(library) == ["by-stage.yaml:3:8: [" + "missing-extra" + f"] {message}"]


# ── workbooks made to do harm ─────────────────────────────────────────────────────────────────────────────────────────


def with_part(name: str, content: bytes, compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A sound workbook with one more part, or with another content of a part."""
    sound = io.BytesIO()
    book(ROWS).save(sound)
    target = io.BytesIO()
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content, compress)
    return target.getvalue()


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
LAUGHS = "<!DOCTYPE a [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY a{n} '{'&a;' * 9}'>" for n in range(9)) + "]>"


def sheet(rows: str, before: str = "") -> bytes:
    return with_part("xl/worksheets/sheet1.xml", (before + SHEET.format(rows)).encode())


def row(number: int, cell: str = "A", value: str = "1") -> str:
    return f'<row r="{number}"><c r="{cell}{number}"><v>{value}</v></c></row>'


HOSTILE: list[tuple[str, Callable[[], bytes]]] = [
    ("bad-workbook", lambda: b""),
    ("bad-workbook", lambda: b"stage,power\nwish,3\n"),
    ("bad-workbook", lambda: b"\xd0\xcf\x11\xe0" + bytes(2000)),
    ("bad-workbook", lambda: with_part("x", b"")[:-60]),
    ("bad-workbook", lambda: with_part("xl/workbook.xml", b"<nonsense/>")),
    ("bad-workbook", lambda: with_part("xl/workbook.xml", b"<a>" * 3_000)),
    ("bad-workbook", lambda: with_part("xl/styles.xml", b"<a>" * 100_000)),
    ("bad-workbook", lambda: with_part("[Content_Types].xml", b"<Types/>")),
    ("bad-workbook", lambda: with_part("xl/x.xml", b"<a/>", zipfile.ZIP_LZMA)),
    ("bad-workbook", lambda: sheet("<row r='x'/>")),
    ("bad-workbook", lambda: sheet("<row><c t='s'><v>99999</v></c></row>")),
    ("bad-workbook", lambda: sheet(row(1, "ZZZZ"))),
    ("too-large", lambda: with_part("xl/media/image1.png", bytes(MAX_UNFOLDED))),
    ("too-large", lambda: sheet(" " * MAX_UNFOLDED)),
    ("too-large", lambda: bytes(MAX_BYTES + 1)),
    ("too-large", lambda: many_parts(MAX_PARTS + 1)),
    ("too-large", lambda: sheet("".join(row(n) for n in range(1, 60_000)))),
    ("too-large", lambda: sheet(row(1) + row(1_048_576))),
    ("too-large", lambda: sheet(row(1) + row(10**15))),
    ("too-large", lambda: sheet("<row r='1'>" + "<c><v>1</v></c>" * (MAX_COLUMNS + 1) + "</row>" + row(2))),
    ("unsafe-workbook", lambda: with_part("xl/externalLinks/externalLink1.xml", b"<a/>")),
    ("unsafe-workbook", lambda: with_part("xl/vbaProject.bin", b"x")),
    ("unsafe-workbook", lambda: with_part("xl/connections.xml", b"<a/>")),
    ("unsafe-workbook", lambda: with_part("XL/ExternalLinks/externalLink1.xml", b"<a/>")),
    ("unsafe-workbook", lambda: sheet(row(1), LAUGHS)),
    ("unsafe-workbook", lambda: sheet(row(1), '<?xml version="1.0" encoding="cp037"?>')),
    ("unsafe-workbook", lambda: with_part("xl/worksheets/sheet1.xml", SHEET.format(row(1)).encode("utf-16"))),
    ("unsafe-workbook", lambda: with_part("xl/sharedStrings.xml", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst>&x;</sst>')),
    ("control-character", lambda: sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>a&#x202e;b</t></is></c></row>')),
]


def many_parts(number: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as new:
        for n in range(number):
            new.writestr(f"xl/{n}.xml", b"")
    return target.getvalue()


@pytest.mark.parametrize(("code", "content"), HOSTILE, ids=[f"{code}-{n}" for n, (code, _) in enumerate(HOSTILE)])
def test_a_workbook_that_is_damaged_or_made_to_do_harm_is_refused_at_once(
    library: SmallLibrary, code: str, content: Callable[[], bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    put(library, content())
    before = time.process_time()
    assert [one.partition("[")[2].partition("]")[0] for one in told(library)] == [code]
    assert time.process_time() - before < 5
    assert capfd.readouterr() == ("", "")


def test_a_sheet_has_as_many_rows_as_a_table(library: SmallLibrary) -> None:
    put(library, book([ROWS[0], *([f"r{n}", 3, "x"] for n in range(MAX_ROWS + 1))]))
    assert [one.partition("]")[0] for one in told(library)] == ["limits.xlsx:1:1: [too-large"]


def test_a_link_in_a_cell_is_a_text(library: SmallLibrary) -> None:
    found = book(ROWS)
    found.active["C2"].hyperlink = "http://a.example"
    put(library, found)
    assert len(list(library.load().rule_base.rules)) == 2
