"""`kamcoach advise` of what is wrong: each fault with file, line and column, exit code 2, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calling import called
from tests.small_library import PLAY, SmallLibrary

BAD = [
    ("account: {name: [x]}", "deal.yaml:1:17: [wrong-type] 'name' must be a text."),
    ("acount: {name: x}", "deal.yaml:1:1: [unknown-key] A deal file has no key 'acount'.\n    hint: did you mean 'account'?"),
    ("people: [{id: li, power: 9}]", "deal.yaml:1:26: [out-of-range] "),
    ("people: [{id: li, boss: wang}]", "deal.yaml:1:25: [dangling-reference] "),
    ("order: {budget: aproved}", "deal.yaml:1:17: [unknown-value] 'budget' is never 'aproved'.\n    hint: did you mean 'approved'?"),
    ("people: [{id: li, seen: 2026-03-03}]", "deal.yaml:1:25: [seen-in-the-future] Seen after the date of the deal."),
    ("a: [", "deal.yaml:"),
    ("a: b: c", "deal.yaml:1:5: [yaml-syntax] "),
    ("a: *b", "deal.yaml:1:4: [no-aliases] "),
    ("a: !!python/object:os.system x", "deal.yaml:1:4: [no-tags] "),
    ("[" * 100 + "]" * 100, "deal.yaml:1:41: [too-deep] "),
    ("people: [{id: li}, {id: li}]", "deal.yaml:1:25: [repeated-id] "),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_a_fault_is_told_with_file_line_and_column(team: SmallLibrary, text: str, message: str) -> None:
    Path("deal.yaml").write_text(f"{text}\nschema_version: 1\nas_of: 2026-03-02\n")
    found = called("advise", "deal.yaml")
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(message)


def test_all_faults_are_told_at_once_in_the_order_of_the_file(team: SmallLibrary) -> None:
    Path("deal.yaml").write_text("schema_version: 2\norder: {budget: 7, due: soon}\npeople: {}\nnonsense: 1\n")
    lines = [line for line in called("advise", "deal.yaml").err.splitlines() if not line.startswith("    hint:")]
    assert [line.split(" ")[0] for line in lines] == [
        "deal.yaml:1:17:",
        "deal.yaml:2:17:",
        "deal.yaml:2:25:",
        "deal.yaml:3:9:",
        "deal.yaml:4:1:",
    ]


def test_a_fault_on_standard_input_has_its_place_too(team: SmallLibrary) -> None:
    found = called("advise", "-", stdin=b"schema_version: 1\nnonsense: 1\n")
    assert (found.code, found.err.splitlines()[0]) == (2, "<stdin>:2:1: [unknown-key] A deal file has no key 'nonsense'.")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "deal.yaml:1:1: [empty-file] The file is empty."),
        (b"\n# nothing\n", "deal.yaml:1:1: [empty-file] The file is empty."),
        (b"\xff\xfea\x00", "deal.yaml:1:1: [not-utf8] "),
        ("客户: 1".encode("gbk"), "deal.yaml:1:1: [not-utf8] "),
        (b"a: \x00", "deal.yaml:1:4: [control-character] "),
        (b"x" * 5_000_000, "deal.yaml:1:1: [too-large] "),
        (b"just a text", "deal.yaml:1:1: [wrong-shape] "),
    ],
)
def test_a_file_that_is_no_deal_at_all(team: SmallLibrary, data: bytes, message: str) -> None:
    Path("deal.yaml").write_bytes(data)
    found = called("advise", "deal.yaml")
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(message)


CALLS = [
    (("advise", "nothing.yaml"), "nothing.yaml:1:1: [unreadable-file] There is no such file."),
    (("advise", "plays"), "plays:1:1: [unreadable-file] This is a folder, not a file."),
    (("advise",), "Usage: kamcoach advise [OPTIONS] DEAL"),
    (("advise", "deal.yaml", "--as-of", "tomorrow"), "Usage: "),
    (("advise", "deal.yaml", "--lang", "fr"), "Usage: "),
    (("advise", "deal.yaml", "--format", "pdf"), "Usage: "),
    (("advise", "deal.yaml", "--fail-on", "doom"), "Usage: "),
    (("advise", "deal.yaml", "--nonsense"), "Usage: "),
    (("advise", "deal.yaml", "--playbook", "nonsense"), "There is no playbook 'nonsense'."),
    (("advise", "deal.yaml", "--playbook", "key-acount"), "There is no playbook 'key-acount'. Did you mean 'key-account'?"),
]


@pytest.mark.parametrize(("arguments", "message"), CALLS)
def test_a_call_that_makes_no_sense_exits_with_2(team: SmallLibrary, arguments: tuple[str, ...], message: str) -> None:
    found = called(*arguments)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(message)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("kamcoach.yaml", "playbok: .\n", "kamcoach.yaml:1:1: [missing-key] kamcoach.yaml needs 'playbook'."),
        ("kamcoach.yaml", "playbook: nonsense\n", "kamcoach.yaml:1:11: [unknown-playbook] There is no playbook 'nonsense'."),
        ("kamcoach.yaml", "", "kamcoach.yaml:1:1: [empty-file] The file is empty."),
        ("playbook.yaml", "id: small\ntitle: x\nextends: nonsense\n", "playbook.yaml:3:10: [unknown-playbook] "),
        ("playbook.yaml", "id: small\ntitle: x\nextends: .\n", "playbook.yaml:1:1: [circle] "),
        ("rules/a.yaml", "id: a\n", "rules/a.yaml:1:1: [missing-key] "),
        ("plays/play-of-a.md.j2", "# en\n## Headlin\n", "plays/play-of-a.md.j2:1:1: [missing-section] "),
        ("plays/play-of-a.md.j2", PLAY.replace("{en}", "a\n{{ b }}"), "plays/play-of-a.md.j2:4:1: [template-unknown-name] "),
        ("templates/advice.en.md.j2", "\n{{ nonsense }}\n", "templates/advice.en.md.j2:2:1: [template-unknown-name] "),
    ],
)  # fmt: skip
def test_a_fault_in_the_playbook_is_told_with_its_place(team: SmallLibrary, name: str, text: str, message: str) -> None:
    team.write(name, text)
    found = called("advise", "deal.yaml")
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(message)


@pytest.mark.parametrize(("language", "words"), [("en", "This was due before the date of the deal."), ("zh", "已经过期。")])
def test_a_warning_goes_to_standard_error_and_stops_nothing(team: SmallLibrary, language: str, words: str) -> None:
    Path("deal.yaml").write_text("order: {due: 2026-01-01}\nschema_version: 1\nas_of: 2026-03-02\n")
    found = called("advise", "deal.yaml", "--lang", language)
    assert (found.code, found.err) == (0, f"deal.yaml:1:14: [due-in-the-past] warning: {words}\n")
    assert found.out


def test_a_path_with_blanks_and_chinese(team: SmallLibrary) -> None:
    path = team.write("大客户 2026/华东 (1).yaml", Path("deal.yaml").read_text())
    assert called("advise", path).code == 0
    path.write_text("nonsense: 1")
    assert called("advise", path).err.startswith("大客户 2026/华东 (1).yaml:1:1: ")
