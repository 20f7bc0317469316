"""The whole of it: mutate rules, ask the scenarios, and say for each mutant that nobody notices which scenario would."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from kamcoach.errors import KamcoachError
from kamcoach.proving.change import KINDS, Kind, Mutant
from kamcoach.proving.choice import Chosen
from kamcoach.proving.crew import Crew, Source
from kamcoach.proving.hunt import Hunter, MutantId
from kamcoach.proving.suggest import Suggestion, suggestions
from kamcoach.source import real

Progress = Callable[[str, int, int], None]
"""Told what is being done (`own`, `others`, `suggest`), how much of it is done, and how much there is."""
_PIECE: Final = 40
_WORTH_A_CREW: Final = 150
"""Fewer mutants are through before a second process has read the rules."""


class Survivor(NamedTuple):
    mutant: Mutant
    suggestion: Suggestion | None


class Score(NamedTuple):
    noticed: int
    made: int

    @property
    def percent(self) -> float:
        return 100 * self.noticed / self.made if self.made else 100.0


class Mutation(NamedTuple):
    """What came of it."""

    rules: int
    by_kind: dict[Kind, Score]
    survivors: tuple[Survivor, ...]
    left_out: int
    """Mutants that were not in the sample."""

    @property
    def score(self) -> Score:
        return Score(sum(one.noticed for one in self.by_kind.values()), sum(one.made for one in self.by_kind.values()))


def mutate(
    chosen: Chosen, rules: Sequence[str], progress: Progress, *, jobs: int = 1, sample: int = 0, seed: int = 0, kinds: Sequence[str] = ()
) -> Mutation:
    """Mutate these rules; with a sample, only so many of the mutants, the same ones for the same seed. Raises KamcoachError."""
    playbook = chosen.playbook
    files = tuple(dict.fromkeys(real(path) for path in (*chosen.files, *playbook.files())))
    hunter = Hunter(playbook, playbook.cases(files))
    every = [(rule, place) for rule in rules for place, one in enumerate(hunter.mutants(rule)) if not kinds or one.change.kind in kinds]
    if not every:
        raise KamcoachError("There is nothing to change in these rules.")
    hunted = sorted(random.Random(seed).sample(every, sample)) if 0 < sample < len(every) else every
    with Crew(Source(playbook.folder, files), hunter, jobs if len(hunted) >= _WORTH_A_CREW else 1) as crew:
        left = _by_own(crew, hunted, progress)
        left = _by_others(crew, hunter, left, progress)
        found = _suggested(crew, left, progress)
    survivors = tuple(Survivor(hunter.mutant(one), found[one]) for one in left)
    return Mutation(len({rule for rule, _ in hunted}), _by_kind(hunter, hunted, left), survivors, len(every) - len(hunted))


def _by_own(crew: Crew, hunted: list[MutantId], progress: Progress) -> list[MutantId]:
    done, left = 0, set[MutantId]()
    for tried, survived in crew.each(_own, _by_rule(hunted)):
        done += tried
        left.update(survived)
        progress("own", done, len(hunted))
    return [one for one in hunted if one in left]


def _by_rule(hunted: list[MutantId]) -> Iterator[list[MutantId]]:
    """Pieces of work that do not part the mutants of a rule."""
    piece: list[MutantId] = []
    for one in hunted:
        if len(piece) >= _PIECE and piece[-1][0] != one[0]:
            yield piece
            piece = []
        piece.append(one)
    if piece:
        yield piece


def _own(hunter: Hunter, piece: list[MutantId]) -> tuple[int, list[MutantId]]:
    return len(piece), list(hunter.by_own(piece))


def _by_others(crew: Crew, hunter: Hunter, left: list[MutantId], progress: Progress) -> list[MutantId]:
    """The mutants that the scenarios of other rules do not notice either."""
    alive, done = dict.fromkeys(left), 0
    touched = {rule for rule, _ in left}
    places = [n for n, one in enumerate(hunter.cases) if hunter.reach.of(one.scenario) & touched - hunter.tested(one)]
    pieces = ((list(alive), places[n : n + _PIECE]) for n in range(0, len(places), _PIECE))
    for tried, noticed in crew.each(_others, pieces):
        done += tried
        for one in noticed:
            alive.pop(one, None)
        progress("others", done, len(places))
    return list(alive)


def _others(hunter: Hunter, piece: tuple[list[MutantId], list[int]]) -> tuple[int, list[MutantId]]:
    alive, places = piece
    return len(places), list(hunter.by_others(alive, [hunter.cases[n] for n in places]))


def _suggested(crew: Crew, left: list[MutantId], progress: Progress) -> dict[MutantId, Suggestion | None]:
    found: dict[MutantId, Suggestion | None] = {}
    for piece in crew.each(_suggest, _by_rule(left)):
        found.update(piece)
        progress("suggest", len(found), len(left))
    return found


def _suggest(hunter: Hunter, piece: list[MutantId]) -> list[tuple[MutantId, Suggestion | None]]:
    return list(suggestions(hunter, piece))


def _by_kind(hunter: Hunter, hunted: list[MutantId], left: list[MutantId]) -> dict[Kind, Score]:
    made = [hunter.mutant(one).change.kind for one in hunted]
    survived = [hunter.mutant(one).change.kind for one in left]
    return {kind: Score(made.count(kind) - survived.count(kind), made.count(kind)) for kind in KINDS if kind in made}
