"""Faulty edits that a trainer makes: each is caught by `check` or `test` at its line, with a hint that names the mend.

`workshop/` holds a small playbook without any fault. Each file in `edits/` is one of its files after an edit; it marks its own faults as
the broken files of the reader do. Its first lines say which file it is, what the hint must name, and where else the edit shows.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.calling import called
from tests.reading.bad_files import marked, unmarked

WORKSHOP = Path(__file__).parent / "workshop"
EDITS = sorted((Path(__file__).parent / "edits").iterdir())
RULES = "rules/people"


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the playbook, in whose folder the test runs."""
    copy = Path(shutil.copytree(WORKSHOP, tmp_path / "workshop"))
    monkeypatch.chdir(copy)
    return copy


class Edit(NamedTuple):
    """The edited file, its text as the trainer left it, the faults in it, the hint, and the faults in other files."""

    file: str
    text: str
    faults: list[tuple[int, int, str]]
    hint: str
    elsewhere: list[str]


def edit(path: Path, folder: Path) -> Edit:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    head = [line.removeprefix("#| ").strip() for line in lines if line.startswith("#| ")]
    marks = folder / path.name
    marks.write_text("".join(lines[len(head) :]), encoding="utf-8")
    faults, text = marked(marks), unmarked(marks, folder).read_text(encoding="utf-8")
    said = {key: value for key, _, value in (line.partition(": ") for line in head[1:])}
    return Edit(head[0], text, faults, said["hint"], [line.removeprefix("elsewhere: ") for line in head if line.startswith("elsewhere: ")])


def problems() -> list[dict[str, object]]:
    found = json.loads(called("check", "--format", "json").out)
    return list(found["problems"])


def test_the_workshop_is_in_order(workshop: Path) -> None:
    assert called("check").out == "playbook workshop: 0 errors, 0 warnings\n"
    assert called("test").lines[-1] == "16 scenarios of 7 rules and 0 whole deals: 0 failed"


@pytest.mark.parametrize("path", EDITS, ids=lambda path: path.name.partition(".")[0])
def test_an_edit_is_caught_where_it_was_made(path: Path, workshop: Path, tmp_path: Path) -> None:
    made = edit(path, tmp_path)
    assert (workshop / made.file).read_text(encoding="utf-8") != made.text
    (workshop / made.file).write_text(made.text, encoding="utf-8")
    found = problems()
    here = [one for one in found if one["path"] == made.file]
    assert sorted((one["line"], one["column"], one["code"]) for one in here) == made.faults
    assert sorted(f"{one['path']}:{one['line']} {one['code']}" for one in found if one not in here) == sorted(made.elsewhere)
    assert [one for one in found if made.hint in f"{one['message']} {one['hint']}"]


@pytest.mark.parametrize("path", EDITS, ids=lambda path: path.name.partition(".")[0])
def test_what_fix_mends_stands_as_it_stood_before(path: Path, workshop: Path, tmp_path: Path) -> None:
    """Mending an edit either restores the file, or leaves something to be told, and then comments and lines are all there."""
    made = edit(path, tmp_path)
    before = (workshop / made.file).read_text(encoding="utf-8")
    (workshop / made.file).write_text(made.text, encoding="utf-8")
    called("check", "--fix")
    after = (workshop / made.file).read_text(encoding="utf-8")
    assert after.count("\n") == made.text.count("\n")
    assert problems() or re.sub(r"\s", "", after) == re.sub(r"\s", "", before)


ONE, TWO, QUIET = (f"{RULES}/{name}.yaml" for name in ("find-one", "find-two", "sponsor-going-quiet"))
COPIES = [
    (
        "a rule copied without renaming",
        "id: find-one",
        [
            (f"{TWO}:1 repeated-id", "the other is "),
            (f"{TWO}:1 wrong-name", "if it is a copy, write `id: find-two`; else name the file find-one.yaml"),
        ],
    ),
    (
        "a rule copied, renamed and not changed",
        "id: find-two",
        [
            (f"{TWO}:1 rule-repeats-another", "change the conditions of one"),
            (f"{TWO}:1 rule-without-scenario", "write find-two.test.yaml beside it"),
        ],
    ),
]


@pytest.mark.parametrize(("line", "wanted"), [case[1:] for case in COPIES], ids=[case[0] for case in COPIES])
def test_a_rule_that_was_copied(line: str, wanted: list[tuple[str, str]], workshop: Path) -> None:
    text = (workshop / ONE).read_text(encoding="utf-8")
    (workshop / TWO).write_text(text.replace("id: find-one", line), encoding="utf-8")
    compare(problems(), wanted)


MOVES = [
    (
        "a play renamed",
        "plays/see-the-sponsor.md.j2",
        "plays/visit-the-sponsor.md.j2",
        [(f"{QUIET}:9 unknown-play", "did you mean 'visit-the-sponsor'?")],
    ),
    (
        "a rule saved as .yml",
        ONE,
        ONE.replace(".yaml", ".yml"),
        [
            ("plays/find-the-decider.md.j2:1 play-never-called", "call it"),
            (f"{RULES}/find-one.yml:1 file-not-read", "rename it to find-one.yaml"),
            (f"{RULES}/sponsor-missing.yaml:7 conclusion-never-read", "read it in a rule"),
        ],
    ),
    (
        "a play in a folder of its own",
        "plays/find-the-decider.md.j2",
        "plays/people/find-the-decider.md.j2",
        [("plays/people/find-the-decider.md.j2:1 file-not-read", "move it to plays/ itself"), (f"{ONE}:6 unknown-play", "")],
    ),
]


@pytest.mark.parametrize(("old", "new", "wanted"), [case[1:] for case in MOVES], ids=[case[0] for case in MOVES])
def test_a_file_that_was_moved(old: str, new: str, wanted: list[tuple[str, str]], workshop: Path) -> None:
    (workshop / new).parent.mkdir(exist_ok=True)
    (workshop / old).rename(workshop / new)
    compare(problems(), wanted)


def compare(found: list[dict[str, object]], wanted: list[tuple[str, str]]) -> None:
    assert [f"{one['path']}:{one['line']} {one['code']}" for one in found] == [place for place, _ in wanted]
    assert all(hint in str(one["hint"]) for one, (_, hint) in zip(found, wanted, strict=True))


# What is sound and says something else than it should is caught by the scenarios.
MUST, MUST_NOT = "expected certainly found never", "expected never found certainly"
TESTED = [
    ("an operator turned round", "sponsor-found", "at_least: $params", "at_most: $params", "sponsor-found:5", MUST_NOT),
    ("a threshold one too high", "enough-contacts", "at_most: 5", "at_most: 6", "enough-contacts:6", MUST_NOT),
    ("at least for above", "sponsor-going-quiet", "above: $params", "at_least: $params", "sponsor-going-quiet:8", MUST_NOT),
    ("a condition dropped", "few-contacts", "  - order: {budget: {at_least: asked}}\n", "", "few-contacts:9", MUST_NOT),
    ("a condition turned round", "sponsor-missing", "none: {person", "evidence_of: {person", "sponsor-missing:3", MUST),
    ("a value exchanged", "sponsor-found", "has: decider", "has: user", "sponsor-found:2", MUST),
    ("ahead for ago", "sponsor-going-quiet", "days_ago", "days_ahead", "sponsor-going-quiet:3", MUST),
    (
        "the wrong people are counted",
        "contacts-counted",
        "met: true",
        "met: false",
        "contacts-counted:2",
        "found out, 1 (certain)",
    ),
    ("a parameter changed", "../../playbook", "value: 30", "value: 29", "sponsor-going-quiet:8", MUST_NOT),
]


@pytest.mark.parametrize(("rule", "old", "new", "place", "message"), [case[1:] for case in TESTED], ids=[case[0] for case in TESTED])
def test_an_edit_that_says_something_else_fails_a_scenario(rule: str, old: str, new: str, place: str, message: str, workshop: Path) -> None:
    path = workshop / RULES / f"{rule}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    name, _, line = place.partition(":")
    found = called("test")
    assert found.code == 1
    failed = next(number for number, text in enumerate(found.lines) if text.startswith(f"FAILED {RULES}/{name}.test.yaml:{line} "))
    assert message in " ".join(" ".join(found.lines[failed + 1 : failed + 5]).split())
