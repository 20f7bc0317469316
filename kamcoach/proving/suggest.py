"""The scenario that would catch a mutant: one that is there, with one thing in its deal changed, and tried out before it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, islice
from typing import Final, NamedTuple

from kamcoach.engine.memory import FALSE, TRUE, UNKNOWN
from kamcoach.model import written
from kamcoach.model.fact import Value
from kamcoach.model.scenario import Expectation
from kamcoach.proving.choice import Case
from kamcoach.proving.edits import Edit, edits
from kamcoach.proving.hunt import Firings, Hunter, MutantId, Trial
from kamcoach.source import Location

Candidate = tuple[Case, Edit | None]
_Key = tuple[int, str, str, str, Value | None]
"""The place of a scenario among those of the rule, and what is done to it."""
_TRIES: Final = 400
_FIRES: Final = {TRUE: "certainly", UNKNOWN: "possibly", FALSE: "never"}


class Suggestion(NamedTuple):
    """Write a scenario like the one of this name, with one thing changed: the rule then fires as `fires`, the mutant as `instead`."""

    name: str
    at: Location
    what: str
    """What is done to the deal at `path`: `set` to `value`, `remove`, `add` one like it with `value` in `field`, `unasked`; or ""."""
    path: str
    field: str
    value: str
    fires: str
    instead: str
    about: tuple[str, ...] | None = None
    """Given if both fire alike and only the facts that they are about differ."""


def suggestions(hunter: Hunter, survivors: Sequence[MutantId]) -> Iterator[tuple[MutantId, Suggestion | None]]:
    """For each mutant the first that was found; None if no small change of a scenario of its rule shows the difference."""
    for rule_id, group in groupby(survivors, lambda one: one[0]):
        bench = _Bench(hunter, rule_id)
        yield from ((one, bench.suggestion(one)) for one in group)


class _Bench:
    """Tries the mutants of one rule on small changes of its scenarios; what was worked out for one mutant serves the others."""

    def __init__(self, hunter: Hunter, rule_id: str) -> None:
        self.hunter = hunter
        self.rule_id = rule_id
        self.useful: dict[_Key, Candidate] = {}
        self._trials: dict[_Key, Trial] = {}

    def suggestion(self, one: MutantId) -> Suggestion | None:
        """One that serves several mutants is preferred."""
        for key, candidate in (*self.useful.items(), *islice(self._candidates(one), _TRIES)):
            found = self._tried(one, key, candidate)
            if found is not None:
                self.useful[key] = candidate
                return found
        return None

    def _candidates(self, one: MutantId) -> Iterator[tuple[_Key, Candidate]]:
        looks_at = self.hunter.mutant(one).change.looks_at
        for place, case in enumerate(self.hunter.own.get(self.rule_id, ())):
            yield (place, "", "", "", None), (case, None)
            for edit in edits(case.scenario.deal, self.rule_id, looks_at, self.hunter):
                yield (place, edit.what, edit.path, edit.field, edit.value), (case, edit)

    def _trial(self, key: _Key, candidate: Candidate) -> Trial:
        if key not in self._trials:
            (scenario, suite), edit = candidate
            varied = edit.apply(scenario) if edit is not None else scenario
            # How this one rule fires is all that matters: without expectations, only what feeds it is run.
            self._trials[key] = Trial(self.hunter, Case(replace(varied, expect=Expectation()), suite))
        return self._trials[key]

    def _tried(self, one: MutantId, key: _Key, candidate: Candidate) -> Suggestion | None:
        before, after = self._trial(key, candidate).firings(one)
        if before == after:
            return None
        (scenario, _), edit = candidate
        done = (edit.what, edit.path, edit.field, written.value(edit.value)) if edit is not None else ("", "", "", "")
        found = Suggestion(scenario.name, scenario.at, *done, _fires(before), _fires(after))
        if found.fires != found.instead:
            return found
        about, other = _about(before), _about(after)
        return found._replace(about=about) if about != other else None


def _fires(firings: Firings) -> str:
    return _FIRES[max(firings.values(), default=FALSE)]


def _about(firings: Firings) -> tuple[str, ...]:
    """The keys of all facts that the certain firings are about."""
    certain = (names for names, truth in firings.items() if truth == TRUE)
    return tuple(sorted({str(value[1]) for names in certain for _, value in names if isinstance(value, tuple)}))
