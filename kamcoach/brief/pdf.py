"""A brief as PDF: its page, set by WeasyPrint. Nothing is fetched; text that no font can show is not passed over in silence."""

from __future__ import annotations

import logging
import re
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from kamcoach.brief.document import Brief
from kamcoach.brief.html import html
from kamcoach.errors import KamcoachError

_NO_EXTRA: Final = "A PDF needs WeasyPrint; install it with: pip install 'kamcoach[pdf]'"
_NO_LIBRARY: Final = "WeasyPrint needs the Pango library; on Debian and Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0 ({error})"
_NO_FONT: Final = (
    "No font on this machine shows Chinese ('{char}'). Install Noto Sans CJK: apt install fonts-noto-cjk (Debian, Ubuntu), "
    "dnf install google-noto-sans-cjk-fonts (Fedora), brew install font-noto-sans-cjk (macOS)."
)
_TEXT: Final = re.compile(r"(?<=>)[^<>]{200,}(?=<)")
_UNBROKEN: Final = re.compile(r"([^\s&\u2e80-\uffff]{200})[^\s&\u2e80-\uffff]+")
"""Letters without a place to break a line; Chinese breaks anywhere."""
_MOST: Final = 3_000
_KEPT: Final = 500
_UNFINISHED: Final = re.compile("&[^;]*$")


def pdf(brief: Brief, template_name: str = "") -> bytes:
    """The bytes of the PDF. Raises KamcoachError if WeasyPrint, a library of it, or a Chinese font is missing."""
    page = _bounded(html(brief, template_name))
    maker = _weasyprint()
    with _unshown() as unshown:
        content: bytes = maker.HTML(string=page, url_fetcher=_no_fetcher(maker)).write_pdf()
    wide = next((char for char in unshown if unicodedata.east_asian_width(char) in "WF" and unicodedata.category(char) == "Lo"), "")
    if wide:
        raise KamcoachError(_NO_FONT.format(char=wide))
    return content


def _bounded(page: str) -> str:
    """The page with endless texts cut: the time that WeasyPrint takes grows with the square of their length, to minutes for a text of 3,000
    letters that stands in many places.
    """
    head, end, body = page.partition("</style>")
    return head + end + _TEXT.sub(lambda found: _cut(_UNBROKEN.sub(r"\1…", found[0])), body)


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else _UNFINISHED.sub("", text[:_KEPT]) + "…"


def _weasyprint() -> Any:
    try:
        maker, has_fonts = _imported()
    except ImportError as error:
        raise KamcoachError(_NO_EXTRA) from error
    except OSError as error:
        raise KamcoachError(_NO_LIBRARY.format(error=str(error).splitlines()[0])) from error
    if not has_fonts:
        raise KamcoachError(_NO_FONT.format(char="中"))
    return maker


@cache
def _imported() -> tuple[Any, bool]:
    """WeasyPrint, and whether there are fonts: it warns of that once, and then Pango takes the process down."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        import weasyprint
    return weasyprint, not any("FontConfig" in str(one.message) for one in told)


def _no_fetcher(maker: Any) -> Any:
    """What WeasyPrint asks for a file or an address, and never gets one from."""

    class NoFetcher(maker.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002
            raise ValueError(f"{url} is not fetched")

    return NoFetcher()


class _Listener(logging.Handler):
    """Keeps the characters that WeasyPrint reports as not shown by any font, and nothing else of what it says."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.chars: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(".notdef") and isinstance(record.args, tuple) and record.args:
            self.chars.append(str(record.args[0]))


@contextmanager
def _unshown() -> Iterator[list[str]]:
    logger, listener = logging.getLogger("weasyprint"), _Listener()
    before, spread = logger.handlers[:], logger.propagate
    logger.handlers, logger.propagate = [listener], False
    try:
        yield listener.chars
    finally:
        logger.handlers, logger.propagate = before, spread
