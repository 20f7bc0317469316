"""The forms that a brief can have, and what makes each; what needs an extra is imported only when it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from kamcoach.brief.document import Brief


class Form(NamedTuple):
    """A form: the endings of its files, and what makes it of a brief, its picture files and the name of a template."""

    endings: tuple[str, ...]
    make: Callable[[Brief, Mapping[str, str], str], str | bytes]


def _html(found: Brief, _files: Mapping[str, str], template: str) -> str:
    from kamcoach.brief.html import html

    return html(found, template)


def _markdown(found: Brief, files: Mapping[str, str], template: str) -> str:
    from kamcoach.brief.markdown import markdown

    return markdown(found, files, template)


def _pdf(found: Brief, _files: Mapping[str, str], template: str) -> bytes:
    from kamcoach.brief.pdf import pdf

    return pdf(found, template)


def _docx(found: Brief, _files: Mapping[str, str], template: str) -> bytes:
    from kamcoach.brief.word import word

    return word(found, template)


FORMS: Final[Mapping[str, Form]] = {
    "html": Form((".html", ".htm"), _html),
    "md": Form((".md", ".markdown"), _markdown),
    "pdf": Form((".pdf",), _pdf),
    "docx": Form((".docx",), _docx),
}
