"""The vocabulary: what it declares, what a further file may add, and its faults."""

from __future__ import annotations

import pytest

from kamcoach.model.fact import NUMERIC
from tests.reading.reading import SMALL, only, vocabulary


def test_shapes_keys_and_ranges() -> None:
    shapes = {name: one.shape for name, one in SMALL.types.items()}
    assert (shapes["firm"], shapes["person"], shapes["alarm"], shapes["step"], shapes["risk"]) == (
        "single",
        "list",
        "flag",
        "value",
        "many",
    )
    person = SMALL.types["person"]
    assert (person.plural, person.key, person.section) == ("people", "id", "people")
    assert (person.fields["reached"].derived, person.fields["power"].derived) == (True, False)
    firm = SMALL.types["firm"].fields
    assert (firm["price.off"].low, firm["price.off"].high) == (0, 100)
    assert firm["price.asked"].low == 0
    assert [name for name in firm if name.startswith("spent.")] == [f"spent.{step}" for step in SMALL.enums["step"].values]
    assert firm["spent.evaluation_of_options"].label == {"en": "Spent (Evaluation of options)", "zh": "已用（评估选择）"}
    assert SMALL.enums["step"].ordered
    assert not SMALL.enums["kind"].ordered


def test_a_further_file_adds_types_fields_and_values() -> None:
    base = "facts: {firm: {label: {en: Firm}, fields: {name: {type: text}}}}\nenums: {kind: {ordered: true, values: {a: {en: A}}}}\n"
    more = "facts:\n  firm: {fields: {kind: {type: enum, of: kind}, name: {type: text, label: {en: Name}}}}\n  plan: {}\n"
    more += "derived: {late: {type: flag}}\nenums: {kind: {values: {b: {en: B}}}}\n"
    found, problems = vocabulary(base, more)
    assert problems == []
    assert list(found.types["firm"].fields) == ["name", "kind"]
    assert found.types["firm"].label == {"en": "Firm"}
    assert found.types["firm"].fields["name"].label == {"en": "Name"}
    assert list(found.enums["kind"].values) == ["a", "b"]
    assert found.enums["kind"].ordered
    assert {"plan", "late"} < set(found.types)


def test_a_file_may_speak_of_what_a_later_one_declares() -> None:
    base = "facts: {a: {fields: {k: {type: enum, of: e}, r: {type: ref, to: b}}}}\n"
    more = "facts: {b: {list: bs, key: id, fields: {id: {type: key}}}}\nenums: {e: {values: {x: {en: X}}}}\n"
    assert vocabulary(base, more)[1] == []


def _field(declaration: str) -> str:
    """A list with a key and one more field."""
    fields = f"      id: {{type: key}}\n      x: {declaration}\n"
    return f"facts:\n  thing:\n    list: things\n    key: id\n    fields:\n{fields}enums: {{e: {{values: {{a: {{en: A}}}}}}}}\n"


FIELDS = [
    ("{}", "missing-key", "{}", ""),
    ("{type: }", "missing-key", "type", ""),
    ("{type: nubmer}", "unknown-type", "nubmer", "did you mean 'number'"),
    ("{type: string}", "unknown-type", "string", ""),
    ("{type: flag}", "unknown-type", "flag", "write bool"),
    ("{type: any}", "unknown-type", "any", ""),
    ("{type: [text]}", "wrong-shape", "[text]", ""),
    ("{type: enum}", "missing-key", "{type", ""),
    ("{type: enum, of: f}", "unknown-enum", "f}", ""),
    ("{type: set, of: f}", "unknown-enum", "f}", ""),
    ("{type: int, by: f}", "unknown-enum", "f}", ""),
    ("{type: ref}", "missing-key", "{type", ""),
    ("{type: ref, to: thng}", "unknown-type", "thng", "did you mean 'thing'"),
    ("{type: set, to: e}", "unknown-type", "e}", "thing"),
    ("{type: int, min: '3'}", "wrong-type", "'3'", "without quotes"),
    ("{type: int, min: 5, max: 2}", "out-of-range", "2", "swap"),
    ("{type: ratio, max: -1}", "out-of-range", "-1", "swap"),
    ("{type: int, required: yes}", "wrong-type", "yes", "write true"),
    ("{type: int, acyclic: true}", "wrong-comparison", "true", "leave it out"),
    ("{type: int, label: {en: a, fr: b}}", "unknown-key", "fr", "en, zh"),
    ("{type: int, ask: [x]}", "wrong-shape", "[x]", ""),
    ("{type: int, defualt: 3}", "unknown-key", "defualt", ""),
    ("int", "wrong-shape", "int", ""),
]


@pytest.mark.parametrize(("declaration", "code", "place", "hint"), FIELDS, ids=[declaration for declaration, *_ in FIELDS])
def test_faults_of_a_field(declaration: str, code: str, place: str, hint: str) -> None:
    text = _field(declaration)
    only(text, vocabulary(text)[1], code, place, hint)


FAULTS = [
    ("things: {}\n", "unknown-key", "things", "facts"),
    ("- facts\n", "wrong-shape", "- facts", ""),
    ("facts: [a]\n", "wrong-shape", "[a]", ""),
    ("facts: {a: }\n", "wrong-shape", "}", ""),
    ("facts: {a: {list: as, key: id, fields: {}}}\n", "unknown-field", "id", ""),
    ("facts: {a: {list: as, key: id, fields: {id: {type: text}}}}\n", "wrong-type", "id, fields", "{type: key}"),
    ("facts: {a: {list: [as], fields: {}}}\n", "wrong-shape", "[as]", ""),
    ("facts: {a: {plural: as, fields: {}}}\n", "unknown-key", "plural", ""),
    ("facts: {a: {list: things}, b: {list: things}}\n", "repeated-id", "b: {", "another list"),
    ("facts: {a: {list: b}, b: {}}\n", "repeated-id", "b: {}", "another list"),
    ("facts: {a: {fields: {x: {type: int}}, derived: {x: {type: flag}}}}\n", "repeated-key", "x: {type: flag", "another name"),
    ("facts: {a: {}}\nderived: {a: {type: flag}}\n", "repeated-id", "a: {type", "another name"),
    ("facts: {count: {}}\n", "reserved-name", "count", "another name"),
    ("facts: {params: {}}\n", "reserved-name", "params", "another name"),
    ("facts: {a: {fields: {either: {type: int}}}}\n", "reserved-name", "either", "another name"),
    ("derived: {unknown: {type: flag}}\n", "reserved-name", "unknown", "another name"),
    ("derived: {two words: {type: flag}}\n", "bad-name", "two words", "letters"),
    ("derived: {7th: {type: flag}}\n", "bad-name", "7th", "letters"),
    ("derived: {a: {}}\n", "missing-key", "{}}", ""),
    ("derived: {a: {type: int, fields: {}}}\n", "unknown-key", "type", ""),
    ("enums: {e: {}}\n", "missing-key", "{}}", ""),
    ("enums: {e: {values: [a, b]}}\n", "wrong-shape", "[a", ""),
    ("enums: {e: {values: {unknown: {en: x}}}}\n", "reserved-name", "unknown", "another word"),
    ("enums: {e: {values: {'': {en: x}}}}\n", "reserved-name", "''", "another word"),
    ("enums: {e: {ordered: 1, values: {a: {en: x}}}}\n", "wrong-type", "1", ""),
    ("enums: {severity: {values: {huge: {en: x}}}}\n", "reserved-name", "huge", "info, advise, warn, critical"),
]


@pytest.mark.parametrize(("text", "code", "place", "hint"), FAULTS, ids=[text.strip() for text, *_ in FAULTS])
def test_each_fault_at_its_place_with_the_way_out(text: str, code: str, place: str, hint: str) -> None:
    only(text, vocabulary(text)[1], code, place, hint)


FURTHER = [
    ("facts: {a: {fields: {x: {type: text}}}}\n", "repeated-key"),
    ("facts: {a: {derived: {x: {type: int}}}}\n", "repeated-key"),
    ("facts: {a: {list: as}}\n", "repeated-id"),
    ("derived: {a: {type: flag}}\n", "repeated-id"),
    ("derived: {f: {type: int}}\n", "repeated-id"),
    ("facts: {f: {}}\n", "repeated-id"),
]


@pytest.mark.parametrize(("text", "code"), FURTHER)
def test_a_further_file_cannot_make_something_else_of_what_there_is(text: str, code: str) -> None:
    _, problems = vocabulary("facts: {a: {fields: {x: {type: int}}}}\nderived: {f: {type: flag}}\n", text)
    assert [one.code for one in problems] == [code]


def test_empty_headings_say_nothing() -> None:
    found, problems = vocabulary("facts:\nderived:\nenums:\nchecks:\n")
    assert problems == []
    assert set(found.types) == {"advice"}


def test_numeric_kinds_are_all_declared_the_same_way() -> None:
    for kind in NUMERIC:
        assert vocabulary(_field(f"{{type: {kind}, min: 0, max: 1}}"))[1] == []
