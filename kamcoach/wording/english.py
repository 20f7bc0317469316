"""English sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from kamcoach.wording.grammar import Grammar, Mood, Predicate


class English(Grammar):
    language = "en"
    comma, last, either, either_comma, colon, then = ", ", " and ", " or ", ", ", ": ", "; "
    frames: ClassVar[Mapping[str, str]] = {
        "acts": "{owner} {text}",
        "owns": "{owner}’s {text}",
        "the": "the {noun}",
        "sole": "the {noun}",
        "numbered": "{noun} {letter}",
        "none": "it is not so that {clause}",
        "no_evidence_of": "nothing on file shows that {clause}",
        "evidence_of": "it is certain that {clause}",
        "flag": "{label} holds",
        "not flag": "{label} does not hold",
        "counts": "counts as {label}",
        "not counts": "does not count as {label}",
        "yes": "{label} is “yes”",
        "no": "{label} is “no”",
        "on file": "{text}, on record",
        "is value": "{label} is {value}",
        "any value": "{label}, whatever it is",
        "under": "has {value} under {label}",
        "not under": "does not have {value} under {label}",
        "all of": "all of this holds",
        "not all of": "not all of this holds",
        "any of": "at least one of these holds",
        "no such": "there is nothing of which all of this holds",
        "no_evidence_of such": "nothing on file shows all of this",
        "evidence_of such": "it is certain that all of this holds",
        "every": "every {noun}{which} is also one{wanted}",
        "count": "the number of {nouns}{which}",
        "sum": "the sum of {label} over all {nouns}{which}",
        "sum of one": "{label} of the {noun}{which} (0 if there is none)",
        "min": "the least {label} of all {nouns}{which}",
        "max": "the greatest {label} of all {nouns}{which}",
        "distinct": "the number of different values of {label} among all {nouns}{which}",
        "in_a_row": "the number of the newest {nouns} in a row{which}, counted back by {label},",
        "name count": "number of {nouns}",
        "name sum": "sum of {label}",
        "name min": "least {label}",
        "name max": "greatest {label}",
        "name distinct": "number of different values of {label}",
        "name in_a_row": "number of {nouns} in a row",
        "take": "take {value}",
        "outcome": "{value} {verb}",
        "last": "there is a newest {noun}{which}, by {label}",
        "last is": "the newest {noun}{which}, by {label}, is one{wanted}",
        "tally": "the number of these that hold",
        "difference": "{0} minus {1}",
        "days between": "the days from {1} to {0}",
        "sum of": "the sum of {all}",
        "product": "the product of {all}",
        "ratio": "{0} divided by {1}",
        "number": "that number",
        "result": "that result",
        "conclude flag": "the deal counts as {label}",
        "conclude": "there is a {noun}{which}",
        "advise": "advise: {headline} ({severity}; {lens})",
        "advise not": "advise not to: {headline} ({severity}; {lens})",
        "advice from": "advice: {play}",
        "and": " and ",
        "either": "either {text}",
        "together": "({text})",
        "sentence": "When {when}, then {then}.",
        "advice on": "there is the advice {title}",
    }
    verbs: ClassVar[Mapping[str, tuple[str, str]]] = {
        "recorded": ("is recorded", "is not recorded"),
        "equals": ("is {x}", "is not {x}"),
        "at_least": ("is at least {x}", "is below {x}"),
        "at_most": ("is at most {x}", "is above {x}"),
        "above": ("is above {x}", "is at most {x}"),
        "below": ("is below {x}", "is at least {x}"),
        "at_least date": ("is {x} or later", "is before {x}"),
        "at_most date": ("is {x} or earlier", "is after {x}"),
        "above date": ("is after {x}", "is {x} or earlier"),
        "below date": ("is before {x}", "is {x} or later"),
        "has": ("includes {x}", "does not include {x}"),
        "contains": ("contains the text {x}", "does not contain the text {x}"),
        "starts_with": ("begins with {x}", "does not begin with {x}"),
        "size": ("has {x} entries", "does not have {x} entries"),
        "ago": ("was {x} days ago", "was not {x} days ago"),
        "ahead": ("lies {x} days ahead", "does not lie {x} days ahead"),
        "on record": ("is recorded and {x}", "is not recorded or {x}"),
    }
    measures: ClassVar[Mapping[str, str]] = {
        "equals": "exactly {x}",
        "at_least": "at least {x}",
        "at_most": "at most {x}",
        "above": "more than {x}",
        "below": "less than {x}",
        "not equals": "other than {x}",
        "in": "{x}",
        "not in": "other than {x}",
    }
    _PLURALS: ClassVar = {"person": "people", "criterion": "criteria"}

    def lowered(self, text: str) -> str:
        word = text.split(" ", 1)[0]
        return text if word != "A" and (word.isupper() or text[1:2].isupper()) else text[:1].lower() + text[1:]

    def plural(self, noun: str) -> str:
        """`people`, `needs`, `sign-offs`; of `sign of the stage` the head."""
        head, space, tail = noun.partition(" ") if noun.split(" ")[1:2] and noun.split(" ")[1] in ("of", "by", "for") else (noun, "", "")
        first, gap, word = head.rpartition(" ")
        if word in self._PLURALS:
            return f"{first}{gap}{self._PLURALS[word]}{space}{tail}"
        if word.endswith("y") and word[-2:-1] not in "aeiou":
            return f"{head[:-1]}ies{space}{tail}"
        return f"{head}{'es' if word.endswith(('s', 'x', 'ch', 'sh')) else 's'}{space}{tail}"

    def which_all(self, predicates: list[Predicate]) -> str:
        return self.which([one._replace(text=_plural_verb(one.text)) if one.kind == "act" else one for one in predicates])

    def owned(self, owner: str, predicate: Predicate) -> str:
        said = super().owned(owner, predicate)
        return said.replace(f"{owner}’s ", f"{owner}’ ", 1) if owner.endswith("s") else said

    def joint(self, predicate: Predicate) -> str:
        pronoun = {"field": "whose ", "act": "that "}.get(predicate.kind, "")
        return f"{pronoun}{predicate.text}"

    def which(self, predicates: list[Predicate]) -> str:
        return f" {self.both(map(self.joint, predicates))}" if predicates else ""

    def some(self, noun: str, predicates: list[Predicate], mood: Mood) -> str:
        article = {
            "is": "there is",
            "none": "there is no",
            "no_evidence_of": "nothing on file shows",
            "evidence_of": "there is for certain",
        }
        start = article[mood] if mood == "none" else f"{article[mood]} {'an' if noun[:1] in 'aeio' else 'a'}"
        return f"{start} {noun}{self.which(predicates)}"


def _plural_verb(text: str) -> str:
    """`have been reached` for `has been reached`."""
    verb, space, rest = text.partition(" ")
    known = {"is": "are", "has": "have", "was": "were", "does": "do"}
    return f"{known.get(verb, verb.removesuffix('s'))}{space}{rest}"
