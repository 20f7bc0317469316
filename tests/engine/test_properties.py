"""What is true of every run, whatever the rules and the deal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from kamcoach.engine import FALSE, TRUE, UNKNOWN, Consultation, Premise
from kamcoach.model.fact import Fact, Interval, Value
from tests.engine.outcomes import Identity, Outcome, consult, difference, outcome
from tests.minimal import described, smallest
from tests.small_deals import items, people_of, some_people, unknown_fields
from tests.small_vocabulary import PERSON, VOCABULARY, values
from tests.strategies import Case, cases, examples

ROOT = Path(__file__).parents[2]
RANDOM = st.randoms(use_true_random=True)


def _explain(case: Case, problems: Callable[[Case], list[str]]) -> None:
    """Fail with the smallest case, if there are problems at all."""
    if problems(case):
        small = smallest(case, lambda smaller: bool(problems(smaller)))
        raise AssertionError("\n".join([described(small), *problems(small)]))


# ── order and repetition ────────────────────────────────────────────────────────────────────────────────────────────────


@examples
@given(cases(), RANDOM)
def test_no_run_depends_on_the_order_of_rules_or_facts(case: Case, random: Random) -> None:
    shuffled = Case(*(tuple(random.sample(part, len(part))) for part in case))
    assert difference(outcome(consult(shuffled)), outcome(consult(case))) == []


@examples
@given(cases())
def test_two_runs_are_equal(case: Case) -> None:
    assert consult(case).activations == consult(case).activations


def test_runs_are_equal_under_different_hash_seeds() -> None:
    assert _printed_with_hash_seed("1") == _printed_with_hash_seed("2")


def _printed_with_hash_seed(seed: str) -> str:
    program = (
        "from random import Random; from tests.engine.outcomes import consult; from tests.strategies import generated\n"
        "for number in range(150): print(consult(generated(Random(number))).activations)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


# ── reasons ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@examples
@given(cases())
def test_every_premise_is_in_memory(case: Case) -> None:
    consultation = consult(case)
    for activation in consultation.activations:
        for premise in activation.premises:
            for one in _with_parts(premise):
                assert all(consultation.truth(fact) >= UNKNOWN for fact in one.facts), (activation.rule.id, premise)


def _with_parts(premise: Premise) -> Iterator[Premise]:
    yield premise
    for part in premise.parts:
        yield from _with_parts(part)


@examples
@given(cases())
def test_everything_concluded_is_held_for_a_reason(case: Case) -> None:
    _explain(case, lambda smaller: _without_reason(consult(smaller)))


def _without_reason(consultation: Consultation) -> list[str]:
    """What is certain needs a rule that fires for certain, what is possible one that fires at all."""
    memory = consultation.memory
    derived = {one.fact.id: one.truth for one in memory.index.values() if not VOCABULARY.types[one.fact.type].given}
    marks = {(*name, value): truth for name, marked in memory.marks.items() for value, truth in marked.items()}
    held = {**derived, **marks}
    strongest = {name: max((one.truth for one in consultation.support(name)), default=FALSE) for name in held}
    return [f"{name}: held as {truth}, supported by {strongest[name]}" for name, truth in held.items() if strongest[name] < truth]


@examples
@given(cases())
def test_a_rule_fires_as_truly_as_the_least_true_of_its_conditions(case: Case) -> None:
    for activation in consult(case).activations:
        assert activation.truth == min(premise.truth for premise in activation.premises)


# ── learning more ───────────────────────────────────────────────────────────────────────────────────────────────────────


@examples
@given(cases(steady=True), st.integers(0, 2**32))
def test_learning_more_only_settles_what_was_open(case: Case, seed: int) -> None:
    _explain(case, lambda smaller: _unsettled(smaller, Random(seed)))


def _unsettled(case: Case, random: Random) -> list[str]:
    """What is out stays out, what is certain stays certain."""
    learnt = _with_more_known(case.facts, random)
    before, after = outcome(consult(case)), outcome(consult(Case(case.rules, learnt)))
    problems = [f"{name} came up" for name in after.facts if _is_derived(name) and not any(_covers(old, name) for old in before.facts)]
    for old, truth in before.facts.items():
        if truth == TRUE and _is_derived(old) and not any(now == TRUE and _covers(old, name) for name, now in after.facts.items()):
            problems.append(f"{old} was certain")
    problems.extend(_unsettled_marks(before, after))
    return [*problems, f"when this was learnt: {learnt}"] if problems else []


def _unsettled_marks(before: Outcome, after: Outcome) -> Iterator[str]:
    for (fact, field), marked in after.marks.items():
        stood_for = fact if (fact, field) in before.marks else (fact[0], "?")
        earlier = before.marks.get((stood_for, field), {})
        yield from (f"{fact} {field} {value} came up" for value in marked if not any(_within(value, old) for old in earlier))
    for (fact, field), marked in before.marks.items():
        for old, truth in marked.items():
            later = after.marks.get((fact, field), {})
            if truth == TRUE and not any(now == TRUE and _within(value, old) for value, now in later.items()):
                yield f"{fact} {field} {old} was certain"


def _with_more_known(facts: tuple[Fact, ...], random: Random) -> tuple[Fact, ...]:
    """One unknown field is filled in, or a list that was never asked for is given."""
    people = people_of(facts)
    open_facts = [fact for fact in facts if fact.unasked or unknown_fields(fact, people)]
    if not open_facts:
        return facts
    chosen = random.choice(open_facts)
    if chosen.unasked:
        declared = VOCABULARY.types[chosen.type]
        more = items(random, declared, some_people(random) if declared is PERSON else people)
    else:
        field = random.choice(unknown_fields(chosen, people))
        more = (Fact(chosen.type, {**chosen.fields, field.name: random.choice(values(field, people))}, chosen.key),)
    place = facts.index(chosen)
    return (*facts[:place], *more, *facts[place + 1 :])


def _is_derived(name: Identity) -> bool:
    return not VOCABULARY.types[name[0]].given


def _covers(old: Identity, new: Identity) -> bool:
    """Whether the old fact may have turned out to be the new one: it says the same, or less."""
    if old[0] != new[0]:
        return False
    before: Mapping[str, Value] = dict(old[1])  # type: ignore[call-overload]
    after: Mapping[str, Value] = dict(new[1])  # type: ignore[call-overload]
    return all(name in after and _within(after[name], value) for name, value in before.items())


def _within(new: Value | None, old: Value | None) -> bool:
    if old is None or new == old:
        return True
    if not isinstance(old, Interval) or new is None:
        return False
    low, high = (new.low, new.high) if isinstance(new, Interval) else (new, new)
    return bool(old.low <= low and high <= old.high)
