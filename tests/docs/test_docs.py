"""Every block of the documentation is true: files are valid, commands print what the page says.

An HTML comment right before a fenced block says what the block is:

    <!-- file: PATH -->       it is written to PATH in a folder made for this page
    <!-- append: PATH -->     it is added to that file
    <!-- run -->              lines with `$ ` are commands, run in that folder in order; the lines below each are what it prints
    <!-- exit: N -->          with `run`: the last command exits with N
    <!-- fragment: KIND -->   it must be valid as a piece of that kind

In what a command prints, a line `...` stands for any lines, `...` within a line for any text, and one run of spaces or line ends is as
good as another. Blocks marked `text` are free.
"""

from __future__ import annotations

import io
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from kamcoach.checking import CODES
from kamcoach.cli import run as kamcoach_run
from kamcoach.coaching import check_files
from kamcoach.model.playbook import Library
from kamcoach.reading.conditions import read_conditions
from kamcoach.reading.deals import deal_of
from kamcoach.reading.fields import Problems
from kamcoach.reading.finding import find_playbook, shipped
from kamcoach.reading.library import read_library
from kamcoach.reading.nodes import Node, read_file
from kamcoach.reading.rows import read_rules
from kamcoach.reading.rules import read_checks
from kamcoach.reading.scenarios import read_scenarios
from kamcoach.reading.scope import Scope
from kamcoach.reading.tables import Tables
from kamcoach.reading.vocabulary import read_vocabulary

ROOT: Final = Path(__file__).resolve().parents[2]
PAGES: Final = [path for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if path.is_file()]
MARKED: Final = ("", "yaml", "yml", "console", "jinja", "jinja2")
_COMMENT: Final = re.compile(r"\s*<!-- *(file|append|run|exit|fragment)\b:? *(.*?) *-->\s*$")
_FENCE: Final = re.compile(r"(\s*)(`{3,})(\w*)\s*$")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the line of its fence, and what the comments before it say."""

    language: str
    text: str
    line: int
    marks: dict[str, str]


def blocks(page: str) -> Iterator[Block]:
    marks: dict[str, str] = {}
    lines = iter(enumerate(page.splitlines(), 1))
    for number, line in lines:
        comment, fence = _COMMENT.match(line), _FENCE.match(line)
        if comment:
            marks[comment[1]] = comment[2]
        elif fence:
            yield Block(fence[3], _body(lines, fence[1], fence[2]), number, marks)
            marks = {}
        elif line.strip() and marks:
            yield Block("nothing", "", number, marks)
            marks = {}


def _body(lines: Iterator[tuple[int, str]], indent: str, fence: str) -> str:
    body = []
    for _, line in lines:
        if line.strip() == fence:
            break
        body.append(line.removeprefix(indent))
    return "\n".join(body) + "\n"


@pytest.fixture
def folder(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in that holds the shipped `examples/` alone; the language and the width of the page are fixed."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def marked(page: Path) -> Any:
    """The Chinese pages run the same commands as the English ones."""
    slow = [pytest.mark.slow] if page.name.endswith(".zh.md") else []
    return pytest.param(page, id=page.relative_to(ROOT).as_posix(), marks=slow)


@pytest.mark.parametrize("page", [marked(page) for page in PAGES])
def test_every_block_of_the_page_is_true(page: Path, folder: Path) -> None:
    wrong = []
    for block in blocks(page.read_text(encoding="utf-8")):
        wrong += [f"{page.relative_to(ROOT).as_posix()}:{block.line}: {what}" for what in tried(block, folder)]
    assert not wrong, "\n".join(wrong)


def tried(block: Block, folder: Path) -> Iterator[str]:
    """What is wrong with a block."""
    kinds = set(block.marks) - {"exit"}
    if block.language == "nothing":
        yield "a comment that is followed by no block"
    elif len(kinds) > 1 or ("exit" in block.marks and "run" not in kinds):
        yield f"these comments do not go together: {', '.join(block.marks)}"
    elif not kinds:
        if block.language in MARKED:
            yield f"a {block.language or 'plain'} block without a comment that says what it is (free text is marked `text`)"
    elif "run" in kinds:
        yield from run(block)
    elif "fragment" in kinds:
        yield from fragment(block, folder)
    else:
        yield from write(block, folder)


def write(block: Block, folder: Path) -> Iterator[str]:
    name = block.marks.get("file") or block.marks.get("append") or ""
    path = folder / name
    if not name or not path.resolve().is_relative_to(folder.resolve()):
        yield f"'{name}' is no path inside the folder of the page"
    elif "append" in block.marks and not path.is_file():
        yield f"there is no {name} to append to"
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a" if "append" in block.marks else "w", encoding="utf-8", newline="\n") as file:
            file.write(block.text)


def run(block: Block) -> Iterator[str]:
    commands = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    if commands[0].strip() or len(commands) < 2:
        yield "a console block begins with `$ ` and a command"
        return
    for number, one in enumerate(commands[1:], 1):
        command, _, wanted = one.partition("\n")
        printed, code = kamcoach(command)
        if printed is None:
            yield f"'{command}' is no kamcoach command"
            return
        expected = int(block.marks.get("exit", 0)) if number == len(commands) - 1 else 0
        if code != expected:
            yield f"`{command}` exits with {code}, not {expected}:\n{printed}"
        elif (missing := unprinted(wanted, printed)) is not None:
            yield f"`{command}` prints\n{_begin(printed)}\nand nowhere, or not in this order,\n{missing}"


def kamcoach(command: str) -> tuple[str | None, int]:
    """What the program prints, both streams together, and its exit code."""
    words = shlex.split(command)
    if words[:1] != ["kamcoach"]:
        return None, 0
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        code = kamcoach_run(words[1:])
    return out.getvalue(), code


def unprinted(wanted: str, printed: str) -> str | None:
    """What is wanted and not printed. The pieces between lines `...` are looked for one after another."""
    pieces = re.split(r"^[ \t]*\.\.\.[ \t]*$", wanted, flags=re.MULTILINE)
    place = 0
    for number, piece in enumerate(pieces):
        first, last = number == 0, number == len(pieces) - 1
        pattern = _pattern(piece)
        if not pattern and not (first and last):
            continue
        pattern = (r"\A\s*" if first else r"(?:^|(?<=\s))") + pattern + (r"\s*\Z" if last else r"(?=\s|\Z)")
        found = re.compile(pattern).search(printed, place)
        if found is None:
            return piece.strip("\n") or "nothing"
        place = found.end()
    return None


def _begin(text: str, most: int = 60) -> str:
    lines = text.splitlines()
    return "\n".join([*lines[:most], *(["…"] if len(lines) > most else [])])


def _pattern(piece: str) -> str:
    return r"\s+".join(r"[\s\S]*?".join(map(re.escape, word.split("..."))) for word in piece.split())


# ── pieces that must only be valid ────────────────────────────────────────────────────────────────────────────────────


@cache
def library() -> Library:
    problems: Problems = []
    found = read_library(find_playbook(None, None), problems)
    assert found is not None, problems
    return found


def fragment(block: Block, folder: Path) -> Iterator[str]:
    kind = block.marks["fragment"]
    if kind not in _KINDS:
        yield f"there is no kind of fragment '{kind}': it can be {', '.join(_KINDS)}"
        return
    path = folder / ".fragment" / "plays" / ("piece.md.j2" if kind == "play" else "piece.test.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, encoding="utf-8")
    problems: Problems = []
    _KINDS[kind](path, problems)
    path.unlink()
    yield from (f"line {p.at.line}: {p.message} ({p.hint})" for p in problems)


def _node(path: Path, problems: Problems) -> Iterator[Node]:
    root = read_file(path, problems)
    if root is not None:
        yield root


def _rule(path: Path, problems: Problems) -> None:
    for root in _node(path, problems):
        read_rules(root, library().rule_base.vocabulary, library().params, Tables(), problems)


def _condition(path: Path, problems: Problems) -> None:
    for root in _node(path, problems):
        read_conditions(root, "when", Scope(library().rule_base.vocabulary, library().params, problems))


def _vocabulary(path: Path, problems: Problems) -> None:
    """Read on top of what is shipped, as a team's own vocabulary is."""
    base = read_file(shipped("rules") / "vocabulary.yaml", problems)
    assert base is not None
    for root in _node(path, problems):
        read_checks([root], read_vocabulary([base, root], problems), problems)


def _scenario(path: Path, problems: Problems) -> None:
    read_scenarios(path, library(), problems)


def _deal(path: Path, problems: Problems) -> None:
    for root in _node(path, problems):
        deal_of(root, str(path), library().rule_base.vocabulary, problems, partial=True)


def _play(path: Path, problems: Problems) -> None:
    """Checked as a play of a team's playbook."""
    playbook = path.parent.parent / "playbook.yaml"
    playbook.write_text("id: piece\ntitle: {en: Piece, zh: 片段}\nextends: key-account\n", encoding="utf-8")
    problems.extend(check_files(playbook.parent, [path], CODES - {"play-never-called"}))


_KINDS: Final[dict[str, Callable[[Path, Problems], None]]] = {
    "rule": _rule,
    "condition": _condition,
    "vocabulary": _vocabulary,
    "scenario": _scenario,
    "deal": _deal,
    "play": _play,
}


# ── the convention itself ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("wanted", "printed", "same"),
    [
        ("a b\n", "a\n  b\n", True),
        ("a\n", "a b\n", False),
        ("...\nb\n", "a\nb\n", True),
        ("a\n...\n", "a\nb\nc\n", True),
        ("a\n...\nd\n", "a\nb\nc\n", False),
        ("a\n...\nb\n...\n", "a\nb\n", True),
        ("...\nbc\n", "abc\n", False),
        ("1 ...: x\n", "1 day: x\n", True),
        ("1 ...: x\n", "1 day: y\n", False),
        ("1 ...\n2 ...\n", "1 a\n b\n2 c\n", True),
        ("", "", True),
        ("", "a\n", False),
    ],
)
def test_what_a_command_prints_is_compared_word_by_word(wanted: str, printed: str, same: bool) -> None:
    assert (unprinted(wanted, printed) is None) is same


@pytest.mark.parametrize(
    ("page", "wrong"),
    [
        ("```yaml\na: 1\n```\n", "without a comment"),
        ("```\nls\n```\n", "without a comment"),
        ("```text\nls\n```\n", ""),
        ("<!-- file: ../x.yaml -->\n```yaml\na: 1\n```\n", "no path inside"),
        ("<!-- append: x.yaml -->\n```yaml\na: 1\n```\n", "no x.yaml to append to"),
        ("<!-- file: x.yaml -->\n\nSome words.\n", "followed by no block"),
        ("<!-- run -->\n```console\n$ ls\n```\n", "no kamcoach command"),
        ("<!-- run -->\n```console\n$ kamcoach why x.yaml stage\n...\n```\n", "exits with 2"),
        ("<!-- run -->\n<!-- exit: 2 -->\n```console\n$ kamcoach why x.yaml stage\n...\n```\n", ""),
        ("<!-- fragment: condition -->\n```yaml\n- stakeholder: {powr: 3}\n```\n", "did you mean 'power'"),
        ("<!-- fragment: condition -->\n```yaml\n- stakeholder: {power: 3}\n```\n", ""),
    ],
)
def test_a_page_that_says_something_wrong_is_found_out(page: str, wrong: str, folder: Path) -> None:
    found = [what for block in blocks(page) for what in tried(block, folder)]
    assert bool(found) == bool(wrong)
    assert all(wrong in what for what in found)
