"""The program as a whole: its name, its help, its completion, its exit codes."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from kamcoach import __version__
from tests.cli.calling import called, process
from tests.small_library import SmallLibrary

COMMANDS = ("advise", "why", "why-not", "brief", "check", "test", "impact", "rules", "new", "init", "schema", "docs")
BEGUN = ("deal", "rule", "play", "playbook", "vocabulary")


def test_the_version() -> None:
    assert called("--version").out == f"kamcoach, version {__version__}\n"


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_the_help_names_every_command_and_the_exit_codes(flag: str) -> None:
    found = called(flag)
    assert found.code == 0
    listed = re.findall(r"^  ([\w-]+)  ", found.out.split("Commands:\n")[1], re.MULTILINE)
    assert tuple(listed) == COMMANDS
    assert "Exit codes: 0 fine, 1 findings" in found.out


@pytest.mark.parametrize("command", [*COMMANDS, *(f"new {kind}" for kind in BEGUN)])
def test_each_command_has_help_that_fits(command: str) -> None:
    found = called(*command.split(), "-h")
    assert found.code == 0
    assert found.out.startswith(f"Usage: kamcoach {command} ")
    assert max(map(len, found.lines)) <= 100


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nonsense",), "No such command 'nonsense'"),
        (("new", "nonsense"), "No such command 'nonsense'"),
        (("--nonsense",), "No such option"),
    ],
)
def test_a_call_of_something_that_is_not_there(arguments: tuple[str, ...], message: str) -> None:
    found = called(*arguments)
    assert (found.code, found.out) == (2, "")
    assert message in found.err


def test_without_a_command_the_help_is_shown() -> None:
    found = called()
    assert "Start here:" in found.out + found.err


EXITS = [
    (("advise", "deal.yaml"), 0),
    (("advise", "deal.yaml", "--fail-on", "info"), 1),
    (("advise", "broken.yaml"), 2),
    (("why", "deal.yaml", "a"), 0),
    (("why", "deal.yaml", "nonsense"), 2),
    (("check",), 0),
    (("check", "broken.yaml"), 2),
    (("test", "rules/good.test.yaml"), 0),
    (("test", "rules/wrong.test.yaml"), 1),
    (("test", "broken.yaml"), 2),
    (("new", "deal", "-", "--playbook", "key-account"), 0),
    (("new", "deal", "deal.yaml"), 2),
    (("--version",), 0),
    (("nonsense",), 2),
]


@pytest.mark.parametrize(("arguments", "code"), EXITS)
def test_exit_codes(team: SmallLibrary, arguments: tuple[str, ...], code: int) -> None:
    scenario = "rule: a\nscenarios:\n  - {name: x, given: {people: []}, expect: {fires: never}}\n"
    team.write("rules/good.test.yaml", scenario)
    team.write("rules/wrong.test.yaml", scenario.replace("never", "certainly"))
    team.write("broken.yaml", "nonsense: [")
    assert called(*arguments).code == code


@pytest.mark.parametrize(
    "arguments",
    [
        ("advise", "{}"),
        ("why", "{}", "1"),
        ("check", "{}"),
        ("test", "{}"),
        ("new", "deal", "{}"),
        ("advise", "deal.yaml", "--playbook", "{}"),
    ],
)
@pytest.mark.parametrize("path", ["", ".", "..", "x" * 300, "a/b/c", "\udcff.yaml", "deal.yaml/x", "~", "{}"])
def test_no_path_makes_a_traceback(team: SmallLibrary, arguments: tuple[str, ...], path: str) -> None:
    """`called` lets an exception through, and the test fails."""
    assert called(*(one.replace("{}", path) for one in arguments)).code in (0, 1, 2)


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be removed")
def test_in_a_folder_that_is_gone(tmp_path: Path) -> None:
    found = process("advise", "deal.yaml", shell=f'cd "{tmp_path}" && rmdir "{tmp_path}" && "$@"')
    assert found.code == 2
    assert "Traceback" not in found.err


# ── completion ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(("shell", "word"), [("bash", "complete -o nosort"), ("zsh", "compdef"), ("fish", "complete --no-files")])
def test_a_shell_is_told_how_to_complete(shell: str, word: str) -> None:
    found = process(_KAMCOACH_COMPLETE=f"{shell}_source")
    assert found.code == 0
    assert word in found.out and "kamcoach" in found.out


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("kamcoach ", list(COMMANDS)),
        ("kamcoach ad", ["advise"]),
        ("kamcoach advise --form", ["--format"]),
        ("kamcoach advise --format ", ["text", "markdown", "json"]),
        ("kamcoach advise --fail-on c", ["critical"]),
        ("kamcoach new ", sorted(BEGUN)),
    ],
)
def test_what_is_typed_is_completed(typed: str, completed: list[str]) -> None:
    words = typed.split(" ")
    found = process(_KAMCOACH_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=str(len(words) - 1))
    assert [line.split(",")[1] for line in found.lines] == completed
