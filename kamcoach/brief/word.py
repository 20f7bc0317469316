"""A brief as a Word document: a `.docx` of the playbook that is edited in Word, filled by docxtpl, carried out by the sandbox of plays."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime, time
from html import escape, unescape
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from kamcoach.advice.evaluate import PAGE
from kamcoach.advice.page import template_bytes, template_file
from kamcoach.advice.template import Sandbox, compile_source, render
from kamcoach.advice.words import plain, printable
from kamcoach.brief.clock import in_time
from kamcoach.brief.document import Brief, file_name
from kamcoach.brief.pictures import WIDE, picture_sandbox
from kamcoach.brief.prose import rows
from kamcoach.errors import BadInput, KamcoachError
from kamcoach.reading.shapes import short
from kamcoach.source import Diagnostic, Location

_NO_EXTRA: Final = "A Word document needs docxtpl and resvg-py; install them with: pip install 'kamcoach[docx]'"
_MAX_XML: Final = 4_000_000
_MILLIMETRES: Final = 165
_MOST_TALL: Final = 205
_SHARPNESS: Final = 3
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_MAX_UNFOLDED: Final = 20_000_000
_MAX_PARTS: Final = 500
_MACROS: Final = re.compile(r"(?i)vbaproject|/embeddings/|/activex/|/externallinks/")
_LOADED: Final = re.compile(rb"""<!DOCTYPE|<!ENTITY|<Relationship (?![^>]*/hyperlink")[^>]*TargetMode\s*=\s*["']External""")
_BROKEN: Final = (ArithmeticError, AttributeError, EOFError, LookupError, OSError, SyntaxError, TypeError, ValueError, zipfile.BadZipFile)
"""What python-docx, lxml and the standard library raise at a document that is damaged, or made to look so."""


def word(brief: Brief, template_name: str = "") -> bytes:
    """The bytes of the document. Raises KamcoachError if an extra is missing, BadInput with the paragraph of a template that failed."""
    path = template_file(file_name(template_name, "docx"), brief.speech.library)
    data = template_bytes(path)
    _check_package(data, path)
    made = _filler(data, path, brief)
    pictures = {name: _Picture(svg, made) if svg else "" for name, svg in brief.pictures(WIDE).items()}
    store = BytesIO()
    try:
        with in_time(Location(str(path))):
            made.render({**brief.names, "pictures": pictures})
        _sign(made.docx.core_properties, brief)
        made.save(store)
    except _BROKEN as error:  # what the template printed is no document
        raise _bad(path) from error
    return _same_each_time(store)


def _check_package(data: bytes, path: Path) -> None:
    """Refuse what a document never needs, before any of its XML is read: macros, entities, what is loaded when it is opened."""
    at = Location(str(path))
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNFOLDED:
                raise BadInput([Diagnostic(at, "too-large", f"The document unfolds to more than {_MAX_UNFOLDED // 1_000_000} MB.")])
            for part in parts:
                if _MACROS.search(part.filename) or (part.filename.endswith((".xml", ".rels")) and _LOADED.search(archive.read(part))):
                    message = f"The document holds macros, or loads something from elsewhere ({short(part.filename)})."
                    raise BadInput([Diagnostic(at, "unsafe-document", message, "copy its text into a new document")])
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise _bad(path) from error


class _Picture:
    """A picture that becomes a part of the document where the template names it."""

    def __init__(self, svg: str, made: Any) -> None:
        self.svg = svg
        self.made = made

    def xml(self) -> str:
        import resvg_py
        from docx.shared import Mm
        from docxtpl import InlineImage

        image = BytesIO(resvg_py.svg_to_bytes(svg_string=self.svg, zoom=_SHARPNESS, background="#ffffff"))
        box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', self.svg)
        tall = _MILLIMETRES * float(box[2]) / float(box[1]) if box else 0
        size = {"height": Mm(_MOST_TALL)} if tall > _MOST_TALL else {"width": Mm(_MILLIMETRES)}
        inline = str(InlineImage(self.made, image, **size))
        said = re.search(r"<desc[^>]*>(.*?)</desc>", self.svg, re.DOTALL)
        text = escape(unescape(said[1]).strip()) if said else ""
        return re.sub(r"(<wp:docPr [^>]*?)(/?>)", lambda found: f'{found[1]} descr="{text}"{found[2]}', inline, count=1)


def _filler(data: bytes, path: Path, brief: Brief) -> Any:
    """docxtpl on a template, with our own templates in place of Jinja's: what may stand in a play may stand there too."""
    try:
        import resvg_py  # noqa: F401  # told before anything is worked out
        from docx.opc.exceptions import PackageNotFoundError
        from docxtpl import DocxTemplate
    except ImportError as error:
        raise KamcoachError(_NO_EXTRA) from error
    sandbox = _sandbox(brief)

    class Filler(DocxTemplate):  # type: ignore[misc]
        def render_xml_part(self, src_xml: str, part: Any, context: Mapping[str, Any], jinja_env: Any = None) -> str:  # noqa: ARG002
            self.current_rendering_part = part
            source, at = re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml), Location(str(path))
            text = render(compile_source(sandbox, source, at, _MAX_XML), context, at, PAGE)
            return str(self.resolve_listing(re.sub(r"\n<w:p([ >])", r"<w:p\1", text)))

        def render_properties(self, context: Mapping[str, Any], jinja_env: Any = None) -> None:
            """The properties of the document are set by us; a template has no say in them."""

    try:
        made = Filler(BytesIO(data))
        made.init_docx()
    except (*_BROKEN, PackageNotFoundError) as error:
        raise _bad(path) from error
    return made


def _bad(path: Path) -> BadInput:
    return BadInput([Diagnostic(Location(str(path)), "bad-document", "This is no readable Word document.", "save it anew as .docx")])


def _sandbox(brief: Brief) -> Sandbox:
    language = brief.speech.language

    def shown(value: Any) -> str:
        return value.xml() if isinstance(value, _Picture) else escape(printable(plain(value, language)))

    drawing = picture_sandbox(brief.speech)
    return Sandbox(language, {**drawing.filters, "rows": lambda text: rows(plain(text, language))}, shown, drawing.work)


def _sign(properties: Any, brief: Brief) -> None:
    day = datetime.combine(brief.speech.consultation.as_of, time())
    properties.title = brief.title[:255]
    properties.author = properties.last_modified_by = "kamcoach"
    properties.created = properties.modified = day
    properties.language = brief.speech.language


def _same_each_time(store: BytesIO) -> bytes:
    """The same archive without the time at which it was made."""
    made = BytesIO()
    with zipfile.ZipFile(store) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return made.getvalue()
