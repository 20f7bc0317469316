"""What a template can do: print, choose, repeat, name, compare, and work out a little."""

from __future__ import annotations

import pytest

from kamcoach.advice.evaluate import MAX_OUTPUT
from kamcoach.advice.template import compile_source, render
from kamcoach.source import Location
from tests.small_library import SmallLibrary

DEAL = """\
account: {name: Alder}
order: {amount: 1200, budget: asked, due: 2026-04-01, terms: {days: 30}}
people: [{id: li, name: Li, roles: [user, decider], power: 4, boss: wang}, {id: wang, name: Wang}, {id: zhao, name: Zhao, friends: []}]
"""


def printed(library: SmallLibrary, source: str) -> str:
    speech = library.speech(DEAL)
    at = Location("play.md.j2")
    person = speech.consultation.find("person", "li")
    return render(compile_source(speech.sandbox, source, at), speech.names({"person": person, "number": 7, "nothing": None}), at)


WORKS = [
    ("{{ person.name }}", "Li"),
    ("{{ person['name'] }}", "Li"),
    ("{{ person }}", "Li"),
    ("{{ person.boss.name }}", "Wang"),
    ("{{ order.terms.days }}", "30"),
    ("{{ people[1].name }}{{ people[-1].name }}", "WangZhao"),
    ("{% for p in people[1:] %}{{ p }} {% endfor %}", "Wang Zhao "),
    ("{{ people[:2] | names }}", "Li and Wang"),
    ("{{ 'abc'[1:2] }}", "b"),
    # if
    ("{% if person.power > 3 %}strong{% elif person.power > 1 %}middling{% else %}weak{% endif %}", "strong"),
    ("{% if number == 8 %}a{% elif number == 7 %}b{% else %}c{% endif %}", "b"),
    ("{{ 'yes' if number else 'no' }}{{ 'x' if not number }}", "yes"),
    # for
    ("{% for p in people %}{{ loop.index }}{{ p }}{% if not loop.last %}, {% endif %}{% endfor %}", "1Li, 2Wang, 3Zhao"),
    ("{% for p in people if p.power is known %}{{ loop.length }}{{ loop.first }}{{ loop.index0 }}{% endfor %}", "1yes0"),
    ("{% for p in [] %}x{% else %}nobody{% endfor %}", "nobody"),
    ("{% for a, b in [[1, 2], [3, 4]] %}{{ b }}{{ a }}{% endfor %}", "2143"),
    ("{% for r in person.roles %}{{ r }};{% endfor %}", "Decider;User;"),
    # set
    ("{% set n = number + 1 %}{{ n }}", "8"),
    ("{% set n = 1 %}{% for p in people %}{% set n = 2 %}{{ n }}{% endfor %}{{ n }}", "2221"),
    ("{% if true %}{% set n = 1 %}{% endif %}{{ n }}", "1"),
    # comparisons and logic
    ("{{ 1 < 2 <= 2 != 3 }}", "yes"),
    ("{{ 'user' in person.roles }}{{ 'legal' in person.roles }}{{ 'x' not in person.roles }}", "yesnoyes"),
    ("{{ order.budget == 'asked' }}{{ order.budget == 'Asked for' }}", "yesno"),
    ("{{ person == people[0] }}{{ person == people[1] }}{{ person in people }}", "yesnoyes"),
    ("{{ order.due > as_of }}", "yes"),
    ("{{ not (true and false) or false }}", "yes"),
    ("{{ person.title or 'no title' }}", "no title"),
    # sums
    ("{{ number + 1 - 2 }}{{ -number }}{{ 7 / 2 }}{{ 6 / 2 }}", "6-73.53"),
    ("{{ 'a' ~ number ~ person }}", "a7Li"),
    # is there, is it known
    ("{{ person is defined }}{{ nobody is defined }}{{ nobody is not defined }}", "yesnoyes"),
    ("{{ person.shoe is defined }}{{ person.title is defined }}", "noyes"),
    ("{{ person.power is known }}{{ person.title is known }}{{ person.title is unknown }}{{ nothing is unknown }}", "yesnoyesyes"),
    # comments and line breaks
    ("a{# nothing #}b", "ab"),
    ("a\n{% if true %}\nb\n{% endif %}\nc", "a\nb\nc"),
]


@pytest.mark.parametrize(("source", "wanted"), WORKS)
def test_what_works(library: SmallLibrary, source: str, wanted: str) -> None:
    assert printed(library, source) == wanted


UNKNOWN = [
    # printed, it says so
    ("{{ person.title }}", "(Position not recorded)"),
    ("{{ nothing }}", "(? not recorded)"),
    # in a sum, of a list, of a person who is not known
    ("{{ people[1].power + 1 }}", "(Power not recorded)"),
    ("{{ 1 - people[1].power }}", "(Power not recorded)"),
    ("{{ -people[1].power }}", "(Power not recorded)"),
    ("{{ people[1].power / 2 }}", "(Power not recorded)"),
    ("{{ people[1].boss }}", "(Boss not recorded)"),
    ("{{ people[1].boss.name }}", "(Boss not recorded)"),
    ("{{ people[1].boss.boss['name'] }}", "(Boss not recorded)"),
    ("{{ person.friends[0] }}", "(Friends not recorded)"),
    ("{{ person.friends[1:] }}", "(Friends not recorded)"),
    ("{{ order.claimed }}", "(Stage claimed not recorded)"),
    # it is false, equals nothing, compares with nothing, holds nothing
    ("{% if person.title %}x{% else %}y{% endif %}", "y"),
    ("{{ person.title == person.title }}{{ person.title == '' }}{{ person.title != 'x' }}", "nonoyes"),
    ("{{ people[1].power > 0 }}{{ people[1].power < 9 }}{{ 9 > people[1].power }}{{ people[1].power >= 0 }}", "nononono"),
    ("{% for f in person.friends %}x{% else %}none{% endfor %}", "none"),
    ("{{ person in person.friends }}", "no"),
    # a list that is known to be empty is not unknown
    ("{{ people[2].friends is known }}{% for f in people[2].friends %}x{% else %}none{% endfor %}", "yesnone"),
]


@pytest.mark.parametrize(("source", "wanted"), UNKNOWN)
def test_what_is_not_recorded_never_fails(library: SmallLibrary, source: str, wanted: str) -> None:
    assert printed(library, source) == wanted


def test_what_is_within_the_limits_is_printed(library: SmallLibrary) -> None:
    text = "x" * 1000
    source = f"{{% set xs = [{'0,' * 50}] %}}{{% for a in xs %}}{text}{{% endfor %}}"
    assert len(printed(library, source)) == 50_000 < MAX_OUTPUT
    source = f"{{% set xs = [{'0,' * 100}] %}}" + "{% for a in xs %}{% for b in xs %}{% endfor %}{% endfor %}"
    assert printed(library, source) == ""
