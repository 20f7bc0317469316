"""What all pages of a handbook draw on, and what a page is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from kamcoach.checking.survey import Survey
from kamcoach.model.fact import FactType, Field, Words
from kamcoach.model.playbook import Library
from kamcoach.rulebook.sheet import Sheets

LANGUAGES: Final = ("en", "zh")


class Part(NamedTuple):
    """A part of a page that can be found by itself."""

    anchor: str
    name: str
    title: Words


class Page(NamedTuple):
    """One page: `kind` is also its folder ("" for the lists at the top), `name` what it is called in the files of the library.

    `text` is what can be searched besides name and title, by language.
    """

    kind: str
    name: str
    title: Words
    template: str
    data: Mapping[str, Any]
    text: Words
    parts: tuple[Part, ...] = ()

    @property
    def path(self) -> str:
        """Where it stands in the folder of the site."""
        return _file(self.kind, self.name)


def href(kind: str, name: str, anchor: str = "") -> str:
    """The way to a page from the top of the site."""
    page = quote(_file(kind, name))
    return f"{page}#{quote(anchor)}" if anchor else page


def _file(kind: str, name: str) -> str:
    file = f"{name.replace('/', '.')}.html"  # the rule of a row of a table has a stroke in its name
    return f"{kind}/{file}" if kind else file


def same(text: str) -> Words:
    """A text that is the same in every language."""
    return dict.fromkeys(LANGUAGES, text)


class Book:
    """A library, and what is worked out of it once for all pages."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.vocabulary = library.rule_base.vocabulary
        self.sheets = Sheets(library)
        self.rules = {one.rule.id: one.rule for one in self.sheets.entries.values()}
        self.roots = tuple(Path(root) for root in library.roots)

    @cached_property
    def survey(self) -> Survey:
        return Survey(self.library)

    @cached_property
    def readers(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """The rules that look at a field, or (with "") at a fact type."""
        found: dict[tuple[str, str], dict[str, None]] = {}
        for rule_id, reads in sorted(self.survey.reads.items()):
            for read in reads if rule_id else ():
                for field in dict.fromkeys(("", read.field)):
                    found.setdefault((read.type, field), {})[rule_id] = None
        return {key: tuple(ids) for key, ids in found.items()}

    def writers(self, name: str) -> tuple[str, ...]:
        """The rules that conclude a fact type, or mark `type.field`."""
        return tuple(sorted({write.rule.id for write in self.survey.writes.get(name, ())}))

    def place(self, path: str) -> str:
        """A file as a person would name it: from the folder of the library in which it stands, wherever that is."""
        file = Path(path)
        root = next((root for root in self.roots if file.is_relative_to(root)), file.parent)
        return (Path(root.name) / file.relative_to(root)).as_posix()

    def label(self, declared: FactType | Field) -> Words:
        return declared.label or same(declared.name)
