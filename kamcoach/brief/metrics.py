"""How wide a text is in a picture, before any font is at hand, and how it breaks into lines.

Widths are those of DejaVu Sans, the widest of the usual fonts for the screen: what fits in them fits in Arial, Helvetica, Segoe UI and
Roboto too. Chinese takes one em a character in every font.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import Final

from kamcoach.advice.page import pieces

_BY_WIDTH: Final = {
    280: "Iijl'|",
    320: " .,:;·",
    400: '()[]{}-/\\"rtf!`´°‘’“”',
    460: "1J",
    530: "sczk?*_",
    600: "aegnhobdpquvxyLFE",
    640: "0123456789SZTPYKX$€£",
    700: "ABCRV&",
    790: "DGHNUOQwÆ<>+=~#^",
    1000: "Mm%W@—…–",
}
_EM: Final = {char: width / 1000 for width, chars in _BY_WIDTH.items() for char in chars}
_AFTER_HYPHEN: Final = re.compile(r"(?<=\w[-/])(?=\w)")
_USUAL: Final = 0.7
_BOLD: Final = 1.1
_ELLIPSIS: Final = "…"
_FEW: Final = 4
_FARTHEST: Final = 400
"""Characters of one text that are ever looked at: no picture has room for more."""


@cache
def _em(char: str) -> float:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(char) in "WF" or ord(char) > 0xFFFF:
        return 1
    return _EM.get(char) or _EM.get(unicodedata.normalize("NFD", char)[0], _USUAL)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text shows at most, in the units of `size`."""
    return sum(em if em == 1 else em * _BOLD for em in map(_em, text)) * size if bold else sum(map(_em, text)) * size


def lines(text: str, room: float, size: float, most: int = 2, *, bold: bool = False) -> list[str]:
    """A text in at most `most` lines of a width; what does not fit ends in an ellipsis. A word that is too long is cut."""
    wide = partial(width, size=size, bold=bold)
    found = [""]
    for piece in _cut(_words(text[:_FARTHEST]), room, wide):
        if found[-1] and wide((found[-1] + piece).rstrip()) > room:
            if len(found) == most:
                return [*(line.strip() for line in found[:-1]), _ended(found[-1], room, wide)]
            found.append("")
        found[-1] += piece if found[-1] else piece.lstrip()
    if len(text) > _FARTHEST:
        found[-1] = _ended(found[-1], room, wide)
    return [line.strip() for line in found if line.strip()]


def size_for(text: str, room: float, sizes: Sequence[float], *, bold: bool = False) -> float:
    """The first size at which no word of a text has to be cut, else the last; a name of a few signs is one word."""
    words = [text] if len(text) <= _FEW else list(_words(text[:_FARTHEST]))
    fitting = (size for size in sizes if all(width(word.strip(), size, bold=bold) <= room for word in words))
    return next(fitting, sizes[-1])


def fits(text: str, room: float, size: float, most: int, *, bold: bool = False) -> bool:
    """Whether a text stands whole in `most` lines, none of its words cut."""
    whole = all(width(word.strip(), size, bold=bold) <= room for word in _words(text[:_FARTHEST]))
    return whole and len(lines(text, room, size, most + 1, bold=bold)) <= most


def _words(text: str) -> Iterator[str]:
    """Where a line may break: as in a terminal, and after a hyphen."""
    for piece in pieces(text):
        yield from _AFTER_HYPHEN.split(piece)


def _cut(words: Iterable[str], room: float, wide: Callable[[str], float]) -> Iterable[str]:
    """Words, those that are wider than a line in parts."""
    for word in words:
        rest = word
        while wide(rest.rstrip()) > room and len(rest) > 1:
            place = next((n for n in range(1, len(rest)) if wide(rest[: n + 1]) > room), len(rest))
            yield rest[:place]
            rest = rest[place:]
        yield rest


def _ended(line: str, room: float, wide: Callable[[str], float]) -> str:
    kept = line.rstrip(" ,，、;；:：.。")
    while kept and wide(kept + _ELLIPSIS) > room:
        kept = kept[:-1]
    return kept.rstrip() + _ELLIPSIS
