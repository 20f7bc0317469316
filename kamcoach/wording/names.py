"""What the names that a rule binds are called in its sentences: `the person`, or `person A` and `person B` where there are two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from kamcoach.model.condition import Aggregate, Compute, Last, Pattern, Tally
from kamcoach.model.fact import NO_WORDS, FactType, Field, Vocabulary, Words
from kamcoach.model.rule import Rule
from kamcoach.wording.grammar import Grammar

LETTERS: Final[Mapping[str, str]] = {"en": "ABCDEFGH", "zh": "甲乙丙丁戊己庚辛"}


class Named(NamedTuple):
    """What a name stands for: a fact of a type, or a value. `frame` and `of` say how a value is called that has no label of its own."""

    name: str
    type: FactType | None = None
    field: Field | None = None
    label: Words = NO_WORDS
    frame: str = ""
    of: FactType | None = None


def named_in(rule: Rule, vocabulary: Vocabulary) -> tuple[Named, ...]:
    """Every name of a rule, in the order in which they come up."""
    return tuple({one.name: one for one in _bound(rule.when, vocabulary)}.values())


def _bound(node: object, vocabulary: Vocabulary) -> Iterator[Named]:
    if isinstance(node, (Pattern, Last, Aggregate, Compute, Tally)) and node.bind:
        yield _named(node, vocabulary)
    if isinstance(node, tuple):
        for part in node:
            yield from _bound(part, vocabulary)


def _named(node: Pattern | Last | Aggregate | Compute | Tally, vocabulary: Vocabulary) -> Named:
    if isinstance(node, (Compute, Tally)):
        return Named(node.bind, frame="number" if isinstance(node, Tally) else "result")
    declared = vocabulary.types[node.type if isinstance(node, Pattern) else node.pattern.type]
    if isinstance(node, Aggregate):
        return Named(node.bind, field=declared.fields.get(node.field), frame=f"name {node.how}", of=declared)
    if declared.shape == "value":
        return Named(node.bind, field=declared.fields["value"], label=declared.label)
    return Named(node.bind, declared, label=declared.label)


class Names:
    """The nouns for the names of one rule in one language."""

    def __init__(self, rule: Rule, vocabulary: Vocabulary, grammar: Grammar) -> None:
        self.grammar = grammar
        self.named = {one.name: one for one in named_in(rule, vocabulary)}
        self._nouns = self._numbered()

    def _numbered(self) -> dict[str, str]:
        plain = {name: self._noun(one) for name, one in self.named.items()}
        nouns = {}
        for name, noun in plain.items():
            alike = [other for other, same in plain.items() if same == noun]
            letter = LETTERS[self.grammar.language][alike.index(name) % 8]
            nouns[name] = self.grammar.frame("numbered", noun=noun, letter=letter) if len(alike) > 1 else noun
        return nouns

    def _noun(self, one: Named) -> str:
        language = self.grammar.language
        if not one.frame:
            return self.grammar.lowered(one.label.get(language, one.name))
        of, field = one.of, one.field
        nouns = self.grammar.plural(self.grammar.lowered(of.label.get(language, of.name))) if of is not None else ""
        label = self.grammar.lowered(field.label.get(language, field.name)) if field is not None else ""
        alone = of is not None and of.shape == "single"
        return label if alone else self.grammar.frame(one.frame, nouns=nouns, label=label)

    def noun(self, name: str) -> str:
        """`person`, `person A`."""
        return self._nouns.get(name, name)

    def the(self, name: str) -> str:
        """As it is spoken of once it is known: `the person`, `person A`."""
        noun = self.noun(name)
        one = self.named.get(name)
        as_it_is = one is not None and (one.frame in ("number", "result") or noun != self._noun(one))
        is_fact = one is not None and one.type is not None and one.type.shape != "single"
        return noun if as_it_is else self.grammar.frame("the" if is_fact else "sole", noun=noun)

    def type_of(self, name: str) -> str:
        """The fact type of what a name stands for; "" for a value."""
        one = self.named.get(name)
        return one.type.name if one is not None and one.type is not None else ""

    def field(self, name: str, field: str) -> Field | None:
        """The field that `$name.field` reads, or of which `$name` is a value."""
        one = self.named.get(name)
        if one is None:
            return None
        return one.field if not field else one.type.fields.get(field) if one.type is not None else None
