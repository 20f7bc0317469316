"""Coaching deals twice and telling what is new, gone or moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kamcoach.advice.speech import Speech
from kamcoach.coaching import Coached, coach, load_deal
from kamcoach.errors import BadInput
from kamcoach.impact.content import Content, content
from kamcoach.model.advice import Advice
from kamcoach.model.playbook import Library
from kamcoach.source import Diagnostic

Key = tuple[str, ...]


class Item(NamedTuple):
    """One piece of advice or one question as a reader knows it. `rank` counts from 1; 0 stands for a question or a "do not"."""

    text: str
    rule: str = ""
    severity: str = ""
    do_not: bool = False
    rank: int = 0


class Change(NamedTuple):
    """What became of one item: `before` is None if it is new, `after` if it is gone."""

    before: Item | None
    after: Item | None


class DealImpact(NamedTuple):
    """One deal under both libraries; stages in words, "" where there is none. `problems` stop one of the two from reading it."""

    path: str
    title: str
    stage: tuple[str, str] = ("", "")
    advice: tuple[Change, ...] = ()
    questions: tuple[Change, ...] = ()
    problems: tuple[Diagnostic, ...] = ()

    @property
    def weight(self) -> int:
        """How much changed: a stage counts as ten pieces of advice, a question as a third of one."""
        moved = sum(1 if change.before and change.after else 3 for change in self.advice)
        return 30 * (self.stage[0] != self.stage[1]) + moved + len(self.questions) + 90 * bool(self.problems)


class Impact(NamedTuple):
    """The deals, the most changed first, and what differs between the libraries."""

    deals: tuple[DealImpact, ...]
    content: Mapping[str, Content]

    @property
    def changed(self) -> tuple[DealImpact, ...]:
        return tuple(deal for deal in self.deals if deal.weight)


def compare(old: Library, new: Library, deals: Iterable[Path], language: str, as_of: date | None = None) -> Impact:
    """Coaches every deal with both libraries. A deal that one of them cannot read is told with its faults."""
    found = [_of_deal(path, old, new, language, as_of) for path in deals]
    return Impact(tuple(sorted(found, key=lambda deal: (-deal.weight, deal.path))), content(old, new))


def _of_deal(path: Path, old: Library, new: Library, language: str, as_of: date | None) -> DealImpact:
    try:
        before, after = (coach(load_deal(path, library, as_of, language)[0], library, as_of) for library in (old, new))
    except BadInput as error:
        return DealImpact(str(path), path.stem, problems=tuple(error.diagnostics))
    one, other = _Told(before, language), _Told(after, language)
    advice = tuple(_moved(one.advice(), other.advice()))
    questions = tuple(change for change in _changes(one.questions(), other.questions()) if not (change.before and change.after))
    return DealImpact(str(path), other.title or path.stem, (one.stage, other.stage), advice, questions)


def _moved(before: Mapping[Key, Item], after: Mapping[Key, Item]) -> Iterator[Change]:
    """What is new, gone, or differs in weight or in its place among those that both sides have; other words alone are no change."""
    places = [{key: place for place, key in enumerate(key for key in side if key in before and key in after)} for side in (before, after)]
    for change, key in zip(_changes(before, after), dict.fromkeys((*after, *before)), strict=True):
        one, other = change
        if one is None or other is None or one.severity != other.severity or places[0][key] != places[1][key]:
            yield change


def _changes(before: Mapping[Key, Item], after: Mapping[Key, Item]) -> Iterator[Change]:
    for key in dict.fromkeys((*after, *before)):
        yield Change(before.get(key), after.get(key))


class _Told:
    """One side, in words."""

    def __init__(self, coached: Coached, language: str) -> None:
        self.coached = coached
        self.speech = Speech(coached.consultation, coached.library, language)
        self.title = self.speech.shown(*coached.library.shows.title)

    @property
    def stage(self) -> str:
        name = self.coached.library.shows.value
        value = self.coached.consultation.value(name)
        declared = self.coached.library.rule_base.vocabulary.types.get(name)
        return self.speech.label(declared.fields["value"].of, str(value)) if declared is not None and value is not None else ""

    def advice(self) -> dict[Key, Item]:
        ranked = self.coached.ranked
        found = {}
        for number, block in enumerate(ranked.actions, start=1):
            found.update({self._key(one): self._item(one, number) for one in (block.lead, *block.also)})
        found.update({self._key(one): self._item(one, 0) for one in ranked.do_not})
        return found

    def _key(self, advice: Advice) -> Key:
        return (advice.rule.id, str(advice.do_not), *(f"{fact.type} {fact.key}" for fact in advice.about))

    def _item(self, advice: Advice, rank: int) -> Item:
        return Item(
            self.speech.play(advice, "headline"), advice.rule.id, self.speech.label("severity", advice.severity), advice.do_not, rank
        )

    def questions(self) -> dict[Key, Item]:
        asked = self.coached.questions
        return {(one.fact.type, one.fact.key, one.field): Item(self.speech.ask(one)) for one in asked}
