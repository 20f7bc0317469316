"""Rules in durable-rules' own JSON, in as many rulesets as its limits ask for.

Every message is flat: `s` says what is signalled, `c0`, `c1` and so on are its columns. A rule joins the signals that it waits for on the
names that they share. Nothing else of durable-rules is used: no comparison, no negation, no alternatives, no events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from kamcoach.engine.durable.signals import MOST_JOINED, Emission, Signal, Spoken
from kamcoach.errors import EngineError

MOST_TESTS: Final = 450
"""Different signals in a ruleset: 512 end in error 303, and with 513 the ruleset is never finished."""
MOST_READERS: Final = 60
"""Rules of a ruleset that wait for one signal: the 65th ends in error 303."""
MOST_COLUMNS: Final = 16

Numbers = Mapping[str, str]
"""A short word for the name of each signal."""


class Shard(NamedTuple):
    """Rules that go into one ruleset."""

    rules: list[Spoken]
    readers: dict[str, int]
    """How many of them wait for each signal."""


def shards(rules: Iterable[Spoken]) -> list[Shard]:
    """The rules in shards that the limits allow, in their order. Raises EngineError for a rule that is beyond them alone."""
    found: list[Shard] = []
    for rule in rules:
        waits = {signal.name for signal in rule.signals}
        guard(rule)
        if not found or _full(found[-1], waits):
            found.append(Shard([], {}))
        found[-1].rules.append(rule)
        for name in waits:
            found[-1].readers[name] = found[-1].readers.get(name, 0) + 1
    return found


def _full(shard: Shard, waits: set[str]) -> bool:
    return len(waits | shard.readers.keys()) > MOST_TESTS or any(shard.readers.get(name, 0) >= MOST_READERS for name in waits)


def guard(rule: Spoken) -> None:
    """Refuse what would crash durable-rules or confuse it. Raises EngineError."""
    columns = max(len(signal.names) for signal in rule.signals)
    if len(rule.signals) > MOST_JOINED or columns > MOST_COLUMNS:
        raise EngineError(
            f"{rule.rule.at}: the rule '{rule.rule.id}' is too big for durable-rules: it joins {len(rule.signals)} signals of up to "
            f"{columns} names, and can join {MOST_JOINED} of {MOST_COLUMNS}. The native engine carries it."
        )


def numbered(rules: Iterable[Spoken]) -> Numbers:
    names = dict.fromkeys(signal.name for rule in rules for signal in rule.signals)
    return {name: f"s{number}" for number, name in enumerate(names)}


def ruleset(shard: Shard, numbers: Numbers) -> dict[str, Any]:
    """The shard as the worker takes it: for each rule what it waits for, where its names are found, and what it signals."""
    return {rule.rule.id: _rule(rule, numbers) for rule in shard.rules}


def _rule(rule: Spoken, numbers: Numbers) -> dict[str, Any]:
    places: dict[str, tuple[str, str]] = {}
    waits = [_condition(f"m{number}", signal, numbers, places) for number, signal in enumerate(rule.signals)]
    return {
        "all": waits,
        "reads": [numbers[signal.name] for signal in rule.signals],
        "names": [places[name] for name in rule.names],
        "signals": [_emission(emission, numbers, places) for emission in rule.emissions],
    }


def _condition(own: str, signal: Signal, numbers: Numbers, places: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """One condition of a rule: the signal, and for names that are known already the same values."""
    tests: list[dict[str, Any]] = [{"s": numbers[signal.name]}]
    for number, name in enumerate(signal.names):
        column = f"c{number}"
        if name in places:
            message, theirs = places[name]
            tests.append({column: {message: theirs}})
        else:
            places[name] = (own, column)
    return {own: {"$and": tests} if len(tests) > 1 else tests[0]}


def _emission(emission: Emission, numbers: Numbers, places: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    return {
        "signal": numbers[emission.signal],
        "places": [places[name] for name in emission.names],
        "words": list(emission.words),
        "certain": emission.certain,
    }
