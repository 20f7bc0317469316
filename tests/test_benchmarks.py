"""The benchmarks measure what they say: the plain form comes to the same as the rules, and nothing is timed if conclusions differ."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kamcoach.model.playbook import Library
from kamcoach.reading.finding import shipped

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def bench() -> Iterator[ModuleType]:
    """The studies; they stand outside of the package, and import one another by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "benchmarks"))
        import studies

        yield studies


@pytest.fixture(scope="module")
def contenders(bench: ModuleType, shipped_library: Library) -> tuple[list[Any], list[list[Any]]]:
    """Native and the hand-written floor, with three deals made ready for each."""
    said = bench.plain(shipped_library.rule_base)
    deals = bench.generated(shipped_library.rule_base.vocabulary, 3, bench.ITEMS)
    native, floor = bench.Native(said), bench.HandWritten(said)
    return [native, floor], [[deal.facts for deal in deals], [floor.prepare(bench.rows(deal.facts)) for deal in deals]]


def test_the_plain_form_of_most_rules_comes_to_the_same(bench: ModuleType, contenders: Any, shipped_library: Library) -> None:
    assert bench._counted(contenders[0][0].base) > 0.8 * bench._counted(shipped_library.rule_base)
    assert bench.check_equal(*contenders) > 50


def test_nothing_is_measured_if_one_conclusion_differs(bench: ModuleType, contenders: Any) -> None:
    (native, floor), prepared = contenders

    class Forgetful(bench.HandWritten):  # type: ignore[misc, name-defined]
        name = "forgetful"

        def __init__(self) -> None:
            self.conclude = floor.conclude

        def conclusions(self, result: Any) -> Any:
            found = floor.conclusions(result)
            return found - {max(found)}

    with pytest.raises(bench.Different, match="forgetful, deal 0"):
        bench.check_equal([native, Forgetful()], prepared)


def test_equal_conclusions_come_before_the_time(bench: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("clips")

    def differing(contenders: Any, prepared: Any) -> float:
        raise bench.Different

    monkeypatch.setattr(bench, "check_equal", differing)
    monkeypatch.setattr(bench, "in_turns", lambda *_: pytest.fail("time was taken"))
    with pytest.raises(bench.Different):
        bench.peer(type("Sizes", (), {"deals": 1, "rounds": 1, "peer_memory": 1})(), "clips")


@pytest.mark.parametrize("wanted", [50, 594, 700])
def test_there_are_as_many_rules_as_wanted(bench: ModuleType, shipped_library: Library, wanted: int) -> None:
    assert bench._counted(bench.so_many_rules(shipped_library.rule_base, wanted)) == wanted


@pytest.mark.slow
def test_one_command_measures_everything_and_writes_nothing_when_quick() -> None:
    written = shipped("examples").parent / "docs" / "reference" / "benchmarks.md"
    before = written.read_bytes()
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "run.py"), "--quick"], capture_output=True, text=True, timeout=600, check=True
    )
    for heading in (
        "Goals",
        "Cold start",
        "The whole rule base",
        "Per deal, against other engines",
        "As rules grow",
        "As facts grow",
        "Memory",
    ):
        assert f"\n## {heading}" in done.stdout
    assert "Not measured" not in done.stdout
    assert str(ROOT) not in done.stdout
    assert written.read_bytes() == before
