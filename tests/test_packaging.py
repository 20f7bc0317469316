"""What is installed: the wheel, built from the sdist, in a fresh environment and away from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def _run(*command: str, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "KAMCOACH_NO_CACHE")}
    environment["XDG_CACHE_HOME"] = str(cwd / "cache")
    return subprocess.run(command, cwd=cwd, env=environment, check=True, capture_output=True, text=True, encoding="utf-8").stdout


@pytest.mark.slow
def test_the_wheel_from_the_sdist_coaches_and_tests(tmp_path: Path) -> None:
    _run(sys.executable, "-m", "build", "--sdist", "--outdir", str(tmp_path), str(ROOT), cwd=tmp_path)
    sdist = next(tmp_path.glob("*.tar.gz"))
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    source = next((tmp_path / "source").iterdir())
    _run(sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(source), cwd=tmp_path)
    wheel = next(tmp_path.glob("*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    for folder in ("rules", "playbooks", "examples"):
        assert any(name.startswith(f"kamcoach/_shipped/{folder}/") for name in names), folder
    assert not [name for name in names if "/tests/" in name or name.startswith("tests/")]

    venv.create(tmp_path / "fresh", with_pip=True)
    program = tmp_path / "fresh" / ("Scripts" if os.name == "nt" else "bin")
    _run(str(program / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", str(wheel), cwd=tmp_path)
    shutil.copy(ROOT / "examples" / "velora-planning.yaml", tmp_path / "deal.yaml")
    assert "Velora Foods" in _run(str(program / "kamcoach"), "advise", "deal.yaml", cwd=tmp_path)
    assert ": 0 failed" in _run(str(program / "kamcoach"), "test", cwd=tmp_path)
