"""Mutants, coverage and scenarios of rules in the small library."""

from __future__ import annotations

from pathlib import Path

from kamcoach.proving.change import Change
from kamcoach.proving.choice import Case, Playbook, read_playbook
from kamcoach.proving.hunt import Hunter
from kamcoach.proving.leaves import Doubts
from kamcoach.proving.mutants import mutants
from kamcoach.proving.suggest import Suggestion, suggestions
from tests.small_library import SmallLibrary

HEAD = "as_of: 2026-03-02\nscenarios:\n"


def scenario(given: str, expect: str, name: str = "one") -> str:
    return f"  - {{name: {name}, given: {{{given}}}, expect: {{{expect}}}}}\n"


def changes(library: SmallLibrary, when: str, then: str = "[{conclude: {contacts: 1}}]") -> list[Change]:
    """The changes that are made to a rule."""
    library.rule("r", when, then)
    base = library.load().rule_base
    (rule,) = [one for one in base.rules if one.id == "r"]
    return [mutant.change for mutant in mutants(rule, base, Doubts(base.rules, base.vocabulary))]


def playbook(library: SmallLibrary) -> tuple[Playbook, tuple[Case, ...]]:
    found = read_playbook(library.folder)
    return found, found.cases(found.files())


def hunted(library: SmallLibrary, rule_id: str) -> tuple[list[Change], dict[str, Suggestion | None]]:
    """The changes to a rule that no scenario notices, and what is suggested for each, by what it becomes (or what is dropped)."""
    hunter = Hunter(*playbook(library))
    left = list(hunter.by_own((rule_id, place) for place in range(len(hunter.mutants(rule_id)))))
    noticed = set(hunter.by_others(left, hunter.cases))
    left = [one for one in left if one not in noticed]
    made = [hunter.mutant(one).change for one in left]
    found = {change.after or f"-{change.before}": said for change, (_, said) in zip(made, suggestions(hunter, left), strict=True)}
    return made, found


def scenarios(library: SmallLibrary, rule_id: str, *each: str) -> Path:
    return library.write(f"rules/{rule_id}.test.yaml", HEAD + "".join(each))
