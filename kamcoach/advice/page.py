"""A report laid out by a template of the playbook, as Markdown or as text for a terminal."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from kamcoach.advice.speech import Speech
from kamcoach.advice.template import Sandbox, compile_source, render
from kamcoach.errors import KamcoachError
from kamcoach.model.playbook import Library
from kamcoach.reading.nodes import Refused, read_text
from kamcoach.source import Location

_SPECIAL: Final = re.compile(r"([\\`*_<>|\[\]~])")
_ITEM: Final = re.compile(r"^(\s*)(- |\d+\. )(.*)$")
_LOOSE: Final = re.compile(r"(?m)^((?:- |\d+\. ).*)\n\n(?=- |\d+\. )")
_NO_START: Final = "，。、；：？！）》」』】”’…,.;:?!)]}"
_NO_END: Final = "（《「『【“‘([{"
Paint = Callable[[str, str], str]
"""Puts a style (`title`, `heading`, `strong`, `code`) on a text."""


def markdown(data: Mapping[str, Any], speech: Speech) -> str:
    """The report as Markdown; text from deals and plays is escaped, so that it shows as it is written."""
    template, at = _template(f"advice.{speech.language}.md.j2", speech.library, speech.sandbox)
    text = render(template, _escaped({**data, "as_of": speech.consultation.as_of}), at)
    return _LOOSE.sub(r"\1\n", re.sub(r"\n{3,}", "\n\n", text)).strip() + "\n"


def starter(library: Library, language: str, names: Mapping[str, str]) -> str:
    """A commented deal file to start from; the filter `quoted` makes a text safe for YAML."""
    sandbox = Sandbox(language, {"quoted": lambda text: json.dumps(text, ensure_ascii=False)})
    template, at = _template(f"deal.{language}.yaml.j2", library, sandbox)
    return render(template, names, at).strip() + "\n"


def _template(name: str, library: Library, sandbox: Sandbox) -> tuple[Any, Location]:
    """The template of the nearest playbook that has it."""
    for folder in library.templates:
        path = folder / name
        if path.is_file():
            try:
                source = read_text(path)
            except Refused as refused:
                raise KamcoachError(str(refused.diagnostic)) from refused
            return compile_source(sandbox, source, Location(str(path))), Location(str(path))
    raise KamcoachError(f"The playbook has no template {name}.")


def _escaped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _escaped(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_escaped(one) for one in value]
    return _escape(value) if isinstance(value, str) else value


def _escape(text: str) -> str:
    """Markdown signs made plain; line breaks, list items at the start of a line and blank lines stay."""
    lines = []
    for line in text.splitlines():
        match = _ITEM.match(line)
        head, rest = (match[1] + match[2], match[3]) if match else ("", line.lstrip() if line.lstrip().startswith("#") else line)
        lines.append(head + re.sub(r"^#", r"\\#", _SPECIAL.sub(r"\\\1", rest)))
    return "\n".join(lines)


def terminal(source: str, width: int, paint: Paint) -> str:
    """Markdown as text for a terminal: wrapped by display width, headings and strong words painted."""
    lines: list[str] = []
    for line in source.splitlines():
        lines.extend(_laid_out(line, width, paint))
    return "\n".join(lines) + "\n"


def _laid_out(line: str, width: int, paint: Paint) -> Iterator[str]:
    heading = re.match(r"^(#{1,3}) (.*)$", line)
    if heading:
        style = {1: "title", 2: "heading", 3: "strong"}[len(heading[1])]
        yield from (paint(part, style) for part in wrap(_bare(heading[2]), width))
        return
    item = _ITEM.match(line)
    indent = item[1] + item[2] if item else ""
    body = item[3] if item else line
    hang = " " * _width(indent)
    for number, part in enumerate(wrap(_bare(body, keep_strong=True), max(20, width - len(hang)))):
        yield (indent if number == 0 else hang) + _strong(part, paint)


def _bare(text: str, *, keep_strong: bool = False) -> str:
    """Without Markdown signs; strong text stays between control marks that no deal can hold."""
    text = re.sub(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*", "\x01\\1\x02" if keep_strong else r"\1", text)
    text = re.sub(r"(?<!\\)`(.+?)(?<!\\)`", r"\1", text)
    return re.sub(r"\\([\\`*_<>|\[\]~#])", r"\1", text)


def _strong(text: str, paint: Paint) -> str:
    text = re.sub("\x01([^\x01\x02]*)(\x02|$)", lambda match: paint(match[1], "strong"), text)
    return text.replace("\x01", "").replace("\x02", "")


def _width(text: str) -> int:
    return sum(0 if c in "\x01\x02" or unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns. Chinese breaks between characters, but no closing mark begins a line."""
    lines: list[str] = []
    current, used = "", 0
    for piece in _pieces(text):
        size = _width(piece)
        if used + size > width and current.strip():
            lines.append(current.rstrip())
            current = piece.lstrip()
            used = _width(current)
        else:
            current += piece
            used += size
    return [*lines, current.rstrip()] if current.strip() or not lines else lines


def _pieces(text: str) -> Iterator[str]:
    """Where a line may break: after spaces, and around wide characters."""
    piece = ""
    for place, char in enumerate(text):
        piece += char
        following = text[place + 1 : place + 2]
        wide = unicodedata.east_asian_width(char) in "WF" or (following and unicodedata.east_asian_width(following) in "WF")
        breakable = char == " " or (wide and char not in _NO_END)
        if breakable and following and following not in _NO_START and following != " ":
            yield piece
            piece = ""
    if piece:
        yield piece
