"""A new play: its sections in both languages, as the playbook declares them."""

from __future__ import annotations

from typing import Final

from kamcoach.model.fact import Words
from kamcoach.model.playbook import Library
from kamcoach.reading.shapes import LANGUAGES

_NEEDED: Final = ("headline", "do")
_TO_WRITE: Final[Words] = {
    "en": "what belongs under this heading; leave the section out if there is nothing",
    "zh": "这一节写什么；没有就整节删掉",
}


def play_text(library: Library, headline: Words, do: Words) -> str:
    """The play file. Sections that may be left out hold a note that no rep ever sees."""
    return "".join(_language(one, library, headline, do) for one in LANGUAGES)


def _language(language: str, library: Library, headline: Words, do: Words) -> str:
    said = {"headline": headline, "do": do}
    lines = [f"# {language}"]
    for section, headings in library.sections.items():
        text = plain(said[section][language]) if section in _NEEDED else f"{{# {_TO_WRITE[language]} #}}"
        lines.extend((f"## {headings.get(language, section)}", text))
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """A line of text in which no sign begins a template."""
    return " ".join(text.split()).replace("{", "(").replace("}", ")").lstrip("#").strip()
