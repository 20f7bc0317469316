"""What would make a rule fire: each plan is written into the deal as a rep would, read again, and must make the rule fire."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from kamcoach.advice.speech import Speech
from kamcoach.coaching import Coached, coach, load_deal_text
from kamcoach.engine import infer
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Rule
from kamcoach.reading.finding import shipped
from kamcoach.reading.nodes import parse
from kamcoach.reading.rules import read_rule
from kamcoach.whynot.changes import changes
from kamcoach.whynot.drafts import Draft
from kamcoach.whynot.mending import Mend, fires, mend
from tests.small_library import DEAL, SmallLibrary


def rule_of(library: Library, rule_id: str) -> Rule:
    found = library.rule(rule_id)
    assert found is not None
    return found


def planned(coached: Coached, rule: Rule, about: str = "") -> Mend | None:
    return mend(coached.deal, coached.consultation, rule, coached.library.checks, about)


def written(text: str, coached: Coached, found: Mend) -> str:
    """The deal file with the changes, made with a YAML library of its own."""
    table: dict[str, Any] = yaml.safe_load(text)
    for one in changes(found, coached.deal, Speech(coached.consultation, coached.library, "en")):
        write = one["write"]
        if one["how"] == "begin":
            table.update(_filled(yaml.safe_load(write), coached, one["section"]))
        elif one["how"] == "add":
            table[one["section"]].extend(_filled(yaml.safe_load(write), coached, one["section"]))
        else:
            _set(_owner(table, one), write.replace("…", "something"), out=one["how"] == "take out")
    return yaml.safe_dump(table, allow_unicode=True)


def _filled(written: Any, coached: Coached, section: str) -> Any:
    """What only the rep can give: some text, or the first value of an enum."""
    vocabulary = coached.library.rule_base.vocabulary
    declared = vocabulary.section(section)
    assert declared is not None
    if isinstance(written, list):
        return [_filled(one, coached, section) for one in written]
    for name, value in written.items():
        if isinstance(value, (dict, list)) and name == section:
            written[name] = _filled(value, coached, section)
        elif value == "…":
            enum = vocabulary.enums.get(declared.fields[name].of)
            written[name] = next(iter(enum.values)) if enum else "something"
    return written


def _owner(table: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    section = table[one["section"]]
    if isinstance(section, dict):
        return section
    name = one["item"]
    return section[int(name[1:]) - 1] if name.startswith("#") else next(item for item in section if item.get("id") == name)


def _set(owner: dict[str, Any], write: str, *, out: bool) -> None:
    if out:
        *groups, last = write.split(".")
        for group in groups:
            owner = owner[group]
        del owner[last]
        return
    change = yaml.safe_load(write)
    for key, value in change.items():
        if isinstance(value, dict):
            owner.setdefault(key, {}).update(value)
        else:
            owner[key] = value


ORDER = "account: {name: Alder}\norder: {title: x, budget: asked, due: 2026-04-01, share: 0.2}\n"
PEOPLE = "people: [{id: li, name: Li, roles: [user], power: 2, met: false, boss: wang}, {id: wang, name: Wang, power: 5, seen: 2026-02-01}]"
SMALL = f"{ORDER}{PEOPLE}\ntalks: [{{date: 2026-02-20, minutes: 5}}]"
WHEN = [
    "[{order: {budget: approved}}]",
    "[{order: {budget: [approved]}}]",
    "[{none: {order: {budget: asked}}}]",
    "[{order: {budget: {at_most: none}}}]",
    "[{order: {claimed: known}}]",
    "[{order: {budget: unknown}}]",
    "[{order: {terms.days: {above: 30}}}]",
    "[{order: {share: {above: 0.5}}}]",
    "[{order: {amount: {recorded: {at_least: 100}}}}]",
    "[{order: {due: {days_ahead: {at_most: 7}}}}]",
    "[{order: {due: {days_ago: {above: 10}}}}]",
    "[{person: {power: {at_least: $params.few}, met: true}, as: p}]",
    "[{person: {roles: {has: decider}}}]",
    "[{person: {roles: {has_any: [decider]}, met: true, title: known}}]",
    "[{none: {person: {roles: {has: user}}}}]",
    "[{none: {person: {power: {at_least: 3}}}}]",
    "[{no_evidence_of: {person: {seen: known}}}]",
    "[{person: {either: [{power: 0}, {met: true, seen: {days_ago: {below: 3}}}]}}]",
    "[{person: {friends: {has: wang}}, as: p}]",
    "[{person: {power: 5}, as: p}, {none: {talk: {with: {has: $p}}}}]",
    "[{person: {power: 5}, as: p}, {talk: {with: {has: $p}, date: {days_ago: {at_most: 5}}}}]",
    "[{person: {power: {at_least: 2}}, as: p}, {person: {boss: $p, power: {above: $p.power}}}]",
    "[{every: {person: {}}, satisfies: {met: true}}]",
    "[{any: [{order: {budget: approved}}, [{person: {met: true}}, {talk: {minutes: {above: 60}}}]]}]",
    "[{count: {person: {met: true}}, is: {at_least: 2}}]",
    "[{count: {person: {met: true}}, is: {at_least: 3}}]",
    "[{count: {person: {power: known}}, is: {below: 2}}]",
    "[{last: {talk: {}}, by: date, is: {minutes: {above: 30}}}]",
    "[{tally: [{order: {budget: approved}}, {person: {met: true}}, {talk: {minutes: 1}}], is: {at_least: 2}}]",
    "[{order: {}, as: o}, {compute: {difference: [$o.due, 2026-03-01]}, is: {below: 7}}]",
    "[{order: {}, as: o}, {compute: {product: [$o.share, 10]}, is: {above: 5}}]",
    # conclusions
    "[open]",
    "[{none: shut}]",
    "[{stage: choice}]",
    "[{stage: {at_least: use}}]",
    "[{contacts: {at_least: 2}}]",
    "[{person: {reached: true, power: 5}, as: p}]",
    "[{none: {person: {reached: true}}}, {order: {budget: approved}}]",
    "[{missing: {role: decider}}]",
    "[{evidence_of: {stage: use}}, {person: {mood: warm}}]",
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Library:
    library = SmallLibrary(tmp_path_factory.mktemp("plans") / "small")
    text = (library.folder / "vocabulary.yaml").read_text(encoding="utf-8")
    library.write(
        "vocabulary.yaml", text.replace("derived:\n  stage", "derived:\n  shut: {type: flag, label: {en: Shut, zh: 已关}}\n  stage")
    )
    library.rule("met", "[{person: {met: true}, as: p}]", "[{mark: {$p: reached}}]")
    library.rule("warm", "[{person: {met: true, power: {at_least: 4}}, as: p}]", "[{mark: {$p: {mood: warm}}}]")
    library.rule("open", "[{person: {reached: true}}, {order: {budget: approved}}]", "[{conclude: open}]")
    library.rule("shut", "[{order: {budget: asked}}, {none: {person: {reached: true}}}]", "[{conclude: shut}]")
    library.rule("choice", "[open]", "[{conclude: {stage: choice}}]")
    library.rule("use", "[{order: {claimed: use}}, {none: shut}]", "[{conclude: {stage: use}}]")
    library.rule("contacts", "[{count: {person: {reached: true}}, as: n}]", "[{conclude: {contacts: $n}}]")
    library.rule("missing", "[open, {none: {person: {roles: {has: decider}}}}]", "[{conclude: {missing: {role: decider}}}]")
    for number, when in enumerate(WHEN):
        library.advice(f"r{number}", when, play="play")
    return library.load()


@pytest.mark.parametrize("number", range(len(WHEN)), ids=WHEN)
def test_the_changes_make_the_rule_fire(small: Library, number: int) -> None:
    rule = rule_of(small, f"r{number}")
    coached = coach(load_deal_text((SMALL + DEAL).encode(), "deal.yaml", small)[0], small)
    if fires(coached.consultation, rule):
        pytest.fail("the rule fires as it is: the case shows nothing")
    found = planned(coached, rule)
    assert found is not None
    text = written(SMALL + DEAL, coached, found)
    after = coach(load_deal_text(text.encode(), "deal.yaml", small)[0], small)
    assert fires(after.consultation, rule), text


def test_a_change_that_the_deal_cannot_hold_is_not_proposed(small: Library) -> None:
    """Seen in the future is a fault of the file."""
    assert planned(coach(load_deal_text((SMALL + DEAL).encode(), "deal.yaml", small)[0], small), _ahead(small)) is None


def _ahead(library: Library) -> Rule:
    words = "id: ahead\ntitle: {en: x, zh: x}\nwhy: {en: x, zh: x}\nsource: x\n"
    text = f"{words}when: [{{person: {{seen: {{days_ahead: {{at_least: 3}}}}}}}}]\nthen: [{{conclude: open}}]\n"
    root = parse(text, "ahead.yaml", [])
    rule = read_rule(root, library.rule_base.vocabulary, library.params, []) if root is not None else None
    assert rule is not None
    return rule


def test_what_a_rule_needs_of_one_person_is_planned_for_that_person(small: Library) -> None:
    coached = coach(load_deal_text((SMALL + DEAL).encode(), "deal.yaml", small)[0], small)
    rule = rule_of(small, f"r{WHEN.index('[{person: {power: {at_least: $params.few}, met: true}, as: p}]')}")
    for key in ("li", "wang"):
        found = planned(coached, rule, key)
        assert found is not None
        assert {edit.key for edit in found.edits} == {key}


def test_no_change_is_proposed_that_the_rule_fires_without(small: Library) -> None:
    coached = coach(load_deal_text((SMALL + DEAL).encode(), "deal.yaml", small)[0], small)
    for number in range(len(WHEN)):
        rule = rule_of(small, f"r{number}")
        found = planned(coached, rule)
        assert found is not None
        for edit in found.edits if len(found.edits) > 1 else ():
            fewer = tuple(one for one in found.edits if one != edit)
            facts = Draft(coached.deal.facts, small.rule_base.vocabulary).with_edits(fewer).facts
            assert not fires(infer(small.rule_base, facts, coached.consultation.as_of), rule)


@pytest.mark.parametrize("example", ["velora-planning", "brightwell-renewal"])
def test_on_shipped_deals_most_rules_can_be_made_to_fire(shipped_library: Library, example: str) -> None:
    """Every plan, written into the file, is accepted by the reader and makes its rule fire; at least seven rules of ten have one."""
    path = shipped("examples") / f"{example}.yaml"
    text = path.read_text(encoding="utf-8")
    coached = coach(load_deal_text(text.encode(), path.name, shipped_library)[0], shipped_library)
    quiet = [rule for rule in shipped_library.rule_base.rules if not fires(coached.consultation, rule)][::7]
    found = {rule.id: plan for rule in quiet if (plan := planned(coached, rule)) is not None}
    assert len(found) >= 0.7 * len(quiet)
    for rule_id, plan in found.items():
        after = coach(load_deal_text(written(text, coached, plan).encode(), path.name, shipped_library)[0], shipped_library)
        assert fires(after.consultation, rule_of(shipped_library, rule_id)), rule_id
