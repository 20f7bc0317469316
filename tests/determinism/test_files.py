"""The same rules give the same bytes, in whatever order the system lists their files and in whichever folders they lie."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.cli.calling import ROOT, called
from tests.determinism.digests import digests, examples

pytestmark = [pytest.mark.slow, pytest.mark.long]
FORMS: Final = ("json", "html", "md")
ORDERS: Final = 2


class Shuffled:
    """What a folder holds, in an order drawn by lot."""

    def __init__(self, entries: Iterator[Any], order: random.Random) -> None:
        self.entries = list(entries)
        order.shuffle(self.entries)

    def __enter__(self) -> Iterator[Any]:
        return iter(self.entries)

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Any]:
        return iter(self.entries)

    def close(self) -> None:
        self.entries = []


@pytest.fixture
def listed_by_lot(monkeypatch: pytest.MonkeyPatch) -> random.Random:
    """From now on every folder is listed in another order each time."""
    order, scandir, listdir = random.Random(7), os.scandir, os.listdir
    monkeypatch.setenv("KAMCOACH_NO_CACHE", "1")
    monkeypatch.setattr(os, "scandir", lambda *place: Shuffled(scandir(*place), order))
    monkeypatch.setattr(os, "listdir", lambda *place: list(Shuffled(iter(listdir(*place)), order)))
    return order


@pytest.fixture(scope="module")
def usual() -> list[str]:
    return list(digests(FORMS, examples(1)))


def test_whatever_order_files_are_listed_in(usual: list[str], listed_by_lot: random.Random) -> None:
    assert len({tuple((ROOT / "rules").iterdir()) for _ in range(9)}) > 1
    for _ in range(ORDERS):
        assert list(digests(FORMS, examples(1))) == usual


@pytest.mark.parametrize(
    "command", [("rules", "list", "--format", "json"), ("check", "--format", "json"), ("schema", "rule")], ids=" ".join
)
def test_other_commands_too(command: tuple[str, ...], request: pytest.FixtureRequest) -> None:
    before = called(*command)
    request.getfixturevalue("listed_by_lot")
    assert called(*command) == before


@pytest.mark.parametrize("seed", range(ORDERS))
def test_whichever_folder_a_rule_lies_in(usual: list[str], tmp_path: Path, seed: int) -> None:
    """The rules dealt out anew to other folders, and so are their scenarios; those with a table stay with it."""
    lot = random.Random(seed)
    shutil.copytree(ROOT / "playbooks", tmp_path / "playbooks")
    for path in sorted((ROOT / "rules").rglob("*.yaml")):
        beside = any(other.suffix != ".yaml" for other in path.parent.iterdir() if other.is_file())
        stays = beside or path.parent == ROOT / "rules" or (path.name.endswith(".test.yaml") and path.parent.name == "deals")
        folder = path.parent.relative_to(ROOT / "rules") if stays else Path(f"{lot.choice('zyx')}/{lot.choice('abc')}")
        (tmp_path / "rules" / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tmp_path / "rules" / folder)
    for path in (ROOT / "rules").rglob("*"):
        if path.is_file() and path.suffix != ".yaml":
            shutil.copy(path, tmp_path / path.relative_to(ROOT))
    assert list(digests(FORMS, examples(1), ("--playbook", str(tmp_path / "playbooks/key-account")))) == usual
