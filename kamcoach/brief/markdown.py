"""A brief as Markdown that reads well as plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from kamcoach.advice.evaluate import PAGE
from kamcoach.advice.page import escape, named_template
from kamcoach.advice.speech import Speech
from kamcoach.advice.template import Sandbox, render
from kamcoach.advice.words import plain, printable
from kamcoach.brief.document import Brief, file_name
from kamcoach.brief.pictures import picture_sandbox
from kamcoach.brief.prose import rows

_KIND: Final = re.compile(r"(- )|(\d+\. )|(\|)")
"""How a line begins that belongs to a list, a numbered list, a table."""


def markdown(brief: Brief, files: Mapping[str, str], template_name: str = "") -> str:
    """The text; `files` are the pictures that lie beside it, by name. Raises BadInput with the line of a template that failed."""
    speech = brief.speech
    template, at = named_template(file_name(template_name, "md.j2"), speech.library, text_sandbox(speech))
    text = render(template, {**brief.names, "pictures": dict(files)}, at, PAGE)
    return printable("\n".join(_tidied(text.splitlines()))) + "\n"


def _tidied(written: Iterable[str]) -> Iterator[str]:
    """The lines without the blank ones that templates leave: none within a list or a table, one around it and between paragraphs."""
    before, gap = -1, False
    for row in written:
        if not row.strip():
            gap = True
            continue
        found = _KIND.match(row)
        kind = found.lastindex or 0 if found else 0
        if before >= 0 and (kind != before or (gap and not kind)):
            yield ""
        yield row.rstrip()
        before, gap = kind, False


def text_sandbox(speech: Speech) -> Sandbox:
    """What the template may use; text from deals and plays is escaped, so that it shows as it is written."""
    own: dict[str, Callable[..., Any]] = {
        "rows": lambda text: rows(plain(text, speech.language)),
        "dots": lambda value, most=5: _dots(value, most),
    }
    drawing = picture_sandbox(speech)
    return Sandbox(speech.language, {**drawing.filters, **own}, lambda value: escape(plain(value, speech.language)), drawing.work)


def _dots(value: object, most: int) -> str:
    """`●●●○○` for 3 of 5; a question mark if the number is not recorded."""
    if not isinstance(value, (int, float)):
        return "?"
    full = min(max(0, round(value)), most)
    return "●" * full + "○" * (most - full)
