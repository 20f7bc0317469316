"""The folder of a site: whole or as it was, and what others put there stays."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from kamcoach.errors import KamcoachError
from kamcoach.handbook import folder
from kamcoach.handbook.folder import LISTED, differences, write_site

OLD = {"index.html": "old", "rules/a.html": "a", "plays/p.html": "p"}
NEW = {"index.html": "new", "rules/b.html": "b"}


def content(site: Path) -> dict[str, str]:
    return {path.relative_to(site).as_posix(): path.read_text() for path in site.rglob("*") if path.is_file()}


def pages(site: Path) -> dict[str, str]:
    return {path: text for path, text in content(site).items() if path != LISTED}


def test_a_site_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    write_site(tmp_path / "deep/site", OLD)
    assert pages(tmp_path / "deep/site") == OLD
    write_site(tmp_path / "deep/site", NEW)
    assert pages(tmp_path / "deep/site") == NEW
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["site"]


def test_what_others_put_there_stays(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write_site(site, OLD)
    (site / ".git/refs/heads").mkdir(parents=True)
    (site / "CNAME").write_text("x")
    (site / "rules/mine.txt").write_text("y")
    (site / "away").symlink_to(tmp_path)
    write_site(site, NEW)
    assert pages(site) == {**NEW, "CNAME": "x", "rules/mine.txt": "y"}
    assert (site / ".git/refs/heads").is_dir() and (site / "away").is_symlink()


def test_an_old_page_that_somebody_worked_on_stays(tmp_path: Path) -> None:
    write_site(tmp_path / "site", OLD)
    (tmp_path / "site/rules/a.html").write_text("by hand")
    (tmp_path / "site/index.html").write_text("by hand")
    write_site(tmp_path / "site", NEW)
    assert pages(tmp_path / "site") == {**NEW, "rules/a.html": "by hand"}


@pytest.mark.parametrize("taken", ["rules/b.html", "rules"])
def test_a_file_of_others_where_a_page_belongs_is_left(tmp_path: Path, taken: str) -> None:
    write_site(tmp_path / "site", {"index.html": "old"})
    (tmp_path / "site" / taken).parent.mkdir(exist_ok=True)
    (tmp_path / "site" / taken).write_text("mine")
    before = content(tmp_path / "site")
    with pytest.raises(KamcoachError, match="not one of our pages"):
        write_site(tmp_path / "site", NEW)
    assert content(tmp_path / "site") == before


def test_a_folder_with_other_files_is_left(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("mine")
    with pytest.raises(KamcoachError, match="no site of kamcoach"):
        write_site(tmp_path, NEW)
    with pytest.raises(KamcoachError, match="is a file"):
        write_site(tmp_path / "thesis.doc", NEW)
    assert content(tmp_path) == {"thesis.doc": "mine"}


def test_the_folder_one_is_in_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_site(tmp_path / "site", OLD)
    monkeypatch.chdir(tmp_path / "site/rules")
    with pytest.raises(KamcoachError, match="go outside"):
        write_site(tmp_path / "site", NEW)
    assert pages(tmp_path / "site") == OLD


@pytest.mark.parametrize("failing", range(1, 5))
def test_where_a_page_cannot_be_put_in_place_all_is_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
    site = tmp_path / "site"
    write_site(site, OLD)
    (site / "CNAME").write_text("x")
    before, replace, calls = content(site), Path.replace, []

    def fails(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == failing:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(KamcoachError, match="No space left"):
        write_site(site, NEW)
    assert content(site) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("stopped", range(1, 7))
def test_what_was_stopped_in_between_is_set_right_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: int) -> None:
    """Every page is whole at any moment, and no page is taken for one of somebody else's."""
    site = tmp_path / "site"
    write_site(site, OLD)
    (site / "CNAME").write_text("x")
    calls: list[Path] = []

    def stops(page: Path | None, place: Path) -> None:
        calls.append(place)
        if len(calls) < stopped:
            put(page, place)

    put = folder._put
    with monkeypatch.context() as patch:
        patch.setattr(folder, "_put", stops)
        patch.setattr(folder, "_drop_empty", lambda *_: None)
        write_site(site, NEW)
    assert len(calls) == 6
    assert all(text in {OLD.get(path), NEW.get(path), "x"} for path, text in pages(site).items())
    assert (site / "CNAME").read_text() == "x"
    write_site(site, NEW)
    assert pages(site) == {**NEW, "CNAME": "x"}
    assert list(differences(site, NEW)) == []


@pytest.mark.parametrize("strangers", [False, True])
def test_a_system_that_cannot_exchange_folders_or_link_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strangers: bool) -> None:
    monkeypatch.setattr(folder, "exchange", lambda *_: False)
    monkeypatch.setattr(os, "link", refuse)
    site, mine = tmp_path / "site", {"CNAME": "x"} if strangers else {}
    write_site(site, OLD)
    for path, text in mine.items():
        (site / path).write_text(text)
    write_site(site, NEW)
    assert pages(site) == {**NEW, **mine}
    assert not (site / "plays").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def refuse(*arguments: object, **named: object) -> None:
    raise PermissionError(1, "Operation not permitted")


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2 is a call of Linux")
def test_here_folders_change_names_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "_move_over", None)
    write_site(tmp_path / "site", OLD)
    (tmp_path / "site").chmod(0o750)
    write_site(tmp_path / "site", NEW)
    assert pages(tmp_path / "site") == NEW
    assert stat.S_IMODE((tmp_path / "site").stat().st_mode) == 0o750


def test_a_site_that_came_up_meanwhile_gives_way_and_other_files_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill = folder._fill

    def slow(new: Path, files: dict[str, str]) -> None:
        fill(new, files)
        (tmp_path / "a").mkdir(exist_ok=True)
        (tmp_path / "a/thesis.doc").write_text("mine")
        if not (tmp_path / "b").exists():
            fill(tmp_path / "b", OLD)

    monkeypatch.setattr(folder, "_fill", slow)
    with pytest.raises(KamcoachError, match="no site of kamcoach"):
        write_site(tmp_path / "a", NEW)
    write_site(tmp_path / "b", NEW)
    assert content(tmp_path / "a") == {"thesis.doc": "mine"}
    assert pages(tmp_path / "b") == NEW


def test_what_is_not_up_to_date(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write_site(site, OLD)
    (site / "CNAME").write_text("x")
    assert list(differences(site, OLD)) == []
    (site / "plays/p.html").unlink()
    found = list(differences(site, {**NEW, "plays/p.html": "p"}))
    assert found == [
        "index.html is not up to date",
        f"{LISTED} is not up to date",
        "plays/p.html is missing",
        "rules/b.html is missing",
        "rules/a.html is no page any more",
    ]
    assert all(one.endswith("is missing") for one in differences(tmp_path / "none", NEW))
