"""Every type of field with every kind of value, in a deal and in a rule: reader and schema agree on each."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from kamcoach.model.playbook import Library
from kamcoach.reading.deals import deal_of
from kamcoach.reading.rules import read_rule
from kamcoach.schema import KINDS, schema_of
from tests.reading.reading import SMALL
from tests.schema.agreement import agree, refused, root_of
from tests.small_library import SmallLibrary

PERSON = [name for name, field in SMALL.types["person"].fields.items() if not field.derived]
VALUES = """
3 | -1 | 6 | 0.5 | 2.5 | 1.5 | 100 | 999999999999999999 | 1000000000000000000 | true | false | null | ~ | unknown | known | x | 'x'
' ' | '' | 2026-03-01 | 2026-02-29 | 2024-02-29 | 1900-02-29 | 2000-02-29 | 0000-01-01 | 2026-04-31 | 2026-3-1 | 2026-13-01 | 12:30
[] | [user] | [user, user] | [user, x] | [x y] | [unknown] | [null] | [3] | [[user]] | [{}] | {} | {a: 1} | [3, 4] | [known]
[2026-03-01] | 李工 | a b | -x | _x | x_y-1 | 1x | x.y | x，y | “x” | 王·明 | ｘ | 々木 | true1 | $p | $p.power | $p.met
$params.few | $params.share | {not: known} | {not: x} | {not: 3} | {not: {}} | {recorded: 3} | {recorded: unknown}
{recorded: true} | {not: {not: {above: 3}}} | {at_least: 2} | {at_most: 2.5} | {above: x} | {below: 2026-03-01} | {above: unknown}
{above: null} | {above: [3]} | {above: 2, below: 4} | {above: 9} | {gt: 3} | {in: [1, 2]} | {in: []} | {in: x} | {in: [x, $p]}
{has: user} | {has: [user]} | {has: x} | {has: $p} | {has_any: [user]} | {has_any: []} | {size: 2} | {size: {above: 2}} | {size: x}
{contains: x} | {contains: 3} | {contains: [x]} | {starts_with: x} | {days_ago: 3} | {days_ago: {above: 3}} | {days_ahead: [1, 2]}
{difference: [3, 4]} | {difference: [$p.power, 3]} | {difference: [2026-03-01, $p.met]} | {sum: [1]} | {sum: [1, 2, 3]}
{ratio: [1, 2, 3]} | {product: [1, {sum: [2, 3]}]} | {sum: [1, 2], product: [1, 2]} | {sum: [x, 1]} | {sum: [2026-03-01, 1]}
{above: {ratio: [3, 4]}} | {above: {sum: 3}} | {sum: [10000000000000000000, 1]}
"""
WRITTEN = [value for line in VALUES.strip().splitlines() for value in line.split(" | ")]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The playbook of the small tests with the vocabulary of the readers' tests."""
    made = SmallLibrary(tmp_path_factory.mktemp("schema") / "small")
    made.write("vocabulary.yaml", (Path(__file__).parents[1] / "reading" / "small.yaml").read_text(encoding="utf-8"))
    playbook = (made.folder / "playbook.yaml").read_text(encoding="utf-8").partition("shows:")[0]
    more = "  share: {value: 0.5, type: ratio, meaning: {en: part, zh: 份额}}\n"
    made.write("playbook.yaml", playbook.replace("ranking:", f"{more}ranking:"))
    return made.load()


@pytest.mark.parametrize("name", PERSON)
def test_a_field_of_a_deal(small: Library, name: str) -> None:
    schema = Draft7Validator(schema_of("deal", small))
    for value in WRITTEN:
        own = f"{name}: {value}" if name == "id" else f"id: a, {name}: {value}"
        root = root_of(f"schema_version: 1\nfirm: {{name: x}}\npeople: [{{{own}}}]\n")
        assert root is not None, value
        deal_of(root, "case.yaml", small.rule_base.vocabulary, problems := [])
        agree(schema, root, problems)


RULE = "id: case\ntitle: x\nwhy: x\nsource: x\n"
TESTED = [*(f"person: {{{name}: {{}}}}" for name in PERSON), "step: {}", "reach: {}", "risk: {kind: {}}", "person: {reached: {}}"]


@pytest.mark.parametrize("tested", TESTED)
def test_a_test_in_a_rule(small: Library, tested: str) -> None:
    compare(small, [f"when: [{{person: {{}}, as: p}}, {{{tested.replace('{}', value)}}}]\nthen: [conclude: alarm]" for value in WRITTEN])


CONCLUDED = ["step: {}", "reach: {}", "risk: {kind: {}}", "risk: {who: {}}", "lack: {}", "quiet: {}"]


def test_a_conclusion(small: Library) -> None:
    said = [concluded.replace("{}", value) for concluded in CONCLUDED for value in WRITTEN]
    compare(small, [f"when: [{{person: {{}}, as: p}}]\nthen: [conclude: {{{one}}}]" for one in said])


FORMS = """
none: @ | no_evidence_of: [@] | evidence_of: [] | any: [@, [@]] | any: @ | any: [[]] | tally: [@], is: 1 | tally: [@], as: n
tally: [@] | none: @, as: n | count: person, is: 1 | count: person, as: n | count: person, is: null, as: n | count: person, is: ''
count: persn, as: n | count: quiet, as: n | count: [person], as: n | count: {none: person}, as: n
count: {person: {}, as: q}, as: n | count: person, of: power, is: 1 | count: person, is: x | sum: person, of: power, is: 1
sum: person, of: name, is: 1 | sum: person, of: null, is: 1 | sum: {talk: {}}, of: date, is: 1 | sum: quiet, of: x, as: n
min: person, of: power, is: 9 | min: person, of: power, is: 5 | min: person, of: met, is: {below: 2026-03-01}
max: person, of: met, is: 5 | max: person, as: n | distinct: person, of: roles, is: 2 | distinct: {step: known}, of: value, as: n
distinct: person, of: [roles], as: n | distinct: quiet, of: value, as: n | in_a_row: talk, by: date, is: 2
in_a_row: talk, by: result, is: 2 | in_a_row: person, by: met, as: n | in_a_row: {talk: {result: advance}}, by: date, as: n
last: talk, by: date, as: n | last: talk, by: date, is: {result: advance} | last: talk, by: date, is: {} | last: talk, by: with
last: talk, is: {result: advance} | last: talk, by: date, is: null
last: talk, by: date, is: {either: [{result: known}, {date: known}]} | last: quiet, by: date, as: n | last: firm, by: x
every: person, satisfies: {power: 5} | every: person, satisfies: {} | every: person, satisfies: {result: advance} | every: person
every: quiet, satisfies: {x: 1} | compute: {sum: [1, 2]}, is: 3 | compute: $p.power, as: n | compute: 3, as: n | compute: [1], as: n
compute: {sum: [1]}, as: n | compute: null, as: n | person: {either: [{power: 1}, {power: 2}]} | person: {either: [{power: 1}]}
person: {either: [{either: [{power: 1}, {power: 2}]}, {power: 1}]} | person: null | person: {price: {}} | firm: {price.asked: 3}
firm: {price: {asked: 3}} | firm: {price: {}} | firm: {price: 3} | firm: {price: {name: x}} | person: {as: x} | quiet: true
quiet: {} | step: [known] | step: known, as: s | person: {}, as: 3 | person: {}, as: a b | person: {}, as: $q | person: {}, as: null
person: {}, talk: {} | advice: {severity: warn} | advice: {about: {has: x}} | is: 3 | as: q | persn: {} | none: @, count: person
none: @, person: {} | min: 3 | firm: {spent.evaluation_of_options: 1}
"""


def test_a_condition(small: Library) -> None:
    forms = [form.replace("@", "quiet") for line in FORMS.strip().splitlines() for form in line.split(" | ")]
    compare(small, [f"when: [{{person: {{}}, as: p}}, {{{form}}}]\nthen: [conclude: alarm]" for form in forms])


EFFECTS = """
conclude: alarm | conclude: step | conclude: [alarm] | conclude: null | conclude: {} | conclude: person | conclude: {person: {}}
conclude: {advice: {}} | alarm | mark: {$p: reached} | mark: {p: reached} | mark: {$p: {rank: 3}} | mark: {$p: {}}
mark: {$p: power} | mark: {} | mark: $p | mark: {$p: reached, $q: reached} | conclude: alarm, mark: {$p: reached}
conclude: alarm, play: x | play: x | mark: {$p: {rank: 2.5}} | mark: {$p: [reached]} | mark: {$p: null} | advise: {+}
advise: {+, about: $p} | advise: {+, about: [$p]} | advise: {+, about: {}} | advise: {+, do_not: yes} | advise: {+, do_not: true}
advise: {+, x: 1} | advise: {+, topic: [x]} | advise: {+, topic: null} | advise: {+, with: {n: 3}} | advise: {+, with: {a b: 3}}
advise: {+, with: {n: [3]}} | advise: {+, with: null} | advise: {+, instead_of: a} | advise: {+, instead_of: [a, b]}
advise: {+, instead_of: {a: b}} | advise: {play: x, severity: high, lens: right_person}
advise: {play: null, severity: warn, lens: right_person} | advise: {play: x, severity: warn}
advise: {play: x, severity: warn, lens: x} | advise: [x] | advise: {+, with: {n: known}}
advise: {+, with: {n: {difference: [3, $p.power]}}} | advise: {+, with: {n: $p.name}} | advise: {+, with: {n: null}}
"""


def test_an_effect(small: Library) -> None:
    needed = "play: x, severity: warn, lens: right_person"
    effects = [one.replace("+", needed) for line in EFFECTS.strip().splitlines() for one in line.split(" | ")]
    compare(small, [f"when: [{{person: {{}}, as: p}}]\nthen: [{{{effect}}}]" for effect in effects])


HEADS = """
id: a-b | id: 12 | id: true | id: A | id: a_b | id: 'a b' | id: null | id: 1.5 | id: -3 | id: [a] | id: 甲-乙 | id: a--b | id: ""
id: ' ' | title: {en: x} | title: {} | title: {fr: x} | title: [x] | title: null | title: {en: null} | title: {en: [x]} | why: 3
why: '' | source: {} | source: '' | replaces: true | replaces: yes | replaces: null | catalogue: 3 | catalogue: null
catalogue: [3] | when: alarm | when: {person: {}} | when: [] | when: null | when: x | then: [] | then: null
then: {conclude: alarm} | then: alarm | then: [alarm] | then: [null] | when: [null] | when: [[quiet]] | wen: 3
"""


def test_the_keys_of_a_rule(small: Library) -> None:
    whole = {"id": "case", "title": "x", "when": "[quiet]", "then": "[conclude: alarm]", "why": "x", "source": "x"}
    heads = [head.partition(": ") for line in HEADS.strip().splitlines() for head in line.split(" | ")]
    rules = [{**whole, key: value} for key, _, value in heads]
    rules += [{key: value for key, value in whole.items() if key != left} for left in whole]
    compare(small, ["\n".join(f"{key}: {said}" for key, said in rule.items()) for rule in rules], "")


def compare(small: Library, texts: list[str], head: str = RULE) -> None:
    """Every text gets the same verdict from the reader and from the schema; some are taken and some refused."""
    schema = Draft7Validator(schema_of("rule", small))
    verdicts = set()
    for text in texts:
        root = root_of(f"{head}{text}\n")
        assert root is not None, text
        read_rule(root, small.rule_base.vocabulary, small.params, problems := [])
        try:
            agree(schema, root, problems)
        except AssertionError as parted:
            raise AssertionError(f"{text}\n{parted}") from None
        verdicts.add(bool(refused(schema, root)))
    assert verdicts == {True, False}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("languages", [("en", "zh"), ("zh",)])
def test_a_schema_is_a_schema_and_always_the_same(small: Library, kind: str, languages: tuple[str, ...]) -> None:
    schema = schema_of(kind, small, languages)
    Draft7Validator.check_schema(schema)
    assert schema == schema_of(kind, small, languages)
