"""PDF and Word: what they hold, what they refuse, and what is said if something is missing. Left out where the extras are not installed."""

from __future__ import annotations

import io
import re
import shutil
import sys
import zipfile
import zlib
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from kamcoach.brief.html import html
from kamcoach.brief.markdown import markdown
from kamcoach.errors import BadInput, KamcoachError
from kamcoach.model.playbook import Library
from kamcoach.reading.finding import shipped
from tests.brief import making
from tests.brief.test_brief import HOSTILE, HUADONG, VELORA, hostile
from tests.cli.calling import process

LANTING = shipped("examples") / "lanting-inspection.yaml"


def _weasyprint() -> Any:
    try:
        return pytest.importorskip("weasyprint", exc_type=ImportError)
    except OSError:
        pytest.skip("the Pango library is not installed")


@pytest.fixture
def docx() -> Any:
    pytest.importorskip("docxtpl")
    pytest.importorskip("resvg_py")
    return pytest.importorskip("docx")


def team(library: Library, folder: Path) -> Library:
    return library._replace(templates=(folder, *library.templates))


@pytest.mark.filterwarnings("ignore")
def test_a_pdf_has_its_title_and_a_bookmark_for_each_part(shipped_library: Library) -> None:
    _weasyprint()
    from kamcoach.brief.pdf import pdf

    found = making.of_file(VELORA, shipped_library)
    one = pdf(found)
    inside = b"".join(map(_inflated, re.findall(rb"stream\r?\n(.*?)\r?\nendstream", one, re.DOTALL)))
    assert b"(Velora Foods: Supply planning subscription, 3 years)" in inside
    for heading in (b"(In short)", b"(Where the customer stands)", b"(Do next)", b"(People)"):
        assert heading in inside
    assert pdf(found) == one


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


@pytest.mark.filterwarnings("ignore")
def test_nothing_is_fetched_for_a_pdf(shipped_library: Library, tmp_path: Path) -> None:
    _weasyprint()
    from kamcoach.brief.pdf import pdf

    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><rect width="90" height="90"/></svg>')
    at = secret.as_uri()
    (tmp_path / "brief.html.j2").write_text(
        f'<link rel="stylesheet" href="{at}"><link rel="attachment" href="{at}"><img src="{at}"><object data="{at}"></object>'
        f'<embed src="{at}"><p style="background: url({at})">text</p><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 90">'
        f'<image href="{at}" width="90" height="90"/><use href="{at}#x"/></svg>'
    )
    (tmp_path / "brief.css").write_text(
        f"@import url({at}); @font-face {{ font-family: X; src: url({at}); }} p {{ list-style: url({at}); }}"
    )
    found = making.of_file(VELORA, team(shipped_library, tmp_path))
    before = pdf(found)
    secret.unlink()
    assert pdf(found) == before


@pytest.mark.parametrize("has_latin", [False, True])
def test_without_a_chinese_font_the_package_to_install_is_named(has_latin: bool, tmp_path: Path) -> None:
    _weasyprint()
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    if has_latin:
        latin = next(Path("/usr/share/fonts").rglob("DejaVuSans.ttf"), None) or next(
            Path("/usr/share/fonts").rglob("LiberationSans*.ttf"), None
        )
        if latin is None:
            pytest.skip("no Latin font to try it with")
        shutil.copy(latin, fonts)
    (tmp_path / "fonts.conf").write_text(f"<fontconfig><dir>{fonts}</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>")
    done = process(
        "brief", LANTING, VELORA, "--format", "pdf", "--lang", "zh", "-o", tmp_path, FONTCONFIG_FILE=str(tmp_path / "fonts.conf")
    )
    assert done.code == 2
    assert "fonts-noto-cjk" in done.err.splitlines()[-1]
    assert not list(tmp_path.glob("*.pdf"))


@pytest.mark.parametrize(("form", "module", "extra"), [("pdf", "weasyprint", "kamcoach[pdf]"), ("docx", "docxtpl", "kamcoach[docx]")])
def test_a_missing_extra_is_named(form: str, module: str, extra: str, shipped_library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    from kamcoach.brief import pdf
    from kamcoach.brief.forms import FORMS

    monkeypatch.setattr(pdf, "_imported", pdf._imported.__wrapped__)
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(KamcoachError, match=re.escape(extra)) as caught:
        FORMS[form].make(making.of_file(VELORA, shipped_library), {}, "")
    assert "\n" not in str(caught.value)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("text", [*HOSTILE, "x" * 10_000])
def test_text_of_a_deal_shows_as_text_in_a_pdf(text: str, shipped_library: Library) -> None:
    """What is set is the page that test_brief looks at; here the text comes back out of the file."""
    _weasyprint()
    from kamcoach.brief.pdf import pdf

    one = pdf(making.of_text(hostile(text), shipped_library, "en", "handover"))
    inside = one + b"".join(map(_inflated, re.findall(rb"stream\r?\n(.*?)\r?\nendstream", one, re.DOTALL)))
    shown = re.sub(rb"([\\()])", rb"\\\1", f"{text}: {text}".encode())
    assert b"/Title (" + shown in inside
    assert b"/JavaScript" not in inside and b"/Launch" not in inside and b"/URI" not in inside


def made(library: Library, deal: str, lang: str = "en", audience: str = "manager") -> bytes:
    from kamcoach.brief.word import word

    return word(making.of_text(deal, library, lang, audience))


@pytest.mark.parametrize("audience", ["manager", "rep", "handover"])
def test_a_word_document_has_native_headings_tables_and_pictures(audience: str, docx: Any, shipped_library: Library) -> None:
    content = made(shipped_library, LANTING.read_text(), "zh", audience)
    found = docx.Document(io.BytesIO(content))
    headings = [one.text for one in found.paragraphs if one.style.name == "Heading 1"]
    assert headings[0] == "一段话说清" and "找对人" in headings and headings[-1] == "依据"
    assert [cell.text for cell in found.tables[0].rows[0].cells][:3] == ["姓名", "角色", "影响力"]
    assert found.tables[0].rows[1].cells[0].text == "徐总（制造副总）"
    said = re.findall(r'<wp:docPr [^>]*descr="([^"]*)"', zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode())
    assert len(said) == {"manager": 6, "rep": 4, "handover": 6}[audience]
    assert any("卢厂长" in one for one in said)
    assert found.core_properties.title == "澜汀光电：模组段缺陷自动检测一期（6条线）"


def test_a_word_document_has_the_same_bytes_each_time(docx: Any, shipped_library: Library) -> None:
    assert made(shipped_library, VELORA.read_text()) == made(shipped_library, VELORA.read_text())


@pytest.mark.parametrize("text", [*HOSTILE, "]]>", "</w:t></w:r></w:p>", "{{ w.brief }}", "x" * 10_000])
def test_text_of_a_deal_shows_as_text_in_word(text: str, docx: Any, shipped_library: Library) -> None:
    found = docx.Document(io.BytesIO(made(shipped_library, hostile(text), "en", "handover")))
    body = "\n".join(one.text for one in found.paragraphs) + "\n".join(c.text for t in found.tables for r in t.rows for c in r.cells)
    assert body.count(text) > 6
    assert [one.text for one in found.paragraphs if one.style.name == "Title"] == [text]


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\x1b", "\x07", "\ufffe"])
def test_signs_that_a_screen_would_obey_do_not_reach_the_document(sign: str, docx: Any, shipped_library: Library) -> None:
    from kamcoach.brief.word import word

    deal = making.renamed(VELORA.read_text(), f"abc{sign}def", shipped_library)
    found = docx.Document(io.BytesIO(word(making.of_deal(deal, shipped_library))))
    assert [one.text for one in found.paragraphs if one.style.name == "Title"] == ["abcdef"]
    assert sign not in found.element.xml


@pytest.mark.parametrize("audience", ["manager", "rep", "handover"])
@pytest.mark.parametrize(("deal", "lang"), [(VELORA, "en"), (LANTING, "zh"), (HUADONG, "zh"), (HUADONG, "en")])
def test_every_form_says_the_same_in_short(deal: Path, lang: str, audience: str, docx: Any, shipped_library: Library) -> None:
    found = making.of_file(deal, shipped_library, lang, audience)
    page = re.search(r'<p class="lead">(.*?)</p>', html(found), re.DOTALL)
    text = markdown(found, {}).split("## ")[1].split("\n", 1)[1].strip()
    document = docx.Document(io.BytesIO(made(shipped_library, deal.read_text(), lang, audience)))
    lead = next(one for one in document.paragraphs if one.style.name == "Lead")
    assert page is not None
    bare = [re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>|\*\*", "", one))) for one in (page[1], text, lead.text)]
    assert bare[0] == bare[1] == bare[2]
    assert "".join(run.text for run in lead.runs if run.bold) == "".join(re.findall(r"\*\*(.*?)\*\*", text))


def test_every_form_has_the_same_parts_and_actions(docx: Any, shipped_library: Library) -> None:
    for audience in ("manager", "rep", "handover"):
        text = markdown(making.of_file(LANTING, shipped_library, "zh", audience), {})
        found = docx.Document(io.BytesIO(made(shipped_library, LANTING.read_text(), "zh", audience)))
        told = [one.text for one in found.paragraphs]
        assert [one.text for one in found.paragraphs if one.style.name == "Heading 1"] == re.findall(r"(?m)^## (.*)$", text)
        assert [one for one in told if "谁来做：" in one] == re.findall(r"(?m)^.*谁来做：.*$", text)
        assert all(one.strip() for one in told if one != ""), audience


def test_no_picture_is_taller_than_a_page(docx: Any, shipped_library: Library) -> None:
    content = made(shipped_library, making.crowd("Alexandrina Konstantinopoulos-Featherstonehaugh"))
    xml = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    sizes = [(int(wide) / 36_000, int(tall) / 36_000) for wide, tall in re.findall(r'<wp:extent cx="(\d+)" cy="(\d+)"', xml)]
    assert len(sizes) == 6
    assert all(wide <= 165.1 and tall <= 205.1 for wide, tall in sizes)
    assert max(tall for _, tall in sizes) > 200


def test_a_fault_in_a_word_template_is_told_with_its_file(docx: Any, shipped_library: Library, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("fine")
    document.add_paragraph("{{ nobody.knows }}")
    document.save(str(tmp_path / "brief.docx"))
    with pytest.raises(BadInput, match=r"brief\.docx:3:1: \[template-unknown-name\] Nothing is called 'nobody' here"):
        made(team(shipped_library, tmp_path), VELORA.read_text())
    document.paragraphs[1].text = "{{ cycler('a') }}"
    document.save(str(tmp_path / "brief.docx"))
    with pytest.raises(BadInput, match="template-forbidden"):
        made(team(shipped_library, tmp_path), VELORA.read_text())


def test_the_properties_of_a_word_template_are_not_carried_out(docx: Any, shipped_library: Library, tmp_path: Path) -> None:
    shutil.copy(shipped_library.templates[0] / "brief.docx", tmp_path)
    document = docx.Document(str(tmp_path / "brief.docx"))
    document.core_properties.comments = "{{ 7*7 }}"
    document.save(str(tmp_path / "brief.docx"))
    found = docx.Document(io.BytesIO(made(team(shipped_library, tmp_path), VELORA.read_text())))
    assert found.core_properties.comments == "{{ 7*7 }}"


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 broken"])
def test_what_is_no_word_document_is_told(content: bytes, docx: Any, shipped_library: Library, tmp_path: Path) -> None:
    (tmp_path / "brief.docx").write_bytes(content)
    with pytest.raises(KamcoachError, match=r"brief\.docx:1:1: \[bad-document\]"):
        made(team(shipped_library, tmp_path), VELORA.read_text())
