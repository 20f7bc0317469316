"""What becomes of the advice of a rule: shown at a place, merged under other advice, beyond what is shown, or made needless."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from kamcoach.advice.rank import Ranked, given, ousters, rank
from kamcoach.engine.memory import Consultation
from kamcoach.model.advice import Advice
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Rule

State = Literal["shown", "beyond", "merged", "do_not", "do_not_beyond", "strategy", "needless"]


class Standing(NamedTuple):
    """Where one piece of advice stands. `place` counts from 1; `over` is the advice that leads it or takes its place."""

    advice: Advice
    state: State
    place: int = 0
    over: tuple[Advice, ...] = ()


def standings(consultation: Consultation, library: Library, rule: Rule, about: str = "") -> list[Standing]:
    """What becomes of each certain piece of advice of a rule, or only of that about an item."""
    found = given(consultation)
    ranked = rank(consultation, library)
    own = [one for one in found if one.rule.id == rule.id and (not about or any(fact.key == about for fact in one.about) or not one.about)]
    return [_standing(one, found, ranked, library) for one in own]


def _standing(advice: Advice, found: list[Advice], ranked: Ranked, library: Library) -> Standing:
    over = ousters(advice, found)
    return Standing(advice, "needless", 0, tuple(over)) if over else next(_placed(advice, ranked, library))


def _placed(advice: Advice, ranked: Ranked, library: Library) -> Iterator[Standing]:
    for place, block in enumerate(ranked.actions, 1):
        if _is(block.lead, advice):
            yield Standing(advice, "shown" if place <= library.ranking.actions else "beyond", place)
        elif any(_is(one, advice) for one in block.also):
            yield Standing(advice, "merged", place, (block.lead,))
    for place, one in enumerate(ranked.do_not, 1):
        if _is(one, advice):
            yield Standing(advice, "do_not" if place <= library.ranking.do_not else "do_not_beyond", place)
    yield Standing(advice, "strategy")


def _is(one: Advice, other: Advice) -> bool:
    return (one.rule.id, one.play, one.about) == (other.rule.id, other.play, other.about)


def rivals(rule: Rule, library: Library) -> tuple[Rule, ...]:
    """The rules that say they take the place of this one."""
    return tuple(one for one in library.rule_base.rules if any(rule.id in getattr(effect, "instead_of", ()) for effect in one.then))
