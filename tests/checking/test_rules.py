"""The checks on rules: what they find, where, and what they leave alone."""

from __future__ import annotations

import pytest

from tests.small_library import SmallLibrary

DECIDE = "[{conclude: open}]"


def told(library: SmallLibrary, code: str) -> list[str]:
    """What one check says: place and sentence."""
    found = library.check(codes={code})
    return [f"{one.at.short}:{one.at.column} {one.message}" for one in found if one.code == code]


def places(library: SmallLibrary, code: str) -> list[str]:
    return [one.split(" ")[0] for one in told(library, code)]


# ── rule-never-fires ──────────────────────────────────────────────────────────────────────────────────────────────────

NEVER = [
    # two things at once
    "[{order: {budget: asked}}, {order: {budget: approved}}]",
    "[{stage: wish}, {stage: use}]",
    "[{person: {power: {at_least: 4, at_most: 2}}}]",
    "[{person: {power: {above: 3, below: 4}}}]",
    "[{person: {power: {above: 5}}}]",
    "[{person: {power: {at_least: $params.few, below: $params.few}}}]",
    "[{person: {seen: {days_ago: {above: 30, below: 10}}}}]",
    "[{person: {seen: {days_ago: {above: 5}, days_ahead: {above: 5}}}}]",
    "[{order: {due: unknown}}, {order: {due: {days_ahead: {above: 1}}}}]",
    "[{order: {budget: {above: approved}}}]",
    "[{order: {budget: {not: {in: [none, asked, approved]}}}}]",
    "[{person: {roles: {has: user, not: {has: user}}}}]",
    "[{person: {roles: {has: user, size: {below: 1}}}}]",
    "[{person: {name: {starts_with: Li, not: {contains: Li}}}}]",
    "[{person: {met: true, either: [{met: false}, {met: {not: true}}]}}]",
    # asked for and ruled out
    "[open, {none: open}]",
    "[{person: {power: 5}}, {none: {person: {power: {at_least: 4}}}}]",
    "[{evidence_of: open}, {no_evidence_of: open}]",
    "[{person: {power: 5}, as: p}, {none: [{person: {}}]}]",
    # more than there can be
    "[{tally: [open, {stage: wish}], is: {at_least: 3}}]",
    "[{count: {person: {}}, is: {below: 0}}]",
    "[{max: {person: {}}, of: power, is: {above: 5}}]",
]


@pytest.mark.parametrize("when", NEVER)
def test_a_rule_that_can_never_fire(library: SmallLibrary, when: str) -> None:
    library.rule("a", when, "[{conclude: {contacts: 1}}]")
    assert places(library, "rule-never-fires")[0].startswith("a.yaml:6:")


CAN_FIRE = [
    "[{person: {power: 5}}, {person: {power: 1}}]",  # two persons
    "[{order: {budget: asked}}, {order: {amount: {above: 1}}}]",
    "[{person: {power: {at_least: 4, at_most: 4}}}]",
    "[{person: {power: {above: 3}}}]",
    "[{order: {share: {above: 0.2, below: 0.3}}}]",
    "[{order: {amount: {above: 3, below: 4}}}]",  # an amount need not be whole
    "[{person: {seen: {days_ago: {at_least: 3, at_most: 3}}}}]",
    "[{person: {roles: {has_any: [user, decider], not: {has: user}}}}]",
    "[{person: {roles: {has: user, size: {above: 3}}}}]",
    "[{person: {met: true, either: [{met: false}, {power: 4}]}}]",
    "[{person: {seen: {not: {days_ago: {above: 3}}}}}]",
    "[{order: {due: {above: 2026-01-01, below: 2026-02-01}}}]",
    "[{person: {power: 5}, as: p}, {person: {power: {above: $p.power}}}]",
    "[{person: {power: 3}}, {none: {person: {power: {at_least: 4}}}}]",
    "[open, {no_evidence_of: open}]",  # possible, and not certain
    "[{none: {person: {power: 5}}}, {none: {person: {power: 4}}}]",
    "[{tally: [open, {stage: wish}], is: {at_least: 2}}]",
    "[{sum: {talk: {}}, of: minutes, is: {below: 0}}]",
    "[{compute: {difference: [1, 2]}, is: {below: 0}}]",
]


@pytest.mark.parametrize("when", CAN_FIRE)
def test_a_rule_that_can_fire(library: SmallLibrary, when: str) -> None:
    library.rule("a", when, "[{conclude: {contacts: 1}}]")
    assert told(library, "rule-never-fires") == []


def test_the_place_is_that_of_the_test_that_cannot_hold(library: SmallLibrary) -> None:
    library.rule("a", "\n  - person: {met: true, power: {above: 5}}\n  - open", DECIDE)
    assert told(library, "rule-never-fires") == ["a.yaml:7:25 'a' can never fire: no value of 'person.power' passes all its tests."]


def test_a_parameter_counts_with_the_value_that_it_has(library: SmallLibrary) -> None:
    library.rule("a", "[{person: {power: {above: $params.few, below: 4}}}]", DECIDE)
    assert told(library, "rule-never-fires") == []
    playbook = library.folder / "playbook.yaml"
    library.write("playbook.yaml", playbook.read_text(encoding="utf-8").replace("{value: 2", "{value: 4"))
    assert places(library, "rule-never-fires") == ["a.yaml:6:18"]


# ── never-concluded ───────────────────────────────────────────────────────────────────────────────────────────────────

CONCLUDED = [
    ("[{conclude: open}]", "[open]", ""),
    ("[{conclude: {contacts: 1}}]", "[open]", "No rule concludes 'open'."),
    ("[{conclude: {stage: wish}}]", "[{stage: wish}]", ""),
    ("[{conclude: {stage: wish}}]", "[{stage: use}]", "No rule concludes 'stage' being use."),
    ("[{conclude: {stage: wish}}]", "[{stage: [choice, use]}]", "No rule concludes 'stage' being choice or use."),
    ("[{conclude: {stage: wish}}]", "[{stage: [wish, use]}]", ""),
    ("[{conclude: {stage: wish}}]", "[{none: {stage: {at_least: choice}}}]", "No rule concludes 'stage' being choice."),
    ("[{conclude: {missing: {role: user}}}]", "[{missing: {role: decider}}]", "No rule concludes 'missing' with 'role' being decider."),
    ("[{conclude: {missing: {role: user}}}]", "[{missing: {role: user}}]", ""),
    ("[{mark: {$p: reached}}]", "[{person: {reached: true}}]", ""),
    ("[{mark: {$p: {mood: cold}}}]", "[{person: {reached: true}}]", "No rule concludes 'reached'."),
    ("[{mark: {$p: {mood: cold}}}]", "[{person: {mood: warm}}]", "No rule concludes 'person' with 'mood' being warm."),
    ("[{advise: {play: x, severity: info, lens: who}}]", "[{advice: {play: x}}]", ""),
    ("[{advise: {play: x, severity: info, lens: who}}]", "[{advice: {rule: b}}]", ""),
    ("[{advise: {play: x, severity: info, lens: who}}]", "[{advice: {play: xx}}]", "No rule gives advice with the play 'xx'."),
    ("[{advise: {play: x, severity: info, lens: who}}]", "[{advice: {rule: c}}]", "No rule gives advice with the rule 'c'."),
]


@pytest.mark.parametrize(("then", "when", "message"), CONCLUDED)
def test_what_is_asked_for_must_be_concluded(library: SmallLibrary, then: str, when: str, message: str) -> None:
    library.play("x", "Headline")
    library.rule("b", "[{person: {}, as: p}]", then)
    library.rule("c" if "rule: c" not in when else "d", when, "[{conclude: {risk: {kind: cold}}}]")
    found = [one for one in told(library, "never-concluded") if not one.startswith("vocabulary.yaml")]
    assert [one.partition(" ")[2] for one in found] == ([message] if message else [])


def test_a_value_that_is_handed_on_can_be_any(library: SmallLibrary) -> None:
    library.rule("b", "[{order: {claimed: known}, as: o}]", "[{conclude: {stage: $o.claimed}}]")
    library.rule("c", "[{stage: use}]", DECIDE)
    assert [one for one in told(library, "never-concluded") if one.startswith("c.yaml")] == []


def test_a_derived_name_that_no_rule_concludes_is_told_where_it_is_declared(library: SmallLibrary) -> None:
    library.rule("b", "[{person: {}, as: p}]", "[{mark: {$p: reached}}, {conclude: open}]")
    found = told(library, "never-concluded")
    assert "vocabulary.yaml:37:7 No rule marks 'mood' of 'person'." in found
    assert not [one for one in found if "'open'" in one or "'reached'" in one]


# ── conclusion-never-read, field-never-read ───────────────────────────────────────────────────────────────────────────

READERS = [
    ("[{conclude: open}]", "", ["b.yaml:7:19 Nothing reads 'open', which 'b' concludes."]),
    ("[{conclude: open}]", "rule: [open]", []),
    ("[{conclude: open}]", "play: {{ facts.open }}", []),
    ("[{conclude: {stage: wish}}]", "", []),  # the report shows it
    ("[{mark: {$p: reached}}]", "", ["b.yaml:7:16 Nothing reads 'reached', which 'b' concludes."]),
    ("[{mark: {$p: reached}}]", "rule: [{person: {reached: true}}]", []),
    ("[{mark: {$p: reached}}]", "play: {% for p in people if p.reached %}x{% endfor %}", []),
    ("[{conclude: {contacts: 1}}]", "rule: [{contacts: 1, as: n}]", []),
]


@pytest.mark.parametrize(("then", "reader", "wanted"), READERS)
def test_a_conclusion_is_read_by_a_rule_a_play_or_the_report(library: SmallLibrary, then: str, reader: str, wanted: list[str]) -> None:
    library.rule("b", "[{person: {}, as: p}]", then)
    kind, _, text = reader.partition(": ")
    library.advice("c", text if kind == "rule" else "[{account: {}}]")
    if kind == "play":
        library.play("play-of-c", text)
    assert told(library, "conclusion-never-read") == wanted


FIELDS = [
    ("[{order: {share: {above: 0.5}}}]", "", "share"),
    ("[{order: {amount: known}, as: o}, {order: {share: {above: $o.amount}}}]", "", "amount"),
    ("[{sum: {talk: {}}, of: minutes, is: {above: 60}}]", "", "minutes"),
    ("[{last: {talk: {}}, by: date, as: l}]", "", "date"),
    ("[open]", "{{ order.terms.days }}", "terms.days"),
]


@pytest.mark.parametrize(("when", "text", "field"), FIELDS)
def test_a_field_is_read_by_a_rule_or_a_play(library: SmallLibrary, when: str, text: str, field: str) -> None:
    before = {one.rpartition(".")[0].rpartition("'")[0] for one in told(library, "field-never-read")}
    assert any(one.endswith(f".{field}") or one.endswith("'talks") for one in before)
    library.advice("a", when)
    library.play("play-of-a", text or "x")
    assert not [one for one in told(library, "field-never-read") if one.endswith(f".{field}'.")]


def test_texts_are_notes_for_people_and_what_a_check_reads_is_read(library: SmallLibrary) -> None:
    library.rule("a", "[{person: {}}]", DECIDE)
    found = told(library, "field-never-read")
    assert "vocabulary.yaml:2:3 No rule and no play looks at 'account'." not in found  # the report shows its name
    assert not [one for one in found if "note" in one or "title" in one or "seen" in one or "order.due" in one]
    assert [one.partition(" ")[2] for one in found if "talks" in one] == ["No rule and no play looks at 'talks'."]


# ── rule-repeats-another ──────────────────────────────────────────────────────────────────────────────────────────────

ADVISE = "[{advise: {play: x, severity: warn, lens: who, about: $p}}]"
OTHER = "[{advise: {play: y, severity: warn, lens: who, about: $p}}]"
REPEATS = [
    ("[{person: {power: 5}, as: p}]", ADVISE, "[{person: {power: 5}, as: p}]", OTHER, "'b' asks for the same as 'a'."),
    (
        "[open, {person: {power: 5}, as: p}]",
        ADVISE,
        "[{person: {power: 5}, as: q}, open]",
        ADVISE.replace("p}", "q}"),
        "'b' asks for the same",
    ),
    ("[{person: {power: 5}, as: p}]", ADVISE, "[{person: {power: 5}, as: p}]", OTHER.replace("about", "do_not: true, about"), ""),
    (
        "[{person: {power: {at_least: 4}}, as: p}]",
        ADVISE,
        "[{person: {power: 5, met: true}, as: p}, open]",
        ADVISE,
        "'b' only repeats 'a', which fires whenever it does.",
    ),
    ("[{none: {person: {power: 5}}}]", DECIDE, "[{none: {person: {power: {at_least: 4}}}}]", DECIDE, "'b' only repeats 'a'"),
    ("[{person: {power: 5}}]", DECIDE, "[{person: {power: 5}}]", "[{conclude: {contacts: 1}}]", ""),
    (
        "[{person: {power: 5}}]",
        "[{conclude: {missing: {role: user}}}]",
        "[{person: {power: 5}}]",
        "[{conclude: {missing: {role: decider}}}]",
        "",
    ),
    ("[{person: {power: {at_least: 4}}, as: p}]", ADVISE, "[{person: {power: 5}, as: p}]", OTHER, ""),
    ("[{person: {power: {at_least: 4}}, as: p}]", ADVISE, "[{person: {power: 5}, as: p}]", ADVISE.replace("warn", "critical"), ""),
    ("[{person: {power: 5}, as: p}]", ADVISE, "[{person: {power: 4}, as: p}]", ADVISE, ""),
    ("[{none: {person: {power: {at_least: 4}}}}]", DECIDE, "[{person: {power: 5}}]", DECIDE, ""),
]


@pytest.mark.parametrize(("when", "then", "other", "says", "message"), REPEATS)
def test_rules_that_repeat_each_other(library: SmallLibrary, when: str, then: str, other: str, says: str, message: str) -> None:
    library.play("x", "Headline")
    library.play("y", "Headline")
    library.rule("a", when, then)
    library.rule("b", other, says)
    found = told(library, "rule-repeats-another")
    assert len(found) == bool(message)
    assert all(message in one and one.startswith("b.yaml:1:1 ") for one in found)


# ── advice-never-shown ────────────────────────────────────────────────────────────────────────────────────────────────

HIDDEN = [
    ("[{person: {power: {at_least: 4}}, as: p}]", "[{person: {power: 5}, as: p}]", "about: $p", ["a.yaml:7"]),
    ("[{person: {power: 5}, as: p}]", "[{person: {power: 5}, as: p}]", "", ["a.yaml:7"]),
    ("[{person: {power: 5}, as: p}]", "[{person: {power: {at_least: 4}}, as: p}]", "about: $p", []),
    ("[{person: {power: 5}, as: p}, open]", "[{person: {power: 5}, as: p}]", "about: $p", []),
]


@pytest.mark.parametrize(("strong", "weak", "about", "wanted"), HIDDEN)
def test_advice_that_another_rule_always_leaves_out(library: SmallLibrary, strong: str, weak: str, about: str, wanted: list[str]) -> None:
    library.advice("b", strong, f"instead_of: [a], {about}".rstrip(", "))
    library.advice("a", weak, about)
    assert [one.rpartition(":")[0] for one in places(library, "advice-never-shown")] == wanted


def test_a_rule_that_leaves_itself_out(library: SmallLibrary) -> None:
    library.advice("a", "[open]", "instead_of: [a]")
    assert [one.partition(" ")[2] for one in told(library, "advice-never-shown")] == ["'a' leaves out its own advice."]


# ── thresholds ────────────────────────────────────────────────────────────────────────────────────────────────────────

GAPS = [
    ("{person: {power: {at_least: 1, at_most: 2}}}", "{person: {power: {at_least: 4, at_most: 5}}}", "'person.power' 3 is left out"),
    ("{contacts: {at_least: 1, at_most: 3}}", "{contacts: {at_least: 5, at_most: 7}}", "'contacts' 4 is left out"),
    ("{contacts: {below: 3}}", "{contacts: {above: 3}}", "'contacts' 3 is left out"),
    ("{order: {share: {below: 0.5}}}", "{order: {share: {above: 0.5}}}", "'order.share' 0.5 is left out"),
    ("{order: {budget: {below: asked}}}", "{order: {budget: {above: asked}}}", "'order.budget' asked is left out"),
    ("{person: {seen: {days_ago: {below: 30}}}}", "{person: {seen: {days_ago: {above: 30}}}}", "'person.seen' 30 is left out"),
    ("{count: {person: {}}, is: {at_most: 1}}", "{count: {person: {}}, is: {at_least: 3, below: 9}}", "'count' 2 is left out"),
    ("{person: {power: {at_most: $params.few}}}", "{person: {power: {at_least: 4, below: 5}}}", "'person.power' 3 is left out"),
    # no gap
    ("{contacts: {at_most: 3}}", "{contacts: {above: 3}}", ""),
    ("{contacts: {at_least: 1, at_most: 3}}", "{contacts: {at_least: 4, at_most: 7}}", ""),
    ("{contacts: {at_most: 3}}", "{contacts: {at_least: 9}}", ""),  # a middle of which nothing is said
    ("{order: {share: {below: 0.3}}}", "{order: {share: {above: 0.6}}}", ""),
    ("{order: {budget: none}}", "{order: {budget: approved}}", ""),  # a choice, no step
    ("{person: {power: {at_most: 2}, met: true}}", "{person: {power: {at_least: 4, below: 5}}}", ""),  # no row
]


@pytest.mark.parametrize(("low", "high", "message"), GAPS)
def test_a_gap_between_two_rules_of_a_row(library: SmallLibrary, low: str, high: str, message: str) -> None:
    library.rule("few", f"[open, {low}]", "[{conclude: {risk: {kind: cold}}}]")
    library.rule("many", f"[open, {high}]", "[{conclude: {risk: {kind: warm}}}]")
    found = told(library, "threshold-gap")
    assert len(found) == bool(message)
    assert all(message in one and one.startswith("many.yaml:6:") for one in found)


NUMBERS = [
    (["{above: 3}", "{above: 3}", "{at_least: 3}"], ["a.yaml:6:18 3 for 'person.power' stands in 3 rules: a, b, c."]),
    (["{above: 3}", "{above: 3}", "{above: 4}"], []),
    (["{above: 3}", "{above: 3}", "3"], []),
    (["{above: 1}", "{above: 1}", "{above: 1}"], []),
    (["{above: $params.few}", "{above: $params.few}", "{above: $params.few}"], []),
]


@pytest.mark.parametrize(("tests", "wanted"), NUMBERS)
def test_the_same_figure_in_three_rules(library: SmallLibrary, tests: list[str], wanted: list[str]) -> None:
    for name, test in zip("abc", tests, strict=True):
        library.rule(name, f"[{{person: {{power: {test}}}}}]", "[{conclude: open}]")
    assert told(library, "repeated-threshold") == wanted


def test_days_are_figures_too(library: SmallLibrary) -> None:
    for name in "abc":
        library.rule(name, "[{person: {seen: {days_ago: {above: 30}}}}]", "[{conclude: open}]")
    assert [one.partition(" ")[2] for one in told(library, "repeated-threshold")] == ["30 for 'person.seen' stands in 3 rules: a, b, c."]


# ── scenarios, sources, names ─────────────────────────────────────────────────────────────────────────────────────────

FIRES = [
    (["certainly", "never"], ""),
    (["possibly", "never"], ""),
    (["certainly", "possibly"], "The rule 'a' fires in all of its scenarios."),
    (["never"], "The rule 'a' fires in none of its scenarios."),
]


@pytest.mark.parametrize(("fires", "message"), FIRES)
def test_a_rule_is_tried_where_it_fires_and_where_it_does_not(library: SmallLibrary, fires: list[str], message: str) -> None:
    library.advice("a")
    scenarios = "".join(f"  - {{name: x, given: {{}}, expect: {{fires: {how}}}}}\n" for how in fires)
    library.write("rules/a.test.yaml", f"scenarios:\n{scenarios}")
    assert [one.partition(" ")[2] for one in told(library, "rule-without-scenario")] == ([message] if message else [])


def test_a_rule_that_only_counts_fires_everywhere(library: SmallLibrary) -> None:
    library.rule("a", "[{count: {person: {}}, as: n}]", "[{conclude: {contacts: $n}}]")
    library.write("rules/a.test.yaml", "scenarios:\n  - {name: x, given: {}, expect: {fires: certainly}}\n")
    assert told(library, "rule-without-scenario") == []


@pytest.mark.parametrize(("source", "missing"), [("TODO", 1), ("TODO ask Li", 1), ("'?'", 1), ("待补", 1), ("house judgement", 0)])
def test_a_source_that_names_none(library: SmallLibrary, source: str, missing: int) -> None:
    path = library.rule("a", "[open]", "[{conclude: {contacts: 1}}]")
    path.write_text(path.read_text(encoding="utf-8").replace("source: a test", f"source: {source}"), encoding="utf-8")
    assert len(told(library, "source-missing")) == missing


HIDES = [
    ("[{person: {}, as: people}]", "about: $people", "The name 'people' hides the section 'people' of the deal from the plays."),
    ("[{person: {}, as: talks}]", "", "The name 'talks' hides the section 'talks' of the deal from the plays."),
    ("[{person: {}, as: order}]", "", "The name 'order' hides the section 'order' of the deal from the plays."),
    ("[{person: {}, as: lang}]", "", "The name 'lang' hides what every play can use under it."),
    ("[{person: {}}]", "with: {people: 3}", "The name 'people' hides the section 'people' of the deal from the plays."),
    ("[{person: {}, as: person}]", "", ""),
    ("[{order: {}, as: order}]", "", ""),  # it is the same
]


@pytest.mark.parametrize(("when", "says", "message"), HIDES)
def test_a_name_that_hides_a_part_of_the_deal(library: SmallLibrary, when: str, says: str, message: str) -> None:
    library.advice("a", when, says)
    assert [one.partition(" ")[2] for one in told(library, "name-hides-section")] == ([message] if message else [])


def test_a_rule_without_advice_may_use_any_name(library: SmallLibrary) -> None:
    library.rule("a", "[{person: {}, as: people}]", DECIDE)
    assert told(library, "name-hides-section") == []


# ── what a file allows ────────────────────────────────────────────────────────────────────────────────────────────────

ALLOWED = [
    ("source: x  # kamcoach: allow name-hides-section", 1),  # another line
    ("# kamcoach: allow name-hides-section\nwhen: [{person: {}, as: people}]", 0),
    ("when: [{person: {}, as: people}]  # kamcoach: allow name-hides-section", 0),
    ("when: [{person: {}, as: people}]  # kamcoach: allow threshold-gap, name-hides-section", 0),
    ("when: [{person: {}, as: people}]  # kamcoach: allow threshold-gap", 1),
    ("# because we say so. kamcoach: allow name-hides-section\nwhen: [{person: {}, as: people}]", 1),
]


@pytest.mark.parametrize(("line", "left"), ALLOWED)
def test_a_comment_allows_what_a_check_finds_in_its_line(library: SmallLibrary, line: str, left: int) -> None:
    library.advice("a", "[{person: {}, as: people}]")
    path = library.folder / "rules/a.yaml"
    key = "source: a test" if line.startswith("source") else "when: [{person: {}, as: people}]"
    path.write_text(path.read_text(encoding="utf-8").replace(key, line), encoding="utf-8")
    assert len(told(library, "name-hides-section")) == left


def test_a_comment_in_a_play_allows_what_is_found_in_the_play(library: SmallLibrary) -> None:
    path = library.play("loose", "Headline")
    assert places(library, "play-never-called") == ["loose.md.j2:1:1"]
    path.write_text("{# kamcoach: allow play-never-called #}\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert library.check(codes={"play-never-called"}) == []
