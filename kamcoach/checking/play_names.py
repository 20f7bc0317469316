"""A play speaks of a name that a rule which calls it does not bind.

A play can use the names that the rule binds with `as:`, the names under `with:` of its advice, and the sections of the deal. If several
rules call the same play, each of them must bind every name that the play uses (`{% if name is defined %}` makes a name optional).
"""

from __future__ import annotations

from collections.abc import Iterator

from kamcoach.advice.template import Sandbox, names_in, optional_names
from kamcoach.model.playbook import Library, Play
from kamcoach.model.rule import Advise, Rule
from kamcoach.source import Diagnostic

COMMON = ("facts", "params", "as_of", "lang")


def check(library: Library) -> Iterator[Diagnostic]:
    callers: dict[str, list[tuple[Rule, Advise]]] = {}
    for rule in library.rule_base.rules:
        for effect in rule.then:
            if isinstance(effect, Advise):
                callers.setdefault(effect.play, []).append((rule, effect))
    common = {fact_type.section for fact_type in library.rule_base.vocabulary.given()} | set(COMMON)
    for play_id, calls in callers.items():
        if play_id in library.plays:
            yield from _of_play(library.plays[play_id], calls, common)


def _of_play(play: Play, calls: list[tuple[Rule, Advise]], common: set[str]) -> Iterator[Diagnostic]:
    sandbox = Sandbox("en", {})
    for sections in play.sections.values():
        for section in sections.values():
            wanted = names_in(sandbox, section.source) - common - optional_names(sandbox, section.source)
            for rule, effect in calls:
                bound = set(rule.binds) | {name for name, _ in effect.extras}
                for name in sorted(wanted - bound):
                    message = f"The play speaks of '{name}', which the rule '{rule.id}' does not bind."
                    hint = f"it binds {', '.join(sorted(bound))}" if bound else "it binds no name"
                    yield Diagnostic(section.at, "play-unknown-name", message, hint)
