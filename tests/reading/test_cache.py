"""The library kept ready: used as long as nothing changed, ignored when anything is wrong with it, and never in the way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kamcoach.advice.report import Report
from kamcoach.advice.speech import Speech
from kamcoach.coaching import coach, load_deal
from kamcoach.errors import BadInput
from kamcoach.model.fact import Vocabulary
from kamcoach.model.playbook import Library
from kamcoach.reading.cache import Plays, load_library
from kamcoach.reading.finding import find_playbook, shipped
from kamcoach.reading.store import digest
from kamcoach.source import Location
from tests.small_library import SmallLibrary

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX file system")


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the cache, empty at first."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "kept"))
    monkeypatch.setattr(sys, "platform", "linux" if sys.platform == "darwin" else sys.platform)
    return tmp_path / "kept" / "kamcoach"


@pytest.fixture
def small(library: SmallLibrary) -> SmallLibrary:
    library.advice("a", "[{person: {seen: {below: 2026-01-31}, power: {at_least: $params.few}}, as: p}]", "about: $p, with: {n: 2.5}")
    library.play("spare", "x")
    return library


def store(kept: Path) -> Path:
    (path,) = kept.iterdir()
    return path


def from_cache(library: Library) -> bool:
    """Plays that are read when they are called come with a cached library only."""
    return isinstance(library.plays, Plays)


def bare(value: Any) -> Any:
    """Without places, which the cache keeps of rules only."""
    if isinstance(value, Location):
        return None
    if isinstance(value, Vocabulary):
        return bare((value.types, value.enums))
    if isinstance(value, tuple):
        return (type(value).__name__, *map(bare, value))
    return {key: bare(one) for key, one in value.items()} if hasattr(value, "items") else value


# ── the same library ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("which", ["small", "shipped"])
def test_what_comes_from_the_cache_is_the_same_library(small: SmallLibrary, which: str) -> None:
    folder = small.folder if which == "small" else find_playbook(None, None)
    fresh, again = load_library(folder), load_library(folder)
    assert (from_cache(fresh), from_cache(again)) == (False, True)
    for part in ("id", "title", "checks", "sections", "ranking", "shows", "templates", "origins", "roots"):
        assert bare(getattr(fresh, part)) == bare(getattr(again, part)), part
    for part in ("strata", "params"):
        assert bare(getattr(fresh.rule_base, part)) == bare(getattr(again.rule_base, part)), part
    assert bare(fresh.rule_base.vocabulary) == bare(again.rule_base.vocabulary)
    assert [rule.at for rule in fresh.rule_base.rules] == [rule.at for rule in again.rule_base.rules]
    assert {name: play.sections for name, play in fresh.plays.items()} == {name: play.sections for name, play in again.plays.items()}


@pytest.mark.parametrize("deal", sorted(shipped("examples").glob("*.yaml"))[:4], ids=lambda path: path.stem)
def test_it_gives_the_same_advice(deal: Path) -> None:
    assert advised(deal, load_library(find_playbook(None, None))) == advised(deal, load_library(find_playbook(None, None)))


def advised(deal: Path, library: Library) -> dict[str, Any]:
    found, _ = load_deal(deal, library)
    coached = coach(found, library)
    return Report(found, Speech(coached.consultation, library, "en"), coached.ranked, coached.questions, True).data()


@pytest.mark.parametrize("value", ["@", "@date", "@Rule", "@Location", "date", ""])
def test_names_that_look_like_the_cache_s_own_are_kept(small: SmallLibrary, value: str) -> None:
    """Whether it can be kept or not: what is loaded is right."""
    text = (small.folder / "vocabulary.yaml").read_text()
    small.write("vocabulary.yaml", text.replace("mood: {values: {cold:", f'mood: {{values: {{"{value}": {{en: x, zh: x}}, cold:'))
    try:
        fresh = load_library(small.folder)
    except BadInput:
        return
    assert bare(load_library(small.folder).rule_base.vocabulary) == bare(fresh.rule_base.vocabulary)


# ── when it is read anew ──────────────────────────────────────────────────────────────────────────────────────────────


def rewritten(path: Path, old: str, new: str) -> None:
    """Other content of the same size and with the same time."""
    before = path.stat()
    text = path.read_text(encoding="utf-8")
    assert old in text and len(old) == len(new)
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES: dict[str, Callable[[SmallLibrary], object]] = {
    "a rule": lambda small: rewritten(small.folder / "rules/a.yaml", "severity: warn", "severity: info"),
    "the vocabulary": lambda small: rewritten(small.folder / "vocabulary.yaml", "en: Gone cold", "en: Gone kold"),
    "a parameter": lambda small: rewritten(small.folder / "playbook.yaml", "few: {value: 2", "few: {value: 3"),
    "a new rule": lambda small: small.advice("b", play="play-of-a"),
    "a rule taken away": lambda small: (small.folder / "rules/a.yaml").unlink(),
    "a new play": lambda small: small.play("another", "x"),
    "a play with another name": lambda small: (small.folder / "plays/spare.md.j2").rename(small.folder / "plays/other.md.j2"),
    "a new template": lambda small: small.write("templates/advice.en.md.j2", "x"),
    "a rule in another folder": lambda small: (small.folder / "rules/a.yaml").rename(
        small.write("rules/deep/er/x", "").with_name("a.yaml")
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_of_content_is_seen(small: SmallLibrary, change: Callable[[SmallLibrary], object]) -> None:
    load_library(small.folder)
    assert from_cache(load_library(small.folder))
    change(small)
    fresh = load_library(small.folder)
    assert not from_cache(fresh)
    again = load_library(small.folder)
    assert from_cache(again) and bare(again.rule_base.strata) == bare(fresh.rule_base.strata)


def test_a_change_below_an_extended_playbook_is_seen(small: SmallLibrary, tmp_path: Path) -> None:
    (tmp_path / "team").mkdir()
    (tmp_path / "team/playbook.yaml").write_text("id: team\ntitle: x\nextends: ../small\n")
    load_library(tmp_path / "team")
    assert from_cache(load_library(tmp_path / "team"))
    rewritten(small.folder / "rules/a.yaml", "severity: warn", "severity: info")
    assert not from_cache(load_library(tmp_path / "team"))
    shutil.rmtree(small.folder)
    with pytest.raises(BadInput, match="unknown-playbook"):
        load_library(tmp_path / "team")


UNTOUCHED: dict[str, Callable[[SmallLibrary], object]] = {
    "a scenario": lambda small: small.write("rules/a.test.yaml", "scenarios: []\n"),
    "a note": lambda small: small.write("rules/notes.md", "x"),
    "another time": lambda small: os.utime(small.folder / "rules/a.yaml", (1, 1)),
}


@pytest.mark.parametrize("change", UNTOUCHED.values(), ids=UNTOUCHED.keys())
def test_what_makes_no_difference_is_not_read_anew(small: SmallLibrary, change: Callable[[SmallLibrary], object]) -> None:
    load_library(small.folder)
    change(small)
    assert from_cache(load_library(small.folder))


def test_the_text_of_a_play_is_always_that_of_its_file(small: SmallLibrary) -> None:
    load_library(small.folder)
    small.play("play-of-a", "Other words")
    library = load_library(small.folder)
    assert from_cache(library)
    assert library.plays["play-of-a"].sections["en"]["headline"].source == "Other words"


def test_a_play_that_got_broken_is_told_when_it_is_called(small: SmallLibrary) -> None:
    load_library(small.folder)
    small.write("plays/play-of-a.md.j2", "# en\n## Nonsense\n")
    library = load_library(small.folder)
    with pytest.raises(BadInput, match="There is no section 'Nonsense'"):
        library.plays["play-of-a"]
    with pytest.raises(KeyError):
        library.plays["nonsense"]


@posix
def test_another_state_of_the_program_is_another_cache(small: SmallLibrary, kept: Path, tmp_path: Path) -> None:
    """What an older program read may mean something else to a newer one."""
    shutil.copytree(ROOT / "kamcoach", tmp_path / "program/kamcoach", ignore=shutil.ignore_patterns("__pycache__"))
    kept_by_program(tmp_path / "program", small)
    before = store(kept).read_bytes()
    kept_by_program(tmp_path / "program", small)
    assert store(kept).read_bytes() == before
    with (tmp_path / "program/kamcoach/model/rule.py").open("a") as file:
        file.write("# changed\n")
    kept_by_program(tmp_path / "program", small)
    assert store(kept).read_bytes() != before


def kept_by_program(program: Path, small: SmallLibrary) -> None:
    code = f"from pathlib import Path; from kamcoach import load_library; load_library(Path({str(small.folder)!r}))"
    subprocess.run([sys.executable, "-c", code], cwd=program, env={**os.environ, "PYTHONPATH": str(program)}, check=True, timeout=60)


# ── a cache that is broken, or cannot be written ──────────────────────────────────────────────────────────────────────

BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "all but the end": lambda data: data[:-2],
    "only the head": lambda data: data.splitlines()[0] + b"\n",
    "no text": lambda data: b"\xff\x00\xfe",
    "other json": lambda data: b"[1, 2]\n{}\n",
    "no object": lambda data: b'"x"\n"y"\n',
    "nothing in it": lambda data: data.splitlines()[0] + b"\n{}\n",
    "a list where a table should be": lambda data: data.splitlines()[0] + b"\n[]\n",
    "another letter": lambda data: data.replace(b"Gone cold", b"Gone kold"),
    "an unknown type": lambda data: sealed(data.replace(b'["Rule",', b'["Rules",')),
    "too few parts": lambda data: sealed(data.replace(b'["Rule",', b'["Rule"],["",')),
    "too many parts": lambda data: sealed(data.replace(b'["Field",', b'["Field",1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,')),
    "no such date": lambda data: sealed(data.replace(b"2026-01-31", b"2026-02-31")),
    "a row that is not there yet": lambda data: sealed(data.replace(b'["map",', b'["map","x",999999,')),
    "an odd table": lambda data: sealed(data.replace(b'["map",', b'["map","x",')),
    "a row that is none": lambda data: sealed(data.replace(b'["Rule",', b'"x",["Rule",')),
    "an empty row": lambda data: sealed(data.replace(b'["Rule",', b'[],["Rule",')),
    "no row": lambda data: sealed(data.splitlines()[0] + b"\n[]"),
    "nothing of a library": lambda data: sealed(data.splitlines()[0] + b'\n[["map"]]'),
    "deep": lambda data: sealed(data.splitlines()[0] + b"\n" + b"[" * 200_000),
    "roots that are no paths": lambda data: b'{"roots": [1, null], "digest": "x"}\n{}\n',
    "roots that are gone": lambda data: b'{"roots": ["/nonsense"], "digest": "x"}\n{}\n',
}


def sealed(data: bytes) -> bytes:
    """As if somebody had written it on purpose."""
    head, body = data.split(b"\n", 1)
    return json.dumps({**json.loads(head), "body": digest(body)}).encode() + b"\n" + body


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_cache_is_ignored_and_made_anew(small: SmallLibrary, kept: Path, broken: Callable[[bytes], bytes]) -> None:
    fresh = load_library(small.folder)
    whole = store(kept).read_bytes()
    assert broken(whole) != whole
    store(kept).write_bytes(broken(whole))
    found = load_library(small.folder)
    assert bare(found.rule_base.strata) == bare(fresh.rule_base.strata)
    found.plays["play-of-a"]
    assert not from_cache(found)
    assert store(kept).read_bytes() == whole


def test_the_cache_is_data(small: SmallLibrary, kept: Path) -> None:
    """Nothing in it is run: it is JSON, and what it can build is listed."""
    load_library(small.folder)
    head, body = store(kept).read_text(encoding="utf-8").splitlines()
    assert set(json.loads(head)) == {"roots", "tables", "digest", "body"}
    kinds = {row[0] for row in json.loads(body) if isinstance(row, list)}
    assert {"Rule", "FactType", "map", ""} <= kinds


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_a_cache_that_belongs_to_somebody_else_is_not_read(small: SmallLibrary, kept: Path) -> None:
    load_library(small.folder)
    os.chown(store(kept), 12345, 12345)
    assert not from_cache(load_library(small.folder))


def test_a_disk_that_is_full_leaves_nothing_behind(small: SmallLibrary, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert not from_cache(load_library(small.folder))
    assert list(kept.iterdir()) == []


@posix
def test_a_cache_that_cannot_be_written_is_in_nobody_s_way(small: SmallLibrary, kept: Path) -> None:
    kept.parent.write_text("a file where the folder should be")
    for _ in range(2):
        assert not from_cache(load_library(small.folder))


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only_is_in_nobody_s_way(small: SmallLibrary, kept: Path) -> None:
    kept.mkdir(parents=True)
    kept.chmod(0o500)
    try:
        assert not from_cache(load_library(small.folder))
        assert list(kept.iterdir()) == []
    finally:
        kept.chmod(0o700)


def test_a_library_with_a_fault_is_not_kept(small: SmallLibrary, kept: Path) -> None:
    small.rule("b", "[nonsense]", "[{conclude: open}]")
    with pytest.raises(BadInput):
        load_library(small.folder)
    assert not kept.exists()


def test_a_file_of_any_size_beside_the_rules_is_not_read(small: SmallLibrary, kept: Path) -> None:
    with (small.folder / "huge.yaml").open("wb") as file:
        file.truncate(100_000_000_000)
    assert not from_cache(load_library(small.folder))
    assert not kept.exists()


def test_no_cache_is_read_or_written_if_none_is_wanted(small: SmallLibrary, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_library(small.folder)
    monkeypatch.setenv("KAMCOACH_NO_CACHE", "1")
    assert not from_cache(load_library(small.folder))
    shutil.rmtree(kept)
    load_library(small.folder)
    assert not kept.exists()
    monkeypatch.delenv("KAMCOACH_NO_CACHE")
    load_library(small.folder, cached=False)
    assert not kept.exists()


def test_each_playbook_has_a_cache_of_its_own(small: SmallLibrary, kept: Path, tmp_path: Path) -> None:
    load_library(small.folder)
    shutil.copytree(small.folder, tmp_path / "copy")
    assert not from_cache(load_library(tmp_path / "copy"))
    assert len(list(kept.iterdir())) == 2
    assert from_cache(load_library(small.folder)) and from_cache(load_library(tmp_path / "copy"))


@posix
def test_several_writers_at_once_leave_one_whole_cache(small: SmallLibrary, kept: Path) -> None:
    code = f"from pathlib import Path; from kamcoach import load_library; load_library(Path({str(small.folder)!r}))"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    writers = [subprocess.Popen([sys.executable, "-c", code], env=env) for _ in range(4)]
    assert [writer.wait(timeout=60) for writer in writers] == [0] * 4
    assert store(kept).suffix == ".json"
    assert from_cache(load_library(small.folder))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no such name")
def test_a_folder_whose_name_is_no_text(small: SmallLibrary) -> None:
    folder = Path(os.fsdecode(os.fsencode(str(small.folder)) + b"-\xff"))
    shutil.copytree(small.folder, folder)
    assert not from_cache(load_library(folder))
    found = load_library(folder)
    assert from_cache(found)
    assert found.plays["play-of-a"].id == "play-of-a"
