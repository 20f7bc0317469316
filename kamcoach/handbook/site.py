"""The whole site: every file by its path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kamcoach import __version__
from kamcoach.advice.words import printable
from kamcoach.handbook.book import LANGUAGES, Book, Page, href, same
from kamcoach.handbook.facts import SHAPES, deal_check_page, fact_pages, threshold_page, value_pages
from kamcoach.handbook.manual import Command, check_pages, command_pages, page_name
from kamcoach.handbook.prose import blocks, inline
from kamcoach.handbook.rules import NO_CATEGORY, category_pages, front, play_pages, rule_pages
from kamcoach.handbook.search import index
from kamcoach.model.fact import Words
from kamcoach.model.playbook import Library
from kamcoach.rulebook.page import WORDS

_LOOK: Final = Path(__file__).parent / "look"
_AS_THEY_ARE: Final = ("site.css", "site.js")
_TAGS: Final = {"en": "en", "zh": "zh-Hans"}
_LISTS: Final[Mapping[str, Words]] = {
    "rules": {"en": "Rules", "zh": "规则"},
    "plays": {"en": "Plays", "zh": "打法"},
    "facts": {"en": "Facts", "zh": "事实"},
    "values": {"en": "Values", "zh": "取值"},
    "thresholds": {"en": "Thresholds", "zh": "阈值"},
    "checks": {"en": "Checks", "zh": "检查"},
    "commands": {"en": "Commands", "zh": "命令"},
}
"""The lists at the top of the site, in the order of the menu."""


def site(library: Library, commands: Iterable[Command]) -> dict[str, str]:
    """Every file of the site by its path; the same library gives the same bytes."""
    book = Book(library)
    pages = [
        *rule_pages(book),
        *category_pages(book),
        *play_pages(book),
        *fact_pages(book),
        *value_pages(book),
        threshold_page(book),
        deal_check_page(book),
        *check_pages(),
        *command_pages(commands),
    ]
    lists = [Page("", "index", library.title, "index", front(book), same("")), *_lists(pages)]
    layout = _Layout(book, pages)
    files = {page.path: layout.written(page) for page in (*lists, *pages)}
    files |= {name: (_LOOK / name).read_text(encoding="utf-8") for name in _AS_THEY_ARE}
    return {**files, "search-index.js": index(pages)}


def _lists(pages: list[Page]) -> Iterator[Page]:
    """A list of the pages of each kind that is not one page itself."""
    for kind, title in _LISTS.items():
        if all(page.kind or page.name != kind for page in pages):
            yield Page("", kind, title, kind, {"pages": [page for page in pages if page.kind == kind]}, same(""))


class _Layout:
    """Lays pages out. Templates are the program's own; what they print is escaped, wherever it comes from."""

    def __init__(self, book: Book, pages: list[Page]) -> None:
        self.environment = Environment(
            loader=FileSystemLoader(_LOOK), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self.environment.filters |= {"blocks": blocks, "inline": inline, "words": _words, "drawn": Markup, "page_name": page_name}
        self.environment.globals |= self._known(book, pages)

    def _known(self, book: Book, pages: list[Page]) -> dict[str, Any]:
        enums = book.vocabulary.enums
        return {
            "library": book.library,
            "version": __version__,
            "languages": LANGUAGES,
            "tags": _TAGS,
            "menu": _LISTS,
            "sheet_words": WORDS,
            "shapes": SHAPES,
            "entries": book.sheets.entries,
            "titles": {(page.kind, page.name): page.title for page in pages},
            "severities": enums["severity"].values,
            "lenses": enums["lens"].values,
            "no_category": NO_CATEGORY,
        }

    def written(self, page: Page) -> str:
        """A page as HTML."""
        up = "../" if page.kind else ""
        template = self.environment.get_template(f"{page.template}.html.j2")
        text = template.render(page=page, up=up, to=lambda kind, name, anchor="": up + href(kind, name, anchor), **page.data)
        return printable(text)


def _words(words: Words) -> Markup:
    """A text in both languages, of which the reader chooses; one that is the same in both, or there in one only, stands alone."""
    return _said(tuple((language, words[language]) for language in LANGUAGES if words.get(language)))


@lru_cache(maxsize=8192)
def _said(words: tuple[tuple[str, str], ...]) -> Markup:
    said = dict(words)
    if len(set(said.values())) < 2:
        return Markup("").join(list(said.values())[:1])
    parts = [Markup('<span class="{}" lang="{}">{}</span>').format(name, _TAGS[name], text) for name, text in said.items()]
    return Markup("").join(parts)
