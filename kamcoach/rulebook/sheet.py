"""One rule in full, as plain data: in words, with what feeds it, its thresholds, its scenarios and its play."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kamcoach.model.fact import Words
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Param, Rule
from kamcoach.reading.scenarios import read_scenarios, scenario_file
from kamcoach.rulebook.feeds import Feed, Feeds
from kamcoach.rulebook.listing import data as entry_data
from kamcoach.rulebook.listing import entries
from kamcoach.source import Diagnostic
from kamcoach.wording.grammar import Clause
from kamcoach.wording.rules import in_words, params_of, sentence, speaker


class Sheets:
    """The sheets of a library's rules; what they have in common is worked out once."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.feeds = Feeds(library)
        self.entries = {one.rule.id: one for one in entries(library)}
        self._proved: dict[str, list[dict[str, Any]]] = {}

    def of(self, rule: Rule, language: str) -> dict[str, Any]:
        """Everything there is to know of a rule."""
        library, entry = self.library, self.entries[rule.id]
        words = in_words(rule, library, language)
        return {
            **entry_data(entry),
            "title": word(rule.title, language),
            "language": language,
            "sentence": sentence(rule, library, language),
            "when": [_clause(one) for one in words.when],
            "then": list(words.then),
            "why": word(rule.why, language),
            "source": rule.source,
            "params": [_param(one, language) for one in params_of(rule, library)],
            "fed_by": _grouped(self.feeds.into(rule.id), "writer", library, rule, language),
            "feeds": _grouped(self.feeds.out_of(rule.id), "reader", library, rule, language),
            "scenarios": self._scenarios(rule),
            "play_texts": {play: play_text(play, library, language) for play in entry.plays},
        }

    def _scenarios(self, rule: Rule) -> list[dict[str, Any]]:
        if rule.id not in self._proved:
            self._proved[rule.id] = list(_scenarios(rule, self.library))
        return self._proved[rule.id]


def sheet(rule: Rule, library: Library, language: str) -> dict[str, Any]:
    """Everything there is to know of one rule."""
    return Sheets(library).of(rule, language)


def word(words: Words, language: str) -> str:
    """The text in a language, or in the one that there is."""
    return words.get(language) or next(iter(words.values()), "")


def _clause(clause: Clause) -> dict[str, Any]:
    return {"text": clause.text, **({"parts": [_clause(part) for part in clause.parts]} if clause.parts else {})}


def _param(param: Param, language: str) -> dict[str, Any]:
    limits: Mapping[str, Any] = {"value": param.value, "min": param.low, "max": param.high, "unit": param.unit}
    return {"name": param.name, **limits, "meaning": word(param.meaning, language)}


def _grouped(feeds: tuple[Feed, ...], side: str, library: Library, rule: Rule, language: str) -> list[dict[str, Any]]:
    """The rules on the other side of each thing that is handed on."""
    found: dict[str, list[str]] = {}
    for feed in feeds:
        found.setdefault(feed.predicate, []).append(getattr(feed, side))
    say = speaker(rule, library, language)
    return [{"fact": name, "label": say.handed_on(name), "rules": rules} for name, rules in found.items()]


def _scenarios(rule: Rule, library: Library) -> Iterator[dict[str, Any]]:
    """The scenarios beside the rule, of a row of a table its own; a file with faults shows none (`check` tells of them)."""
    path = scenario_file(rule)
    problems: list[Diagnostic] = []
    found = read_scenarios(path, library, problems) if path.is_file() else []
    for scenario in (one for one in found if one.may_be_about(rule)):
        yield {"name": scenario.name, "fires": scenario.expect.fires, "file": scenario.at.path, "line": scenario.at.line}


def play_text(play_id: str, library: Library, language: str) -> list[dict[str, str]]:
    """The sections of a play in a language, or in the one that there is."""
    play = library.plays[play_id]
    sections = play.sections.get(language) or next(iter(play.sections.values()), {})
    return [
        {"section": name, "heading": word(library.sections.get(name, {}), language) or name, "text": section.source.strip()}
        for name, section in sections.items()
    ]
