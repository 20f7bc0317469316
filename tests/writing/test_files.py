"""The one writer of files: rights, links and names are kept, what must not be written is not, and nothing is left beside it."""

from __future__ import annotations

import os
import stat
import sys
import threading
from pathlib import Path
from typing import Final

import pytest

from kamcoach.errors import KamcoachError
from kamcoach.writing.files import rename, write_all, write_whole, written

posix: Final = pytest.mark.skipif(sys.platform == "win32", reason="needs rights and links of POSIX")


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# ── what is kept of the file that is replaced ─────────────────────────────────────────────────────────────────────────


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755, 0o666])
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_rights_are_kept_and_new_files_have_those_of_the_person(tmp_path: Path, mode: int, mask: int) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("old")
    old.chmod(mode)
    before = os.umask(mask)
    try:
        write_all({new: "new"}, {old: "new"})
        write_whole(old, "newer", replace=True)
    finally:
        os.umask(before)
    assert (rights(old), rights(new)) == (mode, 0o666 & ~mask)


@posix
def test_a_draft_is_never_more_open_than_what_it_replaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, seen = tmp_path / "deal.yaml", []
    old.write_text("old")
    old.chmod(0o600)
    synced = os.fsync

    def look(file: int) -> None:
        seen.extend(rights(path) for path in tmp_path.iterdir())
        synced(file)

    monkeypatch.setattr(os, "fsync", look)
    write_whole(old, "new", replace=True)
    assert len(seen) >= 3
    assert set(seen) == {0o600}


@posix
@pytest.mark.parametrize(("mode", "kept"), [(0o640, 0o600), (0o664, 0o644), (0o600, 0o600)])
def test_another_group_does_not_get_what_the_old_one_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, kept: int) -> None:
    """The file had a group that this person cannot give to the new one."""
    old, real = tmp_path / "old", os.fstat
    old.write_text("old")
    old.chmod(mode)

    def of_another(file: int) -> os.stat_result:
        found = list(real(file))
        return os.stat_result([*found[:5], found[5] + 1, *found[6:]])

    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fstat", of_another)
        patch.setattr(os, "chown", refused)
        write_whole(old, "new", replace=True)
    assert (old.read_text(), rights(old)) == ("new", kept)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_is_kept(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text("old")
    os.chown(old, 65534, 65533)
    write_whole(old, "new", replace=True)
    assert (old.stat().st_uid, old.stat().st_gid) == (65534, 65533)


@posix
def test_links_are_kept(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/deal.yaml").write_text("old")
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("real/deal.yaml")
    (tmp_path / "nowhere").symlink_to("real/new.yaml")
    write_whole(tmp_path / "one", "new", replace=True)
    write_all({}, {tmp_path / "nowhere": "made"})
    assert (tmp_path / "one").is_symlink() and (tmp_path / "two").is_symlink() and (tmp_path / "nowhere").is_symlink()
    assert {path.name: path.read_text() for path in (tmp_path / "real").iterdir()} == {"deal.yaml": "new", "new.yaml": "made"}
    assert len(names(tmp_path)) == 6


@posix
def test_links_in_a_circle_are_told(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    with pytest.raises(KamcoachError, match="one cannot be written: Too many levels of symbolic links"):
        write_whole(tmp_path / "one", "x", replace=True)
    assert names(tmp_path) == ["one", "two"]


@posix
def test_a_pipe_or_a_device_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    for write in (lambda: write_whole(pipe, "一", replace=True), lambda: write_all({}, {pipe: "二"})):
        reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
        reader.start()
        write()
        reader.join(10)
    assert got == ["一".encode(), "二".encode()]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert names(tmp_path) == ["pipe"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_the_device_that_is_always_full() -> None:
    with pytest.raises(KamcoachError, match="/dev/full cannot be written: No space left on device"):
        write_whole(Path("/dev/full"), "x", replace=True)
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


def test_a_name_as_long_as_names_can_be(tmp_path: Path) -> None:
    path = tmp_path / f"{'长' * 80}{'x' * 10}.yaml"
    write_whole(path, "one")
    write_whole(path, "two", replace=True)
    assert path.read_text() == "two"
    assert len(names(tmp_path)) == 1


def test_half_a_character_does_not_stop_it(tmp_path: Path) -> None:
    write_whole(tmp_path / "x", "a\udcffb")
    assert (tmp_path / "x").read_bytes() == b"a?b"


# ── what is refused ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "deal.yaml").mkdir()
    for write in (lambda path: write_whole(path, "x", replace=True), lambda path: write_all({}, {path: "x"})):
        with pytest.raises(KamcoachError, match="cannot be written: Is a directory"):
            write(tmp_path / "deal.yaml")
    assert names(tmp_path) == ["deal.yaml"]


def test_what_was_changed_meanwhile_is_left(tmp_path: Path) -> None:
    path = tmp_path / "deal.yaml"
    path.write_bytes(b"by hand\r\n")
    with pytest.raises(KamcoachError, match="was changed meanwhile, and is left as it is"):
        write_whole(path, "new", replace=True, before=b"old")
    assert path.read_bytes() == b"by hand\r\n"
    write_whole(path, "new", replace=True, before=b"by hand\r\n")
    assert names(tmp_path) == ["deal.yaml"]
    assert path.read_text() == "new"


def test_a_new_name_takes_no_name_away(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("1")
    (tmp_path / "two").write_text("2")
    with pytest.raises(KamcoachError, match="two is already there"):
        rename(tmp_path / "one", tmp_path / "two")
    rename(tmp_path / "one", tmp_path / "three")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"two": "2", "three": "1"}


# ── several files ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("at", ["new/a", "there/deep/a"])
def test_new_files_are_taken_away_again_if_what_follows_fails(tmp_path: Path, at: str) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there/old").write_text("old")
    before = names(tmp_path)
    with pytest.raises(ZeroDivisionError), written({tmp_path / at: "a", tmp_path / f"{at}b/c": "c"}, {tmp_path / "there/old": "new"}):
        assert (tmp_path / at).read_text() == "a"
        assert (tmp_path / "there/old").read_text() == "new"
        raise ZeroDivisionError
    assert names(tmp_path) == before
    assert (tmp_path / "there/old").read_text() == "old"


def test_what_somebody_puts_into_a_new_folder_is_not_taken_away(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), written({tmp_path / "new/a": "a"}):
        (tmp_path / "new/mine").write_text("mine")
        raise ZeroDivisionError
    assert names(tmp_path) == ["new", "new/mine"]


def test_a_folder_that_comes_up_meanwhile_is_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = os.fsync

    def theirs(file: int) -> None:
        synced(file)
        (tmp_path / "out").mkdir(exist_ok=True)
        (tmp_path / "out/mine").write_text("mine")

    monkeypatch.setattr(os, "fsync", theirs)
    write_all({}, {tmp_path / "out/a": "a", tmp_path / "out/b": "b"})
    assert names(tmp_path) == ["out", "out/a", "out/b", "out/mine"]


def test_one_that_is_there_keeps_all_from_being_written(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("old")
    with pytest.raises(KamcoachError, match="b is already there; nothing was written"):
        write_all({tmp_path / "a": "a", tmp_path / "b": "b"})
    assert names(tmp_path) == ["b"]


def test_nothing_to_write_is_no_fault() -> None:
    write_all({})
