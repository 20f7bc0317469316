"""What a check finds, before it has its code."""

from __future__ import annotations

from typing import NamedTuple

from kamcoach.source import Location


class Finding(NamedTuple):
    """A place, a sentence, and the way out in words (a `Hint` where there is no doubt about it)."""

    at: Location
    message: str
    hint: str = ""
