"""What a picture may be made of: shapes and text, and nothing that loads, runs or repeats itself.

Pictures go into pages, into documents and to customers. What draws them for a document would read files of this machine (`<image>`), and
can be made to take all memory by a size or by copies of copies.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from xml.parsers import expat

from kamcoach.errors import BadInput
from kamcoach.source import Diagnostic, Location

MAX_AREA: Final = 4_000_000
"""Square units of a picture, whatever its sides."""
_ELEMENTS: Final = frozenset(
    (
        *("svg", "title", "desc", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
        *("defs", "marker", "clipPath", "linearGradient", "radialGradient", "stop"),
    )
)
_LENGTH: Final = re.compile(r"\s*(\d{1,9}(?:\.\d{1,9})?)(?:px)?\s*")
_HINT: Final = "a picture is made of shapes and text; see docs/how-to/brief.md"


def checked(svg: str, at: Location) -> str:
    """The picture, if it may be drawn. Raises BadInput with the line of its template."""
    try:
        _parse(svg)
    except _Forbidden as found:
        raise _refused(str(found), found.word, at) from found
    except expat.ExpatError as error:
        raise _refused(f"The template makes no readable picture ({expat.errors.messages[error.code]}).", "<svg", at) from error
    return svg


class _Forbidden(Exception):
    """What may not stand in a picture, and the word by which it is found in the template."""

    def __init__(self, message: str, word: str) -> None:
        super().__init__(message)
        self.word = word


def _refused(message: str, word: str, at: Location) -> BadInput:
    source = Path(at.path).read_text(encoding="utf-8", errors="replace")
    line = source[: max(0, source.find(word))].count("\n") + 1
    return BadInput([Diagnostic(Location(at.path, line), "picture-unsafe", message, _HINT)])


def _parse(svg: str) -> None:
    parser = expat.ParserCreate()
    inside: list[str] = []

    def begun(name: str, attributes: dict[str, str]) -> None:
        if name not in _ELEMENTS or (name == "svg") != (not inside):
            raise _Forbidden(f"'<{name[:40]}>' may not stand in a picture.", f"<{name}")
        for key, value in attributes.items():
            _check_attribute(key, value)
        if not inside:
            _check_size(attributes)
        inside.append(name)

    def doctype(*_: object) -> None:
        raise _Forbidden("'<!DOCTYPE>' may not stand in a picture.", "<!DOCTYPE")

    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = begun, lambda _name: inside.pop(), doctype
    parser.ProcessingInstructionHandler = lambda target, _data: _forbid_instruction(target)
    parser.Parse(svg, True)  # noqa: FBT003  (that this is all of it)


def _forbid_instruction(target: str) -> None:
    raise _Forbidden(f"'<?{target[:40]}>' may not stand in a picture.", f"<?{target}")


def _check_attribute(key: str, value: str) -> None:
    """Nothing that runs, nothing that is loaded; `url(#…)` points to a part of the picture itself."""
    name = key.rpartition(":")[2].lower()
    text = "".join(value.split()).lower().replace("\\", "/")
    if name.startswith("on") or name == "href" or text.replace("url(#", "").find("url(") >= 0 or ("/" in text and name == "style"):
        raise _Forbidden(f"'{key[:40]}' may not say this in a picture.", key)


def _check_size(attributes: dict[str, str]) -> None:
    """What a picture does not say of its size, its `viewBox` says."""
    box = attributes.get("viewBox", "").replace(",", " ").split()[2:]
    area = 1.0
    for name, inner in zip(("width", "height"), box if len(box) == 2 else ("100", "100"), strict=True):
        said = _LENGTH.fullmatch(attributes.get(name, inner))
        if said is None:
            raise _Forbidden(f"The '{name}' of a picture is a plain number.", "<svg")
        area *= max(1.0, float(said[1]))
    if area > MAX_AREA:
        raise _Forbidden(f"A picture is at most {MAX_AREA:,} square units large.", "<svg")
