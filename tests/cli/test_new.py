"""`kamcoach new deal`: a valid file in both languages, whole or not at all, and never over another."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.cli.calling import called
from tests.small_library import SmallLibrary

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs permissions of POSIX")
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder: Path) -> list[str]:
    """What stands in a folder, but for the schemas that editors read."""
    return sorted(path.name for path in folder.iterdir() if path.name != ".kamcoach")


@LANGUAGES
def test_the_new_file_can_be_used_at_once(here: Path, language: str) -> None:
    found = called("new", "deal", "my.yaml", "--lang", language)
    assert (found.code, found.err) == (0, "")
    assert "kamcoach advise my.yaml" in found.out
    assert names(here) == ["my.yaml"]
    assert called("check", "my.yaml").lines == ["1 file: 0 errors, 0 warnings"]
    assert called("advise", "my.yaml", "--lang", language).code == 0
    comments = [line for line in Path("my.yaml").read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
    assert bool(re.search(r"[一-鿿]", comments[0])) == (language == "zh")


def test_the_names_of_customer_and_deal_are_written(here: Path) -> None:
    called("new", "deal", "my.yaml", "--customer", 'A: "B" #1', "--title", "泵: 二期")
    assert called("advise", "my.yaml", "--lang", "en").lines[0] == 'A: "B" #1: 泵: 二期'


@LANGUAGES
def test_a_dash_prints_the_file(here: Path, language: str) -> None:
    called("new", "deal", "my.yaml", "--lang", language)
    first, _, rest = Path("my.yaml").read_text(encoding="utf-8").partition("\n")
    assert first == "# yaml-language-server: $schema=./.kamcoach/deal.schema.json"
    assert called("new", "deal", "-", "--lang", language).out == rest
    assert names(here) == ["my.yaml"]


def test_the_file_speaks_of_today(here: Path) -> None:
    assert date.today().isoformat() in called("new", "deal", "-").out


# ── nothing is lost ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_existing_file_is_never_overwritten(here: Path) -> None:
    Path("my.yaml").write_text("mine")
    found = called("new", "deal", "my.yaml")
    assert (found.code, found.out, found.err) == (2, "", "my.yaml is already there; nothing was written.\n")
    assert (names(here), Path("my.yaml").read_text()) == (["my.yaml"], "mine")


@posix
def test_nor_is_a_link_that_leads_nowhere(here: Path) -> None:
    Path("my.yaml").symlink_to("elsewhere.yaml")
    assert called("new", "deal", "my.yaml").code == 2
    assert names(here) == ["my.yaml"]


def test_nor_is_a_file_that_comes_up_meanwhile(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else writes the file between the look and the writing."""
    synced = os.fsync

    def slow(file: int) -> None:
        synced(file)
        Path("my.yaml").write_text("theirs")

    monkeypatch.setattr(os, "fsync", slow)
    found = called("new", "deal", "my.yaml")
    assert (found.code, found.err) == (2, "my.yaml is already there; nothing was written.\n")
    assert (names(here), Path("my.yaml").read_text()) == (["my.yaml"], "theirs")


def refuse(*arguments: object, **named: object) -> None:
    raise PermissionError(errno.EPERM, "Operation not permitted")


def full(file: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_file_system_without_hard_links_will_do(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", refuse)
    assert called("new", "deal", "my.yaml").code == 0
    assert names(here) == ["my.yaml"]
    assert called("check", "my.yaml").code == 0
    before = Path("my.yaml").read_bytes()
    assert called("new", "deal", "my.yaml").code == 2
    assert Path("my.yaml").read_bytes() == before


def test_a_full_disk_leaves_nothing_behind(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", full)
    found = called("new", "deal", "my.yaml")
    assert (found.code, found.err) == (2, "my.yaml cannot be written: No space left on device.\n")
    assert names(here) == []


@posix
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_the_file_is_as_private_as_the_person_wants(here: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        called("new", "deal", "my.yaml")
    finally:
        os.umask(before)
    assert stat.S_IMODE(Path("my.yaml").stat().st_mode) == mode


# ── what cannot be written ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("my.txt", "my.txt: a deal file ends in .yaml."),
        ("nowhere/my.yaml", "nowhere/my.yaml cannot be written: there is no folder nowhere."),
    ],
)
def test_a_file_that_cannot_be(here: Path, file: str, message: str) -> None:
    found = called("new", "deal", file)
    assert (found.code, found.out, found.err.strip()) == (2, "", message)
    assert names(here) == []


def test_a_playbook_without_a_starter_says_so(library: SmallLibrary, here: Path) -> None:
    found = called("new", "deal", "my.yaml", "--playbook", library.folder, "--lang", "en")
    assert (found.code, found.err) == (2, "The playbook has no template deal.en.yaml.j2.\n")
    assert names(here) == ["small"]


def test_a_team_can_have_a_starter_of_its_own(library: SmallLibrary, here: Path) -> None:
    library.write("templates/deal.en.yaml.j2", "schema_version: 1\naccount: {name: {{ customer | quoted }}}\n")
    library.write("kamcoach.yaml", "playbook: .\n")
    assert called("new", "deal", "small/my.yaml", "--customer", "Alder", "--lang", "en").code == 0
    assert Path("small/my.yaml").read_text().partition("\n")[2] == 'schema_version: 1\naccount: {name: "Alder"}\n'


# ── what editors read ─────────────────────────────────────────────────────────────────────────────────────────────────


def first_line(file: str) -> str:
    return Path(file).read_text(encoding="utf-8").splitlines()[0]


def test_the_schema_speaks_of_the_playbook_of_the_deal(library: SmallLibrary, here: Path) -> None:
    library.write("templates/deal.en.yaml.j2", "schema_version: 1\n")
    library.write("kamcoach.yaml", "playbook: .\n")
    (here / "small/deals/north").mkdir(parents=True)
    called("new", "deal", "small/deals/north/my.yaml", "--lang", "en")
    assert first_line("small/deals/north/my.yaml") == "# yaml-language-server: $schema=../../.kamcoach/deal.schema.json"
    assert "people" in json.loads(Path("small/.kamcoach/deal.schema.json").read_text(encoding="utf-8"))["properties"]
    assert names(here / "small/deals/north") == ["my.yaml"]


def test_an_old_schema_is_renewed_and_a_good_one_left_alone(here: Path) -> None:
    called("new", "deal", "one.yaml")
    schema = Path(".kamcoach/deal.schema.json")
    whole, first = schema.read_text(encoding="utf-8"), schema.stat().st_ino
    called("new", "deal", "two.yaml")
    assert schema.stat().st_ino == first
    schema.write_text("{}")
    called("new", "deal", "three.yaml")
    assert schema.read_text(encoding="utf-8") == whole


def test_a_deal_without_a_schema(here: Path) -> None:
    assert called("new", "deal", "my.yaml", "--no-schema").code == 0
    assert [path.name for path in here.iterdir()] == ["my.yaml"]
    assert not first_line("my.yaml").startswith("# yaml-language-server")


def test_what_stands_where_the_schemas_go_is_told(here: Path) -> None:
    Path(".kamcoach").write_text("mine")
    found = called("new", "deal", "my.yaml")
    assert (found.code, found.out) == (2, "")
    assert "Traceback" not in found.err
    assert Path(".kamcoach").read_text() == "mine"
