"""How a language puts sentences together. What is said comes from the vocabulary; here is only the frame around it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import ClassVar, Literal, NamedTuple

from kamcoach.advice.words import joined

Mood = Literal["is", "none", "no_evidence_of", "evidence_of"]
Kind = Literal["clause", "act", "field", "whole"]


class Predicate(NamedTuple):
    """What is said of a fact: a whole `clause`, an `act` that wants a subject, something about one `field`, which wants an owner.

    `whole`: it has been joined to its noun already.
    """

    text: str
    kind: Kind = "field"


class Clause(NamedTuple):
    """A condition in words; `parts` are those it is made of."""

    text: str
    parts: tuple[Clause, ...] = ()


class Grammar(ABC):
    """The frames of one language."""

    language: str
    frames: ClassVar[Mapping[str, str]]
    verbs: ClassVar[Mapping[str, tuple[str, str]]]
    """A test by its name: affirmed, denied."""
    measures: ClassVar[Mapping[str, str]]
    comma: str
    last: str
    either: str
    either_comma: str
    colon: str
    then: str

    def frame(self, name: str, **words: object) -> str:
        return self.frames[name].format(**words)

    def verb(self, name: str, *, denied: bool = False) -> str:
        return self.verbs[name][denied]

    def quoted(self, text: str) -> str:
        return f"“{self.lowered(text)}”"

    def lowered(self, text: str) -> str:
        """A label as it stands within a sentence."""
        return text

    def both(self, texts: Iterable[str]) -> str:
        return self._listed(list(texts), self.comma, self.last)

    def one_of(self, texts: Iterable[str]) -> str:
        return self._listed(list(texts), self.either_comma, self.either)

    def choice(self, groups: list[list[str]]) -> str:
        """Alternatives, each of one or several that go together."""
        said = [self.both(group) for group in groups]
        bracketed = [self.frame("together", text=text) if len(group) > 1 else text for text, group in zip(said, groups, strict=True)]
        return self.frame("either", text=self.one_of(bracketed))

    def _listed(self, texts: list[str], comma: str, last: str) -> str:
        return "".join(texts) if len(texts) < 2 else joined([joined(texts[:-1], comma), texts[-1]], last)

    def flat(self, clause: Clause) -> str:
        """A clause with its parts in one line."""
        if not clause.parts:
            return clause.text
        parts = [self.frame("together", text=self.flat(part)) if part.parts else part.text for part in clause.parts]
        return f"{clause.text}{self.colon}{joined(parts, self.then)}"

    def plural(self, noun: str) -> str:
        return noun

    def joint(self, predicate: Predicate) -> str:
        """A predicate as it follows its noun."""
        return predicate.text

    @abstractmethod
    def which(self, predicates: list[Predicate]) -> str:
        """What tells a fact from others of its type; it follows the noun."""

    def which_all(self, predicates: list[Predicate]) -> str:
        """The same after a noun in the plural."""
        return self.which(predicates)

    def wanted(self, predicates: list[Predicate]) -> str:
        """What is asked of such a fact."""
        return self.which(predicates)

    @abstractmethod
    def some(self, noun: str, predicates: list[Predicate], mood: Mood) -> str:
        """That there is such a fact, or none."""

    def states(self, clause: str, mood: Mood) -> str:
        return clause if mood == "is" else self.frame(mood, clause=clause)

    def owned(self, owner: str, predicate: Predicate) -> str:
        """A predicate as a sentence about a fact that there is only one of, or that has a name."""
        frame = {"act": self.frames["acts"], "field": self.frames["owns"]}.get(predicate.kind, "{text}")
        return frame.format(owner=owner, text=predicate.text)
