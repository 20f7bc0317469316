"""Random deals over a vocabulary: every kind of value, and much that is not recorded. What the vocabulary's checks refuse is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from kamcoach.coaching import check_deal
from kamcoach.model.deal import Deal
from kamcoach.model.fact import NUMERIC, Fact, FactType, Field, Value, Vocabulary
from kamcoach.model.playbook import Library
from kamcoach.source import Location

AS_OF: Final = date(2026, 3, 2)
TEXTS: Final = (
    "x",
    "S. Lowe",
    "李工",
    "two\nlines",
    "{{ braces }} {% if %}",
    "*stars* `ticks` <b>",
    "a_name_with_lines",
    "长" * 60,
    "'quotes\" and \\",
)
PLAIN: Final = ("S. Lowe", "Recipes are typed in twice", "李工", "每周返工两天")
"""Texts as a rep writes them."""


class Kind(NamedTuple):
    """What deals are made of: `whole` ones have every field that the vocabulary requires, which a rep may still leave `unknown`."""

    texts: Sequence[str] = TEXTS
    whole: bool = False


def random_deal(seed: int, library: Library, kind: Kind = Kind()) -> Deal:  # noqa: B008
    """The same deal for the same seed. `density` is how much of it is recorded; of some sections less: so early deals come about."""
    random = Random(seed)
    density = random.choice((0.05, 0.3, 0.6, 0.9))
    share = random.choice((0.1, 0.3, 0.6, 1))
    vocabulary = library.rule_base.vocabulary
    keys = {one.name: [f"{one.name[:2]}{number}" for number in range(random.randint(0, 4))] for one in vocabulary.given if one.plural}
    kept = {one.name: density if random.random() < share else random.choice((0, 0.05)) for one in vocabulary.given}
    facts = [fact for one in vocabulary.given for fact in _facts(random, kept[one.name], one, Frame(vocabulary, keys, kind))]
    return _sound(Deal("deal.yaml", tuple(facts), AS_OF), library)


class Frame(NamedTuple):
    """What the facts of one deal share: the keys that each list has."""

    vocabulary: Vocabulary
    keys: dict[str, list[str]]
    kind: Kind


def _facts(random: Random, density: float, declared: FactType, frame: Frame) -> Iterator[Fact]:
    if not declared.plural:
        yield _fact(random, density, declared, declared.name, frame)
    elif not frame.keys[declared.name] and random.random() > density:
        yield Fact(declared.name, {}, "?", unasked=True)
    else:
        for key in frame.keys[declared.name]:
            yield _fact(random, density, declared, key, frame)


def _fact(random: Random, density: float, declared: FactType, key: str, frame: Frame) -> Fact:
    fields: dict[str, Value] = {}
    for one in declared.fields.values():
        if one.name == declared.key:
            fields[one.name] = key
        elif not one.derived and (random.random() < density or (frame.kind.whole and one.required)):
            keys = frame.keys.get(one.to, [])
            value = _value(random, one, frame, _before(key, keys) if one.acyclic else keys)
            fields.update({one.name: value} if value is not None else {})
    places = {name: Location(f"{declared.name} {key} {name}") for name in fields}
    return Fact(declared.name, fields, key, Location("deal.yaml"), places)


def _before(key: str, keys: list[str]) -> list[str]:
    """Only what stands before: so no circle comes about."""
    return keys[: keys.index(key)] if key in keys else keys


def _value(random: Random, field: Field, frame: Frame, keys: list[str]) -> Value | None:
    if field.kind == "set":
        members = list(frame.vocabulary.enums[field.of].values) if field.of else keys if field.to else list(frame.kind.texts)
        return tuple(sorted(random.sample(members, random.randint(0, min(3, len(members))))))
    if field.kind == "enum":
        return random.choice(list(frame.vocabulary.enums[field.of].values))
    if field.kind == "ref":
        return random.choice(keys) if keys else None
    if field.kind == "date":
        return AS_OF + timedelta(days=random.choice((-700, -200, -60, -31, -8, -1, 0, 1, 10, 45, 200)))
    if field.kind == "bool":
        return random.random() < 0.5
    return _number(random, field) if field.kind in NUMERIC else random.choice(frame.kind.texts)


def _number(random: Random, field: Field) -> Value:
    low = 0 if field.low is None else field.low
    high = 10 ** random.randint(1, 8) if field.high is None else field.high
    number = random.choice((low, high, random.uniform(low, high)))
    return int(number) if field.kind in ("int", "money", "percent") else round(number, 2)


def _sound(deal: Deal, library: Library) -> Deal:
    """Without the values that the checks of the vocabulary find wrong."""
    while wrong := {problem.at.path for problem in check_deal(deal, library) if problem.level == "error"}:
        facts = []
        for fact in deal.facts:
            kept = {name: value for name, value in fact.fields.items() if str(fact.places[name].path) not in wrong}
            facts.append(Fact(fact.type, kept, fact.key, fact.at, {name: fact.places[name] for name in kept}, unasked=fact.unasked))
        assert tuple(len(fact.fields) for fact in facts) != tuple(len(fact.fields) for fact in deal.facts), wrong
        deal = deal._replace(facts=tuple(facts))
    return deal
