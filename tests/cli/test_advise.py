"""`kamcoach advise`: what it prints where, and how it exits."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from kamcoach.reading.finding import shipped
from tests.cli.calling import ROOT, called, process
from tests.small_library import SmallLibrary

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs the streams of a POSIX shell")
ESC = "\x1b"

# ── the page ──────────────────────────────────────────────────────────────────────────────────────────────────────────

PARTS = {
    "en": ["Where the customer stands", "People", "Do next", "Do not", "Find out"],
    "zh": ["客户走到哪一步", "人", "下一步做什么", "不要做", "要弄清楚"],
}


@pytest.mark.parametrize("language", PARTS)
def test_the_page_has_its_parts_in_order(example: Path, language: str) -> None:
    found = called("advise", example, "--lang", language)
    assert (found.code, found.err) == (0, "")
    assert [line for line in found.lines if line in PARTS[language]] == PARTS[language]
    assert found.lines[0].startswith("Velora Foods: " if language == "en" else "Velora Foods：")
    assert ESC not in found.out and "**" not in found.out


@pytest.mark.parametrize("language", PARTS)
def test_markdown_has_the_same_parts_as_headings(example: Path, language: str) -> None:
    found = called("advise", example, "--lang", language, "--format", "markdown")
    assert [line[3:] for line in found.lines if line.startswith("## ")] == PARTS[language]
    assert [line[:6] for line in found.lines if line.startswith("### ")] == ["### 1.", "### 2.", "### 3."]


def test_json_is_json(example: Path) -> None:
    found = json.loads(called("advise", example, "--lang", "en", "--format", "json").out)
    assert found["schema_version"] == 1
    assert found["deal"] == {"title": "Supply planning subscription, 3 years", "customer": "Velora Foods", "file": "deal.yaml"}
    assert len(found["advice"]) > 3


def test_all_shows_the_rest(example: Path) -> None:
    short, full = (called("advise", example, "--lang", "en", *more) for more in ((), ("--all",)))
    assert "more with --all." in short.out and "more with --all." not in full.out
    assert len(full.lines) > len(short.lines) + 50
    assert [line for line in short.lines if line in full.lines and line.startswith("1. ")]


def test_why_shows_rules_and_lines_of_the_deal_file(example: Path) -> None:
    short, full = (called("advise", example, "--lang", "en", *more) for more in ((), ("--why",)))
    rules = [line for line in full.lines if line.startswith("Rule ")]
    assert len(rules) == 3 and not [line for line in short.lines if line.startswith("Rule ")]
    assert full.out.count("(deal.yaml:") > short.out.count("(deal.yaml:") + 3


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_TW.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}, "en"),
    ],
)
def test_the_language_is_that_of_the_machine(
    example: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert PARTS[language][0] in called("advise", example).lines
    assert PARTS["en"][0] in called("advise", example, "--lang", "en").lines


@pytest.mark.parametrize("columns", [40, 60, 100, 120])
@pytest.mark.parametrize("language", PARTS)
def test_lines_are_as_long_as_the_terminal_is_wide(example: Path, monkeypatch: pytest.MonkeyPatch, columns: int, language: str) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = called("advise", example, "--lang", language, "--all", "--why").lines
    longest = max(sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line) for line in lines)
    assert columns - 4 <= longest <= columns


@pytest.mark.parametrize(("columns", "longest"), [("7", 40), ("500", 120), ("", 100)])
def test_lines_are_neither_too_short_nor_too_long_to_read(
    example: Path, monkeypatch: pytest.MonkeyPatch, columns: str, longest: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert longest - 4 <= max(map(len, called("advise", example, "--lang", "en", "--all").lines)) <= longest


# ── colour ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def on_a_terminal(example: Path, **environment: str) -> str:
    """What the program writes to a terminal of its own."""
    import pty

    ours, its = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **environment}
    command = [sys.executable, "-m", "kamcoach", "advise", str(example), "--lang", "en"]
    written = b""
    with subprocess.Popen(command, stdout=its, env=env) as running:
        os.close(its)
        with contextlib.suppress(OSError):  # the end of what is written to a terminal
            while data := os.read(ours, 65536):
                written += data
    os.close(ours)
    assert running.returncode == 0
    return written.decode()


@posix
@pytest.mark.parametrize(
    ("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)]
)
def test_colour_only_where_it_is_wanted(example: Path, environment: dict[str, str], coloured: bool) -> None:
    found = on_a_terminal(example, **environment)
    assert "Where the customer stands" in found
    assert (ESC in found) is coloured


@posix
def test_a_pipe_gets_plain_text(example: Path) -> None:
    found = process("advise", example, "--lang", "en", cwd=Path.cwd(), TERM="xterm")
    assert found.code == 0 and "Where the customer stands" in found.out and ESC not in found.out


# ── where the deal comes from, which day it is, which playbook ────────────────────────────────────────────────────────


def test_a_deal_on_standard_input(example: Path) -> None:
    found = called("advise", "-", "--lang", "en", stdin=example.read_bytes())
    assert found.code == 0
    assert found.out.replace("<stdin>", "deal.yaml") == called("advise", example, "--lang", "en").out


def test_a_deal_on_standard_input_is_read_with_the_playbook_of_this_folder(team: SmallLibrary) -> None:
    assert called("advise", "-", stdin=Path("deal.yaml").read_bytes()).lines[0] == "Alder"


def test_the_day_is_that_of_the_call_else_of_the_deal(example: Path) -> None:
    own, later = (called("advise", example, "--lang", "en", *more) for more in ((), ("--as-of", "2027-01-15")))
    assert "15 January 2027" in later.lines and "15 January 2027" not in own.lines
    assert later.code == own.code == 0


def test_a_day_before_the_facts_of_the_deal_is_found_out(example: Path) -> None:
    found = called("advise", example, "--as-of", "2020-01-01")
    assert found.code == 2
    assert "deal.yaml:" in found.err and "[interaction-in-the-future]" in found.err


@pytest.mark.parametrize("name", ["key-account", str(shipped("playbooks") / "key-account"), "playbook.yaml", "."])
def test_a_playbook_is_named_by_its_id_or_its_folder(team: SmallLibrary, name: str) -> None:
    deal = shipped("examples") / "velora-planning.yaml"
    if "key-account" in name:
        assert called("advise", deal, "--playbook", name, "--format", "json").code == 0
    else:
        assert called("advise", "deal.yaml", "--playbook", name).lines == ["Alder", "", "Headline of a [warn]"]


def test_the_playbook_is_found_upwards_from_the_deal(team: SmallLibrary) -> None:
    team.write("deals/2026/alder/deal.yaml", Path("deal.yaml").read_text())
    assert called("advise", "deals/2026/alder/deal.yaml").lines[0] == "Alder"


# ── exit codes ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("severity", "code"), [("critical", 0), ("warn", 1), ("advise", 1), ("info", 1)])
def test_fail_on_a_severity_or_a_graver_one(team: SmallLibrary, severity: str, code: int) -> None:
    """The deal has one warning."""
    found = called("advise", "deal.yaml", "--fail-on", severity)
    assert (found.code, found.err) == (code, "")
    assert found.lines == called("advise", "deal.yaml").lines


def test_what_not_to_do_counts_for_fail_on(team: SmallLibrary) -> None:
    team.advice("b", says="do_not: true, severity: critical")
    assert called("advise", "deal.yaml", "--fail-on", "critical").code == 1


def test_without_advice_nothing_fails(team: SmallLibrary) -> None:
    Path("deal.yaml").write_text("schema_version: 1\npeople: []\n")
    assert called("advise", "deal.yaml", "--fail-on", "info").code == 0


# ── streams ───────────────────────────────────────────────────────────────────────────────────────────────────────────

STREAMS = [
    ("advise", '"$@" | head -n 1', 0, "Alder", ""),
    ("advise", '"$@" | true', 0, "", ""),
    ("advise", '"$@" <&-', 2, "", "<stdin>:1:1: [empty-file] The file is empty."),
    ("advise", '"$@" >&-', 0, "", ""),
    ("--version", '"$@" >&- 2>&-', 0, "", ""),
    ("advise", '"$@" >/dev/full', 2, "", "The system refuses: No space left on device."),
]


@posix
@pytest.mark.parametrize(("command", "shell", "code", "out", "err"), STREAMS)
def test_streams_that_are_closed_or_full(team: SmallLibrary, command: str, shell: str, code: int, out: str, err: str) -> None:
    deal = () if command == "--version" else ("-",) if "<&-" in shell else ("deal.yaml",)
    found = process(command, *deal, shell=shell, cwd=team.folder)
    assert (found.code, found.out.strip(), found.err.strip()) == (code, out, err)
