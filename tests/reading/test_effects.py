"""The then-part of a rule."""

from __future__ import annotations

import pytest

from kamcoach.model.condition import Computed, Constant, Parameter, Reference
from kamcoach.model.rule import Advise, Conclude, Mark
from tests.reading.reading import HEAD, only, rule, then

GOOD = """\
when:
  - person: {}
    as: p
  - firm: {}
    as: f
then:
  - conclude: alarm
  - conclude: {step: evaluation_of_options}
  - conclude: {reach: {sum: [$p.power, 1]}}
  - conclude: {risk: {who: $p, kind: $f.kind}}
  - mark: {$p: reached}
  - mark: {$p: {rank: $params.days, reached: false}}
  - advise: {play: ask, severity: warn, lens: right_person, about: [$p, f], topic: people, do_not: true, instead_of: other,
             with: {n: 3, who: $p}}
  - advise: {play: ask, severity: info, lens: right_words}
why: {en: x, zh: x}
source: x
replaces: true
catalogue: A-1
"""


def test_what_was_written_is_what_is_read() -> None:
    found, problems = rule(HEAD + GOOD)
    assert problems == []
    assert found is not None
    assert (found.replaces, found.catalogue) == (True, "A-1")
    flag, value, computed, many, mark, marks, advise, short = found.then
    assert isinstance(flag, Conclude)
    assert isinstance(value, Conclude)
    assert isinstance(computed, Conclude)
    assert isinstance(many, Conclude)
    assert (flag.type, flag.fields) == ("alarm", ())
    assert value.fields == (("value", Constant("evaluation_of_options")),)
    assert computed.fields == (("value", Computed("sum", (Reference("p", "power"), Constant(1)))),)
    assert many.fields == (("kind", Reference("f", "kind")), ("who", Reference("p")))
    assert isinstance(mark, Mark)
    assert isinstance(marks, Mark)
    assert (mark.name, mark.fields) == ("p", (("reached", Constant(value=True)),))
    assert marks.fields == (("rank", Parameter("days")), ("reached", Constant(value=False)))
    assert isinstance(advise, Advise)
    assert isinstance(short, Advise)
    assert (advise.about, advise.topic, advise.do_not, advise.instead_of) == (("p", "f"), "people", True, ("other",))
    assert advise.extras == (("n", Constant(3)), ("who", Reference("p")))
    assert (short.about, short.topic, short.do_not) == ((), "ask", False)


ADVISE = "play: ask, severity: warn, lens: right_person"
FAULTS = [
    # which effect
    ("  conclude: alarm", "wrong-shape", "conclude", "begin each entry with `- `"),
    ("  - alarm", "wrong-shape", "alarm", ""),
    ("  - []", "wrong-shape", "[]", ""),
    ("  - {}", "wrong-shape", "{}", "begin with one of them"),
    ("  - say: x", "wrong-shape", "say", "begin with one of them"),
    ("  - play: ask\n    severity: warn\n    lens: right_person", "wrong-shape", "play", "under `- advise:`"),
    ("  - conclude: alarm\n    mark: {$p: reached}", "wrong-shape", "mark", "begin each effect"),
    ("  - conclude: alarm\n    because: x", "unknown-key", "because", ""),
    ("  - advise:\n    play: ask", "empty-test", "advise", "indent what belongs to it"),
    ("  - conclude:", "empty-test", "conclude", "say what follows"),
    ("  - mark:", "empty-test", "mark", "say what follows"),
    # conclude
    ("  - conclude: alrm", "undeclared-conclusion", "alrm", "did you mean 'alarm'"),
    ("  - conclude: 警报", "undeclared-conclusion", "警报", "did you mean 'alarm'"),
    ("  - conclude: {alarm: true}", "wrong-shape", "alarm", "`conclude: alarm`"),
    ("  - conclude: step", "wrong-shape", "step", "`conclude: {step: …}`"),
    ("  - conclude: person", "undeclared-conclusion", "person", "derived"),
    ("  - conclude: reached", "undeclared-conclusion", "reached", "mark: {$name: reached}"),
    ("  - conclude: {person: {power: 3}}", "undeclared-conclusion", "person", "derived"),
    ("  - conclude: advice", "undeclared-conclusion", "advice", ""),
    ("  - conclude: [alarm, quiet]", "wrong-shape", "[alarm", ""),
    ("  - conclude: {}", "wrong-shape", "{}", "- conclude:"),
    ("  - conclude: {step: evaluation_of_options, lack: {role: user}}", "wrong-shape", "lack", "- conclude:"),
    ("  - conclude: {step: evaluation}", "unknown-value", "evaluation", "did you mean 'evaluation_of_options'"),
    ("  - conclude: {step: unknown}", "wrong-comparison", "unknown", "leaves out"),
    ("  - conclude: {step: [evaluation_of_options]}", "wrong-type", "[eval", "without […]"),
    ("  - conclude: {step: }", "empty-test", "}", ""),
    ("  - conclude: {reach: $p.name}", "wrong-comparison", "$p.name", "a text"),
    ("  - conclude: {reach: -1}", "out-of-range", "-1", ""),
    ("  - conclude: {lack: user}", "wrong-shape", "user", "write {role: user}"),
    ("  - conclude: {lack: {}}", "empty-test", "{}", "name a field"),
    ("  - conclude: {lack: {rle: user}}", "unknown-field", "rle", "did you mean 'role'"),
    ("  - conclude: {lack: {role: 决策者}}", "unknown-value", "决策者", "did you mean 'decision_maker'"),
    ("  - conclude: {risk: {who: $q}}", "unbound-name", "$q", "it can be p"),
    ("  - conclude: {risk: {who: p}}", "bad-reference", "p", "write $p"),
    # mark
    ("  - mark: reached", "wrong-shape", "reached", "mark: {$name: field}"),
    ("  - mark: {$p: reached, $q: reached}", "wrong-shape", "{$p", "mark: {$name: field}"),
    ("  - mark: {$p: power}", "undeclared-conclusion", "power", "derived"),
    ("  - mark: {$p: {power: 3}}", "undeclared-conclusion", "power", "derived"),
    ("  - mark: {$p: reachd}", "unknown-field", "reachd", "did you mean 'reached'"),
    ("  - mark: {$p: rank}", "wrong-shape", "rank", "{$p: {rank: …}}"),
    ("  - mark: {$p: {reached: yes}}", "wrong-type", "yes", "write true"),
    ("  - mark: {$p: [reached]}", "wrong-shape", "[reached", "write {reached: true}"),
    ("  - mark: {$p: {}}", "empty-test", "{}", "name a field"),
    ("  - mark: {$q: reached}", "unbound-name", "$q", "it can be p"),
    # advise
    ("  - advise: ask", "wrong-shape", "ask", ""),
    ("  - advise: {play: ask, severity: warn}", "missing-key", "{play", ""),
    ("  - advise: {play: '', severity: warn, lens: right_person}", "missing-key", "play", ""),
    ("  - advise: {play: ask, severity: high, lens: right_person}", "unknown-value", "high", "it can be info, advise, warn, critical"),
    ("  - advise: {play: ask, severity: [warn], lens: right_person}", "wrong-shape", "[warn", "without brackets"),
    ("  - advise: {play: ask, severity: warn, lens: 找对人}", "unknown-value", "找对人", "did you mean 'right_person'"),
    (f"  - advise: {{{ADVISE}, abuot: $p}}", "unknown-key", "abuot", "did you mean 'about'"),
    (f"  - advise: {{{ADVISE}, about: $q}}", "unbound-name", "$q", "it can be p"),
    (f"  - advise: {{{ADVISE}, about: [$p, {{}}]}}", "wrong-shape", "{}", ""),
    (f"  - advise: {{{ADVISE}, do_not: yes}}", "wrong-type", "yes", "write true"),
    (f"  - advise: {{{ADVISE}, instead_of: {{}}}}", "wrong-shape", "{}", ""),
    (f"  - advise: {{{ADVISE}, topic: [a]}}", "wrong-shape", "[a]", "without […]"),
    (f"  - advise: {{{ADVISE}, with: [$p]}}", "wrong-shape", "[$p", ""),
    (f"  - advise: {{{ADVISE}, with: {{p: 3}}}}", "bound-twice", "p: 3", "under `with:`"),
    (f"  - advise: {{{ADVISE}, with: {{two words: 3}}}}", "bad-name", "two words", "one word"),
    (f"  - advise: {{{ADVISE}, with: {{n: $q.x}}}}", "unbound-name", "$q.x", "it can be p"),
    (f"  - advise: {{{ADVISE}, with: {{n: {{difference: [$p.met]}}}}}}", "wrong-shape", "[$p.met", ""),
]


@pytest.mark.parametrize(("effects", "code", "place", "hint"), FAULTS, ids=[effects.strip() for effects, *_ in FAULTS])
def test_each_fault_at_its_place_with_the_way_out(effects: str, code: str, place: str, hint: str) -> None:
    text, problems = then(effects)
    only(text, problems, code, place, hint)


def test_keys_of_advice_that_are_not_indented_are_told_one_by_one() -> None:
    _, problems = then("  - advise:\n      play: ask\n      severity: warn\n    lens: right_person")
    assert [(one.code, one.hint) for one in problems] == [
        ("unknown-key", "indent it further: it belongs under 'advise'"),
        ("missing-key", ""),
    ]


def test_advice_is_about_facts_of_the_deal() -> None:
    text = f"{HEAD}when: [{{count: {{person: {{}}}}, as: n}}]\nthen: [{{advise: {{{ADVISE}, about: $n}}}}]\nwhy: x\nsource: x\n"
    only(text, rule(text)[1], "unbound-name", "$n", "as:")
