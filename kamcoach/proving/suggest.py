"""The scenario that would catch a mutant: one that is there, with one thing in its deal changed, and tried out before it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from kamcoach.coaching import Coached, coach
from kamcoach.engine.memory import FALSE, TRUE, UNKNOWN
from kamcoach.model import written
from kamcoach.model.fact import Fact
from kamcoach.proving.choice import Case
from kamcoach.proving.edits import Edit, edits
from kamcoach.proving.hunt import Hunter, MutantId, Trial
from kamcoach.source import Location

Candidate = tuple[Case, Edit | None]
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
    useful: dict[str, list[Candidate]] = {}
    for one in survivors:
        before, found = useful.setdefault(one[0], []), None
        for candidate in (*before, *islice(_candidates(hunter, one), _TRIES)):  # one scenario for several mutants, where that is possible
            found = _tried(hunter, one, candidate)
            if found is not None:
                if candidate not in before:
                    before.append(candidate)
                break
        yield one, found


def _candidates(hunter: Hunter, one: MutantId) -> Iterator[Candidate]:
    looks_at = hunter.mutant(one).change.looks_at
    for case in hunter.own.get(one[0], ()):
        yield case, None
        yield from ((case, edit) for edit in edits(case.scenario.deal, one[0], looks_at, hunter))


def _tried(hunter: Hunter, one: MutantId, candidate: Candidate) -> Suggestion | None:
    (scenario, suite), edit = candidate
    varied = Case(edit.apply(scenario) if edit is not None else scenario, suite)
    trial = Trial(hunter, varied)
    if edit is not None and not trial.differs(one):
        return None
    before, after = coach(varied.scenario.deal, trial.library), trial.coached(hunter.mutant(one).rule)
    fires, instead = _fires(before, one[0]), _fires(after, one[0])
    done = (edit.what, edit.path, edit.field, written.value(edit.value)) if edit is not None else ("", "", "", "")
    found = Suggestion(scenario.name, scenario.at, *done, fires, instead)
    if fires != instead:
        return found
    about, other = _about(before, one[0]), _about(after, one[0])
    return found._replace(about=about) if about != other else None


def _fires(coached: Coached, rule_id: str) -> str:
    return _FIRES[max((a.truth for a in coached.consultation.fired(rule_id)), default=FALSE)]


def _about(coached: Coached, rule_id: str) -> tuple[str, ...]:
    certain = [a for a in coached.consultation.fired(rule_id) if a.truth == TRUE]
    return tuple(sorted({value.key for a in certain for value in a.names.values() if isinstance(value, Fact)}))
