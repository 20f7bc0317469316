"""How words and names are written into new files."""

from __future__ import annotations

import json
import re
from typing import Final

from kamcoach.errors import KamcoachError
from kamcoach.model.fact import Words

_KEBAB: Final = re.compile(r"[^\W_]+(-[^\W_]+)*")


def words(said: Words) -> str:
    """A text by language, safe in YAML."""
    return "{" + ", ".join(f"{one}: {text(words)}" for one, words in said.items()) + "}"


def text(said: str) -> str:
    return json.dumps(said, ensure_ascii=False)


def file_id(name: str, what: str) -> str:
    """An id that a file can be named after. Raises KamcoachError."""
    if not _KEBAB.fullmatch(name) or name != name.lower():
        raise KamcoachError(f"'{name}' cannot be the id of a {what}: words in small letters with - between them.")
    return name
