"""The lock and the list of dependencies: they hold what pyproject.toml asks for, each by its hash, and say of each why it is there."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.cli.calling import ROOT

LOCK: Final = ROOT / "requirements-dev.lock"
PAGE: Final = ROOT / "docs/reference/dependencies.md"
VERSIONS: Final = ("3.11", "3.12", "3.13")
SYSTEMS: Final = ({"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}, {"sys_platform": "win32", "os_name": "nt"})


def builder() -> ModuleType:
    """The script that writes both."""
    spec = importlib.util.spec_from_file_location("build_dependencies", ROOT / "docs/build_dependencies.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BUILDER: Final = builder()
ASKED: Final[dict[str, list[str]]] = BUILDER.asked()


def pins() -> dict[str, tuple[Requirement, str]]:
    """Each locked package with its requirement and the text that follows it."""
    entries = re.split(r"(?m)^(?=[A-Za-z])", LOCK.read_text(encoding="utf-8"))[1:]
    found = (Requirement(re.split(r"\s*\\\n", entry)[0]) for entry in entries)
    return {canonicalize_name(one.name): (one, entry) for one, entry in zip(found, entries, strict=True)}


def rows() -> dict[str, list[str]]:
    """The lines of the tables by the name of the package."""
    lines = (line.strip("| ").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| "))
    return {cells[0]: cells for cells in lines if cells[0] != "package"}


def needed() -> list[Requirement]:
    """Everything that is asked for, but for our own extras and the one that is not locked."""
    every = [Requirement(text) for group, texts in ASKED.items() if group != BUILDER.NOT_LOCKED for text in texts]
    return [one for one in every if one.name != "kamcoach"]


def environments() -> list[dict[str, str]]:
    return [{"python_version": one, "python_full_version": f"{one}.0", **system} for one in VERSIONS for system in SYSTEMS]


def test_the_lock_covers_all_that_is_asked_for() -> None:
    locked = pins()
    for one in needed():
        pin, _ = locked[canonicalize_name(one.name)]
        assert len(pin.specifier) == 1
        version = next(iter(pin.specifier))
        assert version.operator == "=="
        assert one.specifier.contains(version.version), f"{one} is asked for, {pin} is locked"
        for environment in (
            {"python_version": version, "python_full_version": f"{version}.0", **system} for version in VERSIONS for system in SYSTEMS
        ):
            assert pin.marker is None or one.marker is not None or pin.marker.evaluate(environment), f"{pin} leaves out {environment}"


def test_everything_in_the_lock_has_its_hashes_and_no_address() -> None:
    for name, (pin, entry) in pins().items():
        assert pin.url is None, name
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), name
    assert re.findall(r"(?m)://|^\s*(?:-i|--\w*index\w*|-f|--find-links|-e)\b", LOCK.read_text(encoding="utf-8")) == []


def test_the_list_has_what_is_locked_and_nothing_else() -> None:
    listed, locked = rows(), {str(name): pin for name, (pin, _) in pins().items()}
    left_out = {canonicalize_name(name) for name in BUILDER.direct(ASKED[BUILDER.NOT_LOCKED])}
    assert set(listed) == set(locked) | left_out
    assert {name: str(pin.specifier) for name, pin in locked.items()} == {name: f"=={listed[name][1]}" for name in locked}


def test_everything_in_the_list_has_its_reason_day_and_size() -> None:
    direct = {canonicalize_name(name): name for texts in ASKED.values() for name in BUILDER.direct(texts)}
    for name, (_, _, reason, licence, released, download, installed) in rows().items():
        assert reason == BUILDER.REASONS[direct[name]] if name in direct else reason.startswith("needed by "), name
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", released), name
        assert re.fullmatch(r"[\d,]+", download), name
        assert re.fullmatch(r"[\d,]+|–", installed), name
        assert licence != "–" or installed == "–", name


def test_licences_are_as_the_packages_here_state_them() -> None:
    """Of those that are installed in the version of the list."""
    listed, compared = rows(), 0
    for one in distributions():
        row = listed.get(BUILDER.canonical(one.metadata["Name"]))
        if row is not None and row[1] == one.version and row[6] != "–":
            assert row[3] == BUILDER.licence(one), one.metadata["Name"]
            compared += 1
    assert compared


def test_what_is_installed_with_the_program_is_click_yaml_and_jinja() -> None:
    """Whoever adds one says so here."""
    assert sorted(BUILDER.direct(ASKED["run-time"])) == ["Jinja2", "PyYAML", "click"]


@pytest.mark.slow
@pytest.mark.long
def test_the_locked_set_up_works(tmp_path: Path) -> None:
    """The two commands of CONTRIBUTING.md, in a fresh environment."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    command = next(line for line in text.splitlines() if "--require-hashes" in line)
    project = tmp_path / "project"
    shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(".git", "__pycache__", ".venv", ".*_cache"))
    done = subprocess.run(
        ["sh", "-c", command.replace("python3", sys.executable, 1)], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    python = project / ".venv/bin/python"
    assert "No broken requirements" in subprocess.run([python, "-m", "pip", "check"], capture_output=True, text=True, check=True).stdout
    found = subprocess.run([python, "-m", "kamcoach", "--version"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"] in found
