"""The same deal gives the same bytes: whatever order Python gives to its sets, whatever version it is, whoever asks, and where."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from kamcoach.reading.finding import shipped
from tests.cli.calling import ROOT
from tests.engine.runs import needs_durable

SEEDS: Final = ("0", "1", "42", "1000", "4294967295")
MANY_SEEDS: Final = tuple(str(seed * 85_899_345) for seed in range(50))
VERSIONS: Final = ("3.11", "3.12", "3.13")
ENGINES: Final[dict[str, tuple[str, ...]]] = {"native": (), "durable": ("--engine", "durable")}
"""Each engine with the options that choose it."""
engines = pytest.mark.parametrize("engine", ["native", pytest.param("durable", marks=needs_durable)])
TEXTS: Final = "json,html,md"


def printed(*arguments: str, python: Path | str = sys.executable, cwd: Path = ROOT, **environment: str) -> str:
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    command = [str(python), "-m", *arguments]
    done = subprocess.run(command, capture_output=True, env=env, cwd=cwd, timeout=600, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return done.stdout.decode("utf-8")


def digests(forms: str, deals: int, *options: str, python: Path | str = sys.executable, **environment: str) -> list[str]:
    found = printed("tests.determinism.digests", forms, str(deals), *options, python=python, **environment).splitlines()
    assert len(found) == len(forms.split(",")) * deals * 2
    return found


@engines
def test_advice_is_the_same_under_any_hash_seed(engine: str) -> None:
    assert len({tuple(digests("json", 2, *ENGINES[engine], PYTHONHASHSEED=seed)) for seed in SEEDS}) == 1


def test_reasons_are_the_same_under_any_hash_seed() -> None:
    deal = str(shipped("examples") / "huadong-compressors.yaml")
    assert len({printed("kamcoach", "why", deal, "stage", PYTHONHASHSEED=seed) for seed in SEEDS}) == 1


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize(("forms", "deals"), [("json", 2), (TEXTS, 6)])
def test_advice_and_briefs_are_the_same_under_fifty_hash_seeds(forms: str, deals: int) -> None:
    assert len({tuple(digests(forms, deals, PYTHONHASHSEED=seed)) for seed in MANY_SEEDS}) == 1


@needs_durable
@pytest.mark.slow
@pytest.mark.long
def test_advice_is_the_same_under_fifty_hash_seeds_by_durable() -> None:
    assert len({tuple(digests("json", 2, *ENGINES["durable"], PYTHONHASHSEED=seed)) for seed in MANY_SEEDS}) == 1


@pytest.mark.slow
@pytest.mark.long
@needs_durable
@pytest.mark.parametrize(("form", "most"), [("json", 6), ("html", 1)])
def test_engines_give_the_same_bytes(form: str, most: int) -> None:
    native, durable = (digests(form, most, *options) for options in ENGINES.values())
    assert native == durable


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize(("form", "needs"), [("pdf", "weasyprint"), ("docx", "docxtpl")])
def test_briefs_as_pdf_and_word_are_the_same_under_any_hash_seed(form: str, needs: str) -> None:
    if importlib.util.find_spec(needs) is None:
        pytest.skip(f"{needs} is not installed")
    assert len({tuple(digests(form, 1, PYTHONHASHSEED=seed)) for seed in SEEDS[:2]}) == 1


# ── who asks, and where ───────────────────────────────────────────────────────────────────────────────────────────────

SURROUNDINGS: Final[dict[str, dict[str, str]]] = {
    "a machine set to Chinese": {"LC_ALL": "zh_CN.UTF-8", "LANG": "zh_CN.UTF-8", "TZ": "Asia/Shanghai"},
    "a machine set to Turkish": {"LC_ALL": "tr_TR.UTF-8", "TZ": "Europe/Istanbul"},
    "a machine set to nothing": {"LC_ALL": "C", "LANG": "", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "the first time zone": {"TZ": "Pacific/Kiritimati"},
    "the last time zone": {"TZ": "<-12>12"},
    "a narrow terminal": {"TERM": "xterm-256color", "COLUMNS": "40", "LINES": "5"},
    "a wide terminal with colours": {"TERM": "xterm", "COLUMNS": "400", "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"},
    "a dumb terminal": {"TERM": "dumb", "NO_COLOR": "1"},
    "no cache": {"KAMCOACH_NO_CACHE": "1"},
    "no home": {"HOME": "/nonexistent", "USER": "", "LOGNAME": ""},
    "another encoding": {"PYTHONIOENCODING": "latin-1"},
    "optimised": {"PYTHONOPTIMIZE": "2"},
    "a clock of builders": {"SOURCE_DATE_EPOCH": "0"},
}


@pytest.fixture(scope="module")
def usual() -> list[str]:
    return digests(TEXTS, 2)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("environment", SURROUNDINGS.values(), ids=SURROUNDINGS.keys())
def test_it_is_the_same_for_everybody(environment: dict[str, str], usual: list[str]) -> None:
    assert digests(TEXTS, 2, **environment) == usual


def test_it_is_the_same_in_whatever_folder_one_stands(tmp_path: Path) -> None:
    """The path of the deal given in different ways; pages too do not say where the file is on this machine."""
    (tmp_path / "deals").mkdir()
    deal = Path(shutil.copy(shipped("examples") / "huadong-compressors.yaml", tmp_path / "deals"))
    ways = {
        (tmp_path, "deals/huadong-compressors.yaml"),
        (deal.parent, deal.name),
        (ROOT, str(deal)),
        (tmp_path, f"./deals/../deals/{deal.name}"),
    }
    for command in (("advise", "--format", "json"), ("brief", "-o", "-"), ("advise", "--format", "markdown")):
        found = {printed("kamcoach", command[0], path, *command[1:], "--lang", "zh", cwd=cwd) for cwd, path in ways}
        assert len(found) == 1
        assert str(tmp_path) not in found.pop()


# ── another Python ────────────────────────────────────────────────────────────────────────────────────────────────────


def interpreter(version: str) -> str | None:
    """A Python of that version on this machine: one of pyenv, or one that is found by its name."""
    if pyenv := shutil.which("pyenv"):
        root = Path(subprocess.run([pyenv, "root"], capture_output=True, text=True, check=True).stdout.strip())
        for found in sorted((root / "versions").glob(f"{version}.*/bin/python"), reverse=True):
            if re.fullmatch(rf"{re.escape(version)}\.\d+", found.parts[-3]):
                return str(found)
    return shutil.which(f"python{version}")


@pytest.fixture(scope="module")
def everything() -> Iterator[list[str]]:
    yield digests(TEXTS, 18)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("version", [one for one in VERSIONS if one != f"{sys.version_info.major}.{sys.version_info.minor}"])
def test_it_is_the_same_with_another_python(version: str, everything: list[str], tmp_path: Path) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} on this machine")
    subprocess.run([python, "-m", "venv", tmp_path / "venv"], check=True)
    other = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    needed = [f"{name}=={importlib.metadata.version(name)}" for name in ("click", "PyYAML", "Jinja2", "MarkupSafe")]
    subprocess.run([other, "-m", "pip", "install", "-q", *needed], check=True)
    assert digests(TEXTS, 18, python=other) == everything
