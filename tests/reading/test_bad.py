"""Broken files: each marks its own faults, and the list of what is found must be exact."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from kamcoach.coaching import check_files
from kamcoach.reading.finding import find_playbook
from kamcoach.reading.nodes import MAX_BYTES, Refused, decode, parse, read_file
from kamcoach.reading.playbooks import read_play
from kamcoach.source import Diagnostic
from tests.reading.bad_files import BAD, diagnostics, faults, found, library, marked

ROOT = Path(__file__).parents[2]
FILES = sorted(BAD.rglob("*.yaml"))
PLAY = "# en\n## Headline\nDo it\n## Do\nNow.\n# zh\n## 标题\n去做\n## 做什么\n现在。\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_fault_is_found_at_its_place_and_nothing_else(path: Path) -> None:
    assert marked(path), "the file marks no fault"
    assert faults(path) == marked(path)


WHOLE = [
    ("not-utf8", "name: 李工\n".encode("gbk")),
    ("not-utf8", "name: 李工\n".encode("utf-16")),
    ("control-character", b"name: a\x07b\n"),
    ("control-character", b'name: "a\\x07b"\n'),
    ("empty-file", b""),
    ("empty-file", b"# nothing but words\n"),
    ("empty-file", b"null\n"),
    ("too-deep", b"a: " + b"[" * 200 + b"]" * 200),
    ("too-deep", b"[" * 200_000),
    ("too-large", b"a: " + b"x" * MAX_BYTES),
    ("too-large", b"[" + b"1," * 300_000 + b"]"),
    ("yaml-syntax", b"a: b: c\n"),
    ("yaml-syntax", b"a:\n\t- b\n"),
    ("yaml-syntax", b"a: [1, 2\n"),
    ("yaml-syntax", "name：李工\nb: 1\n".encode()),
]


@pytest.mark.parametrize(("code", "data"), WHOLE, ids=lambda value: value if isinstance(value, str) else repr(value[:12]))
def test_a_text_that_cannot_be_read_as_a_whole(code: str, data: bytes) -> None:
    assert [problem.code for problem in _problems(data)] == [code]


def _problems(data: bytes) -> list[Diagnostic]:
    problems: list[Diagnostic] = []
    try:
        parse(decode(data, "deal.yaml"), "deal.yaml", problems)
    except Refused as refused:
        problems.append(refused.diagnostic)
    return problems


@pytest.mark.parametrize("data", [b"\xef\xbb\xbfname: x\n", b"name: x\r\nb: y\r\n", b"name: x", "name: 李工\n".encode()])
def test_marks_of_other_editors_are_no_fault(data: bytes) -> None:
    assert _problems(data) == []


def test_a_folder_or_a_missing_file_is_told_in_words(tmp_path: Path) -> None:
    problems: list[Diagnostic] = []
    read_file(tmp_path, problems)
    read_file(tmp_path / "none.yaml", problems)
    assert [problem.code for problem in problems] == ["unreadable-file", "unreadable-file"]


HINTS = [
    ("deals/unknown-field.yaml", "did you mean 'power'?"),
    ("deals/unknown-value.yaml", "did you mean 'decision_maker'?"),
    ("deals/money.yaml", "1200000"),
    ("deals/full-width.yaml", "':'"),
    ("rules/unknown-type.yaml", "did you mean 'stakeholder'?"),
    ("rules/unknown-operator.yaml", "at_least"),
    ("rules/comma.yaml", "quotes"),
    ("rules/unknown-value.yaml", "evaluation_of_options"),
    ("rules/wrong-comparison.yaml", "has: decision_maker"),
]


@pytest.mark.parametrize(("name", "hint"), HINTS)
def test_the_way_out_is_named(name: str, hint: str) -> None:
    assert hint in "\n".join(map(str, found(BAD / name)))


PLAYS = [
    ("missing-section", "# en\n## Headline\nDo it\n## Do\nNow.\n"),
    ("unknown-language", PLAY + "# fr\n## Headline\nx\n"),
    ("unknown-section", PLAY + "## 怎么办\nx\n"),
    ("repeated-section", PLAY + "## 标题\nx\n"),
]


@pytest.mark.parametrize(("code", "text"), PLAYS)
def test_a_play_that_is_not_laid_out_as_one(code: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "some-play.md.j2"
    path.write_text(text, encoding="utf-8")
    problems: list[Diagnostic] = []
    read_play(path, library().sections, problems)
    assert {problem.code for problem in problems} == {code}


def test_a_text_without_end_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "deal.yaml"
    path.write_text(f"account: {{id: a, name: {'x' * 30_000}, type: new}}\n", encoding="utf-8")
    assert "too-long" in {problem.code for problem in diagnostics(path, "deals", tmp_path)}


def test_a_report_cannot_show_what_is_not_declared(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("id: own\ntitle: {en: Own, zh: 自家}\nextends: key-account\nshows: {value: stages}\n", encoding="utf-8")
    assert "unknown-shown" in {problem.code for problem in diagnostics(path, "playbooks", tmp_path)}


def test_a_name_written_as_a_text_is_told(tmp_path: Path) -> None:
    words = "title: {en: x, zh: x}\nwhy: {en: x, zh: x}\nsource: x\n"
    path = tmp_path / "case.yaml"
    path.write_text(
        f'id: case\n{words}when: [{{need: {{owner: "$p.x-"}}}}, {{need: {{severity: "$params.crucial"}}}}]\nthen: [{{conclude: late}}]\n'
    )
    assert "bad-reference" in {problem.code for problem in diagnostics(path, "rules", tmp_path)}


def test_a_file_that_is_no_kind_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello", encoding="utf-8")
    assert "unknown-kind" in {problem.code for problem in check_files(find_playbook(None, None), [path])}


def codes() -> set[str]:
    """Every code that the program can give a diagnostic, read from its source."""
    found = {"no-aliases"}  # written once, as a pair with its message
    for path in (ROOT / "kamcoach").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and len(node.args) >= 2 and isinstance(node.args[1], ast.Constant):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in ("Diagnostic", "note", "Failed", "_refuse") and isinstance(node.args[1].value, str):
                    found.add(node.args[1].value)
    return found


PAGE = (ROOT / "docs" / "reference" / "diagnostics.md").read_text(encoding="utf-8")
SECTION = re.compile(r"\n## (\S+)\n(.+?)\n\n```text\n(.+?)\n```\n\n\*\*Mend it:\*\* (.+?)\n(?=\n## |$)", re.DOTALL)
EXAMPLE = re.compile(r"\S+:(?:\d+:\d+|\S+![A-Z]+\d+): \[(\S+)\] (?:warning: )?(.+?)(?:\n    hint: (.+))?", re.DOTALL)


def test_every_code_has_a_page_and_they_are_in_order() -> None:
    headings = re.findall(r"(?m)^## (.+)$", PAGE)
    assert headings == sorted(codes())
    assert [code for code, *_ in SECTION.findall(PAGE)] == headings


@pytest.mark.parametrize(("code", "example"), [(code, example) for code, _, example, _ in SECTION.findall(PAGE)])
def test_the_example_of_a_page_is_what_is_really_told(code: str, example: str) -> None:
    match = EXAMPLE.fullmatch(example)
    assert match is not None
    assert match[1] == code
    told = {(one.message, one.hint) for path in FILES for one in found(path) if one.code == code}
    assert not told or (match[2], match[3] or "") in told


def test_every_code_has_a_case() -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    cases = {code for path in FILES for _, _, code in marked(path)} | {
        code for code in codes() if f'"{code}"' in tests or f"[{code}]" in tests
    }
    assert codes() - cases == set()
