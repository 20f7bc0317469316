"""What a play from a stranger cannot do: reach Python, a file or the network, or use up the machine.

Most attempts are published ways out of Jinja's own sandbox, and ways to make it work for ever.
"""

from __future__ import annotations

import time

import pytest

from kamcoach.advice.template import compile_source, names_in, optional_names, render
from kamcoach.errors import BadInput
from kamcoach.source import Diagnostic, Location
from tests.advice.escapes import BOMBS, ESCAPES
from tests.small_library import SmallLibrary

DEAL = "people: [{id: li, name: Li, boss: li, friends: [li]}, {id: wang}]\naccount: {name: Alder}"


def refused(library: SmallLibrary, source: str) -> Diagnostic:
    """The one diagnostic for a template whose third line is this; its first stands in line 10 of the file."""
    speech = library.speech(DEAL)
    at = Location("play.md.j2", 10)
    person = speech.consultation.find("person", "li")
    with pytest.raises(BadInput) as caught:
        print(render(compile_source(speech.sandbox, f"one\ntwo\n{source}\n", at), speech.names({"person": person, "text": "abc"}), at))
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.at.path == "play.md.j2"
    return diagnostic


@pytest.mark.parametrize("source", ESCAPES)
def test_a_way_out_is_refused_with_its_place(library: SmallLibrary, source: str) -> None:
    assert refused(library, source).at.line == 12


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS.keys())
def test_what_would_use_up_the_machine_is_refused_at_once(library: SmallLibrary, source: str) -> None:
    begun = time.process_time()
    assert refused(library, source).code in (
        "template-forbidden",
        "template-too-long",
        "template-failed",
        "template-syntax",
        "template-unknown-name",
    )
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("source", [*ESCAPES, *BOMBS.values()])
def test_a_hostile_template_can_be_asked_for_its_names(source: str) -> None:
    """`check` reads the names of a template before it knows whether it may be used at all."""
    assert isinstance(names_in(source), set)
    assert isinstance(optional_names(source), set)


FAULTS = [
    ("{{ nobody }}", "template-unknown-name", "Nothing is called 'nobody' here."),
    ("{{ person.nmae }}", "template-unknown-name", "Nothing is called 'nmae' here."),
    ("{{ person.name", "template-syntax", ""),
    ("{% if person %}", "template-syntax", ""),
    ("{% endif %}", "template-syntax", ""),
    ("{{ person.name | shout }}", "template-forbidden", "There is no filter 'shout'."),
    ("{{ person is shouting }}", "template-forbidden", "There is no test 'is shouting'."),
    ("{{ text + 1 }}", "template-failed", "Only numbers can be added; texts are joined with '~'."),
    ("{{ 1 / 0 }}", "template-failed", "This cannot be worked out with these values."),
    ("{{ text - 1 }}", "template-failed", ""),
    ("{{ text | money }}", "template-failed", ""),
    ("{{ 1 < text }}", "template-failed", ""),
    ("{% for a in 7 %}{% endfor %}", "template-failed", "Only a list can be gone through with 'for'."),
    ("{% for a in text %}{% endfor %}", "template-failed", "Only a list can be gone through with 'for'."),
    ("{% for a, b in people %}{% endfor %}", "template-failed", "The names after 'for' do not fit the items."),
]


@pytest.mark.parametrize(("source", "code", "message"), FAULTS)
def test_a_fault_is_named_in_the_words_of_the_writer(library: SmallLibrary, source: str, code: str, message: str) -> None:
    found = refused(library, source)
    assert found.code == code
    assert message in found.message
    assert found.at.line in (12, 13)


def test_the_names_of_a_template_are_those_it_wants_from_outside() -> None:
    source = "{% set own = 1 %}{{ own }}{{ person.name }}{% for p in people %}{{ p.name }}{{ loop.index }}{% endfor %}"
    assert names_in(source) == {"person", "people"}


def test_a_name_is_optional_if_the_template_asks_whether_it_is_there() -> None:
    source = "{% if a is defined %}{{ a }}{% endif %}{{ b if b is not defined else 1 }}{{ c is known }} d is defined"
    assert optional_names(source) == {"a", "b"}
