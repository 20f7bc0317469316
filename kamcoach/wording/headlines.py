"""What plays say without a deal."""

from __future__ import annotations

import re
from typing import Final

from kamcoach.model.playbook import Library

_INNER: Final = r"(?:(?!\{%).)*"
_TAG: Final = r"\{%-? "
_CHOICE: Final = re.compile(
    rf"{_TAG}if [^%]*%\}}(?P<one>{_INNER})(?:{_TAG}elif [^%]*%\}}{_INNER})*(?:{_TAG}else -?%\}}(?P<other>{_INNER}))?{_TAG}endif -?%\}}"
    rf"|{_TAG}for [^%]*%\}}(?P<each>{_INNER})(?:{_TAG}else -?%\}}(?P<nothing>{_INNER}))?{_TAG}endfor -?%\}}",
    re.DOTALL,
)
"""An innermost choice or repetition of a template."""
_PRINTED: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


def headline(library: Library, play_id: str, language: str) -> str:
    """What a play says first, with `…` for what a deal fills in."""
    play = library.plays[play_id]
    sections = play.sections.get(language) or next(iter(play.sections.values()), {})
    first = next(iter(library.sections), "")
    source = " ".join(sections[first].source.split()) if first in sections else ""
    return without_deal(source, optional="{}").strip() or play_id


def without_deal(source: str, optional: str = "[{}]") -> str:
    """A template as it reads without a deal: of a choice the last case; what is said only now and then is put into `optional`."""

    def chosen(found: re.Match[str]) -> str:
        last = found["other"] if found["other"] is not None else found["nothing"]
        if last is not None:
            return last
        extra = found["one"] if found["one"] is not None else found["each"]
        return optional.format(extra.strip()) if optional != "{}" and extra.strip() else extra

    before = ""
    while before != source:
        before, source = source, _CHOICE.sub(chosen, source, count=1)
    return re.sub(r"…([ \t]*…)+", "…", _PRINTED.sub("…", source))
