"""Pages of rules and plays, and of the categories that rules stand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from kamcoach.handbook.book import LANGUAGES, Book, Page, href, same
from kamcoach.model.rule import Rule
from kamcoach.reading.nodes import Refused, read_text
from kamcoach.reading.scenarios import scenario_file
from kamcoach.rulebook.graph import Graph, around, of_category, of_library
from kamcoach.rulebook.listing import category_of
from kamcoach.rulebook.picture import svg
from kamcoach.rulebook.sheet import play_text
from kamcoach.rulebook.stages import Stages
from kamcoach.rulebook.stats import figures
from kamcoach.wording.headlines import headline, without_deal

_MOST_DRAWN: Final = 24
"""Boxes of a picture that can still be read."""
NO_CATEGORY: Final = "-"


def rule_pages(book: Book) -> Iterator[Page]:
    """A page for each rule, by id."""
    stages = Stages(book.library).enum.values
    for rule in sorted(book.rules.values(), key=lambda rule: rule.id):
        sheets = {language: _sheet(book, rule, language) for language in LANGUAGES}
        data = {
            "sheets": sheets,
            "entry": book.sheets.entries[rule.id],
            "category": category_of(rule) or NO_CATEGORY,
            "stages": [stages[name] for name in book.sheets.entries[rule.id].stages],
            "pictures": _pictures(book, rule),
            "place": f"{book.place(rule.at.path)}:{rule.at.line}",
            "source": _text_of(Path(rule.at.path)),
            "proof": _text_of(scenario_file(rule)),
        }
        yield Page("rules", rule.id, rule.title, "rule", data, {name: _searched(one) for name, one in sheets.items()})


def _sheet(book: Book, rule: Rule, language: str) -> dict[str, Any]:
    found = book.sheets.of(rule, language)
    return {**found, "play_texts": {play: _said(sections) for play, sections in found["play_texts"].items()}}


def _said(sections: list[dict[str, str]]) -> list[dict[str, str]]:
    """The sections of a play as they read without a deal."""
    return [{**one, "text": without_deal(one["text"])} for one in sections]


def _searched(sheet: Mapping[str, Any]) -> str:
    """What a rule can be found by. Its play has a page of its own."""
    names = [one["name"] for one in sheet["scenarios"]]
    return " ".join([sheet["sentence"], sheet["why"], sheet["source"], sheet["catalogue"], *names])


def _pictures(book: Book, rule: Rule) -> Mapping[str, str]:
    """Who feeds the rule and whom it feeds, in each language; none if there is nobody, or too many to be drawn."""
    feeds = book.sheets.feeds
    others = {feed.writer for feed in feeds.into(rule.id)} | {feed.reader for feed in feeds.out_of(rule.id)}
    if not others or len(others) >= _MOST_DRAWN:
        return {}
    return _drawn("rules", {language: around(book.library, rule.id, language, known=feeds) for language in LANGUAGES})


def _drawn(kind: str, graphs: Mapping[str, Graph], up: str = "../") -> Mapping[str, str]:
    return {language: svg(graph, lambda name: up + href(kind, name)) for language, graph in graphs.items()}


def _text_of(path: Path) -> str:
    """A file as it is written; "" if there is none that can be read."""
    try:
        return read_text(path) if path.is_file() else ""
    except Refused:
        return ""


def category_pages(book: Book) -> Iterator[Page]:
    """A page for each category, with the rules that feed one another."""
    for name in sorted({category_of(rule) for rule in book.rules.values()}):
        found = [one for one in book.sheets.entries.values() if one.category == name]
        graphs = {language: of_category(book.library, name, language, book.sheets.feeds) for language in LANGUAGES}
        drawn = graphs if 1 < len(found) <= _MOST_DRAWN and graphs["en"].edges else {}
        title = same(name) if name else {"en": "Without a category", "zh": "未分类"}
        yield Page("categories", name or NO_CATEGORY, title, "category", {"found": found, "pictures": _drawn("rules", drawn)}, same(""))


def play_pages(book: Book) -> Iterator[Page]:
    """A page for each play, by id."""
    library = book.library
    for play_id in sorted(library.plays):
        said = {language: _said(play_text(play_id, library, language)) for language in LANGUAGES}
        title = {language: headline(library, play_id, language) for language in LANGUAGES}
        path = library.plays[play_id].at.path
        calls = book.survey.calls.get(play_id, [])
        data = {
            "said": said,
            "rules": sorted({call.rule.id for call in calls}),
            "place": book.place(path),
            "origin": library.origins.get(f"play:{play_id}", library.id),
            "source": _text_of(Path(path)),
        }
        yield Page("plays", play_id, title, "play", data, {name: " ".join(one["text"] for one in texts) for name, texts in said.items()})


def front(book: Book) -> dict[str, Any]:
    """The library in figures, and its categories as a picture."""
    graphs = {language: of_library(book.library, language) for language in LANGUAGES}
    return {"figures": figures(book.library), "pictures": _drawn("categories", graphs, "")}
