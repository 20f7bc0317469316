"""A report laid out by a template of the playbook, as Markdown or as text for a terminal."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from kamcoach.advice.evaluate import PAGE
from kamcoach.advice.speech import Speech
from kamcoach.advice.template import Sandbox, compile_source, render
from kamcoach.advice.words import printable
from kamcoach.errors import BadInput, KamcoachError
from kamcoach.model.playbook import Library
from kamcoach.reading.inside import stray
from kamcoach.reading.nodes import Refused, decode, read_bytes
from kamcoach.source import Location

_SPECIAL: Final = re.compile(r"([\\`*_<>|\[\]~#]|&(?=#?\w+;))")
_BLOCK: Final = re.compile(r"^(?:([=+-])|(\d+)([.)]))")
_MARK: Final = re.compile(r"\\([\\`*_<>|\[\]~&#=+.)-])|\*\*|`")
_ITEM: Final = re.compile(r"^(\s*)(- |\d+\. )(.*)$")
_LOOSE: Final = re.compile(r"(?m)^((?:- |\d+\. ).*)\n\n(?=- |\d+\. )")
_NO_START: Final = "，。、；：？！）》」』】”’…,.;:?!)]}"
_NO_END: Final = "（《「『【“‘([{"
_OPEN, _CLOSE = "\x01", "\x02"
"""Around strong text while lines are made; no deal can hold them."""
Paint = Callable[[str, str], str]
"""Puts a style (`title`, `heading`, `strong`, `code`) on a text."""


def markdown(data: Mapping[str, Any], speech: Speech) -> str:
    """The report as Markdown; text from deals and plays is escaped, so that it shows as it is written."""
    template, at = named_template(f"advice.{speech.language}.md.j2", speech.library, speech.sandbox)
    text = render(template, _escaped({**data, "as_of": speech.consultation.as_of}), at, PAGE)
    return printable(_LOOSE.sub(r"\1\n", re.sub(r"\n{3,}", "\n\n", text)).strip()) + "\n"


def starter(library: Library, language: str, names: Mapping[str, str]) -> str:
    """A commented deal file to start from; the filter `quoted` makes a text safe for YAML."""
    sandbox = Sandbox(language, {"quoted": lambda text: json.dumps(text, ensure_ascii=False)})
    template, at = named_template(f"deal.{language}.yaml.j2", library, sandbox)
    return printable(render(template, names, at, PAGE).strip()) + "\n"


def nearest_file(name: str, library: Library) -> Path | None:
    """A file among the templates of the nearest playbook that has it."""
    return next((folder / name for folder in library.templates if (folder / name).is_file()), None)


def template_file(name: str, library: Library) -> Path:
    """The file of a template. Raises KamcoachError if no playbook has it."""
    path = nearest_file(name, library)
    if path is None:
        raise KamcoachError(f"The playbook has no template {name}.")
    return path


def named_template(name: str, library: Library, sandbox: Sandbox) -> tuple[Any, Location]:
    """The template of the nearest playbook that has it."""
    path = template_file(name, library)
    return compile_source(sandbox, template_text(path), Location(str(path))), Location(str(path))


def template_text(path: Path) -> str:
    """The text of a file in the templates of a playbook. Raises BadInput."""
    try:
        return decode(template_bytes(path), str(path))
    except Refused as refused:
        raise BadInput([refused.diagnostic]) from refused


def template_bytes(path: Path) -> bytes:
    """What a file in the templates of a playbook holds. Raises BadInput, also for a link that leads out of the playbook."""
    if away := list(stray([path], path.parent.parent)):
        raise BadInput(away)
    try:
        return read_bytes(path)
    except Refused as refused:
        raise BadInput([refused.diagnostic]) from refused


def _escaped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _escaped(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_escaped(one) for one in value]
    return escape(value) if isinstance(value, str) else value


def escape(text: str) -> str:
    """Markdown signs made plain; line breaks, list items at the start of a line and blank lines stay."""
    lines = []
    for line in text.splitlines():
        match = _ITEM.match(line)
        head, rest = (match[1] + match[2], match[3]) if match else (re.match(" {0,3}", line)[0], line.lstrip())  # type: ignore[index]
        lines.append(head + _BLOCK.sub(lambda found: f"{found[2] or ''}\\{found[3] or found[1]}", _SPECIAL.sub(r"\\\1", rest)))
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
        yield from (paint(part, style) for part in wrap(_bare(heading[2]).translate({1: None, 2: None}), width))
        return
    item = _ITEM.match(line)
    indent = item[1] + item[2] if item else ""
    hang, strong = " " * text_width(indent), ""
    for part in wrap(_bare(item[3] if item else line), max(20, width - len(hang))):
        yield indent + _strong(strong + part, paint)
        indent, strong = hang, _OPEN if (strong + part).rfind(_OPEN) > part.rfind(_CLOSE) else ""


def _bare(text: str) -> str:
    """Without Markdown signs; strong text stands between marks."""
    marks = cycle((_OPEN, _CLOSE))
    return _MARK.sub(lambda found: found[1] or (next(marks) if found[0] == "**" else ""), text)


def _strong(text: str, paint: Paint) -> str:
    text = re.sub(f"{_OPEN}([^{_OPEN}{_CLOSE}]+)", lambda match: paint(match[1], "strong"), text)
    return text.replace(_OPEN, "").replace(_CLOSE, "")


@cache
def _columns(char: str) -> int:
    """How wide a character shows: Chinese takes two columns, what only modifies another takes none."""
    if char in (_OPEN, _CLOSE) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def text_width(text: str) -> int:
    return len(text) - text.count(_OPEN) - text.count(_CLOSE) if text.isascii() else sum(map(_columns, text))


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns. Chinese breaks between characters, but no closing mark begins a line."""
    lines: list[str] = []
    line = ""
    for piece in pieces(text):
        if line.strip() and text_width(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
        while text_width(line.rstrip()) > width:
            place = _cut(line, width)
            lines.append(line[:place].rstrip())
            line = line[place:].lstrip()
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _cut(text: str, width: int) -> int:
    """Where to cut a word that is wider than a line."""
    most = next(place for place in range(1, len(text)) if text_width(text[: place + 1]) > width)
    return next((place for place in range(most, 0, -1) if _columns(text[place]) and text[place:].lstrip()[:1] not in _NO_START), most)


def pieces(text: str) -> Iterator[str]:
    """Where a line may break: after spaces, and around wide characters."""
    piece = last = ""
    for char in text:
        if _columns(char):
            if last and _may_break(last, char):
                yield piece
                piece = ""
            last = char
        piece += char
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in _NO_START:
        return False
    return before == " " or (before not in _NO_END and 2 in (_columns(before), _columns(after)))
