"""The same deal gives the same bytes, whatever order Python gives to its sets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kamcoach.reading.finding import shipped

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ("0", "1", "42", "1000", "4294967295")


def printed(seed: str, *arguments: str, cache: bool) -> bytes:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}
    env.update({} if cache else {"KAMCOACH_NO_CACHE": "1"})
    done = subprocess.run([sys.executable, "-m", "kamcoach", *arguments], capture_output=True, env=env, timeout=60, check=True)
    return done.stdout


@pytest.mark.parametrize("language", ["en", "zh"])
def test_advice_is_the_same_byte_for_byte_under_any_hash_seed(language: str) -> None:
    deal = str(shipped("examples") / "huadong-compressors.yaml")
    found = {printed(seed, "advise", deal, "--format", "json", "--lang", language, cache=number > 1) for number, seed in enumerate(SEEDS)}
    assert len(found) == 1
    assert len(found.pop()) > 10_000


def test_reasons_are_the_same_byte_for_byte_under_any_hash_seed() -> None:
    deal = str(shipped("examples") / "huadong-compressors.yaml")
    assert len({printed(seed, "why", deal, "stage", cache=True) for seed in SEEDS}) == 1
