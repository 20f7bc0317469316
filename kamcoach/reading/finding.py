"""Finding playbooks, rules and scenarios: the shipped ones, or a team's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kamcoach.errors import BadInput, UnknownName
from kamcoach.reading.fields import Problems, check_keys, is_mapping, nearest, text_of
from kamcoach.reading.nodes import MAX_BYTES, read_file
from kamcoach.source import Diagnostic, real

DEFAULT_PLAYBOOK: Final = "key-account"
PLAYBOOK_FILE: Final = "playbook.yaml"
CONFIG_FILE: Final = "kamcoach.yaml"
CONFIG_KEYS: Final = ("playbook", "check")
_DEAL: Final = re.compile(rb"(?m)^schema_version\s*:")
_PACKAGE: Final = real(Path(__file__)).parent.parent


def shipped(name: str) -> Path:
    """A folder that comes with the program: `rules`, `playbooks`, `examples`. A checkout uses its own."""
    root = _PACKAGE.parent
    checkout = (root / "pyproject.toml").is_file() and (root / name).is_dir()
    return root / name if checkout else _PACKAGE / "_shipped" / name


def find_playbook(named: str | None, near: Path | None) -> Path:
    """The playbook folder: named, else from `kamcoach.yaml` found upwards from the deal, else the shipped one."""
    if named:
        return playbook_folder(named, Path.cwd())
    config = find_config(near)
    return _configured(config) if config is not None else playbook_folder(DEFAULT_PLAYBOOK, Path.cwd())


def find_config(near: Path | None) -> Path | None:
    """`kamcoach.yaml` in a folder or in one above it."""
    return next((folder / CONFIG_FILE for folder in ([near, *near.parents] if near else []) if is_there(folder / CONFIG_FILE)), None)


def _configured(config: Path) -> Path:
    problems: Problems = []
    root = read_file(config, problems)
    table = is_mapping(root, "kamcoach.yaml", problems) if root is not None else None
    if table is not None:
        check_keys(table, CONFIG_KEYS, ("playbook",), "kamcoach.yaml", problems)
    named = text_of(table.get("playbook"), "'playbook'", problems) if table is not None else ""
    if not problems and table is not None:
        try:
            return playbook_folder(named, config.parent)
        except UnknownName as error:
            problems.append(Diagnostic((table.get("playbook") or table).at, "unknown-playbook", str(error)))
    raise BadInput(problems)


def playbook_folder(named: str, base: Path) -> Path:
    """The folder of a playbook named by a path below `base`, or by the id of a shipped one. Raises UnknownName."""
    own = (base / named).absolute()
    own = real(own) if ".." in own.parts else own
    if is_there(own / PLAYBOOK_FILE):
        return own
    if own.name == PLAYBOOK_FILE and is_there(own):
        return own.parent
    known = shipped("playbooks") / named
    if "/" not in named and is_there(known / PLAYBOOK_FILE):
        return known
    names = [path.parent.name for path in shipped("playbooks").glob(f"*/{PLAYBOOK_FILE}")]
    hint = nearest(named, names)
    raise UnknownName(f"There is no playbook '{named}'." + (f" {hint[0].upper()}{hint[1:]}" if hint else ""))


def is_there(path: Path) -> bool:
    """Whether there is such a file; one that cannot even be looked for (too long a name, a locked folder) is not there."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def rule_files(folder: Path) -> Iterator[Path]:
    """Every rule file below a folder, in a fixed order."""
    return (p for p in sorted(folder.rglob("*.yaml")) if not p.name.endswith(".test.yaml") and p.name != "vocabulary.yaml")


def scenario_files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.test.yaml")))


def deal_files(path: Path) -> Iterator[Path]:
    """The file, or every deal file below the folder: a YAML file with a `schema_version` of its own."""
    if not path.is_dir():
        yield path
        return
    for found in sorted((*path.rglob("*.yaml"), *path.rglob("*.yml"))):
        if is_there(found) and _DEAL.search(_beginning(found)):
            yield found


def _beginning(path: Path) -> bytes:
    """As much of a file as is ever read of one."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES)
