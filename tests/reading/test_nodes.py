"""YAML to located values: places, the traps of YAML, limits, and files that are no text."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kamcoach.reading.nodes import MAX_BYTES, MAX_DEPTH, Mapping, Refused, Scalar, Sequence, parse, read_file, read_text
from kamcoach.source import Diagnostic, Location
from tests.reading.reading import node, told

TEXT = """\
# a comment
firm:
  name: "李工: 好"   # quoted
  notes: |
    two
    lines
people:
  - {id: li, roles: [user, buyer]}
"""


def _read(text: str) -> Mapping:
    found = parse(text, "case.yaml", problems := [])
    assert not problems
    assert isinstance(found, Mapping)
    return found


def _value(text: str) -> Scalar:
    found = _read(f"a: {text}\n").get("a")
    assert isinstance(found, Scalar)
    return found


def test_every_value_knows_its_place() -> None:
    root = _read(TEXT)
    firm, people = root.get("firm"), root.get("people")
    assert isinstance(firm, Mapping)
    assert isinstance(people, Sequence)
    assert [(key.text, key.at.line, key.at.column) for key in root.names()] == [("firm", 2, 1), ("people", 7, 1)]
    assert firm.get("name") == Scalar(Location("case.yaml", 3, 9), "李工: 好", plain=False)
    assert firm.get("notes") == Scalar(Location("case.yaml", 4, 10), "two\nlines\n", plain=False)
    person = people.items[0]
    assert isinstance(person, Mapping)
    assert (roles := person.get("roles")) is not None
    assert roles.at == Location("case.yaml", 8, 21)


def test_columns_count_characters_and_not_bytes() -> None:
    table = _read("{公司: 李工, 人: x}").entries
    assert [(key.at.column, value.at.column) for key, value in table] == [(2, 6), (10, 13)]


@pytest.mark.parametrize(
    "text", ["no", "yes", "on", "off", "010", "12:30", "1e3", "0x1F", "1_000", "2026-03-01", "true", ".inf", "2026-3-1", "=", "<<x"]
)
def test_nothing_is_guessed_from_how_a_text_looks(text: str) -> None:
    assert _value(text) == Scalar(Location("case.yaml", 1, 4), text, plain=True)


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_what_is_written_and_says_nothing(text: str) -> None:
    assert _value(text).absent


@pytest.mark.parametrize("text", ['""', "'null'", '"~"', "none", "nil"])
def test_quotes_and_other_words_say_something(text: str) -> None:
    assert not _value(text).absent


FAULTS = [
    ("a: 1\nb: 2\na: 3\n", "repeated-key", "a: 3"),
    ("a: {b: 1, b: 2}\n", "repeated-key", "b: 2}"),
    ("a: &x 1\n", "no-aliases", "&x 1"),
    ("a: *x\n", "no-aliases", "*x"),
    ("a: &x {b: *x}\n", "no-aliases", "&x {"),
    ("a: !!python/object/apply:os.system [ls]\n", "no-tags", "!!python"),
    ("a: !x 1\n", "no-tags", "!x"),
    ("a: ! 1\n", "no-tags", "! 1"),
    ("- !!set {a}\n", "no-tags", "!!set"),
    ("a: {<<: {b: 1}}\n", "no-merge-keys", "<<"),
    ("? [a, b]\n: 1\n", "odd-key", "[a, b]"),
    ("{a: 1}: 2\n", "odd-key", "{a: 1}"),
    ("a: 1\n---\nb: 2\n", "one-document", "---"),
    ('a: "x\\x1by"\n', "control-character", '"x'),
    ("a: x\x9by\n", "control-character", "\x9by"),
    ("a: x\u202ey\n", "control-character", "\u202ey"),
    ("a: 1\n\ufeffb: 2\n", "control-character", "\ufeffb"),
]


@pytest.mark.parametrize(("text", "code", "place"), FAULTS, ids=[repr(text[:16]) for text, _, _ in FAULTS])
def test_a_trap_of_yaml_is_told_where_it_stands(text: str, code: str, place: str) -> None:
    node(text, problems := [])
    assert [(found, where[: len(place)]) for found, where in told(text, problems)] == [(code, place)]


def test_all_repeated_keys_are_told_and_the_rest_is_read() -> None:
    found = node("a: 1\na: 2\nb: 3\nb: 4\n", problems := [])
    assert [one.code for one in problems] == ["repeated-key", "repeated-key"]
    assert isinstance(found, Mapping)
    assert [value.text for _, value in found.entries if isinstance(value, Scalar)] == ["1", "3"]


def test_the_limits_hold_before_anything_is_built() -> None:
    assert node("[" * MAX_DEPTH + "]" * MAX_DEPTH, []) is not None
    for text, code in (
        ("[" * 30_000, "too-deep"),
        ("- " * 30_000, "too-deep"),
        ("{a: " * 30_000, "too-deep"),
        ("[" + "1," * 200_000 + "]", "too-large"),
    ):
        node(text, problems := [])
        assert [one.code for one in problems] == [code]


def _told_of(path: Path) -> list[tuple[str, str]]:
    problems: list[Diagnostic] = []
    assert read_file(path, problems) is None
    assert all(one.at.path == str(path) for one in problems)
    return [(one.code, f"{one.message} {one.hint}") for one in problems]


def test_a_folder_a_pipe_and_nothing_at_all(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "nowhere")
    assert _told_of(tmp_path) == [("unreadable-file", "This is a folder, not a file. ")]
    assert _told_of(tmp_path / "pipe.yaml") == [("unreadable-file", "This is not an ordinary file. ")]
    assert _told_of(tmp_path / "link.yaml") == [("unreadable-file", "There is no such file. ")]
    assert _told_of(tmp_path / "none.yaml") == [("unreadable-file", "There is no such file. ")]
    assert _told_of(tmp_path / ("x" * 300))[0][0] == "unreadable-file"
    assert _told_of(Path("a\0b"))[0][0] == "unreadable-file"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "deal.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    path.chmod(0)
    assert _told_of(path)[0][0] == "unreadable-file"


def test_a_file_that_grew_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "deal.yaml"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert _told_of(path)[0][0] == "too-large"


ENCODED = [
    ("utf-16", "UTF-16", 1),
    ("utf-16-le", "UTF-16", 1),
    ("utf-16-be", "UTF-16", 1),
    ("gbk", "GBK", 2),
    ("gb18030", "GBK", 2),
    ("latin-1", "UTF-8", 3),
]


@pytest.mark.parametrize(("encoding", "guess", "line"), ENCODED)
def test_another_encoding_is_named(tmp_path: Path, encoding: str, guess: str, line: int) -> None:
    path = tmp_path / "deal.yaml"
    text = "a: 1\nb: Stück\nc: café\n" if encoding == "latin-1" else "a: 1\n名字: 李工\n"
    data = text.encode(encoding) if encoding != "latin-1" else b"a: 1\nb: x\nc: \xe9\xff\n"
    path.write_bytes(data)
    read_file(path, problems := [])
    assert [(one.code, one.at.line) for one in problems] == [("not-utf8", line)]
    assert guess in problems[0].hint


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbfa: 1", b"a: 1\r\nb:\r\n  - c\r\n", b"a: 1\rb: 2\r", b"a: 1", b"%YAML 1.1\n---\na: 1\n...\n"]
)
def test_what_editors_leave_in_a_file_is_no_fault(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "deal.yaml"
    path.write_bytes(data)
    assert isinstance(read_file(path, problems := []), Mapping)
    assert problems == []
    assert not read_text(path).startswith("\ufeff")


@pytest.mark.parametrize("text", ["", "\n\n", "# only words\n", "---\n", "null\n", "~", "   "])
def test_a_file_that_says_nothing(text: str) -> None:
    assert node(text, problems := []) is None
    assert [one.code for one in problems] == ["empty-file"]


def test_what_was_refused_carries_its_diagnostic() -> None:
    with pytest.raises(Refused, match=r"case\.yaml:1:4: \[no-aliases\]") as caught:
        parse("a: *x", "case.yaml", [])
    assert caught.value.diagnostic.code == "no-aliases"
