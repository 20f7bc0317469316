"""The pictures of a brief: templates `picture.<name>.svg.j2` of the playbook, with layouts worked out here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from math import inf
from typing import Any, Final

from kamcoach.advice.evaluate import PAGE
from kamcoach.advice.page import named_template
from kamcoach.advice.speech import Speech
from kamcoach.advice.template import Sandbox, render
from kamcoach.advice.words import Missing, plain, printable
from kamcoach.brief.cards import cards
from kamcoach.brief.drawing import checked
from kamcoach.brief.metrics import lines
from kamcoach.brief.scales import number, scales, units
from kamcoach.brief.timeline import short_day, timeline
from kamcoach.brief.wheel import wheel
from kamcoach.model.playbook import Library

WIDE: Final = 720
NARROW: Final = 340
"""Each picture is drawn twice: for a page, and for a phone, where a page scaled down could not be read."""
_START, _END = "picture.", ".svg.j2"


class Markup(str):
    """Text that is HTML or SVG already; all else is escaped when it is printed."""

    __slots__ = ()


def shown(value: Any, language: str) -> str:
    """A value as HTML or SVG prints it; numbers as programs read them."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, float):
        return f"{value:g}"
    return escape(printable(plain(value, language)))


def picture_names(library: Library) -> list[str]:
    """The pictures that the playbook and those it extends have templates for."""
    found = {path.name for folder in library.templates for path in folder.glob(f"{_START}*{_END}")}
    return sorted(name.removeprefix(_START).removesuffix(_END) for name in found)


def pictures(names: Mapping[str, Any], speech: Speech, width: int) -> dict[str, Markup]:
    """Every picture as SVG, "" where its template draws nothing. Raises BadInput with the line of a template that failed."""
    sandbox = picture_sandbox(speech)
    return {name: _drawn(name, {**names, "width": width}, speech, sandbox) for name in picture_names(speech.library)}


def _drawn(name: str, names: Mapping[str, Any], speech: Speech, sandbox: Sandbox) -> Markup:
    template, at = named_template(f"{_START}{name}{_END}", speech.library, sandbox)
    rows = (line.strip() for line in render(template, names, at, PAGE).splitlines())
    svg = "\n".join(row for row in rows if row)
    return Markup(checked(svg, at) if svg else "")


def standalone(svg: str) -> str:
    """A picture as a file of its own: on white, whatever page shows it."""
    return svg.replace("<svg ", '<svg style="background:#ffffff" ', 1) + "\n"


def picture_sandbox(speech: Speech) -> Sandbox:
    own = {name: partial(function, speech) for name, function in PICTURE_FILTERS.items()}
    return Sandbox(speech.language, {**speech.sandbox.filters, **own}, lambda value: shown(value, speech.language), speech.sandbox.work)


def _layout(work: Callable[..., dict[str, Any]]) -> Callable[..., Any]:
    """A layout over a list; a list that is not recorded is an empty one."""
    return lambda speech, items, **named: work([] if isinstance(items, Missing) else items, **named)


def _timeline(speech: Speech, items: Sequence[Any], **named: Any) -> dict[str, Any]:
    return timeline(items, today=speech.consultation.as_of, language=speech.language, **named)


def _ranked(speech: Speech, items: Any, by: str) -> list[Any]:  # noqa: ARG001
    """Items by the number in a field, the highest first, those without one last; equal ones stay in order."""
    return sorted(items, key=lambda item: -found if (found := number(item[by])) is not None else inf)


PICTURE_FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "wheel": _layout(wheel),
    "cards": _layout(cards),
    "scales": _layout(scales),
    "units": _layout(units),
    "timeline": _timeline,
    "lines": lambda speech, text, room, size=12, most=2: lines(plain(text, speech.language), room, size, min(most, 20)),
    "ranked": _ranked,
    "short_date": lambda speech, day: day if isinstance(day, Missing) else short_day(day, speech.language),
}
"""What the template of a picture may use besides the filters of plays."""
