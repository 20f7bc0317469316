"""What a template from a stranger cannot do, tried by the commands that a person calls: `check` and `advise` for plays, and every form of
brief for the templates of pages, pictures and documents."""

from __future__ import annotations

import time
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from kamcoach.advice.evaluate import MAX_STEPS, MAX_WORK
from kamcoach.advice.page import starter
from kamcoach.brief.document import Brief
from kamcoach.brief.html import html
from kamcoach.brief.markdown import markdown
from kamcoach.brief.word import word
from kamcoach.errors import BadInput
from kamcoach.model.playbook import Library
from kamcoach.reading.finding import shipped
from tests.advice.escapes import BOMBS, ESCAPES
from tests.brief.making import of_file
from tests.cli.calling import called
from tests.hostile.limits import FAULT, ROOT
from tests.small_library import DEAL, SmallLibrary

PLAY: Final = "# en\n## Headline\nSee {{ p }}\n## Do\none\n{}\n# zh\n## 标题\n标题\n## 做什么\n做\n"
NAMES: Final = "{% set people = stakeholders %}{% set person = stakeholders[0] %}{% set text = 'abc' %}"
WRITTEN: Final = {
    "html": "brief.html.j2",
    "markdown": "brief.md.j2",
    "picture": "picture.own.svg.j2",
    "starter": "deal.en.yaml.j2",
}
ONLY_HERE: Final = ("{{ people|selectattr", "{% for p in people if loop.index")


@pytest.fixture
def team(library: SmallLibrary, monkeypatch: pytest.MonkeyPatch) -> SmallLibrary:
    """A playbook with one play, and a deal that calls it; the test runs in its folder."""
    library.advice("a", "[{person: {power: 5}, as: p}]", "about: $p", play="own")
    for lang in ("en", "zh"):
        library.write(f"templates/advice.{lang}.md.j2", "{% for a in actions %}{{ a.text.headline }} {{ a.text.do }}\n{% endfor %}")
    library.write("kamcoach.yaml", "playbook: .\n")
    library.write("deal.yaml", "account: {name: Alder}\npeople: [{id: li, name: Li, power: 5, boss: li, friends: [li]}, {id: wang}]" + DEAL)
    monkeypatch.chdir(library.folder)
    monkeypatch.setenv("KAMCOACH_NO_CACHE", "1")
    return library


def _play(source: str) -> str:
    said = source.replace("person", "p") if "personal" not in source else source
    return PLAY.replace("{}", f"{{% set people = people %}}{{% set text = 'abc' %}}{said}")


@pytest.mark.parametrize("source", ESCAPES)
def test_a_play_is_refused_by_check_and_by_advise(team: SmallLibrary, source: str) -> None:
    team.write("plays/own.md.j2", _play(source))
    checked, advised = called("check"), called("advise", "deal.yaml", "--lang", "en")
    assert advised.code == 2
    assert _lines(advised.err) == {("plays/own.md.j2", 6)}
    if "template-unknown-name" not in advised.err:  # what nothing is called is found when it is looked for, or by another check
        assert checked.code == 2 or "template-failed" in advised.err
        assert checked.code == 0 or ("plays/own.md.j2", 6) in _lines(checked.out)


def _lines(said: str) -> set[tuple[str, int]]:
    """File and line of every diagnostic."""
    return {(found["path"], int(found["line"])) for found in FAULT.finditer(said)}


@pytest.fixture(scope="module")
def whole(shipped_library: Library) -> Brief:
    return of_file(shipped("examples") / "velora-planning.yaml", shipped_library)


@pytest.fixture
def own(whole: Brief, tmp_path: Path) -> Brief:
    """The brief of a playbook that has a folder of templates of its own on top of the shipped one."""
    folder = tmp_path / "templates"
    folder.mkdir()
    speech = whole.speech
    library = speech.library._replace(templates=(folder, *speech.library.templates))
    return whole._replace(speech=type(speech)(speech.consultation, library, "en"))


def _make(form: str, own: Brief) -> object:
    """The form of a brief for which a template is used."""
    makers: dict[str, Callable[[], object]] = {
        "html": lambda: html(own),
        "markdown": lambda: markdown(own, {}),
        "picture": lambda: own.pictures(340),
        "starter": lambda: starter(own.speech.library, "en", {"customer": "a", "title": "b", "today": "c"}),
        "docx": lambda: word(own),
    }
    return makers[form]()


def _refused(form: str, own: Brief, source: str) -> tuple[Path, int]:
    """Where a template is refused whose third line is this."""
    folder = own.speech.library.templates[0]
    names = NAMES if form != "starter" else "{% set people = [title] %}{% set person = title %}{% set text = 'abc' %}"
    if form == "docx":
        _document(folder / "brief.docx", (names, "two", source))
    else:
        (folder / WRITTEN[form]).write_text(f"{names}\ntwo\n{source}\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        print(_make(form, own))
    (one,) = caught.value.diagnostics
    return Path(one.at.path), one.at.line


def _document(path: Path, paragraphs: tuple[str, ...]) -> None:
    """The shipped document with other paragraphs."""
    with ZipFile(shipped("playbooks") / "key-account" / "templates" / "brief.docx") as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                head, _, rest = data.decode().partition("<w:body>")
                tail = rest[rest.rindex("<w:sectPr") :]
                body = "".join(f"<w:p><w:r><w:t>{escape(text, quote=False)}</w:t></w:r></w:p>" for text in paragraphs)
                data = f"{head}<w:body>{body}{tail}".encode()
            new.writestr(name, data)


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize("source", ESCAPES)
def test_a_template_of_a_page_is_refused_with_its_line(own: Brief, form: str, source: str) -> None:
    path, line = _refused(form, own, source)
    assert (path.name, line) == (WRITTEN[form], 3)


@pytest.mark.slow
@pytest.mark.parametrize("source", ESCAPES)
def test_a_document_is_refused_with_its_paragraph(own: Brief, source: str) -> None:
    pytest.importorskip("docxtpl")
    path, line = _refused("docx", own, source)
    assert (path.name, line) == ("brief.docx", 4)


@pytest.mark.slow
@pytest.mark.parametrize("form", [*WRITTEN, "docx"])
@pytest.mark.parametrize("name", BOMBS)
def test_what_would_use_up_the_machine_is_refused_in_pages_too(own: Brief, form: str, name: str) -> None:
    if form == "docx":
        pytest.importorskip("docxtpl")
    begun = time.process_time()
    try:
        _refused(form, own, BOMBS[name])
    except pytest.fail.Exception:  # a page may be twenty times as long as a section: some then fit
        assert name in FITS
    assert time.process_time() - begun < 2


FITS: Final = ("three loops", "two loops", "too long", "much output", "many names copied for every round")


@pytest.mark.parametrize("name", BOMBS)
def test_a_play_that_would_use_up_the_machine_is_refused_at_once(team: SmallLibrary, name: str) -> None:
    team.write("plays/own.md.j2", _play(BOMBS[name]))
    begun = time.process_time()
    found = called("advise", "deal.yaml")
    assert found.code == 2
    assert {path for path, _ in _lines(found.err)} == {"plays/own.md.j2"}
    assert time.process_time() - begun < 2


def test_the_page_on_safety_counts_them() -> None:
    page = (ROOT / "docs" / "explanation" / "safety.md").read_text(encoding="utf-8")
    assert f"{len(ESCAPES)} ways out" in page
    assert f"{len(BOMBS)} ways to make" in page
    assert f"{MAX_STEPS:,} for a section of a play and {MAX_WORK:,} for all" in page
