"""What a picture or a Word template from a stranger cannot do: read a file, fetch anything, run anything, take all memory."""

from __future__ import annotations

import time
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest

from kamcoach.brief.clock import SECONDS
from kamcoach.brief.document import Brief
from kamcoach.brief.html import html
from kamcoach.brief.word import word
from kamcoach.errors import BadInput
from kamcoach.model.playbook import Library
from kamcoach.reading.finding import shipped
from kamcoach.source import Diagnostic
from tests.brief.making import of_file

SVG: Final = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="100">\n'
BOMB: Final = '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'
PICTURES: Final = {
    "a picture of this machine": f'{SVG}<image href="/etc/passwd" width="9" height="9"/></svg>',
    "a picture of this machine, as ever": f'{SVG}<image xlink:href="file:///etc/passwd"/></svg>',
    "a picture of the network": f'{SVG}<image href="https://example.org/x.png"/></svg>',
    "a picture in a filter": f'{SVG}<filter id="f"><feImage href="/etc/passwd"/></filter></svg>',
    "a blur without end": f'{SVG}<filter id="f"><feGaussianBlur stdDeviation="1000000"/></filter></svg>',
    "a script": f"{SVG}<script>alert(1)</script></svg>",
    "a page inside": f"{SVG}<foreignObject><iframe/></foreignObject></svg>",
    "a click": f'{SVG}<rect onclick="alert(1)"/></svg>',
    "a link": f'{SVG}<a xlink:href="javascript:alert(1)"><rect/></a></svg>',
    "a link as an attribute": f'{SVG}<g xlink:href="javascript:alert(1)"><rect/></g></svg>',
    "a style sheet": f"{SVG}<style>@import url(https://example.org)</style></svg>",
    "a style": f'{SVG}<rect style="fill: url(https://example.org/x)"/></svg>',
    "a fill": f'{SVG}<rect fill="url(/etc/passwd)"/></svg>',
    "copies of copies": f'{SVG}<defs><g id="a"><use href="#a"/></g></defs></svg>',
    "a pattern": f'{SVG}<pattern id="p"/></svg>',
    "a movement": f'{SVG}<animate attributeName="href"/></svg>',
    "a picture in a picture": f"{SVG}{SVG}</svg></svg>",
    "entities": f"{BOMB}{SVG}<text>&b;</text></svg>",
    "a file as an entity": f'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n{SVG}<text>&a;</text></svg>',
    "an instruction": f'<?xml-stylesheet href="https://example.org"?>\n{SVG}</svg>',
    "a size beyond all memory": SVG.replace('width="100"', 'width="99999999"') + "</svg>",
    "a size in figures of its own": SVG.replace('width="100"', 'width="1e9"') + "</svg>",
    "a box beyond all memory": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 99999 99999"></svg>',
    "half a picture": f"{SVG}<rect>",
    "no picture": "hello",
    "two pictures": f"{SVG}</svg>{SVG}</svg>",
    "a page": "<html><body>hello</body></html>",
}


@pytest.fixture(scope="module")
def whole(shipped_library: Library) -> Brief:
    return of_file(shipped("examples") / "velora-planning.yaml", shipped_library)


@pytest.fixture
def own(whole: Brief, tmp_path: Path) -> Brief:
    (tmp_path / "templates").mkdir()
    speech = whole.speech
    library = speech.library._replace(templates=(tmp_path / "templates", *speech.library.templates))
    return whole._replace(speech=type(speech)(speech.consultation, library, "en"))


def told(own: Brief) -> Diagnostic:
    begun = time.process_time()
    with pytest.raises(BadInput) as caught:
        word(own)
    assert time.process_time() - begun < 2
    (one,) = caught.value.diagnostics
    return one


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_shapes_and_text(own: Brief, name: str) -> None:
    path = own.speech.library.templates[0] / "picture.own.svg.j2"
    path.write_text(PICTURES[name], encoding="utf-8")
    with pytest.raises(BadInput, match="picture-unsafe") as caught:
        html(own)
    (one,) = caught.value.diagnostics
    assert one.at.path == str(path)
    assert one.at.line <= PICTURES[name].count("\n") + 1


def test_the_line_of_what_may_not_stand_there(own: Brief) -> None:
    path = own.speech.library.templates[0] / "picture.own.svg.j2"
    path.write_text(f'{SVG}<rect/>\n<image href="x"/></svg>', encoding="utf-8")
    with pytest.raises(BadInput, match=r"picture\.own\.svg\.j2:3:1: \[picture-unsafe\] '<image>' may not stand in a picture"):
        html(own)


FINE: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 300"><defs><linearGradient id="g"><stop offset="0"/></linearGradient></defs>'
    '<rect width="9" height="9" fill="url(#g)"/><text>1/2</text></svg>'
)


def test_a_picture_with_a_gradient(own: Brief) -> None:
    (own.speech.library.templates[0] / "picture.own.svg.j2").write_text(FINE, encoding="utf-8")
    assert "linearGradient" in own.pictures(340)["own"]


def _with(name: str, data: bytes) -> bytes:
    """The shipped document with another part."""
    made = BytesIO()
    path = shipped("playbooks") / "key-account" / "templates" / "brief.docx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        new.writestr(name, data)
    return made.getvalue()


def _relation(kind: str) -> bytes:
    types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{types}/{kind}" Target="https://example.org/x" TargetMode="External"/></Relationships>'
    ).encode()


BODY: Final = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
DOCUMENTS: Final = {
    "a template of elsewhere": ("unsafe-document", lambda: _with("word/_rels/settings.xml.rels", _relation("attachedTemplate"))),
    "a picture of elsewhere": ("unsafe-document", lambda: _with("word/_rels/footer1.xml.rels", _relation("image"))),
    "macros": ("unsafe-document", lambda: _with("word/vbaProject.bin", b"x")),
    "an object inside": ("unsafe-document", lambda: _with("word/embeddings/oleObject1.bin", b"x")),
    "entities": ("unsafe-document", lambda: _with("word/document.xml", BOMB.encode() + BODY + b"</w:body></w:document>")),
    "what unfolds": ("too-large", lambda: _with("word/media/image9.png", bytes(30_000_000))),
    "a broken part": ("bad-document", lambda: _with("word/document.xml", b"<w:document>")),
    "a document of something else": ("bad-document", lambda: _with("word/document.xml", b"<html/>")),
    "no content types": ("bad-document", lambda: _with("[Content_Types].xml", b"<Types/>")),
    "half": ("bad-document", lambda: _with("word/media/image9.png", b"x")[:9_000]),
    "no archive": ("bad-document", lambda: b"hello"),
    "nothing": ("bad-document", lambda: b""),
    "a hundred megabytes": ("too-large", lambda: bytes(100_000_000)),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_that_is_made_to_hurt(own: Brief, name: str) -> None:
    pytest.importorskip("docxtpl")
    code, data = DOCUMENTS[name]
    path = own.speech.library.templates[0] / "brief.docx"
    path.write_bytes(data())
    one = told(own)
    assert (one.code, one.at.path) == (code, str(path))


HARD: Final = {
    "braces": b"{" * 900_000,
    "tags that are opened": b"{% " * 300_000,
    "paragraphs that are opened": b"<w:p>" * 20_000,
    "torn tags": b"<w:t>{</w:t>" * 60_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HARD)
def test_a_document_that_is_hard_to_read(own: Brief, name: str) -> None:
    """docxtpl looks for tags that Word has torn apart, with searches that go through the text again and again."""
    pytest.importorskip("docxtpl")
    text = HARD[name]
    paragraph = b"<w:p><w:r><w:t>" + text + b"</w:t></w:r></w:p>" if b"<" not in text else text
    (own.speech.library.templates[0] / "brief.docx").write_bytes(_with("word/document.xml", BODY + paragraph + b"</w:body></w:document>"))
    begun = time.process_time()
    with pytest.raises(BadInput) as caught:
        word(own)
    assert all(one.at.path.endswith("brief.docx") for one in caught.value.diagnostics)
    assert time.process_time() - begun < SECONDS + 2
