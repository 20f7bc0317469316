"""`kamcoach docs build`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kamcoach.cli import _COMMANDS
from tests.cli.calling import called
from tests.small_library import SmallLibrary


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_is_built_and_up_to_date_until_something_changes(team: SmallLibrary) -> None:
    built = called("docs", "build")
    assert (built.code, built.err) == (0, "")
    assert built.out.endswith("pages written: open library-docs/index.html\n")
    assert called("docs", "build", "--check", "-o", "library-docs").code == 0
    team.rule("b", "[{person: {power: 1}}]", "[{conclude: open}]")
    stale = called("docs", "build", "--check", "-o", "library-docs")
    assert stale.code == 1
    assert "rules/b.html is missing" in stale.lines and "rules.html is not up to date" in stale.lines
    assert not Path("library-docs/rules/b.html").exists()
    assert called("docs", "build", "-o", "library-docs").code == 0
    (team.folder / "rules/b.yaml").unlink()
    assert called("docs", "build", "-o", "library-docs").code == 0
    assert not Path("library-docs/rules/b.html").exists()


def test_every_command_has_a_page(team: SmallLibrary) -> None:
    assert called("docs", "build", "-o", "out").code == 0
    there = {path.stem for path in Path("out/commands").iterdir()}
    assert set(_COMMANDS) | {"docs-build", "rules-show"} <= there


def test_the_site_of_the_shipped_library_is_whole() -> None:
    found = called("docs", "build", "--check")
    assert (found.code, found.err) == (0, "")
    assert found.out.endswith(" pages: 0 faults\n")


def test_the_same_library_gives_the_same_bytes(team: SmallLibrary, tmp_path: Path) -> None:
    """Under another hash seed, in another language, in another place."""
    for seed, language in (("1", "C.UTF-8"), ("2", "zh_CN.UTF-8")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": language}
        subprocess.run([sys.executable, "-m", "kamcoach", "docs", "build", "-o", tmp_path / seed], env=env, check=True, capture_output=True)
    one, two = content(tmp_path / "1"), content(tmp_path / "2")
    assert one == two
    assert not [path for path, data in one.items() if str(team.folder).encode() in data]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "rules"], "holds files that are no site of kamcoach"),
        (["-o", "deal.yaml"], "is a file, not a folder"),
        (["-o", "deal.yaml/site"], "cannot be written"),
        (["--playbook", "nowhere"], "no playbook 'nowhere'"),
    ],
)
def test_what_cannot_be(team: SmallLibrary, arguments: list[str], message: str) -> None:
    before = content(team.folder)
    found = called("docs", "build", *arguments)
    assert (found.code, found.out) == (2, "")
    assert message in found.err
    assert "Traceback" not in found.err
    assert content(team.folder) == before


def test_a_faulty_rule_is_told_and_nothing_is_written(team: SmallLibrary) -> None:
    team.rule("b", "[{person: {powr: 1}}]", "[{conclude: open}]")
    found = called("docs", "build")
    assert found.code == 2
    assert "rules/b.yaml" in found.err and not Path("library-docs").exists()
