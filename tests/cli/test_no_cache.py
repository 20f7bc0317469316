"""`--no-cache`, and an `advise` that gives the same with a cache, without one, and where none can be kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kamcoach.reading.finding import shipped
from tests.cli.calling import called, process

DEAL = shipped("examples") / "calder-ports.yaml"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    return tmp_path / "kamcoach"


@pytest.mark.parametrize("form", ["text", "json"])
def test_advice_is_the_same_with_and_without(kept: Path, form: str) -> None:
    def advised(*more: str) -> str:
        found = called("advise", DEAL, "--format", form, "--lang", "en", *more)
        assert (found.code, found.err) == (0, "")
        return found.out

    without = advised("--no-cache")
    assert not kept.exists()
    assert advised() == without
    before = {path.name: path.read_bytes() for path in kept.iterdir()}
    assert advised() == without
    assert before == {path.name: path.read_bytes() for path in kept.iterdir()}
    assert "KAMCOACH_NO_CACHE" not in os.environ


def test_no_cache_does_not_look_at_what_is_kept(kept: Path) -> None:
    called("advise", DEAL)
    for path in kept.iterdir():
        path.write_bytes(b"")
    assert called("advise", DEAL, "--no-cache").code == 0
    assert {path.read_bytes() for path in kept.iterdir()} == {b""}


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX file system")
@pytest.mark.parametrize("place", ["/dev/null", "/proc/kamcoach", "relative/folder", "~/x", ""])
def test_a_place_where_nothing_can_be_kept_is_fine(tmp_path: Path, place: str) -> None:
    found = process("advise", DEAL, "--lang", "en", cwd=tmp_path, XDG_CACHE_HOME=place, HOME="/proc/nobody")
    assert (found.code, found.err) == (0, "")
    assert "Do next" in found.lines
    assert list(tmp_path.iterdir()) == []
