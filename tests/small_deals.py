"""Generated deals over the small vocabulary, with much that is not known."""

from __future__ import annotations

from random import Random

from kamcoach.model.fact import Fact, FactType, Field, Value
from tests.small_vocabulary import DEAL, EVENT, PEOPLE, PERSON, VOCABULARY, values


def unknown_fields(fact: Fact, people: tuple[str, ...]) -> list[Field]:
    """The fields of a given fact that could still be filled in."""
    declared = VOCABULARY.types[fact.type].fields.values()
    return [one for one in declared if not one.derived and one.name not in fact.fields and not fact.unasked and values(one, people)]


def people_of(facts: tuple[Fact, ...]) -> tuple[str, ...]:
    return tuple(fact.key for fact in facts if fact.type == "person" and not fact.unasked)


def given_fact(random: Random, declared: FactType, key: str, people: tuple[str, ...]) -> Fact:
    """A given fact of which anything but its key may be unknown."""
    found: dict[str, Value] = {declared.key: key} if declared.key else {}
    for one in declared.fields.values():
        if not one.derived and one.name != declared.key and values(one, people) and random.random() < 0.7:
            found[one.name] = random.choice(values(one, people))
    return Fact(declared.name, found, key)


def items(random: Random, declared: FactType, people: tuple[str, ...]) -> tuple[Fact, ...]:
    """A list that the deal file has."""
    keys = people if declared is PERSON else [f"#{number + 1}" for number in range(random.randint(0, 3))]
    return tuple(given_fact(random, declared, key, people) for key in keys)


def some_people(random: Random) -> tuple[str, ...]:
    return PEOPLE[: random.randint(0, len(PEOPLE))]


def deal(random: Random) -> tuple[Fact, ...]:
    people = some_people(random) if random.random() < 0.8 else ()
    persons = items(random, PERSON, people) if people or random.random() < 0.3 else (unasked(PERSON),)
    events = items(random, EVENT, people) if random.random() < 0.8 else (unasked(EVENT),)
    return (given_fact(random, DEAL, "deal", people), *persons, *events)


def unasked(declared: FactType) -> Fact:
    return Fact(declared.name, {}, "?", unasked=True)
