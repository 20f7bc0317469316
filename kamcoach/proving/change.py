"""One small change to a rule, such as a trainer might make by mistake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, get_args

from kamcoach.model.fact import NOWHERE, Vocabulary
from kamcoach.model.rule import Param, Rule
from kamcoach.source import Location

Kind = Literal["threshold", "operator", "dropped", "negation", "value", "severity"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


class Setting(NamedTuple):
    """What a change needs to know of the library to make sense."""

    vocabulary: Vocabulary
    params: Mapping[str, Param]


class Change(NamedTuple):
    """`before` becomes `after`; an empty `after` means that it is dropped."""

    kind: Kind
    before: str
    after: str
    at: Location = NOWHERE
    looks_at: tuple[tuple[str, str], ...] = ()
    """Fact types and fields that decide whether the change shows; a field "" stands for the fact itself."""


class Mutant(NamedTuple):
    """A rule with one change."""

    rule: Rule
    change: Change
