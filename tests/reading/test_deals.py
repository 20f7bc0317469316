"""Deal files: given facts with their places, what may not stand there, and what points to what."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kamcoach.coaching import check_deal, load_deal_text
from kamcoach.errors import BadInput
from kamcoach.model.playbook import Library
from kamcoach.reading.deals import read_deal, read_deal_text
from kamcoach.source import Location
from tests.reading.reading import SMALL, deal, only, told

WHOLE = """\
schema_version: 1
as_of: 2026-03-02
firm:
  name: 华东
  price: {asked: 120, off: unknown}
  spent.evaluation_of_options: 3
people:
  - {id: li, name: 李工, roles: [user], boss: zhao}
  - id: zhao
    met: 2026-02-01
talks: []
"""


def test_facts_with_their_places() -> None:
    found, problems = deal(WHOLE, whole=True)
    assert problems == []
    assert found is not None
    assert found.as_of == date(2026, 3, 2)
    firm, li, zhao = found.facts
    assert firm.fields == {"name": "华东", "price.asked": 120, "spent.evaluation_of_options": 3}
    assert (li.key, li.fields["roles"], li.fields["boss"]) == ("li", ("user",), "zhao")
    assert firm.place("price.asked") == Location("case.yaml", 5, 18)
    assert firm.place("price.off") == Location("case.yaml", 5, 28)
    assert zhao.at == Location("case.yaml", 9, 5)
    assert zhao.place("name") == zhao.at


def test_a_list_that_is_absent_is_not_an_empty_list() -> None:
    for text, unasked in (("firm: {name: x}", True), ("people:\n", True), ("people: unknown", True), ("people: []", False)):
        found, problems = deal(text)
        assert problems == []
        assert found is not None
        assert any(fact.type == "person" and fact.unasked for fact in found.facts) is unasked


FAULTS = [
    ("firm: {nam: x}", "unknown-field", "nam", "did you mean 'name'"),
    ("firm: {名称: x}", "unknown-field", "名称", "did you mean 'name'"),
    ("people: [{id: li, 影响力: 3}]", "unknown-field", "影响力", "did you mean 'power'"),
    ("people: [{id: li, reached: true}]", "unknown-field", "reached", "rules conclude it"),
    ("firm: {asked: 3}", "unknown-field", "asked", "in the group 'price'"),
    ("firm: {price: {x: 3}}", "unknown-field", "x: 3", "it can be asked, off"),
    ("firm: {price: 3}", "wrong-shape", "3", "price: {asked: …}"),
    ("firm: {price: {asked: 3}, price.asked: 4}", "repeated-key", "4", "line 1"),
    ("firm:\n  name: x\n  people: []", "unknown-field", "people", "indent it less"),
    ("firm: {name: Acme, the big one}", "unknown-field", "the big one", "comma"),
    ("firms: {name: x}", "unknown-key", "firms", "did you mean 'firm'"),
    ("公司: {name: x}", "unknown-key", "公司", "did you mean 'firm'"),
    ("person: []", "unknown-key", "person", "did you mean 'people'"),
    ("step: x", "unknown-key", "step", "rules conclude it"),
    ("price: {asked: 3}", "unknown-key", "price", "belongs under 'firm'"),
    ("power: 3", "unknown-key", "power", "belongs under 'people'"),
    ("people: {id: li}", "wrong-shape", "{id", "begin each entry"),
    ("people: none", "wrong-shape", "none", "write []"),
    ("people: [li]", "wrong-shape", "li", "write {id: li}"),
    ("people: [[]]", "wrong-shape", "[]", ""),
    ("firm: [{name: x}]", "wrong-shape", "[{", "without a `-`"),
    ("people: [{id: li}, {id: li}]", "repeated-id", "li}]", "line 1"),
    ("people: [{id: unknown}]", "bad-key", "unknown", "short word"),
    ("people: [{id: li wang}]", "bad-key", "li wang", "no spaces"),
    ("people: [{id: li, boss: wang}]", "dangling-reference", "wang", "it can be li"),
    ("people: [{id: li, helps: [li, wang]}]", "dangling-reference", "wang", "it can be li"),
    ("people: [{id: li, name: 李工}, {id: w, boss: 李工}]", "dangling-reference", "李工}", "did you mean 'li'"),
    ("talks: [{with: [li]}]", "dangling-reference", "li", "names nothing under 'people'"),
    ("people: [{id: a, boss: b}, {id: b, boss: a}]", "circle", "b}", ""),
    ("people: [{id: a, boss: a}]", "circle", "a}", ""),
    ("schema_version: 2", "unknown-version", "2", "schema_version: 1"),
    ("schema_version: 1.0", "unknown-version", "1.0", "schema_version: 1"),
    ("as_of: 2026/3/2", "bad-date", "2026/3/2", "write 2026-03-02"),
    ("as_of: [2026]", "bad-date", "[2026]", "year-month-day"),
    ("- firm", "wrong-shape", "- firm", ""),
    ("firm", "wrong-shape", "firm", ""),
]


@pytest.mark.parametrize(("text", "code", "place", "hint"), FAULTS, ids=[text for text, *_ in FAULTS])
def test_each_fault_at_its_place_with_the_way_out(text: str, code: str, place: str, hint: str) -> None:
    only(text, deal(text)[1], code, place, hint)


def test_every_problem_of_a_file_in_one_pass() -> None:
    text = """\
schema_version: 3
as_of: today
firm: {name: x, kind: big, price: {asked: 1万}}
people:
  - {id: li, power: 9, roles: user}
  - {id: li, power: 9, met: 1.2.2026}
  - {id: w, boss: x, friendly: yes}
talk: []
"""
    assert [code for code, _ in told(text, deal(text, whole=True)[1])] == [
        "unknown-version",
        "bad-date",
        "unknown-value",
        "wrong-type",
        "out-of-range",
        "wrong-type",
        "repeated-id",
        "out-of-range",
        "bad-date",
        "dangling-reference",
        "wrong-type",
        "unknown-key",
    ]


def test_what_a_whole_deal_must_have() -> None:
    text = "people:\n  - name: x\n  - {id: li}\n"
    assert [(one.code, one.message) for one in deal(text, whole=True)[1]] == [
        ("missing-key", "A deal file needs 'firm'."),
        ("missing-key", "A deal file needs 'schema_version'."),
        ("missing-key", "'people' needs 'id'."),
    ]
    assert deal(text)[1] == []
    text = "schema_version: 1\nfirm: {name: }\n"
    assert told(text, deal(text, whole=True)[1]) == [("missing-key", "}")]
    assert deal("schema_version: 1\nfirm: {name: unknown}\n", whole=True)[1] == []


def test_a_key_below_its_dash_is_told() -> None:
    text = "schema_version: 1\nfirm: {name: x}\npeople:\n  - id: li\n  - name: 李工\n"
    only(text, deal(text, whole=True)[1], "missing-key", "name", "take its `-` away")


def test_references_into_a_list_that_cannot_be_read_are_not_held_against_anybody() -> None:
    problems = deal("people: {id: li}\ntalks: [{with: [li]}]\n")[1]
    assert [one.code for one in problems] == ["wrong-shape"]


def test_each_circle_is_told_once_and_long_ones_are_cut() -> None:
    people = ", ".join(f"{{id: p{n}, boss: p{(n + 1) % 40}}}" for n in range(40))
    problems = deal(f"people: [{people}, {{id: x, boss: y}}, {{id: y, boss: x}}, {{id: z, boss: x}}]")[1]
    assert [one.message for one in problems] == [
        "'boss' goes round in a circle: p0 → p1 → p2 → p3 → p4 → p5 → p6 → p7 → … → p0.",
        "'boss' goes round in a circle: x → y → x.",
    ]


def test_thousands_of_problems_are_told_without_long_thought() -> None:
    text = "people:\n" + "\n".join(f"  - {{id: a{n}, nme: x, boss: b{n}}}" for n in range(2000))
    assert len(deal(text)[1]) == 4000


def test_from_a_file_and_from_bytes(tmp_path: Path) -> None:
    path = tmp_path / "deal.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    one, two = read_deal(path, SMALL, problems := []), read_deal_text(path.read_bytes(), str(path), SMALL, problems)
    assert problems == []
    assert one == two
    assert read_deal_text(b"\xff\xfe", "x", SMALL, problems) is None
    assert read_deal(tmp_path, SMALL, problems) is None
    assert [one.code for one in problems] == ["not-utf8", "unreadable-file"]


CONTRADICTION = """\
schema_version: 1
as_of: 2026-03-02
account: {id: a, name: A, type: new}
opportunity: {id: o, title: O, type: new_business}
stakeholders: [{id: li, last_contact: 2026-04-01}]
next_contact: {date: 2026-02-01}
"""


def test_what_types_cannot_say_is_checked_when_the_rest_is_sound(shipped_library: Library) -> None:
    with pytest.raises(BadInput) as caught:
        load_deal_text(CONTRADICTION.encode(), "deal.yaml", shipped_library)
    told_of = [(one.at.line, one.code, one.level) for one in caught.value.diagnostics]
    assert told_of == [(5, "last-contact-in-the-future", "error"), (6, "next-contact-in-the-past", "warning")]
    with pytest.raises(BadInput) as caught:
        load_deal_text(CONTRADICTION.replace("id: li", "id: l i").encode(), "deal.yaml", shipped_library)
    assert [one.code for one in caught.value.diagnostics] == ["bad-key"]


def test_a_check_counts_from_the_day_that_is_asked_for(shipped_library: Library) -> None:
    found = read_deal_text(CONTRADICTION.encode(), "deal.yaml", shipped_library.rule_base.vocabulary, [])
    assert found is not None
    assert [one.code for one in check_deal(found, shipped_library, date(2026, 5, 1))] == ["next-contact-in-the-past"]
