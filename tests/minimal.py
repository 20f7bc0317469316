"""The smallest case that still fails: one thing after another is left out for as long as the failure stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kamcoach.model.fact import Fact
from tests.strategies import Case


def smallest(case: Case, fails: Callable[[Case], bool]) -> Case:
    """What cannot be judged any more (a name that nothing binds, say) does not count as failing."""
    for smaller in _without_one_thing(case):
        try:
            still = fails(smaller)
        except (LookupError, TypeError, ValueError, AttributeError):
            continue
        if still:
            return smallest(smaller, fails)
    return case


def _without_one_thing(thing: Any) -> Iterator[Any]:
    if isinstance(thing, Fact):
        for name in thing.fields:
            rest = {other: value for other, value in thing.fields.items() if other != name}
            yield Fact(thing.type, rest, thing.key, unasked=thing.unasked)
    elif isinstance(thing, tuple) and hasattr(thing, "_fields"):
        for name, value in zip(thing._fields, thing, strict=True):
            yield from (thing._replace(**{name: smaller}) for smaller in _without_one_thing(value))
    elif isinstance(thing, tuple):
        for place in range(len(thing)):
            yield thing[:place] + thing[place + 1 :]
        for place, one in enumerate(thing):
            yield from ((*thing[:place], smaller, *thing[place + 1 :]) for smaller in _without_one_thing(one))


def described(case: Case) -> str:
    rules = [f"{rule.id}: {_plain(rule.when)}\n    => {_plain(rule.then)}" for rule in case.rules]
    return "\n".join([*rules, *(f"{fact!r}{' unasked' if fact.unasked else ''}" for fact in case.facts)])


def _plain(thing: Any) -> str:
    """Without what is empty, and without places."""
    if not isinstance(thing, tuple):
        return repr(thing)
    if not hasattr(thing, "_fields"):
        return f"({', '.join(map(_plain, thing))})"
    pairs = zip(thing._fields, thing, strict=True)
    said = (f"{name}={_plain(value)}" for name, value in pairs if name != "at" and value not in ("", (), None))
    return f"{type(thing).__name__}({', '.join(said)})"
