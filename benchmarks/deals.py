"""Deals made by chance, the same in every run, in which nothing is unknown: so that two truth values are enough to judge them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from plain import AS_OF

from kamcoach.model.deal import Deal
from kamcoach.model.fact import NUMERIC, Fact, Field, Vocabulary


def generated(vocabulary: Vocabulary, count: int, items: int) -> list[Deal]:
    """So many deals with `items` entries in every list."""
    chance = random.Random(20261124)
    return [Deal(f"generated {number}", tuple(_facts(vocabulary, chance, items)), AS_OF) for number in range(count)]


def values(deal: Deal) -> int:
    """How many values a deal has."""
    return sum(len(fact.fields) for fact in deal.facts)


def _facts(vocabulary: Vocabulary, chance: random.Random, items: int) -> Iterator[Fact]:
    for declared in vocabulary.given:
        for number in range(items if declared.plural else 1):
            fields = {name: _value(field, vocabulary, chance, items) for name, field in declared.fields.items() if not field.derived}
            key = f"k{number}" if declared.plural else declared.name
            yield Fact(declared.name, {**fields, **({declared.key: key} if declared.key else {})}, key)


def _value(field: Field, vocabulary: Vocabulary, chance: random.Random, items: int) -> Any:
    people = [f"k{number}" for number in range(items)]
    members = list(vocabulary.enums[field.of].values) if field.of else people if field.to else ["some words"]
    if field.kind == "set":
        return tuple(sorted(chance.sample(members, min(2, len(members)))))
    if field.kind == "date":
        return AS_OF + timedelta(days=chance.randrange(-200, 60))
    if field.kind in ("bool", "flag"):
        return chance.random() < 0.5
    if field.kind in NUMERIC:
        return chance.randint(int(field.low or 0), int(field.high if field.high is not None else 9))
    return chance.choice(members)
