"""Files that are made to hurt, each read by a process of its own: a clean diagnostic, in little time and memory."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from kamcoach.reading.finding import shipped
from tests.cli.calling import called
from tests.hostile.limits import OBEYED, clean, limited, refused
from tests.small_library import DEAL, SmallLibrary

GOOD: Final = "account: {name: Alder}\npeople: [{id: li, name: Li, power: 5}]" + DEAL
HEAD: Final = "schema_version: 1\nas_of: 2026-03-02\n"
COMMANDS: Final = (("advise",), ("advise", "--format", "json"), ("check",), ("why-not", "a"))


@pytest.fixture
def team(library: SmallLibrary) -> SmallLibrary:
    library.advice("a", "[{person: {power: 5}, as: p}]", "about: $p")
    for lang in ("en", "zh"):
        library.write(f"templates/advice.{lang}.md.j2", "# {{ deal.customer }}\n{% for a in actions %}{{ a.text.headline }}\n{% endfor %}")
    library.write("kamcoach.yaml", "playbook: .\n")
    library.write("deal.yaml", GOOD)
    return library


def _alias_bomb() -> str:
    names = "abcdefghijklmnop"
    return HEAD + f"a: &a [{'x,' * 9}]\n" + "".join(f"{b}: &{b} [{f'*{a},' * 9}]\n" for a, b in pairwise(names))


DEALS: Final[dict[str, tuple[str, Callable[[], str]]]] = {
    "an alias bomb": ("no-aliases", _alias_bomb),
    "an alias of itself": ("no-aliases", lambda: HEAD + "account: &a {name: *a}\n"),
    "a merge key": ("no-merge-keys", lambda: HEAD + "account: {<<: {name: x}, name: y}\n"),
    "a tag": ("no-tags", lambda: HEAD + "account: !!python/object/apply:os.system [id]\n"),
    "a hundred megabytes": ("too-large", lambda: HEAD + "x" * 100_000_000),
    "a hundred thousand brackets": ("too-deep", lambda: HEAD + "account: " + "[" * 100_000 + "]" * 100_000),
    "a hundred thousand braces": ("too-deep", lambda: HEAD + "account: " + "{a: " * 100_000 + "}" * 100_000),
    "a hundred thousand dashes": ("too-deep", lambda: HEAD + "account:\n  " + "- " * 100_000 + "x\n"),
    "a hundred thousand question marks": ("too-deep", lambda: HEAD + "account:\n  " + "? " * 100_000 + "x\n"),
    "a staircase": ("too-deep", lambda: HEAD + "\n".join(" " * n + "a:" for n in range(2_000))),
    "a million keys": ("too-large", lambda: HEAD + "".join(f"k{n}: 1\n" for n in range(1_000_000))),
    "as many keys as are read": ("unknown-field", lambda: HEAD + "account: {" + "".join(f"k{n}: 1, " for n in range(90_000)) + "}"),
    "a key half a million times": ("too-large", lambda: HEAD + "a: 1\n" * 500_000),
    "a key twice": ("repeated-key", lambda: GOOD.replace("name: Alder", "name: Alder, name: Birch")),
    "thirty thousand people": ("too-much-work", lambda: GOOD.replace("[{", "[" + "".join(f"{{id: p{n}}}, " for n in range(30_000)) + "{")),
    "nothing but quotes": ("yaml-syntax", lambda: HEAD + '"' * 3_900_000),
    "nothing but colons": ("yaml-syntax", lambda: HEAD + ": " * 1_900_000),
    "nothing but line breaks": ("yaml-syntax", lambda: HEAD + "\n" * 3_900_000 + "foo: ["),
    "a text of four megabytes": ("too-long", lambda: GOOD.replace("Alder", "x" * 3_900_000)),
    "not a number": ("wrong-type", lambda: GOOD.replace("power: 5", "power: NaN")),
    "infinity": ("wrong-type", lambda: GOOD.replace("power: 5", "power: .inf")),
    "a number beyond any": ("wrong-type", lambda: GOOD.replace("power: 5", "power: 1e400")),
    "a number of 200,000 digits": ("wrong-type", lambda: GOOD.replace("power: 5", "power: " + "9" * 200_000)),
    "a number in other figures": ("wrong-type", lambda: GOOD.replace("power: 5", "power: ٥")),
    "the 30th of February": ("bad-date", lambda: GOOD.replace("2026-03-02", "2026-02-30")),
    "the year 0": ("bad-date", lambda: GOOD.replace("2026-03-02", "0000-01-01")),
    "the year 10000": ("bad-date", lambda: GOOD.replace("2026-03-02", "10000-01-01")),
    "half a character": ("yaml-syntax", lambda: GOOD.replace("Alder", '"\\ud800"')),
    "text from right to left": ("control-character", lambda: GOOD.replace("Alder", "Al\u202eder")),
    "text from right to left, escaped": ("control-character", lambda: GOOD.replace("Alder", '"Al\\u202eder"')),
    "a terminal's red": ("control-character", lambda: GOOD.replace("Alder", "\x1b[31mAlder")),
    "a terminal's red, escaped": ("control-character", lambda: GOOD.replace("Alder", '"\\e[31mAlder"')),
    "a terminal's red in one sign": ("control-character", lambda: GOOD.replace("Alder", "\x9b31mAlder")),
    "a nothing": ("control-character", lambda: GOOD.replace("Alder", "Al\0der")),
}  # fmt: skip


@pytest.mark.parametrize("name", DEALS)
def test_a_deal_that_is_made_to_hurt(team: SmallLibrary, name: str) -> None:
    code, text = DEALS[name]
    team.write("hostile.yaml", text())
    for command, *options in COMMANDS if len(text()) < 200_000 else COMMANDS[:1]:
        found = refused(limited(command, "hostile.yaml", *options, cwd=team.folder))
        assert all(one["line"] and one["column"] for one in found)
        assert any(f"[{code}]" in one[0] for one in found) or code == "too-much-work"


@pytest.mark.parametrize("text", ["9999-12-31", "0001-01-01"])
def test_the_ends_of_the_calendar(team: SmallLibrary, text: str) -> None:
    team.write("hostile.yaml", GOOD.replace("2026-03-02", text))
    for command, *options in COMMANDS:
        clean(limited(command, "hostile.yaml", *options, cwd=team.folder))


def test_the_last_day_in_a_brief(tmp_path: Path) -> None:
    text = (shipped("examples") / "velora-planning.yaml").read_text(encoding="utf-8")
    (tmp_path / "deal.yaml").write_text(text.replace("as_of: 2025-09-10", "as_of: 9999-12-31"), encoding="utf-8")
    clean(limited("brief", "deal.yaml", "-o", "brief.html", cwd=tmp_path))
    assert (tmp_path / "brief.html").is_file()


def test_a_long_deal_is_coached_in_time(tmp_path: Path) -> None:
    """What the page on `too-much-work` says: 100 people and 1,000 interactions."""
    head = (shipped("examples") / "velora-planning.yaml").read_text(encoding="utf-8").split("stakeholders:")[0]
    people = "".join(f"- {{id: p{n}, name: x, power: 5, roles: [user], access: engaged, attitude: 2}}\n" for n in range(100))
    talks = "".join(f"- {{date: 2025-08-01, with: [p{n % 100}], type: call}}\n" for n in range(1_000))
    (tmp_path / "deal.yaml").write_text(f"{head}stakeholders:\n{people}interactions:\n{talks}", encoding="utf-8")
    assert limited("advise", "deal.yaml", cwd=tmp_path).code == 0


LINKS: Final[dict[str, Callable[[Path], object]]] = {
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to nowhere": lambda path: path.symlink_to("nowhere"),
    "a pipe": os.mkfifo,
    "a folder": lambda path: path.mkdir(),
    "/dev/zero": lambda path: path.symlink_to("/dev/zero"),
    "/dev/full": lambda path: path.symlink_to("/dev/full"),
    "/dev/tty": lambda path: path.symlink_to("/dev/tty"),
    "a hundred gigabytes": lambda path: path.touch() or os.truncate(path, 100 << 30),  # type: ignore[func-returns-value]
    "its own process": lambda path: path.symlink_to("/proc/self/mem"),
    "a file that may not be read": lambda path: path.touch(0o000),
}
PLACES: Final = (
    "hostile.yaml", "rules/a.yaml", "rules/b.yaml", "vocabulary.yaml", "playbook.yaml", "plays/play-of-a.md.j2", "plays/b.md.j2",
    "rules/a.test.yaml", "rules/t.csv", "rules/t.xlsx", "templates/advice.en.md.j2", "templates/brief.yaml", "kamcoach.yaml",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", LINKS)
def test_no_file_at_all(team: SmallLibrary, monkeypatch: pytest.MonkeyPatch, name: str, place: str) -> None:
    """Whatever stands where a file should be: every command comes to an end, and without a traceback."""
    path = team.folder / place
    if place.startswith("rules/t."):
        team.rule("a", "[{person: {power: $row.least}}]", "[conclude: open]", f"each: row\ntable: {path.name}")
    path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    LINKS[name](path)
    monkeypatch.chdir(team.folder)
    deal = "hostile.yaml" if place == "hostile.yaml" else "deal.yaml"
    calls = (("advise", deal), ("check", deal), ("brief", deal, "-o", "out.html"), ("why", deal, "1"), ("check",), ("test",))
    for call in calls[:-2] if place == "kamcoach.yaml" else calls:  # without it, the shipped playbook would be checked and tested
        found = called(*call)
        assert found.code in (0, 1, 2), call
        assert not OBEYED.search(found.out + found.err)
        if place == "hostile.yaml" and call[-1] == deal:
            assert found.code == 2


OUT: Final = ("rules/a.yaml", "vocabulary.yaml", "plays/play-of-a.md.j2", "templates/advice.en.md.j2", "rules/t.csv")


@pytest.mark.parametrize("place", OUT)
def test_a_link_that_leads_out_of_the_playbook_is_not_followed(
    team: SmallLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Not on the first call, and not when the link is put there after the playbook was kept ready."""
    monkeypatch.chdir(team.folder)
    if place == "rules/t.csv":
        team.write(place, "name,least\nx,5\n")
        team.rule("t", "[{person: {power: $row.least}}]", "[conclude: open]", "each: row\ntable: t.csv")
    assert called("advise", "deal.yaml", "--lang", "en").code == 0
    path = team.folder / place
    (tmp_path / "private").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    path.unlink()
    path.symlink_to(tmp_path / "private")
    kept = called("advise", "deal.yaml", "--lang", "en")
    monkeypatch.setenv("KAMCOACH_NO_CACHE", "1")
    for found in (kept, called("advise", "deal.yaml", "--lang", "en"), called("check")):
        if found is kept and place not in ("plays/play-of-a.md.j2", "templates/advice.en.md.j2"):
            continue  # what was kept is what stood there before, and the same still stands there
        assert found.code == 2
        assert "leads-out" in re.findall(r"\[([a-z-]+)\]", found.out + found.err)


@pytest.mark.parametrize(("form", "name"), [("docx", "brief.docx"), ("html", "brief.html.j2"), ("html", "brief.css"), ("md", "brief.yaml")])
def test_a_link_of_a_brief_that_leads_out_of_the_playbook_is_not_followed(tmp_path: Path, form: str, name: str) -> None:
    theirs = tmp_path / "theirs"
    (theirs / "templates").mkdir(parents=True)
    (theirs / "playbook.yaml").write_text("id: theirs\ntitle: {en: Theirs, zh: 他们}\nextends: key-account\n", encoding="utf-8")
    (theirs / "templates" / name).symlink_to(shipped("playbooks") / "key-account" / "templates" / name)
    deal, page = shipped("examples") / "calder-ports.yaml", tmp_path / f"page.{form}"
    found = called("brief", str(deal), "--playbook", str(theirs), "-o", str(page))
    assert (found.code, page.exists()) == (2, False)
    assert re.findall(r"\[([a-z-]+)\]", found.err) == ["leads-out"]


def test_paths_that_lead_out_of_a_playbook(team: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table lies beside its rule; a play and a template have names, not paths; what is extended is a playbook."""
    monkeypatch.chdir(team.folder)
    for table in ("../t.csv", "/etc/passwd", "..\\t.csv", "/dev/zero", "t.csv/../../t.csv"):
        team.rule("t", "[{person: {power: $row.least}}]", "[conclude: open]", f"each: row\ntable: '{table}'")
        assert "rules/t.yaml" in called("check").out
        (team.folder / "rules/t.yaml").unlink()
    for play in ("../plays/play-of-a", "/etc/passwd", "../../etc/passwd"):
        team.rule("t", "[{account: {}}]", f"[{{advise: {{play: '{play}', severity: warn, lens: deed}}}}]")
        assert "[unknown-play]" in called("advise", "deal.yaml").err
        (team.folder / "rules/t.yaml").unlink()
    for template in ("../x", "/etc/passwd", "a/b", "..", "x\0y"):
        assert called("brief", "deal.yaml", "--template", template).code == 2
    for extends in ("/etc", "../../../../../../etc", "/dev/zero", "nowhere", "."):
        team.write("other/playbook.yaml", f"id: other\ntitle: x\nextends: {extends}\n")
        assert called("check", "--playbook", "other").code == 2


def test_no_name_of_a_file_reaches_the_terminal_as_it_is(team: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(team.folder)
    for name in ("\x1b[31mred.yaml", "\u202ereversed.yaml", "\x9b31mred.yaml", "line\nbreak.yaml"):
        (team.folder / name).write_text("a: [", encoding="utf-8")
        forms = [("check", name, "--format", form) for form in ("text", "json", "github", "sarif", "junit")]
        for call in (*forms, ("advise", name), ("advise", "deal.yaml", "--lang", name), ("advise", "deal.yaml", f"--{name}"), (name,)):
            found = called(*call)
            assert found.code == 2
            assert not OBEYED.search(found.out + found.err), call
    clean(limited("advise", "\x1b[31mred.yaml", cwd=team.folder))


def test_words_that_are_no_text(team: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    """An argument of the system may hold any bytes; what is written is text all the same."""
    monkeypatch.chdir(team.folder)
    told = called("new", "playbook", "fresh", "--title-en", "half \udcbb", "--extends", "..")
    assert told.code == 0
    assert 'title: {en: "half ?"' in (team.folder / "fresh" / "playbook.yaml").read_text("utf-8")
    assert called("check", "fresh").code == 0
