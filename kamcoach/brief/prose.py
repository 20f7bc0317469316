"""The text of a play taken apart into paragraphs and list items."""

from __future__ import annotations

import re
from typing import Any, Final

_ITEM: Final = re.compile(r"^\s*(?:- |\d+\. )(?:\[([^\]]{1,40})\] ?)?(.*)$")


def rows(text: str) -> list[dict[str, Any]]:
    """One row a line that is not blank: `item` (whether it is one of a list), `tag` (the word in brackets at its start), `text`."""
    found = []
    for line in filter(str.strip, text.splitlines()):
        match = _ITEM.match(line)
        found.append({"item": bool(match), "tag": (match[1] or "") if match else "", "text": match[2] if match else line.strip()})
    return found
