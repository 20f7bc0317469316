"""A brief as a Word document: a `.docx` of the playbook that is edited in Word, filled by docxtpl, carried out by the sandbox of plays."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from datetime import datetime, time
from html import escape, unescape
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from kamcoach.advice.evaluate import PAGE
from kamcoach.advice.page import template_file
from kamcoach.advice.template import Sandbox, compile_source, render
from kamcoach.advice.words import plain, printable
from kamcoach.brief.document import Brief, file_name
from kamcoach.brief.pictures import WIDE, picture_sandbox
from kamcoach.brief.prose import rows
from kamcoach.errors import KamcoachError
from kamcoach.source import Location

_NO_EXTRA: Final = "A Word document needs docxtpl and resvg-py; install them with: pip install 'kamcoach[docx]'"
_MAX_XML: Final = 4_000_000
_MILLIMETRES: Final = 165
_SHARPNESS: Final = 3
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_ILLEGAL: Final = re.compile("[\ufffe\uffff]")


def word(brief: Brief, template_name: str = "") -> bytes:
    """The bytes of the document. Raises KamcoachError if an extra is missing, BadInput with the paragraph of a template that failed."""
    path = template_file(file_name(template_name, "docx"), brief.speech.library)
    made = _filler(path, brief)
    pictures = {name: _Picture(svg, made) if svg else "" for name, svg in brief.pictures(WIDE).items()}
    made.render({**brief.names, "pictures": pictures})
    _sign(made.docx.core_properties, brief)
    store = BytesIO()
    made.save(store)
    return _same_each_time(store)


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
        inline = str(InlineImage(self.made, image, width=Mm(_MILLIMETRES)))
        said = re.search(r"<desc[^>]*>(.*?)</desc>", self.svg, re.DOTALL)
        text = escape(unescape(said[1]).strip()) if said else ""
        return re.sub(r"(<wp:docPr [^>]*?)(/?>)", lambda found: f'{found[1]} descr="{text}"{found[2]}', inline, count=1)


def _filler(path: Path, brief: Brief) -> Any:
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
        made = Filler(str(path))
        made.init_docx()
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, PackageNotFoundError) as error:
        raise KamcoachError(f"{path} is no Word document.") from error
    return made


def _sandbox(brief: Brief) -> Sandbox:
    language = brief.speech.language

    def shown(value: Any) -> str:
        return value.xml() if isinstance(value, _Picture) else escape(_ILLEGAL.sub("", printable(plain(value, language))))

    filters = {**picture_sandbox(brief.speech).filters, "rows": lambda text: rows(plain(text, language))}
    return Sandbox(language, filters, shown)


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
