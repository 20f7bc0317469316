"""Thousands of inputs that went wrong, on every target. A million: `python -m tests.hostile.campaign`."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests.hostile.campaign import Piece, Tally, pieces
from tests.hostile.limits import SECONDS
from tests.hostile.mutate import Mutator
from tests.hostile.targets import TARGETS, attempt

CORPUS: Final = Path(__file__).parent / "corpus"
KEPT: Final = sorted(path for path in CORPUS.rglob("*") if path.is_file())
EXAMPLES: Final = int(os.environ.get("KAMCOACH_EXAMPLES", "300"))
WHOLE: Final = 10_000 * EXAMPLES // 300
FEW: Final = 1_000 * EXAMPLES // 300
TEXTS: Final = ("deal", "rule", "vocabulary", "scenario", "play", "outline", "config", "csv table")


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_kept_of_earlier_campaigns(path: Path) -> None:
    """By the reader that it is for, and by all the others."""
    for name in {path.parent.name.replace("-", " "), *TEXTS}:
        attempt(name, path.read_bytes())


def tried(piece: Piece) -> Tally:
    tally = Tally(piece)
    mutator = Mutator(TARGETS[piece.target].seeds(), Random(f"{piece.target} {piece.seed}"))
    for _ in range(piece.inputs):
        tally.attempt(mutator.fresh())
    return tally


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("inputs", [pytest.param(FEW, id="few"), pytest.param(WHOLE, id="many", marks=pytest.mark.slow)])
def test_what_goes_wrong_is_told(target: str, inputs: int, tmp_path: Path) -> None:
    for piece in pieces(inputs, inputs, [], guided=False, faults=tmp_path):
        if piece.target == target:
            tally = tried(piece)
            assert not tally.found
            assert tally.tried == piece.inputs
            assert tally.worst < SECONDS


def test_a_fault_is_found_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The campaign itself: an input that raises is noted once, with a file that shows it again."""

    def fails(data: bytes) -> None:
        raise KeyError(len(data) > 5_000_000)

    monkeypatch.setitem(TARGETS, "deal", TARGETS["deal"]._replace(attempt=fails))
    tally = tried(Piece("deal", 20, 1, guided=False, faults=tmp_path))
    assert [fault.partition(" at ")[0] for fault in tally.found] == ["KeyError"]
    (path,) = tally.found.values()
    with pytest.raises(KeyError):
        attempt("deal", Path(path).read_bytes())
