"""What is built and installed: the wheel, made from the source distribution, works from any folder and brings all it needs."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Final

import pytest

from kamcoach import __version__

ROOT: Final = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.slow


def run(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """With nothing of the checkout in reach."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME")}
    done = subprocess.run([str(one) for one in command], cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both distributions; `build` makes the wheel from the source distribution."""
    out = tmp_path_factory.mktemp("dist")
    ready = ["--no-isolation"] if importlib.util.find_spec("hatchling") else []
    run(sys.executable, "-m", "build", *ready, "--outdir", out, ROOT, cwd=out)
    return out


@pytest.fixture(scope="module")
def in_wheel(built: Path) -> set[str]:
    with zipfile.ZipFile(built / f"kamcoach-{__version__}-py3-none-any.whl") as wheel:
        return set(wheel.namelist())


@pytest.fixture(scope="module")
def venv(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of a fresh environment in which the wheel is installed."""
    folder = tmp_path_factory.mktemp("venv")
    run(sys.executable, "-m", "venv", folder, cwd=folder)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    run(programs / "python", "-m", "pip", "install", "-q", next(built.glob("*.whl")), cwd=folder)
    return programs


def below(*folders: str) -> set[str]:
    """The files of the checkout that belong into a distribution."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(ROOT).as_posix() for path in found}


def test_the_wheel_has_the_program_and_all_knowledge(in_wheel: set[str]) -> None:
    wanted = below("kamcoach") | {f"kamcoach/_shipped/{name}" for name in below("rules", "playbooks", "examples")}
    assert sorted(wanted - in_wheel) == []
    assert "kamcoach/py.typed" in in_wheel


def test_the_wheel_has_nothing_else(in_wheel: set[str]) -> None:
    assert {name.split("/")[0] for name in in_wheel} == {"kamcoach", f"kamcoach-{__version__}.dist-info"}
    assert {name.split("/")[2] for name in in_wheel if name.startswith("kamcoach/_shipped/")} == {"rules", "playbooks", "examples"}
    assert [name for name in in_wheel if "__pycache__" in name or name.endswith((".pyc", ".whl"))] == []


def test_the_wheel_has_no_tests_and_no_data_of_tests(in_wheel: set[str]) -> None:
    """Nor what only development needs."""
    names = {name.rpartition("/")[2] for name in in_wheel}
    own = {path.name for path in (ROOT / "tests").rglob("*") if path.is_file()} - {path.name for path in (ROOT / "kamcoach").rglob("*")}
    data = {name for name in names & own if name.endswith((".py", ".json", ".txt", ".md", ".docx"))}
    assert data == set()
    assert not names & {"conftest.py", "requirements-dev.lock", "pyproject.toml", ".pre-commit-hooks.yaml"}
    assert [name for name in in_wheel if "/tests/" in name or name.rpartition("/")[2].startswith(("test_", "."))] == []
    tested = {path.read_bytes() for path in (ROOT / "tests").rglob("*.yaml")}
    shipped = {path.read_bytes() for folder in ("rules", "playbooks", "examples") for path in (ROOT / folder).rglob("*.yaml")}
    assert not tested & shipped


def test_the_wheel_asks_for_nothing_but_what_is_listed(venv: Path, tmp_path: Path) -> None:
    found = run(venv / "python", "-m", "pip", "list", "--format", "freeze", cwd=tmp_path).stdout
    names = {line.partition("==")[0].lower() for line in found.split()}
    assert names - {"pip", "setuptools"} == {"kamcoach", "click", "pyyaml", "jinja2", "markupsafe"}


def test_the_source_distribution_is_whole(built: Path) -> None:
    with tarfile.open(built / f"kamcoach-{__version__}.tar.gz") as source:
        names = {name.partition("/")[2] for name in source.getnames()}
    wanted = below("kamcoach", "rules", "playbooks", "examples", "tests", "docs") | {
        "README.md",
        "LICENSE",
        "SECURITY.md",
        "CONTRIBUTING.md",
        "requirements-dev.lock",
        "pyproject.toml",
        ".pre-commit-hooks.yaml",
    }
    assert sorted(wanted - names) == []
    assert [name for name in names if name.endswith((".pyc", ".whl"))] == []


def test_the_installed_program_coaches_a_deal_in_another_folder(venv: Path, tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples/velora-planning.yaml", tmp_path / "deal.yaml")
    found = run(venv / "kamcoach", "advise", "deal.yaml", "--lang", "en", cwd=tmp_path)
    assert "Where the customer stands" in found.stdout
    assert found.stderr == ""


def test_the_installed_rules_pass_their_scenarios(venv: Path, tmp_path: Path) -> None:
    assert run(venv / "kamcoach", "test", cwd=tmp_path).stdout.strip().endswith(": 0 failed")
    assert run(venv / "kamcoach", "check", cwd=tmp_path).stdout == "playbook key-account: 0 errors, 0 warnings\n"


def test_the_installed_program_is_the_one_from_the_wheel(venv: Path, tmp_path: Path) -> None:
    code = "import kamcoach, pathlib; from kamcoach.reading.finding import shipped; print(kamcoach.__file__); print(shipped('rules'))"
    for path in run(venv / "python", "-c", code, cwd=tmp_path).stdout.split():
        assert Path(path).is_relative_to(venv.parent.resolve()) or Path(path).is_relative_to(venv.parent)
    assert run(venv / "kamcoach", "--version", cwd=tmp_path).stdout == f"kamcoach, version {__version__}\n"
    assert run(venv / "python", "-m", "kamcoach", "new", "deal", "my.yaml", "--lang", "zh", cwd=tmp_path).stderr == ""


def test_no_dependency_is_missing(venv: Path, tmp_path: Path) -> None:
    assert "No broken requirements found" in run(venv / "python", "-m", "pip", "check", cwd=tmp_path).stdout
