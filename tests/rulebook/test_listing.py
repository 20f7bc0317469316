"""The list of rules: where each comes from, what it says, and what is asked for."""

from __future__ import annotations

import pytest

from kamcoach.errors import UnknownName
from kamcoach.rulebook.listing import Entry, Wanted, entries
from kamcoach.rulebook.table import table
from tests.small_library import SmallLibrary, Team


@pytest.fixture
def several(library: SmallLibrary) -> SmallLibrary:
    """Rules of every kind, one of them in a folder."""
    library.rule("open", "[{stage: [choice, use]}]", "[{conclude: open}]")
    library.rule("met", "[{person: {met: true}, as: p}]", "[{mark: {$p: reached}}]", "catalogue: PEO-01")
    library.advice("a", "[open, {person: {power: 5}, as: p}]", "about: $p, instead_of: [b]")
    library.advice("b", "[{stage: wish}]", "severity: critical, lens: who")
    (library.folder / "rules/people").mkdir()
    (library.folder / "rules/met.yaml").rename(library.folder / "rules/people/met.yaml")
    return library


def listed(library: SmallLibrary, wanted: Wanted) -> list[str]:
    return [one.rule.id for one in entries(library.load(), wanted)]


def entry(library: SmallLibrary, rule_id: str) -> Entry:
    return next(one for one in entries(library.load()) if one.rule.id == rule_id)


def test_what_an_entry_holds(several: SmallLibrary) -> None:
    a, met = entry(several, "a"), entry(several, "met")
    assert (a.kind, a.severity, a.lens, a.plays, a.concludes, a.instead_of) == ("advice", "warn", "deed", ("play-of-a",), (), ("b",))
    assert (met.kind, met.severity, met.category, met.concludes) == ("derivation", "", "people", ("person.reached",))
    assert entry(several, "b").gives_way_to == ("a",)


def test_a_rule_belongs_to_the_stages_of_the_flags_it_asks_for(several: SmallLibrary) -> None:
    several.rule("late", "[{none: open}, {stage: {at_least: choice}}]", "[{conclude: {contacts: 1}}]")
    several.rule("either", "[{any: [{stage: wish}, [open, {stage: use}]]}]", "[{conclude: {contacts: 2}}]")
    found = {one.rule.id: one.stages for one in entries(several.load())}
    assert found["a"] == found["open"] == ("choice", "use")
    assert (found["b"], found["met"], found["late"], found["either"]) == (("wish",), (), ("choice", "use"), ("wish", "use"))


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(), ["a", "b", "open", "met"]),
        (Wanted(category="people"), ["met"]),
        (Wanted(category="PEO"), ["met"]),
        (Wanted(lens="who"), ["b"]),
        (Wanted(severity="warn"), ["a"]),
        (Wanted(kind="derivation"), ["open", "met"]),
        (Wanted(stage="use"), ["a", "open"]),
        (Wanted(origin="small", kind="advice"), ["a", "b"]),
        (Wanted(text="TITLE OF B"), ["b"]),
        (Wanted(text="person.reached"), ["met"]),
        (Wanted(text="a的标题"), ["a"]),
        (Wanted(text="nowhere"), []),
    ],
)
def test_only_what_is_asked_for(several: SmallLibrary, wanted: Wanted, ids: list[str]) -> None:
    assert sorted(listed(several, wanted)) == sorted(ids)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (Wanted(category="poeple"), "There is no category 'poeple'. Did you mean 'people'?"),
        (Wanted(lens="whom"), "There is no lens 'whom'. Did you mean 'who'?"),
        (Wanted(stage="chioce"), "There is no stage 'chioce'. Did you mean 'choice'?"),
        (Wanted(origin="big"), "There is no playbook 'big'. It can be small"),
    ],
)
def test_what_there_is_not_is_told(several: SmallLibrary, wanted: Wanted, message: str) -> None:
    with pytest.raises(UnknownName) as caught:
        listed(several, wanted)
    assert str(caught.value) == message


def test_the_table(several: SmallLibrary) -> None:
    library = several.load()
    assert list(table(entries(library), library, "en", long=True)) == [
        "without a category",
        "  warning          a     Title of a",
        "      ↳ takes the place of b",
        "  critical         b     Title of b",
        "      ↳ gives way to a",
        "  concludes        open  Title of open",
        "",
        "people",
        "  concludes        met   Title of met",
        "",
        "4 of 4 rules: 2 give advice, 2 only conclude",
    ]
    assert list(table(entries(library, Wanted(severity="critical")), library, "zh"))[1:] == [
        "  要害    b  b的标题",
        "",
        "共4条规则，列出1条：给建议的1条，只推导的0条",
    ]


def test_what_a_team_brings_or_replaces_is_told_as_such(on_top: Team) -> None:
    on_top.advice("own")
    on_top.rule("a", "[{person: {power: 4}, as: p}]", "[{advise: {play: play-of-a, severity: info, lens: who}}]", "replaces: true")
    library = on_top.load()
    assert {one.rule.id: one.origin for one in entries(library)} == {"a": "team", "own": "team"}
    lines = list(table(entries(library), library, "en"))
    assert lines[2:4] == ["      ↳ playbook team", "      ↳ replaces the rule of the playbook below"]


def test_every_shipped_rule_is_listed_once(shipped_library: object) -> None:
    found = [one.rule.id for one in entries(shipped_library)]  # type: ignore[arg-type]
    assert len(found) == len(set(found)) == sum(1 for _ in shipped_library.rule_base.rules)  # type: ignore[attr-defined]
