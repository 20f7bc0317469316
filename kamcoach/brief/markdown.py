"""A brief as Markdown that reads well as plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from kamcoach.advice.evaluate import PAGE
from kamcoach.advice.page import escape, named_template
from kamcoach.advice.speech import Speech
from kamcoach.advice.template import Sandbox, render
from kamcoach.advice.words import plain, printable
from kamcoach.brief.document import Brief, file_name
from kamcoach.brief.pictures import picture_sandbox

_LOOSE: Final = re.compile(r"(?m)^((?:- |\d+\. |\|).*)\n\n(?=- |\d+\. |\|)")

_CLOSE: Final = re.compile(r"(?m)^((?:- |\d+\. |\|).*)\n(?!- |\d+\. |\||\n| )")


def markdown(brief: Brief, files: Mapping[str, str], template_name: str = "") -> str:
    """The text; `files` are the pictures that lie beside it, by name. Raises BadInput with the line of a template that failed."""
    speech = brief.speech
    template, at = named_template(file_name(template_name, "md.j2"), speech.library, text_sandbox(speech))
    text = render(template, {**brief.names, "pictures": dict(files)}, at, PAGE)
    tight = _LOOSE.sub(r"\1\n", re.sub(r"\n{3,}", "\n\n", text))
    return printable(_CLOSE.sub(r"\1\n\n", tight).strip()) + "\n"


def text_sandbox(speech: Speech) -> Sandbox:
    """What the template may use; text from deals and plays is escaped, so that it shows as it is written."""
    own = {"dots": lambda value, most=5: _dots(value, most)}
    return Sandbox(speech.language, {**picture_sandbox(speech).filters, **own}, lambda value: escape(plain(value, speech.language)))


def _dots(value: object, most: int) -> str:
    """`●●●○○` for 3 of 5; a question mark if the number is not recorded."""
    if not isinstance(value, (int, float)):
        return "?"
    full = min(max(0, round(value)), most)
    return "●" * full + "○" * (most - full)
