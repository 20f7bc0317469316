"""`kamcoach brief`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from kamcoach.reading.finding import shipped
from tests.cli.calling import called, process


@pytest.fixture
def deals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    names = ["velora-planning.yaml", "hengsheng-resin.yaml", "torvik-paper.yaml"]
    for name in names:
        shutil.copy(shipped("examples") / name, tmp_path / name)
    return names


@pytest.mark.parametrize(
    ("name", "start"), [("b.html", "<!doctype html>"), ("b.htm", "<!doctype html>"), ("b.md", "# Velora"), ("b.markdown", "# Velora")]
)
def test_the_form_follows_from_the_ending(name: str, start: str, deals: list[str]) -> None:
    done = called("brief", deals[0], "-o", name)
    assert (done.code, done.out, done.err) == (0, f"{name} is written.\n", "")
    assert Path(name).read_text().startswith(start)


def test_without_a_file_it_is_named_after_the_deal(deals: list[str]) -> None:
    assert called("brief", deals[0]).out == "velora-planning.html is written.\n"
    assert called("brief", deals[0], "--format", "md", "--lang", "zh").out == "velora-planning.md 已写好。\n"


def test_it_can_be_printed(deals: list[str]) -> None:
    done = called("brief", deals[0], "-o", "-", "--format", "md")
    assert done.out.startswith("# Velora Foods")
    assert not list(Path().glob("*.md"))
    text = Path(deals[0]).read_bytes()
    assert called("brief", "-", "-o", "-", "--format", "md", stdin=text).out.replace("\\<stdin\\>", "velora-planning.yaml") == done.out


def test_several_deals_give_one_file_each(deals: list[str]) -> None:
    done = called("brief", *deals, "-o", "out")
    assert done.code == 0
    assert sorted(path.name for path in Path("out").iterdir()) == ["hengsheng-resin.html", "torvik-paper.html", "velora-planning.html"]
    assert "█" not in done.err


def test_a_bad_deal_does_not_keep_the_others(deals: list[str]) -> None:
    Path(deals[1]).write_text("schema_version: 1\naccount: {name: A, nane: B}\n")
    done = called("brief", *deals)
    assert done.code == 2
    assert "hengsheng-resin.yaml:2:20" in done.err
    assert sorted(path.name for path in Path().glob("*.html")) == ["torvik-paper.html", "velora-planning.html"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "b.txt"], "b.txt: a brief ends in .html, .htm, .md, .markdown"),
        (["-o", "b.html", "hengsheng-resin.yaml"], "Several deals do not fit into one file"),
        (["-o", "-", "hengsheng-resin.yaml"], "Several deals cannot be printed"),
        (["velora-planning.yaml"], "Two of these deals would both be written to velora-planning.html"),
        (["--for", "boss"], "There is no brief for 'boss'"),
        (["--template", "../x"], "'../x' is no name of a template"),
        (["--template", "board"], "The playbook has no template brief.board.html.j2"),
        (["-o", "nowhere/b.html"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(arguments: list[str], said: str, deals: list[str]) -> None:
    done = called("brief", deals[0], *arguments)
    assert done.code == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert not list(Path().rglob("*.html"))


def test_a_brief_does_not_take_the_place_of_its_deal(deals: list[str]) -> None:
    before = Path(deals[0]).read_text()
    Path("deal.html").write_text(before)
    done = called("brief", "deal.html", "-o", "deal.html")
    assert (done.code, Path("deal.html").read_text()) == (2, before)


def test_a_broken_template_gives_its_line_and_leaves_the_file_as_it_was(deals: list[str], tmp_path: Path) -> None:
    team = tmp_path / "team"
    (team / "templates").mkdir(parents=True)
    (team / "playbook.yaml").write_text("id: team\ntitle: {en: Team, zh: 团队}\nextends: key-account\n")
    (team / "templates" / "brief.html.j2").write_text("<p>ok</p>\n{{ nobody.knows }}\n")
    Path("b.html").write_text("before")
    done = called("brief", *deals, "--playbook", team, "-o", "out")
    assert done.err.splitlines() == ["team/templates/brief.html.j2:2:1: [template-unknown-name] Nothing is called 'nobody' here."]
    assert called("brief", deals[0], "--playbook", team, "-o", "b.html").code == 2
    assert Path("b.html").read_text() == "before"
    assert not Path("out").exists()


def test_a_template_of_the_team_is_chosen_by_name(deals: list[str], tmp_path: Path) -> None:
    team = tmp_path / "team"
    (team / "templates").mkdir(parents=True)
    (team / "playbook.yaml").write_text("id: team\ntitle: {en: Team, zh: 团队}\nextends: key-account\n")
    (team / "templates" / "brief.board.html.j2").write_text("<h1>{{ report.deal.customer }}</h1>\n")
    called("brief", deals[0], "--playbook", team, "--template", "board", "-o", "b.html")
    assert "<body>\n<h1>Velora Foods</h1>\n</body>" in Path("b.html").read_text()


def test_pictures_lie_beside_and_markdown_points_to_them(deals: list[str]) -> None:
    Path("out").mkdir()
    assert called("brief", deals[0], "-o", "out/b.md", "--pictures", "out/pictures").code == 0
    assert "](pictures/velora-planning-people.svg)" in Path("out/b.md").read_text()
    for path in Path("out/pictures").iterdir():
        assert path.read_text().startswith("<svg ")


def test_bytes_do_not_depend_on_the_process(deals: list[str]) -> None:
    for seed in ("1", "2"):
        assert process("brief", deals[0], "-o", f"{seed}.html", cwd=Path.cwd(), PYTHONHASHSEED=seed).code == 0
    assert Path("1.html").read_bytes() == Path("2.html").read_bytes()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("brief.yaml", "audiences: {}\ndue: {}\nwords: {a: {en: A}}\n", "brief.yaml:3:12: [missing-key]"),
        ("picture.mine.svg.j2", "<svg>\n{{ stakeholders | heap }}\n</svg>\n", "picture.mine.svg.j2:2:1: [template-forbidden]"),
        ("brief.md.j2", "{{ needs | prose }}\n", "brief.md.j2:1:1: [template-forbidden]"),
    ],
)
def test_check_reads_the_templates_of_briefs(name: str, text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "playbook.yaml").write_text("id: team\ntitle: {en: Team, zh: 团队}\nextends: key-account\n")
    (tmp_path / "templates" / name).write_text(text)
    for arguments in (["--playbook", "."], [f"templates/{name}", "--playbook", "."]):
        done = called("check", *arguments)
        assert done.code == 1 or done.code == 2
        assert said in done.out + done.err


def _all_of(terminal: int) -> str:
    """What was written to a terminal whose other end is closed."""
    found = b""
    with os.fdopen(terminal, "rb", buffering=0) as end, suppress(OSError):
        while part := end.read(4096):
            found += part
    return found.decode()


def test_a_bar_shows_how_far_it_is_and_leaves_the_lines_whole(deals: list[str]) -> None:
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "kamcoach", "brief", *deals, "-o", "out"], stdout=slave, stderr=slave, check=False, timeout=120
    )
    os.close(slave)
    seen = _all_of(master)
    assert done.returncode == 0
    assert "33%" in seen and "66%" in seen and "torvik-paper.yaml" in seen
    after = re.sub("\x1b\\[[?0-9;]*[A-Za-z]", "", seen).replace("\r\n", "\n").split("\r")[-1].split("\n")
    assert [line for line in after if "written" in line] == [f"out/{Path(name).stem}.html is written." for name in deals]
