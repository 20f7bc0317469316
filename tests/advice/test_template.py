"""What a play from a stranger cannot do: reach Python, a file or the network, or use up the machine.

Most attempts are published ways out of Jinja's own sandbox, and ways to make it work for ever.
"""

from __future__ import annotations

import time

import pytest

from kamcoach.advice.template import MAX_SOURCE, compile_source, names_in, optional_names, render
from kamcoach.errors import BadInput
from kamcoach.source import Diagnostic, Location
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


ESCAPES = [
    # the classes of Python, by way of whatever lies about
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''.__class__.__base__.__subclasses__() }}",
    "{{ [].__class__.__base__.__subclasses__()[40]('/etc/passwd').read() }}",
    "{{ ().__class__.__bases__[0] }}",
    "{{ {}.__class__ }}",
    "{{ true.__class__ }}",
    "{{ none.__class__ }}",
    "{{ 1.0.__class__ }}",
    "{{ ''['__class__'] }}",
    "{{ text['__cl' ~ 'ass__'] }}",
    "{% for c in [].__class__.__base__.__subclasses__() if c.__name__ == 'catch_warnings' %}{{ c()._module }}{% endfor %}",
    # the globals of Jinja and of web frameworks
    "{{ self.__init__.__globals__.__builtins__ }}",
    "{{ self._TemplateReference__context.cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ self }}",
    "{{ super() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ lipsum.__globals__ }}",
    "{{ dict.__class__ }}",
    "{{ range }}",
    "{{ config }}",
    "{{ config.__class__.from_envvar.__globals__ }}",
    "{{ request.application.__globals__.__builtins__.__import__('os') }}",
    "{{ url_for.__globals__ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ environment }}",
    "{{ __builtins__ }}",
    "{{ __import__('os') }}",
    "{{ open('/etc/passwd') }}",
    "{{ caller() }}",
    "{{ gettext('x') }}",
    # attributes by filter
    "{{ ''|attr('__class__') }}",
    "{{ request|attr('application')|attr('\\x5f\\x5fglobals\\x5f\\x5f') }}",
    "{{ ['x']|map(attribute='__class__')|list }}",
    "{{ people|selectattr('__class__') }}",
    "{{ people|groupby('__class__') }}",
    "{{ people|sum(attribute='__class__') }}",
    "{{ people|sort(attribute='__class__') }}",
    "{{ people|join(attribute='__class__') }}",
    "{{ people|unique(attribute='__class__') }}",
    "{{ people|xmlattr }}",
    "{{ people|tojson }}",
    "{{ people|pprint }}",
    "{{ text|safe }}",
    # format strings
    "{{ '{0.__class__}'.format(1) }}",
    "{{ '{a.__class__}'.format_map(params) }}",
    "{{ '%s'|format(1) }}",
    "{{ '%s' % 1 }}",
    "{{ text.format }}",
    "{{ text.upper() }}",
    # what plays are given
    "{{ person.__class__ }}",
    "{{ person.__init__.__globals__ }}",
    "{{ person._fact }}",
    "{{ person['_get'] }}",
    "{{ person.boss._get.__self__ }}",
    "{{ people.__class__ }}",
    "{{ people.append(1) }}",
    "{{ people.pop }}",
    "{{ people[0].__class__ }}",
    "{{ people['0'] }}",
    "{{ facts.__class__ }}",
    "{{ facts.keys() }}",
    "{{ params.update({'few': 9}) }}",
    "{{ as_of.__class__ }}",
    "{{ as_of.today() }}",
    "{{ as_of.year }}",
    "{{ lang.join }}",
    "{% for p in people %}{{ loop.__class__ }}{% endfor %}",
    "{% for p in people %}{{ loop.cycle('a') }}{% endfor %}",
    "{% for p in people %}{{ loop.previtem }}{% endfor %}",
    # the arguments of our own filters
    "{{ people|names(speech=person) }}",
    "{{ people|join(speech=person) }}",
    "{{ people|length(1, 2, 3) }}",
    "{{ people|first(value=1) }}",
    # statements
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import system %}",
    "{% extends '/etc/passwd' %}",
    "{% block x %}x{% endblock %}",
    "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}",
    "{% call m() %}x{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
    "{% set x %}x{% endset %}",
    "{% set person.name = 'x' %}",
    "{% set a, b = 1, 2 %}",
    "{% with x = 1 %}{{ x }}{% endwith %}",
    "{% autoescape false %}x{% endautoescape %}",
    "{% do people.append(1) %}",
    "{% debug %}",
    "{% trans %}x{% endtrans %}",
    "{% for p in people recursive %}{{ loop(people) }}{% endfor %}",
    # expressions
    "{{ {'a': 1} }}",
    "{{ text is callable }}",
    "{{ text is sameas text }}",
    "{{ text is mapping }}",
    "{{ 7 is divisibleby 0 }}",
    "{{ text[::-1] }}",
]


@pytest.mark.parametrize("source", ESCAPES)
def test_a_way_out_is_refused_with_its_place(library: SmallLibrary, source: str) -> None:
    assert refused(library, source).at.line == 12


def _twice(times: int, how: str, first: str = "'ab'") -> str:
    """A value that is doubled and doubled again."""
    return f"{{% set x = {first} %}}" + f"{{% set x = {how} %}}" * times


def _list(name: str, length: int) -> str:
    return f"{{% set {name} = [{'0,' * length}] %}}"


def _loops(depth: int, body: str, length: int = 100) -> str:
    return _list("xs", length) + "{% for a in xs %}" * depth + body + "{% endfor %}" * depth


MANY_NAMES = "".join(f"{{% set a{number} = 1 %}}" for number in range(2000))
BOMBS = {
    "repeat a text": "{{ 'a' * 1000000000 }}",
    "repeat a list": "{{ [0] * 1000000000 }}",
    "power": "{{ 10 ** 10 ** 7 }}",
    "power of a variable": "{% set x = 9 %}{{ x ** x ** x ** x }}",
    "width of a number": "{{ '%1000000000d' % 1 }}",
    "width by format": "{{ '{:1000000000}'|format(1) }}",
    "center": "{{ 'x'|center(900000000) }}",
    "indent": "{{ 'x'|indent(900000000) }}",
    "replace": "{{ text|replace('', text) }}",
    "range": "{% for x in range(999999999) %}x{% endfor %}",
    "lipsum": "{{ lipsum(n=100000) }}",
    "whole numbers": "{{ 7 // 2 }}",
    "two loops": _loops(2, "x", 1000),
    "three loops": _loops(3, "x"),
    "four loops": _loops(4, "x"),
    "six loops that print nothing": _loops(6, ""),
    "searches in a loop of a loop": _list("xs", 2000) + "{% for a in xs if a in xs %}{% for b in xs if b in xs %}x{% endfor %}{% endfor %}",
    "doubled text": _twice(60, "x ~ x"),
    "doubled text, printed": _twice(60, "x ~ x") + "{{ x }}",
    "doubled list": _twice(60, "[x, x]"),
    "doubled list, printed": _twice(30, "[x, x]") + "{{ x }}",
    "doubled empty list, printed": _twice(60, "[x, x]", "[]") + "{{ x }}",
    "doubled lists compared": _twice(60, "[x, x]") + _twice(60, "[x, x]").replace("x", "y") + "{{ x == y }}",
    "doubled list sorted": _twice(14, "[x, x]") + "{% set y = [x, x, x, x, x, x, x, x, x] | sort %}" * 9,
    "doubled text joined": _twice(60, "[x, x] | join"),
    "long separator": _list("y", 9000) + "{% set by = '" + "x" * 30_000 + "' %}{{ y | join(by) }}",
    "long text in capitals, again and again": "{% set t = '" + "ß" * 40_000 + "' %}" + _loops(2, "{% set u = t | upper %}"),
    "long lists compared, again and again": _list("y", 9000) + _list("z", 9000) + _loops(3, "{% if y == z %}{% endif %}"),
    "slices of a long list": _list("y", 20_000) + _loops(3, "{% set z = y[1:] %}"),
    "many names copied for every round": MANY_NAMES + _list("y", 9000) + "{% for a in y %}{% endfor %}",
    "much output": "{% set t = '" + "x" * 20_000 + "' %}{{ t }}{{ t }}{{ t }}{{ t }}",
    "long number": "{{ " + "9" * 5000 + " }}",
    "doubled number": _twice(3500, "x+x", "9") + "{{ x + x }}" + "{% for a in [x] %}{{ a + 'x' }}{% endfor %}",
    "brackets in brackets": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "lists in lists": "{{ " + "[" * 5000 + "]" * 5000 + " }}",
    "not not": "{{ " + "not " * 9000 + "1 }}",
    "a long sum": "{{ 1" + " + 1" * 9000 + " }}",
    "a long way": "{{ person" + ".boss" * 9000 + " }}",
    "ifs in ifs": "{% if 1 %}" * 3000 + "{% endif %}" * 3000,
    "too long": "x" * (MAX_SOURCE + 1),
}  # fmt: skip


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
