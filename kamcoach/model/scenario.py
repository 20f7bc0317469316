"""An example deal with its expectation."""

from __future__ import annotations

from dataclasses import dataclass, field

from kamcoach.model.condition import Pattern
from kamcoach.model.deal import Deal
from kamcoach.model.rule import Rule
from kamcoach.source import Location


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a scenario mentions; None where it says nothing."""

    fires: str | None = None
    about: tuple[str, ...] | None = None
    severity: tuple[str, ...] | None = None
    certain: tuple[Pattern, ...] = ()
    possible: tuple[Pattern, ...] = ()
    out: tuple[Pattern, ...] = ()
    asks: tuple[str, ...] | None = None
    actions: tuple[str, ...] | None = None
    do_not: tuple[str, ...] | None = None
    advice: tuple[str, ...] | None = None
    questions: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    rule: str
    """The rule under test, by its id or, for all rows of a table, by the name of its file; "" for a whole deal."""
    deal: Deal
    at: Location
    expect: Expectation = field(default_factory=Expectation)

    def may_be_about(self, rule: Rule) -> bool:
        """Whether it is about this rule, about every row of its table, or about a whole deal."""
        return self.rule in ("", rule.id, rule.stem)
