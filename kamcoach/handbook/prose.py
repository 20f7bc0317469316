"""Texts of plays and manual pages as blocks that a page lays out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final, Literal, NamedTuple

from markupsafe import Markup, escape

_ITEM: Final = re.compile(r"^\s*[-*] +")
_FENCE: Final = re.compile(r"^```\w*\n(.*?)\n```$", re.DOTALL | re.MULTILINE)
_MARKED: Final = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*")


class Block(NamedTuple):
    """A paragraph, the items of a list, or a text whose lines and spaces stay as they are."""

    kind: Literal["p", "ul", "pre"]
    texts: tuple[str, ...]


def blocks(text: str) -> tuple[Block, ...]:
    """A text, cut at its fences, empty lines and list items. Lines of a paragraph run on; each of a play is one already."""
    found: list[Block] = []
    for number, piece in enumerate(_FENCE.split(text)):
        if number % 2:
            found.append(Block("pre", (piece,)))
        else:
            found += [block for part in re.split(r"\n\s*\n", piece) for block in _plain(part)]
    return tuple(found)


def _plain(part: str) -> Iterator[Block]:
    lines = [line for line in part.splitlines() if line.strip()]
    for listed, group in groupby(lines, key=lambda line: bool(_ITEM.match(line))):
        if listed:
            yield Block("ul", tuple(_ITEM.sub("", line) for line in group))
        else:
            yield Block("p", (" ".join(line.strip() for line in group),))


def inline(text: str) -> Markup:
    """Code and strong words of a manual page; everything else shows as it is written."""
    parts: list[str] = []
    end = 0
    for found in _MARKED.finditer(text):
        parts += [escape(text[end : found.start()]), _tag("code", found[1]) if found[1] else _tag("strong", found[2])]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def _tag(name: str, text: str) -> Markup:
    return Markup(f"<{name}>{{}}</{name}>").format(text)
