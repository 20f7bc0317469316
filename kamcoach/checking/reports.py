"""What was found, as other programs want it: JSON, GitHub annotations, SARIF for code scanning, JUnit for test reports. Pure text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from kamcoach.advice.words import json_text
from kamcoach.checking import CHECKS
from kamcoach.source import Diagnostic

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def written(problems: Sequence[Diagnostic], form: str, root: Path, version: str) -> str:
    """The problems in one of the forms; paths count from the root, the version is that of the program."""
    if form == "sarif":
        return as_sarif(problems, root, version)
    return {"json": as_json, "github": as_github, "junit": as_junit}[form](problems, root)


def as_json(problems: Sequence[Diagnostic], root: Path) -> str:
    """`{"version": 1, "problems": [{path, line, column, code, level, message, hint, mend}], "errors": 0, "warnings": 0}`."""
    found = [
        {
            "path": _relative(one.at.path, root),
            "line": one.at.line,
            "column": one.at.column,
            "code": one.code,
            "level": one.level,
            "message": one.message,
            "hint": str(one.hint),
            "mend": one.mend._asdict() if one.mend is not None else None,
        }
        for one in problems
    ]
    errors = sum(one.level == "error" for one in problems)
    data = {"version": 1, "problems": found, "errors": errors, "warnings": len(problems) - errors}
    return json_text(data) + "\n"


def as_github(problems: Sequence[Diagnostic], root: Path) -> str:
    """One workflow command a line, which GitHub shows beside the line of the file."""
    lines = []
    for one in problems:
        values = {"file": _relative(one.at.path, root), "line": one.at.line, "col": one.at.column, "title": one.code}
        where = ",".join(f"{name}={_property(str(value))}" for name, value in values.items())
        lines.append(f"::{one.level} {where}::{_data(_sentence(one))}\n")
    return "".join(lines)


def as_sarif(problems: Sequence[Diagnostic], root: Path, version: str) -> str:
    """One run of SARIF 2.1.0, with the manual page of each check that found something."""
    codes = sorted({one.code for one in problems})
    driver = {"name": "kamcoach", "semanticVersion": version, "rules": [_sarif_rule(code) for code in codes]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": [_sarif_result(one, codes, root) for one in problems]}
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def as_junit(problems: Sequence[Diagnostic], root: Path) -> str:
    """One test case for each problem, which fails; one that passes if there is none."""
    cases = [_case(one, root) for one in problems] or ['  <testcase classname="kamcoach" name="check"/>\n']
    head = f'<testsuite name="kamcoach check" tests="{len(cases)}" failures="{len(problems)}" errors="0">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{"".join(cases)}</testsuite>\n'


def _sarif_rule(code: str) -> dict[str, Any]:
    check = next((check for check in CHECKS if check.code == code), None)
    if check is None:
        return {"id": code}
    title, _, page = check.page.partition("\n\n")
    return {"id": code, "shortDescription": {"text": title}, "fullDescription": {"text": page or title}, "help": {"text": check.page}}


def _sarif_result(one: Diagnostic, codes: list[str], root: Path) -> dict[str, Any]:
    region = {"startLine": one.at.line, "startColumn": one.at.column}
    place = {"artifactLocation": {"uri": quote(_relative(one.at.path, root))}, "region": region}
    message = {"text": _sentence(one)}
    location = {"physicalLocation": place}
    return {"ruleId": one.code, "ruleIndex": codes.index(one.code), "level": one.level, "message": message, "locations": [location]}


def _case(one: Diagnostic, root: Path) -> str:
    place = f"{_relative(one.at.path, root)}:{one.at.line}:{one.at.column}"
    attributes = f"classname={quoteattr(_relative(one.at.path, root))} name={quoteattr(f'{one.code} {one.at.line}:{one.at.column}')}"
    failure = (
        f"    <failure type={quoteattr(one.level)} message={quoteattr(one.message)}>{escape(f'{place}: {_sentence(one)}')}</failure>\n"
    )
    return f"  <testcase {attributes}>\n{failure}  </testcase>\n"


def _sentence(one: Diagnostic) -> str:
    return f"{one.message}\nhint: {one.hint}" if one.hint else one.message


def _relative(path: str, root: Path) -> str:
    """A path below the root as it is written there, with `/`; others as they are."""
    found = Path(path)
    return (found.relative_to(root) if found.is_absolute() and found.is_relative_to(root) else found).as_posix()


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
