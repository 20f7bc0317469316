"""A scenario held against what really follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from kamcoach.advice.rank import Ranked, advice_of
from kamcoach.engine.compile import Matcher
from kamcoach.engine.explain import Explainer, Undetermined
from kamcoach.engine.memory import FALSE, TRUE, UNKNOWN, Activation, Consultation
from kamcoach.model import written
from kamcoach.model.advice import Question
from kamcoach.model.condition import Pattern
from kamcoach.model.fact import Fact, Vocabulary
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Mark
from kamcoach.model.scenario import Scenario

_FIRES: Final = {TRUE: "certainly", UNKNOWN: "possibly", FALSE: "never"}
_KEYS: Final = {TRUE: "certain", UNKNOWN: "possible", FALSE: "out"}
_WORDS: Final = {TRUE: "certain", UNKNOWN: "only possible", FALSE: "out"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of a scenario gave; the ranking and the questions are worked out only if the scenario mentions them."""

    scenario: Scenario
    library: Library
    consultation: Consultation
    ranked: Callable[[], Ranked]
    questions: Callable[[], tuple[Question, ...]]


class Difference(NamedTuple):
    """One line of `expect` that does not hold: what was expected and what was found, as they would be written in the file."""

    key: str
    expected: tuple[str, ...]
    found: tuple[str, ...]
    sentence: str
    ordered: bool = False

    def __str__(self) -> str:
        return self.sentence


def differences(outcome: Outcome) -> list[Difference]:
    """What is not as expected, in the order of the table in the reference."""
    return [*_firing(outcome), *_patterns(outcome), *_asks(outcome), *_lists(outcome)]


def _activations(outcome: Outcome) -> list[Activation]:
    tested = outcome.scenario.rule
    return [a for a in outcome.consultation.activations if tested in (a.rule.id, a.rule.stem)]


def _firing(outcome: Outcome) -> Iterator[Difference]:
    expect = outcome.scenario.expect
    if not outcome.scenario.rule:
        for key in ("fires", "about", "severity"):
            if getattr(expect, key) is not None:
                yield Difference(key, (), (), f"this file belongs to no rule: '{key}' cannot be compared")
        return
    activations = _activations(outcome)
    found = _FIRES[max((a.truth for a in activations), default=FALSE)]
    if expect.fires is not None and found != expect.fires:
        yield Difference("fires", (expect.fires,), (found,), f"the rule should fire {expect.fires}, but fires {found}")
    certain = [a for a in activations if a.truth == TRUE]
    if expect.about is not None:
        yield from _compare("about", sorted(expect.about), sorted({key for a in certain for key in _about(a, outcome)}))
    if expect.severity is not None:
        loud = {advice.severity for a in certain for advice in advice_of(a, outcome.consultation.memory)}
        yield from _compare("severity", sorted(set(expect.severity)), sorted(loud))


def _about(activation: Activation, outcome: Outcome) -> Iterator[str]:
    """The keys of what a firing is about: of its advice, else of the facts that it marks."""
    advice = list(advice_of(activation, outcome.consultation.memory))
    if advice:
        yield from (fact.key for one in advice for fact in one.about)
        return
    for effect in activation.rule.then:
        if isinstance(effect, Mark) and isinstance(fact := activation.names[effect.name], Fact):
            yield fact.key


def _patterns(outcome: Outcome) -> Iterator[Difference]:
    expect = outcome.scenario.expect
    for key, patterns, wanted in (("certain", expect.certain, TRUE), ("possible", expect.possible, UNKNOWN), ("out", expect.out, FALSE)):
        for pattern in patterns:
            found = _truth(pattern, outcome)
            if found != wanted:
                held = _instead(pattern, outcome)
                said = f"line {pattern.at.line}: '{pattern.type}' should be {_WORDS[wanted]}, but is {_WORDS[found]}"
                said += f"; held: {_listed(held)}" if held is not None else ""
                yield Difference(key, (written.pattern(pattern),), (_KEYS[found], *(held or ())), said)


def _truth(pattern: Pattern, outcome: Outcome) -> int:
    matcher = Matcher(pattern, outcome.consultation.rule_base.vocabulary)
    return max((truth for truth, _, _ in matcher({}, outcome.consultation.memory)), default=FALSE)


def _instead(pattern: Pattern, outcome: Outcome) -> list[str] | None:
    """What is held of that type, for a one-value type or a derived fact."""
    declared = outcome.consultation.rule_base.vocabulary.types[pattern.type]
    if declared.given or declared.shape == "flag" or pattern.type == "advice":
        return None
    held = outcome.consultation.memory.by_type.get(pattern.type, [])
    return [f"{', '.join(map(str, h.fact.fields.values()))} ({_WORDS[h.truth]})" for h in held]


def _asks(outcome: Outcome) -> Iterator[Difference]:
    expect = outcome.scenario.expect
    if expect.asks is None:
        return
    vocabulary = outcome.consultation.rule_base.vocabulary
    explainer = Explainer(outcome.consultation)
    possible = [a for a in _activations(outcome) if a.truth == UNKNOWN]
    asked = sorted({field_path(one, vocabulary) for activation in possible for one in explainer.undetermined(activation)})
    if not expect.asks and asked:
        yield Difference("asks", (), tuple(asked), f"nothing should be asked, but asked is {_listed(asked)}")
    for path in expect.asks:
        if path not in asked:
            yield Difference("asks", (path,), tuple(asked), f"'{path}' should be asked; asked is {_listed(asked)}")


def field_path(one: Undetermined | Question, vocabulary: Vocabulary) -> str:
    """Where an unknown stands in a deal file: `people.li.power`, `contract.state`, `people`."""
    declared = vocabulary.types[one.fact.type]
    parts = [declared.section, one.fact.key if declared.plural and one.field else "", one.field]
    return ".".join(part for part in parts if part)


def _lists(outcome: Outcome) -> Iterator[Difference]:
    expect = outcome.scenario.expect
    if expect.advice is not None:
        found = sorted({advice.rule.id for advice in outcome.ranked().advice})
        yield from _compare("advice", sorted(expect.advice), found)
    if expect.actions is not None:
        most = outcome.library.ranking.actions
        heads = [b.lead.rule.id for b in outcome.ranked().actions[:most]]
        yield from _compare("actions", expect.actions, heads, ordered=True)
    if expect.do_not is not None:
        most = outcome.library.ranking.do_not
        yield from _compare("do_not", expect.do_not, [a.rule.id for a in outcome.ranked().do_not[:most]], ordered=True)
    if expect.questions is not None:
        vocabulary = outcome.consultation.rule_base.vocabulary
        asked = outcome.questions()[: len(expect.questions) or None]
        found = [field_path(question, vocabulary) for question in asked]
        yield from _compare("questions", expect.questions, found, ordered=True)


def _compare(key: str, wanted: Sequence[str], found: Sequence[str], *, ordered: bool = False) -> Iterator[Difference]:
    if list(wanted) != list(found):
        yield Difference(key, tuple(wanted), tuple(found), f"{key}: expected {_listed(wanted)}, found {_listed(found)}", ordered)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words) if words else "nothing"
