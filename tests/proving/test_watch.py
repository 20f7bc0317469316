"""Waiting until a file changes."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Timer

import pytest

from kamcoach.proving.watch import changed, outermost, stamps, wait_for_change


def test_new_changed_and_gone(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml", "sub/c.md.j2", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    before = stamps([tmp_path])
    assert sorted(path.name for path in before) == ["a.yaml", "b.yaml", "c.md.j2"]
    (tmp_path / "a.yaml").write_text("longer")
    (tmp_path / "b.yaml").unlink()
    (tmp_path / "d.yaml").write_text("x")
    os.utime(tmp_path / "sub/c.md.j2", ns=(1, 1))
    assert [path.name for path in changed(before, stamps([tmp_path]))] == ["a.yaml", "b.yaml", "d.yaml", "c.md.j2"]


def test_what_lies_in_another_folder_is_watched_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert outermost([tmp_path / "a", Path("a/b"), Path("a"), Path("ab")]) == (tmp_path / "a", tmp_path / "ab")


def test_a_single_file_can_be_watched(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x")
    assert list(stamps([tmp_path / "a.yaml", tmp_path / "gone.yaml"])) == [tmp_path / "a.yaml"]


def test_it_waits_until_something_changes(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x")
    before = stamps([tmp_path])
    timer = Timer(0.05, (tmp_path / "a.yaml").write_text, ("longer",))
    timer.start()
    assert wait_for_change((tmp_path,), before, pause=0.02) == [tmp_path / "a.yaml"]
    timer.join()
