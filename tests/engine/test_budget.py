"""A rule or a deal that makes too many combinations of facts is refused at once, with the place of the rule."""

from __future__ import annotations

import time

import pytest

from kamcoach.engine.budget import MAX_WORK
from kamcoach.errors import BadInput
from tests.small_library import SmallLibrary

PEOPLE = "account: {name: Alder}\npeople:\n"
HUNGRY = {
    "a pattern times a pattern": "[{person: {}, as: a}, {person: {}, as: b}, {person: {}, as: c}, {person: {}, as: d}]",
    "ten patterns": f"[{', '.join(f'{{person: {{}}, as: p{number}}}' for number in range(10))}]",
    "inside a negation": "[{none: [{person: {}, as: a}, {person: {}, as: b}, {person: {power: 0}, as: c}]}]",
    "inside alternatives": "[{any: [[{person: {}, as: a}, {person: {}, as: b}, {person: {power: 0}, as: c}], [{account: {name: x}}]]}]",
    "a count for each pair": "[{person: {}, as: a}, {person: {}, as: b}, {count: {person: {power: 5}}, is: {above: 3}}]",
    "a row for each pair": "[{person: {}, as: a}, {person: {}, as: b}, {last: {talk: {}}, by: date, as: t}]",
}


def people(number: int) -> str:
    return PEOPLE + "".join(f"- {{id: p{one}, power: 3}}\n" for one in range(number))


@pytest.mark.parametrize("when", HUNGRY.values(), ids=HUNGRY.keys())
def test_a_hungry_rule_is_named_at_its_place(library: SmallLibrary, when: str) -> None:
    rule = library.rule("hungry", when, "[conclude: open]")
    begun = time.process_time()
    with pytest.raises(BadInput) as caught:
        library.coach(people(400))
    assert time.process_time() - begun < 5
    (told,) = caught.value.diagnostics
    assert (told.code, told.at.path, told.at.line, told.at.column) == ("too-much-work", str(rule), 1, 1)
    assert "'hungry'" in told.message


def test_what_is_only_asked_for_is_counted_too(library: SmallLibrary) -> None:
    """The questions go through the combinations that are possible once more."""
    library.advice("curious", "[{none: [{person: {power: 5}, as: a}, {person: {power: 5}, as: b}, {person: {power: 5}, as: c}]}]")
    coached = library.coach(PEOPLE + "".join(f"- {{id: p{one}}}\n" for one in range(60)))
    with pytest.raises(BadInput, match="too-much-work"):
        coached.questions  # noqa: B018  (it is worked out when it is asked for)


def test_a_long_deal_is_still_coached(library: SmallLibrary) -> None:
    """All pairs of a hundred people."""
    library.rule("pairs", "[{person: {}, as: a}, {person: {}, as: b}]", "[conclude: open]")
    consultation = library.coach(people(100)).consultation
    assert len(consultation.fired("pairs")) == 10_000
    assert 0 < consultation.memory.budget.left < MAX_WORK
