"""Whether every link of a site leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from posixpath import dirname, join, normpath
from typing import Final
from urllib.parse import unquote

_LINK: Final = re.compile(r'<[a-z]+ [^<>]*?(?:href|src)="([^"]*)"')
_ANCHOR: Final = re.compile(r'<[a-z0-9]+ [^<>]*?\bid="([^"]*)"')


def broken(files: Mapping[str, str]) -> Iterator[str]:
    """The links that lead nowhere: `page.html: target`."""
    anchors = {path: {unescape(one) for one in _ANCHOR.findall(text)} for path, text in files.items() if path.endswith(".html")}
    for path in anchors:
        for link in dict.fromkeys(_LINK.findall(files[path])):
            target, _, anchor = unescape(link).partition("#")
            page = normpath(join(dirname(path), unquote(target))) if target else path
            if page not in files or (anchor and unquote(anchor) not in anchors.get(page, ())):
                yield f"{path}: {unescape(link)}"
