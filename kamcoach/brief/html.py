"""A brief as one HTML file that needs no network and no script."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from kamcoach.advice.evaluate import PAGE
from kamcoach.advice.page import named_template, nearest_file, template_text
from kamcoach.advice.speech import Speech
from kamcoach.advice.template import Sandbox, render
from kamcoach.advice.words import plain, printable
from kamcoach.brief.document import Brief, file_name
from kamcoach.brief.pictures import NARROW, WIDE, Markup, picture_sandbox
from kamcoach.brief.prose import rows
from kamcoach.errors import BadInput, KamcoachError
from kamcoach.source import Diagnostic, Location

STYLE: Final = "brief.css"
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What a browser may load and run for the page: nothing."""
_SHELL: Final = """\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="kamcoach">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def html(brief: Brief, template_name: str = "") -> str:
    """The page. `template_name` is the middle of the template's file name, `brief.<template_name>.html.j2`. Raises BadInput."""
    speech = brief.speech
    drawn = {"pictures": brief.pictures(WIDE), "small_pictures": brief.pictures(NARROW)}
    template, at = named_template(file_name(template_name, "html.j2"), speech.library, page_sandbox(speech))
    body = "\n".join(line for line in render(template, {**brief.names, **drawn}, at, PAGE).splitlines() if line.strip())
    return _SHELL.format(
        language={"zh": "zh-CN"}.get(speech.language, speech.language),
        policy=_POLICY,
        title=escape(printable(brief.title)),
        style=_style(speech),
        body=body,
    )


def page_sandbox(speech: Speech) -> Sandbox:
    """What the template of a page may use: the filters of pictures, and `prose`."""
    drawing = picture_sandbox(speech)
    return Sandbox(
        speech.language, {**drawing.filters, "prose": lambda text: prose(plain(text, speech.language))}, drawing.show, drawing.work
    )


def _style(speech: Speech) -> str:
    """The style sheet of the nearest playbook that has one; it cannot end its element."""
    path = nearest_file(STYLE, speech.library)
    if path is None:
        raise KamcoachError(f"The playbook has no {STYLE} in its templates.")
    text = template_text(path)
    if "</" in text:
        line = text[: text.index("</")].count("\n") + 1
        raise BadInput([Diagnostic(Location(str(path), line), "style-unsafe", "A style sheet cannot hold '</'.")])
    return printable(text).strip()


def prose(text: str) -> Markup:
    """A section of a play as paragraphs and lists; a word in brackets at the start of an item is set apart."""
    return Markup("\n".join(_blocks(text)))


def _blocks(text: str) -> Iterator[str]:
    inside = False
    for row in rows(text):
        if row["item"] != inside:
            inside = not inside
            yield "<ul>" if inside else "</ul>"
        if inside:
            tag = f'<span class="tag">{escape(row["tag"])}</span> ' if row["tag"] else ""
            yield f"<li>{tag}{escape(row['text'])}</li>"
        else:
            yield f"<p>{escape(row['text'])}</p>"
    if inside:
        yield "</ul>"
