"""Renews requirements-dev.lock, and writes docs/reference/dependencies.md from what is then installed.

`python docs/build_dependencies.py` needs uv (`pip install uv`) and a package index: it resolves what pyproject.toml asks for anew, installs
it by its hashes into a fresh environment, and reads licence and size there. Release dates and download sizes are those of the index.
"""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements-dev.lock"
PAGE = ROOT / "docs" / "reference" / "dependencies.md"
NOT_LOCKED = "durable"
"""The extra whose package is distributed as source only: to build it fetches what no hash guards."""
BUILD = ["hatchling", "editables"]
"""What an editable install without network needs besides."""

REASONS = {
    "click": "the command line: arguments, help, completion",
    "PyYAML": "reading YAML with the place of every word; the C parser is what makes a start quick",
    "Jinja2": "parsing plays and pages; they are carried out by our own sandbox",
    "openpyxl": "decision tables in workbooks",
    "weasyprint": "briefs as PDF",
    "docxtpl": "briefs as Word documents, from a template edited in Word",
    "resvg-py": "the pictures of a Word document",
    "durable-rules": "the second engine, at the user's wish; the benchmark",
    "pytest": "runs the tests",
    "hypothesis": "generated rule bases, deals and files in the tests",
    "jsonschema": "the published schemas accept and refuse what the readers do",
    "build": "builds the distributions that the tests install",
    "clipspy": "an independent engine in the tests",
    "ruff": "style and formatting",
    "mypy": "types",
    "import-linter": "the floors of the architecture",
    "types-PyYAML": "types of PyYAML for mypy",
    "hatchling": "builds the package",
    "editables": "an editable install of it",
}
HEAD = """# Dependencies

Everything that is installed with kamcoach or used to develop it, as of {day}, with the versions in `requirements-dev.lock`. Written by
`python docs/build_dependencies.py`, which resolves all of it anew; `tests/supply/` holds list, lock and `pyproject.toml` together.

`pip install kamcoach` installs the first table and nothing else. None of it is used over a network: see [SECURITY.md](../../SECURITY.md).

"""
FOOT = """
*Released* is the day on which that version was put on the index. Each was the newest that goes with the others on the day above, so it is
the last release of its project, unless `pyproject.toml` caps it. *Download* is the largest wheel for any platform, or the source where
there is no wheel; *installed* was measured with {python} on {system}, where what has a – is not installed. Licences are as the packages
state them.

## Known vulnerabilities
Which versions have known vulnerabilities changes daily and cannot be asked without a network. Where there is one:

```sh
pipx run pip-audit --require-hashes --disable-pip -r requirements-dev.lock
```
"""
LOCK_HEAD = """\
# Everything that development needs, by its hash. Install: pip install --require-hashes --only-binary=:all: -r requirements-dev.lock
# and then the program itself: pip install --no-deps --no-build-isolation -e .   Renew: python docs/build_dependencies.py
"""
COLUMNS = ("| package | version | for | licence | released | download, kB | installed, kB |", "|---|---|---|---|---|---:|---:|")
TITLES = {"run-time": "Run time", "test": "Tests", "lint": "Lint", "build": "Building the package"}


STATED = {"durable-rules": "MIT"}
"""The licence of what is not installed by the lock, as its source distribution states it."""


class Package(NamedTuple):
    name: str
    version: str
    released: str
    download: int
    needs: tuple[str, ...]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def asked() -> dict[str, list[str]]:
    """What pyproject.toml asks for, as it is written there: run-time, each extra, build."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = told["project"]
    return {"run-time": project["dependencies"], **project["optional-dependencies"], "build": [*told["build-system"]["requires"], BUILD[1]]}


def direct(requirements: Iterable[str]) -> list[str]:
    """The names in requirements, but for our own."""
    names = (re.match(r"[\w.-]+", one) for one in requirements)
    return [found[0] for found in names if found and found[0] != "kamcoach"]


def licence(distribution: Distribution) -> str:
    """The licence of a package as it states it itself: as an expression, else in a few words, else by its classifiers."""
    meta = distribution.metadata
    kinds = [text.rpartition(" :: ")[2] for text in meta.get_all("Classifier") or () if text.startswith("License ::")]
    text = (meta.get("License") or "").strip()
    return meta.get("License-Expression") or (text if text and len(text) < 60 else "") or ", ".join(kinds) or _by_its_text(distribution)


def _by_its_text(distribution: Distribution) -> str:
    files = (path for path in distribution.files or () if path.name.upper().startswith("LICENSE"))
    texts = (path.read_text(encoding="utf-8") for path in files)
    return "MIT, by its text" if any("Permission is hereby granted, free of charge" in text for text in texts) else ""


def here() -> dict[str, Any]:
    """What is installed beside this interpreter: licence and size of each package."""
    found = {}
    for one in distributions():
        files = [Path(str(one.locate_file(path))) for path in one.files or ()]
        size = sum(path.stat().st_size for path in files if path.suffix != ".pyc" and path.is_file())
        found[canonical(one.metadata["Name"])] = [licence(one), size]
    return {"python": f"Python {platform.python_version()}", "system": f"{platform.system()} {platform.machine()}", "packages": found}


def resolved(folder: Path) -> dict[str, Package]:
    """Everything that is asked for, resolved for every Python and system; leaves the lock in the folder."""
    shutil.copy(ROOT / "README.md", folder)
    shutil.copy(ROOT / "LICENSE", folder)
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(f"{text}\n[dependency-groups]\nbuild = {json.dumps(asked()['build'])}\n", encoding="utf-8")
    subprocess.run(["uv", "lock", "--quiet"], cwd=folder, check=True)
    export = ["--all-extras", "--no-extra", NOT_LOCKED, "--all-groups", "--no-emit-project", "--no-header", "--no-annotate"]
    subprocess.run(["uv", "export", "--quiet", *export, "-o", "requirements-dev.lock"], cwd=folder, check=True)
    found = tomllib.loads((folder / "uv.lock").read_text(encoding="utf-8"))["package"]
    return {one["name"]: _package(one) for one in found if one["name"] != "kamcoach"}


def _package(told: Mapping[str, Any]) -> Package:
    files = told.get("wheels") or [told["sdist"]]
    everything = [*told.get("wheels", ()), *([told["sdist"]] if "sdist" in told else ())]
    released = min(one["upload-time"] for one in everything)[:10]
    more = [one for several in told.get("optional-dependencies", {}).values() for one in several]
    needs = tuple(one["name"] for one in (*told.get("dependencies", ()), *more))
    return Package(told["name"], told["version"], released, max(one["size"] for one in files), needs)


def installed(lock: Path, folder: Path) -> dict[str, Any]:
    """What a fresh environment says of the packages that it got by their hashes."""
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    python = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "-qq", "--require-hashes", "--only-binary=:all:", "-r", lock], check=True)
    told: dict[str, Any] = json.loads(subprocess.run([python, __file__, "--here"], capture_output=True, check=True).stdout)
    return told


def tables(packages: Mapping[str, Package], found: Mapping[str, Any]) -> Iterator[str]:
    """A table for each group, each package in the first group that brings it."""
    shown: set[str] = set()
    for group, requirements in asked().items():
        names = direct(requirements)
        rows = [_row(packages[canonical(name)], REASONS[name], found) for name in names if canonical(name) not in shown]
        shown |= {canonical(name) for name in names}
        for name, needed_by in _below(names, packages):
            if name not in shown:
                shown.add(name)
                rows.append(_row(packages[name], f"needed by {needed_by}", found))
        if rows:
            yield "\n".join([f"## {TITLES.get(group, f'Extra `{group}`')}", "", *COLUMNS, *rows, ""])


def _below(names: Iterable[str], packages: Mapping[str, Package]) -> Iterator[tuple[str, str]]:
    """All that these packages need, with who needs it, level by level."""
    level = [canonical(name) for name in names]
    seen = set(level)
    while level:
        pairs = [(need, name) for name in level for need in packages[name].needs if need not in seen]
        yield from dict(reversed(pairs)).items()
        level = [need for need, _ in pairs]
        seen |= set(level)


def _row(one: Package, reason: str, found: Mapping[str, Any]) -> str:
    said, size = found.get(one.name, (STATED.get(one.name, ""), 0))
    room = f"{size / 1000:,.0f}" if size else "–"
    return f"| {one.name} | {one.version} | {reason} | {said or '–'} | {one.released} | {one.download / 1000:,.0f} | {room} |"


def main() -> int:
    if "--here" in sys.argv:
        print(json.dumps(here()))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        packages = resolved(Path(folder))
        lock = Path(folder) / LOCK.name
        told = installed(lock, Path(folder))
        head = HEAD.format(day=date.today().isoformat())
        LOCK.write_text(LOCK_HEAD + lock.read_text(encoding="utf-8"), encoding="utf-8")
        PAGE.write_text(head + "\n".join(tables(packages, told["packages"])) + FOOT.format(**told), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
