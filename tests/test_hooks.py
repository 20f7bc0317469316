"""The hooks in a team's repository, run by the real pre-commit; and the steps of the workflow, run by the shell as GitHub does."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.docs.test_docs import ROOT
from tests.docs.test_team_repository import CONFIG, given, scripts

pytestmark = pytest.mark.slow
VERSION: Final = "4.7.0"
PATIENCE: Final = 1800
PROGRAMS: Final = "Scripts" if sys.platform == "win32" else "bin"
PROJECT: Final = ("kamcoach", "rules", "playbooks", "examples", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
RULE: Final = "rules/power-is-there.yaml"
PLAY: Final = "plays/power-is-there.md.j2"


class Shell:
    """Runs programs with nothing of this checkout, and nothing of the person who runs the tests, in reach."""

    def __init__(self, programs: Path, home: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "GIT_", "GITHUB_"))}
        people = {f"GIT_{who}_{what}": "team@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        git = {**people, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        path = os.pathsep.join([str(programs), kept["PATH"]])
        self.env = {
            **kept,
            **git,
            "PATH": path,
            "PRE_COMMIT_HOME": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            "RUNNER_TEMP": str(home),
        }

    def __call__(self, *command: object, cwd: Path) -> tuple[int, str]:
        """The exit code and what is printed, both streams together."""
        words = [str(one) for one in command]
        program = shutil.which(words[0], path=self.env["PATH"]) or words[0]
        done = subprocess.run(
            [program, *words[1:]], cwd=cwd, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE, check=False
        )
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def fine(self, *command: object, cwd: Path) -> str:
        code, said = self(*command, cwd=cwd)
        assert code == 0, said
        return said


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """With pre-commit in an environment of its own."""
    if shutil.which("git") is None:
        pytest.skip("there is no git on this machine")
    folder = tmp_path_factory.mktemp("pre-commit")
    found = Shell(folder / "venv" / PROGRAMS, folder)
    found.fine(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    code, said = found(folder / "venv" / PROGRAMS / "python", "-m", "pip", "install", "-q", f"pre-commit=={VERSION}", cwd=folder)
    if code:
        pytest.skip(f"pip does not bring pre-commit {VERSION}: {said.strip()[-200:]}")
    return found


@pytest.fixture(scope="module")
def project(shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project as it is now, as a repository with one commit."""
    folder = tmp_path_factory.mktemp("project")
    for name in PROJECT:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    shell.fine("git", "init", "-q", "-b", "main", cwd=folder)
    commit(shell, folder)
    return folder


@pytest.fixture(scope="module")
def installed(shell: Shell, project: Path) -> None:
    """The program, by the step of the workflow that installs it."""
    shell.env["KAMCOACH"] = f"git+{project.as_uri()}@main"
    shell.fine("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", scripts("en")["Install"], cwd=project)


@pytest.fixture(scope="module")
def beginning(shell: Shell, project: Path, installed: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A team's repository with a rule, a deal, and the hooks as the page sets them up; all of it went through them."""
    folder = tmp_path_factory.mktemp("work") / "team"
    shell.fine("kamcoach", "init", "team", "--title-en", "Team", "--title-zh", "团队", cwd=folder.parent)
    options = ("--looks-at", "stakeholder.power", "--value", "4", "--title-en", "Power", "--title-zh", "实权")
    shell.fine("kamcoach", "new", "rule", "power-is-there", *options, cwd=folder)
    (folder / "deals").mkdir()
    (folder / "deals/pumps.yaml").write_text(given("en", "team/deals/pumps.yaml"), encoding="utf-8")
    shell.fine("git", "init", "-q", "-b", "main", cwd=folder)
    head = shell.fine("git", "rev-parse", "HEAD", cwd=project).strip()
    config = re.sub(r"(?m)rev: .*$", f"rev: {head}", given("en", CONFIG))
    (folder / CONFIG.partition("/")[2]).write_text(re.sub(r"(?m)repo: .*$", f"repo: {project.as_uri()}", config), encoding="utf-8")
    shell.fine("pre-commit", "install", cwd=folder)
    said = commit(shell, folder)
    assert re.findall(r"(?m)^(kamcoach.*?)\.+Passed$", said) == ["kamcoach check", "kamcoach test", "kamcoach check (deals)"]
    return folder


@pytest.fixture
def team(beginning: Path, tmp_path: Path) -> Iterator[Path]:
    yield Path(shutil.copytree(beginning, tmp_path / "team"))


def commit(shell: Shell, folder: Path) -> str:
    shell.fine("git", "add", "-A", cwd=folder)
    return shell.fine("git", "commit", "-m", "A change", cwd=folder)


def refused(shell: Shell, folder: Path) -> str:
    """What stops a commit, which must not be made."""
    before = shell.fine("git", "rev-parse", "HEAD", cwd=folder)
    shell.fine("git", "add", "-A", cwd=folder)
    code, said = shell("git", "commit", "-m", "A change", cwd=folder)
    assert code != 0, said
    assert shell.fine("git", "rev-parse", "HEAD", cwd=folder) == before
    return said


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_rule_with_a_mistake_is_not_committed(shell: Shell, team: Path) -> None:
    edit(team / RULE, "power:", "powr:")
    said = refused(shell, team)
    assert re.search(rf"{RULE}:\d+:\d+: \[unknown-field\]", said)
    assert "did you mean 'power'?" in said


def test_a_play_that_is_still_called_is_not_deleted(shell: Shell, team: Path) -> None:
    (team / PLAY).unlink()
    assert "There is no play 'power-is-there'" in refused(shell, team)


def test_a_rule_that_its_scenarios_contradict_is_not_committed(shell: Shell, team: Path) -> None:
    edit(team / RULE, "at_least: 4", "at_least: 5")
    said = refused(shell, team)
    assert re.search(r"(?m)^kamcoach check\.+Passed$", said)
    assert "FAILED rules/power-is-there.test.yaml" in said


def deals_hook(shell: Shell, folder: Path) -> tuple[int, str]:
    """The hook for deals alone, on what would be committed."""
    shell.fine("git", "add", "-A", cwd=folder)
    return shell("pre-commit", "run", "kamcoach-check-deals", cwd=folder)


def test_a_deal_with_a_mistake_is_found(shell: Shell, team: Path) -> None:
    edit(team / "deals/pumps.yaml", "schema_version: 1", "schema_version: 1\nstakeholder: []")
    code, said = deals_hook(shell, team)
    assert code == 1
    assert re.search(r"deals/pumps\.yaml:2:1: \[unknown-", said)


def test_without_a_deal_in_the_commit_no_deal_is_looked_at(shell: Shell, team: Path) -> None:
    edit(team / PLAY, "\n## ", "\n\n## ")
    code, said = deals_hook(shell, team)
    assert code == 0
    assert re.search(r"\(no files to check\)Skipped", said)


def step(shell: Shell, name: str, folder: Path) -> tuple[int, str]:
    """A step of the workflow, run as GitHub runs it."""
    return shell("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", scripts("en")[name], cwd=folder)


def merged(shell: Shell, folder: Path, old: str, new: str) -> None:
    """A pull request that edits the rule, checked out as GitHub does: merged into its target."""
    shell.fine("git", "switch", "-q", "-c", "change", cwd=folder)
    edit(folder / RULE, old, new)
    shell.fine("git", "commit", "-qam", "A change", "--no-verify", cwd=folder)
    shell.fine("git", "switch", "-q", "--detach", "main", cwd=folder)
    shell.fine("git", "merge", "-q", "--no-ff", "-m", "Merged", "change", cwd=folder)


def test_a_pull_request_shows_its_impact_in_the_summary(shell: Shell, team: Path, tmp_path: Path) -> None:
    merged(shell, team, "at_least: 4", "at_least: 5")
    summary = tmp_path / "summary.md"
    summary.write_text("# Before\n", encoding="utf-8")
    shell.env["GITHUB_STEP_SUMMARY"] = str(summary)
    assert step(shell, "Check", team)[0] == 0
    code, said = step(shell, "Test", team)
    assert code == 1, said  # the scenarios still say 4
    assert step(shell, "Impact", team) == (0, "")
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("# Before\n# What the change does to deals\n")
    assert "Rules, changed: power-is-there" in text
    assert "## Pumps (deals/pumps.yaml)" in text


def test_a_mistake_in_a_pull_request_is_told_beside_its_line(shell: Shell, team: Path) -> None:
    merged(shell, team, "power:", "powr:")
    code, said = step(shell, "Check", team)
    assert code == 2
    assert re.search(rf"^::error file={RULE},line=\d+,col=\d+,title=unknown-field::", said)
